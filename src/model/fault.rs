//! What went wrong, for the person who has to act: where, what, and the next step.

use std::error::Error;
use std::fmt;

/// Something that a person has to mend. Shown as `pipelines/weekly.toml:14: unknown setting …`; the hints stand on lines of
/// their own below, so they are no part of its text.
#[derive(Debug)]
pub struct Fault {
    kind: FaultKind,
    place: Option<String>,
    message: String,
    hints: Vec<String>,
    cause: Option<Box<dyn Error + Send + Sync>>,
}

/// Where the fault lies; the process's exit code follows from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// In the call, in the pipeline with its formats and templates, or in the environment.
    Usage,
    /// In the data, on the disk, or at the other end of a line.
    Failure,
}

impl Fault {
    /// A fault of the data or the machine; `message` quotes the value and says what was expected.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            kind: FaultKind::Failure,
            place: None,
            message: message.into(),
            hints: Vec::new(),
            cause: None,
        }
    }

    /// A fault of the call, the pipeline or the environment.
    pub fn usage(message: impl Into<String>) -> Self {
        Self {
            kind: FaultKind::Usage,
            ..Self::new(message)
        }
    }

    /// The same fault at a place: a file, with its line where there is one.
    #[must_use]
    pub fn at(mut self, place: impl Into<String>) -> Self {
        self.place = Some(place.into());
        self
    }

    /// The same fault with a next step more.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// The same fault with what led to it.
    #[must_use]
    pub fn because(mut self, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// Where it lies.
    pub fn kind(&self) -> FaultKind {
        self.kind
    }

    /// The next steps.
    pub fn hints(&self) -> &[String] {
        &self.hints
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Some(place) => write!(to, "{place}: {}", self.message),
            None => to.write_str(&self.message),
        }
    }
}

/// The exit code of an error: 2 when the call or the pipeline is wrong, else 1.
pub fn exit_code(error: &anyhow::Error) -> u8 {
    let is_usage = |fault: &Fault| fault.kind() == FaultKind::Usage;
    let mut faults = error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<Fault>());
    if faults.any(is_usage) { 2 } else { 1 }
}

impl Error for Fault {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        let cause = self.cause.as_deref()?;
        Some(cause)
    }
}

/// An error as a person is told of it: one line of all that led to it, then each hint.
pub fn told(error: &anyhow::Error) -> String {
    let mut said: Vec<String> = Vec::new();
    let mut hints: Vec<&str> = Vec::new();
    for cause in error.chain() {
        let text = cause.to_string();
        // A cause that its parent's text already ends with is not said twice.
        if !said.last().is_some_and(|before| before.ends_with(&text)) {
            said.push(text.lines().collect::<Vec<_>>().join(": "));
        }
        if let Some(fault) = cause.downcast_ref::<Fault>() {
            hints.extend(fault.hints().iter().map(String::as_str));
        }
    }
    let mut told = said.join(": ");
    for hint in hints {
        told += "\nhint: ";
        told += hint;
    }
    told
}

#[cfg(test)]
mod tests {
    use anyhow::Context;

    use super::*;

    #[test]
    fn a_fault_is_told_in_one_line_and_its_hints_below() {
        let cause = Fault::new("the disk is full").hint("make room");
        let fault = Fault::usage("cannot write").at("out:3").because(cause);
        let error = Err::<(), _>(fault.hint("name another folder")).context("report");
        assert_eq!(
            told(&error.expect_err("a fault")),
            "report: out:3: cannot write: the disk is full\nhint: name another folder\nhint: make room"
        );
    }

    #[test]
    fn a_cause_that_is_said_already_is_not_said_twice() {
        let cause = std::io::Error::other("no space");
        let error = anyhow::Error::new(cause).context("cannot write a: no space");
        assert_eq!(told(&error), "cannot write a: no space");
    }
}
