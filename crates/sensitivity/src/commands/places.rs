//! Where in a line a command may begin: [`look`].
//!
//! The line itself, after what editors, prompts and lists put before it; otherwise what is
//! in backticks, in the quotes of a program, or after "run".

use std::ops::Range;

use super::judge::{Judge, Place, is_known};
use super::lines::{Simple, Word};
use super::prose;
use super::sql;
use super::wrap;
use crate::text::{self, Text};

/// Places in one line that are looked at.
const MOST: usize = 16;

/// Lines that a backslash joins to one.
const MOST_JOINED: usize = 12;

/// The line around `at`, with those that a backslash at the end joins to it.
pub(super) fn whole_line(text: &Text<'_>, at: usize) -> Range<usize> {
    let mut line = text.line(at);
    for _ in 0..MOST_JOINED {
        if line.start < 2 || !text.part(line.start - 2..line.start).ends_with(b"\\\n") {
            break;
        }
        line.start = text.line(line.start - 1).start;
    }
    for _ in 0..MOST_JOINED {
        if line.end == 0 || text.bytes.get(line.end) != Some(&b'\n') || text.bytes[line.end - 1] != b'\\' {
            break;
        }
        line.end = text.line(line.end + 1).end;
    }
    line
}

/// Judges what may be a command in `line`, which begins at `base`.
pub(super) fn look(line: &[u8], base: usize, judge: &mut Judge<'_>) {
    let mut start = blank(line, 0);
    for _ in 0..5 {
        let rest = &line[start..];
        if statement(rest, base + start, judge) {
            return;
        }
        if is_command(rest) {
            return judge.line(rest, &Place::At(base + start), 0, false);
        }
        let length = lead(rest);
        if length == 0 {
            break;
        }
        start = blank(line, start + length);
    }
    inside(line, start, base, judge);
}

fn blank(line: &[u8], at: usize) -> usize {
    at + line[at.min(line.len())..].iter().take_while(|it| matches!(it, b' ' | b'\t' | b'\r')).count()
}

/// Whether `text` begins with a program that is known, a redirect, or the name of a variable that is set before one.
fn is_command(text: &[u8]) -> bool {
    let end = text
        .iter()
        .take(80)
        .position(|it| {
            it.is_ascii_whitespace() || matches!(it, b';' | b'|' | b'&' | b'<' | b'>' | b'(' | b')')
        })
        .unwrap_or(text.len().min(80));
    let Ok(word) = std::str::from_utf8(&text[..end]) else { return false };
    match text.first() {
        None => false,
        Some(b'>') => text.get(1).is_some_and(|it| b" >/".contains(it)) && is_bare_redirect(text),
        Some(b'$') if text.get(1) != Some(&b'(') => false,
        Some(b'"' | b'\'') if !is_quoted_word(word) => false,
        Some(b'(' | b'{' | b'$' | b'`' | b'!') => text.len() > 3 && is_inner_command(&text[1..]),
        _ if word.is_empty() => false,
        _ if word == ":" => text.get(1).is_some_and(|it| b" >".contains(it)) && text.contains(&b'>'),
        _ if wrap::is_assignment(word) => text[end..].iter().any(|it| !it.is_ascii_whitespace()),
        _ if is_redis(text) => false,
        _ => {
            let quote = word.trim_matches(['"', '\'']);
            (is_known(quote) || is_path(quote)) && !is_sentence(quote, &text[end..])
        }
    }
}

fn is_quoted_word(word: &str) -> bool {
    word.len() > 2 && word.as_bytes().first() == word.as_bytes().last()
}

fn is_path(word: &str) -> bool {
    word.contains('/') && is_known(wrap::name(word))
}

/// Whether a word with a capital goes before words of a sentence.
fn is_sentence(word: &str, rest: &[u8]) -> bool {
    let capitals = word.bytes().filter(u8::is_ascii_uppercase).count();
    let capital = word.starts_with(|it: char| it.is_ascii_uppercase())
        && capitals == 1
        && !word.contains('-')
        && word.len() > 1;
    let colon = word.ends_with(':');
    capital || colon || rest.first().is_some_and(|it| b"(:,".contains(it))
}

