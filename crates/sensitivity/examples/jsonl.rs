//! Reads `{"id","text"}` lines and prints findings, until the command line can.
#![allow(clippy::unwrap_used, reason = "it is for who works on the rules")]

use std::io::{BufRead, Write};

use countersign_sensitivity::{Reach, Rules};
use serde_json::{Value, json};

fn main() {
    let rules = Rules::built_in();
    let mut out = std::io::BufWriter::new(std::io::stdout());
    for line in std::io::stdin().lock().lines() {
        let line: Value = serde_json::from_str(&line.unwrap()).unwrap();
        let text = line["text"].as_str().unwrap();
        let found: Vec<_> = rules
            .scan(text.as_bytes(), Reach::Public)
            .into_iter()
            .map(|it| json!({"start": it.range.start, "end": it.range.end, "category": it.category.as_str(), "kind": it.rule, "severity": format!("{:?}", it.severity), "why": it.why}))
            .collect();
        writeln!(out, "{}", json!({"id": line["id"], "findings": found})).unwrap();
    }
}
