//! Shares of events that are found in another export: against those of the periods before, as a whole and in runs of days.

use chrono::NaiveDate;

use super::{FaultOfExport, contacts, is_sound, numbers, traffic_export};
use crate::metrics::predictive::{MIN_PERIODS, Prediction, Sample, pooled};
use crate::metrics::ranks::median;
use crate::model::data_fault::DataFault;
use crate::model::facts::{Facts, PeriodFacts};
use crate::model::link::{Found, Link, LinkCounts};

/// A break is told when chance and the usual noise make it once in ten thousand periods, …
const ALPHA: f64 = 1e-4;
/// … when so many events at least are not found that usually are, …
const LEAST_MISSING: f64 = 5.0;
/// … (of running numbers, each of which somebody had, so few) …
const LEAST_SKIPPED: f64 = 3.0;
/// … and of a run of days, of which there are many, so many.
const LEAST_MISSING_OF_RUN: f64 = 8.0;
/// A run of days is told when at most this share of the usual is left on them.
const LEFT_OF_RUN: f64 = 0.25;
/// A run stands for the whole break when it holds so much of what is missing.
const MOST_OF_IT: f64 = 0.8;
/// Days differ by more than periods: a relative variance of 0.05 is 22 % of the level.
const DAY_NOISE: f64 = 0.05;
/// A period of the base with less than this share of the middle one was broken itself and teaches nothing.
const BROKEN_BEFORE: f64 = 0.5;
/// A share of the usual below which an export of deals holds next to nothing of its contacts.
const NEXT_TO_NOTHING: f64 = 0.25;
/// Deals of which half have lost their call or form: contacts are missing, and with them inquiries.
const HALF_OF_DEALS: f64 = 0.5;
/// Visits of a period that are fewer than this share of the usual: visits are missing, and not the ids of contacts wrong.
const FEWER_VISITS: f64 = 0.9;

/// A share of the contacts from which those without a deal are seldom.
const OFTEN: f64 = 0.7;
/// Numbers of which usually so many have a row are those of the rows and of nothing else.
const NEARLY_ALL: f64 = 0.9;

/// What is left of the usual share at most in a break that is told. Judgements: the steadier a share is from week to week,
/// the less has to be missing.
fn left(link: Link, usual: f64) -> f64 {
    match link {
        Link::ContactsToDeals if usual >= OFTEN => 0.8,
        Link::CallsToDeals | Link::FormsToDeals | Link::ContactsToDeals | Link::SalesToContacts => {
            0.6
        }
        // Contacts and visits that are there are found nearly always: a tenth that is not says much.
        Link::DealsToContacts => 0.9,
        Link::ContactsToVisits => 0.85,
        Link::TrackedToCalls => 0.8,
        // A goal fires for nothing now and then.
        Link::GoalsToContacts => 0.75,
        Link::NumbersToRows if usual >= NEARLY_ALL => 0.95,
        // How many numbers a call takes depends on how many telephones ring.
        Link::NumbersToRows => 0.75,
    }
}

/// How many events that are not found are few by chance.
fn least_missing(link: Link) -> f64 {
    match link {
        Link::NumbersToRows => LEAST_SKIPPED,
        _ => LEAST_MISSING,
    }
}

/// A break of one link.
pub(super) struct Break {
    from: NaiveDate,
    to: NaiveDate,
    now: Found,
    usual: f64,
}

impl Break {
    /// What is left of the usual share.
    fn left(&self) -> f64 {
        left_of(self.now, self.usual)
    }

    /// What is left of the usual share in the whole period.
    pub(super) fn left_of_period(&self, counts: &LinkCounts) -> f64 {
        left_of(
            counts.periods.last().copied().unwrap_or_default(),
            self.usual,
        )
    }
}

fn left_of(now: Found, usual: f64) -> f64 {
    now.found as f64 / (usual * now.of as f64).max(f64::MIN_POSITIVE)
}

/// Every link that is broken, as a fault of the export in which nothing is found any more.
pub(super) fn unlinked(facts: &Facts) -> Vec<FaultOfExport> {
    let mut told: Vec<FaultOfExport> = facts
        .links
        .iter()
        .flat_map(|counts| match counts.link {
            Link::CallsToDeals | Link::FormsToDeals => without_deals(facts, counts),
            Link::DealsToContacts
            | Link::SalesToContacts
            | Link::GoalsToContacts
            | Link::TrackedToCalls => without_contacts(facts, counts),
            Link::ContactsToVisits => without_visits(facts, counts),
            Link::NumbersToRows => numbers::skipped(facts, counts).into_iter().collect(),
            Link::ContactsToDeals => Vec::new(),
        })
        .collect();
    let more = contacts::without_deals(facts, &told);
    told.extend(more);
    told
}

