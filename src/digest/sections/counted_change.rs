//! A change against the usual with both of its numbers: a percentage of a small base says little.

use super::kpi::bases::{inquiries_tested, is_of_other_traffic};
use super::outcomes;
use crate::config::words;
use crate::diagnosis::codes::CauseCode;
use crate::diagnosis::finding::Tested;
use crate::digest::page::Page;
use crate::digest::phrases::{channel_title, shorten};
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
        (Metric::Inquiries, Base::Usual) => by_their_past(page, falls),
        (Metric::Sessions, Base::Usual) if falls => sessions(page),
        _ => None,
    }
}

/// «Прямые заходы: 4 обращения вместо 14».
fn inquiries(page: &Page, falls: bool) -> Option<String> {
    let channel = page.digest.verdict.channel.as_ref();
    let counts = counts(page, channel, falls)?;
    Some(match channel {
        Some(id) => channel_title(page, id) + &counts,
        None => counts,
    })
}

/// «: 4 обращения вместо 14» of a channel, and the whole sentence of all of them.
fn counts(page: &Page, channel: Option<&ChannelId>, falls: bool) -> Option<String> {
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
    let key = match (channel, falls) {
        (Some(_), true) => headline::COUNTS,
        (Some(_), false) => headline::MORE_COUNTS,
        // Of other traffic than usual it is no usual week's.
        (None, true) if is_of_other_traffic(page) => to_usual::FEWER_FOR_TRAFFIC,
        (None, false) if is_of_other_traffic(page) => to_usual::MORE_FOR_TRAFFIC,
        (None, true) => to_usual::FEWER,
        (None, false) => to_usual::MORE,
    };
    Some(page.fill(key, &values))
}

/// Inquiries of a firm without visits, against those of its past.
fn by_their_past(page: &Page, falls: bool) -> Option<String> {
    let test = inquiries_tested(page)?;
    let noun = words::words::INQUIRIES;
    let observed = page.figures.counted(noun, test.observed);
    let expected = page.figures.number(test.expected, 0);
    let values = [("observed", &*observed), ("expected", &expected)];
    use words::headline::to_usual;
    let key = if falls {
        to_usual::FEWER
    } else {
        to_usual::MORE
    };
    Some(page.fill(key, &values))
}

/// A channel with few inquiries and both of its numbers, for a subject: «Поиск: 10 обращений, обычно 2». `None` where a
/// percentage says as much, or the headline is about something else.
pub(super) fn of_few(page: &Page, room: usize) -> Option<String> {
    let verdict = &page.digest.verdict;
    let falls = verdict.kind == VerdictKind::Drop;
    let is_of_rate = verdict.metric == Some(Metric::Conv1) && verdict.base == Some(Base::Usual);
    // A place within the channel is told instead of it.
    let is_meant = is_of_rate && verdict.place.is_none();
    let id = verdict.channel.as_ref().filter(|_| is_meant)?;
    let usual = page.digest.channel(id)?.usual?;
    let title = shorten(&channel_title(page, id), room);
    (usual.inquiries.value < FEW)
        .then(|| counts(page, Some(id), falls))
        .flatten()
        .map(|counts| title + &counts)
}

/// A percentage of fewer than this says little: one event more or less is several percent. A judgement.
const FEW: f64 = 30.0;

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
