//! The smallest places that explain a loss of inquiries: channel, device, page and region together.

use std::collections::BTreeMap;

use super::case::Case;
use super::finding::{LostSegment, Scope};
use super::localise::{Cell, Cube, ScanOptions, scan};
use crate::model::observations::{Code, Dimension};

/// What sessions and inquiries are both told apart by.
const DIMENSIONS: [(Dimension, &str); 4] = [
    (Dimension::Channel, "channel"),
    (Dimension::Device, "device"),
    (Dimension::Page, "page"),
    (Dimension::Region, "region"),
];
/// Tables of more cells are not scanned: the sum of many tiny cells tells nothing more.
const MOST_CELLS: usize = 50_000;

/// Segments of sessions that brought fewer inquiries than they usually do; empty when nothing is beyond noise, or when
/// inquiries cannot be traced to sessions.
pub(super) fn segments(case: &Case) -> Vec<LostSegment> {
    let mut cells: BTreeMap<[Code; 4], Cell> = BTreeMap::new();
    let mut cell = |codes: [Code; 4], add: &dyn Fn(&mut Cell)| {
        let fresh = || Cell {
            codes: codes.map(u32::from).to_vec(),
            base_n: 0.0,
            base_k: 0.0,
            n: 0.0,
            k: 0.0,
        };
        add(cells.entry(codes).or_insert_with(fresh));
    };
    for row in &case.seen.leaves {
        let sessions = f64::from(row.counts.sessions);
        let add = |cell: &mut Cell| {
            if row.day == 0 {
                cell.base_n += sessions
            } else {
                cell.n += sessions
            }
        };
        cell([row.channel, row.device, row.page, row.region], &add);
    }
    let (base, start) = (case.base_start() as u32, case.start() as u32);
    // An inquiry without a session has no place among sessions.
    let traced = case
        .seen
        .inquiries
        .iter()
        .flatten()
        .filter(|seen| seen.day >= base && seen.page > 0 && seen.region > 0);
    for seen in traced {
        let add = |cell: &mut Cell| {
            if seen.day < start {
                cell.base_k += 1.0
            } else {
                cell.k += 1.0
            }
        };
        cell([seen.channel, seen.device, seen.page, seen.region], &add);
    }
    if cells.is_empty() || cells.len() > MOST_CELLS {
        return Vec::new();
    }
    let values = |dimension| {
        (0..case.seen.names.len(dimension))
            .map(move |code| case.text(dimension, code as Code).to_owned())
    };
    let cube = Cube {
        dimensions: DIMENSIONS
            .iter()
            .map(|(_, name)| (*name).to_owned())
            .collect(),
        values: DIMENSIONS
            .iter()
            .map(|(dimension, _)| values(*dimension).collect())
            .collect(),
        cells: cells.into_values().collect(),
    };
    let found = scan(&cube, &ScanOptions::default()).segments;
    found
        .into_iter()
        .map(|segment| {
            named(
                segment.dimensions,
                segment.observed,
                segment.expected,
                segment.score,
            )
        })
        .collect()
}

fn named(
    dimensions: BTreeMap<String, String>,
    observed: f64,
    expected: f64,
    score: f64,
) -> LostSegment {
    let dimension = |name: &str| {
        DIMENSIONS
            .iter()
            .find(|(_, known)| *known == name)
            .map(|(dimension, _)| *dimension)
    };
    let scope: Scope = dimensions
        .into_iter()
        .filter_map(|(name, value)| Some((dimension(&name)?, value)))
        .collect();
    LostSegment {
        scope,
        observed,
        expected,
        score,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::firm;

    #[test]
    fn a_dead_page_on_phones_is_the_smallest_place_that_explains_the_loss() {
        let settings = firm::settings();
        // Ten firms in one: enough inquiries for a place of two dimensions.
        let mut seen = firm::quiet(21);
        for seed in 22..30 {
            let more = firm::quiet(seed);
            seen.leaves.extend(more.leaves);
            seen.inquiries
                .as_mut()
                .expect("contacts")
                .extend(more.inquiries.into_iter().flatten());
        }
        let (page, phone) = (2, 1);
        seen.inquiries
            .as_mut()
            .expect("contacts")
            .retain(|inquiry| {
                inquiry.day < firm::START || inquiry.page != page || inquiry.device != phone
            });
        let found = segments(&Case::new(&seen, &settings));
        let place = Scope::from([
            (Dimension::Page, "/price".to_owned()),
            (Dimension::Device, "phone".to_owned()),
        ]);
        assert_eq!(
            found
                .iter()
                .map(|segment| &segment.scope)
                .collect::<Vec<_>>(),
            [&place],
            "{found:?}"
        );
        assert_eq!(found[0].observed, 0.0);
    }
}
