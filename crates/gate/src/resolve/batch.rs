//! A batch of runs of one program: resolved as one run, with the list of arguments beside it.

use countersign_core::action::{Act, Action};
use countersign_core::batch::{Batch, MAX_ENTRIES, Program, Terms, Tool};
use countersign_core::ostext::OsText;
use countersign_core::proposal::Proposal;
use countersign_core::time::Timestamp;

use super::{program, refuse};
use crate::Error;
use crate::config::Config;
use crate::request::{self, Uploads};

/// Resolves a batch; `request` then has the real path of its working directory. It ends so long after time 0.
pub(super) fn resolve(
    request: &mut request::Batch,
    lifetime: u64,
    uploads: &Uploads,
    config: &Config,
) -> Result<Terms, Error> {
    let count = request.arguments.len();
    let Some(first) = request.arguments.first().filter(|_| count <= MAX_ENTRIES).cloned() else {
        return Err(refuse(format!("a batch has 1 to {MAX_ENTRIES} lists of arguments")));
    };
    if request.arguments.iter().any(|it| it.first() != first.first()) {
        return Err(refuse("all lists of arguments of a batch begin with the same program"));
    }
    if lasts(request, lifetime) == 0 || lasts(request, lifetime) > lifetime {
        return Err(refuse(
            "a batch can be used for at least 1 second, and no longer than its proposal stands",
        ));
    }
    let mut run = request.run(first);
    let mut action = program::resolve(&mut run, uploads, config)?;
    request.cwd = run.cwd;
    for argv in &request.arguments {
        // What one of them is known to read must not change for any of them.
        let read = program::reads(&action, argv)?;
        action.preconditions.extend(read.filter(|it| !action.preconditions.contains(it)));
    }
    terms(action, request, Timestamp::from_seconds(lasts(request, lifetime)))
        .ok_or_else(|| refuse("a batch runs a program"))
}

/// The batch that the request and the configuration of now make, with what was read from the disk taken from `signed`.
pub(super) fn rebuild(
    request: &request::Batch,
    lifetime: u64,
    uploads: &Uploads,
    config: &Config,
    signed: &Proposal,
) -> Option<Terms> {
    let mut action = signed.actions.batch()?.entries().first()?.clone();
    program::rebuild(&request.run(vec![]), uploads, config, &mut action)?;
    terms(action, request, signed.created.plus(lasts(request, lifetime)))
}

/// Those of a resolved batch, for a proposal that is made at `created`.
pub(super) fn made_at(terms: &Terms, created: Timestamp) -> Result<Batch, Error> {
    let until = created.plus(terms.until.seconds());
    Batch::new(Terms { until, ..terms.clone() }).map_err(|error| refuse(error.to_string()))
}

fn lasts(request: &request::Batch, lifetime: u64) -> u64 {
    request.lasts.unwrap_or(lifetime)
}

fn terms(action: Action, request: &request::Batch, until: Timestamp) -> Option<Terms> {
    let Action { target, environment, reversibility, preconditions, act } = action;
    let Act::Run(run) = act else { return None };
    let tool = Tool::Run(Program {
        executable: run.executable,
        cwd: run.cwd,
        environment: run.environment,
        stdin: run.stdin,
        script: run.script,
        user: run.user,
        host: run.host,
        arguments: request.arguments.clone(),
    });
    let uses = request.uses.unwrap_or(request.arguments.len() as u64);
    Some(Terms { target, environment, reversibility, preconditions, tool, uses, until })
}

/// Which entry of `batch` has these arguments and is not `used`, else one that is.
pub(crate) fn entry(batch: &Batch, arguments: &[OsText], used: impl Fn(usize) -> bool) -> Option<usize> {
    let same = |(at, action): (usize, &Action)| match &action.act {
        Act::Run(run) => (run.argv == arguments).then_some(at),
        _ => None,
    };
    let mut all = batch.entries().iter().enumerate().filter_map(same);
    let first = all.next()?;
    Some(std::iter::once(first).chain(all).find(|at| !used(*at)).unwrap_or(first))
}
