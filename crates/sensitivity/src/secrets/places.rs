//! Secrets that are known by where they stand: in a link, a header, a command line, a block.

use std::ops::Range;

use super::random::{Looks, entropy, is_random, stands_for};
use crate::text::Text;

/// Where a secret can stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// `-----BEGIN … PRIVATE KEY-----`
    Block,
    /// `scheme://user:password@host`
    Link,
    /// `Authorization: Basic …`
    Basic,
    /// `Bearer …`
    Bearer,
    /// A token of JSON in base64, as it begins.
    Json,
    /// `mysql -p…`, `curl -u user:…`
    Option,
    /// `AccountKey=…`
    Account,
    /// `$6$salt$…`
    Hash,
    /// `1234567890:AA…`
    Telegram,
    /// Azure's client secrets have this in their middle.
    Azure,
    /// OpenAI's keys have this in their middle.
    OpenAi,
    /// `_mmk` at the end.
    MaxMind,
    /// `NRAL` at the end.
    NewRelic,
    /// A number after what a Mailchimp key ends with.
    Mailchimp,
}

pub(crate) const WORDS: &[(&str, Place)] = &[
    ("PRIVATE KEY", Place::Block),
    ("PuTTY-User-Key-File", Place::Block),
    ("://", Place::Link),
    ("basic ", Place::Basic),
    ("bearer ", Place::Bearer),
    ("eyJ", Place::Json),
    ("ZXlK", Place::Json),
    (" -p", Place::Option),
    // As a shell writes an argument that has a sign of its own in it.
    (" '-p", Place::Option),
    (" -u ", Place::Option),
    (" --user ", Place::Option),
    ("AccountKey=", Place::Account),
    ("SharedAccessKey=", Place::Account),
    ("sig=", Place::Account),
    ("$6$", Place::Hash),
    ("$5$", Place::Hash),
    ("$1$", Place::Hash),
    ("$2a$", Place::Hash),
    ("$2b$", Place::Hash),
    ("$2y$", Place::Hash),
    (":AA", Place::Telegram),
    ("8Q~", Place::Azure),
    ("7Q~", Place::Azure),
    ("T3BlbkFJ", Place::OpenAi),
    ("_mmk", Place::MaxMind),
    ("NRAL", Place::NewRelic),
    ("-us1", Place::Mailchimp),
    ("-us2", Place::Mailchimp),
];

impl Place {
    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::Block => "private-key",
            Self::Link => "credentials-in-link",
            Self::Basic => "basic-authorization",
            Self::Bearer => "bearer-token",
            Self::Json => "json-web-token",
            Self::Option => "password-option",
            Self::Account => "account-key",
            Self::Hash => "password-hash",
            Self::Telegram => "telegram-token",
            Self::Azure => "azure-secret",
            Self::OpenAi => "openai-key",
            Self::MaxMind => "maxmind-key",
            Self::NewRelic => "newrelic-key",
            Self::Mailchimp => "mailchimp-key",
        }
    }
}

type Seen = Option<(Range<usize>, &'static str)>;

/// The secret at a word of this place.
pub(crate) fn look(place: Place, text: &Text<'_>, at: &Range<usize>) -> Seen {
    match place {
        Place::Block => block(text, at),
        Place::Link => link(text, at),
        Place::Basic => basic(text, at),
        Place::Bearer => bearer(text, at),
        Place::Json => json(text, at),
        Place::Option => option(text, at),
        Place::Account => account(text, at),
        Place::Hash => hash(text, at),
        Place::Telegram => telegram(text, at),
        Place::Azure | Place::OpenAi | Place::MaxMind | Place::NewRelic | Place::Mailchimp
            if !WORDS.iter().any(|it| it.1 == place && it.0.as_bytes() == text.part(at.clone())) =>
        {
            None
        }
        Place::Azure => around(text, at, 3..=3, 30..=36, b"-_.~", "Azure client secret"),
        Place::OpenAi => around(text, at, 16..=100, 16..=100, b"-_", "OpenAI key"),
        Place::MaxMind => around(text, at, 30..=40, 0..=0, b"_", "MaxMind key"),
        Place::NewRelic => around(text, at, 32..=42, 0..=0, b"", "New Relic key"),
        Place::Mailchimp => around(text, at, 32..=32, 0..=1, b"", "Mailchimp key"),
    }
}

fn base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'-' | b'_')
}

fn run(bytes: &[u8], of: impl Fn(u8) -> bool) -> usize {
    bytes.iter().position(|it| !of(*it)).unwrap_or(bytes.len())
}

