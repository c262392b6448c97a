//! The drafted format as TOML, with the doubts as comments.

use std::fmt::Write;

use super::guess::{Guess, is_one_each};
use super::parties;
use super::person;
use super::recognise;
use super::shape::Shape;
use super::sheet::{Column, Sheet};
use super::states;
use super::system;
use super::words::DIRECTIONS;
use crate::ingest::cells::{DateOrder, moment, time_of_day};
use crate::ingest::detect::is_clock_name;
use crate::ingest::format::UNANSWERED;
use crate::model::table::Table;
use crate::model::tables::{ColumnKind, Field};

/// A column rule on its way into the text.
#[derive(Default)]
pub(super) struct Rule {
    pub(super) to: &'static str,
    /// Cells of the file, by position; none where the column is unknown or constant.
    pub(super) from: Option<usize>,
    /// The cell with the time of day, where it stands apart.
    pub(super) clock: Option<usize>,
    pub(super) read: Option<&'static str>,
    pub(super) order: Option<&'static str>,
    pub(super) map: Vec<(String, &'static str)>,
    pub(super) constant: Option<&'static str>,
    /// What is said of the whole report, where no cell of a row says it.
    pub(super) of_report: Option<&'static str>,
    /// What a person should look at.
    pub(super) doubt: Option<String>,
}

/// The whole format.
pub(super) fn toml(label: &str, name: &str, sheet: &Sheet, guess: &Guess) -> String {
    let mut rules = rules(sheet, guess);
    let has_system = guess.table != Table::Costs || rules.iter().any(|rule| rule.to == "engine");
    let system = system::by_name(label).filter(|_| !has_system);
    let asks_system = !has_system && system.is_none();
    rules.extend(system);
    let by_parties = parties::tell_directions(guess, sheet);
    if by_parties {
        rules = parties::as_legs(rules);
    }
    let mut text = format!(
        "# Drafted from {label}. Look at the table, at what follows \"look:\" and at the columns that are not read, at the end;\n\
         # then let `voronka inspect` read the file with it. docs/FORMATS.md tells the language.\n\
         name = {}\ntitle = {}\ntable = {}\n",
        quoted(name),
        quoted(&format!("{label} (drafted)")),
        quoted(guess.table.name()),
    );
    if by_parties {
        text.push_str("adapter = \"call-legs\"\n");
    } else if has_nameless_calls(guess) {
        text.push_str("# look: no column is the id of a call: rows that are equal in all that is read count once\nno_id = true\n");
    }
    text.push_str(&recognise::text(guess, sheet, &rules));
    // The format of a sheet may be that of a text table as well.
    if let Some(delimiter) = sheet.delimiter {
        let delimiter = quoted(&delimiter_name(delimiter));
        let _ = write!(text, "\n[bytes]\ndelimiters = [{delimiter}]\n");
    }
    if !sheet.totals.is_empty() {
        let totals: Vec<String> = sheet.totals.iter().map(|word| quoted(word)).collect();
        let _ = write!(text, "\n[rows]\ntotals = [{}]\n", totals.join(", "));
    }
    for rule in &rules {
        text.push_str(&column(rule, sheet));
    }
    text.push_str(if asks_system { system::ASKED } else { "" });
    text.push_str(person::asked(guess));
    text.push_str(&not_read(sheet, &rules));
    text
}

pub(super) fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

fn delimiter_name(delimiter: u8) -> String {
    match delimiter {
        b'\t' => "tab".to_owned(),
        delimiter => char::from(delimiter).to_string(),
    }
}

/// The name of a file's column: its cell of the header, or a name made for it.
pub(super) fn name_of(sheet: &Sheet, at: usize) -> String {
    if sheet.has_header {
        sheet.columns[at].name.clone()
    } else {
        format!("cell_{}", at + 1)
    }
}

/// The rules of the table's columns, in its order.
fn rules(sheet: &Sheet, guess: &Guess) -> Vec<Rule> {
    let schema = guess.table.schema();
    let place = |to: &str| {
        let mut places = guess.places.iter();
        places.find(|(found, _)| found == to).map(|(_, at)| *at)
    };
    let mut rules = Vec::new();
    for field in schema.fields {
        if let Some(at) = place(field.name) {
            let mut rule = found(*field, at, &sheet.columns[at], guess.table);
            rule.doubt = rule
                .doubt
                .or_else(|| several_amounts(*field, at, sheet, guess));
            rule.clock = clock_beside(*field, at, sheet);
            rules.push(rule);
            continue;
        }
        // A day of a dated row follows from its instant, the name of a nameless call from all of it.
        let is_derived = (field.name == schema.day && schema.time.is_some())
            || (has_nameless_calls(guess) && schema.id() == Some(field.name));
        rules.extend(not_found(*field, guess.table, sheet, &place).filter(|_| !is_derived));
    }
    rules
}

/// Whether the file holds calls of which no column is the id: they are told apart by what is read of them. A deal or a
/// visit without an id would be another one with each change.
fn has_nameless_calls(guess: &Guess) -> bool {
    let id = guess.table.schema().id();
    guess.table == Table::Calls && guess.places.iter().all(|(to, _)| Some(to.as_str()) != id)
}

/// The rule of a column that the file has.
fn found(field: Field, at: usize, column: &Column, table: Table) -> Rule {
    let mut rule = Rule {
        to: field.name,
        from: Some(at),
        read: reading(field, column.shape),
        ..Rule::default()
    };
    if let Shape::Date { order, .. } = column.shape {
        rule.order = order_word(order);
        rule.doubt = has_two_orders(column)
            .then(|| "day first or month first? no date in the file tells".to_owned());
    }
    if field.name == "direction" {
        let asked = "which words mean inbound, outbound, internal? Rows with others are rejected";
        let meant = "\"inbound\", \"outbound\" or \"internal\"";
        states::worded(&mut rule, column, &DIRECTIONS, asked, meant);
    }
    if is_no_key(field, column, table) {
        rule.from = None;
        rule.doubt = Some(format!(
            "\"{}\" is the same in several rows, and only the last would count: which column is each row's own? Where the rows \
             are products of an order, see [group]",
            column.name
        ));
    }
    rule
}

/// Whether a column is called an id and tells no rows apart.
fn is_no_key(field: Field, column: &Column, table: Table) -> bool {
    let is_id = table.schema().id() == Some(field.name) && table != Table::Calls;
    is_id && !is_one_each(column)
}

/// What is asked where another column may be the amount as well.
fn several_amounts(field: Field, at: usize, sheet: &Sheet, guess: &Guess) -> Option<String> {
    let others = guess.others.iter().filter(|(to, _)| to == field.name);
    let names: Vec<String> = others.map(|(_, at)| quoted(&name_of(sheet, *at))).collect();
    (!names.is_empty()).then(|| {
        let taken = quoted(&name_of(sheet, at));
        format!("{taken} is taken, {} may be it as well", names.join(", "))
    })
}

/// The column with the time of day of a time whose own cells have none.
fn clock_beside(field: Field, at: usize, sheet: &Sheet) -> Option<usize> {
    let is_date_alone = matches!(
        sheet.columns[at].shape,
        Shape::Date {
            has_clock: false,
            ..
        }
    );
    if field.kind != ColumnKind::Time || !is_date_alone {
        return None;
    }
    let mut columns = sheet.columns.iter();
    columns.position(|column| is_clock_name(&column.name) && holds_clocks(column))
}

/// Whether a column holds times of day, on either clock.
fn holds_clocks(column: &Column) -> bool {
    let is_clock = |value: &String| time_of_day(value.as_bytes()).is_some();
    let all_are = !column.values.is_empty() && column.values.iter().all(is_clock);
    column.shape == Shape::Duration || all_are
}

/// Whether all dates of a column could be read with the month first as well. Points between the parts are of those who write
/// the day first.
fn has_two_orders(column: &Column) -> bool {
    let Shape::Date {
        order: DateOrder::Dmy,
        ..
    } = column.shape
    else {
        return false;
    };
    let by_month = |value: &String| {
        let has_points = value.contains('.');
        !has_points && moment(value.as_bytes(), DateOrder::Mdy).is_some()
    };
    column.values.iter().all(by_month)
}

fn order_word(order: DateOrder) -> Option<&'static str> {
    match order {
        DateOrder::Ymd => None,
        DateOrder::Dmy => Some("dmy"),
        DateOrder::Mdy => Some("mdy"),
        DateOrder::Unix => Some("unix"),
    }
}

