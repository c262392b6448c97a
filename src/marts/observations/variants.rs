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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::plan::Variant;
    use crate::model::experiment::ExperimentMetric;
    use chrono::NaiveDate;
    use regex::Regex;

    fn experiment(dimension: ExperimentDimension) -> Experiment {
        let variant = |pattern: &str| Variant {
            name: pattern.to_owned(),
            pattern: Regex::new(pattern).expect("a pattern"),
            share: 0.5,
        };
        Experiment {
            name: "lamps".to_owned(),
            title: "Lamps".to_owned(),
            dimension,
            from: NaiveDate::from_ymd_opt(2026, 10, 5).expect("a day"),
            to: None,
            metric: ExperimentMetric::Inquiries,
            goals: Vec::new(),
            effect: 0.2,
            variants: vec![variant("/lamp$"), variant("/lamp-b$")],
        }
    }

    #[test]
    fn a_variant_of_a_page_has_its_code_and_other_pages_have_their_own() {
        let pages = ["/", "/lamp", "/lamp-b"];
        let experiments = [experiment(ExperimentDimension::Landing)];
        let codes = Coder::fixed(pages.into_iter()).pooled(|codes, page| {
            let control = control_of(&experiments, codes, page)?;
            codes.known(control)
        });
        assert_eq!(codes.code("/lamp-b"), codes.code("/lamp"));
        assert_ne!(codes.code("/"), codes.code("/lamp"));
    }

    #[test]
    fn variants_that_are_no_pages_pool_none() {
        let codes = Coder::fixed(["/lamp", "/lamp-b"].into_iter());
        let experiments = [experiment(ExperimentDimension::UtmContent)];
        assert_eq!(control_of(&experiments, &codes, "/lamp-b"), None);
    }
}
