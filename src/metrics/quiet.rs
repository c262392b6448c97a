//! A simulated firm to which nothing happens: how often the scorecard says otherwise.

use rand_distr::{Distribution as _, LogNormal, Poisson};
use rand_pcg::Pcg64Mcg;

use super::sample::{Planted, facts, plan};
use super::scorecard;
use super::scorecard::{ChannelRow, RowVerdict};

/// Channels with their usual sessions and inquiries a week.
const FIRM: [(&str, f64, f64); 6] = [
    ("ads", 3000.0, 36.0),
    ("organic", 1500.0, 22.0),
    ("maps", 800.0, 16.0),
    ("direct", 600.0, 12.0),
    ("social", 400.0, 4.0),
    ("email", 100.0, 2.0),
];

#[test]
fn quiet_weeks_are_called_noise() {
    let mut random = Pcg64Mcg::new(46);
    let noise = LogNormal::new(0.0, 0.06).expect("a distribution");
    let mut around = |mean: f64| -> f64 {
        let level: f64 = noise.sample(&mut random);
        Poisson::new(mean * level)
            .expect("a distribution")
            .sample(&mut random)
    };
    let mut week = || {
        FIRM.map(|(channel, sessions, inquiries)| {
            let visits = around(sessions);
            Planted(
                channel,
                visits as u64,
                around(inquiries / sessions * visits) as usize,
                0,
            )
        })
    };
    let (mut totals, mut channels) = (0, 0);
    let reports = 100;
    for _ in 0..reports {
        let weeks: Vec<[Planted; 6]> = (0..9).map(|_| week()).collect();
        let card = scorecard(
            &facts(
                &weeks
                    .iter()
                    .map(<[Planted; 6]>::as_slice)
                    .collect::<Vec<_>>(),
            ),
            &plan(),
        );
        totals += u32::from(is_alarm(&card.total));
        channels += u32::from(card.channels.iter().any(is_alarm));
    }
    assert!(
        totals <= 6,
        "the total is called worse or better in {totals} of {reports} weeks, 2 promised"
    );
    assert!(
        channels <= 12,
        "a channel is called worse or better in {channels} of {reports} weeks, 5 promised"
    );
}

fn is_alarm(row: &ChannelRow) -> bool {
    matches!(row.verdict, RowVerdict::Worse | RowVerdict::Better)
}
