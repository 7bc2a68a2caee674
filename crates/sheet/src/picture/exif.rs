//! The two things in EXIF that change what a picture gives away or how it is shown.

/// Entries of a directory that are looked at: far more than any camera writes.
const MOST: usize = 1000;

const ORIENTATION: u32 = 0x0112;
const GPS: u32 = 0x8825;
const LATITUDE: u32 = 2;
const LONGITUDE: u32 = 4;

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) place: bool,
    pub(super) turned: bool,
}

/// Reads the first directory of a TIFF structure, and that of places.
pub(super) fn read(bytes: &[u8]) -> Said {
    let little = match bytes.get(..4) {
        Some(b"II*\0") => true,
        Some(b"MM\0*") => false,
        _ => return Said::default(),
    };
    let tiff = Tiff { bytes, little };
    let mut said = Said::default();
    for (tag, value) in tiff.directory(4) {
        match tag {
            ORIENTATION => said.turned = tiff.number(value, 2).is_some_and(|it| (2..=8).contains(&it)),
            GPS => {
                let mut within = tiff.directory(value).into_iter();
                said.place = within.any(|(tag, _)| tag == LATITUDE || tag == LONGITUDE);
            }
            _ => {}
        }
    }
    said
}

struct Tiff<'b> {
    bytes: &'b [u8],
    little: bool,
}

impl Tiff<'_> {
    fn number(&self, at: usize, size: usize) -> Option<u32> {
        let bytes = self.bytes.get(at..at.checked_add(size)?)?;
        let fold = |sum: u32, byte: &u8| sum << 8 | u32::from(*byte);
        Some(if self.little { bytes.iter().rev().fold(0, fold) } else { bytes.iter().fold(0, fold) })
    }

    /// Tags of the directory whose place stands at `pointer`, and where their values stand.
    fn directory(&self, pointer: usize) -> Vec<(u32, usize)> {
        let Some(at) = self.number(pointer, 4).map(|it| it as usize) else { return Vec::new() };
        let count = self.number(at, 2).unwrap_or(0) as usize;
        let entry = |n: usize| {
            let start = at.checked_add(2 + n * 12)?;
            Some((self.number(start, 2)?, start + 8))
        };
        (0..count.min(MOST)).map_while(entry).collect()
    }
}
