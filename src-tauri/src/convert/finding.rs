//! What is looked for, and what was said of it.

use countersign_reviewer::{FindingSettings, JUDGEMENTS, NO_USE};
use countersign_sheet::{told, value};

use super::segs;
use crate::wire;

pub(crate) fn settings(of: FindingSettings) -> wire::FindingSettings {
    let text = |text: &str| segs(&value(text.as_bytes()));
    let team = of.team.map(|it| wire::TeamRules {
        path: it.path.display().to_string(),
        rules: u32::try_from(it.rules).unwrap_or(u32::MAX),
        left_out: it
            .left_out
            .iter()
            .map(|it| wire::LeftOut { rule: text(&it.rule), reason: text(&it.reason) })
            .collect(),
    });
    let no_secrets = of.no_secrets.iter().map(|it| wire::NoSecret {
        here: it.here.to_string(),
        gate: text(&it.gate),
        target: segs(&told(value(&it.target))),
        what: text(&it.what),
        characters: it.characters,
        at: it.at.seconds(),
    });
    let rules = of.rules.iter().map(|it| wire::RuleState {
        id: it.rule.clone(),
        rule: text(&it.rule),
        useful: it.useful,
        not_useful: it.not_useful,
        demoted: it.demoted.map(|at| at.seconds()),
        is_proposed: it.is_proposed,
    });
    wire::FindingSettings {
        names: of.names,
        team,
        trouble: of.trouble,
        no_secrets: no_secrets.collect(),
        rules: rules.collect(),
        judgements: u32::try_from(JUDGEMENTS).unwrap_or(u32::MAX),
        no_use: u32::try_from(NO_USE).unwrap_or(u32::MAX),
    }
}
