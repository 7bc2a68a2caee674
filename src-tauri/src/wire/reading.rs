//! Ways through a sheet, and other views of what is in it.

wire! {
    struct Place { pub document: u32, pub row: u32 }

    /// A part of the sheet that was on screen: rows `from` to `to`, the last not included.
    struct Seen { pub document: u32, pub from: u32, pub to: u32 }

    /// From where a text is sought: the first hit at a row or after it, or the hit of that number.
    #[serde(tag = "kind")]
    enum SeekFrom { Row { document: u32, row: u32 }, Hit { index: u32 } }

    /// Where a text is in a sheet. `above` counts hits in what stands above the rows.
    struct Sought { pub total: u32, pub above: u32, pub hit: Option<Hit> }

    /// One of the hits, counted from 0, and the row in which it begins.
    struct Hit { pub index: u32, pub document: u32, pub row: u32 }

    /// UTF-16 units of the text number `column` of a row, and the hits that this is a part of, the last not included.
    /// In order, and apart.
    struct HitMark { pub row: u32, pub column: u32, pub from: u32, pub to: u32, pub first: u32, pub last: u32 }

    /// Change number `index`, from 0, of so many: some rows of a document, the last not included.
    struct Step { pub index: u32, pub of: u32, pub document: u32, pub from: u32, pub to: u32 }

    /// Rows that went, up to `middle`, and rows that came, up to `to`, not included: they stand side by side.
    struct Pair { pub from: u32, pub middle: u32, pub to: u32 }

    /// Rows that need so many lines in a window of some columns, the last row not included.
    struct Tall { pub from: u32, pub to: u32, pub lines: u32 }

    enum Side { Before, After }

    /// A content of a document, and in words what comes along with its exact bytes, or why there are none to be had.
    struct Copyable { pub side: Side, pub size: u64, pub exact: bool, pub escaped: bool, pub says: Option<String> }

    #[serde(tag = "kind")]
    enum Copying { Exact { side: Side }, Escaped { side: Side }, Rows }

    /// A side of a document, or what is different between both.
    enum Pictured { Before, After, Difference }

    /// A picture of a document. Its pixels follow these words as they cross.
    struct Picture { pub about: Option<AboutPicture>, pub seen: SeenPicture }

    /// What the file of a picture says of itself, in our words.
    struct AboutPicture { pub format: String, pub size: u64, pub says: String, pub remarks: Vec<String> }

    /// Sizes are in pixels; `across` and `down` are those of what is drawn, where that is less.
    #[serde(tag = "kind")]
    enum SeenPicture {
        /// There is no such side.
        Absent,
        Drawn { width: u32, height: u32, across: u32, down: u32 },
        Same,
        Sizes { before: [u32; 2], after: [u32; 2] },
        /// `area` is left, top, width, height; `unseen` are wholly transparent on both sides.
        Differ { width: u32, height: u32, across: u32, down: u32, changed: u32, unseen: u32, area: [u32; 4] },
        Not { why: String },
    }
}
