//! Makes plain pixels of pictures that mean harm.
//!
//! Promises: what comes out is pixels alone, as many as are counted beforehand; what is too large is refused
//! before it is unpacked. [`parse`] takes an answer only where each number in it holds.
//!
//! Left to others: decoders are code of strangers and run over bytes of strangers, so nobody but a process that
//! has nothing to lose calls [`answer`]; what files say of themselves is read by the sheet.
//!
//! Pure: no clock, no file, no network. Units: pixels from the top left.

mod compare;
mod decode;
mod talk;

pub use compare::compare;
pub use decode::{draw, draw_within};
pub use talk::{Answer, answer, ask_to_compare, ask_to_draw, longest, parse};

/// Pixels of a picture that is decoded at all.
pub const MOST: u64 = 1 << 25;

/// Pixels on its longer side.
pub const LONGEST: u32 = 1 << 14;

/// Pixels that are drawn; of a larger one several are one.
pub const SHOWN: u64 = 1 << 21;

/// Red, green, blue and opacity of each pixel, row by row; a byte each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pixels {
    pub width: u32,
    pub height: u32,
    pub rgba: Vec<u8>,
}

/// A picture, of its own size, as it is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    pub width: u32,
    pub height: u32,
    pub pixels: Pixels,
}

/// What differs between two pictures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Compared {
    /// Width and height of each: pixels that have no counterpart are not compared.
    Sizes([(u32, u32); 2]),
    Same,
    Differ(Differ),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Differ {
    pub width: u32,
    pub height: u32,
    /// Pixels that differ.
    pub changed: u64,
    /// Of those, the ones that nobody sees on either side, because they are wholly transparent.
    pub unseen: u64,
    /// The smallest rectangle around them: left, top, width, height.
    pub area: [u32; 4],
    /// Where they are.
    pub pixels: Pixels,
}

/// Why there is nothing to be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Of no kind that is drawn.
    Unknown,
    /// More pixels, or memory, than are given to it.
    Large,
    /// Not as its kind has to be.
    Broken,
}
