//! Control characters, terminal escapes and line ends: all that acts on a
//! terminal. Looked at as bytes, because most texts have none of it.

use std::ops::Range;

use super::class;
use crate::Severity;
use crate::found::Found;

pub(super) fn find(text: &[u8], found: &mut Found) {
    // Without a branch, so that many bytes are asked at once.
    let plain = |byte: u8| (byte >= b' ') & (byte != 0x7f) & (byte != 0xc2) | (byte == b'\t');
    let plain_or_end = |byte: u8| plain(byte) | (byte == b'\n');
    // Lines that all end in one way need not be counted, and most texts have nothing else.
    if class::skip(text, plain_or_end).is_none() {
        return;
    }
    let only_lf = class::skip(text, |it| it != b'\r').is_none();
    let (mut ends, mut at) = (LineEnds::default(), 0);
    while let Some(length) = class::skip(&text[at..], |it| plain(it) | (it == b'\n') & only_lf) {
        at += length;
        at = match text[at] {
            b'\n' => ends.lf(at),
            b'\r' => ends.cr(text, at, found),
            0x1b => escape(text, at, found),
            // C1 controls are two bytes, the first of which stands nowhere else.
            0xc2 if matches!(text.get(at + 1), Some(0x80..=0x9f)) => c1(text, at, found),
            byte @ (0..=0x1f | 0x7f) => control(text, at, byte, found),
            _ => at + 1,
        };
    }
    ends.finish(found);
}

/// A run of one control character.
fn control(text: &[u8], at: usize, byte: u8, found: &mut Found) -> usize {
    let end = text[at..].iter().position(|it| *it != byte).map_or(text.len(), |length| at + length);
    let (severity, why) = match byte {
        0x0c => (Severity::Note, "It starts a new page when printed and clears some terminals."),
        0x08 | 0x7f => (Severity::Blocking, "A terminal can draw what follows over what stands before it."),
        _ => (Severity::Blocking, "It is not drawn, and programs and terminals act on it."),
    };
    let name = C0.get(usize::from(byte)).unwrap_or(&"DEL");
    found.add(
        "control-character",
        severity,
        at..end,
        format_args!("Control character {name} (U+{byte:04X})"),
        why,
    );
    end
}

const C0: [&str; 32] = [
    "NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "TAB", "LF", "VT", "FF", "CR", "SO", "SI",
    "DLE", "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC", "FS", "GS", "RS",
    "US",
];

/// A control character of two bytes at `at`.
fn c1(text: &[u8], at: usize, found: &mut Found) -> usize {
    let after = at + 2;
    match text[at + 1] {
        0x85 => {
            let why = "Some programs end the line here and others do not.";
            found.add(
                "line-separator",
                Severity::Warning,
                at..after,
                format_args!("Line end NEL (U+0085)"),
                why,
            );
        }
        0x9b => return sequence(at..csi_end(text, after), effect_of_csi(text, after), found),
        0x90 | 0x98 | 0x9d..=0x9f => return sequence(at..string_end(text, after), COMMAND, found),
        byte => {
            let why = "It is not drawn, and programs and terminals act on it.";
            let title = format_args!("Control character U+{byte:04X}");
            found.add("control-character", Severity::Blocking, at..after, title, why);
        }
    }
    after
}

const COMMAND: &str = "gives the terminal a text or command";

/// What begins with ESC at `at`, as ECMA-48 cuts it.
fn escape(text: &[u8], at: usize, found: &mut Found) -> usize {
    let after = at + 1;
    let (end, effect) = match text.get(after) {
        Some(b'[') => (csi_end(text, after + 1), effect_of_csi(text, after + 1)),
        Some(b']' | b'P' | b'X' | b'^' | b'_') => (string_end(text, after + 1), COMMAND),
        Some(b' '..=b'/') => {
            let end = skip(text, after, b' '..=b'/');
            (
                end + usize::from(matches!(text.get(end), Some(b'0'..=b'~'))),
                "changes the state of the terminal",
            )
        }
        Some(b'0'..=b'~') => (after + 1, "changes the state of the terminal"),
        _ => (after, "begins"),
    };
    sequence(at..end, effect, found)
}

