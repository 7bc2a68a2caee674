//! A gate, an app without a window, and agents: real processes on folders of their own, that a test
//! kills, stops, starves and starts again.

use std::fs::{self, DirBuilder};
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Output, Stdio};

use rustix::process::{Pid, Signal};
use serde_json::Value;

use crate::process::Process;
use crate::programs;
use crate::until::{until, until_so};

/// What ends or stops a process at an exact point; read by debug builds alone.
pub const MILESTONE: &str = "COUNTERSIGN_MILESTONE";

/// One installation: its folders and its two processes.
pub struct Rig {
    base: PathBuf,
    // Who it belongs to, where that is not who runs the test.
    uid: Option<u32>,
    gate: Option<Process>,
    app: Option<App>,
    _folder: Option<tempfile::TempDir>,
}

/// What an agent was told of its proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposed {
    /// What the gate calls it.
    pub id: String,
    /// What it is.
    pub digest: String,
}

impl Rig {
    /// An installation in which everything runs.
    pub fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("cs").tempdir_in("/tmp").unwrap();
        let mut rig = Self::at(folder.path(), None);
        rig._folder = Some(folder);
        rig
    }

    /// The same in the folder `base`, of the user `uid`.
    pub fn at(base: &Path, uid: Option<u32>) -> Self {
        DirBuilder::new().recursive(true).mode(0o700).create(base).unwrap();
        DirBuilder::new().recursive(true).mode(0o700).create(base.join("work")).unwrap();
        for folder in [base.to_owned(), base.join("work")] {
            chown(folder, uid, uid).unwrap();
        }
        if uid.is_some() {
            // Where the house is checked out may be closed to others.
            fs::create_dir(base.join("bin")).unwrap();
            for program in [programs::countersign(), programs::windowless()] {
                let to = base.join("bin").join(program.file_name().unwrap());
                fs::hard_link(&program, &to).or_else(|_| fs::copy(&program, &to).map(drop)).unwrap();
            }
        }
        let mut rig = Self { base: base.to_owned(), uid, gate: None, app: None, _folder: None };
        rig.start_app(None);
        assert_eq!(rig.say("set-up Robin").as_deref(), Some("ok"));
        // The one that the app started is nobody's child that could be watched.
        rig.end_gate_of_app();
        rig.start_gate(None);
        rig
    }

    /// A path in its folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.base.join(name)
    }

    /// What it keeps.
    pub fn data(&self) -> PathBuf {
        self.path("data/countersign")
    }

    /// The box that the app reads.
    pub fn app_box(&self) -> PathBuf {
        self.data().join("spool/reviewer")
    }

    /// The box that the gate reads.
    pub fn gate_box(&self) -> PathBuf {
        self.data().join("spool/gates/home")
    }

    /// The program as this user can reach it.
    fn program(&self, built: PathBuf) -> PathBuf {
        if self.uid.is_none() {
            return built;
        }
        self.base.join("bin").join(built.file_name().unwrap())
    }

    /// A program with nothing but this installation's environment, as its user.
    pub fn command(&self, program: impl AsRef<Path>) -> Command {
        let program = program.as_ref();
        let mut words: Vec<String> = vec![];
        if let Some(uid) = self.uid.map(|uid| uid.to_string()) {
            let become_user = ["setpriv", "--reuid", &uid, "--regid", &uid, "--clear-groups", "--"];
            words.extend(become_user.map(str::to_owned));
        }
        words.push(program.to_string_lossy().into_owned());
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).env_clear().stdin(Stdio::null()).current_dir(self.path("work"));
        command.env("HOME", &self.base).env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        for (name, folder) in
            [("XDG_DATA_HOME", "data"), ("XDG_STATE_HOME", "state"), ("XDG_RUNTIME_DIR", "run")]
        {
            command.env(name, self.base.join(folder));
        }
        command
    }

    // --- the gate

    /// Starts the gate and waits until it answers, or has reached the milestone that ends it.
    #[track_caller]
    pub fn start_gate(&mut self, milestone: Option<&str>) {
        let mut command = self.command(self.program(programs::countersign()));
        command.arg("gate");
        if let Some(milestone) = milestone {
            command.env(MILESTONE, milestone);
        }
        self.gate = Some(Process::start(&mut command, &self.path("gate.log")));
        until_so("the gate answers", || self.gate_died().is_some() || self.status().is_some());
    }

    /// How the gate ended, if it has.
    pub fn gate_died(&mut self) -> Option<ExitStatus> {
        self.gate.as_mut()?.ended()
    }

    /// Ends the gate.
    #[track_caller]
    pub fn stop_gate(&mut self) {
        self.gate.take().unwrap().stop();
    }

    /// Sends the gate a signal.
    pub fn signal_gate(&self, signal: Signal) {
        self.gate.as_ref().unwrap().signal(signal);
    }

    /// The number of the gate.
    pub fn gate_pid(&self) -> Pid {
        Pid::from_raw(i32::try_from(self.gate.as_ref().unwrap().id()).unwrap()).unwrap()
    }

    /// Waits until a milestone has stopped the gate.
    #[track_caller]
    pub fn until_gate_stops(&self) {
        let pid = self.gate_pid();
        until_so("the gate is stopped", || is_stopped(pid));
    }

    /// What the gate says of itself.
    pub fn status(&self) -> Option<Value> {
        let output = self.agent(&["--json", "status"]);
        output.status.success().then(|| json(&output))
    }

    /// What the gate says of a proposal.
    #[track_caller]
    pub fn view(&self, id: &str) -> Value {
        let output = self.agent(&["--json", "show", id]);
        assert!(output.status.success(), "{output:?}");
        json(&output)["view"].clone()
    }

    /// Ends the gate that the app started: it outlives the app, and with it a test.
    #[track_caller]
    pub fn end_gate_of_app(&self) {
        let lock = self.data().join("gates/home/lock");
        let pid = until("the gate says who it is", || {
            fs::read_to_string(&lock).ok()?.trim().parse::<i32>().ok().and_then(Pid::from_raw)
        });
        until_so("it answers", || self.status().is_some());
        rustix::process::kill_process(pid, Signal::TERM).unwrap();
        until_so("it is gone", || {
            self.status().is_none() && rustix::process::test_kill_process(pid).is_err()
        });
    }

    // --- agents

    /// Runs a verb to its end.
    pub fn agent(&self, words: &[&str]) -> Output {
        self.command(self.program(programs::countersign())).args(words).output().unwrap()
    }

    /// Runs a verb in the background.
    pub fn agent_waits(&self, name: &str, words: &[&str]) -> Process {
        let mut command = self.command(self.program(programs::countersign()));
        Process::start(command.args(words), &self.path(name).with_extension("log"))
    }

    /// Where an approved program writes a line each time that it runs.
    pub fn counter(&self, name: &str) -> PathBuf {
        self.path("work").join(format!("ran-{name}"))
    }

    /// How often it ran.
    pub fn ran(&self, name: &str) -> usize {
        fs::read_to_string(self.counter(name)).map_or(0, |text| text.lines().count())
    }

    /// Asks, under the key `name`, for a program that counts how often it runs; `None` while no gate answers.
    pub fn try_propose(&self, name: &str) -> Option<Proposed> {
        self.try_propose_script(name, &format!("echo ran >> {}", self.counter(name).display()))
    }

    /// The same for another script.
    pub fn try_propose_script(&self, name: &str, script: &str) -> Option<Proposed> {
        let words = ["--json", "run", "--no-wait", "--key", name, "--", "/bin/sh", "-c", script];
        proposed(&self.agent(&words))
    }

    /// As [`Rig::try_propose`], with so many bytes on the program's standard input, which travel as a blob.
    pub fn try_propose_large(&self, name: &str, bytes: usize) -> Option<Proposed> {
        let input = self.path("work").join(format!("input-{name}"));
        fs::write(&input, vec![b'x'; bytes]).unwrap();
        let script = format!("cat > /dev/null; echo ran >> {}", self.counter(name).display());
        let mut command = self.command(self.program(programs::countersign()));
        command.args([
            "--json",
            "run",
            "--no-wait",
            "--key",
            name,
            "--stdin",
            "--",
            "/bin/sh",
            "-c",
            &script,
        ]);
        proposed(&command.stdin(fs::File::open(input).unwrap()).output().unwrap())
    }

    /// As [`Rig::try_propose`], of a gate that answers.
    #[track_caller]
    pub fn propose(&self, name: &str) -> Proposed {
        self.try_propose(name).expect("the gate takes a proposal")
    }

    // --- the app

    /// Starts the app and waits until it is there, or has reached the milestone that ends it.
    #[track_caller]
    pub fn start_app(&mut self, milestone: Option<&str>) {
        let mut command = self.command(self.program(programs::windowless()));
        if let Some(milestone) = milestone {
            command.env(MILESTONE, milestone);
        }
        let app = App::start(&mut command, &self.path("app.log"));
        self.app = Some(app);
    }

    /// Tells the app something; `None` when it has died, or dies of it.
    pub fn say(&mut self, words: &str) -> Option<String> {
        self.app.as_mut()?.say(words)
    }

    /// How the app ended, if it has.
    pub fn app_died(&mut self) -> Option<ExitStatus> {
        self.app.as_mut()?.child.try_wait().unwrap()
    }

    /// Ends the app as closing its window does.
    #[track_caller]
    pub fn stop_app(&mut self) {
        let mut app = self.app.take().unwrap();
        drop(app.to);
        assert!(app.child.wait().unwrap().success());
    }

    /// Kills the app with SIGKILL.
    pub fn kill_app(&mut self) {
        let mut app = self.app.take().unwrap();
        app.child.kill().unwrap();
        app.child.wait().unwrap();
    }

    /// The number of the app.
    pub fn app_pid(&self) -> Pid {
        Pid::from_child(&self.app.as_ref().unwrap().child)
    }

    /// Waits until a milestone has stopped the app.
    #[track_caller]
    pub fn until_app_stops(&self) {
        let pid = self.app_pid();
        until_so("the app is stopped", || is_stopped(pid));
    }

    /// Sends the app a signal.
    pub fn signal_app(&self, signal: Signal) {
        rustix::process::kill_process(self.app_pid(), signal).unwrap();
    }

    /// Tells the app something, and does not wait for its answer.
    pub fn tell(&mut self, words: &str) {
        writeln!(self.app.as_mut().unwrap().to, "{words}").unwrap();
    }

    /// The app's answer to what it was told.
    pub fn hear(&mut self) -> Option<String> {
        self.app.as_mut()?.line()
    }

    /// Waits until neither side has anything left to tell the other.
    #[track_caller]
    pub fn settle(&mut self) {
        until_so("both outboxes are empty", || {
            let gate = self.status().is_some_and(|status| status["outbox"] == 0);
            gate && self.say("outbox").as_deref() == Some("0")
        });
    }

    /// The state of a proposal in the app; nothing while the app does not know it.
    pub fn state(&mut self, digest: &str) -> Option<String> {
        self.say(&format!("state {digest}")).filter(|said| !said.starts_with("error"))
    }

    /// Waits until a proposal is in one of the states.
    #[track_caller]
    pub fn until_state(&mut self, digest: &str, wanted: &[&str]) -> String {
        until(&format!("it is {wanted:?}"), || {
            self.state(digest).filter(|state| wanted.contains(&state.as_str()))
        })
    }

    /// Waits until something waits, and says what.
    #[track_caller]
    pub fn first_waiting(&mut self) -> String {
        until("something waits", || {
            let waiting = self.say("waiting")?;
            waiting.split(' ').next().filter(|digest| !digest.is_empty()).map(str::to_owned)
        })
    }

    /// Approves what waits.
    #[track_caller]
    pub fn approve(&mut self, digest: &str) {
        self.until_state(digest, &["waiting"]);
        let said = self.say(&format!("approve {digest}"));
        assert!(said.as_ref().is_some_and(|said| said.starts_with("signed")), "{said:?}");
    }
}

