//! The sessions of the firm's channels, the clicks they cost, and the inquiries they turn into.

use super::{Dice, START, inquiry};
use crate::model::money::Minor;
use crate::model::observations::*;

/// A channel of the firm.
pub(super) struct Channel {
    pub(super) id: &'static str,
    sessions_a_week: f64,
    inquiries_a_session: f64,
    is_paid: bool,
}

/// The channels; their codes are their places here, from 1 on.
pub(super) const CHANNELS: [Channel; 4] = [
    Channel {
        id: "yandex-direct-search",
        sessions_a_week: 800.0,
        inquiries_a_session: 0.05,
        is_paid: true,
    },
    Channel {
        id: "yandex-direct-network",
        sessions_a_week: 1200.0,
        inquiries_a_session: 0.012,
        is_paid: true,
    },
    Channel {
        id: "organic-search",
        sessions_a_week: 600.0,
        inquiries_a_session: 0.04,
        is_paid: false,
    },
    Channel {
        id: "direct",
        sessions_a_week: 400.0,
        inquiries_a_session: 0.03,
        is_paid: false,
    },
];
/// What Monday to Sunday bring of a seventh of the week: seven in all.
const WEEKDAYS: [f64; 7] = [1.2, 1.2, 1.15, 1.1, 1.05, 0.7, 0.6];
/// Hours in which people come.
const HOURS: std::ops::Range<u32> = 9..20;
/// Codes of phones and desktops, with their shares of the sessions.
const DEVICES: [(Code, f64); 2] = [(1, 0.6), (2, 0.4)];
/// Half of the sessions begin on the first of the three pages.
const PAGES: [usize; 4] = [0, 0, 1, 2];
/// Three fifths of them come from the first of the three regions.
const REGIONS: [usize; 5] = [0, 0, 0, 1, 2];
/// The base that places are counted over: eight weeks.
const BASE_DAYS: u32 = 56;

/// Sessions of one day, channel and device: a cell for each page and region, the regions of a page together.
type Cells = [SessionCounts; 9];

/// Who came, and how: codes of the dimensions of sessions.
#[derive(Debug, Clone, Copy)]
pub(super) struct Visitor {
    pub(super) channel: Code,
    pub(super) device: Code,
    pub(super) page: Code,
    pub(super) region: Code,
}

/// Devices, pages and regions: each has codes from 1 on.
const SIZES: [Code; 3] = [2, 3, 3];

impl Visitor {
    /// Where such sessions stand among [`slices`].
    pub(super) fn slice(&self) -> SliceId {
        let [devices, pages, regions] = SIZES.map(u32::from);
        let [channel, device, page, region] =
            [self.channel, self.device, self.page, self.region].map(|code| u32::from(code) - 1);
        SliceId(((channel * devices + device) * pages + page) * regions + region)
    }
}

/// Every place that sessions may be at, in the order of [`Visitor::slice`].
pub(super) fn slices() -> Slices {
    let mut places = Vec::new();
    for channel in 1..=CHANNELS.len() as Code {
        for device in 1..=SIZES[0] {
            for page in 1..=SIZES[1] {
                for region in 1..=SIZES[2] {
                    places.push(Slice {
                        codes: vec![channel, device, page, region],
                        base: 0,
                        now: 0,
                    });
                }
            }
        }
    }
    let dimensions = [
        Dimension::Channel,
        Dimension::Device,
        Dimension::Page,
        Dimension::Region,
    ];
    Slices {
        dimensions: dimensions.to_vec(),
        base_from: START - BASE_DAYS,
        places,
    }
}

/// One day of all channels. The order of the dice is that of the rows: another one is another firm.
pub(super) fn traffic(seen: &mut Observations, dice: &mut Dice, day: u32) {
    let of_weekday = WEEKDAYS[day as usize % 7];
    for (index, channel) in CHANNELS.iter().enumerate() {
        let code = index as Code + 1;
        for (device, share) in DEVICES {
            let sessions = dice.count(channel.sessions_a_week / 7.0 * of_weekday * share);
            let mut cells = Cells::default();
            for _ in 0..sessions {
                let page = PAGES[dice.below(4) as usize];
                let region = REGIONS[dice.below(5) as usize];
                let cell = &mut cells[page * 3 + region];
                one_session(cell, dice);
                let hour = HOURS.start + dice.below(HOURS.len() as u32);
                if dice.hits(channel.inquiries_a_session) {
                    cell.form_starts += u32::from(dice.hits(0.6));
                    let visitor = Visitor {
                        channel: code,
                        device,
                        page: page as Code + 1,
                        region: region as Code + 1,
                    };
                    inquiry::make(seen, dice, day, hour, visitor);
                }
            }
            put(seen, day, code, device, &cells);
        }
        if channel.is_paid {
            let clicks = dice.count(channel.sessions_a_week / 7.0 * 1.1 * of_weekday);
            advertise(seen, day, code, clicks);
        }
    }
}

fn one_session(cell: &mut SessionCounts, dice: &mut Dice) {
    cell.sessions += 1;
    let bounced = dice.hits(0.3);
    cell.bounces += u32::from(bounced);
    cell.instant += u32::from(bounced && dice.hits(0.2));
    cell.newcomers += u32::from(dice.hits(0.7));
    cell.phone_taps += u32::from(dice.hits(0.03));
    cell.seconds += u64::from(if bounced { 4 } else { 30 + dice.below(120) });
}

fn advertise(seen: &mut Observations, day: u32, channel: Code, clicks: u32) {
    let row = AdDay {
        day,
        channel,
        impressions: clicks * 20,
        clicks,
        cost: Minor(i64::from(clicks) * 3_000),
    };
    seen.ads.as_mut().expect("the firm advertises").push(row);
}

/// Puts the cells of a day into every table of sessions.
fn put(seen: &mut Observations, day: u32, channel: Code, device: Code, cells: &Cells) {
    let mut all = SessionCounts::default();
    for (at, counts) in cells.iter().enumerate() {
        all.add(counts);
        let (page, region) = (at as Code / 3 + 1, at as Code % 3 + 1);
        let counts = *counts;
        seen.page_visits.push(Visits {
            day,
            page,
            counts,
            ..Visits::default()
        });
        seen.region_visits.push(Visits {
            day,
            channel,
            region,
            counts,
            ..Visits::default()
        });
        let visitor = Visitor {
            channel,
            device,
            page,
            region,
        };
        let SliceId(place) = visitor.slice();
        let slice = &mut seen.slices.places[place as usize];
        match day {
            START.. => slice.now += counts.sessions,
            day if day + BASE_DAYS >= START => slice.base += counts.sessions,
            _ => {}
        }
    }
    let row = Visits {
        day,
        channel,
        device,
        counts: all,
        ..Visits::default()
    };
    let visits = seen.visits.as_mut().expect("the firm has a counter");
    visits.push(row);
}
