//! Table schemas of the lake.
