//! What is said of an export that was read.

use std::path::Path;

use super::ExportOutcome;
use crate::ingest::format::Format;
use crate::ingest::source::Source;
use crate::ingest::{FileOutcome, Planned};
use crate::lake::catalog::FileAccount;
use crate::lake::rejects::RejectRow;
use crate::lake::scan::day_from_number;
use crate::lake::writer::{NoKey, Otherwise, Vanished};
use crate::model::fault::Fault;
use crate::run::environment::Console;

/// Rejects shown per file; all of them are in the lake.
const SHOWN_REJECTS: usize = 5;

/// Says what became of an export, to people and to the log.
pub(super) fn tell(console: &dyn Console, outcome: &ExportOutcome) {
    let rows = |number: fn(&FileAccount) -> u64| outcome.files.iter().map(number).sum::<u64>();
    tracing::info!(
        export = outcome.export,
        files = outcome.files.len(),
        known_files = outcome.known,
        broken_files = outcome.errors.len(),
        rows_read = rows(|file| file.read),
        rows_kept = rows(|file| file.kept),
        rows_rejected = rows(|file| file.rejected),
        "export ingested"
    );
    for file in &outcome.files {
        console.line(&format!(
            "ingest {}: {} ({}): read {} = kept {} + replaced {} + rejected {}{}",
            outcome.export,
            file.file,
            file.format,
            file.read,
            file.kept,
            file.replaced,
            file.rejected,
            if file.skipped > 0 {
                format!(
                    "; {} totals, headers or blank rows passed over",
                    file.skipped
                )
            } else {
                String::new()
            }
        ));
        for cells in &file.nameless {
            console.line(&format!(
                "ingest {}: {}: {cells}",
                outcome.export, file.file
            ));
        }
    }
    for vanished in &outcome.vanished {
        let file = &outcome.files[vanished.file as usize].file;
        console.line(&vanished_line(&outcome.export, file, vanished));
    }
    match (
        outcome.known,
        outcome.files.is_empty() && outcome.errors.is_empty(),
    ) {
        (0, true) => console.line(&format!("ingest {}: no files", outcome.export)),
        (0, false) => {}
        (known, _) => console.line(&format!(
            "ingest {}: {known} files already in the lake",
            outcome.export
        )),
    }
}

/// Says what was told from the files and is otherwise than their formats say.
pub(super) fn tell_notes(console: &dyn Console, export: &str, planned: &[Planned]) {
    for file in planned {
        for note in &file.layout.notes {
            console.line(&format!("ingest {export}: {}: {note}", file.source.label));
        }
    }
}

/// Says what had to be concluded without a file's own word.
pub(super) fn tell_doubts(
    console: &dyn Console,
    export: &str,
    planned: &[Planned],
    outcomes: &[FileOutcome],
) {
    for (file, outcome) in planned.iter().zip(outcomes) {
        for doubt in &outcome.doubts {
            console.line(&format!("ingest {export}: {}: {doubt}", file.source.label));
        }
    }
}

/// What is said of a file that has an id twice, of different people: too few for a file without a key, but each replaced
/// another.
pub(super) fn strangers_told(rows: u64) -> Option<String> {
    let rows = match rows {
        0 => return None,
        1 => "1 row has".to_owned(),
        many => format!("{many} rows have"),
    };
    Some(format!(
        "{rows} the id of another one, of somebody else and of another time, which stands for it"
    ))
}

/// The name of a file beside another one: with its folder where both are called alike.
pub(super) fn name_beside(source: &Source, other: &str) -> String {
    let folder = source.path.parent().and_then(Path::file_name);
    match folder {
        Some(folder) if source.label == other => {
            format!("{}/{}", folder.to_string_lossy(), source.label)
        }
        _ => source.label.clone(),
    }
}

/// What is said of a file of totals whose days a newer one tells with other numbers.
pub(super) fn otherwise_told(told: &Otherwise, newer: &str) -> String {
    format!(
        "{newer} tells the same days and counts in its place, with {} % of its numbers: where the two are of different sites, \
         counters or accounts, make an [[exports]] of each",
        told.percent
    )
}

/// What is said of deals that a newer file has no longer.
fn vanished_line(export: &str, file: &str, vanished: &Vanished) -> String {
    let deals = match vanished.records {
        1 => "1 deal".to_owned(),
        many => format!("{many} deals"),
    };
    let days = match (
        day_from_number(vanished.first),
        day_from_number(vanished.last),
    ) {
        (first, last) if first == last => format!("{first}"),
        (first, last) => format!("{first}..{last}"),
    };
    let is = if vanished.records == 1 { "is" } else { "are" };
    let effect = if vanished.gone {
        "taken out of the lake".to_owned()
    } else {
        "kept in the lake; if each file of this export is all there is, say `complete = true` in its [[exports]]"
            .to_owned()
    };
    format!("ingest {export}: {deals} of {days} {is} no longer in the export ({file}): {effect}")
}

/// What is said of a file most of whose rows share their key.
pub(super) fn no_key(fault: &NoKey, file: &Planned, formats: &[Format]) -> Fault {
    let format = &formats[file.layout.format];
    let (rows, values) = (fault.rows, fault.values);
    let message = format!(
        "{rows} rows share {values} {} of \"{}\": this column is no key, each would replace the one before",
        if values == 1 { "value" } else { "values" },
        file.key_cell(format)
    );
    let hint = format!(
        "was the file saved by a spreadsheet? then download it again; map the column that tells its rows apart \
         (numbers that begin anew do not), or \
         say `no_id = true` in the format \"{}\" when there is none",
        format.name
    );
    Fault::new(message).at(&file.source.label).hint(hint)
}

/// Shows the first rejected rows.
pub(super) fn show_rejects(console: &dyn Console, rejects: &[RejectRow]) {
    for row in rejects.iter().take(SHOWN_REJECTS) {
        let shown = if row.value.is_empty() {
            String::new()
        } else {
            format!(" \"{}\"", row.value)
        };
        console.line(&format!(
            "rejected {}:{}: {}: {}{shown}",
            row.file, row.line, row.column, row.reason
        ));
    }
    if rejects.len() > SHOWN_REJECTS {
        let rest = rejects.len() - SHOWN_REJECTS;
        console.line(&format!(
            "rejected {rest} more rows; all are in the lake's table `rejects`"
        ));
    }
}
