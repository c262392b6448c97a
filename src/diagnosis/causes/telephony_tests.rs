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

#[test]
#[ignore = "prints measured rates"]
fn measure() {
    let seeds = 30;
    let rate = |name: &str, breaks: &dyn Fn(&mut Observations)| {
        let mut odds: Vec<(f64, bool)> = (0..seeds)
            .map(|seed| {
                let mut seen = quiet(seed);
                breaks(&mut seen);
                let found = of(&seen);
                if seed == 0 {
                    println!(
                        "{:?} {:?} {:?}",
                        found.scope,
                        found.started_at,
                        found.evidence.iter().map(|e| format!("{} {:.1}", e.code, e.weight)).collect::<Vec<_>>()
                    );
                }
                (
                    found.log_odds().unwrap_or(0.0),
                    found.scope.get(&crate::model::observations::Dimension::Line).is_some_and(|line| line == "A"),
                )
            })
            .collect();
        odds.sort_by(|a, b| a.0.total_cmp(&b.0));
        let share = |least: f64| odds.iter().filter(|o| o.0 > least).count() as f64 / seeds as f64;
        let right = odds.iter().filter(|o| o.1).count();
        println!(
            "{name}: median {:.1} min {:.1} max {:.1}; >0 {:.2} >1 {:.2} >3 {:.2} >5 {:.2}; line A {right}",
            odds[odds.len() / 2].0,
            odds[0].0,
            odds[odds.len() - 1].0,
            share(0.0),
            share(1.0),
            share(3.0),
            share(5.0)
        );
    };
    rate("quiet", &|_| {});
    let at = |day: u32, hour: u32| (START + day) * 24 + hour;
    rate("A dead 3 h", &|seen| break_lines(seen, &[1], at(1, 10)..at(1, 13), 1.0));
    rate("A dead 1 day", &|seen| break_lines(seen, &[1], at(1, 0)..at(2, 0), 1.0));
    rate("A dead 3 days", &|seen| break_lines(seen, &[1], at(1, 12)..at(4, 12), 1.0));
    rate("A dead week", &|seen| break_lines(seen, &[1], at(0, 0)..at(7, 0), 1.0));
    rate("A dead 2 weeks before", &|seen| break_lines(seen, &[1], at(0, 0) - 14 * 24..at(7, 0), 1.0));
    rate("A dead week before, well now", &|seen| break_lines(seen, &[1], at(0, 0) - 7 * 24..at(0, 0), 1.0));
    rate("all dead 1 day", &|seen| break_lines(seen, &[1, 2], at(1, 0)..at(2, 0), 1.0));
    rate("all dead 3 days", &|seen| break_lines(seen, &[1, 2], at(1, 0)..at(4, 0), 1.0));
    for lost in [0.3, 0.5, 0.8] {
        rate(&format!("A partial week {lost}"), &|seen| break_lines(seen, &[1], at(0, 0)..at(7, 0), lost));
        rate(&format!("A partial 3 days {lost}"), &|seen| break_lines(seen, &[1], at(1, 0)..at(4, 0), lost));
    }
}
