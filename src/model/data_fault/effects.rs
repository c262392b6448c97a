//! What a data fault does to the numbers.

use super::{DataFault, Emptied, FaultKind, Priced, Sort};

impl DataFault {
    /// Whether no number of the export may be read, because of it.
    pub fn spoils_counts(&self) -> bool {
        match self {
            Self::Repeated { .. }
            | Self::CutOff { .. }
            | Self::Retold { .. }
            | Self::Redated { .. } => true,
            // Without a talk every call is one that managers lost; without the visits of a search engine no rate is one.
            Self::Gone { sort, .. } => matches!(sort, Sort::Answered | Sort::Channel),
            Self::Doubled { spoils, .. }
            | Self::Unlinked { spoils, .. }
            | Self::Clicks { spoils, .. }
            | Self::OfAll { spoils, .. } => *spoils,
            Self::Emptied { .. }
            | Self::SentAgain { .. }
            | Self::Burst { .. }
            | Self::GoalsReplaced { .. }
            | Self::Shifted { .. }
            | Self::Silent { .. }
            | Self::Heaped { .. }
            | Self::Multiplied { .. }
            | Self::ToldTwice { .. }
            | Self::Unpriced { .. }
            | Self::ClosedEarly { .. }
            | Self::Repriced { .. }
            | Self::Reclosed { .. }
            | Self::ClosedAtOnce { .. }
            | Self::Uncosted { .. }
            | Self::Remarked { .. }
            | Self::Amounts { .. } => false,
        }
    }

    /// Whether it is of what sales are worth or when they were made: of deals the revenue of the period is no fact, because of it.
    pub fn is_of_revenue(&self) -> bool {
        match self {
            Self::Emptied { column, .. } => *column == Emptied::Amount,
            Self::Amounts { of, .. } => *of == Priced::Deal,
            Self::Repriced { .. }
            | Self::Unpriced { .. }
            | Self::ClosedEarly { .. }
            | Self::Reclosed { .. }
            | Self::ClosedAtOnce { .. } => true,
            Self::OfAll { fault, .. } => matches!(
                fault,
                FaultKind::Amounts
                    | FaultKind::Unpriced
                    | FaultKind::ClosedEarly
                    | FaultKind::ClosedAtOnce
            ),
            Self::Repeated { .. }
            | Self::Doubled { .. }
            | Self::SentAgain { .. }
            | Self::Burst { .. }
            | Self::GoalsReplaced { .. }
            | Self::Shifted { .. }
            | Self::CutOff { .. }
            | Self::Silent { .. }
            | Self::Heaped { .. }
            | Self::Redated { .. }
            | Self::Gone { .. }
            | Self::Retold { .. }
            | Self::Unlinked { .. }
            | Self::ToldTwice { .. }
            | Self::Clicks { .. }
            | Self::Remarked { .. }
            | Self::Uncosted { .. }
            | Self::Multiplied { .. } => false,
        }
    }

    /// Whether it is of when sales were made: of deals even their number is no fact, because of it.
    pub fn is_of_closing(&self) -> bool {
        matches!(
            self.kind(),
            FaultKind::ClosedEarly | FaultKind::ClosedAtOnce
        )
    }

    /// Whether it hides how many visits reached a goal.
    pub fn is_of_goals(&self) -> bool {
        match self {
            Self::Emptied { column, .. } => *column == Emptied::Goals,
            Self::OfAll { fault, .. } => *fault == FaultKind::GoalsReplaced,
            fault => matches!(fault, Self::GoalsReplaced { .. }),
        }
    }
}
