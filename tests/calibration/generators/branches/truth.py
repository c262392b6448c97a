"""Weekly totals of the world as it was, for checks of the exports and of readers of them: truth.csv."""

import numpy as np
import polars as pl

from contacts import inquiries
from labels import week_names
from tables import WEEK, WEEKS


def write(path, world, d):
    """Sessions by channel as tagged, inquiries (everything that left a row) by credited channel, their sales."""
    firm, v, c = world.firm, world.visits, world.contacts
    names = [*(x.id for x in firm.channels), firm.offline_channel or "outdoor", "unattributed"]
    n = len(names)
    seen = ~v["gone"] & ~v["hidden"]
    ch = np.where(v["untag"], firm.channel("direct"), v["ch"])
    sessions = np.bincount((v["t"] // WEEK * n + ch)[seen], 1.0 + v["double"][seen], WEEKS * n)
    rows = inquiries(c, seen=True)
    attr = np.where(c["attr"][rows] < 0, n - 1, c["attr"][rows])
    found = np.bincount(c["t"][rows] // WEEK * n + attr, minlength=WEEKS * n)
    sold = d["sold"]
    attr = np.where(d["attr"][sold] < 0, n - 1, d["attr"][sold])
    sales = np.bincount(d["asked"][sold] // WEEK * n + attr, minlength=WEEKS * n)
    week = np.repeat(week_names(firm), n)
    pl.DataFrame(
        dict(week=week, channel=names * WEEKS, sessions=sessions.astype(np.int64), inquiries=found, sales=sales)
    ).write_csv(path)
