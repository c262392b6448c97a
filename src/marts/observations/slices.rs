//! Sessions by every dimension that inquiries have as well, of the base and of the reported period.

use std::collections::{BTreeMap, HashMap};

use anyhow::Result;
use chrono::{Days, NaiveDate};
use polars::prelude::*;

use super::codes::Coder;
use super::span::Span;
use super::visits::Traffic;
use super::wording::device;
use crate::lake::text_codes::TextCodes;
use crate::marts::alike::{kinds, pieces};
use crate::marts::paths::SessionPlace;
use crate::marts::stored::Stored;
use crate::marts::view;
use crate::model::attributes::{self, AttributeName};
use crate::model::observations::{Code, Dimension, Names, Slice, SliceId, Slices};
use crate::model::tables::ATTRIBUTES;

/// Campaigns, phrases, and values of an attribute that are told apart; the rest is one.
const MOST_VALUES: usize = 40;
/// Attributes that are looked into, the first by name: each multiplies the combinations that are tried.
const MOST_ATTRIBUTES: usize = 5;
/// One value tells nothing apart.
const FEWEST_VALUES: usize = 2;

/// What sessions are grouped by beside their origin.
const TEXTS: [&str; 6] = [
    "device", "landing", "city", "country", "utm_term", ATTRIBUTES,
];

/// Sessions of one span that are alike in everything.
struct Group {
    origin: u32,
    device: String,
    page: String,
    region: String,
    term: String,
    attributes: String,
    base: u32,
    now: u32,
}

/// What a session of an inquiry is looked up by.
pub(super) struct InquiryPlace<'a> {
    pub channel: Code,
    pub device: Code,
    pub page: Code,
    pub region: Code,
    /// The session that the inquiry is credited to, else its last one.
    pub session: &'a SessionPlace,
}

/// Places as they are found.
pub(super) struct SliceTable {
    campaigns: Coder,
    phrases: Coder,
    attributes: Vec<(AttributeName, Coder)>,
    index: HashMap<Vec<Code>, u32>,
    slices: Slices,
}

impl SliceTable {
    /// The sessions of the base and of the period; nothing where the exports carry totals only.
    ///
    /// # Errors
    /// When the lake cannot be read.
    pub(super) fn load(
        stored: &Stored<'_>,
        span: &Span,
        traffic: &Traffic,
        of_channel: &[Code],
    ) -> Result<Self> {
        let day = |number: u32| span.first + Days::new(u64::from(number));
        let start = day(span.start);
        let mut groups = Vec::new();
        if span.base_start < span.start {
            let base = (day(span.base_start), start - Days::new(1));
            groups.extend(of_days(stored, base, |group, count| group.base = count)?);
        }
        groups.extend(of_days(stored, (start, span.last), |group, count| {
            group.now = count;
        })?);
        let mut table = Self::empty(stored, &groups);
        table.slices.base_from = span.base_start;
        for group in &groups {
            let place = InquiryPlace {
                channel: of_channel[stored.origins.position(group.origin)],
                device: traffic.device_codes.code(&device(&group.device)),
                page: traffic.page_codes.code(&group.page),
                region: traffic.region_codes.code(&group.region),
                session: &SessionPlace {
                    campaign: stored.origins.campaign(group.origin).into(),
                    term: group.term.as_str().into(),
                    attributes: group.attributes.as_str().into(),
                    ..SessionPlace::default()
                },
            };
            let SliceId(at) = table.place(&place);
            let slice = &mut table.slices.places[at as usize];
            slice.base += group.base;
            slice.now += group.now;
        }
        Ok(table)
    }

    /// The dimensions that tell these sessions apart, without places.
    fn empty(stored: &Stored<'_>, groups: &[Group]) -> Self {
        let mut campaigns: HashMap<String, u64> = HashMap::new();
        let mut phrases: HashMap<String, u64> = HashMap::new();
        let mut values: BTreeMap<AttributeName, HashMap<String, u64>> = BTreeMap::new();
        for group in groups {
            let sessions = u64::from(group.base + group.now);
            let campaign = stored.origins.campaign(group.origin);
            *campaigns.entry(campaign.to_owned()).or_default() += sessions;
            *phrases.entry(group.term.clone()).or_default() += sessions;
            for (name, value) in attributes::read(&group.attributes) {
                let of_name = values.entry(name).or_default();
                *of_name.entry(value.to_owned()).or_default() += sessions;
            }
        }
        values.retain(|_, values| values.len() >= FEWEST_VALUES);
        let values = values.into_iter().take(MOST_ATTRIBUTES);
        let mut table = Self {
            campaigns: Coder::largest(&campaigns, MOST_VALUES),
            phrases: Coder::largest(&phrases, MOST_VALUES),
            attributes: values
                .map(|(name, values)| (name, Coder::largest(&values, MOST_VALUES)))
                .collect(),
            index: HashMap::new(),
            slices: Slices::default(),
        };
        table.slices.dimensions = table.dimensions(campaigns.len(), phrases.len());
        table
    }

