//! Why a file is of no format, in words that tell what to do.

use regex::Regex;

use crate::ingest::format::{Format, UNANSWERED};
use crate::ingest::parse::no_rows::says_no_rows;
use crate::ingest::source::{GRID, Head, Source};
use crate::model::fault::Fault;

/// How far a file came through a format before it turned out not to be of it; the later, the nearer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Misfit {
    /// Nothing of it is there.
    Unlike,
    /// Some line has so many of the header cells, but not these.
    Lacks {
        line: u32,
        found: usize,
        missing: Vec<String>,
        header: Vec<String>,
        /// Whether those that it has tell it from what many systems write.
        tells: bool,
    },
    /// All is there, but one of the numbers twice.
    Either {
        line: u32,
        columns: (String, String),
    },
    /// All is there, but the amounts are said to be of two currencies.
    Currencies { line: u32, said: (String, String) },
    /// All is there, but the cells of a column look otherwise.
    OddValues { line: u32, column: String },
    /// All is there but the days that the report is of.
    NoPeriod { line: u32 },
    /// All is there, and a column beside that the rows cannot be understood without.
    OtherReport { line: u32, column: String },
    /// All is there, but above it stands that the rows are of a part of the visits.
    Part { line: u32, part: String },
}

/// Header cells of a format that a file must have for the format to be named as the nearest: one alone (`ID`, `Date`)
/// stands in many exports.
const NEARLY: usize = 2;
/// Of so many cells of the file one must be the format's: a few of many columns (`Дата`, `utm_source`) are of any export.
const OF_HEADER: usize = 3;

impl Misfit {
    /// The nearer of two; of equally near ones the first.
    pub(super) fn or_nearer(self, other: Self) -> Self {
        if other.nearness() > self.nearness() {
            other
        } else {
            self
        }
    }

    /// The stage, then cells that are there, then (less is more) those that are not.
    fn nearness(&self) -> (u8, usize, isize) {
        match self {
            Self::Unlike => (0, 0, 0),
            Self::Lacks {
                found,
                missing,
                tells,
                ..
            } => (
                1,
                if *tells { *found } else { 0 },
                -missing.len().cast_signed(),
            ),
            Self::OddValues { .. } | Self::Either { .. } | Self::Currencies { .. } => (2, 0, 0),
            Self::NoPeriod { .. } => (3, 0, 0),
            Self::OtherReport { .. } => (4, 0, 0),
            Self::Part { .. } => (5, 0, 0),
        }
    }

    /// Whether it is worth telling of a format that nobody asked for.
    fn is_near(&self) -> bool {
        match self {
            Self::Unlike => false,
            Self::Lacks {
                found,
                missing,
                header,
                tells,
                ..
            } => {
                let is_much = *found * OF_HEADER >= header.len();
                let is_nearly = *found >= NEARLY && missing.len() <= *found;
                *tells && is_nearly && (is_much || alike(missing, header).is_some())
            }
            Self::OddValues { .. }
            | Self::Either { .. }
            | Self::Currencies { .. }
            | Self::NoPeriod { .. }
            | Self::OtherReport { .. }
            | Self::Part { .. } => true,
        }
    }

    fn line(&self) -> u32 {
        match self {
            Self::Unlike => 1,
            Self::Lacks { line, .. }
            | Self::OddValues { line, .. }
            | Self::Either { line, .. }
            | Self::Currencies { line, .. }
            | Self::NoPeriod { line }
            | Self::OtherReport { line, .. }
            | Self::Part { line, .. } => *line,
        }
    }

    /// What is wrong, for a format of a name.
    fn message(&self, format: &str) -> String {
        match self {
            Self::Unlike => format!("is no export of the format {format}"),
            _ if self.is_unanswered() => format!(
                "the format {format} does not say yet which column is meant where it has \"{UNANSWERED}\""
            ),
            Self::Lacks { missing, .. } => format!(
                "column {} is missing, the format {format} needs it",
                missing.join(", ")
            ),
            Self::OddValues { column, .. } => format!(
                "the cells of the column \"{column}\" do not look as those of the format {format}"
            ),
            Self::Either {
                columns: (one, other),
                ..
            } => format!(
                "\"{one}\" and \"{other}\" are both what the format {format} reads one number from"
            ),
            Self::Currencies {
                said: (one, other), ..
            } => format!(
                "the amounts are of {one} and of {other}, by what the header and the lines above it or the file's name say: {format} \
                 reads one currency"
            ),
            Self::NoPeriod { .. } => format!(
                "neither the lines above the header nor the file's name say which days these are, the format {format} needs them"
            ),
            Self::Part { part, .. } => format!(
                "the report is of \"{part}\" only, and not of all visits: {format} would count a part for the whole"
            ),
            Self::OtherReport { column, .. } => format!(
                "the column \"{column}\" makes it another report: {format} does not read it, and its rows mean something else without it"
            ),
        }
    }

