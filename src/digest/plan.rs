//! The plan of checks: cause by cause, who checks what, where and by when.

use chrono::{Days, NaiveDate};

use super::causes;
use super::contract::Digest;
use super::page::Page;
use super::phrases::upper_first;
use super::sections::{HeadlineCheck, candidates};
use crate::config::words::{self, Key};
use crate::diagnosis::codes::CauseCode;
use crate::diagnosis::finding::RankedCause;
use crate::model::facts::SourceState;
use crate::model::table::Table as LakeTable;

/// One check of the plan, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedCheck {
    /// Number and name of its cause.
    pub cause: String,
    /// How sure the cause is; with its first check only.
    pub certainty: Option<String>,
    /// Who.
    pub who: String,
    /// What.
    pub what: String,
    /// What follows when it finds what it looks for.
    pub then: Option<String>,
    /// What follows when it does not.
    pub otherwise: String,
    /// Where.
    pub place: String,
    /// The exports that the cause shows in.
    pub exports: Option<String>,
    /// By when.
    pub due: NaiveDate,
    /// The same in words.
    pub due_shown: String,
}

/// The check of a headline that names no cause, then those of all candidates; those of the next one are due a working day
/// later.
pub fn planned_checks(page: &Page) -> Vec<PlannedCheck> {
    let causes: Vec<&RankedCause> = page.digest.findings.iter().flat_map(candidates).collect();
    let headline = HeadlineCheck::of(page);
    let first = usize::from(headline.is_some());
    let last = (first + causes.len()).saturating_sub(1);
    let of_headline = headline.map(|check| of_headline(page, &check, last == 0));
    let of_causes = causes.into_iter().zip(first..);
    let of_causes = of_causes.flat_map(|(cause, at)| checks(page, at, at == last, cause));
    of_headline.into_iter().chain(of_causes).collect()
}

/// The first check, of what the headline says.
fn of_headline(page: &Page, check: &HeadlineCheck, is_last: bool) -> PlannedCheck {
    let due = due(page.digest, 0);
    PlannedCheck {
        cause: numbered(page, 0, &check.about),
        certainty: None,
        who: check.who(page),
        what: check.what(),
        then: None,
        otherwise: after_the_last_step(page, 0, is_last),
        place: place_or_everywhere(page, check.place.clone()),
        exports: None,
        due,
        due_shown: page.figures.day(due),
    }
}

/// What the plan calls its rows about one thing.
fn numbered(page: &Page, at: usize, what: &str) -> String {
    let values = [("place", &*(at + 1).to_string()), ("cause", what)];
    page.fill(words::plan::STEP, &values)
}

/// Where to go on when the last check of a cause found nothing.
fn after_the_last_step(page: &Page, at: usize, is_last: bool) -> String {
    if is_last {
        return page.text(words::plan::NO_MORE);
    }
    let next = (at + 2).to_string();
    page.fill(words::plan::NEXT_CAUSE, &[("place", &next)])
}

fn place_or_everywhere(page: &Page, place: Option<String>) -> String {
    place.unwrap_or_else(|| page.text(words::plan::EVERYWHERE))
}

fn checks(page: &Page, at: usize, is_last: bool, cause: &RankedCause) -> Vec<PlannedCheck> {
    let title = upper_first(&causes::title_of(page, cause));
    let title = numbered(page, at, &title);
    let due = due(page.digest, at);
    let place = place_or_everywhere(page, causes::scope(page, &cause.scope));
    let steps = causes::steps(page, cause);
    let check = |(step, check): (usize, &Key)| PlannedCheck {
        cause: title.clone(),
        certainty: (step == 0).then(|| sure_and_price(page, cause)),
        who: causes::who(page, *check),
        what: upper_first(&causes::told(page, cause, *check)),
        then: causes::outcome(cause, *check).map(|then| page.text(then)),
        otherwise: match step + 1 == steps.len() {
            false => page.text(words::plan::NEXT_STEP),
            true => after_the_last_step(page, at, is_last),
        },
        place: place.clone(),
        exports: exports(page, cause.code),
        due,
        due_shown: page.figures.day(due),
    };
    steps.iter().enumerate().map(check).collect()
}

/// How sure a cause is, and what mending it is worth.
fn sure_and_price(page: &Page, cause: &RankedCause) -> String {
    let certainty = causes::certainty(page, cause);
    match causes::loss_of(page, cause) {
        Some(loss) => {
            let price = loss.lower_first().text();
            let values = [("certainty", &*certainty), ("price", &price)];
            page.fill(words::plan::PRICE, &values)
        }
        None => certainty,
    }
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
        .map(|source| page.export(&source.source))
        .collect();
    (!names.is_empty()).then(|| page.fill(words::plan::EXPORTS, &[("exports", &names.join(", "))]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::language::Language;
    use crate::digest::VerdictKind;
    use crate::digest::language::Strings;
    use crate::model::role::Role;

    #[test]
    fn a_check_is_for_the_person_that_the_pipeline_names() {
        let mut digest = Digest::sample(VerdictKind::Drop, Language::EN);
        let who = |digest: &Digest| {
            let page = Page::of(digest, Strings::shipped(Language::EN));
            planned_checks(&page)[0].who.clone()
        };
        assert_eq!(who(&digest), "Webmaster");
        digest.pipeline.people = [(Role::Webmaster, "Ann Lee".to_owned())].into();
        assert_eq!(who(&digest), "Ann Lee (webmaster)");
    }

    #[test]
    fn a_check_that_finds_nothing_leads_to_the_next_one() {
        let digest = Digest::sample(VerdictKind::Drop, Language::EN);
        let page = Page::of(&digest, Strings::shipped(Language::EN));
        let checks = planned_checks(&page);
        // Four of the form, three of the counter.
        let otherwise: Vec<&str> = checks.iter().map(|check| &*check.otherwise).collect();
        let next = "Not confirmed: take the next row.";
        assert_eq!(
            otherwise[..4],
            [next, next, next, "Not confirmed: take cause 2."]
        );
        assert!(otherwise[6].contains("something else"), "{otherwise:?}");
        assert_eq!(otherwise.len(), 7);
    }

    #[test]
    fn a_stage_that_broke_is_the_first_check() {
        let mut digest = Digest::sample(VerdictKind::Drop, Language::EN);
        let before = planned_checks(&Page::of(&digest, Strings::shipped(Language::EN)));
        digest.verdict.stage = Some(crate::digest::samples::broken_stage());
        let page = Page::of(&digest, Strings::shipped(Language::EN));
        let checks = planned_checks(&page);
        assert_eq!(checks.len(), before.len() + 1);
        assert!(checks[0].cause.starts_with("1. "), "{:?}", checks[0]);
        assert_eq!(checks[0].who, "Webmaster");
        assert!(checks[0].otherwise.ends_with("take cause 2."));
        assert!(checks[1].cause.starts_with("2. "), "{:?}", checks[1]);
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
