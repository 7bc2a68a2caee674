//! Reads one line of a program after another. Each step goes on by a character at least, and looks at few ahead.

use std::ops::Range;

use super::Class;

/// What is open at the end of a line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) enum State {
    #[default]
    Code,
    /// A comment, by its place in the list, and how many are in each other.
    Comment(usize, u32),
    /// A string, by its place in the list.
    Quoted(usize),
    /// A raw string of Rust, with so many hashes.
    Raw(usize),
    /// A text of a shell, up to a line that is this word.
    Here(String),
    /// Inside the angle brackets of an element.
    Tag,
}

/// How a string begins and ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Quote {
    pub(super) open: &'static str,
    pub(super) close: &'static str,
    /// A backslash takes the meaning from what follows it.
    pub(super) escapes: bool,
    pub(super) lines: bool,
}

/// What sets a language apart from one made of comments, strings, numbers and words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Plain,
    /// Lifetimes, raw strings.
    Rust,
    /// `/…/`.
    Script,
    /// `#` begins a comment at the beginning of a word; texts up to a word.
    Shell,
    /// Names up to this, and quotes at the beginning of a word alone.
    Keys(char),
    /// Names are strings.
    Json,
    /// Elements.
    Markup,
    /// Words in any case.
    Query,
}

/// A language, as far as colours go.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lexer {
    pub(super) kind: Kind,
    pub(super) line: &'static [&'static str],
    pub(super) block: &'static [(&'static str, &'static str)],
    pub(super) nests: bool,
    pub(super) quotes: &'static [Quote],
    /// A word after one of these is one of the language.
    pub(super) sigils: &'static str,
    pub(super) words: &'static [&'static str],
}

/// Words that stand for a value, in whatever language.
const VALUES: &[&str] =
    &["true", "false", "null", "nil", "None", "True", "False", "undefined", "NULL", "TRUE", "FALSE", "NaN"];

/// Bytes that are looked at to find the end of a `/…/`, a character or the word of a text.
const AHEAD: usize = 200;

type Say<'s> = &'s mut dyn FnMut(Range<usize>, Class);

impl Lexer {
    /// Reads `text` from `state` on; what is open after it.
    pub(super) fn line(&self, state: State, text: &str, say: Say<'_>) -> State {
        let mut line = Reading { lexer: self, text, at: 0, before: None, here: None };
        let mut state = state;
        if let State::Here(end) = &state {
            let over = text.trim_matches(['\t', ' ']) == end;
            say(0..text.len(), if over { Class::Keyword } else { Class::String });
            return if over { State::Code } else { state };
        }
        while line.at < text.len() {
            state = line.step(state, say);
        }
        match (state, line.here) {
            (State::Quoted(which), _) if !self.quotes[which].lines => State::Code,
            (State::Code, Some(word)) => State::Here(word),
            (state, _) => state,
        }
    }
}

struct Reading<'l> {
    lexer: &'l Lexer,
    text: &'l str,
    at: usize,
    /// The last character that was no space.
    before: Option<char>,
    /// The word up to which a text follows this line.
    here: Option<String>,
}

