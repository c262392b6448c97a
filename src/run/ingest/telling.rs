//! What is said of an export that was read.

use super::ExportOutcome;
use crate::ingest::Planned;
use crate::lake::catalog::FileAccount;
use crate::lake::rejects::RejectRow;
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
