//! Delivery: one frozen message per recipient, sent at most once, with a receipt for each.

#[cfg(feature = "dkim")]
mod dkim;
mod inbox;
mod incoming;
mod message;
mod notice;
mod noting;
mod outbox;
pub mod presets;
mod receipts;
mod retry;
mod sending;
mod smtp;
mod suppressions;
mod transport;
mod webhook;

#[cfg(test)]
mod retry_tests;
#[cfg(test)]
mod tests;

pub use inbox::{is_read, messages_in, note_read};
pub use incoming::Incoming;
pub use message::{Letters, is_named, unsubscribe_token};
pub use notice::{NoticeLetter, notify};
pub use outbox::{freeze, freeze_also, thaw};
pub use receipts::{
    Receipt, SendState, Summary, decide, earlier_letters, in_states, numbered, of_id, of_period,
};
pub use sending::{Which, send};
pub use smtp::check;
pub use suppressions::{allow, suppress, suppressed};
pub use transport::Transport;
pub use webhook::Webhook;
