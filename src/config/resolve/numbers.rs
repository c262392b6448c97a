//! The ranges of numbers.

use std::fmt::Display;
use std::ops::RangeInclusive;

use crate::config::rules::{
    AttributionRules, DiagnosisRules, InquiryRules, LakeRules, MoneyRules, SalesRules, Thresholds,
};
use crate::config::source::SettingsText;
use crate::config::value::Check;
use crate::config::wording;
use crate::model::fault::Fault;

/// Ten years: longer windows are slips of the pen, and dates stay far from the ends of the calendar.
const DAYS: RangeInclusive<u32> = 1..=3650;
/// Talks of more than an hour as the least that counts are a number in another unit.
const TALK_SECONDS: RangeInclusive<u32> = 0..=3600;
/// The first and the last session cannot have more than all the credit.
const EACH_END_PERCENT: RangeInclusive<u32> = 0..=50;
/// Thresholds of counts beyond a million would leave nothing to state.
const EVENTS: RangeInclusive<u32> = 1..=1_000_000;
/// A usual range needs two periods; more than two years of weeks are another business.
const BASE_PERIODS: RangeInclusive<u32> = 2..=104;
/// A loss of more inquiries than this is never seen, so that every finding would be hidden.
const SMALLEST_LOSS: RangeInclusive<f64> = 0.0..=1e6;

pub(super) fn check(
    source: &SettingsText<'_>,
    inquiry: &InquiryRules,
    attribution: &AttributionRules,
    sales: &SalesRules,
) -> Check {
    let whole = |path: &str, value: u32, range| whole(source, path, value, range);
    whole("inquiry.uniqueness_days", inquiry.uniqueness_days, DAYS)?;
    whole(
        "inquiry.target_call_min_s",
        inquiry.target_call_min_s,
        TALK_SECONDS,
    )?;
    whole("attribution.lookback_days", attribution.lookback_days, DAYS)?;
    whole(
        "attribution.half_life_days",
        attribution.half_life_days,
        DAYS,
    )?;
    whole(
        "attribution.position_ends_percent",
        attribution.position_ends_percent,
        EACH_END_PERCENT,
    )?;
    whole("sales.deal_window_days", sales.deal_window_days, DAYS)?;
    whole("sales.horizon_days", sales.horizon_days, DAYS)?;
    // A cohort is mature at the latest when no further sale counts for it.
    whole(
        "sales.mature_days",
        sales.mature_days,
        1..=sales.horizon_days,
    )
}

pub(super) fn check_thresholds(source: &SettingsText<'_>, thresholds: &Thresholds) -> Check {
    let whole = |path: &str, value: u32, range| whole(source, path, value, range);
    whole("thresholds.min_events", thresholds.min_events, EVENTS)?;
    whole("thresholds.min_base", thresholds.min_base, EVENTS)?;
    whole(
        "thresholds.base_periods",
        thresholds.base_periods,
        BASE_PERIODS,
    )?;
    error_rate(source, "thresholds.alpha", thresholds.alpha)?;
    error_rate(source, "thresholds.channels_fdr", thresholds.channels_fdr)?;
    let share = thresholds.max_reject_share;
    if (0.0..=1.0).contains(&share) {
        return Ok(());
    }
    Err(out_of_range(
        source,
        "thresholds.max_reject_share",
        share,
        "0 to 1",
    ))
}

pub(super) fn check_money(source: &SettingsText<'_>, money: MoneyRules) -> Check {
    whole(source, "money.silence_days", money.silence_days, DAYS)?;
    let Some(margin) = money.margin else {
        return Ok(());
    };
    // A share of 0 would call every sale worthless; percent are no shares.
    if margin > 0.0 && margin <= 1.0 {
        return Ok(());
    }
    Err(out_of_range(
        source,
        "money.margin",
        margin,
        "above 0 and up to 1",
    ))
}

pub(super) fn check_lake(source: &SettingsText<'_>, lake: LakeRules) -> Check {
    whole(source, "lake.keep_days", lake.keep_days, DAYS)
}

pub(super) fn check_diagnosis(source: &SettingsText<'_>, diagnosis: &DiagnosisRules) -> Check {
    let smallest = diagnosis.smallest_loss;
    if SMALLEST_LOSS.contains(&smallest) {
        return Ok(());
    }
    let range = format!("{} to {}", SMALLEST_LOSS.start(), SMALLEST_LOSS.end());
    Err(out_of_range(
        source,
        "diagnosis.smallest_loss",
        smallest,
        &range,
    ))
}

fn whole(source: &SettingsText<'_>, path: &str, value: u32, range: RangeInclusive<u32>) -> Check {
    if range.contains(&value) {
        return Ok(());
    }
    let range = format!("{} to {}", range.start(), range.end());
    Err(out_of_range(source, path, value, &range))
}

/// From one half on a test is no better than a coin.
fn error_rate(source: &SettingsText<'_>, path: &str, rate: f64) -> Check {
    if rate > 0.0 && rate < 0.5 {
        return Ok(());
    }
    Err(out_of_range(source, path, rate, "above 0 and below 0.5"))
}

fn out_of_range(source: &SettingsText<'_>, path: &str, value: impl Display, range: &str) -> Fault {
    let message = format!("{value} is out of range for {}", wording::setting(path));
    source
        .refuse(path, message)
        .hint(format!("expected {range}"))
}
