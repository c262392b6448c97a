use super::*;
use crate::config::language::Language;
use crate::diagnosis::codes::Scope;
use crate::diagnosis::finding::{Answer, Certainty, Finding, Loss, Tested};
use crate::digest::samples::scorecard;
use crate::metrics::values::Estimate;
use crate::model::facts::SourceHealth;
use crate::model::table::Table;

fn quiet() -> Scorecard {
    scorecard(VerdictKind::NothingSignificant, Language::RU)
}

#[test]
fn a_channel_that_fell_is_the_headline_when_the_total_shows_nothing() {
    let mut card = quiet();
    card.channels[2].verdict = RowVerdict::Worse;
    card.channels[1].verdict = RowVerdict::Better;
    let verdict = Verdict::of(&card, &Diagnosis::default());
    assert_eq!(
        (verdict.kind, verdict.metric),
        (VerdictKind::Drop, Some(Metric::Conv1))
    );
    assert_eq!(verdict.channel, Some(card.channels[2].channel.clone()));
    assert_eq!((verdict.worse.len(), verdict.better.len()), (1, 1));
}

#[test]
fn a_fall_of_the_mature_cohort_outranks_a_rise_of_the_first_conversion() {
    let mut card = quiet();
    card.total.verdict = RowVerdict::Better;
    fell(&mut card, 0.18);
    let verdict = Verdict::of(&card, &Diagnosis::default());
    assert_eq!(
        (verdict.kind, verdict.metric),
        (VerdictKind::Drop, Some(Metric::Conv2))
    );
}

#[test]
fn a_cohort_that_fell_back_to_its_usual_is_no_headline() {
    let mut card = quiet();
    fell(&mut card, 0.23);
    let verdict = Verdict::of(&card, &Diagnosis::default());
    assert_eq!(verdict.kind, VerdictKind::NothingSignificant);
}

/// The mature cohort of the sample, fallen from the one before; 20 to 29 % are usual.
fn fell(card: &mut Scorecard, rate: f64) {
    let cohort = card.mature_cohort.as_mut().expect("a cohort");
    cohort.rate.value = Some(rate);
    cohort.change = Change::Points {
        value: -6.1,
        low: -9.0,
        high: -3.2,
        beyond_noise: true,
    };
}

#[test]
fn less_traffic_beyond_noise_is_a_drop_of_sessions() {
    let mut card = quiet();
    let previous = card.total.previous.as_mut().expect("a base");
    previous.change.sessions = Change::Percent {
        value: -31.0,
        beyond_noise: true,
    };
    let verdict = Verdict::of(&card, &Diagnosis::default());
    assert_eq!(
        (verdict.kind, verdict.metric),
        (VerdictKind::Drop, Some(Metric::Sessions))
    );
    assert_eq!(verdict.base, Some(Base::Previous));
}

/// A test of all inquiries against their own past.
fn of_all_inquiries(observed: f64, expected: f64, is_significant: bool) -> Diagnosis {
    Diagnosis {
        tests: vec![Tested {
            metric: Metric::Conv1,
            scope: Scope::new(),
            observed,
            expected,
            p_value: 0.02,
            is_significant,
            detectable: None,
        }],
        ..Diagnosis::default()
    }
}

// 47 inquiries after a week of 80, where 62 are usual: the week before was the odd one.
#[test]
fn without_visits_inquiries_are_held_against_their_usual_and_not_the_week_before() {
    let mut card = quiet();
    card.total.measures.sessions = None;
    card.data_health
        .retain(|source| !source.table.is_some_and(Table::is_of_traffic));
    let previous = card.total.previous.as_mut().expect("a base");
    previous.change.inquiries = Change::Percent {
        value: -41.0,
        beyond_noise: true,
    };
    let of = |diagnosis: &Diagnosis| Verdict::of(&card, diagnosis);
    let quiet = of(&of_all_inquiries(47.0, 62.0, false));
    assert_eq!(quiet.kind, VerdictKind::NothingSignificant);
    let fallen = of(&of_all_inquiries(30.0, 62.0, true));
    assert_eq!(
        (fallen.kind, fallen.metric, fallen.base),
        (
            VerdictKind::Drop,
            Some(Metric::Inquiries),
            Some(Base::Usual)
        )
    );
}

