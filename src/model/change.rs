//! What may be said about a number against its base: a closed set, so that "+100 % from zero" cannot be written.

use serde::{Deserialize, Serialize};

/// A change of one number against a named base. Counts move in percent, rates in percentage points.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Change {
    /// Relative change of a count or an amount: `(now − base) ÷ base × 100`, in percent.
    Percent {
        /// Percent, may be negative, never −0.
        value: f64,
        /// Beyond noise: the number left its predictive range. `false` means "cannot tell from noise".
        beyond_noise: bool,
    },
    /// Difference of two rates in percentage points, with its 95 % interval (Newcombe's hybrid score, 1998).
    Points {
        /// Percentage points, may be negative, never −0.
        value: f64,
        /// Lower end of the 95 % interval, percentage points.
        low: f64,
        /// Upper end of the 95 % interval, percentage points.
        high: f64,
        /// Beyond noise after the correction for many channels.
        beyond_noise: bool,
    },
    /// The base was zero and now there is something.
    New,
    /// The base was something and now there is zero.
    Gone,
    /// One of the two is below the smallest number that a change may be stated for.
    TooFew,
    /// The cohort is too young to be compared.
    Immature,
    /// There is no base: no history, or the base's source did not arrive.
    NoBase,
}

impl Change {
    /// Whether the number fell.
    pub fn is_fall(&self) -> bool {
        match self {
            Self::Percent { value, .. } | Self::Points { value, .. } => *value < 0.0,
            Self::Gone => true,
            Self::New | Self::TooFew | Self::Immature | Self::NoBase => false,
        }
    }

    /// True when the change left the range of noise.
    pub fn is_beyond_noise(&self) -> bool {
        matches!(
            self,
            Self::Percent {
                beyond_noise: true,
                ..
            } | Self::Points {
                beyond_noise: true,
                ..
            }
        )
    }

    /// The same number where it must not be called beyond noise.
    pub fn unmarked(self) -> Self {
        let beyond_noise = false;
        match self {
            Self::Percent { value, .. } => Self::Percent {
                value,
                beyond_noise,
            },
            Self::Points {
                value, low, high, ..
            } => Self::Points {
                value,
                low,
                high,
                beyond_noise,
            },
            Self::New | Self::Gone | Self::TooFew | Self::Immature | Self::NoBase => self,
        }
    }

    /// The signed number to show, in percent or points; `None` for the worded kinds.
    pub fn value(&self) -> Option<f64> {
        match self {
            Self::Percent { value, .. } | Self::Points { value, .. } => Some(*value),
            Self::New | Self::Gone | Self::TooFew | Self::Immature | Self::NoBase => None,
        }
    }
}
