//! What a picture says of itself, read off its parts without drawing anything.
//!
//! Each part says how long it is, so reading them is linear in the bytes and allocates nothing by their numbers.
//! What is read is what the file says; whether pixels follow is not known here. All words are our own.

mod exif;
mod parts;

use crate::count;

/// A picture by its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Png,
    Jpeg,
    Gif,
    Webp,
}

/// What stands in the file besides pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Carried {
    Exif,
    Xmp,
    Photoshop,
    Profile,
    Comments,
    Other,
}

/// What a picture says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anatomy {
    pub format: Format,
    /// Width and height in pixels; `None` when the file ends before it says so.
    pub size: Option<(u32, u32)>,
    /// How a pixel is kept, in words.
    pub colour: Option<String>,
    /// Pictures one after the other; 1 where it does not move.
    pub frames: u64,
    /// What it carries, and bytes of each.
    pub carried: Vec<(Carried, u64)>,
    /// A place on earth is in it.
    pub place: bool,
    /// It says that it is to be turned or mirrored before it is shown.
    pub turned: bool,
    /// Where the picture ends; `None` where the file ends first.
    pub end: Option<usize>,
}

impl Anatomy {
    fn new(format: Format) -> Self {
        Self {
            format,
            size: None,
            colour: None,
            frames: 0,
            carried: Vec::new(),
            place: false,
            turned: false,
            end: None,
        }
    }

    fn carries(&mut self, what: Carried, bytes: usize) {
        match self.carried.iter_mut().find(|(it, _)| *it == what) {
            Some((_, sum)) => *sum += bytes as u64,
            None => self.carried.push((what, bytes as u64)),
        }
    }

    fn exif(&mut self, bytes: &[u8]) {
        let said = exif::read(bytes.strip_prefix(b"Exif\0\0").unwrap_or(bytes));
        self.place |= said.place;
        self.turned |= said.turned;
        self.carries(Carried::Exif, bytes.len());
    }

    /// `32 by 16 pixels, 8 bits each of red, green and blue`.
    #[must_use]
    pub fn measure(&self) -> String {
        let size = self.size.map(|(width, height)| {
            format!("{} by {} pixels", count::number(width.into()), count::number(height.into()))
        });
        let size = size.unwrap_or_else(|| "a size that it does not say".to_owned());
        match &self.colour {
            Some(colour) => format!("{size}, {colour}"),
            None => size,
        }
    }

    /// What a person would miss who only looks at it; `bytes` are the whole file.
    #[must_use]
    pub fn remarks(&self, bytes: &[u8]) -> Vec<String> {
        let mut all = Vec::new();
        if self.frames > 1 {
            all.push(format!("{} one after the other", count::of(self.frames, "picture")));
        }
        let parts = self.carried.iter().map(|(what, sum)| {
            let name = match what {
                Carried::Exif => "EXIF",
                Carried::Xmp => "XMP",
                Carried::Photoshop => "IPTC or Photoshop data",
                Carried::Profile => "a colour profile",
                Carried::Comments => "texts",
                Carried::Other => "parts that are not known here",
            };
            format!("{name} ({})", count::of(*sum, "byte"))
        });
        let parts: Vec<_> = parts.collect();
        if !parts.is_empty() {
            all.push(format!("carries {}", parts.join(", ")));
        }
        if self.place {
            all.push("says where on earth it was taken".to_owned());
        }
        if self.turned {
            all.push("says that it is to be turned or mirrored".to_owned());
        }
        match self.end {
            None => all.push("ends before its end".to_owned()),
            Some(end) if end < bytes.len() => {
                let after = (bytes.len() - end) as u64;
                all.push(format!("{} after the end of the picture", count::of(after, "byte")));
            }
            Some(_) => {}
        }
        all
    }
}

/// What `bytes` say of themselves; `None` where they do not begin like a picture that is known here.
#[must_use]
pub fn anatomy(bytes: &[u8]) -> Option<Anatomy> {
    let mut it = if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        parts::png(bytes)
    } else if bytes.starts_with(b"\xff\xd8\xff") {
        parts::jpeg(bytes)
    } else if bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a") {
        parts::gif(bytes)
    } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        parts::webp(bytes)
    } else {
        return None;
    };
    it.carried.sort_unstable();
    Some(it)
}