/// A private key, by its first line; at least a piece of what it holds has to follow.
///
/// All up to its last line belongs to it, however it is quoted: what else could stand there is hidden with it, so it
/// blocks wherever it goes.
fn block(text: &Text<'_>, at: &Range<usize>) -> Seen {
    if text.part(at.clone()).starts_with(b"PuTTY") || text.part(at.clone()) == b"putty-user-key-file" {
        return Some((at.clone(), "Private key of PuTTY"));
    }
    let before = text.before(at.start, 40);
    let begins = before.windows(10).rposition(|it| it == b"-----BEGIN" || it == b"---- BEGIN")?;
    if before[begins..].contains(&b'\n') || text.part(at.clone()) != b"PRIVATE KEY" {
        return None;
    }
    // The longest that programs write: one of 16,384 bits, with its public half and certificates.
    let after = text.after(at.end, 32 << 10);
    let dashes = run(after, |it| matches!(it, b' ' | b'B' | b'L' | b'O' | b'C' | b'K' | b'-'));
    // Without them it is no first line, but a text in which one is looked for.
    if !after[..dashes].windows(4).any(|it| it == b"----") {
        return None;
    }
    let body = &after[dashes..];
    // No other first line stands before it, so no text is read for two. Other dashes are nothing: a comment can have some.
    let ends = |at: &usize| {
        let rest = &body[*at..];
        let line = rest.starts_with(b"----").then(|| &rest[run(rest, |it| matches!(it, b'-' | b' '))..]);
        line.is_some_and(|it| it.starts_with(b"END") || it.starts_with(b"BEGIN"))
    };
    let end = (0..body.len()).find(ends).unwrap_or(body.len());
    let value = &body[..end];
    let content: Vec<u8> = value.iter().copied().filter(|it| base64(*it)).collect();
    // What stands above a key can be written by anybody; a row of the key itself is not.
    let rows: usize = rows(value).filter(|it| is_row(it)).map(<[u8]>::len).sum();
    let in_pieces = content.len() >= 24 && is_mixed(&content) && !stands_for(&value[..value.len().min(60)]);
    if !(rows >= 24 || in_pieces) || entropy(value) < 3.0 {
        return None;
    }
    Some((at.start - (before.len() - begins)..at.end + dashes + end, "Private key"))
}

/// Whether all that follows the first line of a private key in `text` is rows of it, so that nothing else is hidden
/// with it.
pub(crate) fn is_only_key(text: &[u8]) -> bool {
    let Some(at) = text.windows(11).position(|it| it == b"PRIVATE KEY") else { return false };
    let body = &text[at + 11..];
    // An escaped line end leaves its letter.
    let rows: Vec<_> =
        rows(&body[run(body, |it| it != b'\n' && it != b'\\')..]).filter(|it| it.len() > 1).collect();
    let Some((last, rows)) = rows.split_last() else { return false };
    rows.iter().all(|it| is_row(it)) && (is_row(last) || last.len() % 4 == 0 && last.len() < 24)
}

/// The runs of base64, as it stands in a file of a key.
fn rows(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|it| !(it.is_ascii_alphanumeric() || matches!(it, b'+' | b'/' | b'=')))
}

/// Whether it is a row of a key, and no name or path.
fn is_row(row: &[u8]) -> bool {
    row.len() >= 24 && is_mixed(row) && entropy(row) > 3.8 && !stands_for(row)
}

/// Whether capitals, small letters and digits are in it as in bytes at random, and not as in words.
fn is_mixed(content: &[u8]) -> bool {
    let share = |of: fn(&u8) -> bool| content.iter().filter(|it| of(it)).count() * 100 / content.len().max(1);
    share(u8::is_ascii_uppercase) >= 15
        && share(u8::is_ascii_lowercase) >= 15
        && share(u8::is_ascii_digit) >= 4
}

/// The password of `user:password@host`.
fn link(text: &Text<'_>, at: &Range<usize>) -> Seen {
    let rest = text.after(at.end, 400);
    let authority = run(rest, |it| {
        it.is_ascii_graphic() && !matches!(it, b'/' | b'"' | b'\'' | b'<' | b'>' | b'`' | b'?' | b'#' | b',')
    });
    let mut authority = &rest[..authority];
    // A password can hold what ends a host, if an `@` follows on the same line.
    if !authority.contains(&b'@') {
        let line = run(rest, |it| it.is_ascii_graphic() && !matches!(it, b'"' | b'\'' | b'<' | b'>' | b'`'));
        if !authority.contains(&b':') || !rest[..line].contains(&b'@') {
            return None;
        }
        let first = authority.iter().position(|it| *it == b':')? + 1;
        if authority[first..].iter().all(u8::is_ascii_digit) {
            return None;
        }
        authority = &rest[..line];
    }
    let host = authority.iter().rposition(|it| *it == b'@')?;
    let colon = authority[..host].iter().position(|it| *it == b':')?;
    let password = &authority[colon + 1..host];
    let says = [&b"password"[..], b"pass", b"passwd", b"pwd", b"secret", b"token", b"user", b"username"];
    let lower = password.to_ascii_lowercase();
    if password.len() < 3
        || stands_for(password)
        || says.contains(&&*lower)
        || matches!(password[0], b'$' | b'{' | b'<' | b'[' | b'%' | b'*')
        || password.contains(&b'{')
    {
        return None;
    }
    Some((at.end..at.end + host, "Password in a link"))
}

