//! Contacts of every kind that no deal follows: where calls and forms by themselves are too few to tell, or a manager is missing.

use super::links::{base, break_of, told, usual_of, within};
use super::{FaultOfExport, is_sound};
use crate::metrics::predictive::Prediction;
use crate::model::data_fault::{DataFault, Sort};
use crate::model::facts::Facts;
use crate::model::link::{AbsentManager, Found, Link, LinkCounts};

/// Who takes no deals is on leave, unless as few of the contacts have deals as chance leaves once in forty periods, …
const ALPHA: f64 = 0.025;
/// … and so much of the deals that were to be expected is missing among them.
const MISSING_SHARE: f64 = 0.25;
const LEAST_MISSING: f64 = 3.0;

/// What is wrong with exports of deals that nothing was told of yet.
pub(super) fn without_deals(facts: &Facts, known: &[FaultOfExport]) -> Vec<FaultOfExport> {
    let mut found = Vec::new();
    let of_exports = of_all_contacts(facts);
    for counts in &of_exports {
        let export = &counts.witness;
        if known.iter().any(|(told, _)| told == export) || !is_sound(facts, export) {
            continue;
        }
        if let Some(broken) = break_of(counts) {
            found.push((export.clone(), told(counts, &broken, false)));
        } else if has_fewer_deals(facts, counts) {
            let absent = facts.absent_managers.iter();
            let absent = absent.filter(|absent| absent.export == *export);
            found.extend(absent.map(|absent| (export.clone(), gone(absent))));
        }
    }
    if known.is_empty() && found.is_empty() {
        found.extend(in_no_export(facts, &of_exports));
    }
    found
}

/// Contacts that have a deal in none of several exports: the one that is short of most lacks them. Each of two CRMs has so few
/// of all contacts that a half of one is told from chance only by those that the other does not have either.
fn in_no_export(facts: &Facts, of_exports: &[LinkCounts]) -> Option<FaultOfExport> {
    let short_of = |counts: &LinkCounts| {
        let now = counts.periods.last().copied().unwrap_or_default();
        usual_of(counts).map_or(0.0, |usual| usual * now.of as f64 - now.found as f64)
    };
    let guilty = of_exports.iter();
    let guilty = guilty.max_by(|a, b| short_of(a).total_cmp(&short_of(b)))?;
    let mut links = links_to_deals(facts);
    let mut whole = links.next()?.clone();
    links.for_each(|more| add(&mut whole, more));
    whole.link = Link::ContactsToDeals;
    let is_judged = of_exports.len() > 1 && is_sound(facts, &guilty.witness);
    let broken = break_of(&whole).filter(|_| is_judged)?;
    Some((guilty.witness.clone(), told(&whole, &broken, false)))
}

fn gone(absent: &AbsentManager) -> DataFault {
    DataFault::Gone {
        sort: Sort::Manager,
        name: absent.manager.clone(),
        expected: absent.expected.round() as u64,
    }
}

/// Whether contacts have fewer deals than usual, as far as the lack of the managers who are not there would make it.
fn has_fewer_deals(facts: &Facts, counts: &LinkCounts) -> bool {
    let of_export = facts.absent_managers.iter();
    let of_export = of_export.filter(|absent| absent.export == counts.witness);
    let lost: f64 = of_export.map(|absent| absent.expected).sum();
    let Some((usual, now)) = usual_of(counts).zip(counts.periods.last()) else {
        return false;
    };
    let missing = usual * now.of as f64 - now.found as f64;
    let chance = Prediction::of_rate(&base(counts), now.of as f64);
    let chance = chance.map_or(1.0, |prediction| prediction.at_most(now.found as f64));
    missing >= LEAST_MISSING.max(MISSING_SHARE * lost) && chance <= ALPHA
}

/// Calls and forms of exports that nothing is known against, with their deals.
fn links_to_deals(facts: &Facts) -> impl Iterator<Item = &LinkCounts> {
    let is_of_deals = |counts: &&LinkCounts| {
        let is_of_deals = matches!(counts.link, Link::CallsToDeals | Link::FormsToDeals);
        is_of_deals && is_sound(facts, &counts.witness)
    };
    facts.links.iter().filter(is_of_deals)
}

/// Contacts of every kind, by the export that their deals are looked for in: it stands for the witness.
fn of_all_contacts(facts: &Facts) -> Vec<LinkCounts> {
    let mut sums: Vec<LinkCounts> = Vec::new();
    for counts in links_to_deals(facts) {
        for (place, found) in &counts.places {
            let of_place = within(counts, found);
            match sums.iter_mut().find(|sum| sum.witness == *place) {
                Some(sum) => add(sum, &of_place),
                None => sums.push(LinkCounts {
                    link: Link::ContactsToDeals,
                    witness: place.clone(),
                    ..of_place
                }),
            }
        }
    }
    sums
}

