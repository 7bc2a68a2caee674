//! One sheet of each kind, as text.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use common::*;
use countersign_core::action::{
    Access, Act, Assurance, Attachment, Audience, Call, Environment, Fact, Format, Object, Post,
    Precondition, PrincipalKind, Reach, Reversibility, Script,
};
use countersign_core::content::Listing;
use countersign_core::proposal::{Authenticated, Effect, Origin, Proposal};
use countersign_sheet::{Compared, Kind, Row, Segment};
use expect_test::{Expect, expect};

fn check(proposal: &Proposal, expected: Expect) {
    let sheet = sheet_of(proposal);
    expected.assert_eq(&sheet.to_text());
    assert_eq!(sheet.hidden(), 0);
    assert_eq!(sheet.digest(), sheet_of(proposal).digest());
}

fn post() -> Post {
    Post {
        place: label("#infra-help"),
        name: None,
        thread: Some(label("ingest cannot read")),
        in_reply_to: None,
        reach: Reach {
            before: Audience::Known { count: 1, guests: None, external: None, bots: None },
            after: Audience::Known { count: 4312, guests: Some(4), external: Some(31), bots: None },
        },
        format: Format::Markdown,
        body: text("# Re: ingest\n\nUse the token `glpat-x`.\n"),
        attachments: vec![],
    }
}