fn is_inner_command(text: &[u8]) -> bool {
    let start = blank(text, 0);
    let rest = text[start..].strip_prefix(b"(").unwrap_or(&text[start..]);
    let end =
        rest.iter().take(40).position(|it| !it.is_ascii_alphanumeric() && !b"-_.".contains(it)).unwrap_or(0);
    if rest.get(end) == Some(&b'`') && SPOKEN_OF.contains(&&rest[..end]) {
        return false;
    }
    std::str::from_utf8(&rest[..end]).is_ok_and(|it| !it.is_empty() && is_known(it))
}

/// `> file` and nothing else: not the sign of a quoted letter.
fn is_bare_redirect(text: &[u8]) -> bool {
    let rest = text[1..].trim_ascii();
    rest.len() > 1
        && !rest.contains(&b' ')
        && (rest.starts_with(b"/") || rest.contains(&b'/') || rest.contains(&b'.'))
        && !rest.starts_with(b"http")
}

/// Statements that are lines of their own: of SQL, and of the shells of databases.
fn statement(text: &[u8], at: usize, judge: &mut Judge<'_>) -> bool {
    if is_redis(text) {
        judge.line(
            &[b"redis-cli ", text].concat(),
            &Place::Within(at..at + text.trim_ascii_end().len().max(1)),
            0,
            false,
        );
        return true;
    }
    sql::may_begin(text) && judge.sql(text, at)
}

/// `FLUSHALL` and nothing else, as one types it.
fn is_redis(text: &[u8]) -> bool {
    const WHOLE: [&str; 9] = [
        "flushall",
        "flushdb",
        "flushall async",
        "flushdb async",
        "flushall sync",
        "flushdb sync",
        "SHUTDOWN",
        "SHUTDOWN NOSAVE",
        "SHUTDOWN SAVE",
    ];
    let text = text.trim_ascii();
    text.len() < 20
        && WHOLE.iter().enumerate().any(|(at, it)| {
            if at < 6 { text.eq_ignore_ascii_case(it.as_bytes()) } else { text == it.as_bytes() }
        })
}

/// Bytes of what stands before a command: a prompt, a sign of a list or a change, a key, an instruction.
fn lead(text: &[u8]) -> usize {
    if let Some(length) = cron(text) {
        return length;
    }
    for mark in
        ["$ ", "% ", "> ", "- ", "* ", "+ ", "@", "RUN ", "CMD ", "ENTRYPOINT ", "SHELL ", "| ", "! ", ">>> "]
    {
        if text.starts_with(mark.as_bytes()) {
            return mark.len();
        }
    }
    prompt(text).or_else(|| key(text)).or_else(|| number(text)).unwrap_or(0)
}

/// `name@host:~$ `, `PS C:\> `, `C:\>`, `mysql> `.
fn prompt(text: &[u8]) -> Option<usize> {
    let head = &text[..text.len().min(80)];
    let end = head.iter().position(|it| matches!(it, b'$' | b'#' | b'>' | b'%'))?;
    let name = &head[..end];
    let shell = name.contains(&b'@')
        || name.starts_with(b"PS ")
        || name.starts_with(b"C:\\")
        || name.starts_with(b"[");
    let tool = head[end] == b'>'
        && end < 24
        && name.iter().all(|it| it.is_ascii_alphanumeric() || b"_=#-".contains(it))
        && end > 0;
    ((shell || tool) && head.get(end + 1).is_some_and(|it| *it == b' ' || name.starts_with(b"C:\\")))
        .then_some(end + 1)
}

