"""Rows of the telephone system: inbound calls, redials, call-backs, follow-ups, internal calls."""

import numpy as np

from firm import DAY, DAYS

IN, OUT, INTERNAL = 0, 1, 2
ANSWERED, NO_ANSWER, BUSY, FAILED = 0, 1, 2, 3


def _talk(rng, firm, size):
    return np.clip(rng.lognormal(np.log(firm.parameters["office"]["talk"]), 0.8, size), 6, 2400).astype(int)


def _rows(t, way, person, line, trunk, answered, talk, wait, how, operator, wish):
    return {
        "t": t,
        "way": np.full(len(t), way, np.int8),
        "person": person,
        "line": line,
        "trunk": trunk,
        "answered": answered,
        "talk": np.where(answered, talk, 0),
        "wait": wait,
        "how": how,
        "operator": operator,
        "wish": wish,
    }


def _trunks(firm):
    return np.array([int(line["trunk"][6:]) - 1 for line in firm.lines])


def _inbound(rng, firm, wish, cold, at, t, answered, failed):
    """Calls of people at their instants; on a broken line they fail, or break off after some seconds."""
    size = len(at)
    short = failed & (rng.random(size) < 0.5)
    talk = _talk(rng, firm, size) * np.where(cold[at], rng.uniform(0.35, 0.65), 1)
    talk = np.where(short, rng.integers(2, 14, size), talk).astype(int)
    busy = np.where(rng.random(size) < 0.2, BUSY, NO_ANSWER)
    how = np.where(answered | short, ANSWERED, np.where(failed, FAILED, busy))
    wait = np.where(
        answered | short, rng.exponential(firm.parameters["office"]["wait"], size) + 2, rng.integers(8, 60, size)
    ).astype(int)
    return _rows(
        t,
        IN,
        wish["person"][at],
        wish["line"][at],
        _trunks(firm)[wish["line"][at]],
        answered | short,
        talk,
        wait,
        how,
        wish["manager"][at],
        at,
    )


def _outbound(rng, firm, incidents, t, person, manager, cold=False):
    """Calls to people; while their trunk is down they fail and are tried two or three times."""
    routing = firm.parameters["routing"]
    trunk = manager % routing["trunks"]
    line = np.unique(_trunks(firm), return_index=True)[1][trunk]
    size = len(t)
    broken = np.zeros(size, bool)
    for incident in incidents:
        if incident.code == "telephony" and incident.pick["level"] != "line":
            trunks = np.unique(_trunks(firm)[incident.pick["lines"]])
            broken |= incident.on(t) & np.isin(trunk, trunks) & (rng.random(size) < incident.severity)
    answered = ~broken & (rng.random(size) < np.where(cold, 0.5, 0.74))
    how = np.where(answered, ANSWERED, np.where(broken, FAILED, np.where(rng.random(size) < 0.25, BUSY, NO_ANSWER)))
    wait = np.where(broken, 0, rng.integers(4, 35, size))
    none = np.full(size, -1)
    talk = (_talk(rng, firm, size) * np.where(cold, 0.5, 1)).astype(int)
    first = _rows(t, OUT, person, line, trunk, answered, talk, wait, how, manager, none)
    retry = np.flatnonzero(~answered & (rng.random(size) < np.where(broken, 0.9, 0.5)))
    gap = np.where(broken[retry], rng.integers(40, 900, len(retry)), rng.integers(1800, 3 * 3600, len(retry)))
    got = ~broken[retry] & (rng.random(len(retry)) < 0.6)
    again = {key: values[retry] for key, values in first.items()}
    again.update(
        t=t[retry] + gap,
        answered=got,
        talk=np.where(got, _talk(rng, firm, len(retry)), 0),
        how=np.where(got, ANSWERED, how[retry]),
    )
    return [first, again]


def rows(rng, firm, incidents, wish, office, follow):
    """All calls by time. `follow` are instants, persons and managers of later calls to customers."""
    calling = np.flatnonzero((wish["kind"] == 0) & ~wish["lost"])
    cold = wish["cold"]
    parts = [
        _inbound(rng, firm, wish, cold, calling, wish["t"][calling], wish["answered"][calling], wish["failed"][calling])
    ]
    again = np.flatnonzero(wish["redial"] & ~wish["lost"])
    parts.append(
        _inbound(
            rng,
            firm,
            wish,
            cold,
            again,
            wish["redial_at"][again],
            wish["redial_answered"][again],
            np.zeros(len(again), bool),
        )
    )
    later = np.flatnonzero(~wish["lost"] & (rng.random(len(wish["t"])) < 0.10))
    t = office.next_opening(wish["t"][later] + rng.integers(DAY, 12 * DAY, len(later))) + rng.integers(
        0, 4 * 3600, len(later)
    )
    keep = np.ones(len(later), bool)
    for incident in (i for i in incidents if i.code == "telephony"):
        keep &= ~(
            incident.on(t)
            & np.isin(wish["line"][later], incident.pick["lines"])
            & (rng.random(len(t)) < incident.severity)
        )
    later, t = later[keep], t[keep]
    parts.append(_inbound(rng, firm, wish, cold, later, t, rng.random(len(t)) < 0.9, np.zeros(len(t), bool)))
    back = np.flatnonzero(wish["called_back"] & ~wish["lost"])
    parts += _outbound(
        rng, firm, incidents, wish["back_at"][back], wish["person"][back], wish["manager"][back], cold[back]
    )
    parts += _outbound(rng, firm, incidents, *follow)
    parts.append(_internal(rng, firm, office, len(calling) // 12))
    out = {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}
    order = np.argsort(out["t"], kind="stable")
    out = {key: values[order] for key, values in out.items()}
    inside = out["t"] < DAYS * DAY
    return {key: values[inside] for key, values in out.items()}


def _internal(rng, firm, office, size):
    t = office.next_opening(rng.integers(0, DAYS * DAY - DAY, size)) + rng.integers(0, 6 * 3600, size)
    none = np.full(size, -1)
    answered = rng.random(size) < 0.8
    who = rng.integers(0, len(firm.managers), size)
    return _rows(
        t,
        INTERNAL,
        none,
        none,
        none,
        answered,
        rng.integers(5, 300, size),
        rng.integers(1, 20, size),
        np.where(answered, ANSWERED, NO_ANSWER),
        who,
        none,
    )
