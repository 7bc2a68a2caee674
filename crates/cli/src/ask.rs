//! Verbs of agents: `propose`, `run`, `apply`, `wait`.

use std::ffi::OsString;
use std::io::Read as _;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};

use countersign_core::action::Variable;
use countersign_core::content::MAX_TOTAL;
use countersign_core::json;
use countersign_core::ostext::OsText;
use countersign_core::proposal::Origin;
use countersign_gate::Error;
use countersign_gate::request::{
    Asked, Batch, Chmod, Data, Delete, Operation, Request, Run as RunRequest, Want, Write,
};
use serde_json::json;

use crate::args::{Apply, Patience, Propose, Run, Use, Wait, Words};
use crate::exit::Exit;
use crate::out;
use crate::setup::Place;
use crate::waiting::{Waiting, listen_for_signals};

pub(crate) fn propose(place: &Place, propose: &Propose) -> Result<Exit, Error> {
    let request = Request::parse(&read(&propose.file)?)?;
    ask(place, &request, &propose.patience)
}

pub(crate) fn run(place: &Place, run: &Run) -> Result<Exit, Error> {
    let cwd = absolute(run.cwd.as_deref().unwrap_or(Path::new(".")))?;
    let environment = run.environment.iter().map(|it| {
        let (name, value) = split(it).ok_or_else(|| Error::Request("--env wants NAME=VALUE".to_owned()))?;
        Ok(Variable { name: text(&name), value: text(&value) })
    });
    let environment = environment.collect::<Result<_, Error>>()?;
    let cwd = text(&cwd.into_os_string());
    let argv: Vec<OsText> = run.command.iter().map(text).collect();
    let want = match &run.batch {
        None => {
            let stdin = run.stdin.then(|| read(Path::new("-"))).transpose()?.map(Data::from);
            Want::Run(RunRequest { argv, cwd, environment, stdin })
        }
        Some(file) => {
            let lists: Vec<Vec<OsText>> = json::from_bytes(&read(file)?)
                .map_err(|error| Error::Request(format!("the lists of arguments: {error}")))?;
            Want::Batch(Batch {
                arguments: lists.into_iter().map(|list| argv.iter().cloned().chain(list).collect()).collect(),
                cwd,
                environment,
                stdin: None,
                uses: run.uses,
                lasts: run.until.map(|it| it.as_secs()),
            })
        }
    };
    ask(place, &with_words(want, &run.words), &run.patience)
}

pub(crate) fn use_one(place: &Place, it: &Use) -> Result<Exit, Error> {
    let arguments: Vec<OsText> = it.command.iter().map(text).collect();
    runtime()?.block_on(async { waiting(place).use_one(&it.id, &arguments).await })
}

pub(crate) fn apply(place: &Place, apply: &Apply) -> Result<Exit, Error> {
    let operations = match &apply.file {
        Some(file) => operations(&read(file)?)?,
        None => flags(apply)?,
    };
    ask(place, &with_words(Want::Apply(operations), &apply.words), &apply.patience)
}

pub(crate) fn wait(place: &Place, wait: &Wait) -> Result<Exit, Error> {
    runtime()?.block_on(async {
        let waiting = Waiting { timeout: wait.timeout, withdraws: false, ..waiting(place) };
        // An id that the gate does not know is said at once; a gate that is away is waited for.
        waiting.until_ended(None, &wait.id, None).await
    })
}

/// Proposes, and waits unless that was not wanted.
fn ask(place: &Place, request: &Request, patience: &Patience) -> Result<Exit, Error> {
    runtime()?.block_on(async {
        let mut waiting = Waiting { timeout: patience.timeout, withdraws: true, ..waiting(place) };
        let (client, proposed) = match waiting.propose(request, patience.key.clone()).await? {
            Ok(proposed) => proposed,
            Err(interrupted) => return Ok(interrupted),
        };
        if patience.no_wait {
            if place.json {
                out::json(&proposed);
            } else {
                out::say(&proposed.id);
            }
            return Ok(Exit::WAITING);
        }
        out::note(&format!("proposed as {}; a person has to approve it. Ctrl-C withdraws it.", proposed.id));
        let release = matches!(request.want, Want::Release(_)).then_some(request);
        waiting.until_ended(Some(client), &proposed.id, release).await
    })
}

