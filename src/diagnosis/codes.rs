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

    /// Whether it is a fault that somebody can mend: then it is *why* a stage broke, and no stage is the nearer place.
    pub fn is_fault(self) -> bool {
        match self {
            Self::DataGap | Self::Tracking | Self::Telephony | Self::Forms => true,
            Self::Seasonality
            | Self::MixShift
            | Self::TrafficVolume
            | Self::TrafficQuality
            | Self::LeadQuality
            | Self::Managers
            | Self::CrmHygiene
            | Self::Unknown => false,
        }
    }

    /// Whether it makes contacts stay away: days without any are then no hole in an export.
    pub fn silences_contacts(self) -> bool {
        match self {
            Self::TrafficVolume | Self::Telephony | Self::Forms => true,
            Self::DataGap
            | Self::Tracking
            | Self::Seasonality
            | Self::MixShift
            | Self::TrafficQuality
            | Self::LeadQuality
            | Self::Managers
            | Self::CrmHygiene
            | Self::Unknown => false,
        }
    }

    /// Whether it changes the traffic that inquiries are expected of: what it loses is no measure of it.
    pub fn distorts_traffic(self) -> bool {
        match self {
            Self::DataGap | Self::Tracking | Self::MixShift | Self::TrafficVolume => true,
            Self::Seasonality
            | Self::TrafficQuality
            | Self::Telephony
            | Self::Forms
            | Self::LeadQuality
            | Self::Managers
            | Self::CrmHygiene
            | Self::Unknown => false,
        }
    }

    /// Whether it is told for the inquiries that it loses, and not for what it does to the numbers or whom it brings.
    pub fn is_told_for_its_loss(self) -> bool {
        match self {
            Self::TrafficVolume | Self::Telephony | Self::Forms | Self::Unknown => true,
            Self::DataGap
            | Self::Tracking
            | Self::Seasonality
            | Self::MixShift
            | Self::TrafficQuality
            | Self::LeadQuality
            | Self::Managers
            | Self::CrmHygiene => false,
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
