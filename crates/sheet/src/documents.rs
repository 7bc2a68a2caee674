//! What there is to read for one action: documents of rows.

mod access;
pub(crate) mod batch;
pub(crate) mod removal;
mod run;
mod structure;

use countersign_core::action::{Act, Action, Assurance, Call, Change, Fact, Format, Post};
use countersign_core::content::{Content, Listing};
use countersign_core::digest::Digest;
use countersign_core::ostext::OsText;
use countersign_core::proposal::Effect;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Error;
use crate::changes;
use crate::count;
use crate::findings::TextKind;
use crate::model::{Also, Document, Segment, Stats, Tone, View};
use crate::page::{Page, Room, between};
use crate::segments::{value, words};
use crate::text;
use crate::types::{self, Said};

/// How the heading of an entry of a batch begins, and the one below all entries.
pub(crate) const ENTRY: &str = "Entry ";
pub(crate) const AFTER_ENTRIES: &str = "Where";

/// Finds the bytes of contents that travel beside the proposal.
pub(crate) type Blobs<'b> = &'b dyn Fn(&Digest) -> Option<Vec<u8>>;

/// What the documents of one action add up to.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Sum {
    /// Lines of a change or text, grants of an access change.
    pub(crate) stats: Stats,
    /// A change whose bytes are no text.
    pub(crate) binary: bool,
    /// A change that leaves the bytes as they are.
    pub(crate) same_bytes: bool,
    pub(crate) anyone_gains: bool,
    pub(crate) external_gains: u64,
}

/// The documents of action number `at`, of which there is at least one.
pub(crate) fn documents(
    at: usize,
    action: &Action,
    blobs: Blobs<'_>,
    room: &mut Room,
) -> Result<(Vec<Document>, Sum), Error> {
    room.begin(action);
    let (first, others, sum) = match &action.act {
        Act::Post(post) => posted(at, post, blobs, room)?,
        Act::Change(change) => changed(at, change, blobs, room)?,
        Act::Remove(remove) => removal::removed(at, remove, blobs, room)?,
        Act::Access(access) => access::granted(at, access, blobs, room)?,
        Act::Run(run) => run::ran(at, run, blobs, room)?,
        Act::Call(call) => called(at, call, blobs, room)?,
    };
    let mut page = Page::resume(first, room);
    surroundings(action, &mut page);
    let mut first = page.done();
    let (table, why) = structure::table(at, action, blobs, room)?;
    first.subtitle.extend(why.map(|why| vec![words(why)]));
    let mut all: Vec<Document> = table.into_iter().chain([first]).chain(others).collect();
    let claimed = match &action.act {
        _ if room.claimed => Some("what it was before is the agent's word"),
        Act::Remove(_) if room.effect == Effect::Release => Some("what these are is the agent's word"),
        _ => None,
    };
    if let Some(claimed) = claimed {
        all.iter_mut().for_each(|it| it.subtitle.push(vec![words(claimed)]));
    }
    Ok((all, sum))
}

/// The first document, those after it, and what they add up to.
type Made = (Document, Vec<Document>, Sum);

/// The target, when the act itself does not name it, and what must still hold.
fn surroundings(action: &Action, page: &mut Page<'_>) {
    let named: &[u8] = match &action.act {
        Act::Post(post) => post.place.as_str().as_bytes(),
        Act::Change(change) => change.resource.as_bytes(),
        Act::Access(access) => access.resource.as_bytes(),
        Act::Run(run) => run.executable.path.as_bytes(),
        Act::Remove(_) | Act::Call(_) => &[],
    };
    if named != action.target.as_bytes() {
        let target = page.sentence("target ", action.target.as_bytes(), "");
        page.fact_of(target);
    }
    if !action.preconditions.is_empty() {
        page.heading("Must still hold when it happens", "else nothing happens");
    }
    for condition in &action.preconditions {
        let kept = match condition.assurance {
            Assurance::Held => "held until then",
            Assurance::Checked => "read just before",
        };
        let (name, path, rest) = match &condition.fact {
            Fact::Absent { path } => ("nothing at", path, "that nothing is there".to_owned()),
            Fact::File { path, sha256, mode } => {
                let mode = mode.map(|bits| format!(", mode {}", count::mode(bits))).unwrap_or_default();
                ("a file at", path, format!("SHA-256 {sha256}{mode}"))
            }
            Fact::Mode { path, mode } => ("the mode of", path, format!("mode {}", count::mode(*mode))),
        };
        // A row of its own for our words: on one with the path, a path could pretend to be them.
        path_field(page, name, path);
        page.field(vec![words(kept)], vec![words(rest)]);
    }
}

