//! `cargo xtask gallery`: a picture of every screen in every state.

use crate::house::House;
use crate::leash::Leash;
use crate::line::Line;
use crate::steps::{Steps, code};
use crate::{install, needs, tools, ui};
use std::process::{ExitCode, Stdio};

/// Builds the gallery's page and has the tests' program `gallery` take the pictures, into `target/gallery`:
/// of every scene, or of those whose names contain one of `names`.
pub(crate) fn gallery(mut house: House, names: &[String], yes: bool) -> Result<ExitCode, String> {
    install::ensure(needs::BUILD.iter().chain(needs::DESKTOP), yes)?;
    let mut steps = Steps::start();
    tools::node(&mut house, &mut steps)?;
    ui::fetch(&house, &mut steps)?;
    page(&house, &mut steps)?;
    let line = Line::new("cargo build -p countersign-tests --bin gallery");
    steps.run(&house, "build", "the program that takes the pictures", &line)?;
    let line = Line::new("").word(house.built("gallery", false).to_string_lossy()).words(names);
    println!("\n== gallery: {line}");
    let failed = |error| format!("{line} could not be started: {error}");
    let mut leash = Leash::new().map_err(failed)?;
    let mut child = leash.spawn(&mut line.command(&house), Stdio::null()).map_err(failed)?;
    Ok(code(child.wait().map_err(failed)?))
}

/// The scenes as files that any server can give out, into `target/gallery-page`.
pub(crate) fn page(house: &House, steps: &mut Steps) -> Result<(), String> {
    steps.run(house, "gallery", "every screen with a stand-in for Rust", &ui::npm("run gallery"))
}
