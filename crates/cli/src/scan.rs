//! `scan`: looks for what is sensitive in a text. It needs no gate, no key and no network.
//!
//! What is found is never printed, only where it stands and what it is: the output may be kept.

use std::borrow::Cow;
use std::io::{BufRead, BufReader, BufWriter, Read as _, Write};
use std::path::Path;

use countersign_core::content::MAX_TOTAL;
use countersign_sensitivity::{Finding, Reach, Rules, Severity, TeamRules, own_names};
use countersign_sheet::{plain, value, words};
use serde::{Deserialize, Serialize};

use crate::args::Scan;
use crate::exit::Exit;
use crate::{file, out};

/// Looks, prints, and ends with 0 where nothing but notes was found, 1 where more was, 2 with trouble.
pub(crate) fn scan(scan: &Scan, json: bool) -> Exit {
    look(scan, json).unwrap_or_else(|why| {
        out::trouble(&why, json);
        Exit::TROUBLE
    })
}

/// # Errors
///
/// What kept us from looking, in sentences.
fn look(scan: &Scan, json: bool) -> Result<Exit, String> {
    let rules = rules(scan)?;
    if scan.jsonl {
        if scan.file.as_deref().is_some_and(|it| it != Path::new("-")) {
            return Err("With --jsonl the texts come on standard input. Nothing was looked at.".to_owned());
        }
        return lines(&rules, &scan.to);
    }
    let (name, bytes) = text(scan)?;
    let path = scan.file.as_deref().and_then(Path::to_str);
    let found = rules.scan_file(&bytes, path, reach(&scan.to));
    if json {
        out::json(&found.iter().map(Told::of).collect::<Vec<_>>());
    } else {
        print(&name, &bytes, &found);
    }
    let counts = found.iter().any(|it| it.severity > Severity::Note);
    Ok(if counts { Exit::FOUND } else { Exit::DONE })
}

/// Who can read what goes there. Of a target only its name is known here, so it could be everyone.
fn reach(to: &str) -> Reach {
    match to {
        "private" => Reach::Private,
        "team" => Reach::Team,
        _ => Reach::Public,
    }
}

fn rules(scan: &Scan) -> Result<Rules, String> {
    let team = match &scan.rules {
        Some(path) => TeamRules::parse(&own(path)?).map_err(|it| refused(path, &it.to_string()))?,
        None => TeamRules::default(),
    };
    let names = match &scan.names {
        Some(path) => own_names(&own(path)?).map_err(|it| refused(path, &it))?,
        None => Vec::new(),
    };
    for it in team.left_out() {
        let rule = if it.rule.is_empty() { "the file".to_owned() } else { format!("rule {}", it.rule) };
        out::usage(&format!("countersign: {rule}: {}", it.reason));
    }
    Ok(Rules::with(team, &names))
}

/// A file of rules or names.
fn own(path: &Path) -> Result<String, String> {
    let read = file::read(path, "looked at")?;
    String::from_utf8(file::bytes(read.as_ref()).to_vec()).map_err(|_| refused(path, "it is not UTF-8"))
}

fn refused(path: &Path, why: &str) -> String {
    let why = format!(": {why}. Nothing was looked at.");
    plain(&[&[words("")], value(file::path(path)).as_slice(), &[words(why)]].concat())
}

/// What is to be looked at, and what it is called.
fn text(scan: &Scan) -> Result<(String, Vec<u8>), String> {
    match scan.file.as_deref().filter(|it| *it != Path::new("-")) {
        Some(path) => {
            let read = file::read(path, "looked at")?;
            let bytes = read.map(|it| it.bytes).unwrap_or_default();
            Ok((plain(&value(file::path(path))), bytes))
        }
        None => {
            let mut bytes = Vec::new();
            let input = std::io::stdin().lock().take(MAX_TOTAL + 1);
            let read = { input }.read_to_end(&mut bytes);
            read.map_err(|cause| {
                format!("Standard input could not be read: {cause}. Nothing was looked at.")
            })?;
            if bytes.len() as u64 > MAX_TOTAL {
                return Err("Standard input is larger than 64 MiB. Nothing was looked at.".to_owned());
            }
            Ok(("-".to_owned(), bytes))
        }
    }
}

