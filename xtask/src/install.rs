//! Says what is missing and why, and installs it with consent.

use crate::house::program;
use crate::line::quoted;
use crate::needs::{From, Need, Plan, plan, present};
use std::fmt::Write as _;
use std::io::{self, BufRead, IsTerminal, Write};
use std::process::{Command, Stdio};

/// Makes sure that every one of `needs` is there, or says exactly what to type.
pub(crate) fn ensure<'a>(needs: impl IntoIterator<Item = &'a Need> + Clone, yes: bool) -> Result<(), String> {
    let found = plan(needs.clone(), present);
    if found.missing.is_empty() {
        return Ok(());
    }
    println!("Missing on this machine:\n{}", listed(&found));
    let right = Right::here();
    let lines = lines(&found, right);
    let text = lines.join(" && ");
    if !found.packages.is_empty() && program("apt-get").is_none() {
        return Err("Nothing was installed: there is no apt-get here. Install the above your own way.".into());
    }
    match consent(right, io::stdin().is_terminal(), yes) {
        Consent::Given => println!("Installing with:\n  {text}"),
        Consent::Ask => {
            if !asked(&format!("Install now with these lines? (y/n)\n  {text}\n")) {
                return Err(format!("Nothing was installed. To do it yourself:\n  {text}"));
            }
        }
        Consent::Refused => {
            let how = "or run this again with --yes, or from a terminal";
            let how = if right == Right::None { "as root" } else { how };
            return Err(format!("Nothing was installed. Run this first, {how}:\n  {text}"));
        }
    }
    for line in &lines {
        install(line)?;
    }
    let left = plan(needs, present);
    if left.missing.is_empty() {
        return Ok(());
    }
    Err(format!("Installed, and still not found:\n{}", listed(&left)))
}

fn listed(plan: &Plan<'_>) -> String {
    let mut text = String::new();
    for need in &plan.missing {
        let from = match need.from {
            From::Apt(packages) => packages.join(", "),
            From::Rustup(component) => format!("rustup component {component}"),
        };
        let _ = writeln!(text, "  {}: {} ({from})", need.what, need.why);
    }
    text
}

/// What this process may do to the machine.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Right {
    Root,
    Sudo,
    None,
}

impl Right {
    fn here() -> Right {
        use std::os::unix::fs::MetadataExt;
        if std::fs::metadata("/proc/self").is_ok_and(|data| data.uid() == 0) {
            Right::Root
        } else if program("sudo").is_some() {
            Right::Sudo
        } else {
            Right::None
        }
    }
}

#[derive(Debug, PartialEq)]
enum Consent {
    Given,
    Ask,
    Refused,
}

/// Whether to install: a person decides where there is one, else `--yes` or being root.
fn consent(right: Right, terminal: bool, yes: bool) -> Consent {
    match right {
        Right::None => Consent::Refused,
        _ if yes => Consent::Given,
        _ if terminal => Consent::Ask,
        Right::Root => Consent::Given,
        Right::Sudo => Consent::Refused,
    }
}

/// The lines that install what `plan` lacks.
fn lines(plan: &Plan<'_>, right: Right) -> Vec<String> {
    let mut lines = Vec::new();
    if !plan.packages.is_empty() {
        let sudo = if right == Right::Sudo { "sudo " } else { "" };
        let packages: Vec<String> = plan.packages.iter().map(|name| quoted(name)).collect();
        lines.push(format!("{sudo}apt-get update"));
        lines.push(format!("{sudo}apt-get install -y --no-install-recommends {}", packages.join(" ")));
    }
    if !plan.components.is_empty() {
        lines.push(format!("rustup component add {}", plan.components.join(" ")));
    }
    lines
}

fn asked(question: &str) -> bool {
    print!("{question}");
    let _ = io::stdout().flush();
    let mut answer = String::new();
    let read = io::stdin().lock().read_line(&mut answer);
    read.is_ok() && matches!(answer.trim(), "y" | "Y" | "yes")
}

/// Runs `line` in the terminal's own group, where sudo can ask for a password.
fn install(line: &str) -> Result<(), String> {
    println!("\n$ {line}");
    let mut command = Command::new("sh");
    command.args(["-c", line]);
    if !io::stdin().is_terminal() {
        command.env("DEBIAN_FRONTEND", "noninteractive").stdin(Stdio::null());
    }
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        // One broken repository of many; the packages may come from another.
        Ok(status) if line.ends_with("apt-get update") => {
            println!("(that ended with {status}; going on with the lists that are there)");
            Ok(())
        }
        Ok(status) => Err(format!("The installation ended with {status}. To repeat it:\n  {line}")),
        Err(error) => Err(format!("The installation could not be started ({error}):\n  {line}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::needs::{BUILD, Probe, TEST};

    #[test]
    fn a_person_at_a_terminal_is_asked_unless_they_said_yes() {
        assert_eq!(consent(Right::Root, true, false), Consent::Ask);
        assert_eq!(consent(Right::Sudo, true, false), Consent::Ask);
        assert_eq!(consent(Right::Sudo, true, true), Consent::Given);
    }

    #[test]
    fn without_a_terminal_only_root_or_yes_installs() {
        assert_eq!(consent(Right::Root, false, false), Consent::Given);
        assert_eq!(consent(Right::Sudo, false, false), Consent::Refused);
        assert_eq!(consent(Right::Sudo, false, true), Consent::Given);
    }

    #[test]
    fn nobody_installs_without_the_right_to() {
        assert_eq!(consent(Right::None, true, true), Consent::Refused);
    }

    #[test]
    fn the_lines_are_exact() {
        let missing = [Probe::Program("cc"), Probe::CargoCommand("fmt")];
        let plan = plan(BUILD.iter().chain(TEST), |probe| !missing.contains(&probe));
        assert_eq!(
            lines(&plan, Right::Sudo),
            [
                "sudo apt-get update",
                "sudo apt-get install -y --no-install-recommends gcc libc6-dev",
                "rustup component add rustfmt",
            ]
        );
        assert_eq!(lines(&plan, Right::Root)[0], "apt-get update");
    }
}
