//! The picture of a cause that has no days of its own, or has more to show: what its facts counted against what is usual.

use crate::config::words::{self, Key};
use crate::diagnosis::codes::CauseCode;
use crate::diagnosis::finding::RankedCause;
use crate::diagnosis::weigh::evidence::{Evidence, Role, Value};
use crate::digest::blocks::{BarRow, Bars, Block, Chart, Drawing, Tone};
use crate::digest::causes;
use crate::digest::page::Page;
use crate::digest::phrases::upper_first;

/// More rows than these are no picture any more.
const MOST_ROWS: usize = 4;

/// The chart of a cause's facts; fewer than two say nothing that a sentence does not.
pub(super) fn chart(page: &Page, cause: &RankedCause) -> Option<Block> {
    let facts = cause.evidence.iter().chain(&cause.against);
    let all: Vec<(Fact, BarRow)> = facts.filter_map(|evidence| row(page, evidence)).collect();
    let kind = all.first()?.0;
    let rows = all
        .into_iter()
        .filter(|(of, _)| *of == kind)
        .map(|(_, row)| row);
    let mut rows: Vec<BarRow> = rows.take(MOST_ROWS).collect();
    if cause.code == CauseCode::Forms {
        // In the order in which people pass them: where the bars break off, the form does.
        let place = |row: &BarRow| {
            ORDER_OF_FORMS
                .iter()
                .position(|key| page.text(*key) == row.label)
        };
        rows.sort_by_key(|row| place(row).unwrap_or(ORDER_OF_FORMS.len()));
    }
    if rows.len() < 2 {
        return None;
    }
    let fault = upper_first(&causes::fault_in(page, cause, &cause.scope));
    let said = rows
        .iter()
        .map(|row| format!("{}: {}", row.label, row.shown));
    let said = said.collect::<Vec<_>>().join("; ");
    Some(Block::Chart(Chart {
        name: "facts",
        title: page.rich(words::compared::TITLE, &[("fault", &fault)]),
        alt: page.fill(words::compared::ALT, &[("rows", &said)]),
        drawing: Drawing::Bars(Bars { rows }),
        tab: None,
    }))
}

/// A form is begun, sent, and arrives.
const ORDER_OF_FORMS: [Key; 3] = [
    words::compared::label::BEGUN,
    words::compared::label::SENT,
    words::compared::label::ARRIVED,
];

/// What a row measures: only alike stand on one scale.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fact {
    Count,
    Share,
}

fn row(page: &Page, evidence: &Evidence) -> Option<(Fact, BarRow)> {
    let value = |name: &str| evidence.values.get(name);
    let (fact, observed, usual) = match (
        value("observed"),
        value("expected"),
        value("share"),
        value("usual"),
    ) {
        (Some(Value::Count(observed)), Some(Value::Count(usual)), ..) => {
            (Fact::Count, *observed, *usual)
        }
        (_, _, Some(Value::Share(share)), Some(Value::Share(usual))) => {
            (Fact::Share, *share, *usual)
        }
        _ => return None,
    };
    let shown = |value: f64| match fact {
        Fact::Count => page.figures.expected(value),
        Fact::Share => page.figures.percent(value, usize::from(value < 0.1)),
    };
    let against = match fact {
        Fact::Count => page.figures.usual(usual),
        Fact::Share => shown(usual),
    };
    let values = [("observed", &*shown(observed)), ("usual", &against)];
    let shown = page.fill(words::compared::AGAINST, &values);
    let row = BarRow {
        label: page.text(label(evidence.code)?),
        from: 0.0,
        to: observed,
        usual: Some(usual),
        shown,
        tone: tone(evidence, observed, usual),
    };
    Some((fact, row))
}

/// What speaks for the cause stands out; what others did in the same hours is only there to compare with.
fn tone(evidence: &Evidence, observed: f64, usual: f64) -> Tone {
    let is_fault = evidence.weight > 0.0 && evidence.role != Role::Others;
    if is_fault && differs(observed, usual) {
        Tone::Bad
    } else {
        Tone::Neutral
    }
}

/// Whether a fact stands out: what is as usual may speak for a cause, and is nothing bad.
fn differs(observed: f64, usual: f64) -> bool {
    (observed - usual).abs() > AS_USUAL * usual.max(observed)
}

/// A difference of less than a seventh is none that a picture should point at. A judgement.
const AS_USUAL: f64 = 0.15;