fn reading(field: Field, shape: Shape) -> Option<&'static str> {
    let reading = match (field.kind, field.name) {
        (ColumnKind::Text, "page" | "landing" | "exit") => "page",
        (ColumnKind::Text, "line") => "line",
        (ColumnKind::Text, "currency") => "currency",
        (
            ColumnKind::Text,
            "utm_source" | "utm_medium" | "utm_campaign" | "campaign" | "engine" | "device",
        ) => "lower",
        (ColumnKind::Text, _) => return None,
        (ColumnKind::Key, "phone") => "phone",
        (ColumnKind::Key, "email") => "email",
        (ColumnKind::Key, _) => "key",
        (ColumnKind::Count, _) if shape == Shape::Duration || field.name.ends_with("_s") => {
            "duration"
        }
        (ColumnKind::Count, _) => "count",
        (ColumnKind::Money, _) => "money",
        (ColumnKind::Milli, _) => "number",
        (ColumnKind::Time, _) => "time",
        (ColumnKind::Day, _) => "day",
        (ColumnKind::Flag, _) => "flag",
    };
    Some(reading)
}

/// The rule of a column that no column of the file fills by itself; none where the table can do without it.
fn not_found(
    field: Field,
    table: Table,
    sheet: &Sheet,
    place: &dyn Fn(&str) -> Option<usize>,
) -> Option<Rule> {
    let mut rule = Rule {
        to: field.name,
        ..Rule::default()
    };
    match (table, field.name) {
        (Table::Deals, "status") => return states::ended(rule, sheet, place),
        (Table::Forms, "spam") => return states::spam(rule, sheet),
        (Table::Calls, "answered") => return Some(states::answered(rule, sheet, place)),
        (Table::Calls, "direction") if parties::all_came_in(place, sheet) => {
            rule.constant = Some("inbound");
            rule.doubt = Some("no column tells which way a call went".to_owned());
        }
        (Table::Calls, "direction") => {
            rule.doubt = Some(
                "which column tells which way a call went? Where all came in: constant = \"inbound\" in place of from"
                    .to_owned(),
            );
        }
        // A table of totals by day: the row's only day is its first as well.
        (Table::Costs | Table::TrafficDaily, "from_day") if place("day").is_some() => {
            let at = place("day")?;
            rule = Rule {
                to: field.name,
                ..found(field, at, &sheet.columns[at], table)
            };
        }
        (Table::Costs | Table::TrafficDaily, "from_day") if sheet.tells_period => {
            rule.of_report = Some("@period_from");
            rule.read = Some("day");
        }
        (Table::Costs | Table::TrafficDaily, "day") if sheet.tells_period => {
            rule.of_report = Some("@period_to");
            rule.read = Some("day");
        }
        _ if field.required => {
            rule.read = reading(field, Shape::Empty);
            let is_id = table.schema().id() == Some(field.name);
            rule.doubt = Some(if is_id {
                "the table needs it: which column names each row for good? Where there is none, number the rows in a column of their own; \
                 or say no_id = true above and keep one download alone in the folder, since with each change a row would be another one"
                    .to_owned()
            } else {
                "the table needs it: which column of the file is it? Where there is none, and all rows are alike: constant = \"…\" in place of from"
                    .to_owned()
            });
        }
        _ => return None,
    }
    Some(rule)
}

