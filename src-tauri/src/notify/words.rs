//! What a notification says: who and what kind of thing, never what it would do.
//!
//! Daemons read markup, and names come from strangers: only letters that
//! cannot act are left of one, at a bounded length.

use countersign_sheet::{Kind, Segment, SegmentKind};

use super::Slot;
use super::pile::{About, Item, Pile};

/// The most letters of a name.
const NAME: usize = 60;

/// A notification, as people read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Text {
    pub(crate) summary: String,
    pub(crate) body: String,
    /// What the button says; without one there is nothing to open.
    pub(crate) button: Option<&'static str>,
    /// It stays until somebody closes it.
    pub(crate) stays: bool,
}

const NOTHING_YET: &str = "Nothing happens until you sign. Open it to read what exactly it would do.";

/// What the pile in `slot` says; `None` when it is empty. `names` allows the agent and the kind of action.
pub(crate) fn text(pile: &Pile, slot: Slot, names: bool) -> Option<Text> {
    match (pile.count(), pile.items()) {
        (0, _) => None,
        (1, [only]) => Some(one(only, names)),
        (1, []) if slot == Slot::Proposals => Some(a_proposal()),
        _ => Some(several(pile, slot, names)),
    }
}

fn review(summary: String, body: &str) -> Text {
    Text { summary, body: body.to_owned(), button: Some("Review"), stays: false }
}

fn a_proposal() -> Text {
    review("A proposal waits for you".to_owned(), NOTHING_YET)
}

fn one(item: &Item, names: bool) -> Text {
    match &item.about {
        About::Arrived { agent, kind } if names => {
            review(begun(&format!("{agent} wants to {}", verb(*kind))), NOTHING_YET)
        }
        About::Arrived { .. } => a_proposal(),
        About::Returned { agent, kind } if names => {
            review(format!("Back from snooze: {agent} wants to {}", verb(*kind)), NOTHING_YET)
        }
        About::Returned { .. } => review("A proposal is back from snooze".to_owned(), NOTHING_YET),
        About::Unknown => review(
            "Find out what happened".to_owned(),
            "Something that you approved was begun, and its end was not seen. It is not tried again by itself.",
        ),
        About::Failed => review(
            "Something that you approved went wrong".to_owned(),
            "It was begun and did not end well. Open it to read what was done and what was not.",
        ),
        About::GateHalted => Text {
            summary: "A gate is halted".to_owned(),
            body: "Nothing that the halt names runs there until you lift it in the window.".to_owned(),
            button: Some("Open"),
            stays: true,
        },
        About::Said { summary, body } => {
            Text { summary: summary.clone(), body: body.clone(), button: None, stays: false }
        }
    }
}

fn several(pile: &Pile, slot: Slot, names: bool) -> Text {
    let number = pile.count();
    let halts = pile.items().iter().filter(|it| it.about == About::GateHalted).count();
    let (summary, body) = if slot == Slot::Proposals {
        let from = match pile.agents() {
            Some(agents) if names && agents > 1 => format!(", from {agents} agents"),
            _ => String::new(),
        };
        let body = "Nothing happens until you sign. Open the queue to read them one by one.";
        (format!("{number} proposals wait{from}"), body)
    } else {
        let need = if number == 1 { "thing needs" } else { "things need" };
        (format!("{number} {need} you"), trouble(halts, pile.items().len()))
    };
    Text { summary, body: body.to_owned(), button: Some("Review"), stays: halts > 0 }
}

fn trouble(halts: usize, of: usize) -> &'static str {
    match halts {
        0 => "What you approved went wrong, or nobody knows what became of it. Open the queue to see each.",
        all if all == of => {
            "Gates are halted: nothing runs there until you lift it. Open the queue to see each."
        }
        _ => {
            "A gate is halted, and what you approved went wrong or is not known to have ended. Open the queue to see each."
        }
    }
}

/// An agent's name in letters that cannot act.
pub(crate) fn name(agent: &[Segment]) -> String {
    let mut made = String::new();
    for segment in agent {
        match segment.kind {
            SegmentKind::Words => made.extend(segment.display.chars().map(harmless)),
            SegmentKind::Text | SegmentKind::Changed | SegmentKind::Joined { .. } => {
                // Quoted, so that a name that reads like a sentence is not taken for ours. Apart
                // from its surroundings (FSI, PDI), so that one from right to left turns only itself.
                made.push('\u{201c}');
                made.push('\u{2068}');
                made.extend(segment.display.chars().map(harmless));
                made.push('\u{2069}');
                made.push('\u{201d}');
            }
            SegmentKind::Chip { .. } | SegmentKind::Bytes | SegmentKind::Mask => {
                made.push('[');
                made.extend(segment.display.chars().map(harmless));
                made.push(']');
            }
        }
    }
    let made: String = made.split_whitespace().collect::<Vec<_>>().join(" ");
    shortened(&made)
}

fn shortened(name: &str) -> String {
    if name.chars().count() <= NAME {
        return name.to_owned();
    }
    let mut short: String = name.chars().take(NAME).collect();
    short.push('\u{2026}');
    // What was opened is closed, however it was cut.
    if short.matches('\u{2068}').count() > short.matches('\u{2069}').count() {
        short.push('\u{2069}');
        short.push('\u{201d}');
    }
    short
}

