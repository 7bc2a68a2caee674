//! What says who a person is, or where: mail addresses, telephone numbers, cards, accounts, identity numbers, addresses
//! of machines, dates of birth.
//!
//! Promises: a number with a form of its own and a check digit is found wherever it stands; a number of plain digits
//! with a word beside it that says what it is, or where it is the whole text.
//!
//! Left out: names, places and dates by themselves. They need a model of language.
//!
//! The words are met by the automaton and only noted. Then one pass counts digits in blocks of [`BLOCK`] bytes and looks
//! closer only where there are some, or where a word was.

mod accounts;
mod addresses;
mod begins;
mod born;
mod certainty;
mod checks;
mod contexts;
mod identifiers;
mod mail;
mod phones;
mod shapes;
mod wallets;

use std::ops::Range;
use std::sync::OnceLock;

use begins::Kinds;
use certainty::{Around, Certainty, is_one_digit, is_whole};
use contexts::{Contexts, Topic, Topics};
use identifiers::{Alone, RULES, Rule, Sort};
use phones::{Phones, Said};
use shapes::Shapes;

use crate::finding::Kind;
use crate::found::Found;
use crate::text::Text;
use crate::{Category, Severity};

const MAIL: Kind = Kind {
    id: "email-address",
    category: Category::Personal,
    why: "A mail address names a person, and others can write to it.",
    fix: Some("Replace it by one at example.com."),
};
const PHONE: Kind = Kind {
    id: "phone-number",
    category: Category::Personal,
    why: "A telephone number names a person, and others can call it.",
    fix: Some("Replace it by a placeholder."),
};
const IBAN: Kind = Kind {
    id: "iban",
    category: Category::Personal,
    why: "It names an account, and money can be asked of it.",
    fix: Some("Replace it by a placeholder."),
};
const BIC: Kind =
    Kind { id: "bic", category: Category::Personal, why: "It names the bank of somebody.", fix: None };
const WALLET: Kind = Kind {
    id: "crypto-wallet",
    category: Category::Personal,
    why: "All that was ever paid to or from it can be read by everyone.",
    fix: Some("Replace it by a placeholder."),
};
const BORN: Kind = Kind {
    id: "date-of-birth",
    category: Category::Personal,
    why: "With a name it is enough to pass as that person in many places.",
    fix: Some("Replace it by a placeholder."),
};

/// Bytes that are counted together, and asked whether words begin there.
const BLOCK: usize = 32;
/// Digits in two blocks from which on they are looked at.
const DIGITS: u8 = 4;
/// The most bytes of a shape.
const LONGEST: usize = 64;

/// The words at which this detector looks. A hit names one by its place in the list.
pub(crate) fn words() -> Vec<&'static str> {
    contexts::WORDS.iter().flat_map(|(_, words)| words.iter().copied()).collect()
}

/// The rules one after another and their shapes.
struct Table {
    rules: Vec<&'static Rule>,
    shapes: Shapes,
    /// The topic of each word.
    topics: Vec<Topic>,
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| Table {
        rules: RULES.iter().copied().flatten().collect(),
        shapes: Shapes::of_rules(),
        topics: contexts::WORDS.iter().flat_map(|(topic, words)| words.iter().map(|_| *topic)).collect(),
    })
}

/// What was looked at so far in one text.
#[derive(Default)]
pub(crate) struct Look {
    contexts: Contexts,
}

impl Look {
    /// Looks where a word stands. Called in the order of the ends of the words.
    pub(crate) fn hit(&mut self, text: &Text<'_>, at: &Range<usize>, word: u16, _found: &mut Found) {
        if let Some(topic) = table().topics.get(usize::from(word)) {
            self.contexts.take(text, at, *topic);
        }
    }

