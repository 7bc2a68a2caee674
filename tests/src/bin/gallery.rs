//! Takes a picture of every scene in both themes at every size, into
//! `target/gallery`, and says what axe-core, the measures and the pictures
//! themselves find there.
//!
//! `gallery [NAME…]`: only scenes whose names contain one of these. Ends with
//! 1 when something was found.

#![allow(clippy::print_stdout, reason = "it talks to a terminal")]
#![allow(clippy::unwrap_used, reason = "it may panic")]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::thread;

use countersign_tests::gallery::{self, Gallery, SIZES, Size, THEMES};
use countersign_tests::{Desktop, sealed};

/// The scene, the name of its picture, and what was found there.
type Taken = (String, String, Vec<String>);

fn main() -> ExitCode {
    sealed::seal_program();
    let names: Vec<String> = std::env::args().skip(1).collect();
    let folder = gallery::folder();
    if names.is_empty() {
        // Pictures of scenes that are no more would lie.
        let _ = std::fs::remove_dir_all(&folder);
    }
    std::fs::create_dir_all(&folder).unwrap();
    let taken: Vec<Taken> = thread::scope(|scope| {
        let at = |size| {
            scope.spawn({
                let (folder, names) = (&folder, &names);
                move || take(folder, names, size)
            })
        };
        let threads: Vec<_> = SIZES.map(at).into_iter().collect();
        threads.into_iter().flat_map(|it| it.join().unwrap()).collect()
    });
    let mut scenes: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (scene, picture, _) in &taken {
        scenes.entry(scene).or_default().push(picture);
    }
    std::fs::write(folder.join("index.html"), gallery::index(&scenes)).unwrap();
    let found: usize = taken.iter().map(|(.., lines)| lines.len()).sum();
    println!("{} scenes, {} pictures, {found} found", scenes.len(), taken.len());
    println!("{}", folder.join("index.html").display());
    if found == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Every wanted scene at one size.
fn take(folder: &Path, names: &[String], size: Size) -> Vec<Taken> {
    let mut desktop = Desktop::start();
    let gallery = Gallery::open(&mut desktop, size);
    let mut taken = vec![];
    let wanted = |scene: &&String| names.is_empty() || names.iter().any(|name| scene.contains(name.as_str()));
    for scene in gallery.scenes.iter().filter(wanted) {
        let mut lines = gallery.show(scene, THEMES[0]);
        for theme in THEMES {
            gallery.dress(theme);
            let name = gallery::picture_name(scene, theme, size);
            gallery.picture(&folder.join(&name));
            lines.extend(gallery.painted());
            lines.extend(gallery.accessible());
            // What has sizes and takes the focus is the same in both.
            if theme == THEMES[1] {
                lines.extend(gallery.measured());
                // All of them take minutes more: the tests walk through all.
                if !names.is_empty() {
                    lines.extend(gallery.walked());
                }
            }
            for line in &lines {
                println!("{name}: {line}");
            }
            taken.push((scene.clone(), name, std::mem::take(&mut lines)));
        }
    }
    gallery.close();
    taken
}
