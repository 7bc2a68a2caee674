//! `countersign`: the gate, and how people and agents talk to it.
//!
//! Exit statuses: 0 done; `run` returns the program's own; 80 to 95 a check
//! refused (see `countersign help`); 83 changes were requested; 96 no gate
//! answers; 97 the outcome is unknown; 98 still waiting; 99 anything else
//! that is wrong with the command line or the set-up. `diff` ends as diff(1).

mod args;
mod ask;
mod changes;
mod diff;
mod exit;
mod file;
mod hook;
mod look;
mod out;
mod scan;
mod setup;
mod verify;
mod waiting;

use std::process::ExitCode;

use clap::Parser as _;
use countersign_sources::layout::Layout;

use args::{Arguments, Verb};
use exit::Exit;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let asked = matches!(
                error.kind(),
                clap::error::ErrorKind::DisplayHelp | clap::error::ErrorKind::DisplayVersion
            );
            if asked {
                let _ = error.print();
            } else {
                // It repeats what was typed, or a name that a shell put there for a `*`.
                out::usage(&error.render().to_string());
            }
            return match () {
                () if asked => ExitCode::SUCCESS,
                () if args::is_meant("hook") => hook::blocked(),
                () if args::is_meant("diff") => Exit::TROUBLE.into(),
                () => Exit::OURS.into(),
            };
        }
    };
    let json = arguments.json;
    let hooked = matches!(arguments.verb, Verb::Hook(_));
    match run(arguments) {
        Ok(exit) => exit,
        Err(error) => {
            out::error(&error, json);
            if hooked {
                return hook::blocked();
            }
            Exit::of(&error).into()
        }
    }
}

fn run(arguments: Arguments) -> Result<ExitCode, countersign_gate::Error> {
    let Arguments { gate, json, verb } = arguments;
    // Who only compares or looks at files needs no place.
    let place = Layout::from_env().map(|layout| setup::Place { layout, gate, json });
    let exit = match verb {
        Verb::Hook(it) => return Ok(hook::hook(&place?, &it)),
        Verb::Gate(it) => setup::gate(&place?, &it),
        Verb::Init(it) => setup::init(&place?, &it),
        Verb::Key => setup::key(&place?),
        Verb::Token(it) => setup::token(&place?, &it),
        Verb::Propose(it) => ask::propose(&place?, &it),
        Verb::Run(it) => ask::run(&place?, &it),
        Verb::Use(it) => ask::use_one(&place?, &it),
        Verb::Apply(it) => ask::apply(&place?, &it),
        Verb::Wait(it) => ask::wait(&place?, &it),
        Verb::Verify(it) => verify::verify(&place?, &it),
        Verb::Status => look::status(&place?),
        Verb::Diff(it) => Ok(diff::diff(&it, json)),
        Verb::Scan(it) => Ok(scan::scan(&it, json)),
        Verb::Show(it) => look::show(&place?, &it),
    };
    exit.map(ExitCode::from)
}
