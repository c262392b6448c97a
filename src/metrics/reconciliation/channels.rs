//! Channels that one export does not know any more: visits that nobody can have switched off, and costs of ads whose visits go on.

use super::clicks::BASE_PERIODS;
use super::{FaultOfExport, is_sound, traffic_export};
use crate::metrics::ranks::median;
use crate::model::channel::ChannelId;
use crate::model::data_fault::{DataFault, Sort};
use crate::model::facts::{Facts, PeriodFacts};
use crate::model::money::Minor;

/// Channels that end by no decision of the firm: people go on searching and typing.
const NEVER_END: [&str; 2] = ["organic-search", ChannelId::DIRECT];
/// Periods before the reported one that must each have so many visits of such a channel, and the middle one so many.
const LEAST_PERIODS: usize = 6;
const LEAST_EACH: f64 = 20.0;
const LEAST_USUAL: f64 = 50.0;
/// All visits lack this share of the channel's usual ones at least: else other channels have taken them over, which is a matter of
/// tags.
const NOT_TAKEN_OVER: f64 = 0.5;
/// Visits of ads go on where there are so many, and this share of the usual ones: for some weeks after ads end, who came by them comes
/// back.
const LEAST_VISITS: f64 = 20.0;
const GO_ON: f64 = 0.6;

/// Exports that have lost a channel.
pub(super) fn lost(facts: &Facts) -> Vec<FaultOfExport> {
    let Some((now, before)) = facts.periods.split_last() else {
        return Vec::new();
    };
    let before = &before[before.len().saturating_sub(BASE_PERIODS)..];
    let mut found = unvisited(facts, now, before);
    found.extend(uncosted(facts, now, before));
    found
}

/// Visits of a channel that never ends, of which there is none.
fn unvisited(facts: &Facts, now: &PeriodFacts, before: &[PeriodFacts]) -> Vec<FaultOfExport> {
    let Some(visits) = traffic_export(facts).filter(|visits| is_sound(facts, visits)) else {
        return Vec::new();
    };
    let gone = NEVER_END.iter().filter_map(|id| {
        let channel = ChannelId::new(*id);
        let counts = |count: &dyn Fn(&PeriodFacts) -> Option<f64>| -> Vec<f64> {
            before.iter().filter_map(count).collect()
        };
        let each = counts(&|known| visits_of(&channel, known));
        let all = median(counts(&all_visits))?;
        let is_of_each = each.len() >= LEAST_PERIODS && each.iter().all(|n| *n >= LEAST_EACH);
        let usual = median(each)?;
        let is_gone = visits_of(&channel, now)? == 0.0 && usual >= LEAST_USUAL;
        let is_lacking = all_visits(now)? <= all - NOT_TAKEN_OVER * usual;
        (is_of_each && is_gone && is_lacking).then(|| DataFault::Gone {
            sort: Sort::Channel,
            name: channel.to_string(),
            expected: usual.round() as u64,
        })
    });
    gone.map(|fault| (visits.to_owned(), fault)).collect()
}

/// Channels that cost something in each period before, that cost nothing now, and whose visits go on.
fn uncosted(facts: &Facts, now: &PeriodFacts, before: &[PeriodFacts]) -> Vec<FaultOfExport> {
    let costs_of = facts.costs_of.iter();
    let sound = costs_of.filter(|(_, export)| is_sound(facts, export));
    let found = sound.filter_map(|(channel, export)| {
        let known = before.iter().filter_map(|known| cost_of(channel, known));
        let costs: Vec<f64> = known.collect();
        let visits = before.iter().filter_map(|known| visits_of(channel, known));
        let usual_visits = median(visits.collect())?;
        let is_of_each = costs.len() >= LEAST_PERIODS && costs.iter().all(|cost| *cost > 0.0);
        let usual = median(costs)?;
        let sessions = visits_of(channel, now)?;
        let go_on = sessions >= LEAST_VISITS.max(GO_ON * usual_visits);
        let is_gone = is_of_each && go_on && cost_of(channel, now)? == 0.0;
        let fault = DataFault::Uncosted {
            channel: channel.clone(),
            campaign: String::new(),
            sessions: sessions as u64,
            usual: Minor(usual.round() as i64),
        };
        is_gone.then(|| (export.clone(), fault))
    });
    found.collect()
}

