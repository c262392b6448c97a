//! Rows of bars side by side on one scale: channels, managers and places, each with what is usual of it as a tick.

use crate::config::words::{self, Key};
use crate::diagnosis::finding::{RankedCause, Tested};
use crate::digest::blocks::{BarRow, Bars, Block, Chart, Drawing, Tone};
use crate::digest::causes;
use crate::digest::language::Rich;
use crate::digest::page::Page;
use crate::digest::phrases::{channel_title, shorten, upper_first};
use crate::metrics::scorecard::RowVerdict;
use crate::model::channel::ChannelId;
use crate::model::metric::Metric;
use crate::model::observations::Dimension;

/// More rows than these are for the table.
const MOST_ROWS: usize = 6;
/// Characters of a row's name that stand beside its amount on a phone.
const NAME_LENGTH: usize = 30;

/// Visits by channel, now and usually: what a shift of the mix is made of.
pub(super) fn visits_by_channel(page: &Page, cause: &RankedCause) -> Option<Block> {
    let named = cause.scope.get(&Dimension::Channel);
    visits(page, |test| test.scope.get(&Dimension::Channel) == named)
}

/// The same where nobody knows the cause: the channels that fell are meant.
pub(super) fn visits_of_all(page: &Page) -> Option<Block> {
    visits(page, |test| {
        test.is_significant && test.observed < test.expected
    })
}

fn visits(page: &Page, is_meant: impl Fn(&Tested) -> bool) -> Option<Block> {
    let of_channel = |test: &Tested| {
        let channel = test.scope.get(&Dimension::Channel)?;
        let is_whole = test.scope.len() == 1 && test.metric == Metric::Sessions;
        is_whole.then(|| Amount {
            name: channel_title(page, &ChannelId::new(channel)),
            now: test.observed,
            usual: Some(test.expected),
            is_meant: is_meant(test),
        })
    };
    let tests = page.digest.tests.iter();
    let rows = tests.filter_map(of_channel).collect();
    let title = page.rich(words::sides::visits::TITLE, &[]);
    chart(page, "mix", title, words::sides::visits::ALT, rows)
}

/// Deals that nobody has touched, by manager.
pub(super) fn untouched_by_manager(page: &Page, cause: &RankedCause) -> Option<Block> {
    let named = cause.scope.get(&Dimension::Manager);
    let rows = page.digest.managers.iter().map(|row| Amount {
        name: row.manager.clone(),
        now: row.untouched as f64,
        usual: None,
        is_meant: named == Some(&row.manager),
    });
    let rows: Vec<Amount> = rows.collect();
    // Where the cause shows in other deals than this period's, the picture would show none.
    let is_seen = rows.iter().any(|row| row.is_meant && row.now > 0.0);
    let title = page.rich(words::sides::untouched::TITLE, &[]);
    let alt = words::sides::untouched::ALT;
    chart(page, "untouched", title, alt, rows).filter(|_| is_seen)
}

/// Inquiries by channel, now and usually: where a drop without a cause is.
pub(super) fn inquiries_by_channel(page: &Page) -> Option<Block> {
    let rows = page.digest.channels.iter().filter_map(|row| {
        Some(Amount {
            name: row.title.clone(),
            now: row.measures.inquiries?,
            usual: Some(row.usual?.inquiries.value),
            is_meant: page.may_judge() && row.verdict == RowVerdict::Worse,
        })
    });
    let title = page.rich(words::sides::inquiries::TITLE, &[]);
    let alt = words::sides::inquiries::ALT;
    chart(page, "inquiries", title, alt, rows.collect())
}

/// The places that lost their inquiries, now and usually.
pub(super) fn lost_places(page: &Page) -> Option<Block> {
    let lead = page.digest.verdict.place.as_ref();
    let rows = page.digest.segments.iter().map(|place| Amount {
        name: upper_first(&causes::scope(page, &place.scope).unwrap_or_default()),
        now: place.observed,
        usual: Some(place.expected),
        is_meant: lead == Some(place),
    });
    let title = page.rich(words::sides::places::TITLE, &[]);
    let alt = words::sides::places::ALT;
    bars(page, "places", title, alt, rows.collect(), 1)
}

/// A row before it is written.
struct Amount {
    name: String,
    now: f64,
    usual: Option<f64>,
    /// What the headline is about.
    is_meant: bool,
}

impl Amount {
    /// What a row is chosen by: its larger side.
    fn size(&self) -> f64 {
        self.now.max(self.usual.unwrap_or(0.0))
    }

    fn row(&self, page: &Page) -> BarRow {
        let now = page.figures.number(self.now, 0);
        let shown = match self.usual {
            Some(usual) => {
                let usual = page.figures.number(usual, 0);
                let values = [("observed", &*now), ("usual", &usual)];
                page.fill(words::compared::AGAINST, &values)
            }
            None => now,
        };
        BarRow {
            label: shorten(&self.name, NAME_LENGTH),
            from: 0.0,
            to: self.now,
            usual: self.usual,
            shown,
            tone: if self.is_meant {
                Tone::Bad
            } else {
                Tone::Neutral
            },
        }
    }
}

fn chart(
    page: &Page,
    name: &'static str,
    title: Rich,
    alt: Key,
    rows: Vec<Amount>,
) -> Option<Block> {
    bars(page, name, title, alt, rows, 2)
}

/// The largest rows, what is meant always among them; fewer than `least` are no picture.
fn bars(
    page: &Page,
    name: &'static str,
    title: Rich,
    alt: Key,
    mut rows: Vec<Amount>,
    least: usize,
) -> Option<Block> {
    rows.sort_by(|one, other| {
        let by_meaning = other.is_meant.cmp(&one.is_meant);
        by_meaning.then(other.size().total_cmp(&one.size()))
    });
    rows.truncate(MOST_ROWS);
    let is_some = rows.iter().any(|row| row.size() > 0.0);
    if rows.len() < least || !is_some {
        return None;
    }
    let rows: Vec<BarRow> = rows.iter().map(|row| row.row(page)).collect();
    let said = rows
        .iter()
        .map(|row| format!("{}: {}", row.label, row.shown));
    let said = said.collect::<Vec<_>>().join("; ");
    Some(Block::Chart(Chart {
        name,
        title,
        alt: page.fill(alt, &[("rows", &said)]),
        drawing: Drawing::Bars(Bars { rows }),
        tab: None,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::language::Language;
    use crate::digest::language::Strings;
    use crate::digest::{Digest, VerdictKind};

    #[test]
    fn what_the_headline_is_about_is_always_among_the_rows() {
        let digest = Digest::sample(VerdictKind::Drop, Language::EN);
        let page = Page::of(&digest, Strings::shipped(Language::EN));
        let amount = |place: usize| Amount {
            name: format!("channel {place}"),
            now: 100.0 - place as f64,
            usual: None,
            is_meant: place == 9,
        };
        let title = page.rich(words::sides::inquiries::TITLE, &[]);
        let alt = words::sides::inquiries::ALT;
        let rows = (0..10).map(amount).collect();
        let Some(Block::Chart(chart)) = chart(&page, "inquiries", title, alt, rows) else {
            panic!("a chart");
        };
        let Drawing::Bars(bars) = &chart.drawing else {
            panic!("bars");
        };
        assert_eq!(bars.rows.len(), MOST_ROWS);
        assert_eq!(bars.rows[0].label, "channel 9");
        assert_eq!(bars.rows[0].tone, Tone::Bad);
        assert_eq!(bars.rows[1].label, "channel 0");
    }
}
