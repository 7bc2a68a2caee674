//! Pictures, or what begins like some.

use countersign_images::{Answer, answer, ask_to_draw, draw_within, longest, parse};
use countersign_sheet::anatomy;

/// Few enough that thousands of them are drawn in a moment.
const FEW: u64 = 1 << 16;

pub(crate) fn run(input: &[u8]) {
    if let Some(it) = anatomy(input) {
        assert!(it.end.is_none_or(|end| end <= input.len()), "{it:?}");
        assert!(it.remarks(input).iter().chain([&it.measure()]).all(|text| text.is_ascii()));
        let carried: u64 = it.carried.iter().map(|(_, bytes)| bytes).sum();
        assert!(carried <= input.len() as u64, "{it:?}");
    }
    if let Ok(it) = draw_within(input, FEW) {
        assert!(u64::from(it.width) * u64::from(it.height) <= FEW);
        assert_eq!(it.pixels.rgba.len(), it.pixels.width as usize * it.pixels.height as usize * 4);
        let said = answer(&ask_to_draw(input));
        assert!(said.len() as u64 <= longest());
        assert_eq!(parse(&said), Some(Answer::Drawn(it)));
    }
    // What a process says that was taken over.
    let _ = parse(input);
}
