//! The sheet as text that is safe in a terminal: printable ASCII and line feeds.
//!
//! In foreign text a backslash is `\\`, a quotation mark inside quotes `\"`,
//! any character beyond ASCII `\u{…}`, a chip `\<RLO U+202E>`, a byte that is no
//! text `\xNN`; so no text can pass for a chip, and each spelling has one meaning.
//! Foreign text among the app's own words, or in the place of a title or label, stands in quotes. Lines that
//! somebody said begin with `>`; what of them is not drawn is said below, in brackets.

use std::fmt::Write as _;

use crate::count;
use crate::model::{
    Compared, Document, EntryChange, GrantChange, GrantTag, Mark, PrincipalKind, Row, Seal, Segment,
    SegmentKind, Severity, Sheet, Tone,
};
use crate::segments::{is_ours, words};

/// Foreign text and words as one line.
#[must_use]
pub fn plain(segments: &[Segment]) -> String {
    let mixed = segments.iter().any(|it| it.kind == SegmentKind::Words);
    let mut text = String::new();
    let mut quoted = false;
    for segment in segments {
        let foreign = segment.kind != SegmentKind::Words;
        if mixed && foreign != quoted {
            text.push('"');
            quoted = foreign;
        }
        match segment.kind {
            SegmentKind::Words | SegmentKind::Bytes => text.push_str(&segment.display),
            SegmentKind::Chip { .. } | SegmentKind::Mask => {
                text.push_str("\\<");
                escape(&mut text, &segment.display, false);
                text.push('>');
            }
            SegmentKind::Text | SegmentKind::Changed | SegmentKind::Joined { .. } => {
                escape(&mut text, &segment.display, mixed)
            }
        }
    }
    if quoted {
        text.push('"');
    }
    text
}

fn escape(text: &mut String, shown: &str, in_quotes: bool) {
    for ch in shown.chars() {
        match ch {
            '\\' => text.push_str("\\\\"),
            '"' if in_quotes => text.push_str("\\\""),
            ' '..='~' => text.push(ch),
            _ => {
                let _ = write!(text, "\\u{{{:x}}}", u32::from(ch));
            }
        }
    }
}

impl Sheet {
    /// The whole sheet, nothing folded.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut out = String::new();
        self.head(&mut out);
        self.findings_text(&mut out);
        for document in &self.documents {
            out.push('\n');
            document_text(&mut out, document);
        }
        out
    }

    fn findings_text(&self, out: &mut String) {
        if !self.findings.is_empty() {
            let _ = writeln!(out, "\nFindings:");
        }
        for (at, finding) in self.findings.iter().enumerate() {
            let severity = match finding.severity {
                Severity::Blocking => "BLOCKING",
                Severity::Warning => "warning",
                Severity::Note => "note",
            };
            let place = plain(&finding.place);
            let _ = writeln!(out, "  {}. {severity}: {} ({place}). {}", at + 1, finding.title, finding.why);
        }
    }

    fn head(&self, out: &mut String) {
        let mut line = |text: String| {
            out.push_str(&text);
            out.push('\n');
        };
        let head = &self.headline;
        let seal = match head.seal {
            Seal::Token => "known by its token",
            Seal::Uid => "known by its user id only",
            Seal::None => "unknown sender",
        };
        let spans =
            |at: usize| plain(&head.lines[at].iter().flat_map(|it| it.segments.clone()).collect::<Vec<_>>());
        line(format!("{} ({seal}) {}", quote(&head.who), spans(0)));
        line(spans(1));
        if let Some(note) = &head.note {
            line(plain(note));
        }
        if let Some(name) = &head.calls_itself {
            line(format!("It calls itself {} (not verified).", quote(name)));
        }
        line(String::new());
        match &self.asked {
            None => line("Asked: nothing. Nobody asked for this.".to_owned()),
            Some(asked) => {
                let by = asked.by.as_ref().map(|by| format!(" by {}", quote(by))).unwrap_or_default();
                let at = asked.at.map(|at| format!(" at {}", count::time(at))).unwrap_or_default();
                let verified = if asked.verified { "" } else { "; not verified" };
                line(format!("Asked{by}{at} ({}{verified}):", plain(&asked.origin)));
                asked.text.iter().for_each(|it| line(said(it)));
            }
        }
        line(format!("Would do: {}", plain(&self.would)));
        match &self.compared {
            Compared::NotAsked => {}
            Compared::NotCompared => line("Asked and would do: not compared.".to_owned()),
            Compared::Further { why } => line(format!("GOES FURTHER THAN ASKED: {why}.")),
        }
        if !self.claim.is_empty() {
            line("Agent's claim, not verified:".to_owned());
            self.claim.iter().for_each(|it| line(said(it)));
        }
        line(String::new());
        for fact in &self.facts {
            let detail =
                if fact.detail.is_empty() { String::new() } else { format!(" ({})", quote(&fact.detail)) };
            line(format!("{:<14} {}/3  {}{detail}", fact.label, fact.level, quote(&fact.value)));
        }
    }
}

