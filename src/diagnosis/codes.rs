//! The names of what is looked into: causes, conversions and places.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::observations::Dimension;

/// The causes that are looked into, in the order of the gates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CauseCode {
    /// An export is missing, late or has days without rows.
    DataGap,
    /// The counter or the tags changed what is counted.
    Tracking,
    /// The calendar or the season.
    Seasonality,
    /// Shares of channels moved, their rates did not.
    MixShift,
    /// Fewer sessions, or more.
    TrafficVolume,
    /// Other visitors: untargeted or no people at all.
    TrafficQuality,
    /// A telephone line or trunk is dead or unstable.
    Telephony,
    /// A form does not send.
    Forms,
    /// Inquiries of people who are no customers.
    LeadQuality,
    /// Inquiries are answered late, badly or not at all.
    Managers,
    /// The CRM does not show what happened.
    CrmHygiene,
    /// It is real, and none of the above explains it.
    Unknown,
}

impl CauseCode {
    /// All codes, in the order of the gates.
    pub const ALL: [Self; 12] = [
        Self::DataGap,
        Self::Tracking,
        Self::Seasonality,
        Self::MixShift,
        Self::TrafficVolume,
        Self::TrafficQuality,
        Self::Telephony,
        Self::Forms,
        Self::LeadQuality,
        Self::Managers,
        Self::CrmHygiene,
        Self::Unknown,
    ];

    /// The code as it is written in `digest.json` and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DataGap => "data_gap",
            Self::Tracking => "tracking",
            Self::Seasonality => "seasonality",
            Self::MixShift => "mix_shift",
            Self::TrafficVolume => "traffic_volume",
            Self::TrafficQuality => "traffic_quality",
            Self::Telephony => "telephony",
            Self::Forms => "forms",
            Self::LeadQuality => "lead_quality",
            Self::Managers => "managers",
            Self::CrmHygiene => "crm_hygiene",
            Self::Unknown => "unknown",
        }
    }
}

/// Which conversion a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Conversion {
    /// Traffic to inquiry.
    First,
    /// Inquiry to sale.
    Second,
}

/// Where: texts by dimension. Empty is "everywhere".
pub type Scope = BTreeMap<Dimension, String>;
