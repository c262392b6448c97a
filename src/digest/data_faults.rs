//! What is wrong with rows that did arrive, in words: what was seen, what is usual, and what to look at.

use chrono::{DateTime, Utc};

use crate::config::words::{self, Key};
use crate::digest::language::Strings;
use crate::digest::page::Page;
use crate::digest::phrases::{channel_title, shorten, upper_first};
use crate::digest::sections::status;
use crate::digest::{Digest, VerdictKind};
use crate::model::channel::ChannelId;
use crate::model::data_fault::{DataFault, Emptied, FaultKind, Priced, Sort};
use crate::model::facts::SourceState;
use crate::model::link::Link;
use crate::model::table::Table;

/// Characters of a form's or a manager's name; longer ones are cut.
const NAME_LENGTH: usize = 40;

/// Files that are named; an export of a day each may have many.
const SHOWN_FILES: usize = 2;
/// Goals that are named.
const SHOWN_GOALS: usize = 5;

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
    let source_name = upper_first(page.export(&source.source));
    let values = values(page, fault);
    let mut filled = vec![("source", source_name.as_str())];
    filled.extend(values.iter().map(|(name, value)| (*name, value.as_str())));
    let sentence = page.fill(key(source, fault), &filled);
    match fault {
        DataFault::OfAll { .. } => format!("{sentence} {}", page.text(words::doubt::of_all::NOTE)),
        _ => sentence,
    }
}

/// Which sentence a fault is told by.
fn key(source: &SourceState, fault: &DataFault) -> Key {
    use words::doubt;
    let is_of = |table| source.table == Some(table);
    match fault {
        DataFault::Repeated { .. } if is_of(Table::Costs) => doubt::COSTS_REPEATED,
        DataFault::Repeated { .. } => doubt::REPEATED,
        DataFault::Multiplied { .. } => doubt::MULTIPLIED,
        DataFault::Doubled { spoils: true, .. } => doubt::DEALS_DOUBLED,
        DataFault::Doubled { spoils: false, .. } => doubt::DOUBLED,
        DataFault::Emptied { column, .. } => match column {
            Emptied::Goals => doubt::GOALS_EMPTIED,
            Emptied::Amount => doubt::AMOUNTS_EMPTIED,
            Emptied::Tag => doubt::TAGS_EMPTIED,
            _ => doubt::EMPTIED,
        },
        DataFault::SentAgain { .. } => doubt::SENT_AGAIN,
        DataFault::Burst { .. } => doubt::BURST,
        DataFault::GoalsReplaced { .. } => doubt::GOALS_REPLACED,
        DataFault::Shifted { .. } => doubt::SHIFTED,
        DataFault::CutOff { .. } => doubt::CUT_OFF,
        DataFault::Silent { .. } if is_of(Table::Calls) => doubt::SILENT_CALLS,
        DataFault::Silent { .. } => doubt::SILENT_VISITS,
        DataFault::Heaped { .. } => doubt::HEAPED,
        DataFault::Redated { .. } if is_of(Table::Costs) => doubt::COSTS_REDATED,
        DataFault::Redated { .. } => doubt::REDATED,
        DataFault::Gone { sort, .. } => gone(*sort),
        DataFault::OfAll { fault, .. } => of_all(*fault),
        DataFault::Retold { .. } => doubt::RETOLD,
        DataFault::Unlinked { link, spoils, .. } => unlinked(*link, *spoils),
        DataFault::Clicks {
            sessions, expected, ..
        } => match (is_of(Table::Costs), sessions > expected) {
            (true, true) => doubt::CLICKS_LACKING,
            (true, false) => doubt::CLICKS_OVER,
            (false, true) => doubt::CLICKS_MORE,
            (false, false) => doubt::CLICKS_FEWER,
        },
        DataFault::ToldTwice { .. } => doubt::TOLD_TWICE,
        DataFault::Unpriced { .. } => doubt::UNPRICED,
        DataFault::Uncosted { campaign, .. } if campaign.is_empty() => doubt::UNCOSTED,
        DataFault::Uncosted { .. } => doubt::UNCOSTED_CAMPAIGN,
        DataFault::ClosedEarly { .. } => doubt::CLOSED_EARLY,
        DataFault::Repriced { .. } => doubt::REPRICED,
        DataFault::Reclosed { .. } => doubt::RECLOSED,
        DataFault::ClosedAtOnce { hour: Some(_), .. } => doubt::CLOSED_IN_AN_HOUR,
        DataFault::ClosedAtOnce { hour: None, .. } => doubt::CLOSED_IN_A_DAY,
        DataFault::Remarked { .. } => doubt::REMARKED,
        DataFault::Amounts { of, .. } => match of {
            Priced::Click => doubt::CLICK_PRICE,
            Priced::Deal => doubt::DEAL_AMOUNT,
        },
    }
}

