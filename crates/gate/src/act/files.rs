//! Creating, replacing and deleting files, in one step each, or not at all.
//!
//! New bytes go to a temporary file beside the old one, reach the disk, and
//! are then renamed: over nothing (and nothing may have come there), or in
//! exchange with exactly the file that was checked. A file to delete is taken
//! aside first and looked at again, so that another one that was swapped in
//! is put back.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;

use countersign_core::action::{self, Change, Object};
use countersign_core::content::Content;
use countersign_core::digest::Digest;
use countersign_core::json;
use countersign_core::refusal::{Code, Refusal};
use data_encoding::HEXLOWER;
use rustix::fs::{AtFlags, FileType, Gid, Mode, OFlags, RenameFlags, Uid};
use rustix::io::Errno;

use super::{Contents, Done, Ready, Workshop, changed};
use crate::paths::{self, Held, Identity, Spot};
use crate::{private, resolve};

/// A file to create where nothing is.
#[derive(Debug)]
pub(crate) struct Create {
    spot: Spot,
    bytes: Vec<u8>,
    mode: u32,
}

/// A file whose bytes or mode to replace.
#[derive(Debug)]
pub(crate) struct Edit {
    spot: Spot,
    held: Held,
    bytes: Vec<u8>,
    mode: u32,
}

/// A file to delete.
#[derive(Debug)]
pub(crate) struct Taken {
    spot: Spot,
    held: Held,
}

/// Permission bits to change.
#[derive(Debug)]
pub(crate) struct Access {
    file: File,
    mode: u32,
}

pub(super) fn prepare_change(
    change: &Change,
    bytes: &dyn Fn(&Content) -> Result<Vec<u8>, Refusal>,
) -> Result<Ready, Refusal> {
    let path = paths::path(&change.resource);
    let Some(before) = &change.before else {
        let after = change.after.as_ref().ok_or_else(|| changed(&path, "nothing would be there"))?;
        let mode = change.mode_after.unwrap_or(0o644);
        return Ok(Ready::Create(Create::at(&path, bytes(after)?, mode)?));
    };
    let (spot, held) = hold(&path, before.sha256(), change.mode_before)?;
    Ok(match &change.after {
        None => Ready::Delete(Taken { spot, held }),
        Some(after) => {
            let mode = change.mode_after.unwrap_or(held.mode());
            Ready::Edit(Edit { spot, held, bytes: bytes(after)?, mode })
        }
    })
}

fn hold(path: &Path, sha256: &Digest, mode: Option<u32>) -> Result<(Spot, Held), Refusal> {
    let no = |why: io::Error| changed(path, why);
    let spot = Spot::of(path).map_err(no)?;
    let held = spot.hold().map_err(no)?;
    if held.sha256 != *sha256 {
        return Err(changed(path, "there is something else in it now"));
    }
    if mode.is_some_and(|mode| held.mode() != mode) {
        return Err(changed(path, "its permission bits are others now"));
    }
    if held.stat.st_nlink != 1 {
        return Err(changed(path, "it has more than one name now (hard links)"));
    }
    Ok((spot, held))
}

impl Create {
    pub(super) fn at(path: &Path, bytes: Vec<u8>, mode: u32) -> Result<Self, Refusal> {
        let spot = Spot::of(path).map_err(|error| changed(path, error))?;
        match spot.stat().map_err(|error| changed(path, error))? {
            None => Ok(Self { spot, bytes, mode }),
            Some(_) => Err(changed(path, "something is there now")),
        }
    }

    pub(super) fn act(self) -> Result<(), String> {
        let temporary = write_beside(&self.spot, &self.bytes, self.mode, None).map_err(words(&self.spot))?;
        let renamed = rename(&self.spot, &temporary, &self.spot.name, RenameFlags::NOREPLACE);
        if let Err(error) = renamed {
            unlink(&self.spot, &temporary);
            let there = error.kind() == io::ErrorKind::AlreadyExists;
            return Err(if there {
                say(&self.spot, "something came there")
            } else {
                words(&self.spot)(error)
            });
        }
        sync(&self.spot).map_err(words(&self.spot))
    }
}

