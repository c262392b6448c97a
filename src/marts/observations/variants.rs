//! Pages of an experiment (A/B test) are one place: half of a page's visitors who are sent to its other variant are not lost.

use super::codes::Coder;
use crate::config::plan::Experiment;
use crate::model::experiment::ExperimentDimension;

/// The page whose code a page takes: that of the control, the most visited one where several match. `None` for a page of no
/// experiment, and for the control itself.
pub(super) fn control_of<'c>(
    experiments: &[Experiment],
    pages: &'c Coder,
    page: &str,
) -> Option<&'c str> {
    let mut of_pages = experiments
        .iter()
        .filter(|experiment| experiment.dimension == ExperimentDimension::Landing);
    of_pages.find_map(|experiment| {
        let place = experiment.variant_of(page)?;
        let is_control = |text: &&String| experiment.variant_of(text) == Some(0);
        // The texts stand in the order of their visits.
        let control = pages.texts().iter().find(is_control)?;
        (place > 0).then_some(control.as_str())
    })
}
