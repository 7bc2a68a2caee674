//! Every act, every optional field, and spellings that are refused though a lax reader takes them.

use countersign_core::action::{
    Access, Act, Action, Assurance, Attachment, Audience, Call, Change, Environment, Executable, Fact,
    Format, Grant, Object, Post, Precondition, Principal, PrincipalKind, Reach, Remove, Reversibility, Run,
    Script, Variable,
};
use countersign_core::batch::{Batch, Program, Service, Terms, Tool};
use countersign_core::content::{Content, Listing};
use countersign_core::decision::{Acknowledged, Decision, Verdict};
use countersign_core::digest::Digest;
use countersign_core::ostext::OsText;
use countersign_core::proposal::{Agent, Asked, Authenticated, Effect, Need, Origin, Proposal, Requirement};
use countersign_core::receipt::{Outcome, Receipt};
use countersign_core::refusal::Code;

use crate::common::{MADE, NOW, decision, epoch, gate, label, proposal, run_action};

fn text(media_type: &str, text: &str) -> Content {
    Content::inline(media_type, text.as_bytes().to_vec())
}

fn action(target: &str, reversibility: Reversibility, facts: Vec<Fact>, act: Act) -> Action {
    let held = |fact| Precondition { assurance: Assurance::Held, fact };
    let preconditions = facts.into_iter().map(held).collect();
    Action { target: target.into(), environment: label("this machine"), reversibility, preconditions, act }
}

fn run() -> Action {
    let shell = Executable { path: "/bin/sh".into(), sha256: Digest::of(b"sh") };
    let run = Run {
        argv: vec!["/home/mara/publish".into(), "--dry".into()],
        executable: shell,
        cwd: "/home/mara".into(),
        environment: Environment::Complete(vec![Variable { name: "PATH".into(), value: "/usr/bin".into() }]),
        stdin: Some(Content::inline("application/octet-stream", vec![0, 0xff])),
        script: Some(Script {
            path: "/home/mara/publish".into(),
            interpreter_argument: Some("-e".into()),
            content: text("text/x-shellscript", "#!/bin/sh -e\nls\n"),
        }),
        user: label("mara"),
        host: label("desk"),
    };
    action("/home/mara/publish", Reversibility::Unknown, vec![], Act::Run(run))
}

fn post() -> Action {
    let known = Audience::Known { count: 40, guests: Some(2), external: Some(1), bots: Some(3) };
    let post = Post {
        place: label("#questions"),
        name: Some(label("answer")),
        thread: Some(label("t-7")),
        in_reply_to: Some(label("m-9")),
        reach: Reach { before: known, after: Audience::Everyone },
        format: Format::Plain,
        body: text("text/plain", "Ask the owner of the data.\n"),
        attachments: vec![Attachment {
            name: label("log.txt"),
            content: Content::blob("text/plain", b"log"),
        }],
    };
    action("#questions", Reversibility::Effort, vec![], Act::Post(post))
}

fn changes() -> Vec<Action> {
    let path = || OsText::from("/home/mara/notes.md");
    let before = text("text/markdown", "# Notes\n");
    let change = |before, after, mode_before, mode_after| {
        Act::Change(Change { resource: path(), before, after, mode_before, mode_after })
    };
    let is = Fact::File { path: path(), sha256: *before.sha256(), mode: Some(0o644) };
    let gone = Fact::Absent { path: path() };
    let mode = Fact::Mode { path: "/home/mara".into(), mode: 0o755 };
    let after = text("text/markdown", "# Notes\nMore.\n");
    let edit = change(Some(before.clone()), Some(after.clone()), Some(0o644), Some(0o600));
    vec![
        action("notes.md", Reversibility::Reversible, vec![is, mode], edit),
        action("notes.md", Reversibility::Reversible, vec![gone], change(None, Some(after), None, None)),
        action("notes.md", Reversibility::Irreversible, vec![], change(Some(before), None, None, None)),
    ]
}

