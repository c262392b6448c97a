//! What a diagnosis looks at: daily counts by dimension and the single calls, inquiries and deals, in small typed rows.
//!
//! Every row is of the history's days: day 0 is [`Observations::first_day`], the last day is the reported period's last.
//! Texts are codes into [`Names`]; code 0 is "not known", for every dimension.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::calendar::Calendar;
use super::channel::ChannelId;
use super::facts::{ContactKind, DailySessions, MatchedBy};
use super::money::Minor;
use super::period::Period;

/// A text of one dimension as its place in [`Names`]; 0 is "not known".
pub type Code = u16;

/// What rows are told apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    /// Traffic channel, by id.
    Channel,
    /// How a person got in touch: `call`, `missed_call`, `form`, `chat`, `deal`.
    Contact,
    /// Telephone line: the number that was called.
    Line,
    /// Way between the PBX and the telephone network.
    Trunk,
    /// Site form, by name.
    Form,
    /// Page: where a session landed, or where a form was sent from.
    Page,
    /// Kind of device.
    Device,
    /// City, or country where no city is known.
    Region,
    /// Who answered a call.
    Operator,
    /// Who is responsible for a deal.
    Manager,
    /// Why a deal was lost.
    Reason,
    /// An export of the pipeline.
    Export,
}

/// The texts behind the codes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Names(BTreeMap<Dimension, Vec<String>>);

impl Names {
    /// The code of a text, made when it is new. An empty text is 0, and so is everything past 65 535 texts.
    pub fn code(&mut self, dimension: Dimension, text: &str) -> Code {
        let texts = self
            .0
            .entry(dimension)
            .or_insert_with(|| vec![String::new()]);
        let known = texts.iter().position(|known| known == text);
        let Ok(at) = Code::try_from(known.unwrap_or(texts.len())) else {
            return 0;
        };
        if known.is_none() {
            texts.push(text.to_owned());
        }
        at
    }

    /// The text of a code; empty when it is not known.
    pub fn text(&self, dimension: Dimension, code: Code) -> &str {
        self.0
            .get(&dimension)
            .and_then(|texts| texts.get(usize::from(code)))
            .map_or("", String::as_str)
    }

    /// The code of a text that is already known.
    pub fn find(&self, dimension: Dimension, text: &str) -> Option<Code> {
        Code::try_from(
            self.0
                .get(&dimension)?
                .iter()
                .position(|known| known == text)?,
        )
        .ok()
    }

    /// How many codes a dimension has, 0 included.
    pub fn len(&self, dimension: Dimension) -> usize {
        self.0.get(&dimension).map_or(1, Vec::len)
    }

    /// Puts the list of a dimension's texts; the first must be empty.
    pub fn set(&mut self, dimension: Dimension, texts: Vec<String>) {
        debug_assert!(
            texts.first().is_some_and(String::is_empty),
            "code 0 is \"not known\""
        );
        self.0.insert(dimension, texts);
    }
}

/// Sessions of one cell, and what they were like.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SessionCounts {
    /// All sessions.
    pub sessions: u32,
    /// Sessions that the analytics calls a bounce.
    pub bounces: u32,
    /// Sessions of one page and at most two seconds.
    pub instant: u32,
    /// Sessions of new clients.
    pub newcomers: u32,
    /// Sessions with another of the same client in the same second: a tag that fires twice.
    pub doubled: u32,
    /// Sessions in which a form was begun.
    pub form_starts: u32,
    /// Sessions in which a form was sent, as the analytics saw it.
    pub form_sends: u32,
    /// Sessions in which a telephone number was tapped.
    pub phone_taps: u32,
    /// Seconds on the site, added up.
    pub seconds: u64,
}

impl SessionCounts {
    /// Adds another cell.
    pub fn add(&mut self, other: &Self) {
        self.sessions += other.sessions;
        self.bounces += other.bounces;
        self.instant += other.instant;
        self.newcomers += other.newcomers;
        self.doubled += other.doubled;
        self.form_starts += other.form_starts;
        self.form_sends += other.form_sends;
        self.phone_taps += other.phone_taps;
        self.seconds += other.seconds;
    }
}

