//! What is found of networks of one's own, on lines of our own.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use countersign_sensitivity::{Category, Finding, Reach, Rules, TeamRules};

fn rules() -> Rules {
    Rules::with(
        TeamRules::default(),
        &["corp.internal", "payroll-exports", "Falkenberg", "nightjar", "", " "].map(str::to_owned),
    )
}

fn findings(rules: &Rules, text: &[u8]) -> Vec<Finding> {
    let mut all = rules.scan(text, Reach::Public);
    all.retain(|it| it.category == Category::Internal);
    all
}

#[test]
fn the_own_set_is_found_and_nothing_else() {
    let rules = rules();
    let mut wrong = Vec::new();
    for line in include_str!("own/internal.txt").lines() {
        let text =
            line.get(2..).unwrap_or("").replace("\\\\", "\\").replace("\\n", "\n").replace("\\t", "\t");
        let (mut plain, mut spans) = (String::new(), Vec::new());
        for ch in text.chars() {
            match ch {
                '\u{27e6}' => spans.push(plain.len()..plain.len()),
                '\u{27e7}' => spans.last_mut().unwrap().end = plain.len(),
                ch => plain.push(ch),
            }
        }
        let all = findings(&rules, plain.as_bytes());
        let is_right = match line.get(..2) {
            Some("+ ") => spans
                .iter()
                .all(|span| all.iter().any(|it| it.range.start < span.end && span.start < it.range.end)),
            Some("- ") => all.is_empty(),
            _ => true,
        };
        if !is_right {
            wrong.push(format!("{line}: {all:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn hosts_folders_and_shares_are_found() {
    let rules = Rules::built_in();
    for (text, rule) in [
        ("see https://wiki.corp/page", "internal-host"),
        ("ssh ana@build.lan", "internal-host"),
        ("redis.prod.svc.cluster.local:6379", "internal-host"),
        ("https://jira.corp.sapo.pt/browse", "internal-host"),
        ("nas.home.arpa", "internal-host"),
        ("open /Users/ana/work/plan.md", "home-folder"),
        ("\"C:\\\\Users\\\\ana\\\\plan\"", "home-folder"),
        ("file:///home/ana/x", "home-folder"),
        ("\\\\nas-02\\media", "network-share"),
        ("\"\\\\\\\\FILESRV\\\\hr\"", "network-share"),
        ("host 192.168.14.3", "private-address"),
        ("fe80::1ff:fe23:4567:890a%eth0", "private-address"),
    ] {
        let found = findings(rules, text.as_bytes());
        assert!(found.iter().any(|it| it.rule == rule), "{text}: {found:?}");
    }
}

#[test]
fn what_everybody_has_is_not() {
    let rules = Rules::built_in();
    for text in [
        "self.local = 1",
        "~/.local/share",
        ".env.local",
        "settings.local.json",
        "import com.acme.internal.Codec",
        "this.private",
        "thread.local()",
        "host.docker.internal",
        "/home/runner/work",
        "/Users/$USER/x",
        "/home/<name>/x",
        "https://x.example/home/ana",
        "/api/users/ana",
        "/home/page.html",
        "C:\\Users\\Public\\x",
        "\\\\d+\\s",
        "\\\\hline\\alpha",
        "\\\\server\\share",
        "\\\\.\\pipe\\x",
        "10.0.0.0/8",
        "version 10.2.3",
        "the local network",
        "a.internals.b",
        "localhost",
        "127.0.0.1",
    ] {
        assert_eq!(findings(rules, text.as_bytes()), [], "{text}");
    }
}

#[test]
fn a_name_is_a_whole_word_of_any_case() {
    let rules = rules();
    let count =
        |text: &str| findings(&rules, text.as_bytes()).iter().filter(|it| it.rule == "own-name").count();
    assert_eq!(count("NIGHTJAR, nightjar and Nightjar"), 3);
    assert_eq!(count("nightjars, midnightjar, night jar"), 0);
    let rules = Rules::with(TeamRules::default(), &["Grün & Öhlers".to_owned(), "Зимородок".to_owned()]);
    let count =
        |text: &str| findings(&rules, text.as_bytes()).iter().filter(|it| it.rule == "own-name").count();
    assert_eq!(count("Grün & Öhlers; grün & öhlers; GRÜN & ÖHLERS"), 3);
    assert_eq!(count("Зимородок, зимородок, ЗИМОРОДОК; Зимородоки"), 3);
}
