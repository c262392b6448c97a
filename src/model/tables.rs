//! Table schemas of the lake: what each column means and which columns identify a row.

/// The type of a column, as kept in memory during ingest and as written to parquet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
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
    pub kind: Kind,
    /// A row without it is a reject.
    pub required: bool,
}

/// How rows with the same key replace each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replace {
    /// One row per key: the later version wins.
    Row,
    /// Several rows may share a key inside one file and are added up; a later file's rows replace an earlier file's.
    Group,
}

/// One table of the lake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
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

const fn must(name: &'static str, kind: Kind) -> Field {
    Field {
        name,
        kind,
        required: true,
    }
}

const fn may(name: &'static str, kind: Kind) -> Field {
    Field {
        name,
        kind,
        required: false,
    }
}

impl Table {
    /// Position of a column.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }

    /// The table of that name.
    pub fn named(name: &str) -> Option<&'static Self> {
        TABLES.iter().copied().find(|table| table.name == name)
    }
}

/// All tables that exports can feed.
pub const TABLES: &[&Table] = &[
    &SESSIONS,
    &TRAFFIC_DAILY,
    &CALLS,
    &CLIENT_LINKS,
    &FORMS,
    &DEALS,
    &COSTS,
    &TARGETS,
    &ANNOTATIONS,
    &CALENDAR,
];

/// Sessions of the web analytics, one row a visit.
pub const SESSIONS: Table = Table {
    name: "sessions",
    fields: &[
        must("session_id", Kind::Key),
        may("client", Kind::Key),
        must("start_at", Kind::Time),
        must("day", Kind::Day),
        may("origin", Kind::Count),
        may("is_new", Kind::Flag),
        may("page_views", Kind::Count),
        may("duration_s", Kind::Count),
        may("bounce", Kind::Flag),
        may("landing", Kind::Text),
        may("exit", Kind::Text),
        may("goals", Kind::Text),
        may("traffic_type", Kind::Text),
        may("engine", Kind::Text),
        may("utm_source", Kind::Text),
        may("utm_medium", Kind::Text),
        may("utm_campaign", Kind::Text),
        may("utm_content", Kind::Text),
        may("utm_term", Kind::Text),
        may("referrer_host", Kind::Text),
        may("country", Kind::Text),
        may("city", Kind::Text),
        may("device", Kind::Text),
        may("os", Kind::Text),
        may("browser", Kind::Text),
    ],
    key: &["session_id"],
    replace: Replace::Row,
    time: Some("start_at"),
    day: "day",
    version: None,
};

