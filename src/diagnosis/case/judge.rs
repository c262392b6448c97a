//! Counts of a case against what was to be expected of them from the days before.

use super::{Case, Judged};
use crate::diagnosis::weigh::bayes;
use crate::metrics::baseline::{self, Days, Expected, Profile};

/// What the periods before say of the reported one, at most, nats: what was wrong may have passed. The size is a
/// judgement.
const MOST_FROM_BEFORE_NATS: f64 = 6.0;

impl Case<'_> {
    /// Inquiries by day as a share of sessions; `None` when the base has more of them than sessions: people who never
    /// visited are no proportion of those who did.
    pub fn judge_share(&self, inquiries: &[f64], sessions: &[f64]) -> Option<Judged> {
        let base = self.base_start()..self.start();
        let base_inquiries = inquiries[base.clone()].iter().sum::<f64>();
        let base_sessions = sessions[base].iter().sum::<f64>();
        if base_inquiries > base_sessions {
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
        let days = &self.calendar_days;
        let profile = self.profile(exposure);
        let expected = baseline::expect(days, profile, counts, exposure, from, to)?;
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
        let mut observed = 0.0;
        let mut expected = 0.0;
        let mut dispersion = 0.0_f64;
        let mut begun = Vec::new();
        // The latest period first: each turn adds the one before, as if the change had begun with it.
        for days in &self.days_before {
            let Some(usual) = self.expect_then(days, counts, exposure) else {
                break;
            };
            observed += counts[days.start..days.end()].iter().sum::<f64>();
            expected += usual.value;
            // Their levels are learnt from much the same weeks: the errors are shared and do not average out.
            dispersion = dispersion.max(usual.dispersion);
            begun.push(by(observed, expected, dispersion));
        }
        // Quiet weeks before are no sign against a fault that begins now.
        bayes::log_mean(&begun).clamp(0.0, MOST_FROM_BEFORE_NATS)
    }

    /// What an earlier period should have had, by the days before it alone.
    fn expect_then(
        &self,
        days: &Days,
        counts: &[f64],
        exposure: Option<&[f64]>,
    ) -> Option<Expected> {
        let (from, to) = (days.start, days.end());
        // Cut at its end, so that nothing of what came later can be learnt from.
        let counts = &counts[..to];
        let exposure = exposure.map(|exposure| &exposure[..to]);
        baseline::expect(days, self.profile(exposure), counts, exposure, from, to)
    }

    /// What weekdays and holidays do to a count of its own, or to one given its exposure.
    pub(super) fn profile(&self, exposure: Option<&[f64]>) -> &Profile {
        if exposure.is_some() {
            &self.rate
        } else {
            &self.volume
        }
    }
}
