//! Where findings stand.

use countersign_sheet::{Row, Segment, Sheet, Spot};

/// Each finding is on the segments of each of its spots, and on no others; none of them is in a fold.
pub(crate) fn everything_stands(made: &Sheet) {
    for (number, finding) in made.findings.iter().enumerate() {
        let on = |segments: &[Segment]| segments.iter().any(|it| it.findings.contains(&(number as u32)));
        assert!(!finding.spots.is_empty() || finding.rule == "required", "{} stands nowhere", finding.id);
        for spot in &finding.spots {
            match spot {
                Spot::Headline => {
                    let spans = made.headline.lines.iter().flatten().map(|it| it.segments.as_slice());
                    let others = [made.headline.who.as_slice(), &made.would];
                    let name = made.headline.calls_itself.as_deref();
                    assert!(spans.chain(others).chain(name).any(on), "headline");
                }
                Spot::Asked => {
                    let asked = made.asked.as_ref().unwrap();
                    assert!(
                        asked.text.iter().chain([&asked.origin]).chain(&asked.by).any(|it| on(it)),
                        "asked"
                    );
                }
                Spot::Claim => assert!(made.claim.iter().any(|it| on(it)), "claim"),
                Spot::Head { document } => {
                    let it = &made.documents[*document];
                    assert!(
                        [&it.title].into_iter().chain(&it.subtitle).chain(&it.columns).any(|it| on(it)),
                        "head"
                    );
                }
                Spot::Rows { document, rows } => {
                    let it = &made.documents[*document];
                    for row in rows.clone() {
                        assert!(on(&row_segments(&it.rows[row])), "row {row}");
                        assert!(!it.folds.iter().any(|fold| fold.contains(&row)), "{} is folded", finding.id);
                    }
                }
            }
        }
    }
    let known = |it: &Segment| it.findings.iter().all(|number| (*number as usize) < made.findings.len());
    assert!(made.documents.iter().flat_map(|it| &it.rows).flat_map(row_segments).all(|it| known(&it)));
}

fn row_segments(row: &Row) -> Vec<Segment> {
    match row {
        Row::Line { segments, .. } | Row::Argument { segments, .. } | Row::Note { segments, .. } => {
            segments.clone()
        }
        Row::Field { label, segments, .. } => [label.clone(), segments.clone()].concat(),
        Row::Grant { name, before, after, .. } => [name.clone(), before.clone(), after.clone()].concat(),
        Row::Entry { path, before, after, .. } => [path.clone(), before.clone(), after.clone()].concat(),
        Row::Object { columns, size, sha256, .. } => {
            [columns.concat(), size.clone(), sha256.clone()].concat()
        }
        Row::Heading { .. } => vec![],
    }
}
