//! The smallest places that explain a loss of inquiries: channel, device, page, region, campaign, phrase and attributes
//! together.

use super::case::Case;
use super::codes::Scope;
use super::finding::LostSegment;
use super::localise::{Cell, Cube, ScanOptions, Segment, scan};
use crate::model::observations::{Code, Dimension, Slice, SliceId};

/// Tables of more cells are not scanned: the sum of many tiny cells tells nothing more.
const MOST_CELLS: usize = 50_000;
/// With so many dimensions all their combinations are tried.
const FEW_DIMENSIONS: usize = 5;
/// Inquiries of the base from which on a place's own rate is known. A judgement: the pipeline's usual `min_events`, over
/// eight periods.
const ENOUGH_INQUIRIES: f64 = 30.0;
/// With more, a place is told by so many of them at most. A judgement: a fault has one cause, which is told by two or three.
const DEPTH: usize = 3;

/// Segments of sessions that brought fewer inquiries than they usually do; empty when nothing is beyond noise, or when
/// inquiries cannot be traced to sessions.
pub(super) fn segments(case: &Case) -> Vec<LostSegment> {
    let slices = &case.seen.slices;
    let cells = cells(case);
    if cells.is_empty() || cells.len() > MOST_CELLS {
        return Vec::new();
    }
    let texts = |dimension: &Dimension| -> Vec<String> {
        let codes = 0..case.seen.names.len(*dimension);
        codes
            .map(|code| case.text(*dimension, code as Code).to_owned())
            .collect()
    };
    let cube = Cube {
        dimensions: slices
            .dimensions
            .iter()
            .map(|dimension| dimension.name())
            .collect(),
        values: slices.dimensions.iter().map(texts).collect(),
        cells,
    };
    let all = ScanOptions::default();
    let max_depth = match slices.dimensions.len() {
        ..=FEW_DIMENSIONS => all.max_depth,
        _ => DEPTH,
    };
    let found = scan(&cube, &ScanOptions { max_depth, ..all }).segments;
    found
        .into_iter()
        .map(|segment| named(&cube, segment))
        .collect()
}

/// Sessions and inquiries of the base and of the period, by place.
fn cells(case: &Case) -> Vec<Cell> {
    let slices = &case.seen.slices.places;
    let mut cells: Vec<Cell> = slices.iter().map(cell).collect();
    let (base, start) = (case.base_start() as u32, case.start() as u32);
    for seen in case.seen.inquiries.iter().flatten() {
        let Some(SliceId(place)) = seen.slice.filter(|_| seen.day >= base) else {
            continue;
        };
        let cell = &mut cells[place as usize];
        if seen.day < start {
            cell.base_k += 1.0;
        } else {
            cell.k += 1.0;
        }
    }
    // Places of inquiries from before the base have nothing to tell.
    cells.retain(|cell| cell.base_n + cell.n + cell.base_k + cell.k > 0.0);
    cells
}

fn cell(slice: &Slice) -> Cell {
    Cell {
        codes: slice.codes.iter().map(|code| u32::from(*code)).collect(),
        base_n: f64::from(slice.base),
        base_k: 0.0,
        n: f64::from(slice.now),
        k: 0.0,
    }
}

/// A segment of the cube in the words of the contract.
fn named(cube: &Cube, segment: Segment) -> LostSegment {
    let expected = of_its_own(cube, &segment).unwrap_or(segment.expected);
    let mut scope = Scope::new();
    for (name, value) in segment.dimensions {
        if let Some(dimension) = Dimension::named(&name) {
            scope.insert(dimension, value);
        }
    }
    LostSegment {
        scope,
        observed: segment.observed,
        expected,
        score: segment.score,
    }
}

/// Inquiries to be expected at the place's own rate in the base, where it had enough of them to tell one: what a reader can
/// work out again. The scan leans small places on what their parts do elsewhere.
fn of_its_own(cube: &Cube, segment: &Segment) -> Option<f64> {
    let (mut base_k, mut base_n, mut n) = (0.0, 0.0, 0.0);
    for cell in cube.inside(&segment.dimensions) {
        base_k += cell.base_k;
        base_n += cell.base_n;
        n += cell.n;
    }
    (base_k >= ENOUGH_INQUIRIES).then(|| n * base_k / base_n.max(1.0))
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
            seen.slices.places.extend(more.slices.places);
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
