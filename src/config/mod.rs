//! The pipeline file: read, laid over the defaults, checked and resolved into a plan.

mod categories;
pub mod channels;
pub mod files;
pub(crate) mod hint;
pub mod language;
mod load;
pub mod mailbox;
pub mod plan;
mod resolve;
pub mod rules;
mod settings;
pub mod shipped;
pub(crate) mod source;
pub(crate) mod value;
mod wording;
pub(crate) mod words;

pub use files::files;
pub use load::load;
pub use plan::{DeliveryPlan, ExportPlan, Line, Plan};

#[cfg(test)]
mod tests;
