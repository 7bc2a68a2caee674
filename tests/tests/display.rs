//! What the real window shows of texts that mean to be misread: read back from the page, it gives the
//! bytes; nothing of it has no width; and nothing moves what stands beside it.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use countersign_tests::until::until_so;
use countersign_tests::window::Window;
use countersign_tests::{Desktop, Person, gate, programs, sealed};
use serde_json::Value;

/// Every row that is drawn now and was not before: which document, how far from the top, and its pieces as
/// `[kind, text]`; rows of other things than text as their columns of such pieces; and whatever is wrong with their
/// boxes.
const READ: &str = r##"
const wrong = [], rows = [], others = [];
const letters = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const box = (node, from, to) => {
  const range = document.createRange();
  range.setStart(node, from);
  range.setEnd(node, to);
  return range.getBoundingClientRect();
};
const read = (text) => {
  const pieces = [];
  let right = text.getBoundingClientRect().left - 1;
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.data === "" || node.parentElement.closest(".said")) continue;
    const chip = node.parentElement.closest(".chip");
    const kind = !chip ? "text" : chip.classList.contains("bytes") ? "bytes" : "chip";
    pieces.push([kind, node.data]);
    const rect = chip ? chip.getBoundingClientRect() : box(node, 0, node.length);
    const at = JSON.stringify(node.data);
    if (!(rect.width > 1)) wrong.push(`${at} has no width`);
    if (rect.left < right - 1) wrong.push(`${at} stands before what comes before it`);
    right = rect.right;
    if (chip || node.length > 400) continue;
    for (const { segment, index } of letters.segment(node.data)) {
      const { width, left, right: end } = box(node, index, index + segment.length);
      if (!(width > 0.5)) wrong.push(`${JSON.stringify(segment)} in ${at} has no width`);
      if (left < rect.left - 1 || end > rect.right + 1) wrong.push(`${JSON.stringify(segment)} in ${at} stands outside`);
    }
  }
  return pieces;
};
const scroller = document.querySelector(".scroller");
const lines = [...document.querySelectorAll("[data-testid=document] [data-top]")];
const bottom = (it) => it.getBoundingClientRect().bottom;
const end = Math.min(bottom(scroller), bottom(document.querySelector(".list")));
const empty = (line) => !line.querySelector("[data-testid=row], [data-testid=fold]");
// Still on their way.
if (bottom(lines.at(-1)) < end - 1 || lines.some(empty)) return null;
for (const line of lines) {
  const name = line.closest("[data-testid=document]").getAttribute("aria-label");
  const seen = (window.seen ??= new Set());
  if (seen.has(`${name}:${line.dataset.top}`)) continue;
  seen.add(`${name}:${line.dataset.top}`);
  const row = line.querySelector("[data-testid=row].line");
  const text = row?.querySelector(".end");
  if (!text) {
    for (const it of line.querySelectorAll("[data-testid=row]:not(.line)")) {
      const kind = ["argument", "value", "object"].find((kind) => it.classList.contains(kind));
      const columns = [...it.querySelectorAll(".key, .no, .tx")].map(read);
      const goesOn = kind === "value" ? it.querySelector(".on") !== null : kind === "argument" && columns[0].length === 0;
      if (kind) others.push([kind, goesOn, columns]);
    }
    continue;
  }
  const pieces = read(text);
  const number = (nth) => row.querySelectorAll(".no")[nth]?.textContent;
  const begins = row.querySelector(".glyph").textContent !== "" || number(0) !== "" || number(1) !== "";
  rows.push([name, Number(line.dataset.top), row.dataset.change === "removed" || row.querySelector("[data-glyph=removed]") ? "removed" : row.querySelector("[data-glyph=added]") ? "added" : "same", begins, pieces]);
}
return { rows, others, wrong, top: scroller.scrollTop, end: scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 2 };
"##;

/// Kinds and texts of what is drawn.
type Pieces = Vec<(String, String)>;

/// One row of text as the page has it.
struct Row {
    side: String,
    begins: bool,
    pieces: Pieces,
}

/// One row of something else: its kind, its columns, and whether what stands in them goes on from the row above.
struct Other {
    kind: String,
    goes_on: bool,
    columns: Vec<Pieces>,
}

/// All rows of the sheet, page by page: those of text by document and place, and others in their order.
#[derive(Default)]
struct Sheet {
    rows: BTreeMap<(String, u64), Row>,
    others: Vec<Other>,
}