/// A line for each finding, and what it means below; none of it is from the text.
fn print(name: &str, text: &[u8], found: &[Finding]) {
    let mut place = Place { text, at: 0, line: 1, start: 0 };
    for it in found {
        let (line, column) = place.of(it.range.start);
        let severity = severity(it.severity);
        // Titles and names of a team's rules come from its file.
        let (title, rule) = (plain(&value(it.says().as_bytes())), plain(&value(it.rule.as_bytes())));
        out::say(&format!("{name}:{line}:{column}: {severity}: {title} ({rule}, {} bytes)", it.range.len()));
        let fix = it.fix.map(|fix| format!(" {fix}")).unwrap_or_default();
        out::say(&format!("    {}{fix}", it.why));
    }
}

/// Lines and columns of places that come in order.
struct Place<'t> {
    text: &'t [u8],
    at: usize,
    line: usize,
    start: usize,
}

impl Place<'_> {
    /// Line and column, from 1; a column is a byte.
    fn of(&mut self, at: usize) -> (usize, usize) {
        for (offset, byte) in self.text[self.at..at].iter().enumerate() {
            if *byte == b'\n' {
                self.line += 1;
                self.start = self.at + offset + 1;
            }
        }
        self.at = at;
        (self.line, at - self.start + 1)
    }
}

fn severity(of: Severity) -> &'static str {
    match of {
        Severity::Note => "note",
        Severity::Warning => "warning",
        Severity::Blocking => "blocking",
    }
}

/// A line of the input.
#[derive(Deserialize)]
struct Asked<'l> {
    id: serde_json::Value,
    #[serde(borrow)]
    text: Cow<'l, str>,
    to: Option<String>,
}

/// A finding as it is told. `start` and `end` are bytes of the text in UTF-8.
#[derive(Serialize)]
struct Told<'f> {
    start: usize,
    end: usize,
    category: &'static str,
    kind: &'f str,
    severity: &'static str,
    why: &'f str,
}

impl<'f> Told<'f> {
    fn of(it: &'f Finding) -> Self {
        let (category, severity) = (it.category.as_str(), severity(it.severity));
        Self { start: it.range.start, end: it.range.end, category, kind: &it.rule, severity, why: &it.why }
    }
}

#[derive(Serialize)]
struct Answer<'a> {
    id: &'a serde_json::Value,
    findings: Vec<Told<'a>>,
}

/// Answers line by line, each before the next is read.
fn lines(rules: &Rules, to: &str) -> Result<Exit, String> {
    let mut input = BufReader::new(std::io::stdin().lock());
    let mut output = BufWriter::new(std::io::stdout().lock());
    let (mut line, mut number, mut counts) = (Vec::new(), 0usize, false);
    loop {
        line.clear();
        number += 1;
        let stopped = |why: &str| {
            format!("Line {number} {why}. What was before it is answered; nothing after it was looked at.")
        };
        let read = input.by_ref().take(2 * MAX_TOTAL).read_until(b'\n', &mut line);
        if read.map_err(|cause| stopped(&format!("could not be read: {cause}")))? == 0 {
            break;
        }
        if line.len() as u64 == 2 * MAX_TOTAL {
            return Err(stopped("is longer than 128 MiB"));
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        let asked: Asked<'_> = serde_json::from_slice(&line)
            .map_err(|_| stopped("is not a JSON object with `id` and `text`"))?;
        let found = rules.scan(asked.text.as_bytes(), reach(asked.to.as_deref().unwrap_or(to)));
        counts |= found.iter().any(|it| it.severity > Severity::Note);
        let answer = Answer { id: &asked.id, findings: found.iter().map(Told::of).collect() };
        let text = serde_json::to_string(&answer).unwrap_or_default();
        let written = writeln!(output, "{}", out::ascii(&text)).and_then(|()| {
            // Whoever waits for an answer before asking again gets it.
            if input.buffer().is_empty() { output.flush() } else { Ok(()) }
        });
        written.map_err(|cause| {
            format!("The output could not be written whole: {cause}. Do not use what there is of it.")
        })?;
    }
    output.flush().map_err(|cause| {
        format!("The output could not be written whole: {cause}. Do not use what there is of it.")
    })?;
    Ok(if counts { Exit::FOUND } else { Exit::DONE })
}
