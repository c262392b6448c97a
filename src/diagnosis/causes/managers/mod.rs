//! Inquiries that managers lose: missed calls, late or no call-back, untouched deals, deals that one of them does not bring
//! home.

mod one;
mod talks;
pub(super) mod untouched;

use super::{
    Assess, Assessment, Cause, DEVIATIONS_OF_95_PERCENT, recent_days, scope_of, start_of_change,
};
use crate::config::words::{self, Key};
use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::codes::{CauseCode, Conversion, Scope};
use crate::diagnosis::cohort::panel::DealPlace;
use crate::diagnosis::cohort::response::Response;
use crate::diagnosis::cohort::waits::{Slow, is_waiting};
use crate::diagnosis::cohort::{shortfall, windows};
use crate::diagnosis::outage::silence::Way;
use crate::diagnosis::weigh::evidence::{Evidence, Role, Value, before};
use crate::diagnosis::weigh::hypothesis::{Hypothesis, choose, family, onset};
use crate::metrics::values::Estimate;
use crate::model::observations::{Code, Dimension, SeenInquiry};

/// Managers lose people: all of them, those of one line, or one.
pub(super) const CAUSE: Cause = Cause {
    code: CauseCode::Managers,
    conversion: Conversion::Second,
    checks: &[
        words::check::managers::MISSED,
        words::check::managers::CALL_BACK,
        words::check::managers::DEALS,
        words::check::managers::COMPARE,
    ],
    assess: Assess::Alone(assess),
};

/// Who waits so many times as long as the slow ones is forgotten.
const TIMES_FORGOTTEN: u32 = 4;
/// Share of its sales that a late answer costs until the firm's own history says otherwise: a careful part of what
/// Oldroyd, McElheran and Elkington (Harvard Business Review, March 2011) found for an answer after the first hour.
const LATE_COSTS: f64 = 0.4;
/// An answer is late after so many seconds where the history does not say what is slow: an hour, as that cost is meant.
const LATE_AFTER_S: u32 = 3_600;
/// Fewer late answers in the history do not tell what one costs.
const MIN_LATE: f64 = 30.0;
/// Fewer expected events of a kind say nothing of how people are answered.
const FEWEST: f64 = 0.5;
/// A sign of another cause that is told, nats: less is chance.
const RIVAL_TOLD: f64 = 1.0;

fn assess(case: &Case) -> Assessment {
    if case.response().is_none() && case.outcomes().won.is_none() {
        return Assessment::not_assessable(Evidence::new(
            words::evidence::managers::NO_ACTIVITY,
            0.0,
            [],
        ));
    }
    let by_manager = case
        .codes(Dimension::Manager)
        .filter_map(|manager| one::hypothesis(case, manager));
    let mut kinds = vec![by_manager.collect()];
    // While people are off, calls are missed and answered late: that is the calendar's doing.
    if !case.is_festive() {
        let by_line = case
            .codes(Dimension::Line)
            .filter_map(|line| one_line(case, line));
        kinds.push(everyone(case).into_iter().collect());
        kinds.push(by_line.collect());
    }
    choose(kinds).unwrap_or_else(|| {
        Assessment::not_assessable(Evidence::new(
            words::evidence::managers::FEW_EVENTS,
            0.0,
            [],
        ))
    })
}

/// Everybody answers worse, and fewer deals are won.
fn everyone(case: &Case) -> Option<Hypothesis> {
    let missed = missed(case, None);
    let missed_weight = missed.as_ref().map(|missed| missed.weight);
    let mut answers: Vec<Evidence> = missed.into_iter().collect();
    answers.extend(slow(case));
    answers.extend(untouched::of_all(case));
    if answers.is_empty() {
        return None;
    }
    let family_of_answers = family(answers).into_iter();
    let mut evidence: Vec<Evidence> = family_of_answers
        .map(|one| one.of(Role::Answering))
        .collect();
    // The start is that of the clearest sign.
    let by_calls =
        missed_weight.is_some_and(|missed| evidence.iter().all(|one| one.weight <= missed));
    let started_at = started_at(case, by_calls);
    evidence.extend(sales(case));
    let reasons = unreached(case).into_iter().chain(untargeted(case));
    evidence.extend(family(reasons.collect()));
    evidence.extend(failed(case));
    Some(Hypothesis {
        evidence,
        scope: Scope::new(),
        started_at,
        lost_sales: lost_by_all(case),
    })
}