fn read(window: &Window, pictures: &str) -> Sheet {
    let mut sheet = Sheet::default();
    let mut wrong = vec![];
    window.script("document.querySelector('.scroller').scrollTop = 0");
    for step in 0.. {
        let mut seen = Value::Null;
        until_so("the rows in view are loaded", || {
            seen = window.script(READ);
            !seen.is_null()
        });
        wrong.extend(seen["wrong"].as_array().unwrap().iter().map(Value::to_string));
        let text = |it: &Value| it.as_str().unwrap().to_owned();
        let pieces = |it: &Value| -> Pieces {
            it.as_array().unwrap().iter().map(|it| (text(&it[0]), text(&it[1]))).collect()
        };
        for row in seen["rows"].as_array().unwrap() {
            let name = Path::new(&text(&row[0])).file_name().unwrap().to_string_lossy().into_owned();
            let read = Row { side: text(&row[2]), begins: row[3] == true, pieces: pieces(&row[4]) };
            sheet.rows.insert((name, row[1].as_u64().unwrap()), read);
        }
        for row in seen["others"].as_array().unwrap() {
            let columns = row[2].as_array().unwrap().iter().map(pieces).collect();
            sheet.others.push(Other { kind: text(&row[0]), goes_on: row[1] == true, columns });
        }
        if step < 4 || step % 20 == 0 {
            window.picture(&picture(&format!("{pictures}-{step:03}")));
        }
        if seen["end"] == true {
            break;
        }
        // What is drawn then is for READ to wait for; a little is drawn beyond both edges.
        let down = "const it = document.querySelector('.scroller'); it.scrollTop += it.clientHeight + 200;";
        window.script(down);
    }
    wrong.sort();
    wrong.dedup();
    assert!(wrong.is_empty(), "{} are wrong\n{}", wrong.len(), wrong.join("\n"));
    sheet
}

fn picture(name: &str) -> PathBuf {
    programs::target().join("pictures").join(format!("display-{name}.png"))
}

/// The bytes of one side of a document, from what is drawn of it alone.
fn bytes_of(rows: &BTreeMap<(String, u64), Row>, name: &str, side: &str, end: &str) -> Vec<u8> {
    let (mut all, mut open) = (Vec::new(), None::<&str>);
    for row in rows.iter().filter(|((of, _), row)| of == name && (row.side == side || row.side == "same")) {
        let row = row.1;
        if row.begins {
            all.extend(open.take().unwrap_or_default().bytes());
            open = Some(end);
        }
        for (kind, text) in &row.pieces {
            match (kind.as_str(), text.as_str()) {
                // The ends of lines that do not all end alike; any other CR or LF has a row to itself.
                ("chip", "CRLF") => open = Some("\r\n"),
                ("chip", "LF") => open = Some("\n"),
                ("chip", "no newline") => open = Some(""),
                (kind, text) => all.extend(bytes_of_piece(kind, text)),
            }
        }
    }
    all.extend(open.unwrap_or_default().bytes());
    all
}

fn bytes_of_piece(kind: &str, text: &str) -> Vec<u8> {
    match kind {
        "text" => text.as_bytes().to_vec(),
        "bytes" => {
            let digits = text.replace("\\x", "").replace(' ', "");
            data_encoding::HEXLOWER.decode(digits.as_bytes()).unwrap()
        }
        _ => bytes_of_label(text),
    }
}

/// Arguments with their numbers, or variables with their names, each from the rows that it takes.
fn texts_of(others: &[Other], kind: &str) -> Vec<[Vec<u8>; 2]> {
    let mut all: Vec<[Vec<u8>; 2]> = Vec::new();
    for row in others.iter().filter(|it| it.kind == kind) {
        let columns = row.columns.iter().map(|pieces| {
            pieces.iter().flat_map(|(kind, text)| bytes_of_piece(kind, text)).collect::<Vec<u8>>()
        });
        let columns: Vec<_> = columns.collect();
        assert_eq!(columns.len(), 2, "a number or a name, and a text");
        if !row.goes_on {
            all.push([vec![], vec![]]);
        }
        let last = all.last_mut().expect("what goes on has begun");
        last.iter_mut().zip(columns).for_each(|(all, more)| all.extend(more));
    }
    all
}

