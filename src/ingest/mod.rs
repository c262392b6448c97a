//! Bytes to text to typed rows: exports are recognised, decoded, taken apart and read by formats that are data.

mod account;
pub mod adapters;
#[cfg(test)]
mod carriers_tests;
pub mod cells;
mod clock;
mod collect;
mod copies;
mod day_once;
pub mod describe;
pub mod detect;
mod direction;
mod draft;
pub mod format;
mod format_check;
pub mod formats;
mod glued;
mod group;
pub mod identity;
pub mod inspect;
mod latest;
mod named;
pub mod nameless;
mod newness;
mod notes;
mod outcome;
mod pages;
mod parse;
mod planned;
pub mod records;
pub mod reject;
mod seen;
pub mod sheets;
mod shown;
pub mod source;
mod spam;
mod survey;
mod totals;

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use self::adapters::Adapted;
use self::collect::Collected;
use self::detect::Layout;
use self::format::Format;
use self::glued::Glued;
use self::identity::IdentityKey;
use self::latest::Latest;
use self::notes::Notes;
pub use self::outcome::{FileError, FileOutcome};
use self::parse::{Context, Extent, FileParser, Parsed, Tally};
pub use self::planned::{Planned, plan};
use self::records::{Padded, Splitter};
use self::spam::Spam;
use self::totals::Totals;
use crate::model::columns::{Columns, Dictionary, dictionaries};
use crate::model::fault::Fault;
use crate::model::tables::TableSchema;

/// How one export is to be read.
pub struct ExportRules<'a> {
    /// Format by name; `None` is found from each file's content.
    pub format: Option<&'a str>,
    /// Zone of the export's clock; `None` is the format's own, else the business zone.
    pub zone: Option<Tz>,
    /// Zone of business days.
    pub business_zone: Tz,
    /// Words that make a row spam.
    pub spam_words: &'a [String],
    /// Contacts of tests and spammers.
    pub spam_contacts: &'a [String],
    /// Settings of the adapter.
    pub options: &'a BTreeMap<String, toml::Value>,
    /// Key for contacts.
    pub key: &'a IdentityKey,
    /// The moment of the reading: what lies after it has not happened.
    pub now: DateTime<Utc>,
}

/// What takes a file apart, and what makes columns of its rows.
fn readers<'a>(
    format: &'a Format,
    layout: &'a Layout,
    table: &'static TableSchema,
    label: &'a str,
    extent: Extent,
) -> (Splitter, FileParser<'a>) {
    let parser = FileParser::new(format, layout, table, label, extent);
    let (dialect, width) = (layout.dialect.clone(), layout.header.len());
    let splitter = Splitter::new(dialect, width, parser.cells(), layout.first_line);
    (splitter, parser)
}

/// The table that a format's rules fill: its own, or what its adapter takes.
fn input_table(format: &Format) -> Result<&'static TableSchema> {
    match &format.adapter {
        Some(adapter) => Ok(adapters::named(adapter)?.input),
        None => Ok(format.table()),
    }
}

/// The zone of the export's clock: the pipeline's word goes before the format's.
fn zone_of(format: &Format, rules: &ExportRules<'_>) -> Tz {
    let said = rules.zone.or(format.bytes.zone);
    said.unwrap_or(rules.business_zone)
}

/// The zone of a file's clock: its own word, which the pipeline's does not contradict, else the export's.
fn zone_of_file(file: &Planned, format: &Format, rules: &ExportRules<'_>) -> Tz {
    let own = file.layout.zone.as_ref().map(|said| said.zone);
    own.unwrap_or_else(|| zone_of(format, rules))
}

fn context<'a>(
    format: &Format,
    table: &'static TableSchema,
    rules: &ExportRules<'a>,
) -> Context<'a> {
    Context {
        clock: clock::Clock::new(zone_of(format, rules), rules.business_zone),
        latest: Latest::at(rules.now, rules.business_zone),
        key: rules.key,
        spam: Spam::new(rules.spam_words, rules.spam_contacts, rules.key),
        dictionaries: dictionaries(table),
        // A row that comes twice, in two overlapping files, must count once when rows are put together.
        hash_rows: format.adapter.is_some() || format.group.is_some(),
    }
}

