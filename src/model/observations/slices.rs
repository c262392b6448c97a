//! Sessions by all that sessions and inquiries are both told apart by, for the search of the place that lost inquiries.

use super::{Code, Dimension};

/// Sessions of the base and of the reported period by place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Slices {
    /// What places are told apart by: channel, device, page and region always; campaign, phrase and attributes where there
    /// are at least two of one.
    pub dimensions: Vec<Dimension>,
    /// The first day of the base, counted as days of the history are.
    pub base_from: u32,
    /// The places, each once.
    pub places: Vec<Slice>,
}

impl Slices {
    /// Where the codes of a dimension stand in each place.
    pub fn position(&self, dimension: Dimension) -> Option<usize> {
        self.dimensions.iter().position(|known| *known == dimension)
    }
}

/// One place: a code for each of [`Slices::dimensions`], and its sessions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slice {
    /// Codes in the order of the dimensions.
    pub codes: Vec<Code>,
    /// Sessions of the base.
    pub base: u32,
    /// Sessions of the reported period.
    pub now: u32,
}

/// Where an inquiry's session stands among [`Slices::places`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SliceId(pub u32);
