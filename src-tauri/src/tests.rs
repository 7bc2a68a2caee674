//! What must agree between Rust and the page, and what the page must not be able to do.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::wire;

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn read(path: &str) -> String {
    std::fs::read_to_string(here(path)).unwrap_or_else(|cause| panic!("{path}: {cause}"))
}

#[test]
fn the_types_of_the_page_are_those_of_rust() {
    let folder = here("../ui/src/lib/wire");
    let made = wire::files();
    if std::env::var_os("UPDATE_WIRE").is_some() {
        std::fs::remove_dir_all(&folder).ok();
        std::fs::create_dir_all(&folder).unwrap();
        for (name, text) in &made {
            std::fs::write(folder.join(name), text).unwrap();
        }
    }
    let mut there = BTreeMap::new();
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        there.insert(name, std::fs::read_to_string(&path).unwrap());
    }
    assert_eq!(there.keys().collect::<Vec<_>>(), made.keys().collect::<Vec<_>>());
    for (name, text) in &made {
        assert!(there[name] == *text, "{name} is not what Rust says; UPDATE_WIRE=1 writes it anew");
    }
}

/// The words in quotes that follow `before` in `text`.
fn quoted_after(text: &str, before: &str, quote: char) -> BTreeSet<String> {
    text.split(before).skip(1).filter_map(|rest| Some(rest.split_once(quote)?.0.to_owned())).collect()
}

#[test]
fn build_script_capability_handler_and_page_name_the_same_commands() {
    let build = read("build.rs");
    let listed = build.split_once("commands(&[").unwrap().1.split_once("])").unwrap().0;
    let listed: BTreeSet<String> = listed
        .split(',')
        .map(|it| it.trim().trim_matches('"').to_owned())
        .filter(|it| !it.is_empty())
        .collect();

    let source = read("src/commands.rs");
    let handled = source.split_once("generate_handler![").unwrap().1.split_once(']').unwrap().0;
    let name = |it: &str| it.trim().rsplit("::").next().unwrap_or_default().to_owned();
    let handled: BTreeSet<String> = handled.split(',').map(name).filter(|it| !it.is_empty()).collect();
    assert_eq!(handled, listed, "build.rs and the handler");

    let allowed: BTreeSet<String> = quoted_after(&read("capabilities/main.json"), "\"allow-", '"')
        .into_iter()
        .map(|it| it.replace('-', "_"))
        .collect();
    assert_eq!(allowed, listed, "build.rs and the capability");

    let page = read("../ui/src/lib/ipc.ts");
    for command in &listed {
        let asked = ["'", "\""].iter().any(|quote| page.contains(&format!("{quote}{command}{quote}")));
        assert!(asked, "the page never asks for {command}");
    }
    let asked = page.split("call<").skip(1).filter_map(|rest| rest.split_once('(')).map(|(_, rest)| rest);
    for rest in asked {
        let name = rest.trim_start().trim_start_matches(['\'', '"']);
        let name = name.split(['\'', '"']).next().unwrap_or_default().to_owned();
        if !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '_') {
            assert!(listed.contains(&name), "the page asks for {name}, which is no command");
        }
    }
}

#[test]
fn the_page_may_load_and_reach_nothing_else() {
    let config: serde_json::Value = serde_json::from_str(&read("tauri.conf.json")).unwrap();
    let csp = config["app"]["security"]["csp"].as_object().unwrap();
    assert_eq!(csp["default-src"], "'none'");
    // The one style of the frame for rendered text, which takes over this policy.
    let style = format!("'sha256-{}'", countersign_views::HASH);
    for (directive, sources) in csp {
        for source in sources.as_str().unwrap().split(' ') {
            let local = ["'none'", "'self'", "ipc:", "http://ipc.localhost"].contains(&source)
                || (directive == "style-src" && source == style);
            assert!(local, "{directive} allows {source}");
        }
    }
    let capability: serde_json::Value = serde_json::from_str(&read("capabilities/main.json")).unwrap();
    assert_eq!(capability["windows"], serde_json::json!(["main"]));
    for permission in capability["permissions"].as_array().unwrap() {
        let name = permission.as_str().unwrap();
        let fits = name.starts_with("allow-")
            || ["core:event:allow-listen", "core:event:allow-unlisten"].contains(&name);
        assert!(fits, "{name} is more than the page needs");
    }
}

#[test]
fn only_one_file_of_the_page_speaks_to_rust() {
    let mut speaking = Vec::new();
    let mut folders = vec![here("../ui/src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if std::fs::read_to_string(&path).is_ok_and(|text| text.contains("@tauri-apps")) {
                speaking.push(path.file_name().unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    assert_eq!(speaking, ["ipc.ts"]);
}