/// The one table that the planned files feed.
///
/// # Errors
/// When they are of different tables: an export is one system's.
pub fn table_of(planned: &[Planned], formats: &[Format]) -> Result<&'static TableSchema> {
    let table_of = |file: &Planned| formats[file.layout.format].table();
    let Some(first) = planned.first() else {
        bail!("no files to read")
    };
    let table = table_of(first);
    let mut others = planned.iter();
    let Some(other) = others.find(|file| table_of(file).name != table.name) else {
        return Ok(table);
    };
    let message = format!(
        "feeds the table {}, but {} feeds {}",
        table_of(other).name,
        first.source.label,
        table.name
    );
    let hint = "an export is one system's files: make two [[exports]] of them";
    let fault = Fault::new(message).at(&other.source.label).hint(hint);
    Err(fault.into())
}

/// Receives rows on their way to the lake: the file's position, the rows, and the dictionaries of their texts.
pub type Sink<'a> = dyn FnMut(u32, &Columns, &mut Vec<Dictionary>) -> Result<()> + 'a;

/// Reads planned files into `sink`, in order. Returns an outcome a file and the dictionaries of the last rows.
///
/// # Errors
/// A [`FileError`] when a file breaks off or cannot be read; nothing of the batch may be used then.
pub fn read(
    planned: &[Planned],
    formats: &[Format],
    rules: &ExportRules<'_>,
    sink: &mut Sink<'_>,
    progress: &dyn Fn(u64),
) -> Result<(Vec<FileOutcome>, Vec<Dictionary>)> {
    let Some(first) = planned.first() else {
        bail!("no files to read")
    };
    let format = &formats[first.layout.format];
    let table = input_table(format)?;
    let mut context = context(format, table, rules);
    // Rows that are to be put together wait for all others; else nothing is held but the chunk at hand.
    let mut collected = context.hash_rows.then(|| Collected::empty(table));
    let mut outcomes = Vec::new();
    for (at, file) in planned.iter().enumerate() {
        let mut take = |parsed: Parsed, context: &mut Context<'_>| match collected.as_mut() {
            Some(collected) => {
                collected.add(at as u32, &parsed);
                Ok(())
            }
            None => hand_over(at as u32, parsed, context, sink),
        };
        let format = &formats[file.layout.format];
        context.clock.read_by(zone_of_file(file, format, rules));
        let outcome = read_file(file, format, table, &mut context, &mut take, progress);
        outcomes.push(outcome.map_err(|error| FileError { file: at, error })?);
    }
    if let Some(collected) = collected {
        let spreads = group::spreads(planned, formats);
        let made = finish_collected(collected, format, &spreads, rules, context, outcomes, sink);
        return made.map_err(|error| outcome::of_file(error, planned));
    }
    outcome::tell_accounts(&mut outcomes);
    Ok((outcomes, context.dictionaries))
}

