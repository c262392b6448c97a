//! A form does not send: everywhere, on one page, on one kind of device.
//!
//! Main evidence: sent forms of the place are missing, in the total or in some hours, given the sessions that could have
//! sent them, while calls and other forms come as usual. People still begin to fill it in. When fewer begin, there are
//! fewer who want to, and that is not the form.

pub mod gaps;
pub mod places;

use super::{Assess, Assessment, Cause};
use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::causes::forms::gaps::{days_without_forms, hidden_forms};
use crate::diagnosis::causes::forms::places::{FormPlace, form_places, page_counts};
use crate::diagnosis::finding::{CauseCode, Conversion};
use crate::diagnosis::outage::deficit::{Deficit, Question, look};
use crate::diagnosis::weigh::bayes::MOST;
use crate::diagnosis::weigh::evidence::{Evidence, Role, Value, temper};
use crate::model::facts::ContactKind;
use crate::model::observations::SessionCounts;

/// The cause.
pub(super) const CAUSE: Cause = Cause {
    code: CauseCode::Forms,
    conversion: Conversion::First,
    checks: &[
        "forms.send_test",
        "forms.console",
        "forms.release",
        "forms.mailbox",
    ],
    assess: Assess::Alone(assess),
};

/// Fewer expected sessions with a begun or sent form say nothing.
const FEWEST: f64 = 5.0;

/// One place with what speaks for a fault there.
struct Story {
    place: FormPlace,
    deficit: Deficit,
    evidence: Vec<Evidence>,
    total: f64,
}

fn assess(case: &Case) -> Assessment {
    if !case.seen.has_forms || case.seen.inquiries.is_none() {
        return Assessment::not_assessable(Evidence::new("forms.no_forms", 0.0, []));
    }
    let mut unknown_days = days_without_forms(case);
    let hidden = hidden_forms(case, &unknown_days);
    unknown_days.extend(case.holidays());
    let all = case.hourly_inquiries(|seen| seen.kind == ContactKind::Form);
    let stories = form_places(case)
        .into_iter()
        .filter_map(|place| story(case, place, &all, &unknown_days));
    match stories.max_by(|one, other| one.total.total_cmp(&other.total)) {
        None => Assessment::not_assessable(Evidence::new("forms.too_few", 0.0, [])),
        Some(mut best) => {
            best.evidence.extend(hidden);
            answer(case, best)
        }
    }
}

fn answer(case: &Case, best: Story) -> Assessment {
    let is_told = best
        .evidence
        .iter()
        .map(|evidence| evidence.weight)
        .sum::<f64>()
        > 0.0;
    let at = |hour: usize| case.hour(hour / 24, (hour % 24) as u32);
    let (window, lost) = (best.deficit.window, best.deficit.lost());
    Assessment {
        scope: best.place.scope(case),
        started_at: is_told.then(|| at(window.from)),
        ended_at: (is_told && !best.deficit.goes_on(case)).then(|| at(window.to)),
        explains: lost.value,
        lost_inquiries: Some(lost),
        evidence: best.evidence,
        ..Assessment::default()
    }
}

fn story(case: &Case, place: FormPlace, all: &[f64], unknown_days: &[usize]) -> Option<Story> {
    let question = Question {
        counts: case.hourly_inquiries(|seen| place.holds(seen)),
        pooled: all,
        exposure: place.exposure(case),
        others: case.hourly_inquiries(|seen| !place.holds(seen)),
        others_exposure: &case.exposure(|seen| !place.holds(seen)),
        unknown_days,
    };
    let deficit = look(case, question)?;
    let mut evidence = vec![main(case, &place, &deficit)];
    evidence.extend(contrast(&deficit));
    evidence.extend(begun(case, &place, &deficit));
    let main = evidence[0].weight;
    evidence.extend(sent(case, &place, &deficit, main));
    temper(&mut evidence);
    let beyond = (deficit.weight - MOST).max(0.0);
    let total = evidence.iter().map(|evidence| evidence.weight).sum::<f64>() + beyond;
    Some(Story {
        place,
        deficit,
        evidence,
        total,
    })
}

