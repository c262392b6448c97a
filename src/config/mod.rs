//! The pipeline file: read, laid over the defaults, checked and resolved into a plan.

mod check;
pub mod error;
pub mod files;
mod hint;
pub mod language;
mod mailbox;
pub mod plan;
pub mod settings;
pub mod shipped;
mod source;
mod value;
mod wording;

pub use error::ConfigError;
pub use files::files;
pub use plan::{DeliveryPlan, ExportPlan, Plan, load};

#[cfg(test)]
mod tests;
