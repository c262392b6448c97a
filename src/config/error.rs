//! What is wrong with a pipeline, for the person who has to mend it.

/// A pipeline that cannot be used: where, what, and what to do about it.
///
/// Shown as `pipelines/weekly.toml:14: unknown setting …`, with the hint on a line of its own.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {message}{}", .hint.as_ref().map(|hint| format!("\nhint: {hint}")).unwrap_or_default())]
pub struct ConfigError {
    /// The file as it was named on the command line and, where there is one, the line.
    pub place: String,
    /// What is wrong, the value quoted.
    pub message: String,
    /// What is expected, or the next step.
    pub hint: Option<String>,
}

impl ConfigError {
    /// An error without a hint.
    pub fn new(place: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            message: message.into(),
            hint: None,
        }
    }

    /// The same error with a next step.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}
