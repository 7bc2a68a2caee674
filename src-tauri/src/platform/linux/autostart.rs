//! Starting with the session: one `.desktop` file in the person's autostart folder
//! (freedesktop Desktop Application Autostart Specification 0.5).

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use crate::platform::BACKGROUND;

const NAME: &str = "app.countersign.desktop";

pub(super) fn file() -> Option<PathBuf> {
    // A path that is not absolute is to be ignored, says the specification.
    let absolute = |name: &str| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let config = absolute("XDG_CONFIG_HOME").or_else(|| Some(absolute("HOME")?.join(".config")))?;
    Some(config.join("autostart").join(NAME))
}

/// The entry, and what a crash left of one that was being written.
pub(super) fn files() -> Vec<PathBuf> {
    file().into_iter().flat_map(|file| [temporary(&file), file]).collect()
}

fn temporary(file: &Path) -> PathBuf {
    file.with_extension("new")
}

/// The program to start: an AppImage is not where it runs.
fn program() -> io::Result<PathBuf> {
    match env::var_os("APPIMAGE").map(PathBuf::from).filter(|path| path.is_absolute()) {
        Some(image) => Ok(image),
        None => env::current_exe(),
    }
}

pub(super) fn is_on() -> bool {
    let read = file().and_then(|file| fs::read_to_string(file).ok());
    read.is_some_and(|text| starts(&text))
}

/// Whether a desktop starts what the entry names. Each turns it off by a line of its own.
fn starts(entry: &str) -> bool {
    !entry.lines().any(|line| {
        let line = line.replace(' ', "").to_lowercase();
        ["hidden=true", "x-gnome-autostart-enabled=false"].contains(&line.trim())
    })
}

pub(super) fn turn_on() -> io::Result<()> {
    let Some(file) = file() else { return Err(io::Error::other("there is no home folder")) };
    let text = entry(&program()?)?;
    if fs::read_to_string(&file).is_ok_and(|there| there == text) {
        return Ok(());
    }
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    let temporary = temporary(&file);
    fs::write(&temporary, text)?;
    fs::File::open(&temporary)?.sync_all()?;
    fs::rename(&temporary, &file)
}

pub(super) fn turn_off() -> io::Result<()> {
    match file().map(fs::remove_file) {
        None | Some(Ok(())) => Ok(()),
        Some(Err(cause)) if cause.kind() == io::ErrorKind::NotFound => Ok(()),
        Some(Err(cause)) => Err(cause),
    }
}

pub(super) fn hindrance() -> Option<String> {
    if file().is_none() {
        return Some("There is no home folder here, where the desktop would look.".to_owned());
    }
    let written = program().and_then(|program| entry(&program));
    written.err().map(|cause| format!("The desktop could not start this program: {cause}."))
}

fn entry(program: &Path) -> io::Result<String> {
    Ok(format!(
        "[Desktop Entry]\nType=Application\nVersion=1.0\nName=Countersign\nComment=Reviews and signs what AI \
         agents are about to do\nExec={} {BACKGROUND}\nTerminal=false\nX-GNOME-Autostart-enabled=true\n",
        quoted(program.as_os_str())?
    ))
}

/// A path as an argument of `Exec` (Desktop Entry Specification 1.5, "The Exec key").
fn quoted(path: &OsStr) -> io::Result<String> {
    let odd = || io::Error::other("its path has characters that an autostart entry cannot hold");
    let path = path.to_str().ok_or_else(odd)?;
    if path.chars().any(char::is_control) {
        return Err(odd());
    }
    let mut made = String::from("\"");
    for c in path.chars() {
        match c {
            // Escaped for the quoting, and the backslash once more for the value of a key.
            '"' | '`' | '$' => made.extend(["\\\\", c.encode_utf8(&mut [0; 4])]),
            '\\' => made.push_str("\\\\\\\\"),
            '%' => made.push_str("%%"),
            c => made.push(c),
        }
    }
    made.push('"');
    Ok(made)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use std::os::unix::ffi::OsStrExt as _;

    use super::*;

    /// As a desktop reads it: the value of the key, then the quoting, then the field codes.
    fn read(exec: &str) -> Vec<String> {
        let mut value = String::new();
        let mut letters = exec.chars();
        while let Some(c) = letters.next() {
            value.push(if c == '\\' { letters.next().unwrap() } else { c });
        }
        let (mut words, mut word, mut quoted) = (vec![], String::new(), false);
        let mut letters = value.chars();
        while let Some(c) = letters.next() {
            match c {
                '"' => quoted = !quoted,
                '\\' if quoted => word.push(letters.next().unwrap()),
                ' ' if !quoted => words.push(std::mem::take(&mut word)),
                '%' => {
                    assert_eq!(letters.next(), Some('%'), "a field code");
                    word.push('%');
                }
                c => word.push(c),
            }
        }
        words.push(word);
        words
    }

    #[test]
    fn any_path_comes_back_as_it_was() {
        for path in [
            "/usr/bin/countersign-app",
            "/home/ada/my programs/it's \"new\"/app",
            "/opt/100%/$HOME/`id`/a\\b",
            "/opt/%f/%U",
            "/opt/gr\u{fc}n",
            "/opt/semi;colon&(paren) --background",
        ] {
            let exec = format!("{} {BACKGROUND}", quoted(OsStr::new(path)).unwrap());
            assert_eq!(read(&exec), [path, BACKGROUND], "{exec}");
        }
    }

    #[test]
    fn an_entry_is_on_until_a_desktop_turns_it_off() {
        let ours = entry(Path::new("/usr/bin/countersign-app")).unwrap();
        assert!(starts(&ours));
        assert!(starts(&ours.replace("X-GNOME-Autostart-enabled=true\n", "")), "another desktop's line");
        assert!(starts(&format!("{ours}Hidden=false\n")));
        for off in [
            "Hidden=true",
            "hidden = True",
            "X-GNOME-Autostart-enabled=false",
            "X-GNOME-Autostart-enabled = false",
        ] {
            let text = ours.replace("X-GNOME-Autostart-enabled=true", off);
            assert!(!starts(&text), "{text}");
        }
    }

    #[test]
    fn a_path_that_no_entry_can_hold_is_refused() {
        assert!(quoted(OsStr::new("/opt/a\nExec=evil")).is_err());
        assert!(quoted(OsStr::from_bytes(b"/opt/\xff")).is_err());
    }
}