fn others() -> Vec<Action> {
    let object = Object {
        id: "mail/17".into(),
        known_by: vec![(label("from"), "tomas".into()), (label("subject"), vec![0xfe].into())],
        sha256: Some(Digest::of(b"mail")),
        size: Some(4),
    };
    let few = Remove { what: label("mail"), kept: true, objects: Listing::Inline(vec![object]) };
    let listed = Content::blob("application/json", br#"[{"id":"mail/1"},{"id":"mail/2"}]"#);
    let many =
        Remove { what: label("mail"), kept: false, objects: Listing::Blob { count: 2, content: listed } };
    let grant = |kind, name, external| Grant {
        principal: Principal { kind, name: label(name), external },
        right: label("read"),
    };
    let access = Access {
        resource: "shared/plan".into(),
        before: Listing::Inline(vec![grant(PrincipalKind::Person, "mara", None)]),
        after: Listing::Inline(vec![
            grant(PrincipalKind::Group, "everyone", Some(false)),
            grant(PrincipalKind::Anyone, "link", Some(true)),
        ]),
        population: Reach { before: Audience::Unknown, after: Audience::Everyone },
    };
    let call = Call {
        server: label("tickets"),
        tool: label("close"),
        definition: Some(Digest::of(b"definition")),
        arguments: text("application/json", "{\"id\": 7.50}"),
    };
    vec![
        action("inbox", Reversibility::Effort, vec![], Act::Remove(few)),
        action("inbox", Reversibility::Irreversible, vec![], Act::Remove(many)),
        action("shared/plan", Reversibility::Reversible, vec![], Act::Access(access)),
        action("tickets", Reversibility::Unknown, vec![], Act::Call(call)),
    ]
}

/// All six acts and every field that may be left out.
pub(crate) fn every_act() -> Proposal {
    let mut actions = vec![run(), post()];
    actions.extend(changes());
    actions.extend(others());
    let transcript = OsText::from(b"/home/mara/session-\xff.jsonl".as_slice());
    Proposal {
        agent: Agent {
            name: label("coder"),
            calls_itself: Some(label("Coder 3")),
            session: label("s-2"),
            model: Some(label("model-1")),
            authenticated: Authenticated::Uid(1000),
        },
        not_before: MADE.plus(60),
        asked: Some(Asked {
            by: Some(label("mara")),
            text: text("text/plain", "What does this question need?"),
            at: Some(MADE),
            origin: Origin::Transcript(transcript),
        }),
        rationale: Some(text("text/plain", "It was asked.")),
        actions: actions.into(),
        supersedes: Some(Digest::of(b"earlier")),
        requirement: Requirement {
            needs: vec![Need { role: None, count: 2 }, Need { role: Some(label("security")), count: 1 }],
        },
        acknowledge: vec![label("token:1")],
        ..proposal()
    }
}

/// Any three of four argument lists of one program, one of them twice, for ten minutes.
pub(crate) fn batch() -> Proposal {
    let Action { target, environment, reversibility, preconditions, act } = run_action();
    let Act::Run(run) = act else { panic!("it runs a program") };
    let list = |host: OsText| vec!["rsync".into(), "-a".into(), host];
    let tool = Tool::Run(Program {
        executable: run.executable,
        cwd: run.cwd,
        environment: run.environment,
        stdin: None,
        script: None,
        user: run.user,
        host: run.host,
        arguments: ["web-02".into(), "web-03".into(), "web-02".into(), vec![0xff].into()].map(list).to_vec(),
    });
    let until = MADE.plus(600);
    let terms = Terms { target, environment, reversibility, preconditions, tool, uses: 3, until };
    Proposal { actions: Batch::new(terms).unwrap().into(), ..proposal() }
}

/// Either of two calls, once.
pub(crate) fn batch_of_calls() -> Proposal {
    let tool = Tool::Call(Service {
        server: label("tickets"),
        tool: label("close"),
        definition: Some(Digest::of(b"definition")),
        arguments: ["{\"id\": 7.50}", "{\"id\": 8}"].map(|it| text("application/json", it)).to_vec(),
    });
    let terms = Terms {
        target: "tickets".into(),
        environment: label("production"),
        reversibility: Reversibility::Unknown,
        preconditions: vec![],
        tool,
        uses: 1,
        until: MADE.plus(3600),
    };
    Proposal { actions: Batch::new(terms).unwrap().into(), ..proposal() }
}

/// What an agent would do itself, in an environment that the gate does not know.
pub(crate) fn released() -> Proposal {
    let mut it = proposal();
    it.effect = Effect::Release;
    it.agent.authenticated = Authenticated::None;
    it.asked =
        Some(Asked { by: None, text: text("text/plain", "Analyse it."), at: None, origin: Origin::Caller });
    let actions = it.actions.all_mut().unwrap();
    actions.truncate(1);
    actions[0].preconditions[0].assurance = Assurance::Checked;
    if let Act::Run(run) = &mut actions[0].act {
        run.environment = Environment::Unbound;
    }
    it
}

/// A decision with every field.
pub(crate) fn whole_decision() -> Decision {
    Decision {
        comment: Some("Fine, but tell the owner.".to_owned()),
        acknowledged: vec![
            Acknowledged { id: label("token:1"), reason: Some("a test token".to_owned()) },
            Acknowledged { id: label("reach:2"), reason: None },
        ],
        not_shown: Some(12),
        sequence: 2,
        together: vec![Digest::of(b"another")],
        ..decision(&proposal(), Verdict::Approve)
    }
}

/// A receipt with every outcome.
pub(crate) fn whole_receipt() -> Receipt {
    let output = || vec![(label("stdout"), text("text/plain", "3 files\n"))];
    let done = |exit, results| Outcome::Done { started: NOW, finished: NOW.plus(2), exit, results };
    Receipt {
        gate: gate("home"),
        epoch: epoch(7),
        seq: 3,
        id: proposal().id,
        decisions: vec![Digest::of(b"decision")],
        amendment: Some(Digest::of(b"amendment")),
        used: None,
        burned: Some(NOW),
        at: NOW.plus(3),
        outcomes: vec![
            done(Some(0), output()),
            done(None, vec![]),
            Outcome::Failed {
                started: NOW,
                finished: NOW.plus(1),
                why: "it ended with a signal".to_owned(),
                exit: Some(-15),
                results: output(),
            },
            Outcome::Refused { code: Code::Precondition, why: "the file changed".to_owned() },
            Outcome::Released { at: NOW },
            Outcome::Unknown { started: NOW },
            Outcome::NotAttempted {},
        ],
    }
}

/// Name, what it says, text to find in the payload of [`every_act`], text instead.
pub(crate) const REFUSED: &[(&str, &str, &str, &str)] = &[
    (
        "agent-as-list",
        "a list where an object is expected",
        r#"{"name":"coder","calls_itself":"Coder 3","session":"s-2","model":"model-1","authenticated":{"uid":1000}}"#,
        r#"["coder","Coder 3","s-2","model-1",{"uid":1000}]"#,
    ),
    ("b64-as-list", "b64 as a list", r#"{"b64":"/g=="}"#, r#"["/g=="]"#),
    ("variant-by-number", "a variant by its number", r#"{"kind":"everyone"}"#, r#"{"kind":1}"#),
    (
        "variant-unknown-field",
        "an unknown field beside a variant without fields",
        r#"{"kind":"everyone"}"#,
        r#"{"kind":"everyone","count":1}"#,
    ),
    ("listing-unknown-field", "an unknown field in a listing", r#"{"count":2,"#, r#"{"count":2,"order":1,"#),
    (
        "empty-list",
        "an empty list that should be left out",
        r#""acknowledge":["token:1"]"#,
        r#""acknowledge":[]"#,
    ),
    ("null-field", "null where a field should be left out", r#""model":"model-1""#, r#""model":null"#),
    (
        "no-needs",
        "a requirement of nobody",
        r#""needs":[{"count":2},{"role":"security","count":1}]"#,
        r#""needs":[]"#,
    ),
    ("need-of-none", "a need of no people", r#"{"count":2}"#, r#"{"count":0}"#),
    ("count-256", "a count beyond 255", r#"{"count":2}"#, r#"{"count":256}"#),
    ("name-empty", "a name without a character", r#""name":"coder""#, r#""name":"""#),
    ("gate-upper-case", "a gate's name in upper case", r#""gate":"home""#, r#""gate":"Home""#),
    ("time-after-9999", "a time after the year 9999", r#""at":1790000000"#, r#""at":253402300800"#),
    ("time-negative", "a time before 1970", r#""at":1790000000"#, r#""at":-1"#),
    ("mode-10000", "a mode of more than the permission bits", r#""mode_after":384"#, r#""mode_after":4096"#),
    (
        "content-both",
        "a content that is inline and beside",
        r#""inline":"It was asked.""#,
        r#""inline":"It was asked.","blob":true"#,
    ),
    ("content-neither", "a content that is nowhere", r#","inline":"It was asked.""#, ""),
    ("content-blob-false", "a content that is not beside", r#""inline":"It was asked.""#, r#""blob":false"#),
    (
        "content-encoding",
        "bytes of another encoding than stated",
        r#""encoding":"binary","size":2"#,
        r#""encoding":"utf-8","size":2"#,
    ),
    ("content-size", "bytes of another size than stated", r#""size":13"#, r#""size":14"#),
    ("content-huge", "a content of more than 64 MiB", r#""size":3"#, r#""size":67108865"#),
    ("contents-huge", "contents of more than 64 MiB together", r#""size":3"#, r#""size":67108864"#),
    (
        "media-type-space",
        "a media type with a space",
        r#""media_type":"text/x-shellscript""#,
        r#""media_type":"text/x shellscript""#,
    ),
    ("uid-as-text", "a number as text", r#"{"uid":1000}"#, r#"{"uid":"1000"}"#),
    ("uid-beyond-32-bits", "a user id of 33 bits", r#"{"uid":1000}"#, r#"{"uid":4294967296}"#),
    ("known-by-three", "a pair of three", r#"["from","tomas"]"#, r#"["from","tomas","x"]"#),
    (
        "access-before-missing",
        "access without what was before",
        r#""before":{"inline":[{"principal":{"kind":"person","name":"mara"},"right":"read"}]},"#,
        "",
    ),
    (
        "two-environments",
        "a union with two members",
        r#""environment":{"complete""#,
        r#""environment":{"unbound":true,"complete""#,
    ),
];

/// Name, what it says, text to find in the payload of [`batch`], text instead.
pub(crate) const REFUSED_OF_A_BATCH: &[(&str, &str, &str, &str)] = &[
    ("batch-and-actions", "a batch and actions", r#""batch":"#, r#""actions":[],"batch":"#),
    ("batch-twice", "a batch in two spellings of its key", r#""batch":"#, r#""\u0062atch":{},"batch":"#),
    ("batch-use-0", "a batch that is never used", r#""uses":3"#, r#""uses":0"#),
    ("batch-use-5-of-4", "more uses than entries", r#""uses":3"#, r#""uses":5"#),
    ("batch-use-missing", "a batch without a bound", r#""uses":3,"#, ""),
    ("batch-until-missing", "a batch without an end", r#","until":1790000600"#, ""),
    (
        "batch-until-late",
        "a batch that outlives its proposal",
        r#""until":1790000600"#,
        r#""until":1790003601"#,
    ),
    ("batch-until-early", "a batch that ends as it begins", r#""until":1790000600"#, r#""until":1790000000"#),
    ("batch-no-argv", "an entry without a name", r#"["rsync","-a","web-03"]"#, "[]"),
    ("batch-argv-as-text", "an entry that is no list", r#"["rsync","-a","web-03"]"#, r#""rsync -a web-03""#),
    ("batch-entry-as-content", "an entry of another tool", r#"["rsync","-a","web-03"]"#, "{}"),
    (
        "batch-argv-shared",
        "one argument list for all besides the list",
        r#""cwd""#,
        r#""argv":["rsync"],"cwd""#,
    ),
    ("batch-unknown-field", "an unknown field in a batch", r#""uses":3"#, r#""uses":3,"each":1"#),
    ("batch-of-posts", "a tool that is none", r#""tool":{"kind":"run""#, r#""tool":{"kind":"post""#),
    (
        "batch-unbound",
        "an unbound environment in a batch",
        r#"{"complete":[{"name":"LANG","value":"C.UTF-8"}]}"#,
        r#""unbound""#,
    ),
];
