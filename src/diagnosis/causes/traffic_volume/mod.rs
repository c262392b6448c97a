//! Fewer sessions: a channel, or the whole site, brings less or stops, and clicks and spend fall with it where they are
//! known. Or more of them: a surge of weaker visitors, whose inquiries do not keep up.

mod surge;

use std::ops::Range;

use super::{Assess, Assessment, Cause};
use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::change_point;
use crate::diagnosis::finding::{CauseCode, Conversion, Scope};
use crate::diagnosis::weigh::bayes;
use crate::diagnosis::weigh::evidence::{Evidence, Role, Value, before};
use crate::diagnosis::weigh::scopes::{Channels, best, range};
use crate::metrics::predictive::overdispersion;
use crate::metrics::scorecard::Estimate;
use crate::model::observations::{Code, Dimension};

pub(super) const CAUSE: Cause = Cause {
    code: CauseCode::TrafficVolume,
    conversion: Conversion::First,
    checks: &[
        "traffic_volume.ads",
        "traffic_volume.positions",
        "traffic_volume.site",
    ],
    assess: Assess::Alone(assess),
};

/// Corroboration weighs no more than this.
const MOST: f64 = 4.0;
/// What clicks that fell with the sessions add: the counter is sound.
const SAME_VISITORS: f64 = 1.0;
/// Belief that a fall is best seen in the period's total, else on some of its days.
const BY_TOTAL: f64 = 0.6;
/// Relative variance of a single day beyond chance, at least; over several days it averages out.
const LEAST_DAY_NOISE: f64 = 0.02;
/// A fall on more days in a row is one of the total.
const LONGEST_SPAN: usize = 7;
/// Days without a session at the end of the period that say that a steady channel has stopped …
const SILENT_DAYS: usize = 2;
/// … when so many sessions were due on them.
const SILENT_DUE: f64 = 5.0;

/// What happened to the traffic, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    All,
    Less(Code),
    Surge(Code),
}

fn assess(case: &Case) -> Assessment {
    if case.seen.visits.is_none() {
        return Assessment::not_assessable(Evidence::new("traffic_volume.no_sessions", 0.0, []));
    }
    let channels = Channels::of(case);
    let codes = || channels.codes.iter().copied();
    let single: Vec<_> = codes()
        .filter_map(|code| Some((Place::Less(code), of_channel(case, &channels, code)?)))
        .collect();
    let surges: Vec<_> = codes()
        .filter_map(|code| Some((Place::Surge(code), surge::evidence(case, code)?)))
        .collect();
    let whole: Vec<_> = of_all(case)
        .map(|evidence| (Place::All, evidence))
        .into_iter()
        .collect();
    if single.is_empty() && whole.is_empty() {
        return Assessment::not_assessable(Evidence::new("traffic_volume.no_history", 0.0, []));
    }
    // In a week of holidays the whole site is what the calendar makes of it.
    let whole = if case.is_festive() { Vec::new() } else { whole };
    let Some((place, evidence)) = best([(whole, 0.0), (single, 0.0), (surges, 0.0)]) else {
        return Assessment::default();
    };
    match place {
        Place::Surge(code) => surge::assessment(case, code, evidence),
        Place::All => finish(case, &channels, None, evidence),
        Place::Less(code) => finish(case, &channels, Some(code), evidence),
    }
}

fn sessions(case: &Case, scope: Option<Code>) -> Vec<f64> {
    case.sessions(
        |row| scope.is_none_or(|code| row.channel == code),
        |counts| counts.sessions,
    )
}

/// A fall of sessions, and the days that tell it most clearly.
struct Fall {
    weight: f64,
    days: Range<usize>,
    judged: Judged,
}

impl Fall {
    fn is_of_all_days(&self, case: &Case) -> bool {
        self.days == (case.start()..case.days())
    }
}

/// What is seen on the days of the fall.
fn main(case: &Case, fall: &Fall) -> Evidence {
    let judged = &fall.judged;
    let [observed, _] = judged.counts();
    let values = [
        observed,
        ("expected", Value::Count(judged.expected.round())),
        ("change", Value::Change(judged.change())),
    ];
    let of_days = |code: &str| {
        let mut evidence = Evidence::new(code, fall.weight, values.clone());
        let (first, last) = (fall.days.start as u32, fall.days.end as u32 - 1);
        evidence
            .values
            .insert("first".to_owned(), Value::Day(case.seen.date(first)));
        evidence
            .values
            .insert("last".to_owned(), Value::Day(case.seen.date(last)));
        evidence
    };
    match fall.days.len() {
        _ if fall.is_of_all_days(case) => {
            Evidence::new("traffic_volume.sessions", fall.weight, values)
        }
        1 => of_days("traffic_volume.on_a_day"),
        _ => of_days("traffic_volume.on_days"),
    }
}

