//! `cargo xtask bench`: how fast a release build is, and what it takes of the machine.

use crate::house::House;
use crate::leash::Leash;
use crate::line::Line;
use crate::steps::{Steps, code};
use crate::{install, needs, tools, ui};
use std::process::{ExitCode, Stdio};

/// As it is shipped, but that it may be driven from outside; and what measures it. One build of all, so
/// that the app and the bare window have the same toolkit.
const BUILD: &str = "cargo build --release \
     -p countersign-cli -p countersign-app -p countersign-bench -p countersign-bench-bare \
     --features countersign-app/custom-protocol,countersign-app/automation,countersign-bench-bare/custom-protocol";

/// Builds everything, and has the tests' program `countersign-bench` measure the parts `names`, or all of
/// them. Figures are the lines that begin with a brace.
pub(crate) fn bench(mut house: House, names: &[String], yes: bool) -> Result<ExitCode, String> {
    install::ensure(needs::BUILD.iter().chain(needs::DESKTOP), yes)?;
    let mut steps = Steps::start();
    tools::node(&mut house, &mut steps)?;
    ui::fetch(&house, &mut steps)?;
    ui::build(&house, &mut steps)?;
    steps.run(&house, "build", "as it is shipped, which takes minutes", &Line::new(BUILD))?;
    let program = house.built("countersign-bench", true);
    let line = Line::new("").word(program.to_string_lossy()).words(names);
    println!("\n== bench: {line}");
    let failed = |error| format!("{line} could not be started: {error}");
    let mut leash = Leash::new().map_err(failed)?;
    let mut child = leash.spawn(&mut line.command(&house), Stdio::null()).map_err(failed)?;
    Ok(code(child.wait().map_err(failed)?))
}
