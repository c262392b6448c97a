//! Where forms can fail: a form, a page, a device, two of them together, or all forms.

use std::collections::BTreeMap;

use super::sent::Sent;
use crate::config::words::{self, Key};
use crate::diagnosis::case::Case;
use crate::diagnosis::codes::Scope;
use crate::diagnosis::weigh::evidence::Value;
use crate::model::observations::{Code, Dimension, SeenInquiry, Visits};

/// Fewer sent forms than this in the base are not looked at.
const FEWEST: f64 = 12.0;
/// A page whose forms are sent so many times more often than its landings explain is reached from other pages.
const REACHED_FROM_ELSEWHERE: f64 = 4.0;
/// Sessions that a day's share of a part leans on its usual share with: a few a day tell little.
const LENT_SESSIONS: f64 = 20.0;

/// A place where forms can fail; 0 is any.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FormPlace {
    /// What is sent from it.
    pub sent: Sent,
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
        self.sent.holds(seen)
            && is(self.form, seen.form)
            && is(self.page, seen.page)
            && is(self.device, seen.device)
    }

    /// The same place, whatever the device.
    pub fn on_any_device(self) -> Self {
        Self { device: 0, ..self }
    }

    /// Its names.
    pub fn scope(&self, case: &Case) -> Scope {
        let parts = [
            (Dimension::Form, self.form),
            (Dimension::Page, self.page),
            (Dimension::Device, self.device),
        ];
        let mut scope = Scope::new();
        for (dimension, code) in parts.into_iter().filter(|(_, code)| *code != 0) {
            scope.insert(dimension, case.text(dimension, code).to_owned());
        }
        scope
    }

    /// What is said of the place: nothing was sent from it, or less than was due; by which names it has.
    pub fn sentence(&self, is_silent: bool) -> Key {
        match self.sent {
            Sent::Forms => self.sentence_of_forms(is_silent),
            Sent::Orders => self.sentence_of_orders(is_silent),
        }
    }

    fn sentence_of_orders(&self, is_silent: bool) -> Key {
        use words::evidence::forms;
        let (silence, loss) = match (self.page != 0, self.device != 0) {
            (true, true) => (forms::NO_ORDERS_PAGE_DEVICE, forms::FEW_ORDERS_PAGE_DEVICE),
            (true, false) => (forms::NO_ORDERS_PAGE, forms::FEW_ORDERS_PAGE),
            _ => (forms::NO_ORDERS_DEVICE, forms::FEW_ORDERS_DEVICE),
        };
        if is_silent { silence } else { loss }
    }

    fn sentence_of_forms(&self, is_silent: bool) -> Key {
        use words::evidence::forms;
        let (silence, loss) = match (self.form != 0, self.page != 0, self.device != 0) {
            (true, true, _) => (forms::SILENCE_FORM_PAGE, forms::LOSS_FORM_PAGE),
            (true, false, true) => (forms::SILENCE_FORM_DEVICE, forms::LOSS_FORM_DEVICE),
            (true, false, false) => (forms::SILENCE_FORM, forms::LOSS_FORM),
            (false, true, true) => (forms::SILENCE_PAGE_DEVICE, forms::LOSS_PAGE_DEVICE),
            (false, true, false) => (forms::SILENCE_PAGE, forms::LOSS_PAGE),
            (false, false, true) => (forms::SILENCE_DEVICE, forms::LOSS_DEVICE),
            (false, false, false) => (forms::SILENCE_ALL, forms::LOSS_ALL),
        };
        if is_silent { silence } else { loss }
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
            let of_device =
                case.sessions(|row| row.device == self.device, |counts| counts.sessions);
            scale(&mut exposure, &of_device, case);
        }
        if self.page != 0 && self.lands_here(case) {
            scale(&mut exposure, &landings(case, self.page), case);
        }
        exposure
    }

    /// Whether people who send forms from the page mostly land on it: its share of forms is no many times its share of
    /// landings.
    fn lands_here(&self, case: &Case) -> bool {
        let base = case.base_start()..case.start();
        let sum = |of: &[f64]| of[base.clone()].iter().sum::<f64>();
        let is_sent = |seen: &SeenInquiry| self.sent.holds(seen);
        let forms_here = sum(&case.inquiries(|seen| is_sent(seen) && seen.page == self.page));
        let forms = sum(&case.inquiries(is_sent));
        let landings = sum(&landings(case, self.page));
        let sessions = sum(&case.sessions(|_| true, |counts| counts.sessions));
        // The two shares against each other, multiplied out: a base without forms or sessions divides by nothing.
        landings > 0.0 && forms_here * sessions < REACHED_FROM_ELSEWHERE * forms * landings
    }
}