impl Default for Rig {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Rig {
    fn drop(&mut self) {
        if let Some(mut app) = self.app.take() {
            let _ = app.child.kill();
            let _ = app.child.wait();
        }
        if std::thread::panicking() {
            for log in ["gate.log", "app.log"] {
                eprintln!("--- {log}\n{}", crate::gate::text(&self.path(log)));
            }
        }
    }
}

/// The app, and the two ends by which it is told things.
struct App {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl App {
    #[track_caller]
    fn start(command: &mut Command, log: &Path) -> Self {
        let log = fs::File::options().create(true).append(true).open(log).unwrap();
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let (to, from) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        let mut app = Self { child, to, from };
        // Its first word; nothing when it dies of what it finds.
        let _ = app.line();
        app
    }

    fn say(&mut self, words: &str) -> Option<String> {
        writeln!(self.to, "{words}").ok()?;
        self.line()
    }

    fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        self.from.read_line(&mut line).ok()?;
        line.ends_with('\n').then(|| line.trim_end().to_owned())
    }
}

fn proposed(output: &Output) -> Option<Proposed> {
    if output.status.code() != Some(98) {
        return None;
    }
    let said = json(output);
    let text = |name: &str| said[name].as_str().unwrap_or_default().to_owned();
    Some(Proposed { id: text("id"), digest: text("digest") })
}

/// Whether the process was stopped by a signal (proc(5)).
fn is_stopped(pid: Pid) -> bool {
    let stat = fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero())).unwrap_or_default();
    stat.rsplit(')').next().is_some_and(|rest| rest.starts_with(" T"))
}

fn json(output: &Output) -> Value {
    countersign_core::json::parse_foreign(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"))
}