    /// Whether a draft is asked for a column that nobody has named yet.
    fn is_unanswered(&self) -> bool {
        let unanswered = format!("\"{UNANSWERED}\"");
        matches!(self, Self::Lacks { missing, .. } if missing.contains(&unanswered))
    }

    fn hint(&self) -> String {
        match self {
            _ if self.is_unanswered() => {
                "in its file in the pipeline's `formats` folder, answer what follows \"look:\": put the name of the column there; \
                 without such a column the file is of another table, or cannot be read"
                    .to_owned()
            }
            Self::Unlike => "`voronka inspect` tells which format fits".to_owned(),
            Self::Lacks { missing, header, .. } => match alike(missing, header) {
                Some(cell) => format!(
                    "the file has \"{cell}\": if that is it, add the name to a copy of the format in the pipeline's `formats` folder"
                ),
                None => "add the column to the export, or let `voronka inspect` tell which format fits"
                    .to_owned(),
            },
            Self::OddValues { .. } => {
                "export the column as the format describes it, or name the format in the `[[exports]]` of the pipeline"
                    .to_owned()
            }
            Self::Either { .. } => {
                "keep the column that counts, or name it in a copy of the format in the pipeline's `formats` folder"
                    .to_owned()
            }
            Self::Currencies { .. } => {
                "export each currency to a file of its own, or add a column of currencies"
                    .to_owned()
            }
            Self::NoPeriod { .. } => {
                "add a column of days to the report, or keep the name that it was downloaded with"
                    .to_owned()
            }
            Self::Part { .. } => {
                "take the comparison or the filter off the report, so that it says \"All Users\", and download it again"
                    .to_owned()
            }
            Self::OtherReport { column, .. } => format!(
                "download the report without that column, or copy the format into the pipeline's `formats` folder and read it there; if it may be passed over, list \"{column}\" in `recognise.passed_over`"
            ),
        }
    }

    /// What to tell somebody about a file that a format does not fit.
    fn fault(&self, label: &str, format: &Format) -> Fault {
        let message = self.message(&format.name);
        let mut fault = match self {
            Self::Unlike => Fault::new(message).at(label),
            _ => Fault::new(message).at(format!("{label}:{}", self.line())),
        };
        if let Some(hint) = &format.recognise.hint {
            fault = fault.hint(hint.clone());
        }
        fault.hint(self.hint())
    }
}

/// Letters that two names must share to be told as alike: shorter ones (`ID`) are part of many.
const ALIKE_LETTERS: usize = 4;

/// A header cell that has one of the missing names in it, or is in one: a column that was renamed.
fn alike<'a>(missing: &[String], header: &'a [String]) -> Option<&'a String> {
    let is_long = |text: &str| text.chars().count() >= ALIKE_LETTERS;
    let missing: Vec<String> = missing
        .iter()
        .map(|name| name.trim_matches('"').to_lowercase())
        .collect();
    header.iter().find(|cell| {
        let cell = cell.to_lowercase();
        let shares = |name: &String| cell.contains(name.as_str()) || name.contains(&cell);
        is_long(&cell) && missing.iter().any(|name| is_long(name) && shares(name))
    })
}

