"""Rows as the firm's systems export them. Columns carry the lake's names; pipeline.py gives them the firm's own headers."""

from datetime import datetime

import numpy as np
import polars as pl

import words
from contacts import AGAIN, CALL, FORM, STRANGERS
from deals import NEVER
from equipment import DEVICES
from tables import DAY, DAYS, END, HOUR, LEAD, coin, size, stream, take

GOALS = ("g_start", "g_sent", "g_tel")


def goal_names(firm):
    return ["form_start", "form_submit", "tel_click"] if firm.has["plain_goals"] else ["1101", "1102", "1103"]


def zero(firm):
    return int((datetime(firm.monday.year, firm.monday.month, firm.monday.day) - datetime(1970, 1, 1)).total_seconds())


def time(firm, t, absent=None, shift=0):
    """Moments of the simulation as the export's local clock shows them."""
    s = pl.Series(np.asarray(t, np.int64) + zero(firm) - shift).cast(pl.Int64) * 1000
    s = s.cast(pl.Datetime("ms"))
    return s if absent is None else pl.select(pl.when(pl.Series(~absent)).then(s)).to_series()


def named(names, index, absent=None):
    """Text by number; absent where `absent` says or the number is negative."""
    index = np.asarray(index, np.int64)
    none = index < 0 if absent is None else absent | (index < 0)
    table = pl.Series([None, *names], dtype=pl.String)
    return table.gather(pl.Series(np.where(none, 0, index + 1)))


def only(series, mask):
    return pl.select(pl.when(pl.Series(mask)).then(series)).to_series()


def phones(person, style):
    """Everybody's own number; each system writes it in its own way."""
    n = (np.asarray(person, np.int64) * 387_420_489 + 271_828_183) % 1_000_000_000
    d = pl.Series(n).cast(pl.String).str.zfill(9)
    if style == "plain":
        return "79" + d
    if style == "eight":
        return "89" + d
    return pl.select(
        pl.format("+7 (9{}) {}-{}-{}", d.str.slice(0, 2), d.str.slice(2, 3), d.str.slice(5, 2), d.str.slice(7, 2))
    ).to_series()


def clients(client):
    return pl.Series(1_600_000_000_000_000_000 + np.asarray(client, np.int64) * 104_729).cast(pl.String)


def mark_goals(world):
    """Goals of the people who got in touch from a visit."""
    v, c = world.visits, world.contacts
    flags = {g: v[g].copy() for g in GOALS}
    own = (c["v"] >= 0) & c["tried"] & (c["cat"] <= AGAIN)
    form = own & (c["kind"] == FORM)
    flags["g_start"][c["v"][form]] = True
    flags["g_sent"][c["v"][form & c["sent"]]] = True
    call = own & (c["kind"] == CALL) & (c["t"] - v["t"][c["v"]] < 1800)
    tap = coin(c["person"], "tap") < np.where(c["dev"] == 1, 0.8, 0.08)
    flags["g_tel"][c["v"][call & tap]] = True
    return flags


def sessions(world):
    firm, v = world.firm, {**world.visits, **mark_goals(world)}
    rows = np.flatnonzero(~v["gone"] & ~v["hidden"])
    rows = np.concatenate([rows, rows[v["double"][rows]]])
    rows = rows[np.argsort(v["t"][rows], kind="stable")]
    v = take(v, rows)
    ch, bare = v["ch"], v["untag"]
    names = goal_names(firm)
    goals = [",".join(n for n, bit in zip(names, (1, 2, 4)) if k & bit) for k in range(8)]
    campaign = [f"{c.prefix}{k}" if c.prefix else None for c in firm.channels for k in range(3)]
    engines = [{"organic-search": "yandex.ru"}.get(c.id) for c in firm.channels]
    out = dict(
        session_id=pl.Series(7_000_000_000 + np.arange(len(rows))),
        client=clients(v["client"]),
        start_at=time(firm, v["t"]),
        utm_source=named([c.source or None for c in firm.channels], ch, bare),
        utm_medium=named([c.medium or None for c in firm.channels], ch, bare),
        utm_campaign=named(campaign, ch * 3 + v["camp"], bare),
        referrer_host=named(engines, ch),
        landing=named(firm.pages, v["page"]),
        device=named(DEVICES, v["dev"]),
        city=named(firm.cities + words.FOREIGN, v["city"]),
        is_new=pl.Series(v["new"].astype(np.int8)),
        page_views=pl.Series(v["views"]),
        duration_s=pl.Series(v["dur"]),
        bounce=pl.Series(v["bounce"].astype(np.int8)),
    )
    if firm.has["goals"]:
        out["goals"] = named(goals, v["g_start"] + 2 * v["g_sent"] + 4 * v["g_tel"])
    return pl.DataFrame(out)


