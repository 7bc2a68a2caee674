//! `cargo xtask run`: from a fresh checkout to the window.

use crate::args::Run;
use crate::house::House;
use crate::leash::Leash;
use crate::line::Line;
use crate::steps::{Steps, code};
use crate::{display, install, needs, tools, ui};
use std::process::{Command, ExitCode, Stdio};

/// Has the window carry its pages, instead of asking a development server for them.
pub(crate) const FEATURES: &str = "--features countersign-app/custom-protocol";

pub(crate) fn run(mut house: House, options: &Run) -> Result<ExitCode, String> {
    display::check()?;
    install::ensure(needs::BUILD, options.yes)?;
    let mut steps = Steps::start();
    tools::node(&mut house, &mut steps)?;
    ui::fetch(&house, &mut steps)?;
    ui::build(&house, &mut steps)?;
    let mut line = Line::new(&format!("cargo build -p countersign-cli -p countersign-app {FEATURES}"));
    if options.release {
        line = line.word("--release");
    }
    steps.run(&house, "build", "the command and the window", &line)?;

    let window = house.built("countersign-app", options.release);
    println!("\n== window: {}", window.display());
    let failed = |error| format!("{} could not be started: {error}", window.display());
    let mut leash = Leash::new().map_err(failed)?;
    let mut command = Command::new(&window);
    command.args(&options.rest);
    let mut child = leash.spawn(&mut command, Stdio::null()).map_err(failed)?;
    let status = child.wait().map_err(failed)?;
    Ok(code(status))
}
