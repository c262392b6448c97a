"""Latent intensities: how many people would come, ask and buy in each hour if nothing ever broke.

Levels wander (local level), weeks hang together (AR noise), years repeat (season with the firm's own phase), and counts
are wilder than Poisson (gamma-mixed, hence negative binomial).
"""

from dataclasses import dataclass

import numpy as np

from firm import Firm


@dataclass
class Latent:
    """Intensities by hour or day."""

    visits: np.ndarray      # [hour, channel] expected sessions, already gamma-mixed
    rate: np.ndarray        # [day, channel] inquiries per session, for a cell of average page, device, region
    win: np.ndarray         # [day] factor of the second conversion
    offline: np.ndarray     # [hour, line] expected calls of people who were never on the site
    page_mix: np.ndarray    # [week, channel, page] cumulated shares
    seasonal: np.ndarray    # [week] what calendar and season alone make of the inquiries


def build(firm: Firm) -> Latent:
    """All intensities of a firm."""
    rng = firm.rng(1)
    clock, n_ch = firm.clock, len(firm.channels)
    days = clock.days
    calendar = _calendar_factor(firm, rng)
    season, season_rate = _season(firm, rng)
    hours = _hour_profiles(firm)

    wander = _wander(rng, days, n_ch, level=rng.uniform(0.002, 0.009), noise=rng.uniform(0.04, 0.1), phi=0.6)
    trend = rng.normal(0, 0.14) + rng.normal(0, 0.12, n_ch)
    wander += np.outer((np.arange(days) - days / 2) / 365, np.clip(trend, -0.4, 0.4))
    wander += _benign_steps(rng, days, n_ch)
    share = np.array([c.share for c in firm.channels])
    level = np.exp(wander) * (calendar * season)[:, None] * share
    level *= firm.sessions_per_week * clock.weeks / level.sum()
    level *= rng.gamma(k := rng.uniform(60, 200), 1 / k, level.shape)
    weekend = (clock.weekend | clock.holiday)[:days].astype(int)
    visits = (level[:, None, :] * hours[weekend][:, :, None]).reshape(-1, n_ch)
    visits *= rng.gamma(k := rng.uniform(6, 25), 1 / k, visits.shape)

    quiet = np.where(weekend == 1, rng.uniform(0.65, 1.0), 1.0)
    rates = np.array([c.rate for c in firm.channels])
    wander = _wander(rng, days, n_ch, level=rng.uniform(0.001, 0.005), noise=rng.uniform(0.03, 0.09), phi=0.8)
    wander += _wander(rng, days, 1, level=rng.uniform(0.001, 0.004), noise=rng.uniform(0.02, 0.05), phi=0.85)
    rate = np.exp(wander) * rates * (quiet * season_rate)[:, None]
    rate *= rng.gamma(k := rng.uniform(40, 150), 1 / k, rate.shape)
    site = firm.inquiries_per_week * (1 - firm.p["offline"] * firm.has["calls"])
    rate *= site * clock.weeks / (level * rate).sum()

    offline = _offline(firm, rng, calendar * season * season_rate * quiet)
    win = np.exp(_wander(rng, clock.n_ext, 1, level=0.003, noise=0.05, phi=0.9)[:, 0])
    seasonal = (calendar * season * season_rate * quiet).reshape(-1, 7).sum(1)
    return Latent(visits, rate, win, offline, _page_mix(firm, rng), seasonal)


def _wander(rng, n, width, level, noise, phi):
    """Local level plus AR(1) noise, in logarithms, one column each."""
    walk = np.cumsum(rng.normal(0, level, (n, width)), axis=0)
    shocks = rng.normal(0, noise * np.sqrt(1 - phi**2), (n, width))
    ar = np.empty((n, width))
    last = rng.normal(0, noise, width)
    for i in range(n):
        last = phi * last + shocks[i]
        ar[i] = last
    return walk - walk.mean(0) + ar


def _benign_steps(rng, days, n_ch):
    """New levels that are nobody's fault: a bid, a new article. Small, and reached over some days."""
    steps = np.zeros((days, n_ch))
    for c in range(n_ch):
        if rng.random() < 0.35:
            at, size, ramp = rng.integers(20, days), rng.normal(0.04, 0.08), rng.integers(1, 10)
            steps[:, c] += np.clip(size, -0.12, 0.2) * np.clip((np.arange(days) - at) / ramp, 0, 1)
    return steps


