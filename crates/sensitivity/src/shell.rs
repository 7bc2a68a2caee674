//! Takes command lines apart as shells read them, so that a person sees what is in them.
//!
//! Promises: what is named is there, as it is written; what is not understood is
//! [`Kind::Unclear`] and never guessed; never more than a bounded number of parts, and work
//! in proportion to the length. The grammar is that of POSIX, and of bash where it goes further.
//!
//! An addition to the exact arguments, never in their place.

mod inside;
mod operators;
pub(crate) mod words;

use std::ops::Range;

use countersign_core::digest::Digest;

use crate::Finding;
pub use inside::quoted;
use inside::{Arg, Inside, inside, runs};
use operators::{Document, is_assignment, keyword, redirect, separator};
use words::{Filled, Unclear, Word, fillings, word};

/// Parts of one program's arguments that are listed.
const MOST: usize = 400;

/// Bytes of a command line that is taken apart.
const LONGEST: usize = 16 * 1024;

/// How deep command lines in command lines are taken apart.
const DEEPEST: usize = 6;

/// What a part of a command line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A command line in an argument, with what reads it.
    Line,
    /// The same in words: made of several arguments.
    Joined,
    /// A program in another language than a shell's.
    Program,
    Command,
    /// A word of the shell's own: `if`, `done`, `{`.
    Keyword,
    Separator,
    /// With its target.
    Redirect,
    /// `$(…)`
    Substitution,
    Backticks,
    /// `<(…)` or `>(…)`
    Process,
    Variable,
    /// A variable that is set.
    Assignment,
    Arithmetic,
    /// `$'…'`
    Escapes,
    /// A pattern that becomes names of files, or a list in braces.
    Glob,
    HereDocument,
    Comment,
    /// Not taken apart, from here to its end.
    Unclear,
}

/// A part of a command line. A part of it in turn follows it, one deeper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    pub kind: Kind,
    pub depth: usize,
    pub text: Vec<u8>,
    /// What it means, in our words; may be empty.
    pub note: &'static str,
    /// What was found about it, and the digest of the text that its range counts in.
    pub found: Option<(Finding, Digest)>,
}

/// The parts of those arguments that are command lines themselves, by the number of each argument.
///
/// `program` is the path of what runs; `argv` are its arguments, its own name first.
#[must_use]
pub fn command_lines(program: &[u8], argv: &[&[u8]]) -> Vec<(usize, Vec<Part>)> {
    let args: Vec<_> = argv.iter().map(|it| Arg { text: it.to_vec(), whole: true }).collect();
    let found = inside(Some(program), &args);
    let mut left = MOST;
    let apart = |it: Inside| {
        let mut taker = Taker { parts: Vec::new(), left };
        let at = it.at;
        taker.inside(it, 0);
        left = taker.left;
        (at, taker.parts)
    };
    found.into_iter().map(apart).collect()
}

struct Taker {
    parts: Vec<Part>,
    left: usize,
}

/// A command in the making.
#[derive(Default)]
struct Command {
    words: Vec<Word>,
    /// With operator and target, and what it means.
    redirects: Vec<(Range<usize>, Word, &'static str)>,
    range: Option<Range<usize>>,
}

impl Command {
    fn grow(&mut self, by: Range<usize>) {
        self.range = Some(self.range.as_ref().map_or(by.start, |it| it.start)..by.end);
    }
}

impl Taker {
    fn add(&mut self, kind: Kind, depth: usize, text: &[u8], note: &'static str) {
        self.left = self.left.saturating_sub(1);
        match self.left {
            0 => {}
            1 => self.parts.push(Part {
                kind: Kind::Unclear,
                depth: 0,
                text: Vec::new(),
                note: "so many parts are not listed; the rest is in the exact arguments alone",
                found: None,
            }),
            _ => self.parts.push(Part { kind, depth, text: text.to_vec(), note, found: None }),
        }
    }

    fn inside(&mut self, it: Inside, depth: usize) {
        self.add(it.kind, depth, &it.text, it.note);
        if it.kind != Kind::Program {
            self.line(&it.text, depth + 1);
        }
    }

    /// The parts of a command line.
    fn line(&mut self, text: &[u8], depth: usize) {
        let why = if text.len() > LONGEST {
            "it is too long"
        } else if depth > DEEPEST {
            "too much stands in one another"
        } else {
            match self.commands(text, depth) {
                Ok(()) => return,
                Err((from, Unclear(why))) => return self.add(Kind::Unclear, depth, &text[from..], why),
            }
        };
        self.add(Kind::Unclear, depth, b"", why);
    }

