//! Which part of a firm a reader may see.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::channel::ChannelId;
use super::table::Table;
use super::target::PlanScope;

/// What rows must be of to be seen; an empty list lets all pass, and several lists must all let a row pass.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restriction {
    /// Channels.
    pub channels: BTreeSet<ChannelId>,
    /// Telephone lines, as the lake keeps numbers.
    pub lines: BTreeSet<String>,
    /// Cities of sessions, as the analytics writes them.
    pub cities: BTreeSet<String>,
    /// Managers of deals, as the CRM writes them.
    pub managers: BTreeSet<String>,
}

impl Restriction {
    /// Whether everything is seen.
    pub fn is_none(&self) -> bool {
        self.channels.is_empty() && self.is_of_channels()
    }

    /// Whether channels alone say what is seen: costs and totals are told apart by nothing else.
    pub fn is_of_channels(&self) -> bool {
        self.tells_sessions() && self.cities.is_empty()
    }

    /// Whether it can be told which sessions are seen: they carry no line and no manager.
    pub fn tells_sessions(&self) -> bool {
        self.lines.is_empty() && self.managers.is_empty()
    }

    /// Whether a table tells anything of what is seen; of the others it does not matter whether they arrived.
    pub fn is_told_by(&self, table: Table) -> bool {
        match table {
            Table::Sessions => self.tells_sessions(),
            Table::TrafficDaily | Table::Costs => self.is_of_channels(),
            Table::Calls
            | Table::ClientLinks
            | Table::Forms
            | Table::Deals
            | Table::DealStages
            | Table::Surveys
            | Table::Targets
            | Table::Annotations
            | Table::Calendar => true,
        }
    }

    /// Whether a channel is seen.
    pub fn sees_channel(&self, channel: &ChannelId) -> bool {
        self.channels.is_empty() || self.channels.contains(channel)
    }

    /// Whether deals of a manager are seen.
    pub fn sees_manager(&self, manager: &str) -> bool {
        self.managers.is_empty() || self.managers.contains(manager.trim())
    }

    /// Whether a plan is of what is seen, all of it: a plan of more would be held against a part.
    pub fn sees_plan(&self, scope: &PlanScope) -> bool {
        match scope {
            PlanScope::Total => self.is_none(),
            PlanScope::Channel(channel) => self.is_of_channels() && self.sees_channel(channel),
            PlanScope::Manager(name) => {
                let of_managers = Self {
                    managers: BTreeSet::new(),
                    ..self.clone()
                };
                let is_named = |manager: &String| manager.to_lowercase() == *name;
                self.is_none() || (of_managers.is_none() && self.managers.iter().any(is_named))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_channel(id: &str) -> Restriction {
        Restriction {
            channels: BTreeSet::from([ChannelId::new(id)]),
            ..Restriction::default()
        }
    }

    #[test]
    fn who_is_not_restricted_sees_every_plan() {
        let all = Restriction::default();
        for scope in [
            PlanScope::Total,
            PlanScope::Channel(ChannelId::new("email")),
            PlanScope::Manager("anna".to_owned()),
        ] {
            assert!(all.sees_plan(&scope), "{scope:?}");
        }
    }

    #[test]
    fn a_part_is_held_against_no_plan_of_more_than_itself() {
        let email = of_channel("email");
        assert!(email.sees_plan(&PlanScope::Channel(ChannelId::new("email"))));
        assert!(!email.sees_plan(&PlanScope::Channel(ChannelId::new("direct"))));
        assert!(!email.sees_plan(&PlanScope::Total));
        assert!(!email.sees_plan(&PlanScope::Manager("anna".to_owned())));
        // The channel's plan is of all cities.
        let in_city = Restriction {
            cities: BTreeSet::from(["Murmansk".to_owned()]),
            ..email
        };
        assert!(!in_city.sees_plan(&PlanScope::Channel(ChannelId::new("email"))));
    }

    #[test]
    fn a_manager_sees_the_plan_of_that_manager_in_whatever_case() {
        let anna = Restriction {
            managers: BTreeSet::from(["Anna".to_owned()]),
            ..Restriction::default()
        };
        assert!(anna.sees_plan(&PlanScope::Manager("anna".to_owned())));
        assert!(!anna.sees_plan(&PlanScope::Manager("boris".to_owned())));
        assert!(anna.sees_manager("Anna ") && !anna.sees_manager(""));
    }
}
