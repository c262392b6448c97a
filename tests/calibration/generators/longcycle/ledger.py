"""What each incident cost: expected without it and lost by it, from the simulation's own intensities.

First conversion: sums of the chances of the sessions (and of the hourly intensities of callers without a visit) that would
have come, times what the other incidents leave of them. Second conversion: sums of the chances to buy of the inquiries that
really arrived, counting only sales that the history's end and the horizon still let one see.
"""

import numpy as np

import traffic
from clock import DAY, HOUR, WEEK
from contacts import in_scope
from firm import Firm
from handling import total_factor
from plan import JUDGED_FROM, Incident

NOISE = 0.06
SEASONAL_FALL = 0.9


class Exposure:
    """Chances of inquiries, sorted by time: of sessions and of paper callers alike."""

    def __init__(self, firm: Firm, latent, base: traffic.Rows, rows: traffic.Rows):
        self.firm, self.rows = firm, rows
        hours, n_lines = latent.offline.shape
        t = np.repeat(np.arange(hours) * HOUR, n_lines)
        none = np.full(len(t), -1, np.int16)
        line = np.array([c.line for c in firm.channels])[base.channel]
        joined = {
            "t": (base.t, t), "channel": (base.channel, none), "page": (base.page, none), "device": (base.device, none),
            "w": (base.p, latent.offline.ravel()), "p_form": (base.p_form, np.zeros(len(t))),
            "line": (line, np.tile(np.arange(n_lines), hours)), "visit": (np.ones(len(base), bool), np.zeros(len(t), bool))}
        order = np.argsort(np.concatenate(joined["t"]), kind="stable")
        for name, parts in joined.items():
            setattr(self, name, np.concatenate(parts)[order])

    def part(self, start, end) -> slice:
        """Rows of a window."""
        return slice(*np.searchsorted(self.t, [start, end]))

    def in_scope(self, one: Incident, part: slice) -> np.ndarray:
        """Share of each row's inquiries that an incident's scope is about."""
        firm, scope = self.firm, one.scope
        s = np.ones(part.stop - part.start)
        if "channel" in scope:
            s *= self.channel[part] == traffic.channel_index(firm, scope["channel"])
        if "page" in scope:
            s *= self.page[part] == firm.pages.index(scope["page"])
        if "device" in scope:
            s *= self.device[part] == {"desktop": 0, "mobile": 1}[scope["device"]]
        layer, export = one.kind.layer, scope.get("export")
        if layer in ("form", "client") or scope.get("contact") == "form" or export == "forms":
            s *= self.p_form[part]
        if "form" in scope:
            s *= np.where(self.page[part] >= 0, firm.form_by_page[self.page[part], firm.forms.index(scope["form"])], 0)
        if layer == "call" or export == "calls":
            s *= 1 - self.p_form[part]
        if "line" in scope:
            s *= self.line[part] == firm.lines.index(scope["line"])
        if layer == "traffic":
            s *= self.visit[part]      # who calls from paper does not come less because the site is visited less
        return s

    def lost_share(self, one: Incident, part: slice) -> np.ndarray:
        """Share of each row's inquiries that an incident takes away for good."""
        layer = one.kind.layer
        on = one.active(self.t[part])
        if layer in ("call", "form"):
            return self.in_scope(one, part) * on * one.severity * (1 - one.opts["retry"])
        if layer in ("traffic", "mix", "extra"):
            return traffic.thinning(self.firm, one, self, part) * self.visit[part] * on
        if layer == "rate":
            return on * self.visit[part] * one.severity
        return np.zeros(part.stop - part.start)