fn main(case: &Case, place: &FormPlace, deficit: &Deficit) -> Evidence {
    let window = deficit.window;
    let what = if window.observed < 0.5 {
        "silence"
    } else {
        "loss"
    };
    let mut evidence = Evidence::new(
        &format!("forms.{what}_{}", place.word()),
        deficit.weight.min(MOST) - place.price,
        [
            (
                "from",
                Value::Time(case.hour(window.from / 24, (window.from % 24) as u32)),
            ),
            (
                "to",
                Value::Time(case.hour(window.to / 24, (window.to % 24) as u32)),
            ),
            ("observed", Value::Count(window.observed)),
            ("expected", Value::Count(window.expected)),
        ],
    );
    evidence.values.extend(place.values(case));
    evidence
}

/// What calls and other forms did in the same hours.
fn contrast(deficit: &Deficit) -> Option<Evidence> {
    let (others, weight) = (deficit.others?, deficit.contrast());
    numbers(
        if weight < 0.0 {
            "forms.others_fell"
        } else {
            "forms.others_same"
        },
        weight,
        &others,
        Role::Others,
    )
}

/// Sessions in which a form was begun: people who want to send it still begin.
fn begun(case: &Case, place: &FormPlace, deficit: &Deficit) -> Option<Evidence> {
    let judged = of_sessions(case, place, deficit, |counts| counts.form_starts)?;
    let fall = judged.fall();
    let weight = if fall > 0.0 {
        -fall.min(4.0)
    } else {
        (-fall / 2.0).min(1.0)
    };
    numbers(
        if fall > 0.0 {
            "forms.begun_fell"
        } else {
            "forms.begun_same"
        },
        weight,
        &judged,
        Role::Demand,
    )
}

/// Sessions in which a form was sent, as the analytics saw it.
fn sent(case: &Case, place: &FormPlace, deficit: &Deficit, main: f64) -> Option<Evidence> {
    let judged = of_sessions(case, place, deficit, |counts| counts.form_sends)?;
    // Goals that are sent less often while as many forms arrive are a matter of the goals: no more than the forms say.
    let weight = judged.fall().clamp(-1.5, 5.0).min(main.max(0.0));
    numbers(
        if weight > 0.0 {
            "forms.sent_fell"
        } else {
            "forms.sent_same"
        },
        weight,
        &judged,
        Role::Outcome,
    )
}

fn numbers(code: &str, weight: f64, of: &Judged, role: Role) -> Option<Evidence> {
    let values = [
        ("observed", Value::Count(of.observed)),
        ("expected", Value::Count(of.expected)),
    ];
    (weight != 0.0).then(|| Evidence::new(code, weight, values).of(role))
}

/// A count of sessions on the days of the fault, of the place's device or page as far as the sessions tell, given how
/// many sessions there were.
fn of_sessions(
    case: &Case,
    place: &FormPlace,
    deficit: &Deficit,
    count: fn(&SessionCounts) -> u32,
) -> Option<Judged> {
    let of = |count: fn(&SessionCounts) -> u32| {
        if place.device == 0 && place.page != 0 {
            let here = page_counts(case, place.page, |row| count(&row.counts));
            if here[case.base_start()..case.start()].iter().sum::<f64>() >= FEWEST * 8.0 {
                return here;
            }
        }
        case.sessions(|row| place.device == 0 || row.device == place.device, count)
    };
    let window = deficit.window;
    let (from, to) = ((window.from / 24).max(case.start()), window.to.div_ceil(24));
    let (counts, sessions) = (of(count), of(|counts| counts.sessions));
    case.judge_span(&counts, Some(&sessions), from, to)
        .filter(|judged| judged.expected >= FEWEST)
}

#[cfg(test)]
mod tests;
