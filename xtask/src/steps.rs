//! Runs one step after another, stops at the first that fails, and says how to repeat it.
//!
//! The last line, `N passed, N failed`, is printed only when every runner that was started said so itself.

use crate::counts::{Counts, parse_closing};
use crate::house::House;
use crate::leash::Leash;
use crate::line::Line;
use std::io::{self, BufRead, BufReader, IsTerminal, PipeReader, Write};
use std::process::{Child, ExitCode, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// A step that takes longer is stuck: the longest, every scene looked at in every way, takes 30 to 40 minutes on two
/// slow cores.
const LIMIT: Duration = Duration::from_secs(60 * 60);

pub(crate) struct Steps {
    started: Instant,
    times: Vec<(&'static str, Duration)>,
    counts: Option<Counts>,
    /// The first runner that ended without a closing line, or with one that does not fit its end.
    uncounted: Option<&'static str>,
    not_checked: Vec<&'static str>,
}

impl Steps {
    pub(crate) fn start() -> Steps {
        Steps {
            started: Instant::now(),
            times: Vec::new(),
            counts: None,
            uncounted: None,
            not_checked: Vec::new(),
        }
    }

    /// Has the end say that something was left out.
    pub(crate) fn not_checked(&mut self, what: &'static str) {
        self.not_checked.push(what);
    }

    /// Has the end say how long `work` took.
    pub(crate) fn timed<T>(&mut self, name: &'static str, work: impl FnOnce() -> T) -> T {
        let begun = Instant::now();
        let done = work();
        self.times.push((name, begun.elapsed()));
        done
    }

    /// Runs `line`, showing what it prints.
    pub(crate) fn run(
        &mut self,
        house: &House,
        name: &'static str,
        why: &str,
        line: &Line,
    ) -> Result<(), String> {
        let begun = announce(name, why, line);
        let ended = leashed(house, line);
        self.end(name, begun, line, ended)
    }

    /// Runs `line`, showing what it prints, and adds what its closing lines say to the count.
    pub(crate) fn count(
        &mut self,
        house: &House,
        name: &'static str,
        why: &str,
        line: &Line,
    ) -> Result<Counts, String> {
        let begun = announce(name, why, line);
        let ended = counted(house, line);
        let counts = ended.as_ref().ok().and_then(|(_, counts)| *counts);
        let success = ended.as_ref().is_ok_and(|(status, _)| status.success());
        match counts {
            Some(counts) if success == (counts.failed == 0) => {
                self.counts.get_or_insert_default().add(counts);
            }
            _ => self.uncounted = self.uncounted.or(Some(name)),
        }
        self.end(name, begun, line, ended.map(|(status, _)| status))?;
        counts.ok_or_else(|| format!("FAILED: {name} ended without saying how many tests it ran\n  {line}"))
    }

    fn end(
        &mut self,
        name: &'static str,
        begun: Instant,
        line: &Line,
        ended: io::Result<ExitStatus>,
    ) -> Result<(), String> {
        self.times.push((name, begun.elapsed()));
        match ended {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(format!("FAILED: {name} ({status}). To repeat it:\n  {line}")),
            Err(error) => Err(format!("FAILED: {name} ({error}). To repeat it:\n  {line}")),
        }
    }

    /// Says how it ended, how long it took, and what was counted.
    pub(crate) fn close(self, result: Result<(), String>) -> ExitCode {
        let code = match result {
            Ok(()) => ExitCode::SUCCESS,
            Err(said) => {
                println!("\n{said}");
                ExitCode::FAILURE
            }
        };
        let long: Vec<String> = self
            .times
            .iter()
            .filter(|(_, time)| time.as_secs() >= 5)
            .map(|(name, time)| format!("{name} {}", clock(*time)))
            .collect();
        for what in &self.not_checked {
            println!("\nnot checked: {what}");
        }
        println!("\ntime: {} in all ({})", clock(self.started.elapsed()), long.join(", "));
        match (self.uncounted, self.counts) {
            (Some(name), _) => println!("not counted: {name} did not say how many passed and failed"),
            (None, Some(counts)) if counts.failed == 0 && code == ExitCode::FAILURE => {
                println!("not counted: it stopped before every test had run");
            }
            (None, Some(counts)) => println!("{} passed, {} failed", counts.passed, counts.failed),
            (None, None) => println!("no test was run"),
        }
        code
    }
}

fn announce(name: &str, why: &str, line: &Line) -> Instant {
    println!("\n== {name}: {why}\n   {line}");
    let _ = io::stdout().flush();
    Instant::now()
}

fn leashed(house: &House, line: &Line) -> io::Result<ExitStatus> {
    let mut leash = Leash::new()?;
    let mut child = leash.spawn(&mut line.command(house), Stdio::null())?;
    wait(&mut child)
}

/// Both outputs go through one pipe, so that they stay in order.
fn counted(house: &House, line: &Line) -> io::Result<(ExitStatus, Option<Counts>)> {
    let mut leash = Leash::new()?;
    let (reader, writer) = io::pipe()?;
    let mut command = line.command(house);
    command.stdout(writer.try_clone()?).stderr(writer);
    if io::stdout().is_terminal() {
        command.env("CARGO_TERM_COLOR", "always").env("FORCE_COLOR", "1");
    }
    let mut child = leash.spawn(&mut command, Stdio::null())?;
    // The command holds writing ends of the pipe, and reading would never end.
    drop(command);
    let reader = thread::spawn(move || show(reader));
    let status = wait(&mut child);
    // What is still running could hold the pipe open.
    drop(leash);
    let counts = reader.join().map_err(|_| io::Error::other("reading its output failed"))??;
    Ok((status?, counts))
}

fn show(reader: PipeReader) -> io::Result<Option<Counts>> {
    let mut reader = BufReader::new(reader);
    let mut counts: Option<Counts> = None;
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line)? > 0 {
        let mut out = io::stdout().lock();
        out.write_all(&line)?;
        out.flush()?;
        if let Some(more) = parse_closing(&String::from_utf8_lossy(&line)) {
            counts.get_or_insert_default().add(more);
        }
        line.clear();
    }
    Ok(counts)
}

fn wait(child: &mut Child) -> io::Result<ExitStatus> {
    let begun = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if begun.elapsed() > LIMIT {
            let minutes = LIMIT.as_secs() / 60;
            return Err(io::Error::other(format!("stopped: no end after {minutes} minutes")));
        }
        thread::sleep(Duration::from_millis(20));
    }
}

/// The status to end with when `status` is how the last command ended.
pub(crate) fn code(status: ExitStatus) -> ExitCode {
    // A command ended by a signal has no code of its own.
    status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from)
}

fn clock(time: Duration) -> String {
    match time.as_secs() {
        seconds @ 0..60 => format!("{seconds} s"),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}
