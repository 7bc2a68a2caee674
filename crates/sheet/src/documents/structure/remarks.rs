//! Notes above a table, and the findings that some of them are.

use countersign_sensitivity::{Finding, Severity};
use countersign_structure::{About, Leaf, Remark, Rows, Sort, Table};

use super::{Digest, Sides, name_of, shown};
use crate::changes;
use crate::count;
use crate::model::{Segment, Tone};
use crate::page::Page;
use crate::segments::words;

/// One note for each remark.
pub(super) fn notes(sides: &Sides<'_>, page: &mut Page<'_>, made: &Table) {
    for remark in &made.remarks {
        let (tone, mut note) = note(sides, remark);
        if let Some((found, text)) = finding(sides, remark) {
            let number = page.findings().add(found, &text);
            note.iter_mut().for_each(|it| it.findings.push(number));
        }
        page.note(tone, note);
    }
    if made.more_remarks > 0 {
        let text = format!("{} of the kinds above", count::of(made.more_remarks, "more remark"));
        page.note(Tone::Amber, vec![words(text)]);
    }
    if let Some(rows) = &made.rows {
        page.note(Tone::Plain, matching(rows));
    }
}

fn matching(rows: &Rows) -> Vec<Segment> {
    let sum = [
        (rows.changed, "changed"),
        (rows.added, "added"),
        (rows.removed, "removed"),
        (rows.same, "the same"),
    ];
    let sum: Vec<_> = sum.iter().map(|(number, name)| format!("{} {name}", count::number(*number))).collect();
    let sum = sum.join(", ");
    match &rows.key {
        Some(key) => {
            let mut note = vec![words("Rows are told apart by ")];
            note.extend(name_of(key));
            note.push(words(format!(": {sum}.")));
            note
        }
        None if rows.changed + rows.removed + rows.same == 0 => vec![words(format!("Rows: {sum}."))],
        None => vec![words(format!(
            "No column tells the rows apart, so they are matched by place and content: {sum}."
        ))],
    }
}

fn note(sides: &Sides<'_>, remark: &Remark) -> (Tone, Vec<Segment>) {
    let here = |text: String| {
        let mut note = sides.path(&remark.path);
        note.push(words(text));
        note
    };
    let leaf = |bytes: &[u8], leaf: &Leaf| {
        shown(bytes, &Leaf { source: leaf.source.clone(), sort: Sort::Text }, &Vec::new())
    };
    let ours = |text: String| vec![words(text)];
    match &remark.about {
        About::SameMeaning => (
            Tone::Plain,
            ours("The bytes differ, the meaning is the same: no value would change.".to_owned()),
        ),
        About::DuplicateKey { times, .. } => {
            let text = format!(" is there {times} times: some programs take the first, some the last");
            (Tone::Red, here(text))
        }
        About::SimilarKey { other, .. } => {
            let mut note = here(" differs only by case or spelling from ".to_owned());
            note.extend(name_of(other));
            (Tone::Amber, note)
        }
        About::NumberForm { before, after } => {
            let mut note = here(": the same number, written ".to_owned());
            note.extend(leaf(sides.before, before));
            note.push(words(" before and "));
            note.extend(leaf(sides.after, after));
            note.push(words(" after"));
            (Tone::Plain, note)
        }
        About::Imprecise { after } => {
            let mut note = here(": most programs cannot hold ".to_owned());
            note.extend(leaf(sides.after, after));
            note.push(words(" and would read another number"));
            (Tone::Amber, note)
        }
        About::KeyOrder => (Tone::Plain, here(": the same keys in another order".to_owned())),
        About::Respelled { count } => {
            let text =
                format!("{} in another spelling, with the same meaning", count::of(*count, "text or key"));
            (Tone::Plain, ours(text))
        }
        About::Comments { added, removed } => {
            let (added, removed) = (count::number(*added), count::number(*removed));
            (Tone::Plain, ours(format!("Comments: {added} added, {removed} removed. They are no values.")))
        }
        About::Doubtful { after, old, new } => {
            let mut note = here(": ".to_owned());
            note.extend(leaf(sides.after, after));
            note.push(words(format!(" is {old} for programs that read YAML 1.1, and {new} for others")));
            (Tone::Amber, note)
        }
        About::Aliases { count } => {
            let text = "shown as such. An alias is changed where what it stands for is.";
            (Tone::Plain, ours(format!("Aliases: {}, {text}", count::number(*count))))
        }
        About::Merges { count } => {
            let text = "they take over values from elsewhere, which are not listed at their place";
            (Tone::Amber, ours(format!("Merge keys: {}, {text}", count::number(*count))))
        }
        About::Ragged { count, first } => {
            let text =
                format!("more or fewer fields than the first row; the first of them is row {}", first + 1);
            (Tone::Amber, ours(format!("{} with {text}", count::of(*count, "row"))))
        }
        About::NoHeader => {
            (Tone::Plain, ours("The first row does not look like names, so columns have numbers.".to_owned()))
        }
        About::Documents { count } => {
            (Tone::Plain, ours(format!("{}, numbered from 0", count::of(*count, "document"))))
        }
    }
}

/// What of a remark is a finding, and the digest of the text that it is in.
fn finding(sides: &Sides<'_>, remark: &Remark) -> Option<(Finding, Digest)> {
    let (rule, severity, range, title, why) = match &remark.about {
        About::DuplicateKey { key, .. } => (
            "duplicate-key",
            Severity::Blocking,
            key.clone(),
            "A key is there more than once",
            "Programs disagree on which of the values counts, so what happens depends on who reads it.",
        ),
        About::SimilarKey { key, .. } => (
            "similar-key",
            Severity::Warning,
            key.clone(),
            "Two keys differ only by case or spelling",
            "Some programs take both for the same key, and people take one for the other.",
        ),
        About::Imprecise { after } => (
            "imprecise-number",
            Severity::Warning,
            after.source.clone(),
            "A number that most programs cannot hold",
            "They keep 64-bit floats and would read the nearest one that fits.",
        ),
        About::Doubtful { after, .. } => (
            "reader-dependent",
            Severity::Warning,
            after.source.clone(),
            "A value that depends on who reads it",
            "Programs that read YAML 1.1 and those that read 1.2 take it for different things.",
        ),
        About::NumberForm { after, .. } => (
            "number-form",
            Severity::Note,
            after.source.clone(),
            "A number in another form",
            "The number is the same. A program that looks at its digits sees a difference.",
        ),
        About::SameMeaning => {
            let text = Digest::of(&changes::text(sides.before, sides.after));
            let (title, why) =
                ("Bytes differ, meaning same", "No value would change. The bytes below would.");
            let found = Finding::of_change("same-meaning", Severity::Note, 0..64, title, why);
            return Some((found, text));
        }
        _ => return None,
    };
    let found = Finding::of_change(rule, severity, range, title, why);
    (!found.range.is_empty()).then(|| (found, Digest::of(sides.after)))
}