#[test]
fn a_post_that_nobody_asked_for() {
    let mut post = post();
    post.attachments =
        vec![Attachment { name: label("notes.bin"), content: text(b"\x7fELF\0\0\x01".as_slice()) }];
    let mut proposal = proposal(vec![action("#infra-help", Reversibility::Effort, Act::Post(post))]);
    proposal.asked = Some(asked("analyse this question"));
    proposal.rationale = Some(text("The user wants this solved quickly.\nSo I share it."));
    check(
        &proposal,
        expect![[r##"
            "forum-helper" (known by its token) wants to post in "#infra-help":
            4,312 people will be able to read it, 31 of them external, 4 of them guests

            Asked by "Mara Lindt" at 2026-03-01T08:50:00Z (from whoever made the request; not verified):
              > analyse this question
            Would do: Post in "#infra-help"
            GOES FURTHER THAN ASKED: asked to analyse, would publish.
            Agent's claim, not verified:
              > The user wants this solved quickly.
              > So I share it.

            Reach          3/3  1 person to 4,312 people (31 external, 4 guests)
            Volume         1/3  1 post, 3 lines (1 attachment)
            Reversibility  2/3  With effort (undoing it takes work)
            Environment    2/3  "this machine"

            Findings:
              1. warning: It is an ELF program, sent as something else (in the facts of document 2). A program that goes by the first bytes takes it for something else than one that goes by the name.
              2. note: Bytes, not text (in the facts of document 2). What they mean to the program that reads them is not known here. They are shown as numbers.

            == 1. What would be posted [39 bytes; UTF-8; LF; final newline; read as Markdown; in the thread "ingest cannot read"]
                        1 + # Re: ingest
                        2 +
                        3 + Use the token `glpat-x`.

            == 1. Attachment "notes.bin" [an ELF program, by the first bytes; bytes, not text; sent as "text/plain"]
            -- After: 7 bytes, SHA-256 c75060c2c87871f55920abbe4f5af3ffc1d88a63ab3d1ff16cfc5dcc990a6946
                          + 00000000  "7f 45 4c 46 00 00 01"                             ".ELF..."
        "##]],
    );
    assert_eq!(
        sheet_of(&proposal).compared,
        Compared::Further { why: "asked to analyse, would publish".to_owned() }
    );
}

#[test]
fn a_change_with_words_and_line_ends() {
    let before = b"upstream:\n  auth: required\n  timeout: 30s\na\nb\nc\nd\ne\nf\ng\nh\n";
    let after = b"upstream:\r\n  auth: optional \n  timeout: 30s\na\nb\nc\nd\ne\nf\ng\nh";
    let mut it = change("/etc/gateway.yaml", Some(before), Some(after));
    it.preconditions = vec![
        Precondition {
            assurance: Assurance::Held,
            fact: Fact::File { path: "/etc/gateway.yaml".into(), sha256: digest("x"), mode: Some(0o644) },
        },
        Precondition { assurance: Assurance::Checked, fact: Fact::Absent { path: "/etc/lock".into() } },
    ];
    if let Act::Change(change) = &mut it.act {
        change.mode_after = Some(0o4755);
    }
    check(
        &proposal(vec![it]),
        expect![[r#"
            "forum-helper" (known by its token) wants to change "/etc/gateway.yaml":
            3 lines added, 3 removed, mode 0644 to 4755; it can be undone

            Asked: nothing. Nobody asked for this.
            Would do: Change "/etc/gateway.yaml"

            Reach          2/3  Users of the machine (mode 4755)
            Volume         1/3  1 file, 6 lines (3 added, 3 removed)
            Reversibility  1/3  Reversible (one step takes it back)
            Environment    2/3  "this machine"

            Findings:
              1. BLOCKING: It would run with another's rights (in the facts of document 1). Whoever runs it gets the rights of its owner or group.
              2. warning: Lines would end otherwise (in the facts of document 1). Programs that read lines can take each of them for another one, though no letter of it changed.
              3. note: The final newline would be lost (in the facts of document 1). Some programs do not read a last line that has no end.
              4. note: 1 change is of white space alone (in the facts of document 1). In some languages, such as Python, YAML and makefiles, that changes what a text means.
              5. note: Mixed line ends: 9 LF, 1 CRLF (document 1, line 1). Tools may see changed lines where nobody changed any.

            == 1. "/etc/gateway.yaml" [mode 0644 to 4755; 58 bytes to 59 bytes; UTF-8; LF to mixed line ends (9 LF, 1 CRLF); final newline to no final newline; 1 change is of white space alone; no table: what is there cannot be read as YAML (line 5)]
                 1        - upstream:\<LF>
                 2        -   auth: required\<LF>
                        1 + upstream:\<CRLF>
                        2 +   auth: optional\<SP>\<LF>
                 3      3     timeout: 30s\<LF>
                 4      4   a\<LF>
                 5      5   b\<LF>
                 6      6   c\<LF>
                 7      7   d\<LF>
                 8      8   e\<LF>
                 9      9   f\<LF>
                10     10   g\<LF>
                11        - h\<LF>
                       11 + h\<no newline>
            -- Must still hold when it happens: else nothing happens
               a file at                /etc/gateway.yaml
               held until then          SHA-256 2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881, mode 0644
               nothing at               /etc/lock
               read just before         that nothing is there
        "#]],
    );
}

#[test]
fn files_that_come_and_go() {
    let both = vec![
        change("/srv/new.txt", None, Some(b"one\ntwo")),
        change("/srv/old.txt", Some(b"gone\n"), None),
        change("/srv/empty", None, Some(b"")),
        change("/srv/same", Some(b"same\n"), Some(b"same\n")),
    ];
    let mut proposal = proposal(both);
    proposal.asked = Some(asked("Please look at /srv. Which files are old?"));
    check(
        &proposal,
        expect![[r#"
            "forum-helper" (known by its token) wants to create "/srv/new.txt"; delete "/srv/old.txt"; create "/srv/empty"; and 1 more:
            4 actions, in this order; each: it can be undone

            Asked by "Mara Lindt" at 2026-03-01T08:50:00Z (from whoever made the request; not verified):
              > Please look at /srv. Which files are old?
            Would do: Create "/srv/new.txt"; delete "/srv/old.txt"; create "/srv/empty"; and 1 more
            GOES FURTHER THAN ASKED: asked to look, would create a file.

            Reach          2/3  Users of the machine (mode 0644)
            Volume         2/3  4 actions
            Reversibility  1/3  Reversible (one step takes it back)
            Environment    2/3  "this machine"

            == 1. "/srv/new.txt" [new; mode 0644; 7 bytes; UTF-8; LF; no final newline]
                        1 + one
                        2 + two\<no newline>

            == 2. "/srv/old.txt" [deleted; mode 0644; 5 bytes; UTF-8; LF; final newline]
                 1        - gone

            == 3. "/srv/empty" [new; mode 0644; 0 bytes; UTF-8; no line ends; empty]
              * It is empty: 0 bytes.

            == 4. "/srv/same" [mode 0644; 5 bytes; UTF-8; LF; final newline]
              * No byte of the content would change.
                 1      1   same
        "#]],
    );
}

#[test]
fn a_run_with_a_script() {
    let argv = ["backup", "-a", "", "a b ", "--to=nas:/mara"].map(Into::into).to_vec();
    let mut it = run(argv);
    if let Act::Run(run) = &mut it.act {
        run.script = Some(Script {
            path: "/home/mara/bin/backup".into(),
            interpreter_argument: Some("-eu".into()),
            content: text("#!/bin/sh -eu\nrsync \"$@\"\n"),
        });
        run.stdin = Some(text("yes\n"));
    }
    let mut proposal = proposal(vec![it]);
    proposal.asked = Some(asked("back up my files"));
    check(
        &proposal,
        expect![[r#"
            "forum-helper" (known by its token) wants to run "/home/mara/bin/backup" with 4 arguments:
            on "laptop", as user "mara"; nothing can undo it

            Asked by "Mara Lindt" at 2026-03-01T08:50:00Z (from whoever made the request; not verified):
              > back up my files
            Would do: Run "/home/mara/bin/backup" with 4 arguments
            Asked and would do: not compared.

            Reach          3/3  Not known (a program can send what it reads)
            Volume         2/3  1 program (4 arguments; what it changes is not known)
            Reversibility  3/3  Irreversible (nothing can undo it)
            Environment    2/3  "this machine"

            == 1. What would run
            -- Program
               interpreter              /usr/bin/rsync
               SHA-256                  8ff8d40e4a4c726df40795e3134432ac66f7d055d54639c1026e341b6d2bd6e7
               script                   /home/mara/bin/backup
               interpreter argument     -eu
               script SHA-256           79c77f8dd0281eaaff3fbeabd4972f7b83d9d0ca3b9468a6422f3db02128adda; it runs from a copy
               ...                       of these bytes, below
            -- As a shell would take it: quoted so that it gives exactly the arguments below
               line                     backup -a '' 'a b ' '--to=nas:/mara'
            -- Arguments: 4 arguments; number 0 is the name that the program sees
                    0  backup
                    1  -a
                    2  \<empty>
                    3  a b\<SP>
                    4  --to=nas:/mara
            -- Where
               working directory        /home/mara
               user                     mara
               host                     laptop
            -- Environment: 1 variable, and no others
               "LANG"                   C.UTF-8
            -- Standard input: a document of its own, below
              ! Other files that this program reads are not bound by your signature.

            == 1. Script "/home/mara/bin/backup" [25 bytes; UTF-8; LF; final newline]
                        1 + #!/bin/sh -eu
                        2 + rsync "$@"

            == 1. Standard input [4 bytes; UTF-8; LF; final newline]
                        1 + yes
        "#]],
    );
}

#[test]
fn a_released_run_has_an_environment_that_is_not_known() {
    let mut it = run(vec!["bash".into(), "-c".into(), "cat <<E\nhi\nE".into()]);
    if let Act::Run(run) = &mut it.act {
        run.environment = Environment::Unbound;
    }
    let mut proposal = proposal(vec![it]);
    proposal.effect = Effect::Release;
    proposal.agent.calls_itself = Some(label("Claude Code"));
    proposal.agent.authenticated = Authenticated::Uid(1000);
    proposal.asked = Some(asked("analyse the log"));
    if let Some(asked) = &mut proposal.asked {
        asked.origin = Origin::Transcript("/home/mara/t.jsonl".into());
    }
    check(
        &proposal,
        expect![[r#"
            a program of "forum-helper" (known by its user id only) wants to run "/usr/bin/rsync" with 2 arguments:
            on "laptop", as user "mara"; nothing can undo it
            If you approve, a program of "forum-helper" does it itself; the gate does not see what comes of it.
            It calls itself "Claude Code" (not verified).

            Asked by "Mara Lindt" at 2026-03-01T08:50:00Z (from the agent's own record "/home/mara/t.jsonl"; not verified):
              > analyse the log
            Would do: Run "/usr/bin/rsync" with 2 arguments
            Asked and would do: not compared.

            Reach          3/3  Not known (a program can send what it reads)
            Volume         2/3  1 program (2 arguments; what it changes is not known)
            Reversibility  3/3  Irreversible (nothing can undo it)
            Environment    3/3  Not known (the agent says: "this machine")

            == 1. What would run
            -- Program
               program                  /usr/bin/rsync
               SHA-256                  8ff8d40e4a4c726df40795e3134432ac66f7d055d54639c1026e341b6d2bd6e7
            -- As a shell would take it: quoted so that it gives exactly the arguments below
               line                     bash -c 'cat <<E\<LF>
               ...                      hi\<LF>
               ...                      E'
            -- Arguments: 2 arguments; number 0 is the name that the program sees
                    0  bash
                    1  -c
                    2  cat <<E\<LF>
                  ...  hi\<LF>
                  ...  E
            -- Argument 2 is a command line: for this shell
               command                  cat <<E
                 redirect               "<<E"  a here-document, below
               separator                new line: then
               here-document            variables and substitutions in it are filled in: "hi\<LF>"
            -- Where
               working directory        /home/mara
               user                     mara
               host                     laptop
            -- Environment: not known
             !! The environment is the agent's own. It is not shown and not bound by your signature.
            -- Standard input: empty
              ! The agent starts it itself: your signature binds neither the program nor other files
            ...  that it reads, and who runs it and where is the agent's word.
              ! Nor are the programs that its command lines start: which they are is settled when they
            ...  run.
        "#]],
    );
}

#[test]
fn an_access_change_puts_anyone_first_and_folds_what_stays() {
    use PrincipalKind::{Anyone, Group, Person};
    let before = vec![
        grant(Person, "Ines Falk", Some(false), "Editor"),
        grant(Person, "Mara Lindt", Some(false), "Owner"),
        grant(Group, "finance", None, "Viewer"),
    ];
    let after = vec![
        grant(Person, "Mara Lindt", Some(false), "Owner"),
        grant(Group, "finance", None, "Editor"),
        grant(Person, "j.ortega@northwind.example", Some(true), "Editor"),
        grant(Anyone, "whoever has the link", None, "Viewer"),
    ];
    let access = Access {
        resource: "Payroll 2026".into(),
        before: Listing::Inline(before),
        after: Listing::Inline(after),
        population: Reach {
            before: Audience::Known { count: 14, guests: None, external: Some(0), bots: None },
            after: Audience::Everyone,
        },
    };
    let it = proposal(vec![action("Payroll 2026", Reversibility::Effort, Act::Access(access))]);
    check(
        &it,
        expect![[r#"
            "forum-helper" (known by its token) wants to change who can use "Payroll 2026":
            from 14 people to anyone, 1 new right for outsiders

            Asked: nothing. Nobody asked for this.
            Would do: Change who can use "Payroll 2026"

            Reach          3/3  14 people to anyone
            Volume         3/3  4 rights (3 gained, 1 lost)
            Reversibility  2/3  With effort (undoing it takes work)
            Environment    2/3  "this machine"

            == 1. "Payroll 2026" [now 14 people, then anyone]
            -- Gained: 3 rights, anyone and external first
              ! "whoever has the link": everyone could read it
              ! A group gains, and with it everyone in it. Who that is, is not known here.
             + anyone   "whoever has the link" [anyone]: none -> "Viewer"
             + person   "j.ortega@northwind.example" [external]: none -> "Editor"
             + group    "finance": "Viewer" -> "Editor"
            -- Lost: 1 right
             - person   "Ines Falk": "Editor" -> none
            -- Unchanged: 1 right
               person   "Mara Lindt": "Owner" -> "Owner"
        "#]],
    );
    let document = &sheet_of(&it).documents[0];
    assert_eq!(document.folds.len(), 1);
    assert_eq!(document.rows[document.folds[0].clone()].len(), 1);
}

#[test]
fn a_removal_lists_everything() {
    let mail = |id: &str, from: &str, subject: &str| Object {
        id: id.into(),
        known_by: vec![(label("From"), from.into()), (label("Subject"), subject.into())],
        sha256: Some(digest(id)),
        size: Some(2048),
    };
    let objects = vec![
        mail(
            "m1",
            "Ethics board",
            "Decision on protocol 44-B, please confirm before the meeting on Thursday",
        ),
        mail("m2", "Hana Sato", "Raw traces | \"run 118\""),
    ];
    let (mut it, _) = removal(objects);
    it.target = "Inbox".into();
    if let Act::Remove(remove) = &mut it.act {
        remove.what = label("mail");
    }
    check(
        &proposal(vec![it]),
        expect![[r#"
            "forum-helper" (known by its token) wants to remove 2 mails:
            no copy is kept; nothing can undo it

            Asked: nothing. Nobody asked for this.
            Would do: Remove 2 mails

            Reach          1/3  Nobody new (removing shows nothing to anyone)
            Volume         1/3  2 mails (no copy is kept)
            Reversibility  3/3  Irreversible (nothing can undo it)
            Environment    2/3  "this machine"

            == 1. What would be removed [2 mails, all of them listed; no copy is kept; target "Inbox"]
               "From" | "Subject" | id
               - "Ethics board" | "Decision on protocol 44-B," | "m1", 2,048 bytes
             ...  | " please confirm before the" | 
             ...  | " meeting on Thursday" | 
             ... SHA-256 ca0df2c95aa144c1d0ff2ff3c8f967fdc1de9ef0c4120b3726416701b519d619
               - "Hana Sato" | "Raw traces | \"run 118\"" | "m2", 2,048 bytes
             ... SHA-256 29c1b289e7522195b362e44f54e05470b69ad20540ab60a18a05e5bf6951f13d
        "#]],
    );
}

/// The first column of each row, and where they lie when that is said above them.
fn named(ids: &[&str]) -> (Vec<String>, Option<String>) {
    let object = |id: &&str| Object {
        id: (*id).into(),
        known_by: vec![(label("modified"), "yesterday".into())],
        sha256: None,
        size: None,
    };
    let (it, _) = removal(ids.iter().map(object).collect());
    let document = sheet_of(&proposal(vec![it])).documents.remove(0);
    let text = |segments: &[Segment]| countersign_sheet::plain(segments);
    let rows = document.rows.iter().filter_map(|row| match row {
        Row::Object { columns, .. } => Some(text(&columns[0])),
        _ => None,
    });
    let folder = document.subtitle.iter().map(|it| text(it)).find(|it| it.starts_with("in "));
    (rows.collect(), folder)
}

#[test]
fn a_file_is_listed_by_its_name_below_the_folder_that_all_share() {
    let (rows, folder) = named(&["/home/mara/notes/a.txt", "/home/mara/notes/old/b.txt"]);
    assert_eq!(
        (rows, folder.as_deref()),
        (vec!["a.txt".into(), "old/b.txt".into()], Some(r#"in "/home/mara/notes/""#))
    );
    let (rows, folder) = named(&["/home/mara/note", "/home/mara/notes"]);
    assert_eq!((rows, folder.as_deref()), (vec!["note".into(), "notes".into()], Some(r#"in "/home/mara/""#)));
    let (rows, folder) = named(&["/home/a", "/srv/b"]);
    assert_eq!((rows, folder), (vec!["/home/a".into(), "/srv/b".into()], None));
    let (rows, folder) = named(&["/home/a", "m2"]);
    assert_eq!((rows, folder), (vec!["yesterday".to_owned(), "yesterday".to_owned()], None));
}

#[test]
fn a_call_is_not_understood() {
    let call = Call {
        server: label("tickets"),
        tool: label("close_all"),
        definition: None,
        arguments: text(r#"{"project":"A","really":true}"#),
    };
    let it = proposal(vec![action("tickets", Reversibility::Unknown, Act::Call(call))]);
    check(
        &it,
        expect![[r#"
            "forum-helper" (known by its token) wants to call "close_all" of "tickets":
            what that does is not understood here; whether it can be undone is not known

            Asked: nothing. Nobody asked for this.
            Would do: Call "close_all" of "tickets"

            Reach          3/3  Not known (the call is not understood)
            Volume         3/3  Not known (1 call)
            Reversibility  3/3  Not known (treated as irreversible)
            Environment    2/3  "this machine"

            == 1. What the arguments mean [read as JSON; 2 added]
              + "project": "\"A\""
              + "really": "true"

            == 1. What would be called [29 bytes; UTF-8; no line ends; no final newline; target "tickets"]
             !! Not understood: nothing here knows what this call does. These are its exact arguments.
               server                   tickets
               tool                     close_all
               tool definition          the server gave none
            -- Arguments: 29 bytes
                        1 + {"project":"A","really":true}\<no newline>
        "#]],
    );
    assert_eq!(sheet_of(&it).kind, Kind::Call);
}

#[test]
fn a_change_of_the_mode_alone_says_so() {
    let mut it = change("/usr/local/bin/x", Some(b"same\n"), Some(b"same\n"));
    let first = |it: &_| plain_lines(&sheet_of(&proposal(vec![Clone::clone(it)])));
    expect![[r#"
        Plain wants to rewrite, without a change, "/usr/local/bin/x":
        Plain no byte of its content would change
        Plain ; 
        Plain it can be undone"#]]
    .assert_eq(&first(&it));
    if let Act::Change(change) = &mut it.act {
        change.mode_after = Some(0o666);
    }
    expect![[r#"
        Plain wants to change the mode of "/usr/local/bin/x":
        Plain no byte of its content would change
        Plain , 
        Red mode 0644 to 0666
        Plain ; 
        Plain it can be undone"#]]
    .assert_eq(&first(&it));
    it.reversibility = Reversibility::Irreversible;
    assert!(first(&it).ends_with("Plain nothing can undo it"), "one phrase is red");
    if let Act::Change(change) = &mut it.act {
        change.mode_after = Some(0o755);
    }
    assert!(first(&it).contains("Plain mode 0644 to 0755"), "nothing is amber beside red");
}

fn plain_lines(sheet: &countersign_sheet::Sheet) -> String {
    let lines = sheet.headline.lines.iter().map(|line| {
        line.iter().map(|span| format!("{:?} {}", span.tone, countersign_sheet::plain(&span.segments)))
    });
    lines.flatten().collect::<Vec<_>>().join("\n")
}

#[test]
fn lines_that_only_changed_their_place_say_where_they_went() {
    let sides = (
        b"fn a() {\n    one();\n    two();\n}\nb();\nc();\nd();\n",
        b"b();\nc();\nd();\nfn a() {\n    one();\n    two();\n}\nlast();\n",
    );
    let sheet = sheet_of(&proposal(vec![change("/a.rs", Some(sides.0), Some(sides.1))]));
    let text = sheet.to_text();
    expect![[r#"
        1. "/a.rs" [mode 0644; 48 bytes to 56 bytes; UTF-8; LF; final newline; 1 block moved, 3 lines]
        moved from line 5      1 + b();
        moved from line 6      2 + c();
        moved from line 7      3 + d();
             1      4   fn a() {
             2      5       one();
             3      6       two();
             4      7   }
             5 moved to line 1 - b();
             6 moved to line 2 - c();
             7 moved to line 3 - d();
                    8 + last();
    "#]]
    .assert_eq(text.split("\n== ").nth(1).unwrap());
}

/// A sheet that draws something else needs another [`countersign_sheet::VERSION`]:
/// decisions name both, and somebody may hold the one that was signed.
#[test]
fn the_digest_of_a_sheet_is_stable() {
    let it =
        proposal(vec![change("/etc/gateway.yaml", Some(b"a: 1\n"), Some(b"a: 2\n")), run(vec!["x".into()])]);
    let sheet = sheet_of(&it);
    assert_eq!(countersign_sheet::VERSION, 3);
    expect!["48f8602ab0d2400f1cb8edc9c2e3b1a963bdef0ff50b8d1769a639eb27aa4d09"]
        .assert_eq(&sheet.digest().to_string());
    let mut other = sheet.clone();
    other.documents[0].rows.pop();
    assert_ne!(other.digest(), sheet.digest());
}

#[test]
fn the_clause_needs_no_contents() {
    let (mut it, _) = removal(vec![]);
    it.target = "Inbox".into();
    if let Act::Remove(remove) = &mut it.act {
        remove.what = label("mail: none, really");
    }
    expect![[r#"Remove 0 things, each a "mail: none, really""#]]
        .assert_eq(&countersign_sheet::plain(&countersign_sheet::would(&proposal(vec![it]))));
}

#[test]
fn what_is_said_beside_a_sheet_is_cut_and_counted() {
    let (lines, more) = countersign_sheet::lines(b"one\ntwo \n\nfour", 3);
    let shown: Vec<_> = lines.iter().map(|it| countersign_sheet::plain(it)).collect();
    assert_eq!(shown, ["one", "two\\<SP>", ""]);
    assert_eq!(more, 4);
    let mut it = proposal(vec![run(vec!["x".into()])]);
    it.rationale = Some(text("really\n".repeat(2000)));
    let claim = sheet_of(&it).claim;
    assert_eq!(claim.len(), 401);
    assert_eq!(countersign_sheet::plain(&claim[400]), "11,200 bytes more, not shown");
}

#[test]
fn what_only_an_agent_says_of_what_it_does_itself_lowers_nothing() {
    let known = |count| Audience::Known { count, guests: Some(0), external: Some(0), bots: Some(0) };
    let post = Post { reach: Reach { before: known(1), after: known(3) }, ..post() };
    let mut post = action("#infra-help", Reversibility::Effort, Act::Post(post));
    post.environment = label("sandbox");
    let mut proposal = proposal(vec![post]);
    let seen = |proposal: &Proposal| {
        let text = sheet_of(proposal).to_text();
        let wanted = |line: &&str| {
            line.contains("read it") || line.starts_with("Reach") || line.starts_with("Environment")
        };
        text.lines().filter(wanted).map(|line| format!("{line}\n")).collect::<String>()
    };
    expect![[r#"
        3 people will be able to read it
        Reach          1/3  1 person to 3 people (0 external, 0 guests, 0 bots)
        Environment    1/3  "sandbox"
    "#]]
    .assert_eq(&seen(&proposal));
    proposal.effect = Effect::Release;
    expect![[r#"
        who will be able to read it is not known
        Reach          3/3  Not known (the agent says: 1 person to 3 people, 0 external, 0 guests, 0 bots)
        Environment    3/3  Not known (the agent says: "sandbox")
    "#]]
    .assert_eq(&seen(&proposal));
}
