//! Table schemas of the lake: what each column means and which columns identify a row.

mod crm;

pub use self::crm::{DEAL_STAGES, DEALS, SURVEYS};
use super::more_keys::MORE_KEYS;

/// The type of a column, as kept in memory during ingest and as written to parquet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ColumnKind {
    /// Dictionary-coded text; absent is null.
    Text,
    /// 64-bit identifier or keyed hash (`UInt64`); 0 is null.
    Key,
    /// Count or seconds (`UInt32`).
    Count,
    /// Amount in minor units (`Int64`).
    Money,
    /// Number that is none of the above, in thousandths (`Int64`): plan values.
    Milli,
    /// Instant, UTC, milliseconds (`Datetime[ms, UTC]`).
    Time,
    /// Calendar day in the pipeline's zone (`Date`).
    Day,
    /// Yes or no (`Boolean`).
    Flag,
}

/// One column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Column name in the lake.
    pub name: &'static str,
    /// Its type.
    pub kind: ColumnKind,
    /// A row without it is a reject.
    pub required: bool,
}

/// How rows with the same key replace each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replace {
    /// One row per key: the later version wins.
    Row,
    /// Totals: several rows may share a key inside one file and are added up; of files that tell the same days in two ways
    /// the newer replaces the older. Such a table has the columns `breakdown` and `telling`.
    Group,
}

/// One table of the lake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableSchema {
    /// Folder name in the lake.
    pub name: &'static str,
    /// Columns in the order in which they are written.
    pub fields: &'static [Field],
    /// Columns that identify a row inside one export.
    pub key: &'static [&'static str],
    /// Whether one or several rows may share a key.
    pub replace: Replace,
    /// The instant that dates the row; `None` when the table carries days only.
    pub time: Option<&'static str>,
    /// The day that gives the row its month partition.
    pub day: &'static str,
    /// The column that says which of two versions of a row is newer.
    pub version: Option<&'static str>,
}

const fn must(name: &'static str, kind: ColumnKind) -> Field {
    Field {
        name,
        kind,
        required: true,
    }
}

const fn may(name: &'static str, kind: ColumnKind) -> Field {
    Field {
        name,
        kind,
        required: false,
    }
}

impl TableSchema {
    /// Position of a column.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }
}

/// The column of what a format names of a row beside the table's own columns: gender, network, payment, branch. How it is
/// written: [`crate::model::attributes`].
pub const ATTRIBUTES: &str = "attributes";

/// Sessions of the web analytics, one row a visit.
pub const SESSIONS: TableSchema = TableSchema {
    name: "sessions",
    fields: &[
        must("session_id", ColumnKind::Key),
        may("client", ColumnKind::Key),
        must("start_at", ColumnKind::Time),
        must("day", ColumnKind::Day),
        may("origin", ColumnKind::Count),
        may("is_new", ColumnKind::Flag),
        may("page_views", ColumnKind::Count),
        may("duration_s", ColumnKind::Count),
        may("bounce", ColumnKind::Flag),
        may("landing", ColumnKind::Text),
        may("exit", ColumnKind::Text),
        may("goals", ColumnKind::Text),
        may("traffic_type", ColumnKind::Text),
        may("engine", ColumnKind::Text),
        may("utm_source", ColumnKind::Text),
        may("utm_medium", ColumnKind::Text),
        may("utm_campaign", ColumnKind::Text),
        may("utm_content", ColumnKind::Text),
        may("utm_term", ColumnKind::Text),
        may("referrer_host", ColumnKind::Text),
        may("country", ColumnKind::Text),
        may("city", ColumnKind::Text),
        may("device", ColumnKind::Text),
        may("os", ColumnKind::Text),
        may("browser", ColumnKind::Text),
        may(ATTRIBUTES, ColumnKind::Text),
    ],
    key: &["session_id"],
    replace: Replace::Row,
    time: Some("start_at"),
    day: "day",
    version: None,
};

/// Traffic totals of exports that carry no single sessions; a row covers `from_day` to `day`. `breakdown` is by what the file
/// breaks its totals down, `telling` which file it was.
pub const TRAFFIC_DAILY: TableSchema = TableSchema {
    name: "traffic_daily",
    fields: &[
        must("from_day", ColumnKind::Day),
        must("day", ColumnKind::Day),
        may("group", ColumnKind::Text),
        may("traffic_type", ColumnKind::Text),
        may("engine", ColumnKind::Text),
        may("utm_source", ColumnKind::Text),
        may("utm_medium", ColumnKind::Text),
        may("utm_campaign", ColumnKind::Text),
        must("sessions", ColumnKind::Count),
        may("users", ColumnKind::Count),
        may("breakdown", ColumnKind::Text),
        may("telling", ColumnKind::Key),
    ],
    key: &[
        "from_day",
        "day",
        "group",
        "traffic_type",
        "engine",
        "utm_source",
        "utm_medium",
        "utm_campaign",
    ],
    replace: Replace::Group,
    time: None,
    day: "day",
    version: None,
};

/// Telephone calls, one row a call whatever number of legs it had.
pub const CALLS: TableSchema = TableSchema {
    name: "calls",
    fields: &[
        must("call_id", ColumnKind::Text),
        must("at", ColumnKind::Time),
        must("day", ColumnKind::Day),
        must("direction", ColumnKind::Text),
        may("phone", ColumnKind::Key),
        may("client", ColumnKind::Key),
        may("line", ColumnKind::Text),
        may("trunk", ColumnKind::Text),
        must("answered", ColumnKind::Flag),
        may("talk_s", ColumnKind::Count),
        may("wait_s", ColumnKind::Count),
        may("disposition", ColumnKind::Text),
        may("operator", ColumnKind::Text),
        may("utm_source", ColumnKind::Text),
        may("utm_medium", ColumnKind::Text),
        may("utm_campaign", ColumnKind::Text),
        may("spam", ColumnKind::Flag),
        may(ATTRIBUTES, ColumnKind::Text),
    ],
    // Telephone systems count their calls anew when they are installed again: the same id on another day is another call.
    key: &["call_id", "day"],
    replace: Replace::Row,
    time: Some("at"),
    day: "day",
    version: None,
};