    /// Looks at numbers that no word announces.
    pub(crate) fn numbers(&mut self, text: &Text<'_>, found: &mut Found) {
        let is_whole = is_whole(text.bytes);
        let mut scan = Scan {
            text,
            contexts: &self.contexts,
            is_whole,
            phones: Phones::default(),
            last: usize::MAX - 1,
            ahead: (usize::MAX, Kinds::default()),
            table: table(),
            found,
        };
        scan.announced();
        let mut done = 0;
        for (number, _) in scan.blocks().iter().enumerate().filter(|(_, is_dense)| **is_dense) {
            // What is at the end of the block before can go on in this one.
            let from = (number * BLOCK).saturating_sub(LONGEST).max(done);
            done = scan.words(from, (number + 1) * BLOCK, done);
        }
    }
}

/// Whether a byte of `block` is such a one. Without a branch, so that many are asked at once.
fn any(block: &[u8; BLOCK], is: impl Fn(u8) -> bool) -> bool {
    block.iter().fold(false, |any, it| any | is(*it))
}

/// One text that is looked through.
struct Scan<'s, 't> {
    text: &'s Text<'t>,
    contexts: &'s Contexts,
    is_whole: bool,
    phones: Phones,
    /// The end of the last number that was found.
    last: usize,
    /// Where the block begins that comes after those that were looked at, and what its bytes are.
    ahead: (usize, Kinds),
    table: &'static Table,
    found: &'s mut Found,
}

impl Scan<'_, '_> {
    /// What directly follows a word and has no shape that shows without it.
    fn announced(&mut self) {
        let mut last = 0;
        for at in self.contexts.places(Topic::Born.set()) {
            if let Some(date) = born::date(self.text, at).filter(|it| it.start >= last) {
                last = date.end;
                self.found.report(&BORN, Severity::Warning, date, format_args!("Date of birth"));
            }
        }
        let mut last = 0;
        for at in self.contexts.places(Topic::Bic.set()) {
            if let Some(bic) = accounts::bic(self.text, at).filter(|it| it.start >= last) {
                last = bic.end;
                self.found.report(&BIC, Severity::Warning, bic, format_args!("Bank identifier (BIC)"));
            }
        }
    }

    /// Which blocks are worth a look, and what has an `@` on the way.
    fn blocks(&mut self) -> Vec<bool> {
        let bytes = self.text.bytes;
        // Blocks of a length that is known are asked in few instructions each; the last one is filled up.
        let (blocks, rest) = bytes.as_chunks::<BLOCK>();
        let mut last = [b' '; BLOCK];
        last[..rest.len()].copy_from_slice(rest);
        let last = (!rest.is_empty()).then_some(&last);
        let (mut dense, mut before) = (Vec::new(), 0);
        for (number, block) in blocks.iter().chain(last).enumerate() {
            let is_digit = |it: u8| it.wrapping_sub(b'0') < 10;
            let digits = match any(block, is_digit) {
                true => block.iter().map(|it| u8::from(is_digit(*it))).sum::<u8>(),
                false => 0,
            };
            if digits + before >= DIGITS {
                self.mark(&mut dense, number.saturating_sub(1)..number + 1);
            }
            before = digits;
            if any(block, |it| it == b'@') {
                self.mail(number * BLOCK, block);
            }
        }
        if self.is_whole {
            self.mark(&mut dense, 0..bytes.len().div_ceil(BLOCK));
        }
        // Shapes with few digits stand beside a word.
        let topics = [
            Topic::Citizen,
            Topic::Tax,
            Topic::Wallet,
            Topic::Passport,
            Topic::Driving,
            Topic::Card,
            Topic::Health,
            Topic::Plate,
            Topic::Machine,
            Topic::Post,
        ];
        for at in self.contexts.places(topics.iter().fold(0, |all, it| all | it.set())) {
            self.mark(&mut dense, at.saturating_sub(LONGEST) / BLOCK..(at + LONGEST) / BLOCK + 1);
        }
        dense
    }

    /// Marks `blocks` as dense. Most short texts have none, and then there is no list of them.
    fn mark(&self, dense: &mut Vec<bool>, blocks: Range<usize>) {
        if dense.is_empty() {
            dense.resize(self.text.bytes.len().div_ceil(BLOCK), false);
        }
        let end = blocks.end.min(dense.len());
        dense[blocks.start.min(end)..end].fill(true);
    }