/// `run: `, `ExecStart=`, `"clean": "`.
fn key(text: &[u8]) -> Option<usize> {
    let quoted = usize::from(text.starts_with(b"\""));
    let name = text[quoted..]
        .iter()
        .take(40)
        .take_while(|it| it.is_ascii_alphanumeric() || b"_-.:".contains(it))
        .count();
    let mut at = quoted + name + quoted;
    if name == 0 || quoted == 1 && text.get(at - 1) != Some(&b'"') {
        return None;
    }
    let colon = text[..at].ends_with(b":");
    if !colon && !matches!(text.get(at), Some(b':' | b'=')) {
        return None;
    }
    at += usize::from(!colon);
    let value = blank(text, at);
    let is_exec = text.starts_with(b"Exec");
    (value > at || is_exec || quoted == 1).then_some(value)
}

fn number(text: &[u8]) -> Option<usize> {
    let digits = text.iter().take(3).take_while(|it| it.is_ascii_digit()).count();
    (digits > 0 && matches!(text.get(digits), Some(b'.' | b')')) && text.get(digits + 1) == Some(&b' '))
        .then_some(digits + 2)
}

/// The times of a line of `crontab`.
fn cron(text: &[u8]) -> Option<usize> {
    let mut at = 0;
    if text.starts_with(b"@") {
        const NAMES: [&str; 8] = [
            "@daily ",
            "@hourly ",
            "@reboot ",
            "@weekly ",
            "@monthly ",
            "@yearly ",
            "@midnight ",
            "@annually ",
        ];
        return NAMES.iter().find(|it| text.starts_with(it.as_bytes())).map(|it| it.len());
    }
    for _ in 0..5 {
        let field = text[at..].iter().take_while(|it| it.is_ascii_digit() || b"*/,-".contains(it)).count();
        if field == 0 || field > 20 || text.get(at + field) != Some(&b' ') {
            return None;
        }
        at = blank(text, at + field);
    }
    let rest = &text[at..];
    let user = rest.iter().take_while(|it| it.is_ascii_alphanumeric()).count();
    let known = std::str::from_utf8(&rest[..user]).is_ok_and(is_known);
    Some(if known || rest.get(user) != Some(&b' ') { at } else { at + user + 1 })
}

/// Programs whose names are words of other things too, where they stand alone in quotation marks.
const SPOKEN_OF: &[&[u8]] =
    &[b"halt", b"reboot", b"shutdown", b"poweroff", b"suspend", b"purge", b"wipe", b"kill"];

/// Commands within a line that is none itself.
fn inside(line: &[u8], from: usize, base: usize, judge: &mut Judge<'_>) {
    let (mut at, mut looked) = (from, 0);
    while at < line.len() && looked < MOST {
        let rest = &line[at..];
        let is_quote = |it: u8| (it == b'`') | (it == b'"') | (it == b'\'');
        let Some(next) = text::first(rest, is_quote) else { break };
        let quote = at + next;
        let byte = line[quote];
        let ticks = line[quote..].iter().take_while(|it| **it == byte).count();
        let start = quote + ticks;
        let code = byte == b'`' || is_code_before(&line[..quote]);
        if !code {
            // A quotation in a sentence, or an apostrophe.
            at = start;
            continue;
        }
        let end = text::first(&line[start.min(line.len())..], |it| it == byte).map(|it| start + it);
        looked += 1;
        let end = end.unwrap_or(line.len());
        let part = &line[start.min(end)..end];
        if byte != b'`' && is_list(line, end) && is_command(part) {
            list(line, quote, base, judge);
            at = line.len();
            continue;
        }
        let skipped = blank(part, 0);
        let begins = part[skipped..].strip_prefix(b"$ ").map_or(skipped, |_| skipped + 2);
        let part = &part[begins..];
        if SPOKEN_OF.contains(&part.trim_ascii()) {
            // It is named, and nothing is told.
        } else if is_command(part) {
            judge.line(part, &Place::At(base + start + begins), 0, byte == b'`');
        } else {
            statement(part, base + start + begins, judge);
        }
        at = end + 1;
    }
    introduced(line, from, base, judge);
}

