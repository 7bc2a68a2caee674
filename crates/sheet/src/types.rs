//! What a content is by its first bytes, beside what it is said to be.

use countersign_core::digest::Digest;

use crate::changes;
use crate::page::Page;
use crate::picture::{self, Anatomy};
use crate::text::is_binary;

/// A kind of file that begins in a way of its own.
#[derive(Debug)]
struct Type {
    /// With its article.
    name: &'static str,
    /// Bytes at a place; all of them have to be there.
    begins: &'static [(usize, &'static [u8])],
    /// What it is called in a media type. The first part is enough where that ends in a slash.
    media: &'static [&'static str],
    /// Endings of its name. A file that has one and does not begin like that is none.
    endings: &'static [&'static str],
}

const fn of(
    name: &'static str,
    begins: &'static [(usize, &'static [u8])],
    media: &'static [&'static str],
    endings: &'static [&'static str],
) -> Type {
    Type { name, begins, media, endings }
}

const PNG: &str = "a PNG picture";

/// The first that fits counts.
static TYPES: &[Type] = &[
    of(PNG, &[(0, b"\x89PNG\r\n\x1a\n")], &["image/png", "image/apng"], &["png", "apng"]),
    of("a JPEG picture", &[(0, b"\xff\xd8\xff")], &["image/jpeg", "image/jpg"], &["jpg", "jpeg"]),
    of("a GIF picture", &[(0, b"GIF87a")], &["image/gif"], &["gif"]),
    of("a GIF picture", &[(0, b"GIF89a")], &["image/gif"], &["gif"]),
    of("a WebP picture", &[(0, b"RIFF"), (8, b"WEBP")], &["image/webp"], &["webp"]),
    of("a WAV sound", &[(0, b"RIFF"), (8, b"WAVE")], &["audio/"], &["wav"]),
    of("an ICO picture", &[(0, b"\0\0\x01\0")], &["image/"], &["ico"]),
    of("a PDF document", &[(0, b"%PDF-")], &["application/pdf"], &["pdf"]),
    of("an ELF program", &[(0, b"\x7fELF")], &["application/x-"], &[]),
    of("a Mach-O program", &[(0, b"\xcf\xfa\xed\xfe")], &["application/x-"], &[]),
    of("a Java class or Mach-O program", &[(0, b"\xca\xfe\xba\xbe")], &["application/"], &["class"]),
    of("a WebAssembly program", &[(0, b"\0asm")], &["application/wasm"], &["wasm"]),
    of("a Windows program", &[(0, b"MZ")], &["application/"], &["exe", "dll"]),
    of(
        "a ZIP archive",
        &[(0, b"PK\x03\x04")],
        &["application/"],
        &[
            "zip", "jar", "war", "docx", "xlsx", "pptx", "odt", "ods", "odp", "epub", "apk", "whl", "xpi",
            "vsix", "nupkg",
        ],
    ),
    of("an empty ZIP archive", &[(0, b"PK\x05\x06")], &["application/"], &["zip", "jar", "whl"]),
    of("gzip data", &[(0, b"\x1f\x8b")], &["application/"], &["gz", "tgz", "svgz"]),
    of("bzip2 data", &[(0, b"BZh")], &["application/"], &["bz2"]),
    of("xz data", &[(0, b"\xfd7zXZ\0")], &["application/"], &["xz"]),
    of("Zstandard data", &[(0, b"\x28\xb5\x2f\xfd")], &["application/"], &["zst"]),
    of("a 7z archive", &[(0, b"7z\xbc\xaf\x27\x1c")], &["application/"], &["7z"]),
    of("a tar archive", &[(257, b"ustar")], &["application/"], &[]),
    of(
        "a SQLite database",
        &[(0, b"SQLite format 3\0")],
        &["application/vnd.sqlite3", "application/x-sqlite3"],
        &["sqlite", "sqlite3"],
    ),
    of(
        "an Ogg stream",
        &[(0, b"OggS")],
        &["audio/", "video/", "application/ogg"],
        &["ogg", "oga", "ogv", "opus"],
    ),
    of("a FLAC sound", &[(0, b"fLaC")], &["audio/"], &["flac"]),
    of("an MP4 file", &[(4, b"ftyp")], &["video/", "audio/", "image/"], &["mp4", "m4a", "m4v"]),
    of("a WOFF font", &[(0, b"wOFF")], &["font/", "application/"], &["woff"]),
    of("a WOFF2 font", &[(0, b"wOF2")], &["font/", "application/"], &["woff2"]),
];

/// Endings of names whose files are text.
const TEXTS: &[&str] = &[
    "txt", "md", "json", "yaml", "yml", "toml", "csv", "tsv", "xml", "html", "htm", "css", "js", "ts", "py",
    "rb", "sh", "rs", "go", "c", "h", "java", "sql", "svg", "ini", "conf", "log",
];

