//! A stage where deals wait longer than usual: its headline, a line of the letter, and what to do first.

use crate::config::words;
use crate::digest::language::Rich;
use crate::digest::page::Page;
use crate::digest::phrases::shorten;
use crate::metrics::stages::StageTime;

/// Characters of a stage's title in a headline.
const TITLE_LENGTH: usize = 40;
/// Slow stages that the letter names.
const MOST_TOLD: usize = 2;
/// Deals that the letter names: those that came to the stage first.
const MOST_DEALS: usize = 3;

/// «Борис Б.: этап «Квалифицирован» 240 ч вместо обычных 72 ч».
pub(super) fn headline(page: &Page, slow: &StageTime) -> String {
    fill(page, words::slow::HEADLINE, slow)
}

/// The same for a list of letters.
pub(super) fn subject(page: &Page) -> String {
    let slow = page.digest.verdict.slow.as_ref();
    slow.map_or_else(String::new, |slow| fill(page, words::slow::SUBJECT, slow))
}

/// The slow stages, each with its numbers and since when.
pub(super) fn lines(page: &Page) -> Option<Rich> {
    let board = page.digest.deal_stages.as_ref()?;
    let slow = board.slow().into_iter().take(MOST_TOLD);
    let lines = slow.map(|slow| {
        let values = values(page, slow);
        let line = page.rich(words::slow::LINE, &list(&values));
        let since = slow.since.map(|day| {
            let day = page.figures.day(day);
            page.rich(words::slow::SINCE, &[("since", &day)])
        });
        since.into_iter().fold(line, Rich::then)
    });
    // A report that is not fit to read suppresses what would follow from it.
    lines.reduce(Rich::then).filter(|_| page.may_judge())
}

/// What to do first: ask what the oldest deals of the stage wait for.
pub(super) fn step(page: &Page, slow: &StageTime) -> Rich {
    let values = values(page, slow);
    let step = page.rich(words::slow::STEP, &list(&values));
    let ids = waiting(page, slow);
    if ids.is_empty() {
        return step;
    }
    step.then(page.rich(words::slow::BEGIN_WITH, &[("deals", &ids.join(", "))]))
}

/// The deals of the stage that wait longest.
fn waiting(page: &Page, slow: &StageTime) -> Vec<String> {
    let board = page.digest.deal_stages.iter();
    let stuck = board.flat_map(|board| &board.stuck);
    let is_of = |manager: &str| slow.manager.as_ref().is_none_or(|slow| slow == manager);
    let here = stuck.filter(|deal| deal.stage == slow.stage && is_of(&deal.manager));
    here.take(MOST_DEALS)
        .map(|deal| shorten(&deal.deal_id, TITLE_LENGTH))
        .collect()
}

/// Hours with their unit.
pub(super) fn hours(page: &Page, hours: f64) -> String {
    let decimals = usize::from(hours < 10.0);
    let n = page.figures.number(hours, decimals);
    page.fill(words::slow::HOURS, &[("n", &n)])
}

/// Whose deals wait.
pub(super) fn who(page: &Page, slow: &StageTime) -> String {
    let all = || page.text(words::slow::EVERYBODY);
    slow.manager.clone().unwrap_or_else(all)
}

fn fill(page: &Page, key: words::Key, slow: &StageTime) -> String {
    page.fill(key, &list(&values(page, slow)))
}

fn values(page: &Page, slow: &StageTime) -> Vec<(&'static str, String)> {
    let told = |time: Option<f64>| time.map_or_else(String::new, |time| hours(page, time));
    vec![
        ("who", who(page, slow)),
        ("stage", shorten(&slow.stage, TITLE_LENGTH)),
        ("median", told(slow.median_hours)),
        ("usual", told(slow.usual_hours)),
        (
            "deals",
            page.figures
                .counted_whole(words::words::DEALS, slow.left as f64),
        ),
    ]
}

fn list<'v>(values: &'v [(&'static str, String)]) -> Vec<(&'v str, &'v str)> {
    let pairs = values.iter();
    pairs.map(|(name, value)| (*name, value.as_str())).collect()
}
