//! Why sales cannot be told, in words: what was seen, and the line of the pipeline that would tell them.

use super::data_faults::fault_sentence;
use crate::config::words::{self, Key};
use crate::digest::page::Page;
use crate::digest::phrases::shorten;
use crate::model::data_fault::{DataFault, FaultKind};
use crate::model::doubt::{SalesDoubt, Traceable};
use crate::model::facts::SourceState;
use crate::model::money::Minor;
use crate::model::table::Table;

/// Characters of a stage's name; longer ones are cut.
const STAGE_LENGTH: usize = 40;

/// Why a digest whose exports have all arrived may not be read.
#[derive(Debug, Clone, Copy)]
pub(super) enum OnlyDoubt<'a> {
    /// Sales, or whose they are, cannot be told.
    Sales(&'a SalesDoubt),
    /// Rows were exported twice.
    Repeated,
    /// What arrived does not fit what is known beside it.
    Unreconciled,
}

/// The doubt that keeps the digest from being read, when nothing else does: its export arrived whole.
pub(super) fn only_doubt<'a>(page: &Page<'a>) -> Option<OnlyDoubt<'a>> {
    let unfit = &page.digest.verdict.sources;
    let mut doubts = Vec::new();
    for source in &page.digest.data_health {
        if unfit.contains(&source.source) {
            let of_sales = source.sales_doubt.as_ref().map(OnlyDoubt::Sales);
            let of_rows = source.spoiling_fault().map(of_fault);
            doubts.push(of_rows.or(of_sales)?);
        }
    }
    doubts.first().copied()
}

fn of_fault<'a>(fault: &DataFault) -> OnlyDoubt<'a> {
    match fault.kind() {
        FaultKind::Repeated => OnlyDoubt::Repeated,
        FaultKind::Emptied
        | FaultKind::Doubled
        | FaultKind::Burst
        | FaultKind::GoalsReplaced
        | FaultKind::Shifted
        | FaultKind::CutOff
        | FaultKind::Silent
        | FaultKind::Heaped
        | FaultKind::Retold
        | FaultKind::Gone
        | FaultKind::Uncosted
        | FaultKind::Unlinked
        | FaultKind::Unpriced
        | FaultKind::ClosedEarly
        | FaultKind::ClosedAtOnce
        | FaultKind::Remarked
        | FaultKind::ToldTwice
        | FaultKind::Amounts => OnlyDoubt::Unreconciled,
    }
}

/// The sentences of all doubts and faults.
pub(super) fn sentences(page: &Page) -> Vec<String> {
    let sources = page.digest.data_health.iter();
    sources
        .flat_map(|source| {
            let faults = source
                .data_faults
                .iter()
                .map(|fault| fault_sentence(page, source, fault));
            let not_added = not_added(page, source);
            sentence(page, source)
                .into_iter()
                .chain(faults)
                .chain(not_added)
        })
        .collect()
}

/// What an export has in other currencies: it cannot be added up.
pub(super) fn not_added(page: &Page, source: &SourceState) -> Option<String> {
    let amounts = source.other_currencies.iter().map(|other| {
        let amount = page.figures.money_in(&other.currency, Minor(other.amount));
        let rows = page
            .figures
            .counted_whole(words::words::ROWS, other.rows as f64);
        format!("{amount} ({rows})")
    });
    let amounts: Vec<String> = amounts.collect();
    let key = match source.table {
        Some(Table::Deals) => words::doubt::SALES_IN_OTHER_CURRENCY,
        _ => words::doubt::COSTS_IN_OTHER_CURRENCY,
    };
    let values = [
        ("source", page.export(&source.source)),
        ("amounts", &*amounts.join(", ")),
        ("currency", &page.digest.pipeline.currency),
    ];
    (!amounts.is_empty()).then(|| page.fill(key, &values))
}