impl Edit {
    pub(super) fn act(self) -> Result<(), String> {
        let owner = Some((self.held.stat.st_uid, self.held.stat.st_gid));
        let temporary = write_beside(&self.spot, &self.bytes, self.mode, owner).map_err(words(&self.spot))?;
        if let Err(why) = self.exchange(&temporary) {
            unlink(&self.spot, &temporary);
            return Err(why);
        }
        sync(&self.spot).map_err(words(&self.spot))
    }

    fn exchange(&self, temporary: &OsString) -> Result<(), String> {
        let words = words(&self.spot);
        let untouched = is_still(&self.spot, &self.spot.name, &self.held.identity).map_err(&words)?;
        if !untouched {
            return Err(say(&self.spot, "it changed at the last moment, and was left as it is"));
        }
        self.swap(temporary)
    }

    /// Exchanges the two, and back again when what comes out is not the file that was looked at.
    fn swap(&self, temporary: &OsString) -> Result<(), String> {
        let words = words(&self.spot);
        match rename(&self.spot, temporary, &self.spot.name, RenameFlags::EXCHANGE) {
            Ok(()) => {}
            // Not every file system can exchange; then the look just before is what there is.
            Err(error) if unsupported(&error) => {
                return rename(&self.spot, temporary, &self.spot.name, RenameFlags::empty()).map_err(words);
            }
            Err(error) => return Err(words(error)),
        }
        let came_out = paths::stat(&self.spot.folder, temporary).map_err(&words)?;
        let ours = came_out.is_some_and(|stat| paths::identity(&stat).same_file(&self.held.identity));
        if !ours {
            rename(&self.spot, temporary, &self.spot.name, RenameFlags::EXCHANGE).map_err(words)?;
            return Err(say(&self.spot, "another file came there at the last moment, and was left"));
        }
        unlink(&self.spot, temporary);
        Ok(())
    }
}

impl Taken {
    pub(super) fn object(object: &Object) -> Result<Self, Refusal> {
        let path = paths::path(&object.id);
        let sha256 =
            object.sha256.ok_or_else(|| Refusal::new(Code::Precondition, "an object without a digest"))?;
        let (spot, held) = hold(&path, &sha256, None)?;
        Ok(Self { spot, held })
    }

    pub(super) fn act(self) -> Result<(), String> {
        self.take().and_then(|()| sync(&self.spot).map_err(words(&self.spot)))
    }

    fn take(&self) -> Result<(), String> {
        let words = words(&self.spot);
        if !is_still(&self.spot, &self.spot.name, &self.held.identity).map_err(&words)? {
            return Err(say(&self.spot, "it changed at the last moment, and was left"));
        }
        self.take_aside()
    }

    /// Takes it aside and removes it, or puts it back when it is not the file that was looked at.
    fn take_aside(&self) -> Result<(), String> {
        let words = words(&self.spot);
        let aside = aside().map_err(&words)?;
        rename(&self.spot, &self.spot.name, &aside, RenameFlags::NOREPLACE).map_err(&words)?;
        let taken = paths::stat(&self.spot.folder, &aside).map_err(&words)?;
        if !taken.is_some_and(|stat| paths::identity(&stat).same_file(&self.held.identity)) {
            rename(&self.spot, &aside, &self.spot.name, RenameFlags::NOREPLACE).map_err(words)?;
            return Err(say(&self.spot, "another file came there at the last moment, and was left"));
        }
        rustix::fs::unlinkat(&self.spot.folder, &aside, AtFlags::empty()).map_err(|it| words(it.into()))
    }
}

/// Removes all, stopping at the first that cannot be; says which were removed and which were left.
pub(super) fn remove(all: Vec<Taken>, action: usize, shop: &Workshop<'_>) -> Done {
    let ids: Vec<_> = all.iter().map(|it| paths::text(&it.spot.path)).collect();
    for (at, taken) in all.iter().enumerate() {
        let Err(why) = taken.take().and_then(|()| sync(&taken.spot).map_err(words(&taken.spot))) else {
            continue;
        };
        // Whether this one is gone is asked of the disk: the failure may have come after it.
        let gone = matches!(taken.spot.stat(), Ok(None));
        let (removed, left) = ids.split_at(at + usize::from(gone));
        let mut done = Done::failed(format!("{} of {} were removed; then: {why}", removed.len(), ids.len()));
        let folder = shop.folder.results().join(shop.proposal.to_string());
        let kept = private::make_dir(&folder).and_then(|()| {
            for (name, list) in [("removed", removed), ("left", left)] {
                done.add(name, "application/json", json::to_bytes(&list), shop.output(action, name))?;
            }
            Ok(())
        });
        if let Err(error) = kept {
            tracing::error!("the list of what was removed could not be kept: {error}");
        }
        return done;
    }
    Done::default()
}

