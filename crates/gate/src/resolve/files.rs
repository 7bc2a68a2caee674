//! Files to create, edit or delete, and permission bits to change.

use std::path::Path;

use countersign_core::action::{
    Access, Act, Action, Assurance, Audience, Change, Fact, Grant, Object, Precondition, Principal,
    PrincipalKind, Reach, Remove, Reversibility,
};
use countersign_core::content::{Content, Listing, MAX_TOTAL};
use countersign_core::ostext::OsText;
use rustix::fs::{FileType, Stat};

use super::{HERE, about, refuse};
use crate::paths::{self, Held, Spot};
use crate::request::{Chmod, Delete, MAX_OPERATIONS, Operation, Uploads, Write};
use crate::{Error, users};

/// The permission bits of a new file for which none were asked.
const NEW_MODE: u32 = 0o644;

/// Resolves operations; they then have the real paths in them.
pub(super) fn resolve(
    operations: &mut [Operation],
    uploads: &Uploads,
    blobs: &mut Uploads,
) -> Result<Vec<Action>, Error> {
    if operations.is_empty() || operations.len() > MAX_OPERATIONS {
        return Err(refuse(format!("a request has 1 to {MAX_OPERATIONS} operations")));
    }
    for at in 0..operations.len() {
        let given = paths::path(path_of(&operations[at]));
        let real = paths::settle(&given).map_err(|error| about(&given, &error))?;
        *path_mut(&mut operations[at]) = paths::text(&real);
        let (before, this) = operations.split_at(at);
        if before.iter().any(|earlier| path_of(earlier) == path_of(&this[0])) {
            return Err(refuse(format!("{} stands twice in the request", real.display())));
        }
    }
    let deletes = operations.iter().filter(|it| matches!(it, Operation::Delete(_))).count();
    let mut actions = Vec::new();
    let mut objects = Vec::new();
    let mut removes_at = None;
    for operation in operations.iter() {
        match operation {
            Operation::Write(it) => actions.push(write(it, uploads)?),
            Operation::Chmod(it) => actions.push(chmod(it, blobs)?),
            Operation::Delete(it) if deletes == 1 => actions.push(delete(it)?),
            Operation::Delete(it) => {
                // All of them are one removal, so that nobody has to add them up.
                removes_at.get_or_insert(actions.len());
                objects.push(object(it)?);
            }
        }
    }
    if let Some(at) = removes_at {
        actions.insert(at, remove(objects, blobs));
    }
    Ok(actions)
}

/// Puts into `actions` what the request says; `None` when they are not of the same kinds and paths.
pub(super) fn rebuild(operations: &[Operation], uploads: &Uploads, actions: &mut [Action]) -> Option<()> {
    let deletes = operations.iter().filter(|it| matches!(it, Operation::Delete(_))).count();
    let mut removed = false;
    let mut at = 0;
    for operation in operations {
        let many = deletes > 1 && matches!(operation, Operation::Delete(_));
        if many && removed {
            continue;
        }
        removed |= many;
        let action = actions.get_mut(at)?;
        at += 1;
        match (operation, &mut action.act) {
            (Operation::Write(it), Act::Change(change)) => {
                change.resource.clone_from(&it.path);
                change.after = Some(content(it, it.content.bytes(uploads).ok()?));
                if let Some(mode) = it.mode {
                    change.mode_after = Some(mode);
                }
            }
            (Operation::Delete(it), Act::Change(change)) if deletes == 1 => {
                change.resource.clone_from(&it.path);
                change.after = None;
            }
            (Operation::Delete(_), Act::Remove(remove)) if many => {
                let wanted = operations.iter().filter_map(|it| match it {
                    Operation::Delete(it) => Some(&it.path),
                    _ => None,
                });
                let listed = remove.objects.items(|digest| uploads.get(digest).cloned())?;
                if !listed.iter().map(|it| &it.id).eq(wanted) {
                    return None;
                }
            }
            (Operation::Chmod(it), Act::Access(access)) => access.resource.clone_from(&it.path),
            _ => return None,
        }
    }
    (at == actions.len()).then_some(())
}