/// Multiplies an exposure by a part's share of all sessions of the day, against its usual share.
fn scale(exposure: &mut [f64], part: &[f64], case: &Case) {
    let all = case.sessions(|_| true, |counts| counts.sessions);
    let (parts, sessions) = (part.iter().sum::<f64>(), all.iter().sum::<f64>());
    let usual = parts / sessions.max(1.0);
    for (day, exposed) in exposure.iter_mut().enumerate() {
        let share = (part[day] + LENT_SESSIONS * usual) / (all[day] + LENT_SESSIONS);
        *exposed *= share / usual.max(1e-9);
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

/// Which names the places of a kind have: form, page, device. Simpler kinds come before those that they are part of.
const KINDS: [[bool; 3]; 7] = [
    [false, false, false],
    [true, false, false],
    [false, true, false],
    [false, false, true],
    [true, true, false],
    [true, false, true],
    [false, true, true],
];

/// A place with the forms that were sent there in the base.
struct Sized {
    place: FormPlace,
    forms: usize,
}

/// All places with enough forms sent. Kinds share the belief evenly, and so do the places of a kind; a place that holds
/// the same inquiries as a simpler one is left out.
pub fn form_places(case: &Case, sent: Sent) -> Vec<FormPlace> {
    let base = case.base_start() as u32..case.start() as u32;
    let is_base = |seen: &&SeenInquiry| sent.holds(seen) && base.contains(&seen.day);
    let inquiries = case.seen.inquiries.iter().flatten();
    let forms: Vec<&SeenInquiry> = inquiries.filter(is_base).collect();
    let mut kinds: Vec<Vec<FormPlace>> = Vec::new();
    let mut simpler: Vec<Sized> = Vec::new();
    for kind in KINDS {
        let is_anywhere = kind == [false; 3];
        if sent == Sent::Orders && is_anywhere {
            continue;
        }
        let mut places = Vec::new();
        for one in places_of_kind(&forms, kind, sent) {
            let is_same =
                |other: &Sized| other.forms == one.forms && is_part(&one.place, &other.place);
            if !simpler.iter().any(is_same) {
                places.push(one.place);
            }
            simpler.push(one);
        }
        if !places.is_empty() {
            kinds.push(places);
        }
    }
    priced(kinds)
}

/// The places of a kind that enough forms were sent from, in the order of their codes.
fn places_of_kind(forms: &[&SeenInquiry], kind: [bool; 3], sent: Sent) -> Vec<Sized> {
    let mut counts: BTreeMap<[Code; 3], usize> = BTreeMap::new();
    for seen in forms {
        let codes = [seen.form, seen.page, seen.device];
        // Of a form whose page is not known nobody can say that it is of this page.
        let is_known = (0..3).all(|at| !kind[at] || codes[at] != 0);
        if is_known {
            let named = std::array::from_fn(|at| if kind[at] { codes[at] } else { 0 });
            *counts.entry(named).or_default() += 1;
        }
    }
    let mut places = Vec::new();
    for ([form, page, device], forms) in counts {
        if forms as f64 >= FEWEST {
            let place = FormPlace {
                sent,
                form,
                page,
                device,
                price: 0.0,
            };
            places.push(Sized { place, forms });
        }
    }
    places
}

/// The places with what the choice of their kind, and among its places, costs.
fn priced(kinds: Vec<Vec<FormPlace>>) -> Vec<FormPlace> {
    let price_of_kind = (kinds.len().max(1) as f64).ln();
    let mut all = Vec::new();
    for places in kinds {
        let price = price_of_kind + (places.len() as f64).ln();
        for place in places {
            all.push(FormPlace { price, ..place });
        }
    }
    all
}

fn is_part(place: &FormPlace, of: &FormPlace) -> bool {
    let is = |wanted: Code, code: Code| wanted == 0 || wanted == code;
    is(of.form, place.form) && is(of.page, place.page) && is(of.device, place.device)
}
