//! What links are found to hide, and what they are not.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use countersign_sensitivity::{Category, Reach, Rules, Severity};

fn found(text: &str) -> Vec<(String, Severity)> {
    let all = Rules::built_in().scan(text.as_bytes(), Reach::Public);
    all.into_iter()
        .filter(|it| it.category == Category::Link)
        .map(|it| (it.rule.into_owned(), it.severity))
        .collect()
}

#[track_caller]
fn check(text: &str, rule: &str, severity: Severity) {
    let found = found(text);
    assert!(found.iter().any(|it| it.0 == rule && it.1 == severity), "{text}: {found:?}");
}

#[test]
fn another_host_than_the_text_names_blocks() {
    for text in [
        "[https://bank.example](https://evil.example)",
        "[bank.com/login](//evil.example)",
        "a **[log in at `bank.com`](https://evil.example/bank.com)** b",
        "* x\n        * [www.bank.com\n  ](<https://evil.example> 'bank.com')",
        "<a class=x href='https://evil.example'>\n<b>https://bank.example</b></a>",
        "[bank.com][1] and more\n\n[1]: https://evil.example",
        "[1]: https://evil.example\n\n[bank.com][1]",
        "see [bank.com]\n\n[bank.com]: <https://evil.example>",
        "[https://bank.example](http://203.0.113.9/)",
        "[![https://bank.example](./a.png)](https://evil.example)",
        "```\n[https://bank.example](https://evil.example)\n```",
    ] {
        check(text, "link-leads-elsewhere", Severity::Blocking);
    }
}

#[test]
fn a_redirector_is_a_note_and_a_mail_a_warning() {
    check("[bank.com](https://t.co/x)", "link-leads-elsewhere", Severity::Note);
    check("[https://bank.example](mailto:a@evil.example)", "link-leads-elsewhere", Severity::Warning);
}

#[test]
fn an_address_that_runs_something_blocks() {
    for text in [
        "[x](javascript:alert(1))",
        "[x](JAVA&#115;cript:alert(1))",
        "<a href=\" java\nscript:x\">x</a>",
        "[x][1]\n\n[1]: vbscript:x",
        "![x](data:text/html;base64,AAAA)",
        "see <javascript:alert(1)>",
        "see <data:text/html,x>",
        "see <ms-msdt:/id>",
    ] {
        check(text, "link-runs-code", Severity::Blocking);
    }
}

#[test]
fn a_link_that_says_where_it_leads_is_nothing() {
    for text in [
        "[the book](https://doc.example.org) and [docs.rs/tokio](https://docs.rs/tokio)",
        "[rust-lang.org](https://www.rust-lang.org) [blog.example.com](https://example.com/blog)",
        "[socket.io](https://github.com/socketio/socket.io) [youtu.be/x](https://www.youtube.com/watch?v=x)",
        "[Booking.com](https://en.wikipedia.org/wiki/Booking.com) [build.rs](https://doc.example/build)",
        "![docs.rs](https://img.shields.io/docsrs/x) [![crates.io](a.svg)](https://lib.rs/crates/x)",
        "[https://example.com](http://example.com/) [a@b.example](mailto:a@b.example)",
        "What `javascript:` does; [news from crates.io](https://blog.example/x)",
        "let x: [u8; 3]: y = v[0](z); arr[a][b]: https://x.example",
        "[bank.com][nothing] [bank.com](./bank.com) [bank.com](#x)",
        "<a name=x>https://bank.example</a> <abbr href='https://b.example'>https://a.example</abbr>",
        "[x]: https://example.com\n[example.com][x] [example.com][X]",
        "https://web.archive.org/web/2020/https://example.com/",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn signs_of_links_back_to_back_take_linear_work() {
    // What is not linear takes minutes here.
    for unit in [
        "](",
        "][",
        "]:",
        "[x]:y\n",
        "[x](",
        "<a ",
        "<a href=",
        "<a href=x>",
        "://",
        "https://a@",
        "[a][b]\n",
        "[",
        "![",
        "[https://a.com][b]\n[b]: c\n",
        "[https://a.com][b]",
        "`](",
        "*_[](",
        "<![](",
        "http://xn--a.",
        "\\](",
    ] {
        let text = unit.repeat(400_000 / unit.len());
        let _ = Rules::built_in().scan(text.as_bytes(), Reach::Public);
    }
}