/// The evidence of a fall: in the period's total, or on some days in a row.
fn fall(case: &Case, counts: &[f64], total: &Judged) -> Fall {
    let (start, days) = (case.start(), case.days());
    let noise = day_noise(case, counts);
    let spans = (start..days)
        .flat_map(|from| (from + 1..=days.min(from + LONGEST_SPAN)).map(move |to| from..to));
    let parts = spans
        .filter(|span| *span != (start..days))
        .filter_map(|days| {
            let judged = case.judge_span(counts, None, days.start, days.end)?;
            let dispersion = judged.dispersion + noise / days.len() as f64;
            let judged = Judged {
                dispersion,
                ..judged
            };
            Some(Fall {
                weight: judged.fall(),
                days,
                judged,
            })
        });
    let parts: Vec<Fall> = parts.collect();
    let whole = Fall {
        weight: total.fall(),
        days: start..days,
        judged: *total,
    };
    let price = (parts.len().max(1) as f64).ln();
    let weights: Vec<f64> = parts.iter().map(|part| part.weight).collect();
    let Some(clearest) = parts
        .into_iter()
        .max_by(|one, other| one.weight.total_cmp(&other.weight))
    else {
        return whole;
    };
    let weight = bayes::either(whole.weight, BY_TOTAL, bayes::log_mean(&weights));
    // Some days of many always tell a little more than all of them.
    let told = if clearest.weight - price > whole.weight {
        clearest
    } else {
        whole
    };
    Fall { weight, ..told }
}

/// Relative variance of a single day beyond chance, given its period's total and its weekday: from the base.
fn day_noise(case: &Case, counts: &[f64]) -> f64 {
    let periods: Vec<&[f64]> = counts[case.base_start()..case.start()]
        .chunks_exact(case.length())
        .collect();
    let total = |period: &&[f64]| period.iter().sum::<f64>();
    let all: f64 = periods.iter().map(total).sum();
    let share = |at: usize| periods.iter().map(|period| period[at]).sum::<f64>() / all.max(1.0);
    let shares: Vec<f64> = (0..case.length()).map(share).collect();
    let days = periods.iter().flat_map(|period| {
        let sessions = total(period);
        period
            .iter()
            .zip(&shares)
            .map(move |(count, share)| (*count, sessions * share))
    });
    overdispersion(days, 1.0).max(LEAST_DAY_NOISE)
}

/// Fewer sessions in the periods before: it may have begun then.
fn begun_before(case: &Case, counts: &[f64]) -> Option<Evidence> {
    before(case.before(counts, None, bayes::fall))
}

fn of_all(case: &Case) -> Option<Vec<Evidence>> {
    let counts = sessions(case, None);
    let judged = case.judge(&counts, None)?;
    let mut evidence = vec![main(case, &fall(case, &counts, &judged))];
    evidence.extend(begun_before(case, &counts));
    if evidence[0].weight > 0.0 {
        // Clicks and inquiries that stay although the sessions are gone speak for a lost counter, not for lost visitors.
        evidence.extend(clicks_follow(case, None, &judged));
        evidence.extend(inquiries_follow(case, None, &judged));
    }
    Some(evidence)
}

fn of_channel(case: &Case, channels: &Channels, code: Code) -> Option<Vec<Evidence>> {
    let counts = sessions(case, Some(code));
    let judged = case.judge(&counts, None)?;
    let mut evidence = vec![main(case, &fall(case, &counts, &judged))];
    evidence.extend(begun_before(case, &counts));
    if evidence[0].weight > 0.0 {
        evidence.extend(clicks_follow(case, Some(code), &judged));
        evidence.extend(inquiries_follow(case, Some(code), &judged));
        evidence.extend(others_take_over(case, channels, code, &judged));
    }
    Some(evidence)
}

