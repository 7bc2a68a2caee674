//! What a person changed before they approved it, told to whoever proposed it.

use countersign_diff::{CONTEXT, Kind, diff, folds};
use countersign_gate::Error;
use countersign_gate::client::Client;
use countersign_gate::wire::Changed;
use serde_json::json;

use crate::out;

/// The most lines that are listed of one text; how many more there are is said.
const MOST: usize = 400;

/// One text, as it was proposed and as it was acted on.
pub(crate) struct Change {
    changed: Changed,
    lines: Vec<String>,
}

/// Asks the gate for them.
pub(crate) async fn of(client: &mut Client, proposal: &str) -> Result<Vec<Change>, Error> {
    let changes = client.changes(proposal).await?;
    let change = |(changed, [before, after]): (Changed, [Vec<u8>; 2])| Change {
        changed,
        lines: listing(&before, &after),
    };
    Ok(changes.into_iter().map(change).collect())
}

/// For people.
pub(crate) fn tell(changes: &[Change]) {
    out::note(
        "approved with changes: a person changed it first. What was acted on is their text, not yours:",
    );
    for Change { changed: Changed { action, field, target }, lines } in changes {
        let target = out::plain(&String::from_utf8_lossy(target.as_bytes()));
        out::note(&format!("action {}, {}, {target}", action + 1, out::plain(field)));
        lines.iter().for_each(|line| out::note(&format!("  {line}")));
    }
}

/// For programs.
pub(crate) fn to_json(changes: &[Change]) -> serde_json::Value {
    let change =
        |it: &Change| json!({ "action": it.changed.action, "field": it.changed.field, "lines": it.lines });
    changes.iter().map(change).collect()
}

/// Lines as `diff -u` marks them, each escaped, so that none can pass for another or move a cursor.
fn listing(before: &[u8], after: &[u8]) -> Vec<String> {
    let made = diff(before, after);
    let mut folds = folds(&made.rows, CONTEXT, |_| false).into_iter().peekable();
    let (mut lines, mut hidden) = (Vec::new(), 0);
    for (at, row) in made.rows.iter().enumerate() {
        if let Some(fold) = folds.next_if(|fold| fold.rows.start == at) {
            lines.push(format!("@@ {} unchanged lines @@", fold.rows.len()));
            hidden = fold.rows.end;
        }
        if at < hidden {
            continue;
        }
        let mark = match row.kind {
            Kind::Same => ' ',
            Kind::Removed => '-',
            Kind::Added => '+',
        };
        let bytes = row.bytes(before, after);
        let ended = bytes.strip_suffix(b"\n");
        lines.push(format!("{mark}{}", out::plain(&String::from_utf8_lossy(ended.unwrap_or(bytes)))));
        if ended.is_none() {
            lines.push("\\ no newline at the end".to_owned());
        }
    }
    let more = lines.len().saturating_sub(MOST);
    if more > 0 {
        lines.truncate(MOST);
        lines.push(format!("... and {more} more lines"));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_says_whether_it_stayed_went_or_came() {
        let before = "one\ntwo\n3\n4\n5\n6\n7\n8\nnine";
        let listed = listing(before.as_bytes(), before.replace("two", "zwei").as_bytes());
        let expected = [" one", "-two", "+zwei", " 3", " 4", " 5", "@@ 4 unchanged lines @@"];
        assert_eq!(listed, expected);
        let listed = listing(b"a\n", b"a\n\x1b[2J\r\n+ b");
        assert_eq!(listed, [" a", "+\\u{1b}[2J\\u{d}", "++ b", "\\ no newline at the end"]);
    }

    #[test]
    fn a_long_listing_says_how_much_is_missing() {
        let listed = listing(b"", "x\n".repeat(MOST + 5).as_bytes());
        assert_eq!(
            (listed.len(), listed.last().map(String::as_str)),
            (MOST + 1, Some("... and 5 more lines"))
        );
    }
}
