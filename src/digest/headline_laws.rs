//! What holds for every headline, whatever the week was like: the headline, the loss, the cause, the first step, the picture
//! and the table are of one thing, and none of them says more than is known. Weeks are drawn, not simulated, so that rare
//! ones come up as often as common ones.

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use proptest::sample::select;

use super::causes;
use super::language::Strings;
use super::letter::{Letter, plain};
use super::page::Page;
use super::plan::planned_checks;
use super::samples::scorecard;
use super::{Digest, VerdictKind};
use crate::config::language::Language;
use crate::config::words::{self, Key};
use crate::diagnosis::Diagnosis;
use crate::diagnosis::causes::CAUSES;
use crate::diagnosis::codes::{CauseCode, Scope};
use crate::diagnosis::finding::{Answer, Certainty, Checked, Finding, Loss, RankedCause};
use crate::diagnosis::weigh::evidence::{Evidence, Value};
use crate::metrics::scorecard::{RowVerdict, Scorecard};
use crate::metrics::values::Estimate;
use crate::model::change::Change;
use crate::model::observations::Dimension;

/// What a cause may rest on, with the places it may be in.
const MAINS: [(CauseCode, Key, Dimension); 14] = {
    use CauseCode as code;
    use words::evidence as of;
    [
        (code::Telephony, of::telephony::SILENCE_ALL, Dimension::Line),
        (code::Telephony, of::telephony::LOSS_ALL, Dimension::Trunk),
        (code::Forms, of::forms::SILENCE_ALL, Dimension::Page),
        (code::Forms, of::forms::LOSS_ALL, Dimension::Device),
        (
            code::TrafficVolume,
            of::traffic_volume::SESSIONS,
            Dimension::Channel,
        ),
        (
            code::TrafficVolume,
            of::traffic_volume::SURGE,
            Dimension::Channel,
        ),
        (code::Tracking, of::tracking::SESSIONS_LOST, Dimension::Page),
        (
            code::Tracking,
            of::tracking::UNKNOWN_CHANNEL,
            Dimension::Channel,
        ),
        (
            code::LeadQuality,
            of::lead_quality::UNTARGETED,
            Dimension::Channel,
        ),
        (code::Managers, of::managers::UNTOUCHED, Dimension::Manager),
        (code::Managers, of::managers::MISSED, Dimension::Line),
        (
            code::CrmHygiene,
            of::crm_hygiene::CLOSINGS,
            Dimension::Manager,
        ),
        (
            code::CrmHygiene,
            of::crm_hygiene::REPEATS,
            Dimension::Manager,
        ),
        (code::Unknown, of::unknown::TOTAL, Dimension::Channel),
    ]
};

/// A drawn cause: which, whether it is of one place, how sure, its two numbers, its first hour and its length.
#[derive(Debug, Clone)]
struct Drawn {
    main: (CauseCode, Key, Dimension),
    is_placed: bool,
    probability: f64,
    observed: f64,
    expected: f64,
    from_hour: i64,
    hours: Option<i64>,
    lost: (f64, f64),
}

fn drawn() -> impl Strategy<Value = Drawn> {
    let numbers = (0u32..80, 0.0f64..120.0);
    let when = (0i64..150, proptest::option::of(1i64..100));
    let loss = (0.0f64..90.0, 0.0f64..1.0);
    let all = (
        select(MAINS.to_vec()),
        any::<bool>(),
        0.11f64..0.995,
        numbers,
        when,
        loss,
    );
    all.prop_map(
        |(main, is_placed, probability, (observed, expected), (from_hour, hours), loss)| Drawn {
            main,
            is_placed,
            probability,
            observed: f64::from(observed),
            expected,
            from_hour,
            hours,
            lost: loss,
        },
    )
}

/// What is missing is fewer than usual, and what is too much is more.
fn sides(drawn: &Drawn) -> (f64, f64) {
    use words::evidence as of;
    let too_many = [
        of::traffic_volume::SURGE,
        of::tracking::UNKNOWN_CHANNEL,
        of::lead_quality::UNTARGETED,
        of::managers::UNTOUCHED,
        of::managers::MISSED,
        of::crm_hygiene::REPEATS,
    ];
    let apart = 5.0 + drawn.observed;
    match too_many.contains(&drawn.main.1) {
        true => ((drawn.expected + apart).ceil(), drawn.expected),
        false => (drawn.observed, drawn.expected + apart),
    }
}