/// Foreign text between two pieces of our own.
pub(crate) fn sentence(before: &str, text: &[u8], after: &str) -> Vec<Segment> {
    between(before, value(text), after)
}

pub(crate) fn bytes_of(content: &Content, blobs: Blobs<'_>) -> Result<Vec<u8>, Error> {
    content.bytes(blobs).ok_or(Error::Content(*content.sha256()))
}

pub(crate) fn items_of<T: Serialize + DeserializeOwned + Clone>(
    listing: &Listing<T>,
    blobs: Blobs<'_>,
) -> Result<Vec<T>, Error> {
    if let Some(content) = listing.content() {
        let bytes = bytes_of(content, blobs)?;
        return listing.items(|_| Some(bytes)).ok_or(Error::Listing(*content.sha256()));
    }
    Ok(listing.items(|_| None).unwrap_or_default())
}

/// A text, all of which is new.
fn text_document(
    at: usize,
    title: Vec<Segment>,
    bytes: &[u8],
    said: Option<Said<'_>>,
    room: &mut Room,
) -> (Document, Stats) {
    let mut page = Page::new(at, View::Text, title, room);
    if let Some(said) = said
        && types::fill(&mut page, None, Some(bytes), said)
    {
        page.document.also = Some(Also::Picture);
    }
    let stats = text::fill(&mut page, None, Some(bytes));
    (page.done(), stats)
}

fn posted(at: usize, post: &Post, blobs: Blobs<'_>, room: &mut Room) -> Result<Made, Error> {
    let body = bytes_of(&post.body, blobs)?;
    let mut page = Page::new(at, View::Text, vec![words("What would be posted")], room);
    if text::is_binary(&body) {
        types::fill(&mut page, None, Some(&body), Said { media: "text/plain", name: b"" });
    }
    let stats = text::fill(&mut page, None, Some(&body));
    page.fact(match post.format {
        Format::Plain => "read as plain text",
        Format::Markdown => "read as Markdown",
        Format::Html => "read as HTML, which is not rendered here",
    });
    page.document.also =
        (post.format == Format::Markdown && !text::is_binary(&body)).then_some(Also::Markdown);
    for (label, text) in
        [("name ", &post.name), ("in the thread ", &post.thread), ("in reply to ", &post.in_reply_to)]
    {
        if let Some(text) = text {
            let text = page.content(text.as_str().as_bytes());
            page.fact_of(between(label, text, ""));
        }
    }
    let first = page.done();
    let mut others = Vec::new();
    for attachment in &post.attachments {
        let bytes = bytes_of(&attachment.content, blobs)?;
        let title = between(
            "Attachment ",
            room.findings.value(attachment.name.as_str().as_bytes(), TextKind::Content),
            "",
        );
        let (media, name) = (attachment.content.media_type(), attachment.name.as_str().as_bytes());
        let (mut document, _) = text_document(at, title, &bytes, Some(Said { media, name }), room);
        let media_type = room.findings.value(attachment.content.media_type().as_bytes(), TextKind::Name);
        document.subtitle.push(between("sent as ", media_type, ""));
        others.push(document);
    }
    let sum = Sum { stats, binary: text::is_binary(&body), ..Sum::default() };
    Ok((first, others, sum))
}

