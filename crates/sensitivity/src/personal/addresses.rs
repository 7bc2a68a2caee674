//! Addresses of machines: of the internet, public ones for [`Category::Personal`] and private ones for
//! [`Category::Internal`], because one shape has both; and of network cards.
//!
//! Not those for documentation, loopback and multicast (the IANA special-purpose registries), nor what can as well be a
//! version.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Range;

use super::contexts::{Topic, Topics};
use crate::finding::Kind;
use crate::text::Text;
use crate::{Category, Severity};

const PUBLIC: Kind = Kind {
    id: "ip-address",
    category: Category::Personal,
    why: "An address of the internet leads to who used it, and where.",
    fix: Some("Replace it by one that is kept for documentation, such as 192.0.2.1."),
};
const PRIVATE: Kind = Kind {
    id: "private-address",
    category: Category::Internal,
    why: "It shows how a network that others cannot see is laid out.",
    fix: Some("Replace it by one that is kept for documentation, such as 192.0.2.1."),
};
const CARD: Kind = Kind {
    id: "mac-address",
    category: Category::Personal,
    why: "A device keeps it for life, and its owner can be followed by it.",
    fix: Some("Replace it by one that is kept for documentation, such as 00:00:5E:00:53:01."),
};

/// What was found, or that something is an address that is of no interest.
pub(super) type Read = (Range<usize>, Option<(&'static Kind, Severity, &'static str)>);

/// The address that begins at `start`, where a word does. `near` and `labels` are topics of words around it.
pub(super) fn read(
    text: &Text<'_>,
    start: usize,
    near: impl Fn(&Range<usize>) -> (Topics, Topics),
) -> Option<Read> {
    let first = text.bytes.get(start).copied().filter(u8::is_ascii_hexdigit)?;
    // All of them have a sign after four digits at most.
    let word = text.after(start, 5);
    let sign = word.iter().find(|it| !it.is_ascii_hexdigit());
    if !matches!(sign, Some(b':' | b'-' | b'.')) || is_inside(text, start) {
        return None;
    }
    card(text, start, &near)
        .or_else(|| if first.is_ascii_digit() { version4(text, start, &near) } else { None })
        .or_else(|| version6(text, start))
}

/// Whether `start` is in the middle of an address, or of something longer: another group is directly before it.
fn is_inside(text: &Text<'_>, start: usize) -> bool {
    let Some((sign, groups)) = text.before(start, 6).split_last() else { return false };
    let is_of = |it: &u8| if *sign == b'.' { it.is_ascii_digit() } else { it.is_ascii_hexdigit() };
    let length = groups.iter().rev().take_while(|it| is_of(it)).count();
    let outside = groups[..groups.len() - length].last().copied().unwrap_or(b' ');
    matches!(sign, b'.' | b':') && length > 0 && !outside.is_ascii_alphanumeric()
}

/// Four numbers with dots between them.
fn version4(text: &Text<'_>, start: usize, near: impl Fn(&Range<usize>) -> (Topics, Topics)) -> Option<Read> {
    let word = text.after(start, 16);
    let length = word.iter().take_while(|it| it.is_ascii_digit() || **it == b'.').count();
    let mut word = &word[..length];
    while let [rest @ .., b'.'] = word {
        word = rest;
    }
    if word.iter().filter(|it| **it == b'.').count() != 3 {
        return None;
    }
    // The library takes no leading zeros, and nothing above 255.
    let address: Ipv4Addr = std::str::from_utf8(word).ok()?.parse().ok()?;
    let range = start..start + word.len();
    let before = text.before(start, 1).first().copied().unwrap_or(b' ');
    let after = text.after(range.end, 2);
    let goes_on = after.first().is_some_and(|it| it.is_ascii_alphabetic() || *it == b'_')
        || matches!(after, [b'.', next] if next.is_ascii_alphanumeric());
    if goes_on || matches!(before, b'.' | b'_' | b'~' | b'^') {
        return Some((range, None));
    }
    let is_block = matches!(after, [b'/', next] if next.is_ascii_digit());
    let what = judge4(address, is_block, before, after, near(&range));
    Some((range, what))
}

