//! Subject and preheader of the mail: a number, the hedged cause and the period, by rule.

use super::answer::{certainty, changed, inquiries, lower_first, shorten, sources, title};
use crate::digest::document::Page;
use crate::digest::verdict::{Metric, VerdictKind};
use crate::model::change::Change;

/// Characters that every mail list shows of a subject.
const SUBJECT_LENGTH: usize = 70;

/// The subject: a number and the period. The period is always whole, so that threads of different weeks stay apart.
pub(in crate::digest) fn subject(page: &Page) -> String {
    let digest = page.digest;
    let verdict = &digest.verdict;
    let what = match (verdict.kind, verdict.change, verdict.metric) {
        (VerdictKind::Drop | VerdictKind::Rise, Some(Change::Percent { value, .. }), metric) => {
            let decimals = usize::from(value.abs() < 2.0);
            let change = page.figures.signed_percent(value, decimals);
            let key = if metric == Some(Metric::Sessions) { "subject.sessions" } else { "subject.inquiries" };
            page.fill(key, &[("change", &change)])
        }
        (VerdictKind::Drop | VerdictKind::Rise, Some(Change::Points { value, .. }), metric) => {
            let change = page.figures.points(value, 2);
            let key = if metric == Some(Metric::Conv2) { "subject.conv2" } else { "subject.conv1" };
            page.fill(key, &[("change", &change)])
        }
        (VerdictKind::DataNotFit, ..) => page.fill("subject.not_fit", &[("sources", &sources(page))]),
        (VerdictKind::NoTraffic, ..) => page.text("subject.no_traffic"),
        (VerdictKind::Incident, ..) => {
            page.fill("subject.plain", &[("inquiries", &inquiries(page, "words.inquiries"))])
        }
        (VerdictKind::NothingSignificant, ..) => {
            page.fill("subject.nothing", &[("inquiries", &inquiries(page, "words.inquiries"))])
        }
        _ => page.fill("subject.plain", &[("inquiries", &inquiries(page, "words.inquiries"))]),
    };
    let what = match &verdict.channel {
        Some(channel) => page.fill(
            "headline.in_channel",
            &[("channel", &shorten(&title(page, channel), 24)), ("sentence", &lower_first(&what))],
        ),
        None => what,
    };
    let what = match verdict.cause {
        Some(cause) => {
            let cause = page.text(&format!("causes.short.{}", cause.as_str()));
            page.fill("subject.with_cause", &[("what", &what), ("cause", &cause)])
        }
        None => what,
    };
    let period = page.figures.short_period(&digest.period);
    let room = SUBJECT_LENGTH.saturating_sub(period.chars().count() + 3);
    one_line(&format!("{} · {period}", shorten(&what, room)))
}

/// What a mail list shows after the subject: the sentences of "what changed", or of certainty when there are none.
pub(in crate::digest) fn preheader(page: &Page) -> String {
    let text = changed(page).or_else(|| certainty(page)).unwrap_or_default().text();
    one_line(&shorten(&text, 160))
}

/// Without control characters, which headers must not hold.
fn one_line(text: &str) -> String {
    text.chars().map(|symbol| if symbol.is_control() { ' ' } else { symbol }).collect()
}
