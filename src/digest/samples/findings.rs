//! Invented diagnoses for the samples.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::VerdictKind;
use crate::diagnosis::Diagnosis;
use crate::diagnosis::evidence::{Evidence, Value};
use crate::diagnosis::finding::*;
use crate::metrics::scorecard::Estimate;
use crate::model::observations::Dimension;

/// The diagnosis of a headline kind: a dead form behind drops and incidents, nothing otherwise.
pub(super) fn diagnosis(kind: VerdictKind) -> Diagnosis {
    match kind {
        VerdictKind::Drop | VerdictKind::Incident => dead_form(),
        VerdictKind::Rise | VerdictKind::NothingSignificant => Diagnosis { checked: checked(), ..Diagnosis::default() },
        VerdictKind::DataNotFit | VerdictKind::FirstPeriod | VerdictKind::NoTraffic | VerdictKind::AllTooSmall => {
            Diagnosis::default()
        }
    }
}

fn dead_form() -> Diagnosis {
    let scope = BTreeMap::from([
        (Dimension::Page, "/okna?<script>alert(1)</script>".to_owned()),
        (Dimension::Device, "phone".to_owned()),
    ]);
    let started_at = DateTime::<Utc>::from_timestamp(1_794_384_000, 0);
    let lost = |value, low, high| Some(Estimate { value, low, high });
    let loss =
        Loss { inquiries: lost(58.0, 41.0, 76.0), sales: lost(12.0, 7.0, 18.0), revenue: lost(2_140e3, 1_2e5, 3_2e6) };
    let release = started_at.map(|at| at - TimeDelta::hours(1)).unwrap_or_default();
    let values = [("title", Value::Text("Новая версия сайта & <b>форм</b>".to_owned())), ("at", Value::Time(release))];
    let cause = |code, probability, certainty, checks: &[&str]| RankedCause {
        code,
        probability,
        verdict: if probability > 0.5 { Answer::Found } else { Answer::RuledOut },
        certainty,
        scope: scope.clone(),
        started_at,
        ended_at: None,
        explains: loss,
        evidence: vec![Evidence::new("annotation.near", 1.1, values.clone())],
        against: Vec::new(),
        checks: checks.iter().map(|check| (*check).to_owned()).collect(),
    };
    let causes = vec![
        cause(CauseCode::Forms, 0.86, Certainty::Likely, &["forms.send_test"]),
        cause(CauseCode::Tracking, 0.17, Certainty::Candidate, &[]),
    ];
    let finding = Finding {
        conversion: Conversion::First,
        scope: scope.clone(),
        observed: Some(353.0),
        expected: Some(425.0),
        started_at,
        ended_at: None,
        estimated_loss: loss,
        causes,
    };
    Diagnosis { incident_probability: 0.97, findings: vec![finding], checked: checked(), ..Diagnosis::default() }
}

fn checked() -> Vec<Checked> {
    let checked = |code, verdict, probability| Checked { code, verdict, probability, reason: None };
    vec![
        checked(CauseCode::Telephony, Answer::RuledOut, 0.02),
        checked(CauseCode::TrafficVolume, Answer::RuledOut, 0.01),
        checked(CauseCode::Managers, Answer::NotAssessable, 0.0),
    ]
}
