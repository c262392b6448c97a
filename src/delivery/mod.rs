//! Delivery: one frozen message per recipient, sent at most once, with a receipt for each.

#[cfg(feature = "dkim")]
mod dkim;
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

pub use incoming::{Incoming, is_new, messages_in};
pub use message::{Message, messages, unsubscribe_token};
pub use notice::{NoticeLetter, notify};
pub use outbox::{freeze, freeze_also, thaw};
pub use receipts::{
    Receipt, SendState, Summary, decide, earlier_letters, in_states, numbered, of_period,
};
pub use sending::{Which, send};
pub use smtp::check;
pub use suppressions::{allow, suppress, suppressed};
pub use transport::Transport;
pub use webhook::Webhook;