def first(ex: Exposure, one: Incident, others: list, start: int, end: int):
    """Expected and lost inquiries of a window."""
    part = ex.part(start, end)
    w = ex.w[part].copy()
    for other in others:
        if other is not one and other.start < end and start < other.end and other.kind.conversion == "first":
            w *= 1 - ex.lost_share(other, part)
    share = ex.in_scope(one, part)
    expected = float((w * share).sum())
    layer = one.kind.layer
    if layer in ("call", "form", "traffic", "rate"):
        return expected, float((w * ex.lost_share(one, part)).sum())
    if layer in ("extra", "mix"):
        thin = ex.lost_share(one, part)
        came = ex.rows.extra == others.index(one)
        came &= (ex.rows.t >= start) & (ex.rows.t < end)
        visits = share * ex.visit[part]
        before_n, before_i = visits.sum(), expected
        after_n = (visits * (1 - thin)).sum() + came.sum()
        after_i = (w * share * (1 - thin)).sum() + ex.rows.p[came].sum()
        if not before_i or not after_n:
            return expected, 0.0
        return expected, expected * (1 - (after_i / after_n) / (before_i / before_n))
    if one.kind.name == "tag_doubled":
        return expected, expected * one.severity / (1 + one.severity)
    return expected, expected * one.severity


def second(firm: Firm, q, h, d, won_at, one: Incident, others: list, start: int, end: int):
    """Expected and lost sales of a window."""
    p = h.p0 * total_factor(len(q), others, without=one)
    seen = (won_at < firm.clock.end) & (won_at - q.t <= firm.p["horizon"] * DAY)
    if one.kind.layer == "closing":
        closing = (won_at >= start) & (won_at < end) & h.crm
        expected = float((p * closing).sum())
        return expected, expected * one.severity
    inside = (q.t >= start) & (q.t < end) & seen & h.crm & ~q.lost
    inside &= in_scope(firm, one, q)
    if "manager" in one.scope:
        inside &= h.manager == firm.managers.index(one.scope["manager"])
    expected = float((p * inside).sum())
    if one.kind.layer == "gap":
        return expected, expected
    loss = np.zeros(len(q))
    if one.hit is not None:
        loss[one.hit] = 1 - one.factor
    if "hidden" in one.opts:
        loss[one.opts["hidden"]] = 1.0
    return expected, float((p * loss * inside).sum())


def labels(firm: Firm, ex: Exposure, q, h, d, won_at, incidents: list, latent) -> dict:
    """The whole labels file."""
    clock = firm.clock
    weeks = [clock.iso_week(w) for w in range(clock.weeks)]
    seasonal = [w for w in range(4, clock.weeks)
                if latent.seasonal[w] <= SEASONAL_FALL * latent.seasonal[w - 4:w].mean()]
    found = []
    for number, one in enumerate(incidents, 1):
        conversion = one.opts.get("conversion", one.kind.conversion)

        def cost(start, end, one=one, conversion=conversion):
            if conversion == "first":
                return first(ex, one, incidents, start, end)
            return second(firm, q, h, d, won_at, one, incidents, start, end)

        found.append({
            "id": f"I{number:02d}", "cause": one.kind.cause, "kind": one.kind.name, "conversion": conversion,
            "scope": one.scope, "start": clock.stamp(one.start), "end": clock.stamp(one.end),
            "severity": round(float(one.opts.get("size", one.severity)), 3), **_cell(*cost(one.start, one.end)),
            "weeks": [{"week": weeks[w], **_cell(*cost(max(one.start, w * WEEK), min(one.end, (w + 1) * WEEK)))}
                      for w in one.weeks()]})
    return {"generator": "longcycle", "firm": f"longcycle-{firm.size}-{firm.seed}", "seed": firm.seed, "size": firm.size,
            "weeks": weeks, "judged": weeks[JUDGED_FROM:], "incidents": found, "seasonal": [weeks[w] for w in seasonal]}


def _cell(expected, lost):
    sigma = lost / np.sqrt(expected + (NOISE * expected) ** 2) if expected > 0 else 0.0
    return {"expected": round(expected, 1), "lost": round(lost, 1), "sigma": round(float(sigma), 2)}