/// Whether paid clicks fell as the sessions did, or stayed: against each other, not against "nothing happened".
fn clicks_follow(case: &Case, code: Option<Code>, sessions: &Judged) -> Option<Evidence> {
    let clicks = case.clicks(code);
    let judged = case
        .judge(&clicks, None)
        .filter(|judged| judged.expected >= 20.0)?;
    let fallen = share_left(sessions);
    let weight = bayes::by(
        fallen,
        judged.observed,
        judged.expected,
        judged.dispersion + sessions.dispersion,
    );
    let values = [
        ("observed", Value::Count(judged.observed)),
        ("expected", Value::Count(judged.expected.round())),
    ];
    let evidence = match weight > 0.0 {
        // Clicks and sessions are the same visitors: that both fell is no second sign of a fall.
        true => Evidence::new(
            "traffic_volume.clicks_fell",
            weight.min(SAME_VISITORS),
            values,
        ),
        false => Evidence::new("traffic_volume.clicks_stayed", weight, values),
    };
    Some(evidence.of(Role::Demand))
}

/// Whether inquiries fell as the sessions did, or stayed.
fn inquiries_follow(case: &Case, scope: Option<Code>, sessions: &Judged) -> Option<Evidence> {
    let counts = case.inquiries(|seen| scope.is_none_or(|code| seen.channel == code));
    let judged = case
        .judge(&counts, None)
        .filter(|judged| judged.expected >= 3.0)?;
    let fallen = share_left(sessions);
    let weight = bayes::by(
        fallen,
        judged.observed,
        judged.expected,
        judged.dispersion + sessions.dispersion,
    );
    let values = [
        ("observed", Value::Count(judged.observed)),
        ("expected", Value::Count(judged.expected.round())),
    ];
    let evidence = match weight > 0.0 {
        true => Evidence::new("traffic_volume.inquiries_fell", weight.min(MOST), values),
        false => Evidence::new(
            "traffic_volume.inquiries_stayed",
            weight.max(-2.0 * MOST),
            values,
        ),
    };
    Some(evidence.of(Role::Outcome))
}

/// Sessions without a tag that rise by as much as this channel lost: the visitors are there, their tag is not.
fn others_take_over(
    case: &Case,
    channels: &Channels,
    code: Code,
    judged: &Judged,
) -> Option<Evidence> {
    let untagged = channels.untagged.iter().filter(|other| **other != code);
    let (mut risen, mut weight) = (0.0, 0.0);
    for other in untagged {
        let Some(other) = case.judge(&sessions(case, Some(*other)), None) else {
            continue;
        };
        if other.lost() < 0.0 && other.rise() > 1.0 {
            (risen, weight) = (risen - other.lost(), weight + other.rise());
        }
    }
    let share = risen / judged.lost().max(1.0);
    (share > 0.5).then(|| {
        let values = [
            ("risen", Value::Count(risen.round())),
            ("lost", Value::Count(judged.lost().round())),
        ];
        Evidence::new("traffic_volume.taken_over", -weight.min(2.0 * MOST), values).of(Role::Rival)
    })
}

/// What is left of the sessions; a fall that is best seen in the last days may leave nearly all of the total.
fn share_left(sessions: &Judged) -> f64 {
    (sessions.observed / sessions.expected.max(1.0)).min(0.95)
}

/// Whether a channel that had sessions in every period of the base has none on the last days.
fn has_stopped(case: &Case, counts: &[f64]) -> bool {
    let length = case.length();
    let is_steady = counts[case.base_start()..case.start()]
        .rchunks(length)
        .all(|period| period.iter().sum::<f64>() > 0.0);
    let silent = counts
        .iter()
        .rev()
        .take_while(|count| **count == 0.0)
        .count()
        .min(length);
    let due = case
        .judge_span(counts, None, case.days() - silent, case.days())
        .map_or(0.0, |judged| judged.expected);
    is_steady && silent >= SILENT_DAYS.min(length) && due >= SILENT_DUE
}

fn finish(
    case: &Case,
    channels: &Channels,
    code: Option<Code>,
    evidence: Vec<Evidence>,
) -> Assessment {
    let counts = sessions(case, code);
    let fall = case
        .judge(&counts, None)
        .map(|judged| fall(case, &counts, &judged));
    let part = fall.as_ref().filter(|fall| !fall.is_of_all_days(case));
    let rate = channels.rate(code);
    let start = part.map_or_else(
        || change_point::start(case, &counts, None),
        |part| Some(part.days.start),
    );
    let end = part
        .map(|part| part.days.end)
        .filter(|end| *end < case.days());
    Assessment {
        evidence,
        scope: scope(case, code),
        started_at: start.map(|day| case.instant(day)),
        ended_at: end.map(|day| case.instant(day)),
        lost_inquiries: fall.map(|fall| lost(&fall.judged, rate)),
        has_stopped: has_stopped(case, &counts),
        ..Assessment::default()
    }
}

