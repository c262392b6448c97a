"""Columns of exports: texts, times, telephone numbers, client ids, tags; and the days that an export lacks."""

import numpy as np
import polars as pl

from losses import by_week, record

DMY, YMD = "%d.%m.%Y %H:%M:%S", "%Y-%m-%d %H:%M:%S"


def text(values, index):
    """The texts at the positions; -1 is empty."""
    index = np.asarray(index, dtype=np.int64)
    return pl.Series(list(values) + [""], dtype=pl.String).gather(np.where(index < 0, len(values), index))


def moment(firm, seconds, pattern):
    """Local times as text; negative is empty."""
    start = np.datetime64(firm.start.isoformat(), "s")
    known = np.asarray(seconds) >= 0
    out = pl.Series((start + np.asarray(seconds).astype("timedelta64[s]")).astype("datetime64[ms]")).dt.to_string(
        pattern
    )
    return (
        out
        if known.all()
        else pl.Series(known)
        .to_frame("k")
        .with_columns(v=out)
        .select(pl.when("k").then("v").otherwise(pl.lit("")))
        .to_series()
    )


def phone(person, way="+7"):
    """Telephone numbers of persons; -1 is empty."""
    person = np.asarray(person, dtype=np.int64)
    digits = pl.Series(9_000_001_000 + (person * 7_368_787 + 1_234_567) % 99_999_000).cast(pl.String)
    return (
        pl.DataFrame({"d": digits, "k": person >= 0})
        .select(pl.when("k").then(pl.lit(way) + pl.col("d")).otherwise(pl.lit("")))
        .to_series()
    )


def client(visits, at, named):
    """Client ids of visits, as text; empty where the visit is unknown or nameless."""
    at = np.asarray(at)
    owner = visits["owner"][np.maximum(at, 0)]
    ids = pl.Series(1_600_000_000_000_000_000 + owner.astype(np.int64) * 7_919_131 + visits["t"][owner]).cast(pl.String)
    return (
        pl.DataFrame({"d": ids, "k": (at >= 0) & named})
        .select(pl.when("k").then("d").otherwise(pl.lit("")))
        .to_series()
    )


class Gaps:
    """Days that are absent from one export."""

    def __init__(self, incidents):
        self.incidents = [i for i in incidents if i.code == "data_gap"]

    def keep(self, export, times):
        out = np.ones(len(times), bool)
        for incident in self.incidents:
            if incident.pick["export"] == export:
                hit = incident.on(times)
                record(incident, "rows", by_week(times, hit), by_week(times))
                out &= ~hit
        return out


def tags(firm, visits, campaign, at, known):
    """UTM tags of visits as three columns."""
    channel = np.where(known & (at >= 0) & ~visits["untagged"][np.maximum(at, 0)], visits["ch"][np.maximum(at, 0)], -1)
    names = [name for c in firm.channels for name in c.campaigns]
    own = np.where(channel >= 0, campaign[np.maximum(at, 0)], -1)
    return (
        text([c.source for c in firm.channels], channel),
        text([c.medium for c in firm.channels], channel),
        text(names, own),
    )