fn column(rule: &Rule, sheet: &Sheet) -> String {
    let mut text = String::from("\n");
    if let Some(doubt) = &rule.doubt {
        let _ = writeln!(text, "# look: {doubt}");
    }
    let _ = writeln!(text, "[[column]]\nto = {}", quoted(rule.to));
    match (rule.from, rule.constant) {
        (Some(at), _) => {
            let _ = writeln!(text, "from = [{}]", quoted(&name_of(sheet, at)));
        }
        (None, Some(constant)) => {
            let _ = writeln!(text, "constant = {}", quoted(constant));
        }
        (None, None) => {
            let name = rule.of_report.unwrap_or(UNANSWERED);
            let _ = writeln!(text, "from = [{}]", quoted(name));
        }
    }
    if let Some(at) = rule.clock {
        let _ = writeln!(text, "clock = [{}]", quoted(&name_of(sheet, at)));
    }
    if rule.from.is_some_and(|at| is_second_of_its_name(sheet, at)) {
        text.push_str("which = \"last\"\n");
    }
    if let Some(read) = rule.read {
        let _ = writeln!(text, "read = {}", quoted(read));
    }
    if let Some(order) = rule.order {
        let _ = writeln!(text, "order = {}", quoted(order));
    }
    if !rule.map.is_empty() {
        let pairs = rule
            .map
            .iter()
            .map(|(value, meaning)| format!("{} = {}", quoted(value), quoted(meaning)));
        let _ = writeln!(text, "map = {{ {} }}", pairs.collect::<Vec<_>>().join(", "));
    }
    text
}

fn is_second_of_its_name(sheet: &Sheet, at: usize) -> bool {
    let name = &sheet.columns[at].name;
    sheet.has_header
        && sheet.columns[..at]
            .iter()
            .any(|earlier| earlier.name == *name)
}

/// The columns of the file that nothing is read from, so that a person sees what is left out.
fn not_read(sheet: &Sheet, rules: &[Rule]) -> String {
    let is_read = |at: &usize| {
        let mut read = rules.iter().flat_map(|rule| [rule.from, rule.clock]);
        read.any(|read| read == Some(*at))
    };
    let left = (0..sheet.columns.len()).filter(|at| !is_read(at));
    let names: Vec<String> = left.map(|at| quoted(&name_of(sheet, at))).collect();
    if names.is_empty() {
        return String::new();
    }
    format!("\n# Not read: {}\n", names.join(", "))
}
