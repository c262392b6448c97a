//! Whether the data may be read at all: the exports that keep them from it.

use crate::diagnosis::Diagnosis;
use crate::diagnosis::codes::CauseCode;
use crate::diagnosis::finding::Certainty;
use crate::metrics::scorecard::{ChannelRow, Scorecard};
use crate::model::data_fault::{DataFault, Emptied};
use crate::model::facts::{SourceHealth, SourceState};
use crate::model::observations::Dimension;
use crate::model::table::Table;

/// Sources with holes. What the diagnosis calls a hole is one; where it found a fault that silences contacts or traffic
/// instead, a silent day is the fault itself and may be read. Without either, days without rows are a hole.
pub(super) fn unfit_sources(scorecard: &Scorecard, diagnosis: &Diagnosis) -> Vec<String> {
    let holes = holes(diagnosis);
    let is_a_fault = holes.is_empty() && has_fault(diagnosis);
    let is_unfit = |source: &&SourceState| {
        let is_hole = source.sales_doubt.is_some()
            || source.spoiling_fault().is_some()
            || match source.state {
                SourceHealth::Missing => true,
                SourceHealth::Partial => !is_a_fault,
                SourceHealth::Complete | SourceHealth::Rejects => {
                    holes.contains(&source.source.as_str())
                }
            };
        // An export that never arrived and names no format may be of any table.
        is_hole && source.table.is_none_or(Table::carries_conclusions)
    };
    scorecard
        .data_health
        .iter()
        .filter(is_unfit)
        .map(|source| source.source.clone())
        .collect()
}

/// Exports that the diagnosis calls holed, probably at least.
fn holes(diagnosis: &Diagnosis) -> Vec<&str> {
    let causes = diagnosis
        .findings
        .iter()
        .flat_map(|finding| &finding.causes);
    let holes = causes.filter(|cause| {
        cause.code == CauseCode::DataGap && cause.certainty != Certainty::Candidate
    });
    holes
        .filter_map(|cause| cause.scope.get(&Dimension::Export).map(String::as_str))
        .collect()
}

/// Whether a fault that silences contacts was found, probably at least.
fn has_fault(diagnosis: &Diagnosis) -> bool {
    let causes = diagnosis
        .findings
        .iter()
        .filter_map(|finding| finding.causes.first());
    causes
        .into_iter()
        .any(|cause| cause.code.silences_contacts() && cause.certainty != Certainty::Candidate)
}

/// Whether sessions are unknown although an export of traffic is configured; a pipeline without one reports the rest.
pub(super) fn lacks_traffic(scorecard: &Scorecard) -> bool {
    let of_traffic = |source: &SourceState| source.table.is_some_and(Table::is_of_traffic);
    scorecard.total.measures.sessions.is_none() && scorecard.data_health.iter().any(of_traffic)
}

/// The channels that may be called better or worse: none where contacts have lost the tags that tell theirs.
pub(super) fn judged_channels(scorecard: &Scorecard) -> impl Iterator<Item = &ChannelRow> {
    let is_known = !hides_channels(&scorecard.data_health);
    scorecard.channels.iter().filter(move |_| is_known)
}

/// Whether contacts have lost their tags and nothing else tells their channels: with single visits, the visitor does.
pub(super) fn hides_channels(sources: &[SourceState]) -> bool {
    let has_visits = sources
        .iter()
        .any(|source| source.table == Some(Table::Sessions));
    let has_lost_tags = |fault: &DataFault| {
        matches!(
            fault,
            DataFault::Emptied {
                column: Emptied::Tag,
                ..
            }
        )
    };
    let mut faults = sources.iter().flat_map(|source| &source.data_faults);
    !has_visits && faults.any(has_lost_tags)
}

/// Whether more inquiries may be those of nobody: of a test of the form, or of a robot.
pub(super) fn doubts_rise(scorecard: &Scorecard) -> bool {
    let sources = scorecard.data_health.iter();
    let mut faults = sources.flat_map(|source| &source.data_faults);
    faults.any(|fault| matches!(fault, DataFault::Burst { .. }))
}