/// The pictures that can be drawn here.
const DRAWN: &[&str] = &[PNG, "a JPEG picture", "a GIF picture", "a WebP picture"];

fn by_bytes(bytes: &[u8]) -> Option<&'static Type> {
    let has = |(at, magic): &(usize, &[u8])| bytes.get(*at..).is_some_and(|rest| rest.starts_with(magic));
    TYPES.iter().find(|it| it.begins.iter().all(has))
}

/// What somebody says of a content: a media type, or nothing; a name, or nothing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Said<'s> {
    pub(crate) media: &'s str,
    pub(crate) name: &'s [u8],
}

/// Says on `page` what the sides are by their first bytes, and what does not fit with what is said of them.
///
/// Whether both, or the one that there is, are pictures that can be drawn.
pub(crate) fn fill(page: &mut Page<'_>, before: Option<&[u8]>, after: Option<&[u8]>, said: Said<'_>) -> bool {
    let [was, would] = [before, after].map(|side| side.and_then(by_bytes));
    let fact = match (was, would) {
        (Some(was), Some(would)) if was.name == would.name => {
            Some(format!("{}, by the first bytes", would.name))
        }
        (Some(was), Some(would)) => Some(format!("{}, then {}, by the first bytes", was.name, would.name)),
        (Some(was), None) if after.is_none() => Some(format!("{}, by the first bytes", was.name)),
        (Some(was), None) => Some(format!("before: {}, by the first bytes", was.name)),
        (None, Some(would)) if before.is_some() => Some(format!("after: {}, by the first bytes", would.name)),
        (None, Some(would)) => Some(format!("{}, by the first bytes", would.name)),
        (None, None) => None,
    };
    let title = after
        .filter(|after| !after.is_empty())
        .and_then(|after| wrong(was, would, said).or_else(|| no_text(after, said)));
    if fact.is_some() || title.is_some() {
        let side = |side: Option<&[u8]>| *Digest::of(side.unwrap_or_default()).as_bytes();
        let fact = fact.unwrap_or_else(|| "not what it is said to be".to_owned());
        let found = title.map(changes::type_mismatch);
        page.fact_found(fact, Vec::from_iter(found), &[side(before), side(after)].concat());
    }
    pictures(page, before, after);
    let drawn = |it: Option<&Type>| it.is_some_and(|it| DRAWN.contains(&it.name));
    match (before, after) {
        (None, None) => false,
        (None, Some(_)) => drawn(would),
        (Some(_), None) => drawn(was),
        (Some(_), Some(_)) => drawn(was) || drawn(would),
    }
}

/// Says on `page` what pictures say of themselves, and what is in them besides pixels.
fn pictures(page: &mut Page<'_>, before: Option<&[u8]>, after: Option<&[u8]>) {
    let [was, would] = [before, after].map(|side| side.and_then(|it| Some((picture::anatomy(it)?, it))));
    let text = changes::text(before.unwrap_or_default(), after.unwrap_or_default());
    let said = |side: &Option<(Anatomy, &[u8])>| match side {
        Some((it, bytes)) => [vec![it.measure()], it.remarks(bytes)].concat(),
        None => Vec::new(),
    };
    let (old, new) = (said(&was), said(&would));
    let [from, to] = match (before, after) {
        (Some(_), Some(_)) => ["before: ", "after: "],
        _ => [""; 2],
    };
    let whole = |facts: &[String]| facts.join("; ");
    if old == new {
        new.iter().for_each(|fact| page.fact(fact));
    } else {
        for (label, facts) in [(from, &old), (to, &new)].iter().filter(|(_, facts)| !facts.is_empty()) {
            page.fact(format!("{label}{}", whole(facts)));
        }
    }
    let Some((new, bytes)) = would else { return };
    let tail =
        |it: &Anatomy, bytes: &[u8]| it.end.and_then(|end| bytes.get(end..)).unwrap_or_default().to_vec();
    let added = tail(&new, bytes);
    if !added.is_empty() && was.as_ref().is_none_or(|(it, bytes)| tail(it, bytes) != added) {
        let found = changes::after_the_end(added.len() as u64, by_bytes(&added).map(|it| it.name));
        page.fact_found("bytes after the picture", vec![found], &text);
    }
    if new.place && !was.is_some_and(|(it, _)| it.place) {
        page.fact_found("a place in the picture", vec![changes::place_in_picture()], &text);
    }
}

