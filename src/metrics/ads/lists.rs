//! What stands out in advertising: what spends and never sells, what fell, what deserves more.

use std::collections::BTreeMap;

use super::types::{AdFinding, AdKey, AdLevel, AdRow};
use crate::config::rules::Thresholds;
use crate::metrics::distribution::Distribution;
use crate::metrics::multiple::threshold;
use crate::metrics::scorecard::RowVerdict;
use crate::model::channel::ChannelId;
use crate::model::money::Minor;

/// Half an event: none seen does not mean a rate of zero.
const HALF_EVENT: f64 = 0.5;
/// The share of a parent's loss from which on its part tells it whole. A judgement.
const WHOLE_LOSS: f64 = 0.8;
/// So large a sum of both parameters makes a beta-binomial law a binomial one, for all counts that sales reach.
const NO_SPREAD: f64 = 1e6;

/// A row's matured sales, inquiries and money.
struct Matured<'a> {
    key: &'a AdKey,
    sales: f64,
    /// Inquiries, each as far as its sales are due.
    due: f64,
    inquiries: f64,
    spend: f64,
}

/// What a channel's rows of one level did together.
#[derive(Default)]
struct Sum {
    sales: f64,
    due: f64,
    spend: f64,
}

fn matured<'a>(rows: &'a [AdRow], due: &BTreeMap<&AdKey, f64>, level: AdLevel) -> Vec<Matured<'a>> {
    let of_level = rows.iter().filter(|row| row.key.level == level);
    let followed = of_level.filter_map(|row| {
        let cohort = row.matured.as_ref()?;
        Some(Matured {
            key: &row.key,
            sales: cohort.sales,
            due: due.get(&row.key).copied().unwrap_or(0.0),
            inquiries: cohort.inquiries,
            spend: cohort.spend?.0 as f64,
        })
    });
    followed.filter(|row| row.spend > 0.0).collect()
}

fn by_channel<'a>(rows: &[Matured<'a>]) -> BTreeMap<&'a ChannelId, Sum> {
    let mut sums: BTreeMap<&ChannelId, Sum> = BTreeMap::new();
    for row in rows {
        let sum = sums.entry(&row.key.channel).or_default();
        sum.sales += row.sales;
        sum.due += row.due;
        sum.spend += row.spend;
    }
    sums
}

/// Rows that spent and sold nothing where the rest of their channel sold: the probability of none is beta-binomial, of as
/// many trials as inquiries are due, with the conversion of the rest. All rows of a level are judged together (Bonferroni:
/// to stop a campaign is not to be taken back lightly).
pub(super) fn never_sells(
    rows: &[AdRow],
    due: &BTreeMap<&AdKey, f64>,
    limits: &Thresholds,
) -> Vec<AdFinding> {
    let mut found = Vec::new();
    for level in [AdLevel::Campaign, AdLevel::Phrase, AdLevel::Ad] {
        let rows = matured(rows, due, level);
        let sums = by_channel(&rows);
        let limit = limits.alpha / rows.len().max(1) as f64;
        for row in rows.iter().filter(|row| row.sales < HALF_EVENT) {
            let all = &sums[&row.key.channel];
            let (sold, of) = (all.sales - row.sales, all.due - row.due);
            let conversion = (sold + HALF_EVENT) / (of + 1.0);
            let unsold = (of - sold).max(0.0) + HALF_EVENT;
            let law = Distribution::beta_binomial(row.due, sold + HALF_EVENT, unsold);
            let p_value = law.at_most(0.0);
            if p_value <= limit && sold > 0.0 {
                found.push(finding(row, conversion * row.due, p_value));
            }
        }
    }
    let mut found = narrowest(found, |finding| finding.of);
    found.sort_by(|one, other| {
        let by_money = other.spend.cmp(&one.spend);
        by_money.then_with(|| one.key.cmp(&other.key))
    });
    found
}

fn finding(row: &Matured<'_>, expected: f64, p_value: f64) -> AdFinding {
    AdFinding {
        key: row.key.clone(),
        observed: row.sales,
        expected,
        of: row.inquiries,
        spend: Some(Minor(row.spend.round() as i64)),
        p_value,
    }
}

