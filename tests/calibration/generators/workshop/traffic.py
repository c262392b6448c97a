"""Visits of the site: how many by day and channel, who, where from, what they did."""

import numpy as np

from firm import DAY, DAYS, WEEKS


def _walk(rng, deviation, shape):
    """Weekly AR(1) of the given stationary deviation that forgets in about ten weeks."""
    out = np.zeros(shape)
    for week in range(1, shape[0]):
        out[week] = 0.9 * out[week - 1] + rng.normal(0, deviation * np.sqrt(1 - 0.81), shape[1:])
    return out


def _shocks(rng, deviation, shape, heavy):
    """Noise of single weeks; in some firms with heavy tails (Student's t with 5 degrees of freedom)."""
    return deviation * (rng.standard_t(5, shape) * np.sqrt(3 / 5) if heavy else rng.normal(0, 1, shape))


def intensities(rng, firm):
    """Expected visits by day and channel, and the rate of getting in touch by day and channel, both without incidents."""
    noise, habits = firm.parameters["noise"], firm.parameters["habits"]
    count = len(firm.channels)
    week = np.arange(DAYS) // 7
    day = np.arange(DAYS)
    year = np.sin(2 * np.pi * day / 365.25 + noise["phase"])
    weekly = (
        _shocks(rng, noise["common"], (WEEKS, 1), noise["heavy"])
        + _shocks(rng, noise["channel"], (WEEKS, count), noise["heavy"])
        + _walk(rng, 3 * noise["drift"], (WEEKS, count))
    )
    share = np.array([channel.share for channel in firm.channels])
    visits = (
        firm.weekly
        / 7
        * share
        * np.exp(weekly[week])
        * (habits["weekday"][firm.weekday] * np.exp(noise["growth"] * week + noise["yearly"] * year))[:, None]
    )
    visits *= np.exp(rng.normal(0, noise["day"], (DAYS, 1)))
    weekly = (
        _shocks(rng, noise["rate_common"], (WEEKS, 1), noise["heavy"])
        + _shocks(rng, noise["rate_channel"], (WEEKS, count), noise["heavy"])
        + _walk(rng, 2 * noise["rate_drift"], (WEEKS, count))
    )
    rate = np.array([channel.rate for channel in firm.channels]) * np.exp(weekly[week])
    rate *= (habits["weekday_rate"][firm.weekday] * np.exp(noise["yearly_rate"] * year))[:, None]
    festive = calendar_factors(firm)
    return visits * festive["visits"][:, None], rate * festive["rate"][:, None], festive


def calendar_factors(firm):
    """What days off and the yearly slump leave of visits and of rates, by day."""
    calendar = firm.parameters["calendar"]
    visits, rate = np.ones(DAYS), np.ones(DAYS)
    for kind, on_visits, on_rate in (
        (1, calendar["off_visits"], calendar["off_rate"]),
        (2, calendar["year_visits"], calendar["year_rate"]),
    ):
        visits[firm.off == kind] *= on_visits
        rate[firm.off == kind] *= on_rate
    if calendar["slump"] is not None:
        for first in (calendar["slump"], calendar["slump"] + 52):
            span = slice(first * 7, min(DAYS, (first + calendar["slump_weeks"]) * 7))
            rate[span] *= calendar["slump_rate"]
    return {"visits": visits, "rate": rate}


