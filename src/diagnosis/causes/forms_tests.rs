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

#[test]
#[ignore = "prints measured rates"]
fn measure() {
    let seeds = 30;
    let rate = |name: &str, right: &str, breaks: &dyn Fn(&mut Observations)| {
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
                (found.log_odds().unwrap_or(0.0), found.scope.values().cloned().collect::<Vec<_>>().join("+") == right)
            })
            .collect();
        odds.sort_by(|a, b| a.0.total_cmp(&b.0));
        let share = |least: f64| odds.iter().filter(|o| o.0 > least).count() as f64 / seeds as f64;
        let right = odds.iter().filter(|o| o.1).count();
        println!(
            "{name}: median {:.1} min {:.1} max {:.1}; >0 {:.2} >1 {:.2} >3 {:.2} >5 {:.2}; right {right}",
            odds[odds.len() / 2].0,
            odds[0].0,
            odds[odds.len() - 1].0,
            share(0.0),
            share(1.0),
            share(3.0),
            share(5.0)
        );
    };
    rate("quiet", "", &|_| {});
    let at = |day: u32, hour: u32| (START + day) * 24 + hour;
    for (name, lost) in [("dead", 1.0), ("80 %", 0.8), ("50 %", 0.5), ("30 %", 0.3)] {
        for (time, hours) in
            [("1 day", at(1, 0)..at(2, 0)), ("3 days", at(1, 12)..at(4, 12)), ("week", at(0, 0)..at(7, 0))]
        {
            rate(&format!("main {name} {time}"), "main", &|seen| {
                break_forms(seen, |one| one.form == 1, hours.clone(), lost)
            });
            rate(&format!("phones {name} {time}"), "phone", &|seen| {
                break_forms(seen, |one| one.device == 1, hours.clone(), lost)
            });
            rate(&format!("all {name} {time}"), "", &|seen| break_forms(seen, |_| true, hours.clone(), lost));
        }
    }
    rate("main on / dead week", "main+/", &|seen| {
        break_forms(seen, |one| one.form == 1 && one.page == 1, at(0, 0)..at(7, 0), 1.0)
    });
}
