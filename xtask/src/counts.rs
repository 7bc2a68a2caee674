//! How many tests passed and failed, read from the closing lines of the runners themselves.
//!
//! Only a closing line counts; a runner that was stopped before it printed one adds nothing, and the caller
//! has to say so.

/// What the closing lines of one run add up to.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Counts {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

impl Counts {
    pub(crate) fn add(&mut self, other: Counts) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// Reads one line of output: the closing line of libtest, of nextest or of vitest, or nothing.
pub(crate) fn parse_closing(line: &str) -> Option<Counts> {
    let whole = without_colours(line);
    let line = whole.trim();
    // Indented it is what nextest shows of a test that failed, and counts itself.
    let items: Vec<&str> = if let Some(rest) = whole.trim_end().strip_prefix("test result: ") {
        rest.split_once(". ")?.1.split("; ").collect()
    } else if let Some(rest) = line.strip_prefix("Summary [") {
        let (_, rest) = rest.split_once("run: ")?;
        rest.split(", ").collect()
    } else if let Some(rest) = line.strip_prefix("Tests  ") {
        rest.split(" | ").collect()
    } else {
        return None;
    };
    let mut counts = Counts::default();
    for item in items {
        let mut words = item.split_whitespace();
        let Some(Ok(count)) = words.next().map(str::parse::<u64>) else { continue };
        match words.next() {
            Some("passed") => counts.passed += count,
            Some("failed" | "timed" | "exec") => counts.failed += count,
            _ => {}
        }
    }
    Some(counts)
}

/// `line` without the sequences that colour a terminal.
fn without_colours(line: &str) -> String {
    let mut plain = String::new();
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        if c == '\u{1b}' {
            chars.by_ref().find(char::is_ascii_alphabetic);
        } else {
            plain.push(c);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Option<(u64, u64)> {
        parse_closing(line).map(|counts| (counts.passed, counts.failed))
    }

    #[test]
    fn libtest() {
        let line = "test result: FAILED. 3 passed; 1 failed; 2 ignored; 0 measured; 4 filtered out; finished in 0.01s";
        assert_eq!(read(line), Some((3, 1)));
    }

    #[test]
    fn nextest() {
        assert_eq!(read("     Summary [   0.016s] 1 test run: 1 passed, 0 skipped"), Some((1, 0)));
        let line = "     Summary [  61.9s] 9/12 tests run: 4 passed (1 slow, 1 flaky), 3 failed, 1 timed out, 1 exec failed, 2 skipped";
        assert_eq!(read(line), Some((4, 5)));
    }

    #[test]
    fn vitest_in_colour() {
        let line = "\u{1b}[2m      Tests \u{1b}[22m \u{1b}[1m\u{1b}[31m1 failed\u{1b}[39m\u{1b}[22m\u{1b}[2m | \u{1b}[22m\u{1b}[32m11 passed\u{1b}[39m\u{1b}[90m (12)\u{1b}[39m";
        assert_eq!(read(line), Some((11, 1)));
    }

    #[test]
    fn other_lines_are_no_closing_lines() {
        assert_eq!(read(" Test Files  3 passed (3)"), None);
        assert_eq!(read("test it_says ... ok, 3 passed"), None);
        assert_eq!(
            read("    test result: FAILED. 0 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out"),
            None
        );
    }
}
