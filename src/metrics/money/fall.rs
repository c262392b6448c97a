//! Whether gross profit fell beyond noise, and by enough to be told.

use super::types::{Formula, FormulaBase, FormulaLine, FormulaResult, ProfitFall, SalesFactor};
use crate::metrics::rate::Z;
use crate::model::money::Minor;

/// A fall of less than a twentieth is not worth a letter. A judgement.
const WORTH_TELLING: f64 = 0.05;
/// One-sided 1 %, shared by the five factors (Bonferroni): z of 0.2 %.
const Z_OF_FACTOR: f64 = 2.878;
/// Relative noise of one period's visitors and of their conversion beyond what counts have: the prior of the predictions.
const NOISE_OF_TRAFFIC: f64 = 0.06;
/// The same of what a buyer buys: orders of different goods from period to period. A judgement.
const NOISE_OF_BUYERS: f64 = 0.02;

/// The fall of gross profit against as many days before, or where there is no such base against the period before; absent
/// where it did not fall, fell by little, or no factor fell beyond its own noise.
pub(super) fn profit_fall(formulas: &[Formula]) -> Option<ProfitFall> {
    let of_profit = || {
        let mut all = formulas.iter();
        move |base| all.find(|one| one.against == base && one.result == FormulaResult::GrossProfit)
    };
    let formula =
        of_profit()(FormulaBase::SameLength).or_else(|| of_profit()(FormulaBase::Previous))?;
    let worth = WORTH_TELLING * formula.base.0 as f64;
    if formula.base.0 <= 0 || -(formula.change.0 as f64) < worth {
        return None;
    }
    let mut fallen: Vec<&FormulaLine> = formula.lines.iter().collect();
    fallen.retain(|line| -(line.amount.0 as f64) >= worth && is_beyond_noise(line, formula.base));
    fallen.sort_by_key(|line| line.amount);
    let taken_by: Vec<SalesFactor> = fallen.iter().map(|line| line.factor).collect();
    (!taken_by.is_empty()).then(|| ProfitFall {
        base_period: formula.base_period.clone(),
        visitors_are: formula.visitors_are,
        base: formula.base,
        now: formula.now,
        change: formula.change,
        taken_by,
    })
}

/// Whether a contribution is below zero beyond the error of its interval and the noise that periods have besides.
fn is_beyond_noise(line: &FormulaLine, base: Minor) -> bool {
    let sampled = (line.high.0 as f64 - line.amount.0 as f64) / Z;
    let noise = match line.factor {
        SalesFactor::Visitors | SalesFactor::Conversion => NOISE_OF_TRAFFIC,
        SalesFactor::SalesPerBuyer | SalesFactor::AverageCheck | SalesFactor::Margin => {
            NOISE_OF_BUYERS
        }
    };
    // Two periods are compared, each with its own noise.
    let of_periods = noise * std::f64::consts::SQRT_2 * base.0 as f64;
    let error = sampled.hypot(of_periods);
    line.amount.0 as f64 + Z_OF_FACTOR * error < 0.0
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::super::types::Visitors;
    use super::*;
    use crate::model::period::Period;

    /// A formula with these contributions, roubles, each with the half of its interval.
    fn formula(base: i64, lines: &[(SalesFactor, i64, i64)]) -> Formula {
        let day = NaiveDate::from_ymd_opt(2026, 9, 7).expect("the day exists");
        let change = lines.iter().map(|line| line.1).sum();
        let line = |(factor, amount, half): &(SalesFactor, i64, i64)| FormulaLine {
            factor: *factor,
            base: 1.0,
            now: 1.0,
            amount: Minor(*amount),
            low: Minor(amount - half),
            high: Minor(amount + half),
        };
        Formula {
            against: FormulaBase::Previous,
            base_period: Period::week_of(day),
            visitors_are: Visitors::Users,
            result: FormulaResult::GrossProfit,
            base: Minor(base),
            now: Minor(base + change),
            change: Minor(change),
            lines: lines.iter().map(line).collect(),
        }
    }

    fn taken(base: i64, lines: &[(SalesFactor, i64, i64)]) -> Option<Vec<SalesFactor>> {
        profit_fall(&[formula(base, lines)]).map(|fall| fall.taken_by)
    }

    #[test]
    fn a_fall_is_told_with_the_factor_that_fell_beyond_noise() {
        // The month of the business case: margin fell for certain, conversion within the noise of traffic.
        let lines = [
            (SalesFactor::Visitors, 42_641, 5_000),
            (SalesFactor::Conversion, -67_076, 47_000),
            (SalesFactor::SalesPerBuyer, 15_083, 20_000),
            (SalesFactor::AverageCheck, 22_279, 1_000),
            (SalesFactor::Margin, -31_167, 0),
        ];
        assert_eq!(taken(240_000, &lines), Some(vec![SalesFactor::Margin]));
    }

    #[test]
    fn small_falls_rises_and_noise_are_not_told() {
        let check = SalesFactor::AverageCheck;
        for (amount, half) in [(-4_900, 0), (20_000, 0), (-9_000, 9_000)] {
            assert_eq!(taken(100_000, &[(check, amount, half)]), None, "{amount}");
        }
        assert_eq!(
            taken(100_000, &[(check, -20_000, 5_000)]),
            Some(vec![check])
        );
        // A sixth fewer visitors is what a firm may see from week to week.
        assert_eq!(
            taken(100_000, &[(SalesFactor::Visitors, -17_000, 1_000)]),
            None
        );
    }
}
