//! The plan of checks, to be printed: cause by cause, who checks what, where and by when.

use chrono::{Days, NaiveDate};

use super::causes::candidates;
use super::cells::left;
use super::section::Section;
use crate::config::words;
use crate::diagnosis::codes::CauseCode;
use crate::diagnosis::finding::RankedCause;
use crate::digest::Digest;
use crate::digest::blocks::{Block, Cell, Row, Table};
use crate::digest::causes;
use crate::digest::document::Readers;
use crate::digest::page::Page;
use crate::digest::phrases::upper_first;
use crate::model::facts::SourceState;
use crate::model::table::Table as LakeTable;

pub(super) const SECTION: Section = Section {
    code: "plan",
    title: Some(|page| page.text(words::plan::TITLE)),
    subtitle: |page| Some(page.rich(words::plan::SUBTITLE, &[])),
    blocks,
    readers: Readers::Report,
};

fn blocks(page: &Page) -> Vec<Block> {
    let causes = page.digest.findings.iter().flat_map(candidates);
    let rows: Vec<Row> = causes
        .enumerate()
        .flat_map(|(place, cause)| rows(page, place, cause))
        .collect();
    if rows.is_empty() {
        return Vec::new();
    }
    let titles = [
        words::plan::column::CAUSE,
        words::plan::column::WHO,
        words::plan::column::WHAT,
        words::plan::column::WHERE,
        words::plan::column::WHEN,
    ];
    let columns = titles.map(|key| left(page.text(key))).into();
    vec![Block::Table(Table {
        code: "plan",
        columns,
        rows,
        note: None,
    })]
}

/// The steps of one cause; those of the next one are due a working day later.
fn rows(page: &Page, place: usize, cause: &RankedCause) -> Vec<Row> {
    let title = upper_first(&causes::title_of(page, cause));
    let title = page.fill(
        words::plan::STEP,
        &[("place", &(place + 1).to_string()), ("cause", &title)],
    );
    let due = page.figures.day(due(page.digest, place));
    let (place, exports) = (causes::scope(page, &cause.scope), exports(page, cause.code));
    let steps = causes::checks(page, cause).into_iter().enumerate();
    let row = |(step, check): (usize, String)| {
        let (who, what) = split(&check);
        let certainty = (step == 0).then(|| causes::certainty(page, cause));
        let place = Cell::text(
            place
                .clone()
                .unwrap_or_else(|| page.text(words::plan::EVERYWHERE)),
        );
        let cells = vec![
            Cell::text(who),
            Cell::text(upper_first(what)),
            place.under(exports.clone()),
            Cell::text(due.clone()).strong(),
        ];
        Row {
            head: Cell::text(title.clone()).under(certainty),
            cells,
            is_total: false,
        }
    };
    steps.map(row).collect()
}

/// A check is written as `Who: what to do.`
fn split(check: &str) -> (&str, &str) {
    check.split_once(": ").unwrap_or(("", check))
}

/// The day on which a cause is to be checked: the next one is due a day of work later.
fn due(digest: &Digest, place: usize) -> NaiveDate {
    let days = &digest.check_days;
    days.get(place)
        .or(days.last())
        .copied()
        .unwrap_or(digest.period.to + Days::new(1))
}

/// The exports that a cause shows in: where to look first beside the place itself.
fn exports(page: &Page, cause: CauseCode) -> Option<String> {
    let tables: &[LakeTable] = match cause {
        CauseCode::Telephony => &[LakeTable::Calls],
        CauseCode::Forms => &[LakeTable::Forms],
        CauseCode::TrafficVolume | CauseCode::TrafficQuality | CauseCode::MixShift => {
            &[LakeTable::Sessions, LakeTable::Costs]
        }
        CauseCode::Tracking => &[LakeTable::Sessions, LakeTable::TrafficDaily],
        CauseCode::LeadQuality | CauseCode::Managers | CauseCode::CrmHygiene => &[LakeTable::Deals],
        CauseCode::DataGap | CauseCode::Seasonality | CauseCode::Unknown => &[],
    };
    let fits = |source: &&SourceState| {
        let table = source.table;
        table.is_some_and(|table| tables.contains(&table))
    };
    let names: Vec<&str> = page
        .digest
        .data_health
        .iter()
        .filter(fits)
        .map(|source| source.source.as_str())
        .collect();
    (!names.is_empty()).then(|| page.fill(words::plan::EXPORTS, &[("exports", &names.join(", "))]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::language::Language;
    use crate::diagnosis::causes::CAUSES;
    use crate::digest::VerdictKind;
    use crate::digest::language::Strings;

    #[test]
    fn every_check_says_who_and_what() {
        for language in Language::all_shipped() {
            let strings = Strings::shipped(language);
            for check in CAUSES.iter().flat_map(|cause| cause.checks) {
                let text = strings.fill(*check, &[]);
                let (who, what) = split(&text);
                assert!(
                    (1..=3).contains(&who.split_whitespace().count()) && !what.is_empty(),
                    "{language}: {text}"
                );
            }
        }
    }

    #[test]
    fn causes_are_due_on_days_of_work_one_after_the_other() {
        let digest = Digest::sample(VerdictKind::Drop, Language::EN);
        // Sunday 15 November 2026 ends the period; the report is of Monday.
        let days = [0, 1, 4, 5, 99].map(|place| due(&digest, place).to_string());
        assert_eq!(
            days,
            [
                "2026-11-16",
                "2026-11-17",
                "2026-11-20",
                "2026-11-23",
                "2026-11-27"
            ]
        );
    }
}
