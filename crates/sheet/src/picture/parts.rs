//! The parts of PNG, JPEG, GIF and WebP files, one after the other.
//!
//! Checksums and compressed data are not looked at.

use super::{Anatomy, Carried, Format};

fn big(bytes: &[u8], at: usize, size: usize) -> Option<u32> {
    Some(bytes.get(at..at.checked_add(size)?)?.iter().fold(0, |sum, byte| sum << 8 | u32::from(*byte)))
}

fn little(bytes: &[u8], at: usize, size: usize) -> Option<u32> {
    let bytes = bytes.get(at..at.checked_add(size)?)?;
    Some(bytes.iter().rev().fold(0, |sum, byte| sum << 8 | u32::from(*byte)))
}

pub(super) fn png(bytes: &[u8]) -> Anatomy {
    let mut it = Anatomy::new(Format::Png);
    it.frames = 1;
    let mut at = 8;
    while let (Some(size), Some(kind)) = (big(bytes, at, 4), bytes.get(at + 4..at + 8)) {
        let Some(data) = bytes.get(at + 8..(at + 8).saturating_add(size as usize)) else { break };
        at += 12 + data.len();
        match kind {
            b"IHDR" => {
                it.size = big(data, 0, 4).zip(big(data, 4, 4));
                it.colour = data.get(8).zip(data.get(9)).map(|(bits, of)| {
                    let of = match of {
                        0 => "grey",
                        2 => "each of red, green and blue",
                        3 => "that choose from a palette",
                        4 => "each of grey and transparency",
                        6 => "each of red, green, blue and transparency",
                        _ => "of what is not known here",
                    };
                    bits_of(*bits, of)
                });
            }
            b"acTL" => it.frames = big(data, 0, 4).unwrap_or(1).max(1).into(),
            b"tEXt" | b"zTXt" | b"iTXt" if data.starts_with(b"XML:com.adobe.xmp\0") => {
                it.carries(Carried::Xmp, data.len());
            }
            b"tEXt" | b"zTXt" | b"iTXt" => it.carries(Carried::Comments, data.len()),
            b"eXIf" => it.exif(data),
            b"iCCP" => it.carries(Carried::Profile, data.len()),
            b"IEND" => {
                it.end = (at <= bytes.len()).then_some(at);
                break;
            }
            b"PLTE" | b"IDAT" | b"tRNS" | b"gAMA" | b"cHRM" | b"sRGB" | b"sBIT" | b"bKGD" | b"hIST"
            | b"pHYs" | b"sPLT" | b"tIME" | b"fcTL" | b"fdAT" | b"cICP" | b"mDCV" | b"cLLI" => {}
            _ => it.carries(Carried::Other, data.len()),
        }
    }
    it
}

fn bits_of(bits: u8, of: &str) -> String {
    if bits == 1 { format!("1 bit {of}") } else { format!("{bits} bits {of}") }
}

pub(super) fn jpeg(bytes: &[u8]) -> Anatomy {
    let mut it = Anatomy::new(Format::Jpeg);
    it.frames = 1;
    let mut at = 2;
    while let Some(0xff) = bytes.get(at) {
        let Some(&marker) = bytes.get(at + 1) else { break };
        match marker {
            // Filling.
            0xff => {
                at += 1;
                continue;
            }
            0xd9 => {
                it.end = Some(at + 2);
                break;
            }
            0x01 | 0xd0..=0xd8 => {
                at += 2;
                continue;
            }
            _ => {}
        }
        let Some(size) = big(bytes, at + 2, 2).map(|it| it as usize).filter(|size| *size >= 2) else { break };
        let Some(data) = bytes.get(at + 4..at + 2 + size) else { break };
        at += 2 + size;
        match marker {
            0xc0..=0xcf if ![0xc4, 0xc8, 0xcc].contains(&marker) => {
                it.size = big(data, 3, 2).zip(big(data, 1, 2));
                it.colour = data.first().zip(data.get(5)).map(|(bits, parts)| {
                    let of = match parts {
                        1 => "grey",
                        3 => "each of three colours, with loss",
                        4 => "each of four inks, with loss",
                        _ => "of what is not known here",
                    };
                    bits_of(*bits, of)
                });
            }
            0xda => at = scan_end(bytes, at),
            0xe1 if data.starts_with(b"Exif\0\0") => it.exif(data),
            0xe1 if data.starts_with(b"http://ns.adobe.com/x") => it.carries(Carried::Xmp, data.len()),
            0xe2 if data.starts_with(b"ICC_PROFILE\0") => it.carries(Carried::Profile, data.len()),
            0xed => it.carries(Carried::Photoshop, data.len()),
            0xe0 if data.starts_with(b"JFIF\0") => {}
            0xee if data.starts_with(b"Adobe") => {}
            0xe0..=0xef => it.carries(Carried::Other, data.len()),
            0xfe => it.carries(Carried::Comments, data.len()),
            _ => {}
        }
    }
    it
}

