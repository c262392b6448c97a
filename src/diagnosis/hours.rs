//! The calls of a finding's lines by day and hour: a dead line is a hole that everybody sees.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::case::Case;
use super::codes::{CauseCode, Scope};
use super::daily::LostPlace;

/// Days that are shown: the period's last ones, and those before it as far as there is room.
const MOST_DAYS: usize = 14;
/// Hours of a day.
const HOURS_A_DAY: usize = 24;

/// Calls by day and hour.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Hours {
    /// The days, oldest first; the last one ends the period.
    pub days: Vec<HoursOfDay>,
}

/// The calls of one day by the hour of the pipeline's clock.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HoursOfDay {
    /// The day.
    pub day: NaiveDate,
    /// Incoming calls of each of its hours.
    pub calls: Vec<u32>,
}

/// The calls of the lines that a cause of telephony is about; `None` of other causes, and where no call is known.
pub(super) fn hours(case: &Case, cause: CauseCode, scope: &Scope) -> Option<Hours> {
    let is_of_calls = cause == CauseCode::Telephony && case.seen.calls.is_some();
    let place = LostPlace::of(case, scope).filter(|_| is_of_calls)?;
    let by_hour = case.hourly_calls(|call| place.holds_call(call));
    let first = case.days().saturating_sub(MOST_DAYS);
    let of_day = |day: usize| HoursOfDay {
        day: case.seen.date(day as u32),
        // Counts of whole calls, kept as fractions by those who add them up.
        calls: by_hour[day * HOURS_A_DAY..(day + 1) * HOURS_A_DAY]
            .iter()
            .map(|calls| calls.round() as u32)
            .collect(),
    };
    Some(Hours {
        days: (first..case.days()).map(of_day).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::firm;
    use crate::model::observations::Direction;

    #[test]
    fn the_hours_add_up_to_the_calls_of_their_days() {
        let (seen, settings) = (firm::quiet(3), firm::settings());
        let case = Case::new(&seen, &settings);
        let Some(hours) = hours(&case, CauseCode::Telephony, &Scope::new()) else {
            panic!("the firm has calls");
        };
        assert_eq!(hours.days.len(), MOST_DAYS);
        let first = case.days() - MOST_DAYS;
        let calls = seen.calls.iter().flatten();
        let due = calls
            .filter(|call| call.direction == Direction::Inbound && call.day as usize >= first)
            .count();
        let shown = hours.days.iter().flat_map(|day| &day.calls).sum::<u32>();
        assert_eq!(shown as usize, due);
    }

    #[test]
    fn other_causes_have_no_hours() {
        let (seen, settings) = (firm::quiet(3), firm::settings());
        let case = Case::new(&seen, &settings);
        assert_eq!(hours(&case, CauseCode::Forms, &Scope::new()), None);
    }
}