/// What a fact counts, in two or three words.
fn label(evidence: Key) -> Option<Key> {
    use words::{compared::label, evidence as of};
    let labels = [
        (of::forms::BEGUN_SAME, label::BEGUN),
        (of::forms::BEGUN_FELL, label::BEGUN),
        (of::forms::SENT_SAME, label::SENT),
        (of::forms::SENT_FELL, label::SENT),
        (of::forms::OTHERS_SAME, label::OTHERS),
        (of::forms::OTHERS_FELL, label::OTHERS),
        (of::forms::OTHERS_MORE, label::OTHERS),
        (of::forms::OTHER_ORDERS_SAME, label::OTHERS),
        (of::forms::OTHER_ORDERS_MORE, label::OTHERS),
        (of::forms::OTHER_ORDERS_FELL, label::OTHERS),
        (of::telephony::OTHERS_SAME, label::OTHERS),
        (of::telephony::OTHERS_FELL, label::OTHERS),
        (of::telephony::TAPS_SAME, label::TAPS),
        (of::telephony::TAPS_FELL, label::TAPS),
        (of::telephony::OUTBOUND_SAME, label::OUTBOUND),
        (of::telephony::OUTBOUND_FELL, label::OUTBOUND),
        (of::traffic_quality::BOUNCES, label::BOUNCES),
        (of::traffic_quality::INSTANT, label::INSTANT),
        (of::traffic_quality::NEWCOMERS, label::NEWCOMERS),
        (of::traffic_volume::SESSIONS, label::SESSIONS),
        (of::traffic_volume::SURGE, label::SESSIONS),
        (of::traffic_volume::WEAKER, label::INQUIRIES),
        (of::traffic_volume::INQUIRIES_FELL, label::INQUIRIES),
        (of::traffic_volume::INQUIRIES_STAYED, label::INQUIRIES),
        (of::traffic_volume::CLICKS_FELL, label::CLICKS),
        (of::traffic_volume::CLICKS_STAYED, label::CLICKS),
        (of::managers::UNTOUCHED, label::UNTOUCHED),
        (of::managers::UNTOUCHED_ALL, label::UNTOUCHED),
        (of::managers::WEAK, label::SALES),
        (of::managers::SALES, label::SALES),
        (of::managers::MISSED, label::MISSED),
        (of::managers::LOST, label::LOST),
        (of::lead_quality::SALES, label::SALES),
        (of::lead_quality::UNTARGETED, label::UNTARGETED),
        (of::lead_quality::QUICKLY_LOST, label::LOST),
        (of::lead_quality::SHORT_TALKS, label::SHORT_TALKS),
        (of::crm_hygiene::CLOSINGS, label::CLOSINGS),
        (of::crm_hygiene::SALES_CLOSED, label::SALES),
        (of::unknown::SALES_CLOSED, label::SALES),
        (of::crm_hygiene::REFUSALS, label::REFUSALS),
        (of::crm_hygiene::REFUSALS_TOO, label::REFUSALS),
        (of::crm_hygiene::NEW_DEALS, label::NEW_DEALS),
    ];
    let counted = causes::counts_missing(evidence).then_some(label::ARRIVED);
    counted.or_else(|| {
        labels
            .into_iter()
            .find_map(|(code, label)| (code == evidence).then_some(label))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::language::Language;
    use crate::digest::language::Strings;
    use crate::digest::{Digest, VerdictKind};

    #[test]
    fn others_that_came_more_often_are_nothing_bad() {
        let [fault, others] = [Role::Main, Role::Others].map(|role| {
            let evidence = Evidence::new(words::evidence::forms::OTHERS_SAME, 2.0, []).of(role);
            tone(&evidence, 73.0, 58.0)
        });
        assert_eq!((fault, others), (Tone::Bad, Tone::Neutral));
    }

    #[test]
    fn facts_of_one_kind_stand_on_one_scale() {
        let mut digest = Digest::sample(VerdictKind::Incident, Language::EN);
        let count = |code, observed, usual| {
            let values = [
                ("observed", Value::Count(observed)),
                ("expected", Value::Count(usual)),
            ];
            Evidence::new(code, 1.0, values)
        };
        let share = [("share", Value::Share(0.4)), ("usual", Value::Share(0.2))];
        digest.findings[0].causes[0].evidence = vec![
            count(words::evidence::forms::SENT_FELL, 12.0, 33.0),
            count(words::evidence::forms::BEGUN_SAME, 65.0, 64.0),
            Evidence::new(words::evidence::traffic_quality::BOUNCES, 1.0, share),
        ];
        digest.findings[0].causes[0].against = Vec::new();
        let page = Page::of(&digest, Strings::shipped(Language::EN));
        let Some(Block::Chart(chart)) = chart(&page, &digest.findings[0].causes[0]) else {
            panic!("a chart");
        };
        let Drawing::Bars(bars) = &chart.drawing else {
            panic!("bars")
        };
        assert_eq!(bars.rows.len(), 2);
        assert!(
            chart.alt.contains("12") && chart.alt.contains("64"),
            "{}",
            chart.alt
        );
    }
}