impl Access {
    pub(super) fn prepare(access: &action::Access, contents: &Contents) -> Result<Self, Refusal> {
        let path = paths::path(&access.resource);
        let read = |listing: &countersign_core::content::Listing<_>| {
            let grants = listing.items(|digest| contents.get(digest).cloned());
            let known = grants.and_then(|grants| Some((resolve::mode_of(&grants)?, grants)));
            known.ok_or_else(|| Refusal::new(Code::ActionMismatch, "rights that are no permission bits"))
        };
        let ((before, held), (after, _)) = (read(&access.before)?, read(&access.after)?);
        let no = |why: io::Error| changed(&path, why);
        let file = Spot::of(&path).map_err(no)?.open_any().map_err(no)?;
        let stat = rustix::fs::fstat(&file).map_err(|error| changed(&path, io::Error::from(error)))?;
        if stat.st_mode & 0o7777 != before {
            return Err(changed(&path, "its permission bits are others now"));
        }
        // Bits alone would let another file come in its place: whose rights they are was signed as well.
        if resolve::grants(&stat, before) != held {
            return Err(changed(&path, "it belongs to another user or group now"));
        }
        if FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile && stat.st_nlink != 1 {
            return Err(changed(&path, "it has more than one name now (hard links)"));
        }
        Ok(Self { file, mode: after })
    }

    pub(super) fn act(self) -> Result<(), String> {
        rustix::fs::fchmod(&self.file, Mode::from_raw_mode(self.mode))
            .and_then(|()| rustix::fs::fsync(&self.file))
            .map_err(|error| io::Error::from(error).to_string())
    }
}

/// Writes a temporary file beside `spot`, whole and on the disk, or none. Its name.
fn write_beside(spot: &Spot, bytes: &[u8], mode: u32, owner: Option<(u32, u32)>) -> io::Result<OsString> {
    let name = aside()?;
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let file = rustix::fs::openat(&spot.folder, &name, flags, Mode::RUSR | Mode::WUSR)?;
    let mut file = File::from(file);
    let written = file.write_all(bytes).and_then(|()| {
        if let Some((uid, gid)) = owner {
            let stat = rustix::fs::fstat(&file)?;
            if (stat.st_uid, stat.st_gid) != (uid, gid) {
                rustix::fs::fchown(&file, Some(Uid::from_raw(uid)), Some(Gid::from_raw(gid)))?;
            }
        }
        // After the owner, because a change of owner takes bits away.
        rustix::fs::fchmod(&file, Mode::from_raw_mode(mode))?;
        file.sync_all()
    });
    if let Err(error) = written {
        unlink(spot, &name);
        return Err(error);
    }
    Ok(name)
}

fn aside() -> io::Result<OsString> {
    let random = private::random::<8>().map_err(|_| io::Error::other("no random numbers"))?;
    Ok(OsString::from(format!(".countersign-{}.tmp", HEXLOWER.encode(&random))))
}

fn is_still(spot: &Spot, name: &OsString, identity: &Identity) -> io::Result<bool> {
    let stat = paths::stat(&spot.folder, name)?;
    Ok(stat.is_some_and(|stat| paths::identity(&stat) == *identity))
}

fn rename(spot: &Spot, from: &OsString, to: &OsString, flags: RenameFlags) -> io::Result<()> {
    match rustix::fs::renameat_with(&spot.folder, from, &spot.folder, to, flags) {
        Ok(()) => Ok(()),
        Err(Errno::NOSYS) if flags.is_empty() => {
            Ok(rustix::fs::renameat(&spot.folder, from, &spot.folder, to)?)
        }
        Err(errno) => Err(errno.into()),
    }
}

