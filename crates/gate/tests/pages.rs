//! The examples on the pages of the gate's formats are what the gate reads.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use countersign_core::json;
use countersign_gate::config::Config;
use countersign_gate::request::Request;

/// The JSON blocks of a page.
fn blocks(page: &str) -> Vec<String> {
    let path = format!("{}/../../docs/formats/{page}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    let parts = text.split("```json\n").skip(1);
    parts.map(|part| part.split_once("```").unwrap().0.to_owned()).collect()
}

#[test]
fn every_request_on_its_page_is_one() {
    let blocks = blocks("request.md");
    assert_eq!(blocks.len(), 6);
    for block in blocks {
        Request::parse(block.as_bytes()).unwrap_or_else(|error| panic!("{error}\n{block}"));
    }
}

#[test]
fn the_configuration_on_its_page_is_one() {
    let blocks = blocks("gate-config.md");
    assert_eq!(blocks.len(), 1);
    json::from_bytes::<Config>(blocks[0].as_bytes()).unwrap();
}
