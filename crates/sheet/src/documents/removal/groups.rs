//! Which of the things that would be removed belong together: those that the request names, then by folder or column.

use std::collections::{HashMap, HashSet};

use countersign_core::action::Object;

/// Bytes of a request in which names are looked for.
const ASKED: usize = 32 * 1024;

/// Folders of a path that are looked for, from the root on.
const FOLDERS: usize = 32;

/// Words of a name that is looked for.
const NAME: usize = 8;

/// Names of which it is kept whether the request has them. Folders beyond those are not looked for: a list can have
/// dozens of its own for each thing.
const KNOWN: usize = 1_000_000;

/// Some of the things, by their numbers.
pub(super) struct Group<'o> {
    pub(super) of: Of<'o>,
    pub(super) objects: Vec<usize>,
}

/// What is common to a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Of<'o> {
    /// The request has a name of each, word for word.
    Asked,
    /// It has not.
    NotAsked,
    /// The folder, as a path; empty is the one that all lie below.
    Folder(&'o [u8]),
    /// Name and value of the first thing by which they are recognised.
    Column(&'o str, &'o [u8]),
    /// All there are.
    All,
}

/// The groups: first what was asked for, then the largest. `folder` is how many bytes of a path all share.
pub(super) fn groups<'o>(
    objects: &'o [Object],
    labels: Option<&[&'o str]>,
    folder: Option<usize>,
    asked: &[u8],
) -> Vec<Group<'o>> {
    let named = Named::new(asked);
    let mut known = HashMap::new();
    let (first, rest): (Vec<usize>, Vec<usize>) =
        (0..objects.len()).partition(|at| named.has(&objects[*at], folder.is_some(), &mut known));
    let of = |at: &usize| match (folder, labels.and_then(|it| it.first())) {
        (Some(shared), _) => {
            let path = &objects[*at].id.as_bytes()[shared..];
            Of::Folder(&path[..path.iter().rposition(|byte| *byte == b'/').map_or(0, |at| at + 1)])
        }
        (None, Some(label)) => {
            Of::Column(label, objects[*at].known_by.first().map_or(b"", |(_, text)| text.as_bytes()))
        }
        (None, None) => Of::All,
    };
    let mut all: Vec<Group<'o>> = Vec::new();
    let mut places = HashMap::new();
    for at in &rest {
        let place = *places.entry(of(at)).or_insert(all.len());
        if place == all.len() {
            all.push(Group { of: of(at), objects: Vec::new() });
        }
        all[place].objects.push(*at);
    }
    // Where hardly two belong together, groups would be as long as the list.
    if all.len() * 2 > rest.len() || all.len() == 1 {
        let of = if first.is_empty() { Of::All } else { Of::NotAsked };
        all = if rest.is_empty() { Vec::new() } else { vec![Group { of, objects: rest }] };
    }
    all.sort_by_key(|group| std::cmp::Reverse(group.objects.len()));
    if !first.is_empty() {
        all.insert(0, Group { of: Of::Asked, objects: first });
    }
    all
}

/// All that a request could name, as words in a row.
struct Named(HashSet<String>);

impl Named {
    fn new(asked: &[u8]) -> Self {
        let asked = String::from_utf8_lossy(&asked[..asked.len().min(ASKED)]);
        let words = words(&asked);
        let rows = (0..words.len()).flat_map(|at| {
            let rest = &words[at..];
            (1..=rest.len().min(NAME)).map(|length| rest[..length].join(" "))
        });
        Self(rows.collect())
    }

    fn has<'o>(&self, object: &'o Object, path: bool, known: &mut HashMap<&'o [u8], bool>) -> bool {
        if self.0.is_empty() {
            return false;
        }
        let mut is = |text: &'o [u8], folder: bool| match known.get(text) {
            Some(says) => *says,
            None if known.len() < KNOWN => *known.entry(text).or_insert_with(|| self.says(text)),
            None => !folder && self.says(text),
        };
        let id = object.id.as_bytes();
        if !path {
            return is(id, false) || object.known_by.iter().any(|(_, text)| is(text.as_bytes(), false));
        }
        // Its name, its path, or a folder that it lies in.
        let slashes = id.iter().enumerate().filter(|(at, byte)| **byte == b'/' && *at > 0).take(FOLDERS);
        let folder = slashes.fold(false, |any, (at, _)| any | is(&id[..at], true) | is(&id[..=at], true));
        let name = id.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
        folder | is(id, false) | is(name, false)
    }

    fn says(&self, text: &[u8]) -> bool {
        let Ok(text) = std::str::from_utf8(text) else { return false };
        // One or two letters are in every request.
        text.len() > 2 && text.len() <= 1024 && self.0.contains(&words(text).join(" "))
    }
}

/// Words without the marks of the sentence around them.
fn words(text: &str) -> Vec<&str> {
    let mark = |ch: char| {
        matches!(
            ch,
            '.' | ',' | ';' | ':' | '!' | '?' | '(' | ')' | '\u{201c}' | '\u{201d}' | '"' | '\'' | '`'
        )
    };
    text.split_whitespace().map(|word| word.trim_matches(mark)).filter(|word| !word.is_empty()).collect()
}
