//! `cargo xtask bench`: how fast a release build is, and what it takes of the machine.

use crate::house::House;
use crate::leash::Leash;
use crate::line::Line;
use crate::steps::{Steps, code};
use crate::{install, needs, tools, ui};
use std::fs;
use std::process::{ExitCode, Stdio};

/// As it is shipped, but that it may be driven from outside; and what measures it. One build of all, so
/// that the app and the bare window have the same toolkit.
const BUILD: &str = "cargo build --release \
     -p countersign-cli -p countersign-app -p countersign-bench -p countersign-bench-bare \
     --features countersign-app/custom-protocol,countersign-app/automation,countersign-bench-bare/custom-protocol";

/// The largest file of one package, in two published versions, which the part `diff` compares.
const PUBLISHED: [&str; 2] = ["typescript@5.8.3", "typescript@5.9.3"];
const LARGEST: &str = "lib/typescript.js";

/// Builds everything, and has the tests' program `countersign-bench` measure the parts `names`, or all of
/// them. Figures are the lines that begin with a brace.
pub(crate) fn bench(mut house: House, names: &[String], yes: bool) -> Result<ExitCode, String> {
    install::ensure(needs::BUILD.iter().chain(needs::DESKTOP), yes)?;
    let mut steps = Steps::start();
    tools::node(&mut house, &mut steps)?;
    ui::fetch(&house, &mut steps)?;
    ui::build(&house, &mut steps)?;
    if names.is_empty() || names.iter().any(|name| name == "diff") {
        published(&house, &mut steps)?;
    }
    steps.run(&house, "build", "as it is shipped, which takes minutes", &Line::new(BUILD))?;
    let program = house.built("countersign-bench", true);
    let line = Line::new("").word(program.to_string_lossy()).words(names);
    println!("\n== bench: {line}");
    let failed = |error| format!("{line} could not be started: {error}");
    let mut leash = Leash::new().map_err(failed)?;
    let mut child = leash.spawn(&mut line.command(&house), Stdio::null()).map_err(failed)?;
    Ok(code(child.wait().map_err(failed)?))
}

/// Puts what is published into `target/bench`. Where it cannot be fetched, the bench goes on and says so.
fn published(house: &House, steps: &mut Steps) -> Result<(), String> {
    for package in PUBLISHED {
        let name = package.replace('@', "-");
        let bench = house.target.join("bench");
        let folder = bench.join(&name);
        if folder.join("typescript.js").exists() {
            continue;
        }
        let failed = |error| format!("{} could not be made: {error}", folder.display());
        fs::create_dir_all(&folder).map_err(failed)?;
        let pack =
            Line::new("npm pack --silent --pack-destination").word(bench.to_string_lossy()).word(package);
        let unpack = Line::new("tar --extract --strip-components=2 --file")
            .word(bench.join(format!("{name}.tgz")).to_string_lossy())
            .word("--directory")
            .word(folder.to_string_lossy())
            .word(format!("package/{LARGEST}"));
        let why = format!("its {LARGEST} is compared");
        let fetched =
            steps.run(house, "fetch", &why, &pack).and_then(|()| steps.run(house, "unpack", &why, &unpack));
        if let Err(error) = fetched {
            println!("{error}");
            return Ok(());
        }
    }
    Ok(())
}
