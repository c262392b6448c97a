//! Exit codes, as the design promises them to whoever schedules the program.

use crate::model::fault::{Fault, FaultKind};

/// How a command ended when nothing inside failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Everything asked for was done.
    Done,
    /// Exports are missing, stale or broken, or too many rows were rejected.
    Exports,
    /// The report is made, some mail is not sent.
    Unsent,
}

impl Outcome {
    /// The process's exit code.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Exports => 3,
            Self::Unsent => 4,
        }
    }
}

/// The exit code of an error: 2 when the call or the pipeline is wrong, else 1.
pub fn code_of(error: &anyhow::Error) -> u8 {
    let is_usage = |fault: &Fault| fault.kind() == FaultKind::Usage;
    let mut faults = error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<Fault>());
    if faults.any(is_usage) { 2 } else { 1 }
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
