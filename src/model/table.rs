//! The tables of the lake by name, and what is known of each beside its columns.

use serde::de::{Deserialize, Deserializer};
use serde::ser::Serializer;

use super::tables::{
    ANNOTATIONS, CALENDAR, CALLS, CLIENT_LINKS, COSTS, DEAL_STAGES, DEALS, FORMS, SESSIONS,
    SURVEYS, TARGETS, TRAFFIC_DAILY, TableSchema,
};

/// A table that exports feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    /// Sessions of the web analytics.
    Sessions,
    /// Traffic totals of exports without single sessions.
    TrafficDaily,
    /// Telephone calls.
    Calls,
    /// Which analytics client dialled a line.
    ClientLinks,
    /// Site forms.
    Forms,
    /// Deals and leads of a CRM.
    Deals,
    /// Changes of stages of deals.
    DealStages,
    /// Answers of customers to surveys.
    Surveys,
    /// Advertising costs.
    Costs,
    /// Plan values.
    Targets,
    /// What people wrote down.
    Annotations,
    /// Days that differ from the shipped calendar.
    Calendar,
}

impl TableSchema {
    /// The one column that tells its rows apart, with or without their day; `None` where several do.
    pub fn id(&self) -> Option<&'static str> {
        match *self.key {
            [id] => Some(id),
            [id, day] if day == self.day => Some(id),
            _ => None,
        }
    }
}

/// What a date is that lies after the reading of its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ahead {
    /// A mistake: nothing has happened yet that is told there.
    Mistake,
    /// A plan, as it should be.
    Plan,
    /// A plan in a column of what has happened: nothing has, so the value is absent.
    Nothing,
}

impl Table {
    /// Every table.
    pub const ALL: [Self; 12] = [
        Self::Sessions,
        Self::TrafficDaily,
        Self::Calls,
        Self::ClientLinks,
        Self::Forms,
        Self::Deals,
        Self::DealStages,
        Self::Surveys,
        Self::Costs,
        Self::Targets,
        Self::Annotations,
        Self::Calendar,
    ];

    /// Its columns and keys.
    pub fn schema(self) -> &'static TableSchema {
        match self {
            Self::Sessions => &SESSIONS,
            Self::TrafficDaily => &TRAFFIC_DAILY,
            Self::Calls => &CALLS,
            Self::ClientLinks => &CLIENT_LINKS,
            Self::Forms => &FORMS,
            Self::Deals => &DEALS,
            Self::DealStages => &DEAL_STAGES,
            Self::Surveys => &SURVEYS,
            Self::Costs => &COSTS,
            Self::Targets => &TARGETS,
            Self::Annotations => &ANNOTATIONS,
            Self::Calendar => &CALENDAR,
        }
    }

    /// Its name in the lake, in formats and in `digest.json`.
    pub fn name(self) -> &'static str {
        self.schema().name
    }

    /// The table of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|table| table.name() == name)
    }

    /// What a date in a column is when it lies after the reading.
    pub fn ahead(self, column: &str) -> Ahead {
        match (self, column) {
            (Self::Targets | Self::Calendar | Self::Annotations, _) => Ahead::Plan,
            (Self::Deals, "planned_close_at") => Ahead::Plan,
            // CRMs keep the day on which a deal is hoped to close in the same cell.
            (Self::Deals, "closed_at") => Ahead::Nothing,
            _ => Ahead::Mistake,
        }
    }

    /// Whether it tells how many visits there were.
    pub fn is_of_traffic(self) -> bool {
        matches!(self, Self::Sessions | Self::TrafficDaily)
    }

    /// Whether the conclusions of a digest rest on it: a hole in costs, plans or notes does not change the headline.
    pub fn carries_conclusions(self) -> bool {
        self.is_of_traffic() || matches!(self, Self::Calls | Self::Forms | Self::Deals)
    }

    /// Whether a healthy export of it has rows day after day; plans, notes and the calendar have none, and stages
    /// change when deals go on, and customers answer when
    /// they like.
    pub fn has_rows_by_day(self) -> bool {
        !matches!(
            self,
            Self::DealStages | Self::Surveys | Self::Targets | Self::Annotations | Self::Calendar
        )
    }
}

/// The table of an export, by name; empty while nothing says which it is.
pub mod or_unknown {
    use super::{Deserialize, Deserializer, Serializer, Table};

    /// Writes the name.
    ///
    /// # Errors
    /// When the text cannot be written.
    pub fn serialize<S: Serializer>(table: &Option<Table>, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(table.map_or("", Table::name))
    }

    /// Reads a name; one that there is no table of says nothing.
    ///
    /// # Errors
    /// When it is no text.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Table>, D::Error> {
        Ok(Table::named(&String::deserialize(from)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_is_found_by_its_name() {
        for table in Table::ALL {
            assert_eq!(Table::named(table.name()), Some(table));
        }
        assert_eq!(Table::named("chats"), None);
    }
}
