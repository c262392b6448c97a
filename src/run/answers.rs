//! What the owner says became of a check, kept in the catalog.

use anyhow::Result;
use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, params};

use crate::diagnosis::codes::CauseCode;
use crate::digest::{CheckOutcome, OwnerAnswer};
use crate::lake::Lake;
use crate::model::period::Period;

/// Which finding an answer is about.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The pipeline.
    pub pipeline: &'a str,
    /// The period of the report.
    pub period: &'a Period,
    /// The cause that it named.
    pub cause: CauseCode,
}

/// Keeps an answer; an earlier one of the same finding stays, and counts no longer.
///
/// # Errors
/// When the catalog cannot be written.
pub fn record(lake: &Lake, asked: Asked<'_>, answer: &OwnerAnswer) -> Result<()> {
    lake.catalog.connection().execute(
        "INSERT INTO answers (pipeline, period, cause, outcome, note, answered_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            asked.pipeline,
            asked.period.label,
            asked.cause.as_str(),
            answer.outcome.code(),
            answer.note,
            answer.at.timestamp_millis()
        ],
    )?;
    Ok(())
}

/// The newest answer to a finding that was given by then.
///
/// # Errors
/// When the catalog cannot be read.
pub(super) fn newest(
    lake: &Lake,
    asked: Asked<'_>,
    by: DateTime<Utc>,
) -> Result<Option<OwnerAnswer>> {
    let sql = "SELECT outcome, note, answered_at FROM answers
               WHERE pipeline = ?1 AND period = ?2 AND cause = ?3 AND answered_at <= ?4
               ORDER BY answered_at DESC, rowid DESC LIMIT 1";
    let values = params![
        asked.pipeline,
        asked.period.label,
        asked.cause.as_str(),
        by.timestamp_millis()
    ];
    let row = lake.catalog.connection().query_row(sql, values, |row| {
        Ok((
            row.get::<_, String>(0)?,
            row.get::<_, String>(1)?,
            row.get::<_, i64>(2)?,
        ))
    });
    let newest = row.optional()?.and_then(|(code, note, at)| {
        Some(OwnerAnswer {
            outcome: CheckOutcome::ALL
                .into_iter()
                .find(|outcome| outcome.code() == code)?,
            note,
            at: DateTime::from_timestamp_millis(at)?,
        })
    });
    Ok(newest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_answer_counts_and_none_of_the_future() {
        let folder = tempfile::tempdir().expect("a folder");
        let lake = Lake::open(folder.path()).expect("a lake");
        let period = Period::parse("2026-W46", chrono::NaiveDate::MIN).expect("a period");
        let asked = Asked {
            pipeline: "firm",
            period: &period,
            cause: CauseCode::Forms,
        };
        let at = |text: &str| -> DateTime<Utc> { text.parse().expect("a time") };
        for (outcome, time) in [
            (CheckOutcome::Done, "2026-11-17T09:00:00Z"),
            (CheckOutcome::Fixed, "2026-11-18T09:00:00Z"),
        ] {
            let answer = OwnerAnswer {
                outcome,
                note: String::new(),
                at: at(time),
            };
            record(&lake, asked, &answer).expect("kept");
        }
        let by = |time| {
            newest(&lake, asked, at(time))
                .expect("read")
                .map(|answer| answer.outcome)
        };
        assert_eq!(by("2026-11-16T00:00:00Z"), None);
        assert_eq!(by("2026-11-17T12:00:00Z"), Some(CheckOutcome::Done));
        assert_eq!(by("2026-11-20T00:00:00Z"), Some(CheckOutcome::Fixed));
        let other = Asked {
            cause: CauseCode::Telephony,
            ..asked
        };
        assert_eq!(
            newest(&lake, other, at("2026-11-20T00:00:00Z")).expect("read"),
            None
        );
    }
}
