//! Rows of a list of calls that are no calls: text messages and faxes, which some systems write among them.

/// What is no call, in lower case.
const MESSAGES: &[&str] = &["sms", "mms", "fax", "смс", "ммс", "факс"];
/// Beginnings of the words that may stand beside it and leave it what it is: «Входящее SMS», `Fax received`.
const BESIDE: &[&str] = &[
    "вход",
    "исход",
    "принят",
    "отправл",
    "получ",
    "сообщени",
    "incoming",
    "outgoing",
    "inbound",
    "outbound",
    "received",
    "sent",
    "missed",
    "message",
    "text",
];

/// Whether a stretch of a file holds one of the words at all. Quick: most files hold none.
pub(super) fn may_hold_message(text: &[u8]) -> bool {
    const SPELLINGS: [&str; 14] = [
        "sms", "Sms", "SMS", "mms", "MMS", "fax", "Fax", "FAX", "смс", "СМС", "ммс", "ММС", "факс",
        "Факс",
    ];
    let mut spellings = SPELLINGS.iter();
    spellings.any(|word| memchr::memmem::find(text, word.as_bytes()).is_some())
}

/// Whether a cell, in lower case, says that its row is a message or a fax.
pub(super) fn is_message(cell: &str) -> bool {
    let words = cell.split(|symbol: char| !symbol.is_alphanumeric());
    let mut is_one = false;
    for word in words.filter(|word| !word.is_empty()) {
        let names_it = MESSAGES.contains(&word);
        if !names_it && !BESIDE.iter().any(|start| word.starts_with(start)) {
            return false;
        }
        is_one |= names_it;
    }
    is_one
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_told_from_names_that_hold_their_word() {
        for cell in [
            "sms",
            "fax",
            "входящее sms",
            "sms-сообщение",
            "incoming fax",
            "факс",
        ] {
            assert!(is_message(cell), "{cell}");
        }
        for cell in [
            "voice",
            "fax department",
            "факс бухгалтерии",
            "текст",
            "message",
            "",
        ] {
            assert!(!is_message(cell), "{cell}");
        }
        assert!(may_hold_message("1;Входящее SMS;7900".as_bytes()));
        assert!(!may_hold_message("1;Входящий;7900".as_bytes()));
    }
}
