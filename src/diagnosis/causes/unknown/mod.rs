//! It is real, and nothing that has a place explains it: the first conversion, or the second.

mod first;
mod second;

pub(super) use first::FIRST;
pub(super) use second::SECOND;
