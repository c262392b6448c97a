//! From facts to the scorecard: rates, intervals, changes, maturity. Pure functions, no input or output.

pub mod scorecard;
