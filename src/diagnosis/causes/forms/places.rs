//! Where forms can fail: a form, a page, a device, two of them together, or all forms.

use std::collections::BTreeMap;

use crate::diagnosis::case::Case;
use crate::diagnosis::finding::Scope;
use crate::diagnosis::weigh::evidence::Value;
use crate::model::facts::ContactKind;
use crate::model::observations::{Code, Dimension, SeenInquiry, Visits};

/// Fewer sent forms than this in the base are not looked at.
const FEWEST: f64 = 12.0;
/// A page whose forms are sent so many times more often than its landings explain is reached from other pages.
const REACHED_FROM_ELSEWHERE: f64 = 4.0;

/// A place where forms can fail; 0 is any.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FormPlace {
    /// Form.
    pub form: Code,
    /// Page it is sent from.
    pub page: Code,
    /// Kind of device.
    pub device: Code,
    /// What looking at so many places costs, nats.
    pub price: f64,
}

impl FormPlace {
    /// Whether an inquiry was a form sent here.
    pub fn holds(&self, seen: &SeenInquiry) -> bool {
        let is = |wanted: Code, code: Code| wanted == 0 || wanted == code;
        seen.kind == ContactKind::Form
            && is(self.form, seen.form)
            && is(self.page, seen.page)
            && is(self.device, seen.device)
    }

    /// Its names.
    pub fn scope(&self, case: &Case) -> Scope {
        let parts = [
            (Dimension::Form, self.form),
            (Dimension::Page, self.page),
            (Dimension::Device, self.device),
        ];
        let named = parts.into_iter().filter(|(_, code)| *code != 0);
        named
            .map(|(dimension, code)| (dimension, case.text(dimension, code).to_owned()))
            .collect()
    }

    /// The end of a sentence's name: which names it has a place for.
    pub fn word(&self) -> &'static str {
        match (self.form != 0, self.page != 0, self.device != 0) {
            (true, true, _) => "form_page",
            (true, false, true) => "form_device",
            (true, false, false) => "form",
            (false, true, true) => "page_device",
            (false, true, false) => "page",
            (false, false, true) => "device",
            (false, false, false) => "all",
        }
    }

    /// Its names for a sentence.
    pub fn values(&self, case: &Case) -> BTreeMap<String, Value> {
        let word = |of: Dimension| match of {
            Dimension::Form => "form",
            Dimension::Page => "page",
            _ => "device",
        };
        self.scope(case)
            .into_iter()
            .map(|(of, text)| (word(of).to_owned(), Value::Text(text)))
            .collect()
    }

    /// What the place's inquiries are proportional to, by day: sessions by channel with the rates of its forms, of its
    /// device only, and with the page's share of landings as far as people land there before they send the form.
    pub fn exposure(&self, case: &Case) -> Vec<f64> {
        let mut exposure = case.exposure(|seen| self.holds(seen));
        if self.device != 0 {
            scale(
                &mut exposure,
                &case.sessions(|row| row.device == self.device, |counts| counts.sessions),
                case,
            );
        }
        if self.page != 0 && self.lands_here(case) {
            scale(&mut exposure, &landings(case, self.page), case);
        }
        exposure
    }

    fn lands_here(&self, case: &Case) -> bool {
        let base = case.base_start()..case.start();
        let sum = |of: &[f64]| of[base.clone()].iter().sum::<f64>();
        let here =
            sum(&case.inquiries(|seen| seen.kind == ContactKind::Form && seen.page == self.page));
        let forms = sum(&case.inquiries(|seen| seen.kind == ContactKind::Form));
        let (landings, sessions) = (
            sum(&landings(case, self.page)),
            sum(&case.sessions(|_| true, |counts| counts.sessions)),
        );
        landings > 0.0 && here * sessions < REACHED_FROM_ELSEWHERE * forms * landings
    }
}

/// Multiplies an exposure by a part's share of all sessions of the day.
fn scale(exposure: &mut [f64], part: &[f64], case: &Case) {
    let all = case.sessions(|_| true, |counts| counts.sessions);
    let (parts, sessions) = (part.iter().sum::<f64>(), all.iter().sum::<f64>());
    let usual = parts / sessions.max(1.0);
    for (day, exposed) in exposure.iter_mut().enumerate() {
        // A few sessions a day tell little about their share.
        *exposed *= (part[day] + 20.0 * usual) / (all[day] + 20.0) / usual.max(1e-9);
    }
}

/// Sessions that landed on a page, by day.
pub fn landings(case: &Case, page: Code) -> Vec<f64> {
    page_counts(case, page, |row| row.counts.sessions)
}

/// A count of the sessions that landed on a page, by day.
pub fn page_counts(case: &Case, page: Code, count: impl Fn(&Visits) -> u32) -> Vec<f64> {
    let mut days = vec![0.0; case.days()];
    for row in case.seen.page_visits.iter().filter(|row| row.page == page) {
        if let Some(day) = days.get_mut(row.day as usize) {
            *day += f64::from(count(row));
        }
    }
    days
}

/// Which names the places of a kind have: form, page, device.
const KINDS: [[bool; 3]; 7] = [
    [false, false, false],
    [true, false, false],
    [false, true, false],
    [false, false, true],
    [true, true, false],
    [true, false, true],
    [false, true, true],
];

/// All places with enough forms sent. Kinds share the belief evenly, and so do the places of a kind; a place that holds
/// the same inquiries as a simpler one is left out.
pub fn form_places(case: &Case) -> Vec<FormPlace> {
    let base = case.base_start() as u32..case.start() as u32;
    let is_base = |seen: &&SeenInquiry| seen.kind == ContactKind::Form && base.contains(&seen.day);
    let forms: Vec<&SeenInquiry> = case
        .seen
        .inquiries
        .iter()
        .flatten()
        .filter(is_base)
        .collect();
    let mut kinds: Vec<Vec<FormPlace>> = Vec::new();
    let mut sizes: Vec<(FormPlace, usize)> = Vec::new();
    for kind in KINDS {
        let mut counts: BTreeMap<[Code; 3], usize> = BTreeMap::new();
        for seen in &forms {
            let codes = [seen.form, seen.page, seen.device];
            if (0..3).all(|at| !kind[at] || codes[at] != 0) {
                *counts
                    .entry(std::array::from_fn(
                        |at| if kind[at] { codes[at] } else { 0 },
                    ))
                    .or_default() += 1;
            }
        }
        let mut places = Vec::new();
        for (codes, count) in counts
            .into_iter()
            .filter(|(_, count)| *count as f64 >= FEWEST)
        {
            let place = FormPlace {
                form: codes[0],
                page: codes[1],
                device: codes[2],
                price: 0.0,
            };
            if !sizes
                .iter()
                .any(|(simpler, size)| *size == count && is_part(&place, simpler))
            {
                places.push(place);
            }
            sizes.push((place, count));
        }
        kinds.push(places);
    }
    kinds.retain(|places| !places.is_empty());
    let used = (kinds.len().max(1) as f64).ln();
    let priced = |places: Vec<FormPlace>| {
        let price = used + (places.len() as f64).ln();
        places
            .into_iter()
            .map(move |place| FormPlace { price, ..place })
    };
    kinds.into_iter().flat_map(priced).collect()
}

fn is_part(place: &FormPlace, of: &FormPlace) -> bool {
    let is = |wanted: Code, code: Code| wanted == 0 || wanted == code;
    is(of.form, place.form) && is(of.page, place.page) && is(of.device, place.device)
}
