//! A valid proposal, made of any bytes.

use arbitrary::{Result, Unstructured};
use countersign_core::action::{
    Access, Act, Action, Assurance, Attachment, Audience, Call, Change, Environment, Executable, Fact,
    Format, Grant, Object, Post, Precondition, Principal, PrincipalKind, Reach, Remove, Reversibility, Run,
    Script, Variable,
};
use countersign_core::content::{Content, Listing};
use countersign_core::digest::Digest;
use countersign_core::name::Label;
use countersign_core::ostext::OsText;
use countersign_core::proposal::{Agent, Asked, Authenticated, Effect, Origin, Proposal};
use countersign_core::time::Timestamp;

use crate::proposals;
use crate::random::PIECES;

const CREATED: u64 = 1_772_355_600;

/// What the media type and the name of a text say that it is.
const KINDS: [(&str, &str); 6] = [
    ("text/plain", ""),
    ("application/json", ".json"),
    ("application/yaml", ".yaml"),
    ("text/plain", ".toml"),
    ("text/csv", ".csv"),
    ("image/png", ".png"),
];

/// A proposal, and the bytes of contents that travel beside it.
pub(crate) struct Made<'i> {
    input: Unstructured<'i>,
    pub(crate) blobs: Vec<Vec<u8>>,
}

