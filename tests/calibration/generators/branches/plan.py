"""Draws what goes wrong: which cause, in which kind, where, when, how badly. Nothing here looks at what it costs."""

from dataclasses import dataclass, field

import numpy as np

from equipment import DEVICES
from tables import DAY, END, HOUR, WEEK, WEEKS, stream

FIRST_WEEK = 8  # incidents begin after so many weeks
JUDGED_FROM = 10  # number of the first week that is diagnosed
QUIET_SHARE = 0.5  # of the judged weeks are free of incidents


@dataclass
class Incident:
    id: str
    cause: str
    kind: str
    conversion: str
    scope: dict  # by the names of the exports
    sel: dict  # the same by numbers of the simulation
    start: int
    end: int
    severity: float
    number: int = 0
    traits: dict = field(default_factory=dict)


# cause, kind, conversion, hours, severity, scopes
KINDS = [
    ("telephony", "down_no_rows", "first", (2, 72), (0.9, 1), ("calls", "trunk", "line")),
    ("telephony", "down_failed", "first", (2, 96), (0.6, 1), ("calls", "trunk", "line")),
    ("telephony", "partial_loss", "first", (12, 336), (0.15, 0.7), ("calls", "trunk", "line")),
    ("telephony", "broken_talks", "first", (12, 240), (0.3, 0.95), ("calls", "trunk", "line")),
    ("forms", "dead", "first", (3, 240), (1, 1), ("forms", "form", "page", "device", "form_device")),
    ("forms", "dead_after_send", "first", (6, 336), (1, 1), ("forms", "form", "page", "form_device")),
    ("forms", "partial", "first", (24, 500), (0.25, 0.75), ("forms", "form", "page", "device")),
    ("traffic_volume", "channel_stops", "first", (6, 336), (0.95, 1), ("channel",)),
    ("traffic_volume", "channel_falls", "first", (24, 720), (0.25, 0.8), ("channel",)),
    ("traffic_volume", "all_fall", "first", (12, 336), (0.15, 0.6), ("all",)),
    ("traffic_volume", "weak_surge", "first", (24, 500), (0.35, 0.9), ("ad",)),
    ("traffic_quality", "untargeted", "first", (36, 500), (0.35, 0.97), ("ad",)),
    ("traffic_quality", "bots", "first", (6, 240), (0.15, 0.6), ("all", "ad")),
    ("mix_shift", "cheap_grow", "first", (120, 720), (0.5, 2.5), ("mix",)),
    ("mix_shift", "good_shrink", "first", (120, 720), (0.4, 0.95), ("mix",)),
    ("mix_shift", "both", "first", (120, 720), (0.5, 1.2), ("mix",)),
    ("tracking", "tag_doubled", "first", (6, 336), (1, 1), ("all", "page")),
    ("tracking", "counter_lost", "first", (6, 240), (0.9, 1), ("all", "page")),
    ("tracking", "utm_lost", "first", (24, 500), (0.9, 1), ("tagged",)),
    ("tracking", "client_ids_lost", "first", (24, 500), (0.5, 1), ("linked",)),
    ("data_gap", "calls_days_missing", "first", (24, 96), (1, 1), ("export_calls",)),
    ("data_gap", "forms_days_missing", "first", (24, 96), (1, 1), ("export_forms",)),
    ("data_gap", "deals_days_missing", "second", (24, 120), (1, 1), ("export_deals",)),
    ("data_gap", "calls_end_early", "first", (24, 48), (1, 1), ("export_calls",)),
    ("data_gap", "forms_end_early", "first", (24, 48), (1, 1), ("export_forms",)),
    ("data_gap", "deals_end_early", "second", (24, 48), (1, 1), ("export_deals",)),
    ("unknown", "price_rise", "first", (72, 720), (0.15, 0.55), ("all",)),
    ("unknown", "competitor", "second", (120, 720), (0.2, 0.6), ("all",)),
    ("lead_quality", "cold_channel", "second", (72, 720), (0.4, 0.95), ("channel",)),
    ("lead_quality", "cold_leads", "second", (72, 500), (0.2, 0.6), ("all",)),
    ("managers", "missed_calls", "second", (24, 500), (0.35, 0.95), ("all", "line")),
    ("managers", "slow_callback", "second", (48, 500), (0.3, 0.85), ("all",)),
    ("managers", "untouched", "second", (48, 500), (0.25, 0.8), ("all",)),
    ("managers", "weak_manager", "second", (120, 720), (0.4, 0.9), ("manager",)),
    ("managers", "absent_manager", "second", (48, 400), (0.7, 1), ("manager",)),
    ("crm_hygiene", "bulk_closing", "second", (120, 500), (0.5, 0.95), ("all",)),
    ("crm_hygiene", "entered_twice", "second", (96, 500), (0.2, 0.7), ("all",)),
]
CAUSES = dict(
    telephony=3,
    forms=3,
    traffic_volume=3,
    traffic_quality=2,
    mix_shift=2,
    tracking=3,
    data_gap=2,
    unknown=2.5,
    lead_quality=2,
    managers=3,
    crm_hygiene=1.3,
)


