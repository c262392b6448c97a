//! What else is as usual: one line, the data included.

use super::answer::{is_usual_known, named};
use super::outcomes::likeliest;
use crate::config::words::{self, Key};
use crate::diagnosis::codes::CauseCode;
use crate::diagnosis::finding::{Answer as Outcome, Checked};
use crate::digest::language::Rich;
use crate::digest::page::Page;
use crate::digest::verdict::VerdictKind;

/// What was looked at and is as usual, and that every export came; with its label.
pub(super) fn line(page: &Page) -> Option<(Key, Rich)> {
    let areas = areas(page);
    let data = whole(page);
    if areas.is_empty() {
        return data.map(|data| (words::answer::label::DATA, data.lower_first()));
    }
    let label = match page.digest.verdict.kind {
        // Nothing is as usual where nobody knows yet what is.
        VerdictKind::NothingSignificant | VerdictKind::FirstPeriod if !is_usual_known(page) => {
            words::answer::label::NO_FAULT
        }
        VerdictKind::NothingSignificant if likeliest(page).is_none() => {
            words::answer::label::NORMAL
        }
        _ => words::answer::label::REST_NORMAL,
    };
    let areas = page.rich(words::answer::NORMAL, &[("areas", &areas.join(", "))]);
    // Of a drop the channels stand with what changed.
    let is_incident = page.digest.verdict.kind == VerdictKind::Incident;
    let channels = is_incident.then(|| named(page)).flatten();
    let more = channels.into_iter().chain(data);
    Some((label, more.fold(areas, Rich::then)))
}

/// The areas of the causes that were excluded. Where the data are not fit nothing was.
fn areas(page: &Page) -> Vec<String> {
    if page.digest.verdict.kind == VerdictKind::DataNotFit {
        return Vec::new();
    }
    let checked = page.digest.checked.iter();
    let excluded = checked.filter(|checked| checked.verdict == Outcome::RuledOut);
    let excluded = excluded.filter(|checked| is_usual(page, checked.code));
    let areas = excluded.filter_map(|checked| area(checked.code));
    areas.map(|area| page.text(area)).collect()
}

/// Whether the area of an excluded cause is as usual: that traffic did not fall does not say that it did not rise.
pub(super) fn is_usual(page: &Page, cause: CauseCode) -> bool {
    let mut tests = page.digest.tests.iter();
    let has_moved = tests.any(|test| test.is_of_all_sessions() && test.is_significant);
    let is_loss = |checked: &Checked| {
        let code = checked.reason.as_ref().map(|reason| reason.code);
        checked.code == cause && code == Some(words::evidence::mix_shift::LOST_CHANNEL)
    };
    // A share that changed because a channel lost its visits is no mix as usual.
    let mut checked = page.digest.checked.iter();
    match cause {
        CauseCode::TrafficVolume => !has_moved,
        CauseCode::MixShift => !checked.any(is_loss),
        _ => true,
    }
}

/// What a cause is about, as a noun; some are no area of work.
pub(super) fn area(cause: CauseCode) -> Option<Key> {
    use words::causes::area;
    Some(match cause {
        CauseCode::Telephony => area::TELEPHONY,
        CauseCode::Forms => area::FORMS,
        CauseCode::TrafficVolume => area::TRAFFIC_VOLUME,
        CauseCode::TrafficQuality => area::TRAFFIC_QUALITY,
        CauseCode::MixShift => area::MIX_SHIFT,
        CauseCode::Tracking => area::TRACKING,
        CauseCode::LeadQuality => area::LEAD_QUALITY,
        CauseCode::Managers => area::MANAGERS,
        CauseCode::CrmHygiene => area::CRM_HYGIENE,
        CauseCode::DataGap | CauseCode::Seasonality | CauseCode::Unknown => return None,
    })
}

fn whole(page: &Page) -> Option<Rich> {
    let health = &page.digest.health;
    let is_fit = page.digest.verdict.kind != VerdictKind::DataNotFit;
    let count = page.figures.count(health.total);
    (health.total > 0 && health.is_whole() && is_fit)
        .then(|| page.rich(words::answer::WHOLE, &[("n", &count)]))
}