/// Traffic totals of exports that carry no single sessions; a row covers `from_day` to `day`.
pub const TRAFFIC_DAILY: Table = Table {
    name: "traffic_daily",
    fields: &[
        must("from_day", Kind::Day),
        must("day", Kind::Day),
        may("group", Kind::Text),
        may("utm_source", Kind::Text),
        may("utm_medium", Kind::Text),
        may("utm_campaign", Kind::Text),
        must("sessions", Kind::Count),
        may("users", Kind::Count),
    ],
    key: &[
        "from_day",
        "day",
        "group",
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
pub const CALLS: Table = Table {
    name: "calls",
    fields: &[
        must("call_id", Kind::Text),
        must("at", Kind::Time),
        must("day", Kind::Day),
        must("direction", Kind::Text),
        may("phone", Kind::Key),
        may("client", Kind::Key),
        may("line", Kind::Text),
        may("trunk", Kind::Text),
        must("answered", Kind::Flag),
        may("talk_s", Kind::Count),
        may("wait_s", Kind::Count),
        may("disposition", Kind::Text),
        may("operator", Kind::Text),
        may("utm_source", Kind::Text),
        may("utm_medium", Kind::Text),
        may("utm_campaign", Kind::Text),
        may("spam", Kind::Flag),
    ],
    key: &["call_id"],
    replace: Replace::Row,
    time: Some("at"),
    day: "day",
    version: None,
};

/// Call-tracking links: which analytics client dialled a line.
pub const CLIENT_LINKS: Table = Table {
    name: "client_links",
    fields: &[
        must("at", Kind::Time),
        must("day", Kind::Day),
        must("phone", Kind::Key),
        must("client", Kind::Key),
        may("line", Kind::Text),
        may("call_id", Kind::Text),
        may("landing", Kind::Text),
        may("utm_source", Kind::Text),
        may("utm_medium", Kind::Text),
        may("utm_campaign", Kind::Text),
    ],
    key: &["at", "phone", "client"],
    replace: Replace::Row,
    time: Some("at"),
    day: "day",
    version: None,
};

/// Site forms, one row a submission.
pub const FORMS: Table = Table {
    name: "forms",
    fields: &[
        may("form_id", Kind::Text),
        must("at", Kind::Time),
        must("day", Kind::Day),
        may("form", Kind::Text),
        may("page", Kind::Text),
        may("phone", Kind::Key),
        may("email", Kind::Key),
        may("client", Kind::Key),
        may("device", Kind::Text),
        may("utm_source", Kind::Text),
        may("utm_medium", Kind::Text),
        may("utm_campaign", Kind::Text),
        may("spam", Kind::Flag),
    ],
    key: &["form_id", "at", "phone", "email", "form"],
    replace: Replace::Row,
    time: Some("at"),
    day: "day",
    version: None,
};

/// CRM deals and leads, one row a deal.
pub const DEALS: Table = Table {
    name: "deals",
    fields: &[
        must("deal_id", Kind::Text),
        must("created_at", Kind::Time),
        must("day", Kind::Day),
        may("updated_at", Kind::Time),
        may("closed_at", Kind::Time),
        may("first_response_at", Kind::Time),
        may("pipeline", Kind::Text),
        must("stage", Kind::Text),
        may("status", Kind::Text),
        may("amount", Kind::Money),
        may("currency", Kind::Text),
        may("manager", Kind::Text),
        may("phone", Kind::Key),
        may("email", Kind::Key),
        may("client", Kind::Key),
        may("crm_contact", Kind::Key),
        may("lead_source", Kind::Text),
        may("loss_reason", Kind::Text),
        may("utm_source", Kind::Text),
        may("utm_medium", Kind::Text),
        may("utm_campaign", Kind::Text),
        may("spam", Kind::Flag),
    ],
    key: &["deal_id"],
    replace: Replace::Row,
    time: Some("created_at"),
    day: "day",
    version: Some("updated_at"),
};

/// Advertising costs by day and campaign; a row covers `from_day` to `day`.
pub const COSTS: Table = Table {
    name: "costs",
    fields: &[
        must("from_day", Kind::Day),
        must("day", Kind::Day),
        may("engine", Kind::Text),
        may("campaign", Kind::Text),
        may("campaign_id", Kind::Text),
        may("placement", Kind::Text),
        may("utm_source", Kind::Text),
        may("utm_medium", Kind::Text),
        may("impressions", Kind::Count),
        may("clicks", Kind::Count),
        must("cost", Kind::Money),
        may("currency", Kind::Text),
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
    ],
    replace: Replace::Group,
    time: None,
    day: "day",
    version: None,
};

/// Plan values by period, channel and metric.
pub const TARGETS: Table = Table {
    name: "targets",
    fields: &[
        must("from_day", Kind::Day),
        must("day", Kind::Day),
        must("channel", Kind::Text),
        must("metric", Kind::Text),
        must("value", Kind::Milli),
    ],
    key: &["from_day", "day", "channel", "metric"],
    replace: Replace::Row,
    time: None,
    day: "day",
    version: None,
};

/// What people wrote down: releases, campaign changes, new prices.
pub const ANNOTATIONS: Table = Table {
    name: "annotations",
    fields: &[
        must("at", Kind::Time),
        must("day", Kind::Day),
        may("until", Kind::Time),
        must("kind", Kind::Text),
        may("scope", Kind::Text),
        must("title", Kind::Text),
    ],
    key: &["at", "kind", "title"],
    replace: Replace::Row,
    time: Some("at"),
    day: "day",
    version: None,
};

/// Days that differ from the shipped calendar: days off of one's own, worked weekends.
pub const CALENDAR: Table = Table {
    name: "calendar",
    fields: &[
        must("day", Kind::Day),
        must("kind", Kind::Text),
        may("name", Kind::Text),
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
mod tests {
    use super::*;

    #[test]
    fn every_named_column_exists() {
        for table in TABLES {
            let named = table
                .key
                .iter()
                .copied()
                .chain([table.day])
                .chain(table.time)
                .chain(table.version);
            for name in named {
                assert!(table.position(name).is_some(), "{}.{name}", table.name);
            }
        }
        assert!(
            ORIGIN_FIELDS
                .iter()
                .all(|name| SESSIONS.position(name).is_some())
        );
    }
}
