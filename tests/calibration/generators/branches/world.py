"""A world: visits, cases and contacts of one firm, put together from parts.

The base part is always there. An incident may bring a part of its own (people or robots who come only because of it).
"""

from dataclasses import dataclass, replace

import numpy as np

import contacts as calls
import people
from rhythm import SPAN
from tables import DAY, LEAD, changed, coin, size, stack


@dataclass(frozen=True)
class World:
    firm: object
    rhythm: object
    visits: dict
    cases: dict
    contacts: dict

    def having(self, **tables):
        return replace(self, **tables)


def base(firm, rhythm):
    """Visits, cases and contacts without any incident."""
    visits, cases = people.arrive(firm, rhythm, rhythm.first_visits, "base")
    cases = stack([cases, people.offline(firm, rhythm, size(cases))])
    cases["gone"] = np.zeros(size(cases), bool)
    contacts = calls.of_cases(firm, rhythm, cases, 0)
    rest = calls.others(firm, rhythm, int((contacts["kind"] == calls.CALL).sum()))
    return visits, cases, stack([contacts, rest])


def expected_in(rhythm, window, channels=None):
    """People expected to begin within a window, by channel and day: hours outside it are cut off."""
    day = (np.arange(SPAN) - LEAD) * DAY
    part = np.clip((np.minimum(day + DAY, window[1]) - np.maximum(day, window[0])) / DAY, 0, 1)
    out = rhythm.first_visits * part
    if channels is not None:
        out = out * np.isin(np.arange(len(out)), channels)[:, None]
    return out


def cheap_and_good(firm):
    """The channels with the lowest and with the highest rates, a tenth and three tenths of the people (direct ones left out)."""
    rate, share = firm.array("rate"), firm.array("share")
    able = np.array([c.id not in ("direct",) for c in firm.channels])
    order = np.flatnonzero(able)[np.argsort(rate[able], kind="stable")]

    def until(order, enough):
        return order[: int(np.searchsorted(np.cumsum(share[order]), enough)) + 1]

    cheap, good = until(order, 0.1), until(order[::-1], 0.3)
    return cheap, good[~np.isin(good, cheap)], float(share[cheap].sum())


def extra(firm, rhythm, incident):
    """The part of the world that an incident brings with it, or None."""
    kind, s, window = incident.kind, incident.severity, (incident.start, incident.end)
    first = people.EXTRA * (incident.number + 1)
    if kind == "weak_surge":
        i = incident.sel["channel"]
        whole_days = rhythm.first_visits * np.isin(np.arange(len(firm.channels)), [i])[:, None]
        ease = 0.1 + 0.25 * coin(np.array([incident.number]), "ease")[0]
        part = people.arrive(
            firm, rhythm, only_days(whole_days, window) * s / (1 - s), incident.id, ease, window, first
        )
    elif kind in ("cheap_grow", "both"):
        cheap, _, share = cheap_and_good(firm)
        growth = min(max(s, 0.3 * s / share), 8)
        whole_days = rhythm.first_visits * np.isin(np.arange(len(firm.channels)), cheap)[:, None]
        part = people.arrive(firm, rhythm, only_days(whole_days, window) * growth, incident.id, 1.0, window, first)
    elif kind == "bots":
        i = incident.sel.get("channel", -1)
        visits = expected_in(rhythm, window, None if i < 0 else [i]).sum() * rhythm.repeat * 1.1
        robots = people.bots(firm, rhythm, visits * s / (1 - s), i, window, incident.id, first)
        return (robots, None, None) if size(robots) else None
    else:
        return None
    visits, cases = part
    if not size(visits):
        return None
    cases["gone"] = np.zeros(size(cases), bool)
    contacts = calls.of_cases(firm, rhythm, cases, 100_000_000 * (incident.number + 1)) if size(cases) else None
    return visits, cases if size(cases) else None, contacts


def only_days(expected, window):
    """Whole days that a window touches; the moments outside it are dropped by `arrive`."""
    day = (np.arange(SPAN) - LEAD) * DAY
    return expected * ((day + DAY > window[0]) & (day < window[1]))


def together(firm, rhythm, parts):
    """One world of several parts: row numbers of later parts move up."""
    visits, cases, contacts = [], [], []
    nv = nc = 0
    for v, c, k in parts:
        visits.append(v)
        if c is not None:
            cases.append(changed(c, v=np.where(c["v"] >= 0, c["v"] + nv, -1)))
            contacts.append(
                changed(k, v=np.where(k["v"] >= 0, k["v"] + nv, -1), case=np.where(k["case"] >= 0, k["case"] + nc, -1))
            )
            nc += size(c)
        nv += size(v)
    return World(firm, rhythm, stack(visits), stack(cases), stack(contacts))
