//! A stage of the funnel that broke: its headline, what changed, and what to do first.

use chrono::NaiveDate;

use super::cells;
use crate::config::words;
use crate::digest::blocks::{BarRow, Bars, Block, Chart, Drawing, Tone};
use crate::digest::causes;
use crate::digest::language::Rich;
use crate::digest::page::Page;
use crate::digest::phrases::{channel_title, shorten};
use crate::metrics::stages::{StageBreak, StageKind};
use crate::metrics::values::Estimate;
use crate::model::period::PeriodKind;

/// Characters of a stage's title in a headline.
const TITLE_LENGTH: usize = 32;

/// «Яндекс Директ: «Корзина» → «Оформили заказ» 33,3 % вместо обычных 66,7 %».
pub(super) fn headline(page: &Page, found: &StageBreak) -> String {
    let values = Values::of(page, found);
    in_channel(
        page,
        found,
        page.fill(words::broken::HEADLINE, &values.list()),
    )
}

/// The same for a list of letters, without the stage before. The channel is added by the caller.
pub(super) fn subject(page: &Page) -> String {
    let stage = page.digest.verdict.stage.as_ref();
    stage.map_or_else(String::new, |found| {
        page.fill(words::broken::SUBJECT, &Values::of(page, found).list())
    })
}

/// What changed: how many of how many, what was to be expected, what it was before, and since when.
pub(super) fn changed(page: &Page, found: &StageBreak) -> Rich {
    let values = Values::of(page, found);
    let now = page.rich(words::broken::CHANGED, &values.list());
    let before = found.previous.as_ref().and_then(|rate| {
        let counts = cells::of(page, rate.k?, rate.n?);
        let share = page.figures.percent(rate.value?, 1);
        use words::broken::before as said;
        let key = cells::by_kind(page, [said::WEEK, said::MONTH, said::QUARTER, said::RANGE]);
        Some(page.rich(key, &[("counts", &counts), ("share", &share)]))
    });
    let since = page.rich(words::broken::SINCE, &values.list());
    before.into_iter().chain([since]).fold(now, Rich::then)
}

/// What it costs: the inquiries that usually come of those who did not go on.
pub(super) fn price(page: &Page) -> Option<Rich> {
    let found = page.digest.verdict.stage.as_ref()?;
    let value = found.lost_inquiries.filter(|_| found.lost > 0.0)?;
    let of_each = value / found.lost;
    let came = found.observed.k.unwrap_or(0.0);
    let lost = |expected: f64| (expected - came).max(0.0) * of_each;
    let expected = &found.usual.count;
    causes::lost_inquiries(
        page,
        Estimate {
            value,
            low: lost(expected.low),
            high: lost(expected.high),
        },
    )
}

/// What to do first: walk the step oneself, where the visitors of the channel do; of deals, look at those that stayed behind.
pub(super) fn step(page: &Page, found: &StageBreak) -> Rich {
    let key = match found.kind {
        StageKind::Visits if found.channel.is_none() && found.manager.is_none() => {
            words::broken::STEP_ALL
        }
        StageKind::Visits => words::broken::STEP,
        StageKind::Deals => words::broken::DEAL_STEP,
    };
    page.rich(key, &Values::of(page, found).list())
}

/// The two sides of the step: who reached the stage before, and who went on against those who usually do.
pub(super) fn chart(page: &Page, found: &StageBreak) -> Block {
    let from = found.observed.n.unwrap_or(0.0);
    let to = found.observed.k.unwrap_or(0.0);
    let usual = found.usual.count.value;
    let whole = |value: f64| page.figures.number(value, 0);
    let against = [("observed", &*whole(to)), ("usual", &whole(usual))];
    let row = |title: &str, to: f64, usual: Option<f64>, shown: String, tone: Tone| BarRow {
        label: shorten(title, TITLE_LENGTH),
        from: 0.0,
        to,
        usual,
        shown,
        tone,
    };
    let shown = page.fill(words::compared::AGAINST, &against);
    let rows = vec![
        row(&found.from_title, from, None, whole(from), Tone::Neutral),
        row(&found.to_title, to, Some(usual), shown, Tone::Bad),
    ];
    let said = rows
        .iter()
        .map(|row| format!("{}: {}", row.label, row.shown));
    let said = said.collect::<Vec<_>>().join("; ");
    let place = Values::of(page, found);
    Block::Chart(Chart {
        name: "stage",
        title: page.rich(words::broken::CHART, &place.list()),
        alt: page.fill(words::broken::ALT, &[("rows", &said)]),
        drawing: Drawing::Bars(Bars { rows }),
        tab: None,
    })
}

fn in_channel(page: &Page, found: &StageBreak, sentence: String) -> String {
    match &found.channel {
        Some(id) => page.fill(
            words::headline::IN_CHANNEL,
            &[
                ("channel", &channel_title(page, id)),
                ("sentence", &sentence),
            ],
        ),
        None => match &found.manager {
            Some(manager) => format!("{manager}: {sentence}"),
            None => sentence,
        },
    }
}

/// Since when it is seen: of months and longer the period, for nobody looked at its days.
fn since(page: &Page, first: NaiveDate) -> String {
    let period = &page.digest.period;
    match period.kind {
        PeriodKind::Month | PeriodKind::Quarter | PeriodKind::Year => {
            let mut periods = std::iter::successors(Some(period.clone()), |of| Some(of.previous()));
            let of = periods.find(|of| of.from <= first);
            of.map_or_else(String::new, |of| page.figures.of_period(&of))
        }
        PeriodKind::Week
        | PeriodKind::CutWeek
        | PeriodKind::Day
        | PeriodKind::MonthToDate
        | PeriodKind::Range => page.figures.day(first),
    }
}

/// The parts of every sentence about a break.
struct Values(Vec<(&'static str, String)>);

impl Values {
    fn of(page: &Page, found: &StageBreak) -> Self {
        let figures = &page.figures;
        let usual = &found.usual;
        let everybody = || page.text(words::table::TOTAL);
        let channel = match &found.channel {
            Some(id) => channel_title(page, id),
            None => found.manager.clone().unwrap_or_else(everybody),
        };
        Self(vec![
            ("channel", channel),
            ("from", shorten(&found.from_title, TITLE_LENGTH)),
            ("to", shorten(&found.to_title, TITLE_LENGTH)),
            ("share", figures.percent(found.share(), 1)),
            ("usual", figures.percent(usual.to_previous.value, 1)),
            ("about", figures.percent(found.share(), 0)),
            ("about_usual", figures.percent(usual.to_previous.value, 0)),
            ("k", figures.number(found.observed.k.unwrap_or(0.0), 0)),
            ("n", figures.number(found.observed.n.unwrap_or(0.0), 0)),
            ("expected", figures.number(usual.count.value, 0)),
            (
                "range",
                figures.event_range(usual.count.low, usual.count.high),
            ),
            ("since", since(page, found.since)),
        ])
    }

    fn list(&self) -> Vec<(&str, &str)> {
        let pairs = self.0.iter();
        pairs.map(|(name, value)| (*name, value.as_str())).collect()
    }
}
