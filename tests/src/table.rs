//! What a test found, as a table of Markdown: written to `target/tables`, and compared with the one in `docs`.
//!
//! `UPDATE_TABLES=1` writes what was found into the document instead.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use crate::programs;

/// A table that a test fills, for one part of a document.
#[derive(Debug)]
pub struct Table {
    document: &'static str,
    part: &'static str,
    head: String,
    rows: Vec<String>,
    closing: String,
}

impl Table {
    /// An empty table for `docs/<document>`, between the marks of its part.
    pub fn new(document: &'static str, part: &'static str, head: &[&str]) -> Self {
        let line = vec!["---"; head.len()];
        let head = format!("{}\n{}", row(head), row(&line));
        Self { document, part, head, rows: vec![], closing: String::new() }
    }

    /// Adds a row.
    pub fn add(&mut self, cells: &[&str]) {
        self.rows.push(row(cells));
    }

    /// What stands below the table.
    pub fn close_with(&mut self, line: String) {
        self.closing = line;
    }

    /// Writes the table down and compares it with the document.
    ///
    /// # Panics
    ///
    /// When the document says something else.
    pub fn check(&self) {
        let text = [self.head.as_str(), &self.rows.join("\n"), "", &self.closing].join("\n");
        let text = text.trim_end();
        self.keep(text);
        let path = self.path();
        // Several tests may write to one document.
        let file = File::options().read(true).write(true).create(true).truncate(false).open(&path).unwrap();
        file.lock().unwrap();
        let document = fs::read_to_string(&path).unwrap();
        let (before, there, after) = self.split(&document);
        if std::env::var_os("UPDATE_TABLES").is_some() {
            return fs::write(&path, format!("{before}\n\n{text}\n\n{after}")).unwrap();
        }
        assert_eq!(
            there.trim(),
            text,
            "{} says something else; UPDATE_TABLES=1 writes it anew",
            path.display()
        );
    }

    fn keep(&self, text: &str) {
        let folder = programs::target().join("tables");
        fs::create_dir_all(&folder).unwrap();
        let name = format!("{}-{}.md", self.document.trim_end_matches(".md"), self.part);
        fs::write(folder.join(name), format!("{text}\n")).unwrap();
    }

    fn path(&self) -> PathBuf {
        programs::house().join("docs").join(Path::new(self.document))
    }

    fn split<'a>(&self, document: &'a str) -> (&'a str, &'a str, &'a str) {
        let [begin, end] = [format!("<!-- {} -->", self.part), format!("<!-- end of {} -->", self.part)];
        let found = document.find(&begin).zip(document.find(&end));
        let Some((from, to)) = found else { panic!("{} has no part {begin}", self.path().display()) };
        let from = from + begin.len();
        (&document[..from], &document[from..to], &document[to..])
    }
}

fn row(cells: &[&str]) -> String {
    format!("| {} |", cells.join(" | "))
}
