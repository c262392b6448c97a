"""What incidents do to people and visits: who does not come, who comes in their place, what the counter sees of it."""

import numpy as np

import words
from scope import covers
from tables import changed, coin, inside
from world import cheap_and_good


def without(world, gone_case, visits=None):
    """Cases that never come up, with their contacts."""
    case = world.contacts["case"]
    dropped = gone_case[case] & (case >= 0)
    c = changed(world.contacts, gone=world.contacts["gone"] | dropped, tried=world.contacts["tried"] & ~dropped)
    cases = changed(world.cases, gone=world.cases["gone"] | gone_case)
    return world.having(contacts=c, cases=cases, visits=visits or world.visits)


def leave(world, incident, channels, share):
    """A share of a channel's people does not come; of their later visits by it some come directly instead."""
    v, cases, salt = world.visits, world.cases, incident.id
    lot = inside(v["t"], incident.start, incident.end)
    if channels is not None:
        lot = lot & np.isin(v["ch"], channels)
    people = np.unique(v["person"][lot & (v["nth"] == 0) & (coin(v["person"], salt) < share)])
    gone = np.isin(v["person"], people)
    late = lot & (v["nth"] > 0) & (coin(v["person"] * 16 + v["nth"], salt) < share) & ~gone
    direct = late & (coin(v["person"], salt + "direct") < 0.5) & (channels is not None)
    gone = gone | (late & ~direct)
    visits = changed(v, gone=v["gone"] | gone, ch=np.where(direct, world.firm.channel("direct"), v["ch"]))
    return without(world, (cases["v"] >= 0) & gone[cases["v"]] | np.isin(cases["person"], people), visits)


def untargeted(world, incident):
    """The channel shows itself to the wrong people: as many visits, of strangers from elsewhere who leave at once."""
    v, cases, salt = world.visits, world.cases, incident.id
    lot = inside(v["t"], incident.start, incident.end) & (v["ch"] == incident.sel["channel"])
    lot = lot & (coin(v["person"], salt) < incident.severity) & (v["nth"] == 0)
    people = np.unique(v["person"][lot])
    away = coin(v["person"], salt + "bounce") < 0.75
    far = len(world.firm.cities) + (coin(v["person"], salt + "city") * len(words.FOREIGN)).astype(int)
    rest = np.isin(v["person"], people) & ~lot
    visits = changed(
        v,
        gone=v["gone"] | rest,
        bounce=np.where(lot, away, v["bounce"]),
        views=np.where(lot & away, 1, v["views"]),
        dur=np.where(lot, np.where(away, v["dur"] % 12, v["dur"] // 3), v["dur"]),
        city=np.where(lot & (coin(v["person"], salt + "far") < 0.7), far, v["city"]),
        g_start=v["g_start"] & ~lot,
        g_tel=v["g_tel"] & ~lot,
    )
    return without(world, np.isin(cases["person"], people), visits)


def price(world, incident):
    c = world.cases
    return without(
        world, inside(c["t"], incident.start, incident.end) & (coin(c["person"], incident.id) < incident.severity)
    )


def mix(world, incident):
    _, good, _ = cheap_and_good(world.firm)
    share = {"good_shrink": incident.severity, "both": incident.severity * 0.7}.get(incident.kind, 0)
    return leave(world, incident, good, share) if share else world


def counter(world, incident):
    """The tag counts twice or not at all, a channel's tags are lost, client ids no longer reach the contacts."""
    v, c, kind = world.visits, world.contacts, incident.kind
    lot = inside(v["t"], incident.start, incident.end) & (
        coin(v["person"] * 16 + v["nth"], incident.id) < incident.severity
    )
    if "page" in incident.sel:
        lot = lot & (v["page"] == incident.sel["page"])
    if kind == "tag_doubled":
        return world.having(visits=changed(v, double=v["double"] | lot))
    if kind == "counter_lost":
        unseen = (c["v"] >= 0) & lot[c["v"]]
        return world.having(
            visits=changed(v, hidden=v["hidden"] | lot), contacts=changed(c, unlinked=c["unlinked"] | unseen)
        )
    if kind == "utm_lost":
        return world.having(visits=changed(v, untag=v["untag"] | (lot & (v["ch"] == incident.sel["channel"]))))
    lost = covers(world.firm, incident, c) & (coin(c["id"], incident.id) < incident.severity)
    return world.having(contacts=changed(c, unlinked=c["unlinked"] | lost))
