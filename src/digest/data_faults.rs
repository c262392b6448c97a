//! What is wrong with rows that did arrive, in words: what was seen, what is usual, and what to look at.

use crate::config::words::{self, Key};
use crate::digest::language::Strings;
use crate::digest::page::Page;
use crate::digest::phrases::channel_title;
use crate::digest::sections::status;
use crate::digest::{Digest, VerdictKind};
use crate::model::data_fault::{DataFault, Emptied, Priced};
use crate::model::facts::SourceState;
use crate::model::link::Link;

/// Whether a digest may be mailed by its data, and what is wrong with them: what the gate goes by, in the words of the digest's
/// box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataVerdict {
    /// False where the gate holds the letters back.
    pub is_fit: bool,
    /// What is wrong, in the digest's language; empty when nothing is.
    pub sentences: Vec<String>,
}

impl DataVerdict {
    /// The verdict of a digest.
    pub fn of(digest: &Digest, strings: &Strings) -> Self {
        let page = Page::of(digest, strings);
        Self {
            is_fit: digest.verdict.kind != VerdictKind::DataNotFit,
            sentences: status::sentences(&page),
        }
    }
}

/// One fault of an export.
pub(super) fn fault_sentence(page: &Page, source: &SourceState, fault: &DataFault) -> String {
    let source = page.export(&source.source);
    let (key, values) = told(page, fault);
    let mut filled = vec![("source", source)];
    filled.extend(values.iter().map(|(name, value)| (*name, value.as_str())));
    page.fill(key, &filled)
}

/// The sentence of a fault with its own values.
fn told(page: &Page, fault: &DataFault) -> (Key, Vec<(&'static str, String)>) {
    use words::doubt;
    let count = |count: u64| page.figures.count(count);
    match fault {
        DataFault::Repeated { rows, of } => {
            let values = vec![("rows", count(*rows)), ("of", count(*of))];
            (doubt::REPEATED, values)
        }
        DataFault::Doubled { rows, of, spoils } => {
            let key = match spoils {
                true => doubt::DEALS_DOUBLED,
                false => doubt::DOUBLED,
            };
            (key, vec![("rows", count(*rows)), ("of", count(*of))])
        }
        DataFault::Emptied {
            column,
            rows,
            of,
            usual_percent,
        } => {
            let values = vec![
                ("column", page.text(title(*column))),
                ("rows", count(*rows)),
                ("of", count(*of)),
                ("usual", count(u64::from(*usual_percent))),
            ];
            let key = match column {
                Emptied::Goals => doubt::GOALS_EMPTIED,
                _ => doubt::EMPTIED,
            };
            (key, values)
        }
        DataFault::Shifted { hours } => {
            let values = vec![("hours", page.figures.signed(f64::from(*hours), 0))];
            (doubt::SHIFTED, values)
        }
        DataFault::CutOff { last, expected } => {
            let last = last.with_timezone(&page.digest.pipeline.time_zone);
            let values = vec![
                ("day", page.figures.day(last.date_naive())),
                ("time", last.format("%H:%M").to_string()),
                ("expected", count(*expected)),
            ];
            (doubt::CUT_OFF, values)
        }
        DataFault::Retold { back } => {
            let values = vec![("back", count(u64::from(*back)))];
            (doubt::RETOLD, values)
        }
        DataFault::ToldTwice {
            other,
            shared,
            cost,
        } => {
            let values = vec![
                ("other", page.export(other).to_owned()),
                ("shared", count(*shared)),
                ("cost", page.figures.money(*cost, 0)),
            ];
            (doubt::TOLD_TWICE, values)
        }
        DataFault::Unlinked {
            link,
            witness,
            found,
            of,
            usual_percent,
            from,
            to,
            spoils,
        } => {
            let values = vec![
                ("witness", page.export(witness).to_owned()),
                ("found", count(*found)),
                ("of", count(*of)),
                ("usual", count(u64::from(*usual_percent))),
                ("days", page.figures.days(*from, *to)),
            ];
            (unlinked(*link, *spoils), values)
        }
        DataFault::Clicks {
            channel,
            clicks,
            sessions,
            expected,
            ..
        } => {
            let values = vec![
                ("channel", channel_title(page, channel)),
                ("clicks", count(*clicks)),
                ("sessions", count(*sessions)),
                ("expected", count(*expected)),
            ];
            let key = match sessions > expected {
                true => doubt::CLICKS_MORE,
                false => doubt::CLICKS_FEWER,
            };
            (key, values)
        }
        DataFault::Amounts { of, now, usual } => {
            let key = match of {
                Priced::Click => doubt::CLICK_PRICE,
                Priced::Deal => doubt::DEAL_AMOUNT,
            };
            let money = |amount| page.figures.money(amount, 0);
            (key, vec![("now", money(*now)), ("usual", money(*usual))])
        }
    }
}

/// The sentence of a broken link; of visits it depends on which side has the fault.
fn unlinked(link: Link, spoils: bool) -> Key {
    use words::doubt;
    match (link, spoils) {
        (Link::CallsToDeals, _) => doubt::CALLS_WITHOUT_DEALS,
        (Link::FormsToDeals, _) => doubt::FORMS_WITHOUT_DEALS,
        (Link::DealsToContacts, _) => doubt::DEALS_WITHOUT_CONTACTS,
        (Link::SalesToContacts, _) => doubt::SALES_WITHOUT_CONTACTS,
        (Link::ContactsToVisits, true) => doubt::CONTACTS_WITHOUT_VISITS,
        (Link::ContactsToVisits, false) => doubt::CLIENTS_OF_OTHERS,
    }
}

fn title(column: Emptied) -> Key {
    use words::doubt::column;
    match column {
        Emptied::Client => column::CLIENT,
        Emptied::Goals => column::GOALS,
        Emptied::Phone => column::PHONE,
        Emptied::Email => column::EMAIL,
        Emptied::Line => column::LINE,
        Emptied::Page => column::PAGE,
        Emptied::CrmContact => column::CRM_CONTACT,
        Emptied::LeadSource => column::LEAD_SOURCE,
    }
}
