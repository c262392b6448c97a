//! A format to begin with for a file that nothing fits: what its columns look like tells the table that it feeds and where
//! each of them goes. Nothing of the rows themselves goes into it: they may be people.

mod guess;
mod meanings;
mod names;
mod parties;
mod person;
mod recognise;
mod shape;
mod sheet;
mod states;
mod system;
mod text;
mod words;

use self::guess::best_guess;
use self::sheet::Sheet;
use super::source::Head;

/// A format of that name which reads the file that people call `label`, as TOML; what could not be told stands in it as comments. `None` when the
/// file holds no table.
pub fn draft(label: &str, head: &Head, name: &str) -> Option<String> {
    let sheet = Sheet::read(label, head)?;
    let guess = best_guess(&sheet);
    Some(text::toml(label, name, &sheet, &guess))
}

#[cfg(test)]
mod asked_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod words_tests;
