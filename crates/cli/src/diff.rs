//! `diff`: compares two files with the engine of the sheet. It needs no gate, no key and no network.

mod facts;
mod json;
mod text;

use std::io::{BufWriter, IsTerminal as _, Write as _};
use std::path::{Component, Path};

use countersign_diff::unified::{self, unified};
use countersign_sheet::{plain, value, words};

use crate::args::Diff;
use crate::exit::Exit;
use crate::file::{self, File};
use crate::out;

/// Two files, or what stands for one that is not there.
struct Pair<'a> {
    old: &'a Path,
    new: &'a Path,
    before: Option<File>,
    after: Option<File>,
}

/// Compares, prints, and ends as diff(1) does: 0 the same, 1 different, 2 trouble.
pub(crate) fn diff(diff: &Diff, json: bool) -> Exit {
    compare(diff, json).unwrap_or_else(|why| {
        out::trouble(&why, json);
        Exit::TROUBLE
    })
}

/// # Errors
///
/// What kept us from comparing, in sentences; nothing was printed then.
fn compare(diff: &Diff, json: bool) -> Result<Exit, String> {
    if json && diff.unified {
        return Err("Choose --json or --unified; a patch has no JSON. Nothing was compared.".to_owned());
    }
    let (before, after) = (file::read(&diff.old, "compared")?, file::read(&diff.new, "compared")?);
    let same = before == after;
    let pair = Pair { old: &diff.old, new: &diff.new, before, after };
    let patch = if diff.unified { pair.patch()? } else { Vec::new() };
    let mut to = BufWriter::new(std::io::stdout().lock());
    let written = if diff.unified {
        to.write_all(&patch)
    } else if json {
        json::write(&mut to, &pair)
    } else if same {
        Ok(())
    } else {
        text::write(&mut to, &pair)
    };
    if let Err(cause) = written.and_then(|()| to.flush()) {
        // Not as JSON: what is there of the output would swallow it.
        out::note(&format!(
            "The output could not be written whole: {cause}. Do not use what there is of it."
        ));
        return Ok(Exit::TROUBLE);
    }
    Ok(if same { Exit::DONE } else { Exit::DIFFERENT })
}

impl Pair<'_> {
    fn bytes(&self) -> (&[u8], &[u8]) {
        (file::bytes(self.before.as_ref()), file::bytes(self.after.as_ref()))
    }

    fn patch(&self) -> Result<Vec<u8>, String> {
        let path = if self.before.is_some() { self.old } else { self.new };
        let made = unified(&name(path), side(self.before.as_ref()), side(self.after.as_ref()));
        let patch = made.map_err(|unified::Error::Name| {
            let why =
                " cannot be named in a patch: git applies none to a path of its own. No patch was written.";
            plain(&[&[words("")], value(file::path(path)).as_slice(), &[words(why)]].concat())
        })?;
        let harmless = |byte: &u8| matches!(byte, b' '..=b'~' | b'\n' | b'\t');
        if std::io::stdout().is_terminal() && !patch.iter().all(harmless) {
            let why = "The patch holds bytes that a terminal obeys or shows as something else.";
            return Err(format!("{why} Nothing was printed. Send it to a file or to `git apply`."));
        }
        if let (Some(before), Some(after)) = (&self.before, &self.after)
            && before.mode != after.mode
            && (before.mode ^ after.mode) != 0o111
        {
            let (old, new) = (before.mode, after.mode);
            out::note(&format!(
                "Git keeps of a mode only whether the owner may execute: {old:04o} to {new:04o} is not in the patch."
            ));
        }
        Ok(patch)
    }
}

fn side(file: Option<&File>) -> Option<unified::File<'_>> {
    file.map(|it| unified::File { bytes: &it.bytes, executable: it.mode & 0o100 != 0 })
}

/// What the file is called in a patch: as it was named, if that leads down from here, else its last part.
fn name(path: &Path) -> Vec<u8> {
    let down = path.components().all(|it| matches!(it, Component::Normal(_) | Component::CurDir));
    let parts: Vec<_> = path.components().filter(|it| matches!(it, Component::Normal(_))).collect();
    let parts = if down { parts.as_slice() } else { &parts[parts.len().saturating_sub(1)..] };
    parts.iter().map(|it| it.as_os_str().as_encoded_bytes()).collect::<Vec<_>>().join(&b'/')
}
