//! A page that is seen no more although people who were on it get in touch as before.

use super::{MOST, counts, sessions};
use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::weigh::bayes;
use crate::diagnosis::weigh::evidence::{Evidence, Role, Value};
use crate::diagnosis::weigh::scopes::sum;
use crate::model::observations::{Code, Dimension};

/// A page that is seen no more although people who were on it get in touch as before.
pub(super) fn lost_page(case: &Case, page: Code) -> Option<Vec<Evidence>> {
    let of = |keep: &dyn Fn(Code) -> bool| {
        let mut days = vec![0.0; case.days()];
        let rows = case.seen.page_visits.iter().filter(|row| keep(row.page));
        rows.for_each(|row| days[row.day as usize] += f64::from(row.counts.sessions));
        days
    };
    let own = case
        .judge(&of(&|code| code == page), None)
        .filter(|judged| judged.expected >= 30.0)?;
    let others = of(&|code| code != page);
    let shared = case.judge(&of(&|code| code == page), Some(&others))?;
    let shared = given_the_mix(case, page, &shared);
    let weight = if own.lost() > 0.0 {
        shared.fall()
    } else {
        -3.0
    };
    let code = if weight >= 0.0 {
        "tracking.page_lost"
    } else {
        "tracking.page_stands"
    };
    let mut found = vec![Evidence::new(code, weight, {
        let [observed, expected, change] = counts(&own);
        [
            observed,
            expected,
            change,
            (
                "page",
                Value::Text(case.text(Dimension::Page, page).to_owned()),
            ),
        ]
    })];
    if sum(&found) > 0.0 {
        found.push(spread_over_channels(case, page, &own));
        found.extend(inquiries_stay(case, own.lost() / total(case).max(1.0)));
    }
    Some(found)
}

/// Sessions of a page against those that each channel's visitors would have brought to it: a shift of the mix moves
/// pages and loses none.
fn given_the_mix(case: &Case, page: Code, shared: &Judged) -> Judged {
    let count = case.seen.names.len(Dimension::Channel);
    let (mut base, mut base_here) = (vec![0.0; count], vec![0.0; count]);
    let (mut now, mut now_here) = (vec![0.0; count], 0.0);
    for row in &case.seen.leaves {
        let (channel, sessions) = (usize::from(row.channel), f64::from(row.counts.sessions));
        let is_here = row.page == page;
        match row.day {
            0 => {
                base[channel] += sessions;
                base_here[channel] += if is_here { sessions } else { 0.0 };
            }
            _ if is_here => now_here += sessions,
            _ => now[channel] += sessions,
        }
    }
    // The visits of other pages tell how many visitors a channel had; of each, so many used to land here.
    let of_channel = |channel: usize| {
        let elsewhere = base[channel] - base_here[channel];
        now[channel] * base_here[channel] / elsewhere.max(1.0)
    };
    let expected: f64 = (0..count).map(of_channel).sum();
    if expected <= 0.0 {
        *shared
    } else {
        Judged {
            observed: now_here,
            expected,
            ordinary: expected,
            ..*shared
        }
    }
}

/// Sessions of the whole site to be expected.
fn total(case: &Case) -> f64 {
    case.judge(&sessions(case, None), None)
        .map_or(0.0, |judged| judged.expected)
}

/// A tag that is lost on a page is lost for every channel alike; a campaign that ended is one channel.
fn spread_over_channels(case: &Case, page: Code, own: &Judged) -> Evidence {
    let count = case.seen.names.len(Dimension::Channel);
    let (mut base, mut now) = (vec![0.0; count], vec![0.0; count]);
    for row in case.seen.leaves.iter().filter(|row| row.page == page) {
        let half = if row.day == 0 { &mut base } else { &mut now };
        half[usize::from(row.channel)] += f64::from(row.counts.sessions);
    }
    let scale = own.expected / base.iter().sum::<f64>().max(1.0);
    let fallen = own.observed / own.expected;
    let against = (0..count)
        .filter(|code| base[*code] * scale >= 8.0)
        .map(|code| {
            let expected = base[code] * scale;
            bayes::by(fallen, now[code], expected, own.dispersion + 0.02).min(0.0)
        });
    let weight = against.sum::<f64>().max(-8.0);
    let alike = if weight > -1.0 { 2.0 } else { weight };
    let code = if alike > 0.0 {
        "tracking.all_channels"
    } else {
        "tracking.some_channels"
    };
    Evidence::new(code, alike, []).of(Role::Others)
}

/// Inquiries that stay although so large a share of the sessions is gone.
fn inquiries_stay(case: &Case, share: f64) -> Option<Evidence> {
    case.seen.inquiries.as_ref()?;
    let judged = case.judge(&case.inquiries(|_| true), None)?;
    let weight = -bayes::by(
        (1.0 - share).clamp(0.05, 0.99),
        judged.observed,
        judged.expected,
        judged.dispersion,
    );
    let code = if weight >= 0.0 {
        "tracking.inquiries_stay"
    } else {
        "tracking.inquiries_fell"
    };
    Some(Evidence::new(code, weight.clamp(-MOST, MOST), counts(&judged)).of(Role::Outcome))
}
