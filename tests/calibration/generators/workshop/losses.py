"""What incidents do to visits and rates before anybody gets in touch, and the account of what each one costs by week."""

import numpy as np

from firm import DAYS, WEEK, WEEKS
from incidents import Incident


def by_week(times, weights=None):
    """Sums by week of the firm."""
    return np.bincount(np.clip(times // WEEK, 0, WEEKS - 1).astype(int), weights, minlength=WEEKS).astype(float)


def record(incident, measure, loss, expected):
    """Books a loss and what was expected by week. Measures that begin with `scope_` are of a part of the firm."""
    incident.lost[measure] = (np.asarray(loss, float), np.asarray(expected, float))


def apply_to_visits(rng, firm, incidents, visits, volume, rate, festive):
    """Thins visits and rates. Visits that never happen get `gone`; what is hidden from analytics only comes later."""
    visits["gone"] = np.zeros(len(visits["t"]), bool)
    _seasons(firm, incidents, visits, festive)
    for incident in incidents:
        inside = incident.on(visits["t"]) & ~visits["junk"]
        if incident.code == "traffic_volume":
            _volume(rng, incident, visits, inside)
        elif incident.kind == "untargeted":
            _untargeted(rng, incident, visits, inside)
        elif incident.kind == "bots":
            _bots(incident, visits)
        elif incident.code == "unknown":
            record(
                incident,
                "inquiries",
                by_week(visits["t"], visits["p"] * inside * incident.severity),
                by_week(visits["t"], visits["p"]),
            )
            visits["p"] = np.where(inside, visits["p"] * (1 - incident.severity), visits["p"])
        elif incident.code == "mix_shift":
            _mix(incident, visits, volume, rate)


def _volume(rng, incident, visits, inside):
    own = ~visits["junk"]
    if "channel" in incident.pick:
        own = own & (visits["ch"] == incident.pick["channel"])
    hit = inside & own
    measure = "scope_sessions" if "channel" in incident.pick else "sessions"
    record(incident, measure, by_week(visits["t"], hit * incident.severity), by_week(visits["t"], own))
    record(
        incident,
        "inquiries",
        by_week(visits["t"], visits["p"] * hit * incident.severity),
        by_week(visits["t"], visits["p"]),
    )
    gone = hit & (rng.random(len(inside)) < incident.severity) & ~visits["gone"]
    visits["gone"] |= gone


def _untargeted(rng, incident, visits, inside):
    own = visits["ch"] == incident.pick["channel"]
    hit = np.flatnonzero(inside & own)
    loss = by_week(visits["t"][hit], visits["p"][hit] * incident.severity)
    record(incident, "scope_inquiries", loss, by_week(visits["t"], visits["p"] * own))
    record(incident, "inquiries", loss, by_week(visits["t"], visits["p"]))
    visits["p"][hit] *= 1 - incident.severity
    short = hit[rng.random(len(hit)) < rng.uniform(0.15, 0.4)]
    visits["bounce"][short], visits["pv"][short], visits["dur"][short] = True, 1, rng.integers(0, 12, len(short))
    visits["dur"][hit] = visits["dur"][hit] * rng.uniform(0.5, 0.85)
    away = hit[rng.random(len(hit)) < rng.uniform(0.15, 0.5)]
    visits["city"][away] = np.where(
        rng.random(len(away)) < 0.5, -1 - rng.integers(0, 6, len(away)), visits["city"][away]
    )
    visits["new"][hit] |= rng.random(len(hit)) < 0.4


def _bots(incident, visits):
    own = (visits["ch"] == incident.pick["channel"]) & ~visits["junk"]
    extra = by_week(visits["t"], incident.on(visits["t"]) & visits["junk"] & (visits["ch"] == incident.pick["channel"]))
    base, sessions = by_week(visits["t"], visits["p"] * own), by_week(visits["t"], own)
    loss = extra * base / np.maximum(sessions, 1)
    record(incident, "scope_inquiries", loss, base + loss)
    record(incident, "inquiries", loss, by_week(visits["t"], visits["p"]) + loss)


def _mix(incident, visits, volume, rate):
    """The fall of the pooled rate that the firm's shares bring about while the channels' rates stand."""
    week = np.arange(DAYS) // 7
    weekly_volume = np.array([volume[week == w].sum(0) for w in range(WEEKS)])
    weekly_rate = np.array([(volume * rate)[week == w].sum(0) for w in range(WEEKS)]) / weekly_volume
    before = (weekly_volume * weekly_rate).sum(1) / weekly_volume.sum(1)
    sessions = by_week(visits["t"], ~visits["junk"])
    expected, actual = sessions * before, by_week(visits["t"], visits["p"])
    loss = np.zeros(WEEKS)
    for w in incident.weeks:
        loss[w] = max(0.0, expected[w] - actual[w])
    record(incident, "inquiries", loss, expected)


def _seasons(firm, incidents, visits, festive):
    """Adds the incidents that the calendar makes: one for each run of weeks with days off or a slump."""
    week = np.arange(DAYS) // 7
    hit = [bool(((festive["rate"] < 1) | (festive["visits"] < 1))[week == w].any()) for w in range(WEEKS)]
    whole = visits["p"] / festive["rate"][visits["t"] // 86_400]
    loss, expected = by_week(visits["t"], whole - visits["p"]), by_week(visits["t"], whole)
    sessions = by_week(visits["t"])
    full = by_week(visits["t"], 1 / festive["visits"][visits["t"] // 86_400])
    slump = firm.parameters["calendar"]["slump"]
    first = None
    for w in range(WEEKS + 1):
        inside = w < WEEKS and hit[w]
        if inside and first is None:
            first = w
        if not inside and first is not None:
            kind = "slump" if slump is not None and first <= slump + 52 < w else "holidays"
            season = Incident("seasonality", kind, first * WEEK, w * WEEK, 0.0, {})
            only = np.zeros(WEEKS)
            only[first:w] = 1
            record(season, "inquiries", loss * only, expected)
            record(season, "sessions", (full - sessions) * only, full)
            incidents.append(season)
            first = None
