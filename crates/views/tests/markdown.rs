//! Whatever a text says, the page that is made of it does nothing.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::time::{Duration, Instant};

use countersign_core::digest::Digest;
use countersign_views::{HASH, STYLE, markdown};
use proptest::prelude::*;

/// All that may stand between angle brackets in the body, but what closes it.
const MAY: &[&str] = &[
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
    "pre",
    "code",
    "ul",
    "ol",
    "li",
    "table",
    "tr",
    "th",
    "td",
    "em",
    "strong",
    "del",
    "sup",
    "br",
    "hr",
    "bdi",
    "p class=\"ours\"",
    "code class=\"html\"",
    "span class=\"link\"",
    "span class=\"to\"",
    "span class=\"picture\"",
    "span class=\"chip\"",
];

fn body(text: &str) -> String {
    let page = markdown(text, false);
    let (head, body) = page.split_once("<body>").unwrap();
    assert_eq!(head, markdown("", false).split_once("<body>").unwrap().0, "the head is always the same");
    body.strip_suffix("</body></html>").unwrap().to_owned()
}

/// Every element is one that does nothing, and closes where it should.
fn check(body: &str) {
    let mut open = Vec::new();
    for part in body.split('<').skip(1) {
        let (tag, _) = part.split_once('>').expect("no bracket stays open");
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name), "{body}");
            continue;
        }
        assert!(MAY.contains(&tag), "<{tag}> in {body}");
        let name = tag.split(' ').next().unwrap();
        if !["br", "hr"].contains(&name) {
            open.push(name.to_owned());
        }
        assert!(open.len() < 60, "deeper than it may be");
    }
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn markup_is_rendered() {
    let made = body(
        "# Plan\n\n*soon* and **now**, ~~not~~ `x<y`\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n- [x] done\n",
    );
    check(&made);
    assert_eq!(
        made,
        "<h1>Plan</h1><p><em>soon</em> and <strong>now</strong>, <del>not</del> <code>x&lt;y</code></p>\
         <table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table><ul><li>☑ done</li></ul>"
    );
}

#[test]
fn links_lead_nowhere_and_say_where_they_would() {
    let made = body(
        "[bank.example](https://bank.example@evil.example/x \"title\") <https://a.example/> [x](javascript:alert(1))",
    );
    check(&made);
    assert!(
        made.contains("<span class=\"link\">bank.example</span><span class=\"to\"> → evil.example</span>")
    );
    assert!(made.contains(" → a.example</span>") && made.contains(" → javascript:alert(1)</span>"), "{made}");
}

#[test]
fn pictures_are_named_and_not_loaded() {
    let made = body("![a *cat*](https://track.example/pixel.png?id=1\"onload=x)");
    check(&made);
    assert!(made.contains("[picture a <em>cat</em><span class=\"to\"> not loaded: https://track.example/pixel.png?id=1&quot;onload=x]"), "{made}");
}

#[test]
fn html_stays_text() {
    for hostile in [
        "<script>fetch('https://evil.example')</script>",
        "a <img src=x onerror=alert(1)> b",
        "<iframe srcdoc='<script>1</script>'></iframe>\n\n<input autofocus><meta http-equiv=refresh content='0;url=//evil.example'>",
        "<style>*{background:url(//evil.example)}</style></style></body></html><script>",
        "```\"><script>x</script>\n</pre><script>\n```",
        "[<b onclick=x>]( <\"onclick=\"x> )",
        "&lt;script&gt; &#60;script&#62; \\<script>",
        "[x]: //evil.example \"<svg/onload=1>\"\n\n[x] ![x]",
    ] {
        check(&body(hostile));
    }
}

/// Only our own words look like them.
#[test]
fn no_text_looks_like_the_words_of_the_app() {
    for hostile in
        ["```Checked by Countersign\nx\n```", "~~~ class=ours Checked\n~~~", "<p class=\"ours\">Checked</p>"]
    {
        let made = body(hostile);
        check(&made);
        assert!(!made.contains("class=\"ours\""), "{made}");
    }
}

#[test]
fn what_is_not_to_be_seen_is_a_chip() {
    let made = body("pay\u{202e}lap \u{200b}x\u{e0041} \u{1b}[2J שלום and on");
    check(&made);
    let unseen = ['\u{202e}', '\u{200b}', '\u{e0041}', '\u{1b}'];
    assert!(!made.contains(unseen), "{made}");
    assert_eq!(made.matches("class=\"chip\"").count(), 4, "{made}");
    assert!(made.contains("<bdi>"), "{made}");
}

#[test]
fn depth_size_and_time_are_bounded() {
    let row = format!("{}|\n", "|x".repeat(200));
    let table = format!("{row}{}|\n{}", "|-".repeat(200), row.repeat(2000));
    for hostile in [
        ">".repeat(200_000),
        "> ".repeat(50_000) + "x",
        "- ".repeat(50_000),
        "[".repeat(100_000),
        "![".repeat(60_000) + &"](x)".repeat(20_000),
        "*a _b ".repeat(20_000),
        "**".repeat(60_000) + "x" + &"**".repeat(60_000),
        "`".repeat(100_000),
        "<".repeat(100_000),
        "&".repeat(100_000),
        table,
        "|".repeat(100_000) + "\n" + &"|-".repeat(60_000),
        "\u{202e}".repeat(60_000),
        "[a](<b>)".repeat(20_000),
        (0..5000).map(|at| format!("[{at}]: x\n")).collect::<String>() + &"[1][2]".repeat(10_000),
    ] {
        let begun = Instant::now();
        let made = body(&hostile);
        let took = begun.elapsed();
        check(&made);
        assert!(made.len() < 6 * 1024 * 1024, "{} bytes of {:.20}", made.len(), hostile);
        assert!(took < Duration::from_secs(10), "{took:?} for {hostile:.20}");
    }
}

#[test]
fn a_text_that_is_too_long_says_so() {
    let made = body(&"word \n\n".repeat(100_000));
    assert!(made.ends_with("The exact text has all of it.</p>"));
}

#[test]
fn the_hash_is_that_of_the_style() {
    let digest = Digest::of(STYLE.as_bytes());
    assert_eq!(data_encoding::BASE64.encode(digest.as_bytes()), HASH);
    assert!(!STYLE.contains("url(") && !STYLE.contains('@') && !STYLE.contains("</"));
}

/// The gallery shows what is made here.
#[test]
fn the_page_of_the_gallery_is_the_one_that_is_made() {
    let text = include_str!("hostile.md");
    check(&body(text));
    let both = serde_json::json!({ "light": markdown(text, false), "dark": markdown(text, true) });
    let made = serde_json::to_string_pretty(&both).unwrap() + "\n";
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../ui/dev/rendered.json");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(path, &made).unwrap();
    }
    assert!(std::fs::read_to_string(path).unwrap() == made, "UPDATE_EXPECT=1 writes it anew");
}

proptest! {
    #[test]
    fn every_text_becomes_elements_that_do_nothing(
        text in prop::collection::vec(prop::sample::select(vec![
            "<", ">", "\"", "'", "&", "[", "]", "(", ")", "!", "*", "_", "`", "|", "-", "#", ">", " ", "\n", "\n\n",
            "    ", "a", "javascript:", "http://x/", "<script>", "</style>", "onload=", "\u{202e}", "א", "\0", "~~~", "1.",
        ]), 0..60)
    ) {
        check(&body(&text.concat()));
    }
}
