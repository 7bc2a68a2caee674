//! One measured figure: a line of JSON for programs, a row of a table for people.

use std::io::Write as _;

use serde_json::{Map, Value, json};

/// What was measured, and what it was to be.
#[derive(Debug, Clone)]
pub(crate) struct Figure {
    name: &'static str,
    value: f64,
    unit: &'static str,
    target: Target,
    peer: Option<(&'static str, f64)>,
    n: usize,
    /// What else was seen in the same run.
    beside: Vec<(&'static str, Value)>,
}

/// The limit that a value must keep.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Target {
    AtMost(f64),
    AtLeast(f64),
    /// Value divided by the peer's.
    RatioAtMost(f64),
}

impl Figure {
    pub(crate) fn new(name: &'static str, value: f64, unit: &'static str, target: Target, n: usize) -> Self {
        Self { name, value, unit, target, peer: None, n, beside: vec![] }
    }

    /// The same thing done without us, measured in the same run, in the same unit.
    pub(crate) fn peer(mut self, name: &'static str, value: f64) -> Self {
        self.peer = Some((name, value));
        self
    }

    pub(crate) fn beside(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.beside.push((name, value.into()));
        self
    }

    fn ratio(&self) -> Option<f64> {
        self.peer.map(|(_, peer)| self.value / peer)
    }

    pub(crate) fn ok(&self) -> bool {
        match self.target {
            Target::AtMost(most) => self.value <= most,
            Target::AtLeast(least) => self.value >= least,
            // A ratio to nothing is no number, and keeps no limit.
            Target::RatioAtMost(most) => self.ratio().is_some_and(|ratio| ratio <= most),
        }
    }

    fn target(&self) -> String {
        match self.target {
            Target::AtMost(most) => format!("<= {most} {}", self.unit),
            Target::AtLeast(least) => format!(">= {least} {}", self.unit),
            Target::RatioAtMost(most) => format!("<= {most} x {}", self.peer.map_or("", |(name, _)| name)),
        }
    }

    fn json(&self) -> Value {
        let mut line = Map::new();
        let mut put = |name: &str, value: Value| line.insert(name.to_owned(), value);
        put("figure", json!(self.name));
        put("value", json!(short(self.value)));
        put("unit", json!(self.unit));
        put("target", json!(self.target()));
        if let (Some((peer, value)), Some(ratio)) = (self.peer, self.ratio()) {
            put("peer", json!(peer));
            put("peer_value", json!(short(value)));
            put("ratio", json!(short(ratio)));
        }
        put("n", json!(self.n));
        put("ok", json!(self.ok()));
        for (name, value) in &self.beside {
            put(name, value.clone());
        }
        put("load", json!(load()));
        Value::Object(line)
    }

    /// Prints the line of JSON, at once: a later figure may fail.
    pub(crate) fn print(&self) {
        let mut out = std::io::stdout().lock();
        let _ = writeln!(out, "{}", self.json()).and_then(|()| out.flush());
    }

    fn row(&self) -> [String; 5] {
        let value = format!("{} {}", short(self.value), self.unit);
        let peer = match (self.peer, self.ratio()) {
            (Some((name, value)), Some(ratio)) => {
                format!("{} x ({name}: {} {})", short(ratio), short(value), self.unit)
            }
            _ => String::new(),
        };
        let ok = if self.ok() { "ok" } else { "MISSED" };
        [self.name.to_owned(), value, peer, self.target(), ok.to_owned()]
    }
}

/// The table of `figures`, on standard error.
pub(crate) fn print_table(figures: &[Figure]) {
    let rows: Vec<[String; 5]> = figures.iter().map(Figure::row).collect();
    let width = |at: usize| rows.iter().map(|row| row[at].len()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..5).map(width).collect();
    crate::say("");
    for row in &rows {
        let cells: Vec<String> =
            row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        crate::say(cells.join("  ").trim_end());
    }
}

/// Three or four digits that count.
fn short(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    let digits = (3.0 - value.abs().log10().floor()).clamp(0.0, 9.0);
    let scale = 10f64.powf(digits);
    (value * scale).round() / scale
}

/// How busy the machine was in the last minute.
fn load() -> Option<f64> {
    std::fs::read_to_string("/proc/loadavg").ok()?.split(' ').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(value: f64, target: Target) -> Figure {
        Figure::new("it", value, "ms", target, 1)
    }

    #[test]
    fn a_limit_is_kept_when_it_is_just_reached() {
        assert!(figure(20.0, Target::AtMost(20.0)).ok());
        assert!(!figure(20.1, Target::AtMost(20.0)).ok());
        assert!(figure(1000.0, Target::AtLeast(1000.0)).ok());
        assert!(!figure(999.0, Target::AtLeast(1000.0)).ok());
        assert!(figure(20.0, Target::RatioAtMost(2.0)).peer("bare", 10.0).ok());
        assert!(!figure(20.1, Target::RatioAtMost(2.0)).peer("bare", 10.0).ok());
    }

    #[test]
    fn what_has_no_peer_or_is_no_number_is_missed() {
        assert!(!figure(1.0, Target::RatioAtMost(2.0)).ok());
        assert!(!figure(0.0, Target::RatioAtMost(2.0)).peer("bare", 0.0).ok());
        assert!(!figure(f64::NAN, Target::AtMost(1.0)).ok());
    }

    #[test]
    fn the_limit_is_judged_before_the_value_is_rounded() {
        let it = figure(20.0001, Target::AtMost(20.0));
        assert!(!it.ok());
        assert_eq!(it.json()["value"], 20.0);
    }
}