    fn dimensions(&self, campaigns: usize, phrases: usize) -> Vec<Dimension> {
        let always = [
            Dimension::Channel,
            Dimension::Device,
            Dimension::Page,
            Dimension::Region,
        ];
        let campaign = (campaigns >= FEWEST_VALUES).then_some(Dimension::Campaign);
        let phrase = (phrases >= FEWEST_VALUES).then_some(Dimension::Phrase);
        let names = self.attributes.iter().map(|(name, _)| *name);
        let found = always.into_iter().chain(campaign).chain(phrase);
        found.chain(names.map(Dimension::Attribute)).collect()
    }

    /// The place of a session, made when it is new.
    pub(super) fn place(&mut self, place: &InquiryPlace<'_>) -> SliceId {
        let attributes: BTreeMap<_, _> = attributes::read(&place.session.attributes).collect();
        let code = |dimension: &Dimension| match dimension {
            Dimension::Channel => place.channel,
            Dimension::Device => place.device,
            Dimension::Page => place.page,
            Dimension::Region => place.region,
            Dimension::Campaign => self.campaigns.code(&place.session.campaign),
            Dimension::Phrase => self.phrases.code(&place.session.term),
            Dimension::Attribute(name) => {
                let (_, coder) = self
                    .attributes
                    .iter()
                    .find(|(known, _)| known == name)
                    .expect("dimensions are made of these attributes");
                coder.code(attributes.get(name).copied().unwrap_or_default())
            }
            _ => unreachable!("no other dimension is among them"),
        };
        let codes: Vec<Code> = self.slices.dimensions.iter().map(code).collect();
        let next = self.slices.places.len() as u32;
        let at = *self.index.entry(codes.clone()).or_insert(next);
        if at == next {
            self.slices.places.push(Slice {
                codes,
                base: 0,
                now: 0,
            });
        }
        SliceId(at)
    }

    /// The places, and the texts behind the codes of the dimensions that nothing else has.
    pub(super) fn finish(self, names: &mut Names) -> Slices {
        self.campaigns.put(Dimension::Campaign, names);
        self.phrases.put(Dimension::Phrase, names);
        for (name, coder) in &self.attributes {
            coder.put(Dimension::Attribute(*name), names);
        }
        self.slices
    }
}

/// The groups of some days' sessions, in the order in which they are met.
fn of_days(
    stored: &Stored<'_>,
    days: (NaiveDate, NaiveDate),
    count: impl Fn(&mut Group, u32),
) -> Result<Vec<Group>> {
    let mut groups = Vec::new();
    for piece in pieces(days.0, days.1) {
        let columns = ["origin"].into_iter().chain(TEXTS).map(col);
        let columns: Vec<Expr> = columns.collect();
        let select = |scan: LazyFrame| scan.select(columns);
        let frame = view::sessions(stored.lake, stored.as_of, piece, &stored.origins, select)?;
        if let Some(frame) = frame {
            read(&frame, &count, &mut groups)?;
        }
    }
    Ok(groups)
}

fn read(
    frame: &DataFrame,
    count: &impl Fn(&mut Group, u32),
    groups: &mut Vec<Group>,
) -> Result<()> {
    let origins = frame.column("origin")?.u32()?.iter();
    let origins: Vec<u32> = origins.map(|origin| origin.unwrap_or(0)).collect();
    let [devices, pages, cities, countries, terms, attributes] =
        TEXTS.map(|name| TextCodes::of(frame, name));
    let (devices, pages, cities, countries) = (devices?, pages?, cities?, countries?);
    let (terms, attributes) = (terms?, attributes?);
    let kinds = kinds([
        &origins,
        &devices.codes,
        &pages.codes,
        &cities.codes,
        &countries.codes,
        &terms.codes,
        &attributes.codes,
    ]);
    for kind in kinds {
        let text = |column: &TextCodes| column.text(column.codes[kind.row]).to_owned();
        let city = text(&cities);
        let mut group = Group {
            origin: origins[kind.row],
            device: text(&devices),
            page: text(&pages),
            region: if city.is_empty() {
                text(&countries)
            } else {
                city
            },
            term: text(&terms),
            attributes: text(&attributes),
            base: 0,
            now: 0,
        };
        count(&mut group, kind.rows);
        groups.push(group);
    }
    Ok(())
}
