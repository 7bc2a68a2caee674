//! How much of labelled texts is found, and how much is found where nothing is.
//!
//! The texts belong to others and are not here: `COUNTERSIGN_CORPUS` names the folder, or the file of JSON lines.
//! A positive counts as found when a finding of its category touches what is labelled; what its makers call weak,
//! a placeholder, ambiguous or a matter of language models is left out.

use std::io::Read as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use countersign_sensitivity::{Finding, Reach, Rules};
use serde_json::Value;

use crate::Failed;
use crate::figure::{Figure, Target};

/// Kinds of personal data that take a language model to find.
const OF_LANGUAGE: &[&str] = &[
    "PERSON",
    "ORGANIZATION",
    "GPE",
    "STREET_ADDRESS",
    "TITLE",
    "AGE",
    "NRP",
    "DATE_TIME",
    "ZIP_CODE",
    "LOCATION",
];

/// A category, and the targets for what is found of it and what is found in vain. No target: reported only.
const CATEGORIES: &[(&str, &str, &str, f64, f64)] = &[
    ("secret", "recall-secret", "alarms-secret", 0.85, 0.03),
    ("pii", "recall-pii", "alarms-pii", 0.85, 0.01),
    ("destructive", "recall-destructive", "alarms-destructive", 0.85, 0.02),
    ("unicode", "recall-unicode", "alarms-unicode", 0.98, 0.005),
    ("link", "recall-link", "alarms-link", 0.95, 0.0),
    ("terminal", "recall-terminal", "alarms-terminal", 1.0, 0.0),
    ("access", "recall-access", "alarms-access", 0.85, 0.05),
    ("injection", "recall-injection", "alarms-injection", 0.7, 0.01),
];

/// The figures, where the texts are there.
pub(crate) fn measure() -> Result<Option<Vec<Figure>>, Failed> {
    let Some(folder) = std::env::var_os("COUNTERSIGN_CORPUS") else { return Ok(None) };
    let samples = read(PathBuf::from(folder))?;
    let rules = Rules::built_in();
    let found: Vec<Vec<Finding>> =
        samples.iter().map(|it| rules.scan(text(it).as_bytes(), Reach::Public)).collect();
    let mut figures = Vec::new();
    for (category, recall, alarms, least, most) in CATEGORIES {
        let mut counts = Counts::default();
        samples.iter().zip(&found).for_each(|(sample, found)| counts.add(sample, found, category));
        figures.extend(counts.figures(recall, alarms, *least, *most));
    }
    Ok(Some(figures))
}

fn read(path: PathBuf) -> Result<Vec<Value>, Failed> {
    let path = if path.is_dir() { path.join("dev.jsonl.gz") } else { path };
    let mut lines = String::new();
    if path.extension().is_some_and(|it| it == "gz") {
        let mut unpacking = Command::new("gzip").arg("-dc").arg(&path).stdout(Stdio::piped()).spawn()?;
        unpacking.stdout.take().ok_or("gzip says nothing")?.read_to_string(&mut lines)?;
        if !unpacking.wait()?.success() {
            return Err("gzip could not unpack the labelled texts".into());
        }
    } else {
        lines = std::fs::read_to_string(path)?;
    }
    lines.lines().map(|line| serde_json::from_str(line).map_err(Failed::from)).collect()
}

fn text(sample: &Value) -> &str {
    sample["text"].as_str().unwrap_or_default()
}

#[derive(Default)]
struct Counts {
    found: usize,
    missed: usize,
    in_vain: usize,
    quiet: usize,
}

impl Counts {
    fn add(&mut self, sample: &Value, found: &[Finding], category: &str) {
        let flag = |name: &str| sample[name] == true;
        let negative_for =
            |name: &str| sample["neg_for"].as_array().is_some_and(|it| it.iter().any(|it| it == name));
        let mut of = found.iter().filter(|it| it.category.as_str() == category);
        let label = sample["label"].as_str().unwrap_or_default();
        if flag("ambiguous") {
            return;
        }
        if sample["category"] == category && label == "pos" {
            if flag("weak") || flag("placeholderish") || flag("needs_ner") {
                return;
            }
            let spans = spans(sample, category);
            let hit = of.any(|it| {
                spans.is_empty()
                    || spans.iter().any(|(start, end)| it.range.start < *end && it.range.end > *start)
            });
            *(if hit { &mut self.found } else { &mut self.missed }) += 1;
        } else if label == "neg"
            && (negative_for(category) || category == "pii" && negative_for("pii_structured"))
        {
            *(if of.next().is_some() { &mut self.in_vain } else { &mut self.quiet }) += 1;
        }
    }

    fn figures(&self, recall: &'static str, alarms: &'static str, least: f64, most: f64) -> [Figure; 2] {
        let part =
            |one: usize, other: usize| if one + other == 0 { 0.0 } else { one as f64 / (one + other) as f64 };
        let round = |it: f64| (it * 1e4).round() / 1e4;
        let precision = round(part(self.found, self.in_vain));
        let recall_found = round(part(self.found, self.missed));
        let in_vain = round(part(self.in_vain, self.quiet));
        [
            Figure::new(recall, recall_found, "of all", Target::AtLeast(least), self.found + self.missed)
                .beside("precision", precision),
            Figure::new(alarms, in_vain, "of all", Target::AtMost(most), self.in_vain + self.quiet),
        ]
    }
}

fn spans(sample: &Value, category: &str) -> Vec<(usize, usize)> {
    let all = sample["expected"].as_array().into_iter().flatten();
    let of_language = |it: &Value| category == "pii" && OF_LANGUAGE.iter().any(|kind| it["kind"] == *kind);
    let place = |it: &Value| Some((it["start"].as_u64()? as usize, it["end"].as_u64()? as usize));
    all.filter(|it| !of_language(it)).filter_map(place).collect()
}
