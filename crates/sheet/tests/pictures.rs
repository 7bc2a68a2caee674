//! What pictures say of themselves, and what is in their files besides.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "../../images/tests/common/png.rs"]
#[allow(dead_code, reason = "others use the rest")]
mod png;

mod common;

use countersign_sheet::{Also, Format, Sheet, anatomy};
use png::with;
use proptest::prelude::*;

fn pixel(_: u32, _: u32) -> [u8; 4] {
    [1, 2, 3, 4]
}

/// EXIF that says where, and that the picture lies on its side.
fn exif() -> Vec<u8> {
    let entry = |tag: u16, kind: u16, value: [u8; 4]| {
        [&tag.to_be_bytes()[..], &kind.to_be_bytes(), &1u32.to_be_bytes(), &value].concat()
    };
    let first = [&b"\0\x02"[..], &entry(0x0112, 3, [0, 6, 0, 0]), &entry(0x8825, 4, [0, 0, 0, 38]), &[0; 4]];
    let places = [&b"\0\x01"[..], &entry(2, 5, [0; 4]), &[0; 4]];
    [b"MM\0*\0\0\0\x08".to_vec(), first.concat(), places.concat()].concat()
}

fn said(bytes: &[u8]) -> String {
    let it = anatomy(bytes).unwrap();
    [vec![it.measure()], it.remarks(bytes)].concat().join("; ")
}

/// A segment of a JPEG file.
fn segment(marker: u8, data: &[u8]) -> Vec<u8> {
    let size = (data.len() as u16 + 2).to_be_bytes();
    [&[0xff, marker][..], &size, data].concat()
}

fn jpeg(parts: &[Vec<u8>]) -> Vec<u8> {
    let frame = segment(0xc0, &[8, 0, 16, 0, 32, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0]);
    let scan = [segment(0xda, &[1, 1, 0, 0, 63, 0]), b"\x12\xff\0\x34\xff\xd0\x56\xff\xd9".to_vec()].concat();
    [b"\xff\xd8".to_vec(), parts.concat(), frame, scan].concat()
}

fn webp(parts: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let body: Vec<u8> = parts
        .iter()
        .flat_map(|(kind, data)| {
            let padding = vec![0; data.len() & 1];
            [kind.as_slice(), &(data.len() as u32).to_le_bytes(), data, &padding].concat()
        })
        .collect();
    [b"RIFF", &(body.len() as u32 + 4).to_le_bytes()[..], b"WEBP", &body].concat()
}

#[test]
fn each_kind_says_its_size_and_what_it_carries() {
    let plain = png::png(32, 16, pixel);
    assert_eq!(said(&plain), "32 by 16 pixels, 8 bits each of red, green, blue and transparency");
    let noisy = with(32, 16, pixel, &[(b"tEXt", b"a\0b"), (b"eXIf", &exif()), (b"puZZ", b"12345")]);
    assert_eq!(
        said(&[noisy, b"PK\x03\x04".to_vec()].concat()),
        "32 by 16 pixels, 8 bits each of red, green, blue and transparency; carries EXIF (56 bytes), texts (3 \
         bytes), parts that are not known here (5 bytes); says where on earth it was taken; says that it is to be \
         turned or mirrored; 4 bytes after the end of the picture"
    );
    assert_eq!(said(&jpeg(&[])), "32 by 16 pixels, 8 bits each of three colours, with loss");
    let app = [b"Exif\0\0".to_vec(), exif()].concat();
    let noisy = jpeg(&[segment(0xe1, &app), segment(0xfe, b"a comment"), segment(0xe7, b"?")]);
    assert_eq!(
        said(&[&noisy[..], b"x"].concat()),
        "32 by 16 pixels, 8 bits each of three colours, with loss; carries EXIF (62 bytes), texts (9 bytes), parts \
         that are not known here (1 byte); says where on earth it was taken; says that it is to be turned or \
         mirrored; 1 byte after the end of the picture"
    );
    let frame = b",\0\0\0\0\x02\0\x01\0\0\x02\x02\x44\x01\0";
    let gif =
        [&b"GIF89a\x02\0\x01\0\x80\0\0\0\0\0\xff\xff\xff"[..], b"!\xfe\x02hi\0", frame, frame, b";"].concat();
    assert_eq!(
        said(&gif),
        "2 by 1 pixels, at most 256 colours in each picture; 2 pictures one after the other; carries texts (6 bytes)"
    );
    let lossless = (31u32 | 15 << 14).to_le_bytes();
    let moving = webp(&[(b"VP8L", &[&b"\x2f"[..], &lossless].concat()), (b"EXIF", &exif())]);
    assert_eq!(
        said(&[&moving[..], b"more"].concat()),
        "32 by 16 pixels, 8 bits each of red, green, blue and transparency; carries EXIF (56 bytes); says where on \
         earth it was taken; says that it is to be turned or mirrored; 4 bytes after the end of the picture"
    );
}

