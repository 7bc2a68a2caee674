//! What differs between two pictures, pixel by pixel.

use image::DynamicImage;

use crate::decode::{decoded, step};
use crate::{Compared, Differ, Fault, MOST, Pixels};

/// A pixel that differs.
const MARK: [u8; 4] = [196, 0, 96, 255];

/// The line around all of them.
const BOX: [u8; 4] = [43, 68, 180, 255];

/// Compares the first pictures of two files. What is not drawn is compared all the same.
///
/// # Errors
///
/// Every [`Fault`] of either side.
pub fn compare(before: &[u8], after: &[u8]) -> Result<Compared, Fault> {
    let (before, after) = (decoded(before, MOST)?, decoded(after, MOST)?);
    let sizes = [&before, &after].map(|it| (it.width(), it.height()));
    if sizes[0] != sizes[1] {
        return Ok(Compared::Sizes(sizes));
    }
    // A difference in the lower half of 16 bits is one.
    let deep =
        [&before, &after].iter().any(|it| it.color().bytes_per_pixel() / it.color().channel_count() > 1);
    let marked = if deep {
        marked(before.into_rgba16().as_chunks().0, after.to_rgba16().as_chunks().0, sizes[0])
    } else {
        marked(before.into_rgba8().as_chunks().0, after.to_rgba8().as_chunks().0, sizes[0])
    };
    Ok(marked.map_or(Compared::Same, |marked| Compared::Differ(marked.drawn(&after, sizes[0]))))
}

struct Marked {
    step: u32,
    /// Of each pixel that is drawn, whether any that it stands for differs.
    cells: Vec<bool>,
    changed: u64,
    unseen: u64,
    /// Left, top, right, bottom; the last two are in it.
    area: [u32; 4],
}

fn marked<T: PartialEq + Default>(
    before: &[[T; 4]],
    after: &[[T; 4]],
    (width, height): (u32, u32),
) -> Option<Marked> {
    let step = step(width, height);
    let across = width.div_ceil(step) as usize;
    let cells = vec![false; across * height.div_ceil(step) as usize];
    let mut made = Marked { step, cells, changed: 0, unseen: 0, area: [width, height, 0, 0] };
    let rows = before.chunks_exact(width as usize).zip(after.chunks_exact(width as usize));
    for (y, (was, would)) in (0u32..).zip(rows) {
        for (x, (was, would)) in (0u32..).zip(was.iter().zip(would)) {
            if was == would {
                continue;
            }
            made.changed += 1;
            made.unseen += u64::from(was[3] == T::default() && would[3] == T::default());
            let [left, top, right, bottom] = made.area;
            made.area = [left.min(x), top.min(y), right.max(x), bottom.max(y)];
            made.cells[(y / step) as usize * across + (x / step) as usize] = true;
        }
    }
    (made.changed > 0).then_some(made)
}

impl Marked {
    /// What would be, pale, and the marks on it.
    fn drawn(self, after: &DynamicImage, (width, height): (u32, u32)) -> Differ {
        let step = self.step;
        let (across, down) = (width.div_ceil(step), height.div_ceil(step));
        let grey = after.to_luma_alpha8();
        let mut rgba = Vec::with_capacity(self.cells.len() * 4);
        for (at, marked) in self.cells.iter().enumerate() {
            let (x, y) = (at as u32 % across * step, at as u32 / across * step);
            let [light, opacity] = grey.get_pixel(x, y).0.map(u16::from);
            let light = (light * opacity + 255 * (255 - opacity)) / 255;
            let pale = (255 - (255 - light) / 3) as u8;
            rgba.extend(if *marked { MARK } else { [pale, pale, pale, 255] });
        }
        let mut pixels = Pixels { width: across, height: down, rgba };
        let [left, top, right, bottom] = self.area;
        // One pixel outside of what differs, so that it hides none of it.
        let edges = [left / step, top / step].map(|it| it.checked_sub(1));
        let ends = [(right / step + 1, across), (bottom / step + 1, down)];
        let ends = ends.map(|(at, end)| Some(at).filter(|at| *at < end));
        let span = |from: Option<u32>, to: Option<u32>, end: u32| from.unwrap_or(0)..=to.unwrap_or(end - 1);
        for x in [edges[0], ends[0]].into_iter().flatten() {
            span(edges[1], ends[1], down).for_each(|y| pixels.put(x, y, BOX));
        }
        for y in [edges[1], ends[1]].into_iter().flatten() {
            span(edges[0], ends[0], across).for_each(|x| pixels.put(x, y, BOX));
        }
        let area = [left, top, right - left + 1, bottom - top + 1];
        Differ { width, height, changed: self.changed, unseen: self.unseen, area, pixels }
    }
}

impl Pixels {
    fn put(&mut self, x: u32, y: u32, pixel: [u8; 4]) {
        let at = (y as usize * self.width as usize + x as usize) * 4;
        if let Some(place) = self.rgba.get_mut(at..at + 4) {
            place.copy_from_slice(&pixel);
        }
    }
}