/// Contacts that no deal follows, in each export of deals by itself.
fn without_deals(facts: &Facts, counts: &LinkCounts) -> Vec<FaultOfExport> {
    let is_judged = |place: &str| is_sound(facts, place) && is_sound(facts, &counts.witness);
    let places = counts.places.iter().filter(|(place, _)| is_judged(place));
    let broken = places.filter_map(|(place, found)| {
        let broken = break_of(&within(counts, found))?;
        let spoils = broken.left() <= NEXT_TO_NOTHING && holds_nothing(facts, place);
        Some((place.clone(), told(counts, &broken, spoils)))
    });
    broken.collect()
}

/// Whether an export of deals holds next to nothing of the contacts of any kind that usually came to it.
fn holds_nothing(facts: &Facts, export: &str) -> bool {
    let is_of_deals = |link| matches!(link, Link::CallsToDeals | Link::FormsToDeals);
    let mut links = facts.links.iter().filter(|counts| is_of_deals(counts.link));
    links.all(|counts| {
        let Some((_, found)) = counts.places.iter().find(|(place, _)| place == export) else {
            return true;
        };
        let counts = within(counts, found);
        let Some((usual, now)) = usual_of(&counts).zip(counts.periods.last()) else {
            return true;
        };
        let expected = usual * now.of as f64;
        expected < LEAST_MISSING || now.found as f64 <= NEXT_TO_NOTHING * expected
    })
}

/// Deals, sales, goals or tracked calls whose contact is not known any more: the export of contacts that is short of most has the fault.
fn without_contacts(facts: &Facts, counts: &LinkCounts) -> Vec<FaultOfExport> {
    if !is_sound(facts, &counts.witness) {
        return Vec::new();
    }
    let Some(broken) = break_of(counts) else {
        return Vec::new();
    };
    let short_of = |found: &[u64]| {
        let counts = within(counts, found);
        let now = counts.periods.last().copied().unwrap_or_default();
        usual_of(&counts).map_or(0.0, |usual| usual * now.of as f64 - now.found as f64)
    };
    let places = counts.places.iter();
    let guilty = places.max_by(|a, b| short_of(&a.1).total_cmp(&short_of(&b.1)));
    // What is known to be missing there is why.
    let Some((guilty, _)) = guilty.filter(|(place, _)| is_sound(facts, place)) else {
        return Vec::new();
    };
    let spoils = counts.link == Link::DealsToContacts && broken.left() <= HALF_OF_DEALS;
    vec![(guilty.clone(), told(counts, &broken, spoils))]
}

/// Clients of contacts who were not on the site: visits are missing; or, with as many visits as ever, the ids of the contacts
/// are another system's.
fn without_visits(facts: &Facts, counts: &LinkCounts) -> Vec<FaultOfExport> {
    let Some(visits) = traffic_export(facts) else {
        return Vec::new();
    };
    if !is_sound(facts, visits) || !is_sound(facts, &counts.witness) {
        return Vec::new();
    }
    let Some(broken) = break_of(counts) else {
        return Vec::new();
    };
    let spoils = has_fewer_visits(facts);
    let guilty = if spoils { visits } else { &counts.witness };
    vec![(guilty.to_owned(), told(counts, &broken, spoils))]
}

/// Whether the reported period has clearly fewer visits than those before it.
fn has_fewer_visits(facts: &Facts) -> bool {
    let sessions = |known: &PeriodFacts| {
        let channels = known.traffic.as_ref()?.values();
        Some(channels.map(|traffic| traffic.sessions as f64).sum::<f64>())
    };
    let Some((now, before)) = facts.periods.split_last() else {
        return false;
    };
    let before = before.iter().rev().filter_map(sessions);
    let usual = median(before.take(super::clicks::BASE_PERIODS).collect());
    usual
        .zip(sessions(now))
        .is_some_and(|(usual, now)| now < FEWER_VISITS * usual)
}

pub(super) fn told(counts: &LinkCounts, broken: &Break, spoils: bool) -> DataFault {
    DataFault::Unlinked {
        link: counts.link,
        witness: counts.witness.clone(),
        found: broken.now.found,
        of: broken.now.of,
        usual_percent: (broken.usual * 100.0).round() as u32,
        from: broken.from,
        to: broken.to,
        spoils,
    }
}