/// Fewer sales of the reported inquiries than due, and of those in the weeks before.
fn sales(case: &Case) -> Vec<Evidence> {
    let Some(won) = &case.outcomes().won else {
        return Vec::new();
    };
    let reported = won.panel.reported(DealPlace::All).map(|judged| {
        let weight = judged.fall();
        let code = if weight >= 0.0 {
            words::evidence::managers::SALES
        } else {
            words::evidence::managers::SALES_STAND
        };
        Evidence::new(code, weight, judged.counts()).of(Role::Outcome)
    });
    let begun_before = before(won.panel.before(DealPlace::All, Judged::fall));
    reported.into_iter().chain(begun_before).collect()
}

/// Since when people are answered worse: by missed calls, or by late answers.
fn started_at(case: &Case, by_calls: bool) -> Option<chrono::DateTime<chrono::Utc>> {
    let response = case.response()?;
    if by_calls {
        let (missed, all) = response.missed_by_day(case, None);
        return onset(case, &missed, &all, recent_days(case), true);
    }
    let slow = response.slowest()?;
    onset(case, &slow.late, &slow.usual, recent_days(case), true)
}

/// Missed calls of working hours, beyond what is usual.
fn missed(case: &Case, line: Option<Code>) -> Option<Evidence> {
    let (weight, judged) = case.response()?.missed(case, line)?;
    if judged.expected <= FEWEST {
        return None;
    }
    Some(
        Evidence::new(words::evidence::managers::MISSED, weight, judged.counts())
            .of(Role::Answering),
    )
}

/// People who wait for longer than is usual, and those who are forgotten, by each clock.
fn slow(case: &Case) -> Vec<Evidence> {
    use words::evidence::managers::{FORGOTTEN, SLOW};
    let Some(response) = case.response() else {
        return Vec::new();
    };
    let late = response.slow.iter().filter_map(|slow| told(SLOW, slow));
    let forgotten = response.forgotten(case, TIMES_FORGOTTEN);
    let forgotten = forgotten.iter().filter_map(|slow| told(FORGOTTEN, slow));
    late.chain(forgotten).collect()
}

fn told(code: Key, slow: &Slow) -> Option<Evidence> {
    let [observed, expected] = slow.judged.counts();
    let limit = Value::Seconds(f64::from(slow.limit));
    let values = [observed, expected, ("limit", limit)];
    let evidence = Evidence::new(code, slow.weight, values).of(Role::Answering);
    (slow.judged.expected > FEWEST).then_some(evidence)
}

/// More deals are lost because nobody got through to the person.
fn unreached(case: &Case) -> Option<Evidence> {
    let unreached = case.outcomes().unreached.as_ref()?;
    let judged = unreached.panel.reported(DealPlace::All)?;
    let weight = judged.rise();
    // As many as ever say nothing: people are also lost without a word of why.
    if weight <= 0.0 {
        return None;
    }
    Some(
        Evidence::new(
            words::evidence::managers::UNREACHED,
            weight,
            judged.counts(),
        )
        .of(Role::Reasons),
    )
}

/// More untargeted people speak against the managers.
fn untargeted(case: &Case) -> Option<Evidence> {
    let untargeted = case.outcomes().untargeted.as_ref()?;
    let judged = untargeted.panel.reported(DealPlace::All)?;
    let weight = judged.rise();
    if weight <= RIVAL_TOLD {
        return None;
    }
    Some(
        Evidence::new(
            words::evidence::managers::UNTARGETED,
            -weight,
            judged.counts(),
        )
        .of(Role::Reasons),
    )
}