/// Base64 of `user:password`.
fn basic(text: &Text<'_>, at: &Range<usize>) -> Seen {
    let rest = text.after(at.end, 400);
    let length = run(rest, base64);
    let value = &rest[..length];
    let decoded =
        data_encoding::BASE64.decode(value).or_else(|_| data_encoding::BASE64_NOPAD.decode(value)).ok()?;
    let is_pair = length >= 8
        && decoded.contains(&b':')
        && decoded.iter().all(|it| it.is_ascii_graphic() || *it == b' ');
    (is_pair && !stands_for(&decoded)).then(|| (at.end..at.end + length, "Name and password of a request"))
}

fn bearer(text: &Text<'_>, at: &Range<usize>) -> Seen {
    let rest = text.after(at.end, 1000);
    let length = run(rest, |it| base64(it) || matches!(it, b'.' | b'~'));
    let value = &rest[..length];
    let looks = Looks::of(value);
    let made = is_random(value) || (length >= 16 && looks.digits >= 2 && looks.turns >= 3);
    (length >= 12 && made && !stands_for(value)).then(|| (at.end..at.end + length, "Token of a request"))
}

/// A JSON Web Token: a header that is JSON, and two parts after it.
fn json(text: &Text<'_>, at: &Range<usize>) -> Seen {
    let word = text.part(at.clone());
    if word != b"eyJ" && word != b"ZXlK"
        || at.start > 0
            && base64(text.bytes[at.start - 1])
            && !matches!(text.bytes[at.start - 1], b'=' | b'/' | b'-' | b'_')
    {
        return None;
    }
    let rest = text.after(at.start, 8000);
    let length = run(rest, |it| base64(it) || it == b'.');
    let token = &rest[..length];
    if word == b"ZXlK" {
        return (length >= 80 && !token.contains(&b'.'))
            .then(|| (at.start..at.start + length, "Token in base64"));
    }
    let parts: Vec<&[u8]> = token.split(|it| *it == b'.').collect();
    let decoded = data_encoding::BASE64URL_NOPAD.decode(&parts[0][..parts[0].len() / 4 * 4]).ok()?;
    let telling = |word: &[u8]| decoded.windows(word.len()).any(|it| it == word);
    let enough = parts.len() >= 3
        && (parts[1].starts_with(b"eyJ") || parts[1].starts_with(b"ew") || parts[1].starts_with(b"IHsi"))
        && parts[0].len() >= 12
        && parts[1].len() >= 12
        && parts[2].len() >= 10;
    if enough && telling(b"\"alg\"") && !telling(b"\"enc\"") {
        return Some((at.start..at.start + length, "JSON Web Token"));
    }
    // Keys of Grafana and others are JSON alone.
    (parts.len() == 1 && length >= 40 && (telling(b"\"k\":\"") && !telling(b"\"kty\"")))
        .then(|| (at.start..at.start + length, "Key in base64"))
}

/// Bytes of a password on a command line: what is behind its end is not hidden.
const LONGEST: usize = 4096;

/// The password after an option of a known program.
fn option(text: &Text<'_>, at: &Range<usize>) -> Seen {
    let line = text.before(at.start, 160);
    let line = line.rsplit(|it| *it == b'\n').next().unwrap_or_default();
    let has = |word: &[u8]| line.windows(word.len()).any(|it| it == word);
    let rest = text.after(at.end, LONGEST);
    let is_quoted = text.part(at.clone()) == b" '-p";
    let first = rest.first().filter(|it| matches!(it, b'"' | b'\'')).copied();
    let quote = if is_quoted { Some(b'\'') } else { first };
    let skip = usize::from(quote.is_some() && !is_quoted);
    let body = &rest[skip..];
    let body = word(body, quote);
    let start = at.end + skip;
    if is_quoted || text.part(at.clone()) == b" -p" {
        let blank = rest.first() == Some(&b' ');
        let program = has(b"mysql") || has(b"mysqldump") || has(b"mariadb") || has(b"mongo") || has(b"7z");
        let spaced = has(b"sshpass")
            || has(b"docker login")
            || has(b"mongo")
            || has(b"az login")
            || has(b"ldap")
            || has(b"podman login")
            || has(b"helm registry");
        if blank && spaced {
            let value = &rest[1..];
            let quote = value.first().filter(|it| matches!(it, b'"' | b'\'')).copied();
            let skip = 1 + usize::from(quote.is_some());
            return password(word(&rest[skip..], quote), quote, at.end + skip);
        }
        return (program && !blank).then(|| password(body, quote, start)).flatten();
    }
    if !(has(b"curl")
        || has(b"http ")
        || has(b"wget")
        || has(b"smbclient")
        || has(b"ftp")
        || has(b"docker")
        || has(b"rpcclient"))
    {
        return None;
    }
    let colon = body.iter().position(|it| matches!(it, b':' | b'%'))?;
    password(&body[colon + 1..], quote, start + colon + 1)
}