def _calendar_factor(firm, rng):
    """Weekdays, holidays, the long rests and the push at a month's end."""
    clock, p = firm.clock, firm.p
    weekday = np.array([1.05, 1.08, 1.06, 1.0, 0.88, 1.0, 1.0]) * np.exp(rng.normal(0, 0.03, 7))
    f = weekday[clock.dow].copy()
    f[clock.weekend] *= p["weekend"]
    level = firm.extra["holiday_level"]
    holiday_weekend = clock.holiday & (clock.dow >= 5)
    f[clock.holiday] *= level
    f[holiday_weekend] *= max(p["weekend"], 0.5)
    f[clock.kind == "short"] *= 0.9
    if firm.extra["rest"] == "shut":
        shut = firm.extra["long_rest"] & ~clock.holiday & ~clock.weekend
        f[shut] *= min(1.0, level * 1.6)
    push = rng.uniform(0, 0.14)
    f *= 1 + push * (clock.days_to_month_end < 5) * clock.workday
    return f[: clock.days]


def _season(firm, rng):
    """The year: a smooth wave of traffic and of readiness, a school year, and perhaps a slump that always comes."""
    clock = firm.clock
    day = clock.doy[: clock.days]
    angle = 2 * np.pi * day / 365.25
    a, b, phase = rng.uniform(0.02, 0.16), rng.uniform(0, 0.05), rng.uniform(0, 2 * np.pi)
    log = a * np.cos(angle - phase) + b * np.cos(2 * angle - rng.uniform(0, 6.28))
    if firm.trade == "school":
        for peak, width, height in ((rng.uniform(240, 265), rng.uniform(14, 24), rng.uniform(0.25, 0.6)),
                                    (rng.uniform(12, 30), 10, rng.uniform(0.1, 0.3))):
            log = log + height * np.exp(-0.5 * ((day - peak) / width) ** 2)
    if rng.random() < 0.6:
        begin, length = rng.integers(150, 225), rng.integers(18, 46)
        inside = np.clip(np.minimum(day - begin, begin + length - day) / 4, 0, 1)
        log = log - rng.uniform(0.12, 0.4) * inside
    ready = rng.uniform(0, 0.08) * np.cos(angle - phase)
    return np.exp(log), np.exp(ready)


def _hour_profiles(firm):
    """Shares of the hours of a working day and of a day off."""
    h = np.arange(24)
    office = np.exp(-0.5 * ((h - 13) / 3.2) ** 2) + 0.02
    evening = np.exp(-0.5 * ((h - 20) / 2.6) ** 2) + 0.6 * np.exp(-0.5 * ((h - 13) / 4) ** 2) + 0.05
    office, evening = office / office.sum(), evening / evening.sum()
    work = firm.p["office"] * office + (1 - firm.p["office"]) * evening
    return np.stack([work, 0.3 * work + 0.7 * evening])


def _offline(firm, rng, factor):
    """Calls from paper, from memory, from people who never saw the site."""
    n = len(firm.lines)
    if not n:
        return np.zeros((firm.clock.hours, 0))
    h = np.arange(24)
    opens, closes = firm.phones.opens // 3600, firm.phones.closes // 3600
    profile = np.where((h >= opens) & (h < closes), 1.0, 0.03)
    weights = np.array([1.0 if owner is None else 0.8 for owner in firm.line_channel])
    weights *= rng.gamma(4, 0.25, n)
    wander = np.exp(_wander(rng, firm.clock.days, n, 0.004, 0.1, 0.7))
    by_day = wander * factor[:, None] * weights / weights.sum()
    by_day *= firm.inquiries_per_week * firm.p["offline"] * firm.clock.weeks / by_day.sum()
    return (by_day[:, None, :] * (profile / profile.sum())[None, :, None]).reshape(-1, n)


def _page_mix(firm, rng):
    """Which pages people land on drifts from week to week, for each channel on its own."""
    n_ch, n_pages = len(firm.channels), len(firm.pages)
    base = np.log(firm.p["page_share"] + 0.02) + rng.normal(0, 0.6, (n_ch, n_pages))
    drift = np.cumsum(rng.normal(0, 0.03, (firm.clock.weeks, n_ch, n_pages)), axis=0)
    mix = np.exp(base + drift)
    return np.cumsum(mix / mix.sum(2, keepdims=True), axis=2)