fn judge4(
    address: Ipv4Addr,
    is_block: bool,
    before: u8,
    after: &[u8],
    (near, labels): (Topics, Topics),
) -> Option<(&'static Kind, Severity, &'static str)> {
    let octets = address.octets();
    let is_said = near & Topic::Address.set() != 0;
    // Identifiers of objects (ITU-T X.660) begin so, and few hosts do.
    let is_object =
        matches!(octets, [1, 2 | 3, ..] | [2, 5 | 16 | 23, ..]) && labels & Topic::Address.set() == 0;
    let is_port = matches!(after, [b':', next] if next.is_ascii_digit());
    // Versions have small numbers.
    let is_small = octets.iter().all(|it| *it < 40) && !is_said && !is_port && !matches!(before, b'/' | b'@');
    let is_version =
        labels & Topic::Version.set() != 0 && !is_said || is_small && near & Topic::Version.set() != 0;
    if address.is_private() {
        // The blocks of RFC 1918 themselves are no secret of anyone.
        let is_the_block = is_block && matches!(octets, [10, 0, 0, 0] | [172, 16, 0, 0] | [192, 168, 0, 0]);
        return (!is_the_block && !is_version).then_some((&PRIVATE, Severity::Note, "Private address"));
    }
    let is_joined =
        matches!(before, b'-' | b'+') || matches!(after, [b'-' | b'+', next] if next.is_ascii_alphanumeric());
    (is_somebodys(address) && !is_block && !is_version && !is_small && !is_object && !is_joined).then_some((
        &PUBLIC,
        Severity::Warning,
        "Internet address",
    ))
}

/// Whether `address` is one that a person can have.
fn is_somebodys(address: Ipv4Addr) -> bool {
    let octets = address.octets();
    let is_special = address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || matches!(octets[0], 0 | 224..)
        || matches!(octets, [100, 64..=127, ..] | [192, 0, 0, _] | [192, 88, 99, _] | [198, 18 | 19, ..]);
    // Resolvers that everybody asks.
    let is_service = matches!(
        octets,
        [1, 1, 1, 1]
            | [1, 0, 0, 1]
            | [8, 8, 8, 8]
            | [8, 8, 4, 4]
            | [9, 9, 9, 9]
            | [208, 67, 222, 222]
            | [208, 67, 220, 220]
            | [1, 2, 3, 4]
            | [4, 4, 4, 4]
    );
    !is_special && !is_service && octets[3] != 255 && octets[1..] != [0, 0, 0]
}

/// Eight groups of four digits of sixteen, some of which can be left out.
fn version6(text: &Text<'_>, start: usize) -> Option<Read> {
    let word = text.after(start, 46);
    let length = word.iter().take_while(|it| it.is_ascii_hexdigit() || matches!(it, b':' | b'.')).count();
    let mut word = &word[..length];
    if word.iter().filter(|it| **it == b':').count() < 2 {
        return None;
    }
    while word.ends_with(b".") || (word.ends_with(b":") && !word.ends_with(b"::")) {
        word = &word[..word.len() - 1];
    }
    let before = text.before(start, 1).first().copied().unwrap_or(b' ');
    let address: Ipv6Addr = std::str::from_utf8(word).ok()?.parse().ok()?;
    let range = start..start + word.len();
    let after = text.after(range.end, 2);
    if after.first().is_some_and(|it| it.is_ascii_alphanumeric() || *it == b'_')
        || matches!(before, b':' | b'_')
    {
        return Some((range, None));
    }
    let is_block = matches!(after, [b'/', next] if next.is_ascii_digit()) && word.ends_with(b"::");
    let what = judge6(address, is_block);
    Some((range, what))
}

fn judge6(address: Ipv6Addr, is_block: bool) -> Option<(&'static Kind, Severity, &'static str)> {
    let parts = address.segments();
    let is_documentation = parts[0] == 0x2001 && parts[1] == 0x0db8 || parts[0] == 0x3fff;
    // Resolvers that everybody asks.
    let is_service =
        matches!(parts, [0x2001, 0x4860, 0x4860, ..] | [0x2606, 0x4700, 0x4700, ..] | [0x2620, 0xfe, ..]);
    // Nothing else has eight groups of up to four.
    let is_full = parts[..7].iter().all(|it| *it != 0) && parts.iter().filter(|it| **it > 0xff).count() >= 4;
    if is_documentation || is_service || is_block {
        return None;
    }
    match parts[0] {
        0xfc00..=0xfdff if parts[7] != 0 => Some((&PRIVATE, Severity::Note, "Private address")),
        0xfe80..=0xfebf if parts[4..] != [0, 0, 0, 0] => {
            Some((&PRIVATE, Severity::Note, "Address of one link"))
        }
        0x2000..=0x3fff => Some((&PUBLIC, Severity::Warning, "Internet address")),
        0xfe80.. => None,
        _ => is_full.then_some((&PUBLIC, Severity::Warning, "Internet address")),
    }
}

