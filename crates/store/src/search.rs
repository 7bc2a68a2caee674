//! Words in all that was seen: which entries have them, and where.
//!
//! An entry's texts are folded (lower case, character by character) and cut
//! into every three characters in a row; the index knows which entries have
//! which, and a match is then looked up in the text itself. So any part of a
//! word is found, in code and in languages that put no spaces between words,
//! and the index only ever sees quoted triples, never what somebody typed.
//!
//! Words of fewer than three characters are looked up without the index,
//! the newest entries first. Work is bounded by bytes looked at: a search that
//! is cut short says from where it goes on.

use countersign_core::digest::Digest;
use rusqlite::{Row, params};

use crate::items::Seen;
use crate::rows::{Sql, maybe, value};
use crate::{Error, Tx};

/// The most bytes of text of one entry that are kept for searching.
pub const MAX_TEXT: usize = 256 * 1024;

/// The most bytes of what is searched for.
pub const MAX_QUERY: usize = 4096;

/// The most triples that the index is asked for.
const TRIPLES: usize = 12;

/// The most bytes that one search looks at.
const WORK: usize = 24 << 20;

/// The least that looking at one entry counts as.
const LEAST: usize = 4096;

/// Bytes before and after the first match that an excerpt has.
const AROUND: usize = 60;

/// A text of an entry, and the place that it has there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// For whoever shows it.
    pub place: u8,
    /// The text.
    pub text: String,
}

/// An entry that is to be indexed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unindexed {
    /// Its number.
    pub entry: i64,
    /// How often it changed.
    pub changes: i64,
    /// The proposal that it is of.
    pub proposal: Option<Digest>,
    /// The evidence that it is of.
    pub evidence: Option<Digest>,
}

/// What to look for: words, all of which an entry must have. It is text and has no syntax.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    // Folded, each once, the longest first.
    words: Vec<String>,
}

/// An entry that has all the words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Its number.
    pub entry: i64,
    /// What it is.
    pub seen: Seen,
    /// The place of the text that the excerpt is from.
    pub place: u8,
    /// Some of the text around the first match.
    pub excerpt: String,
    /// Whether the text goes on before the excerpt, and after it.
    pub cut: (bool, bool),
    /// The matches in the excerpt, by bytes, sorted and apart.
    pub matches: Vec<std::ops::Range<usize>>,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hits {
    /// The newest first.
    pub hits: Vec<Hit>,
    /// The entry before which the search goes on; `None` when all was looked at.
    pub next: Option<i64>,
}

impl Query {
    /// The words of `text`, without those of its bytes that are beyond [`MAX_QUERY`].
    #[must_use]
    pub fn new(text: &str) -> Self {
        let end = (0..=text.len().min(MAX_QUERY)).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let mut words: Vec<String> = text[..end].split_whitespace().map(fold).collect();
        words.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        words.dedup();
        Self { words }
    }

    /// Whether there is nothing to look for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// As the index is asked: quoted triples, all of which an entry must have. `None` when every word is shorter.
    fn triples(&self) -> Option<String> {
        let all: Vec<String> = self.words.iter().flat_map(|word| apart(word)).collect();
        // Evenly chosen: neighbours of one word tell less than different words.
        let step = all.len().div_ceil(TRIPLES).max(1);
        let quoted: Vec<String> =
            all.iter().step_by(step).map(|triple| format!("\"{}\"", triple.replace('"', "\"\""))).collect();
        (!quoted.is_empty()).then(|| quoted.join(" AND "))
    }
}

/// Triples of `word` that together touch all of it.
fn apart(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    if letters.len() < 3 {
        return vec![];
    }
    let last = letters.len() - 3;
    (0..last).step_by(3).chain([last]).map(|at| letters[at..at + 3].iter().collect()).collect()
}

/// Lower case by each character alone, so that it can be done to a part of a text.
fn fold(text: &str) -> String {
    if as_long_folded(text) {
        return text.to_ascii_lowercase();
    }
    text.chars().flat_map(folded).collect()
}

/// Whether every byte of `text` is where it was when it is folded.
fn as_long_folded(text: &str) -> bool {
    text.is_ascii() && !text.contains('\0')
}

fn folded(letter: char) -> impl Iterator<Item = char> {
    // The index ends a text at a NUL.
    let letter = if letter == '\0' { char::REPLACEMENT_CHARACTER } else { letter };
    letter.to_lowercase()
}

