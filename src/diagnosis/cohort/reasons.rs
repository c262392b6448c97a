//! Whether people who decide against it name other reasons than they used to.
//!
//! Given how many refused, the shares of the reasons do not depend on how many inquiries came or how fast they are decided.
//! The counts of a stretch of days are Dirichlet-multinomial around the usual shares: tightly when nothing happened,
//! loosely when something did (Mosimann, Biometrika 49 (1962) 65–82). One reason that rises makes all others rarer, and
//! both tell.

use statrs::function::gamma::ln_gamma;

use super::Learnt;
use super::panel::{Counts, DealPlace, lately};
use crate::diagnosis::weigh::bayes;
use crate::model::observations::Code;

/// How tightly the weeks of a firm may keep to its usual shares, as a number of refusals that say as much: from a firm whose
/// reasons wander to one where chance is all. A judgement: steps of a factor of about three.
const USUAL_CONCENTRATIONS: [f64; 5] = [20.0, 60.0, 200.0, 600.0, 2000.0];
/// How tightly a changed mix of reasons keeps to the usual one: nine times of ten a share of a quarter comes to lie between
/// 4 and 56 %. A judgement: a competitor doubles a reason or takes it away.
const CHANGED_CONCENTRATION: f64 = 6.0;
/// All reasons together are due this often beyond what the past says: the first time of a rare one is rare, not impossible.
const LENT_REFUSALS: f64 = 1.0;

/// The evidence that reasons are named in other shares, and the reason that rose most.
#[derive(Debug, Clone, PartialEq)]
pub struct Shifted {
    /// Log Bayes factor, nats: of the period alone, or since any of the weeks before it.
    pub weight: f64,
    /// The reason that rose most.
    pub reason: Code,
    /// How often it was named in the stretch that tells the change most clearly.
    pub observed: f64,
    /// How often it is named among so many refusals usually.
    pub expected: f64,
}

/// Tells whether reasons are named in other shares. `None` when nobody refused, or for one reason only.
pub fn shifted(reasons: &[(Code, Learnt)]) -> Option<Shifted> {
    let panels = || reasons.iter().map(|(_, learnt)| &learnt.panel);
    let past = by_stretch(
        panels()
            .map(|panel| panel.past_weeks(DealPlace::All))
            .collect(),
    );
    let usual = UsualShares::of(&past);
    let since = by_stretch(panels().map(|panel| panel.since(DealPlace::All)).collect());
    let weights: Vec<f64> = since.iter().map(|stretch| usual.changed(stretch)).collect();
    let told = since
        .iter()
        .zip(&weights)
        .max_by(|left, right| left.1.total_cmp(right.1));
    let clearest = told.map(|(stretch, _)| stretch)?;
    let (at, observed, expected) = clearest.risen()?;
    Some(Shifted {
        weight: lately(&weights),
        reason: reasons[at].0,
        observed,
        expected,
    })
}

/// How often each reason was named in a stretch of days, and the share that it has usually.
#[derive(Debug, Clone, PartialEq)]
struct Stretch {
    named: Vec<f64>,
    usual_shares: Vec<f64>,
}

/// Counts by reason and stretch, turned into stretches of all reasons.
fn by_stretch(by_reason: Vec<Vec<Counts>>) -> Vec<Stretch> {
    let stretches = by_reason.iter().map(Vec::len).min().unwrap_or(0);
    let of = |at: usize| Stretch::of(by_reason.iter().map(|counts| counts[at]).collect());
    (0..stretches).map(of).collect()
}

impl Stretch {
    fn of(counts: Vec<Counts>) -> Self {
        let lent = LENT_REFUSALS / counts.len().max(1) as f64;
        let due: f64 = counts.iter().map(|count| count.due + lent).sum();
        let usual_shares = counts.iter().map(|count| (count.due + lent) / due);
        Self {
            usual_shares: usual_shares.collect(),
            named: counts.iter().map(|count| count.observed).collect(),
        }
    }

    fn refusals(&self) -> f64 {
        self.named.iter().sum()
    }