impl<'i> Made<'i> {
    pub(crate) fn new(input: &'i [u8]) -> Made<'i> {
        Made { input: Unstructured::new(input), blobs: Vec::new() }
    }

    pub(crate) fn proposal(&mut self) -> Result<Proposal> {
        let release = self.yes()?;
        let actions = 1 + self.input.int_in_range(0..=9)? / 8;
        let actions: Vec<_> = (0..actions).map(|_| self.action(release)).collect::<Result<_>>()?;
        let name = self.label()?;
        let agent = Agent {
            authenticated: match self.input.int_in_range(0..=2)? {
                0 => Authenticated::None,
                1 => Authenticated::Uid(1000),
                _ => Authenticated::Token(name.clone()),
            },
            name,
            calls_itself: self.maybe(Self::label)?,
            session: self.label()?,
            model: self.maybe(Self::label)?,
        };
        Ok(Proposal {
            agent,
            asked: self.maybe(Self::asked)?,
            rationale: self.maybe(|made| made.content("text/plain"))?,
            effect: if release { Effect::Release } else { Effect::Act },
            acknowledge: self.maybe(Self::label)?.into_iter().collect(),
            ..proposals::proposal(actions)
        })
    }

    fn action(&mut self, release: bool) -> Result<Action> {
        let act = match self.input.int_in_range(0..=11)? {
            0..=4 => Act::Change(self.change()?),
            5 => Act::Post(self.post()?),
            6 => Act::Remove(self.remove()?),
            7 => Act::Access(self.access()?),
            8..=10 => Act::Run(self.run(release)?),
            _ => Act::Call(Call {
                server: self.label()?,
                tool: self.label()?,
                definition: self.maybe(|_| Ok(Digest::of(b"definition")))?,
                arguments: self.content("application/json")?,
            }),
        };
        let named = match &act {
            Act::Change(change) if self.yes()? => change.resource.clone(),
            _ => self.text()?.into(),
        };
        let of = [
            Reversibility::Reversible,
            Reversibility::Effort,
            Reversibility::Irreversible,
            Reversibility::Unknown,
        ];
        Ok(Action {
            target: named,
            environment: self.label()?,
            reversibility: *self.input.choose(&of)?,
            preconditions: self.maybe(|made| made.precondition(release))?.into_iter().collect(),
            act,
        })
    }

    fn precondition(&mut self, release: bool) -> Result<Precondition> {
        let path: OsText = self.text()?.into();
        let mode = self.input.int_in_range(0..=0o7777)?;
        Ok(Precondition {
            assurance: if release || self.yes()? { Assurance::Checked } else { Assurance::Held },
            fact: match self.input.int_in_range(0..=2)? {
                0 => Fact::Absent { path },
                1 => Fact::File { path, sha256: Digest::of(b"it"), mode: Some(mode) },
                _ => Fact::Mode { path, mode },
            },
        })
    }

    fn change(&mut self) -> Result<Change> {
        let (media_type, end) = *self.input.choose(&KINDS)?;
        let resource = [b"/", self.text()?.as_slice(), end.as_bytes()].concat().into();
        let before = self.maybe(Self::document)?;
        // Most of what changes stays.
        let after = match &before {
            Some(before) if self.yes()? => Some(self.edited(before.clone())?),
            Some(_) => self.maybe(Self::document)?,
            None => Some(self.document()?),
        };
        let mut mode = |it: &Option<Vec<u8>>| {
            it.is_some().then(|| Ok([0o644, 0o755, 0o4755][self.input.int_in_range(0..=2)?])).transpose()
        };
        let (mode_before, mode_after) = (mode(&before)?, mode(&after)?);
        let mut content = |bytes: Option<Vec<u8>>| bytes.map(|it| self.kept(media_type, it)).transpose();
        let (before, after) = (content(before)?, content(after)?);
        Ok(Change { resource, before, after, mode_before, mode_after })
    }

    fn edited(&mut self, mut bytes: Vec<u8>) -> Result<Vec<u8>> {
        for _ in 0..self.input.int_in_range(0..=3)? {
            let at = self.input.int_in_range(0..=bytes.len())?;
            let end = (at + self.input.int_in_range(0..=12)?).min(bytes.len());
            let with = self.text()?;
            bytes.splice(at..end, with);
        }
        Ok(bytes)
    }

    fn post(&mut self) -> Result<Post> {
        let format = *self.input.choose(&[Format::Plain, Format::Markdown, Format::Html])?;
        let attachment = |made: &mut Self| {
            let (media_type, end) = *made.input.choose(&KINDS)?;
            let name = made.label()?;
            let name = format!("{name}{end}").parse().unwrap_or(name);
            Ok(Attachment { name, content: made.content(media_type)? })
        };
        Ok(Post {
            place: self.label()?,
            name: self.maybe(Self::label)?,
            thread: self.maybe(Self::label)?,
            in_reply_to: self.maybe(Self::label)?,
            reach: self.reach()?,
            format,
            body: self.content("text/plain")?,
            attachments: self.maybe(attachment)?.into_iter().collect(),
        })
    }

    fn remove(&mut self) -> Result<Remove> {
        let object = |made: &mut Self| {
            Ok(Object {
                id: made.text()?.into(),
                known_by: match made.maybe(Self::label)? {
                    Some(label) => vec![(label, made.text()?.into())],
                    None => vec![],
                },
                sha256: made.maybe(|_| Ok(Digest::of(b"it")))?,
                size: made.maybe(|made| made.input.int_in_range(0..=5000))?,
            })
        };
        let objects = self.several(object)?;
        Ok(Remove { what: self.label()?, kept: self.yes()?, objects: Listing::Inline(objects) })
    }

    fn access(&mut self) -> Result<Access> {
        const KINDS: [PrincipalKind; 4] =
            [PrincipalKind::Person, PrincipalKind::Group, PrincipalKind::Service, PrincipalKind::Anyone];
        let grant = |made: &mut Self| {
            Ok(Grant {
                principal: Principal {
                    kind: *made.input.choose(&KINDS)?,
                    name: made.label()?,
                    external: made.maybe(Self::yes)?,
                },
                right: made.label()?,
            })
        };
        let before = self.several(grant)?;
        let after = if self.yes()? {
            before.iter().skip(1).cloned().chain(self.several(grant)?).collect()
        } else {
            self.several(grant)?
        };
        Ok(Access {
            resource: self.text()?.into(),
            before: Listing::Inline(before),
            after: Listing::Inline(after),
            population: self.reach()?,
        })
    }

    fn run(&mut self, release: bool) -> Result<Run> {
        let script = |made: &mut Self| {
            Ok(Script {
                path: made.text()?.into(),
                interpreter_argument: made.maybe(|made| Ok(made.text()?.into()))?,
                content: made.content("text/plain")?,
            })
        };
        let variable =
            |made: &mut Self| Ok(Variable { name: made.text()?.into(), value: made.text()?.into() });
        let mut argv = self.several(|made| Ok(made.text()?.into()))?;
        // What is read as a shell reads it.
        if argv.is_empty() || self.yes()? {
            argv.splice(0..0, ["bash".into(), "-c".into()]);
        }
        Ok(Run {
            argv,
            executable: Executable {
                path: (*self.input.choose(&["/usr/bin/bash", "/usr/bin/rm", "/bin/env"])?).into(),
                sha256: Digest::of(b"program"),
            },
            cwd: self.text()?.into(),
            environment: match release && self.yes()? {
                true => Environment::Unbound,
                false => Environment::Complete(self.several(variable)?),
            },
            stdin: self.maybe(|made| made.content("text/plain"))?,
            script: self.maybe(script)?,
            user: self.label()?,
            host: self.label()?,
        })
    }

    fn asked(&mut self) -> Result<Asked> {
        Ok(Asked {
            by: self.maybe(Self::label)?,
            text: self.content("text/plain")?,
            at: self.maybe(|_| Ok(Timestamp::from_seconds(CREATED)))?,
            origin: match self.input.int_in_range(0..=2)? {
                0 => Origin::Caller,
                1 => Origin::Transcript(self.text()?.into()),
                _ => Origin::Mandate(Digest::of(b"mandate")),
            },
        })
    }

    fn reach(&mut self) -> Result<Reach> {
        let mut audience = || {
            Ok(match self.input.int_in_range(0..=2)? {
                0 => Audience::Unknown,
                1 => Audience::Everyone,
                _ => Audience::Known {
                    count: self.input.int_in_range(0..=3)?,
                    guests: self.input.arbitrary::<Option<u8>>()?.map(u64::from),
                    external: self.input.arbitrary::<Option<u8>>()?.map(u64::from),
                    bots: None,
                },
            })
        };
        Ok(Reach { before: audience()?, after: audience()? })
    }

    fn content(&mut self, media_type: &str) -> Result<Content> {
        let bytes = self.document()?;
        self.kept(media_type, bytes)
    }

    /// In the proposal, or beside it.
    fn kept(&mut self, media_type: &str, bytes: Vec<u8>) -> Result<Content> {
        if self.input.ratio(3, 4)? {
            return Ok(Content::inline(media_type, bytes));
        }
        let content = Content::blob(media_type, &bytes);
        self.blobs.push(bytes);
        Ok(content)
    }

    /// Lines of texts, some of them again and again.
    fn document(&mut self) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        for _ in 0..self.input.int_in_range(0..=12)? {
            let line = self.text()?;
            let again = if self.input.ratio(1, 12)? { 10 } else { 1 };
            let end = *self.input.choose(&["\n", "\n", "\n", "\r\n", ""])?;
            bytes.extend([line, end.as_bytes().to_vec()].concat().repeat(again));
        }
        Ok(bytes)
    }