/// What is said when no format fits: what the nearest lacks, or what the file begins with.
pub(super) fn no_format_fits(
    source: &Source,
    head: &Head,
    nearest: Option<(&Format, Misfit)>,
) -> Fault {
    let draft = format!(
        "`voronka inspect --save NAME {}` drafts a format for it",
        source.path.display()
    );
    if let Some((format, misfit)) = nearest.filter(|(_, misfit)| misfit.is_near()) {
        let fault = misfit.fault(&source.label, format);
        // A draft is there already.
        return match misfit.is_unanswered() {
            true => fault,
            false => fault.hint(draft),
        };
    }
    let begins = first_line(head);
    if says_no_rows(&begins) {
        return Fault::new(format!("the report has no rows: it says \"{begins}\""))
            .at(&source.label)
            .hint("download it for a period that has some, or leave it out");
    }
    Fault::new(format!("no format fits: the file begins with \"{begins}\""))
        .at(&source.label)
        .hint(draft)
}

/// What is said when several formats fit equally well.
pub(super) fn several_fit(source: &Source, names: &[&str]) -> Fault {
    let message = format!(
        "is an export of {}, as far as its header tells",
        names.join(" and of ")
    );
    let hint = format!(
        "say which: `format = \"{}\"` in the `[[exports]]` of the pipeline",
        names[0]
    );
    Fault::new(message).at(&source.label).hint(hint)
}

/// Lines among which the first that says something is looked for: comments above a header are fewer.
const TOP_LINES: usize = 20;
/// Characters of a file's first line that are shown: enough to know the file by, and one line of a terminal.
const SHOWN_CHARS: usize = 80;

/// The beginning of a file as it may be shown: of the lines at its top the first that is neither empty nor a comment.
fn first_line(head: &Head) -> String {
    let lines = head.bytes.split(|byte| *byte == head.line_end);
    let says_something = |line: &&[u8]| {
        let line = line.trim_ascii();
        !line.is_empty() && !line.starts_with(b"#")
    };
    let line = lines.take(TOP_LINES).find(says_something);
    let line = line.unwrap_or_default();
    let text = String::from_utf8_lossy(line);
    let text = text.replace(char::from(GRID.delimiter), ";");
    let text: String = text.chars().filter(|symbol| !symbol.is_control()).collect();
    // Masked before it is cut: a number that is cut might be too short to be known for one.
    mask_contacts(&text).chars().take(SHOWN_CHARS).collect()
}

/// A first line may be a row of people when the header is missing: what looks like a number or an address is hidden.
pub fn mask_contacts(text: &str) -> String {
    let contacts = Regex::new(CONTACTS).expect("the pattern is fixed");
    contacts.replace_all(text, "…").into_owned()
}

/// Addresses, and telephone numbers as people write them. Seven digits is the shortest that `model::contact` takes for
/// somebody's number; a date has none of these forms.
const CONTACTS: &str = r#"(?x)
    [^\s,;|"]+@[^\s,;|"]+                        # name@example.com
    | \+\d[\d\ ()\-]{7,}\d                      # +7 (900) 123-45-67
    | \d?[\ \-]?\(\d{3,5}\)[\ \-]?\d[\d\ \-]{3,}\d # 8 (8142) 20-00-01
    | (?:\d[\ \-])?\d{3}[\ \-]\d{3}[\ \-]?\d{2}[\ \-]?\d{2} # 8 900 123-45-67
    | \d{7,}
"#;

/// Why a file is no export of the format that was asked for.
pub(super) fn misfit(source: &Source, format: &Format, misfit: &Misfit) -> Fault {
    misfit.fault(&source.label, format)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_renamed_column_is_found_by_what_its_names_share() {
        let header = ["ID", "Телефон клиента"].map(str::to_owned);
        let missing = ["\"Телефон\"".to_owned()];
        assert_eq!(alike(&missing, &header), Some(&header[1]));
        assert_eq!(alike(&["\"ID сделки\"".to_owned()], &header), None);
    }

    #[test]
    fn people_are_hidden_and_the_rest_of_a_line_stays() {
        let cases = [
            ("Иван;+7 (900) 123-45-67;да", "Иван;…;да"),
            ("8 900 123-45-67,anna@firm.example", "…,…"),
            ("8(8142)20-00-01|79001234567", "…|…"),
            (
                "2026-11-09 10:05;12;1 200,50",
                "2026-11-09 10:05;12;1 200,50",
            ),
            (
                "Date,Source / medium,Sessions",
                "Date,Source / medium,Sessions",
            ),
        ];
        for (line, shown) in cases {
            assert_eq!(mask_contacts(line), shown);
        }
    }
}
