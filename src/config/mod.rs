//! The pipeline file: read, laid over the defaults, checked and resolved into a plan.

pub mod channels;
pub mod error;
pub mod files;
pub(crate) mod hint;
pub mod language;
pub mod mailbox;
pub mod plan;
mod resolve;
pub mod rules;
mod settings;
pub mod shipped;
pub(crate) mod source;
pub(crate) mod value;
mod wording;

pub use error::ConfigError;
pub use files::files;
pub use plan::{DeliveryPlan, ExportPlan, Line, Plan, load};

#[cfg(test)]
mod tests;
