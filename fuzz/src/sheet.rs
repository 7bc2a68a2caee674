//! A proposal of any kind, and its sheet.

use countersign_core::action::{Act, Change};
use countersign_core::digest::Digest;
use countersign_core::proposal::Proposal;
use countersign_sheet::{Document, Mark, Row, Sheet, View, compared, sheet};

use crate::proposal::Made;
use crate::read::{bytes_of_display, side_of_rows};
use crate::stands::everything_stands;

pub(crate) fn run(input: &[u8]) {
    let mut made = Made::new(input);
    let Ok(proposal) = made.proposal() else { return };
    // Larger than a proposal may be.
    let Ok(payload) = proposal.to_payload() else { return };
    assert_eq!(Proposal::parse(&payload).as_ref(), Ok(&proposal));
    let blobs = |digest: &Digest| made.blobs.iter().find(|it| Digest::of(it) == *digest).cloned();
    let made = sheet(&proposal, &blobs).unwrap();
    assert_eq!(made.digest(), sheet(&proposal, &blobs).unwrap().digest());
    assert_eq!(Ok(&made.compared), compared(&proposal, &blobs).as_ref());
    let text = made.to_text();
    assert!(text.bytes().all(|byte| byte == b'\n' || (b' '..=b'~').contains(&byte)), "{text}");
    everything_stands(&made);
    nothing_that_differs_is_folded(&made);
    for (at, action) in proposal.actions.iter().enumerate() {
        let documents: Vec<_> = made.documents.iter().filter(|it| it.action == at).collect();
        assert!(!documents.is_empty(), "each action has a document");
        if made.hidden() == 0 {
            match &action.act {
                Act::Change(change) => change_can_be_read_off(change, &documents, &blobs),
                Act::Run(run) => {
                    let arguments: Vec<_> = run.argv.iter().map(|it| it.as_bytes().to_vec()).collect();
                    let read = documents
                        .iter()
                        .find_map(|it| (it.view == View::Argv).then(|| arguments_of(&it.rows)));
                    assert_eq!(read, Some(arguments));
                }
                _ => {}
            }
        }
    }
}

fn nothing_that_differs_is_folded(made: &Sheet) {
    for document in &made.documents {
        let mut at = 0;
        for fold in &document.folds {
            assert!(at <= fold.start && fold.start < fold.end, "folds are in order, apart");
            at = fold.end;
            for row in &document.rows[fold.clone()] {
                let same = matches!(row, Row::Line { mark: Mark::Same, .. });
                assert!(same || document.view != View::Diff, "{row:?}");
            }
        }
    }
}

fn change_can_be_read_off(
    change: &Change,
    documents: &[&Document],
    blobs: &dyn Fn(&Digest) -> Option<Vec<u8>>,
) {
    let side = |it: &Option<_>| {
        it.as_ref().map_or(Vec::new(), |it: &countersign_core::content::Content| it.bytes(blobs).unwrap())
    };
    let (before, after) = (side(&change.before), side(&change.after));
    // What is no text is drawn as numbers beside letters.
    let text = |side: &Vec<u8>| {
        let invalid: usize = side.utf8_chunks().map(|chunk| chunk.invalid().len()).sum();
        let nuls = side.iter().filter(|byte| **byte == 0).count();
        (nuls + invalid) * 10 <= side.len()
    };
    let Some(document) = documents.iter().find(|it| it.view == View::Diff) else { return };
    if !text(&before) || !text(&after) {
        return;
    }
    let crlf = [&before, &after].iter().any(|side| side.windows(2).any(|it| it == b"\r\n"));
    let end = if crlf { "\r\n" } else { "\n" };
    assert_eq!(side_of_rows(&document.rows, Mark::Removed, end), Some(before), "before");
    assert_eq!(side_of_rows(&document.rows, Mark::Added, end), Some(after), "after");
}

/// The arguments, read off the rows alone.
fn arguments_of(rows: &[Row]) -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> = Vec::new();
    for row in rows {
        let Row::Argument { index, continued, segments } = row else { continue };
        let bytes = bytes_of_display(segments).unwrap();
        if *continued {
            all.last_mut().unwrap().extend(bytes);
        } else {
            assert_eq!(*index as usize, all.len());
            all.push(bytes);
        }
    }
    all
}