/// What is filled into the sentence.
fn values(page: &Page, fault: &DataFault) -> Vec<(&'static str, String)> {
    let figures = &page.figures;
    let count = |name, count: u64| (name, figures.count(count));
    let counted = |name, noun, count: u64| (name, figures.counted_whole(noun, count as f64));
    let local = |at: &DateTime<Utc>| at.with_timezone(&page.digest.pipeline.time_zone);
    let time = |at: &DateTime<Utc>| local(at).format("%H:%M").to_string();
    let day = |at: &DateTime<Utc>| figures.day(local(at).date_naive());
    match fault {
        DataFault::Repeated { rows, of }
        | DataFault::Doubled { rows, of, .. }
        | DataFault::SentAgain { rows, of } => {
            vec![count("rows", *rows), count("of", *of)]
        }
        DataFault::Burst {
            rows,
            from,
            usual_most,
        } => vec![
            count("rows", *rows),
            ("day", day(from)),
            ("time", time(from)),
            count("usual", *usual_most),
        ],
        DataFault::GoalsReplaced {
            old,
            new,
            rows,
            expected,
        } => vec![
            ("old", named(old, SHOWN_GOALS)),
            ("new", named(new, SHOWN_GOALS)),
            count("rows", *rows),
            count("expected", *expected),
        ],
        DataFault::Multiplied { percent } => {
            vec![("times", figures.number(f64::from(*percent) / 100.0, 1))]
        }
        DataFault::Emptied {
            column,
            rows,
            of,
            usual_percent,
        } => vec![
            ("column", page.text(title(*column))),
            count("rows", *rows),
            count("of", *of),
            count("usual", u64::from(*usual_percent)),
        ],
        DataFault::Shifted { hours } => vec![("hours", figures.signed(f64::from(*hours), 0))],
        DataFault::CutOff { last, expected } => vec![
            ("day", day(last)),
            ("time", time(last)),
            count("expected", *expected),
        ],
        DataFault::Silent { from, to, expected } => vec![
            ("from", format!("{} {}", day(from), time(from))),
            ("to", format!("{} {}", day(to), time(to))),
            count("expected", *expected),
        ],
        DataFault::Heaped { day, rows, of } => vec![
            ("day", figures.day(*day)),
            count("rows", *rows),
            count("of", *of),
        ],
        DataFault::Redated { rows, of, weeks } => vec![
            count("rows", *rows),
            count("of", *of),
            count("weeks", u64::from(*weeks)),
        ],
        DataFault::Gone {
            sort,
            name,
            expected,
        } => vec![
            ("name", name_of(page, *sort, name)),
            count("expected", *expected),
        ],
        DataFault::OfAll { .. } => Vec::new(),
        DataFault::Retold { back } => vec![count("back", u64::from(*back))],
        DataFault::Unlinked {
            witness,
            found,
            of,
            usual_percent,
            from,
            to,
            ..
        } => vec![
            ("witness", page.export(witness).to_owned()),
            count("found", *found),
            count("of", *of),
            count("usual", u64::from(*usual_percent)),
            ("days", figures.days(*from, *to)),
        ],
        DataFault::Clicks {
            channel,
            clicks,
            sessions,
            expected,
            ..
        } => vec![
            ("channel", channel_title(page, channel)),
            counted("clicks", words::words::CLICKS, *clicks),
            counted("sessions", words::words::SESSIONS, *sessions),
            count("expected", *expected),
        ],
        DataFault::Uncosted {
            channel,
            campaign,
            sessions,
            usual,
        } => vec![
            ("channel", channel_title(page, channel)),
            ("campaign", shorten(campaign, NAME_LENGTH)),
            counted("sessions", words::words::SESSIONS, *sessions),
            ("usual", figures.money(*usual, 0)),
        ],
        DataFault::ToldTwice {
            other,
            shared,
            cost,
        } => vec![
            ("other", page.export(other).to_owned()),
            count("shared", *shared),
            ("cost", figures.money(*cost, 0)),
        ],
        DataFault::Unpriced { rows, of }
        | DataFault::ClosedEarly { rows, of }
        | DataFault::Reclosed { rows, of } => vec![
            count("rows", *rows),
            counted("of", words::words::SALES_OF, *of),
        ],
        DataFault::Repriced { rows, of, now, was } => vec![
            count("rows", *rows),
            counted("of", words::words::SALES_OF, *of),
            ("now", figures.money(*now, 0)),
            ("was", figures.money(*was, 0)),
        ],
        DataFault::ClosedAtOnce {
            day,
            hour,
            rows,
            of,
        } => vec![
            ("day", figures.day(*day)),
            ("hour", format!("{:02}:00", hour.unwrap_or_default())),
            count("rows", *rows),
            counted("of", words::words::SALES_OF, *of),
        ],
        DataFault::Remarked { files } => vec![("files", named(files, SHOWN_FILES))],
        DataFault::Amounts { now, usual, .. } => vec![
            ("now", figures.money(*now, 0)),
            ("usual", figures.money(*usual, 0)),
        ],
    }
}

