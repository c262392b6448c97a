//! The three processes of a business: attracting new buyers, retaining them, and winning back those who went silent.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};

use super::formula::visitors;
use super::history::{History, Sold, Turn, gross_margin, people, per, revenue};
use super::types::{Process, Processes};
use crate::metrics::values::Rate;
use crate::model::facts::PeriodFacts;
use crate::model::money::Minor;

/// Who had bought before a period, by whether they were silent when it began.
struct Old {
    active: BTreeSet<usize>,
    silent: BTreeSet<usize>,
}

/// The processes of a period. Each sale closed in it belongs to one of them.
pub(super) fn processes(
    history: &History<'_>,
    facts: &PeriodFacts,
    spend: Option<Minor>,
) -> Processes {
    let span = (facts.period.from, facts.period.to);
    let sales = history.closed(span);
    let came = people(&history.made(span));
    let old = Old::at(history, facts.period.from);
    let of = |turn: Turn| {
        let own: Vec<Sold<'_>> = sales
            .iter()
            .filter(|sold| sold.turn == turn)
            .copied()
            .collect();
        own
    };
    let returned = |who: &BTreeSet<usize>| {
        let back = who.intersection(&came).count();
        Rate::share(
            Some(back as f64),
            Some(who.len() as f64),
            history.min_events,
        )
    };
    let first = of(Turn::First);
    let new = people(&first).len() as u64;
    let visitors = visitors(facts).map(|(_, count)| count as f64);
    let attracted = Rate::new(Some(new as f64), visitors, history.min_events, None);
    Processes {
        attract: Process {
            cac: (spend.filter(|spend| spend.0 > 0))
                .and_then(|spend| per(spend, new, history.min_events)),
            ..process(&first, attracted)
        },
        retain: process(&of(Turn::Again), returned(&old.active)),
        reactivate: process(&of(Turn::Returned), returned(&old.silent)),
    }
}

fn process(sales: &[Sold<'_>], rate: Rate) -> Process {
    Process {
        sales: sales.len() as u64,
        buyers: people(sales).len() as u64,
        revenue: revenue(sales),
        gross_margin: gross_margin(sales),
        rate,
        cac: None,
    }
}

impl Old {
    fn at(history: &History<'_>, from: NaiveDate) -> Self {
        let mut last: BTreeMap<usize, NaiveDate> = BTreeMap::new();
        for sold in history
            .sales
            .iter()
            .filter(|sold| sold.purchase.made < from)
        {
            last.insert(sold.purchase.buyer, sold.purchase.made);
        }
        let since = from - Days::new(history.silence_days.into());
        let (active, silent): (Vec<_>, Vec<_>) =
            last.into_iter().partition(|(_, day)| *day >= since);
        let people =
            |list: Vec<(usize, NaiveDate)>| list.into_iter().map(|(buyer, _)| buyer).collect();
        Self {
            active: people(active),
            silent: people(silent),
        }
    }
}
