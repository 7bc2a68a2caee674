//! Pictures of each kind, and files that only look like some.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "common/png.rs"]
mod png;

use std::io::Cursor;

use countersign_images::{
    Answer, Compared, Drawn, Fault, MOST, SHOWN, answer, ask_to_compare, ask_to_draw, compare, draw, longest,
    parse,
};
use image::{DynamicImage, ImageBuffer, ImageFormat, Rgb, Rgba};
use png::{head, part, png, stored, with};
use proptest::prelude::*;

fn colour(x: u32, y: u32) -> [u8; 4] {
    [(x * 40) as u8, (y * 30) as u8, 200, if x == y { 0 } else { 255 }]
}

/// The same small picture in a format that our own decoder's library can write.
fn written(format: ImageFormat) -> Vec<u8> {
    let whole = ImageBuffer::from_fn(6, 4, |x, y| Rgba(colour(x, y)));
    let picture = match format {
        ImageFormat::Jpeg => DynamicImage::ImageRgba8(whole).into_rgb8().into(),
        _ => DynamicImage::ImageRgba8(whole),
    };
    let mut out = Cursor::new(Vec::new());
    picture.write_to(&mut out, format).unwrap();
    out.into_inner()
}

#[test]
fn pixels_of_each_kind_come_out_as_they_were() {
    for format in [ImageFormat::Png, ImageFormat::WebP, ImageFormat::Gif, ImageFormat::Jpeg] {
        let made = draw(&written(format)).unwrap();
        assert_eq!((made.width, made.height, made.pixels.rgba.len()), (6, 4, 96), "{format:?}");
        let exact = matches!(format, ImageFormat::Png | ImageFormat::WebP);
        for (at, pixel) in made.pixels.rgba.chunks_exact(4).enumerate() {
            let expected = colour(at as u32 % 6, at as u32 / 6);
            if exact {
                assert_eq!(pixel, expected, "{format:?} {at}");
            } else if expected[3] == 255 && format == ImageFormat::Gif {
                let near = pixel.iter().zip(expected).all(|(a, b)| a.abs_diff(b) < 16);
                assert!(near, "{pixel:?} {expected:?}");
            }
        }
    }
    assert_eq!(draw(&png(6, 4, colour)), draw(&written(ImageFormat::Png)));
}

#[test]
fn other_kinds_are_not_drawn() {
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg'/>";
    for bytes in [&b""[..], b"BM", svg, b"\0\0\x01\0\x01\0", b"II*\0aaaaaaaa", b"P6 1 1 255\n   "] {
        assert_eq!(draw(bytes), Err(Fault::Unknown), "{}", bytes.escape_ascii());
    }
}

#[test]
fn what_is_cut_short_or_says_other_lengths_is_broken_or_drawn_and_never_more() {
    for format in [ImageFormat::Png, ImageFormat::WebP, ImageFormat::Gif, ImageFormat::Jpeg] {
        let whole = written(format);
        for end in 0..whole.len() {
            if let Ok(made) = draw(&whole[..end]) {
                assert_eq!((made.width, made.height), (6, 4), "{format:?} {end}");
            }
        }
    }
    let wrong = [png::SIGNATURE, &head(6, 4, 8, 6), b"\xff\xff\xff\xffIDAT", b"xx"].concat();
    assert_eq!(draw(&wrong), Err(Fault::Broken));
    let nothing = [png::SIGNATURE, &head(0, 4, 8, 6), &part(b"IDAT", &stored(b"")), &part(b"IEND", b"")];
    assert_eq!(draw(&nothing.concat()), Err(Fault::Broken));
}

#[test]
fn a_small_file_that_would_be_huge_is_refused_before_it_is_unpacked() {
    for (width, height) in [(50_000, 50_000), (1 << 14, 1 << 12), (20_000, 1), (u32::MAX >> 1, 1)] {
        let bomb = [png::SIGNATURE, &head(width, height, 8, 6), &part(b"IDAT", &stored(&[0; 99]))];
        let bomb = [bomb.concat(), part(b"IEND", b"")].concat();
        assert_eq!(draw(&bomb), Err(Fault::Large), "{width} {height}");
        assert_eq!(compare(&bomb, &bomb), Err(Fault::Large));
    }
    assert!(u64::from(1u32 << 14) * u64::from(1u32 << 12) > MOST);
}

#[test]
fn a_large_picture_is_drawn_smaller_and_says_its_own_size() {
    let dot = |x: u32, y: u32| if (x, y) == (1999, 0) { [0, 0, 0, 255] } else { [255; 4] };
    let made = draw(&png(2000, 1100, dot)).unwrap();
    assert_eq!((made.width, made.height), (2000, 1100));
    assert_eq!((made.pixels.width, made.pixels.height), (1000, 550));
    assert!(u64::from(made.pixels.width) * u64::from(made.pixels.height) <= SHOWN);
    assert_eq!(made.pixels.rgba[999 * 4..1000 * 4], [191, 191, 191, 255]);
}

#[test]
fn what_differs_is_counted_and_marked_however_small_it_is_drawn() {
    let plain = png(2000, 1100, |_, _| [9, 9, 9, 255]);
    let changed = png(2000, 1100, |x, y| {
        if [(700, 31), (703, 30)].contains(&(x, y)) { [9, 9, 10, 255] } else { [9, 9, 9, 255] }
    });
    let Ok(Compared::Differ(made)) = compare(&plain, &changed) else { panic!() };
    assert_eq!((made.changed, made.unseen, made.area), (2, 0, [700, 30, 4, 2]));
    let marks = made.pixels.rgba.chunks_exact(4).filter(|it| *it == [196, 0, 96, 255]).count();
    assert_eq!((made.pixels.width, marks), (1000, 2));
    assert_eq!(compare(&plain, &plain), Ok(Compared::Same));
    assert_eq!(compare(&plain, &png(2, 3, colour)), Ok(Compared::Sizes([(2000, 1100), (2, 3)])));
}

