//! Which kinds of rows reach into a period: what does not is unknown in it, not zero.

use super::sources::ExportRows;
use crate::config::Plan;
use crate::model::period::Period;
use crate::model::table::Table;

/// Which kinds of rows reach into a period.
pub(super) struct Reaching {
    /// Contacts.
    pub contacts: bool,
    /// Deals.
    pub deals: bool,
}

/// What [`super::sources::states`] come to, of the exports that a plan's readers see.
pub(super) fn reaching(exports: &[ExportRows], plan: &Plan, period: &Period) -> Reaching {
    let is_seen = |table: &Table| plan.view.rows.is_told_by(*table);
    let with_rows = exports.iter().filter(|export| export.reaches(period));
    let mut reaching = Reaching {
        contacts: false,
        deals: false,
    };
    for export in with_rows {
        let Some(table) = export.table.filter(is_seen) else {
            continue;
        };
        reaching.deals |= table == Table::Deals;
        reaching.contacts |= is_of_contacts(table, &export.name, plan);
    }
    reaching
}

/// Whether the rows of an export are contacts.
pub(super) fn is_of_contacts(table: Table, name: &str, plan: &Plan) -> bool {
    let of_plan = || {
        plan.exports
            .iter()
            .any(|export| export.name == name && export.is_contact)
    };
    match table {
        Table::Calls | Table::Forms => true,
        Table::Deals => of_plan(),
        _ => false,
    }
}