fn sequence(range: Range<usize>, effect: &str, found: &mut Found) -> usize {
    let end = range.end;
    found.add(
        "terminal-escape",
        Severity::Blocking,
        range,
        format_args!("Terminal escape that {effect}"),
        "In a terminal it is not drawn and can hide, overwrite or recolour the text around it.",
    );
    end
}

/// The end of a control sequence whose parameters begin at `at`.
fn csi_end(text: &[u8], at: usize) -> usize {
    let end = skip(text, skip(text, at, b'0'..=b'?'), b' '..=b'/');
    end + usize::from(matches!(text.get(end), Some(b'@'..=b'~')))
}

fn effect_of_csi(text: &[u8], at: usize) -> &'static str {
    match text[at..csi_end(text, at)].last() {
        Some(b'm') => "changes colours or hides text",
        Some(b'A'..=b'H' | b'a' | b'd' | b'e' | b'f' | b's' | b'u' | b'`') => "moves the cursor",
        Some(b'J' | b'K' | b'X' | b'P' | b'M' | b'@' | b'L') => "erases or shifts text",
        Some(b'n' | b'c' | b'R' | b't') => "makes the terminal answer or changes its window",
        _ => "changes the state of the terminal",
    }
}

/// The end of a string for the terminal: its terminator, else the first control character.
fn string_end(text: &[u8], at: usize) -> usize {
    let mut end = at;
    while let Some(byte) = text.get(end) {
        match byte {
            0x07 => return end + 1,
            0x1b if text.get(end + 1) == Some(&b'\\') => return end + 2,
            0xc2 if text.get(end + 1) == Some(&0x9c) => return end + 2,
            0..=0x1f => return end,
            _ => end += 1,
        }
    }
    end
}

fn skip(text: &[u8], at: usize, wanted: std::ops::RangeInclusive<u8>) -> usize {
    text[at..].iter().position(|byte| !wanted.contains(byte)).map_or(text.len(), |length| at + length)
}

/// How many lines end in which way, and where the first of each is.
#[derive(Default)]
struct LineEnds {
    lf: (usize, usize),
    crlf: (usize, usize),
}

impl LineEnds {
    fn lf(&mut self, at: usize) -> usize {
        count(&mut self.lf, at);
        at + 1
    }

    fn cr(&mut self, text: &[u8], at: usize, found: &mut Found) -> usize {
        let end = skip(text, at, b'\r'..=b'\r');
        let paired = text.get(end) == Some(&b'\n');
        let alone = at..end - usize::from(paired);
        if !alone.is_empty() {
            let (severity, why) = match text.get(end) {
                None | Some(b'\n') => (Severity::Note, "Some programs see one more line here."),
                _ => {
                    (Severity::Warning, "A terminal draws what follows over the line that stands before it.")
                }
            };
            found.add("carriage-return", severity, alone, format_args!("Carriage return within a line"), why);
        }
        if !paired {
            return end;
        }
        count(&mut self.crlf, end - 1);
        end + 1
    }

    fn finish(self, found: &mut Found) {
        let (lf, crlf) = (self.lf, self.crlf);
        if lf.0 == 0 || crlf.0 == 0 {
            return;
        }
        let range = if lf.0 < crlf.0 { lf.1..lf.1 + 1 } else { crlf.1..crlf.1 + 2 };
        let title = format_args!("Mixed line ends: {} LF, {} CRLF", lf.0, crlf.0);
        found.add(
            "mixed-line-ends",
            Severity::Note,
            range,
            title,
            "Tools may see changed lines where nobody changed any.",
        );
    }
}

/// Counts one more at `at`, and keeps the place of the first.
fn count(seen: &mut (usize, usize), at: usize) {
    if seen.0 == 0 {
        seen.1 = at;
    }
    seen.0 += 1;
}
