//! What is asked of the process that decodes, and what it answers: a line of words and numbers, then bytes.

use crate::{Compared, Differ, Drawn, Fault, LONGEST, MOST, Pixels, SHOWN, compare, draw};

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    Drawn(Drawn),
    Compared(Compared),
    Fault(Fault),
}

/// Bytes of the first line, at most.
const LINE: usize = 200;

/// Bytes of the longest answer.
#[must_use]
pub fn longest() -> u64 {
    LINE as u64 + SHOWN * 4
}

#[must_use]
pub fn ask_to_draw(bytes: &[u8]) -> Vec<u8> {
    [b"draw\n", bytes].concat()
}

#[must_use]
pub fn ask_to_compare(before: &[u8], after: &[u8]) -> Vec<u8> {
    [format!("compare {}\n", before.len()).as_bytes(), before, after].concat()
}

/// Does what is asked. It can take long, end the process, or take all of its memory.
#[must_use]
pub fn answer(asked: &[u8]) -> Vec<u8> {
    let (line, rest) = cut(asked).unwrap_or_default();
    let made = match line.split_once(' ') {
        None if line == "draw" => draw(rest).map(Answer::Drawn),
        Some(("compare", at)) => match at.parse().ok().and_then(|at| rest.split_at_checked(at)) {
            Some((before, after)) => compare(before, after).map(Answer::Compared),
            None => Err(Fault::Unknown),
        },
        _ => Err(Fault::Unknown),
    };
    print(&made.unwrap_or_else(Answer::Fault))
}

fn print(answer: &Answer) -> Vec<u8> {
    let (line, pixels) = match answer {
        Answer::Drawn(Drawn { width, height, pixels }) => {
            (format!("drawn {width} {height} {} {}", pixels.width, pixels.height), Some(pixels))
        }
        Answer::Compared(Compared::Sizes([(a, b), (c, d)])) => (format!("sizes {a} {b} {c} {d}"), None),
        Answer::Compared(Compared::Same) => ("same".to_owned(), None),
        Answer::Compared(Compared::Differ(it)) => {
            let Differ { width, height, changed, unseen, area: [x, y, w, h], pixels } = it;
            let (across, down) = (pixels.width, pixels.height);
            let line = format!("differ {width} {height} {across} {down} {changed} {unseen} {x} {y} {w} {h}");
            (line, Some(pixels))
        }
        Answer::Fault(Fault::Unknown) => ("unknown".to_owned(), None),
        Answer::Fault(Fault::Large) => ("large".to_owned(), None),
        Answer::Fault(Fault::Broken) => ("broken".to_owned(), None),
    };
    [line.as_bytes(), b"\n", pixels.map_or(&[][..], |it| &it.rgba)].concat()
}

/// Reads an answer. The process that gave it may have been taken over: only what holds together is taken.
#[must_use]
pub fn parse(answer: &[u8]) -> Option<Answer> {
    let (line, rest) = cut(answer)?;
    let mut words = line.split(' ');
    let kind = words.next()?;
    let numbers: Vec<u32> = words.map(str::parse).collect::<Result<_, _>>().ok()?;
    let picture = |width: u32, height: u32| {
        let pixels = u64::from(width) * u64::from(height);
        pixels > 0 && pixels <= MOST && width.max(height) <= LONGEST
    };
    let pixels = |width: u32, height: u32| {
        let count = u64::from(width) * u64::from(height);
        let fits = count > 0 && count <= SHOWN && count * 4 == rest.len() as u64;
        fits.then(|| Pixels { width, height, rgba: rest.to_vec() })
    };
    let made = match (kind, numbers.as_slice()) {
        ("drawn", &[width, height, across, down]) if picture(width, height) => {
            Answer::Drawn(Drawn { width, height, pixels: pixels(across, down)? })
        }
        ("differ", &[width, height, across, down, changed, unseen, x, y, w, h]) if picture(width, height) => {
            let inside = |from: u32, size: u32, end: u32| {
                size > 0 && from.checked_add(size).is_some_and(|to| to <= end)
            };
            let all = u64::from(width) * u64::from(height);
            let holds = inside(x, w, width) && inside(y, h, height);
            let counted = unseen <= changed && changed > 0 && u64::from(changed) <= all;
            let (changed, unseen) = (changed.into(), unseen.into());
            let pixels = pixels(across, down)?;
            (holds && counted).then_some(Answer::Compared(Compared::Differ(Differ {
                width,
                height,
                changed,
                unseen,
                area: [x, y, w, h],
                pixels,
            })))?
        }
        ("sizes", &[a, b, c, d]) if rest.is_empty() && picture(a, b) && picture(c, d) => {
            Answer::Compared(Compared::Sizes([(a, b), (c, d)]))
        }
        ("same", []) if rest.is_empty() => Answer::Compared(Compared::Same),
        ("unknown", []) if rest.is_empty() => Answer::Fault(Fault::Unknown),
        ("large", []) if rest.is_empty() => Answer::Fault(Fault::Large),
        ("broken", []) if rest.is_empty() => Answer::Fault(Fault::Broken),
        _ => return None,
    };
    Some(made)
}

/// The first line, and what follows it.
fn cut(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let end = bytes.iter().take(LINE).position(|byte| *byte == b'\n')?;
    Some((std::str::from_utf8(&bytes[..end]).ok()?, &bytes[end + 1..]))
}
