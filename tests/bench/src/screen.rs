//! What a person sees and types, without the program knowing: pixels of the X server, and keys pressed at it.

use std::thread;
use std::time::{Duration, Instant};

use countersign_tests::Desktop;
use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{ConnectionExt as _, ImageFormat, KEY_PRESS_EVENT, KEY_RELEASE_EVENT};
use x11rb::protocol::xtest::ConnectionExt as _;
use x11rb::rust_connection::RustConnection;

use crate::Failed;

/// How often it is looked at: what is measured is at most so much too long.
const LOOK: Duration = Duration::from_millis(4);

const LIMIT: Duration = Duration::from_secs(30);

/// A part of the screen: left, top, width, height.
pub(crate) type Part = (i16, i16, u16, u16);

/// A connection to a desktop's X server.
pub(crate) struct Screen {
    connection: RustConnection,
    root: u32,
}

impl Screen {
    pub(crate) fn of(desktop: &Desktop) -> Result<Self, Failed> {
        let display = desktop.command("true").get_envs().find_map(|(name, value)| {
            (name == "DISPLAY").then(|| value.map(|it| it.to_string_lossy().into_owned())).flatten()
        });
        let (connection, screen) = x11rb::connect(display.as_deref())?;
        let root = connection.setup().roots.get(screen).ok_or("the X server has no screen")?.root;
        Ok(Self { connection, root })
    }

    /// The pixels of `part`.
    pub(crate) fn pixels(&self, (left, top, width, height): Part) -> Result<Vec<u8>, Failed> {
        let asked =
            self.connection.get_image(ImageFormat::Z_PIXMAP, self.root, left, top, width, height, !0)?;
        Ok(asked.reply()?.data)
    }

    /// Waits until `so` says that the pixels of `part` are what it waits for, and says when that was.
    pub(crate) fn wait(
        &self,
        what: &str,
        part: Part,
        mut so: impl FnMut(&[u8]) -> Result<bool, Failed>,
    ) -> Result<Instant, Failed> {
        let begun = Instant::now();
        loop {
            if so(&self.pixels(part)?)? {
                return Ok(Instant::now());
            }
            if begun.elapsed() > LIMIT {
                return Err(format!("the screen never shows {what}").into());
            }
            thread::sleep(LOOK);
        }
    }

    /// Presses the key that types `letter` and lets go of it.
    pub(crate) fn press(&self, letter: u8) -> Result<(), Failed> {
        let setup = self.connection.setup();
        let (first, last) = (setup.min_keycode, setup.max_keycode);
        let known = self.connection.get_keyboard_mapping(first, last - first + 1)?.reply()?;
        let keys = known.keysyms.chunks(usize::from(known.keysyms_per_keycode));
        let code = (first..=last).zip(keys).find(|(_, symbols)| symbols.first() == Some(&u32::from(letter)));
        let (code, _) = code.ok_or("no key types that letter")?;
        for event in [KEY_PRESS_EVENT, KEY_RELEASE_EVENT] {
            self.connection.xtest_fake_input(event, code, 0, self.root, 0, 0, 0)?;
        }
        self.connection.flush()?;
        Ok(())
    }
}

/// By how much the same colour may differ: the edges of letters are a shade otherwise at each start.
const SHADE: u8 = 26;

/// Which part of two pictures of the same size is the same.
pub(crate) fn likeness(one: &[u8], other: &[u8]) -> f64 {
    if one.is_empty() || one.len() != other.len() {
        return 0.0;
    }
    let alike = |one: &[u8], other: &[u8]| one.iter().zip(other).all(|(a, b)| a.abs_diff(*b) <= SHADE);
    let same = one.chunks(4).zip(other.chunks(4)).filter(|(one, other)| alike(one, other)).count();
    same as f64 / one.chunks(4).count() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn likeness_is_by_pixel() {
        assert_eq!(likeness(&[1, 2, 3, 4, 5, 6, 7, 8], &[1, 2, 3, 4, 99, 6, 7, 8]), 0.5);
        assert_eq!(likeness(&[1, 2, 3, 4, 5, 6, 7, 8], &[1, 2, 3, 4, 9, 6, 7, 8]), 1.0);
        assert_eq!(likeness(&[1, 2, 3, 4], &[1, 2, 3, 4]), 1.0);
        assert_eq!(likeness(&[], &[]), 0.0);
        assert_eq!(likeness(&[1, 2, 3, 4], &[1, 2, 3, 4, 5, 6, 7, 8]), 0.0);
    }
}
