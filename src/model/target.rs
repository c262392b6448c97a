//! The plan: which metric, of what, over which days, and how much.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::channel::ChannelId;

/// What a plan may be of. Counts and amounts are prorated to a part of their span, rates and unit costs never are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanMetric {
    /// Sessions started.
    Sessions,
    /// Distinct clients.
    Users,
    /// Inquiries that arrived.
    Inquiries,
    /// Sales closed.
    Sales,
    /// Revenue of the sales closed.
    Revenue,
    /// Gross margin of the sales closed.
    Margin,
    /// Advertising cost.
    Spend,
    /// Clicks on ads.
    Clicks,
    /// Inquiries ÷ sessions.
    Conv1,
    /// Sales ÷ inquiries of a cohort.
    Conv2,
    /// Sales of the cohort ÷ sessions.
    Overall,
    /// Advertising cost ÷ inquiries.
    Cpl,
    /// Advertising cost ÷ sales closed.
    Cac,
    /// Advertising cost ÷ clicks.
    Cpc,
    /// Clicks ÷ impressions.
    Ctr,
    /// Revenue ÷ sales closed.
    AverageCheck,
    /// (Revenue − advertising cost) ÷ advertising cost.
    Romi,
    /// Advertising cost ÷ revenue.
    Drr,
}

/// How a plan's number is read and shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlanUnit {
    /// Whole things.
    Count,
    /// Major units of the pipeline's currency.
    Money,
    /// A share of one.
    Share,
}

/// Names of a metric in plans: its code first, then words people write, in lower case with single spaces.
type Names = &'static [&'static str];

const NAMES: [(PlanMetric, Names); 18] = [
    (
        PlanMetric::Sessions,
        &[
            "sessions",
            "visits",
            "визиты",
            "сессии",
            "посещения",
            "трафик",
        ],
    ),
    (
        PlanMetric::Users,
        &["users", "visitors", "посетители", "пользователи"],
    ),
    (
        PlanMetric::Inquiries,
        &["inquiries", "leads", "обращения", "заявки", "лиды"],
    ),
    (
        PlanMetric::Sales,
        &["sales", "deals", "продажи", "сделки", "оплаты"],
    ),
    (PlanMetric::Revenue, &["revenue", "выручка", "оборот"]),
    (
        PlanMetric::Margin,
        &[
            "margin",
            "gross margin",
            "маржа",
            "валовая маржа",
            "валовая прибыль",
        ],
    ),
    (
        PlanMetric::Spend,
        &[
            "spend",
            "cost",
            "budget",
            "расход",
            "расходы",
            "бюджет",
            "затраты",
        ],
    ),
    (PlanMetric::Clicks, &["clicks", "клики"]),
    (
        PlanMetric::Conv1,
        &[
            "conv1",
            "первая конверсия",
            "конверсия 1",
            "конверсия в обращение",
            "конверсия в заявку",
        ],
    ),
    (
        PlanMetric::Conv2,
        &[
            "conv2",
            "вторая конверсия",
            "конверсия 2",
            "конверсия в продажу",
        ],
    ),
    (
        PlanMetric::Overall,
        &["overall", "сквозная конверсия", "общая конверсия"],
    ),
    (
        PlanMetric::Cpl,
        &[
            "cpl",
            "cost per lead",
            "цена обращения",
            "стоимость обращения",
            "цена заявки",
            "стоимость заявки",
            "цена лида",
            "стоимость лида",
        ],
    ),
    (
        PlanMetric::Cac,
        &[
            "cac",
            "цена продажи",
            "стоимость продажи",
            "стоимость привлечения",
            "цена клиента",
            "стоимость клиента",
        ],
    ),
    (PlanMetric::Cpc, &["cpc", "цена клика", "стоимость клика"]),
    (PlanMetric::Ctr, &["ctr", "кликабельность"]),
    (
        PlanMetric::AverageCheck,
        &["average check", "average_check", "aov", "средний чек"],
    ),
    (PlanMetric::Romi, &["romi", "roi", "окупаемость рекламы"]),
    (
        PlanMetric::Drr,
        &["drr", "acos", "дрр", "доля рекламных расходов"],
    ),
];