def scopes(firm):
    """Which scopes the firm has: name -> function of a stream that gives (scope, sel)."""
    found = {
        "all": lambda r: ({}, {}),
        "mix": lambda r: ({}, {}),
        "calls": lambda r: ({"contact": "call"}, {"contact": "call"}),
        "export_calls": lambda r: ({"export": "calls"}, {"export": "calls"}),
    }
    share = firm.array("share")
    tagged = np.array([bool(c.prefix) for c in firm.channels])
    paid = np.array([c.paid for c in firm.channels])
    ways = np.array([c.id != "direct" for c in firm.channels])

    def channel(mask):
        def draw(r):
            weights = share * mask
            i = int(r.choice(len(share), p=weights / weights.sum()))
            return {"channel": firm.channels[i].id}, {"channel": i}

        return draw

    found["channel"] = channel(ways)
    for name, mask in (("tagged", tagged), ("ad", paid)):
        if mask.any():
            found[name] = channel(mask)

    def one(key, names, weights):
        def draw(r):
            w = np.array(weights, float) ** 0.5
            i = int(r.choice(len(names), p=w / w.sum()))
            return {key: names[i]}, {key: i}

        return draw

    mean_page = firm.array("share") @ firm.page_share
    found["page"] = one("page", firm.pages, mean_page)
    found["linked"] = lambda r: ({}, {})
    if firm.has["lines"]:
        found["line"] = one("line", [n[1:] for n, *_ in firm.lines], [w for *_, w in firm.lines])
        if firm.trunks:
            used = sorted({t for _, _, _, _, t, _ in firm.lines})
            found["trunk"] = lambda r: (lambda i: ({"trunk": firm.trunks[i]}, {"trunk": i}))(int(r.choice(used)))
    if firm.forms:
        names, weights = [f[0] for f in firm.forms], [f[3] for f in firm.forms]
        found["forms"] = lambda r: ({"contact": "form"}, {"contact": "form"})
        found["export_forms"] = lambda r: ({"export": "forms"}, {"export": "forms"})
        found["form"] = one("form", names, weights)
        found["device"] = one("device", DEVICES[:2], [1, 2])
        anywhere = [w if d < 0 else 0 for _, _, d, w in firm.forms]

        def both(r):
            (a, x), (b, y) = one("form", names, anywhere)(r), found["device"](r)
            return {**a, **b}, {**x, **y}

        found["form_device"] = both
    if firm.has["deals"]:
        found["export_deals"] = lambda r: ({"export": "deals"}, {"export": "deals"})
        found["manager"] = one("manager", [m[0] for m in firm.managers], [m[3] for m in firm.managers])
    return found


def kinds(firm, found):
    """Kinds that can happen to this firm."""
    for cause, kind, conversion, hours, severity, where in KINDS:
        fits = [w for w in where if w in found and not (w == "page" and cause == "forms" and not firm.forms)]
        if cause == "forms" and not firm.forms:
            continue
        if conversion == "second" and not firm.has["deals"]:
            continue
        if kind == "client_ids_lost" and not (firm.forms or firm.tracked > 0.3):
            continue
        if fits:
            yield cause, kind, conversion, hours, severity, fits


def moment(r, kind, hours):
    """Start and end. Holes in exports are whole days, at the very end where the export ends early; all else is hourly."""
    shortest, longest = np.log(hours)
    length = int(np.exp(shortest + (longest - shortest) * r.beta(1.5, 1))) * HOUR
    start = int(r.integers(FIRST_WEEK * WEEK, END - 3 * HOUR)) // HOUR * HOUR
    if "days_missing" in kind:
        length = max(round(length / DAY), 1) * DAY
        start = start // DAY * DAY
    if "end_early" in kind:
        length = max(round(length / DAY), 1) * DAY
        start = END - length
    return start, min(start + length, END)


def draw(firm):
    """About one incident in three to four weeks; half of the judged weeks stay free. Some overlap."""
    r = stream(firm.seed, "plan", firm.size)
    found = scopes(firm)
    possible = list(kinds(firm, found))
    causes = sorted({k[0] for k in possible})
    weights = np.array([CAUSES[c] for c in causes], float)
    plan, touched, seen = [], set(), {}
    room = int((WEEKS - JUDGED_FROM) * (1 - QUIET_SHARE))
    wanted = int(r.integers(14, 20))
    for _ in range(400):
        if len(plan) == wanted:
            break
        w = weights * np.array([0.35 ** seen.get(c, 0) for c in causes])
        cause = str(r.choice(causes, p=w / w.sum()))
        options = [k for k in possible if k[0] == cause]
        _, kind, conversion, hours, severity, where = options[r.integers(len(options))]
        start, end = moment(r, kind, hours)
        weeks = set(range(start // WEEK, (end - 1) // WEEK + 1))
        crossing = any(start < p.end + DAY and p.start < end + DAY for p in plan)
        if len(touched | weeks) > room or (crossing and r.random() < 0.8):
            continue
        scope, sel = found[where[0] if r.random() < 0.35 else str(r.choice(where))](r)
        if kind == "client_ids_lost":
            scope, sel = linked(firm, r)
        touched |= weeks
        seen[cause] = seen.get(cause, 0) + 1
        plan.append(
            Incident(
                "",
                cause,
                kind,
                conversion,
                scope,
                sel,
                start,
                end,
                round(float(r.uniform(*severity)), 2),
                traits={
                    "rows": bool(r.random() < 0.5),
                    "congestion": bool(r.random() < 0.4),
                    "redial": r.uniform(0.35, 0.75),
                },
            )
        )
    plan.sort(key=lambda i: (i.start, i.kind))
    for number, incident in enumerate(plan):
        incident.id, incident.number = f"I{number + 1:02d}", number
    return plan


def linked(firm, r):
    """Where client ids can be lost: at both kinds of contact or at one."""
    able = (
        ([""] if firm.forms and firm.tracked else [])
        + (["form"] if firm.forms else [])
        + (["call"] if firm.tracked else [])
    )
    contact = str(r.choice(able))
    return ({"contact": contact}, {"contact": contact}) if contact else ({}, {})
