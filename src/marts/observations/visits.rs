//! Sessions of a period and its history in the codes of its observations.

use std::collections::{BTreeMap, HashMap};

use anyhow::Result;
use chrono::{Days, NaiveDate};

use super::Sums;
use super::cells::{DailyCells, DayCells, Dictionary, TextPlace};
use super::codes::Coder;
use super::span::Span;
use super::variants::control_of;
use super::wording::Pages;
use crate::config::Plan;
use crate::config::plan::Experiment;
use crate::marts::rows::Rows;
use crate::marts::spans::{Counting, Spans};
use crate::marts::traffic::spans_of_exports;
use crate::model::observations::{Code, Dimension, Names, SessionCounts, Visits};
use crate::model::origin::Origin;

/// Pages that are told apart.
const PAGES: usize = 40;
/// Regions that are told apart.
const REGIONS: usize = 30;

/// All tables of sessions.
#[derive(Default)]
pub(super) struct Traffic {
    /// By day, channel and device.
    pub visits: Vec<Visits>,
    /// By day and page.
    pub pages: Vec<Visits>,
    /// By day, channel and region.
    pub regions: Vec<Visits>,
    /// Codes of devices.
    pub device_codes: Coder,
    /// Codes of pages.
    pub page_codes: Coder,
    /// Codes of regions.
    pub region_codes: Coder,
}

impl Traffic {
    /// Puts the texts behind the codes.
    pub(super) fn put_names(&self, names: &mut Names) {
        self.device_codes.put(Dimension::Device, names);
        self.page_codes.put(Dimension::Page, names);
        self.region_codes.put(Dimension::Region, names);
    }
}

/// The sessions of a span, whose days `cells` must cover; `None` when there is not one. `of_channel` are the codes of
/// the channels by their place, `form_pages` the pages that most forms are sent from; variants of a page that is tried out in
/// `experiments` are one.
pub(super) fn of_cells(
    cells: &DailyCells,
    span: &Span,
    of_channel: &[Code],
    form_pages: &[String],
    experiments: &[Experiment],
) -> Option<Traffic> {
    let days: Vec<(NaiveDate, &DayCells)> = cells
        .days
        .range(span.first..=span.last)
        .map(|(day, cells)| (*day, cells))
        .collect();
    if days.is_empty() {
        return None;
    }
    let base_from = span.first + Days::new(u64::from(span.base_start));
    let base: Vec<&DayCells> = days
        .iter()
        .filter(|(day, _)| *day >= base_from)
        .map(|(_, cells)| *cells)
        .collect();
    let weigh = |dictionary: &Dictionary, of: fn(&DayCells) -> Vec<(TextPlace, u32)>| {
        let mut weights = vec![0; dictionary.texts.len()];
        for (place, sessions) in base.iter().flat_map(|cells| of(cells)) {
            weights[place as usize] += u64::from(sessions);
        }
        weights
    };
    let (device_codes, devices) = codes(
        &cells.devices,
        &weigh(&cells.devices, |cells| {
            cells
                .devices
                .iter()
                .map(|((_, place), counts)| (*place, counts.sessions))
                .collect()
        }),
        usize::from(Code::MAX) - 1,
    );
    let (page_codes, _) = codes(
        &cells.pages,
        &weigh(&cells.pages, |cells| {
            cells
                .pages
                .iter()
                .map(|(place, counts)| (*place, counts.sessions))
                .collect()
        }),
        PAGES,
    );
    let (region_codes, regions) = codes(
        &cells.regions,
        &weigh(&cells.regions, |cells| {
            cells
                .regions
                .iter()
                .map(|((_, place), counts)| (*place, counts.sessions))
                .collect()
        }),
        REGIONS,
    );
    // Pages that forms are sent from and nobody lands on have codes of their own, behind those of the landings.
    let by_path = Pages::of(&page_codes);
    let unseen: Vec<String> = form_pages
        .iter()
        .filter(|page| by_path.known(page).is_none())
        .cloned()
        .collect();
    let page_codes = page_codes.and(unseen.into_iter());
    let page_codes = page_codes.pooled(|codes, page| {
        let control = control_of(experiments, codes, page)?;
        codes.known(control)
    });
    let texts = cells.pages.texts.iter();
    let pages: Vec<Code> = texts.map(|text| page_codes.code(text)).collect();
    let mut traffic = Traffic {
        device_codes,
        page_codes,
        region_codes,
        ..Traffic::default()
    };
    for (date, day_cells) in &days {
        let Some(day) = span.day(*date) else { continue };
        let channel = |place: u32| of_channel[place as usize];
        let coded = day_cells.devices.iter().map(|((at, device), counts)| {
            (
                (day, channel(*at), devices[*device as usize], 0, 0),
                *counts,
            )
        });
        traffic.visits.extend(added(coded));
        let coded = day_cells
            .pages
            .iter()
            .map(|(page, counts)| ((day, 0, 0, pages[*page as usize], 0), *counts));
        traffic.pages.extend(added(coded));
        let coded = day_cells.regions.iter().map(|((at, region), counts)| {
            (
                (day, channel(*at), 0, 0, regions[*region as usize]),
                *counts,
            )
        });
        traffic.regions.extend(added(coded));
    }
    Some(traffic)
}