fn unsupported(error: &io::Error) -> bool {
    let errno = error.raw_os_error().map(Errno::from_raw_os_error);
    matches!(errno, Some(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP))
}

fn unlink(spot: &Spot, name: &OsString) {
    let _ = rustix::fs::unlinkat(&spot.folder, name, AtFlags::empty());
}

/// Makes the last rename last.
fn sync(spot: &Spot) -> io::Result<()> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    match rustix::fs::openat(&spot.folder, ".", flags, Mode::empty()) {
        Ok(folder) => Ok(rustix::fs::fsync(&folder)?),
        // A folder that may be entered and not listed cannot be opened for this.
        Err(Errno::ACCESS) => Ok(()),
        Err(errno) => Err(errno.into()),
    }
}

fn words(spot: &Spot) -> impl Fn(io::Error) -> String {
    let path = paths::text(&spot.path).as_bytes().escape_ascii().to_string();
    move |error| format!("{path}: {error}")
}

fn say(spot: &Spot, why: &str) -> String {
    format!("{}: {why}", paths::text(&spot.path).as_bytes().escape_ascii())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    // What happens between the look and the deed, for which a whole gate leaves no time.

    fn here() -> (tempfile::TempDir, std::path::PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().canonicalize().unwrap().join("file");
        (folder, path)
    }

    fn names(path: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(path.parent().unwrap()).unwrap();
        entries.map(|it| it.unwrap().file_name().into_string().unwrap()).collect()
    }

    fn held(path: &Path) -> (Spot, Held) {
        hold(path, &Digest::of(&std::fs::read(path).unwrap()), None).unwrap()
    }

    #[test]
    fn what_comes_where_a_file_is_created_is_not_replaced() {
        let (_folder, path) = here();
        let create = Create::at(&path, b"ours".to_vec(), 0o644).unwrap();
        std::fs::write(&path, "theirs").unwrap();
        assert!(create.act().unwrap_err().contains("something came there"));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "theirs");
        assert_eq!(names(&path), ["file"]);
    }

    #[test]
    fn another_file_in_the_place_of_the_one_that_was_looked_at_is_left() {
        for deed in ["edit", "delete"] {
            for change in ["another file", "other bytes", "a link", "nothing"] {
                let (_folder, path) = here();
                std::fs::write(&path, "before").unwrap();
                let (spot, held) = held(&path);
                if change != "other bytes" {
                    std::fs::remove_file(&path).unwrap();
                }
                match change {
                    "another file" => std::fs::write(&path, "before").unwrap(),
                    "other bytes" => std::fs::write(&path, "afterwards").unwrap(),
                    "a link" => std::os::unix::fs::symlink("/etc/passwd", &path).unwrap(),
                    _ => {}
                }
                let before = std::fs::read(&path).ok();
                let done = match deed {
                    "edit" => Edit { spot, held, bytes: b"ours".to_vec(), mode: 0o644 }.act(),
                    _ => Taken { spot, held }.act(),
                };
                assert!(done.is_err(), "{deed}, {change}");
                assert_eq!(std::fs::read(&path).ok(), before, "{deed}, {change}");
                assert_eq!(names(&path).len(), usize::from(change != "nothing"), "{deed}, {change}");
            }
        }
    }

    #[test]
    fn what_slips_in_after_the_last_look_is_put_back() {
        let (_folder, path) = here();
        std::fs::write(&path, "before").unwrap();
        let (spot, held) = held(&path);
        let edit = Edit { spot, held, bytes: b"ours".to_vec(), mode: 0o644 };
        let temporary = write_beside(&edit.spot, &edit.bytes, edit.mode, None).unwrap();
        std::fs::remove_file(&path).unwrap();
        std::fs::write(&path, "theirs").unwrap();
        assert!(edit.swap(&temporary).unwrap_err().contains("another file came there"));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "theirs");

        let (spot, held) = self::held(&path);
        std::fs::remove_file(&path).unwrap();
        std::fs::write(&path, "of others").unwrap();
        assert!(Taken { spot, held }.take_aside().unwrap_err().contains("another file came there"));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "of others");
    }
}