/// Sends the rows of a chunk on their way at once.
fn hand_over(
    file: u32,
    parsed: Parsed,
    context: &mut Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<()> {
    let mut columns = parsed.columns;
    context.spam.mark_contacts(&mut columns);
    sink(file, &columns, &mut context.dictionaries)
}

/// Reads a file through, block by block; `take` gets the rows of each.
fn read_file(
    file: &Planned,
    format: &Format,
    table: &'static TableSchema,
    context: &mut Context<'_>,
    take: &mut dyn FnMut(Parsed, &mut Context<'_>) -> Result<()>,
    progress: &dyn Fn(u64),
) -> Result<FileOutcome> {
    let mut outcome = FileOutcome::default();
    let mut tally = Tally::default();
    let (mut messages, mut robots, mut trials) = (0, 0, 0);
    let mut padded = Padded::default();
    let (layout, label) = (&file.layout, &file.source.label);
    let (mut splitter, mut parser) = readers(format, layout, table, label, Extent::Whole);
    let mut totals = Totals::of(format, &file.layout, table, label);
    let mut glued = Glued::of(table);
    let mut notes = Notes::default();
    let mut names = named::Names::default();
    let mut counts = seen::Counts::of(format, &file.layout, table);
    // Preamble and header, which may end behind the first block.
    let mut to_skip = file.layout.data_at;
    let fingerprint = source::Fingerprint::default();
    let mut blocks = source::blocks(&file.source, file.encoding, &fingerprint).peekable();
    while let Some(block) = blocks.next() {
        let mut block = block?;
        progress(block.len() as u64);
        let skipped = to_skip.min(block.len());
        block.drain(..skipped);
        to_skip -= skipped;
        let is_last = blocks.peek().is_none();
        let chunk = splitter.push(block, is_last);
        chunk.refuse_hollow(&file.source.label)?;
        padded.add(&chunk.padded);
        let mut parsed = parser.parse(&chunk, context);
        if let Some(breach) = parsed.breach {
            return Err(breach.fault(&file.source.label).into());
        }
        notes.look(&parsed);
        if let Some(glued) = &mut glued {
            glued.look(&parsed, &file.source.label)?;
        }
        if let Some(totals) = &mut totals {
            totals.sift(&mut parsed, &context.dictionaries, parser.labels())?;
        }
        counts.add(&parsed.columns);
        outcome.read += parsed.read;
        outcome.skipped += parsed.skipped;
        messages += parsed.messages;
        robots += parsed.robots;
        trials += parsed.trials;
        outcome.rejects.append(&mut parsed.rejects);
        outcome.nameless.add(&parsed.nameless);
        tally.absorb(&parsed.tally);
        outcome.accounts.append(&mut parsed.accounts);
        if format.no_id {
            named::by_content(&mut parsed.columns, &mut context.dictionaries, &mut names);
        }
        take(parsed, context)?;
    }
    if let Some(totals) = totals {
        let mut sifted = totals.finish(&context.dictionaries, parser.labels())?;
        outcome.read -= sifted.totals;
        outcome.skipped += sifted.totals;
        outcome.rejects.append(&mut sifted.rejects);
        outcome.doubts.append(&mut sifted.doubts);
        outcome.remarks.append(&mut sifted.remarks);
        counts.add(&sifted.columns);
        take(Parsed::of_columns(sifted.columns), context)?;
    }
    notes.forgive(&mut outcome);
    if let Some(fault) = tally.fault(outcome.read).or(names.fault(&format.name)) {
        return Err(fault.at(&file.source.label).into());
    }
    if let Some(fault) = day_once::fault(&outcome, format, layout, table) {
        return Err(fault.into());
    }
    (outcome.due, outcome.ahead) = (tally.due, tally.ahead);
    outcome.seen = counts.seen();
    outcome.doubts.extend(outcome::messages_told(messages));
    outcome.doubts.extend(outcome::robots_told(robots));
    outcome.doubts.extend(outcome::trials_told(trials));
    let nameless_systems = outcome::nameless_systems(&outcome.seen, format);
    outcome.remarks.extend(nameless_systems);
    let no_contacts = outcome::no_contacts(&outcome.seen, &outcome.nameless, format);
    outcome.remarks.extend(no_contacts);
    outcome.remarks.extend(outcome::padded_told(&padded));
    // Of all others the hash was made before.
    if file.source.is_hashed_while_read() {
        outcome.hash = fingerprint.text();
    }
    Ok(outcome)
}

/// Formats whose records span several rows are put together when all rows are there.
fn finish_collected(
    collected: Collected,
    format: &Format,
    spreads: &[bool],
    rules: &ExportRules<'_>,
    mut context: Context<'_>,
    mut outcomes: Vec<FileOutcome>,
    sink: &mut Sink<'_>,
) -> Result<(Vec<FileOutcome>, Vec<Dictionary>)> {
    let input_files = collected.files.clone();
    let mut made = put_together(collected, format, spreads, rules, &mut context)?;
    for (file, is_used) in input_files.iter().zip(&made.used) {
        if !is_used {
            outcomes[*file as usize].replaced += 1;
        }
    }
    context.spam.mark_contacts(&mut made.columns);
    clock::date_rows(&mut made.columns, &mut context.clock);
    for (file, doubt) in std::mem::take(&mut made.doubts) {
        outcomes[file as usize].doubts.push(doubt);
    }
    for (file, remark) in std::mem::take(&mut made.remarks) {
        outcomes[file as usize].remarks.push(remark);
    }
    for (file, rows) in collect::rows_by_file(&made.files) {
        sink(file, &made.columns.gather(&rows), &mut made.texts)?;
    }
    Ok((outcomes, made.texts))
}

/// Rows of the format's table from the collected ones: by its adapter, else by its group, else as they are.
fn put_together(
    mut collected: Collected,
    format: &Format,
    spreads: &[bool],
    rules: &ExportRules<'_>,
    context: &mut Context<'_>,
) -> Result<Adapted> {
    if let Some(name) = &format.adapter {
        let input = adapters::Input {
            rows: &collected,
            texts: &context.dictionaries,
            options: rules.options,
            zone: context.clock.zone(),
            key: rules.key,
        };
        return (adapters::named(name)?.adapt)(&input);
    }
    let joined = match &format.group {
        Some(group) => group::join(&mut collected, group, spreads),
        None => group::Joined {
            used: vec![true; collected.columns.rows()],
            notes: Vec::new(),
        },
    };
    Ok(Adapted {
        columns: collected.columns,
        texts: std::mem::take(&mut context.dictionaries),
        files: collected.files,
        used: joined.used,
        notes: Vec::new(),
        doubts: joined.notes,
        remarks: Vec::new(),
    })
}
