//! The legs as files have them: the columns that formats fill, looked up once, and one leg of them.

use super::super::Input;
use crate::model::columns::{Dictionary, NO_COUNT, NO_FLAG, NO_LONG, Values};
use crate::model::tables::{ColumnKind, Field, Replace, TableSchema};

const fn may(name: &'static str, kind: ColumnKind) -> Field {
    Field {
        name,
        kind,
        required: false,
    }
}

const fn must(name: &'static str, kind: ColumnKind) -> Field {
    Field {
        name,
        kind,
        required: true,
    }
}

/// One leg, as the file has it. Everything but its time may be missing: systems tell different things.
pub(super) const LEGS: TableSchema = TableSchema {
    name: "legs",
    fields: &[
        // What the legs of one call share; the leg's own; that of the leg that it was bridged with.
        may("linked_id", ColumnKind::Text),
        may("unique_id", ColumnKind::Text),
        may("other_id", ColumnKind::Text),
        // That of the leg which the system dialled this one for.
        may("parent_id", ColumnKind::Text),
        must("start_at", ColumnKind::Time),
        must("day", ColumnKind::Day),
        may("answer_at", ColumnKind::Time),
        may("end_at", ColumnKind::Time),
        may("length_s", ColumnKind::Count),
        may("talk_s", ColumnKind::Count),
        may("wait_s", ColumnKind::Count),
        may("source_number", ColumnKind::Text),
        may("caller", ColumnKind::Key),
        // The person outside, where the system says who of the two it is.
        may("outside", ColumnKind::Key),
        may("destination", ColumnKind::Text),
        may("line", ColumnKind::Text),
        may("trunk", ColumnKind::Text),
        may("from_extension", ColumnKind::Text),
        may("to_extension", ColumnKind::Text),
        // The name of who took it, where its number stands apart.
        may("party", ColumnKind::Text),
        may("direction", ColumnKind::Text),
        may("context", ColumnKind::Text),
        may("channel", ColumnKind::Text),
        may("destination_channel", ColumnKind::Text),
        may("application", ColumnKind::Text),
        may("dialled", ColumnKind::Text),
        may("disposition", ColumnKind::Text),
        may("answered", ColumnKind::Flag),
        may("sequence", ColumnKind::Count),
        may("client", ColumnKind::Key),
        may("utm_source", ColumnKind::Text),
        may("utm_medium", ColumnKind::Text),
        may("utm_campaign", ColumnKind::Text),
        may("spam", ColumnKind::Flag),
    ],
    key: &["unique_id"],
    replace: Replace::Row,
    time: Some("start_at"),
    day: "day",
    version: None,
};

/// A column of texts.
#[derive(Clone, Copy)]
pub(super) struct Texts<'a> {
    codes: &'a [u32],
    dictionary: &'a Dictionary,
}

impl<'a> Texts<'a> {
    fn of(input: &'a Input<'_>, name: &str) -> Self {
        let at = LEGS.position(name);
        let at = at.expect("the adapter names its own columns");
        let codes = match &input.rows.columns.values[at] {
            Values::Text(codes) => codes.as_slice(),
            _ => &[],
        };
        Self {
            codes,
            dictionary: &input.texts[at],
        }
    }

    /// The text of a row; empty when it is absent.
    pub(super) fn at(self, row: usize) -> &'a str {
        self.codes
            .get(row)
            .map_or("", |code| self.dictionary.text(*code))
    }

    fn is_filled(self) -> bool {
        !self.dictionary.is_empty()
    }
}

/// All legs of an export.
pub(super) struct Rows<'a> {
    pub(super) linked_id: Texts<'a>,
    pub(super) unique_id: Texts<'a>,
    pub(super) other_id: Texts<'a>,
    parent_id: Texts<'a>,
    pub(super) source: Texts<'a>,
    pub(super) destination: Texts<'a>,
    line: Texts<'a>,
    trunk: Texts<'a>,
    from_extension: Texts<'a>,
    to_extension: Texts<'a>,
    party: Texts<'a>,
    direction: Texts<'a>,
    pub(super) context: Texts<'a>,
    pub(super) channel: Texts<'a>,
    pub(super) destination_channel: Texts<'a>,
    application: Texts<'a>,
    dialled: Texts<'a>,
    disposition: Texts<'a>,
    start: &'a Values,
    answer: &'a Values,
    end: &'a Values,
    length: &'a Values,
    talk: &'a Values,
    wait: &'a Values,
    answered: &'a Values,
    sequence: &'a Values,
    caller: &'a Values,
    outside: &'a Values,
}

impl<'a> Rows<'a> {
    pub(super) fn new(input: &'a Input<'_>) -> Self {
        let texts = |name| Texts::of(input, name);
        let values = |name| input.rows.columns.column(name);
        Self {
            linked_id: texts("linked_id"),
            unique_id: texts("unique_id"),
            other_id: texts("other_id"),
            parent_id: texts("parent_id"),
            source: texts("source_number"),
            destination: texts("destination"),
            line: texts("line"),
            trunk: texts("trunk"),
            from_extension: texts("from_extension"),
            to_extension: texts("to_extension"),
            party: texts("party"),
            direction: texts("direction"),
            context: texts("context"),
            channel: texts("channel"),
            destination_channel: texts("destination_channel"),
            application: texts("application"),
            dialled: texts("dialled"),
            disposition: texts("disposition"),
            start: values("start_at"),
            answer: values("answer_at"),
            end: values("end_at"),
            length: values("length_s"),
            talk: values("talk_s"),
            wait: values("wait_s"),
            answered: values("answered"),
            sequence: values("sequence"),
            caller: values("caller"),
            outside: values("outside"),
        }
    }

