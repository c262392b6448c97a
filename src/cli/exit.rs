//! Exit codes, as the design promises them to whoever schedules the program.

use crate::run::JobEnd;

/// How a command ended, from good to bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Everything asked for was done.
    Done,
    /// Exports are missing, stale or broken, or too many rows were rejected.
    Exports,
    /// The report is made, some mail is not sent.
    Unsent,
    /// Of many things, one was asked for or set up wrongly; what is wrong was said.
    Misused,
    /// Of many things, one failed inside; what failed was said.
    Failed,
}

impl Outcome {
    /// How a command ends whose main job ended so.
    pub fn of(end: &JobEnd) -> Self {
        match end {
            JobEnd::Done | JobEnd::SentUnfit(_) | JobEnd::NothingNew => Self::Done,
            JobEnd::HeldBack(_) | JobEnd::NoReport(_) => Self::Exports,
            JobEnd::Unsent => Self::Unsent,
        }
    }

    /// The outcome of two jobs: the first one that did not end well.
    #[must_use]
    pub fn worse(self, other: Self) -> Self {
        match self {
            Self::Done => other,
            _ => self,
        }
    }

    /// The process's exit code.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Exports => 3,
            Self::Unsent => 4,
            Self::Misused => 2,
            Self::Failed => 1,
        }
    }
}

/// Whether the error is that nobody reads our output any more.
pub fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let broken = |cause: &(dyn std::error::Error + 'static)| {
        cause
            .downcast_ref::<std::io::Error>()
            .is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
    };
    error.chain().any(broken)
}