#[test]
fn a_change_that_nobody_sees_is_found() {
    let clear = |red| png(4, 4, move |_, _| [red, 0, 0, 0]);
    let Ok(Compared::Differ(made)) = compare(&clear(0), &clear(1)) else { panic!() };
    assert_eq!((made.changed, made.unseen, made.area), (16, 16, [0, 0, 4, 4]));
    let deep = |low: u16| {
        let whole = ImageBuffer::from_fn(3, 2, |_, _| Rgb([513u16, 4, low]));
        let mut out = Cursor::new(Vec::new());
        DynamicImage::ImageRgb16(whole).write_to(&mut out, ImageFormat::Png).unwrap();
        out.into_inner()
    };
    assert_eq!(draw(&deep(512)), draw(&deep(513)), "eight bits do not tell them apart");
    let Ok(Compared::Differ(made)) = compare(&deep(512), &deep(513)) else { panic!() };
    assert_eq!((made.changed, made.unseen), (6, 0));
}

#[test]
fn nothing_but_pixels_comes_out() {
    let secret = b"who\0took it, and where";
    let noisy = with(6, 4, colour, &[(b"tEXt", secret), (b"eXIf", b"MM\0*\0\0\0\x08\0\0")]);
    let noisy = [noisy, b"PK\x03\x04 and more".to_vec()].concat();
    assert_eq!(draw(&noisy), draw(&png(6, 4, colour)));
    assert_eq!(compare(&noisy, &png(6, 4, colour)), Ok(Compared::Same));
}

#[test]
fn what_is_asked_is_answered_and_read_back() {
    let (one, other) = (png(6, 4, colour), png(6, 4, |_, _| [7; 4]));
    assert_eq!(parse(&answer(&ask_to_draw(&one))), Some(Answer::Drawn(draw(&one).unwrap())));
    for (before, after) in [(&one, &other), (&one, &one), (&one, &png(2, 2, colour))] {
        let asked = ask_to_compare(before, after);
        assert_eq!(parse(&answer(&asked)), Some(Answer::Compared(compare(before, after).unwrap())));
    }
    assert_eq!(parse(&answer(&ask_to_draw(b"no picture"))), Some(Answer::Fault(Fault::Unknown)));
    for asked in [&b""[..], b"draw", b"compare 9\nxx", b"compare -1\nxx", b"compare 99999999999999999999\n"] {
        assert_eq!(parse(&answer(asked)), Some(Answer::Fault(Fault::Unknown)), "{}", asked.escape_ascii());
    }
}

#[test]
fn an_answer_that_does_not_hold_together_is_none() {
    let four = [0; 16];
    for line in [
        "",
        "drawn",
        "drawn 2 2",
        "drawn 2 2 2 3",
        "drawn 2 2 0 0",
        "drawn 2 2 4294967295 4294967295",
        "drawn 0 2 2 2",
        "drawn 40000 40000 2 2",
        "drawn 2 2 2 2 2",
        "drawn  2 2 2 2",
        "drawn -2 2 2 2",
        "differ 2 2 2 2 5 0 0 0 2 2",
        "differ 2 2 2 2 0 0 0 0 2 2",
        "differ 2 2 2 2 2 3 0 0 2 2",
        "differ 2 2 2 2 2 0 1 0 2 2",
        "differ 2 2 2 2 2 0 4294967295 0 4294967295 2",
        "same",
        "large",
        "sizes 1 1 2 2",
        "anything",
    ] {
        assert_eq!(parse(&[line.as_bytes(), b"\n", &four].concat()), None, "{line}");
    }
    let fits = |line: &str| parse(&[line.as_bytes(), b"\n", &four].concat()).is_some();
    assert!(fits("drawn 2 2 2 2") && fits("differ 2 2 2 2 4 4 0 0 2 2"));
    assert_eq!(parse(&[b' '; 500]), None);
}

proptest! {
    #[test]
    fn any_bytes_are_answered(kind in 0usize..5, bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let begin = [&b"\x89PNG\r\n\x1a\n"[..], b"\xff\xd8\xff", b"GIF89a", b"RIFF\0\x01\0\0WEBPVP8 ", b""][kind];
        let made = answer(&ask_to_draw(&[begin, &bytes].concat()));
        prop_assert!(made.len() as u64 <= longest());
        prop_assert!(parse(&made).is_some());
    }

    #[test]
    fn a_picture_in_which_bytes_are_others_is_answered(
        kind in 0usize..4,
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let format = [ImageFormat::Png, ImageFormat::WebP, ImageFormat::Gif, ImageFormat::Jpeg][kind];
        let mut bytes = written(format);
        for (at, byte) in edits {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let made = parse(&answer(&ask_to_draw(&bytes)));
        let fits = |it: &Drawn| u64::from(it.width) * u64::from(it.height) <= MOST;
        prop_assert!(matches!(&made, Some(Answer::Drawn(it)) if fits(it)) || matches!(made, Some(Answer::Fault(_))));
    }

    #[test]
    fn any_answer_is_read_or_none(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = parse(&bytes);
        let _ = answer(&bytes);
    }
}
