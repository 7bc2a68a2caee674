//! What a change does that its lines do not say by themselves.
//!
//! Such a finding is about both sides at once, so its text is the two digests
//! one after the other, and its range the whole of that.

use countersign_core::digest::Digest;
use countersign_diff::{Diff, Endings, Fallback, Kind};
use countersign_sensitivity::{Finding, Severity};

/// The text that a finding about a change is in: both digests, 64 bytes.
pub(crate) fn text(before: &[u8], after: &[u8]) -> Vec<u8> {
    [Digest::of(before).as_bytes().as_slice(), Digest::of(after).as_bytes()].concat()
}

fn finding(rule: &'static str, severity: Severity, title: impl Into<String>, why: &'static str) -> Finding {
    Finding::of_change(rule, severity, 0..64, title, why)
}

/// Lines would end otherwise.
pub(crate) fn line_ends(before: Endings, after: Endings) -> Option<Finding> {
    let kinds = |it: Endings| [it.lf > 0, it.crlf > 0, it.lone_cr > 0];
    let (was, would) = (kinds(before), kinds(after));
    // A side without a line end says nothing about how they would be.
    let changes = was != would && was.contains(&true) && would.contains(&true);
    let why =
        "Programs that read lines can take each of them for another one, though no letter of it changed.";
    changes.then(|| finding("line-ends", Severity::Warning, "Lines would end otherwise", why))
}

/// The bytes would be another encoding, or begin with a mark of one.
pub(crate) fn encoding(before: &[u8], after: &[u8]) -> Option<Finding> {
    let kind = |side: &[u8]| (std::str::from_utf8(side).is_ok(), side.starts_with("\u{feff}".as_bytes()));
    let changes = !before.is_empty() && !after.is_empty() && kind(before) != kind(after);
    let why = "A program that expects the old encoding can read something else than what is shown here.";
    changes.then(|| finding("encoding", Severity::Warning, "The encoding would change", why))
}

/// The last line would lose its end.
pub(crate) fn final_newline(before: Endings, after: Endings) -> Option<Finding> {
    let lost = !before.unterminated && before.lines() > 0 && after.unterminated;
    let why = "Some programs do not read a last line that has no end.";
    lost.then(|| finding("final-newline", Severity::Note, "The final newline would be lost", why))
}

/// Hunks whose sides differ in nothing but white space.
pub(crate) fn white_space(before: &[u8], after: &[u8], made: &Diff) -> Option<Finding> {
    let ink = |range: &dyn Fn(&countersign_diff::Row) -> Option<std::ops::Range<usize>>,
               side: &[u8],
               rows: &[countersign_diff::Row]| {
        let bytes = rows.iter().filter_map(range).flat_map(|range| side[range].to_vec());
        bytes.filter(|byte| !byte.is_ascii_whitespace()).collect::<Vec<u8>>()
    };
    let only = made.hunks.iter().filter(|hunk| {
        let rows = &made.rows[hunk.rows.clone()];
        let both = rows.iter().any(|row| row.kind == Kind::Removed)
            && rows.iter().any(|row| row.kind == Kind::Added);
        both && ink(&|row| row.before.clone(), before, rows) == ink(&|row| row.after.clone(), after, rows)
    });
    let count = only.count();
    let title = if count == 1 {
        "1 change is of white space alone".to_owned()
    } else {
        format!("{} changes are of white space alone", crate::count::number(count as u64))
    };
    let why = "In some languages, such as Python, YAML and makefiles, that changes what a text means.";
    (count > 0).then(|| finding("white-space-only", Severity::Note, title, why))
}

/// The sides were compared coarsely, or not at all.
pub(crate) fn coarse(fallback: Option<Fallback>) -> Option<Finding> {
    let title = match fallback? {
        Fallback::TooManyLines => "Too many lines to compare",
        Fallback::TooMuchWork => "Too many differences to compare closely",
        Fallback::CheckFailed => "Could not be compared",
    };
    let why = "What stays as it is can stand among what goes and what comes.";
    Some(finding("coarse", Severity::Warning, title, why))
}

/// Bytes that are no text. Where a text was there before, nothing that hides in them is found any more.
pub(crate) fn not_text(was_text: bool) -> Finding {
    let why = "What they mean to the program that reads them is not known here. They are shown as numbers.";
    let (severity, title) = match was_text {
        true => (Severity::Warning, "A text would become bytes that are no text"),
        false => (Severity::Note, "Bytes, not text"),
    };
    finding("not-text", severity, title, why)
}

/// A content that is something else by its first bytes than by what is said of it.
pub(crate) fn type_mismatch(title: String) -> Finding {
    let why =
        "A program that goes by the first bytes takes it for something else than one that goes by the name.";
    finding("type-mismatch", Severity::Warning, title, why)
}

/// What stands in a file after the picture that it begins with.
pub(crate) fn after_the_end(count: u64, like: Option<&str>) -> Finding {
    let like = like.map(|it| format!(", which begin like {it}")).unwrap_or_default();
    let verb = if count == 1 { "is" } else { "are" };
    let title =
        format!("There {verb} {} after the end of the picture{like}", crate::count::of(count, "byte"));
    let why = "No program that shows the picture shows them. A file can be a picture to one program and something else to another.";
    finding("picture-tail", Severity::Warning, title, why)
}

/// A picture that says where it was taken.
pub(crate) fn place_in_picture() -> Finding {
    let why = "Whoever can read the file can read the place. It is in the metadata and not to be seen in the picture.";
    finding("picture-place", Severity::Warning, "The picture says where on earth it was taken", why)
}

/// Rights that come with the mode of a file: of bits, what is new.
pub(crate) fn mode(before: Option<u32>, after: Option<u32>) -> Option<Finding> {
    let after = after?;
    // A new file that its owner may run is said too: 0644 is what a file is without being asked.
    let new = after & !before.unwrap_or(0o644);
    if new & 0o6000 != 0 {
        let why = "Whoever runs it gets the rights of its owner or group.";
        return Some(finding("mode-set-id", Severity::Blocking, "It would run with another's rights", why));
    }
    if new & 0o0002 != 0 {
        let why = "Every user of the machine could put something else in its place.";
        return Some(finding("mode-world-writable", Severity::Blocking, "Everyone could write to it", why));
    }
    let why = "A file that can be run is a program: what it says would be done.";
    (new & 0o0111 != 0).then(|| finding("mode-executable", Severity::Warning, "It could be run", why))
}