/// Call-tracking links: which analytics client dialled a line.
pub const CLIENT_LINKS: TableSchema = TableSchema {
    name: "client_links",
    fields: &[
        must("at", ColumnKind::Time),
        must("day", ColumnKind::Day),
        must("phone", ColumnKind::Key),
        must("client", ColumnKind::Key),
        may("line", ColumnKind::Text),
        may("call_id", ColumnKind::Text),
        may("landing", ColumnKind::Text),
        may("utm_source", ColumnKind::Text),
        may("utm_medium", ColumnKind::Text),
        may("utm_campaign", ColumnKind::Text),
    ],
    key: &["at", "phone", "client"],
    replace: Replace::Row,
    time: Some("at"),
    day: "day",
    version: None,
};

/// Site forms, one row a submission.
pub const FORMS: TableSchema = TableSchema {
    name: "forms",
    fields: &[
        may("form_id", ColumnKind::Text),
        must("at", ColumnKind::Time),
        must("day", ColumnKind::Day),
        may("form", ColumnKind::Text),
        may("page", ColumnKind::Text),
        may("phone", ColumnKind::Key),
        may("email", ColumnKind::Key),
        may("client", ColumnKind::Key),
        may("crm_contact", ColumnKind::Key),
        may(MORE_KEYS, ColumnKind::Text),
        may("device", ColumnKind::Text),
        may("status", ColumnKind::Text),
        may("lead_source", ColumnKind::Text),
        may("utm_source", ColumnKind::Text),
        may("utm_medium", ColumnKind::Text),
        may("utm_campaign", ColumnKind::Text),
        may("spam", ColumnKind::Flag),
        may(ATTRIBUTES, ColumnKind::Text),
    ],
    key: &["form_id", "at", "phone", "email", "form"],
    replace: Replace::Row,
    time: Some("at"),
    day: "day",
    version: None,
};

/// Advertising costs by day and campaign, and by group, ad (`utm_content`) and phrase (`utm_term`) where the report has them;
/// a row covers `from_day` to `day`.
pub const COSTS: TableSchema = TableSchema {
    name: "costs",
    fields: &[
        must("from_day", ColumnKind::Day),
        must("day", ColumnKind::Day),
        may("engine", ColumnKind::Text),
        may("campaign", ColumnKind::Text),
        may("campaign_id", ColumnKind::Text),
        may("placement", ColumnKind::Text),
        may("utm_source", ColumnKind::Text),
        may("utm_medium", ColumnKind::Text),
        may("ad_group", ColumnKind::Text),
        may("utm_content", ColumnKind::Text),
        may("utm_term", ColumnKind::Text),
        may("impressions", ColumnKind::Count),
        may("clicks", ColumnKind::Count),
        must("cost", ColumnKind::Money),
        may("currency", ColumnKind::Text),
        may("breakdown", ColumnKind::Text),
        may("telling", ColumnKind::Key),
    ],
    key: &[
        "from_day",
        "day",
        "engine",
        "campaign",
        "campaign_id",
        "placement",
        "utm_source",
        "utm_medium",
        "ad_group",
        "utm_content",
        "utm_term",
    ],
    replace: Replace::Group,
    time: None,
    day: "day",
    version: None,
};

/// Plan values by period, channel and metric.
pub const TARGETS: TableSchema = TableSchema {
    name: "targets",
    fields: &[
        must("from_day", ColumnKind::Day),
        must("day", ColumnKind::Day),
        must("channel", ColumnKind::Text),
        must("metric", ColumnKind::Text),
        must("value", ColumnKind::Milli),
        may("millionths", ColumnKind::Milli),
    ],
    key: &["from_day", "day", "channel", "metric"],
    replace: Replace::Row,
    time: None,
    day: "day",
    version: None,
};

/// What people wrote down: releases, campaign changes, new prices.
pub const ANNOTATIONS: TableSchema = TableSchema {
    name: "annotations",
    fields: &[
        must("at", ColumnKind::Time),
        must("day", ColumnKind::Day),
        may("until", ColumnKind::Time),
        must("kind", ColumnKind::Text),
        may("scope", ColumnKind::Text),
        must("title", ColumnKind::Text),
    ],
    key: &["at", "kind", "title"],
    replace: Replace::Row,
    time: Some("at"),
    day: "day",
    version: None,
};

/// Days that differ from the shipped calendar: days off of one's own, worked weekends.
pub const CALENDAR: TableSchema = TableSchema {
    name: "calendar",
    fields: &[
        must("day", ColumnKind::Day),
        must("kind", ColumnKind::Text),
        may("name", ColumnKind::Text),
    ],
    key: &["day"],
    replace: Replace::Row,
    time: None,
    day: "day",
    version: None,
};

/// The columns of [`SESSIONS`] that decide the channel: their distinct combinations are the lake's origins.
pub const ORIGIN_FIELDS: &[&str] = &[
    "traffic_type",
    "engine",
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "referrer_host",
];

#[cfg(test)]
#[path = "tables_tests.rs"]
mod tests;
