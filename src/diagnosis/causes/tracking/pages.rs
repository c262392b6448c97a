//! A page that is seen no more although people who were on it get in touch as before.

use super::{SECOND_SIGN_CAP, sessions};
use crate::config::words;
use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::causes::counts_and_change;
use crate::diagnosis::weigh::bayes;
use crate::diagnosis::weigh::evidence::{Evidence, Role, Value};
use crate::diagnosis::weigh::scopes::sum;
use crate::model::observations::{Code, Dimension};

/// A page with fewer expected sessions is not looked at.
const FEWEST_SESSIONS: f64 = 30.0;
/// What it weighs that a page has as many sessions as were due, nats: it has not gone, whatever its share.
const NOT_GONE: f64 = -3.0;
/// A channel with fewer expected sessions on the page does not tell whether it lost them.
const FEWEST_OF_CHANNEL: f64 = 8.0;
/// Relative variance that a channel's sessions of one page have beyond the page's own: 14 % of their level.
const CHANNEL_NOISE: f64 = 0.02;
/// What channels that did not fall with the page weigh, nats, at most.
const SOME_CHANNELS_CAP: f64 = -8.0;
/// Less than this against an even fall is chance, nats …
const UNEVEN: f64 = -1.0;
/// … and an even one adds so much, nats: a campaign that ended would seldom look like it.
const ALL_ALIKE: f64 = 2.0;
/// Log odds of "the counter lost them" against "they went to other pages", nats, from which on the latter is taken for true:
/// from then on what the page itself shows speaks for either alike, and counts for nothing. A judgement: at twenty to one, for
/// other pages also rise by chance in the week of a loss.
const WENT_ELSEWHERE: f64 = -3.0;
/// A page whose share fell counts for no more than so many nats beyond what its own sessions tell: of a share of long ago
/// others may have taken a part since.
const SHARE_BEYOND_OWN: f64 = 4.0;
/// The share of inquiries that a lost page would leave if its visitors were lost, at least and at most: outside of it the
/// count could not tell the one from the other.
const INQUIRIES_LEFT: (f64, f64) = (0.05, 0.99);

/// A page that is seen no more although people who were on it get in touch as before.
pub(super) fn lost_page(case: &Case, page: Code) -> Option<Vec<Evidence>> {
    let here = landings(case, |code| code == page);
    let own = case.judge(&here, None)?;
    if own.expected < FEWEST_SESSIONS {
        return None;
    }
    let others = landings(case, |code| code != page);
    let shared = case.judge(&here, Some(&others))?;
    let shared = given_the_mix(case, page, &shared);
    let weight = if own.lost() > 0.0 {
        shared.fall().min(own.fall().max(0.0) + SHARE_BEYOND_OWN)
    } else {
        NOT_GONE
    };
    let code = if weight >= 0.0 {
        words::evidence::tracking::PAGE_LOST
    } else {
        words::evidence::tracking::PAGE_STANDS
    };
    let [observed, expected, change] = counts_and_change(&own);
    let name = Value::Text(case.text(Dimension::Page, page).to_owned());
    let values = [observed, expected, change, ("page", name)];
    let mut found = vec![Evidence::new(code, weight, values)];
    if sum(&found) > 0.0 {
        found.push(spread_over_channels(case, page, &own));
        found.extend(inquiries_stay(case, own.lost() / total(case).max(1.0)));
        found.extend(taken_by_others(case, page, own.lost(), sum(&found)));
    }
    Some(found)
}

/// Sessions by day that landed on such pages.
pub(super) fn landings(case: &Case, keep: impl Fn(Code) -> bool) -> Vec<f64> {
    let mut days = vec![0.0; case.days()];
    for row in case.seen.page_visits.iter().filter(|row| keep(row.page)) {
        days[row.day as usize] += f64::from(row.counts.sessions);
    }
    days
}

/// One channel's sessions of the base and of the reported period, on the page in question and elsewhere.
#[derive(Debug, Clone, Copy, Default)]
struct ChannelVisits {
    base_here: f64,
    base_all: f64,
    now_elsewhere: f64,
}

impl ChannelVisits {
    /// The visits of other pages tell how many visitors a channel has; of each, so many used to land here.
    fn due_here(&self) -> f64 {
        let base_elsewhere = self.base_all - self.base_here;
        self.now_elsewhere * self.base_here / base_elsewhere.max(1.0)
    }
}

/// Sessions of the base and of the reported period at one place, as far as channel and page tell it.
struct ChannelAndPage {
    channel: Code,
    page: Code,
    base: f64,
    now: f64,
}

