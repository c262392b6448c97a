//! A form does not send: everywhere, on one page, on one kind of device.
//!
//! Main evidence: sent forms of the place are missing, in the total or in some hours, given the sessions that could have
//! sent them, while calls and other forms come as usual. People still begin to fill it in. When fewer begin, there are
//! fewer who want to, and that is not the form.

pub mod gaps;
pub mod places;
pub mod sent;

use self::gaps::{days_without_forms, hidden_forms};
use self::places::{FormPlace, form_places, page_counts};
use self::sent::Sent;
use super::{Assess, Assessment, Cause, instant_of, is_silent, of_window};
use crate::config::words::{self, Key};
use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::codes::{CauseCode, Conversion};
use crate::diagnosis::outage::deficit::{Deficit, Question, look};
use crate::diagnosis::weigh::bayes::EVIDENCE_CAP;
use crate::diagnosis::weigh::evidence::{Evidence, Role, temper};
use crate::model::observations::SessionCounts;

/// The cause.
pub(super) const CAUSE: Cause = Cause {
    code: CauseCode::Forms,
    conversion: Conversion::First,
    checks: &[
        words::check::forms::SEND_TEST,
        words::check::forms::CONSOLE,
        words::check::forms::RELEASE,
        words::check::forms::MAILBOX,
    ],
    assess: Assess::Alone(assess),
};

/// Fewer expected sessions with a begun or sent form say nothing.
const FEWEST: f64 = 5.0;
/// A page's own sessions tell of its forms when so many of them with one are in the base: as many a period, with the
/// eight periods that are usual.
const FEWEST_IN_BASE: f64 = FEWEST * 8.0;
/// What fewer begun forms weigh against a broken one, nats, at most.
const BEGUN_FELL_CAP: f64 = 4.0;
/// What forms that are begun as ever say is divided by so much: in most quiet weeks they are …
const BEGUN_SAME_PART: f64 = 2.0;
/// … and weighs no more than this, nats.
const BEGUN_SAME_CAP: f64 = 1.0;
/// From so many times what is usual on, other inquiries did not come "as usual" but more often.
const MORE: f64 = 1.15;
/// As many of the missing forms of a device must turn up without any: more than half of them.
const MOST_OF_THEM: f64 = 0.5;
/// Bounds of what sent forms say, as the analytics saw them, nats: many a goal fires at the click and not when the form
/// has arrived, so that they say less against a fault than for it.
const SENT_BOUNDS: (f64, f64) = (-1.5, 5.0);

/// One place with what speaks for a fault there.
struct Story {
    place: FormPlace,
    deficit: Deficit,
    evidence: Vec<Evidence>,
    /// What places are compared by, nats: the evidence, and what its cap cut off.
    total: f64,
}

fn assess(case: &Case) -> Assessment {
    let Some(sent) = Sent::of(case) else {
        return Assessment::not_assessable(Evidence::new(
            words::evidence::forms::NO_FORMS,
            0.0,
            [],
        ));
    };
    let mut unknown_days = days_without_forms(case, sent);
    // Only days without rows hide forms; on holidays they are seen, but nothing is usual.
    let hidden = hidden_forms(case, &unknown_days);
    unknown_days.extend(case.holidays());
    let all = case.hourly_inquiries(|seen| sent.holds(seen));
    let stories = form_places(case, sent)
        .into_iter()
        .filter_map(|place| story(case, place, &all, &unknown_days));
    let Some(mut best) = stories.max_by(|one, other| one.total.total_cmp(&other.total)) else {
        let reason = match sent {
            Sent::Forms => words::evidence::forms::TOO_FEW,
            Sent::Orders => words::evidence::forms::NO_FORMS,
        };
        return Assessment::not_assessable(Evidence::new(reason, 0.0, []));
    };
    best.evidence.extend(hidden);
    answer(case, best)
}

