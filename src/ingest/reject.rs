//! Rows that could not be taken: where, what was there, what was expected.

/// One rejected row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    /// File label.
    pub file: String,
    /// Line number from 1.
    pub line: u32,
    /// Header cell, or `row` when the row as a whole is wrong.
    pub column: String,
    /// The cell, cut to 80 characters; hidden when it may be a person's contact.
    pub value: String,
    /// What is wrong with it.
    pub reason: String,
}

/// Characters of a cell that are shown: enough to find it by, and one line of a terminal.
const SHOWN_CHARS: usize = 80;

/// The cell as it may be shown: contacts are hidden, long text is cut, control characters are dropped.
pub fn shown(cell: &[u8], personal: bool) -> String {
    let text = String::from_utf8_lossy(cell);
    if personal {
        return format!("({} characters, hidden)", text.chars().count());
    }
    text.chars()
        .filter(|symbol| !symbol.is_control())
        .take(SHOWN_CHARS)
        .collect()
}

impl std::fmt::Display for Reject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{}:{}: {}: {} \"{}\"",
            self.file, self.line, self.column, self.reason, self.value
        )
    }
}