    /// Log probability of the counts around the usual shares, but for what does not depend on the concentration: `ln Γ(a) −
    /// ln Γ(a + n) + Σ [ln Γ(a·p + k) − ln Γ(a·p)]`.
    fn log_probability(&self, concentration: f64) -> f64 {
        let of_all = ln_gamma(concentration) - ln_gamma(concentration + self.refusals());
        let reasons = self.named.iter().zip(&self.usual_shares);
        let of_each = reasons.map(|(named, share)| {
            let usual = concentration * share;
            ln_gamma(usual + named) - ln_gamma(usual)
        });
        of_all + of_each.sum::<f64>()
    }

    /// The reason that rose most, in standard deviations of a Poisson count: where it stands, how often it was named and how
    /// often it is usually.
    fn risen(&self) -> Option<(usize, f64, f64)> {
        let refusals = self.refusals();
        let reasons = self.named.iter().zip(&self.usual_shares).enumerate();
        let counts = reasons.map(|(at, (named, share))| (at, *named, refusals * share));
        let risen = |count: &(usize, f64, f64)| (count.1 - count.2) / count.2.sqrt();
        counts.max_by(|left, right| risen(left).total_cmp(&risen(right)))
    }
}

/// How the reasons of a firm keep to their usual shares.
struct UsualShares {
    /// Concentrations, each with the log probability of the firm's past under it.
    concentrations: [(f64, f64); USUAL_CONCENTRATIONS.len()],
}

impl UsualShares {
    fn of(past: &[Stretch]) -> Self {
        let refusals: f64 = past.iter().map(Stretch::refusals).sum();
        let concentrations = USUAL_CONCENTRATIONS.map(|concentration| {
            let probabilities = past.iter().map(|week| week.log_probability(concentration));
            // The usual shares are counted, too: they are known no better than by so many refusals.
            let counted = refusals.max(1.0);
            let in_all = concentration * counted / (concentration + counted);
            (in_all, probabilities.sum())
        });
        Self { concentrations }
    }

    /// The evidence that the shares of a stretch are others, nats.
    fn changed(&self, stretch: &Stretch) -> f64 {
        let of_past: Vec<f64> = self.concentrations.iter().map(|(_, past)| *past).collect();
        let with_stretch = self.concentrations.iter();
        let of_both: Vec<f64> = with_stretch
            .map(|(concentration, past)| past + stretch.log_probability(*concentration))
            .collect();
        let as_usual = bayes::log_mean(&of_both) - bayes::log_mean(&of_past);
        stretch.log_probability(CHANGED_CONCENTRATION) - as_usual
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A stretch in which reasons of these usual shares were named so often.
    fn stretch(named: [f64; 3]) -> Stretch {
        Stretch {
            named: named.to_vec(),
            usual_shares: vec![0.25, 0.4, 0.35],
        }
    }

    fn steady() -> UsualShares {
        UsualShares::of(&vec![stretch([5.0, 8.0, 7.0]); 26])
    }

    // Two of ways to name three: with a concentration of 1 and shares ¼, ⅖, … the counts 1, 0, 0 have just their share.
    #[test]
    fn a_single_refusal_has_the_probability_of_its_share() {
        let one = stretch([1.0, 0.0, 0.0]);
        assert!((one.log_probability(10.0) - 0.25_f64.ln()).abs() < 1e-9);
    }

    #[test]
    fn the_same_shares_of_more_refusals_are_no_change() {
        assert!(steady().changed(&stretch([15.0, 24.0, 21.0])) < -1.0);
    }

    #[test]
    fn a_reason_that_doubles_and_one_that_goes_tell_a_change() {
        let changed = steady().changed(&stretch([33.0, 27.0, 0.0]));
        assert!(changed > 10.0, "{changed}");
    }

    #[test]
    fn a_firm_whose_reasons_wander_is_believed_less() {
        let wandering = [[12.0, 4.0, 4.0], [1.0, 12.0, 7.0], [2.0, 6.0, 12.0]].map(stretch);
        let past: Vec<Stretch> = wandering.into_iter().cycle().take(26).collect();
        let seen = stretch([14.0, 4.0, 2.0]);
        let told = UsualShares::of(&past).changed(&seen);
        assert!(told < 0.5 * steady().changed(&seen), "{told}");
    }

    #[test]
    fn the_reason_that_rose_most_is_told() {
        assert_eq!(stretch([10.0, 8.0, 2.0]).risen(), Some((0, 10.0, 5.0)));
    }

    #[test]
    fn no_reasons_tell_nothing() {
        assert_eq!(shifted(&[]), None);
    }
}
