//! What Write, Edit and MultiEdit make of a file, byte for byte.
//!
//! The tools read UTF-8, leave a byte order mark where it was, turn CRLF into
//! LF to look for text, and write back the line end that is the more frequent
//! one in the first 4096 characters. Removing a text at the end of a line
//! takes the line end with it. Where a tool would guess (a text that occurs
//! only with other quotation marks or escapes) the edit is refused here, and
//! the agent can repeat it with the text as it stands in the file.

/// One replacement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edit {
    pub(super) old: String,
    pub(super) new: String,
    pub(super) all: bool,
}

const BOM: &str = "\u{feff}";

/// Of so many characters is the line end counted.
const HEAD: usize = 4096;

/// Of so many bytes does a NUL make the tools refuse the file.
const BINARY_HEAD: usize = 8000;

/// What is in the file after Write.
pub(super) fn written(before: Option<&[u8]>, content: &str) -> Result<Vec<u8>, String> {
    let marked = match before {
        Some(bytes) => decoded(bytes)?.starts_with(BOM),
        None => false,
    };
    Ok(keep_mark(marked, content.to_owned()).into_bytes())
}

/// What is in the file after Edit, or after MultiEdit, whose edits follow one another.
pub(super) fn edited(before: Option<&[u8]>, edits: &[Edit]) -> Result<Vec<u8>, String> {
    let Some(first) = edits.first() else {
        return Err("there is nothing to edit".to_owned());
    };
    let Some(bytes) = before else {
        if !first.old.is_empty() {
            return Err("the file does not exist".to_owned());
        }
        return follow(first.new.clone(), edits, 1).map(String::into_bytes);
    };
    let text = decoded(bytes)?;
    let (marked, text) = text.strip_prefix(BOM).map_or((false, text), |rest| (true, rest));
    let crlf = ends_in_crlf(text)?;
    let text = text.replace("\r\n", "\n");
    let after = if first.old.is_empty() {
        if !text.is_empty() {
            return Err("`old_string` is empty, but the file is not".to_owned());
        }
        follow(first.new.clone(), edits, 1)?
    } else {
        follow(text, edits, 0)?
    };
    let after = if crlf { after.replace("\r\n", "\n").replace('\n', "\r\n") } else { after };
    Ok(keep_mark(marked, after).into_bytes())
}

fn follow(mut text: String, edits: &[Edit], from: usize) -> Result<String, String> {
    for (at, edit) in edits.iter().enumerate().skip(from) {
        // MultiEdit refuses to edit what it has just put in.
        if edits[..at].iter().any(|earlier| !edit.old.is_empty() && earlier.new.contains(&edit.old)) {
            return Err("an `old_string` is part of the `new_string` of an edit before it".to_owned());
        }
        text = replaced(&text, edit)?;
    }
    Ok(text)
}

fn replaced(text: &str, edit: &Edit) -> Result<String, String> {
    if edit.old.is_empty() {
        return Err("`old_string` is empty".to_owned());
    }
    if edit.old == edit.new {
        return Err("`old_string` and `new_string` are the same".to_owned());
    }
    match text.matches(&edit.old).count() {
        0 => {
            return Err("`old_string` does not stand in the file in exactly this form; \
                        read the file again and copy the text, with its quotation marks and line ends as LF"
                .to_owned());
        }
        1 => {}
        _ if edit.all => {}
        count => {
            return Err(format!(
                "`old_string` occurs {count} times; name one place with more of its surroundings, or set `replace_all`"
            ));
        }
    }
    let whole_line = format!("{}\n", edit.old);
    let old = if edit.new.is_empty() && !edit.old.ends_with('\n') && text.contains(&whole_line) {
        &whole_line
    } else {
        &edit.old
    };
    Ok(if edit.all { text.replace(old, &edit.new) } else { text.replacen(old, &edit.new, 1) })
}

/// The file's text, where the tools would take it for text and so can we.
fn decoded(bytes: &[u8]) -> Result<&str, String> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(
            "the file is UTF-16, whose edits are not computed here; change it by a command".to_owned()
        );
    }
    if bytes[..bytes.len().min(BINARY_HEAD)].contains(&0) {
        return Err("the file is not text: it has a NUL in it".to_owned());
    }
    std::str::from_utf8(bytes)
        .map_err(|error| format!("the file is not UTF-8 at byte {}", error.valid_up_to()))
}