/// Codes of the largest texts of a dimension, and the code of each place.
fn codes(dictionary: &Dictionary, weights: &[u64], most: usize) -> (Coder, Vec<Code>) {
    // A text that the base never met is still a text: it counts as one session.
    let counts: HashMap<String, u64> = dictionary
        .texts
        .iter()
        .cloned()
        .zip(weights.iter().map(|weight| weight + 1))
        .collect();
    let coder = Coder::largest(&counts, most);
    let codes = dictionary
        .texts
        .iter()
        .map(|text| coder.code(text))
        .collect();
    (coder, codes)
}

/// Day, channel, device, page, region.
type VisitKey = (u32, Code, Code, Code, Code);

/// Cells of equal keys added up, in the order of day, channel, device, page, region.
fn added(cells: impl Iterator<Item = (VisitKey, SessionCounts)>) -> Vec<Visits> {
    let mut sorted: Vec<(VisitKey, SessionCounts)> = cells.collect();
    sorted.sort_unstable_by_key(|(key, _)| *key);
    let mut visits: Vec<Visits> = Vec::new();
    let mut last = None;
    for (key, counts) in sorted {
        match visits.last_mut().filter(|_| last == Some(key)) {
            Some(row) => row.counts.add(&counts),
            None => {
                let (day, channel, device, page, region) = key;
                visits.push(Visits {
                    day,
                    channel,
                    device,
                    page,
                    region,
                    counts,
                });
            }
        }
        last = Some(key);
    }
    visits
}

/// Traffic of exports that carry totals only: each row that counts is spread evenly over its days.
///
/// # Errors
/// When a column is not what the schema says.
pub(super) fn of_totals(
    rows: &Rows,
    span: &Span,
    plan: &Plan,
    channels: &Coder,
) -> Result<Traffic> {
    let (from, to) = (rows.days("from_day")?, rows.days("day")?);
    let names = [
        "group",
        "traffic_type",
        "engine",
        "utm_source",
        "utm_medium",
        "utm_campaign",
    ];
    let texts: Vec<Vec<String>> = names
        .iter()
        .map(|name| rows.texts(name))
        .collect::<Result<_>>()?;
    let sessions = rows.counts("sessions")?;
    let exports = rows.texts("export")?;
    let all_days = |(export, spans): (String, Spans)| (export, spans.of_all_days());
    let counting: BTreeMap<String, Counting> =
        spans_of_exports(rows)?.into_iter().map(all_days).collect();
    let mut sums: Sums<(u32, Code), SessionCounts> = Sums::new();
    for row in 0..rows.len() {
        if !counting[&exports[row]].has((from[row], to[row])) {
            continue;
        }
        let text = |at: usize| (!texts[at][row].is_empty()).then(|| texts[at][row].clone());
        let origin = Origin {
            group: text(0),
            traffic_type: text(1),
            engine: text(2),
            source: text(3),
            medium: text(4),
            campaign: text(5),
            ..Origin::default()
        };
        let channel = plan.channels.classify(&origin);
        if !plan.view.rows.sees_channel(&channel) {
            continue;
        }
        let channel = channels.code(channel.as_str());
        let days = (to[row] - from[row]).num_days().max(0) as u32 + 1;
        let count = sessions[row].unwrap_or(0);
        for (place, date) in from[row].iter_days().take(days as usize).enumerate() {
            let share = count / days + u32::from((place as u32) < count % days);
            let Some(day) = span.day(date) else { continue };
            sums.entry((day, channel)).or_default().sessions += share;
        }
    }
    let visits = |((day, channel), counts)| Visits {
        day,
        channel,
        counts,
        ..Visits::default()
    };
    Ok(Traffic {
        visits: sums.into_iter().map(visits).collect(),
        ..Traffic::default()
    })
}
