//! A scripted agent is asked to analyse a question and tries to publish an answer.
//!
//! A forum is a folder that is served over HTTP. Only the gate may write
//! there. The agent's first answer is denied in the real window; a corrected
//! one is approved. Whether an answer is public is proved by fetching it.
//!
//! All of it runs on a private desktop without any network but loopback.
//! Pictures go to `target/demo/`. The texts are made anew for each run.

#![allow(clippy::unwrap_used, reason = "a demonstration that goes wrong ends")]
#![allow(clippy::print_stdout, reason = "it talks to a terminal")]

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Instant, SystemTime};

use countersign_core::json as strict;
use countersign_tests::sealed::seal_program;
use countersign_tests::until::until_so;
use countersign_tests::{Desktop, Person, gate, programs};
use serde_json::{Value, json};

const FORUM: &str = "team-forum";
const AGENT: &str = "forum-helper";

fn main() {
    seal_program();
    let mut story = Story::begin();
    let texts = Texts::make();
    let desktop = Desktop::start();
    let forum = Forum::open(&desktop);
    let person = Person::open(&desktop);
    person.set_up();
    person.window.part("practice-end").click();
    story.tell("a person makes a key, and with it a gate");
    let token = let_the_gate_post(&desktop, &forum, &person);
    story.tell(&format!("the gate may post in {FORUM}; the agent may only ask the gate"));

    story.tell(&format!("{} asks the agent: {:?}", texts.who, texts.asked));
    let wrong = Attempt { name: "answer-1.md", body: &texts.wrong, because: &texts.claim };
    let denied = attempt(&desktop, &token, &texts, &wrong);
    story.tell("proposed: the agent would publish an answer, which nobody asked for");
    person.open_waiting(FORUM);
    assert!(person.window.part("asked").text().contains(&texts.asked));
    person.read(texts.wrong.lines().last().unwrap());
    story.tell("shown: who would read it, what was asked beside it, and every line");
    story.picture(&person, "1-asked-to-analyse-would-publish");
    forum.must_not_have(wrong.name);
    person.deny(&texts.correction);
    story.tell(&format!("denied: {:?}", texts.correction));
    let told = denied.join().unwrap();
    assert_eq!(told.status, Some(84), "{}", told.text);
    assert!(told.text.contains(&texts.correction), "{}", told.text);
    person.strip_saying("Denied");
    story.picture(&person, "2-denied");
    forum.must_not_have(wrong.name);
    story.tell("the agent is told why; fetched over HTTP: 404, nothing is public");

    let right = Attempt { name: "answer-2.md", body: &texts.right, because: "Corrected as I was told." };
    let approved = attempt(&desktop, &token, &texts, &right);
    story.tell("proposed: a corrected answer");
    person.open_waiting(FORUM);
    person.unlock();
    person.read(texts.right.lines().last().unwrap());
    story.tell("shown, and the key is unlocked");
    story.picture(&person, "3-corrected");
    forum.must_not_have(right.name);
    person.approve();
    story.tell("signed");
    let told = approved.join().unwrap();
    assert_eq!(told.status, Some(0), "{}", told.text);
    let page = forum.fetch(right.name).expect("what was approved is public");
    assert_eq!(page, right.body.as_bytes(), "exactly what was signed is public");
    story.tell("acted: fetched over HTTP, it is public, byte for byte as signed");
    assert_eq!(person.receipt(), ["done"]);
    story.tell("receipt: the gate signed what it did");
    story.picture(&person, "4-receipt");
    forum.must_not_have(wrong.name);
    person.window.close();
    story.end();
}

/// What happened, when.
struct Story {
    begun: Instant,
    folder: PathBuf,
}

impl Story {
    fn begin() -> Self {
        let folder = programs::target().join("demo");
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        println!("Nothing but loopback can be reached from here.\n");
        Self { begun: Instant::now(), folder }
    }

    fn tell(&mut self, what: &str) {
        println!("{:7.2} s  {what}", self.begun.elapsed().as_secs_f64());
    }

    fn picture(&self, person: &Person, name: &str) {
        person.window.picture(&self.folder.join(name).with_extension("png"));
    }

    fn end(self) {
        println!("\nPictures are in {}.", self.folder.display());
    }
}

/// The words of this run.
struct Texts {
    who: String,
    asked: String,
    claim: String,
    wrong: String,
    right: String,
    correction: String,
}

