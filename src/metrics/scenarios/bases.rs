//! What a week is compared with: the weeks before, the trend, the same week of last year.

use super::{USUAL, row};
use crate::metrics::sample::{Planted, facts, plan, reported_week};
use crate::metrics::scorecard;
use crate::metrics::scorecard::RowVerdict;

#[test]
fn a_channel_of_two_weeks_is_not_judged_by_eight() {
    const WITH_VIDEO: &[Planted] = &[
        Planted("ads", 2000, 60, 50_000),
        Planted("video", 600, 20, 0),
    ];
    let mut weeks = vec![USUAL; 7];
    weeks.extend([WITH_VIDEO; 2]);
    let card = scorecard(&facts(&weeks), &plan());
    let video = row(&card, "video");
    assert_eq!((video.usual, video.verdict), (None, RowVerdict::TooFew));
    assert_eq!(row(&card, "ads").usual.map(|usual| usual.periods), Some(8));
}

#[test]
fn the_trend_has_thirteen_points_and_learns_from_what_was_before_each() {
    let card = scorecard(&facts(&[USUAL; 20]), &plan());
    assert_eq!(card.trend.len(), 13);
    assert_eq!(
        card.trend.last().map(|point| point.period.clone()),
        Some(reported_week())
    );
    assert!(
        card.trend
            .iter()
            .all(|point| point.usual.is_some_and(|usual| usual.low < usual.value))
    );
    let short = scorecard(&facts(&[USUAL; 6]), &plan());
    let known: Vec<bool> = short
        .trend
        .iter()
        .map(|point| point.usual.is_some())
        .collect();
    assert_eq!(
        known,
        [false, false, false, false, true, true],
        "four periods are needed"
    );
}

#[test]
fn last_year_is_found_in_a_long_run() {
    let card = scorecard(&facts(&[USUAL; 54]), &plan());
    let last_year = card.total.last_year.expect("a year before");
    assert_eq!(last_year.period.label, "2025-W46");
    assert!(!last_year.change.conv1.is_beyond_noise());
    assert_eq!(
        card.trend.last().and_then(|point| point.last_year_conv1),
        Some(100.0 / 3100.0)
    );
}