    /// Where an error is, what follows is not taken apart.
    fn commands(&mut self, text: &[u8], depth: usize) -> Result<(), (usize, Unclear)> {
        let (mut at, mut command) = (0, Command::default());
        // Of a pipe: where it began.
        let (mut pipe, mut groups, mut documents) = (None::<usize>, 0_usize, Vec::new());
        while let Some(&byte) = text.get(at) {
            let rest = &text[at..];
            let begin = command.range.as_ref().map_or(at, |it| it.start);
            let unclear = |why| (begin, Unclear(why));
            match byte {
                b' ' | b'\t' => at += 1,
                b'\\' if rest.starts_with(b"\\\n") => at += 2,
                b'#' => {
                    let length = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
                    let comment = &rest[..length];
                    self.command(text, &mut command, pipe, depth);
                    self.add(Kind::Comment, depth, comment, "");
                    at += length;
                }
                b'(' if command.words.is_empty() && !rest.starts_with(b"((") => {
                    self.command(text, &mut command, pipe, depth);
                    self.add(Kind::Keyword, depth, b"(", "a shell of its own");
                    (at, groups) = (at + 1, groups + 1);
                }
                b'(' => return Err(unclear("a function, a list or arithmetic begins here")),
                b')' if groups > 0 => {
                    self.command(text, &mut command, pipe, depth);
                    self.add(Kind::Keyword, depth, b")", "");
                    (at, groups, pipe) = (at + 1, groups - 1, None);
                }
                b')' => return Err(unclear("a parenthesis closes that was not opened")),
                _ if rest.starts_with(b";;") || rest.starts_with(b";&") => {
                    return Err(unclear("a choice by patterns stands here"));
                }
                b';' | b'|' | b'\n' => {
                    let (length, note) = separator(rest);
                    let start = command.range.as_ref().map(|it| it.start);
                    let any = self.command(text, &mut command, pipe, depth);
                    let piped = byte == b'|' && rest.get(1) != Some(&b'|');
                    pipe = if piped { pipe.or(start).or(Some(at)) } else { None };
                    at += length;
                    if byte != b'\n' || (any && text[at..].iter().any(|it| !it.is_ascii_whitespace())) {
                        self.add(Kind::Separator, depth, &rest[..length], note);
                    }
                    if byte == b'\n' {
                        at = self.documents(text, at, &mut documents, depth).map_err(|it| (at, it))?;
                    }
                }
                b'&' if rest.get(1) != Some(&b'>') => {
                    let (length, note) = separator(rest);
                    self.command(text, &mut command, pipe, depth);
                    pipe = None;
                    self.add(Kind::Separator, depth, &rest[..length], note);
                    at += length;
                }
                b'<' | b'>' if rest.get(1) != Some(&b'(') => {
                    at = redirect(text, at, at, &mut command, &mut documents).map_err(unclear)?;
                }
                b'&' => at = redirect(text, at, at, &mut command, &mut documents).map_err(unclear)?,
                _ => {
                    let word = word(text, at, 0).map_err(|Unclear(why)| unclear(why))?;
                    let (range, digits) = (word.range.clone(), word.plain.iter().all(u8::is_ascii_digit));
                    if range.is_empty() {
                        return Err(unclear("it ends in the middle"));
                    }
                    at = range.end;
                    let operator =
                        matches!(text.get(at), Some(b'<' | b'>')) && text.get(at + 1) != Some(&b'(');
                    if digits && operator && !word.quoted && word.is_whole() {
                        at =
                            redirect(text, range.start, at, &mut command, &mut documents).map_err(unclear)?;
                        continue;
                    }
                    let raw = &text[range.clone()];
                    if command.range.is_none() {
                        if matches!(raw, b"case" | b"function" | b"coproc" | b"[[") {
                            return Err(unclear(
                                "a choice by patterns, a function or a test of bash stands here",
                            ));
                        }
                        if let Some(note) = keyword(raw) {
                            self.add(Kind::Keyword, depth, raw, note);
                            continue;
                        }
                    }
                    command.grow(range);
                    command.words.push(word);
                }
            }
        }
        let begin = command.range.as_ref().map_or(at, |it| it.start);
        if groups > 0 {
            return Err((begin, Unclear("a parenthesis is not closed")));
        }
        self.command(text, &mut command, pipe, depth);
        match documents.is_empty() {
            true => Ok(()),
            false => Err((at, Unclear("a here-document has no text"))),
        }
    }

