//! A private desktop with a real home in it: keys, a root, and the real gate, which runs.

use std::path::{Path, PathBuf};

use countersign_core::key::SecretKey;
use countersign_reviewer::{Reviewer, Setup};
use countersign_sources::layout::Layout;
use countersign_tests::Desktop;
use countersign_tests::process::Process;
use countersign_tests::until;
use data_encoding::HEXLOWER;
use serde_json::Value;

use crate::Failed;
use crate::app::{App, now, options, passphrase};
use crate::gate::Gate;

/// The desktop, and the gate whose proposals are signed here.
pub(crate) struct Desk {
    pub(crate) desktop: Desktop,
    pub(crate) layout: Layout,
    pub(crate) gate: Gate,
}

impl Desk {
    /// Goes through the first start, without a window, and leaves the gate running.
    pub(crate) fn set_up() -> Result<Self, Failed> {
        let mut desktop = Desktop::start();
        let layout = Layout::at(&desktop.path(""));
        for (name, folder) in layout.env() {
            desktop.set(name, folder);
        }
        let reviewer = Reviewer::start(layout.clone(), options(program("countersign")?)?, |_| {})?;
        App::make_key(&reviewer)?;
        let id = reviewer.create_gate(&passphrase())?;
        if reviewer.state()?.setup != Setup::Ready {
            return Err("the set-up is not complete".into());
        }
        drop(reviewer);
        let countersign = program("countersign")?;
        // It reads its box a moment before it listens.
        let status = until("the gate answers", || {
            let output = desktop.output(desktop.command(&countersign).args(["status", "--json"]));
            output.status.success().then_some(output.stdout)
        });
        let status: Value = serde_json::from_slice(&status)?;
        let epoch = status["epoch"].as_str().ok_or("the gate does not say its epoch")?.parse()?;
        // What the real gate signs with, in a home that ends with this desktop.
        let text = std::fs::read(layout.gate(&id).join("key"))?;
        let seed = HEXLOWER.decode(&text)?;
        let key = SecretKey::from_seed(seed.as_slice().try_into()?);
        let gate = Gate { id, key, epoch, seq: 0, now: now() };
        Ok(Self { desktop, layout, gate })
    }

    /// Starts a program in the desktop.
    pub(crate) fn start(&self, name: &str) -> Result<Process, Failed> {
        Ok(self.desktop.start_command(name, &mut self.desktop.command(program(name)?)))
    }
}

/// A program of the same build as this one.
pub(crate) fn program(name: &str) -> Result<PathBuf, Failed> {
    let program = std::env::current_exe()?.with_file_name(name);
    if !program.exists() {
        return Err(format!("{} is missing: `cargo xtask bench` builds it", program.display()).into());
    }
    Ok(program)
}

/// The numbers of `root` and of all that came from it.
pub(crate) fn family(root: u32) -> Vec<u32> {
    let folders = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let numbers = folders.filter_map(|folder| folder.file_name().to_str()?.parse::<u32>().ok());
    let parents: Vec<(u32, u32)> = numbers.filter_map(|number| Some((number, parent(number)?))).collect();
    let mut family = vec![root];
    let mut at = 0;
    while let Some(&member) = family.get(at) {
        family.extend(parents.iter().filter(|(_, parent)| *parent == member).map(|(child, _)| *child));
        at += 1;
    }
    family
}

fn parent(number: u32) -> Option<u32> {
    let stat = std::fs::read_to_string(format!("/proc/{number}/stat")).ok()?;
    // The name in parentheses may hold anything.
    stat.rsplit_once(") ")?.1.split(' ').nth(1)?.parse().ok()
}

/// A number from a file of `/proc`, by the word that its line begins with.
pub(crate) fn field(file: &Path, name: &str) -> Option<u64> {
    let text = std::fs::read_to_string(file).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    line.split_whitespace().next()?.parse().ok()
}
