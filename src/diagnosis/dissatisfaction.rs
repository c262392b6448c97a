//! What customers said of a manager, beside the causes of the second conversion.
//!
//! It is told as a fact of no weight: nobody has measured how often scores fall with sales and how often without, so the
//! probabilities stay what sales, times and calls make them.

use super::codes::{CauseCode, Conversion};
use super::finding::{Diagnosis, RankedCause};
use super::weigh::evidence::{Evidence, Role, Value};
use crate::config::words;
use crate::metrics::satisfaction::{Satisfaction, Score};
use crate::metrics::scorecard::RowVerdict;
use crate::model::observations::Dimension;

/// Adds to the cause "managers" of the second conversion that the score of its manager, or of all where it names none, fell
/// beyond noise: by the test of the scores themselves, all rows judged together.
pub fn tell_dissatisfaction(diagnosis: &mut Diagnosis, satisfaction: &Satisfaction) {
    let findings = diagnosis.findings.iter_mut();
    let second = findings.filter(|finding| finding.conversion == Conversion::Second);
    let causes = second.flat_map(|finding| &mut finding.causes);
    for cause in causes.filter(|cause| cause.code == CauseCode::Managers) {
        cause.evidence.extend(fallen(cause, satisfaction));
    }
}

fn fallen(cause: &RankedCause, satisfaction: &Satisfaction) -> Option<Evidence> {
    let (code, score) = match cause.scope.get(&Dimension::Manager) {
        Some(name) => {
            let mut managers = satisfaction.managers.iter();
            let of = managers.find(|of| of.manager == *name)?;
            (words::evidence::managers::SCORES, &of.score)
        }
        None => (words::evidence::managers::ALL_SCORES, &satisfaction.total),
    };
    evidence(code, score)
}

fn evidence(code: words::Key, score: &Score) -> Option<Evidence> {
    let now = score.score.filter(|_| score.verdict == RowVerdict::Worse)?;
    let values = [
        ("observed", Value::Count(now.value.round())),
        ("expected", Value::Count(score.usual?.round())),
        ("answers", Value::Count(score.answers as f64)),
    ];
    Some(Evidence::new(code, 0.0, values).of(Role::Outcome))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::values::Estimate;

    fn score(value: f64, verdict: RowVerdict) -> Score {
        Score {
            answers: 13,
            promoters: 1,
            detractors: 10,
            score: Some(Estimate {
                value,
                low: value - 20.0,
                high: value + 20.0,
            }),
            usual: Some(32.0),
            usual_answers: 100,
            p_value: Some(0.001),
            verdict,
        }
    }

    #[test]
    fn a_score_that_fell_is_a_fact_of_no_weight_and_noise_is_none() {
        let code = words::evidence::managers::SCORES;
        let told = evidence(code, &score(-69.2, RowVerdict::Worse)).expect("it fell");
        assert_eq!(told.weight, 0.0);
        assert_eq!(told.values["observed"], Value::Count(-69.0));
        assert_eq!(evidence(code, &score(20.0, RowVerdict::Noise)), None);
    }
}
