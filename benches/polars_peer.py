"""What compare.py has polars do. `ingest WORK`, `table WORK FROM TO`."""

import datetime as dt
import glob
import os
import sys

import polars as pl


def ingest(work):
    """All columns, a file at a time; a month is made unique and written as soon as a later one has begun."""
    os.makedirs(f"{work}/peer")
    waiting = {}

    def write(month):
        frame = pl.concat(waiting.pop(month)).unique(subset=["ym:s:visitID"], keep="last", maintain_order=False)
        frame.write_parquet(f"{work}/peer/{month}.parquet", compression="zstd", compression_level=3)

    for path in sorted(glob.glob(f"{work}/exports/metrika/*.tsv")):
        frame = pl.read_csv(path, separator="\t", quote_char=None, try_parse_dates=True)
        frame = frame.with_columns(pl.col("ym:s:date").dt.strftime("%Y-%m").alias("month"))
        for (month,), rows in frame.partition_by("month", as_dict=True).items():
            waiting.setdefault(month, []).append(rows)
        # The parts of one request repeat its months; a request covers at most three.
        for month in sorted(waiting)[:-3]:
            write(month)
    for month in sorted(waiting):
        write(month)


def table(work, first, last):
    """Sessions and exact users by week and channel, straight from the lake of Voronka: a week at a time, pruned."""
    parts = open(f"{work}/parts.txt", encoding="utf-8").read().split("\n")
    channels = pl.read_csv(f"{work}/channels.csv", schema_overrides={"origin": pl.UInt32})
    day, last = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    print("period,channel,sessions,users")
    while day <= last:
        end = day + dt.timedelta(days=6)
        months = {f"month={one:%Y-%m}" for one in (day, end)}
        own = [part for part in parts if any(month in part for month in months)]
        week = pl.scan_parquet(own, hive_partitioning=False).filter(pl.col("day").is_between(day, end))
        rows = week.select("origin", "client").collect()
        joined = rows.join(channels, on="origin")
        sums = [pl.len().alias("sessions"), pl.col("client").drop_nulls().n_unique().alias("users")]
        label = f"{day.isocalendar().year}-W{day.isocalendar().week:02}"
        for channel, sessions, users in joined.group_by("channel").agg(sums).rows():
            print(f"{label},{channel},{sessions},{users}")
        (sessions, users), = joined.select(sums).rows()
        print(f"{label},total,{sessions},{users}")
        day = end + dt.timedelta(days=1)


if __name__ == "__main__":
    {"ingest": ingest, "table": table}[sys.argv[1]](*sys.argv[2:])
