//! Takes a picture of every scene in both themes at every size, into
//! `target/gallery`, and says what axe-core and the measures find there.
//!
//! `gallery [NAME…]`: only scenes whose names contain one of these. Ends with
//! 1 when something was found.

#![allow(clippy::print_stdout, reason = "it talks to a terminal")]
#![allow(clippy::unwrap_used, reason = "it may panic")]

use std::collections::BTreeMap;
use std::process::ExitCode;

use countersign_tests::gallery::{self, Gallery, SIZES, THEMES};
use countersign_tests::{Desktop, sealed};

fn main() -> ExitCode {
    sealed::seal_program();
    let names: Vec<String> = std::env::args().skip(1).collect();
    let folder = gallery::folder();
    if names.is_empty() {
        // Pictures of scenes that are no more would lie.
        let _ = std::fs::remove_dir_all(&folder);
    }
    std::fs::create_dir_all(&folder).unwrap();
    let mut taken: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut found = vec![];
    for size in SIZES {
        let mut desktop = Desktop::start();
        let gallery = Gallery::open(&mut desktop, size);
        let wanted =
            |scene: &&String| names.is_empty() || names.iter().any(|name| scene.contains(name.as_str()));
        for scene in gallery.scenes.iter().filter(wanted) {
            for theme in THEMES {
                let mut lines = gallery.show(scene, theme);
                let name = gallery::picture_name(scene, theme, size);
                gallery.picture(&folder.join(&name));
                lines.extend(gallery.measured());
                lines.extend(gallery.accessible());
                // Where the focus goes is the same in both.
                if theme == THEMES[0] {
                    lines.extend(gallery.walked());
                }
                for line in lines {
                    println!("{name}: {line}");
                    found.push((name.clone(), line));
                }
                taken.entry(scene.clone()).or_default().push(name);
            }
        }
        gallery.close();
    }
    let all: Vec<(String, Vec<String>)> = taken.into_iter().collect();
    std::fs::write(folder.join("index.html"), gallery::index(&all)).unwrap();
    let pictures: usize = all.iter().map(|(_, pictures)| pictures.len()).sum();
    println!("{} scenes, {pictures} pictures, {} found", all.len(), found.len());
    println!("{}", folder.join("index.html").display());
    if found.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
