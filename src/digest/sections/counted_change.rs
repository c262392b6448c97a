//! A change against the usual with both of its numbers: a percentage of a small base says little.

use super::outcomes;
use crate::config::words;
use crate::diagnosis::codes::CauseCode;
use crate::diagnosis::finding::Tested;
use crate::digest::page::Page;
use crate::digest::phrases::channel_title;
use crate::digest::verdict::{Base, VerdictKind};
use crate::model::channel::ChannelId;
use crate::model::metric::Metric;
use crate::model::observations::Dimension;

/// What moved against the usual; `None` where both numbers are not of one count.
pub(super) fn sentence(page: &Page) -> Option<String> {
    let verdict = &page.digest.verdict;
    let falls = verdict.kind == VerdictKind::Drop;
    match (verdict.metric?, verdict.base?) {
        (Metric::Conv1, Base::Usual) => inquiries(page, falls),
        (Metric::Sessions, Base::Usual) if falls => sessions(page),
        _ => None,
    }
}

/// «Прямые заходы: 4 обращения вместо 14».
fn inquiries(page: &Page, falls: bool) -> Option<String> {
    let channel = page.digest.verdict.channel.as_ref();
    let row = match channel {
        Some(id) => page.digest.channel(id)?,
        None => &page.digest.totals,
    };
    let observed = page
        .figures
        .counted(words::words::INQUIRIES, row.measures.inquiries?);
    let expected = page.figures.number(row.usual?.inquiries.value, 0);
    let values = [("observed", &*observed), ("expected", &expected)];
    use words::headline::{self, to_usual};
    Some(match (channel, falls) {
        (Some(id), true) => channel_title(page, id) + &page.fill(headline::COUNTS, &values),
        (Some(id), false) => channel_title(page, id) + &page.fill(headline::MORE_COUNTS, &values),
        (None, true) => page.fill(to_usual::FEWER, &values),
        (None, false) => page.fill(to_usual::MORE, &values),
    })
}

/// Fewer sessions, of the channel that most likely lost them, else of all.
fn sessions(page: &Page) -> Option<String> {
    let channel = suspected_channel(page);
    let mut tests = page.digest.tests.iter();
    let of_all = tests.find(|test| test.is_of_all_sessions());
    let test = channel.as_ref().map(|(_, test)| *test).or(of_all)?;
    let observed = page
        .figures
        .counted_whole(words::words::SESSIONS, test.observed);
    let expected = page.figures.number(test.expected, 0);
    let values = [("observed", &*observed), ("expected", &expected)];
    Some(match channel {
        Some((id, _)) => channel_title(page, &id) + &page.fill(words::headline::COUNTS, &values),
        None => page.fill(words::headline::to_usual::FEWER_SESSIONS, &values),
    })
}

/// The channel that the loss of traffic is most likely in, where nothing was found, with the test that it fell by.
fn suspected_channel<'a>(page: &Page<'a>) -> Option<(ChannelId, &'a Tested)> {
    let suspect = outcomes::likeliest_of(page)?;
    let is_likely = suspect.probability > outcomes::MORE_LIKELY_THAN_NOT;
    let is_traffic = suspect.code == CauseCode::TrafficVolume && is_likely;
    let channel = suspect.scope.get(&Dimension::Channel);
    let channel = channel.filter(|_| is_traffic)?;
    let fell = |test: &&Tested| {
        let is_there = test.scope.get(&Dimension::Channel) == Some(channel);
        let is_fall = test.is_significant && test.observed < test.expected;
        test.metric == Metric::Sessions && is_there && is_fall
    };
    let test = page.digest.tests.iter().find(fell)?;
    Some((ChannelId::new(channel), test))
}
