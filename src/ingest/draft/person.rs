//! A list of requests in which no column names a person or a form: whatever has a date would be one.

use super::guess::Guess;
use crate::model::table::Table;

/// What a request is known by.
const TELLING: &[&str] = &["phone", "email", "client", "form", "page"];

/// What is asked where nothing but a date speaks for requests. The draft does not read the file until somebody answers.
const ASKED: &str = "
# look: is each row a request of somebody? No column names a person; where one does, put its name here, else choose another table
[[column]]
to = \"phone\"
from = [\"?\"]
read = \"phone\"
required = true
";

/// What is asked of a guess.
pub(super) fn asked(guess: &Guess) -> &'static str {
    let is_told = guess
        .places
        .iter()
        .any(|(to, _)| TELLING.contains(&to.as_str()));
    match guess.table {
        Table::Forms if !is_told => ASKED,
        _ => "",
    }
}