fn by_channel_and_page<'a>(case: &'a Case) -> impl Iterator<Item = ChannelAndPage> + 'a {
    let slices = &case.seen.slices;
    let channel = slices.position(Dimension::Channel);
    let page = slices.position(Dimension::Page);
    let positions = channel.zip(page);
    let places = positions.map(|(channel, page)| {
        slices.places.iter().map(move |slice| ChannelAndPage {
            channel: slice.codes[channel],
            page: slice.codes[page],
            base: f64::from(slice.base),
            now: f64::from(slice.now),
        })
    });
    places.into_iter().flatten()
}

/// Sessions of a page against those that each channel's visitors would have brought to it: a shift of the mix moves
/// pages and loses none.
fn given_the_mix(case: &Case, page: Code, shared: &Judged) -> Judged {
    let count = case.seen.names.len(Dimension::Channel);
    let mut channels = vec![ChannelVisits::default(); count];
    let mut now_here = 0.0;
    for slice in by_channel_and_page(case) {
        let channel = &mut channels[usize::from(slice.channel)];
        channel.base_all += slice.base;
        if slice.page == page {
            channel.base_here += slice.base;
            now_here += slice.now;
        } else {
            channel.now_elsewhere += slice.now;
        }
    }
    let expected: f64 = channels.iter().map(ChannelVisits::due_here).sum();
    if expected <= 0.0 {
        return *shared;
    }
    Judged {
        observed: now_here,
        expected,
        ordinary: expected,
        ..*shared
    }
}

/// Sessions of the whole site to be expected.
fn total(case: &Case) -> f64 {
    let judged = case.judge(&sessions(case, None), None);
    judged.map_or(0.0, |judged| judged.expected)
}

/// A tag that is lost on a page is lost for every channel alike; a campaign that ended is one channel.
fn spread_over_channels(case: &Case, page: Code, own: &Judged) -> Evidence {
    let count = case.seen.names.len(Dimension::Channel);
    let (mut base, mut now) = (vec![0.0; count], vec![0.0; count]);
    for slice in by_channel_and_page(case).filter(|slice| slice.page == page) {
        base[usize::from(slice.channel)] += slice.base;
        now[usize::from(slice.channel)] += slice.now;
    }
    // The base is several periods long: it is brought to what was due in the reported one.
    let scale = own.expected / base.iter().sum::<f64>().max(1.0);
    let fallen = own.observed / own.expected;
    let dispersion = own.dispersion + CHANNEL_NOISE;
    let mut against = Vec::new();
    for (base, now) in base.iter().zip(&now) {
        let expected = base * scale;
        if expected >= FEWEST_OF_CHANNEL {
            // A channel that fell even more than the page is no sign of another fault.
            against.push(bayes::by(fallen, *now, expected, dispersion).min(0.0));
        }
    }
    let weight = against.iter().sum::<f64>().max(SOME_CHANNELS_CAP);
    let alike = if weight > UNEVEN { ALL_ALIKE } else { weight };
    let code = if alike > 0.0 {
        words::evidence::tracking::ALL_CHANNELS
    } else {
        words::evidence::tracking::SOME_CHANNELS
    };
    Evidence::new(code, alike, []).of(Role::Others)
}

/// Visits that other pages gained, as many as this one lost: a page was renamed, or a test shows another one to a part of
/// the visitors. What a counter does not see turns up nowhere.
fn taken_by_others(case: &Case, page: Code, lost: f64, told: f64) -> Option<Evidence> {
    let judged = case.judge(&landings(case, |code| code != page), None)?;
    let gained = 1.0 + lost / judged.expected.max(1.0);
    let weight = -bayes::by(gained, judged.observed, judged.expected, judged.dispersion);
    let values = counts_and_change(&judged);
    (weight < WENT_ELSEWHERE).then(|| {
        let weight = weight - told.max(0.0);
        Evidence::new(words::evidence::tracking::PAGE_MOVED, weight, values).of(Role::Others)
    })
}

/// Inquiries that stay although so large a share of the sessions is gone.
fn inquiries_stay(case: &Case, share: f64) -> Option<Evidence> {
    case.seen.inquiries.as_ref()?;
    let judged = case.judge(&case.inquiries(|_| true), None)?;
    let (least, most) = INQUIRIES_LEFT;
    let left = (1.0 - share).clamp(least, most);
    let weight = -bayes::by(left, judged.observed, judged.expected, judged.dispersion);
    let code = if weight >= 0.0 {
        words::evidence::tracking::INQUIRIES_STAY
    } else {
        words::evidence::tracking::INQUIRIES_FELL
    };
    let weight = weight.clamp(-SECOND_SIGN_CAP, SECOND_SIGN_CAP);
    Some(Evidence::new(code, weight, counts_and_change(&judged)).of(Role::Outcome))
}
