//! What stands between words: separators, redirects, and words of the shell's own.

use super::Command;
use super::words::{Unclear, word};

/// What a here-document ends with, whether tabs before its lines go, and whether nothing in it is filled in.
pub(super) struct Document {
    pub(super) end: Vec<u8>,
    pub(super) tabs: bool,
    pub(super) quoted: bool,
}

/// Takes the redirect whose operator is at `at` into `command`. Where it ends.
pub(super) fn redirect(
    text: &[u8],
    start: usize,
    at: usize,
    command: &mut Command,
    documents: &mut Vec<Document>,
) -> Result<usize, &'static str> {
    const OPERATORS: [(&[u8], &str); 12] = [
        (b"&>>", "adds to it, as bash reads it"),
        (b"&>", "writes over it, as bash reads it"),
        (b"<<<", "a text of its own, read"),
        (b"<<-", "a here-document, below"),
        (b"<<", "a here-document, below"),
        (b"<>", "reads and writes it"),
        (b"<&", "reads from there"),
        (b">>", "adds to it"),
        (b">&", "writes there"),
        (b">|", "writes over it"),
        (b"<", "reads it"),
        (b">", "writes over it"),
    ];
    let operator = OPERATORS.iter().find(|(operator, _)| text[at..].starts_with(operator));
    let (operator, note) = operator.ok_or("it ends in the middle")?;
    let mut target = at + operator.len();
    target += text[target..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let made = word(text, target, 0).map_err(|Unclear(why)| why)?;
    if made.range.is_empty() {
        return Err("a redirect has no target");
    }
    if matches!(*operator, b"<<" | b"<<-") {
        documents.push(Document { end: made.plain.clone(), tabs: *operator == b"<<-", quoted: made.quoted });
    }
    let end = made.range.end;
    command.grow(start..end);
    command.redirects.push((start..end, made, note));
    Ok(end)
}

pub(super) fn separator(rest: &[u8]) -> (usize, &'static str) {
    match (rest[0], rest.get(1)) {
        (b'&', Some(b'&')) => (2, "then, if that succeeded"),
        (b'|', Some(b'|')) => (2, "then, if that failed"),
        (b'|', Some(b'&')) => (2, "what it prints, errors too, goes to"),
        (b'|', _) => (1, "what it prints goes to"),
        (b'&', _) => (1, "goes on beside what follows"),
        _ => (1, "then"),
    }
}

pub(super) fn keyword(word: &[u8]) -> Option<&'static str> {
    Some(match word {
        b"if" | b"elif" => "if this succeeds",
        b"then" | b"else" | b"do" | b"fi" | b"done" | b"{" | b"}" => "",
        b"while" => "as long as this succeeds",
        b"until" => "until this succeeds",
        b"!" => "not",
        _ => return None,
    })
}

pub(super) fn is_assignment(word: &[u8]) -> bool {
    let name = word.iter().take_while(|it| it.is_ascii_alphanumeric() || **it == b'_').count();
    let rest = &word[name..];
    name > 0 && !word[0].is_ascii_digit() && (rest.starts_with(b"=") || rest.starts_with(b"+="))
}