impl Tx<'_> {
    /// Entries whose texts are not in the index, or not as they are now; the newest first, at most `most`.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn to_index(&self, most: usize) -> Result<Vec<Unindexed>, Error> {
        let mut found = self.0.prepare_cached(
            "SELECT e.id, p.digest, v.digest, e.changes FROM entry e LEFT JOIN proposal p ON p.id = e.proposal
             LEFT JOIN evidence v ON v.id = e.evidence WHERE e.indexed = 0 ORDER BY e.id DESC LIMIT ?1",
        )?;
        let rows = found.query_map([Sql(most as u64)], unindexed)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Puts the texts of an entry into the index, in place of what was there; at most [`MAX_TEXT`] of them.
    /// `whole` is whether `pieces` is all that there is. When it changed since, it stays to be indexed.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn index(&self, it: &Unindexed, pieces: &[Piece], whole: bool) -> Result<(), Error> {
        let entry = it.entry;
        let still = "SELECT EXISTS (SELECT 1 FROM entry WHERE id = ?1 AND changes = ?2)";
        if !self.0.prepare_cached(still)?.query_row([entry, it.changes], |row| row.get::<_, bool>(0))? {
            return Ok(());
        }
        let (framed, text, fits) = framed(pieces);
        self.unindex(entry)?;
        self.0
            .prepare_cached("INSERT INTO texts (entry, framed) VALUES (?1, ?2)")?
            .execute(params![entry, framed])?;
        self.0
            .prepare_cached("INSERT INTO words (rowid, text) VALUES (?1, ?2)")?
            .execute(params![entry, text])?;
        let indexed = if whole && fits { 1 } else { 2 };
        self.0
            .prepare_cached("UPDATE entry SET indexed = ?2 WHERE id = ?1")?
            .execute(params![entry, indexed])?;
        Ok(())
    }

    /// Takes the texts of an entry out of the index.
    pub(crate) fn unindex(&self, entry: i64) -> Result<(), Error> {
        let had = self.0.prepare_cached("DELETE FROM texts WHERE entry = ?1")?.execute([entry])?;
        if had > 0 {
            self.0.prepare_cached("DELETE FROM words WHERE rowid = ?1")?.execute([entry])?;
        }
        Ok(())
    }

    /// How many entries are not in the index as they are now, and how many only with their beginning.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn index_gaps(&self) -> Result<(u64, u64), Error> {
        let mut found = self.0.prepare_cached(
            "SELECT (SELECT count(*) FROM entry WHERE indexed = 0), (SELECT count(*) FROM entry WHERE indexed = 2)",
        )?;
        Ok(found.query_row([], |row| Ok((value(row, 0)?, value(row, 1)?)))?)
    }

    /// The entries that have all words of `query`, the newest first, at most `most`, before the entry `before`.
    ///
    /// # Errors
    ///
    /// The database.
    pub fn search(&self, query: &Query, before: Option<i64>, most: usize) -> Result<Hits, Error> {
        let mut hits = Hits { hits: vec![], next: None };
        if query.is_empty() {
            return Ok(hits);
        }
        let before = before.unwrap_or(i64::MAX);
        let triples = query.triples();
        let mut found = self.0.prepare_cached(match triples {
            Some(_) => {
                "SELECT texts.entry, texts.framed FROM words CROSS JOIN texts ON texts.entry = words.rowid
                 WHERE words MATCH ?2 AND words.rowid < ?1 ORDER BY words.rowid DESC"
            }
            None => "SELECT entry, framed FROM texts WHERE entry < ?1 AND ?2 IS NULL ORDER BY entry DESC",
        })?;
        let mut rows = found.query(params![before, triples])?;
        let mut work = 0;
        while let Some(row) = rows.next()? {
            let entry: i64 = row.get(0)?;
            let framed = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
            work += LEAST + framed.len().saturating_mul(query.words.len().min(64));
            if let Some(excerpt) = matching(framed, query) {
                let Excerpt { place, text, cut, matches } = excerpt;
                let seen = self.seen_as(entry)?;
                hits.hits.push(Hit { entry, seen, place, excerpt: text, cut, matches });
            }
            if hits.hits.len() >= most || work >= WORK {
                hits.next = Some(entry);
                break;
            }
        }
        Ok(hits)
    }
}

fn unindexed(row: &Row<'_>) -> rusqlite::Result<Unindexed> {
    Ok(Unindexed {
        entry: row.get(0)?,
        proposal: maybe(row, 1)?,
        evidence: maybe(row, 2)?,
        changes: row.get(3)?,
    })
}

