//! Fetches what the ui is built with and builds it, each only when something changed.

use crate::house::House;
use crate::line::Line;
use crate::steps::Steps;
use std::fs;
use std::io;
use std::path::Path;
use std::time::SystemTime;

/// Runs `npm ci` unless the lock file is the one it last ran with.
pub(crate) fn fetch(house: &House, steps: &mut Steps) -> Result<(), String> {
    let folder = house.root.join("ui");
    let lock = fs::read(folder.join("package-lock.json"))
        .map_err(|error| format!("ui/package-lock.json could not be read: {error}"))?;
    // In the folder that npm fills, so that it goes when that is removed.
    let stamp = folder.join("node_modules/.fetched-for");
    if fs::read(&stamp).is_ok_and(|had| had == lock) {
        return Ok(());
    }
    let line = npm("ci --no-audit --no-fund");
    steps.run(house, "ui packages", "package-lock.json is new or changed", &line)?;
    fs::write(&stamp, lock).map_err(|error| format!("{} could not be written: {error}", stamp.display()))
}

/// Runs the build unless `ui/dist` is newer than everything it is made of.
pub(crate) fn build(house: &House, steps: &mut Steps) -> Result<(), String> {
    let folder = house.root.join("ui");
    let built = fs::metadata(folder.join("dist/index.html")).and_then(|data| data.modified()).ok();
    let changed = newest(&folder).map_err(|error| format!("ui/ could not be read: {error}"))?;
    if built.is_some_and(|built| built > changed) {
        return Ok(());
    }
    steps.run(house, "ui", "ui/dist is older than its sources, or not there", &npm("run build"))
}

pub(crate) fn npm(words: &str) -> Line {
    Line::new(&format!("npm {words}")).within("ui")
}

/// When anything below `folder` last changed, folders themselves included: that tells of removed files.
///
/// What the build makes or npm fetches does not count, nor does `folder` itself, in which both appear.
fn newest(folder: &Path) -> io::Result<SystemTime> {
    let mut newest = SystemTime::UNIX_EPOCH;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if ["dist", "node_modules"].iter().any(|made| entry.file_name() == *made) {
            continue;
        }
        let data = entry.metadata()?;
        newest = newest.max(data.modified()?);
        if data.is_dir() {
            newest = newest.max(self::newest(&entry.path())?);
        }
    }
    Ok(newest)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::*;
    use std::fs::File;
    use std::time::Duration;

    fn at(path: &Path, seconds: u64) {
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        File::open(path).unwrap().set_modified(time).unwrap();
    }

    #[test]
    fn the_newest_source_counts_and_what_is_made_does_not() {
        let folder = std::env::temp_dir().join(format!("countersign-newest-{}", std::process::id()));
        for name in ["src/lib", "dist", "node_modules/x"] {
            fs::create_dir_all(folder.join(name)).unwrap();
        }
        for (name, seconds) in [
            ("src/lib/ipc.ts", 500),
            ("src/main.ts", 300),
            ("dist/index.html", 900),
            ("node_modules/x/index.js", 800),
            ("src/lib", 200),
            ("src", 100),
        ] {
            let path = folder.join(name);
            if !path.exists() {
                fs::write(&path, "").unwrap();
            }
            at(&path, seconds);
        }
        // The folders changed when their files were made.
        at(&folder.join("src/lib"), 200);
        at(&folder.join("src"), 100);
        let seconds = |time: SystemTime| time.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
        assert_eq!(seconds(newest(&folder).unwrap()), 500);

        // Removing a file changes its folder.
        fs::remove_file(folder.join("src/main.ts")).unwrap();
        at(&folder.join("src"), 700);
        assert_eq!(seconds(newest(&folder).unwrap()), 700);

        fs::remove_dir_all(folder).unwrap();
    }
}
