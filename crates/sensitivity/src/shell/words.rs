//! Words of a command line: where they end, and what a shell puts in their place.
//!
//! All of it looks at each byte once, and recurses as deep as [`DEPTH`] allows.

use std::ops::Range;

use super::Kind;

/// How deep quotes, braces and substitutions may stand in one another.
const DEPTH: usize = 16;

/// Why a text is not taken apart, in our words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unclear(pub(crate) &'static str);

/// What stands for something else: all of it, and in it the part that is a command line.
pub(crate) type Filled = (Kind, Range<usize>, Range<usize>);

/// A word, and what it says.
#[derive(Debug, Default)]
pub(crate) struct Word {
    pub(crate) range: Range<usize>,
    /// Without quotes. What is put in by the shell is in it as it is written.
    pub(crate) plain: Vec<u8>,
    /// What the shell would put in, in order.
    pub(crate) filled: Vec<Filled>,
    /// Quoted, in a part of it at least.
    pub(crate) quoted: bool,
}

impl Word {
    /// Whether `plain` is what the program is given.
    pub(super) fn is_whole(&self) -> bool {
        self.filled.is_empty()
    }

    pub(super) fn has(&self, kinds: &[Kind]) -> bool {
        self.filled.iter().any(|(kind, ..)| kinds.contains(kind))
    }
}

/// Whether an unquoted word ends before it.
pub(super) fn ends(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b'<' | b'>' | b'(' | b')')
}

/// The word that begins at `at`.
pub(crate) fn word(text: &[u8], mut at: usize, depth: usize) -> Result<Word, Unclear> {
    let (mut made, mut double) = (Word::default(), false);
    let (start, mut pattern) = (at, None);
    while let Some(&byte) = text.get(at) {
        let next = text.get(at + 1).copied();
        match byte {
            b'\\' => {
                match next {
                    Some(b'\n') => {}
                    Some(next) if double && !b"$`\"\\".contains(&next) => made.plain.extend([b'\\', next]),
                    Some(next) => made.plain.push(next),
                    None => made.plain.push(b'\\'),
                }
                made.quoted = true;
                at = text.len().min(at + 2);
            }
            b'"' => {
                (double, made.quoted) = (!double, true);
                at += 1;
            }
            b'\'' if !double => {
                let end = single(text, at + 1)?;
                made.plain.extend(&text[at + 1..end - 1]);
                (at, made.quoted) = (end, true);
            }
            b'$' if next == Some(b'"') && !double => at += 1,
            b'$' | b'`' => match filled(text, at, double, depth)? {
                Some((kind, end, inner)) => {
                    made.plain.extend(&text[at..end]);
                    made.filled.push((kind, at..end, inner));
                    at = end;
                }
                None => {
                    made.plain.push(byte);
                    at += 1;
                }
            },
            b'<' | b'>' if !double && next == Some(b'(') => {
                let (end, _) = matched(text, at + 2, depth + 1)?;
                made.plain.extend(&text[at..end]);
                made.filled.push((Kind::Process, at..end, at + 2..end - 1));
                at = end;
            }
            _ if !double && ends(byte) => break,
            _ => {
                let special = matches!(byte, b'*' | b'?' | b'[') || (byte == b'{' && is_list(&text[at..]));
                let home = byte == b'~' && at == start;
                if !double && (special || home) {
                    pattern.get_or_insert(if home { Kind::Variable } else { Kind::Glob });
                }
                made.plain.push(byte);
                at += 1;
            }
        }
    }
    if double {
        return Err(Unclear("a quotation mark is not closed"));
    }
    made.range = start..at;
    made.filled.extend(pattern.map(|kind| (kind, start..at, at..at)));
    Ok(made)
}

/// What is put into a text from `at` on, as in quotation marks.
pub(super) fn fillings(text: &[u8], mut at: usize) -> Result<Vec<Filled>, Unclear> {
    let mut all = Vec::new();
    while let Some(&byte) = text.get(at) {
        at += match byte {
            b'\\' => 2,
            b'$' | b'`' => match filled(text, at, true, 0)? {
                Some((kind, end, line)) => {
                    all.push((kind, at..end, line));
                    end - at
                }
                None => 1,
            },
            _ => 1,
        };
    }
    Ok(all)
}

/// `{a,b}` or `{1..9}`, of which bash makes several words.
fn is_list(text: &[u8]) -> bool {
    let end = text.iter().position(|byte| *byte == b'}' || ends(*byte));
    let inside = &text[..end.unwrap_or(0)];
    text.get(inside.len()) == Some(&b'}')
        && (inside.contains(&b',') || inside.windows(2).any(|it| it == b".."))
}

