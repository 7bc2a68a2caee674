//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use countersign_core::digest::Digest;
use countersign_core::name::{GateId, Label};

/// A person looks at what an agent is about to do, and signs it; a gate does it then, once, and not before.
#[derive(Debug, Parser)]
#[command(name = "countersign", version, disable_help_subcommand = false, after_help = STATUSES)]
pub(crate) struct Arguments {
    /// Which gate.
    #[arg(long, global = true, default_value = "home", env = "COUNTERSIGN_GATE", value_name = "NAME")]
    pub(crate) gate: GateId,
    /// Print JSON for programs.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

/// Whether this command line is meant for `verb`, however wrong the rest of it is.
pub(crate) fn is_meant(verb: &str) -> bool {
    let mut words = std::env::args_os().skip(1);
    while let Some(word) = words.next() {
        if word == "--gate" {
            // Its value is not the verb.
            words.next();
        } else if !word.as_encoded_bytes().starts_with(b"-") {
            return word == verb;
        }
    }
    false
}

const STATUSES: &str = "\
Exit statuses:
  0      done; `run`, `use` and `wait` return the program's own. A batch: it
         is approved, and can be used
  1      it was begun and went wrong (126 when a program could not be run)
  80-95  a check refused, and nothing was done: 80 malformed, 81 root,
         82 signature, key or statement, 83 changes requested, 84 denied,
         85 withdrawn, 86 superseded, 87 halted, 88 wrong gate,
         89 not what was signed, 90 time, 91 nonce, 92 ledger,
         93 requirement, 94 precondition, 95 the gate could not write
  96     no gate answers
  97     the outcome is unknown: a person has to find out
  98     still waiting
  99     something about the command line or the set-up
  `diff` ends as diff(1) does: 0 the same, 1 different, 2 trouble

Environment:
  COUNTERSIGN_GATE     which gate, when --gate does not say
  COUNTERSIGN_SOCKET   where the gate listens, when it is not the usual place
  COUNTERSIGN_TOKEN    who the agent is (`countersign token add`)
  COUNTERSIGN_SESSION  which of the agent's sessions asks";

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Be the gate, in the foreground.
    Gate(Gate),
    /// Make a gate, or tell it whom to trust.
    Init(Init),
    /// Propose what a JSON file says, and wait.
    Propose(Propose),
    /// Wait until a proposal has ended.
    Wait(Wait),
    /// Run a command, once a person has approved it.
    Run(Run),
    /// Use an entry of a batch that a person has approved.
    Use(Use),
    /// Create, edit or delete files, once a person has approved it.
    Apply(Apply),
    /// Say what an envelope is and whether its signature holds.
    Verify(Verify),
    /// Tell how the gate stands.
    Status,
    /// Show a proposal as a person is shown it.
    Show(Show),
    /// Compare two files as a sheet does. Needs no gate.
    Diff(Diff),
    /// Look for what is sensitive in a text. Needs no gate.
    Scan(Scan),
    /// Print the gate's public key.
    Key,
    /// Give agents names.
    Token(Token),
    /// Answer the hook of an agent: its calls become proposals.
    Hook(Hook),
}