fn write(operation: &Write, uploads: &Uploads) -> Result<Action, Error> {
    let path = paths::path(&operation.path);
    let after = content(operation, operation.content.bytes(uploads)?);
    if operation
        .media_type
        .as_deref()
        .is_some_and(|it| it.is_empty() || it.len() > 200 || !it.bytes().all(|b| b.is_ascii_graphic()))
    {
        return Err(refuse("a media type is 1 to 200 printable ASCII characters"));
    }
    let Some((held, bytes)) = read(&path)? else {
        let fact = Fact::Absent { path: operation.path.clone() };
        let mode = checked_mode(operation.mode.unwrap_or(NEW_MODE))?;
        let change = Change {
            resource: operation.path.clone(),
            before: None,
            after: Some(after),
            mode_before: None,
            mode_after: Some(mode),
        };
        return Ok(action(&operation.path, Reversibility::Reversible, fact, Act::Change(change)));
    };
    let mode = checked_mode(operation.mode.unwrap_or(held.mode()))?;
    let change = Change {
        resource: operation.path.clone(),
        before: Some(Content::inline(after.media_type(), bytes)),
        after: Some(after),
        mode_before: Some(held.mode()),
        mode_after: Some(mode),
    };
    Ok(action(&operation.path, Reversibility::Effort, still(&operation.path, &held), Act::Change(change)))
}

fn delete(operation: &Delete) -> Result<Action, Error> {
    let path = paths::path(&operation.path);
    let (held, bytes) =
        read(&path)?.ok_or_else(|| refuse(format!("{}: there is no such file", path.display())))?;
    let change = Change {
        resource: operation.path.clone(),
        before: Some(Content::inline(media_type(&path), bytes)),
        after: None,
        mode_before: Some(held.mode()),
        mode_after: None,
    };
    Ok(action(
        &operation.path,
        Reversibility::Irreversible,
        still(&operation.path, &held),
        Act::Change(change),
    ))
}

fn object(operation: &Delete) -> Result<Object, Error> {
    let path = paths::path(&operation.path);
    // Of many files only the digests are kept, so they need not fit into one proposal.
    let spot = Spot::of(&path).map_err(|error| about(&path, &error))?;
    let held = spot.hold().map_err(|error| about(&path, &error))?;
    check_links(&path, &held.stat)?;
    let known = |name: &str, value: OsText| (users::label(name), value);
    // Its path is what it is known by; this is what else a person may remember of it.
    let modified =
        jiff::Timestamp::from_second(held.stat.st_mtime).map_or_else(|_| String::new(), |it| it.to_string());
    Ok(Object {
        id: operation.path.clone(),
        known_by: vec![known("modified", OsText::from(modified))],
        sha256: Some(held.sha256),
        size: u64::try_from(held.stat.st_size).ok(),
    })
}

fn remove(objects: Vec<Object>, blobs: &mut Uploads) -> Action {
    let facts = objects.iter().filter_map(|it| {
        let fact = Fact::File { path: it.id.clone(), sha256: it.sha256?, mode: None };
        Some(Precondition { assurance: Assurance::Held, fact })
    });
    // The list itself says what must hold; a long one would not fit twice.
    let preconditions = if objects.len() <= 20 { facts.collect() } else { vec![] };
    let target = OsText::from(format!("{} files", objects.len()));
    let (objects, bytes) = Listing::of(objects);
    keep(&objects, bytes, blobs);
    Action {
        target,
        environment: users::label(HERE),
        reversibility: Reversibility::Irreversible,
        preconditions,
        act: Act::Remove(Remove { what: users::label("file"), kept: false, objects }),
    }
}

fn chmod(operation: &Chmod, blobs: &mut Uploads) -> Result<Action, Error> {
    let path = paths::path(&operation.path);
    let after = checked_mode(operation.mode)?;
    let spot = Spot::of(&path).map_err(|error| about(&path, &error))?;
    let opened = spot.open_any().map_err(|error| about(&path, &error))?;
    let stat = rustix::fs::fstat(&opened).map_err(|error| about(&path, &error.into()))?;
    let kind = FileType::from_raw_mode(stat.st_mode);
    if kind != FileType::RegularFile && kind != FileType::Directory {
        return Err(refuse(format!("{}: it is neither a file nor a folder", path.display())));
    }
    if kind == FileType::RegularFile {
        check_links(&path, &stat)?;
    }
    let before = stat.st_mode & 0o7777;
    let (granted, bytes) = Listing::of(grants(&stat, before));
    keep(&granted, bytes, blobs);
    let (then, bytes) = Listing::of(grants(&stat, after));
    keep(&then, bytes, blobs);
    let access = Access {
        resource: operation.path.clone(),
        before: granted,
        after: then,
        population: Reach { before: readers(before), after: readers(after) },
    };
    let fact = Fact::Mode { path: operation.path.clone(), mode: before };
    Ok(action(&operation.path, Reversibility::Reversible, fact, Act::Access(access)))
}

/// The permission bits that the grants of an `access` action stand for.
pub(crate) fn mode_of(grants: &[Grant]) -> Option<u32> {
    let mut mode = 0;
    for grant in grants {
        let rights = RIGHTS
            .iter()
            .find(|(_, kind, right)| *kind == grant.principal.kind && *right == grant.right.as_str())?;
        mode |= rights.0;
    }
    Some(mode)
}

