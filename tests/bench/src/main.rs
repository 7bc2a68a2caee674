//! Measures how fast the house is, and how much of the machine it takes.
//!
//! One line of JSON for each figure on standard output, a table on standard
//! error; the exit status is 1 when a target is missed. Started by
//! `cargo xtask bench`, which builds everything first. Each figure has a
//! machine of its own: folders, keys, and where there is a window a private
//! desktop. What has a peer is measured in turns with it.

#![allow(clippy::print_stderr, reason = "it talks to a terminal")]

mod app;
mod arrivals;
mod backlog;
mod begin;
mod checking;
mod comparing;
mod corpus;
mod daemon;
mod desk;
mod figure;
mod finding;
mod gate;
mod idle;
mod opening;
mod sample;
mod screen;
mod stored;
mod texts;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use figure::Figure;

/// Why something could not be measured.
pub(crate) type Failed = Box<dyn Error + Send + Sync>;

type Measure = fn(&Path) -> Result<Vec<Figure>, Failed>;

/// Every part of the bench by its name.
const PARTS: &[(&str, Measure)] = &[
    ("gate", |_| checking::measure()),
    ("diff", comparing::measure),
    ("findings", finding::measure),
    ("backlog", backlog::measure),
    ("stored", stored::measure),
    ("arrivals", arrivals::measure),
    ("sheet", opening::measure),
    ("start", begin::measure),
    ("idle", idle::measure),
];

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if let [first, one, other] = words.as_slice()
        && let Some(done) = match first.as_str() {
            "repeat" => {
                Some(other.parse().map_err(Failed::from).and_then(|times| checking::repeat(one, times)))
            }
            "compare" => Some(comparing::compare(one, other)),
            _ => None,
        }
    {
        return done.map_or_else(|error| refuse(&error.to_string()), |()| ExitCode::SUCCESS);
    }
    let known = |word: &String| PARTS.iter().any(|(name, _)| name == word);
    if let Some(unknown) = words.iter().find(|word| !known(word)) {
        let names: Vec<&str> = PARTS.iter().map(|(name, _)| *name).collect();
        return refuse(&format!("there is no figure {unknown:?}; there are: {}", names.join(", ")));
    }
    // No other program is seen, heard or reached from here on, and none outlives it.
    countersign_tests::sealed::seal_program();
    let mut figures = vec![];
    let mut failed = false;
    for (name, measure) in
        PARTS.iter().filter(|(name, _)| words.is_empty() || words.contains(&(*name).to_owned()))
    {
        say(&format!("== {name}"));
        match attempt(*measure) {
            Ok(found) => {
                found.iter().for_each(Figure::print);
                figures.extend(found);
            }
            Err(error) => {
                failed = true;
                say(&format!("{name} could not be measured: {error}"));
            }
        }
    }
    figure::print_table(&figures);
    if failed || !figures.iter().all(Figure::ok) { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn attempt(measure: Measure) -> Result<Vec<Figure>, Failed> {
    let folder = scratch()?;
    // The parts that the tests lend panic when something does not come.
    let done = std::panic::catch_unwind(|| measure(&folder));
    done.unwrap_or_else(|_| Err("it panicked; why is above".into()))
}

/// Where folders are made that are to be on a real disk: beside what cargo builds.
pub(crate) fn scratch() -> Result<PathBuf, Failed> {
    let program = std::env::current_exe()?;
    let target = program.ancestors().nth(2).ok_or("this program lies nowhere")?;
    let folder = target.join("bench");
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// Tells the person who waits what is being done.
pub(crate) fn say(what: &str) {
    eprintln!("{what}");
}

fn refuse(why: &str) -> ExitCode {
    say(&format!("bench: {why}"));
    ExitCode::from(2)
}
