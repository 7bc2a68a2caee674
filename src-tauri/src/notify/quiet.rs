//! Quiet hours, by the clock on the wall.
//!
//! Only the hour and minute that people read count, so a night in which the
//! clock is changed is an hour shorter or longer, as it is for them. Where
//! the clock goes back over the end, the hours begin once more and end again.

use jiff::Zoned;

use crate::wire::Quiet;

/// Whether `now` is in them. `from` is inside, `to` is not; equal ones are no hours.
pub(crate) fn is_quiet(hours: Option<&Quiet>, now: &Zoned) -> bool {
    let Some(hours) = hours else { return false };
    let (hour, minute) = (u16::from(now.hour().unsigned_abs()), u16::from(now.minute().unsigned_abs()));
    let minute = hour * 60 + minute;
    if hours.from <= hours.to {
        (hours.from..hours.to).contains(&minute)
    } else {
        minute >= hours.from || minute < hours.to
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    fn at(text: &str) -> Zoned {
        text.parse().unwrap()
    }

    fn quiet(from: u16, to: u16, text: &str) -> bool {
        is_quiet(Some(&Quiet { from, to }), &at(text))
    }

    #[test]
    fn within_one_day_and_over_midnight() {
        let noon = |text| quiet(12 * 60, 13 * 60 + 30, text);
        assert!(!noon("2026-05-01T11:59:59[UTC]") && noon("2026-05-01T12:00:00[UTC]"));
        assert!(noon("2026-05-01T13:29:59[UTC]") && !noon("2026-05-01T13:30:00[UTC]"));
        let night = |text| quiet(22 * 60, 7 * 60, text);
        assert!(!night("2026-05-01T21:59:00[UTC]") && night("2026-05-01T22:00:00[UTC]"));
        assert!(night("2026-05-02T00:00:00[UTC]") && night("2026-05-02T06:59:59[UTC]"));
        assert!(!night("2026-05-02T07:00:00[UTC]"));
        assert!(!quiet(60, 60, "2026-05-01T01:00:00[UTC]"), "no time at all");
        assert!(!is_quiet(None, &at("2026-05-01T01:00:00[UTC]")));
    }

    #[test]
    fn the_clock_on_the_wall_counts_wherever_one_is() {
        // The same moment: night in Berlin, evening in New York.
        let moment = at("2026-01-15T04:00:00[UTC]");
        let hours = Quiet { from: 0, to: 7 * 60 };
        let in_zone = |zone: &str| is_quiet(Some(&hours), &moment.in_tz(zone).unwrap());
        assert!(in_zone("Europe/Berlin") && !in_zone("America/New_York"));
    }

    #[test]
    fn nights_in_which_the_clock_is_changed() {
        let night = Quiet { from: 22 * 60, to: 7 * 60 };
        let minutes = |day: &str, hours: &Quiet| {
            let begin = at(&format!("{day}T12:00:00[Europe/Berlin]"));
            let one = |minute: i64| begin.checked_add(jiff::SignedDuration::from_mins(minute)).unwrap();
            (0..24 * 60).filter(|minute| is_quiet(Some(hours), &one(*minute))).count()
        };
        assert_eq!(minutes("2026-06-01", &night), 9 * 60);
        assert_eq!(minutes("2026-03-28", &night), 8 * 60, "the hour from two to three is not there");
        assert_eq!(minutes("2026-10-24", &night), 10 * 60, "it is there twice");
        // An end that does not exist ends them as soon as the clock is past it.
        let to_half_past_two = Quiet { from: 22 * 60, to: 2 * 60 + 30 };
        assert_eq!(minutes("2026-03-28", &to_half_past_two), 4 * 60);
        assert!(!is_quiet(Some(&to_half_past_two), &at("2026-03-29T03:00:00[Europe/Berlin]")));
        // Gone back over the end, they begin once more.
        assert_eq!(minutes("2026-10-24", &to_half_past_two), 5 * 60);
    }
}