fn bytes_of_label(label: &str) -> Vec<u8> {
    let (label, count) = match label.rsplit_once(" x") {
        Some((label, count)) if count.bytes().all(|it| it.is_ascii_digit()) => {
            (label, count.parse().unwrap())
        }
        _ => (label, 1),
    };
    let one = match label {
        "SP" => ' ',
        "TAB" => '\t',
        "CR" => '\r',
        _ => {
            let code = label.rsplit(' ').next().unwrap().strip_prefix("U+").unwrap();
            char::from_u32(u32::from_str_radix(code, 16).unwrap()).unwrap()
        }
    };
    one.to_string().repeat(count).into_bytes()
}

/// Bytes of a binary document: the numbers alone, without our own words beside them.
fn numbers_of(rows: &BTreeMap<(String, u64), Row>, name: &str) -> Vec<u8> {
    let rows = rows.iter().filter(|((of, _), _)| of == name);
    let pieces = rows.flat_map(|(_, row)| &row.pieces).filter(|(kind, _)| kind == "bytes");
    let digits: String = pieces.map(|(_, text)| text.replace(' ', "")).collect();
    data_encoding::HEXLOWER.decode(digits.as_bytes()).unwrap()
}

fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(unit).collect()
}

/// What somebody may try, each on a line of its own.
const ATTACKS: &[&str] = &[
    // Trojan Source: text in another order, an early return in a comment, a string that goes on.
    "if access_level != \"user\u{202e} \u{2066}// only admins\u{2069} \u{2066}\" {",
    "/*\u{202e} } \u{2066}if (is_admin)\u{2069} \u{2066} begin admins only */",
    "''' Subtract funds from bank account then \u{2067}''' ;return",
    "const { ok\u{3164} } = req; // a name of two, one of them a filler",
    "function isAdm\u{200b}in() {} is\u{2060}Admin() \u{feff}x",
    // Letters of other alphabets that look like ours.
    "p\u{430}yp\u{430}l.com \u{455}\u{435}\u{441}ure \u{ff50}aypal \u{1d429}aypal g\u{43e}\u{43e}gle \u{2215}\u{2044}/ \u{ff0e}. \u{37e};",
    // One text in two spellings.
    "caf\u{e9} cafe\u{301} \u{212b}\u{c5}A\u{30a} \u{1e69} s\u{323}\u{307} s\u{307}\u{323} \u{ac00} \u{1100}\u{1161}",
    // Terminals.
    "\u{1b}[2J\u{1b}]0;title\u{7}safe\u{8}\u{8}\u{9b}31m \u{1b}[8mhidden\u{1b}[0m \u{7f}",
    // Marks that pile up, or have nothing to stand on.
    "Z\u{334}\u{335}\u{336}\u{337}\u{338}\u{339}\u{33a} \u{301}x \u{20dd}",
    // Spaces that are none of ours, and ours where they would not be seen.
    "a\u{a0}b\u{2003}c\u{3000}d\u{1680}e\u{202f}f \u{2800}g  ",
    // Labels that are text.
    "RLO U+202E \\x41 LF CRLF <TAB> \\<SP x3>",
    // From right to left, between left-to-right text, with numbers and brackets.
    "rm -rf \u{5e7}\u{5d5}\u{5d1}\u{5e5} 12 > \u{645}\u{644}\u{641} (\u{5d0}) 34 /\u{5d0}/\u{5d1}",
    "\u{5e9}\u{5dc}\u{5d5}\u{5dd}, \u{5e2}\u{5d5}\u{5dc}\u{5dd}! \u{200f}abc\u{200e} \u{661}\u{662}\u{663}.pdf",
    // Joiners with an effect, and without one.
    "\u{645}\u{6cc}\u{200c}\u{62e}\u{648}\u{627}\u{647}\u{645} \u{6a9}\u{62a}\u{627}\u{628}\u{200c}\u{647}\u{627}\u{60c} \u{645}\u{200c}",
    "\u{915}\u{94d}\u{200d}\u{937} \u{915}\u{94d}\u{200c}\u{937} \u{915}\u{94d}\u{937} \u{dc1}\u{dca}\u{200d}\u{dbb}\u{dd3}",
    "\u{1f469}\u{200d}\u{1f4bb}\u{1f44d}\u{1f3fd}\u{1f1e9}\u{1f1ea}1\u{fe0f}\u{20e3}\u{2764}\u{fe0f} \u{1f600}\u{200d}\u{1f600} \u{2764}\u{200d}\u{1f525} a\u{200d}b",
    // Text in tags, behind a flag and alone; and in variation selectors.
    "\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f} \u{1f3f4}\u{e0068}\u{e0069}\u{e007f} \u{e0073}\u{e0061}\u{e0079}",
    "\u{1f600}\u{fe00}\u{fe01}\u{e0100}\u{e0101}\u{e01ef} \u{82a6}\u{e0100} a\u{fe0f}",
    "\u{e000}\u{f8ff}\u{10fffd} \u{378}\u{fffe}\u{1fffe} \u{fffc}\u{fff9}x\u{fffa}y\u{fffb}",
    "<img src=x onerror=alert(1)> &lt;b&gt; </bdi><script>1</script> {@html x}",
];

