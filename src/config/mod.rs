//! The pipeline file: read, laid over the defaults, checked and resolved into a plan.

mod categories;
pub mod channels;
pub mod files;
pub(crate) mod hint;
pub mod language;
mod load;
pub mod mailbox;
pub mod plan;
mod recurrence;
mod resolve;
pub mod rules;
mod settings;
pub mod shipped;
pub(crate) mod source;
pub(crate) mod value;
mod wording;
pub(crate) mod words;

pub use files::files;
pub use load::{is_scheduled, load};
pub use plan::{DeliveryPlan, Due, ExportPlan, Line, Plan, SchedulePlan, WebhookPlan};

#[cfg(test)]
mod tests;
