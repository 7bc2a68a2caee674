//! The harness itself: what it promises the other tests.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;
use std::time::Duration;

use countersign_tests::desktop::Keyring;
use countersign_tests::model::{Model, call};
use countersign_tests::sealed::{self, sealed};
use countersign_tests::until::until_so;
use countersign_tests::{Desktop, Window};
use serde_json::json;

#[test]
fn a_sealed_test_has_loopback_and_nothing_else() {
    sealed(|| {
        sealed::assert_cut_off();
    });
}

#[test]
#[should_panic(expected = "failed where it was sealed off")]
fn what_fails_inside_fails_outside() {
    sealed(|| panic!("on purpose"));
}

#[test]
fn a_desktop_has_a_keyring_and_shows_notifications() {
    sealed(|| {
        let desktop = Desktop::start();
        desktop.run("sh", &["-c", "printf secret | secret-tool store --label=test what test"]);
        assert_eq!(desktop.run("secret-tool", &["lookup", "what", "test"]), "secret");

        desktop.run("notify-send", &["A summary", "and a body"]);
        until_so("it is shown", || desktop.notifications_shown() == 1);
        let picture = desktop.path("screen.png");
        desktop.picture(&picture);
        assert!(picture.metadata().unwrap().len() > 1000);
        assert_eq!(desktop.notifications(), [("A summary".to_owned(), "and a body".to_owned())]);

        desktop.lock_keyring();
        let mut look = desktop.command("timeout");
        look.args(["2", "secret-tool", "lookup", "what", "test"]);
        assert!(!desktop.output(&mut look).status.success());
    });
}

#[test]
fn a_desktop_without_a_keyring_has_none() {
    sealed(|| {
        let desktop = Desktop::with(Keyring::None);
        let mut look = desktop.command("secret-tool");
        look.args(["lookup", "what", "test"]);
        let output = desktop.output(&mut look);
        assert!(String::from_utf8_lossy(&output.stderr).contains("org.freedesktop.secrets"));
    });
}

#[test]
fn the_driver_clicks_types_holds_and_takes_pictures() {
    sealed(|| {
        let desktop = Desktop::start();
        let program = Path::new("/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser");
        let window = Window::open(&desktop, program, &["--automation"]);
        window.script(&format!("document.write({}); document.close()", json!(PAGE)));
        let field = window.part("field");
        field.type_text("one");
        window.press(&[], &["2"]);
        window.press(&[countersign_tests::window::key::CONTROL], &["b"]);
        window.part("hold").hold(Duration::from_millis(300));
        window.part_saying("said", "ctrl+b held");
        assert_eq!(window.script("return document.querySelector('input').value"), json!("one2"));
        let picture = desktop.path("page.png");
        window.picture(&picture);
        assert!(picture.metadata().unwrap().len() > 1000);
        window.close();
    });
}

const PAGE: &str = r#"<!doctype html><title>t</title><input data-testid="field"><p data-testid="said"></p>
<button data-testid="hold">hold</button><script>
const said = document.querySelector('p'); let at;
addEventListener('keydown', (e) => { if (e.ctrlKey && e.key === 'b') said.textContent += 'ctrl+b ' });
document.querySelector('button').addEventListener('pointerdown', (e) => { at = e.timeStamp });
document.querySelector('button').addEventListener('pointerup', (e) => { if (e.timeStamp - at >= 250) said.textContent += 'held' });
</script>"#;

#[test]
fn the_model_plays_its_script_and_keeps_the_results() {
    let model = Model::start(vec![call("Bash", json!({ "command": "true" })), call("Read", json!({}))]);
    let http = ureq::agent();
    let ask = |messages: serde_json::Value| {
        let body =
            json!({ "model": "m", "stream": true, "tools": [{ "name": "Bash" }], "messages": messages });
        let sent = http.post(format!("{}/v1/messages?beta=true", model.address())).send(body.to_string());
        sent.unwrap().body_mut().read_to_string().unwrap()
    };
    assert!(ask(json!([{ "role": "user", "content": "go" }])).contains(r#""name":"Bash""#));
    let result = json!({ "type": "tool_result", "content": [{ "type": "text", "text": "out" }] });
    assert!(ask(json!([{ "role": "user", "content": [result] }])).contains(r#""name":"Read""#));
    assert_eq!(model.results(), ["out"]);
    let result = json!({ "type": "tool_result", "content": "x" });
    assert!(ask(json!([{ "role": "user", "content": [result.clone(), result] }])).contains("end_turn"));
}
