//! `cargo xtask test`: what has to hold, cheapest first, the real window last.

use crate::args::Test;
use crate::house::House;
use crate::line::Line;
use crate::steps::Steps;
use crate::{fuzz, gallery, install, needs, tools, ui};
use std::process::ExitCode;

/// Every line names the same packages and features, so that cargo builds nothing twice.
const WHOLE: &str = "--workspace --features countersign-app/custom-protocol";
/// With the tests that need more than the house itself.
const MORE: &str = "--workspace --features countersign-app/custom-protocol,countersign-tests/all";
/// The member whose tests start the real window.
const WINDOW: &str = "package(countersign-tests)";

pub(crate) fn test(mut house: House, options: &Test) -> ExitCode {
    let mut steps = Steps::start();
    let result = run(&mut house, options, &mut steps);
    steps.close(result)
}

fn run(house: &mut House, options: &Test, steps: &mut Steps) -> Result<(), String> {
    let all = if options.all { needs::ALL } else { &[] };
    let needs = needs::BUILD.iter().chain(needs::DESKTOP).chain(needs::TEST).chain(all);
    steps.timed("installing", || install::ensure(needs, options.yes))?;
    tools::python(house, steps)?;
    tools::node(house, steps)?;
    if options.all {
        tools::agent(house, steps)?;
    }
    ui::fetch(house, steps)?;
    let everything = options.names.is_empty();
    if everything {
        quick(house, steps)?;
    }
    ui::build(house, steps)?;
    gallery::page(house, steps)?;
    if everything {
        lint(house, options, steps)?;
    }
    let whole = whole(options);
    let build = Line::new(&format!("cargo build {whole}"));
    steps.run(house, "build", "the command and the window that the tests start", &build)?;
    let compile = Line::new(&format!("cargo test {whole} --no-run"));
    steps.run(house, "build tests", "compiled before they run", &compile)?;
    if !everything {
        return named_tests(house, options, steps);
    }
    every_test(house, options, steps)?;
    if options.all {
        fuzz::fuzz(house, steps)?;
        audit(house, steps)?;
    }
    Ok(())
}

/// What needs nothing compiled.
fn quick(house: &House, steps: &mut Steps) -> Result<(), String> {
    steps.run(house, "format", "every Rust file is set alike", &Line::new("cargo fmt --all --check"))?;
    steps.run(house, "ui types", "svelte-check finds no mistake", &ui::npm("run check"))?;
    let why = "components, with a fake of the window's commands";
    steps.count(house, "ui tests", why, &ui::npm("test")).map(drop)
}

fn whole(options: &Test) -> &'static str {
    if options.all { MORE } else { WHOLE }
}

fn lint(house: &House, options: &Test, steps: &mut Steps) -> Result<(), String> {
    let clippy = Line::new(&format!("cargo clippy {MORE} --all-targets -- -D warnings"));
    steps.run(house, "clippy", "no warning in any crate, its tests included", &clippy)?;
    if options.doc {
        let doc = Line::new(&format!("cargo doc {MORE} --no-deps"));
        let doc = doc.env("RUSTDOCFLAGS", "-D warnings");
        steps.run(house, "documentation", "no broken link in any of it", &doc)?;
    }
    Ok(())
}

fn every_test(house: &House, options: &Test, steps: &mut Steps) -> Result<(), String> {
    let whole = whole(options);
    if !needs::present(needs::Probe::CargoCommand("nextest")) {
        let line = with_all(Line::new(&format!("cargo test {whole} --no-fail-fast")), options);
        let why = "every crate, then the whole house through the real window";
        return steps.count(house, "Rust tests", why, &line).map(drop);
    }
    let nextest = format!("cargo nextest run {whole} --no-fail-fast -E");
    let crates = with_all(Line::new(&nextest).word(format!("not {WINDOW}")), options);
    steps.count(house, "Rust tests", "every crate by itself", &crates)?;
    let examples = Line::new(&format!("cargo test {whole} --doc"));
    steps.count(house, "examples", "what the documentation shows compiles and runs", &examples)?;
    let window = with_all(Line::new(&nextest).word(WINDOW), options);
    steps.count(house, "window tests", "the whole house, through the real window", &window)?;
    Ok(())
}

fn named_tests(house: &House, options: &Test, steps: &mut Steps) -> Result<(), String> {
    let whole = whole(options);
    let line = if needs::present(needs::Probe::CargoCommand("nextest")) {
        Line::new(&format!("cargo nextest run {whole} --no-fail-fast"))
    } else {
        Line::new(&format!("cargo test {whole} --no-fail-fast --"))
    };
    let line = with_all(line.words(&options.names), options);
    let counts = steps.count(house, "named tests", "only those whose names contain what was typed", &line)?;
    if counts.passed == 0 {
        return Err(format!("FAILED: no Rust test's name contains {}", options.names.join(" or ")));
    }
    Ok(())
}

fn with_all(line: Line, options: &Test) -> Line {
    if options.all { line.env("COUNTERSIGN_ALL", "1") } else { line }
}

/// Whether the npm registry in use knows of defects at all: a mirror may not.
fn answers_audits(house: &House) -> bool {
    let asked = ui::npm("audit --omit=dev").command(house).output();
    asked.is_ok_and(|answer| {
        let said = [answer.stdout, answer.stderr].concat();
        !String::from_utf8_lossy(&said).contains("audit endpoint returned an error")
    })
}

/// Known defects of dependencies. The list for Rust is not in the registry; where cargo-audit is not
/// installed, that it was not looked at is said instead of passed over.
fn audit(house: &House, steps: &mut Steps) -> Result<(), String> {
    if answers_audits(house) {
        steps.run(house, "ui audit", "known defects of what the ui ships", &ui::npm("audit --omit=dev"))?;
    } else {
        steps.not_checked("known defects of what the ui ships (the npm registry in use answers no audits)");
    }
    if needs::present(needs::Probe::CargoCommand("audit")) {
        return steps.run(house, "audit", "known defects of the crates", &Line::new("cargo audit"));
    }
    steps.not_checked("known defects of the crates (cargo-audit is not installed)");
    Ok(())
}