fn waiting(place: &Place) -> Waiting {
    Waiting {
        socket: place.layout.client_socket(&place.gate),
        token: token(),
        timeout: None,
        json: place.json,
        withdraws: false,
        interrupt: listen_for_signals(),
    }
}

/// Who we are, when we have a name.
pub(crate) fn token() -> Option<String> {
    std::env::var("COUNTERSIGN_TOKEN").ok().filter(|token| !token.is_empty())
}

pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, Error> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|cause| Error::Io { what: "starting".to_owned(), cause })
}

fn with_words(want: Want, words: &Words) -> Request {
    let asked = words.asked.as_ref().map(|asked| Asked {
        by: words.asked_by.clone(),
        text: asked.as_str().into(),
        at: None,
        origin: Origin::Caller,
    });
    Request {
        calls_itself: words.calls_itself.clone(),
        session: words.session.clone(),
        model: words.model.clone(),
        asked,
        rationale: words.because.as_deref().map(Data::from),
        lifetime: words.expires.map(|it| it.as_secs()),
        supersedes: words.supersedes.clone(),
        ..Request::new(want)
    }
}

/// A JSON list of operations; relative paths in it are from here.
fn operations(bytes: &[u8]) -> Result<Vec<Operation>, Error> {
    let operations: Result<Vec<Operation>, _> = json::from_bytes(bytes);
    let mut operations = operations.map_err(|error| Error::Request(format!("the operations: {error}")))?;
    for operation in &mut operations {
        let path = match operation {
            Operation::Write(it) => &mut it.path,
            Operation::Delete(it) => &mut it.path,
            Operation::Chmod(it) => &mut it.path,
        };
        let named = PathBuf::from(OsString::from_vec(path.as_bytes().to_vec()));
        *path = text(&absolute(&named)?.into_os_string());
    }
    Ok(operations)
}

fn flags(apply: &Apply) -> Result<Vec<Operation>, Error> {
    let mut operations = Vec::new();
    for it in &apply.write {
        let (path, file) = split(it).ok_or_else(|| Error::Request("--write wants PATH=FILE".to_owned()))?;
        operations.push(Operation::Write(Write {
            path: text(&absolute(Path::new(&path))?.into_os_string()),
            content: read(Path::new(&file))?.into(),
            mode: None,
            media_type: None,
        }));
    }
    for path in &apply.delete {
        operations.push(Operation::Delete(Delete { path: text(&absolute(path)?.into_os_string()) }));
    }
    for it in &apply.chmod {
        let bad = || Error::Request("--chmod wants PATH=MODE, the mode in octal".to_owned());
        let (path, mode) = split(it).ok_or_else(bad)?;
        let mode = mode.to_str().and_then(|mode| u32::from_str_radix(mode, 8).ok()).ok_or_else(bad)?;
        operations.push(Operation::Chmod(Chmod {
            path: text(&absolute(Path::new(&path))?.into_os_string()),
            mode,
        }));
    }
    Ok(operations)
}

/// What comes before and after the first `=`: what has one itself is named in a JSON list instead.
fn split(text: &OsString) -> Option<(OsString, OsString)> {
    let bytes = text.as_bytes();
    let at = bytes.iter().position(|b| *b == b'=')?;
    let part = |bytes: &[u8]| OsString::from_vec(bytes.to_vec());
    Some((part(&bytes[..at]), part(&bytes[at + 1..])))
}

fn absolute(path: &Path) -> Result<PathBuf, Error> {
    std::path::absolute(path).map_err(|cause| Error::Io { what: path.display().to_string(), cause })
}

fn text(it: &OsString) -> OsText {
    OsText::from(it.as_bytes())
}

/// A whole file, or standard input.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Error> {
    let io = |cause| Error::Io { what: path.display().to_string(), cause };
    let mut bytes = Vec::new();
    // In base64 and in JSON, contents are longer than they are.
    let most = 2 * MAX_TOTAL;
    let read = if path == Path::new("-") {
        std::io::stdin().lock().take(most + 1).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(most + 1).read_to_end(&mut bytes))
    };
    read.map_err(io)?;
    if bytes.len() as u64 > most {
        return Err(Error::Request(json!(path.display().to_string()).to_string() + " is too large"));
    }
    Ok(bytes)
}
