"""What each incident cost, counted: the world with it and with nothing else against the world without any.

What is counted depends on what the incident does:
- it takes inquiries or sales away: those that are missing in its scope;
- it changes the traffic of its scope: the scope's inquiries times the share of sessions that is missing;
- it changes how traffic converts: the scope's inquiries times the share by which inquiries per session are lower.
"""

import json
from datetime import datetime, timedelta

import numpy as np

from contacts import FIRST, KNOWN, inquiries
from deals import effect_of, in_scope, settle
from effects import apply, gate
from plan import JUDGED_FROM
from rhythm import SPAN
from scope import covers
from tables import DAY, LEAD, WEEK, WEEKS, inside
from world import together

TRAFFIC = ("channel_stops", "channel_falls", "all_fall", "counter_lost", "utm_lost")
MIX = (
    "cheap_grow",
    "good_shrink",
    "both",
)  # here only inquiries from the site convert worse, not those of known customers
CONVERTS = ("weak_surge", "untargeted", "bots", "cheap_grow", "good_shrink", "both", "tag_doubled")


def week_names(firm):
    names = []
    for w in range(WEEKS):
        year, week, _ = (firm.monday + timedelta(weeks=w)).isocalendar()
        names.append(f"{year}-W{week:02d}")
    return names


def sessions(world, incident):
    """(moments, weights) of the rows of sessions that the scope would show."""
    v = world.visits
    mask = ~v["gone"] & ~v["hidden"]
    if "channel" in incident.sel:
        mask &= (v["ch"] == incident.sel["channel"]) & ~v["untag"]
    if "page" in incident.sel:
        mask &= v["page"] == incident.sel["page"]
    return v["t"][mask], 1 + v["double"][mask]


def openings(world, incident, rows, site=False):
    """Moments of the scope's inquiries."""
    c = {k: v[rows] for k, v in world.contacts.items()}
    mask = covers(world.firm, incident, c, every=True)
    if incident.kind == "client_ids_lost":
        mask &= c["known"] & ~c["unlinked"]
    if site:
        mask &= c["v"] >= 0
    return c["t"][mask]


def sales(firm, incident, d, recorded):
    """Moments of the scope's sales: by inquiry, but by closing where closings are late, by entry where deals are missing."""
    mask = d["sold"] & in_scope(firm, d, incident.sel)
    by = {"bulk_closing": "closed" if recorded else "decided", "deals_days_missing": "made", "deals_end_early": "made"}
    return d[by.get(incident.kind, "asked")][mask]


def count(t, window, weights=None):
    mask = inside(t, *window)
    return float(mask.sum() if weights is None else weights[mask].sum())


class Counter:
    """Counts of one incident for any window: `expected` without it, `lost` through it."""

    def __init__(self, clean, deals, rows, incident, part):
        self.incident, firm = incident, clean.firm
        parts = [(clean.visits, clean.cases, clean.contacts)] + ([part] if part else [])
        world = gate(apply(together(firm, clean.rhythm, parts) if part else clean, incident))
        if incident.conversion == "second":
            effect = effect_of(incident)
            after = settle(world, [effect] if effect else [])
            self.before, self.after = sales(firm, incident, deals, False), sales(firm, incident, after, True)
            if incident.kind == "entered_twice":
                shown = after["shown"] & in_scope(firm, after, incident.sel)
                self.made, self.twice = after["asked"][shown], after["asked"][shown & after["twice"]]
        else:
            self.before = openings(clean, incident, rows)
            self.after = openings(world, incident, inquiries(world.contacts))
            if incident.kind in MIX:
                self.site = [openings(w, incident, inquiries(w.contacts), True) for w in (clean, world)]
            if incident.kind in TRAFFIC + CONVERTS:
                self.sessions_before, self.sessions_after = sessions(clean, incident), sessions(world, incident)

    def expected(self, window):
        return count(self.before, window)

    def lost(self, window):
        kind, n0, n1 = self.incident.kind, count(self.before, window), count(self.after, window)
        if kind == "entered_twice":
            deals, twice = count(self.made, window), count(self.twice, window)
            return n0 * twice / (deals + twice) if deals else 0.0
        if kind not in TRAFFIC + CONVERTS:
            return n0 - n1
        s0, s1 = (
            count(self.sessions_before[0], window, self.sessions_before[1]),
            count(self.sessions_after[0], window, self.sessions_after[1]),
        )
        if not n0 or not s0:
            return 0.0
        if kind in TRAFFIC:
            return n0 * (1 - s1 / s0)
        before, after = [count(t, window) for t in self.site] if kind in MIX else (n0, n1)
        return before * (1 - after / before * s0 / s1) if s1 and before else 0.0


