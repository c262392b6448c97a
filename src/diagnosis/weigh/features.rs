//! What is weighed: the evidence of a cause by role, and how much there is to explain.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::evidence::Role;

/// The evidence of one cause by role, nats.
pub type Features = BTreeMap<Role, f64>;

/// The first conversion's loss of the whole period given its sessions, in inquiries.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Shortfall {
    /// Expected less observed.
    pub inquiries: f64,
    /// Its standard deviation in a quiet period; 0 when it is not known.
    pub deviation: f64,
}