/// What is wrong with the sales of an export.
pub(super) fn sentence(page: &Page, source: &SourceState) -> Option<String> {
    let figures = &page.figures;
    let all_deals = |count: u64| figures.counted_whole(words::words::DEALS, count as f64);
    let all_deals_of = |count: u64| figures.counted_whole(words::words::DEALS_OF, count as f64);
    Some(match source.sales_doubt.as_ref()? {
        SalesDoubt::WonRenamed { deals, stages } => staged(
            page,
            words::doubt::WON_RENAMED,
            stages,
            &[("deals", &all_deals(*deals))],
        ),
        SalesDoubt::ClosedUnnamed {
            deals,
            closed,
            stages,
        } => staged(
            page,
            words::doubt::CLOSED_UNNAMED,
            stages,
            &[
                ("deals", &figures.count(*deals)),
                ("closed", &all_deals_of(*closed)),
            ],
        ),
        SalesDoubt::WonStopped { deals, due, stages } => staged(
            page,
            words::doubt::WON_STOPPED,
            stages,
            &[
                ("deals", &all_deals(*deals)),
                (
                    "due",
                    &figures.counted_whole(words::words::SALES_OF, *due as f64),
                ),
            ],
        ),
        SalesDoubt::NeverWon { deals, stages } => staged(
            page,
            words::doubt::NEVER_WON,
            stages,
            &[("deals", &all_deals_of(*deals))],
        ),
        SalesDoubt::Untraced {
            counted,
            traced,
            of,
            with_contacts,
        } => {
            let whole = match counted {
                Traceable::Sales => figures.counted_whole(words::words::SALES_OF, *of as f64),
                Traceable::Deals => all_deals_of(*of),
            };
            let key = if *with_contacts == 0 {
                words::doubt::WITHOUT_CONTACTS
            } else {
                words::doubt::UNTRACED
            };
            let counts = [
                ("traced", &*figures.count(*traced)),
                ("of", &whole),
                ("with", &figures.count(*with_contacts)),
            ];
            page.fill(key, &counts)
        }
    })
}

/// A sentence about stages, with the line that names the first of them.
fn staged(page: &Page, key: Key, stages: &[String], counts: &[(&str, &str)]) -> String {
    let shown = |stage: &String| shorten(stage, STAGE_LENGTH);
    let names: Vec<String> = stages.iter().map(shown).collect();
    let first = names.first().map_or("", String::as_str);
    let mut values = counts.to_vec();
    let list = names.join(", ");
    values.extend([("stages", &*list), ("stage", first)]);
    page.fill(key, &values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::language::Language;
    use crate::diagnosis::Diagnosis;
    use crate::digest::language::Strings;
    use crate::digest::samples::scorecard;
    use crate::digest::verdict::Verdict;
    use crate::digest::{Digest, VerdictKind};

    fn said(language: Language, doubt: SalesDoubt) -> String {
        let mut digest = Digest::sample(VerdictKind::NothingSignificant, language);
        digest.data_health[3].sales_doubt = Some(doubt);
        let strings = Strings::shipped(language);
        let page = Page::of(&digest, strings);
        sentences(&page).join("\n")
    }

    #[test]
    fn unknown_stages_come_with_the_line_that_names_them() {
        let stages = vec!["Договор подписан".to_owned(), "Отказ".to_owned()];
        let doubts = [
            SalesDoubt::WonRenamed {
                deals: 220,
                stages: stages.clone(),
            },
            SalesDoubt::ClosedUnnamed {
                deals: 4,
                closed: 9,
                stages: stages.clone(),
            },
            SalesDoubt::WonStopped {
                deals: 14,
                due: 13,
                stages: stages.clone(),
            },
            SalesDoubt::NeverWon { deals: 840, stages },
        ];
        for language in Language::all_shipped() {
            for doubt in &doubts {
                let text = said(language, doubt.clone());
                assert!(text.contains("Договор подписан, Отказ"), "{text}");
                assert!(
                    text.contains("won_stages = [\"Договор подписан\"]"),
                    "{text}"
                );
                assert!(!text.contains(['{', '}']), "{text}");
            }
        }
    }

    #[test]
    fn untraced_sales_say_whether_they_could_be_traced() {
        let untraced = |with_contacts| SalesDoubt::Untraced {
            counted: Traceable::Sales,
            traced: 0,
            of: 15,
            with_contacts,
        };
        assert_eq!(
            said(Language::EN, untraced(0)),
            "No deal carries a telephone or e-mail; 0 of 15\u{a0}sales were traced to an inquiry. The second conversion is unknown."
        );
        let with_contacts = said(Language::RU, untraced(9));
        assert!(
            with_contacts.contains("0 из\u{a0}15\u{a0}продаж"),
            "{with_contacts}"
        );
    }

    #[test]
    fn sales_that_cannot_be_told_keep_the_data_from_being_fit() {
        let mut card = scorecard(VerdictKind::NothingSignificant, Language::EN);
        card.data_health[3].sales_doubt = Some(SalesDoubt::NeverWon {
            deals: 40,
            stages: vec!["Contract signed".to_owned()],
        });
        let verdict = Verdict::of(&card, &Diagnosis::default());
        assert_eq!(verdict.kind, VerdictKind::DataNotFit);
        assert_eq!(verdict.sources, ["amocrm"]);
    }
}
