"""Sessions: rows drawn from the counts, the people behind them, and what incidents do to who comes."""

from dataclasses import dataclass

import numpy as np

import catalog
from clock import DAY, HOUR
from firm import Firm
from latent import Latent

LONG_WAY_BACK = 11 * DAY


@dataclass
class Rows:
    """Sessions as parallel arrays, sorted by time. Regions beyond the firm's own are the far cities."""

    t: np.ndarray
    channel: np.ndarray
    page: np.ndarray
    device: np.ndarray
    region: np.ndarray
    p: np.ndarray            # expected inquiries of the session
    p_form: np.ndarray       # of these, by form
    extra: np.ndarray        # number of the incident that brought it, -1 for the people who come anyway

    def __len__(self):
        return len(self.t)

    def take(self, index):
        """Some of the rows, in the order of `index`."""
        return Rows(*(getattr(self, k)[index] for k in self.__dataclass_fields__))


def normal(firm: Firm, latent: Latent) -> Rows:
    """Everybody who would come if nothing happened."""
    return _draw(firm, latent, firm.rng(3), latent.visits, -1, 1.0)


def with_incidents(firm: Firm, latent: Latent, base: Rows, incidents: list) -> Rows:
    """Those who come in fact: some stay away, others come who would not have."""
    rng = firm.rng(4)
    keep = np.ones(len(base), bool)
    extras = []
    for number, one in enumerate(incidents):
        part = rows_between(base, one.start, one.end)
        share = thinning(firm, one, base, part)
        keep[part] &= rng.random(part.stop - part.start) >= share
        drawn = _extra(firm, latent, rng, one, number)
        if drawn is not None:
            extras.append(drawn)
    rows = base.take(np.flatnonzero(keep))
    for e in extras:
        rows = Rows(*(np.concatenate([getattr(rows, k), getattr(e, k)]) for k in Rows.__dataclass_fields__))
    if extras:
        rows = rows.take(np.argsort(rows.t, kind="stable"))
    for one in incidents:
        if one.kind.name == "worse_offer":
            rows.p[(rows.t >= one.start) & (rows.t < one.end)] *= 1 - one.severity
        if one.kind.name == "other_regions":
            part = rows_between(rows, one.start, one.end)
            moved = (rows.channel[part] == channel_index(firm, one.scope["channel"])) & (
                rng.random(part.stop - part.start) < one.severity)
            rows.region[part][moved] = _far(firm, rng, int(moved.sum()))
    return rows


def rows_between(rows, start, end) -> slice:
    """Rows of a time window."""
    return slice(*np.searchsorted(rows.t, [start, end]))


def channel_index(firm, cid) -> int:
    """Position of a channel in the firm's list."""
    return [c.id for c in firm.channels].index(cid)


def thinning(firm, one, base, part) -> np.ndarray:
    """Share of the sessions in `part` that an incident keeps away."""
    kind = one.kind
    share = np.zeros(part.stop - part.start)
    if kind.layer == "traffic":
        cid = one.scope.get("channel")
    elif kind.layer == "mix":
        cid = one.opts["good"]
    elif kind.layer == "extra" and one.opts["replaces"]:
        cid = one.scope["channel"]
    else:
        return share
    if cid is None:
        share[:] = one.severity
    else:
        share[base.channel[part] == channel_index(firm, cid)] = one.severity
    return share


def _extra(firm, latent, rng, one, number):
    """Sessions that only an incident brings."""
    if one.kind.layer not in ("extra", "mix"):
        return None
    hours = np.arange(firm.clock.hours)
    inside = (hours * HOUR >= one.start) & (hours * HOUR < one.end)
    shape = np.zeros_like(latent.visits)
    if one.kind.layer == "mix":
        cheap, good = channel_index(firm, one.opts["cheap"]), channel_index(firm, one.opts["good"])
        moved = one.severity * latent.visits[inside, good].sum()
        shape[inside, cheap] = latent.visits[inside, cheap] * moved / latent.visits[inside, cheap].sum()
        return _draw(firm, latent, rng, shape, number, 1.0)
    c = channel_index(firm, one.scope["channel"])
    if one.kind.name == "bots":
        # Robots do not sleep, and their number has nothing to do with the channel's own.
        total = one.severity * latent.visits[inside].sum()
        shape[inside, c] = total / inside.sum() * rng.gamma(2, 0.5, int(inside.sum()))
    else:
        size = one.severity
        if one.kind.name == "weak_surge":
            # At least a fifth of the whole traffic: nobody calls less a surge.
            size = max(size, 0.2 * latent.visits[inside].sum() / latent.visits[inside, c].sum() * (0.5 + one.severity))
        elif not one.opts["replaces"]:
            size = one.severity / (1 - one.severity)
        one.opts["size"] = size
        curve = np.exp(-np.linspace(0, 2.5, int(inside.sum()))) * 2.2 if one.opts["fades"] else 1.0
        shape[inside, c] = latent.visits[inside, c] * size * curve
    return _draw(firm, latent, rng, shape, number, one.opts["weak"], far=one.kind.name == "untargeted")