def forms(world):
    firm, c = world.firm, world.contacts
    c = take(c, (c["kind"] == FORM) & ~c["gone"] & ~c["unexported"])
    c = take(c, np.lexsort((c["id"], c["t"])))
    return pl.DataFrame(
        dict(
            form_id=pl.Series(50_000 + np.arange(size(c))).cast(pl.String),
            at=time(firm, c["t"]),
            form=named([f[0] for f in firm.forms], c["form"]),
            page=named(firm.pages, c["page"]),
            phone=phones(c["person"], "bracket"),
            device=named(DEVICES, c["dev"]),
            client=only(clients(world.visits["client"][c["v"]]), c["known"] & ~c["unlinked"] & (c["v"] >= 0)),
        )
    )


def deals(world, d):
    firm, s = world.firm, words.SECTORS[world.firm.sector]
    rows = np.flatnonzero(d["shown"])
    copy = np.flatnonzero(d["shown"] & d["twice"] & (d["made"] + DAY < END))
    d = {k: np.concatenate([v[rows], v[copy]]) for k, v in d.items()}
    second = np.arange(len(d["case"])) >= len(rows)
    pause = 600 + (coin(d["person"], "copy") * 6 * HOUR).astype(np.int64)
    closing = coin(d["person"], "copy-closed") < 0.5
    made = np.where(second, d["made"] + pause, d["made"])
    lost_copy = second & closing & (made + 3 * DAY < END)
    closed = np.where(second, np.where(lost_copy, made + 3 * DAY, NEVER), d["closed"])
    stage = np.where(second, np.where(lost_copy, 5, 0), d["stage"])
    last = np.where(second, np.minimum(closed, made), d["changed"])
    last = np.where(lost_copy, closed, last)
    mgr = np.where(second, (d["mgr"] + 1) % len(firm.managers), d["mgr"])
    stages = [*s["stages"], s["won"], s["lost"]]
    reasons = [*words.REASONS, *words.UNTARGETED, words.DOUBLE]
    reason = np.where(second, len(reasons) - 1, d["reason"])
    order = np.lexsort((d["person"], made))
    e = dict(
        made=made,
        closed=closed,
        stage=stage,
        last=last,
        mgr=mgr,
        reason=reason,
        person=d["person"],
        amount=d["amount"],
        answered=d["answered_at"],
    )
    e = take(e, order)
    open_ = e["closed"] >= END
    out = dict(
        deal_id=pl.Series(10_000 + np.arange(len(order))).cast(pl.String),
        created_at=time(firm, e["made"]),
        updated_at=time(firm, e["last"]),
        closed_at=time(firm, np.where(open_, 0, e["closed"]), open_),
        stage=named(stages, e["stage"]),
        amount=only(pl.Series(e["amount"].astype(np.int64)), (e["stage"] == 4) | (coin(e["person"], "estimate") < 0.4)),
        manager=named([m[0] for m in firm.managers], e["mgr"]),
        phone=phones(e["person"], "eight"),
    )
    if firm.has["status"]:
        out["status"] = named(
            ["в работе", "успех", "отказ"], np.where(e["stage"] == 4, 1, np.where(e["stage"] == 5, 2, 0))
        )
    if firm.has["reasons"]:
        out["loss_reason"] = named(reasons, e["reason"], e["stage"] != 5)
    if firm.has["response"]:
        late = e["answered"] >= END
        out["first_response_at"] = time(firm, np.where(late, 0, e["answered"]), late)
    return pl.DataFrame(out)


def costs(world):
    """Clicks as the advertising systems count them, tags and counters or not."""
    firm, v, r = world.firm, world.visits, stream(world.firm.seed, "costs", world.firm.size)
    paid = np.array([c.paid for c in firm.channels])
    use = ~v["gone"] & paid[v["ch"]]
    cell = (v["t"][use] // DAY * len(firm.channels) + v["ch"][use]) * 3 + v["camp"][use]
    visits = np.bincount(cell, minlength=DAYS * len(firm.channels) * 3)
    cell = np.flatnonzero(visits)
    day, ch, camp = cell // 3 // len(firm.channels), cell // 3 % len(firm.channels), cell % 3
    clicks = visits[cell] + r.poisson(visits[cell] * 0.08)
    cost = np.round(clicks * firm.array("cpc")[ch] * world.rhythm.cpc[ch, day + LEAD], 2)
    campaign = [f"{c.prefix}{k}" for c in firm.channels for k in range(3)]
    return pl.DataFrame(
        dict(
            from_day=time(firm, day * DAY).cast(pl.Date),
            campaign=named(campaign, ch * 3 + camp),
            impressions=pl.Series(clicks * (20 + r.integers(0, 30, len(cell)))),
            clicks=pl.Series(clicks),
            cost=pl.Series(cost),
        )
    )


def spam_phones():
    return phones(STRANGERS + np.arange(4), "plain").to_list()
