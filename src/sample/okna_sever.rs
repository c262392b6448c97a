//! «Окна-Север»: windows in two cities, sold mostly by telephone. Week by week, each export by its own writer.

use anyhow::Result;
use chrono::NaiveDate;
use chrono_tz::Europe::Moscow;
use std::collections::BTreeMap;
use std::path::Path;

use super::SampleSpec;
use super::ads;
use super::amocrm::AmoCrm;
use super::asterisk::Asterisk;
use super::bitrix::Bitrix;
use super::calendar::{HOUR, midnight, shift};
use super::calltracking::CallTracking;
use super::channels::{City, PRICES_PAGE};
use super::dice::Dice;
use super::direct::Direct;
use super::forms::Forms;
use super::google_ads::GoogleAds;
use super::incidents::IncidentKind;
use super::metrika::Metrika;
use super::plan::Plan;
use super::records::{Call, Deal, Visit};
use super::sales::{Sales, WeekRecords};
use super::staff::LINES;
use super::targets;
use super::truth::{Truth, TruthIncident, clean_weeks, holidays};
use super::visits::Visitors;
use super::week::Week;

/// Visits of an average week for which the sizes of other things are stated.
const USUAL_VOLUME: f64 = 2800.0;
/// Sessions of a week up to which a sample is small.
const SMALL_SAMPLE: u64 = 20_000;
/// Streams of chance that a week has; half of them are spare.
const STREAMS_A_WEEK: u64 = 8;
/// Share of the visits of a page whose counter is lost that are not recorded.
const UNSEEN: f64 = 0.3;
/// Weeks that one request to Metrica or Google Ads covers.
const REQUEST_WEEKS: u32 = 8;
/// The exports are downloaded on Monday at this hour.
const EXPORT_HOUR: i64 = 7;

struct Writers {
    metrika: Metrika,
    telephony: Asterisk,
    tracking: CallTracking,
    forms: Forms,
    amocrm: AmoCrm,
    bitrix: Bitrix,
    direct: Direct,
    google: GoogleAds,
}

impl Writers {
    fn new(spec: &SampleSpec, exported: i64, out: &Path) -> Result<Self> {
        // Small samples are kept in repositories, big ones should come quickly.
        let effort = if spec.sessions_per_week > SMALL_SAMPLE {
            1
        } else {
            9
        };
        Ok(Self {
            metrika: Metrika::new(out, effort)?,
            telephony: Asterisk::new(out, effort)?,
            tracking: CallTracking::new(out)?,
            forms: Forms::new(out)?,
            amocrm: AmoCrm::new(out, exported)?,
            bitrix: Bitrix::new(out, exported)?,
            direct: Direct::new(out, spec.first(), shift(spec.end(), -1))?,
            google: GoogleAds::new(out)?,
        })
    }

    fn calls(&mut self, calls: &[Call], plan: &Plan) -> Result<()> {
        for call in calls {
            // A link carries the id that the log gives a call: without the one there is no other.
            if plan.on(IncidentKind::MissingDays, call.at).is_some() {
                continue;
            }
            let linked = self.telephony.write(call)?;
            self.tracking.write(call, &linked)?;
        }
        Ok(())
    }

    fn deals(&mut self, deals: &[Deal]) -> Result<()> {
        for deal in deals {
            match deal.city {
                City::Petrozavodsk => self.amocrm.write(deal)?,
                City::Murmansk => self.bitrix.write(deal)?,
            }
        }
        Ok(())
    }

    fn finish(self) -> Result<()> {
        self.metrika.finish()?;
        self.telephony.finish()?;
        self.tracking.finish()?;
        self.forms.finish()?;
        self.amocrm.finish()?;
        self.bitrix.finish()?;
        self.direct.finish()?;
        self.google.finish()
    }
}

