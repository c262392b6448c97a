//! A period against a base that ended some weeks ago: what has been wrong for weeks has spoilt the latest base.

use std::ops::Range;

use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::weigh::bayes;
use crate::metrics::predictive::overdispersion;

/// What has been wrong for so many days at most has not spoilt the earlier base: six weeks.
const SPOILT_DAYS: usize = 42;
/// Fewer periods give no base.
const MIN_PERIODS: usize = 4;

/// Days of the base that what is usual (a limit, a list) is learnt from: those before the recent weeks where there are
/// enough of them.
pub fn earlier_base(case: &Case) -> Range<u32> {
    let end = case.start().min(case.days().saturating_sub(SPOILT_DAYS));
    let from = end.saturating_sub(case.settings.base_periods as usize * case.length());
    if from + MIN_PERIODS * case.length() <= end {
        from as u32..end as u32
    } else {
        case.base_start() as u32..case.start() as u32
    }
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
    let (length, start) = (case.length(), case.start());
    let gap = (SPOILT_DAYS / length.max(1)).saturating_sub(1);
    if gap == 0 {
        return None;
    }
    let periods: Vec<(f64, f64)> = (gap..gap + case.settings.base_periods as usize)
        .map_while(|back| {
            let from = start.checked_sub((back + 1) * length)?;
            let days = from..from + length;
            Some((
                counts[days.clone()].iter().sum(),
                exposure[days].iter().sum(),
            ))
        })
        .collect();
    let (events, exposed) = periods
        .iter()
        .fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    if periods.len() < MIN_PERIODS || exposed <= 0.0 {
        return None;
    }
    let rate = (events + 0.5) / exposed;
    let noise = overdispersion(periods.iter().map(|one| (one.0, one.1 * rate)), 1.0);
    let ordinary = exposure[start..].iter().sum::<f64>() * rate;
    let calendar = if usual.ordinary > 0.0 {
        usual.expected / usual.ordinary
    } else {
        1.0
    };
    // A base of months ago knows the present level less well than the latest one: its noise counts twice.
    let dispersion = 2.0 * noise + 1.0 / (events + 0.5);
    Some(Judged {
        observed: usual.observed,
        expected: ordinary * calendar,
        ordinary,
        dispersion,
    })
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
    let better = if by(&earlier) > by(&usual) {
        earlier
    } else {
        usual
    };
    Some((bayes::log_mean(&[by(&usual), by(&earlier)]), better))
}
