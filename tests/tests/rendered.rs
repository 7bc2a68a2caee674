//! Views beside the rows in the real window: nothing in them acts.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::io::ErrorKind;
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use countersign_tests::until::until_so;
use countersign_tests::{Desktop, Person, gate, programs, sealed};

/// Where the focus is: the part that has it, and of the page at all.
const FOCUS: &str =
    "return [document.activeElement?.dataset.testid ?? document.activeElement?.tagName, document.hasFocus()]";

#[test]
fn a_rendered_text_connects_to_nothing_runs_nothing_and_takes_no_focus() {
    sealed(|| {
        let desktop = Desktop::start();
        let heard = TcpListener::bind("127.0.0.1:0").unwrap();
        heard.set_nonblocking(true).unwrap();
        let evil = format!("http://{}", heard.local_addr().unwrap());
        let text = include_str!("../../crates/views/tests/hostile.md").replace("https://evil.example", &evil);
        assert!(text.matches(&evil).count() >= 5);
        let person = Person::begin(&desktop);
        let window = &person.window;
        fs::write(desktop.path("from"), text).unwrap();
        let at = |name: &str| desktop.path(name).to_string_lossy().into_owned();
        let asked = gate::output(
            &desktop,
            &["apply", "--no-wait", "--write", &format!("{}={}", at("README.md"), at("from"))],
        );
        assert_eq!(asked.status.code(), Some(98), "{asked:?}");
        person.open_proposal("");

        window.part("view-rendered").click();
        window.css("iframe");
        let loaded = "return new Promise((done) => setTimeout(() => done(frames.length), 1500))";
        assert_eq!(window.script(loaded), 1);
        window.picture(&programs::target().join("pictures/rendered-light.png"));
        assert_eq!(window.script(FOCUS)[0], "view-rendered", "it stays where it was");
        assert!(window.script("return document.querySelector('iframe').contentDocument").is_null());

        assert_eq!(window.script("return location.href.startsWith('tauri:')"), true);

        window.script("document.documentElement.dataset.theme = 'dark'");
        std::thread::sleep(Duration::from_secs(1));
        window.picture(&programs::target().join("pictures/rendered-dark.png"));
        assert_eq!(heard.accept().unwrap_err().kind(), ErrorKind::WouldBlock, "somebody connected");
        drop(TcpStream::connect(heard.local_addr().unwrap()).unwrap());
        until_so("it would have been heard", || heard.accept().is_ok());
        person.window.close();
    });
}