#[derive(Debug, Args)]
pub(crate) struct Gate {
    /// Take the clock as it is now, after it was set right. For an administrator.
    #[arg(long)]
    pub(crate) reset_clock: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Init {
    /// The name of the gate.
    #[arg(long)]
    pub(crate) name: Option<GateId>,
    /// A root (version 1, an envelope) to trust from now on.
    #[arg(long, requires = "digest", value_name = "FILE")]
    pub(crate) trust: Option<PathBuf>,
    /// The SHA-256 of the root's payload, compared with whoever made it.
    #[arg(long, requires = "trust", value_name = "HEX")]
    pub(crate) digest: Option<Digest>,
}

/// What every proposal can say.
#[derive(Debug, Args)]
pub(crate) struct Words {
    /// What a person asked for, word for word. Shown as unverified.
    #[arg(long, value_name = "TEXT")]
    pub(crate) asked: Option<String>,
    /// Who asked for it.
    #[arg(long, value_name = "NAME", requires = "asked")]
    pub(crate) asked_by: Option<Label>,
    /// Why the agent wants it. Shown as its claim.
    #[arg(long, value_name = "TEXT")]
    pub(crate) because: Option<String>,
    /// How long the proposal stands, such as 90s, 15m, 24h or 7d. 24 hours when nothing is said.
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(crate) expires: Option<Duration>,
    /// Which session of the agent asks.
    #[arg(long, value_name = "NAME", env = "COUNTERSIGN_SESSION")]
    pub(crate) session: Option<Label>,
    /// What the agent calls itself.
    #[arg(long, value_name = "NAME")]
    pub(crate) calls_itself: Option<Label>,
    /// The model that it runs on.
    #[arg(long, value_name = "NAME")]
    pub(crate) model: Option<Label>,
    /// The id of an earlier proposal of the same agent that this one replaces.
    #[arg(long, value_name = "ID")]
    pub(crate) supersedes: Option<String>,
}

/// How to wait.
#[derive(Debug, Args)]
pub(crate) struct Patience {
    /// Print the id and do not wait (exit status 98).
    #[arg(long)]
    pub(crate) no_wait: bool,
    /// Wait no longer than this, such as 30s or 10m (exit status 98). The proposal stands.
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(crate) timeout: Option<Duration>,
    /// A name for this request: asking again with the same one is not asking twice.
    #[arg(long, value_name = "NAME")]
    pub(crate) key: Option<Label>,
}

#[derive(Debug, Args)]
pub(crate) struct Propose {
    /// A request (docs/formats/request.md), or - for standard input.
    #[arg(value_name = "FILE|-")]
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) patience: Patience,
}

#[derive(Debug, Args)]
pub(crate) struct Wait {
    /// The proposal's id or digest.
    pub(crate) id: String,
    /// Wait no longer than this, such as 30s or 10m (exit status 98).
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(crate) timeout: Option<Duration>,
}

#[derive(Debug, Args)]
pub(crate) struct Run {
    /// Where it runs; here when nothing is said.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) cwd: Option<PathBuf>,
    /// A variable to add to the gate's own. Nothing of this shell's environment is passed on.
    #[arg(long = "env", value_name = "NAME=VALUE")]
    pub(crate) environment: Vec<OsString>,
    /// Give it what comes on standard input, which is read whole and shown.
    #[arg(long)]
    pub(crate) stdin: bool,
    /// Ask once for several runs, to be used one by one with `use`: a JSON list of lists of arguments, each to follow
    /// COMMAND.
    #[arg(long, value_name = "FILE|-", conflicts_with = "stdin")]
    pub(crate) batch: Option<PathBuf>,
    /// How many lists of the batch may be used; all of them when nothing is said.
    #[arg(long, value_name = "NUMBER", requires = "batch")]
    pub(crate) uses: Option<u64>,
    /// For how long the batch may be used from now on, such as 15m; as long as the proposal stands when nothing is said.
    #[arg(long, value_name = "TIME", requires = "batch", value_parser = duration)]
    pub(crate) until: Option<Duration>,
    #[command(flatten)]
    pub(crate) words: Words,
    #[command(flatten)]
    pub(crate) patience: Patience,
    /// The program and its arguments.
    #[arg(last = true, required = true, value_name = "COMMAND")]
    pub(crate) command: Vec<OsString>,
}

#[derive(Debug, Args)]
pub(crate) struct Use {
    /// The id or digest of the batch.
    pub(crate) id: String,
    /// The program and its arguments, exactly as they are listed.
    #[arg(last = true, required = true, value_name = "COMMAND")]
    pub(crate) command: Vec<OsString>,
}

