//! What a change is made of: traffic, mix, conversions, average check and noise, adding up exactly.
//!
//! [`bennet`] takes one ratio apart over segments; [`chain`] takes inquiries and their worth apart over channels and
//! factors. Both are pure functions over plain numbers; `counted` brings a report's counts to them.

mod amounts;
pub mod bennet;
pub mod chain;
mod counted;
mod fitted;
mod gathered;
pub(super) mod product;
mod ratio;
mod types;

#[cfg(test)]
mod laws;

pub use counted::{CountedChain, Side, Terms, Worth, breakdown};
pub(super) use gathered::decomposition;
pub use types::{Breakdown, Chain, Contribution, Decomposition, Factor, Ratio, RatioPart};
