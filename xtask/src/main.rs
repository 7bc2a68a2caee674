//! `cargo xtask`: the commands that build, run and test the house.
//!
//! It depends on nothing outside std, so it starts at once on a fresh checkout, finds out what the machine
//! lacks, and says so before anything else fails for want of it. It leaves no process behind, however it
//! ends (`leash`), and writes nothing outside the checkout but a private folder for a desktop and, after
//! asking, Debian packages.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "it talks to a terminal")]

mod args;
mod bench;
mod check;
mod counts;
mod desktop;
mod display;
mod fuzz;
mod gallery;
mod house;
mod install;
mod leash;
mod line;
mod needs;
mod run;
mod steps;
mod tools;
mod ui;

use args::Command;
use house::House;
use std::process::ExitCode;

fn main() -> ExitCode {
    let command = match args::parse(std::env::args().skip(1)) {
        Ok(command) => command,
        Err(said) => {
            eprintln!("xtask: {said}\n\n{}", args::HELP);
            return ExitCode::from(2);
        }
    };
    let house = House::here();
    let ended = match command {
        Command::Help => {
            println!("{}", args::HELP);
            Ok(ExitCode::SUCCESS)
        }
        Command::Run(options) => run::run(house, &options),
        Command::Test(options) => return check::test(house, &options),
        Command::Demo { name, yes } => desktop::demo(house, &name, yes),
        Command::Desktop { words, yes } => desktop::desktop(&house, &words, yes),
        Command::Bench { names, yes } => bench::bench(house, &names, yes),
        Command::Gallery { names, yes } => gallery::gallery(house, &names, yes),
    };
    ended.unwrap_or_else(|said| {
        eprintln!("\n{said}");
        ExitCode::FAILURE
    })
}
