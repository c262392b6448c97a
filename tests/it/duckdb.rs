//! The lake is readable by any engine as it lies: DuckDB counts what the catalog says.

use crate::support::{self, Firm};

const COUNT: &str = "
import duckdb, sqlite3, sys
lake = sys.argv[1]
catalog = sqlite3.connect(lake + '/state.db')
live = catalog.execute('SELECT table_name, month, path, rows FROM parts WHERE removed_at IS NULL').fetchall()
assert live, 'the catalog holds no live parts'
months = {}
for table, month, path, rows in live:
    months.setdefault((table, month), []).append((lake + '/' + path, rows))
for (table, month), parts in sorted(months.items()):
    paths = [path for path, _ in parts]
    found = duckdb.sql(f'SELECT count(*) FROM read_parquet({paths})').fetchall()[0][0]
    assert found == sum(rows for _, rows in parts), (table, month, found, parts)
days = duckdb.sql(f'''SELECT count(*), count(DISTINCT session_id), min(day), max(day)
    FROM read_parquet({[lake + '/' + path for table, _, path, _ in live if table == 'sessions']})''').fetchall()[0]
codecs = duckdb.sql(f'''SELECT DISTINCT compression FROM parquet_metadata({[lake + '/' + path for _, _, path, _ in live]})''')
print(len(months), *days, sorted(codec for codec, in codecs.fetchall()))
";

#[test]
fn duckdb_reads_the_lake_as_it_lies() {
    let Some(mut python) = support::python("duckdb") else {
        return;
    };
    let firm = Firm::of_sample("okna-sever");
    firm.voronka("ingest", &[]).expect_code(0);
    let said = support::run(python.args(["-c", COUNT]).arg(firm.lake()))
        .expect_code(0)
        .stdout;
    // 157 155 visits of 56 weeks, each once; zstd everywhere.
    assert!(
        said.contains("157155 157155 2025-10-20 2026-11-15 ['ZSTD']"),
        "{said}"
    );
}

#[test]
fn nothing_personal_is_in_the_lake() {
    let firm = Firm::of_sample("okna-sever");
    firm.voronka("ingest", &[]).expect_code(0);
    // A caller's number in its two spellings, an address and a name of the sample.
    let secrets = [
        "79038121267",
        "9038121267",
        "klient55@pochta.example",
        "Татьяна Берегова",
    ];
    for file in support::files_below(&firm.lake()) {
        let bytes = std::fs::read(&file).expect("files of the lake can be read");
        for secret in secrets {
            let found = memchr::memmem::find(&bytes, secret.as_bytes()).is_some();
            assert!(!found, "{secret} is in {}", file.display());
        }
    }
}
