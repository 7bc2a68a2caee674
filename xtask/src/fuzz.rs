//! Inputs that nobody thought of, for a minute at each target of `fuzz`.
//!
//! libFuzzer is led by what is reached; it is compiled by the house's own toolchain, and needs a C++
//! compiler beside it. Where there is none, inputs are made at random, and the end says so.

use crate::house::{House, program};
use crate::line::Line;
use crate::steps::Steps;
use std::fs;
use std::path::{Path, PathBuf};

/// As in `countersign_fuzz::TARGETS`.
const TARGETS: [&str; 7] = ["diff", "escape", "sheet", "findings", "images", "structure", "parse"];

const SECONDS: u32 = 60;

/// What the compiler does so that libFuzzer sees which code an input reaches; panics also where only a
/// debug build would.
const FLAGS: &str = "--cfg fuzzing -Cdebug-assertions -Cpasses=sancov-module \
     -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
     -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares";

pub(crate) fn fuzz(house: &House, steps: &mut Steps) -> Result<(), String> {
    let led = program("c++").is_some();
    if led {
        let why = "with libFuzzer, which sees what an input reaches";
        steps.run(house, "build fuzz", why, &build(house)?)?;
    } else {
        steps.not_checked(
            "what inputs led by coverage reach (no C++ compiler for libFuzzer); they were made at random",
        );
    }
    for target in TARGETS {
        let [corpus, found] = ["corpus", "found"].map(|it| house.target.join("fuzz").join(it).join(target));
        for folder in [&corpus, &found] {
            fs::create_dir_all(folder)
                .map_err(|error| format!("{} could not be made: {error}", folder.display()))?;
        }
        let line = if led { libfuzzer(house, target) } else { random(target, &found) };
        let why = format!("a minute of inputs for `{target}`");
        steps.run(house, "fuzz", &why, &line).map_err(|said| failed(&said, target, &found))?;
    }
    Ok(())
}

/// The system by its full name: with it, cargo leaves the programs that build as they are.
fn host() -> Result<String, String> {
    let asked = std::process::Command::new("rustc").arg("-vV").output();
    let asked = asked.map_err(|error| format!("rustc could not be started: {error}"))?;
    let said = String::from_utf8_lossy(&asked.stdout);
    let host = said.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.ok_or("rustc does not say which system it is on")?.to_owned())
}

fn folder(house: &House) -> PathBuf {
    house.target.join("fuzz").join("build")
}

fn build(house: &House) -> Result<Line, String> {
    let host = host()?;
    let build =
        Line::new("cargo build --release -p countersign-fuzz --target").word(host).word("--target-dir");
    // As it is shipped it would be built for a quarter of an hour.
    let quick = [("LTO", "off"), ("CODEGEN_UNITS", "16"), ("OPT_LEVEL", "2"), ("STRIP", "none")];
    let quick = quick
        .into_iter()
        .fold(build, |line, (name, value)| line.env(&format!("CARGO_PROFILE_RELEASE_{name}"), value));
    Ok(quick.word(folder(house).to_string_lossy()).env("RUSTFLAGS", FLAGS))
}

/// What grows is kept below `target`; what once failed is tried first of all.
fn libfuzzer(house: &House, target: &str) -> Line {
    let host = host().unwrap_or_default();
    let program = folder(house).join(host).join("release").join("countersign-fuzz");
    let fuzz = house.target.join("fuzz");
    let found = fuzz.join("found").join(target);
    Line::new("")
        .word(program.to_string_lossy())
        .word(fuzz.join("corpus").join(target).to_string_lossy())
        .word(found.to_string_lossy())
        .word(format!("fuzz/seeds/{target}"))
        .word(format!("-max_total_time={SECONDS}"))
        .word(format!("-artifact_prefix={}/", found.to_string_lossy()))
        .words(&["-max_len=2000", "-timeout=10", "-verbosity=0", "-print_final_stats=1"].map(str::to_owned))
        .env("COUNTERSIGN_FUZZ", target)
}

fn random(target: &str, found: &Path) -> Line {
    Line::new(&format!("cargo run -q -p countersign-fuzz -- {target} --seconds {SECONDS}"))
        .word(found.to_string_lossy())
}

/// Names the inputs that failed, and the line that runs them by themselves.
fn failed(said: &str, target: &str, found: &Path) -> String {
    let mut files: Vec<_> = fs::read_dir(found).into_iter().flatten().flatten().map(|it| it.path()).collect();
    files.sort();
    let files = files.iter().map(|file| file.to_string_lossy().into_owned()).collect::<Vec<_>>();
    if files.is_empty() {
        return said.to_owned();
    }
    let line = Line::new(&format!("cargo run -p countersign-fuzz -- {target}")).words(&files);
    format!("{said}\nWhat failed, by itself:\n  {line}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_has_seeds_and_no_others_do() {
        let mut folders: Vec<_> = fs::read_dir(House::here().root.join("fuzz/seeds"))
            .unwrap_or_else(|error| panic!("{error}"))
            .map(|it| it.map(|it| it.file_name().to_string_lossy().into_owned()).unwrap_or_default())
            .collect();
        folders.sort();
        let mut targets = TARGETS.to_vec();
        targets.sort_unstable();
        assert_eq!(folders, targets);
    }

    #[test]
    fn a_target_runs_for_a_minute_and_keeps_what_fails_below_target() {
        let house = House::here();
        let line = libfuzzer(&house, "sheet").to_string();
        let found = house.target.join("fuzz/found/sheet");
        assert!(line.starts_with("COUNTERSIGN_FUZZ=sheet "), "{line}");
        for word in ["fuzz/seeds/sheet".to_owned(), "-max_total_time=60".to_owned()] {
            assert!(line.contains(&word), "{line}");
        }
        assert!(line.contains(&format!("-artifact_prefix={}/ ", found.display())), "{line}");
        let line = random("diff", &found).to_string();
        let expected = "cargo run -q -p countersign-fuzz -- diff --seconds 60 ";
        assert!(line.starts_with(expected), "{line}");
    }

    #[test]
    fn what_failed_is_named_with_the_line_that_repeats_it() {
        let folder = std::env::temp_dir().join(format!("countersign-xtask-{}", std::process::id()));
        assert_eq!(failed("FAILED", "diff", &folder), "FAILED");
        fs::create_dir_all(&folder).unwrap_or_else(|error| panic!("{error}"));
        let file = folder.join("crash-1");
        fs::write(&file, "x").unwrap_or_else(|error| panic!("{error}"));
        let said = failed("FAILED", "diff", &folder);
        assert!(
            said.ends_with(&format!("cargo run -p countersign-fuzz -- diff {}", file.display())),
            "{said}"
        );
        assert!(fs::remove_dir_all(&folder).is_ok());
    }
}