def extra(firm, incidents):
    """Real visits that a mix shift adds, by day and channel: a factor."""
    out = np.ones((DAYS, len(firm.channels)))
    for incident in incidents:
        if incident.code == "mix_shift":
            span = slice(incident.start // DAY, -(-incident.end // DAY))
            out[span, incident.pick["channel"]] *= 1 + incident.severity
            if incident.pick["down"] is not None:
                out[span, incident.pick["down"]] *= incident.pick["keep"]
    return out


def draw(rng, firm, counts, junk=None):
    """Visits for counts by day and channel, by time. `junk` makes them a channel's bots."""
    flat = np.repeat(np.arange(counts.size), counts.ravel())
    day, channel = np.divmod(flat, counts.shape[1])
    size = len(day)
    hour = rng.choice(24, size, p=firm.parameters["habits"]["hours"] if junk is None else np.full(24, 1 / 24))
    visits = {
        "t": day * DAY + hour * 3600 + rng.integers(0, 3600, size),
        "ch": channel.astype(np.int16),
        "u": rng.random(size),
    }

    def of(name):
        return np.array([getattr(c, name) for c in firm.channels])[channel]

    draw_device = rng.random(size)
    visits["dev"] = np.where(draw_device < of("mobile"), 1, np.where(draw_device > 0.97, 2, 0)).astype(np.int8)
    visits["new"] = rng.random(size) < of("new")
    visits["page"] = _page(rng, firm, channel)
    local = rng.random(size) < of("local")
    visits["city"] = np.where(local, 0, 1 + rng.choice(len(firm.cities) - 1, size, p=firm.parameters["cities"])).astype(
        np.int16
    )
    bounce = rng.random(size) < of("bounce")
    visits["pv"] = np.where(bounce, 1, 1 + rng.poisson(1.6, size))
    visits["dur"] = np.where(
        bounce, rng.integers(0, 15, size), np.clip(rng.lognormal(4.3, 0.9, size), 15, 3600)
    ).astype(int)
    visits["bounce"] = bounce
    visits["junk"] = np.zeros(size, bool)
    if junk is not None:
        _robots(rng, visits, size)
    return visits


def _robots(rng, visits, size):
    visits["junk"][:] = True
    robot = rng.random(size) < rng.uniform(0.7, 0.97)
    visits["bounce"] |= robot
    visits["pv"][robot], visits["dur"][robot] = 1, rng.integers(0, 3, int(robot.sum()))
    visits["new"] |= rng.random(size) < 0.9
    abroad = rng.random(size) < rng.uniform(0.2, 0.9)
    visits["city"][abroad] = -1 - rng.integers(0, 6, int(abroad.sum()))
    visits["u"][:] = 1.0


def _page(rng, firm, channel):
    share = np.cumsum(firm.parameters["pages"]["share"], axis=1)
    draw = rng.random(len(channel))
    out = np.zeros(len(channel), np.int16)
    for index in range(share.shape[1] - 1):
        out += draw > share[channel, index]
    return out


def merge(*parts):
    """One set of visits by time."""
    out = {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}
    order = np.argsort(out["t"], kind="stable")
    return {key: values[order] for key, values in out.items()}


def clients(rng, firm, visits):
    """Gives every visit a client: a new one, or somebody who was new in the last three weeks."""
    size = len(visits["t"])
    first = np.flatnonzero(visits["new"] & ~visits["junk"])
    times = visits["t"][first]
    low, high = np.searchsorted(times, visits["t"] - 21 * DAY), np.searchsorted(times, visits["t"])
    back = ~visits["new"] & ~visits["junk"] & (high > low)
    chosen = first[np.minimum(low + (rng.random(size) * (high - low)).astype(int), max(len(first) - 1, 0))]
    owner = np.where(back, chosen, np.arange(size))
    for key in ("dev", "city"):
        visits[key] = visits[key][owner]
    visits["owner"] = owner
    visits["new"] = ~back & visits["new"]


def rate_of(firm, visits, rate):
    """Probability that a visit gets in touch: the day's and channel's, shaped by page, device and place."""
    tables = firm.parameters["pages"]
    shape = (
        tables["rate"][visits["page"]]
        * firm.parameters["device_rate"][visits["dev"]]
        * np.where(visits["city"] < 0, 0, firm.parameters["city_rate"][np.maximum(0, visits["city"])])
    )
    total = np.bincount(visits["ch"], shape, minlength=len(firm.channels)) / np.maximum(
        1, np.bincount(visits["ch"], ~visits["junk"], minlength=len(firm.channels))
    )
    return np.where(
        visits["junk"],
        0,
        np.clip(rate[visits["t"] // DAY, visits["ch"]] * shape / np.maximum(total, 1e-9)[visits["ch"]], 0, 0.9),
    )


def simulate(rng, firm, incidents):
    """All visits that really happened or would have, with the probability of getting in touch. Nothing is removed yet."""
    volume, rate, festive = intensities(rng, firm)
    counts = rng.poisson(volume * extra(firm, incidents))
    parts = [draw(rng, firm, counts)]
    for incident in incidents:
        if incident.kind == "bots":
            inside = np.array([incident.on(np.arange(24) * 3600 + day * DAY).mean() for day in range(DAYS)])
            added = np.zeros_like(counts)
            added[:, incident.pick["channel"]] = rng.poisson(
                volume[:, incident.pick["channel"]] * inside * incident.severity
            )
            parts.append(draw(rng, firm, added, junk=True))
    visits = merge(*parts)
    clients(rng, firm, visits)
    visits["p"] = rate_of(firm, visits, rate)
    visits["lost"] = np.full(len(visits["t"]), -1, np.int16)
    return visits, volume, rate, festive
