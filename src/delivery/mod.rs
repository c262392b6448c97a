//! Delivery: one frozen message per recipient, sent at most once, with a receipt for each.

mod message;
mod outbox;
mod receipts;
mod sending;
mod smtp;
mod transport;

#[cfg(test)]
mod tests;

pub use message::{Message, messages};
pub use outbox::{freeze, thaw};
pub use receipts::{RECEIPTS_SQL, Receipt, SendState, Summary, of_period};
pub use sending::send;
pub use smtp::check;
pub use transport::{Encryption, Secret, SmtpSettings, Transport};