/// Each permission bit, whose it is, and what it lets them do.
const RIGHTS: [(u32, PrincipalKind, &str); 12] = [
    (0o400, PrincipalKind::Person, "read"),
    (0o200, PrincipalKind::Person, "write"),
    (0o100, PrincipalKind::Person, "execute"),
    (0o4000, PrincipalKind::Person, "lend their rights to whoever runs it"),
    (0o040, PrincipalKind::Group, "read"),
    (0o020, PrincipalKind::Group, "write"),
    (0o010, PrincipalKind::Group, "execute"),
    (0o2000, PrincipalKind::Group, "lend their rights to whoever runs it"),
    (0o004, PrincipalKind::Anyone, "read"),
    (0o002, PrincipalKind::Anyone, "write"),
    (0o001, PrincipalKind::Anyone, "execute"),
    (0o1000, PrincipalKind::Anyone, "be kept from removing the files of others in it"),
];

/// Who may do what with it, when its permission bits are `mode`.
pub(crate) fn grants(stat: &Stat, mode: u32) -> Vec<Grant> {
    let held = RIGHTS.iter().filter(|(bit, _, _)| mode & bit != 0);
    held.map(|(_, kind, right)| {
        let name = match kind {
            PrincipalKind::Person => users::user(stat.st_uid),
            PrincipalKind::Group => users::group(stat.st_gid),
            PrincipalKind::Service | PrincipalKind::Anyone => users::label("every user of this machine"),
        };
        let principal = Principal { kind: *kind, name, external: None };
        Grant { principal, right: users::label(right) }
    })
    .collect()
}

fn readers(mode: u32) -> Audience {
    // The members of a group, and the users of a machine, are nothing that a file knows.
    let alone = mode & 0o077 == 0;
    if alone {
        Audience::Known { count: 1, guests: None, external: None, bots: None }
    } else {
        Audience::Unknown
    }
}

fn read(path: &Path) -> Result<Option<(Held, Vec<u8>)>, Error> {
    let spot = Spot::of(path).map_err(|error| about(path, &error))?;
    if spot.stat().map_err(|error| about(path, &error))?.is_none() {
        return Ok(None);
    }
    let read = spot.read(MAX_TOTAL).map_err(|error| about(path, &error))?;
    check_links(path, &read.0.stat)?;
    Ok(Some(read))
}

fn check_links(path: &Path, stat: &Stat) -> Result<(), Error> {
    if stat.st_nlink != 1 {
        let why = format!("it has {} names (hard links), and only one of them would change", stat.st_nlink);
        return Err(about(path, &std::io::Error::other(why)));
    }
    Ok(())
}

fn checked_mode(mode: u32) -> Result<u32, Error> {
    if mode > 0o7777 {
        return Err(refuse("permission bits are at most 7777 (octal)"));
    }
    Ok(mode)
}

fn still(path: &OsText, held: &Held) -> Fact {
    Fact::File { path: path.clone(), sha256: held.sha256, mode: Some(held.mode()) }
}

fn action(path: &OsText, reversibility: Reversibility, fact: Fact, act: Act) -> Action {
    Action {
        target: path.clone(),
        environment: users::label(HERE),
        reversibility,
        preconditions: vec![Precondition { assurance: Assurance::Held, fact }],
        act,
    }
}

fn content(operation: &Write, bytes: Vec<u8>) -> Content {
    let path = paths::path(&operation.path);
    Content::inline(operation.media_type.as_deref().unwrap_or_else(|| media_type(&path)), bytes)
}

/// What a file's name says of its kind; a claim like any other.
fn media_type(path: &Path) -> &'static str {
    match path.extension().and_then(|it| it.to_str()) {
        Some("md" | "markdown") => "text/markdown",
        Some("html" | "htm") => "text/html",
        Some("json") => "application/json",
        _ => "text/plain",
    }
}

fn keep<T: serde::Serialize + serde::de::DeserializeOwned + Clone>(
    listing: &Listing<T>,
    bytes: Option<Vec<u8>>,
    blobs: &mut Uploads,
) {
    if let (Some(content), Some(bytes)) = (listing.content(), bytes) {
        blobs.insert(*content.sha256(), bytes);
    }
}

fn path_of(operation: &Operation) -> &OsText {
    match operation {
        Operation::Write(it) => &it.path,
        Operation::Delete(it) => &it.path,
        Operation::Chmod(it) => &it.path,
    }
}

fn path_mut(operation: &mut Operation) -> &mut OsText {
    match operation {
        Operation::Write(it) => &mut it.path,
        Operation::Delete(it) => &mut it.path,
        Operation::Chmod(it) => &mut it.path,
    }
}
