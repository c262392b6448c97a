"""What goes wrong in a firm and when: incidents drawn at random, each with the label that a diagnosis should give."""

from dataclasses import dataclass, field

import numpy as np

from firm import DAY, WEEK

CODES = [
    "telephony",
    "forms",
    "traffic_volume",
    "traffic_quality",
    "seasonality",
    "mix_shift",
    "tracking",
    "data_gap",
    "lead_quality",
    "managers",
    "crm_hygiene",
    "unknown",
]
SECOND = {"lead_quality", "managers", "crm_hygiene"}
# Weeks in which incidents may lie, and how many weeks after one of the second conversion still show it.
FIRST_WEEK, LAST_WEEK, TAIL = 16, 58, 3


@dataclass
class Incident:
    """One labelled incident. `pick` holds indices for the simulation, `scope` names for the truth."""

    code: str
    kind: str
    start: int  # seconds from the firm's first Monday, local time
    end: int
    severity: float  # share of the affected quantity that is lost (or the factor of growth minus 1)
    scope: dict
    pick: dict = field(default_factory=dict)
    lost: dict = field(default_factory=dict)  # filled by the simulation: measure -> loss and expectation by week

    def on(self, times):
        """Which of the instants lie inside."""
        return (times >= self.start) & (times < self.end)

    @property
    def conversion(self):
        return "second" if self.code in SECOND else "first"

    @property
    def weeks(self):
        return range(self.start // WEEK, (self.end - 1) // WEEK + 1)


def _span(rng, week, lengths):
    """A span of one of the lengths (in hours) that begins in the week; spans of whole weeks begin on a Monday mostly."""
    hours = float(rng.choice(lengths)) * rng.uniform(0.8, 1.25)
    if hours > 140 and rng.random() < 0.6:
        return week * WEEK, week * WEEK + max(1, round(hours / 168)) * WEEK
    start = week * WEEK + int(rng.integers(0, 5)) * DAY + int(rng.integers(7, 16)) * 3600
    return start, start + int(hours * 3600)


def _weighted(rng, weights):
    weights = np.asarray(weights, float)
    return int(rng.choice(len(weights), p=weights / weights.sum()))


def _inquiries(firm):
    return np.array([channel.share * channel.rate for channel in firm.channels])


def telephony(rng, firm, week):
    start, end = _span(rng, week, [6, 12, 24, 48, 72, 168, 168, 336])
    routing, lines = firm.parameters["routing"], firm.lines
    kind = str(rng.choice(["dead", "partial", "unstable"], p=[0.55, 0.15, 0.3]))
    level = str(rng.choice(["line", "trunk", "all"], p=[0.4, 0.35, 0.25]))
    if level == "line":
        chosen = [int(rng.integers(0, routing["site"]))]
        scope = {"line": lines[chosen[0]]["number"]}
    elif level == "trunk":
        trunk = f"trunk-{int(rng.integers(1, routing['trunks'] + 1))}"
        chosen, scope = [i for i, line in enumerate(lines) if line["trunk"] == trunk], {"trunk": trunk}
    else:
        chosen, scope = list(range(len(lines))), {}
    severity = 1.0 if kind == "dead" else rng.uniform(0.35, 0.95)
    return Incident("telephony", kind, start, end, severity, scope, {"lines": chosen, "level": level})


def forms(rng, firm, week):
    start, end = _span(rng, week, [12, 30, 72, 168, 168, 336, 504])
    level = str(rng.choice(["form", "page", "device", "all"], p=[0.4, 0.15, 0.2, 0.25]))
    tables, pick, scope = firm.parameters["pages"], {}, {}
    popular = (np.array([c.share * c.rate for c in firm.channels]) @ tables["share"]) * tables["rate"]
    if level == "form":
        weights = np.bincount(tables["form"], popular, minlength=len(firm.forms)) ** 1.0 + 1e-9
        pick["form"] = _weighted(rng, weights)
        scope = {"form": firm.forms[pick["form"]]}
    elif level == "page":
        pick["page"] = _weighted(rng, popular)
        scope = {"page": firm.pages[pick["page"]]}
    elif level == "device":
        pick["device"] = 1 if rng.random() < 0.75 else 0
        scope = {"device": ["desktop", "mobile"][pick["device"]]}
    dead = rng.random() < 0.6
    return Incident(
        "forms", "dead" if dead else "partial", start, end, 1.0 if dead else rng.uniform(0.3, 0.8), scope, pick
    )


def traffic_volume(rng, firm, week):
    if rng.random() < 0.2:
        start = week * WEEK + int(rng.integers(0, 5)) * DAY + int(rng.integers(6, 14)) * 3600
        return Incident("traffic_volume", "site_down", start, start + int(rng.uniform(6, 40) * 3600), 1.0, {})
    start, end = _span(rng, week, [72, 168, 168, 336, 504])
    severity = rng.uniform(0.3, 0.85)
    if rng.random() < 0.25:
        return Incident("traffic_volume", "all", start, end, rng.uniform(0.2, 0.6), {})
    channel = _weighted(rng, [c.share for c in firm.channels])
    return Incident("traffic_volume", "channel", start, end, severity, {"channel": channel}, {"channel": channel})


def traffic_quality(rng, firm, week):
    start, end = _span(rng, week, [96, 168, 168, 336])
    shares = np.array([c.share * (2 if c.paid else 0.7) for c in firm.channels])
    if rng.random() < 0.55:
        channel = _weighted(rng, shares)
        return Incident(
            "traffic_quality", "bots", start, end, spread_of(rng, 0.4, 3.0), {"channel": channel}, {"channel": channel}
        )
    channel = _weighted(rng, shares * np.sqrt(_inquiries(firm)))
    return Incident(
        "traffic_quality", "untargeted", start, end, rng.uniform(0.4, 0.85), {"channel": channel}, {"channel": channel}
    )


def spread_of(rng, low, high):
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def mix_shift(rng, firm, week):
    start, end = _span(rng, week, [168, 168, 336])
    rates, shares = np.array([c.rate for c in firm.channels]), np.array([c.share for c in firm.channels])
    pooled = (rates * shares).sum()
    low = np.where(rates < 0.6 * pooled, shares, 0)
    if low.sum() < 0.05:
        return None
    channel = _weighted(rng, low)
    factor = rng.uniform(2, 5)
    pick = {"channel": channel, "down": None, "keep": 1.0}
    high = np.where(rates > 1.2 * pooled, shares, 0)
    if rng.random() < 0.35 and high.sum() > 0.05:
        pick.update(down=_weighted(rng, high), keep=rng.uniform(0.5, 0.8))
    added = (factor - 1) * shares[channel]
    shifted = ((rates * shares).sum() + added * rates[channel]) / (1 + added)
    if 1 - shifted / pooled < 0.08:
        return None
    return Incident("mix_shift", "growth", start, end, factor - 1, {"channel": channel}, pick)


def tracking(rng, firm, week):
    start, end = _span(rng, week, [30, 72, 168, 336])
    kind = str(
        rng.choice(["page_lost", "site_lost", "doubled", "utm_lost", "attribution_lost"], p=[0.2, 0.25, 0.2, 0.2, 0.15])
    )
    scope, pick, severity = {}, {}, rng.uniform(0.5, 1.0)
    if kind == "page_lost":
        page = _weighted(rng, np.array([c.share for c in firm.channels]) @ firm.parameters["pages"]["share"])
        scope, pick = {"page": firm.pages[page]}, {"page": page}
    if kind == "site_lost":
        severity = rng.uniform(0.25, 0.9)
    if kind == "doubled":
        severity = rng.uniform(0.3, 1.0)
    if kind == "utm_lost":
        paid = [c.share if c.paid else 0 for c in firm.channels]
        if sum(paid) < 0.04:
            return None
        channel = _weighted(rng, paid)
        scope, pick = {"channel": channel}, {"channel": channel}
    return Incident("tracking", kind, start, end, severity, scope, pick)


def data_gap(rng, firm, week):
    export = str(rng.choice(["calls", "forms", "sessions", "deals", "costs"], p=[0.3, 0.25, 0.2, 0.15, 0.1]))
    days = int(rng.choice([1, 2, 3, 4, 7], p=[0.3, 0.3, 0.2, 0.1, 0.1]))
    start = week * WEEK + (7 - days if rng.random() < 0.35 else int(rng.integers(0, 8 - days))) * DAY
    return Incident("data_gap", "days", start, start + days * DAY, 1.0, {"export": export}, {"export": export})


def _weeks(rng, week, low, high):
    return week * WEEK, (week + int(rng.integers(low, high))) * WEEK


def lead_quality(rng, firm, week):
    start, end = _weeks(rng, week, 1, 5)
    if rng.random() < 0.3:
        return Incident("lead_quality", "all", start, end, rng.uniform(0.4, 0.8), {})
    channel = _weighted(rng, _inquiries(firm))
    return Incident(
        "lead_quality", "channel", start, end, rng.uniform(0.4, 0.85), {"channel": channel}, {"channel": channel}
    )


def managers(rng, firm, week):
    start, end = _weeks(rng, week, 1, 5)
    kind = str(rng.choice(["missed", "slow", "one_manager"], p=[0.3, 0.35, 0.35]))
    if kind == "one_manager":
        who = _weighted(rng, firm.parameters["manager_share"])
        return Incident(
            "managers", kind, start, end, rng.uniform(0.5, 0.9), {"manager": firm.managers[who]}, {"manager": who}
        )
    return Incident(
        "managers", kind, start, end, rng.uniform(0.3, 0.7) if kind == "missed" else rng.uniform(0.3, 1.0), {}
    )


def crm_hygiene(rng, firm, week):
    if rng.random() < 0.6:
        start, end = _weeks(rng, week, 1, 4)
        return Incident("crm_hygiene", "late_closings", start, end, rng.uniform(0.6, 1.0), {})
    start, end = _weeks(rng, week, 1, 4)
    return Incident("crm_hygiene", "duplicates", start, end, rng.uniform(0.3, 0.9), {})


def unknown(rng, firm, week):
    start, end = _span(rng, week, [96, 168, 168, 336])
    return Incident("unknown", "all", start, end, rng.uniform(0.2, 0.5), {})


MAKERS = [
    telephony,
    forms,
    traffic_volume,
    traffic_quality,
    mix_shift,
    tracking,
    data_gap,
    lead_quality,
    managers,
    crm_hygiene,
    unknown,
]