/// Whether a quotation mark after `before` opens a text in a program: `os.system("`, `run: "`, `["`.
fn is_code_before(before: &[u8]) -> bool {
    let before = before.strip_suffix(b"\\").unwrap_or(before);
    let tail = before.trim_ascii_end();
    matches!(tail.last(), Some(b'(' | b':' | b'=' | b'[' | b',' | b'{' | b'+' | b'"' | b'\''))
        || tail.is_empty()
        || [&b"sh"[..], b"-c", b"-e", b"execute", b"exec", b"command", b"return", b"f", b"r", b"bat", b"pwsh"]
            .iter()
            .any(|it| {
                tail.ends_with(it)
                    && tail.len().checked_sub(it.len() + 1).is_none_or(|at| !tail[at].is_ascii_alphanumeric())
            })
}

/// Whether after the quotation mark at `end` another text of a list follows.
fn is_list(line: &[u8], end: usize) -> bool {
    let after = line.get(end + 1..).unwrap_or(&[]).trim_ascii_start();
    after.first() == Some(&b',')
        && after[1..].trim_ascii_start().first().is_some_and(|it| b"\"'".contains(it))
}

/// `["rm", "-rf", path]`: the arguments of a program as a list.
fn list(line: &[u8], from: usize, base: usize, judge: &mut Judge<'_>) {
    let (mut words, mut at) = (Vec::new(), from);
    while words.len() < 40 {
        let Some(&quote) = line.get(at).filter(|it| b"\"'".contains(it)) else { break };
        let Some(length) = line[at + 1..].iter().position(|it| *it == quote) else { break };
        let text = String::from_utf8_lossy(&line[at + 1..at + 1 + length]).into_owned();
        words.push(Word { text, quoted: false });
        at += length + 2;
        let rest = &line[at..];
        let between = rest.iter().take_while(|it| b", ".contains(it)).count();
        if between == 0 {
            break;
        }
        at += between;
    }
    let range = base + from..base + at.max(from + 1);
    judge.words(&words, &Simple::default(), range, 0, false);
}

/// What stands after "run" and the like in a sentence, if it is a command and no word of English.
fn introduced(line: &[u8], from: usize, base: usize, judge: &mut Judge<'_>) {
    let within = line.get(from..line.len().saturating_sub(1)).unwrap_or_default();
    for (at, then) in (from..).zip(within).filter(|(_, it)| matches!(it, b' ' | b':')) {
        if !leads(&line[from..at], *then) {
            continue;
        }
        let start = blank(line, at + 1);
        let rest = &line[start..];
        let name =
            rest.iter().take(40).take_while(|it| it.is_ascii_alphanumeric() || b"-_./".contains(it)).count();
        let is_english = || prose::is_english(&String::from_utf8_lossy(&rest[..name]).to_ascii_lowercase());
        // Few words are programs, and all others need not be looked up.
        if is_command(rest) && !is_english() {
            return judge.line(rest, &Place::At(base + start), 0, true);
        }
    }
}

/// Whether a command follows `before` and the byte after it.
fn leads(before: &[u8], then: u8) -> bool {
    let ends = |word: &str| {
        let at = before.len().checked_sub(word.len());
        at.is_some_and(|at| {
            before[at..].eq_ignore_ascii_case(word.as_bytes())
                && (at == 0 || !before[at - 1].is_ascii_alphanumeric())
        })
    };
    then == b':'
        || match before.last() {
            Some(b'n' | b'N') => ends("run"),
            Some(b'e' | b'E') => ends("execute") || ends("type"),
            Some(b'c') => ends("exec"),
            Some(b'g') => ends("running"),
            Some(b'o') => ends("sudo") || ends("do"),
            Some(b'h') => ends("with"),
            Some(b';') => true,
            Some(b'&') => ends("&&"),
            Some(b'|') => true,
            _ => false,
        }
}
