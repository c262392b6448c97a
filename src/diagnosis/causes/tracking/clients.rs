//! Contacts that no longer carry the client's id.

use super::counts;
use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::weigh::evidence::Evidence;
use crate::model::facts::{ContactKind, MatchedBy};
use crate::model::observations::SeenInquiry;

/// Share of inquiries without a client or a channel that is taken for granted.
const USUALLY_UNKNOWN: f64 = 0.005;
/// Fewer expected inquiries of a kind say nothing of its share.
const FEWEST_UNKNOWN: f64 = 0.1;
/// Kinds of contacts whose clients may be lost by themselves: a call-tracking number, the script of a form.
pub(super) const KINDS: [Option<Kind>; 3] = [None, Some(Kind::Call), Some(Kind::Form)];

/// Calls, or forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Call,
    Form,
}

impl Kind {
    pub(super) fn holds(self, seen: &SeenInquiry) -> bool {
        match self {
            Self::Call => Case::is_call(seen),
            Self::Form => seen.kind == ContactKind::Form,
        }
    }

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Form => "form",
        }
    }
}

/// Contacts that no longer carry the client's id, or whose channel is no longer known: of all kinds, or of one.
pub(super) fn lost_clients(case: &Case, kind: Option<Kind>) -> Option<Vec<Evidence>> {
    let is_here = |seen: &SeenInquiry| kind.is_none_or(|kind| kind.holds(seen));
    let all = case.inquiries(is_here);
    let lost = |keep: &dyn Fn(&SeenInquiry) -> bool, code: &str, is_loss: bool| {
        let judged = case.judge(
            &case.inquiries(|seen| is_here(seen) && keep(seen)),
            Some(&all),
        )?;
        // Where none was ever unknown, half a percent is taken for granted: what used to be perfect can break too.
        let usual = USUALLY_UNKNOWN * all[case.start()..].iter().sum::<f64>();
        let judged = Judged {
            expected: judged.expected.max(usual),
            ..judged
        };
        if judged.expected < FEWEST_UNKNOWN {
            return None;
        }
        let weight = if is_loss {
            judged.fall()
        } else {
            judged.rise()
        };
        Some(Evidence::new(code, weight, counts(&judged)))
    };
    let by_client = lost(
        &|seen| seen.matched_by == MatchedBy::Client,
        "tracking.clients_lost",
        true,
    );
    let unknown = lost(
        &|seen| seen.matched_by == MatchedBy::Nothing,
        "tracking.unknown_channel",
        false,
    );
    let not_by_client = lost(
        &|seen| seen.matched_by != MatchedBy::Client,
        "tracking.not_by_client",
        false,
    );
    let mut found: Vec<Evidence> = [by_client, unknown, not_by_client]
        .into_iter()
        .flatten()
        .collect();
    found.sort_by(|left, right| right.weight.total_cmp(&left.weight));
    found.truncate(1);
    (!found.is_empty()).then_some(found)
}