/// Monday midnight of the sample's week on the clock of Moscow.
fn monday() -> DateTime<Utc> {
    "2026-11-08T21:00:00Z".parse().expect("a time")
}

fn finding(drawn: &Drawn) -> Finding {
    let (code, evidence, dimension) = drawn.main;
    let scope: Scope = drawn
        .is_placed
        .then(|| (dimension, "Марина Туломская".to_owned()))
        .into_iter()
        .collect();
    let mut finding = Digest::sample(VerdictKind::Incident, Language::RU).findings[0].clone();
    let of_code = CAUSES.iter().find(|cause| cause.code == code);
    let of_code = of_code.expect("every code has its cause");
    let from = monday() + TimeDelta::hours(drawn.from_hour);
    let to = drawn.hours.map(|hours| from + TimeDelta::hours(hours));
    let (most, share) = drawn.lost;
    let lost = Estimate {
        value: most,
        low: most * share - 3.0,
        high: most * 1.4,
    };
    let (observed, expected) = sides(drawn);
    let values = [
        ("observed", Value::Count(observed)),
        ("expected", Value::Count(expected)),
        ("from", Value::Time(from)),
        (
            "to",
            Value::Time(to.unwrap_or(monday() + TimeDelta::days(7))),
        ),
        ("change", Value::Change(-0.3)),
    ];
    finding.conversion = of_code.conversion;
    (finding.started_at, finding.ended_at) = (Some(from), to);
    finding.scope.clone_from(&scope);
    finding.causes = vec![RankedCause {
        code,
        probability: drawn.probability,
        verdict: match drawn.probability > 0.5 {
            true => Answer::Found,
            false => Answer::NotExcluded,
        },
        certainty: match drawn.probability {
            p if p > 0.8 => Certainty::Likely,
            p if p > 0.5 => Certainty::Probable,
            _ => Certainty::Candidate,
        },
        scope,
        started_at: Some(from),
        ended_at: to,
        explains: Loss {
            inquiries: Some(lost),
            ..Loss::default()
        },
        evidence: vec![Evidence::new(evidence, 9.0, values)],
        against: Vec::new(),
        checks: of_code.checks.to_vec(),
    }];
    finding
}

/// The numbers of a week: how its total, one channel and its matured inquiries lie, and whether a usual is known.
fn card(kind: VerdictKind, channel: RowVerdict, rate: f64, has_usual: bool) -> Scorecard {
    let mut card = scorecard(kind, Language::RU);
    card.channels[2].verdict = channel;
    if !has_usual {
        card.total.usual = None;
    }
    if let Some(cohort) = card.mature_cohort.as_mut() {
        cohort.rate.value = Some(rate);
        cohort.change = Change::Points {
            value: (rate - 0.25) * 100.0,
            low: -9.0,
            high: 9.0,
            beyond_noise: (rate - 0.25).abs() > 0.03,
        };
    }
    card
}

fn suspect(probability: f64) -> Checked {
    Checked {
        code: CauseCode::MixShift,
        verdict: match probability < 0.1 {
            true => Answer::RuledOut,
            false => Answer::NotExcluded,
        },
        probability,
        scope: Scope::new(),
        reason: Some(Evidence::new(
            words::evidence::mix_shift::SMALL,
            -1.0,
            [("change", Value::Change(-0.01))],
        )),
    }
}

fn week() -> impl Strategy<Value = Digest> {
    use VerdictKind::{DataNotFit, Drop, NothingSignificant, Rise};
    let kinds = select(vec![NothingSignificant, Drop, Rise, DataNotFit]);
    let rows = select(vec![
        RowVerdict::Noise,
        RowVerdict::Worse,
        RowVerdict::Better,
    ]);
    let causes = proptest::collection::vec(drawn(), 0..3);
    let all = (kinds, rows, 0.1f64..0.4, any::<bool>(), causes, 0.0f64..0.9);
    all.prop_map(|(kind, row, rate, has_usual, causes, suspected)| {
        let card = card(kind, row, rate, has_usual);
        let diagnosis = Diagnosis {
            findings: causes.iter().map(finding).collect(),
            checked: vec![suspect(suspected)],
            ..Diagnosis::default()
        };
        Digest::of_parts(card, diagnosis, Language::RU)
    })
}

