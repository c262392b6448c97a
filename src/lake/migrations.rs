//! Changes of the catalog's schema.

/// Schema changes in order; `user_version` counts those applied.
pub(super) const MIGRATIONS: &[&str] = &[
    include_str!("migrations/1-lake.sql"),
    include_str!("migrations/2-delivery.sql"),
    include_str!("migrations/3-reported.sql"),
    include_str!("migrations/4-due.sql"),
    include_str!("migrations/5-nameless.sql"),
    include_str!("migrations/6-schedule.sql"),
    include_str!("migrations/7-outbox.sql"),
    include_str!("migrations/8-vacuum.sql"),
    include_str!("migrations/9-stages.sql"),
    include_str!("migrations/10-seen.sql"),
    include_str!("migrations/11-answers.sql"),
    include_str!("migrations/12-incoming.sql"),
    include_str!("migrations/13-hooks.sql"),
    include_str!("migrations/14-conclusions.sql"),
    include_str!("migrations/15-ahead.sql"),
    include_str!("migrations/16-cube.sql"),
    include_str!("migrations/17-kept.sql"),
    include_str!("migrations/18-cpu.sql"),
    include_str!("migrations/19-stamp.sql"),
    include_str!("migrations/20-remarks.sql"),
];

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;

    #[test]
    fn every_table_and_column_of_the_catalog_is_described() {
        let page = include_str!("../../docs/ARCHITECTURE.md");
        let catalog = Connection::open_in_memory().expect("a database in memory");
        for migration in MIGRATIONS {
            catalog.execute_batch(migration).expect("a migration");
        }
        let sql = "SELECT tables.name, columns.name FROM sqlite_master AS tables, \
                   pragma_table_info(tables.name) AS columns WHERE tables.type = 'table'";
        let mut columns = catalog.prepare(sql).expect("a statement");
        let columns = columns.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
        let columns: Vec<(String, String)> = columns
            .and_then(Iterator::collect)
            .expect("the columns of the catalog");
        assert!(!columns.is_empty());
        for (table, column) in columns {
            let row = page
                .lines()
                .find(|line| line.starts_with(&format!("| `{table}` |")));
            let is_named = row.is_some_and(|row| row.contains(&format!("`{column}`")));
            assert!(
                is_named,
                "docs/ARCHITECTURE.md says nothing of {table}.{column}"
            );
        }
    }
}
