//! Addresses of people, as mail programs write them.

use lettre::message::Mailbox;

/// Reads `Name <address>` or a bare address.
///
/// # Errors
/// What is wrong, in words. A control character is refused before anything is parsed: in a name it could end a
/// header line and start another.
pub(super) fn parse(text: &str) -> Result<Mailbox, String> {
    if text.chars().any(char::is_control) {
        return Err(format!("\"{}\" holds a control character", text.escape_debug()));
    }
    text.parse().map_err(|_| format!("\"{text}\" is no e-mail address"))
}
