use super::*;
use crate::diagnosis::firm::{START, count_exports, quiet, settings};
use crate::model::observations::Observations;

/// Takes the inbound calls of lines away in hours of the history, each with probability `lost`, with their inquiries.
fn break_lines(seen: &mut Observations, lines: &[u16], hours: std::ops::Range<u32>, lost: f64) {
    let mut dice = crate::diagnosis::firm::Dice::new(99);
    let gone: std::collections::BTreeSet<_> = seen
        .calls
        .iter()
        .flatten()
        .filter(|call| call.direction == Direction::Inbound && lines.contains(&call.line))
        .filter(|call| hours.contains(&(call.day * 24 + u32::from(call.hour))) && dice.hits(lost))
        .map(|call| (call.at, call.person))
        .collect();
    let times: std::collections::BTreeSet<_> = gone.iter().map(|(at, _)| *at).collect();
    seen.calls.as_mut().expect("telephones").retain(|call| !gone.contains(&(call.at, call.person)));
    seen.inquiries
        .as_mut()
        .expect("contacts")
        .retain(|of| !(Case::is_call(of) && lines.contains(&of.line) && times.contains(&of.at)));
    count_exports(seen);
}

fn of(seen: &Observations) -> Assessment {
    let settings = settings();
    assess(&Case::new(seen, &settings))
}
