//! What a week's advertising cost: for each day and campaign, in step with the visits it brought.

use chrono::NaiveDate;

use super::calendar::{DAY, shift};
use super::dice::Dice;
use super::records::Visit;
use super::sources::SOURCES;
use super::week::Week;

/// One campaign on one day.
pub struct AdDay {
    /// The day in Moscow.
    pub date: NaiveDate,
    /// Index in [`SOURCES`].
    pub source: usize,
    /// Times shown.
    pub shown: u64,
    /// Times clicked.
    pub clicks: u64,
    /// Kopecks spent.
    pub cost: u64,
    /// Form requests that the system counts.
    pub conversions: u64,
}

/// The week's advertising, by day and then campaign.
pub fn days(week: &Week, visits: &[Visit], dice: &mut Dice) -> Vec<AdDay> {
    let mut visited = [[(0u64, 0u64); SOURCES.len()]; 7];
    for visit in visits {
        let cell = &mut visited[((visit.at - week.start) / DAY).clamp(0, 6) as usize]
            [usize::from(visit.visitor.source)];
        cell.0 += 1;
        cell.1 += u64::from(visit.goals & 2 == 2);
    }
    let mut days = Vec::new();
    for (day, row) in visited.iter().enumerate() {
        for (source, (visits, conversions)) in row
            .iter()
            .enumerate()
            .filter(|(source, _)| SOURCES[*source].click > 0.0)
        {
            let clicks = (*visits as f64 * (1.05 + 0.1 * dice.unit())).round() as u64;
            let price = SOURCES[source].click * (0.9 + 0.2 * dice.unit());
            let rate = if SOURCES[source].click > 20.0 {
                0.06
            } else {
                0.008
            };
            let shown =
                (clicks as f64 / (rate * (0.85 + 0.3 * dice.unit()))) as u64 + dice.below(40);
            let cost = (clicks as f64 * price * 100.0).round() as u64;
            days.push(AdDay {
                date: shift(week.monday, day as i64),
                source,
                shown,
                clicks,
                cost,
                conversions: *conversions,
            });
        }
    }
    days
}
