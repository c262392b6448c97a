//! The smallest places that explain a loss of inquiries: channel, device, page and region together.

use std::collections::BTreeMap;

use super::case::Case;
use super::codes::Scope;
use super::finding::LostSegment;
use super::localise::{Cell, Cube, ScanOptions, Segment, scan};
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
    let cells = cells(case);
    if cells.is_empty() || cells.len() > MOST_CELLS {
        return Vec::new();
    }
    let texts = |dimension: Dimension| -> Vec<String> {
        let codes = 0..case.seen.names.len(dimension);
        codes
            .map(|code| case.text(dimension, code as Code).to_owned())
            .collect()
    };
    let dimensions = DIMENSIONS.iter();
    let values = DIMENSIONS.iter();
    let cube = Cube {
        dimensions: dimensions.map(|(_, name)| (*name).to_owned()).collect(),
        values: values.map(|(dimension, _)| texts(*dimension)).collect(),
        cells: cells.into_values().collect(),
    };
    let found = scan(&cube, &ScanOptions::default()).segments;
    found.into_iter().map(named).collect()
}

/// Codes of a place in the order of [`DIMENSIONS`].
type Codes = [Code; 4];

/// Sessions and inquiries of the base and of the period, by place. The order of the codes is that of the cells: the scan
/// must not depend on the order of rows.
fn cells(case: &Case) -> BTreeMap<Codes, Cell> {
    let mut cells: BTreeMap<Codes, Cell> = BTreeMap::new();
    for row in &case.seen.leaves {
        let codes = [row.channel, row.device, row.page, row.region];
        let sessions = f64::from(row.counts.sessions);
        let cell = cell_of(&mut cells, codes);
        // Leaves have two days only: 0 is the base, 1 the period.
        if row.day == 0 {
            cell.base_n += sessions;
        } else {
            cell.n += sessions;
        }
    }
    let (base, start) = (case.base_start() as u32, case.start() as u32);
    for seen in case.seen.inquiries.iter().flatten() {
        // An inquiry without a session has no place among sessions.
        let is_traced = seen.page > 0 && seen.region > 0;
        if seen.day < base || !is_traced {
            continue;
        }
        let codes = [seen.channel, seen.device, seen.page, seen.region];
        let cell = cell_of(&mut cells, codes);
        if seen.day < start {
            cell.base_k += 1.0;
        } else {
            cell.k += 1.0;
        }
    }
    cells
}

fn cell_of(cells: &mut BTreeMap<Codes, Cell>, codes: Codes) -> &mut Cell {
    cells.entry(codes).or_insert_with(|| Cell {
        codes: codes.map(u32::from).to_vec(),
        base_n: 0.0,
        base_k: 0.0,
        n: 0.0,
        k: 0.0,
    })
}

/// A segment of the cube in the words of the contract.
fn named(segment: Segment) -> LostSegment {
    let mut scope = Scope::new();
    for (name, value) in segment.dimensions {
        let known = DIMENSIONS.iter().find(|(_, known)| *known == name);
        if let Some((dimension, _)) = known {
            scope.insert(*dimension, value);
        }
    }
    LostSegment {
        scope,
        observed: segment.observed,
        expected: segment.expected,
        score: segment.score,
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
