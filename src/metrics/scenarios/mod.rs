//! Small firms with numbers that can be checked by hand, through the whole scorecard.

mod bases;
mod cohorts;
mod unknown;
mod week;

use super::sample::{Planted, facts};
use super::scorecard::{ChannelRow, Scorecard};
use crate::model::facts::Facts;

const USUAL: &[Planted] = &[
    Planted("ads", 2000, 60, 50_000),
    Planted("organic", 1000, 30, 0),
    Planted("email", 100, 4, 0),
    Planted("unattributed", 0, 6, 0),
];

/// Eight usual weeks, then the given one.
fn after_usual_weeks(week: &'static [Planted]) -> Facts {
    let mut weeks = vec![USUAL; 8];
    weeks.push(week);
    facts(&weeks)
}

fn row<'a>(card: &'a Scorecard, channel: &str) -> &'a ChannelRow {
    card.channels
        .iter()
        .find(|row| row.channel.as_str() == channel)
        .expect("the channel has a row")
}
