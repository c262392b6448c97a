"""Draws one firm: who it is, what channels, lines, forms and people it has, and which of its systems say what.

Nothing here depends on incidents, so a firm with and one without them (`--null`) are the same firm.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

import equipment
import words
from tables import DAYS, stream


@dataclass
class Firm:
    seed: int
    size: str
    sector: str
    title: str
    host: str
    zone: str
    utc: int
    monday: date
    sessions: float
    channels: list = field(default_factory=list)
    cities: list = field(default_factory=list)
    city_share: np.ndarray = None
    branches: int = 1
    pages: list = field(default_factory=list)
    page_share: np.ndarray = None  # by channel
    forms: list = field(default_factory=list)  # (name, page or -1, device or -1, weight)
    lines: list = field(default_factory=list)  # (number, name, branch, channel or -1, trunk or -1, weight)
    trunks: list = field(default_factory=list)
    managers: list = field(default_factory=list)  # (name, extension, skill, weight, shift)
    has: dict = field(default_factory=dict)  # which systems say what
    traits: dict = field(default_factory=dict)  # numbers that describe its life

    def __getattr__(self, name):
        traits = self.__dict__.get("traits") or {}
        if name in traits:
            return traits[name]
        raise AttributeError(name)

    def days(self):
        return [self.monday + timedelta(d) for d in range(DAYS)]

    def array(self, what):
        return np.array([getattr(c, what) for c in self.channels])

    def channel(self, name):
        return next(i for i, c in enumerate(self.channels) if c.id == name)


def draw(seed, size):
    r = stream(seed, "firm", size)
    sector = str(r.choice(list(words.SECTORS)))
    s = words.SECTORS[sector]
    zone, utc = words.ZONES[r.integers(len(words.ZONES))]
    monday = date(2023, 1, 2) + timedelta(weeks=int(r.integers(0, 128)))
    low, high = {"small": (60e3, 150e3), "medium": (240e3, 360e3), "large": (0.9e6, 1.08e6)}[size]
    firm = Firm(
        seed,
        size,
        sector,
        f"{s['title']} «{r.choice(words.NAMES)}»",
        f"{s['host']}-{seed}.example",
        zone,
        utc,
        monday,
        float(np.exp(r.uniform(np.log(low), np.log(high)))) * 64 / 60,
    )
    has(firm, r)
    traits(firm, r, s)
    places(firm, r, s)
    equipment.channels(firm, r, s)
    equipment.forms(firm, r)
    equipment.lines(firm, r)
    equipment.managers(firm, r)
    return firm


def has(firm, r):
    def yes(p):
        return bool(r.random() < p)

    firm.has = dict(
        goals=yes(0.75),
        costs=yes(0.8),
        lines=yes(0.85),
        reasons=yes(0.75),
        deals=yes(0.9),
        forms=yes(0.9),
        response=yes(0.5),
        tracking=yes(0.7),
        status=yes(0.5),
        internal=yes(0.4),
        russian=yes(0.5),
        utc_calls=yes(0.25),
        plain_goals=yes(0.5),
    )


def traits(firm, r, s):
    """Numbers of the firm's life. Lags are drawn in hours over the whole span of the sector."""
    rate = float(np.exp(r.uniform(np.log(0.024), np.log(0.09))))
    firm.traits = dict(
        rate=rate,
        call_share=r.uniform(0.4, 0.85),
        tracked=r.uniform(0.3, 0.9) if firm.has["tracking"] else 0.0,
        offline=r.choice([0, r.uniform(0.03, 0.3)]),
        existing=r.uniform(0.04, 0.22),
        miss=r.uniform(0.03, 0.18),
        redial=r.uniform(0.3, 0.6),
        callback=r.uniform(0.4, 0.9),
        retry=r.uniform(0.12, 0.35),
        sale=r.uniform(*s["sale"]),
        lag=float(np.exp(r.uniform(*np.log(s["lag"])))),
        lag_sd=r.uniform(0.6, 1.1),
        slow_share=r.uniform(0.1, 0.3),
        check=float(np.exp(r.uniform(*np.log(s["check"])))),
        check_sd=r.uniform(0.5, 0.9),
        response=float(np.exp(r.uniform(np.log(6), np.log(70)))),  # minutes
        entry=r.uniform(0.88, 1.0),
        never_closed=r.uniform(0.03, 0.25),
        untargeted=r.uniform(0.06, 0.22),
        noise=r.uniform(0.04, 0.1),
        channel_noise=r.uniform(0.08, 0.22),
        conv_noise=r.uniform(0.03, 0.06),
        excite=r.uniform(0.05, 0.25),
        returning=r.uniform(0.15, 0.4),
        weekend=r.uniform(0.45, 1.15),
        season=r.uniform(0, 0.18),
        season_peak=r.integers(0, 365),
        slump=r.choice([0, r.uniform(0.1, 0.35)]),
        slump_at=int(r.integers(0, 365)),
        slump_days=int(r.integers(10, 36)),
        holiday=str(r.choice(["stop", "work", "gifts"], p=[0.5, 0.25, 0.25])),
        holiday_level=r.uniform(0.3, 0.75),
        gift_level=r.uniform(1.08, 1.4),
        slot=bool(r.random() < 0.12),
        opens=int(r.integers(7, 11)),
        closes=int(r.integers(18, 22)),
        saturday=bool(r.random() < 0.8),
        sunday=bool(r.random() < 0.55),
    )


def places(firm, r, s):
    firm.branches = int(r.integers(1, 6))
    n = int(np.clip(r.integers(3, 11), firm.branches, 10))
    firm.cities = [str(c) for c in r.choice(words.CITIES, n, replace=False)]
    weights = (1 + np.arange(n)) ** -r.uniform(0.7, 1.6)
    firm.city_share = weights / weights.sum()
    n = int(r.integers(3, 9))
    firm.pages = [f"{firm.host}"] + [f"{firm.host}/{p}" for p in r.choice(s["products"], n - 1, replace=False)]
