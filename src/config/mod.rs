//! The pipeline file: read, checked and resolved into a plan.

pub mod settings;
