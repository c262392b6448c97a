//! Laws that hold for any channels: exactness, symmetry in time, merging, and what never is a rate's doing.

use proptest::prelude::*;

use super::bennet::{Noise, RatioVerdict, Segment, bennet};
use super::chain::{Cell, Lines, lines};
use super::{Breakdown, Chain, CountedChain, Side, Terms, Worth, breakdown};
use crate::model::channel::ChannelId;

fn sessions() -> impl Strategy<Value = f64> {
    prop_oneof![1 => Just(0.0), 6 => (1..5000_u32).prop_map(f64::from)]
}

fn events() -> impl Strategy<Value = f64> {
    prop_oneof![1 => Just(0.0), 6 => (0..300_u32).prop_map(f64::from)]
}

fn segments() -> impl Strategy<Value = Vec<Segment>> {
    let segment = (sessions(), events(), sessions(), events());
    prop::collection::vec(
        segment.prop_map(|(n0, k0, n1, k1)| Segment { n0, k0, n1, k1 }),
        1..9,
    )
}

fn cell() -> impl Strategy<Value = Cell> {
    let pair = || [0.0..0.2_f64, 0.0..0.2_f64];
    (
        [sessions(), sessions()],
        [events(), events()],
        pair(),
        pair(),
        [0.0..1e7_f64, 0.0..1e7_f64],
    )
        .prop_map(|(sessions, inquiries, conv1, conv2, check)| Cell {
            sessions,
            inquiries,
            conv1,
            worth: vec![conv2, check],
        })
}

fn side() -> impl Strategy<Value = Side> {
    (sessions(), events(), events(), events(), 0.0..1e9_f64).prop_map(
        |(sessions, inquiries, sold, closed, revenue)| Side {
            sessions,
            inquiries,
            sold: Some(sold),
            closed: Some(closed),
            revenue: Some(revenue),
            spend: Some(revenue),
        },
    )
}

fn counted() -> impl Strategy<Value = Vec<CountedChain>> {
    let one = ([side(), side()], 0.05..0.5_f64, 1e5..1e7_f64);
    prop::collection::vec(one, 1..8).prop_map(|all| {
        let channel =
            |(index, (sides, conv2, check)): (usize, ([Side; 2], f64, f64))| CountedChain {
                channel: ChannelId::new(format!("c{index}")),
                sides,
                worth: Some(Worth { conv2, check }),
            };
        all.into_iter().enumerate().map(channel).collect()
    })
}

const TERMS: Terms = Terms {
    maturity: Some(0.6),
    min_events: 1,
};

fn taken_apart(counted: &[CountedChain]) -> Option<Breakdown> {
    let week = crate::metrics::sample::reported_week().previous();
    breakdown(vec![week], counted, TERMS)
}

fn close(left: f64, right: f64, scale: f64) -> bool {
    (left - right).abs() <= 1e-9 * scale.abs().max(1e-12)
}

fn all_sessions(cells: &[Cell]) -> [f64; 2] {
    [0, 1].map(|t| cells.iter().map(|cell| cell.sessions[t]).sum())
}

fn reversed(cell: &Cell) -> Cell {
    let turn = |[base, now]: [f64; 2]| [now, base];
    Cell {
        sessions: turn(cell.sessions),
        inquiries: turn(cell.inquiries),
        conv1: turn(cell.conv1),
        worth: cell.worth.iter().map(|factor| turn(*factor)).collect(),
    }
}

fn size(cell: &Cell) -> f64 {
    let most = |of: [f64; 2]| of[0].max(of[1]);
    let sessions = (most(cell.sessions) + most(cell.inquiries))
        * cell.worth.iter().map(|of| most(*of)).product::<f64>();
    sessions + 1e-9
}

/// Whether two lists of lines are equal, each within 1e-9 of `scale`.
fn same(one: &Lines, other: &Lines, scale: f64) -> bool {
    let apart = one.zip(*other, |one, other| (one - other).abs());
    apart
        .map(|apart| f64::from(u8::from(apart > 1e-9 * scale)))
        .sum()
        == 0.0
}

fn sums_up(chain: &Chain) -> bool {
    let sum: f64 = chain.contributions.iter().map(|of| of.amount.value).sum();
    let size = chain.base.abs() + chain.now.abs();
    let size = chain
        .contributions
        .iter()
        .map(|of| of.amount.value.abs())
        .fold(size, f64::max);
    let factors = chain.contributions.iter().enumerate().all(|(place, of)| {
        let channels: f64 = chain
            .channels
            .iter()
            .map(|channel| channel.contributions[place].amount.value)
            .sum();
        close(channels, of.amount.value, size)
    });
    let channels = chain.channels.iter().all(|channel| {
        close(
            channel.contributions.iter().map(|of| of.amount.value).sum(),
            channel.change,
            size,
        )
    });
    close(sum, chain.change, size) && factors && channels
}