impl PlanMetric {
    /// The name in exports of the plan and in `digest.json`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Sessions => "sessions",
            Self::Users => "users",
            Self::Inquiries => "inquiries",
            Self::Sales => "sales",
            Self::Revenue => "revenue",
            Self::Margin => "margin",
            Self::Spend => "spend",
            Self::Clicks => "clicks",
            Self::Conv1 => "conv1",
            Self::Conv2 => "conv2",
            Self::Overall => "overall",
            Self::Cpl => "cpl",
            Self::Cac => "cac",
            Self::Cpc => "cpc",
            Self::Ctr => "ctr",
            Self::AverageCheck => "average_check",
            Self::Romi => "romi",
            Self::Drr => "drr",
        }
    }

    /// The metric of a code or of a word that people use for it: case, `ё`, underscores and a unit behind a comma do not
    /// matter.
    pub fn parse(text: &str) -> Option<Self> {
        let word = plain(text);
        let means = |names: Names| names.iter().any(|name| plain(name) == word);
        let found = NAMES.iter().find(|(_, names)| means(names));
        found.map(|(metric, _)| *metric)
    }

    /// Whether a part of the span has a part of the value: true of counts and amounts.
    pub fn is_prorated(self) -> bool {
        matches!(
            self,
            Self::Sessions
                | Self::Users
                | Self::Inquiries
                | Self::Sales
                | Self::Revenue
                | Self::Margin
                | Self::Spend
                | Self::Clicks
        )
    }

    /// Whether less is better; `None` where neither is.
    pub fn less_is_better(self) -> Option<bool> {
        match self {
            Self::Spend | Self::Clicks => None,
            Self::Cpl | Self::Cac | Self::Cpc | Self::Drr => Some(true),
            _ => Some(false),
        }
    }

    /// How its number is read and shown.
    pub fn unit(self) -> PlanUnit {
        match self {
            Self::Sessions | Self::Users | Self::Inquiries | Self::Sales | Self::Clicks => {
                PlanUnit::Count
            }
            Self::Revenue
            | Self::Margin
            | Self::Spend
            | Self::Cpl
            | Self::Cac
            | Self::Cpc
            | Self::AverageCheck => PlanUnit::Money,
            Self::Conv1 | Self::Conv2 | Self::Overall | Self::Ctr | Self::Romi | Self::Drr => {
                PlanUnit::Share
            }
        }
    }
}

/// Lower case, `е` for `ё`, single spaces, nothing behind a comma or bracket: `Выручка, ₽` is `выручка`.
fn plain(text: &str) -> String {
    let before = text.split([',', '(']).next().unwrap_or_default();
    let lower = before
        .to_lowercase()
        .replace('ё', "е")
        .replace(['_', '-', '\u{a0}'], " ");
    let words: Vec<&str> = lower.split_whitespace().collect();
    words.join(" ")
}

/// Whose numbers a plan is set against.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanScope {
    /// All channels together.
    Total,
    /// One channel.
    Channel(ChannelId),
    /// The deals that one manager is in charge of; the name in lower case.
    Manager(String),
}

/// What stands before a manager's name where a plan names a channel.
const MANAGER: [&str; 2] = ["manager:", "менеджер:"];

/// Words for all channels together.
const ALL: [&str; 5] = ["total", "всего", "итого", "все каналы", "все"];

impl PlanScope {
    /// Reads the column `channel` of a plan: `total`, a channel's id, or `manager:` with a name behind it.
    pub fn parse(text: &str) -> Self {
        let lower = text.trim().to_lowercase();
        if ALL.contains(&lower.as_str()) {
            return Self::Total;
        }
        let manager = MANAGER.iter().find_map(|mark| lower.strip_prefix(mark));
        match manager {
            Some(name) => Self::Manager(name.trim().to_owned()),
            None => Self::Channel(ChannelId::new(lower)),
        }
    }
}

/// One value of the plan over a span of days.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// Whose numbers.
    pub scope: PlanScope,
    /// Which number.
    pub metric: PlanMetric,
    /// How much over the whole span: things, major units of money, or a share of one.
    pub value: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_is_found_by_each_of_its_names() {
        for (metric, names) in NAMES {
            assert_eq!(PlanMetric::parse(metric.code()), Some(metric));
            let written = serde_json::to_value(metric).expect("a name");
            assert_eq!(written, metric.code());
            for name in names {
                assert_eq!(
                    PlanMetric::parse(&name.to_uppercase()),
                    Some(metric),
                    "{name}"
                );
            }
        }
        assert_eq!(PlanMetric::parse("Выручка, ₽"), Some(PlanMetric::Revenue));
        assert_eq!(
            PlanMetric::parse("Средний_чек"),
            Some(PlanMetric::AverageCheck)
        );
        assert_eq!(PlanMetric::parse("прибыль на квадратный метр"), None);
    }

    #[test]
    fn a_plan_is_of_all_of_a_channel_or_of_a_manager() {
        assert_eq!(PlanScope::parse(" Итого "), PlanScope::Total);
        let channel = PlanScope::Channel(ChannelId::new("vk-ads"));
        assert_eq!(PlanScope::parse("vk-ads"), channel);
        let manager = PlanScope::Manager("анна петрова".to_owned());
        assert_eq!(PlanScope::parse("Менеджер: Анна Петрова"), manager);
    }
}
