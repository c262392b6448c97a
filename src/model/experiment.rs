//! Experiments (A/B tests): what tells their variants apart, and what was counted of each.

use chrono::NaiveDate;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::attributes::{self, AttributeName};

/// What tells the variants of an experiment apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExperimentDimension {
    /// Landing page of the session.
    Landing,
    /// UTM content of the session.
    UtmContent,
    /// UTM campaign of the session.
    UtmCampaign,
    /// An attribute of the session.
    Attribute(AttributeName),
}

impl ExperimentDimension {
    /// The column of the table of sessions.
    pub fn column(self) -> &'static str {
        match self {
            Self::Landing => "landing",
            Self::UtmContent => "utm_content",
            Self::UtmCampaign => "utm_campaign",
            Self::Attribute(_) => "attributes",
        }
    }

    /// The value in a text of that column; absent where a session lacks the attribute.
    pub fn value(self, text: &str) -> Option<&str> {
        match self {
            Self::Landing | Self::UtmContent | Self::UtmCampaign => Some(text),
            Self::Attribute(name) => {
                let mut all = attributes::read(text);
                all.find_map(|(of, value)| (of == name).then_some(value))
            }
        }
    }

    /// As the pipeline and `digest.json` name it.
    fn name(self) -> String {
        match self {
            Self::Attribute(name) => format!("{}{name}", attributes::PREFIX),
            of_column => of_column.column().to_owned(),
        }
    }

    fn named(name: &str) -> Option<Self> {
        let columns = [Self::Landing, Self::UtmContent, Self::UtmCampaign];
        let of_column = columns.into_iter().find(|one| one.column() == name);
        of_column.or_else(|| AttributeName::of_column(name).map(Self::Attribute))
    }
}

impl Serialize for ExperimentDimension {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.name())
    }
}

impl<'de> Deserialize<'de> for ExperimentDimension {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let name = String::deserialize(from)?;
        Self::named(&name).ok_or_else(|| {
            D::Error::custom(format!(
                "unknown dimension \"{name}\", expected landing, utm_content, utm_campaign or an attribute such as \
                 attribute.variant"
            ))
        })
    }
}

/// What an experiment is judged by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExperimentMetric {
    /// Inquiries that are traced to a session of the variant, ÷ its sessions.
    Inquiries,
    /// Sessions that reached one of the experiment's goals, ÷ all of the variant.
    Goal,
}

/// What was counted of one variant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct VariantCounts {
    /// Its sessions.
    pub sessions: u64,
    /// Distinct clients of these sessions.
    pub users: u64,
    /// Inquiries or sessions with the goal.
    pub conversions: u64,
}

/// What was counted of an experiment up to a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExperimentCounts {
    /// The experiment's name in the pipeline.
    pub name: String,
    /// The last day that is counted.
    pub to: NaiveDate,
    /// Variants in the pipeline's order, the control first.
    pub variants: Vec<VariantCounts>,
    /// Clients that had sessions of more than one variant.
    pub crossed: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> Result<ExperimentDimension, serde_json::Error> {
        serde_json::from_value(serde_json::Value::from(name))
    }

    #[test]
    fn an_attribute_is_a_dimension_and_its_value_is_taken_out_of_the_text() {
        let variant = named("attribute.variant").expect("a dimension");
        let text = "age=25-34;variant=короткая форма";
        assert_eq!(variant.value(text), Some("короткая форма"));
        assert_eq!(variant.value("age=25-34"), None);
        assert_eq!(
            serde_json::to_value(variant).expect("a text"),
            "attribute.variant"
        );
        let landing = named("landing").expect("a dimension");
        assert_eq!(landing.value("/order"), Some("/order"));
        for bad in ["attributes", "attribute.", "attribute.Variant", "colour"] {
            assert!(named(bad).is_err(), "{bad}");
        }
    }
}
