//! Rows of the catalog's table of parts.

use anyhow::Result;
use rusqlite::{Connection, Transaction, params};

use super::catalog::{NewPart, Part};
use super::cube;

/// Adds the new parts of a batch.
pub(super) fn insert_parts(
    transaction: &Transaction<'_>,
    batch: i64,
    table: &str,
    export: &str,
    at: i64,
    parts: &[NewPart],
) -> Result<()> {
    let sql = "INSERT INTO parts (batch, table_name, export, month, path, rows, min_day, max_day, added_at, cube)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
    for part in parts {
        transaction.execute(
            sql,
            params![
                batch,
                table,
                export,
                part.month,
                part.path,
                part.rows,
                part.min_day,
                part.max_day,
                at,
                part.has_cube.then_some(cube::VERSION)
            ],
        )?;
    }
    Ok(())
}

/// A part, given its columns in the order of [`Part`].
pub(super) fn read_part(row: &rusqlite::Row<'_>) -> rusqlite::Result<Part> {
    Ok(Part {
        id: row.get(0)?,
        table: row.get(1)?,
        export: row.get(2)?,
        month: row.get(3)?,
        path: row.get(4)?,
        rows: row.get(5)?,
        min_day: row.get(6)?,
        max_day: row.get(7)?,
        has_cube: row.get::<_, Option<u32>>(8)? == Some(cube::VERSION),
    })
}

/// The files of parts, given their columns `path` and `cube`: of a part with a cube of any version two.
pub(super) fn paths_of(
    connection: &Connection,
    sql: &str,
    values: impl rusqlite::Params,
) -> Result<Vec<String>> {
    let mut paths = Vec::new();
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query(values)?;
    while let Some(row) = rows.next()? {
        let path: String = row.get(0)?;
        let cube: Option<u32> = row.get(1)?;
        paths.extend(cube.map(|_| cube::path_of(&path)));
        paths.push(path);
    }
    Ok(paths)
}