    fn mail(&mut self, start: usize, block: &[u8]) {
        for (at, _) in (start..).zip(block).filter(|(_, it)| **it == b'@') {
            match mail::around(self.text, at) {
                Some((range, mail::Who::Person)) => {
                    self.found.report(&MAIL, Severity::Warning, range, format_args!("Mail address"));
                }
                Some((range, mail::Who::Desk)) => {
                    self.found.report(
                        &MAIL,
                        Severity::Note,
                        range,
                        format_args!("Mail address of an organisation"),
                    );
                }
                None => {}
            }
        }
    }

    /// Looks at the words that begin between `from` and `to`; before `done` all was looked at. The end of what was.
    fn words(&mut self, from: usize, to: usize, done: usize) -> usize {
        let to = to.min(self.text.bytes.len());
        let mut at = from;
        let (ahead, kinds) = self.ahead;
        let mut here = if ahead == from { kinds } else { Kinds::of(self.text.bytes, from) };
        for start in (from..to).step_by(BLOCK) {
            let next = Kinds::of(self.text.bytes, start + BLOCK);
            let words = begins::in_block(self.text.bytes, start, here, next);
            (here, self.ahead) = (next, (start + BLOCK, next));
            for word in words {
                // What was found goes over the words in it.
                if word >= at && word < to {
                    at = self.word(word).filter(|end| *end > word).unwrap_or(word + 1);
                }
            }
        }
        at.max(to).max(done)
    }

    /// Looks at what begins with the word at `start`. The end of what it is, if it is anything.
    fn word(&mut self, start: usize) -> Option<usize> {
        let text = self.text;
        let contexts = self.contexts;
        let topics = |range: &Range<usize>| (contexts.near(range), contexts.labels(text, range.start));
        if let Some((range, what)) = addresses::read(text, start, topics) {
            if let Some((kind, severity, title)) = what {
                self.found.report(kind, severity, range.clone(), format_args!("{title}"));
            }
            return Some(range.end);
        }
        if let Some(end) = accounts::iban(text, start).filter(|_| !self.is_joined_before(start)) {
            self.found.report(&IBAN, Severity::Blocking, start..end, format_args!("Bank account (IBAN)"));
            return Some(end);
        }
        self.wallet(start).or_else(|| self.identifier(start)).or_else(|| self.phone(start))
    }

    fn wallet(&mut self, start: usize) -> Option<usize> {
        let word = self.text.after(start, 112);
        let length = word.iter().take_while(|it| it.is_ascii_alphanumeric()).count();
        let range = start..start + length;
        let is_said = || self.contexts.near(&range) & Topic::Wallet.set() != 0;
        if length < 25
            || !(wallets::is_wallet(&word[..length])
                || wallets::is_hexadecimal(&word[..length]) && (self.is_whole || is_said()))
        {
            return None;
        }
        self.found.report(&WALLET, Severity::Warning, range.clone(), format_args!("Cryptocurrency wallet"));
        Some(range.end)
    }

    /// The longest identifier that begins at `start`.
    fn identifier(&mut self, start: usize) -> Option<usize> {
        let mut ends: Vec<(usize, &[u16])> = Vec::new();
        let shapes = &self.table.shapes;
        shapes.walk(self.text, start, |end, rules| ends.push((end, rules)));
        if ends.is_empty() || self.is_joined_before(start) {
            return None;
        }
        for (end, rules) in ends.into_iter().rev() {
            let range = start..end;
            if let Some((rule, certainty)) = self.judged(&range, rules) {
                let (kind, severity) = rule.sort.kind();
                let severity = match certainty {
                    Certainty::Whole => Severity::Note,
                    // Accounts are of many services, and of banks only some.
                    _ if rule.alone == Alone::Label && rule.sort == Sort::Account => Severity::Warning,
                    _ => severity,
                };
                self.last = end;
                self.found.report(kind, severity, range, format_args!("{}", rule.title));
                return Some(end);
            }
        }
        None
    }

