//! Exports into the lake: each export of the pipeline is one batch, visible all at once.

mod drift;
mod found;
mod known;
mod outcome;
mod telling;

use std::path::PathBuf;

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

use self::found::{Found, files_by_export};
pub use self::outcome::{ExportOutcome, Ingested};
use super::environment::Environment;
use crate::config::{ExportPlan, Plan};
use crate::ingest::format::Format;
use crate::ingest::formats;
use crate::ingest::identity::IdentityKey;
use crate::ingest::source::Source;
use crate::ingest::{self, ExportRules, FileError, FileOutcome, Planned};
use crate::lake::Lake;
use crate::lake::catalog::FileAccount;
use crate::lake::rejects::RejectRow;
use crate::lake::stamps::Stamp;
use crate::lake::writer::{BatchWriter, Incoming, NoKey, Telling, Vanished};
use crate::model::fault::Fault;
use crate::model::tables::TableSchema;

/// Reading rules of one export of a plan.
pub fn rules<'a>(
    plan: &Plan,
    export: &'a ExportPlan,
    key: &'a IdentityKey,
    now: DateTime<Utc>,
) -> ExportRules<'a> {
    ExportRules {
        format: export.format.as_deref(),
        zone: export.zone,
        business_zone: plan.zone,
        spam_words: export.spam_words.as_slice(),
        spam_contacts: &export.spam_contacts,
        options: &export.options,
        key,
        now,
    }
}

/// Takes the exports of a pipeline into its lake; with `only`, just these files.
///
/// A file that cannot be read is an error of its own and keeps nothing else out.
///
/// # Errors
/// When the lake cannot be written or is being changed by another process, or a given file belongs to no export.
pub fn ingest(
    lake: &mut Lake,
    plan: &Plan,
    only: &[PathBuf],
    environment: &Environment<'_>,
) -> Result<Ingested> {
    let _lock = lake.lock()?;
    let key = IdentityKey::load(&lake.key_file())?.in_countries(plan.countries.clone());
    let formats = formats::load_all(&plan.formats)?;
    known_formats(plan, &formats)?;
    let mut ingested = Ingested::default();
    for Found {
        export,
        paths,
        errors,
    } in files_by_export(plan, only)?
    {
        let mut job = Job {
            lake,
            plan,
            export,
            formats: &formats,
            key: &key,
            environment,
        };
        let outcome = job.run(&paths);
        let mut outcome = outcome.with_context(|| format!("export \"{}\"", export.name))?;
        outcome.errors.extend(errors);
        ingested.exports.push(outcome);
    }
    Ok(ingested)
}

/// Whether every format that the pipeline names is there.
///
/// # Errors
/// For the first export that names another: with the pipeline's file.
pub fn known_formats(plan: &Plan, formats: &[Format]) -> Result<(), Fault> {
    for export in &plan.exports {
        let Some(name) = &export.format else { continue };
        ingest::detect::named(name, formats).map_err(|fault| {
            fault.at(format!(
                "{}: export \"{}\"",
                plan.file.display(),
                export.name
            ))
        })?;
    }
    Ok(())
}

/// One export on its way into the lake.
struct Job<'a> {
    lake: &'a mut Lake,
    plan: &'a Plan,
    export: &'a ExportPlan,
    formats: &'a [Format],
    key: &'a IdentityKey,
    environment: &'a Environment<'a>,
}

/// A file to read, with the hash of its content where that had to be known before.
struct Fresh {
    source: Source,
    hash: Option<String>,
    stamp: Option<Stamp>,
}

