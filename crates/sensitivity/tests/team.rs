//! Rules of a team, in the format of gitleaks.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use countersign_sensitivity::{Reach, Rules, TeamRules};
use expect_test::{Expect, expect};

/// What the rules of `file` that are not built in find in `text`.
fn check(file: &str, path: Option<&str>, text: &str, expected: Expect) {
    let rules = Rules::with(TeamRules::parse(file).unwrap(), &[]);
    let found = rules.scan_file(text.as_bytes(), path, Reach::Public);
    let found = found.iter().filter(|it| it.rule.starts_with("team/"));
    let lines: Vec<_> =
        found.map(|it| format!("{} {}: {}\n", it.rule, it.title, &text[it.range.clone()])).collect();
    expected.assert_eq(&lines.concat());
}

fn left_out(file: &str, expected: Expect) {
    let rules = TeamRules::parse(file).unwrap();
    let lines: Vec<_> = rules.left_out().iter().map(|it| format!("{}: {}\n", it.rule, it.reason)).collect();
    expected.assert_eq(&lines.concat());
}

const BADGE: &str = r#"
    [[rules]]
    id = "badge"
    description = "Number of a badge"
    regex = '''badge[ -]?(?:no|id)[=: ]+([a-z0-9]{6})\b'''
    keywords = ["badge"]
"#;

