//! From a change to what lies behind it. Pure functions, no input or output.

pub mod localise;
