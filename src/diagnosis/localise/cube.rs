//! A table of counts by dimensions, and its canonical form.

use std::cmp::Ordering;
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
        let orders: Vec<Order> = self.values.iter().map(|values| Order::of(values)).collect();
        let mut cells: Vec<Cell> = self
            .cells
            .iter()
            .map(|cell| recoded(cell, &orders))
            .collect();
        // By their counts as well: sums of fractions in another order may differ in the last bit.
        cells.sort_by(|one, other| {
            let by_codes = one.codes.cmp(&other.codes);
            by_codes.then_with(|| by_counts(one, other))
        });
        cells.dedup_by(|next, kept| {
            let is_same = next.codes == kept.codes;
            if is_same {
                kept.add(next);
            }
            is_same
        });
        Self {
            dimensions: self.dimensions.clone(),
            values: orders.into_iter().map(|order| order.values).collect(),
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

impl Cell {
    fn counts(&self) -> [f64; 4] {
        [self.base_n, self.base_k, self.n, self.k]
    }

    fn add(&mut self, other: &Self) {
        self.base_n += other.base_n;
        self.base_k += other.base_k;
        self.n += other.n;
        self.k += other.k;
    }
}

fn by_counts(one: &Cell, other: &Cell) -> Ordering {
    let pairs = one.counts().into_iter().zip(other.counts());
    let mut orders = pairs.map(|(one, other)| one.total_cmp(&other));
    orders
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
}

/// The values of a dimension in order.
struct Order {
    /// Without repeats.
    values: Vec<String>,
    /// For each old position the new one.
    places: Vec<u32>,
}

impl Order {
    fn of(values: &[String]) -> Self {
        let mut sorted = values.to_vec();
        sorted.sort();
        sorted.dedup();
        let place = |value: &String| {
            let place = sorted.binary_search(value);
            place.expect("every value is in its sorted list") as u32
        };
        Self {
            places: values.iter().map(place).collect(),
            values: sorted,
        }
    }
}

fn recoded(cell: &Cell, orders: &[Order]) -> Cell {
    let pairs = cell.codes.iter().zip(orders);
    Cell {
        codes: pairs
            .map(|(code, order)| order.places[*code as usize])
            .collect(),
        ..cell.clone()
    }
}