impl Job<'_> {
    fn run(&mut self, paths: &[PathBuf]) -> Result<ExportOutcome> {
        let mut outcome = ExportOutcome {
            export: self.export.name.clone(),
            ..ExportOutcome::default()
        };
        let now = self.environment.now;
        let catalog = &self.lake.catalog;
        let fresh = known::fresh(
            catalog,
            &self.export.name,
            paths,
            now.timestamp_millis(),
            &mut outcome,
        )?;
        let rules = rules(self.plan, self.export, self.key, now);
        let sources = fresh.iter().map(|file| file.source.clone()).collect();
        let (mut planned, errors) = ingest::plan(sources, self.formats, &rules);
        outcome.errors.extend(errors);
        telling::tell_notes(self.environment.console, &self.export.name, &planned);
        while !planned.is_empty() {
            match self.batch(&planned, &fresh, &rules) {
                Ok((files, vanished)) => {
                    outcome.files = files;
                    outcome.vanished = vanished;
                    break;
                }
                Err(error) => match error.downcast::<FileError>() {
                    // The batch is void; the other files are read again without the broken one.
                    Ok(broken) => {
                        planned.remove(broken.file);
                        outcome.errors.push(broken.error);
                    }
                    Err(error) => return Err(error),
                },
            }
        }
        telling::tell(self.environment.console, &outcome);
        Ok(outcome)
    }

    /// Reads the files and commits them as one batch.
    fn batch(
        &mut self,
        planned: &[Planned],
        fresh: &[Fresh],
        rules: &ExportRules<'_>,
    ) -> Result<(Vec<FileAccount>, Vec<Vanished>)> {
        let table = ingest::table_of(planned, self.formats)?;
        let committed_at = self.knowledge_time()?;
        let incoming = self.incoming(planned);
        let mut writer = BatchWriter::new(self.lake, table, incoming, committed_at)?;
        let console = self.environment.console;
        let total: u64 = planned.iter().map(|file| file.source.size).sum();
        let (outcomes, texts) = ingest::read(
            planned,
            self.formats,
            rules,
            &mut |file, columns, texts| writer.add(file, columns, texts),
            &|bytes| console.progress(&self.export.name, total, bytes),
        )?;
        let written = writer.finish(&texts);
        let written = written.map_err(|error| self.named(error, planned))?;
        let vanished = written.vanished.clone();
        console.progress_done();
        let mut files = self.accounts(planned, fresh, &outcomes, &written.replaced);
        telling::tell_doubts(console, &self.export.name, planned, &outcomes);
        for told in &written.otherwise {
            let newer = telling::name_beside(&planned[told.by].source, &files[told.file].file);
            let text = telling::otherwise_told(told, &newer);
            files[told.file].remarks.push(text);
        }
        self.remark(&mut files, &written.strangers)?;
        let rejects = reject_rows(outcomes);
        telling::show_rejects(self.environment.console, &rejects);
        let zone = rules.zone.unwrap_or(rules.business_zone).name();
        self.commit(written, table, zone, &files, &rejects, committed_at)?;
        Ok((files, vanished))
    }

    /// Adds what is otherwise in files than was to be expected, and says all remarks.
    fn remark(&self, files: &mut [FileAccount], strangers: &[u64]) -> Result<()> {
        let export = &self.export.name;
        for (file, rows) in files.iter_mut().zip(strangers) {
            file.remarks.extend(telling::strangers_told(*rows));
        }
        let mut told = Vec::new();
        for drift in drift::told(&self.lake.catalog, export, files)? {
            match drift.is_loss {
                true => files[drift.file].remarks.push(drift.text),
                false => told.push((drift.file, drift.text)),
            }
        }
        for (at, file) in files.iter().enumerate() {
            let others = told.iter().filter(|(of, _)| *of == at);
            for text in others.map(|(_, text)| text).chain(&file.remarks) {
                let line = format!("ingest {export}: {}: {text}", file.file);
                self.environment.console.line(&line);
            }
        }
        Ok(())
    }

    fn incoming(&self, planned: &[Planned]) -> Incoming {
        let telling = |file: &Planned| Telling {
            id: file.number(),
            breakdown: file.breakdown(&self.formats[file.layout.format]),
        };
        Incoming {
            export: self.export.name.clone(),
            files: planned.iter().map(telling).collect(),
            complete: self.export.complete,
        }
    }

    /// What the lake says of a file by its position, as it is said of a file by its name.
    fn named(&self, error: anyhow::Error, planned: &[Planned]) -> anyhow::Error {
        match error.downcast::<NoKey>() {
            Ok(fault) => {
                let file = fault.file;
                let error = telling::no_key(&fault, &planned[file], self.formats).into();
                FileError { file, error }.into()
            }
            Err(error) => error,
        }
    }

    fn commit(
        &mut self,
        written: crate::lake::writer::Written,
        table: &'static TableSchema,
        zone: &str,
        files: &[FileAccount],
        rejects: &[RejectRow],
        committed_at: DateTime<Utc>,
    ) -> Result<()> {
        written.commit(
            self.lake,
            (table, &self.export.name, zone),
            files,
            rejects,
            committed_at,
        )
    }

    /// Knowledge only grows: a clock that was set back does not put new rows before old ones.
    fn knowledge_time(&self) -> Result<DateTime<Utc>> {
        let newest = self.lake.catalog.snapshot(DateTime::<Utc>::MAX_UTC)?;
        Ok(newest.map_or(self.environment.now, |(_, at)| at.max(self.environment.now)))
    }

    fn accounts(
        &self,
        planned: &[Planned],
        fresh: &[Fresh],
        outcomes: &[FileOutcome],
        replaced: &[u64],
    ) -> Vec<FileAccount> {
        let hash = |source: &Source, outcome: &FileOutcome| {
            let known = fresh.iter().find(|file| file.source == *source);
            known
                .and_then(|file| file.hash.clone())
                .unwrap_or_else(|| outcome.hash.clone())
        };
        let now = self.environment.now.timestamp_millis();
        let account = |((file, outcome), later): ((&Planned, &FileOutcome), &u64)| {
            let rejected = outcome.rejects.len() as u64;
            let known = fresh.iter().find(|known| known.source == file.source);
            let stamp = known.and_then(|known| known.stamp.as_ref());
            let replaced = outcome.replaced + later;
            FileAccount {
                file: file.source.label.clone(),
                hash: hash(&file.source, outcome),
                size: file.source.size,
                format: self.formats[file.layout.format].name.clone(),
                read: outcome.read,
                kept: outcome.read.saturating_sub(rejected + replaced),
                replaced,
                rejected,
                skipped: outcome.skipped,
                ahead: outcome.ahead,
                due_at: outcome.due,
                stamp: stamp.and_then(|stamp| stamp.kept(now)),
                nameless: outcome.nameless.cells(),
                seen: outcome.seen.clone(),
                remarks: outcome.remarks.clone(),
            }
        };
        planned
            .iter()
            .zip(outcomes)
            .zip(replaced)
            .map(account)
            .collect()
    }
}

fn reject_rows(outcomes: Vec<FileOutcome>) -> Vec<RejectRow> {
    let rejects = outcomes.into_iter().flat_map(|outcome| outcome.rejects);
    rejects
        .map(|reject| RejectRow {
            file: reject.file,
            line: reject.line,
            column: reject.column,
            value: reject.value,
            reason: reject.reason,
        })
        .collect()
}
