//! Tests by ranks, and spreads that outliers do not move: whether times became longer, and since when. Times are skewed, and
//! ranks do not mind.

/// Mean of the smaller three quarters of a squared standard normal: `(0.75 − 2·1.150·φ(1.150)) ÷ 0.75`.
const LOWER_QUARTERS: f64 = 0.3686;

/// Mean of the smaller half: `(0.5 − 2·0.6745·φ(0.6745)) ÷ 0.5`.
const LOWER_HALF: f64 = 0.1426;

/// From so many values on the smaller half tells enough: a firm in which every third week was spoilt is not taken for a
/// noisy one.
const MANY_VALUES: usize = 12;

/// The variance that the smaller squares tell is no more than so many times the mean of all. A judgement: with 1, quiet weeks
/// lie outside of 95 % intervals in 7 to 9 of a hundred, with 1.2 in 4 to 6.
const MOST_OF_MEAN: f64 = 1.2;

/// One-sided probability that the values of `now` would be as large against those of `base` if both were of one kind: Mann
/// and Whitney, Annals of Mathematical Statistics 18 (1947) 50–60, by the normal approximation with the correction for ties
/// and for continuity. 1 where one of the lists is empty or all values are the same.
pub fn larger(now: &[f64], base: &[f64]) -> f64 {
    let (n, m) = (now.len() as f64, base.len() as f64);
    if n == 0.0 || m == 0.0 {
        return 1.0;
    }
    let all: Vec<f64> = now.iter().chain(base).copied().collect();
    let (ranks, ties) = mid_ranks(&all);
    let rank_sum: f64 = ranks[..now.len()].iter().sum();
    let u = rank_sum - n * (n + 1.0) / 2.0;
    let of = n + m;
    let variance = n * m / 12.0 * (of + 1.0 - ties / (of * (of - 1.0)).max(1.0));
    if variance <= 0.0 {
        return 1.0;
    }
    let z = (u - n * m / 2.0 - 0.5) / variance.sqrt();
    1.0 - normal(z)
}

/// The middle one of some numbers, of two middle ones their mean; `None` of none.
pub fn median(mut numbers: Vec<f64>) -> Option<f64> {
    numbers.sort_by(f64::total_cmp);
    let middle = numbers.len() / 2;
    let upper = *numbers.get(middle)?;
    Some(match numbers.len() % 2 {
        0 => f64::midpoint(numbers[middle - 1], upper),
        _ => upper,
    })
}

/// The variance of values of which these are the squared distances from their level: the mean of the smaller half of the
/// squares (of three quarters while there are fewer than 12), scaled as for a normal law, so that past incidents do not
/// pass for noise. Incidents only add to the mean of all, and half of a few values may lie far out by chance: so it is no
/// more than [`MOST_OF_MEAN`] times that. 0 of none.
pub fn variance_of_most(mut squares: Vec<f64>) -> f64 {
    squares.sort_by(f64::total_cmp);
    let (kept, mean_of_kept) = if squares.len() >= MANY_VALUES {
        (squares.len().div_ceil(2), LOWER_HALF)
    } else {
        ((squares.len() * 3).div_ceil(4), LOWER_QUARTERS)
    };
    let mean_of = |values: &[f64]| values.iter().sum::<f64>() / values.len().max(1) as f64;
    let by_most = mean_of(&squares[..kept]) / mean_of_kept;
    by_most.min(MOST_OF_MEAN * mean_of(&squares))
}

/// The place of the first value after the change that divides a sequence best: the largest `|U|` of Pettitt, Applied
/// Statistics 28 (1979) 126–135. `None` in a sequence of fewer than two values, or where nothing rises.
pub fn rise_at(values: &[f64]) -> Option<usize> {
    let (ranks, _) = mid_ranks(values);
    let middle = (values.len() as f64 + 1.0) / 2.0;
    let mut below = 0.0;
    let mut best: Option<(usize, f64)> = None;
    for (place, rank) in ranks
        .iter()
        .enumerate()
        .take(values.len().saturating_sub(1))
    {
        below += middle - rank;
        if below > best.map_or(0.0, |(_, most)| most) {
            best = Some((place + 1, below));
        }
    }
    best.map(|(place, _)| place)
}

/// One-sided probability of so many marked ones of `now`, or more, if they had fallen there by chance: Fisher's exact test,
/// each a pair of marked ones and of all.
pub fn more((marked, all): (usize, usize), (base_marked, base_all): (usize, usize)) -> f64 {
    let (total, total_marked) = (all + base_all, marked + base_marked);
    let logs: Vec<f64> = std::iter::once(0.0)
        .chain((1..=total).scan(0.0, |sum, n| {
            *sum += (n as f64).ln();
            Some(*sum)
        }))
        .collect();
    let choose = |n: usize, k: usize| logs[n] - logs[k] - logs[n - k];
    let at = |k: usize| {
        let ways = choose(total_marked, k) + choose(total - total_marked, all - k);
        (ways - choose(total, all)).exp()
    };
    let is_possible = |k: &usize| all - k <= total - total_marked;
    let tail = (marked..=all.min(total_marked)).filter(is_possible);
    tail.map(at).fold(0.0, |sum, p| sum + p).min(1.0)
}