/// What does not fit, in our words.
fn wrong(was: Option<&Type>, would: Option<&Type>, said: Said<'_>) -> Option<String> {
    let essence = said.media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let ending = ending(said.name);
    let called = |it: &Type, media: &str| {
        it.media
            .iter()
            .any(|known| *known == media || (known.ends_with(['/', '-']) && media.starts_with(known)))
    };
    let named = |it: &Type| it.endings.contains(&ending.as_str());
    let general = ["", "application/octet-stream", "binary/octet-stream"].contains(&essence.as_str());
    match would {
        Some(it) if !general && !called(it, &essence) => {
            Some(format!("It is {}, sent as something else", it.name))
        }
        Some(it) if !named(it) && (TEXTS.contains(&&*ending) || TYPES.iter().any(named)) => {
            Some(format!("It is {}, and named like something else", it.name))
        }
        Some(it) if was.is_some_and(|was| was.name != it.name) => {
            let was = was.map(|was| was.name).unwrap_or_default();
            Some(format!("It would become {}, and was {was}", it.name))
        }
        Some(_) => None,
        None => {
            // Only a type by its own name says how it begins.
            let exact = |it: &&Type| it.media.contains(&essence.as_str());
            let it = TYPES.iter().find(|it| named(it)).or_else(|| TYPES.iter().find(exact))?;
            Some(format!("It is not {}, and is said to be", it.name))
        }
    }
}

/// Bytes that are called a text, or begin like a script: whoever looks for something in texts finds nothing in them.
fn no_text(bytes: &[u8], said: Said<'_>) -> Option<String> {
    let called = bytes.starts_with(b"#!")
        || said.media.trim().get(..5).is_some_and(|it| it.eq_ignore_ascii_case("text/"))
        || TEXTS.contains(&ending(said.name).as_str());
    (called && is_binary(bytes)).then(|| "It is no text, and is said to be".to_owned())
}

fn ending(name: &[u8]) -> String {
    let file = name.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
    let at = file.iter().rposition(|byte| *byte == b'.').filter(|at| *at > 0);
    at.map(|at| String::from_utf8_lossy(&file[at + 1..]).to_ascii_lowercase()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(bytes: &[u8], media: &str, name: &str) -> String {
        let (it, said) = (by_bytes(bytes), Said { media, name: name.as_bytes() });
        let name = it.map_or("nothing known", |it| it.name);
        format!("{name}: {}", wrong(None, it, said).unwrap_or_else(|| "fits".to_owned()))
    }

    #[test]
    fn what_is_sent_or_named_otherwise_is_said() {
        let png = b"\x89PNG\r\n\x1a\n";
        let zip = b"PK\x03\x04";
        for (bytes, media, name, expected) in [
            (&png[..], "image/png", "a.png", "a PNG picture: fits"),
            (png, "application/octet-stream", "a", "a PNG picture: fits"),
            (png, "IMAGE/PNG; x=y", "a.PNG", "a PNG picture: fits"),
            (png, "text/plain", "a.png", "a PNG picture: It is a PNG picture, sent as something else"),
            (png, "", "a.txt", "a PNG picture: It is a PNG picture, and named like something else"),
            (png, "", "a.jpg", "a PNG picture: It is a PNG picture, and named like something else"),
            (png, "", "a.bin", "a PNG picture: fits"),
            (b"#!/bin/sh", "", "logo.png", "nothing known: It is not a PNG picture, and is said to be"),
            (b"<svg>", "image/png", "logo", "nothing known: It is not a PNG picture, and is said to be"),
            (b"<svg>", "image/svg+xml", "logo.svg", "nothing known: fits"),
            (zip, "application/vnd.oasis.opendocument.text", "a.odt", "a ZIP archive: fits"),
            (zip, "text/plain", "notes", "a ZIP archive: It is a ZIP archive, sent as something else"),
            (zip, "", "report.pdf", "a ZIP archive: It is a ZIP archive, and named like something else"),
            (
                b"\x7fELF\x02",
                "",
                "run.sh",
                "an ELF program: It is an ELF program, and named like something else",
            ),
            (b"\x7fELF\x02", "", "/usr/bin/run", "an ELF program: fits"),
            (b"RIFF....WEBPVP8 ", "image/webp", "a.webp", "a WebP picture: fits"),
            (b"RIFF....AVI ", "video/avi", "a.avi", "nothing known: fits"),
            (b"", "image/png", ".png", "nothing known: It is not a PNG picture, and is said to be"),
            (b"words", "text/plain", "a.b/c", "nothing known: fits"),
        ] {
            assert_eq!(said(bytes, media, name), expected, "{name} as {media}");
        }
    }

    #[test]
    fn bytes_that_are_called_a_text_are_said() {
        assert!(no_text(b"#!/bin/sh\n\0\0\0", Said { media: "", name: b"/a" }).is_some());
        let bytes = b"\0#!/bin/sh\0rm";
        for (media, name, is) in [
            ("", "/a.sh", true),
            ("TEXT/html", "/a", true),
            ("text/x-script", "", true),
            ("", "/a.bin", false),
            ("application/x-thing", "/a", false),
            ("\u{e9}\u{e9}\u{e9}", "/a", false),
        ] {
            let said = Said { media, name: name.as_bytes() };
            assert_eq!(no_text(bytes, said).is_some(), is, "{name} as {media}");
            assert_eq!(no_text(b"echo\0\n and so on", said), None);
        }
    }
}