    /// Number of legs.
    pub(super) fn len(&self) -> usize {
        self.start.len()
    }

    /// When a leg began, by the clock of the file: UTC milliseconds.
    pub(super) fn start(&self, row: usize) -> i64 {
        self.start.raw(row).cast_signed()
    }

    /// The person whom a leg names, as a keyed hash; 0 for nobody.
    pub(super) fn person(&self, row: usize) -> u64 {
        match self.outside.raw(row) {
            0 => self.caller.raw(row),
            outside => outside,
        }
    }

    /// The number that the system gives each row; without one all are equal.
    pub(super) fn sequence(&self, row: usize) -> u64 {
        self.sequence.raw(row)
    }

    /// The id of the call, else that of the leg.
    pub(super) fn id(&self, row: usize) -> &'a str {
        match self.linked_id.at(row) {
            "" => self.unique_id.at(row),
            id => id,
        }
    }

    /// Whether the system gave the leg an id.
    pub(super) fn is_named(&self, row: usize) -> bool {
        !self.linked_id.at(row).is_empty() || !self.unique_id.at(row).is_empty()
    }

    /// Whether any leg says which way its call went.
    pub(super) fn tell_directions(&self) -> bool {
        self.direction.is_filled()
    }

    /// Whether any leg says which extension it went to.
    pub(super) fn tell_extensions(&self) -> bool {
        self.to_extension.is_filled()
    }

    /// Whether any leg says which channels it joined: the files of Asterisk and its kin do.
    pub(super) fn tell_channels(&self) -> bool {
        self.channel.is_filled()
    }

    /// When a leg ended, by the clock of the file: UTC milliseconds. Some files tell its end, some its length; of both the
    /// later counts.
    pub(super) fn end(&self, row: usize) -> i64 {
        let seconds = count(self.length, row).or_else(|| count(self.talk, row));
        let by_length = self.start(row) + i64::from(seconds.unwrap_or(0)) * 1000;
        let told = moment(self.end, row).unwrap_or(by_length);
        told.max(by_length)
    }

    /// The legs of a call. One that others were dialled for was answered by the system, which went on to dial.
    pub(super) fn legs(&self, rows: &[usize]) -> Vec<Leg<'a>> {
        let mut legs: Vec<Leg<'a>> = rows.iter().map(|row| self.leg(*row)).collect();
        if legs.iter().any(|leg| leg.is_child) {
            for leg in &mut legs {
                leg.leads_on = !leg.is_child;
            }
        }
        legs
    }

    /// One leg.
    fn leg(&self, row: usize) -> Leg<'a> {
        let start = self.start(row);
        let answer = moment(self.answer, row);
        let end = moment(self.end, row);
        let talk = count(self.talk, row).or_else(|| seconds_between(answer?, end?));
        Leg {
            row,
            start,
            answer,
            talk,
            wait: count(self.wait, row),
            linked_id: self.linked_id.at(row),
            unique_id: self.unique_id.at(row),
            is_child: !self.parent_id.at(row).is_empty(),
            leads_on: false,
            caller: self.caller.raw(row),
            source: self.source.at(row),
            destination: self.destination.at(row),
            line: self.line.at(row),
            trunk: self.trunk.at(row),
            from_extension: self.from_extension.at(row),
            to_extension: self.to_extension.at(row),
            party: self.party.at(row),
            direction: self.direction.at(row),
            context: self.context.at(row),
            channel: self.channel.at(row),
            destination_channel: self.destination_channel.at(row),
            application: self.application.at(row),
            dialled: self.dialled.at(row),
            disposition: self.disposition.at(row),
            answered: flag(self.answered, row),
        }
    }
}

/// A leg by row number, with what decisions are made on.
pub(super) struct Leg<'a> {
    pub(super) row: usize,
    /// By the clock of the file, UTC milliseconds, like the next one.
    pub(super) start: i64,
    pub(super) answer: Option<i64>,
    /// Seconds of talk; `None` when the file does not tell.
    pub(super) talk: Option<u32>,
    pub(super) wait: Option<u32>,
    pub(super) linked_id: &'a str,
    pub(super) unique_id: &'a str,
    /// Whether the system dialled it for another leg of the call.
    is_child: bool,
    /// Whether the system dialled others for it: whoever answered did so on one of these.
    pub(super) leads_on: bool,
    /// Keyed hash of the caller's number.
    pub(super) caller: u64,
    pub(super) source: &'a str,
    pub(super) destination: &'a str,
    pub(super) line: &'a str,
    pub(super) trunk: &'a str,
    pub(super) from_extension: &'a str,
    pub(super) to_extension: &'a str,
    pub(super) party: &'a str,
    pub(super) direction: &'a str,
    pub(super) context: &'a str,
    pub(super) channel: &'a str,
    pub(super) destination_channel: &'a str,
    pub(super) application: &'a str,
    pub(super) dialled: &'a str,
    pub(super) disposition: &'a str,
    /// Where the file says yes or no in so many words.
    pub(super) answered: Option<bool>,
}

fn moment(values: &Values, row: usize) -> Option<i64> {
    Some(values.raw(row).cast_signed()).filter(|at| *at != NO_LONG)
}

fn count(values: &Values, row: usize) -> Option<u32> {
    match values {
        Values::Count(list) => Some(list[row]).filter(|count| *count != NO_COUNT),
        _ => None,
    }
}

fn flag(values: &Values, row: usize) -> Option<bool> {
    match values {
        Values::Flag(list) => Some(list[row]).filter(|flag| *flag != NO_FLAG),
        _ => None,
    }
    .map(|flag| flag == 1)
}

fn seconds_between(from: i64, to: i64) -> Option<u32> {
    u32::try_from((to - from) / 1000).ok()
}