/// The ranks of values from 1, equal ones sharing the middle of theirs, and `Σ(t³ − t)` over groups of equal ones.
fn mid_ranks(values: &[f64]) -> (Vec<f64>, f64) {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|one, other| values[*one].total_cmp(&values[*other]));
    let mut ranks = vec![0.0; values.len()];
    let mut ties = 0.0;
    let mut start = 0;
    while start < order.len() {
        let value = values[order[start]];
        let same = order[start..]
            .iter()
            .take_while(|place| values[**place].total_cmp(&value).is_eq())
            .count();
        let middle = start as f64 + (same as f64 + 1.0) / 2.0;
        for place in &order[start..start + same] {
            ranks[*place] = middle;
        }
        ties += (same as f64).powi(3) - same as f64;
        start += same;
    }
    (ranks, ties)
}

/// The standard normal distribution function, to 1e-7: Abramowitz and Stegun (1964), 26.2.17.
pub fn normal(z: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.231_641_9 * z.abs());
    let polynomial = t
        * (0.319_381_530
            + t * (-0.356_563_782
                + t * (1.781_477_937 + t * (-1.821_255_978 + t * 1.330_274_429))));
    let density = (-z * z / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
    let tail = density * polynomial;
    if z >= 0.0 { 1.0 - tail } else { tail }
}

/// The value below which a share of sorted values lies, between neighbours in proportion (type 7 of Hyndman and Fan, The
/// American Statistician 50 (1996) 361–365). `None` of none.
pub fn quantile(values: &[f64], share: f64) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().checked_sub(1)?;
    let place = last as f64 * share;
    let below = place.floor() as usize;
    let above = sorted[(below + 1).min(last)];
    Some(sorted[below] + (above - sorted[below]) * (place - place.floor()))
}

#[cfg(test)]
mod tests {
    use super::*;

    // scipy 1.17: mannwhitneyu([7, 8, 9, 10], [1, 2, 3, 4, 5, 6], alternative="greater", method="asymptotic").
    #[test]
    fn larger_values_are_unlikely_by_chance() {
        let p = larger(&[7.0, 8.0, 9.0, 10.0], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        assert!((p - 0.007_107).abs() < 1e-5, "{p}");
    }

    #[test]
    fn equal_values_are_no_news() {
        assert_eq!(larger(&[2.0; 5], &[2.0; 9]), 1.0);
        assert_eq!(larger(&[], &[2.0]), 1.0);
    }

    // scipy 1.17: fisher_exact([[10, 5], [10, 100]], alternative="greater").
    #[test]
    fn so_many_late_ones_do_not_come_together_by_chance() {
        let p = more((10, 15), (10, 110));
        assert!(p > 0.0 && p < 1e-5, "{p}");
        assert!((more((1, 2), (1, 2)) - 5.0 / 6.0).abs() < 1e-9);
        assert!((more((0, 5), (3, 9)) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_rise_is_found_where_it_is() {
        assert_eq!(rise_at(&[1.0, 2.0, 1.0, 2.0, 9.0, 8.0, 9.0]), Some(4));
        assert_eq!(rise_at(&[5.0, 4.0, 3.0]), None);
        assert_eq!(rise_at(&[5.0]), None);
    }

    // Of 12 squares the smaller six count: 6 × 1 ÷ 6 ÷ 0.1426 = 7.01; of eight, six of eight: (1 + 2 + … + 6) ÷ 6 ÷ 0.3686.
    #[test]
    fn a_few_spoilt_values_are_no_spread() {
        let mut squares = vec![1.0; 9];
        squares.extend([900.0, 2500.0, 1600.0]);
        assert!((variance_of_most(squares) - 7.013).abs() < 1e-3);
        let eight = [8e3, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7e3];
        assert!((variance_of_most(eight.to_vec()) - 9.495).abs() < 1e-3);
    }

    // The smaller half of these would say 10 ÷ 0.1426 = 70; 1.2 × 10 is the most.
    #[test]
    fn values_that_lie_equally_far_spread_no_more_than_they_do() {
        assert_eq!(variance_of_most(vec![10.0; 16]), 12.0);
        assert_eq!(variance_of_most(Vec::new()), 0.0);
    }

    #[test]
    fn a_median_lies_in_the_middle() {
        assert_eq!(quantile(&[3.0, 1.0, 2.0], 0.5), Some(2.0));
        assert_eq!(quantile(&[4.0, 1.0, 2.0, 3.0], 0.5), Some(2.5));
        assert_eq!(quantile(&[], 0.5), None);
    }
}
