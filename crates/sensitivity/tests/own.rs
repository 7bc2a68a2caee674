//! The own set: texts that were written before the rules (`tests/own/README.md`).
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::sync::OnceLock;

use countersign_sensitivity::{Reach, Rules, Severity, TeamRules};

/// A line of the set, ready to be looked at.
struct Case {
    line: String,
    text: String,
    found: bool,
    /// Bytes of `text` that a finding has to touch; none: any finding will do.
    spans: Vec<std::ops::Range<usize>>,
}

fn cases(file: &str) -> Vec<Case> {
    let lines = file.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    lines.map(case).collect()
}

fn case(line: &str) -> Case {
    let (sign, rest) = line.split_at(2);
    let rest = rest
        .replace('\u{2038}', "")
        .replace("\\\\", "\0")
        .replace("\\n", "\n")
        .replace("\\t", "\t")
        .replace('\0', "\\");
    let (mut text, mut spans, mut start) = (String::new(), Vec::new(), 0);
    for letter in rest.chars() {
        match letter {
            '⟦' => start = text.len(),
            '⟧' => spans.push(start..text.len()),
            _ => text.push(letter),
        }
    }
    Case { line: line.to_owned(), text, found: sign == "+ ", spans }
}

/// The lines of a category that are not as they should be.
fn wrong(category: &str, file: &str) -> Vec<String> {
    let is_wrong = |case: &Case| {
        let found = rules().scan(case.text.as_bytes(), Reach::Public);
        let of: Vec<_> = found.into_iter().filter(|it| it.category.as_str() == category).collect();
        let touched = case
            .spans
            .iter()
            .all(|span| of.iter().any(|it| it.range.start < span.end && span.start < it.range.end));
        if case.found { !touched || of.is_empty() } else { !of.is_empty() }
    };
    cases(file).iter().filter(|case| is_wrong(case)).map(|case| case.line.clone()).collect()
}

fn rules() -> &'static Rules {
    static RULES: OnceLock<Rules> = OnceLock::new();
    // The names of which the file on internal names speaks.
    let names = ["corp.internal", "payroll-exports", "Falkenberg", "nightjar"].map(str::to_owned);
    RULES.get_or_init(|| Rules::with(TeamRules::default(), &names))
}

macro_rules! category {
    ($name:ident, $category:literal) => {
        #[test]
        fn $name() {
            let wrong = wrong($category, include_str!(concat!("own/", stringify!($name), ".txt")));
            assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        }
    };
}

category!(secret, "secret");
category!(pii, "pii");
category!(internal, "internal");
category!(access, "access");
category!(destructive, "destructive");
category!(link, "link");
category!(injection, "injection");
category!(advice, "advice");

#[test]
fn nothing_is_found_in_ordinary_texts() {
    for case in cases(include_str!("own/clean.txt")) {
        let found = rules().scan(case.text.as_bytes(), Reach::Public);
        let found: Vec<_> = found.iter().filter(|it| it.severity > Severity::Note).collect();
        assert!(found.is_empty(), "{}: {found:?}", case.line);
    }
}
