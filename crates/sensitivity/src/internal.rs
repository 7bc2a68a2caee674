//! What shows how a network of one's own is laid out: hosts that only it knows, home folders, shares, and the names that
//! its owner listed.
//!
//! Private addresses of the internet are found with the public ones, in `personal`: they have one shape.
//!
//! Left out: names that are the same everywhere, such as those that a container or a cloud gives to itself.

mod folders;
mod hosts;
mod names;

use std::ops::Range;

pub use names::own_names;
pub(crate) use names::{Names, named};

use crate::found::Found;
use crate::text::Text;

/// What words announce.
#[derive(Debug, Clone, Copy)]
enum About {
    Host,
    Folder,
    Share,
}

const WORDS: &[(&str, About)] = &[
    (".internal", About::Host),
    (".corp", About::Host),
    (".local", About::Host),
    (".localdomain", About::Host),
    (".lan", About::Host),
    (".intra", About::Host),
    (".intranet", About::Host),
    (".home.arpa", About::Host),
    (".private", About::Host),
    ("intra.", About::Host),
    ("intranet.", About::Host),
    ("/home/", About::Folder),
    ("/users/", About::Folder),
    ("\\users\\", About::Folder),
    ("\\documents and settings\\", About::Folder),
    ("\\\\", About::Share),
];

/// The words at which this detector looks. A hit names one by its place in the list.
pub(crate) fn words() -> Vec<&'static str> {
    WORDS.iter().map(|it| it.0).collect()
}

/// What was looked at so far in one text.
#[derive(Default)]
pub(crate) struct Look {
    /// The end of the last host, in which several words can stand.
    host: usize,
    /// The end of the last run of backslashes.
    share: usize,
}

impl Look {
    /// Looks where a word stands. Called in the order of the ends of the words.
    pub(crate) fn hit(&mut self, text: &Text<'_>, at: &Range<usize>, word: u16, found: &mut Found) {
        let Some((_, about)) = WORDS.get(usize::from(word)) else { return };
        match about {
            About::Host if at.start >= self.host => self.host = hosts::find(text, at, found),
            About::Folder => folders::home(text, at, found),
            About::Share if at.start >= self.share => self.share = folders::share(text, at, found),
            About::Host | About::Share => {}
        }
    }
}
