//! Laws of the decomposition.