/// Letters and digits of every script, and a few signs. Markup, controls, marks of direction and
/// what is drawn at no width are none of them.
fn harmless(c: char) -> char {
    let sign = " .,:;!?()[]{}@#$%*+-=_/\\|~^'\"`\u{2018}\u{2019}\u{2013}\u{2014}\u{2026}";
    match c {
        '\n' | '\r' | '\t' => ' ',
        // Ours: a name cannot end before its end.
        '\u{201c}' | '\u{201d}' => '\'',
        c if c.is_alphanumeric() || sign.contains(c) => c,
        _ => '?',
    }
}

/// As a sentence begins, where its first word is ours: a foreign name stands in quotes or brackets.
fn begun(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
}

fn verb(kind: Kind) -> &'static str {
    match kind {
        Kind::Post => "post something",
        Kind::Change => "change something",
        Kind::Remove => "remove something",
        Kind::Access => "change who has access",
        Kind::Run => "run a program",
        Kind::Call => "call a tool",
        Kind::Several => "do several things",
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use countersign_core::digest::Digest;
    use countersign_sheet::{segments, words};

    use super::*;

    fn arrived(agent: &str, kind: Kind) -> Item {
        let digest = Some(Digest::of(format!("{agent}{kind:?}").as_bytes()));
        Item { digest, about: About::Arrived { agent: agent.to_owned(), kind } }
    }

    fn said(items: Vec<Item>, names: bool) -> String {
        let mut pile = Pile::default();
        items.into_iter().for_each(|it| pile.add(it));
        text(&pile, Slot::Proposals, names).unwrap().summary
    }

    #[test]
    fn one_is_named_and_several_are_counted() {
        assert_eq!(said(vec![arrived("Ada", Kind::Run)], true), "Ada wants to run a program");
        assert_eq!(said(vec![arrived("Ada", Kind::Run)], false), "A proposal waits for you");
        assert_eq!(
            said(vec![arrived("a program of Ada", Kind::Run)], true),
            "A program of Ada wants to run a program"
        );
        let two = || vec![arrived("Ada", Kind::Run), arrived("Ada", Kind::Post)];
        assert_eq!(said(two(), true), "2 proposals wait");
        let three = || [two(), vec![arrived("Bob", Kind::Run)]].concat();
        assert_eq!(said(three(), true), "3 proposals wait, from 2 agents");
        assert_eq!(said(three(), false), "3 proposals wait");
        let counted = |slot, number| {
            let mut pile = Pile::default();
            pile.recount(number);
            text(&pile, slot, true).unwrap().summary
        };
        assert_eq!(counted(Slot::Proposals, 7), "7 proposals wait");
        assert_eq!(counted(Slot::Proposals, 1), "A proposal waits for you");
        assert_eq!(counted(Slot::Trouble, 2), "2 things need you");
        assert_eq!(counted(Slot::Trouble, 1), "1 thing needs you");
        assert!(trouble(0, 2).starts_with("What you approved went wrong"));
        assert!(trouble(2, 2).starts_with("Gates are halted: nothing runs"));
        assert!(trouble(1, 2).contains("is halted, and what you approved"));
        assert_eq!(text(&Pile::default(), Slot::Proposals, true), None);
    }

    #[test]
    fn without_names_nothing_of_an_agent_is_said() {
        for kind in
            [Kind::Post, Kind::Change, Kind::Remove, Kind::Access, Kind::Run, Kind::Call, Kind::Several]
        {
            for about in [
                About::Arrived { agent: "Mallory".to_owned(), kind },
                About::Returned { agent: "Mallory".to_owned(), kind },
            ] {
                let text = one(&Item { digest: None, about }, false);
                assert!(!format!("{text:?}").contains("Mallory"));
                assert!(!text.summary.contains(verb(kind)));
            }
        }
    }

    #[test]
    fn a_hostile_name_is_letters() {
        let hostile = [
            "<b>bold</b><img src=x>",
            "&lt;b&gt;",
            "a\u{202e}gpj.exe",
            "line\nfeed\r\ttab",
            "zero\u{200b}width\u{feff}",
            "\u{1b}[31mred",
            "\u{2066}\u{2069}\u{2069}\u{2069}",
        ];
        for text in hostile {
            let name = name(&segments(text.as_bytes()));
            let acts = |c: char| "<>&\u{202e}\u{200b}\u{feff}\u{1b}\n\r\t\u{2066}".contains(c);
            assert!(!name.contains(acts), "{text:?} became {name:?}");
            assert_eq!(name.matches('\u{2068}').count(), name.matches('\u{2069}').count(), "{name:?}");
        }
        let ends = name(&segments("Ada\u{201d} has been approved. \u{201c}".as_bytes()));
        assert_eq!(ends, "\u{201c}\u{2068}Ada' has been approved. '\u{2069}\u{201d}");
        let plain = name(&segments("Ada's agent \u{2013} \u{3b2}".as_bytes()));
        assert_eq!(plain, "\u{201c}\u{2068}Ada's agent \u{2013} \u{3b2}\u{2069}\u{201d}");
        assert_eq!(name(&[words("a program of ada")]), "a program of ada");
    }

    #[test]
    fn a_long_name_is_cut_and_stays_apart() {
        let long = name(&segments("x".repeat(5000).as_bytes()));
        assert!(long.chars().count() <= NAME + 3, "{long}");
        assert!(long.ends_with("\u{2026}\u{2069}\u{201d}"), "{long:?}");
        assert_eq!(long.matches('\u{2068}').count(), 1);
    }
}