/// Where the next marker stands after the pixels that begin at `at`.
fn scan_end(bytes: &[u8], mut at: usize) -> usize {
    while let Some(next) = bytes.get(at..).and_then(|rest| rest.iter().position(|byte| *byte == 0xff)) {
        at += next;
        match bytes.get(at + 1) {
            Some(0 | 0xd0..=0xd7) => at += 2,
            Some(0xff) => at += 1,
            _ => return at,
        }
    }
    bytes.len()
}

pub(super) fn gif(bytes: &[u8]) -> Anatomy {
    let mut it = Anatomy::new(Format::Gif);
    it.size = little(bytes, 6, 2).zip(little(bytes, 8, 2));
    it.colour = Some("at most 256 colours in each picture".to_owned());
    let table = |flags: u8| if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) };
    let mut at = 13 + bytes.get(10).map_or(0, |flags| table(*flags));
    loop {
        match bytes.get(at) {
            Some(0x3b) => {
                it.end = Some(at + 1);
                break;
            }
            Some(0x21) => {
                let Some(label) = bytes.get(at + 1) else { break };
                let name = bytes.get(at + 3..at + 14).unwrap_or_default();
                let Some(end) = blocks_end(bytes, at + 2) else { break };
                match label {
                    0xf9 => {}
                    0xfe | 0x01 => it.carries(Carried::Comments, end - at),
                    0xff if name == b"NETSCAPE2.0" || name == b"ANIMEXTS1.0" => {}
                    0xff if name == b"XMP DataXMP" => it.carries(Carried::Xmp, end - at),
                    0xff if name == b"ICCRGBG1012" => it.carries(Carried::Profile, end - at),
                    _ => it.carries(Carried::Other, end - at),
                }
                at = end;
            }
            Some(0x2c) => {
                let Some(flags) = bytes.get(at + 9) else { break };
                it.frames += 1;
                // Past the table and the size of its codes.
                let Some(end) = blocks_end(bytes, at + 11 + table(*flags)) else { break };
                at = end;
            }
            _ => break,
        }
    }
    it
}

/// Past blocks that each say how long they are, and the empty one.
fn blocks_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let size = usize::from(*bytes.get(at)?);
        at += 1 + size;
        if size == 0 {
            return Some(at);
        }
    }
}

pub(super) fn webp(bytes: &[u8]) -> Anatomy {
    let mut it = Anatomy::new(Format::Webp);
    let even = |size: usize| size.saturating_add(size & 1);
    let whole = little(bytes, 4, 4).map_or(0, |size| even(size as usize).saturating_add(8));
    it.end = (whole <= bytes.len()).then_some(whole);
    let bytes = &bytes[..whole.min(bytes.len())];
    let mut at = 12;
    while let (Some(kind), Some(size)) = (bytes.get(at..at + 4), little(bytes, at + 4, 4)) {
        let data = bytes.get(at + 8..).unwrap_or_default();
        let data = &data[..data.len().min(size as usize)];
        at = (at + 8).saturating_add(even(size as usize));
        match kind {
            b"VP8X" => {
                it.size = little(data, 4, 3).zip(little(data, 7, 3)).map(|(w, h)| (w + 1, h + 1));
            }
            b"VP8 " => {
                let size = little(data, 6, 2).zip(little(data, 8, 2)).map(|(w, h)| (w & 0x3fff, h & 0x3fff));
                it.size = it.size.or(size);
                it.frames += 1;
                it.colour.get_or_insert_with(|| "8 bits each of three colours, with loss".to_owned());
            }
            b"VP8L" => {
                let size = little(data, 1, 4).map(|it| ((it & 0x3fff) + 1, (it >> 14 & 0x3fff) + 1));
                it.size = it.size.or(size);
                it.frames += 1;
                let colour = "8 bits each of red, green, blue and transparency";
                it.colour.get_or_insert_with(|| colour.to_owned());
            }
            b"ANMF" => it.frames += 1,
            b"ALPH" | b"ANIM" => {}
            b"EXIF" => it.exif(data),
            b"XMP " => it.carries(Carried::Xmp, data.len()),
            b"ICCP" => it.carries(Carried::Profile, data.len()),
            _ => it.carries(Carried::Other, data.len()),
        }
    }
    it
}
