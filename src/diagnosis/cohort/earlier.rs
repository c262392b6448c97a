//! A period against a base that ended some weeks ago: what has been wrong for weeks has spoilt the latest base.

use std::ops::Range;

use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::weigh::bayes;
use crate::metrics::predictive::overdispersion;

/// What has been wrong for so many days at most has not spoilt the earlier base: six weeks. A judgement: longer gaps
/// would compare with another season.
const SPOILT_DAYS: usize = 42;
/// Fewer periods give no base.
const MIN_PERIODS: usize = 4;
/// Half an event more than were counted, so that none in the base is rare and not impossible.
const HALF_EVENT: f64 = 0.5;
/// A base of months ago knows the present level less well than the latest one: its noise counts so many times. A
/// judgement: the level has had time to drift as well.
const NOISE_OF_OLD_BASE: f64 = 2.0;

/// Days of the base that what is usual (a limit, a list) is learnt from: those before the recent weeks where there are
/// enough of them.
pub fn earlier_base(case: &Case) -> Range<u32> {
    let length = case.length();
    let end = case.start().min(case.days().saturating_sub(SPOILT_DAYS));
    let from = end.saturating_sub(case.settings.base_periods as usize * length);
    if from + MIN_PERIODS * length <= end {
        from as u32..end as u32
    } else {
        case.base_start() as u32..case.start() as u32
    }
}

/// A past period: its events and what they are proportional to.
struct Period {
    events: f64,
    exposed: f64,
}

/// The reported period's count given its exposure, judged by the periods before the recent weeks. The calendar's part
/// is taken over from `usual`, the judgement by the latest base. `None` when there is too little history, or when the
/// period is too long for weeks between it and an earlier base.
pub fn judge_earlier(
    case: &Case,
    counts: &[f64],
    exposure: &[f64],
    usual: &Judged,
) -> Option<Judged> {
    let periods = earlier_periods(case, counts, exposure)?;
    let events = periods.iter().fold(0.0, |sum, one| sum + one.events);
    let exposed = periods.iter().fold(0.0, |sum, one| sum + one.exposed);
    if periods.len() < MIN_PERIODS || exposed <= 0.0 {
        return None;
    }
    let rate = (events + HALF_EVENT) / exposed;
    let pairs = periods.iter().map(|one| (one.events, one.exposed * rate));
    let noise = overdispersion(pairs, 1.0);
    let ordinary = exposure[case.start()..].iter().sum::<f64>() * rate;
    let calendar = if usual.ordinary > 0.0 {
        usual.expected / usual.ordinary
    } else {
        1.0
    };
    Some(Judged {
        observed: usual.observed,
        expected: ordinary * calendar,
        ordinary,
        dispersion: NOISE_OF_OLD_BASE * noise + 1.0 / (events + HALF_EVENT),
    })
}

/// The periods before the recent weeks, the latest first. `None` when the reported period is as long as those weeks.
fn earlier_periods(case: &Case, counts: &[f64], exposure: &[f64]) -> Option<Vec<Period>> {
    let (length, start) = (case.length(), case.start());
    // The reported period is one of the recent ones.
    let gap = (SPOILT_DAYS / length.max(1)).saturating_sub(1);
    if gap == 0 {
        return None;
    }
    let mut periods = Vec::new();
    for back in gap..gap + case.settings.base_periods as usize {
        let Some(from) = start.checked_sub((back + 1) * length) else {
            break;
        };
        let days = from..from + length;
        periods.push(Period {
            events: counts[days.clone()].iter().sum(),
            exposed: exposure[days].iter().sum(),
        });
    }
    Some(periods)
}

/// The evidence of a change by the latest base or by the earlier one, whichever tells more, with the choice paid for;
/// and the judgement that told more.
pub fn weigh(
    case: &Case,
    counts: &[f64],
    exposure: &[f64],
    by: fn(&Judged) -> f64,
) -> Option<(f64, Judged)> {
    let usual = case.judge(counts, Some(exposure))?;
    let Some(earlier) = judge_earlier(case, counts, exposure, &usual) else {
        return Some((by(&usual), usual));
    };
    let weights = [by(&usual), by(&earlier)];
    let better = if weights[1] > weights[0] {
        earlier
    } else {
        usual
    };
    Some((bayes::log_mean(&weights), better))
}