impl Texts {
    fn make() -> Self {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
        let seed = usize::try_from(now.subsec_micros() + std::process::id()).unwrap();
        let pick = |among: &[&str], turn: usize| among[(seed >> turn) % among.len()].to_owned();
        let who = pick(&["Mara", "Tomas", "Ines", "Kofi"], 0);
        let table = pick(&["orders", "visits", "invoices", "parcels"], 2);
        let role = pick(&["everyone", "all-engineers", "public-read"], 4);
        let number = 100 + seed % 900;
        let question = format!("why does the report {number} show no rows of `{table}`");
        Self {
            asked: format!("Analyse this question for me: {question}?"),
            claim: format!("{who} will be glad of a quick answer in the forum."),
            wrong: format!(
                "# Re: {question}\n\nGrant `{role}` the right to read `{table}`. Then it works.\n"
            ),
            right: format!(
                "# Re: {question}\n\nThe report {number} reads a copy of `{table}` that is filled at night.\n\
                 Wait for tomorrow's run. Do not widen who may read `{table}`.\n"
            ),
            correction: format!(
                "That would open {table} to {role}. Say where the report reads from instead."
            ),
            who,
        }
    }
}

/// A folder that everyone can read over HTTP.
struct Forum {
    folder: PathBuf,
    address: String,
}

impl Forum {
    fn open(desktop: &Desktop) -> Self {
        let folder = desktop.folder("forum").canonicalize().unwrap();
        let server = tiny_http::Server::http("127.0.0.1:0").unwrap();
        let address = format!("http://{}", server.server_addr().to_ip().unwrap());
        let root = folder.clone();
        thread::spawn(move || {
            for request in server.incoming_requests() {
                let name = request.url().trim_start_matches('/').to_owned();
                let known = Path::new(&name).components().count() == 1;
                let _ = match fs::read(root.join(&name)).ok().filter(|_| known) {
                    Some(page) => request.respond(tiny_http::Response::from_data(page)),
                    None => request.respond(tiny_http::Response::empty(404)),
                };
            }
        });
        Self { folder, address }
    }

    fn fetch(&self, name: &str) -> Option<Vec<u8>> {
        match ureq::get(format!("{}/{name}", self.address)).call() {
            Ok(mut page) => Some(page.body_mut().read_to_vec().unwrap()),
            Err(ureq::Error::StatusCode(404)) => None,
            Err(error) => panic!("the forum does not answer: {error}"),
        }
    }

    fn must_not_have(&self, name: &str) {
        assert_eq!(self.fetch(name), None, "{name} is public");
    }
}

/// Tells the gate of the forum and of the agent, and starts it again from the window; gives the agent's token.
fn let_the_gate_post(desktop: &Desktop, forum: &Forum, person: &Person) -> String {
    gate::wait(desktop);
    let made = gate::output(desktop, &["token", "add", AGENT, "--json"]);
    let made = strict::parse(&made.stdout).unwrap();
    let file = desktop.home().join(".local/share/countersign/gates/home/gate.json");
    let mut config = strict::parse(&fs::read(&file).unwrap()).unwrap();
    config["places"] = json!([{
        "name": FORUM, "folder": forum.folder, "readers": { "kind": "everyone" },
        "format": "markdown", "environment": "production",
    }]);
    fs::write(&file, config.to_string()).unwrap();
    gate::stop(desktop);
    person.window.part("gate-start").wait_enabled().click();
    gate::wait(desktop);
    until_so("the window sees the gate", || !person.window.has("gate-start"));
    made["token"].as_str().unwrap().to_owned()
}

/// What the agent would publish.
struct Attempt<'a> {
    name: &'a str,
    body: &'a str,
    because: &'a str,
}

/// What the agent hears in the end.
struct Told {
    status: Option<i32>,
    text: String,
}

/// The agent: asked to analyse, it publishes.
fn attempt(desktop: &Desktop, token: &str, texts: &Texts, attempt: &Attempt<'_>) -> thread::JoinHandle<Told> {
    let request: Value = json!({
        "want": { "post": { "place": FORUM, "name": attempt.name, "body": attempt.body } },
        "calls_itself": AGENT, "session": "question", "rationale": attempt.because,
        "asked": { "by": texts.who, "text": texts.asked, "origin": "caller" },
    });
    let file = desktop.path(&format!("{}.json", attempt.name));
    fs::write(&file, request.to_string()).unwrap();
    let mut propose = gate::countersign(desktop, &["propose", "--no-wait", "--json"]);
    let proposed = propose.arg(&file).env("COUNTERSIGN_TOKEN", token).output().unwrap();
    let proposed = strict::parse(&proposed.stdout).unwrap();
    let mut wait = gate::countersign(desktop, &["wait", proposed["id"].as_str().unwrap()]);
    wait.env("COUNTERSIGN_TOKEN", token);
    thread::spawn(move || {
        let output = wait.output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        Told { status: output.status.code(), text: String::from_utf8_lossy(&text).into_owned() }
    })
}