/// The pieces as they are kept, what the index gets, and whether all of it fitted.
fn framed(pieces: &[Piece]) -> (Vec<u8>, String, bool) {
    let (mut kept, mut text, mut left, mut fits) = (Vec::new(), String::new(), MAX_TEXT, true);
    for piece in pieces {
        let end =
            (0..=piece.text.len().min(left)).rev().find(|at| piece.text.is_char_boundary(*at)).unwrap_or(0);
        fits &= end == piece.text.len();
        left -= end;
        if end == 0 {
            continue;
        }
        let cut = &piece.text[..end];
        kept.push(piece.place);
        kept.extend(u32::try_from(end).unwrap_or(u32::MAX).to_le_bytes());
        kept.extend(cut.as_bytes());
        text.push_str(&fold(cut));
        text.push('\n');
    }
    (kept, text, fits)
}

/// Place and text of each piece.
fn pieces(mut framed: &[u8]) -> impl Iterator<Item = (u8, &str)> {
    std::iter::from_fn(move || {
        let (place, rest) = framed.split_first()?;
        let (size, rest) = rest.split_first_chunk::<4>()?;
        let (text, rest) = rest.split_at_checked(u32::from_le_bytes(*size) as usize)?;
        framed = rest;
        Some((*place, std::str::from_utf8(text).ok()?))
    })
}

struct Excerpt {
    place: u8,
    text: String,
    cut: (bool, bool),
    matches: Vec<std::ops::Range<usize>>,
}

/// Where the words are, if all of them are somewhere in it.
fn matching(framed: &[u8], query: &Query) -> Option<Excerpt> {
    let mut missing: Vec<&str> = query.words.iter().map(String::as_str).collect();
    // The piece with the most words, the first of them.
    let mut best: Option<(usize, u8, &str, usize)> = None;
    for (place, text) in pieces(framed) {
        let folded = fold(text);
        let found = query.words.iter().filter_map(|word| folded.find(word.as_str()));
        let (count, first) = found.fold((0, usize::MAX), |(count, first), at| (count + 1, first.min(at)));
        if count == 0 {
            continue;
        }
        missing.retain(|word| !folded.contains(word));
        if best.is_none_or(|(most, ..)| count > most) {
            best = Some((count, place, text, first));
        }
    }
    let (_, place, text, first) = best.filter(|_| missing.is_empty())?;
    Some(excerpt(place, text, unfolded(text, first), query))
}

/// The byte of `text` that became byte `at` of its folded self.
fn unfolded(text: &str, at: usize) -> usize {
    if as_long_folded(text) {
        return at;
    }
    let mut left = at;
    for (here, letter) in text.char_indices() {
        if left == 0 {
            return here;
        }
        left = left.saturating_sub(folded(letter).map(char::len_utf8).sum());
    }
    text.len()
}

fn excerpt(place: u8, text: &str, first: usize, query: &Query) -> Excerpt {
    let longest = query.words.first().map_or(0, String::len);
    // No further than the line goes: a word never spans lines.
    let line = text[..first].rfind('\n').map_or(0, |at| at + 1);
    let end = text[first..].find('\n').map_or(text.len(), |at| first + at);
    let from = boundary(text, line.max(first.saturating_sub(AROUND)));
    let to = boundary(text, end.min(first.saturating_add(longest.min(4 * AROUND) + AROUND)));
    let text_here = &text[from..to];
    // For each byte of the folded excerpt, the byte that it comes from.
    let (mut lower, mut source) = (String::new(), Vec::new());
    for (at, letter) in text_here.char_indices() {
        for letter in folded(letter) {
            lower.push(letter);
            source.resize(lower.len(), at);
        }
    }
    source.push(text_here.len());
    let mut matches: Vec<std::ops::Range<usize>> = Vec::new();
    for word in &query.words {
        let found = lower.match_indices(word.as_str());
        matches.extend(found.map(|(at, word)| source[at]..end_of(text_here, &source, at + word.len())));
    }
    matches.retain(|range| !range.is_empty());
    matches.sort_by_key(|range| (range.start, range.end));
    let mut apart: Vec<std::ops::Range<usize>> = Vec::new();
    for range in matches {
        match apart.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => apart.push(range),
        }
    }
    Excerpt { place, text: text_here.to_owned(), cut: (from > line, to < end), matches: apart }
}

/// Where in the text the folded byte `at` begins; inside of a letter that folds into several it is that letter's end.
fn end_of(text: &str, source: &[usize], at: usize) -> usize {
    let byte = source[at];
    let inside = at > 0 && at < source.len() - 1 && source[at - 1] == byte;
    if inside { boundary(text, byte + 1) } else { byte }
}

/// The first boundary between characters at or after `at`.
fn boundary(text: &str, at: usize) -> usize {
    (at..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())
}
