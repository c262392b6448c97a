//! What was tested: sessions and the first conversion, the total first, then every dimension with its own control of
//! false discoveries.

use super::case::{Case, Judged};
use super::finding::{Scope, Tested};
use crate::metrics::multiple;
use crate::metrics::predictive::Prediction;
use crate::model::observations::{Code, Dimension, SeenInquiry, Visits};

/// All tests of a period, the totals first.
pub fn tests(case: &Case) -> Vec<Tested> {
    let mut tested = Vec::new();
    tested.extend(family(
        case,
        vec![("sessions", Scope::new(), sessions(case, |_| true))],
    ));
    tested.extend(family(
        case,
        vec![("conv1", Scope::new(), total_conv1(case))],
    ));
    let channels = case.codes(Dimension::Channel);
    tested.extend(by(case, Dimension::Channel, "sessions", channels, |code| {
        sessions(case, |row| row.channel == code)
    }));
    for (dimension, of) in NUMERATORS {
        let codes = case.codes(*dimension);
        tested.extend(by(case, *dimension, "conv1", codes, |code| {
            conv1(case, *dimension, |seen| of(seen) == code, code)
        }));
    }
    tested.extend(family(case, contacts(case)));
    tested
}

/// Where an inquiry lies in a dimension.
type Place = fn(&SeenInquiry) -> Code;

/// Dimensions that inquiries are told apart by.
const NUMERATORS: &[(Dimension, Place)] = &[
    (Dimension::Channel, |seen| seen.channel),
    (Dimension::Line, |seen| seen.line),
    (Dimension::Form, |seen| seen.form),
    (Dimension::Page, |seen| seen.page),
    (Dimension::Device, |seen| seen.device),
    (Dimension::Region, |seen| seen.region),
];

/// One test before it is judged among its family.
type Test = (&'static str, Scope, Option<Judged>);

fn sessions(case: &Case, keep: impl Fn(&Visits) -> bool) -> Option<Judged> {
    case.seen.visits.as_ref()?;
    case.judge(&case.sessions(keep, |counts| counts.sessions), None)
}

fn total_conv1(case: &Case) -> Option<Judged> {
    case.seen.inquiries.as_ref()?;
    let sessions = case
        .seen
        .visits
        .as_ref()
        .map(|_| case.sessions(|_| true, |counts| counts.sessions));
    case.judge(&case.inquiries(|_| true), sessions.as_deref())
}

/// Inquiries of a scope given its own sessions where the scope is one of sessions, else given those of every channel.
fn conv1(
    case: &Case,
    dimension: Dimension,
    keep: impl Fn(&SeenInquiry) -> bool,
    code: Code,
) -> Option<Judged> {
    let counts = case.inquiries(&keep);
    let exposure = match dimension {
        _ if case.seen.visits.is_none() => return case.judge(&counts, None),
        Dimension::Channel => {
            let sessions = case.sessions(|row| row.channel == code, |counts| counts.sessions);
            return case.judge_share(&counts, &sessions);
        }
        Dimension::Device => case.sessions(|row| row.device == code, |counts| counts.sessions),
        _ => case.exposure(&keep),
    };
    case.judge(&counts, Some(&exposure))
}

/// Calls and forms apart.
fn contacts(case: &Case) -> Vec<Test> {
    let test = |word: &str, keep: &dyn Fn(&SeenInquiry) -> bool| {
        let judged = case.judge(&case.inquiries(keep), Some(&case.exposure(keep)));
        (
            "conv1",
            Scope::from([(Dimension::Contact, word.to_owned())]),
            judged,
        )
    };
    vec![
        test("call", &Case::is_call),
        test("form", &|seen| seen.form > 0),
    ]
}

fn by(
    case: &Case,
    dimension: Dimension,
    metric: &'static str,
    codes: impl Iterator<Item = Code>,
    judge: impl Fn(Code) -> Option<Judged>,
) -> Vec<Tested> {
    let scope = |code| Scope::from([(dimension, case.text(dimension, code).to_owned())]);
    family(
        case,
        codes
            .map(|code| (metric, scope(code), judge(code)))
            .collect(),
    )
}

/// Judges tests of one dimension together (Benjamini and Hochberg); those with too few expected events are left out.
fn family(case: &Case, tests: Vec<Test>) -> Vec<Tested> {
    let judged = tests
        .into_iter()
        .filter_map(|(metric, scope, judged)| Some((metric, scope, judged?)));
    let mut tested: Vec<Tested> = judged
        .filter(|(.., judged)| judged.expected >= case.settings.min_events)
        .filter_map(|(metric, scope, judged)| {
            let prediction = Prediction::of_expected(
                judged.expected,
                judged.dispersion,
                case.settings.base_periods,
                None,
            )?;
            Some(Tested {
                metric: metric.to_owned(),
                scope,
                observed: judged.observed,
                expected: judged.expected,
                p_value: prediction.p_value(judged.observed),
                is_significant: false,
                detectable: prediction.detectable(case.settings.alpha),
            })
        })
        .collect();
    let all: Vec<f64> = tested
        .iter()
        .map(|test| multiple::two_sided(test.p_value))
        .collect();
    let level = if all.len() == 1 {
        2.0 * case.settings.alpha
    } else {
        case.settings.fdr
    };
    let threshold = multiple::threshold(&all, level);
    let is_worth = |test: &Tested| {
        test.metric == "sessions"
            || (test.observed - test.expected).abs() >= case.settings.smallest_loss
    };
    for (test, p) in tested.iter_mut().zip(all) {
        test.is_significant = threshold.is_some_and(|threshold| p <= threshold) && is_worth(test);
    }
    tested
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::firm;

    #[test]
    fn a_channel_that_lost_its_inquiries_is_found_among_the_others() {
        let (mut seen, settings) = (firm::quiet(3), firm::settings());
        seen.inquiries
            .as_mut()
            .unwrap()
            .retain(|inquiry| inquiry.day < firm::START || inquiry.channel != 1);
        let case = Case::new(&seen, &settings);
        let found: Vec<Tested> = tests(&case)
            .into_iter()
            .filter(|test| test.is_significant)
            .collect();
        let scope = Scope::from([(Dimension::Channel, "yandex-direct-search".to_owned())]);
        assert!(
            found
                .iter()
                .any(|test| test.metric == "conv1" && test.scope == scope),
            "{found:?}"
        );
        assert!(
            found.iter().all(|test| test.metric != "sessions"),
            "{found:?}"
        );
    }

    #[test]
    fn quiet_firms_have_few_significant_tests() {
        let settings = firm::settings();
        let count = |seed| {
            let seen = firm::quiet(seed);
            tests(&Case::new(&seen, &settings))
                .iter()
                .filter(|test| test.is_significant)
                .count()
        };
        let alarmed = (0..20).filter(|seed| count(*seed) > 0).count();
        assert!(
            alarmed <= 6,
            "{alarmed} of 20 quiet weeks had a significant test"
        );
    }
}