fn answer(case: &Case, best: Story) -> Assessment {
    let total: f64 = best.evidence.iter().map(|evidence| evidence.weight).sum();
    // The window of a fault that is not believed is only the least lucky one of a quiet week.
    let is_told = total > 0.0;
    let has_ended = !best.deficit.goes_on(case);
    let (window, lost) = (best.deficit.window, best.deficit.lost());
    Assessment {
        scope: best.place.scope(case),
        started_at: is_told.then(|| instant_of(case, window.from)),
        ended_at: (is_told && has_ended).then(|| instant_of(case, window.to)),
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
    if lost_their_device(case, &place, &deficit) {
        return None;
    }
    let main = main(case, &place, &deficit);
    let main_weight = main.weight;
    let mut evidence = vec![main];
    evidence.extend(contrast(place.sent, &deficit));
    evidence.extend(begun(case, &place, &deficit));
    evidence.extend(sent(case, &place, &deficit, main_weight));
    temper(&mut evidence);
    // The cap makes a dead form and a dead site alike: what it cut off still tells which of them it is.
    let beyond_cap = (deficit.weight - EVIDENCE_CAP).max(0.0);
    let total = evidence.iter().map(|evidence| evidence.weight).sum::<f64>() + beyond_cap;
    Some(Story {
        place,
        deficit,
        evidence,
        total,
    })
}

/// Whether the missing forms of a device came all the same, and only nobody knows from which device: clients that are lost
/// take the device of their forms with them.
fn lost_their_device(case: &Case, place: &FormPlace, deficit: &Deficit) -> bool {
    if place.device == 0 {
        return false;
    }
    let nameless = case.inquiries(|seen| seen.device == 0 && place.on_any_device().holds(seen));
    let (from, to) = days_of(case, deficit);
    let judged = case.judge_span(&nameless, None, from, to);
    judged.is_some_and(|judged| -judged.lost() > MOST_OF_THEM * deficit.lost().value)
}

/// The days that hold an hour of the fault: from, and to before.
fn days_of(case: &Case, deficit: &Deficit) -> (usize, usize) {
    let from = (deficit.window.from / 24).max(case.start());
    (from, deficit.window.to.div_ceil(24))
}

/// Forms are missing.
fn main(case: &Case, place: &FormPlace, deficit: &Deficit) -> Evidence {
    let window = &deficit.window;
    let weight = deficit.weight.min(EVIDENCE_CAP) - place.price;
    let mut evidence = Evidence::new(
        place.sentence(is_silent(window)),
        weight,
        of_window(case, window),
    );
    evidence.values.extend(place.values(case));
    evidence
}

/// What other inquiries did in the same hours.
fn contrast(sent: Sent, deficit: &Deficit) -> Option<Evidence> {
    use words::evidence::forms;
    let (others, weight) = (deficit.others?, deficit.contrast());
    let have_fallen = weight < 0.0;
    let are_more = others.observed > MORE * others.expected;
    let code = match (sent, have_fallen, are_more) {
        (Sent::Forms, true, _) => forms::OTHERS_FELL,
        (Sent::Forms, false, true) => forms::OTHERS_MORE,
        (Sent::Forms, false, false) => forms::OTHERS_SAME,
        (Sent::Orders, true, _) => forms::OTHER_ORDERS_FELL,
        (Sent::Orders, false, true) => forms::OTHER_ORDERS_MORE,
        (Sent::Orders, false, false) => forms::OTHER_ORDERS_SAME,
    };
    told(code, weight, &others, Role::Others)
}

/// Sessions in which a form was begun: people who want to send it still begin.
fn begun(case: &Case, place: &FormPlace, deficit: &Deficit) -> Option<Evidence> {
    let judged = of_sessions(case, place, deficit, |counts| counts.form_starts)?;
    let fall = judged.fall();
    let (code, weight) = if fall > 0.0 {
        (
            words::evidence::forms::BEGUN_FELL,
            -fall.min(BEGUN_FELL_CAP),
        )
    } else {
        let weight = (-fall / BEGUN_SAME_PART).min(BEGUN_SAME_CAP);
        (words::evidence::forms::BEGUN_SAME, weight)
    };
    told(code, weight, &judged, Role::Demand)
}

/// Sessions in which a form was sent, as the analytics saw it.
fn sent(case: &Case, place: &FormPlace, deficit: &Deficit, main_weight: f64) -> Option<Evidence> {
    let judged = of_sessions(case, place, deficit, |counts| counts.form_sends)?;
    let (least, most) = SENT_BOUNDS;
    let weight = judged.fall().clamp(least, most);
    // Goals that are sent less often while as many forms arrive are a matter of the goals: no more than the forms say.
    let weight = weight.min(main_weight.max(0.0));
    let code = if weight > 0.0 {
        words::evidence::forms::SENT_FELL
    } else {
        words::evidence::forms::SENT_SAME
    };
    told(code, weight, &judged, Role::Outcome)
}

/// Evidence with its counts, unless it weighs nothing.
fn told(code: Key, weight: f64, judged: &Judged, role: Role) -> Option<Evidence> {
    if weight == 0.0 {
        return None;
    }
    Some(Evidence::new(code, weight, judged.counts()).of(role))
}

/// A count of sessions on the days of the fault, of the place's device or page as far as the sessions tell, given how
/// many sessions there were.
fn of_sessions(
    case: &Case,
    place: &FormPlace,
    deficit: &Deficit,
    count: fn(&SessionCounts) -> u32,
) -> Option<Judged> {
    let counts = counts_here(case, place, count);
    let sessions = counts_here(case, place, |counts| counts.sessions);
    // Sessions are known by day.
    let (from, to) = days_of(case, deficit);
    let judged = case.judge_span(&counts, Some(&sessions), from, to)?;
    (judged.expected >= FEWEST).then_some(judged)
}

/// A count of sessions by day: of the place's page where enough landed there, else of its device, else of all. By day
/// sessions are known by page or by device, never by both.
fn counts_here(case: &Case, place: &FormPlace, count: fn(&SessionCounts) -> u32) -> Vec<f64> {
    if place.device == 0 && place.page != 0 {
        let here = page_counts(case, place.page, |row| count(&row.counts));
        let in_base: f64 = here[case.base_start()..case.start()].iter().sum();
        if in_base >= FEWEST_IN_BASE {
            return here;
        }
    }
    case.sessions(|row| place.device == 0 || row.device == place.device, count)
}

#[cfg(test)]
mod tests;
