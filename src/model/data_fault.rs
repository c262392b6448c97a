//! What is wrong with rows that did arrive: the export is there, whole by its days, and still not to be read as it stands.

mod effects;
mod kinds;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

pub use self::kinds::{Emptied, FaultKind, Priced, Sort};
use super::channel::ChannelId;
use super::link::Link;
use super::money::Minor;

/// A fault of the rows of an export in a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum DataFault {
    /// Rows say the same as others under another id: something was exported twice.
    Repeated {
        /// Rows that repeat another.
        rows: u64,
        /// All rows of the period.
        of: u64,
    },
    /// A column that used to be filled is empty.
    Emptied {
        /// What it says of a row.
        column: Emptied,
        /// Rows of the period that have it.
        rows: u64,
        /// All rows of the period.
        of: u64,
        /// Share of the rows of the weeks before that had it, whole percent.
        usual_percent: u32,
    },
    /// Rows of people say the same as others under another id.
    Doubled {
        /// Rows that repeat another.
        rows: u64,
        /// All rows of the period.
        of: u64,
        /// Whether no number of the export may be read, because of it.
        spoils: bool,
    },
    /// The same people sent a form again within half an hour, far more of them than usual.
    SentAgain {
        /// Forms that follow another one of the same person.
        rows: u64,
        /// All forms of somebody known.
        of: u64,
    },
    /// More forms within a quarter of an hour than ever: a test, a robot or a mailing.
    Burst {
        /// Forms within the quarter of an hour with the most of them.
        rows: u64,
        /// When the first of them was sent, UTC.
        from: DateTime<Utc>,
        /// The most within a quarter of an hour of the weeks before.
        usual_most: u64,
    },
    /// Goals of the web analytics are reached no more, and new ones about as often.
    GoalsReplaced {
        /// The goals that are reached no more.
        old: Vec<String>,
        /// New ones, of which each is as often reached as one of them was.
        new: Vec<String>,
        /// Visits of the period with a new one, each goal by itself.
        rows: u64,
        /// Visits with an old one that were to be expected.
        expected: u64,
    },
    /// The times of the rows lie some hours beside the usual ones: another time zone.
    Shifted {
        /// Hours later than usual; below zero is earlier.
        hours: i32,
    },
    /// Rows end hours before the period does, where many were to come: the export was made too early, or cut.
    CutOff {
        /// The last row, UTC.
        last: DateTime<Utc>,
        /// Rows that usually come after that hour.
        expected: u64,
    },
    /// For hours in the middle there is no row, where many were to come.
    Silent {
        /// The last row before, UTC.
        from: DateTime<Utc>,
        /// The first row after, UTC.
        to: DateTime<Utc>,
        /// Rows that usually come in between.
        expected: u64,
    },
    /// Nearly all rows are of one day: that of an export or an import stands for that of the event.
    Heaped {
        /// That day.
        day: NaiveDate,
        /// Rows of it.
        rows: u64,
        /// All rows of the period.
        of: u64,
    },
    /// Rows are those of earlier weeks under later days: the same people at the same times, or the same campaigns with the same
    /// numbers.
    Redated {
        /// Rows that stand in an earlier week too.
        rows: u64,
        /// All rows of somebody known.
        of: u64,
        /// So many weeks before.
        weeks: u32,
    },
    /// There is no row of a sort that each week used to have.
    Gone {
        /// What sort.
        sort: Sort,
        /// Which of them, where they have names.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        name: String,
        /// Rows of it that were to be expected.
        expected: u64,
    },
    /// A fault of the whole export, told to whoever sees a part of its rows: what it is, without a number of theirs.
    OfAll {
        /// What it is.
        fault: FaultKind,
        /// Whether no number of the export may be read, because of it.
        spoils: bool,
    },
    /// Every number is that of an earlier period: an old export under a new name.
    Retold {
        /// So many periods before.
        back: u32,
    },
    /// Far fewer events of another source are found in this one than usual.
    Unlinked {
        /// What is looked for.
        link: Link,
        /// The export whose events are looked for.
        witness: String,
        /// How many were found.
        found: u64,
        /// All of them.
        of: u64,
        /// Share that was found in the periods before, whole percent.
        usual_percent: u32,
        /// The first day of it.
        from: NaiveDate,
        /// The last day of it.
        to: NaiveDate,
        /// Whether no number of the export may be read, because of it.
        spoils: bool,
    },
    /// Costs that another export tells, too: both are added up.
    ToldTwice {
        /// The other export.
        other: String,
        /// Rows, or days of a channel, that both tell alike.
        shared: u64,
        /// The money of these.
        cost: Minor,
    },
    /// Paid clicks bring far fewer or far more visits than usual.
    Clicks {
        /// The channel.
        channel: ChannelId,
        /// Clicks as the costs tell them.
        clicks: u64,
        /// Visits of the channel.
        sessions: u64,
        /// Visits that so many clicks usually bring.
        expected: u64,
        /// Whether no number of the export may be read, because of it.
        spoils: bool,
    },
    /// Visits of a channel or a campaign go on, and its costs are not there any more.
    Uncosted {
        /// The channel.
        channel: ChannelId,
        /// The campaign, where it is one of several.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        campaign: String,
        /// Visits of the period.
        sessions: u64,
        /// What it usually costs, minor units.
        usual: Minor,
    },
    /// Sales have no amount, so that revenue is too low.
    Unpriced {
        /// Sales of the period without one.
        rows: u64,
        /// All sales of the period.
        of: u64,
    },
    /// Sales are dated before the deals were entered: a typing error in the day of closing, or deals of another system that were
    /// brought in with their old days.
    ClosedEarly {
        /// Sales of deals entered in the period that are dated more than a day before.
        rows: u64,
        /// All sales of deals entered in the period.
        of: u64,
    },
    /// Sales of earlier periods have other amounts than when they were first told.
    Repriced {
        /// Sales whose amount is another one now.
        rows: u64,
        /// All sales of earlier periods whose amount was known.
        of: u64,
        /// The middle one of their amounts now, minor units.
        now: Minor,
        /// The middle one of what the same sales were told with, minor units.
        was: Minor,
    },
    /// Sales that were told as closed in an earlier period are closed in this one now.
    Reclosed {
        /// Such sales.
        rows: u64,
        /// All sales closed in the period.
        of: u64,
    },
    /// Most sales of the period were closed within one hour, or on one day where no hours are told: by a robot or in a clean-up.
    ClosedAtOnce {
        /// That day, in the pipeline's zone.
        day: NaiveDate,
        /// That hour of it; absent where closings have no hours.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        hour: Option<u32>,
        /// Sales closed then.
        rows: u64,
        /// All sales closed in the period.
        of: u64,
    },
    /// Something was remarked on files that brought rows of the period: a column that is gone, rows that are longer than others.
    Remarked {
        /// The files.
        files: Vec<String>,
    },
    /// Visits of every channel are some times as many as usual, and inquiries are not: told twice.
    Multiplied {
        /// So many times, whole percent.
        percent: u32,
    },
    /// Amounts of another size than ever: another currency or unit.
    Amounts {
        /// What they are of.
        of: Priced,
        /// The amount of one, minor units.
        now: Minor,
        /// The usual amount of one, minor units.
        usual: Minor,
    },
}

