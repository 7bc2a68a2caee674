//! The one window: made, brought to the front, hidden in the tray.
//!
//! While it is hidden it does not count as being in front, so nothing in it
//! can be approved.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use countersign_core::digest::Digest;
use tauri::{
    AppHandle, Manager as _, PhysicalPosition, PhysicalSize, WebviewUrl, WebviewWindow, WebviewWindowBuilder,
    WindowEvent,
};

use crate::notify::Notifier;
use crate::opening::Opening;
use crate::page::{self, Page};
use crate::platform::Platform;
use crate::settings::Settings;
use crate::thread;
use crate::tray::{self, Tray};
use crate::wire::AppEvent;

/// The one window.
pub(crate) const MAIN: &str = "main";

/// How long to wait for somebody to show the icon, at the start of a session.
const TRAY: Duration = Duration::from_secs(15);

/// How much of a window must be on a screen, to be found and moved: width and height of a title's part.
const REACHABLE: (i32, i32) = (120, 24);

/// How the window begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Begin {
    /// A person started it.
    InFront,
    /// The session started it.
    Behind,
}

/// Makes it.
pub(crate) fn open(app: &AppHandle, begin: Begin) -> tauri::Result<()> {
    let settings = app.state::<Settings>();
    let hidden = begin == Begin::Behind && settings.preferences().close_to_tray && {
        app.state::<Tray>().make(app);
        app.state::<Tray>().is_made()
    };
    let window = WebviewWindowBuilder::new(app, MAIN, WebviewUrl::App("index.html".into()))
        .title("Countersign")
        .inner_size(1280.0, 800.0)
        .min_inner_size(480.0, 400.0)
        .theme(settings.theme().into())
        .visible(!hidden)
        .focused(begin == Begin::InFront)
        // The page never goes anywhere else, whatever is clicked in it.
        // What a frame for rendered text begins with has no address of its own.
        .on_navigation(|url| {
            url.scheme() == "tauri"
                || url.host_str() == Some("tauri.localhost")
                || url.as_str() == "about:srcdoc"
        })
        .on_page_load(|window, load| window.state::<Page>().loads(load.event()))
        .disable_drag_drop_handler()
        .build()?;
    let platform = app.state::<Arc<dyn Platform>>();
    platform.watch_page(&window, page::ended)?;
    platform.dress_page(&window)?;
    tray::make_later(app);
    if begin == Begin::Behind {
        focus_changed(app, false);
        if hidden {
            show_if_there_is_no_tray(app.clone());
        } else {
            window.minimize()?;
        }
    }
    Ok(())
}

/// The session's tray may come up after this app does. Without one, the window could not be found.
fn show_if_there_is_no_tray(app: AppHandle) {
    let work = move || {
        let begun = Instant::now();
        while app.state::<Tray>().missing().is_some() {
            if begun.elapsed() > TRAY {
                show_behind(&app);
                return;
            }
            std::thread::sleep(Duration::from_millis(500));
        }
    };
    if let Err(cause) = thread("tray-wait", work) {
        tracing::warn!(%cause, "the window stays hidden: no thread to be had");
    }
}

/// Where it was may be on no screen any more, and it may be larger than any. Once, as soon as it has a place.
fn keep_on_a_screen(window: &tauri::Window) {
    static DONE: AtomicBool = AtomicBool::new(false);
    let (Ok(position), Ok(size), Ok(screens)) =
        (window.outer_position(), window.outer_size(), window.available_monitors())
    else {
        return;
    };
    if size.width == 0 || screens.is_empty() || DONE.swap(true, Ordering::Relaxed) {
        return;
    }
    let screens: Vec<Screen> = screens.iter().map(|it| (*it.position(), *it.size())).collect();
    if let Some((position, size)) = fitted((position, size), &screens) {
        let moved = window.set_size(size).and_then(|()| window.set_position(position));
        if let Err(error) = moved {
            tracing::warn!(%error, "the window may be off the screen");
        }
    }
}

type Screen = (PhysicalPosition<i32>, PhysicalSize<u32>);

/// A place and size in which it can be reached, where it cannot now.
fn fitted(window: Screen, screens: &[Screen]) -> Option<Screen> {
    let (at, size) = window;
    let inside = |screen: &&Screen| {
        let (corner, extent) = **screen;
        let (right, bottom) = (corner.x + signed(extent.width), corner.y + signed(extent.height));
        let seen = (at.x + signed(size.width)).min(right) - at.x.max(corner.x);
        seen >= REACHABLE.0 && at.y >= corner.y && at.y + REACHABLE.1 <= bottom
    };
    let reached = screens.iter().find(inside);
    let (corner, extent) = *reached.or_else(|| screens.first())?;
    let fits = size.width <= extent.width && size.height <= extent.height;
    if reached.is_some() && fits {
        return None;
    }
    let size = PhysicalSize::new(size.width.min(extent.width), size.height.min(extent.height));
    let middle = PhysicalPosition::new(
        corner.x + (signed(extent.width) - signed(size.width)) / 2,
        corner.y + (signed(extent.height) - signed(size.height)) / 2,
    );
    Some((middle, size))
}

