//! The one judgement that a block may carry.

use serde::Serialize;

/// Good or bad for the business, or neither.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// Better beyond noise.
    Good,
    /// Worse beyond noise.
    Bad,
    /// To be read with care.
    Warn,
    /// Neither, or not beyond noise.
    #[default]
    Neutral,
}