impl DataFault {
    /// What it is, without its numbers.
    pub fn kind(&self) -> FaultKind {
        match self {
            Self::Repeated { .. } | Self::Multiplied { .. } => FaultKind::Repeated,
            Self::Emptied { .. } => FaultKind::Emptied,
            Self::Doubled { .. } | Self::SentAgain { .. } => FaultKind::Doubled,
            Self::Burst { .. } => FaultKind::Burst,
            Self::GoalsReplaced { .. } => FaultKind::GoalsReplaced,
            Self::Shifted { .. } => FaultKind::Shifted,
            Self::CutOff { .. } => FaultKind::CutOff,
            Self::Silent { .. } => FaultKind::Silent,
            Self::Heaped { .. } => FaultKind::Heaped,
            Self::Redated { .. } | Self::Retold { .. } => FaultKind::Retold,
            Self::Gone { .. } => FaultKind::Gone,
            Self::Uncosted { .. } => FaultKind::Uncosted,
            Self::Unlinked { .. } | Self::Clicks { .. } => FaultKind::Unlinked,
            Self::ToldTwice { .. } => FaultKind::ToldTwice,
            Self::Unpriced { .. } => FaultKind::Unpriced,
            Self::ClosedEarly { .. } => FaultKind::ClosedEarly,
            Self::Remarked { .. } => FaultKind::Remarked,
            Self::Amounts { .. } | Self::Repriced { .. } => FaultKind::Amounts,
            Self::Reclosed { .. } | Self::ClosedAtOnce { .. } => FaultKind::ClosedAtOnce,
            Self::OfAll { fault, .. } => *fault,
        }
    }

    /// The same, as it is told to whoever sees a part of the rows.
    pub fn of_all(&self) -> Self {
        Self::OfAll {
            fault: self.kind(),
            spoils: self.spoils_counts(),
        }
    }
}
