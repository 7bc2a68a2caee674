//! A changed picture in the real window: decoded by a process of its own, drawn from pixels, loading nothing.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "../../crates/images/tests/common/png.rs"]
#[allow(dead_code, reason = "others use the rest")]
mod png;

use std::fs;
use std::io::ErrorKind;
use std::net::{TcpListener, TcpStream};

use countersign_tests::until::until_so;
use countersign_tests::{Desktop, Person, gate, programs, sealed};

/// The pixels of a canvas at a place, and how large it is.
const PIXEL: &str = "const it = document.querySelectorAll('canvas')[AT]; \
     return [it.width, it.height, ...it.getContext('2d').getImageData(X, Y, 1, 1).data]";

fn pixel(at: usize, x: u32, y: u32) -> String {
    let places = [("AT", at.to_string()), ("X", x.to_string()), ("Y", y.to_string())];
    places.iter().fold(PIXEL.to_owned(), |script, (name, place)| script.replace(name, place))
}

#[test]
fn a_changed_picture_is_drawn_from_pixels_and_what_differs_is_marked() {
    sealed(|| {
        let desktop = Desktop::start();
        let heard = TcpListener::bind("127.0.0.1:0").unwrap();
        heard.set_nonblocking(true).unwrap();
        let evil = format!("http://{}/x.png", heard.local_addr().unwrap());
        let disc = |dot: [u8; 4]| {
            move |x: u32, y: u32| match (x.abs_diff(20).pow(2) + y.abs_diff(20).pow(2), x == 25 && y == 12) {
                (_, true) => dot,
                (..=300, _) => [43, 68, 180, 255],
                _ => [0, 0, 0, 0],
            }
        };
        let before = png::png(40, 40, disc([43, 68, 180, 255]));
        let link = format!("XML:com.adobe.xmp\0<x href=\"{evil}\"/>");
        let after = png::with(40, 40, disc([176, 36, 28, 255]), &[(b"iTXt", link.as_bytes())]);
        let after = [after, b"<script src=x></script>".to_vec()].concat();
        let person = Person::begin(&desktop);
        let window = &person.window;
        fs::write(desktop.path("logo.png"), before).unwrap();
        fs::write(desktop.path("from"), after).unwrap();
        let at = |name: &str| desktop.path(name).to_string_lossy().into_owned();
        let asked = gate::output(
            &desktop,
            &["apply", "--no-wait", "--write", &format!("{}={}", at("logo.png"), at("from"))],
        );
        assert_eq!(asked.status.code(), Some(98), "{asked:?}");
        person.open_proposal("");

        window.part("view-picture").click();
        until_so("both sides are drawn", || window.all("canvas").len() == 2);
        let drawn = |at, x, y| window.script(&pixel(at, x, y));
        until_so("the pixels are there", || drawn(1, 25, 12)[5] == 255);
        assert_eq!(drawn(0, 25, 12), serde_json::json!([40, 40, 43, 68, 180, 255]));
        assert_eq!(drawn(1, 25, 12), serde_json::json!([40, 40, 176, 36, 28, 255]));
        assert_eq!(drawn(1, 0, 0)[5], 0, "transparent stays transparent");
        window.wait_for_text("23 bytes after the end of the picture");
        window.picture(&programs::target().join("pictures/pictured-light.png"));

        window.part("picture-difference").click();
        window.wait_for_text("1 pixel of 1,600 differs (less than 0.1 %), within 1 × 1 pixels from 25, 12.");
        until_so("it is marked", || drawn(0, 25, 12) == serde_json::json!([40, 40, 196, 0, 96, 255]));
        window.script("document.documentElement.dataset.theme = 'dark'");
        window.picture(&programs::target().join("pictures/pictured-dark.png"));
        window.part("view-exact").click();
        until_so("the exact rows stay", || window.parts("row").len() > 3);
        assert!(window.all("canvas").is_empty());
        assert_eq!(window.script("return location.href.startsWith('tauri:')"), true);
        assert_eq!(heard.accept().unwrap_err().kind(), ErrorKind::WouldBlock, "somebody connected");
        drop(TcpStream::connect(heard.local_addr().unwrap()).unwrap());
        until_so("it would have been heard", || heard.accept().is_ok());
        person.window.close();
    });
}
