//! What a CRM tells: deals, the changes of their stages, and what customers answer to surveys.

use super::{ATTRIBUTES, ColumnKind, Replace, TableSchema, may, must};
use crate::model::more_keys::MORE_KEYS;

/// CRM deals and leads, one row a deal.
pub const DEALS: TableSchema = TableSchema {
    name: "deals",
    fields: &[
        must("deal_id", ColumnKind::Text),
        must("created_at", ColumnKind::Time),
        must("day", ColumnKind::Day),
        may("updated_at", ColumnKind::Time),
        may("closed_at", ColumnKind::Time),
        may("planned_close_at", ColumnKind::Time),
        may("stage_changed_at", ColumnKind::Time),
        may("first_response_at", ColumnKind::Time),
        may("pipeline", ColumnKind::Text),
        must("stage", ColumnKind::Text),
        may("status", ColumnKind::Text),
        may("is_won", ColumnKind::Flag),
        may("is_lost", ColumnKind::Flag),
        may("is_closed", ColumnKind::Flag),
        may("is_deleted", ColumnKind::Flag),
        may("amount", ColumnKind::Money),
        may("refund", ColumnKind::Money),
        may("refunded_at", ColumnKind::Time),
        may("cost", ColumnKind::Money),
        may("currency", ColumnKind::Text),
        may("manager", ColumnKind::Text),
        may("phone", ColumnKind::Key),
        may("email", ColumnKind::Key),
        may("client", ColumnKind::Key),
        may("crm_contact", ColumnKind::Key),
        may(MORE_KEYS, ColumnKind::Text),
        may("lead_source", ColumnKind::Text),
        may("loss_reason", ColumnKind::Text),
        may("utm_source", ColumnKind::Text),
        may("utm_medium", ColumnKind::Text),
        may("utm_campaign", ColumnKind::Text),
        may("spam", ColumnKind::Flag),
        may(ATTRIBUTES, ColumnKind::Text),
    ],
    key: &["deal_id"],
    replace: Replace::Row,
    time: Some("created_at"),
    day: "day",
    version: Some("updated_at"),
};

/// Changes of stages of deals, one row a change.
pub const DEAL_STAGES: TableSchema = TableSchema {
    name: "deal_stages",
    fields: &[
        must("deal_id", ColumnKind::Text),
        must("at", ColumnKind::Time),
        must("day", ColumnKind::Day),
        may("pipeline", ColumnKind::Text),
        may("stage_from", ColumnKind::Text),
        must("stage_to", ColumnKind::Text),
        may("manager", ColumnKind::Text),
    ],
    key: &["deal_id", "at", "stage_to"],
    replace: Replace::Row,
    time: Some("at"),
    day: "day",
    version: None,
};

/// Answers of customers to surveys, one row an answer.
pub const SURVEYS: TableSchema = TableSchema {
    name: "surveys",
    fields: &[
        must("answer_id", ColumnKind::Text),
        must("at", ColumnKind::Time),
        must("day", ColumnKind::Day),
        must("score", ColumnKind::Milli),
        may("scale", ColumnKind::Text),
        may("manager", ColumnKind::Text),
        may("deal_id", ColumnKind::Text),
        may("phone", ColumnKind::Key),
        may("email", ColumnKind::Key),
        may("utm_source", ColumnKind::Text),
        may("utm_medium", ColumnKind::Text),
        may("utm_campaign", ColumnKind::Text),
    ],
    key: &["answer_id"],
    replace: Replace::Row,
    time: Some("at"),
    day: "day",
    version: None,
};
