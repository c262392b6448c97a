//! Every subset of the dimensions with its segments, and which segment each cell falls into.

use super::cube::Cube;

/// One subset of the dimensions.
#[derive(Debug, Clone)]
pub struct Cuboid {
    /// Positions of its dimensions, ascending.
    pub dimensions: Vec<usize>,
    /// For each cell its segment.
    pub segment_of: Vec<u32>,
    /// For each segment the first cell in it.
    pub first_cell: Vec<u32>,
}

impl Cuboid {
    /// Sums a quantity of the cells over each segment.
    pub fn sums(&self, quantity: &[f64]) -> Vec<f64> {
        let mut sums = vec![0.0; self.first_cell.len()];
        for (segment, value) in self.segment_of.iter().zip(quantity) {
            sums[*segment as usize] += value;
        }
        sums
    }
}

/// Most subsets that are looked at: with many dimensions the deep ones are left out.
const MOST_CUBOIDS: usize = 512;

/// All subsets of one to `most` dimensions, smaller ones first, then in the order of their dimensions. Dimensions of a
/// single value divide nothing and are left out.
pub fn cuboids(cube: &Cube, most: usize) -> Vec<Cuboid> {
    let dimensions: Vec<usize> = (0..cube.dimensions.len())
        .filter(|at| cube.values[*at].len() > 1)
        .collect();
    let whole = Cuboid {
        dimensions: vec![],
        segment_of: vec![0; cube.cells.len()],
        first_cell: vec![0],
    };
    let mut all: Vec<Cuboid> = Vec::new();
    let mut last = vec![whole];
    for _ in 0..most {
        let next: Vec<(&Cuboid, usize)> = last
            .iter()
            .flat_map(|cuboid| {
                let behind = dimensions
                    .iter()
                    .filter(|at| cuboid.dimensions.last().is_none_or(|last| last < *at));
                behind.map(move |dimension| (cuboid, *dimension))
            })
            .collect();
        if next.is_empty() || (all.len() + next.len() > MOST_CUBOIDS && !all.is_empty()) {
            break;
        }
        last = next
            .into_iter()
            .map(|(cuboid, dimension)| split(cube, cuboid, dimension))
            .collect();
        all.extend(last.iter().cloned());
    }
    all
}

/// The subset with one dimension more; its segments are numbered in the order of their values.
fn split(cube: &Cube, cuboid: &Cuboid, dimension: usize) -> Cuboid {
    let width = cube.values[dimension].len() as u64;
    let key = |cell: usize| {
        u64::from(cuboid.segment_of[cell]) * width + u64::from(cube.cells[cell].codes[dimension])
    };
    let mut keyed: Vec<(u64, u32)> = (0..cube.cells.len())
        .map(|cell| (key(cell), cell as u32))
        .collect();
    keyed.sort_unstable();
    let mut segment_of = vec![0; cube.cells.len()];
    let mut first_cell = Vec::new();
    let mut before = None;
    for (key, cell) in keyed {
        if before != Some(key) {
            first_cell.push(cell);
            before = Some(key);
        }
        segment_of[cell as usize] = first_cell.len() as u32 - 1;
    }
    Cuboid {
        dimensions: [&cuboid.dimensions[..], &[dimension]].concat(),
        segment_of,
        first_cell,
    }
}
