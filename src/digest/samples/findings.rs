//! Invented diagnoses for the samples.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::VerdictKind;
use crate::config::words::{self, Key};
use crate::diagnosis::Diagnosis;
use crate::diagnosis::causes::CAUSES;
use crate::diagnosis::codes::{CauseCode, Conversion, Scope};
use crate::diagnosis::daily::{Daily, DailyPoint, Measure};
use crate::diagnosis::finding::{Answer, Certainty, Checked, Finding, Loss, RankedCause};
use crate::diagnosis::weigh::evidence::{Evidence, Value};
use crate::metrics::values::Estimate;
use crate::model::observations::Dimension;

/// The diagnosis of a headline kind: a dead form behind drops and incidents, nothing otherwise.
pub(super) fn diagnosis(kind: VerdictKind) -> Diagnosis {
    match kind {
        VerdictKind::Drop | VerdictKind::Incident => dead_form(),
        VerdictKind::Rise | VerdictKind::NothingSignificant => Diagnosis {
            checked: checked(),
            ..Diagnosis::default()
        },
        VerdictKind::DataNotFit
        | VerdictKind::FirstPeriod
        | VerdictKind::NoTraffic
        | VerdictKind::AllTooSmall => Diagnosis::default(),
    }
}

fn dead_form() -> Diagnosis {
    let scope = BTreeMap::from([
        (
            Dimension::Page,
            "/okna?<script>alert(1)</script>".to_owned(),
        ),
        (Dimension::Device, "phone".to_owned()),
    ]);
    let started_at = DateTime::<Utc>::from_timestamp(1_794_384_000, 0);
    let lost = |value, low, high| Some(Estimate { value, low, high });
    let loss = Loss {
        inquiries: lost(58.0, 41.0, 76.0),
        sales: lost(12.0, 7.0, 18.0),
        revenue: lost(2_140e3, 1_2e5, 3_2e6),
    };
    let cause = |code, probability, certainty, evidence, against, checks: &[Key]| RankedCause {
        code,
        probability,
        verdict: if probability > 0.5 {
            Answer::Found
        } else {
            Answer::RuledOut
        },
        certainty,
        scope: scope.clone(),
        started_at,
        ended_at: None,
        explains: loss,
        evidence,
        against,
        checks: checks.to_vec(),
    };
    let playbook = |code| {
        CAUSES
            .iter()
            .find(|cause| cause.code == code)
            .map_or(&[][..], |cause| cause.checks)
    };
    let causes = vec![
        cause(
            CauseCode::Forms,
            0.86,
            Certainty::Likely,
            for_forms(started_at),
            Vec::new(),
            playbook(CauseCode::Forms),
        ),
        cause(
            CauseCode::Tracking,
            0.17,
            Certainty::Candidate,
            for_tracking(),
            against_tracking(),
            playbook(CauseCode::Tracking),
        ),
    ];
    let finding = Finding {
        conversion: Conversion::First,
        scope: scope.clone(),
        observed: Some(353.0),
        expected: Some(425.0),
        started_at,
        ended_at: None,
        estimated_loss: loss,
        daily: Some(days()),
        hours: None,
        causes,
    };
    Diagnosis {
        incident_probability: 0.97,
        findings: vec![finding],
        checked: checked(),
        days: vec![days()],
        ..Diagnosis::default()
    }
}

/// A form that brings eight to twelve requests on working days and half on Sundays, until it dies on Wednesday.
fn days() -> Daily {
    let monday = NaiveDate::from_ymd_opt(2026, 10, 19).unwrap_or_default();
    let seen = [
        12., 11., 13., 10., 12., 9., 6., 11., 13., 12., 12., 9., 10., 5., 13., 12., 10., 11., 12.,
        8., 7., 12., 11., 3.,
    ];
    let point = |(place, day): (usize, NaiveDate)| {
        let expected = if place % 7 == 6 { 6.0 } else { 11.5 };
        let observed = seen.get(place).copied().unwrap_or(0.0);
        DailyPoint {
            day,
            observed,
            expected,
            low: (expected - 6.4_f64).max(0.0),
            high: expected + 6.4,
        }
    };
    Daily {
        measure: Measure::Inquiries,
        points: monday.iter_days().take(28).enumerate().map(point).collect(),
    }
}

/// The sentences that a dead form gives, with the numbers of the sample's loss.
fn for_forms(started_at: Option<DateTime<Utc>>) -> Vec<Evidence> {
    let start = started_at.unwrap_or_default();
    let place = [
        (
            "page",
            Value::Text("/okna?<script>alert(1)</script>".to_owned()),
        ),
        ("device", Value::Word("phone".to_owned())),
        ("from", Value::Time(start)),
        ("to", Value::Time(start + TimeDelta::days(5))),
        ("observed", Value::Count(0.0)),
        ("expected", Value::Count(57.6)),
    ];
    let release = [
        (
            "title",
            Value::Text("Новая версия сайта & <b>форм</b>".to_owned()),
        ),
        ("at", Value::Time(start - TimeDelta::hours(1))),
    ];
    vec![
        Evidence::new(words::evidence::forms::SILENCE_PAGE_DEVICE, 22.4, place),
        Evidence::new(
            words::evidence::forms::OTHERS_SAME,
            2.1,
            counts(353.0, 367.0),
        ),
        Evidence::new(words::evidence::annotation::NEAR, 1.1, release),
        Evidence::new(
            words::evidence::forms::BEGUN_SAME,
            0.8,
            counts(118.0, 121.0),
        ),
    ]
}

fn for_tracking() -> Vec<Evidence> {
    vec![Evidence::new(
        words::evidence::tracking::CLIENTS_LOST,
        1.9,
        with_change(201.0, 262.0),
    )]
}

fn against_tracking() -> Vec<Evidence> {
    vec![Evidence::new(
        words::evidence::tracking::USUAL_PER_SESSION,
        -2.3,
        with_change(353.0, 425.0),
    )]
}

fn counts(observed: f64, expected: f64) -> [(&'static str, Value); 2] {
    [
        ("observed", Value::Count(observed)),
        ("expected", Value::Count(expected)),
    ]
}

fn with_change(observed: f64, expected: f64) -> [(&'static str, Value); 3] {
    let [seen, due] = counts(observed, expected);
    [
        seen,
        due,
        ("change", Value::Change(observed / expected - 1.0)),
    ]
}

fn checked() -> Vec<Checked> {
    let checked = |code, verdict, probability, reason| Checked {
        code,
        verdict,
        probability,
        scope: Scope::new(),
        reason: Some(reason),
    };
    let sessions = Evidence::new(
        words::evidence::traffic_volume::SESSIONS,
        -1.6,
        with_change(14_050.0, 13_980.0),
    );
    let others = Evidence::new(
        words::evidence::telephony::OUTBOUND_SAME,
        -0.5,
        counts(214.0, 209.0),
    );
    let missing = Evidence::new(words::evidence::managers::NO_ACTIVITY, 0.0, []);
    vec![
        checked(CauseCode::Telephony, Answer::RuledOut, 0.02, others),
        checked(CauseCode::TrafficVolume, Answer::RuledOut, 0.01, sessions),
        checked(CauseCode::Managers, Answer::NotAssessable, 0.0, missing),
    ]
}
