//! Texts to codes: 0 is "not known", the order of codes depends on the texts alone.

use std::collections::HashMap;

use crate::model::observations::{Code, Dimension, Names, OTHER};

/// A fixed list of texts with their codes.
pub(super) struct Coder {
    texts: Vec<String>,
    codes: HashMap<String, Code>,
}

impl Coder {
    /// Codes for every text, in their order; an empty one is 0.
    pub(super) fn fixed<'t>(texts: impl Iterator<Item = &'t str>) -> Self {
        let mut texts: Vec<String> = texts.map(str::to_owned).collect();
        texts.push(String::new());
        texts.sort();
        texts.dedup();
        Self::listed(texts)
    }

    /// Codes for the largest texts by their counts, the rest is [`OTHER`].
    pub(super) fn largest(counts: &HashMap<String, u64>, most: usize) -> Self {
        let mut known: Vec<(&String, &u64)> =
            counts.iter().filter(|(text, _)| !text.is_empty()).collect();
        known.sort_by(|left, right| right.1.cmp(left.1).then(left.0.cmp(right.0)));
        let has_rest = known.len() > most;
        let mut texts = vec![String::new()];
        texts.extend(known.into_iter().take(most).map(|(text, _)| text.clone()));
        if has_rest {
            texts.push(OTHER.to_owned());
        }
        Self::listed(texts)
    }

    /// The same codes, and further ones for texts that have none.
    pub(super) fn and(self, more: impl Iterator<Item = String>) -> Self {
        let mut texts = self.texts;
        for text in more {
            if !text.is_empty() && !texts.contains(&text) {
                texts.push(text);
            }
        }
        Self::listed(texts)
    }

    /// The same codes, but that some texts take the code of another: that of the text which `as_of` names for them.
    pub(super) fn pooled(mut self, as_of: impl Fn(&Self, &str) -> Option<Code>) -> Self {
        let taken = self.texts.iter();
        let taken = taken.filter_map(|text| Some((text.clone(), as_of(&self, text)?)));
        let taken: Vec<(String, Code)> = taken.collect();
        self.codes.extend(taken);
        self
    }

    /// The texts in the order of their codes.
    pub(super) fn texts(&self) -> &[String] {
        &self.texts
    }

    /// The code of a text that has one of its own.
    pub(super) fn known(&self, text: &str) -> Option<Code> {
        self.codes.get(text).copied()
    }

    fn listed(texts: Vec<String>) -> Self {
        let code = |(at, text): (usize, &String)| Some((text.clone(), Code::try_from(at).ok()?));
        let codes = texts.iter().enumerate().filter_map(code).collect();
        Self { texts, codes }
    }

    /// The code of a text; that of [`OTHER`], where there is one, when it is not among the largest.
    pub(super) fn code(&self, text: &str) -> Code {
        if text.is_empty() {
            return 0;
        }
        self.codes
            .get(text)
            .or_else(|| self.codes.get(OTHER))
            .copied()
            .unwrap_or(0)
    }

    /// Puts the list into the names of a dimension.
    pub(super) fn put(&self, dimension: Dimension, names: &mut Names) {
        names.set(dimension, self.texts.clone());
    }
}

impl Default for Coder {
    fn default() -> Self {
        Self::listed(vec![String::new()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_values_are_gathered_and_the_order_is_that_of_size() {
        let counts = HashMap::from(
            [("a", 1), ("b", 9), ("c", 5), ("", 50)].map(|(text, n)| (text.to_owned(), n)),
        );
        let coder = Coder::largest(&counts, 2);
        assert_eq!(
            ["b", "c", "a", ""].map(|text| coder.code(text)),
            [1, 2, 3, 0]
        );
        assert_eq!(coder.texts, ["", "b", "c", OTHER]);
    }
}
