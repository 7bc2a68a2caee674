//! Node and Python as the house needs them, in `target/` where the machine's own do not fit.
//!
//! npm and pip are run as the machine has them configured; nothing here says where packages come from.

use crate::house::House;
use crate::line::Line;
use crate::steps::Steps;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Fetched where the machine's Node does not fit.
const NODE: &str = "22.23.3";
const PYTHON_PACKAGES: &[&str] = &["securesystemslib==1.6.0", "cryptography==50.0.2"];
/// The only release of the agent whose calls the tests were written against.
const AGENT: &str = "@anthropic-ai/claude-code@2.1.329";

/// Whether the ui can be built with this Node: what vite 8 says of itself.
fn fits(version: (u32, u32)) -> bool {
    matches!(version, (20, 19..) | (22, 12..) | (23.., _))
}

/// Reads `v20.19.4`, as `node --version` prints it.
fn parse_version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.trim().strip_prefix('v')?.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

fn version_of(node: &Path) -> Option<(u32, u32)> {
    let output = Command::new(node).arg("--version").stdin(Stdio::null()).output().ok()?;
    parse_version(&String::from_utf8_lossy(&output.stdout))
}

/// Makes the `node` of every later line one that fits.
pub(crate) fn node(house: &mut House, steps: &mut Steps) -> Result<(), String> {
    let found = version_of(Path::new("node"));
    if found.is_some_and(fits) {
        return Ok(());
    }
    let folder = extra_node(house, steps, found, NODE)?;
    println!("\n(using the Node in {0}; put {0} first on PATH to repeat lines by hand)", folder.display());
    house.search_first(folder);
    Ok(())
}

/// Puts Node `version` into `target/node` and returns the folder of its program.
fn extra_node(
    house: &House,
    steps: &mut Steps,
    found: Option<(u32, u32)>,
    version: &str,
) -> Result<PathBuf, String> {
    let architecture = match std::env::consts::ARCH {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        other => return Err(format!("There is no Node to fetch for {other}. Install Node 20.19 or later.")),
    };
    // What the package `node` would bring, without the install script it does it by.
    let package = format!("node-linux-{architecture}");
    let prefix = house.target.join("node").join(version);
    let folder = prefix.join("node_modules").join(&package).join("bin");
    if version_of(&folder.join("node")).is_none() {
        let found = found.map_or("none".to_owned(), |(major, minor)| format!("{major}.{minor}"));
        let why = format!("the ui needs 20.19 or later, or 22.12 or later; this machine has {found}");
        let line = npm_install(&prefix, &format!("{package}@{version}"));
        steps.run(house, "node", &why, &line)?;
    }
    Ok(folder)
}

/// Puts the Python packages of the tests into `target/venv`.
pub(crate) fn python(house: &House, steps: &mut Steps) -> Result<(), String> {
    let folder = house.target.join("venv");
    let stamp = folder.join("packages");
    let wanted = PYTHON_PACKAGES.join("\n");
    let python = folder.join("bin/python");
    if fs::read_to_string(&stamp).is_ok_and(|had| had == wanted) && runs(&python) {
        return Ok(());
    }
    let venv = Line::new("python3 -m venv --clear").word(folder.to_string_lossy());
    steps.run(house, "venv", "Python packages of the tests stay in target/venv", &venv)?;
    let packages: Vec<String> = PYTHON_PACKAGES.iter().map(|&package| package.to_owned()).collect();
    let pip = Line::new("").word(python.to_string_lossy());
    let pip = pip.word("-m").word("pip").word("install").word("--quiet").words(&packages);
    steps.run(house, "pip", "a second implementation of the signatures to compare with", &pip)?;
    fs::write(&stamp, wanted).map_err(|error| format!("{} could not be written: {error}", stamp.display()))
}

fn runs(program: &Path) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success())
}

/// Puts the real agent into `target/agents`.
pub(crate) fn agent(house: &House, steps: &mut Steps) -> Result<(), String> {
    let prefix = house.target.join("agents");
    let stamp = prefix.join("packages");
    if fs::read_to_string(&stamp).is_ok_and(|had| had == AGENT) {
        return Ok(());
    }
    steps.run(
        house,
        "agent",
        "the tests with a real agent run the real package",
        &npm_install(&prefix, AGENT),
    )?;
    fs::write(&stamp, AGENT).map_err(|error| format!("{} could not be written: {error}", stamp.display()))
}

fn npm_install(prefix: &Path, package: &str) -> Line {
    let line = Line::new("npm install --no-audit --no-fund --no-save --prefix");
    line.word(prefix.to_string_lossy()).word(package)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_node_prints_them() {
        assert_eq!(parse_version("v20.19.4\n"), Some((20, 19)));
        assert_eq!(parse_version("v26.0.0-nightly"), Some((26, 0)));
        assert_eq!(parse_version("20.19.4"), None);
        assert_eq!(parse_version("v20"), None);
        assert_eq!(parse_version(""), None);
    }

    #[test]
    fn what_vite_refuses_does_not_fit() {
        let fit: Vec<_> = [(18, 20), (20, 18), (20, 19), (21, 7), (22, 11), (22, 12), (24, 0)]
            .into_iter()
            .filter(|&version| fits(version))
            .collect();
        assert_eq!(fit, [(20, 19), (22, 12), (24, 0)]);
    }
}
