//! What is to be checked first about a headline that names no cause: a place, a stage of the funnel, deals that wait, profit.

use super::subject::what_happened;
use super::{broken, lost_place, profit, slow};
use crate::config::words;
use crate::diagnosis::codes::Scope;
use crate::digest::causes;
use crate::digest::language::Rich;
use crate::digest::page::Page;
use crate::digest::phrases::{channel_title, lower_first};
use crate::metrics::stages::StageKind;
use crate::model::observations::Dimension;
use crate::model::role::Role;

/// One check, and what it is about.
pub(in crate::digest) struct HeadlineCheck {
    /// What happened, in a few words.
    pub(in crate::digest) about: String,
    /// Whose work it is.
    role: Role,
    /// What to do.
    step: Rich,
    /// Where; everywhere when absent.
    pub(in crate::digest) place: Option<String>,
}

impl HeadlineCheck {
    /// Of the headline; `None` where that names a cause, whose own checks come first, or nothing at all.
    pub(in crate::digest) fn of(page: &Page) -> Option<Self> {
        let (role, step, place) = what_to_do(page)?;
        let about = what_happened(page);
        Some(Self {
            about,
            role,
            step,
            place,
        })
    }

    /// Who looks.
    pub(in crate::digest) fn who(&self, page: &Page) -> String {
        causes::person(page, self.role)
    }

    /// What to do, without who.
    pub(in crate::digest) fn what(&self) -> String {
        self.step.text()
    }

    /// Who does what.
    pub(super) fn said(&self, page: &Page) -> Rich {
        let values = [
            ("who", &*self.who(page)),
            ("what", &lower_first(&self.what())),
        ];
        page.rich(words::role::SAYS, &values)
    }
}

fn what_to_do(page: &Page) -> Option<(Role, Rich, Option<String>)> {
    let verdict = &page.digest.verdict;
    let channel = || verdict.channel.as_ref().map(|id| channel_title(page, id));
    if let Some(place) = &verdict.place {
        let step = lost_place::step(page, place);
        return Some((Role::Webmaster, step, causes::scope(page, &place.scope)));
    }
    if let Some(found) = &verdict.stage {
        let role = match found.kind {
            StageKind::Visits => Role::Webmaster,
            StageKind::Deals => Role::HeadOfSales,
        };
        let place = channel().or_else(|| found.manager.clone());
        return Some((role, broken::step(page, found), place));
    }
    if let Some(slow) = &verdict.slow {
        let manager = slow.manager.clone();
        let scope: Scope = manager
            .map(|manager| (Dimension::Manager, manager))
            .into_iter()
            .collect();
        let place = causes::scope(page, &scope);
        return Some((Role::HeadOfSales, slow::step(page, slow), place));
    }
    let fall = verdict.profit.as_ref()?;
    Some((Role::Head, profit::step(page, fall)?, None))
}
