//! A table of counts by dimensions, and its canonical form.

use std::collections::BTreeMap;

/// One row: a combination of values with its counts.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// For each dimension the position of the value in [`Cube::values`].
    pub codes: Vec<u32>,
    /// Opportunities (visits) of the base periods together.
    pub base_n: f64,
    /// Events (inquiries) of the base periods together.
    pub base_k: f64,
    /// Opportunities of the period in question.
    pub n: f64,
    /// Events of the period in question.
    pub k: f64,
}

/// Counts of a base and of one period by dimensions.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cube {
    /// Names of the dimensions.
    pub dimensions: Vec<String>,
    /// For each dimension its values.
    pub values: Vec<Vec<String>>,
    /// The cells; combinations that are absent have no counts, and several cells of one combination add up.
    pub cells: Vec<Cell>,
}

impl Cube {
    /// The same cube with values sorted by name, dimensions as they are, and one cell a combination in order of its
    /// codes: whatever order the rows came in, the sums that follow are the same bit for bit.
    pub fn canonical(&self) -> Self {
        let orders: Vec<(Vec<String>, Vec<u32>)> =
            self.values.iter().map(|values| sorted(values)).collect();
        let mut cells: Vec<Cell> = self
            .cells
            .iter()
            .map(|cell| recoded(cell, &orders))
            .collect();
        cells.sort_by(|one, other| {
            let counts = |cell: &Cell| [cell.base_n, cell.base_k, cell.n, cell.k];
            let by_counts = || {
                let pairs = counts(one).into_iter().zip(counts(other));
                pairs
                    .map(|(a, b)| a.total_cmp(&b))
                    .find(|order| order.is_ne())
                    .unwrap_or(std::cmp::Ordering::Equal)
            };
            one.codes.cmp(&other.codes).then_with(by_counts)
        });
        cells.dedup_by(|next, kept| {
            let same = next.codes == kept.codes;
            if same {
                kept.base_n += next.base_n;
                kept.base_k += next.base_k;
                kept.n += next.n;
                kept.k += next.k;
            }
            same
        });
        let values = orders.into_iter().map(|(values, _)| values).collect();
        Self {
            dimensions: self.dimensions.clone(),
            values,
            cells,
        }
    }

    /// The cells of a segment that is given by names.
    pub fn inside<'a>(
        &'a self,
        segment: &'a BTreeMap<String, String>,
    ) -> impl Iterator<Item = &'a Cell> {
        let named = move |cell: &&Cell| {
            let values = self.dimensions.iter().zip(&self.values).zip(&cell.codes);
            let mut known = values.filter_map(|((name, values), code)| {
                Some((segment.get(name)?, &values[*code as usize]))
            });
            known.all(|(wanted, value)| wanted == value)
        };
        self.cells.iter().filter(named)
    }

    /// Whether more than half of the base's opportunities became events.
    pub fn mostly_events(&self) -> bool {
        let missed: f64 = self
            .cells
            .iter()
            .map(|cell| cell.base_n - 2.0 * cell.base_k)
            .sum();
        missed < 0.0
    }

    /// The same cube with the opportunities counted that did not become events.
    pub fn turned(&self) -> Self {
        let turn = |cell: &Cell| Cell {
            base_k: (cell.base_n - cell.base_k).max(0.0),
            k: (cell.n - cell.k).max(0.0),
            ..cell.clone()
        };
        Self {
            cells: self.cells.iter().map(turn).collect(),
            ..self.clone()
        }
    }
}

/// The values in order without repeats, and for each old position the new one.
fn sorted(values: &[String]) -> (Vec<String>, Vec<u32>) {
    let mut order = values.to_vec();
    order.sort();
    order.dedup();
    let place = |value: &String| {
        order
            .binary_search(value)
            .expect("every value is in its sorted list") as u32
    };
    let places = values.iter().map(place).collect();
    (order, places)
}

fn recoded(cell: &Cell, orders: &[(Vec<String>, Vec<u32>)]) -> Cell {
    let codes = cell
        .codes
        .iter()
        .zip(orders)
        .map(|(code, (_, places))| places[*code as usize])
        .collect();
    Cell {
        codes,
        ..cell.clone()
    }
}