#[test]
fn an_unknown_count_is_never_a_headline_of_its_own() {
    let mut card = quiet();
    card.total.measures.inquiries = None;
    assert_eq!(
        Verdict::of(&card, &Diagnosis::default()).kind,
        VerdictKind::DataNotFit
    );
}

#[test]
fn a_hole_in_costs_or_plans_does_not_change_the_headline() {
    let mut card = quiet();
    for table in [Table::Costs, Table::Targets, Table::Annotations] {
        card.data_health[4].table = Some(table);
        card.data_health[4].state = SourceHealth::Missing;
        assert_eq!(
            Verdict::of(&card, &Diagnosis::default()).kind,
            VerdictKind::NothingSignificant,
            "{table:?}"
        );
    }
}

/// A diagnosis that has found one cause of a conversion, which explains so many inquiries.
pub(in crate::digest) fn one_found(
    conversion: Conversion,
    code: CauseCode,
    explained: Option<f64>,
) -> Diagnosis {
    let around = |value: f64| Estimate {
        value,
        low: value / 2.0,
        high: value * 2.0,
    };
    let cause = RankedCause {
        code,
        probability: 0.9,
        verdict: Answer::Found,
        certainty: Certainty::Likely,
        scope: Scope::new(),
        started_at: None,
        ended_at: None,
        explains: Loss {
            inquiries: explained.map(around),
            ..Loss::default()
        },
        evidence: Vec::new(),
        against: Vec::new(),
        checks: Vec::new(),
    };
    let finding = Finding {
        conversion,
        scope: Scope::new(),
        observed: None,
        expected: None,
        started_at: None,
        ended_at: None,
        estimated_loss: Loss::default(),
        daily: None,
        hours: None,
        causes: vec![cause],
    };
    Diagnosis {
        findings: vec![finding],
        ..Diagnosis::default()
    }
}

#[test]
fn a_cause_of_the_other_conversion_is_not_glued_to_a_drop() {
    let card = scorecard(VerdictKind::Drop, Language::RU);
    let managers = one_found(Conversion::Second, CauseCode::Managers, None);
    let verdict = Verdict::of(&card, &managers);
    assert_eq!((verdict.kind, verdict.cause), (VerdictKind::Drop, None));
}

#[test]
fn a_found_cause_goes_before_a_channel_that_it_does_not_explain() {
    let mut card = quiet();
    card.channels[2].verdict = RowVerdict::Worse;
    let managers = one_found(Conversion::Second, CauseCode::Managers, None);
    let verdict = Verdict::of(&card, &managers);
    assert_eq!(verdict.kind, VerdictKind::Incident);
    assert_eq!(verdict.cause, Some(CauseCode::Managers));
    assert_eq!((verdict.channel, verdict.metric), (None, None));
    assert_eq!(verdict.worse.len(), 1);
}

#[test]
fn a_cause_is_named_with_a_drop_that_it_explains_and_with_no_larger_one() {
    let card = scorecard(VerdictKind::Drop, Language::RU);
    let total = &card.total;
    let expected = total.usual.expect("a usual range").inquiries.value;
    let missing = expected - total.measures.inquiries.expect("a count");
    let cause = |explained| {
        let found = one_found(Conversion::First, CauseCode::Forms, Some(explained));
        Verdict::of(&card, &found).cause
    };
    assert_eq!(cause(missing), Some(CauseCode::Forms));
    assert_eq!(cause(missing * 0.1), None);
}

#[test]
fn visits_are_a_headline_against_what_is_usual_and_not_against_an_odd_week() {
    let mut card = quiet();
    let previous = card.total.previous.as_mut().expect("a base");
    previous.change.sessions = Change::Percent {
        value: -31.0,
        beyond_noise: true,
    };
    let test = |observed, is_significant| Tested {
        metric: Metric::Sessions,
        scope: Scope::new(),
        observed,
        expected: 1000.0,
        p_value: 0.001,
        is_significant,
        detectable: None,
    };
    let verdict = |test| {
        let tests = vec![test];
        let diagnosis = Diagnosis {
            tests,
            ..Diagnosis::default()
        };
        Verdict::of(&card, &diagnosis)
    };
    assert_eq!(
        verdict(test(990.0, false)).kind,
        VerdictKind::NothingSignificant
    );
    let fallen = verdict(test(700.0, true));
    assert_eq!(
        (fallen.kind, fallen.base),
        (VerdictKind::Drop, Some(Base::Usual))
    );
}
