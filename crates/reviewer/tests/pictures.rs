//! Pictures are decoded by a process of its own: this one, started again.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "../../images/tests/common/png.rs"]
#[allow(dead_code, reason = "others use the rest")]
mod png;
mod world;

use std::process::ExitCode;

use countersign_core::content::Content;
use countersign_core::digest::Digest;
use countersign_reviewer::{Compared, DRAW, Error, Fault, Pictured, Seen, draw_apart};
use libtest_mimic::{Arguments, Trial};
use world::*;

fn main() -> ExitCode {
    let mut words = std::env::args();
    if words.any(|it| it == DRAW) {
        return draw_apart();
    }
    let tests: [(&str, fn()); 3] = [
        ("a_change_of_a_picture_has_two_sides_and_what_differs", two_sides),
        ("what_only_begins_like_a_picture_is_no_picture", no_picture),
        ("a_bomb_costs_nothing", bomb),
    ];
    let trials = tests.into_iter().map(|(name, test)| {
        Trial::test(name, move || {
            test();
            Ok(())
        })
    });
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit_code()
}

/// A world with one change of a file, and what its only document is as a picture.
fn changed(before: &[u8], after: &[u8], check: impl Fn(&dyn Fn(Pictured) -> Option<Seen>)) {
    let mut world = world();
    let mut proposal = world.gate.proposal();
    if let countersign_core::action::Act::Change(change) = &mut proposal.actions.all_mut().unwrap()[0].act {
        change.resource = "/srv/logo.png".into();
        change.before = Some(Content::inline("image/png", before.to_vec()));
        change.after = Some(Content::inline("image/png", after.to_vec()));
    }
    let digest = world.gate.send_proposal(&proposal);
    let sheet = world.opened(&digest).sheet_digest.unwrap();
    check(&|which| world.it().picture(&digest, &sheet, 0, which).unwrap().map(|it| it.seen));
    let other = Digest::of(b"another sheet");
    assert!(matches!(world.it().picture(&digest, &other, 0, Pictured::After), Err(Error::Changed)));
    assert_eq!(world.it().picture(&digest, &sheet, 1, Pictured::After).unwrap(), None);
}

fn two_sides() {
    let with = |dot: [u8; 4]| png::png(8, 5, move |x, y| if (x, y) == (6, 2) { dot } else { [1, 2, 3, 255] });
    changed(&with([9, 9, 9, 255]), &with([8, 8, 8, 0]), |picture| {
        for (which, dot) in [(Pictured::Before, [9, 9, 9, 255]), (Pictured::After, [8, 8, 8, 0])] {
            let Some(Seen::Drawn(it)) = picture(which) else { panic!("{which:?}") };
            assert_eq!((it.width, it.height), (8, 5));
            assert_eq!(it.pixels.rgba[(2 * 8 + 6) * 4..][..4], dot);
        }
        let Some(Seen::Compared(Compared::Differ(it))) = picture(Pictured::Difference) else { panic!() };
        assert_eq!((it.changed, it.area), (1, [6, 2, 1, 1]));
    });
}

fn no_picture() {
    let picture = png::png(2, 2, |_, _| [7; 4]);
    changed(b"words", &picture, |picture| {
        assert_eq!(picture(Pictured::Before), Some(Seen::Not(Fault::Unknown)));
        assert!(matches!(picture(Pictured::After), Some(Seen::Drawn(_))));
        assert_eq!(picture(Pictured::Difference), Some(Seen::Not(Fault::Unknown)));
    });
    changed(b"words", b"other words", |picture| assert_eq!(picture(Pictured::After), None));
    changed(&picture, &picture[..40], |picture| {
        assert_eq!(picture(Pictured::After), Some(Seen::Not(Fault::Broken)));
    });
}

fn bomb() {
    let bomb = |side: u32, of: u8, data: &[u8]| {
        let idat = png::part(b"IDAT", &png::stored(data));
        [png::SIGNATURE, &png::head(side, side, 8, of), &idat, &png::part(b"IEND", b"")].concat()
    };
    changed(&bomb(50_000, 6, b""), &bomb(5_000, 0, &[0; 2_000]), |picture| {
        assert_eq!(picture(Pictured::Before), Some(Seen::Not(Fault::Large)));
        assert_eq!(picture(Pictured::After), Some(Seen::Not(Fault::Broken)));
    });
}
