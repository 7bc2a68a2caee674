//! A text as a reader of Markdown could show it, as a page in which nothing acts.
//!
//! The page is made of a handful of elements without attributes other than
//! `class`. HTML in the text stays text, pictures are named instead of loaded,
//! links lead nowhere and say where they would; what is invisible or moves
//! other text is a chip, as in the exact rows.

use countersign_sheet::{ChipTone, SegmentKind, segments};
use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::link::leads_to;

/// The one style sheet of the page. The window's policy names it by its hash.
pub const STYLE: &str = include_str!("markdown.css");

/// The SHA-256 of [`STYLE`] in base64, as a policy writes it.
pub const HASH: &str = "tbathF1qnzIhR2cl/bzAeWPOfTAfNWZ2gru2tb6e+CY=";

/// Bytes of a text that are rendered; the exact rows have all of it.
const MOST: usize = 128 * 1024;

/// Bytes of a page's body.
const MOST_MADE: usize = 1024 * 1024;

/// Elements inside one another. What is deeper stands in the deepest.
const DEEPEST: usize = 24;

/// The whole page of `text`, for a frame that may do nothing.
#[must_use]
pub fn markdown(text: &str, dark: bool) -> String {
    let end = (0..=MOST.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let mut body = Body::default();
    let gfm = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    for event in Parser::new_ext(&text[..end], gfm) {
        body.take(event);
        if body.made.len() > MOST_MADE {
            body.cut = true;
            break;
        }
    }
    while body.close().is_some() {}
    if body.cut || end < text.len() {
        body.made.push_str(
            "<p class=\"ours\">What comes after this is not rendered. The exact text has all of it.</p>",
        );
    }
    let theme = if dark { "dark" } else { "light" };
    format!(
        "<!doctype html><html class=\"{theme}\"><head><meta charset=\"utf-8\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{HASH}'\">\
         <meta name=\"referrer\" content=\"no-referrer\"><title>As rendered</title><style>{STYLE}</style></head>\
         <body>{}</body></html>",
        body.made
    )
}

/// The body of the page in the making.
#[derive(Default)]
struct Body {
    made: String,
    /// What closes each element that is open; nothing for one that was not begun.
    open: Vec<String>,
    /// In the first row of a table.
    heads: bool,
    cut: bool,
}

impl Body {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => {
                self.heads &= tag != TagEnd::TableHead;
                self.close();
            }
            Event::Text(text) | Event::InlineMath(text) | Event::DisplayMath(text) => self.text(&text),
            Event::Html(text) | Event::InlineHtml(text) => {
                self.inside("<code class=\"html\">", "</code>", &text);
            }
            Event::Code(text) => self.inside("<code>", "</code>", &text),
            Event::FootnoteReference(name) => self.inside("<sup>", "</sup>", &name),
            Event::SoftBreak => self.made.push('\n'),
            Event::HardBreak => self.made.push_str("<br>"),
            Event::Rule => self.made.push_str("<hr>"),
            Event::TaskListMarker(done) => self.made.push_str(if done { "☑ " } else { "☐ " }),
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        let end = |name: &str| format!("</{name}>");
        match tag {
            Tag::Heading { level, .. } => self.element(heading(level)),
            Tag::BlockQuote(_) => self.element("blockquote"),
            Tag::CodeBlock(CodeBlockKind::Fenced(name)) if !name.is_empty() => {
                self.begin("<pre>", end("pre"));
                // Somebody else's word, which must not look like one of ours.
                self.inside("<code class=\"html\">", "</code>\n", &name);
            }
            Tag::CodeBlock(_) | Tag::HtmlBlock | Tag::MetadataBlock(_) => self.element("pre"),
            Tag::List(None) => self.element("ul"),
            // The first number stands in the text: an attribute could carry anything.
            Tag::List(Some(1)) => self.element("ol"),
            Tag::List(Some(first)) => {
                self.begin(&format!("<p class=\"ours\">counted from {first}</p><ol>"), end("ol"));
            }
            Tag::Item => self.element("li"),
            Tag::Table(_) => self.element("table"),
            Tag::TableHead => {
                self.heads = true;
                self.element("tr");
            }
            Tag::TableRow => self.element("tr"),
            Tag::TableCell => self.element(if self.heads { "th" } else { "td" }),
            Tag::Emphasis => self.element("em"),
            Tag::Strong => self.element("strong"),
            Tag::Strikethrough => self.element("del"),
            Tag::Link { dest_url, .. } => {
                let to = format!("</span><span class=\"to\"> → {}</span>", escaped(&leads_to(&dest_url)));
                self.begin("<span class=\"link\">", to);
            }
            Tag::Image { dest_url, .. } => {
                let to = format!("<span class=\"to\"> not loaded: {}]</span></span>", escaped(&dest_url));
                self.begin("<span class=\"picture\">[picture ", to);
            }
            _ => self.element("p"),
        }
    }

    fn element(&mut self, name: &str) {
        self.begin(&format!("<{name}>"), format!("</{name}>"));
    }

    fn begin(&mut self, start: &str, end: String) {
        // Of what is too deep a link still says where it leads.
        let told = end.contains("class=\"to\"");
        if self.open.len() < DEEPEST || (told && self.open.len() < 2 * DEEPEST) {
            self.made.push_str(start);
            self.open.push(end);
        } else {
            self.open.push(String::new());
        }
    }

    fn close(&mut self) -> Option<()> {
        let end = self.open.pop()?;
        self.made.push_str(&end);
        Some(())
    }

    fn inside(&mut self, start: &str, end: &str, text: &str) {
        self.made.push_str(start);
        self.text(text);
        self.made.push_str(end);
    }

    fn text(&mut self, text: &str) {
        self.made.push_str(&escaped(text));
    }
}

fn heading(level: HeadingLevel) -> &'static str {
    ["h1", "h2", "h3", "h4", "h5", "h6"][level as usize - 1]
}

/// Text as markup that is this text: nothing of it is an element, and what is not to be seen is a chip.
fn escaped(text: &str) -> String {
    let mut made = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let inside = line.strip_suffix('\n').unwrap_or(line);
        for segment in segments(inside.as_bytes()) {
            let (start, end) = match segment.kind {
                SegmentKind::Chip { tone: ChipTone::Red } | SegmentKind::Bytes => {
                    ("<span class=\"chip\">", "</span>")
                }
                _ if segment.rtl => ("<bdi>", "</bdi>"),
                _ => ("", ""),
            };
            // Spaces and tabs are themselves: nothing is counted here.
            let plain = segment.kind == SegmentKind::Chip { tone: ChipTone::Neutral };
            let shown = inside.get(segment.source).filter(|_| plain).unwrap_or(&segment.display);
            made.push_str(start);
            for ch in shown.chars() {
                match ch {
                    '<' => made.push_str("&lt;"),
                    '>' => made.push_str("&gt;"),
                    '&' => made.push_str("&amp;"),
                    '"' => made.push_str("&quot;"),
                    '\'' => made.push_str("&#39;"),
                    _ => made.push(ch),
                }
            }
            made.push_str(end);
        }
        if inside.len() < line.len() {
            made.push('\n');
        }
    }
    made
}
