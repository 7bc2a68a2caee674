//! The queue, history, search and what is put aside, as the page draws them.

use countersign_core::time::Timestamp;
use countersign_reviewer as reviewer;

use crate::convert::{count, drawn, queue_row, segs, verdict};
use crate::wire;

pub(crate) fn queue(queue: reviewer::Queue) -> wire::Queue {
    let section = |id, title: &str, it: reviewer::Section| wire::Section {
        id,
        title: title.to_owned(),
        total: count(it.total),
        next: it.next,
        rows: it.rows.into_iter().map(queue_row).collect(),
    };
    let sections = vec![
        section(wire::SectionId::Waiting, "Waiting for you", queue.waiting),
        section(wire::SectionId::Unknown, "Find out what happened", queue.unknown),
        section(wire::SectionId::Delivering, "Signed, on its way", queue.delivering),
        section(wire::SectionId::Others, "Waiting for others", queue.others),
        section(wire::SectionId::Snoozed, "Snoozed", queue.snoozed),
        section(wire::SectionId::Evidence, "Evidence", queue.evidence),
        section(wire::SectionId::Decided, "Decided", queue.decided),
    ];
    wire::Queue { sections: sections.into_iter().filter(|it| it.total > 0).collect() }
}

pub(crate) fn section(id: wire::SectionId) -> reviewer::SectionId {
    match id {
        wire::SectionId::Waiting => reviewer::SectionId::Waiting,
        wire::SectionId::Delivering => reviewer::SectionId::Delivering,
        wire::SectionId::Others => reviewer::SectionId::Others,
        wire::SectionId::Unknown => reviewer::SectionId::Unknown,
        wire::SectionId::Snoozed => reviewer::SectionId::Snoozed,
        wire::SectionId::Evidence => reviewer::SectionId::Evidence,
        wire::SectionId::Decided => reviewer::SectionId::Decided,
    }
}

pub(crate) fn filter(filter: wire::HistoryFilter) -> reviewer::HistoryFilter {
    match filter {
        wire::HistoryFilter::All => reviewer::HistoryFilter::All,
        wire::HistoryFilter::Approved => reviewer::HistoryFilter::Approved,
        wire::HistoryFilter::Denied => reviewer::HistoryFilter::Denied,
        wire::HistoryFilter::Failed => reviewer::HistoryFilter::Failed,
        wire::HistoryFilter::Expired => reviewer::HistoryFilter::Expired,
        wire::HistoryFilter::Evidence => reviewer::HistoryFilter::Evidence,
    }
}

pub(crate) fn page(page: reviewer::Page) -> wire::Page {
    wire::Page { rows: page.rows.into_iter().map(queue_row).collect(), next: page.next }
}

pub(crate) fn found(found: reviewer::FoundRows) -> wire::Found {
    wire::Found {
        rows: found.rows.into_iter().map(found_row).collect(),
        next: found.next,
        unindexed: count(found.unindexed),
        partly: count(found.partly),
    }
}

fn found_row(found: reviewer::FoundRow) -> wire::FoundRow {
    wire::FoundRow {
        place: found_in(found.place).to_owned(),
        excerpt: segs(&found.excerpt),
        row: queue_row(found.row),
    }
}

fn found_in(place: reviewer::FoundIn) -> &'static str {
    match place {
        reviewer::FoundIn::Agent => "the agent",
        reviewer::FoundIn::Action => "what it would do",
        reviewer::FoundIn::Asked => "what was asked",
        reviewer::FoundIn::Claim => "the agent's claim",
        reviewer::FoundIn::Comment => "your comment",
        reviewer::FoundIn::Withdrawal => "why it was withdrawn",
        reviewer::FoundIn::Finding => "what you found out",
        reviewer::FoundIn::Result => "what came of it",
        reviewer::FoundIn::Content => "the content",
        reviewer::FoundIn::Before => "the content before",
        reviewer::FoundIn::Id => "ids",
        reviewer::FoundIn::File => "the file's name",
        reviewer::FoundIn::Cause => "why it is evidence",
    }
}

pub(crate) fn answer(it: &reviewer::AnswerState) -> wire::AnswerShown {
    wire::AnswerShown {
        verdict: verdict(it.verdict),
        by: it.by.to_string(),
        at: it.at.seconds(),
        comment: it.comment.as_ref().map(|text| drawn(text.as_bytes()).0),
        taken_back: it.taken_back.map(Timestamp::seconds),
        amended: it.amended,
        together: count(it.together),
    }
}

pub(crate) fn snoozed(proposal: &str) -> wire::Decided {
    wire::Decided {
        digest: proposal.to_owned(),
        title: "Snoozed.".to_owned(),
        hint: "It comes back by itself, ten minutes before it expires at the latest. Nothing was signed."
            .to_owned(),
    }
}

pub(crate) fn unsnoozed(proposal: &str) -> wire::Decided {
    wire::Decided {
        digest: proposal.to_owned(),
        title: "Back in the queue.".to_owned(),
        hint: "It waits for your answer.".to_owned(),
    }
}
