//! Visits of robots, where a file says of each visit whether it is one, or which robot it was.

use crate::ingest::cells;

/// Words for a visitor that is no robot, or of whom nobody knows, in lower case.
const NO_ROBOTS: &[&str] = &[
    "люди",
    "человек",
    "не робот",
    "не роботы",
    "human",
    "humans",
    "people",
    "person",
    "not a robot",
    "not bot",
    "(not set)",
    "not set",
    "none",
    "undefined",
    "unknown",
    "неизвестно",
];

/// Whether a cell says yes, or names a robot.
pub(super) fn is_robots(cell: &[u8]) -> bool {
    if let Some(says_yes) = cells::flag(cell) {
        return says_yes;
    }
    let cell = cells::trim(cell);
    let Ok(text) = std::str::from_utf8(cell) else {
        return false;
    };
    let names_one = text.chars().any(char::is_alphabetic) && !cells::is_null(cell);
    names_one && !NO_ROBOTS.contains(&text.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_robot_is_told_by_yes_or_by_its_name() {
        for cell in ["1", "true", "да", "YandexBot", "Роботы"] {
            assert!(is_robots(cell.as_bytes()), "{cell}");
        }
        for cell in ["", "0", "нет", "Люди", "human", "-", "(not set)"] {
            assert!(!is_robots(cell.as_bytes()), "{cell}");
        }
    }
}
