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
    let divides = |at: &usize| cube.values[*at].len() > 1;
    let dimensions: Vec<usize> = (0..cube.dimensions.len()).filter(divides).collect();
    let whole = Cuboid {
        dimensions: vec![],
        segment_of: vec![0; cube.cells.len()],
        first_cell: vec![0],
    };
    let mut all: Vec<Cuboid> = Vec::new();
    let mut last = vec![whole];
    for _ in 0..most {
        let next = one_dimension_more(&last, &dimensions);
        let are_too_many = all.len() + next.len() > MOST_CUBOIDS;
        // Single dimensions are looked at however many they are.
        if next.is_empty() || (are_too_many && !all.is_empty()) {
            break;
        }
        let deeper = next
            .into_iter()
            .map(|(cuboid, dimension)| split(cube, cuboid, dimension));
        last = deeper.collect();
        all.extend(last.iter().cloned());
    }
    all
}

/// Each subset with each dimension behind its last one, so that no subset is made twice.
fn one_dimension_more<'c>(cuboids: &'c [Cuboid], dimensions: &[usize]) -> Vec<(&'c Cuboid, usize)> {
    let mut more = Vec::new();
    for cuboid in cuboids {
        let last = cuboid.dimensions.last();
        for dimension in dimensions {
            if last.is_none_or(|last| last < dimension) {
                more.push((cuboid, *dimension));
            }
        }
    }
    more
}

/// The subset with one dimension more; its segments are numbered in the order of their values.
fn split(cube: &Cube, cuboid: &Cuboid, dimension: usize) -> Cuboid {
    let width = cube.values[dimension].len() as u64;
    let key = |cell: usize| {
        let segment = u64::from(cuboid.segment_of[cell]);
        let code = u64::from(cube.cells[cell].codes[dimension]);
        segment * width + code
    };
    let cells = 0..cube.cells.len();
    let mut keyed: Vec<(u64, u32)> = cells.map(|cell| (key(cell), cell as u32)).collect();
    // By segment, code and cell: keys are met in groups, each with its first cell first.
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