/// Six bytes with colons or dashes, or three times two with dots.
fn card(text: &Text<'_>, start: usize, near: impl Fn(&Range<usize>) -> (Topics, Topics)) -> Option<Read> {
    let word = text.after(start, 18);
    let sign = [2, 4]
        .into_iter()
        .find_map(|at| word.get(at).filter(|it| matches!(it, b':' | b'-' | b'.')).map(|it| (at, *it)));
    let (size, sign) = sign?;
    if (size == 4) != (sign == b'.') {
        return None;
    }
    let length = if size == 2 { 17 } else { 14 };
    let word = word.get(..length)?;
    let is_shaped = word
        .iter()
        .enumerate()
        .all(|(at, it)| if at % (size + 1) == size { *it == sign } else { it.is_ascii_hexdigit() });
    let before = text.before(start, 1).first().copied().unwrap_or(b' ');
    let after = text.after(start + length, 1).first().copied().unwrap_or(b' ');
    if !is_shaped || before == sign || after.is_ascii_alphanumeric() || after == sign && sign != b'.' {
        return None;
    }
    let range = start..start + length;
    let is_said = near(&range).0 & Topic::Machine.set() != 0;
    let letters = word.iter().any(u8::is_ascii_alphabetic);
    let bytes: Vec<u8> =
        word.iter().filter(|it| it.is_ascii_hexdigit()).map(u8::to_ascii_lowercase).collect();
    let is_special = bytes.windows(2).all(|two| two[0] == two[1]) || bytes.starts_with(b"00005e0053");
    // Digits alone can be a time or any count, and letters between dots can be words.
    let digits = bytes.iter().filter(|it| it.is_ascii_digit()).count();
    let is_telling = match sign {
        b'.' => letters && digits >= 4,
        b'-' => letters,
        _ => true,
    };
    let is_card = !is_special && (is_said || is_telling);
    Some((range, is_card.then_some((&CARD, Severity::Warning, "Address of a network card"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, near: Topics, labels: Topics) -> Option<&'static str> {
        let start = text.find(|it: char| it.is_ascii_hexdigit())?;
        read(&Text { bytes: text.as_bytes() }, start, |_| (near, labels))?.1.map(|it| it.0.id)
    }

    #[test]
    fn public_and_private_ones_are_told_apart() {
        assert_eq!(found("84.118.37.201", 0, 0), Some("ip-address"));
        assert_eq!(found("10.2.3.4", 0, 0), Some("private-address"));
        assert_eq!(found("172.20.1.9/metrics", 0, 0), Some("private-address"));
        assert_eq!(found("2a02:8109:9c80:1a2b::7", 0, 0), Some("ip-address"));
        assert_eq!(found("fd12:3456:789a::1", 0, 0), Some("private-address"));
        assert_eq!(found("3c:22:fb:9a:10:7e", 0, 0), Some("mac-address"));
        assert_eq!(found("3c22.fb9a.107e", 0, 0), Some("mac-address"));
    }

    #[test]
    fn documentation_versions_and_others_are_not() {
        for text in [
            "192.0.2.7",
            "127.0.0.1",
            "255.255.255.0",
            "8.8.8.8",
            "1.2.3.4.5",
            "10.0.0.0/8",
            "2001:db8::1",
            "00:00:5e:00:53:01",
            "a::b",
            "84.118.37.0/24",
            "1.300.2.1",
            "0:0",
        ] {
            assert_eq!(found(text, 0, 0), None, "{text}");
        }
        assert_eq!(found("12.0.31.2", 0, 0), None);
        assert_eq!(found("84.118.37.201", Topic::Version.set(), Topic::Version.set()), None);
    }
}
