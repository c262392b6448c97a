//! Counts of a case against what was to be expected of them from the days before.

use super::{Case, Judged};
use crate::diagnosis::weigh::bayes;
use crate::metrics::baseline;

/// What the periods before say of the reported one, at most, nats: what was wrong may have passed.
const MOST_BEFORE: f64 = 6.0;

impl Case<'_> {
    /// Inquiries by day as a share of sessions; `None` when the base has more of them than sessions: people who never
    /// visited are no proportion of those who did.
    pub fn judge_share(&self, inquiries: &[f64], sessions: &[f64]) -> Option<Judged> {
        let base = self.base_start()..self.start();
        let sum = |of: &[f64]| of[base.clone()].iter().sum::<f64>();
        if sum(inquiries) > sum(sessions) {
            return None;
        }
        self.judge(inquiries, Some(sessions))
    }

    /// The count of the reported period against what was to be expected from the days before it. `None` when there is
    /// too little history.
    pub fn judge(&self, counts: &[f64], exposure: Option<&[f64]>) -> Option<Judged> {
        self.judge_span(counts, exposure, self.start(), self.days())
    }

    /// The same for a span of days `from..to` inside the reported period.
    pub fn judge_span(
        &self,
        counts: &[f64],
        exposure: Option<&[f64]>,
        from: usize,
        to: usize,
    ) -> Option<Judged> {
        let profile = if exposure.is_some() {
            &self.rate
        } else {
            &self.volume
        };
        let expected = baseline::expect(&self.calendar_days, profile, counts, exposure, from, to)?;
        Some(Judged {
            observed: counts[from..to].iter().sum(),
            expected: expected.value,
            ordinary: expected.ordinary,
            dispersion: expected.dispersion,
        })
    }

    /// The evidence of a change that began one, two … periods before the reported one and has lasted to its eve, each
    /// period by those before it; nats. 0 without enough history.
    pub fn before(
        &self,
        counts: &[f64],
        exposure: Option<&[f64]>,
        by: fn(f64, f64, f64) -> f64,
    ) -> f64 {
        let mut begun = Vec::new();
        let (mut observed, mut expected, mut dispersion) = (0.0, 0.0, 0.0_f64);
        for days in &self.days_before {
            let profile = if exposure.is_some() {
                &self.rate
            } else {
                &self.volume
            };
            let (from, to) = (days.start, days.end());
            let past = (&counts[..to], exposure.map(|exposure| &exposure[..to]));
            let Some(found) = baseline::expect(days, profile, past.0, past.1, from, to) else {
                break;
            };
            observed += counts[from..to].iter().sum::<f64>();
            expected += found.value;
            dispersion = dispersion.max(found.dispersion);
            begun.push(by(observed, expected, dispersion));
        }
        // Quiet weeks before are no sign against a fault that begins now.
        bayes::log_mean(&begun).clamp(0.0, MOST_BEFORE)
    }
}