fn add(sum: &mut LinkCounts, more: &LinkCounts) {
    let add = |sum: &mut Found, more: &Found| {
        sum.of += more.of;
        sum.found += more.found;
    };
    for (sum, more) in sum.periods.iter_mut().zip(&more.periods) {
        add(sum, more);
    }
    for ((_, sum), (_, more)) in sum.days.iter_mut().zip(&more.days) {
        add(sum, more);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{link, quiet, told};
    use super::*;

    /// Contacts of which so many have deals in each of two CRMs: in eight weeks, and now.
    fn in_two_crms(kind: Link, usual: (u64, u64), now: (u64, u64)) -> LinkCounts {
        let mut counts = link(kind, (usual.0 + usual.1, 60), [(7, 9); 7]);
        let place = |name: &str, usual: u64, now: u64| {
            let mut found = vec![usual; 8];
            found.push(now);
            (name.to_owned(), found)
        };
        counts.places = vec![place("crm", usual.0, now.0), place("other", usual.1, now.1)];
        counts
    }

    #[test]
    fn of_two_exports_of_deals_the_one_that_lost_its_calls_is_told() {
        let mut facts = quiet();
        facts.links = vec![in_two_crms(Link::CallsToDeals, (28, 24), (2, 25))];
        let [
            DataFault::Unlinked {
                link, found, from, ..
            },
        ] = &told(&facts, "crm")[..]
        else {
            panic!("{:?}", told(&facts, "crm"));
        };
        // Which days they are of is not known: the whole week is told.
        assert_eq!((*link, *found), (Link::CallsToDeals, 2));
        assert_eq!(from.to_string(), "2026-11-09");
    }

    #[test]
    fn calls_and_forms_together_tell_what_each_is_too_few_for() {
        let mut facts = quiet();
        let lost = |kind| in_two_crms(kind, (24, 20), (12, 21));
        facts.links = vec![lost(Link::CallsToDeals)];
        assert_eq!(told(&facts, "crm"), []);
        facts.links = vec![lost(Link::CallsToDeals), lost(Link::FormsToDeals)];
        let [
            DataFault::Unlinked {
                link, found, of, ..
            },
        ] = &told(&facts, "crm")[..]
        else {
            panic!("{:?}", told(&facts, "crm"));
        };
        assert_eq!((*link, *found, *of), (Link::ContactsToDeals, 24, 126));
    }

    #[test]
    fn contacts_that_neither_of_two_exports_has_tell_the_half_that_one_of_them_lost() {
        let mut facts = quiet();
        facts.links = vec![
            in_two_crms(Link::CallsToDeals, (26, 24), (17, 23)),
            in_two_crms(Link::FormsToDeals, (26, 24), (16, 23)),
        ];
        // 50 of 60 contacts had a deal, of this week's 63 have 41 one, and so have their days.
        for counts in &mut facts.links {
            let monday = counts.days[0].0;
            let days =
                monday
                    .iter_days()
                    .zip([(6, 9), (6, 9), (6, 9), (6, 9), (6, 9), (6, 9), (5, 9)]);
            counts.days = days
                .map(|(day, (found, of))| (day, Found { of, found }))
                .collect();
            *counts.periods.last_mut().expect("a week") = Found { of: 63, found: 41 };
        }
        let [
            DataFault::Unlinked {
                link,
                found,
                of,
                spoils,
                ..
            },
        ] = &told(&facts, "crm")[..]
        else {
            panic!("{:?}", told(&facts, "crm"));
        };
        assert_eq!(
            (*link, *found, *of, *spoils),
            (Link::ContactsToDeals, 82, 126, false)
        );
    }

    #[test]
    fn a_manager_without_deals_is_told_when_contacts_have_fewer_of_them() {
        let mut facts = quiet();
        let absent = |facts: &mut Facts| {
            facts.absent_managers = vec![AbsentManager {
                export: "crm".to_owned(),
                manager: "Anna".to_owned(),
                expected: 14.4,
            }];
        };
        let week = [(4, 9), (5, 9), (4, 9), (5, 9), (4, 9), (5, 9), (5, 9)];
        facts.links = vec![link(Link::CallsToDeals, (42, 60), week)];
        assert_eq!(told(&facts, "crm"), []);
        absent(&mut facts);
        let fault = DataFault::Gone {
            sort: Sort::Manager,
            name: "Anna".to_owned(),
            expected: 14,
        };
        assert_eq!(told(&facts, "crm"), [fault]);
        // On leave: others take the deals.
        facts.links = vec![link(Link::CallsToDeals, (42, 60), [(6, 9); 7])];
        assert_eq!(told(&facts, "crm"), []);
    }
}