impl<'l> Reading<'l> {
    fn rest(&self) -> &'l str {
        &self.text[self.at..]
    }

    fn ahead(&self) -> &'l str {
        let rest = self.rest();
        &rest[..rest.floor_char_boundary(AHEAD)]
    }

    /// Whether this is the beginning of a word.
    fn fresh(&self) -> bool {
        let last = self.text[..self.at].chars().next_back();
        last.is_none_or(|ch| ch.is_whitespace() || "[]{}(),;:=&|<>".contains(ch))
    }

    fn take(&mut self, length: usize, class: Option<Class>, say: Say<'_>) {
        let end = self.at + length;
        if let Some(class) = class {
            say(self.at..end, class);
        }
        self.before = self.text[self.at..end].chars().rfind(|ch| !ch.is_whitespace()).or(self.before);
        self.at = end;
    }

    /// Reads on, from one state to the next.
    fn step(&mut self, state: State, say: Say<'_>) -> State {
        match state {
            State::Comment(which, depth) => self.comment(which, depth, say),
            State::Quoted(which) => self.quoted(which, 0, say),
            State::Raw(hashes) => self.raw(hashes, 0, say),
            State::Code | State::Here(_) => self.code(false, say),
            State::Tag => self.code(true, say),
        }
    }

    fn comment(&mut self, which: usize, depth: u32, say: Say<'_>) -> State {
        let (open, close) = self.lexer.block[which];
        let (mut depth, mut length) = (depth, 0);
        let rest = self.rest();
        while length < rest.len() && depth > 0 {
            let left = &rest[length..];
            if left.starts_with(close) {
                depth -= 1;
                length += close.len();
            } else if left.starts_with(open) && (self.lexer.nests || depth == 0) {
                depth += 1;
                length += open.len();
            } else {
                length += left.chars().next().map_or(1, char::len_utf8);
            }
        }
        self.take(length, Some(Class::Comment), say);
        if depth == 0 { State::Code } else { State::Comment(which, depth) }
    }

    fn quoted(&mut self, which: usize, begun: usize, say: Say<'_>) -> State {
        let quote = self.lexer.quotes[which];
        let rest = self.rest();
        let mut length = begun;
        let mut open = true;
        while open && length < rest.len() {
            let left = &rest[length..];
            if quote.escapes && left.starts_with('\\') {
                length += 1 + left[1..].chars().next().map_or(0, char::len_utf8);
            } else if left.starts_with(quote.close) {
                length += quote.close.len();
                open = false;
            } else {
                length += left.chars().next().map_or(1, char::len_utf8);
            }
        }
        let key = self.lexer.kind == Kind::Json && rest[length..].trim_start().starts_with(':');
        self.take(length, Some(if key { Class::Keyword } else { Class::String }), say);
        match open {
            true => State::Quoted(which),
            false if self.lexer.kind == Kind::Markup => State::Tag,
            false => State::Code,
        }
    }

    fn raw(&mut self, hashes: usize, begun: usize, say: Say<'_>) -> State {
        let close = format!("\"{}", "#".repeat(hashes));
        let rest = self.rest();
        let end = rest[begun..].find(&close).map(|at| begun + at + close.len());
        self.take(end.unwrap_or(rest.len()), Some(Class::String), say);
        if end.is_some() { State::Code } else { State::Raw(hashes) }
    }

    fn code(&mut self, tag: bool, say: Say<'_>) -> State {
        let lexer = self.lexer;
        let rest = self.rest();
        let shell = matches!(lexer.kind, Kind::Shell | Kind::Keys(_));
        if lexer.line.iter().any(|it| rest.starts_with(it)) && (!shell || self.fresh()) {
            self.take(rest.len(), Some(Class::Comment), say);
            return State::Code;
        }
        if let Some(which) = lexer.block.iter().position(|(open, _)| rest.starts_with(open)) {
            let open = lexer.block[which].0.len();
            self.take(open, Some(Class::Comment), say);
            return State::Comment(which, 1);
        }
        if let Some(next) = self.special(tag, say) {
            return next;
        }
        let quotes = !matches!(lexer.kind, Kind::Keys(_)) || self.fresh();
        let quotes = quotes && (tag || lexer.kind != Kind::Markup);
        if quotes && let Some(which) = lexer.quotes.iter().position(|it| rest.starts_with(it.open)) {
            return self.quoted(which, lexer.quotes[which].open.len(), say);
        }
        self.word(tag, say);
        if tag { State::Tag } else { State::Code }
    }

    /// A name, a number, or one other character.
    fn word(&mut self, tag: bool, say: Say<'_>) {
        let lexer = self.lexer;
        let rest = self.rest();
        let Some(first) = rest.chars().next() else { return };
        let name = |ch: char| ch.is_alphanumeric() || ch == '_';
        if lexer.sigils.contains(first) {
            let length = rest[1..].find(|ch| !name(ch) && ch != '-').map_or(rest.len(), |at| at + 1);
            let class = (length > 1).then_some(Class::Keyword);
            return self.take(length, class, say);
        }
        if !name(first) {
            return self.take(first.len_utf8(), None, say);
        }
        let number = first.is_ascii_digit();
        let inside = |ch| name(ch) || (number && ch == '.');
        let length = rest.find(|ch| !inside(ch)).unwrap_or(rest.len());
        let word = &rest[..length];
        let words = lexer.words;
        let class = if number || VALUES.contains(&word) {
            (lexer.kind != Kind::Markup).then_some(Class::Literal)
        } else if lexer.kind == Kind::Query {
            words.iter().any(|it| it.eq_ignore_ascii_case(word)).then_some(Class::Keyword)
        } else {
            words.contains(&word).then_some(Class::Keyword)
        };
        self.take(length, class.filter(|_| !tag), say);
    }

    /// What only some languages have.
    fn special(&mut self, tag: bool, say: Say<'_>) -> Option<State> {
        let rest = self.rest();
        let ahead = self.ahead();
        match self.lexer.kind {
            Kind::Rust if rest.starts_with('\'') => {
                let (length, class) = match character(ahead) {
                    Some(length) => (length, Some(Class::String)),
                    None => (1, None),
                };
                self.take(length, class, say);
                Some(State::Code)
            }
            Kind::Rust if self.fresh() && rest.starts_with(['r', 'b']) => {
                let after = ahead.trim_start_matches('b').strip_prefix('r')?;
                let hashes = after.len() - after.trim_start_matches('#').len();
                after[hashes..].starts_with('"').then_some(())?;
                let begun = ahead.len() - after.len() + hashes + 1;
                Some(self.raw(hashes, begun, say))
            }
            Kind::Script if rest.starts_with('/') => {
                self.before.is_none_or(|ch| "(,=:[!&|?{};+".contains(ch)).then_some(())?;
                let length = pattern(ahead)?;
                self.take(length, Some(Class::String), say);
                Some(State::Code)
            }
            Kind::Shell if rest.starts_with("<<") && !rest.starts_with("<<<") => {
                let after = ahead[2..].trim_start_matches('-').trim_start();
                let word = after.trim_start_matches(['\'', '"', '\\']);
                let end = word.find(|ch: char| !ch.is_alphanumeric() && ch != '_').unwrap_or(word.len());
                let here = word[..end].to_owned();
                let length =
                    ahead.len() - word.len() + end + usize::from(word[end..].starts_with(['\'', '"']));
                let class = (end > 0).then_some(Class::Keyword);
                self.take(length, class, say);
                self.here = Some(here).filter(|it| !it.is_empty());
                Some(State::Code)
            }
            // One that is taken literally.
            Kind::Shell if rest.starts_with('\\') => {
                self.take(rest.ceil_char_boundary(2), None, say);
                Some(State::Code)
            }
            Kind::Keys(end) if self.before.is_none_or(|ch| ch == '-' || ch == '[') => {
                let length = key(ahead, end)?;
                self.take(length, Some(Class::Keyword), say);
                Some(State::Code)
            }
            Kind::Markup if tag && rest.starts_with('>') => {
                self.take(1, None, say);
                Some(State::Code)
            }
            Kind::Markup if !tag && rest.starts_with('<') => {
                let name = rest[1..].trim_start_matches('/');
                let begins = |ch: char| ch.is_alphabetic() || ch == '!' || ch == '?';
                name.starts_with(begins).then_some(())?;
                let skipped = rest.len() - name.len();
                let ends = |ch: char| ch.is_whitespace() || ch == '>' || ch == '/';
                let length = skipped + name.find(ends).unwrap_or(name.len());
                self.take(length, Some(Class::Keyword), say);
                Some(State::Tag)
            }
            _ => None,
        }
    }
}

