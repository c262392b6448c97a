"""What compare.py has DuckDB do. `ingest WORK`, `table WORK FROM TO`, `count PARQUET…`."""

import sys

import duckdb


def ingest(work):
    """All columns, typed by DuckDB; of rows with one id one is kept; a folder a month."""
    db = duckdb.connect()
    # Hashing all rows of 10 million sessions may need more than a small machine has: then it spills here.
    db.execute(f"SET temp_directory = '{work}/spill'; SET preserve_insertion_order = false")
    db.execute(f"""
        COPY (
          SELECT * EXCLUDE copy, strftime("ym:s:date", '%Y-%m') AS month
          FROM (SELECT *, row_number() OVER (PARTITION BY "ym:s:visitID") AS copy
                FROM read_csv('{work}/exports/metrika/*.tsv', delim = '\t', header = true, quote = '', escape = ''))
          WHERE copy = 1
        ) TO '{work}/peer' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 3, PARTITION_BY (month))""")


def table(work, first, last):
    """Sessions and exact users by week and channel, straight from the lake of Voronka."""
    parts = open(f"{work}/parts.txt", encoding="utf-8").read().split("\n")
    duckdb.execute(f"""
        COPY (
          SELECT strftime(day, '%G-W%V') AS period, coalesce(channel, 'total') AS channel, count(*) AS sessions,
                 count(DISTINCT client) AS users
          FROM read_parquet({parts}) JOIN read_csv('{work}/channels.csv') USING (origin)
          WHERE day BETWEEN DATE '{first}' AND DATE '{last}'
          GROUP BY GROUPING SETS ((period, channel), (period))
        ) TO '/dev/stdout' (FORMAT csv, HEADER)""")


def count(*parts):
    print(duckdb.execute(f"SELECT count(*) FROM read_parquet({list(parts)})").fetchall()[0][0])


if __name__ == "__main__":
    {"ingest": ingest, "table": table, "count": count}[sys.argv[1]](*sys.argv[2:])
