//! What can be said of a file beside its lines.

use countersign_core::digest::Digest;
use countersign_diff::{Endings, Fallback};
use serde::Serialize;

use super::file::File;

#[derive(Serialize)]
pub(super) struct Facts {
    pub(super) size: usize,
    pub(super) mode: String,
    pub(super) sha256: Digest,
    /// `utf-8` or `binary`, as of a content in a proposal.
    encoding: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    bom: Option<&'static str>,
    invalid_bytes: usize,
    line_ends: LineEnds,
    final_newline: bool,
}

#[derive(Serialize)]
struct LineEnds {
    lf: usize,
    crlf: usize,
    /// CR without LF: no line ends there.
    cr: usize,
}

impl Facts {
    pub(super) fn of(file: &File, endings: Endings) -> Facts {
        let bytes = file.bytes.as_slice();
        let boms =
            [(b"\xef\xbb\xbf".as_slice(), "utf-8"), (b"\xff\xfe", "utf-16le"), (b"\xfe\xff", "utf-16be")];
        let invalid = invalid(bytes);
        Facts {
            size: bytes.len(),
            mode: format!("{:04o}", file.mode),
            sha256: Digest::of(bytes),
            encoding: if invalid == 0 { "utf-8" } else { "binary" },
            bom: boms.iter().find(|(mark, _)| bytes.starts_with(mark)).map(|(_, name)| *name),
            invalid_bytes: invalid,
            line_ends: LineEnds { lf: endings.lf, crlf: endings.crlf, cr: endings.lone_cr },
            final_newline: bytes.ends_with(b"\n"),
        }
    }

    /// Each fact with its name, in words.
    pub(super) fn said(&self) -> [(&'static str, String); 6] {
        let ends = &self.line_ends;
        let kinds = [(ends.lf, "LF"), (ends.crlf, "CRLF"), (ends.cr, "CR")];
        let present: Vec<_> = kinds.iter().filter(|(count, _)| *count > 0).collect();
        let line_ends = match present.as_slice() {
            [] => "none".to_owned(),
            [(_, name)] => (*name).to_owned(),
            all => all.iter().map(|(count, name)| format!("{count} {name}")).collect::<Vec<_>>().join(", "),
        };
        let encoding = match self.invalid_bytes {
            0 => "UTF-8".to_owned(),
            1 => "not UTF-8 (1 byte is no part of a character)".to_owned(),
            count => format!("not UTF-8 ({count} bytes are no part of a character)"),
        };
        let final_newline = match (self.size, self.final_newline) {
            (0, _) => "none, it is empty",
            (_, true) => "yes",
            (_, false) => "no",
        };
        [
            ("size", if self.size == 1 { "1 byte".to_owned() } else { format!("{} bytes", self.size) }),
            ("mode", self.mode.clone()),
            ("encoding", encoding),
            ("byte order mark", self.bom.map_or_else(|| "none".to_owned(), str::to_uppercase)),
            ("line ends", line_ends),
            ("final newline", final_newline.to_owned()),
        ]
    }
}

/// Bytes that are no part of a character.
fn invalid(bytes: &[u8]) -> usize {
    bytes.utf8_chunks().map(|chunk| chunk.invalid().len()).sum()
}

/// Bytes that make no sense as text: with NUL, as git has it, or one in ten of them no part of a
/// character. A sheet takes what has few NULs for a text, so that nothing hides beside them.
pub(super) fn is_binary(bytes: &[u8]) -> bool {
    bytes.contains(&0) || invalid(bytes) * 10 > bytes.len()
}

/// Why a comparison is coarse: for programs, and in words.
pub(super) fn coarse(fallback: Fallback) -> (&'static str, &'static str) {
    match fallback {
        Fallback::TooManyLines => {
            ("too_many_lines", "Too many lines to compare: all are shown as removed and as added.")
        }
        Fallback::TooMuchWork => (
            "too_much_work",
            "Compared coarsely, there are too many differences: lines that stay may be shown as removed and added.",
        ),
        Fallback::CheckFailed => (
            "check_failed",
            "Not compared, the comparison did not hold: all lines are shown as removed and as added.",
        ),
    }
}
