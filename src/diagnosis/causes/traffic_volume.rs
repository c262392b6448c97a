//! Fewer sessions: a channel, or the whole site, brings less, and clicks and spend fall with it where they are known.

use super::{Assessment, Cause};
use crate::diagnosis::bayes;
use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::change_point;
use crate::diagnosis::evidence::{Evidence, Value};
use crate::diagnosis::finding::{CauseCode, Conversion, Scope};
use crate::diagnosis::scopes::{Channels, best, range};
use crate::model::observations::{Code, Dimension};

pub(super) const CAUSE: Cause = Cause {
    code: CauseCode::TrafficVolume,
    conversion: Conversion::First,
    checks: &["traffic_volume.ads", "traffic_volume.positions", "traffic_volume.site"],
    assess,
};

/// Corroboration weighs no more than this.
const MOST: f64 = 4.0;

fn assess(case: &Case) -> Assessment {
    if case.seen.visits.is_none() {
        return Assessment::not_assessable(Evidence::new("traffic_volume.no_sessions", 0.0, []));
    }
    let channels = Channels::of(case);
    let single: Vec<(Option<Code>, Vec<Evidence>)> =
        channels.codes.iter().filter_map(|code| Some((Some(*code), of_channel(case, &channels, *code)?))).collect();
    let Some(whole) = of_all(case) else {
        return Assessment::not_assessable(Evidence::new("traffic_volume.no_history", 0.0, []));
    };
    let candidates = [(vec![(None, whole)], 0.0), (single, 0.0)];
    let Some((scope, evidence)) = best(candidates) else { return Assessment::default() };
    finish(case, &channels, scope, evidence)
}

fn sessions(case: &Case, scope: Option<Code>) -> Vec<f64> {
    case.sessions(|row| scope.is_none_or(|code| row.channel == code), |counts| counts.sessions)
}

fn main(judged: &Judged, weight: f64) -> Evidence {
    let values = [
        ("observed", Value::Count(judged.observed)),
        ("expected", Value::Count(judged.expected.round())),
        ("change", Value::Change(judged.change())),
    ];
    Evidence::new("traffic_volume.sessions", weight, values)
}

fn of_all(case: &Case) -> Option<Vec<Evidence>> {
    let judged = case.judge(&sessions(case, None), None)?;
    let mut evidence = vec![main(&judged, judged.fall())];
    // Inquiries that stay although the sessions are gone speak for a lost counter, not for lost visitors.
    evidence.extend(inquiries_follow(case, None, &judged));
    Some(evidence)
}

fn of_channel(case: &Case, channels: &Channels, code: Code) -> Option<Vec<Evidence>> {
    let judged = case.judge(&sessions(case, Some(code)), None)?;
    let mut evidence = vec![main(&judged, judged.fall())];
    if judged.fall() > 0.0 {
        evidence.extend(clicks_follow(case, code, &judged));
        evidence.extend(inquiries_follow(case, Some(code), &judged));
        evidence.extend(others_take_over(case, channels, code, &judged));
    }
    Some(evidence)
}

/// Whether paid clicks fell as the sessions did, or stayed: against each other, not against "nothing happened".
fn clicks_follow(case: &Case, code: Code, sessions: &Judged) -> Option<Evidence> {
    let clicks = case.clicks(code);
    let judged = case.judge(&clicks, None).filter(|judged| judged.expected >= 20.0)?;
    let fallen = sessions.observed / sessions.expected.max(1.0);
    let weight = bayes::by(fallen, judged.observed, judged.expected, judged.dispersion + sessions.dispersion);
    let values = [("observed", Value::Count(judged.observed)), ("expected", Value::Count(judged.expected.round()))];
    let evidence = match weight > 0.0 {
        true => Evidence::new("traffic_volume.clicks_fell", weight.min(MOST), values),
        false => Evidence::new("traffic_volume.clicks_stayed", weight.max(-2.0 * MOST), values),
    };
    Some(evidence)
}