fn signed(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// Brings it to the front.
pub(crate) fn raise(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(MAIN) {
        let _ = window.show();
        let _ = window.unminimize();
        let _ = window.set_focus();
    }
}

/// Shows it to whoever looks for it, and no more.
fn show_behind(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(MAIN) {
        let _ = window.show();
        let _ = window.minimize();
    }
}

/// Brings it to the front and opens one item in it.
pub(crate) fn open_item(app: &AppHandle, digest: &Digest) {
    raise(app);
    page::show(app, AppEvent::OpenItem { digest: digest.to_string() });
}

/// Brings it to the front and shows the first that waits.
pub(crate) fn open_queue(app: &AppHandle) {
    raise(app);
    page::show(app, AppEvent::ShowQueue);
}

/// What happens to it.
pub(crate) fn on_event(window: &tauri::Window, event: &WindowEvent) {
    let app = window.app_handle();
    match event {
        WindowEvent::Focused(focused) => {
            // One that is not to be seen is not in front, whatever the window manager says.
            focus_changed(app, *focused && window.is_visible().unwrap_or(true));
        }
        WindowEvent::Moved(_) | WindowEvent::Resized(_) => keep_on_a_screen(window),
        WindowEvent::CloseRequested { api, .. } if stays_in_tray(app) => {
            api.prevent_close();
            if let Err(error) = window.hide() {
                tracing::warn!(%error, "the window was not hidden");
                return;
            }
            focus_changed(app, false);
            explain_once(app);
        }
        _ => {}
    }
}

/// It came to the front, or left it: until it comes, nothing in it can be approved.
fn focus_changed(app: &AppHandle, focused: bool) {
    app.state::<Opening>().focus_changed(focused);
    page::tell(app, &AppEvent::Arming);
}

fn stays_in_tray(app: &AppHandle) -> bool {
    if !app.state::<Settings>().preferences().close_to_tray {
        return false;
    }
    let tray = app.state::<Tray>();
    tray.make(app);
    tray.missing().is_none()
}

fn explain_once(app: &AppHandle) {
    if app.state::<Settings>().first_time_in_the_tray() {
        app.state::<Notifier>().say(
            "Countersign goes on in the tray",
            "Proposals still reach you. Open it from its icon; Quit in the icon's menu ends it.",
        );
    }
}

/// Nobody shows the icon any more: a hidden window would be lost.
pub(crate) fn come_out_of_the_tray(app: &AppHandle) {
    let hidden = |window: &WebviewWindow| !window.is_visible().unwrap_or(true);
    if app.get_webview_window(MAIN).as_ref().is_some_and(hidden) {
        show_behind(app);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rectangle(x: i32, y: i32, width: u32, height: u32) -> Screen {
        (PhysicalPosition::new(x, y), PhysicalSize::new(width, height))
    }

    #[test]
    fn a_window_that_can_be_reached_stays_where_it_is() {
        let screens = [rectangle(0, 0, 1920, 1080), rectangle(1920, 0, 1280, 1024)];
        for window in [
            rectangle(0, 0, 1280, 800),
            rectangle(2000, 100, 1200, 800),
            rectangle(1500, 500, 1280, 800),
            rectangle(-1000, 0, 1280, 800),
        ] {
            assert_eq!(fitted(window, &screens), None, "{window:?}");
        }
        assert_eq!(fitted(rectangle(5, 5, 100, 100), &[]), None, "no screen is known");
    }

    #[test]
    fn one_that_cannot_comes_back_to_the_first_screen_and_fits_it() {
        let screens = [rectangle(0, 0, 1280, 800)];
        let middle = Some(rectangle(40, 50, 1200, 700));
        for (x, y) in [(2000, 100), (-1190, 10), (1200, 10), (10, -30), (10, 790), (i32::MAX - 5000, 0)] {
            assert_eq!(fitted(rectangle(x, y, 1200, 700), &screens), middle, "{x} {y}");
        }
        assert_eq!(fitted(rectangle(0, 0, 3840, 2160), &screens), Some(rectangle(0, 0, 1280, 800)));
    }
}
