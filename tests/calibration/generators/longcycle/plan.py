"""Plans which incidents befall a firm, and when. At least half of the judged weeks stay free of any."""

from dataclasses import dataclass, field

import numpy as np

from clock import DAY, HOUR, WEEK
from firm import Firm
from kinds import KINDS, Kind

JUDGED_FROM = 10
# An incident of another kind at the same place would make either of them unknowable.
CLASHES = [{"call"}, {"form", "client"}, {"traffic", "extra", "mix", "sessions", "utm", "gap"}, {"win", "closing"}, {"rate"}]


@dataclass(eq=False)
class Incident:
    """One incident, with the seconds of its begin and end and all that the layers need to know about it."""

    kind: Kind
    scope: dict
    start: int
    end: int
    severity: float
    opts: dict = field(default_factory=dict)
    # What it did to single inquiries: their rows and the factor of their chance to buy (layer `win`).
    hit: np.ndarray = None
    factor: np.ndarray = None

    def weeks(self):
        """Weeks that it touches for a day at least, or in which it lies whole."""
        for w in range(self.start // WEEK, (self.end - 1) // WEEK + 1):
            inside = min(self.end, (w + 1) * WEEK) - max(self.start, w * WEEK)
            if inside >= DAY or inside == self.end - self.start:
                yield w

    def active(self, t):
        """Whether it bites at the time `t`; intermittent faults have hours of their own."""
        on = (t >= self.start) & (t < self.end)
        hours = self.opts.get("hours")
        if hours is not None:
            on &= hours[np.clip(t // HOUR, 0, len(hours) - 1).astype(int)]
        return on


def plan(firm: Firm) -> list:
    """Incidents in order of their start, about one in three or four weeks."""
    rng = firm.rng(2)
    weeks = firm.clock.weeks
    wanted = round((weeks - JUDGED_FROM) / rng.uniform(3.2, 4.3))
    budget = int(0.5 * (weeks - JUDGED_FROM))
    possible = [k for k in KINDS if k.needs(firm)]
    found, order = [], []
    for _ in range(wanted * 12):
        if len(found) >= wanted:
            break
        if not order:
            order = [str(c) for c in rng.permutation(sorted({k.cause for k in possible}))]
        candidates = [k for k in possible if k.cause == order[-1]]
        kind = candidates[int(rng.integers(len(candidates)))]
        for shrink in (1.0, 0.6, 0.35, 0.2):
            one = _draw(firm, rng, kind, shrink)
            if one and not any(_clash(one, other) for other in found) and len(_touched(found + [one])) <= budget:
                found.append(one)
                order.pop()
                break
        else:
            if rng.random() < 0.3:
                order.pop()
    return sorted(found, key=lambda i: (i.start, i.kind.name))


def _draw(firm, rng, kind, shrink):
    low, high = kind.hours
    hours = int(round(np.exp(rng.uniform(np.log(low), np.log(max(low + 1, high * shrink))))))
    end_of_history = firm.clock.end
    first = (JUDGED_FROM - 1) * WEEK
    start = int(rng.integers(first, end_of_history - 2 * DAY)) // HOUR * HOUR
    if kind.layer == "gap":
        start, hours = start // DAY * DAY, max(1, round(hours / 24)) * 24
    if kind.name == "ends_early":
        start = end_of_history - hours * HOUR
    if kind.name == "release":
        # Releases go out when somebody is there to regret them.
        day = start // DAY
        start = (day - max(0, firm.clock.dow[day] - 4)) * DAY + int(rng.integers(10, 20)) * HOUR
    end = min(start + hours * HOUR, end_of_history - (2 * DAY if kind.layer == "closing" else 0))
    if end - start < kind.hours[0] * HOUR or start < first:
        return None
    one = Incident(kind, kind.scope(firm, rng), start, end, round(float(rng.uniform(*kind.severity)), 3))
    if not list(one.weeks()) or not _options(firm, rng, one):
        return None      # a night from Sunday to Monday would be an incident that no week is to answer for
    return one if rng.random() < max(0.25, min(1.0, _size(firm, one) / 2.5)) else None


def _size(firm, one):
    """Roughly how many deviations an incident will cost. Small ones happen, but not so often that they are all there is."""
    p, scope = firm.p, one.scope
    weights = {c.id: c.share * c.rate for c in firm.channels}
    n = firm.inquiries_per_week * (one.end - one.start) / WEEK
    if "channel" in scope:
        n *= weights[scope["channel"]] / sum(weights.values())
    if "page" in scope:
        n *= p["page_share"][firm.pages.index(scope["page"])]
    if one.kind.layer == "form" or "form" in (scope.get("contact"), scope.get("export")):
        n *= p["forms_share"]
    if one.kind.layer == "call" or "call" in (scope.get("contact"), scope.get("export")):
        n *= 1 - p["forms_share"]
    if "form" in scope:
        n *= firm.form_by_page.mean(0)[firm.forms.index(scope["form"])]
    if "device" in scope:
        n *= 0.5
    if "manager" in scope:
        n *= p["load"][firm.managers.index(scope["manager"])]
    if one.kind.conversion == "second":
        n *= p["win"]
    share = one.opts.get("moves", one.severity)
    return share * n / np.sqrt(n + (0.06 * n) ** 2 + 0.01)


def _options(firm, rng, one):
    """Details that are drawn once for the whole incident."""
    name, scope, opts = one.kind.name, one.scope, one.opts
    opts["salt"] = int(rng.integers(1 << 30))
    if name == "intermittent":
        opts["hours"] = rng.random(firm.clock.hours) < 1 / 3
    if one.kind.layer in ("call", "form"):
        opts["retry"] = _retry(firm, one)
        opts["leaves_rows"] = float(rng.uniform(0.2, 0.7)) if name == "down_failed" else 0.0
        opts["word"] = str(rng.choice(["failed", "busy"]))
        # A form that dies behind the browser still fires its goal.
        opts["goal_fires"] = bool(rng.random() < 0.35)
    if one.kind.layer == "extra":
        opts["weak"] = {"weak_surge": float(rng.uniform(0.08, 0.35)), "untargeted": float(rng.uniform(0.02, 0.1)),
                        "bots": 0.0}[name]
        opts["replaces"] = bool(name == "untargeted" and rng.random() < 0.5)
        opts["fades"] = bool(name == "weak_surge" and rng.random() < 0.5)
    if name == "mix" and not _mix(firm, rng, one):
        return None
    if name == "utm_lost":
        opts["turns_referral"] = bool(rng.random() < 0.35)
    if name == "ends_early" and scope["export"] == "deals":
        opts["conversion"] = "second"
    return one


def _mix(firm, rng, one):
    """A good channel that many come by, and a cheap one; nobody would notice the others."""
    mean = sum(c.share * c.rate for c in firm.channels)
    pairs = [(good, cheap, one.severity * good.share * (good.rate - cheap.rate) / mean)
             for good in firm.channels for cheap in firm.channels if cheap.share > 0.05]
    pairs = sorted((p for p in pairs if p[2] > 0.06), key=lambda p: -p[2])[:3]
    if not pairs:
        return False
    good, cheap, moves = pairs[int(rng.integers(len(pairs)))]
    one.opts.update(good=good.id, cheap=cheap.id, moves=moves)
    return True


def _retry(firm, one):
    """Share of the lost who come by another way. Where there is none they wait for the end, if it comes soon."""
    other_line = "line" in one.scope and len(firm.lines) > 1
    other_form = any(k in one.scope for k in ("form", "page", "device")) and len(firm.forms) > 1
    if one.kind.layer == "call":
        possible = firm.has["forms"] or other_line
    else:
        possible = firm.has["calls"] or other_form
    if possible or one.end - one.start < 36 * HOUR:
        return firm.p["retry"]
    return 0.0


def _clash(one, other):
    overlap = one.start < other.end and other.start < one.end
    same = one.kind.cause == other.kind.cause or any(
        one.kind.layer in group and other.kind.layer in group for group in CLASHES)
    return overlap and same


def _touched(incidents):
    weeks = set()
    for i in incidents:
        weeks.update(range(max(i.start // WEEK, JUDGED_FROM), (i.end - 1) // WEEK + 1))
    return weeks