/// Texts, and how all lines of each end where that is a fact beside them; and bytes that are no text.
struct Contents {
    texts: Vec<(&'static str, Vec<u8>, &'static str)>,
    binaries: Vec<(&'static str, Vec<u8>)>,
}

impl Contents {
    /// Proposes to write all of them, by their names in the order of the sheet, and reads back what is shown.
    #[track_caller]
    fn are_read_back(&self, desktop: &Desktop, person: &Person, pictures: &str) {
        // One that is there, and becomes another spelling of itself.
        let (composed, apart) = ("caf\u{e9}\nsame\n", "cafe\u{301}\nsame\n");
        fs::write(desktop.path("0-spelling"), composed).unwrap();
        let mut words = vec!["apply".to_owned(), "--no-wait".to_owned()];
        let mut write = |name: &str, bytes: &[u8]| {
            let at = |name: &str| desktop.path(name).to_string_lossy().into_owned();
            let from = format!("from-{name}");
            fs::write(desktop.path(&from), bytes).unwrap();
            words.extend(["--write".to_owned(), format!("{}={}", at(name), at(&from))]);
        };
        write("0-spelling", apart.as_bytes());
        self.texts.iter().for_each(|(name, bytes, _)| write(name, bytes));
        self.binaries.iter().for_each(|(name, bytes)| write(name, bytes));
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let asked = gate::output(desktop, &words);
        assert_eq!(asked.status.code(), Some(98), "{asked:?}");
        person.open_proposal("");

        let rows = read(&person.window, pictures).rows;
        for (name, bytes, end) in &self.texts {
            let shown = bytes_of(&rows, name, "added", end);
            assert!(shown == *bytes, "{name}: {}", first_difference(&shown, bytes));
        }
        for (name, bytes) in &self.binaries {
            let shown = numbers_of(&rows, name);
            assert!(shown == *bytes, "{name}: {}", first_difference(&shown, bytes));
        }
        assert_eq!(bytes_of(&rows, "0-spelling", "removed", "\n"), composed.as_bytes());
        assert_eq!(bytes_of(&rows, "0-spelling", "added", "\n"), apart.as_bytes());
    }
}

#[test]
fn texts_that_mean_to_be_misread_can_be_read_back_to_the_byte() {
    sealed(|| {
        let desktop = Desktop::start();
        let person = Person::begin(&desktop);
        let said = "Gr\u{fc}\u{df}e, \u{4f60}\u{597d} \u{1f600}\r\nsecond line\r\n";
        let mut latin =
            "Latin-1, with more than enough of plain text around the few letters: ".repeat(4).into_bytes();
        latin.extend(b"Gr\xfc\xdfe aus K\xf6ln\n");
        let mut broken =
            "Text around bytes that are not UTF-8, so that it stays a text. ".repeat(8).into_bytes();
        broken.extend(b"\xc3\x28 \xf0\x9f\x98 \xed\xa0\x80 \xc0\xaf \xff\xfe \xf4\x90\x80\x80 \x80end\n");
        let long = [
            "x".repeat(10_000),
            "word ".repeat(2_000),
            "\u{4e2d}".repeat(10_000),
            "\u{5e9}\u{5dc}\u{5d5}\u{5dd} ".repeat(2_000),
            "\u{915}\u{94d}\u{200d}".repeat(3_333),
            "e\u{338}".repeat(5_000),
            "\u{200b}".repeat(10_000),
            "\u{1f469}\u{200d}\u{1f4bb}".repeat(3_333),
        ];
        let bom: &[u8] = b"\xff\xfe";
        let contents = Contents {
            texts: vec![
                ("a-attacks", (ATTACKS.join("\n") + "\n").into_bytes(), "\n"),
                ("b-long", (long.join("\n") + "\n").into_bytes(), "\n"),
                ("c-cr-only", b"one\rtwo\r\rfour\r".to_vec(), ""),
                ("d-mixed", b"lf\ncrlf\r\ncr\rlf\ncr cr lf\r\r\n\r\n\nno end".to_vec(), ""),
                ("e-latin-1", latin, "\n"),
                ("f-broken", broken, "\n"),
            ],
            binaries: vec![
                ("g-utf-16le-bom", [bom, &utf16(said, u16::to_le_bytes)].concat()),
                ("h-utf-16be-bom", utf16(&format!("\u{feff}{said}"), u16::to_be_bytes)),
                ("i-utf-16le", utf16(said, u16::to_le_bytes)),
                ("j-nul", b"a\0b\0\0\n".to_vec()),
            ],
        };
        contents.are_read_back(&desktop, &person, "light");

        // The same in the dark, to be looked at.
        person.window.script("document.documentElement.dataset.theme = 'dark'");
        for (step, top) in [0, 400, 800, 1200].into_iter().enumerate() {
            person.window.script(&format!("document.querySelector('.scroller').scrollTop = {top}"));
            person.window.picture(&picture(&format!("dark-{step}")));
        }
        person.window.close();
    });
}

#[test]
fn every_invisible_character_can_be_read_back_to_the_byte() {
    sealed(|| {
        let desktop = Desktop::start();
        let person = Person::begin(&desktop);
        // The engine's own data says what is invisible.
        let all = person.window.script(
            r"const all = [];
            for (let it = 1; it <= 0x10ffff; it += 1) {
              if (it >= 0xd800 && it <= 0xdfff) continue;
              if (/[\p{DI}\p{Cc}\p{Cf}]/u.test(String.fromCodePoint(it))) all.push(it);
            }
            return all;",
        );
        let all =
            all.as_array().unwrap().iter().filter_map(|it| char::from_u32(it.as_u64()?.try_into().ok()?));
        let invisible: String = all.map(|ch| format!("{:X} a{ch}b\n", u32::from(ch))).collect();
        assert!(invisible.lines().count() > 4000, "{}", invisible.lines().count());
        let contents =
            Contents { texts: vec![("invisible", invisible.into_bytes(), "\n")], binaries: vec![] };
        contents.are_read_back(&desktop, &person, "invisible");
        person.window.close();
    });
}

#[test]
fn arguments_and_variables_that_mean_to_be_misread_can_be_read_back_to_the_byte() {
    sealed(|| {
        let desktop = Desktop::start();
        let person = Person::begin(&desktop);
        let name = |at: usize| format!("N{at}\u{202e}\u{200b}\u{430}");
        let variables: Vec<String> =
            ATTACKS.iter().enumerate().map(|(at, text)| format!("{}={text}", name(at))).collect();
        let mut words = vec!["run", "--no-wait"];
        variables.iter().for_each(|it| words.extend(["--env", it]));
        words.extend(["--", "/bin/true"]);
        words.extend(ATTACKS);
        let asked = gate::output(&desktop, &words);
        assert_eq!(asked.status.code(), Some(98), "{asked:?}");
        person.open_proposal("");

        let others = read(&person.window, "arguments").others;
        let arguments: Vec<_> = texts_of(&others, "argument").into_iter().map(|[_, text]| text).collect();
        let wanted = std::iter::once("/bin/true").chain(ATTACKS.iter().copied());
        assert_eq!(arguments, wanted.map(|it| it.as_bytes().to_vec()).collect::<Vec<_>>());
        let values: BTreeMap<_, _> =
            texts_of(&others, "value").into_iter().map(|[name, text]| (name, text)).collect();
        for (at, text) in ATTACKS.iter().enumerate() {
            let shown =
                values.get(name(at).as_bytes()).unwrap_or_else(|| panic!("{} is not shown", name(at)));
            assert!(shown == text.as_bytes(), "{at}: {}", first_difference(shown, text.as_bytes()));
        }
        person.window.close();
    });
}

fn first_difference(shown: &[u8], wanted: &[u8]) -> String {
    let at = shown.iter().zip(wanted).take_while(|(one, other)| one == other).count();
    let around =
        |bytes: &[u8]| bytes[at.saturating_sub(20)..bytes.len().min(at + 20)].escape_ascii().to_string();
    format!("at byte {at}, {} for {}", around(shown), around(wanted))
}
