"""Rows of the telephone export: calls from outside, of managers to clients, between colleagues."""

import numpy as np
import polars as pl

from contacts import AGAIN, CALL, FORM, INTERNAL
from records import clients, named, only, phones, time
from scope import covers
from tables import END, HOUR, coin, inside, take


def outbound(world, d, plan):
    """Calls back and later calls by managers; where the telephone is down they do not get out either."""
    firm = world.firm
    back = d["shown"] & d["called"] & (~d["spoken"] | (d["kind"] == FORM)) & (d["answered_at"] < END)
    more = d["shown"] & ~d["idle"] & (coin(d["person"], "more") < 0.45)
    later = d["asked"] + (d["lag"] * (0.1 + 0.4 * coin(d["person"], "when"))).astype(np.int64) + HOUR
    rows = np.concatenate([np.flatnonzero(back), np.flatnonzero(more)])
    t = np.concatenate([d["answered_at"][back], later[more]])
    keep = inside(t, 0, END)
    rows, t = rows[keep], t[keep]
    salt = np.where(np.arange(len(t)) < back.sum(), 1, 2)
    key = d["person"][rows] * 4 + salt
    answered = coin(key, "out") < 0.78
    line = np.where(d["line"][rows] >= 0, d["line"][rows], np.arange(len(rows)) % len(firm.lines))
    c = dict(
        t=t,
        person=d["person"][rows],
        line=line,
        kind=np.zeros(len(rows), int),
        cat=np.zeros(len(rows), int),
        answered=answered,
        talk=np.where(answered, 20 + (coin(key, "talk") * 300).astype(int), 0),
        wait=8 + (coin(key, "wait") * 20).astype(int),
        end=np.where(answered, 0, 1),
        op=d["mgr"][rows],
        known=np.zeros(len(rows), bool),
        v=np.full(len(rows), -1),
        unlinked=np.zeros(len(rows), bool),
        id=key,
        way=np.full(len(rows), 1),
    )
    for incident in plan:
        if (incident.cause == "telephony" and incident.kind.startswith("down")) or incident.kind.startswith("calls_"):
            c = take(c, ~(covers(firm, incident, c) & (coin(c["id"], incident.id) < incident.severity)))
    return c


def calls(world, d, plan):
    firm, c = world.firm, world.contacts
    case = c["case"]
    own = (case >= 0) & (c["cat"] <= AGAIN)
    op = np.where(own, d["mgr"][case], c["op"])
    talk = np.where(
        own & d["short"][case] & c["answered"] & ~c["broken"], np.minimum(c["talk"], 12 + c["talk"] // 4), c["talk"]
    )
    rows = (c["kind"] == CALL) & ~c["gone"] & ~c["unexported"]
    inbound = take(
        {
            **{
                k: c[k]
                for k in ("t", "person", "line", "answered", "wait", "end", "known", "v", "unlinked", "id", "cat")
            },
            "op": op,
            "talk": talk,
            "way": np.where(c["cat"] == INTERNAL, 2, 0),
        },
        rows,
    )
    out = outbound(world, d, plan)
    c = {k: np.concatenate([inbound[k], out[k]]) for k in inbound}
    c = take(c, np.lexsort((c["id"], c["t"])))
    inner = c["way"] == 2
    client = only(clients(world.visits["client"][c["v"]]), c["known"] & ~c["unlinked"] & (c["v"] >= 0))
    ends = ["answered", "no answer", "busy", "failed", "congestion"]
    ends = [e.upper() for e in ends] if firm.has["russian"] else ends
    extension = named([m[1] for m in firm.managers], c["op"], ~c["answered"] & (c["way"] == 0))
    frame = dict(
        call_id=pl.Series(np.arange(len(c["t"]))).cast(pl.String),
        at=time(firm, c["t"], shift=firm.utc * HOUR * firm.has["utc_calls"]),
        direction=named(directions(firm), c["way"]),
        phone=phones(c["person"], "plain"),
    )
    frame["phone"] = pl.select(pl.when(pl.Series(inner)).then(pl.lit("205")).otherwise(frame["phone"])).to_series()
    if firm.has["lines"]:
        frame["line"] = named([n[1:] for n, *_ in firm.lines], c["line"], inner)
    if firm.has["trunks"]:
        trunk = np.array([t for _, _, _, _, t, _ in firm.lines])
        frame["trunk"] = named(firm.trunks, trunk[c["line"]], inner)
    frame |= dict(
        answered=named(["нет", "да"] if firm.has["russian"] else ["no", "yes"], c["answered"].astype(int)),
        talk_s=pl.Series(c["talk"]),
        wait_s=pl.Series(c["wait"]),
        disposition=named(ends, c["end"]),
        operator=extension,
    )
    if firm.has["tracking"]:
        frame["client"] = client
    return pl.DataFrame(frame)


def directions(firm):
    return ["входящий", "исходящий", "внутренний"] if firm.has["russian"] else ["inbound", "outbound", "internal"]
