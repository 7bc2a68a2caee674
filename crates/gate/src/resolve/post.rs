//! A text to post to a place of the gate's configuration: one new file in a folder that others read.

use countersign_core::action::{
    Act, Action, Assurance, Audience, Fact, Post, Precondition, Reach, Reversibility,
};
use countersign_core::content::Content;

use super::{about, refuse};
use crate::Error;
use crate::config::{Config, Place};
use crate::paths::{self, Spot};
use crate::request::{self, Uploads};

/// Resolves a post, whose name must be free.
pub(super) fn resolve(request: &request::Post, uploads: &Uploads, config: &Config) -> Result<Action, Error> {
    let action = describe(request, uploads, config)?;
    let path = paths::path(&action.target);
    let spot = Spot::of(&path).map_err(|error| about(&path, &error))?;
    if spot.stat().map_err(|error| about(&path, &error))?.is_some() {
        return Err(refuse(format!("{:?} exists there already; a post never replaces one", request.name)));
    }
    Ok(action)
}

/// The action, as the request and the configuration make it.
pub(super) fn describe(request: &request::Post, uploads: &Uploads, config: &Config) -> Result<Action, Error> {
    let place = config
        .place(&request.place)
        .ok_or_else(|| refuse(format!("the gate's configuration has no place called {:?}", request.place)))?;
    let path = file(place, request.name.as_str())?;
    let nobody = Audience::Known { count: 0, guests: None, external: None, bots: None };
    let post = Post {
        place: place.name.clone(),
        name: Some(request.name.clone()),
        thread: request.thread.clone(),
        in_reply_to: request.in_reply_to.clone(),
        reach: Reach { before: nobody, after: place.readers.clone() },
        format: place.format,
        body: Content::inline("text/plain", request.body.bytes(uploads)?),
        attachments: vec![],
    };
    let fact = Fact::Absent { path: paths::text(&path) };
    Ok(Action {
        target: paths::text(&path),
        environment: place.environment.clone(),
        // What was read cannot be taken back.
        reversibility: Reversibility::Irreversible,
        preconditions: vec![Precondition { assurance: Assurance::Held, fact }],
        act: Act::Post(post),
    })
}

/// The file that a post of this name is. The name is one component, and not a hidden one.
pub(crate) fn file(place: &Place, name: &str) -> Result<std::path::PathBuf, Error> {
    if name.starts_with('.') || name.contains(['/', '\0']) || name.chars().any(char::is_control) {
        return Err(refuse("the name of a post is a plain file name that does not begin with a dot"));
    }
    Ok(place.folder.join(name))
}