    /// What is drawn as it is, what is not, and what is no text.
    fn text(&mut self) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        for _ in 0..self.input.int_in_range(0..=6)? {
            match self.input.int_in_range(0..=7)? {
                0..=3 => bytes.extend(self.input.choose(PIECES)?.as_bytes()),
                4..=5 => bytes.extend(self.input.arbitrary::<&str>()?.bytes().take(40)),
                6 => {
                    bytes.extend(self.input.choose(PIECES)?.repeat(self.input.int_in_range(1..=24)?).bytes())
                }
                _ => bytes.extend(self.input.arbitrary::<[u8; 2]>()?),
            }
        }
        Ok(bytes)
    }

    fn label(&mut self) -> Result<Label> {
        let text = self.text()?;
        let text = String::from_utf8_lossy(&text);
        Ok(text[..text.floor_char_boundary(200)].parse().unwrap_or("a".parse().unwrap()))
    }

    fn yes(&mut self) -> Result<bool> {
        self.input.arbitrary()
    }

    fn maybe<T>(&mut self, make: impl FnOnce(&mut Self) -> Result<T>) -> Result<Option<T>> {
        if self.yes()? { make(self).map(Some) } else { Ok(None) }
    }

    fn several<T>(&mut self, make: impl Fn(&mut Self) -> Result<T>) -> Result<Vec<T>> {
        (0..self.input.int_in_range(0..=5)?).map(|_| make(self)).collect()
    }
}