/// How long `'x'` or `'\…'` is; a lifetime is none.
fn character(text: &str) -> Option<usize> {
    let mut inside = text[1..].chars();
    match inside.next()? {
        '\\' => {
            let after = 2 + inside.next()?.len_utf8();
            text[after..].find('\'').filter(|at| *at < 12).map(|at| after + at + 1)
        }
        '\'' => None,
        ch => (inside.next()? == '\'').then_some(2 + ch.len_utf8()),
    }
}

/// How long `/…/` is.
fn pattern(text: &str) -> Option<usize> {
    let (mut class, mut escaped) = (false, false);
    for (at, ch) in text.char_indices().skip(1) {
        match ch {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => class = true,
            ']' => class = false,
            '/' if !class => return (at > 1).then_some(at + 1),
            _ => {}
        }
    }
    None
}

/// How long the name is that stands before `end` at the beginning of a line.
fn key(text: &str, end: char) -> Option<usize> {
    let length = text.find(|ch: char| !ch.is_alphanumeric() && !"_-./".contains(ch)).unwrap_or(text.len());
    let after = &text[length..];
    let named = match end {
        ':' => after.strip_prefix(':').is_some_and(|it| it.is_empty() || it.starts_with(char::is_whitespace)),
        _ => after.trim_start().starts_with([end, ']', ':']),
    };
    (length > 0 && named).then_some(length)
}