/// Inquiries that the missing sessions would have brought.
fn lost(judged: &Judged, rate: f64) -> Estimate {
    range(judged.lost() * rate, judged.deviation() * rate)
}

fn scope(case: &Case, code: Option<Code>) -> Scope {
    code.map(|code| {
        (
            Dimension::Channel,
            case.text(Dimension::Channel, code).to_owned(),
        )
    })
    .into_iter()
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::firm;

    /// Halves the sessions, inquiries and clicks of a channel in the reported week.
    fn halve(seen: &mut crate::model::observations::Observations, channel: Code) {
        for row in seen.visits.iter_mut().flatten() {
            if row.day >= firm::START && row.channel == channel {
                row.counts.sessions /= 2;
            }
        }
        let mut keep = false;
        seen.inquiries
            .as_mut()
            .expect("contacts")
            .retain(|inquiry| {
                keep = !keep;
                inquiry.day < firm::START || inquiry.channel != channel || keep
            });
        for row in seen.ads.iter_mut().flatten() {
            if row.day >= firm::START && row.channel == channel {
                row.clicks /= 2;
            }
        }
    }

    #[test]
    fn a_channel_that_brings_half_is_found_with_its_loss() {
        let settings = firm::settings();
        let mut seen = firm::quiet(5);
        halve(&mut seen, 1);
        let found = assess(&Case::new(&seen, &settings));
        assert!(
            found.log_odds().is_some_and(|log_odds| log_odds > 6.0),
            "{found:?}"
        );
        assert_eq!(found.scope[&Dimension::Channel], "yandex-direct-search");
        let lost = found.lost_inquiries.expect("a loss").value;
        assert!(
            (12.0..28.0).contains(&lost),
            "half of 800 sessions at 5 %: {lost}"
        );
    }

    #[test]
    fn a_channel_that_is_silent_for_a_day_and_comes_back_is_found() {
        let settings = firm::settings();
        for seed in 0..5 {
            let mut seen = firm::quiet(seed);
            let is_silent = |day: u32, channel: Code| day == firm::START + 2 && channel == 2;
            seen.visits
                .as_mut()
                .expect("sessions")
                .retain(|row| !is_silent(row.day, row.channel));
            seen.ads
                .as_mut()
                .expect("ads")
                .retain(|row| !is_silent(row.day, row.channel));
            seen.inquiries
                .as_mut()
                .expect("contacts")
                .retain(|one| !is_silent(one.day, one.channel));
            let found = assess(&Case::new(&seen, &settings));
            assert!(
                found.log_odds().is_some_and(|log_odds| log_odds > 5.0),
                "{found:?}"
            );
            assert_eq!(found.scope[&Dimension::Channel], "yandex-direct-network");
            let on = Value::Day(seen.date(firm::START + 2));
            assert_eq!(
                (
                    found.evidence[0].code.as_str(),
                    &found.evidence[0].values["first"]
                ),
                ("traffic_volume.on_a_day", &on)
            );
            let day = |found: Option<chrono::DateTime<chrono::Utc>>| {
                seen.day_of(found?.with_timezone(&seen.zone).date_naive())
            };
            assert_eq!(
                (day(found.started_at), day(found.ended_at)),
                (Some(firm::START + 2), Some(firm::START + 3))
            );
            // 1200 sessions a week, 1.15 of 7 of them on a Wednesday, 1.2 % inquire: 2.4.
            let lost = found.lost_inquiries.expect("a loss").value;
            assert!((1.5..3.5).contains(&lost), "{lost}");
        }
    }

    #[test]
    fn sessions_that_only_lost_their_tag_are_no_loss_of_traffic() {
        let settings = firm::settings();
        let mut seen = firm::quiet(5);
        for row in seen
            .visits
            .iter_mut()
            .flatten()
            .filter(|row| row.day >= firm::START && row.channel == 1)
        {
            row.channel = 4;
        }
        let found = assess(&Case::new(&seen, &settings));
        assert!(
            found.log_odds().is_some_and(|log_odds| log_odds < 10.0),
            "{found:?}"
        );
        assert!(
            found.evidence.iter().any(|evidence| evidence.weight < -3.0),
            "{found:?}"
        );
    }

    #[test]
    fn quiet_firms_have_no_loss_of_traffic() {
        let settings = firm::settings();
        let raised = (0..30).filter(|seed| {
            let seen = firm::quiet(*seed);
            assess(&Case::new(&seen, &settings))
                .log_odds()
                .is_some_and(|log_odds| log_odds > 1.0)
        });
        assert!(raised.count() <= 1);
    }
}
