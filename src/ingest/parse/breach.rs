//! Another header in the middle of a file: with it the rest would be misread.

use crate::model::fault::Fault;

/// Where a file stops being what it began as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breach {
    /// The columns go on in another order from this line on.
    Turned(u32),
    /// A second report, perhaps of other days, begins at this line.
    SecondReport(u32),
}

impl Breach {
    /// What is said of the file that people call `label`.
    pub fn fault(self, label: &str) -> Fault {
        let (line, message) = match self {
            Self::Turned(line) => (
                line,
                "the header stands here again with its columns in another order: the rows below would be misread",
            ),
            Self::SecondReport(line) => (
                line,
                "a second report of the same kind begins here: its days may be others",
            ),
        };
        let hint = "cut the file before the lines of the second part, and give the parts as files of their own";
        Fault::new(message).at(format!("{label}:{line}")).hint(hint)
    }
}
