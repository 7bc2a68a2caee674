//! A program to run: which file that is, its complete environment, and what it is known to read.

use std::ffi::OsStr;
use std::io::Read as _;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use countersign_core::action::{
    Act, Action, Assurance, Environment, Executable, Fact, Precondition, Reversibility, Run, Script, Variable,
};
use countersign_core::content::{Content, MAX_TOTAL};
use countersign_core::ostext::OsText;

use super::{HERE, about, refuse, script};
use crate::config::Config;
use crate::paths::{self, Spot};
use crate::request::{self, Uploads};
use crate::{Error, users};

/// The longest first line of a script that Linux reads (`BINPRM_BUF_SIZE`).
const FIRST_LINE: usize = 256;

/// Resolves a program; `request` then has the real path of its working directory.
pub(super) fn resolve(
    request: &mut request::Run,
    uploads: &Uploads,
    config: &Config,
) -> Result<Action, Error> {
    if request.argv.is_empty() || request.argv.iter().any(|it| it.as_bytes().contains(&0)) {
        return Err(refuse("a command has at least a program, and no NUL in it"));
    }
    let cwd = paths::path(&request.cwd);
    if !cwd.is_absolute() {
        return Err(refuse("the working directory is an absolute path"));
    }
    let cwd = std::fs::canonicalize(&cwd).map_err(|error| about(&cwd, &error))?;
    paths::folder(&cwd).map_err(|error| about(&cwd, &error))?;
    request.cwd = paths::text(&cwd);

    let variables = variables(config, &request.environment)?;
    let named = look_up(paths::path(&request.argv[0]).as_os_str(), &cwd, &variables)?;
    let mut preconditions = Vec::new();
    let (executable, script) = open_program(&named, &variables, &mut preconditions)?;
    if script.is_none() {
        preconditions.extend(script::read_by(&executable.path, &request.argv[1..], &cwd));
    }
    let stdin = request.stdin.as_ref().map(|data| data.bytes(uploads)).transpose()?;
    let run = Run {
        argv: request.argv.clone(),
        executable,
        cwd: request.cwd.clone(),
        environment: Environment::Complete(variables),
        stdin: stdin.map(|bytes| Content::inline("application/octet-stream", bytes)),
        script,
        user: users::user(rustix::process::geteuid().as_raw()),
        host: users::host(),
    };
    Ok(Action {
        target: paths::text(&named),
        environment: users::label(HERE),
        // Nobody knows what a program does.
        reversibility: Reversibility::Unknown,
        preconditions,
        act: Act::Run(run),
    })
}

/// What else `argv` is known to have the program of `action` read.
pub(super) fn reads(action: &Action, argv: &[OsText]) -> Result<Option<Precondition>, Error> {
    if argv.is_empty() || argv.iter().any(|it| it.as_bytes().contains(&0)) {
        return Err(refuse("a command has at least a program, and no NUL in it"));
    }
    let Act::Run(run) = &action.act else { return Ok(None) };
    let known = run
        .script
        .is_none()
        .then(|| script::read_by(&run.executable.path, &argv[1..], &paths::path(&run.cwd)));
    Ok(known.flatten())
}

/// Puts into `action` what the request and the configuration of now say.
pub(super) fn rebuild(
    request: &request::Run,
    uploads: &Uploads,
    config: &Config,
    action: &mut Action,
) -> Option<()> {
    let Act::Run(run) = &mut action.act else { return None };
    run.argv.clone_from(&request.argv);
    run.cwd.clone_from(&request.cwd);
    run.environment = Environment::Complete(variables(config, &request.environment).ok()?);
    let stdin = request.stdin.as_ref().map(|data| data.bytes(uploads)).transpose().ok()?;
    run.stdin = stdin.map(|bytes| Content::inline("application/octet-stream", bytes));
    Some(())
}

/// The gate's variables, with those of a request added or put in their place, in order of their names.
fn variables(config: &Config, added: &[Variable]) -> Result<Vec<Variable>, Error> {
    let mut all = config.environment.clone();
    for (at, variable) in added.iter().enumerate() {
        let bad = |bytes: &[u8]| bytes.is_empty() || bytes.contains(&b'=') || bytes.contains(&0);
        if bad(variable.name.as_bytes()) || variable.value.as_bytes().contains(&0) {
            return Err(refuse("a variable's name is not empty and has no `=`, and neither has a NUL"));
        }
        if added[..at].iter().any(|it| it.name == variable.name) {
            return Err(refuse("a variable is named twice"));
        }
        all.retain(|it| it.name != variable.name);
        all.push(variable.clone());
    }
    all.sort();
    Ok(all)
}

