//! What is looked for besides what is built in, and what was said of what was found.

use super::*;

wire! {
    struct FindingSettings {
        /// Names that are not to be known outside, as they were written: one on a line.
        pub names: String,
        pub team: Option<TeamRules>,
        /// Why one of the two is not looked for.
        pub trouble: Option<String>,
        pub no_secrets: Vec<NoSecret>,
        /// Rules of which something was said.
        pub rules: Vec<RuleState>,
        /// From so many judgements on a rule can be proposed to weigh less, when more than this share in a hundred
        /// were of no use.
        pub judgements: u32,
        pub no_use: u32,
    }

    struct TeamRules {
        /// Where the copy is.
        pub path: String,
        pub rules: u32,
        /// What of the file does not run here: which rule, and why.
        pub left_out: Vec<LeftOut>,
    }

    struct LeftOut { pub rule: Vec<Segment>, pub reason: Vec<Segment> }

    /// What is no secret where it goes.
    struct NoSecret {
        /// What names it.
        pub here: String,
        pub gate: Vec<Segment>,
        pub target: Vec<Segment>,
        /// What it was taken for.
        pub what: Vec<Segment>,
        pub characters: u64,
        pub at: u64,
    }

    struct RuleState {
        /// What names it, never drawn.
        pub id: String,
        pub rule: Vec<Segment>,
        pub useful: u64,
        pub not_useful: u64,
        /// Since when it weighs one step less.
        pub demoted: Option<u64>,
        /// So many of its findings were of no use that it should.
        pub is_proposed: bool,
    }
}