/// After the `'` that closes what began before `at`.
fn single(text: &[u8], at: usize) -> Result<usize, Unclear> {
    let length = text[at..].iter().position(|byte| *byte == b'\'');
    length.map(|length| at + length + 1).ok_or(Unclear("a quotation mark is not closed"))
}

/// What stands for something else from the `$` or backtick at `at`: its kind, its end, the command line in it.
fn filled(
    text: &[u8],
    at: usize,
    double: bool,
    depth: usize,
) -> Result<Option<(Kind, usize, Range<usize>)>, Unclear> {
    if depth > DEPTH {
        return Err(Unclear("too much stands in one another"));
    }
    let none = at..at;
    if text[at] == b'`' {
        let mut end = at + 1;
        while *text.get(end).ok_or(Unclear("a backtick is not closed"))? != b'`' {
            end += if text[end] == b'\\' { 2 } else { 1 };
        }
        return Ok(Some((Kind::Backticks, end + 1, at + 1..end)));
    }
    let name = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
    Ok(match text.get(at + 1) {
        Some(b'(') => {
            let (end, number) = matched(text, at + 2, depth + 1)?;
            Some(if number {
                (Kind::Arithmetic, end, none)
            } else {
                (Kind::Substitution, end, at + 2..end - 1)
            })
        }
        Some(b'{') => Some((Kind::Variable, braces(text, at + 2, double, depth + 1)?, none)),
        Some(b'\'') if !double => {
            let mut end = at + 2;
            while *text.get(end).ok_or(Unclear("a quotation mark is not closed"))? != b'\'' {
                end += if text[end] == b'\\' { 2 } else { 1 };
            }
            Some((Kind::Escapes, end + 1, none))
        }
        Some(byte) if byte.is_ascii_alphabetic() || *byte == b'_' => {
            Some((Kind::Variable, at + 1 + text[at + 1..].iter().take_while(name).count(), none))
        }
        Some(byte) if byte.is_ascii_digit() || b"@*#?-$!".contains(byte) => {
            Some((Kind::Variable, at + 2, none))
        }
        _ => None,
    })
}

/// After the `)` that closes a command line which began before `at`; and whether all of that was in parentheses itself.
fn matched(text: &[u8], mut at: usize, depth: usize) -> Result<(usize, bool), Unclear> {
    if depth > DEPTH {
        return Err(Unclear("too much stands in one another"));
    }
    let (start, mut first, mut fresh) = (at, None, true);
    while let Some(&byte) = text.get(at) {
        let rest = &text[at..];
        match byte {
            b')' => return Ok((at + 1, first == Some(at))),
            b'(' => {
                let (end, _) = matched(text, at + 1, depth + 1)?;
                first = first.or((at == start).then_some(end));
                at = end;
            }
            b'#' if fresh => at += rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len()),
            b'<' | b'>' if rest.get(1) == Some(&b'(') => at = matched(text, at + 2, depth + 1)?.0,
            b'<' if rest.starts_with(b"<<") && !rest.starts_with(b"<<<") => {
                return Err(Unclear("a here-document stands inside of parentheses"));
            }
            b'<' if rest.starts_with(b"<<<") => at += 3,
            _ if ends(byte) => at += 1,
            _ => {
                let word = word(text, at, depth + 1)?;
                if &text[word.range.clone()] == b"case" {
                    return Err(Unclear("a choice by patterns (case) stands inside of parentheses"));
                }
                at = word.range.end;
            }
        }
        fresh = ends(byte);
    }
    Err(Unclear("a parenthesis is not closed"))
}

/// After the `}` that closes a variable which began before `at`.
fn braces(text: &[u8], mut at: usize, double: bool, depth: usize) -> Result<usize, Unclear> {
    let mut quoted = false;
    while let Some(&byte) = text.get(at) {
        at = match byte {
            b'}' if !quoted => return Ok(at + 1),
            b'\\' => at + 2,
            b'\'' if !double && !quoted => single(text, at + 1)?,
            b'"' => {
                quoted = !quoted;
                at + 1
            }
            b'$' | b'`' => filled(text, at, double || quoted, depth)?.map_or(at + 1, |(_, end, _)| end),
            _ => at + 1,
        };
    }
    Err(Unclear("a brace is not closed"))
}
