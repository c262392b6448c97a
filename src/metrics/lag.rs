//! How long a sale takes: the share of inquiries that have sold by each day of their age.

/// One inquiry as far as it has been followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Followed {
    /// Whole days from the inquiry to the last day that sales are known of.
    pub age: u32,
    /// Whole days to its first sale, when there was one.
    pub sold_after: Option<u32>,
}

/// When the sales of a cohort come, as a share of those that come by the horizon.
#[derive(Debug, Clone, PartialEq)]
pub struct LagCurve {
    sold_by: Vec<f64>,
}

impl LagCurve {
    /// Learns the curve. `None` with fewer than `min_sales` sales, or when nothing was followed for `min_days`.
    ///
    /// The horizon is shortened to the longest time that any inquiry was followed for.
    pub fn learn(
        followed: &[Followed],
        horizon: u32,
        min_sales: u32,
        min_days: u32,
    ) -> Option<Self> {
        let longest = followed.iter().map(|inquiry| inquiry.age).max()?;
        let horizon = horizon.min(longest);
        let is_sold = |inquiry: &&Followed| inquiry.sold_after.is_some_and(|lag| lag <= horizon);
        let sales = followed.iter().filter(is_sold).count();
        // Without any sale the curve has no end to be a share of, even where no smallest sample is set.
        if sales == 0 || sales < min_sales as usize || longest < min_days {
            return None;
        }
        let sold_by = cumulative_incidence(followed, horizon);
        Some(Self { sold_by })
    }

    /// Share of the eventual sales that happen by the given age in whole days, 0 to 1.
    pub fn share_by(&self, age: i64) -> f64 {
        // Before the inquiry nothing is sold.
        let Ok(age) = usize::try_from(age) else {
            return 0.0;
        };
        let last = self.sold_by.len() - 1;
        self.sold_by[age.min(last)] / self.sold_by[last]
    }
}

/// `F(u)` for whole days `u` from 0 to `horizon`: one less the estimator of Kaplan and Meier (JASA 53 (1958) 457–481).
///
/// An inquiry without a sale is followed up to its age and no longer (right-censored); a lost deal is followed like any
/// other, since it could not sell any more and must keep counting as unsold. On one day sales come before censoring.
pub fn cumulative_incidence(followed: &[Followed], horizon: u32) -> Vec<f64> {
    let days = horizon as usize + 1;
    let (mut sold, mut left) = (vec![0_u64; days], vec![0_u64; days]);
    let mut at_risk = 0_u64;
    for inquiry in followed {
        at_risk += 1;
        // A sale at a greater age than the inquiry has is not known yet. Whatever comes after the horizon, a sale or the end
        // of what is known, leaves the inquiry at risk on every day of the curve.
        match inquiry.sold_after.filter(|lag| *lag <= inquiry.age) {
            Some(lag) if lag <= horizon => sold[lag as usize] += 1,
            None if inquiry.age <= horizon => left[inquiry.age as usize] += 1,
            Some(_) | None => {}
        }
    }
    let mut unsold = 1.0;
    let mut curve = Vec::with_capacity(days);
    for day in 0..days {
        if at_risk > 0 {
            unsold *= (at_risk - sold[day]) as f64 / at_risk as f64;
        }
        // Those who are followed no longer leave after the day's sales, not before.
        at_risk -= sold[day] + left[day];
        curve.push(1.0 - unsold);
    }
    curve
}

#[cfg(test)]
mod tests {
    use super::*;

    fn followed(of: &[(u32, Option<u32>)]) -> Vec<Followed> {
        of.iter()
            .map(|(age, sold_after)| Followed {
                age: *age,
                sold_after: *sold_after,
            })
            .collect()
    }

    // Computed with lifelines 0.30 KaplanMeierFitter().fit(durations, observed).predict(day).
    #[test]
    fn the_curve_agrees_with_an_independent_implementation() {
        let inquiries = followed(&[
            (40, Some(0)),
            (38, Some(3)),
            (30, None),
            (21, Some(3)),
            (20, Some(9)),
            (14, None),
            (9, None),
            (9, Some(9)),
            (5, None),
            (3, None),
            (2, None),
            (1, Some(1)),
        ]);
        let curve = cumulative_incidence(&inquiries, 30);
        for (day, share) in CURVE {
            assert!(
                (curve[*day] - share).abs() < 1e-12,
                "day {day}: {} is not {share}",
                curve[*day]
            );
        }
    }

    const CURVE: &[(usize, f64)] = &[
        (0, 0.08333333333333326),
        (1, 0.16666666666666652),
        (2, 0.16666666666666652),
        (3, 0.35185185185185186),
        (8, 0.35185185185185186),
        (9, 0.611111111111111),
        (20, 0.611111111111111),
        (30, 0.611111111111111),
    ];

    #[test]
    fn the_share_reaches_one_at_the_horizon_and_is_zero_before_the_inquiry() {
        let curve = LagCurve::learn(
            &followed(&[(40, Some(0)), (40, Some(20)), (40, None)]),
            30,
            1,
            28,
        )
        .expect("a curve");
        let shares = [-1, 0, 19, 20, 90].map(|age| curve.share_by(age));
        for (share, expected) in shares.into_iter().zip([0.0, 0.5, 0.5, 1.0, 1.0]) {
            assert!((share - expected).abs() < 1e-12, "{shares:?}");
        }
    }

    #[test]
    fn a_short_history_gives_no_curve() {
        assert_eq!(
            LagCurve::learn(&followed(&[(20, Some(0)), (20, Some(1))]), 90, 1, 28),
            None
        );
        assert_eq!(
            LagCurve::learn(&followed(&[(60, Some(0)), (60, None)]), 90, 10, 28),
            None
        );
        assert_eq!(LagCurve::learn(&[], 90, 0, 0), None);
    }
}