fn changed(at: usize, change: &Change, blobs: Blobs<'_>, room: &mut Room) -> Result<Made, Error> {
    let side = |content: &Option<Content>| content.as_ref().map(|it| bytes_of(it, blobs)).transpose();
    let (before, after) = (side(&change.before)?, side(&change.after)?);
    let title = room.findings.value(change.resource.as_bytes(), TextKind::Name);
    let mut page = Page::new(at, View::Diff, title, room);
    match (&before, &after) {
        (None, Some(_)) => page.fact("new"),
        (Some(_), None) => page.fact("deleted"),
        _ => {}
    }
    match (change.mode_before, change.mode_after) {
        (Some(was), Some(would)) if was != would => {
            mode_fact(&mut page, format!("mode {} to {}", count::mode(was), count::mode(would)), change);
        }
        (_, Some(mode)) | (Some(mode), None) => {
            mode_fact(&mut page, format!("mode {}", count::mode(mode)), change);
        }
        (None, None) => {}
    }
    let same_bytes = before.is_some() && before == after;
    if same_bytes && !page.claimed() {
        page.note(Tone::Plain, vec![words("No byte of the content would change.")]);
    }
    // A gate that was told nothing calls a file plain text.
    let media = change.after.as_ref().map(Content::media_type).filter(|media| *media != "text/plain");
    let said = Said { media: media.unwrap_or_default(), name: change.resource.as_bytes() };
    let picture = types::fill(&mut page, before.as_deref(), after.as_deref(), said);
    let stats = text::fill(&mut page, before.as_deref(), after.as_deref());
    let text = after.as_ref().is_some_and(|after| !after.is_empty() && !text::is_binary(after));
    page.document.also = if picture {
        Some(Also::Picture)
    } else {
        (text && is_markdown(&change.resource)).then_some(Also::Markdown)
    };
    let binary = [&before, &after].into_iter().flatten().any(|side| text::is_binary(side));
    Ok((page.done(), Vec::new(), Sum { stats, binary, same_bytes, ..Sum::default() }))
}

fn is_markdown(path: &OsText) -> bool {
    let path = path.as_bytes().to_ascii_lowercase();
    [".md", ".markdown"].iter().any(|ending| path.ends_with(ending.as_bytes()))
}

fn mode_fact(page: &mut Page<'_>, fact: String, change: &Change) {
    let found = changes::mode(change.mode_before.filter(|_| !page.claimed()), change.mode_after);
    let side = |content: &Option<Content>| content.as_ref().map(|it| *it.sha256()).unwrap_or(Digest::of(b""));
    let text = [side(&change.before), side(&change.after)].map(|it| *it.as_bytes()).concat();
    page.fact_found(fact, Vec::from_iter(found), &text);
}

fn called(at: usize, call: &Call, blobs: Blobs<'_>, room: &mut Room) -> Result<Made, Error> {
    let arguments = bytes_of(&call.arguments, blobs)?;
    let mut page = Page::new(at, View::Raw, vec![words("What would be called")], room);
    page.note(
        Tone::Red,
        vec![words("Not understood: nothing here knows what this call does. These are its exact arguments.")],
    );
    for (name, text) in [("server", &call.server), ("tool", &call.tool)] {
        let text = page.value(text.as_str().as_bytes());
        page.field(vec![words(name)], text);
    }
    let definition = match &call.definition {
        Some(digest) => format!("SHA-256 {digest}"),
        None => "the server gave none".to_owned(),
    };
    page.field(vec![words("tool definition")], vec![words(definition)]);
    page.heading("Arguments", count::of(arguments.len() as u64, "byte"));
    let stats = text::fill(&mut page, None, Some(&arguments));
    Ok((page.done(), Vec::new(), Sum { stats, ..Sum::default() }))
}

/// A path as a field.
fn path_field(page: &mut Page<'_>, name: &str, path: &OsText) {
    let path = page.value(path.as_bytes());
    page.field(vec![words(name)], path);
}