#[test]
fn the_first_group_is_the_secret() {
    check(
        BADGE,
        None,
        "her BADGE is badge no: k4t7z9, not badge id k4t7z",
        expect![[r#"
        team/badge Number of a badge: k4t7z9
    "#]],
    );
}

#[test]
fn a_group_can_be_named_by_its_number() {
    let file = r#"
        [[rules]]
        id = "pair"
        regex = '''(user|mail)=(\w+);pin=(\d+)'''
        secretGroup = 3
        keywords = ["pin="]
    "#;
    check(
        file,
        None,
        "user=mara;pin=4711",
        expect![[r#"
        team/pair pair: 4711
    "#]],
    );
}

#[test]
fn a_rule_without_a_keyword_looks_everywhere() {
    let file = "[[rules]]\nid = 'all'\nregex = 'q{4}'";
    check(
        file,
        None,
        &format!("{}qqqq", "z".repeat(9000)),
        expect![[r#"
        team/all all: qqqq
    "#]],
    );
}

#[test]
fn entropy_leaves_out_what_is_plain() {
    let file = r#"
        [[rules]]
        id = "pin"
        regex = '''pin-([a-z0-9]{8})'''
        entropy = 2.5
        keywords = ["pin-"]
    "#;
    check(
        file,
        None,
        "pin-aaaabbbb pin-k4t7z9xq",
        expect![[r#"
        team/pin pin: k4t7z9xq
    "#]],
    );
}

#[test]
fn a_rule_for_some_paths_is_silent_elsewhere() {
    let file = "[[rules]]\nid = 'env'\nregex = 'A=(.+)'\npath = '''\\.env$'''\nkeywords = ['a=']";
    check(
        file,
        Some("config/.env"),
        "A=1",
        expect![[r#"
        team/env env: 1
    "#]],
    );
    check(file, Some("config/a.txt"), "A=1", expect![""]);
    check(file, None, "A=1", expect![""]);
}

#[test]
fn where_a_text_is_kept_or_told_on_rules_for_some_paths_look_too() {
    let file = "[[rules]]\nid = 'env'\ndescription = 'Setting'\nregex = 'A=(.+)'\npath = '\\.env$'\nkeywords = ['a=']";
    let rules = Rules::with(TeamRules::parse(file).unwrap(), &[]);
    assert_eq!(rules.scan_anywhere(b"A=1", Reach::Public).len(), 1);
    assert_eq!(&*rules.without_secrets(b"A=1"), b"A=[Setting]");
}

#[test]
fn allowlists_leave_out_what_they_name() {
    let with = |list: &str| format!("{BADGE}\n{list}");
    let text = "badge no: k4t7z9 # sample";
    let stopwords = with("[[rules.allowlists]]\nstopwords = ['T7Z']");
    check(&stopwords, None, text, expect![""]);
    let line = with("[[rules.allowlists]]\nregexTarget = 'line'\nregexes = ['sample$']");
    check(&line, None, text, expect![""]);
    let secret = with("[[rules.allowlists]]\nregexes = ['sample$']");
    check(
        &secret,
        None,
        text,
        expect![[r#"
        team/badge Number of a badge: k4t7z9
    "#]],
    );
    let old = with("[rules.allowlist]\nregexTarget = 'match'\nregexes = ['^badge no']");
    check(&old, None, text, expect![""]);
}

#[test]
fn all_of_an_allowlist_can_be_asked_for() {
    let list = "[[rules.allowlists]]\ncondition = 'AND'\npaths = ['^docs/']\nstopwords = ['k4t']";
    let file = format!("{BADGE}\n{list}");
    check(&file, Some("docs/a.md"), "badge no: k4t7z9", expect![""]);
    check(
        &file,
        Some("src/a.md"),
        "badge no: k4t7z9",
        expect![[r#"
        team/badge Number of a badge: k4t7z9
    "#]],
    );
}

#[test]
fn an_allowlist_of_the_file_can_be_for_some_rules() {
    let for_it = format!("[[allowlists]]\ntargetRules = ['badge']\nstopwords = ['k4t']\n{BADGE}");
    check(&for_it, None, "badge no: k4t7z9", expect![""]);
    let for_other = format!("[[allowlists]]\ntargetRules = ['other']\nstopwords = ['k4t']\n{BADGE}");
    check(
        &for_other,
        None,
        "badge no: k4t7z9",
        expect![[r#"
        team/badge Number of a badge: k4t7z9
    "#]],
    );
}

#[test]
fn filters_of_betterleaks_leave_out_what_they_name() {
    let file = r####"
        [[rules]]
        id = "pin"
        regex = '''pin-([a-z0-9]{8})'''
        keywords = ["pin-"]
        filter = '''entropy(finding["secret"]) <= 2.5
        || filter.matchesAny(finding["secret"], [r"""^zz""", `||yy$`])
        || !containsAny(finding["match"], ["9"])'''
    "####;
    check(file, None, "pin-aaaabbb9 pin-zz4t7z9x pin-k4t7z8xq pin-k4t7z9xq", expect![""]);
    left_out(file, expect![""]);
}

#[test]
fn what_cannot_run_is_named() {
    let file = r#"
        [extend]
        useDefault = true
        [[rules]]
        id = "looks-ahead"
        regex = '''a(?=b)'''
        [[rules]]
        id = "names"
        path = '''\.p12$'''
        [[rules]]
        id = "silent"
        regex = "a"
        skipReport = true
        [[rules]]
        id = "group"
        regex = "a"
        secretGroup = 2
        [[rules]]
        id = "ratio"
        regex = "a"
        filter = '''filter.tokenRatio(finding["secret"]) >= 2.5'''
        [[rules]]
        id = "asks"
        regex = "a"
        validate = "http.get(...)"
    "#;
    left_out(
        file,
        expect![[r#"
        : it extends other rules, which are not in this file; the rules that are built in run as well
        looks-ahead: its expression cannot run here: look-around, including look-ahead and look-behind, is not supported
        names: it looks at the names of files alone
        silent: it reports nothing by itself (`skipReport`)
        group: its expression has no group 2
        ratio: a part of its filter is not read here: more is found
        asks: it would ask its service whether a secret is valid; nothing is sent anywhere
    "#]],
    );
}

#[test]
fn a_file_that_is_none_is_refused_without_a_word_of_it() {
    for file in ["[[rules]]\nid = ", "rules = 'hunter2'", "[[rules]]\nregex = 'hunter2'", "hunter2"] {
        let error = TeamRules::parse(file).unwrap_err().to_string();
        assert!(error.starts_with("the file is not a list of rules: "), "{error}");
        assert!(!error.contains("hunter2"), "{error}");
    }
}

#[test]
fn however_many_a_rule_allows_or_finds_none_is_passed_over() {
    let rule = "[[rules]]\nid = \"badge\"\nregex = '''badge-[a-z0-9]{12}'''\nkeywords = [\"badge-\"]\n[rules.allowlist]\nregexes = ['''badge-decoy''']\n";
    let rules = Rules::with(TeamRules::parse(rule).unwrap(), &[]);
    let places = |text: &str| -> usize {
        let found = rules.scan(text.as_bytes(), Reach::Public);
        found.iter().filter(|it| it.rule == "team/badge").map(|it| 1 + it.also.len()).sum()
    };
    let decoys = "badge-decoy0000000\n".repeat(60);
    assert_eq!(places(&decoys), 0);
    assert_eq!(places(&format!("{decoys}badge-q7x2k9m4v1z8\n")), 1);
    let many: String = (0..80).map(|at| format!("badge-q7x2k9m4v1{at:02}\n")).collect();
    assert_eq!(places(&many), 80);
}

#[test]
fn two_findings_that_become_one_stand_for_as_many_places_as_before() {
    // Each byte of a character is a match, and each becomes the whole of it.
    let file = "[[rules]]\nid = 'byte'\nregex = '''[\\x80-\\xff]'''";
    let rules = Rules::with(TeamRules::parse(file).unwrap(), &[]);
    let found = rules.scan("\u{e9}".repeat(40).as_bytes(), Reach::Public);
    let found: Vec<_> = found.iter().filter(|it| it.rule == "team/byte").collect();
    assert_eq!(found.len(), 25);
    assert!(found[24].others >= 15, "{}", found[24].others);
    assert_eq!(found[24].also.len(), 15);
}