/// Sessions of one day in one cell. Dimensions that a table does not keep are 0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Visits {
    /// Day of the history.
    pub day: u32,
    /// Channel.
    pub channel: Code,
    /// Kind of device.
    pub device: Code,
    /// Landing page.
    pub page: Code,
    /// City or country.
    pub region: Code,
    /// The counts.
    pub counts: SessionCounts,
}

/// One inquiry with what its first contact and its session say. Spam and internal calls are left out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SeenInquiry {
    /// First contact, UTC.
    pub at: DateTime<Utc>,
    /// Its day.
    pub day: u32,
    /// Its hour on the pipeline's clock, 0 to 23.
    pub hour: u8,
    /// How the person got in touch first.
    pub kind: ContactKind,
    /// The channel with the largest credit (the smallest id of several).
    pub channel: Code,
    /// What the channel was found by.
    pub matched_by: MatchedBy,
    /// Device: of the form, else of the client's last session before.
    pub device: Code,
    /// Page: that the form was sent from, else the landing page of the client's last session before.
    pub page: Code,
    /// Region of the client's last session before.
    pub region: Code,
    /// Line that was called; 0 for forms.
    pub line: Code,
    /// Form that was sent; 0 for calls.
    pub form: Code,
    /// Seconds from the first contact to the first talk with the person; 0 for an answered call, `None` while nobody has
    /// talked with them or the exports cannot tell.
    pub first_talk_s: Option<u32>,
    /// Days to the first sale known so far.
    pub sold_after: Option<u16>,
    /// Amount of its sales so far.
    pub amount: Minor,
}

/// Which way a call went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// From outside.
    Inbound,
    /// To the outside.
    Outbound,
    /// Between colleagues.
    Internal,
}

/// One call, spam left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeenCall {
    /// When it came in, UTC.
    pub at: DateTime<Utc>,
    /// Its day.
    pub day: u32,
    /// Its hour on the pipeline's clock.
    pub hour: u8,
    /// Which way it went.
    pub direction: Direction,
    /// Line that was called.
    pub line: Code,
    /// Trunk that it went over.
    pub trunk: Code,
    /// Who answered.
    pub operator: Code,
    /// Whether anybody talked.
    pub answered: bool,
    /// Whether it failed for a technical reason (disposition `failed`, `congestion`).
    pub failed: bool,
    /// Whether the line was busy.
    pub busy: bool,
    /// Seconds of talk.
    pub talk_s: u32,
    /// Seconds of waiting before the talk or the end.
    pub wait_s: u32,
    /// The other side as a small number, the same for the same telephone; 0 when it is hidden.
    pub person: u32,
    /// Whether it is the person's first call in the history.
    pub is_first: bool,
}

/// What has become of a deal by the time that is looked from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DealState {
    /// Entered, and nobody has touched it.
    New,
    /// Being worked on.
    Open,
    /// Won.
    Won,
    /// Lost.
    Lost,
}

/// One deal as it was known at the time that is looked from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SeenDeal {
    /// The day it was entered.
    pub day: u32,
    /// When it was entered, UTC.
    pub created_at: DateTime<Utc>,
    /// What has become of it.
    pub state: DealState,
    /// Whether it was lost because the person was no customer for this firm at all (not a target, spam, wrong number).
    pub is_untargeted: bool,
    /// Whether it was lost because nobody got through to the person.
    pub is_unreached: bool,
    /// Why it was lost.
    pub reason: Code,
    /// Who is responsible.
    pub manager: Code,
    /// Channel of the inquiry that it came from, else by its own tags.
    pub channel: Code,
    /// How the inquiry got in touch; `None` when no inquiry is known.
    pub contact: Option<ContactKind>,
    /// Seconds from the inquiry to the first talk; `None` when there was none or it is not known.
    pub first_talk_s: Option<u32>,
    /// The day it was won or lost, when it is closed.
    pub closed_day: Option<u32>,
    /// The day of its last change, where the export says.
    pub updated_day: Option<u32>,
    /// Days from the inquiry (else from its entry) to the sale, when it is won.
    pub won_after: Option<u16>,
    /// Amount, when it is won.
    pub amount: Minor,
    /// Whether another deal of the same person was entered in the 30 days before it, or it was lost as a duplicate.
    pub is_repeat: bool,
}