def sigma(lost, expected):
    return lost / np.sqrt(expected + (0.06 * expected) ** 2) if expected else 0.0


def figures(counter, window):
    expected, lost = counter.expected(window), counter.lost(window)
    return {
        "expected": round(expected, 1),
        "lost": round(lost, 1) + 0.0,
        "sigma": round(float(sigma(lost, expected)), 2) + 0.0,
    }


def label(firm, incident, counter, names):
    start, end = incident.start, incident.end
    weeks = []
    for w in range(start // WEEK, (end - 1) // WEEK + 1):
        part = (max(start, w * WEEK), min(end, (w + 1) * WEEK))
        if part[1] - part[0] >= DAY or part == (start, end):
            whole = counter.expected((w * WEEK, (w + 1) * WEEK))
            found = figures(counter, part)
            weeks.append(
                {
                    "week": names[w],
                    **found,
                    "week_expected": round(whole, 1),
                    "week_sigma": round(float(sigma(found["lost"], whole)), 2),
                }
            )
    zero = datetime(firm.monday.year, firm.monday.month, firm.monday.day)
    return {
        "id": incident.id,
        "cause": incident.cause,
        "kind": incident.kind,
        "conversion": incident.conversion,
        "scope": incident.scope,
        "start": (zero + timedelta(seconds=start)).strftime("%Y-%m-%dT%H:%M"),
        "end": (zero + timedelta(seconds=end)).strftime("%Y-%m-%dT%H:%M"),
        "severity": incident.severity,
        **figures(counter, (start, end)),
        "weeks": weeks,
    }


def seasonal_weeks(clean):
    """Weeks in which calendar and season alone put inquiries a tenth or more below the four weeks before.

    The people of each day are weighed so that their day counts as the calendar says, without noise and drift; each is
    counted when he gets in touch, which may be after the holidays. Known customers call when the doors are open.
    """
    rhythm, c = clean.rhythm, clean.contacts
    first = (c["cat"] == FIRST) & ~c["gone"]
    came = np.clip(clean.cases["t"][c["case"][first]] // DAY + LEAD, 0, SPAN - 1)
    weight = rhythm.calm / np.maximum(np.bincount(came, minlength=SPAN), 1)
    day = np.clip(c["t"][first] // DAY + LEAD, 0, SPAN - 1)
    expected = np.bincount(day, weight[came], SPAN)
    known = (rhythm.closes > rhythm.opens) * rhythm.calm**0.3
    known = known / known.sum() * expected.sum() * (c["cat"] == KNOWN).sum() / first.sum()
    by_week = (expected + known)[LEAD:].reshape(-1, 7).sum(1)
    return [w for w in range(4, WEEKS) if by_week[w] <= 0.9 * by_week[w - 4 : w].mean()]


def write(path, firm, clean, plan, parts):
    names = week_names(firm)
    deals, rows = settle(clean), inquiries(clean.contacts)
    incidents = [label(firm, i, Counter(clean, deals, rows, i, part), names) for i, part in zip(plan, parts)]
    out = {
        "generator": "branches",
        "firm": f"branches-{firm.size}-{firm.seed}",
        "seed": firm.seed,
        "size": firm.size,
        "weeks": names,
        "judged": names[JUDGED_FROM:],
        "incidents": incidents,
        "seasonal": [names[w] for w in seasonal_weeks(clean)],
    }
    path.write_text(json.dumps(out, ensure_ascii=False, indent=1) + "\n")
    return out