/// Whether inquiries fell as the sessions did, or stayed.
fn inquiries_follow(case: &Case, scope: Option<Code>, sessions: &Judged) -> Option<Evidence> {
    let counts = case.inquiries(|seen| scope.is_none_or(|code| seen.channel == code));
    let judged = case.judge(&counts, None).filter(|judged| judged.expected >= 3.0)?;
    if sessions.fall() <= 0.0 {
        return None;
    }
    let fallen = sessions.observed / sessions.expected.max(1.0);
    let weight = bayes::by(fallen, judged.observed, judged.expected, judged.dispersion + sessions.dispersion);
    let values = [("observed", Value::Count(judged.observed)), ("expected", Value::Count(judged.expected.round()))];
    Some(match weight > 0.0 {
        true => Evidence::new("traffic_volume.inquiries_fell", weight.min(MOST / 2.0), values),
        false => Evidence::new("traffic_volume.inquiries_stayed", weight.max(-MOST), values),
    })
}

/// Sessions without a tag that rise by as much as this channel lost: the visitors are there, their tag is not.
fn others_take_over(case: &Case, channels: &Channels, code: Code, judged: &Judged) -> Option<Evidence> {
    let untagged = channels.untagged.iter().filter(|other| **other != code);
    let (mut risen, mut weight) = (0.0, 0.0);
    for other in untagged {
        let Some(other) = case.judge(&sessions(case, Some(*other)), None) else { continue };
        if other.lost() < 0.0 && other.rise() > 1.0 {
            (risen, weight) = (risen - other.lost(), weight + other.rise());
        }
    }
    let share = risen / judged.lost().max(1.0);
    (share > 0.5).then(|| {
        let values = [("risen", Value::Count(risen.round())), ("lost", Value::Count(judged.lost().round()))];
        Evidence::new("traffic_volume.taken_over", -weight.min(2.0 * MOST), values)
    })
}

fn finish(case: &Case, channels: &Channels, code: Option<Code>, evidence: Vec<Evidence>) -> Assessment {
    let counts = sessions(case, code);
    let judged = case.judge(&counts, None);
    let rate = channels.rate(code);
    let scope = code.map(|code| (Dimension::Channel, case.text(Dimension::Channel, code).to_owned()));
    let start = change_point::start(case, &counts, None);
    Assessment {
        evidence,
        scope: scope.into_iter().collect::<Scope>(),
        started_at: start.map(|day| case.instant(day)),
        lost_inquiries: judged.map(|judged| range(judged.lost() * rate, judged.deviation() * rate)),
        ..Assessment::default()
    }
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
        seen.inquiries.as_mut().expect("contacts").retain(|inquiry| {
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
        assert!(found.log_odds().is_some_and(|log_odds| log_odds > 6.0), "{found:?}");
        assert_eq!(found.scope[&Dimension::Channel], "yandex-direct-search");
        let lost = found.lost_inquiries.expect("a loss").value;
        assert!((12.0..28.0).contains(&lost), "half of 800 sessions at 5 %: {lost}");
    }

    #[test]
    fn sessions_that_only_lost_their_tag_are_no_loss_of_traffic() {
        let settings = firm::settings();
        let mut seen = firm::quiet(5);
        for row in seen.visits.iter_mut().flatten().filter(|row| row.day >= firm::START && row.channel == 1) {
            row.channel = 4;
        }
        let found = assess(&Case::new(&seen, &settings));
        assert!(found.log_odds().is_some_and(|log_odds| log_odds < 10.0), "{found:?}");
        assert!(found.evidence.iter().any(|evidence| evidence.weight < -3.0), "{found:?}");
    }

    #[test]
    fn quiet_firms_have_no_loss_of_traffic() {
        let settings = firm::settings();
        let raised = (0..30).filter(|seed| {
            let seen = firm::quiet(*seed);
            assess(&Case::new(&seen, &settings)).log_odds().is_some_and(|log_odds| log_odds > 1.0)
        });
        assert!(raised.count() <= 1);
    }
}