/// Advertising of one day and channel.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AdDay {
    /// Day of the history.
    pub day: u32,
    /// Channel.
    pub channel: Code,
    /// Times the ads were shown.
    pub impressions: u32,
    /// Paid clicks.
    pub clicks: u32,
    /// Cost.
    pub cost: Minor,
}

/// Rows of one export by day: what tells a quiet day from a missing one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportDays {
    /// The export's name in the pipeline.
    pub export: Code,
    /// The table it feeds.
    pub table: String,
    /// Rows by day of the history.
    pub rows: Vec<u32>,
}

/// Something that people did and wrote down: a release, a campaign change, a new price.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Annotation {
    /// When it happened, UTC.
    pub at: DateTime<Utc>,
    /// When it ended, if it was for a time.
    pub until: Option<DateTime<Utc>>,
    /// What kind: `release`, `campaign`, `price`, `telephony`, `crm`, `staff`, `other`.
    pub kind: String,
    /// What it touched: a channel, page, line …, free text; empty when not said.
    pub scope: String,
    /// In the words of who wrote it.
    pub title: String,
}

/// What was there for the diagnosis to read; a table whose source never arrived is `None`, not empty.
#[derive(Debug, Clone, PartialEq)]
pub struct Observations {
    /// The pipeline's zone.
    pub zone: Tz,
    /// The reported period.
    pub period: Period,
    /// Day 0 of the history.
    pub first_day: NaiveDate,
    /// Nothing that happened at this instant or later is in here; also how far sales are followed.
    pub known_until: DateTime<Utc>,
    /// Texts behind the codes.
    pub names: Names,
    /// Sessions by day, channel and device over the whole history, in that order.
    pub visits: Option<Vec<Visits>>,
    /// Sessions by day and landing page (the most visited ones; the rest is "(other)") over the whole history.
    pub page_visits: Vec<Visits>,
    /// Sessions by day, channel and region (the largest ones; the rest is "(other)") over the whole history.
    pub region_visits: Vec<Visits>,
    /// Sessions by channel, device, page and region of the base periods before the reported one (day 0) and of the
    /// reported one (day 1).
    pub leaves: Vec<Visits>,
    /// Inquiries, oldest first.
    pub inquiries: Option<Vec<SeenInquiry>>,
    /// Calls, oldest first.
    pub calls: Option<Vec<SeenCall>>,
    /// Deals, oldest first.
    pub deals: Option<Vec<SeenDeal>>,
    /// Advertising by day and channel.
    pub ads: Option<Vec<AdDay>>,
    /// Whether any export of forms has arrived.
    pub has_forms: bool,
    /// Rows of every export by day.
    pub exports: Vec<ExportDays>,
    /// What people wrote down, oldest first.
    pub annotations: Vec<Annotation>,
    /// Working days and holidays.
    pub calendar: Calendar,
}

impl Observations {
    /// Sessions of every channel by day.
    pub fn daily_sessions(&self) -> Option<DailySessions> {
        let mut channels: BTreeMap<ChannelId, Vec<u32>> = BTreeMap::new();
        let days = self.days() as usize;
        for row in self.visits.as_ref()? {
            let id = ChannelId::new(self.names.text(Dimension::Channel, row.channel));
            channels.entry(id).or_insert_with(|| vec![0; days])[row.day as usize] +=
                row.counts.sessions;
        }
        Some(DailySessions {
            first_day: self.first_day,
            channels,
            calendar: self.calendar.clone(),
        })
    }

    /// The day of the history that a date is; `None` before it.
    pub fn day_of(&self, date: NaiveDate) -> Option<u32> {
        u32::try_from((date - self.first_day).num_days()).ok()
    }

    /// The date of a day of the history.
    pub fn date(&self, day: u32) -> NaiveDate {
        self.first_day
            .checked_add_days(Days::new(u64::from(day)))
            .unwrap_or(NaiveDate::MAX)
    }

    /// How many days the history has, the reported period included.
    pub fn days(&self) -> u32 {
        self.day_of(self.period.to).map_or(0, |last| last + 1)
    }

    /// The first day of the reported period.
    pub fn period_start(&self) -> u32 {
        self.day_of(self.period.from).unwrap_or(0)
    }
}
