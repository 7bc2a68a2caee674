//! Applies a patch to one file, by what git's documentation says of patches and nothing of how ours are made.

const ALPHABET: &[u8] =
    b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~";

const UNENDED: &[u8] = b"\\ No newline at end of file\n";

/// What `patch` makes of `before`; nothing where it does not fit, or is no patch.
pub(crate) fn apply(patch: &[u8], before: &[u8]) -> Option<Vec<u8>> {
    let mut lines = patch.split_inclusive(|byte| *byte == b'\n').peekable();
    let is_head = |line: &&[u8]| !line.starts_with(b"@@ ") && *line != b"GIT binary patch\n";
    while lines.next_if(is_head).is_some() {}
    if lines.next_if_eq(&b"GIT binary patch\n".as_slice()).is_some() {
        return literal(lines);
    }
    let old: Vec<&[u8]> = before.split_inclusive(|byte| *byte == b'\n').collect();
    let (mut made, mut at) = (Vec::new(), 0);
    while let Some(head) = lines.next() {
        let (from, to) = head.strip_prefix(b"@@ -")?.strip_suffix(b" @@\n").and_then(ranges)?;
        // Where a side has no lines, the number names the line before.
        let start = if from.1 == 0 { from.0 } else { from.0.checked_sub(1)? };
        made.extend(old.get(at..start)?);
        at = start;
        let first = if to.1 == 0 { to.0 } else { to.0.checked_sub(1)? };
        if made.len() != first {
            return None;
        }
        while let Some(line) = lines.next_if(|line| !line.starts_with(b"@@ ")) {
            let (mark, mut line) = line.split_first()?;
            if lines.next_if_eq(&UNENDED).is_some() {
                line = line.strip_suffix(b"\n")?;
            }
            if *mark != b'+' {
                (*old.get(at)? == line).then_some(())?;
                at += 1;
            }
            match mark {
                b' ' | b'+' => made.push(line),
                b'-' => {}
                _ => return None,
            }
        }
        (at == start + from.1 && made.len() == first + to.1).then_some(())?;
    }
    made.extend(old.get(at..)?);
    Some(made.concat())
}

type Lines = (usize, usize);

/// `1,2 +3,4`, of which each count may be left out when it is 1.
fn ranges(text: &[u8]) -> Option<(Lines, Lines)> {
    let (from, to) = std::str::from_utf8(text).ok()?.split_once(" +")?;
    let range = |text: &str| {
        let (first, count) = text.split_once(',').unwrap_or((text, "1"));
        Some((first.parse().ok()?, count.parse().ok()?))
    };
    Some((range(from)?, range(to)?))
}

/// The first of the two contents of a binary patch.
fn literal<'l>(mut lines: impl Iterator<Item = &'l [u8]>) -> Option<Vec<u8>> {
    let size = lines.next()?.strip_prefix(b"literal ")?.strip_suffix(b"\n")?;
    let size: usize = std::str::from_utf8(size).ok()?.parse().ok()?;
    let mut stream = Vec::new();
    for line in lines.take_while(|line| *line != b"\n") {
        let (length, digits) = line.strip_suffix(b"\n")?.split_first()?;
        let length = match length {
            b'A'..=b'Z' => length - b'A' + 1,
            b'a'..=b'z' => length - b'a' + 27,
            _ => return None,
        };
        let from = stream.len();
        for group in digits.chunks(5) {
            let number = group.iter().try_fold(0u64, |all, digit| {
                Some(all * 85 + ALPHABET.iter().position(|it| it == digit)? as u64)
            })?;
            stream.extend_from_slice(&u32::try_from(number).ok()?.to_be_bytes());
        }
        stream.truncate(from + usize::from(length));
    }
    let bytes = stored(&stream)?;
    (bytes.len() == size).then_some(bytes)
}

/// Reads a zlib stream of stored blocks.
fn stored(stream: &[u8]) -> Option<Vec<u8>> {
    let (mut rest, mut bytes) = (stream.get(2..)?, Vec::new());
    loop {
        let ([last, a, b, c, d], more) = rest.split_first_chunk()?;
        let size = u16::from_le_bytes([*a, *b]);
        (size == !u16::from_le_bytes([*c, *d])).then_some(())?;
        bytes.extend_from_slice(more.get(..size.into())?);
        rest = &more[size.into()..];
        match last {
            0 => {}
            1 => return (rest.len() == 4).then_some(bytes),
            _ => return None,
        }
    }
}