proptest! {
    #[test]
    fn effects_add_up_to_the_change_of_the_ratio(segments in segments()) {
        let Some(found) = bennet(&segments, Noise::Events) else { return Ok(()) };
        let change = found.ratio[1] - found.ratio[0];
        let sum = found.within.value + found.mix.value + found.outside;
        prop_assert!(close(sum, change, found.ratio[0] + found.ratio[1]), "{sum} is not {change}");
    }

    #[test]
    fn turning_time_turns_every_effect(segments in segments()) {
        let back: Vec<Segment> =
            segments.iter().map(|of| Segment { n0: of.n1, k0: of.k1, n1: of.n0, k1: of.k0 }).collect();
        let (Some(found), Some(turned)) = (bennet(&segments, Noise::Events), bennet(&back, Noise::Events)) else {
            return Ok(());
        };
        let size = found.ratio[0] + found.ratio[1];
        prop_assert!(close(found.within.value, -turned.within.value, size));
        prop_assert!(close(found.mix.value, -turned.mix.value, size));
        prop_assert!(close(found.outside, -turned.outside, size));
    }

    #[test]
    fn two_segments_of_equal_rates_are_one(
        segments in segments(), volumes in [1.0..5000.0_f64, 1.0..5000.0, 1.0..5000.0, 1.0..5000.0],
        rates in [0.0..0.2_f64, 0.0..0.2],
    ) {
        let of = |n0: f64, n1: f64| Segment { n0, k0: n0 * rates[0], n1, k1: n1 * rates[1] };
        let with = |more: &[Segment]| bennet(&[segments.as_slice(), more].concat(), Noise::Events);
        let apart = with(&[of(volumes[0], volumes[1]), of(volumes[2], volumes[3])]).expect("both periods have sessions");
        let merged = with(&[of(volumes[0] + volumes[2], volumes[1] + volumes[3])]).expect("both periods have sessions");
        let [one, other] = apart.parts[segments.len()..] else { panic!("two segments") };
        let both = merged.parts[segments.len()];
        let size = apart.ratio[0] + apart.ratio[1];
        prop_assert!(close(one.within + other.within, both.within, size));
        prop_assert!(close(one.mix + other.mix, both.mix, size));
        prop_assert!(close(apart.mix.value, merged.mix.value, size));
    }

    #[test]
    fn a_pure_shift_of_shares_is_never_a_rate(
        channels in prop::collection::vec((1..5000_u32, 1..5000_u32, 0.0..0.2_f64), 1..9),
    ) {
        let segments: Vec<Segment> = channels.iter().map(|(n0, n1, rate)| {
            let (n0, n1) = (f64::from(*n0), f64::from(*n1));
            Segment { n0, k0: n0 * rate, n1, k1: n1 * rate }
        }).collect();
        let found = bennet(&segments, Noise::Events).expect("both periods have sessions");
        prop_assert!(found.within.value.abs() <= 1e-12, "{:?}", found.within);
        prop_assert!(close(found.standardised, found.inside[0], 1.0));
        let counted: Vec<CountedChain> = segments.iter().map(|of| {
            let side = |sessions, inquiries| Side { sessions, inquiries, ..Side::default() };
            let sides = [side(of.n0, of.k0), side(of.n1, of.k1)];
            CountedChain { channel: ChannelId::new("c"), sides, worth: None }
        }).collect();
        let Some(found) = taken_apart(&counted) else { return Ok(()) };
        let conv1 = found.inquiries.contributions[2].amount.value;
        prop_assert!(close(conv1, 0.0, found.inquiries.base + found.inquiries.now), "{conv1}");
    }

    #[test]
    fn a_steady_channel_changes_no_verdict(segments in segments(), share in 0.05..0.9_f64, rate in 0.001..0.2_f64) {
        // Its rate and its share of the sessions stay: it takes `share` of the whole in both periods.
        let Some(found) = bennet(&segments, Noise::Events) else { return Ok(()) };
        let all = [segments.iter().map(|of| of.n0).sum::<f64>(), segments.iter().map(|of| of.n1).sum()];
        let [n0, n1] = all.map(|n| n * share / (1.0 - share));
        let steady = Segment { n0, k0: n0 * rate, n1, k1: n1 * rate };
        let wider = bennet(&[segments.as_slice(), &[steady]].concat(), Noise::Events).expect("both have sessions");
        prop_assert!(close(wider.within.value, found.within.value * (1.0 - share), 1.0));
        prop_assert!(close(wider.mix.value, found.mix.value * (1.0 - share), 1.0));
        // Only whether the change is large enough for a name depends on the whole.
        if wider.verdict != RatioVerdict::Unchanged && found.verdict != RatioVerdict::Unchanged {
            prop_assert_eq!(wider.verdict, found.verdict);
        }
    }

    #[test]
    fn lines_of_a_channel_add_up_to_its_change(cells in prop::collection::vec(cell(), 1..7)) {
        let all = all_sessions(&cells);
        for cell in &cells {
            let change = super::chain::amount(cell, 1) - super::chain::amount(cell, 0);
            prop_assert!(close(lines(cell, all).sum(), change, size(cell)));
            let turned = lines(&reversed(cell), [all[1], all[0]]).map(|amount| -amount);
            prop_assert!(same(&lines(cell, all), &turned, size(cell)));
        }
    }

    #[test]
    fn channels_of_equal_rates_add_up_when_merged(cell in cell(), more in [0.0..5000.0_f64, 0.0..5000.0], others in [0.0..9000.0_f64, 0.0..9000.0]) {
        let cell = Cell { sessions: cell.sessions.map(|n| n + 1.0), ..cell };
        let other = Cell {
            sessions: more.map(|n| n + 1.0),
            inquiries: [0, 1].map(|t| cell.inquiries[t] / 2.0),
            ..cell.clone()
        };
        let merged = Cell {
            sessions: [0, 1].map(|t| cell.sessions[t] + other.sessions[t]),
            inquiries: [0, 1].map(|t| cell.inquiries[t] + other.inquiries[t]),
            ..cell.clone()
        };
        let all = [0, 1].map(|t| merged.sessions[t] + others[t]);
        let sum = lines(&cell, all).zip(lines(&other, all), |one, other| one + other);
        prop_assert!(same(&sum, &lines(&merged, all), size(&merged)));
    }

    #[test]
    fn an_unaffected_channel_moves_no_others_rate(cell in cell(), others in [1.0..9000.0_f64, 1.0..9000.0], steady in 1.0..5000.0_f64) {
        let all = [0, 1].map(|t| cell.sessions[t] + others[t]);
        let (before, after) = (lines(&cell, all), lines(&cell, all.map(|n| n + steady)));
        prop_assert_eq!(before.conv1(), after.conv1());
        prop_assert_eq!((before.worth(0), before.worth(1), before.noise()), (after.worth(0), after.worth(1), after.noise()));
        prop_assert!(close(before.traffic() + before.mix(), after.traffic() + after.mix(), size(&cell)));
    }

    #[test]
    fn everything_adds_up_and_stays_finite(counted in counted()) {
        let Some(found) = taken_apart(&counted) else { return Ok(()) };
        prop_assert!(sums_up(&found.inquiries));
        prop_assert!(found.expected_revenue.as_ref().is_none_or(sums_up));
        let json = serde_json::to_string(&found).expect("a breakdown is written");
        prop_assert!(!json.contains("null,\"low\"") && !json.contains(":-0.0,"), "{}", json);
    }

    #[test]
    fn scaling_money_scales_every_line(counted in counted(), factor in 0.01..100.0_f64) {
        let scaled: Vec<CountedChain> = counted.iter().map(|one| CountedChain {
            sides: one.sides.map(|side| Side { revenue: side.revenue.map(|of| of * factor), ..side }),
            worth: one.worth.map(|worth| Worth { check: worth.check * factor, ..worth }),
            ..one.clone()
        }).collect();
        let (Some(found), Some(scaled)) = (taken_apart(&counted), taken_apart(&scaled)) else { return Ok(()) };
        let (found, scaled) = (found.expected_revenue.expect("worth is known"), scaled.expected_revenue.expect("worth is known"));
        let size = found.contributions.iter().map(|of| of.amount.value.abs()).fold(found.base.abs() + found.now.abs(), f64::max);
        for (one, other) in found.contributions.iter().zip(&scaled.contributions) {
            prop_assert!(close(one.amount.value * factor, other.amount.value, size * factor));
        }
    }
}