/// The path of a program: as named when it has a slash, else found in `PATH`. Its folder is real,
/// its last component may be a link.
fn look_up(program: &OsStr, cwd: &Path, variables: &[Variable]) -> Result<PathBuf, Error> {
    if program.as_bytes().contains(&b'/') {
        return Ok(cwd.join(program));
    }
    let path = variables.iter().find(|it| it.name.as_bytes() == b"PATH");
    let path = path.map(|it| it.value.as_bytes().to_vec()).unwrap_or_default();
    for folder in path.split(|b| *b == b':').map(|it| Path::new(OsStr::from_bytes(it))) {
        // An empty or relative entry would mean the working directory, which an agent can write to.
        if !folder.is_absolute() {
            continue;
        }
        let found = folder.join(program);
        let executable = rustix::fs::access(&found, rustix::fs::Access::EXEC_OK).is_ok();
        if executable && std::fs::metadata(&found).is_ok_and(|meta| meta.is_file()) {
            return Ok(found);
        }
    }
    Err(refuse(format!(
        "{}: there is no such program in the PATH of the gate's configuration",
        program.as_bytes().escape_ascii()
    )))
}

/// Opens and hashes the program at `named`; when it is a script, its interpreter, and the script is a content.
fn open_program(
    named: &Path,
    variables: &[Variable],
    preconditions: &mut Vec<Precondition>,
) -> Result<(Executable, Option<Script>), Error> {
    let (real, spot) = open_real(named)?;
    let Some(line) = first_line(&spot).map_err(|error| about(&real, &error))? else {
        return Ok((hold(&real, &spot, preconditions)?, None));
    };
    let (held, bytes) = spot.read(MAX_TOTAL).map_err(|error| about(&real, &error))?;
    let content = Content::inline("text/x-script", bytes);
    // It runs from a private copy of these bytes; that the file still has them is checked all the same.
    let fact = Fact::File { path: paths::text(&real), sha256: held.sha256, mode: None };
    preconditions.push(Precondition { assurance: Assurance::Checked, fact });

    let (interpreter, argument) = script::interpreter(&line)
        .ok_or_else(|| about(&real, &std::io::Error::other("its first line names no absolute path")))?;
    let (real_interpreter, interpreter_spot) = open_real(&interpreter)?;
    if first_line(&interpreter_spot).map_err(|error| about(&real_interpreter, &error))?.is_some() {
        return Err(refuse("the interpreter of this script is itself a script"));
    }
    let executable = hold(&real_interpreter, &interpreter_spot, preconditions)?;
    if real_interpreter.file_name() == Some(OsStr::new("env"))
        && let Some(argument) = &argument
    {
        // `#!/usr/bin/env python3`: what env finds is what matters.
        let found = look_up(OsStr::from_bytes(argument), Path::new("/"), variables)?;
        let (real_found, found_spot) = open_real(&found)?;
        let held = found_spot.hold().map_err(|error| about(&real_found, &error))?;
        let fact = Fact::File { path: paths::text(&real_found), sha256: held.sha256, mode: None };
        preconditions.push(Precondition { assurance: Assurance::Checked, fact });
    }
    let interpreter_argument = argument.map(OsText::from);
    Ok((executable, Some(Script { path: paths::text(&real), interpreter_argument, content })))
}

fn open_real(path: &Path) -> Result<(PathBuf, Spot), Error> {
    let real = std::fs::canonicalize(path).map_err(|error| about(path, &error))?;
    let spot = Spot::of(&real).map_err(|error| about(path, &error))?;
    let stat = rustix::fs::fstat(spot.open().map_err(|error| about(path, &error))?);
    let stat = stat.map_err(|error| about(path, &error.into()))?;
    if stat.st_mode & 0o111 == 0 {
        return Err(about(path, &std::io::Error::other("it is not executable")));
    }
    Ok((real, spot))
}

fn hold(real: &Path, spot: &Spot, preconditions: &mut Vec<Precondition>) -> Result<Executable, Error> {
    let held = spot.hold().map_err(|error| about(real, &error))?;
    let path = paths::text(real);
    let fact = Fact::File { path: path.clone(), sha256: held.sha256, mode: None };
    preconditions.push(Precondition { assurance: Assurance::Held, fact });
    Ok(Executable { path, sha256: held.sha256 })
}

/// What follows `#!`, if the file begins with it.
fn first_line(spot: &Spot) -> std::io::Result<Option<Vec<u8>>> {
    let mut start = Vec::new();
    spot.open()?.take(FIRST_LINE as u64).read_to_end(&mut start)?;
    let Some(rest) = start.strip_prefix(b"#!") else { return Ok(None) };
    let end = rest.iter().position(|b| *b == b'\n');
    let whole = end.or_else(|| (start.len() < FIRST_LINE).then_some(rest.len()));
    let whole = whole.ok_or_else(|| std::io::Error::other("its first line is longer than Linux reads"))?;
    Ok(Some(rest[..whole].to_vec()))
}