/// The word of a shell at the start of `text`, up to its `quote`. What ends one without is followed by another command,
/// or by where its output goes.
fn word(text: &[u8], quote: Option<u8>) -> &[u8] {
    let ends = |it: u8| quote.map_or(b"\"'`;|&<>()".contains(&it), |quote| it == quote);
    &text[..run(text, |it| it.is_ascii_graphic() && !ends(it))]
}

fn password(value: &[u8], quote: Option<u8>, start: usize) -> Seen {
    let has = |part: &[u8]| value.windows(part.len()).any(|it| it == part);
    let variable = match quote {
        None => value.iter().any(|it| matches!(it, b'$' | b'{' | b'<')),
        // One that is quoted holds any sign. By these it is filled in: by a shell, a template, or code outside of it.
        Some(quote) => {
            value.first().is_some_and(|it| b"${<\"'`;|&)+".contains(it))
                || [&b"{{"[..], b"${", b"$(", b"%(", b"(("].into_iter().any(has)
                || has(b"{") && has(b"}")
                || quote == b'"' && (has(b"$") || has(b"`"))
        }
    };
    let lower = value.to_ascii_lowercase();
    let word = [&b"password"[..], b"pass", b"passwd", b"secret", b"token"].contains(&&*lower);
    let plain = value.len() >= 4 && !variable && !word && !stands_for(value);
    plain.then(|| (start..start + value.len(), "Password on a command line"))
}

fn account(text: &Text<'_>, at: &Range<usize>) -> Seen {
    let rest = text.after(at.end, 200);
    let length = run(rest, |it| base64(it) || it == b'%');
    let value = &rest[..length];
    let least = if text.part(at.clone()).eq_ignore_ascii_case(b"sig=") { 43 } else { 40 };
    (length >= least && !stands_for(value) && entropy(value) > 3.5)
        .then(|| (at.end..at.end + length, "Key of an account"))
}

/// A hash of a password, as in `/etc/shadow`. It can be guessed from, at leisure.
fn hash(text: &Text<'_>, at: &Range<usize>) -> Seen {
    let rest = text.after(at.end, 200);
    let length = run(rest, |it| it.is_ascii_alphanumeric() || matches!(it, b'.' | b'/' | b'$' | b'='));
    let value = &rest[..length];
    let two = text.part(at.clone()).starts_with(b"$2");
    let last = value.rsplit(|it| *it == b'$').next().unwrap_or_default();
    let long = if two { last.len() == 53 } else { last.len() >= 22 && value.contains(&b'$') };
    (long && !stands_for(value)).then(|| (at.start..at.end + length, "Hash of a password"))
}

fn telegram(text: &Text<'_>, at: &Range<usize>) -> Seen {
    let before = text.before(at.start, 11);
    let digits = before.iter().rev().take_while(|it| it.is_ascii_digit()).count();
    let rest = text.after(at.end, 40);
    let length = run(rest, |it| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-'));
    let exact = text.part(at.clone()) == b":AA" && (8..=10).contains(&digits) && (32..=34).contains(&length);
    (exact && !stands_for(&rest[..length]))
        .then(|| (at.start - digits..at.end + length, "Telegram bot token"))
}

/// A token that is known by what stands inside it.
fn around(
    text: &Text<'_>,
    at: &Range<usize>,
    before: std::ops::RangeInclusive<usize>,
    after: std::ops::RangeInclusive<usize>,
    also: &[u8],
    name: &'static str,
) -> Seen {
    let of = |it: u8| it.is_ascii_alphanumeric() || also.contains(&it);
    let left = text.before(at.start, before.end() + 8).iter().rev().take_while(|it| of(**it)).count();
    let right = run(text.after(at.end, after.end() + 8), of);
    let range = at.start - left..at.end + right;
    let fits = before.contains(&left) && after.contains(&right);
    (fits && !stands_for(text.part(range.clone())) && entropy(text.part(range.clone())) > 2.5)
        .then_some((range, name))
}