/// The same events, found in one place alone. Of several places the days are not known: the whole period is judged.
pub(super) fn within(counts: &LinkCounts, found: &[u64]) -> LinkCounts {
    let is_only_place = counts.places.len() == 1;
    let periods = counts.periods.iter().zip(found);
    let unknown = |(day, _): &(NaiveDate, Found)| (*day, Found::default());
    LinkCounts {
        periods: periods
            .map(|(period, found)| Found {
                of: period.of,
                found: *found,
            })
            .collect(),
        days: match is_only_place {
            true => counts.days.clone(),
            false => counts.days.iter().map(unknown).collect(),
        },
        places: Vec::new(),
        ..counts.clone()
    }
}

/// The periods before the reported one that teach what is usual.
pub(super) fn base(counts: &LinkCounts) -> Vec<Sample> {
    let (_, before) = counts
        .periods
        .split_last()
        .unwrap_or((&Found { of: 0, found: 0 }, &[]));
    let with_events: Vec<&Found> = before.iter().filter(|found| found.of > 0).collect();
    let share = |found: &Found| found.found as f64 / found.of as f64;
    let middle = median(with_events.iter().map(|found| share(found)).collect()).unwrap_or(0.0);
    let teaches = |found: &&&Found| share(found) >= BROKEN_BEFORE * middle;
    let taught = with_events.iter().filter(teaches).map(|found| Sample {
        k: found.found as f64,
        n: found.of as f64,
    });
    taught.collect()
}

/// The usual share; `None` where too few periods tell.
pub(super) fn usual_of(counts: &LinkCounts) -> Option<f64> {
    let base = base(counts);
    (base.len() >= MIN_PERIODS).then(|| pooled(&base))?
}

/// The break of a link: of the whole period, or of the run of its days that holds it.
pub(super) fn break_of(counts: &LinkCounts) -> Option<Break> {
    let usual = usual_of(counts).filter(|usual| *usual > 0.0)?;
    let now = *counts.periods.last()?;
    let prediction = Prediction::of_rate(&base(counts), now.of as f64)?;
    let missing = usual * now.of as f64 - now.found as f64;
    let is_broken = missing >= least_missing(counts.link)
        && now.found as f64 <= left(counts.link, usual) * usual * now.of as f64
        && prediction.at_most(now.found as f64) <= ALPHA;
    let run = broken_run(counts, usual, &prediction);
    let holds_it =
        |run: &Break| run.usual * run.now.of as f64 - run.now.found as f64 >= MOST_OF_IT * missing;
    let (from, to) = (counts.days.first()?.0, counts.days.last()?.0);
    match (is_broken, run) {
        (true, Some(run)) if holds_it(&run) => Some(run),
        (true, _) => Some(Break {
            from,
            to,
            now,
            usual,
        }),
        (false, run) => run,
    }
}

/// The run of days of the reported period on which the link is broken beyond what chance does in any of all runs.
fn broken_run(counts: &LinkCounts, usual: f64, of_period: &Prediction) -> Option<Break> {
    let days = &counts.days;
    let runs = days.len() * (days.len() + 1) / 2;
    let mut best: Option<(f64, Break)> = None;
    for first in 0..days.len() {
        let mut now = Found::default();
        for (to, found) in &days[first..] {
            now = Found {
                of: now.of + found.of,
                found: now.found + found.found,
            };
            let run = Break {
                from: days[first].0,
                to: *to,
                now,
                usual,
            };
            let p = chance_of(&run, of_period);
            let is_better = best.as_ref().is_none_or(|(known, _)| p < *known);
            if p <= ALPHA / runs as f64 && is_better {
                best = Some((p, run));
            }
        }
    }
    best.map(|(_, run)| run)
}

/// The probability of so few on a run of days; 1 where too little is missing to be told.
fn chance_of(run: &Break, of_period: &Prediction) -> f64 {
    let expected = run.usual * run.now.of as f64;
    let is_enough = expected - run.now.found as f64 >= LEAST_MISSING_OF_RUN;
    if !is_enough || run.left() > LEFT_OF_RUN {
        return 1.0;
    }
    let dispersion = of_period.dispersion + DAY_NOISE;
    let trials = Some(run.now.of as f64);
    Prediction::of_expected(expected, dispersion, of_period.periods, trials)
        .map_or(1.0, |prediction| prediction.at_most(run.now.found as f64))
}
