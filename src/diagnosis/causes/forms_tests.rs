use super::*;
use crate::diagnosis::firm::{Dice, START, count_exports, quiet, settings};
use crate::model::observations::{Observations, SeenInquiry};

/// Takes forms away in hours of the history, each with probability `lost`.
fn break_forms(seen: &mut Observations, of: impl Fn(&SeenInquiry) -> bool, hours: std::ops::Range<u32>, lost: f64) {
    let mut dice = Dice::new(99);
    seen.inquiries.as_mut().expect("contacts").retain(|one| {
        let is_hit = one.kind == ContactKind::Form && of(one) && hours.contains(&(one.day * 24 + u32::from(one.hour)));
        !(is_hit && dice.hits(lost))
    });
    count_exports(seen);
}

fn of(seen: &Observations) -> Assessment {
    let settings = settings();
    assess(&Case::new(seen, &settings))
}