/// Visits of a channel; `None` where none are known of any.
fn visits_of(channel: &ChannelId, known: &PeriodFacts) -> Option<f64> {
    let traffic = known.traffic.as_ref()?.get(channel);
    Some(traffic.map_or(0.0, |traffic| traffic.sessions as f64))
}

fn all_visits(known: &PeriodFacts) -> Option<f64> {
    let traffic = known.traffic.as_ref()?.values();
    Some(traffic.map(|traffic| traffic.sessions as f64).sum())
}

/// Minor units that a channel cost; `None` where no costs are known.
fn cost_of(channel: &ChannelId, known: &PeriodFacts) -> Option<f64> {
    let spend = known.spend.as_ref()?.get(channel);
    Some(spend.map_or(0.0, |spend| spend.cost.0 as f64))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{quiet, told};
    use super::*;
    use crate::model::facts::{Spend, Traffic};

    /// Eight weeks and the reported one, with so many visits of a channel each and of others in the last, where something else is
    /// changed.
    fn firm(id: &str, visits: [u64; 9], change: impl Fn(&mut PeriodFacts)) -> Facts {
        let mut facts = quiet();
        for (known, sessions) in facts.periods.iter_mut().zip(visits) {
            let traffic = known.traffic.as_mut().expect("visits");
            let users = None;
            traffic.insert(ChannelId::new(id), Traffic { sessions, users });
        }
        change(facts.periods.last_mut().expect("the reported week"));
        facts
    }

    const LOST: [u64; 9] = [180, 200, 190, 210, 180, 200, 190, 210, 0];

    #[test]
    fn a_search_engine_without_a_visit_is_an_export_that_lost_it() {
        let fault = DataFault::Gone {
            sort: Sort::Channel,
            name: "organic-search".to_owned(),
            expected: 195,
        };
        let facts = firm("organic-search", LOST, |_| ());
        assert_eq!(told(&facts, "site"), [fault]);
    }

    #[test]
    fn visits_that_others_took_over_or_that_may_end_are_not() {
        let taken_over = firm("organic-search", LOST, |week| {
            let traffic = week.traffic.as_mut().expect("visits");
            let (sessions, users) = (190, None);
            traffic.insert(ChannelId::new("referral"), Traffic { sessions, users });
        });
        assert_eq!(told(&taken_over, "site"), []);
        assert_eq!(told(&firm("email", LOST, |_| ()), "site"), []);
        let mut few = LOST.map(|visits| visits / 5);
        few[8] = 0;
        assert_eq!(told(&firm("organic-search", few, |_| ()), "site"), []);
    }

    /// Eight weeks with 1000 roubles for VK each, and a week without; its visits in that week.
    fn without_costs(visits: u64) -> Facts {
        let weeks = [200, 200, 200, 200, 200, 200, 200, 200, visits];
        let mut facts = firm("vk-ads", weeks, |_| ());
        let vk = || ChannelId::new("vk-ads");
        for known in facts.periods.iter_mut().take(8) {
            let spend = Spend {
                impressions: 0,
                clicks: 0,
                cost: Minor(100_000),
            };
            known.spend.as_mut().expect("costs").insert(vk(), spend);
        }
        facts.costs_of.insert(vk(), "costs".to_owned());
        facts
    }

    #[test]
    fn a_system_that_was_forgotten_in_the_costs_has_its_visits() {
        let fault = DataFault::Uncosted {
            channel: ChannelId::new("vk-ads"),
            campaign: String::new(),
            sessions: 190,
            usual: Minor(100_000),
        };
        assert_eq!(told(&without_costs(190), "costs"), [fault]);
        assert_eq!(told(&without_costs(60), "costs"), [], "it ended");
    }
}
