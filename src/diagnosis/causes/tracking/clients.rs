//! Contacts that no longer carry the client's id.

use std::ops::Range;

use crate::config::words::{self, Key};
use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::causes::counts_and_change;
use crate::diagnosis::weigh::evidence::Evidence;
use crate::model::facts::{ContactKind, MatchedBy};
use crate::model::observations::SeenInquiry;

/// Share of inquiries without a client or a channel that is taken for granted: what used to be perfect can break too, and
/// of an expectation of zero nothing follows.
const USUALLY_UNKNOWN: f64 = 0.005;
/// Fewer expected inquiries of a kind say nothing of its share.
const FEWEST_DUE: f64 = 0.1;

/// Kinds of contacts whose clients may be lost by themselves: a call-tracking number, the script of a form. `None` is all.
pub(super) const KINDS: [Option<ClientKind>; 3] =
    [None, Some(ClientKind::Call), Some(ClientKind::Form)];

/// Calls, or forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ClientKind {
    Call,
    Form,
}

impl ClientKind {
    pub(super) fn holds(self, seen: &SeenInquiry) -> bool {
        match self {
            Self::Call => Case::is_call(seen),
            Self::Form => seen.kind == ContactKind::Form,
        }
    }

    /// The contact's name in a scope.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Form => "form",
        }
    }
}

/// One way in which it shows that clients are lost.
struct Trace {
    code: Key,
    /// What is counted, by how inquiries were matched to visitors.
    is_such: fn(MatchedBy) -> bool,
    /// Whether fewer of them speak for a loss, or more.
    weigh: fn(&Judged) -> f64,
}

const TRACES: [Trace; 3] = [
    Trace {
        code: words::evidence::tracking::CLIENTS_LOST,
        is_such: |by| matches!(by, MatchedBy::Client),
        weigh: Judged::fall,
    },
    Trace {
        code: words::evidence::tracking::UNKNOWN_CHANNEL,
        is_such: |by| matches!(by, MatchedBy::Nothing),
        weigh: Judged::rise,
    },
    Trace {
        code: words::evidence::tracking::NOT_BY_CLIENT,
        is_such: |by| !matches!(by, MatchedBy::Client),
        weigh: Judged::rise,
    },
];

/// Contacts that no longer carry the client's id, or whose channel is no longer known: of all kinds, or of one.
pub(super) fn lost_clients(case: &Case, kind: Option<ClientKind>) -> Option<Vec<Evidence>> {
    let mut found = Vec::new();
    for trace in &TRACES {
        found.extend(of_trace(case, kind, trace));
    }
    // They are one thing seen in three ways: the clearest is told. Of equals the first one, for the sort is stable.
    found.sort_by(|left, right| right.weight.total_cmp(&left.weight));
    found.truncate(1);
    (!found.is_empty()).then_some(found)
}

fn of_trace(case: &Case, kind: Option<ClientKind>, trace: &Trace) -> Option<Evidence> {
    let is_here = |seen: &SeenInquiry| kind.is_none_or(|kind| kind.holds(seen));
    let all = case.inquiries(is_here);
    let such = case.inquiries(|seen| is_here(seen) && (trace.is_such)(seen.matched_by));
    let daily = case.daily(&such, Some(&all))?;
    let judge = |days: &Range<usize>| {
        let judged = daily.judged(days);
        let granted = USUALLY_UNKNOWN * all[days.clone()].iter().sum::<f64>();
        Judged {
            expected: judged.expected.max(granted),
            ..judged
        }
    };
    if judge(&case.period()).expected < FEWEST_DUE {
        return None;
    }
    // A script may be mended after two days: then a week's share hardly tells.
    let told = case.told_by(|days| (trace.weigh)(&judge(days)));
    let judged = judge(&told.days);
    let lost = Evidence::new(trace.code, told.weight, counts_and_change(&judged));
    Some(told.dated(case, lost))
}