#[test]
fn what_ends_before_its_end_says_so() {
    for whole in [png::png(3, 3, pixel), jpeg(&[]), webp(&[(b"VP8L", b"\x2f\0\0\0\0")])] {
        assert_eq!(anatomy(&whole).unwrap().end, Some(whole.len()));
        for end in 12..whole.len() {
            assert_eq!(anatomy(&whole[..end]).unwrap().end, None, "{end} of {}", whole.escape_ascii());
        }
    }
}

#[test]
fn other_bytes_are_no_picture() {
    for bytes in [&b""[..], b"<svg/>", b"\x89PNG", b"RIFF\0\0\0\0WAVE", b"BM"] {
        assert_eq!(anatomy(bytes), None);
    }
}

/// The sheet of a change of a file.
fn changed(before: Option<&[u8]>, after: &[u8]) -> Sheet {
    common::sheet_of(&common::proposal(vec![common::change("/srv/logo.png", before, Some(after))]))
}

fn found(sheet: &Sheet) -> Vec<&str> {
    let ours = sheet.findings.iter().filter(|it| it.rule.starts_with("picture-"));
    ours.map(|it| it.title.as_str()).collect()
}

#[test]
fn bytes_after_the_picture_and_places_in_it_are_found_where_they_are_new() {
    let plain = png::png(4, 4, pixel);
    let tail = [&plain[..], b"PK\x03\x04 and the rest"].concat();
    let place = with(4, 4, pixel, &[(b"eXIf", &exif())]);
    let says = "There are 17 bytes after the end of the picture, which begin like a ZIP archive";
    assert_eq!(found(&changed(None, &tail)), [says]);
    assert_eq!(found(&changed(Some(&plain), &tail)), [says]);
    assert_eq!(found(&changed(Some(&tail), &tail)), [""; 0]);
    assert_eq!(found(&changed(Some(&tail), &plain)), [""; 0]);
    assert_eq!(found(&changed(Some(&plain), &place)), ["The picture says where on earth it was taken"]);
    assert_eq!(found(&changed(Some(&place), &place)), [""; 0]);
}

#[test]
fn a_document_of_a_picture_can_be_looked_at_as_one_and_keeps_its_rows() {
    let (one, other) = (png::png(4, 4, pixel), png::png(5, 4, pixel));
    for (before, after, also) in [
        (Some(&one[..]), &other[..], Some(Also::Picture)),
        (None, &one[..], Some(Also::Picture)),
        (Some(b"words"), &one[..], Some(Also::Picture)),
        (Some(b"words"), b"<svg xmlns='http://www.w3.org/2000/svg'/>", None),
    ] {
        let made = changed(before, after);
        assert_eq!(made.documents[0].also, also);
        assert!(made.documents[0].rows.len() > 1);
    }
    assert_eq!(anatomy(&one).unwrap().format, Format::Png);
}

proptest! {
    #[test]
    fn any_bytes_are_walked(kind in 0usize..4, bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let begin = [&b"\x89PNG\r\n\x1a\n"[..], b"\xff\xd8\xff", b"GIF89a", b"RIFF\x20\0\0\0WEBP"][kind];
        let bytes = [begin, &bytes].concat();
        let it = anatomy(&bytes).unwrap();
        prop_assert!(it.end.is_none_or(|end| end <= bytes.len()));
        prop_assert!(it.remarks(&bytes).iter().all(|it| it.is_ascii()) && it.measure().is_ascii());
    }
}
