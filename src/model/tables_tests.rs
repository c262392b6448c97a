use super::*;
use crate::model::table::Table;

#[test]
fn every_named_column_exists() {
    for table in Table::ALL.map(Table::schema) {
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