/// Simulates the firm and writes its exports to `out`.
pub fn generate(spec: &SampleSpec, out: &Path) -> Result<Truth> {
    let (first, end) = (spec.first(), spec.end());
    let plan = Plan::new(&spec.incidents, spec.default_incidents, first, end)?;
    let exported = midnight(end) + EXPORT_HOUR * HOUR;
    let mut writers = Writers::new(spec, exported, out)?;
    let mut people = Visitors::default();
    let mut sales = Sales::default();
    let mut counts = BTreeMap::new();
    let volume = spec.sessions_per_week as f64;
    for number in 0..spec.weeks {
        let week = Week::new(shift(first, i64::from(number) * 7), end);
        // Each part of a week has a stream of chance of its own, so that a change in one leaves the others as they are.
        let dice = |part: u64| Dice::new(spec.seed, u64::from(number) * STREAMS_A_WEEK + part);
        let (visits, contacts) = people.week(&week, volume, &plan, &mut dice(0));
        let records = sales.week(
            &week,
            volume / USUAL_VOLUME,
            contacts,
            &mut people,
            &plan,
            &mut dice(1),
        );
        write_visits(&mut writers, spec, number, &visits, &plan, &mut dice(2))?;
        let (from, to) = request(spec, number);
        for day in ads::days(&week, &visits, &mut dice(3)) {
            writers.direct.write(&day)?;
            writers.google.write(&day, from, to)?;
        }
        writers.calls(&records.calls, &plan)?;
        for form in &records.forms {
            writers.forms.write(form)?;
        }
        writers.deals(&records.deals)?;
        count(&mut counts, &visits, &records);
    }
    writers.finish()?;
    targets::write(out, first, shift(end, -1), volume)?;
    Ok(truth(spec, &plan, exported, counts))
}

/// Writes a week's visits, without those that a lost counter misses.
fn write_visits(
    writers: &mut Writers,
    spec: &SampleSpec,
    number: u32,
    visits: &[Visit],
    plan: &Plan,
    dice: &mut Dice,
) -> Result<()> {
    let (from, to) = request(spec, number);
    // Metrica gives a large request in parts.
    let is_second_half = number % REQUEST_WEEKS >= REQUEST_WEEKS / 2;
    let part = u32::from(is_second_half);
    let seen = visits.iter().copied().filter(|visit| {
        let is_tag_lost = visit.visitor.landing == PRICES_PAGE
            && plan.on(IncidentKind::TagLost, visit.at).is_some();
        !(is_tag_lost && dice.chance(UNSEEN))
    });
    let name = format!("visits-{from}-{to}.part{part}.tsv.gz");
    writers.metrika.write(&name, seen)
}

/// First and last day of the request that week `number` belongs to.
fn request(spec: &SampleSpec, number: u32) -> (NaiveDate, NaiveDate) {
    let first_week = number / REQUEST_WEEKS * REQUEST_WEEKS;
    let next_request = (first_week + REQUEST_WEEKS).min(spec.weeks);
    let first_day = shift(spec.first(), i64::from(first_week) * 7);
    let last_day = shift(spec.first(), i64::from(next_request) * 7 - 1);
    (first_day, last_day)
}

fn count(counts: &mut BTreeMap<&'static str, u64>, visits: &[Visit], records: &WeekRecords) {
    let lengths = [
        ("visits", visits.len()),
        ("calls", records.calls.len()),
        ("forms", records.forms.len()),
        ("deals", records.deals.len()),
    ];
    for (name, length) in lengths {
        *counts.entry(name).or_default() += length as u64;
    }
}

fn truth(
    spec: &SampleSpec,
    plan: &Plan,
    exported: i64,
    simulated: BTreeMap<&'static str, u64>,
) -> Truth {
    let (first, end) = (spec.first(), spec.end());
    let planted = plan.all().iter();
    let mut incidents: Vec<TruthIncident> = planted
        .map(|planted| TruthIncident::of(planted, Moscow))
        .collect();
    incidents.extend(holidays(first, end, Moscow));
    incidents.sort_by(|a, b| (&a.start_utc, a.name).cmp(&(&b.start_utc, b.name)));
    Truth {
        firm: "okna-sever",
        seed: spec.seed,
        weeks: spec.week_names(),
        exported_at: super::calendar::text(exported, 0, "%Y-%m-%dT%H:%M:%SZ"),
        timezone: Moscow.name(),
        static_lines: LINES
            .iter()
            .filter_map(|line| Some((line.number, line.channel?)))
            .collect(),
        clean_weeks: clean_weeks(first, end, &incidents),
        incidents,
        simulated,
    }
}
