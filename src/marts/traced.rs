//! How many sales are traced to an inquiry: whether the share of inquiries that sold may be stated at all.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::known::Known;
use super::tables::{Deal, Ending};
use crate::model::doubt::{SalesDoubt, Traceable};
use crate::model::facts::Traced;
use crate::model::period::Period;
use crate::model::zone;

/// Sales of so many days up to the period's end count where the period itself has too few: a season, long enough for a
/// small firm to sell, short enough to show that a column vanished.
const SEASON: TimeDelta = TimeDelta::days(90);
/// From so many sales on their share is looked at: of fewer, chance alone may leave most untraced.
const LEAST_SALES: u64 = 10;
/// From so many deals on, where there are too few sales.
const LEAST_DEALS: u64 = 20;
/// Below this share nearly all sales would have to be walk-ins; that they are not traced is likelier, and the second
/// conversion would be too low many times over.
const LEAST_SHARE: f64 = 0.1;

/// A deal, and whether it was traced to an inquiry.
struct Joined<'a> {
    deal: &'a Deal,
    is_traced: bool,
}

/// The sales that were won until the period's end, in the period itself where it has enough of them.
pub(super) fn traced(known: &Known<'_>, period: &Period) -> Traced {
    let joined = joined(known);
    let (start, end) = zone::bounds(period, known.stored.plan.zone);
    let of_period = count(&sales(&joined, (start, end)));
    if of_period.of >= LEAST_SALES {
        return of_period;
    }
    count(&sales(&joined, (end - SEASON, end)))
}

/// The export whose deals are not traced, and how many are; `None` where enough are, or there are too few to tell.
pub(super) fn doubt(known: &Known<'_>, period: &Period) -> Option<(Arc<str>, SalesDoubt)> {
    let sales = traced(known, period);
    if sales.of >= LEAST_SALES {
        return in_doubt(known, Traceable::Sales, sales);
    }
    let (_, end) = zone::bounds(period, known.stored.plan.zone);
    let entered = |one: &Joined<'_>| (end - SEASON..end).contains(&one.deal.created_at);
    let deals: Vec<Joined<'_>> = joined(known).into_iter().filter(entered).collect();
    let deals = count(&deals);
    if deals.of < LEAST_DEALS {
        return None;
    }
    in_doubt(known, Traceable::Deals, deals)
}

fn in_doubt(
    known: &Known<'_>,
    counted: Traceable,
    found: Traced,
) -> Option<(Arc<str>, SalesDoubt)> {
    let are_found = found.traced as f64 >= LEAST_SHARE * found.of as f64;
    if are_found {
        return None;
    }
    let last = joined(known).into_iter().rfind(|one| !one.is_traced)?;
    let doubt = SalesDoubt::Untraced {
        counted,
        traced: found.traced,
        of: found.of,
        with_contacts: found.with_contacts,
    };
    Some((last.deal.export.clone(), doubt))
}

/// Deals that were entered since anybody is known to have got in touch: earlier ones have no inquiry to be traced to.
fn joined<'a>(known: &'a Known<'_>) -> Vec<Joined<'a>> {
    let people = &known.people;
    let inquiries = &people.joined.inquiries;
    let (Some(first), Some(rows)) = (inquiries.first(), &known.stored.tables.deals) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for joined in &people.joined.deals {
        let deal = &rows[joined.row];
        let is_traced = joined.inquiry.is_some();
        if deal.created_at >= first.at() {
            found.push(Joined { deal, is_traced });
        }
    }
    found
}

fn sales<'a>(joined: &[Joined<'a>], (from, to): (DateTime<Utc>, DateTime<Utc>)) -> Vec<Joined<'a>> {
    let is_counted = |one: &&Joined<'a>| {
        let is_won = one.deal.ending() == Some(Ending::Won);
        is_won && (from..to).contains(&one.deal.ended_at)
    };
    let copy = |one: &Joined<'a>| Joined {
        deal: one.deal,
        is_traced: one.is_traced,
    };
    joined.iter().filter(is_counted).map(copy).collect()
}

fn count(deals: &[Joined<'_>]) -> Traced {
    let has_contact = |deal: &Deal| {
        let client = deal.client.filter(|client| *client != 0);
        deal.phone.or(deal.email).or(client).is_some()
    };
    let counted = |counts: &dyn Fn(&Joined<'_>) -> bool| {
        deals.iter().filter(|one| counts(one)).count() as u64
    };
    Traced {
        traced: counted(&|one| one.is_traced),
        of: deals.len() as u64,
        with_contacts: counted(&|one| has_contact(one.deal)),
    }
}