/// Rows that bring more sales for their money than the rest of their channel: of the channel's sales, those of a row are
/// binomial with its share of the money (Przyborowski and Wilenski, Biometrika 31 (1940) 313–323). False discoveries are
/// held at the pipeline's rate.
pub(super) fn deserves_more(
    rows: &[AdRow],
    due: &BTreeMap<&AdKey, f64>,
    limits: &Thresholds,
) -> Vec<AdFinding> {
    let mut found = Vec::new();
    for level in [AdLevel::Campaign, AdLevel::Phrase, AdLevel::Ad] {
        let rows = matured(rows, due, level);
        let sums = by_channel(&rows);
        let judged: Vec<AdFinding> = rows
            .iter()
            .filter(|row| row.sales >= f64::from(limits.min_events))
            .filter_map(|row| by_money(row, &sums[&row.key.channel]))
            .collect();
        let p_values: Vec<f64> = judged.iter().map(|finding| finding.p_value).collect();
        let limit = threshold(&p_values, limits.channels_fdr).unwrap_or(-1.0);
        let limit = limit.min(limits.alpha);
        found.extend(
            judged
                .into_iter()
                .filter(|finding| finding.p_value <= limit),
        );
    }
    let mut found = narrowest(found, |finding| finding.observed);
    found.sort_by(|one, other| {
        let by_p = one.p_value.total_cmp(&other.p_value);
        by_p.then_with(|| one.key.cmp(&other.key))
    });
    found
}

fn by_money(row: &Matured<'_>, all: &Sum) -> Option<AdFinding> {
    let share = row.spend / all.spend;
    // The only row of a channel has nothing to be compared with.
    if share >= 1.0 {
        return None;
    }
    let law = Distribution::beta_binomial(
        all.sales.round(),
        NO_SPREAD * share,
        NO_SPREAD * (1.0 - share),
    );
    Some(finding(row, all.sales * share, law.at_least(row.sales)))
}

/// Rows whose first conversion fell; `fell` of a parent and its part only the one that tells more.
pub(super) fn fell(rows: &[AdRow]) -> Vec<AdFinding> {
    let worse = rows.iter().filter(|row| row.verdict == RowVerdict::Worse);
    let findings = worse.filter_map(|row| {
        Some(AdFinding {
            key: row.key.clone(),
            observed: row.inquiries?,
            expected: row.expected?.value,
            of: row.sessions? as f64,
            spend: row.spend,
            p_value: row.p_value?,
        })
    });
    let lost = |finding: &AdFinding| finding.expected - finding.observed;
    let mut found = without_pages(narrowest(findings.collect(), lost), lost);
    found.sort_by(|one, other| {
        let by_loss = lost(other).total_cmp(&lost(one));
        by_loss.then_with(|| one.key.cmp(&other.key))
    });
    found
}

/// Pages cut across campaigns: one is told only where nothing else of its channel lost as much.
fn without_pages(found: Vec<AdFinding>, lost: impl Fn(&AdFinding) -> f64) -> Vec<AdFinding> {
    let is_told_otherwise = |page: &AdFinding| {
        let of_channel = found.iter().filter(|other| {
            other.key.level != AdLevel::Page && other.key.channel == page.key.channel
        });
        of_channel.map(&lost).any(|other| other >= lost(page))
    };
    let is_kept = |one: &&AdFinding| one.key.level != AdLevel::Page || !is_told_otherwise(one);
    found.iter().filter(is_kept).cloned().collect()
}

/// Of a campaign and its part the part where it holds nearly all of what was found, else the campaign; of a phrase and its
/// only ad the phrase.
fn narrowest(found: Vec<AdFinding>, size: impl Fn(&AdFinding) -> f64) -> Vec<AdFinding> {
    let is_part = |part: &AdFinding, whole: &AdFinding| {
        part.key.level > whole.key.level
            && part.key.channel == whole.key.channel
            && whole.key.level == AdLevel::Campaign
            && part.key.campaign == whole.key.campaign
    };
    let tells_whole = |part: &AdFinding, whole: &AdFinding| size(part) >= WHOLE_LOSS * size(whole);
    // A phrase with one ad is that ad: the coarser name is the one that people know.
    let is_same = |other: &AdFinding, one: &AdFinding| {
        let (of, this) = (&other.key, &one.key);
        of.level < this.level
            && of.level != AdLevel::Campaign
            && this.level != AdLevel::Page
            && (&of.channel, &of.campaign) == (&this.channel, &this.campaign)
            && (other.of, other.observed, other.spend) == (one.of, one.observed, one.spend)
    };
    let is_kept = |one: &&AdFinding| {
        if found.iter().any(|other| is_same(other, one)) {
            return false;
        }
        let is_told_by_part = found
            .iter()
            .any(|other| is_part(other, one) && tells_whole(other, one));
        let is_told_by_whole = found
            .iter()
            .any(|other| is_part(one, other) && !tells_whole(one, other));
        !is_told_by_part && !is_told_by_whole
    };
    found.iter().filter(is_kept).cloned().collect()
}