/// Words that call a week quiet.
const QUIET: [&str; 2] = ["Обычная неделя", "делать ничего не нужно"];

fn holds(digest: &Digest) -> Result<(), TestCaseError> {
    let page = Page::of(digest, Strings::shipped(Language::RU));
    let letter = Letter::of(digest);
    let (headline, rows) = (letter.headline(), letter.rows().join("\n"));
    let said = format!("{headline}\n{:?}\n{rows}", letter.step());
    prop_assert!(!said.contains(['{', '}']), "{said}");
    prop_assert!(
        !said.contains("обычно 0,") && !said.contains(": :"),
        "{said}"
    );
    prop_assert!(headline.matches(": ").count() <= 2, "{said}");
    of_cause(digest, &page, &letter, &said)?;
    of_quiet(digest, &said)?;
    of_unfit(digest, &letter, &said)
}

/// The headline names the cause with its numbers; the loss, the step, the plan and the picture are of the same cause.
fn of_cause(
    digest: &Digest,
    page: &Page,
    letter: &Letter,
    said: &str,
) -> Result<(), TestCaseError> {
    let price = letter.row("Цена").or(letter.row("Ещё не внесено"));
    let Some(lead) = digest.lead() else {
        prop_assert!(price.is_none(), "{said}");
        return Ok(());
    };
    let loss = causes::loss_of(page, lead).map(|loss| plain(&loss.lower_first().text()));
    prop_assert_eq!(price.is_some(), loss.is_some(), "{}", said);
    if let (Some(price), Some(loss)) = (price, loss) {
        prop_assert!(price.ends_with(&loss), "{said}");
        let lost = lead.explains.inquiries.expect("drawn");
        prop_assert!(lost.low > 0.0 && lost.value >= 5.0, "{said}");
    }
    let first = causes::first_step(page, lead).map(|step| plain(&step));
    let step = letter.step().unwrap_or_default();
    prop_assert!(first.is_some_and(|first| step.ends_with(&first)), "{said}");
    prop_assert_eq!(
        step.contains("уже прошло"),
        causes::is_over(page, lead),
        "{}",
        said
    );
    let named = plain(&causes::title_of(page, lead));
    let plan = planned_checks(page);
    let is_planned = |check: &super::plan::PlannedCheck| {
        let of_cause = plain(&check.cause).to_lowercase();
        of_cause.contains(&named.to_lowercase())
    };
    prop_assert!(plan.iter().any(is_planned), "{said}");
    let counted = causes::counted(page, lead).map(|counts| plain(&counts));
    let is_first = lead.code != CauseCode::Unknown;
    if let Some(counts) = counted.filter(|_| is_first) {
        prop_assert!(letter.headline().ends_with(&counts), "{counts}: {said}");
    }
    let over = causes::is_over(page, lead) && lead.code == CauseCode::Forms;
    prop_assert!(
        !over || letter.headline().contains("не отправлял"),
        "{said}"
    );
    Ok(())
}

/// A week is called quiet only where nothing was found, and nothing is likelier than not.
fn of_quiet(digest: &Digest, said: &str) -> Result<(), TestCaseError> {
    let is_quiet = digest.verdict.kind == VerdictKind::NothingSignificant;
    let suspected = digest.checked[0].probability;
    let [ordinary, nothing] = QUIET.map(|word| said.contains(word));
    prop_assert!(is_quiet || !(ordinary || nothing), "{said}");
    prop_assert!(!ordinary || digest.totals.usual.is_some(), "{said}");
    prop_assert!(
        !nothing || suspected < 0.1 || !digest.findings.is_empty(),
        "{said}"
    );
    let is_found = digest
        .findings
        .iter()
        .any(|finding| finding.causes[0].probability > 0.5);
    prop_assert!(!is_quiet || !is_found, "{said}");
    Ok(())
}

/// Data that are not fit carry no cause, no loss, no step and no deviation.
fn of_unfit(digest: &Digest, letter: &Letter, said: &str) -> Result<(), TestCaseError> {
    if digest.verdict.kind != VerdictKind::DataNotFit {
        return Ok(());
    }
    prop_assert!(letter.step().is_none() && digest.lead().is_none(), "{said}");
    for row in 0..3 {
        prop_assert_eq!(letter.glance(row).1, "", "{}", said);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_letter_is_of_one_thing(digest in week()) {
        holds(&digest)?;
    }
}
