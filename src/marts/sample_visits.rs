//! Visits drawn by chance and taken into a lake, for tests of what is counted of them.

use std::path::Path;

use chrono::DateTime;
use proptest::prelude::*;

use crate::config::Plan;
use crate::lake::Lake;
use crate::lake::writer::{BatchWriter, Incoming, Telling};
use crate::model::columns::{Columns, Dictionary, Values, dictionaries};
use crate::model::tables::SESSIONS;

/// 9 November 2026.
pub(super) const MONDAY: i32 = 20_766;
const DAY_MS: i64 = 24 * 3600 * 1000;
/// Days that there are visits of.
pub(super) const DAYS: u64 = 40;

/// A visit: number, client (0 is none), day, second of it, and what picks its texts and counts.
pub(super) type Visit = (u64, u64, i32, i64, u32);

fn visits() -> impl Strategy<Value = Vec<Visit>> {
    let day = 0..DAYS as i32;
    prop::collection::vec((1..60_u64, 0..3_u64, day, 0..4_i64, any::<u32>()), 0..60)
}

/// Batches, each of the one export or the other.
pub(super) fn batches() -> impl Strategy<Value = Vec<(bool, Vec<Visit>)>> {
    prop::collection::vec((any::<bool>(), visits()), 1..4)
}

fn columns(visits: &[Visit], texts: &mut [Dictionary]) -> Columns {
    let mut columns = Columns::empty(&SESSIONS);
    for (at, (field, values)) in SESSIONS.fields.iter().zip(&mut columns.values).enumerate() {
        // Each column takes other bits of the number, so that they vary by themselves.
        let pick = |visit: &Visit, of: u32| (visit.4 >> at) % of;
        match (field.name, values) {
            ("session_id", Values::Key(list)) => list.extend(visits.iter().map(|visit| visit.0)),
            ("client", Values::Key(list)) => list.extend(visits.iter().map(|visit| visit.1)),
            ("start_at", Values::Long(list)) => list.extend(
                visits
                    .iter()
                    .map(|visit| i64::from(MONDAY + visit.2) * DAY_MS + visit.3 * 1000),
            ),
            (_, Values::Day(list)) => list.extend(visits.iter().map(|visit| MONDAY + visit.2)),
            ("goals", Values::Text(codes)) => codes.extend(visits.iter().map(|visit| {
                let list = ["", "301", "301,302", "303,9"][pick(visit, 4) as usize];
                texts[at].code(list.as_bytes()).expect("text")
            })),
            ("origin", values) => values.push_absent(visits.len()),
            (_, Values::Text(codes)) => codes.extend(visits.iter().map(|visit| {
                let text = ["", "mobile", "yandex", "b", "c"][pick(visit, 5) as usize];
                texts[at].code(text.as_bytes()).expect("text")
            })),
            (_, Values::Count(list)) => list.extend(
                visits
                    .iter()
                    .map(|visit| [u32::MAX, 0, 1, 2, 9][pick(visit, 5) as usize]),
            ),
            (_, Values::Flag(list)) => {
                list.extend(visits.iter().map(|visit| pick(visit, 3) as u8));
            }
            (_, values) => values.push_absent(visits.len()),
        }
    }
    columns
}

/// One batch of one of two exports.
pub(super) fn take_in(lake: &mut Lake, is_other: bool, visits: &[Visit]) {
    let export = if is_other { "other" } else { "export" };
    let incoming = Incoming {
        export: export.to_owned(),
        files: vec![Telling::default()],
        complete: false,
    };
    let mut texts = dictionaries(&SESSIONS);
    let columns = columns(visits, &mut texts);
    let mut writer =
        BatchWriter::new(lake, &SESSIONS, incoming, DateTime::UNIX_EPOCH).expect("a batch");
    writer.add(0, &columns, &mut texts).expect("rows are taken");
    let written = writer.finish(&texts).expect("the batch is written");
    let identity = (&SESSIONS, export, "UTC");
    let committed = written.commit(lake, identity, &[], &[], DateTime::UNIX_EPOCH);
    committed.expect("the batch is committed");
}

/// A pipeline with goals that the diagnosis reads and a stage.
pub(super) fn plan(folder: &Path) -> Plan {
    let file = folder.join("weekly.toml");
    let goals = "form_start = [\"301\"]\nform_sent = [\"302\"]\nphone_tap = [\"303\"]\n";
    let stage = "[[stages]]\ncode = \"begun\"\ntitle = \"Begun\"\ngoals = [\"301\"]\n";
    let text = format!("name = \"weekly\"\ntitle = \"Weekly\"\n{stage}[diagnosis]\n{goals}");
    std::fs::write(&file, text).expect("a pipeline is written");
    crate::config::load(&file).expect("a plan")
}
