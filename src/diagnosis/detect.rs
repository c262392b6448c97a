//! What was tested: sessions and the first conversion, the total first, then every dimension with its own control of
//! false discoveries.

use super::case::{Case, Judged};
use super::codes::Scope;
use super::finding::Tested;
use crate::metrics::multiple;
use crate::metrics::predictive::Prediction;
use crate::model::metric::Metric;
use crate::model::observations::{Code, Dimension, SeenInquiry, Visits};

/// All tests of a period, the totals first.
pub fn tests(case: &Case) -> Vec<Tested> {
    let mut tested = Vec::new();
    // Each total is a family of its own: it pays for no other test.
    let all_sessions = Test::new(Metric::Sessions, Scope::new(), sessions(case, |_| true));
    tested.extend(family(case, vec![all_sessions]));
    let all_inquiries = Test::new(Metric::Conv1, Scope::new(), total_conv1(case));
    tested.extend(family(case, vec![all_inquiries]));
    let sessions_of = |code| sessions(case, |row| row.channel == code);
    tested.extend(by(case, Dimension::Channel, Metric::Sessions, sessions_of));
    for (dimension, code_of) in NUMERATORS {
        let conv1_of = |code| conv1(case, *dimension, |seen| code_of(seen) == code, code);
        tested.extend(by(case, *dimension, Metric::Conv1, conv1_of));
    }
    tested.extend(family(case, contacts(case)));
    tested
}

/// Where an inquiry lies in a dimension.
type CodeOf = fn(&SeenInquiry) -> Code;

/// Dimensions that inquiries are told apart by.
const NUMERATORS: &[(Dimension, CodeOf)] = &[
    (Dimension::Channel, |seen| seen.channel),
    (Dimension::Line, |seen| seen.line),
    (Dimension::Form, |seen| seen.form),
    (Dimension::Page, |seen| seen.page),
    (Dimension::Device, |seen| seen.device),
    (Dimension::Region, |seen| seen.region),
];

/// One test before it is judged among its family.
struct Test {
    metric: Metric,
    scope: Scope,
    /// `None` where nothing is known or nothing could be learnt.
    judged: Option<Judged>,
}

impl Test {
    fn new(metric: Metric, scope: Scope, judged: Option<Judged>) -> Self {
        Self {
            metric,
            scope,
            judged,
        }
    }
}

fn sessions(case: &Case, keep: impl Fn(&Visits) -> bool) -> Option<Judged> {
    case.seen.visits.as_ref()?;
    case.judge(&case.sessions(keep, |counts| counts.sessions), None)
}

fn total_conv1(case: &Case) -> Option<Judged> {
    case.seen.inquiries.as_ref()?;
    let inquiries = case.inquiries(|_| true);
    if case.seen.visits.is_none() {
        return case.judge(&inquiries, None);
    }
    let sessions = case.sessions(|_| true, |counts| counts.sessions);
    case.judge(&inquiries, Some(&sessions))
}

/// Inquiries of a scope given its own sessions where the scope is one of sessions, else given those of every channel.
fn conv1(
    case: &Case,
    dimension: Dimension,
    keep: impl Fn(&SeenInquiry) -> bool,
    code: Code,
) -> Option<Judged> {
    let counts = case.inquiries(&keep);
    if case.seen.visits.is_none() {
        return case.judge(&counts, None);
    }
    match dimension {
        Dimension::Channel => {
            let sessions = case.sessions(|row| row.channel == code, |counts| counts.sessions);
            case.judge_share(&counts, &sessions)
        }
        Dimension::Device => {
            let sessions = case.sessions(|row| row.device == code, |counts| counts.sessions);
            case.judge(&counts, Some(&sessions))
        }
        _ => case.judge(&counts, Some(&case.exposure(&keep))),
    }
}

/// Calls and forms apart.
fn contacts(case: &Case) -> Vec<Test> {
    let test = |word: &str, keep: &dyn Fn(&SeenInquiry) -> bool| {
        let scope = Scope::from([(Dimension::Contact, word.to_owned())]);
        let judged = case.judge(&case.inquiries(keep), Some(&case.exposure(keep)));
        Test::new(Metric::Conv1, scope, judged)
    };
    vec![
        test("call", &Case::is_call),
        test("form", &|seen| seen.form > 0),
    ]
}

/// One family: a test for each place of a dimension.
fn by(
    case: &Case,
    dimension: Dimension,
    metric: Metric,
    judge: impl Fn(Code) -> Option<Judged>,
) -> Vec<Tested> {
    let test = |code: Code| {
        let scope = Scope::from([(dimension, case.text(dimension, code).to_owned())]);
        Test::new(metric, scope, judge(code))
    };
    family(case, case.codes(dimension).map(test).collect())
}

/// Judges tests of one dimension together (Benjamini and Hochberg); those with too few expected events are left out.
fn family(case: &Case, tests: Vec<Test>) -> Vec<Tested> {
    let mut tested: Vec<Tested> = tests
        .into_iter()
        .filter_map(|test| by_itself(case, test))
        .collect();
    let p_values: Vec<f64> = tested
        .iter()
        .map(|test| multiple::two_sided(test.p_value))
        .collect();
    let level = if p_values.len() == 1 {
        // One test has no others to pay for; its `alpha` is of one side, the p-value of both.
        2.0 * case.settings.alpha
    } else {
        case.settings.fdr
    };
    let threshold = multiple::threshold(&p_values, level);
    for (test, p_value) in tested.iter_mut().zip(p_values) {
        let is_beyond_chance = threshold.is_some_and(|threshold| p_value <= threshold);
        test.is_significant = is_beyond_chance && is_worth_it(case, test);
    }
    tested
}

/// A test before its family is asked; `None` where it says nothing.
fn by_itself(case: &Case, test: Test) -> Option<Tested> {
    let judged = test
        .judged
        .filter(|judged| judged.expected >= case.settings.min_events)?;
    let prediction = Prediction::of_expected(
        judged.expected,
        judged.dispersion,
        case.settings.base_periods,
        None,
    )?;
    Some(Tested {
        metric: test.metric,
        scope: test.scope,
        observed: judged.observed,
        expected: judged.expected,
        p_value: prediction.p_value(judged.observed),
        is_significant: false,
        detectable: prediction.detectable(case.settings.alpha),
    })
}

/// Few inquiries are not worth a word; how many sessions are few is another matter.
fn is_worth_it(case: &Case, test: &Tested) -> bool {
    let moved = (test.observed - test.expected).abs();
    test.metric == Metric::Sessions || moved >= case.settings.smallest_loss
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
                .any(|test| test.metric == Metric::Conv1 && test.scope == scope),
            "{found:?}"
        );
        assert!(
            found.iter().all(|test| test.metric != Metric::Sessions),
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