/// Whether CRLF is the more frequent line end at the start of `text`.
fn ends_in_crlf(text: &str) -> Result<bool, String> {
    // What the tool counts to 4096 is bytes or UTF-16 units; where that decides, we do not.
    let units = |end: usize| text[..end].encode_utf16().count();
    let by_bytes = (0..=text.len().min(HEAD)).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    let mut by_units = by_bytes;
    while by_units < text.len() && units(by_units) < HEAD {
        by_units += text[by_units..].chars().next().map_or(1, char::len_utf8);
    }
    let more = |head: &str| {
        let crlf = head.matches("\r\n").count();
        crlf > head.matches('\n').count() - crlf
    };
    if more(&text[..by_bytes]) != more(&text[..by_units]) {
        return Err("the file mixes its line ends so that the outcome of an edit is not certain".to_owned());
    }
    Ok(more(&text[..by_bytes]))
}

fn keep_mark(marked: bool, text: String) -> String {
    if marked && !text.is_empty() && !text.starts_with(BOM) { format!("{BOM}{text}") } else { text }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    fn edit(old: &str, new: &str) -> Edit {
        Edit { old: old.to_owned(), new: new.to_owned(), all: false }
    }

    fn all(old: &str, new: &str) -> Edit {
        Edit { all: true, ..edit(old, new) }
    }

    /// Every case was observed: the file as the real tool left it.
    #[track_caller]
    fn check(before: &[u8], edits: &[Edit], after: &[u8]) {
        let computed = edited(Some(before), edits).unwrap();
        assert_eq!(computed.escape_ascii().to_string(), after.escape_ascii().to_string());
    }

    #[test]
    fn line_ends_become_those_of_most_lines() {
        check(b"one\r\ntwo\r\nthree\r\n", &[edit("two", "2\nzwei")], b"one\r\n2\r\nzwei\r\nthree\r\n");
        check(b"one\r\ntwo\r\nthree\r\n", &[edit("one\ntwo", "1\n2")], b"1\r\n2\r\nthree\r\n");
        check(b"one\r\ntwo\nthree\nfour\r\nfive\n", &[edit("two", "2")], b"one\n2\nthree\nfour\nfive\n");
        check(b"one\r\ntwo\r\nthree\nfour", &[edit("two", "2")], b"one\r\n2\r\nthree\r\nfour");
        check(b"one\r\ntwo\n", &[edit("two", "2")], b"one\n2\n");
        check(b"one\r\ntwo\r\n", &[edit("two", "2\r\n3\n4")], b"one\r\n2\r\n3\r\n4\r\n");
        check(b"one\ntwo\n", &[edit("two", "2\r\n3\n4\r5")], b"one\n2\r\n3\n4\r5\n");
        check(b"one\rtwo\rthree\n", &[edit("two", "2")], b"one\r2\rthree\n");
    }

    #[test]
    fn only_the_first_characters_decide_the_line_end() {
        let file =
            |head: &str, tail: &str| format!("{}{}{}", head.repeat(10), "x".repeat(5000), tail.repeat(50));
        let mostly_lf = file("l\n", "\r\n") + "END\r\n";
        check(mostly_lf.as_bytes(), &[edit("END", "E")], (file("l\n", "\n") + "E\n").as_bytes());
        let mostly_crlf = file("l\r\n", "\n") + "END\n";
        check(mostly_crlf.as_bytes(), &[edit("END", "E")], (file("l\r\n", "\r\n") + "E\r\n").as_bytes());
    }

    #[test]
    fn where_bytes_and_characters_would_decide_otherwise_nothing_is_computed() {
        let text = format!("a\n{}{}END", "\u{e9}".repeat(2100), "\r\n".repeat(10));
        assert!(edited(Some(text.as_bytes()), &[edit("END", "E")]).unwrap_err().contains("line ends"));
    }

    #[test]
    fn a_byte_order_mark_stays() {
        check(b"\xef\xbb\xbfone\ntwo\n", &[edit("one", "1")], b"\xef\xbb\xbf1\ntwo\n");
        assert!(edited(Some(b"\xef\xbb\xbfone\n"), &[edit("\u{feff}one", "1")]).is_err());
        assert_eq!(written(Some(b"\xef\xbb\xbfone\n"), "fresh\n").unwrap(), b"\xef\xbb\xbffresh\n");
        assert_eq!(written(Some(b"\xef\xbb\xbfone\n"), "\u{feff}x\n").unwrap(), b"\xef\xbb\xbfx\n");
        assert_eq!(written(Some(b"one\n"), "\u{feff}x\n").unwrap(), b"\xef\xbb\xbfx\n");
    }

    #[test]
    fn removing_text_at_the_end_of_a_line_removes_the_line_end() {
        check(b"one\ntwo\nthree\n", &[edit("two", "")], b"one\nthree\n");
        check(b"one\r\ntwo\r\nthree\r\n", &[edit("two", "")], b"one\r\nthree\r\n");
        check(b"one\ntwo\nthree\n", &[edit("two\n", "")], b"one\nthree\n");
        check(b"abc two\nx\n", &[edit("two", "")], b"abc x\n");
        check(b"one two three\n", &[edit("two ", "")], b"one three\n");
        check(b"two\none\ntwo\nthree two\ntwo", &[all("two", "")], b"one\nthree two");
        check(b"two x two\n", &[all("two", "")], b"two x ");
    }

    #[test]
    fn replacements_are_literal_and_do_not_overlap() {
        check(b"one two\n", &[edit("two", "$& $1 $$ $`")], b"one $& $1 $$ $`\n");
        check(b"aaaa aaa\n", &[all("aa", "b")], b"bb ba\n");
    }

    #[test]
    fn what_the_tool_refuses_or_guesses_is_refused() {
        let refused: &[(&[u8], Edit, &str)] = &[
            (b"a a\n", edit("a", "b"), "occurs 2 times"),
            (b"one\n", edit("zwei", "x"), "exactly this form"),
            (b"one\r\ntwo\r\n", edit("one\r\ntwo", "x"), "exactly this form"),
            ("say \u{201c}hi\u{201d}\n".as_bytes(), edit("\"hi\"", "x"), "exactly this form"),
            (b"one\n", edit("one", "one"), "the same"),
            (b"xx\n", edit("", "filled"), "the file is not"),
            (b"caf\xe9\ntwo\n", edit("two", "2"), "not UTF-8"),
            (b"x\0y\n", edit("x", "2"), "NUL"),
            (b"\xff\xfeo\0n\0e\0", edit("one", "2"), "UTF-16"),
            (b"\xfe\xff\0o\0n\0e", edit("one", "2"), "UTF-16"),
        ];
        for (before, edit, expected) in refused {
            let error = edited(Some(before), std::slice::from_ref(edit)).unwrap_err();
            assert!(error.contains(expected), "{error}");
        }
        assert!(edited(None, &[edit("one", "2")]).unwrap_err().contains("does not exist"));
        assert!(written(Some(b"x\0y\n"), "z").unwrap_err().contains("NUL"));
    }

    #[test]
    fn an_edit_of_nothing_creates() {
        assert_eq!(edited(None, &[edit("", "hello\r\n")]).unwrap(), b"hello\r\n");
        assert_eq!(edited(Some(b""), &[edit("", "filled")]).unwrap(), b"filled");
    }

    #[test]
    fn writing_keeps_the_text_as_it_is() {
        assert_eq!(written(Some(b"one\r\ntwo\r\n"), "x\ny\n").unwrap(), b"x\ny\n");
        assert_eq!(written(None, "x\r\ny\n").unwrap(), b"x\r\ny\n");
        assert_eq!(written(Some(b"one\n"), "").unwrap(), b"");
    }

    #[test]
    fn several_edits_follow_one_another() {
        check(b"a b c\n", &[edit("a", "x"), edit("b", "y")], b"x y c\n");
        assert!(edited(None, &[edit("", "a b"), edit("c", "d")]).unwrap_err().contains("exactly"));
        let error = edited(Some(b"a b\n"), &[edit("a", "b2"), edit("b", "c")]).unwrap_err();
        assert!(error.contains("part of the `new_string`"), "{error}");
    }
}