def _draw(firm, latent, rng, intensity, extra, weak, far=False) -> Rows:
    """Rows of Poisson counts of an intensity by hour and channel, spread over pages, devices and regions."""
    counts = rng.poisson(intensity)
    n_ch = counts.shape[1]
    cell = np.repeat(np.arange(counts.size), counts.ravel())
    hour, channel = cell // n_ch, (cell % n_ch).astype(np.int16)
    t = hour * HOUR + rng.integers(0, HOUR, len(cell))
    order = np.argsort(t, kind="stable")
    t, channel = t[order], channel[order]
    n = len(t)
    week = t // (7 * DAY)
    page = (rng.random(n)[:, None] > latent.page_mix[week, channel]).sum(1).clip(max=len(firm.pages) - 1).astype(np.int16)
    mobile = np.array([c.mobile for c in firm.channels])[channel]
    evening = (t % DAY) // HOUR
    mobile = np.clip(mobile + 0.08 * ((evening >= 19) | (evening < 8)), 0, 0.96)
    u = rng.random(n)
    device = np.where(u < mobile, 1, np.where(u < mobile + 0.03, 2, 0)).astype(np.int16)
    region = np.searchsorted(np.cumsum(firm.p["region_share"]), rng.random(n)).clip(max=len(firm.regions) - 1).astype(np.int16)
    if extra >= 0 and weak == 0.0:
        device[:] = 0
    p, p_form = _chances(firm, latent, t, channel, page, device, region)
    if far:
        away = rng.random(n) < 0.8
        region[away] = _far(firm, rng, int(away.sum()))
    return Rows(t, channel, page, device, region, p * weak, p_form, np.full(n, extra, np.int16))


def _far(firm, rng, n):
    return (len(firm.regions) + rng.integers(0, len(catalog.FAR_CITIES), n)).astype(np.int16)


def _chances(firm, latent, t, channel, page, device, region):
    """Expected inquiries of each session, and the share of forms among them. At night nobody dials."""
    p = firm.p
    mean = [np.average(p["page_rate"], weights=p["page_share"]), np.average(p["region_rate"], weights=p["region_share"]),
            np.average(p["device_rate"], weights=[0.4, 0.57, 0.03])]
    rate = latent.rate[t // DAY, channel] * p["page_rate"][page] * p["region_rate"][region] * p["device_rate"][device]
    rate /= np.prod(mean)
    forms = p["forms_share"]
    if 0 < forms < 1:
        logit = np.log(forms / (1 - forms)) + np.array([0.35, -0.35, 0.0])[device]
        forms = 1 / (1 + np.exp(-logit))
    else:
        forms = np.full(len(t), forms)
    dial = (1 - forms) * np.where(firm.phones.is_open(t), 1.15, 0.08)
    chance = np.clip(rate * (forms + dial), 0, 0.45)
    return chance, forms / np.maximum(forms + dial, 1e-9)


def clients(firm: Firm, rows: Rows):
    """Who is behind each session: the session that the visitor came with first, and whether it is this one.

    Those who come back were there some days or weeks ago by the same way, or come back directly."""
    rng = firm.rng(5)
    n = len(rows)
    parent = np.arange(n)
    back = rng.random(n) >= np.array([c.new for c in firm.channels])[rows.channel]
    back &= rows.extra < 0
    wide = np.array([c.id == "direct" for c in firm.channels])[rows.channel] & (rng.random(n) < 0.25)
    since = rows.t - HOUR - rng.exponential(LONG_WAY_BACK, n)
    for c in range(len(firm.channels)):
        mine = np.flatnonzero(rows.channel == c)
        who = mine[back[mine] & ~wide[mine]]
        at = np.searchsorted(rows.t[mine], since[who]) - 1
        ok = at >= 0
        parent[who[ok]] = mine[at[ok]]
    who = np.flatnonzero(back & wide)
    at = np.searchsorted(rows.t, since[who]) - 1
    parent[who[at >= 0]] = at[at >= 0]
    robots = rows.extra[parent] >= 0
    parent[robots] = np.flatnonzero(robots)
    while True:
        grand = parent[parent]
        if np.array_equal(grand, parent):
            break
        parent = grand
    return parent, parent == np.arange(n)