#[derive(Debug, Args)]
pub(crate) struct Apply {
    /// A JSON list of operations (docs/formats/request.md), or - for standard input.
    #[arg(value_name = "FILE|-", required_unless_present_any = ["write", "delete", "chmod"])]
    pub(crate) file: Option<PathBuf>,
    /// Create or edit PATH so that it holds what FILE holds.
    #[arg(long, value_name = "PATH=FILE", conflicts_with = "file")]
    pub(crate) write: Vec<OsString>,
    /// Delete PATH.
    #[arg(long, value_name = "PATH", conflicts_with = "file")]
    pub(crate) delete: Vec<PathBuf>,
    /// Give PATH these permission bits (octal).
    #[arg(long, value_name = "PATH=MODE", conflicts_with = "file")]
    pub(crate) chmod: Vec<OsString>,
    #[command(flatten)]
    pub(crate) words: Words,
    #[command(flatten)]
    pub(crate) patience: Patience,
}

#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// An envelope, or - for standard input.
    #[arg(value_name = "FILE|-")]
    pub(crate) file: PathBuf,
    /// The root to verify against, instead of the gate's.
    #[arg(long, requires = "digest", value_name = "FILE")]
    pub(crate) root: Option<PathBuf>,
    /// The SHA-256 of that root's payload.
    #[arg(long, requires = "root", value_name = "HEX")]
    pub(crate) digest: Option<Digest>,
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The proposal's id or digest.
    pub(crate) id: String,
    /// Print the signed envelope as it is.
    #[arg(long)]
    pub(crate) envelope: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Diff {
    /// The file as it was, or /dev/null where there was none.
    pub(crate) old: PathBuf,
    /// The file as it would be, or /dev/null where there would be none.
    pub(crate) new: PathBuf,
    /// Print a patch that makes NEW of OLD with `git apply`.
    #[arg(long)]
    pub(crate) unified: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Scan {
    /// The file to look at; `-` or none for standard input.
    pub(crate) file: Option<PathBuf>,
    /// Where the text goes: `private`, `team`, `public`, or a target as a proposal names it.
    ///
    /// Of a target nothing is known here but its name, so it counts as public.
    #[arg(long, value_name = "DESTINATION", default_value = "public")]
    pub(crate) to: String,
    /// Read a JSON object with `id`, `text` and perhaps `to` from each line, and answer each with one.
    #[arg(long)]
    pub(crate) jsonl: bool,
    /// Rules of one's own, in the format of gitleaks, which run with those that are built in.
    #[arg(long, value_name = "FILE")]
    pub(crate) rules: Option<PathBuf>,
    /// Names that are not to be known outside, one on a line.
    #[arg(long, value_name = "FILE")]
    pub(crate) names: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Token {
    #[command(subcommand)]
    pub(crate) what: TokenVerb,
}

#[derive(Debug, Subcommand)]
pub(crate) enum TokenVerb {
    /// Make a token for an agent, and print it this once.
    Add {
        /// What the agent is called from now on.
        name: Label,
    },
    /// List the agents that have a name.
    List,
    /// Make an agent's token worthless, at once.
    Revoke {
        /// The agent.
        name: Label,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Hook {
    #[command(subcommand)]
    pub(crate) agent: HookVerb,
}

#[derive(Debug, Subcommand)]
pub(crate) enum HookVerb {
    /// Answer Claude Code's PreToolUse hook, which comes on standard input (integrations/claude-code).
    ClaudeCode {
        /// Print the settings that make Claude Code ask.
        #[arg(long)]
        print_settings: bool,
    },
}

fn duration(text: &str) -> Result<Duration, String> {
    let bad = || "a time is a number and s, m, h or d, such as 90s or 24h".to_owned();
    let (number, unit) = text.split_at_checked(text.len().saturating_sub(1)).ok_or_else(bad)?;
    let scale = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 24 * 3600,
        _ => return Err(bad()),
    };
    let number: u64 = number.parse().map_err(|_| bad())?;
    number.checked_mul(scale).map(Duration::from_secs).ok_or_else(bad)
}
