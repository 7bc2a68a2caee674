//! Tables as text.
#![allow(dead_code, reason = "each test file uses its own part")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

pub(crate) mod sound;

use std::fmt::Write as _;

use countersign_structure::{Budget, Format, Leaf, Step, Table, compare};

pub(crate) fn path(steps: &[Step]) -> String {
    let mut text = String::new();
    for step in steps {
        let number = |it: &Option<usize>| it.map_or("-".to_owned(), |it| it.to_string());
        match step {
            Step::Key { name, nth: 0 } => write!(text, "/{name}").unwrap(),
            Step::Key { name, nth } => write!(text, "/{name}#{nth}").unwrap(),
            Step::Item { before, after, row: None } => {
                write!(text, "/{}>{}", number(before), number(after)).unwrap();
            }
            Step::Item { before, after, row: Some(row) } => {
                let (before, after) = (number(before), number(after));
                write!(text, "/{before}>{after}[{}={}]", row.column, row.value).unwrap();
            }
        }
    }
    text
}

pub(crate) fn table(format: Format, before: Option<&str>, after: Option<&str>) -> Table {
    compare(format, before.map(str::as_bytes), after.map(str::as_bytes), Budget::default()).unwrap()
}

pub(crate) fn shown(format: Format, before: Option<&str>, after: Option<&str>) -> String {
    let table = table(format, before, after);
    let mut text = String::new();
    let leaf = |side: Option<&str>, leaf: &Option<Leaf>| {
        leaf.as_ref().map(|it| format!("{:?} {:?}", it.sort, &side.unwrap()[it.source.clone()]))
    };
    for entry in &table.entries {
        let (was, would) = (leaf(before, &entry.before), leaf(after, &entry.after));
        let sides: Vec<_> = was.into_iter().chain(would).collect();
        writeln!(text, "{:?} {}: {}", entry.change, path(&entry.path), sides.join(" -> ")).unwrap();
    }
    for remark in &table.remarks {
        writeln!(text, "({}) {:?}", path(&remark.path), remark.about).unwrap();
    }
    if let Some(rows) = &table.rows {
        writeln!(text, "{rows:?}").unwrap();
    }
    writeln!(text, "{} the same", table.same).unwrap();
    text
}