/// A line of what somebody said, or of our own below it.
fn said(line: &[Segment]) -> String {
    let text = plain(line);
    if is_ours(line) { format!("  ({text})") } else { format!("  > {text}") }
}

/// Foreign text in quotes, by itself.
fn quote(foreign: &[Segment]) -> String {
    let mut marked = vec![words("")];
    marked.extend_from_slice(foreign);
    plain(&marked)
}

fn document_text(out: &mut String, document: &Document) {
    let facts: Vec<_> = document.subtitle.iter().map(|it| quote(it)).collect();
    let facts = if facts.is_empty() { String::new() } else { format!(" [{}]", facts.join("; ")) };
    let _ = writeln!(out, "== {}. {}{facts}", document.action + 1, quote(&document.title));
    if !document.columns.is_empty() {
        let labels: Vec<_> = document.columns.iter().map(|it| quote(it)).collect();
        let _ = writeln!(out, "   {}", labels.join(" | "));
    }
    for row in &document.rows {
        let _ = writeln!(out, "{}", row_text(row));
    }
}

/// A row that carries on the one above begins with `...` where that had its number or name.
fn row_text(row: &Row) -> String {
    match row {
        Row::Line { before, after, moved, mark, continued, segments } => {
            let number = |it: &Option<u32>| it.map(|it| it.to_string()).unwrap_or_default();
            // In the place of the number that it has not: no foreign text stands there.
            let other = |way: &str| moved.map(|it| format!("moved {way} line {it}"));
            let (before, after) = match mark {
                Mark::Same => (number(before), number(after)),
                Mark::Removed => (number(before), other("to").unwrap_or_default()),
                Mark::Added => (other("from").unwrap_or_default(), number(after)),
            };
            let mark = match mark {
                Mark::Same => ' ',
                Mark::Added => '+',
                Mark::Removed => '-',
            };
            let after = if *continued { "...".to_owned() } else { after };
            let gap = if segments.is_empty() { "" } else { " " };
            format!("{before:>6} {after:>6} {mark}{gap}{}", plain(segments))
        }
        Row::Field { label, continued, segments } => {
            let label = if *continued && label.is_empty() { "...".to_owned() } else { quote(label) };
            format!("   {label:<24} {}", plain(segments))
        }
        Row::Argument { index, continued, segments } => {
            let index = if *continued { "...".to_owned() } else { index.to_string() };
            format!("   {index:>6}  {}", plain(segments))
        }
        Row::Grant { change, principal, name, tag, before, after, continued } => {
            let change = match change {
                GrantChange::Gained => '+',
                GrantChange::Lost => '-',
                GrantChange::Kept => ' ',
            };
            let kind = match principal {
                _ if *continued => "...",
                PrincipalKind::Person => "person",
                PrincipalKind::Group => "group",
                PrincipalKind::Service => "service",
                PrincipalKind::Anyone => "anyone",
            };
            let tag = match tag {
                Some(GrantTag::Anyone) => " [anyone]",
                Some(GrantTag::External) => " [external]",
                None => "",
            };
            let right = |it: &[Segment]| if it.is_empty() { "none".to_owned() } else { quote(it) };
            format!(" {change} {kind:<8} {}{tag}: {} -> {}", quote(name), right(before), right(after))
        }
        Row::Entry { change, path, before, after, continued } => {
            let sign = match change {
                _ if *continued => "...",
                EntryChange::Added => "  +",
                EntryChange::Removed => "  -",
                EntryChange::Changed => "  ~",
                EntryChange::Moved => "  >",
            };
            let sides: Vec<_> =
                [before, after].into_iter().filter(|it| !it.is_empty()).map(|it| quote(it)).collect();
            format!("{sign} {}: {}", quote(path), sides.join(" -> "))
        }
        Row::Object { columns, size, sha256, continued } => {
            let columns: Vec<_> = columns.iter().map(|it| quote(it)).collect();
            let cells = if sha256.is_empty() { columns.join(" | ") } else { plain(sha256) };
            let size = if size.is_empty() { String::new() } else { format!(", {}", plain(size)) };
            format!(" {} {cells}{size}", if *continued { "..." } else { "  -" })
        }
        Row::Heading { text, name, detail } => {
            let mut said = vec![words(text)];
            said.extend_from_slice(name);
            let detail = if detail.is_empty() { String::new() } else { format!(": {detail}") };
            format!("-- {}{detail}", plain(&said))
        }
        Row::Note { tone, continued, segments } => {
            let mark = match tone {
                _ if *continued => "...",
                Tone::Plain => "  *",
                Tone::Amber => "  !",
                Tone::Red => " !!",
            };
            format!("{mark} {}", plain(segments))
        }
    }
}