/// What people call what is gone.
fn name_of(page: &Page, sort: Sort, name: &str) -> String {
    match sort {
        Sort::Channel => channel_title(page, &ChannelId::new(name)),
        _ => shorten(name, NAME_LENGTH),
    }
}

/// The sentence of a broken link; of visits it depends on which side has the fault.
fn unlinked(link: Link, spoils: bool) -> Key {
    use words::doubt;
    match (link, spoils) {
        (Link::CallsToDeals, _) => doubt::CALLS_WITHOUT_DEALS,
        (Link::FormsToDeals, _) => doubt::FORMS_WITHOUT_DEALS,
        (Link::ContactsToDeals, _) => doubt::CONTACTS_WITHOUT_DEALS,
        (Link::DealsToContacts, _) => doubt::DEALS_WITHOUT_CONTACTS,
        (Link::SalesToContacts, _) => doubt::SALES_WITHOUT_CONTACTS,
        (Link::NumbersToRows, _) => doubt::NUMBERS_SKIPPED,
        (Link::GoalsToContacts, _) => doubt::GOALS_WITHOUT_CONTACTS,
        (Link::TrackedToCalls, _) => doubt::TRACKED_WITHOUT_CALLS,
        (Link::ContactsToVisits, true) => doubt::CONTACTS_WITHOUT_VISITS,
        (Link::ContactsToVisits, false) => doubt::CLIENTS_OF_OTHERS,
    }
}

/// Names, the first ones.
fn named(all: &[String], shown: usize) -> String {
    let names = all.iter().take(shown).map(String::as_str);
    let names = names.collect::<Vec<_>>().join(", ");
    match all.len().saturating_sub(shown) {
        0 => names,
        more => format!("{names} +{more}"),
    }
}

fn gone(sort: Sort) -> Key {
    use words::doubt;
    match sort {
        Sort::Any => doubt::NO_ROWS,
        Sort::Inbound => doubt::NO_INBOUND,
        Sort::Outbound => doubt::NO_OUTBOUND,
        Sort::Answered => doubt::NO_ANSWERED,
        Sort::Unanswered => doubt::NO_UNANSWERED,
        Sort::Unreached => doubt::NO_UNREACHED,
        Sort::Line => doubt::NO_LINE,
        Sort::Form => doubt::NO_FORM,
        Sort::Manager => doubt::NO_MANAGER,
        Sort::Channel => doubt::NO_CHANNEL,
    }
}

/// The sentence without numbers.
fn of_all(fault: FaultKind) -> Key {
    use words::doubt::of_all;
    match fault {
        FaultKind::Repeated => of_all::REPEATED,
        FaultKind::Emptied => of_all::EMPTIED,
        FaultKind::Doubled => of_all::DOUBLED,
        FaultKind::Burst => of_all::BURST,
        FaultKind::GoalsReplaced => of_all::GOALS_REPLACED,
        FaultKind::Shifted => of_all::SHIFTED,
        FaultKind::CutOff => of_all::CUT_OFF,
        FaultKind::Silent => of_all::SILENT,
        FaultKind::Heaped => of_all::HEAPED,
        FaultKind::Retold => of_all::RETOLD,
        FaultKind::Gone => of_all::GONE,
        FaultKind::Uncosted => of_all::UNCOSTED,
        FaultKind::Unlinked => of_all::UNLINKED,
        FaultKind::ToldTwice => of_all::TOLD_TWICE,
        FaultKind::Unpriced => of_all::UNPRICED,
        FaultKind::ClosedEarly => of_all::CLOSED_EARLY,
        FaultKind::ClosedAtOnce => of_all::CLOSED_AT_ONCE,
        FaultKind::Remarked => of_all::REMARKED,
        FaultKind::Amounts => of_all::AMOUNTS,
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
        Emptied::Amount => column::AMOUNT,
        Emptied::Tag => column::TAG,
    }
}