    /// The bodies of here-documents, which begin at `at`. Where they end.
    fn documents(
        &mut self,
        text: &[u8],
        mut at: usize,
        of: &mut Vec<Document>,
        depth: usize,
    ) -> Result<usize, Unclear> {
        for Document { end, tabs, quoted } in of.drain(..) {
            let start = at;
            loop {
                let line = &text[at..];
                if line.is_empty() {
                    return Err(Unclear("a here-document is not ended"));
                }
                let length = line.iter().position(|byte| *byte == b'\n').unwrap_or(line.len());
                let tab = line[..length].iter().take_while(|byte| tabs && **byte == b'\t').count();
                let stop = line[tab..length] == end;
                let body = at;
                at += (length + 1).min(line.len());
                if stop {
                    let note = if quoted {
                        "as it stands"
                    } else {
                        "variables and substitutions in it are filled in"
                    };
                    self.add(Kind::HereDocument, depth, &text[start..body], note);
                    if !quoted {
                        self.fillings(&text[start..body], 0, depth + 1);
                    }
                    break;
                }
            }
        }
        Ok(at)
    }

    /// Lists a command and what is in it. False when there is none.
    fn command(&mut self, text: &[u8], of: &mut Command, pipe: Option<usize>, depth: usize) -> bool {
        let Command { words, redirects, range } = std::mem::take(of);
        let Some(range) = range else { return false };
        let set = words.iter().take_while(|word| is_assignment(&text[word.range.clone()])).count();
        let args: Vec<_> =
            words[set..].iter().map(|it| Arg { text: it.plain.clone(), whole: it.is_whole() }).collect();
        let start = self.parts.len();
        let note = match words.get(set) {
            Some(first) if matches!(first.plain.as_slice(), b"for" | b"select") => "for each of these words",
            Some(first) if !first.is_whole() => "which program that is, is not known before",
            _ => "",
        };
        self.add(Kind::Command, depth, &text[range.clone()], note);
        let found = runs(&words[set..], &args, pipe, &range);
        if let (Some(part), Some(found)) = (self.parts.get_mut(start), found) {
            part.found = Some((found, Digest::of(text)));
        }
        for word in &words[..set] {
            self.add(Kind::Assignment, depth + 1, &text[word.range.clone()], "");
        }
        let targets = redirects.iter().map(|(_, target, _)| target);
        for it in words.iter().chain(targets).flat_map(|it| &it.filled) {
            self.filled(text, it, depth + 1);
        }
        for (range, _, note) in redirects {
            self.add(Kind::Redirect, depth + 1, &text[range], note);
        }
        for it in inside(None, &args) {
            self.inside(it, depth + 1);
        }
        // What `eval` and the like are given runs what is printed: that is one finding.
        let rule = |part: &Part| part.found.as_ref().map(|(it, _)| it.rule.clone());
        if let Some((first, rest)) = self.parts.get_mut(start..).and_then(<[Part]>::split_first_mut)
            && first.found.is_some()
        {
            rest.iter_mut().filter(|it| rule(it) == rule(first)).for_each(|it| it.found = None);
        }
        true
    }

    /// What the shell puts in, and what is in that.
    fn filled(&mut self, text: &[u8], (kind, all, line): &Filled, depth: usize) {
        let all = &text[all.clone()];
        self.add(*kind, depth, all, "");
        match kind {
            Kind::Backticks => self.line(&without_escapes(&text[line.clone()]), depth + 1),
            Kind::Substitution | Kind::Process => self.line(&text[line.clone()], depth + 1),
            Kind::Variable | Kind::Arithmetic if all.len() > 2 => self.fillings(all, 2, depth + 1),
            _ => {}
        }
    }

    /// What is put into a text from `at` on in which quotation marks mean nothing.
    fn fillings(&mut self, text: &[u8], at: usize, depth: usize) {
        match fillings(text, at) {
            Ok(all) => all.iter().for_each(|it| self.filled(text, it, depth)),
            Err(Unclear(why)) => self.add(Kind::Unclear, depth, b"", why),
        }
    }
}

/// What is between backticks as the shell reads it.
fn without_escapes(text: &[u8]) -> Vec<u8> {
    let mut made = Vec::with_capacity(text.len());
    let mut bytes = text.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        let escaped = bytes.next_if(|next| byte == b'\\' && b"`\\$".contains(next));
        made.push(escaped.unwrap_or(byte));
    }
    made
}