    /// The best of `rules` that fits `range`.
    fn judged(&self, range: &Range<usize>, rules: &[u16]) -> Option<(&'static Rule, Certainty)> {
        let part = self.text.part(range.clone());
        let is_one = is_one_digit(part);
        if is_one || self.is_joined_after(range.end) {
            return None;
        }
        let around = self.around(range, part);
        let mut best: Option<(&'static Rule, Certainty)> = None;
        let mut compact = Vec::new();
        // What has a check digit goes before what has none.
        let rank = |rule: &Rule, certainty| (certainty, rule.alone != Alone::Label);
        for rule in rules.iter().filter_map(|it| self.table.rules.get(usize::from(*it)).copied()) {
            let Some(certainty) = around.certainty(rule) else { continue };
            if best.is_some_and(|it| rank(rule, certainty) <= rank(it.0, it.1)) {
                continue;
            }
            if compact.is_empty() {
                compact
                    .extend(part.iter().filter(|it| it.is_ascii_alphanumeric()).map(u8::to_ascii_uppercase));
            }
            let is_long = compact.len() >= 8 && !checks::yyyymmdd(&compact);
            let is_alone = certainty == Certainty::Whole && rule.alone == Alone::Label;
            if (is_long || !is_alone) && (rule.check)(&compact) {
                best = Some((rule, certainty));
            }
        }
        best
    }

    fn around(&self, range: &Range<usize>, part: &[u8]) -> Around {
        // Groups of digits can be only some of those of a longer number.
        let is_group = part.contains(&b' ') || part.len() <= 5;
        let before = self.text.before(range.start, 2);
        let goes_back = matches!(before, [before, b' '] if before.is_ascii_digit());
        let goes_on = matches!(self.text.after(range.end, 2), [b' ', after] if after.is_ascii_digit());
        Around {
            near: self.contexts.near(range),
            labels: self.contexts.labels(self.text, range.start),
            goes_back: is_group && goes_back && range.start != self.last + 1,
            goes_on: is_group && goes_on,
            is_lower: part.iter().any(u8::is_ascii_lowercase),
            is_whole: self.is_whole,
        }
    }

    fn phone(&mut self, start: usize) -> Option<usize> {
        if !self.text.bytes[start].is_ascii_digit() {
            return None;
        }
        let (contexts, text, is_whole) = (self.contexts, self.text, self.is_whole);
        let said = |range: &Range<usize>| {
            let is = |topics: Topics| topics & Topic::Phone.set() != 0;
            match () {
                () if is(contexts.labels(text, range.start)) || is(contexts.behind(range.end)) => Said::Label,
                () if is(contexts.near(range)) => Said::Near,
                () if contexts.labels(text, range.start) & Topic::Number.set() != 0 => Said::Near,
                () if is_whole => Said::Whole,
                () => Said::No,
            }
        };
        let range = self.phones.at(text, start, said)?;
        let end = range.end;
        self.found.report(&PHONE, Severity::Warning, range, format_args!("Telephone number"));
        Some(end)
    }

    /// Whether what begins at `start` goes on something: a path, a decimal, an identifier with dashes.
    fn is_joined_before(&self, start: usize) -> bool {
        match self.text.before(start, 2) {
            [before, b'-' | b'.' | b','] => before.is_ascii_alphanumeric(),
            [.., b'/' | b'\\' | b'_' | b'@' | b'%' | b'$' | b'+'] => true,
            _ => false,
        }
    }

    /// Whether what ends at `end` goes on.
    fn is_joined_after(&self, end: usize) -> bool {
        match self.text.after(end, 2) {
            [b'-' | b'.' | b'/' | b',' | b':' | b'+', after] => after.is_ascii_alphanumeric(),
            [b'_' | b'@' | b'%' | b'\\', ..] => true,
            [b'(', ..] => true,
            _ => false,
        }
    }
}