/// More calls that fail for a technical reason: then missed ones are not the managers' doing either.
fn failed(case: &Case) -> Option<Evidence> {
    let (weight, judged) = Response::failed(case)?;
    if weight <= RIVAL_TOLD {
        return None;
    }
    Some(
        Evidence::new(
            words::evidence::managers::FAILED_CALLS,
            -weight,
            judged.counts(),
        )
        .of(Role::Rival),
    )
}

/// Calls of one line are missed.
fn one_line(case: &Case, line: Code) -> Option<Hypothesis> {
    let evidence = missed(case, Some(line))?;
    let response = case.response()?;
    let (_, judged) = response.missed(case, Some(line))?;
    let (seen, all) = response.missed_by_day(case, Some(line));
    Some(Hypothesis {
        started_at: start_of_change(case, evidence.weight, &seen, &all, Way::Rise),
        evidence: std::iter::once(evidence).chain(failed(case)).collect(),
        scope: scope_of(case, Dimension::Line, line),
        lost_sales: late_costs(case, &judged),
    })
}

/// Sales that everyone's way of answering costs: by the sales themselves when they fell, else by the late answers.
fn lost_by_all(case: &Case) -> Option<Estimate> {
    lost_by_sales(case).or_else(|| {
        let response = case.response()?;
        if let Some(slow) = response.slowest() {
            return late_costs(case, &slow.judged);
        }
        let (_, judged) = response.missed(case, None)?;
        late_costs(case, &judged)
    })
}

/// By the sales; `None` where too few are due or as many came.
fn lost_by_sales(case: &Case) -> Option<Estimate> {
    let (period, _) = windows(case);
    let won = case.outcomes().won.as_ref()?;
    let judged = won.panel.reported(DealPlace::All)?;
    if judged.fall() <= 0.0 || judged.expected < case.settings.min_events {
        return None;
    }
    let in_the_end = won.cohorts.final_count(&period, |_| true);
    Some(shortfall(in_the_end, &judged))
}

/// Sales that late answers cost: so many more than usual, each at what the firm's own history says of one.
fn late_costs(case: &Case, late: &Judged) -> Option<Estimate> {
    let slow_after = case.response()?.slow_after().unwrap_or(LATE_AFTER_S);
    let cost = cost_of_one(case, slow_after)?;
    let at = |more: f64| more.max(0.0) * cost.buys * cost.lost;
    let more = -late.lost();
    let spread = DEVIATIONS_OF_95_PERCENT * late.deviation();
    Some(Estimate {
        value: at(more),
        low: at(more - spread),
        high: at(more + spread),
    })
}

/// What a late answer costs.
struct LateCost {
    /// Share of quickly answered people who buy.
    buys: f64,
    /// The part of them that a late answer loses.
    lost: f64,
}

/// People, and those of them who bought.
#[derive(Default)]
struct Buyers {
    sold: f64,
    all: f64,
}

impl Buyers {
    fn add(&mut self, seen: &SeenInquiry) {
        self.all += 1.0;
        if seen.sold_after.is_some() {
            self.sold += 1.0;
        }
    }
}

/// What one late answer costs, from mature inquiries: of younger ones too few have bought yet.
fn cost_of_one(case: &Case, slow_after: u32) -> Option<LateCost> {
    let mature = (case.start() as u32).saturating_sub(case.settings.mature_days);
    let is_slow = |seen: &SeenInquiry| seen.first_talk_s.is_none_or(|after| after > slow_after);
    let (mut fast, mut late) = (Buyers::default(), Buyers::default());
    let inquiries = case.seen.inquiries.as_ref()?.iter();
    for seen in inquiries.filter(|seen| seen.day < mature) {
        if is_waiting(seen) && is_slow(seen) {
            late.add(seen);
        } else {
            fast.add(seen);
        }
    }
    if fast.all <= 0.0 {
        return None;
    }
    let buys = fast.sold / fast.all;
    let lost = if late.all >= MIN_LATE && buys > 0.0 {
        (1.0 - late.sold / late.all / buys).clamp(0.0, 1.0)
    } else {
        LATE_COSTS
    };
    Some(LateCost { buys, lost })
}
