//! Reports of a part of the visits: what stands above the header says so, and no column does.

use super::HeadRow;
use super::period::tells_day;

/// What a comment begins with.
const COMMENT: char = '#';

/// Beginnings of the words for all visitors, in lower case, in the languages of those who download.
const ALL: &[&str] = &[
    "all users",
    "all traffic",
    "все пользователи",
    "весь трафик",
    "усі користувачі",
    "alle nutzer",
    "alle gebruikers",
    "tous les utilisateurs",
    "todos los usuarios",
    "todos os ",
    "tutti gli utenti",
    "wszyscy ",
    "tüm ",
];

/// The comparison or filter that a report is cut down by: `# Mobile traffic` in place of `# All Users`, and any other
/// comment between the line of dashes and the days. With the line that it stands in.
pub(super) fn cut_down_to(above: &[HeadRow]) -> Option<(u32, String)> {
    let comments: Vec<(u32, String)> = above.iter().rev().map_while(comment).collect();
    let is_rule =
        |(_, text): &&(u32, String)| !text.is_empty() && text.chars().all(|symbol| symbol == '-');
    // The tables behind the first of a file have titles there, and no line of dashes.
    let behind = comments.iter().position(|line| is_rule(&line))?;
    let says_part = |(_, text): &&(u32, String)| {
        let lower = text.to_lowercase();
        let is_all = ALL.iter().any(|all| lower.starts_with(all));
        !text.is_empty() && !is_all && !tells_day(text) && !text.ends_with('?')
    };
    comments[..behind].iter().rev().find(says_part).cloned()
}

/// The text of a comment; nothing for another line.
fn comment(row: &HeadRow) -> Option<(u32, String)> {
    let text = String::from_utf8_lossy(&row.bytes);
    let text = text.trim().trim_matches(['"', ',', ';', '\t', '\u{feff}']);
    let text = match text.strip_prefix(COMMENT) {
        Some(text) => text,
        None if text.is_empty() => text,
        None => return None,
    };
    Some((row.line, text.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_cut(lines: &[&str], expected: Option<&str>) {
        let row = |(at, text): (usize, &&str)| HeadRow {
            cells: Vec::new(),
            bytes: text.as_bytes().to_vec(),
            line: at as u32 + 1,
            end: 0,
        };
        let rows: Vec<HeadRow> = lines.iter().enumerate().map(row).collect();
        assert_eq!(
            cut_down_to(&rows).map(|(_, text)| text).as_deref(),
            expected
        );
    }

    #[test]
    fn a_comparison_or_a_filter_above_the_header_cuts_the_report_down() {
        let with = |lines: &[&str]| {
            let title = [
                "# ----",
                "# Traffic acquisition",
                "# Account: Firm",
                "# ----",
                "# ",
            ];
            let days = ["# Start date: 20261109", "# End date: 20261115"];
            [&title[..], lines, &days[..]]
                .concat()
                .iter()
                .map(|line| (*line).to_owned())
                .collect::<Vec<String>>()
        };
        let cut = |lines: &[&str], expected| {
            let lines = with(lines);
            assert_cut(
                &lines.iter().map(String::as_str).collect::<Vec<_>>(),
                expected,
            );
        };
        cut(&["# Mobile traffic"], Some("Mobile traffic"));
        cut(
            &[
                "# All Users,,,",
                "# Device category exactly matches mobile,,,",
            ],
            Some("Device category exactly matches mobile"),
        );
        cut(&["# All Users"], None);
        cut(&["# Все пользователи"], None);
        cut(&[], None);
    }

    #[test]
    fn titles_of_later_tables_and_of_explorations_cut_nothing_down() {
        assert_cut(
            &[
                "Direct,5",
                "",
                "# Sessions by channel",
                "# Start date: 20261109",
            ],
            None,
        );
        assert_cut(
            &[
                "# ----",
                "# Free form 1",
                "# 20261102-20261108",
                "# ----",
                "",
            ],
            None,
        );
    }
}
