"""The firm's pulse by day and hour: calendar, season, drift, benign steps, heavy-tailed noise.

All arrays by day begin `LEAD` days before the history.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from tables import DAY, DAYS, HOUR, LEAD, stream

CALENDAR = Path(__file__).resolve().parents[4] / "pipelines" / "calendars" / "ru.csv"
SPAN = LEAD + DAYS


@dataclass
class Rhythm:
    first_visits: np.ndarray  # expected people by channel and day
    intent: np.ndarray  # factor of the readiness to inquire, by channel and day
    calm: np.ndarray  # what the calendar and the season alone do to inquiries, by day
    sale: np.ndarray  # factor of the readiness to buy, by day
    sight: np.ndarray  # expected offline people by day, relative to the mean
    opens: np.ndarray  # seconds after midnight; equal to `closes` when the firm is closed
    closes: np.ndarray
    next_open: np.ndarray  # the next day with open doors, this one included
    hours: np.ndarray  # cumulative share of visits by hour: workdays, weekends
    cpc: np.ndarray  # factor of click prices by channel and day
    repeat: float  # mean visits of a person


def calendar():
    """(days off, worked weekends) of the Russian calendar."""
    off, worked = set(), set()
    for line in CALENDAR.read_text().splitlines()[1:]:
        day, kind, _ = line.split(";")
        (off if kind == "holiday" else worked if kind == "working" else set()).add(date.fromisoformat(day))
    return off, worked


def wander(r, days, weekly, back):
    """A level that drifts and is drawn back: log values by day (Ornstein-Uhlenbeck)."""
    steps = r.normal(0, weekly / np.sqrt(7), days)
    level, out = r.normal(0, weekly / np.sqrt(2 * back)), np.empty(days)
    for d in range(days):
        level += steps[d] - back / 7 * level
        out[d] = level
    return out


def shocks(r, shape, sd):
    """Heavy-tailed daily noise with mean one: Student t on the log scale, cut at five of its own deviations."""
    t = np.clip(r.standard_t(4, shape) / np.sqrt(2), -5, 5)
    return np.exp(sd * t - sd * sd / 2)


def hours(firm, r):
    """Visits by hour; workdays and weekends have shapes of their own."""
    h = np.arange(24)
    shapes = []
    for later in (0, 1.2):
        noon, evening = r.uniform(11, 14.5) + later, r.uniform(18.5, 21.5)
        weight = r.uniform(0.25, 0.75)
        shapes.append(
            0.06
            + weight * np.exp(-(((h - noon) / 3) ** 2))
            + (1 - weight) * np.exp(-(((h - evening) / 2.6) ** 2))
            - 0.04 * ((h > 1) & (h < 6))
        )
    return np.cumsum(shapes, 1) / np.sum(shapes, 1, keepdims=True)


def season(firm, days):
    """Season and slump: the same days of each year."""
    doy = np.array([d.timetuple().tm_yday for d in days])
    level = 1 + firm.season * np.cos(2 * np.pi * (doy - firm.season_peak) / 365.25)
    since = (doy - firm.slump_at) % 365
    edge = np.minimum(np.minimum(since + 1, firm.slump_days - since) / 4, 1)
    return level * np.where(since < firm.slump_days, 1 - firm.slump * edge, 1)


def holidays(firm, days, off):
    """Traffic on holidays: it goes on, rises for gifts in the days before, or sinks."""
    level = np.ones(len(days))
    for i, d in enumerate(days):
        if d in off:
            level[i] = {"stop": firm.holiday_level, "work": 0.96, "gifts": firm.gift_level}[firm.holiday]
        elif firm.holiday == "gifts" and any(d + timedelta(k) in off for k in range(1, 6)):
            level[i] = firm.gift_level
    return level


def doors(firm, days, off, worked):
    opens = np.full(len(days), firm.opens * HOUR)
    closes = np.full(len(days), firm.closes * HOUR)
    if firm.slot:
        return np.zeros(len(days), int), np.full(len(days), DAY)
    for i, d in enumerate(days):
        rest = (d.weekday() == 5 and not firm.saturday) or (d.weekday() == 6 and not firm.sunday)
        if (rest and d not in worked) or (d in off and firm.holiday == "stop"):
            closes[i] = opens[i]
        elif d.weekday() >= 5:
            closes[i] -= 2 * HOUR
    return opens, closes


def steps(firm, r, level):
    """Up to three plans that come and stay. They lift channels of about the firm's own rate, or all: the mix stays."""
    rates = firm.array("rate") * 1.0
    for _ in range(int(r.integers(0, 4))):
        at, by = LEAD + int(r.integers(20, DAYS - 20)), r.uniform(1.15, 1.6)
        near = np.flatnonzero((rates > 0.75) & (rates < 1.3))
        if r.random() < 0.35 or not len(near):
            level[:, at:] *= 1 + (by - 1) / 2
        else:
            level[r.choice(near), at:] *= by


def draw(firm):
    r = stream(firm.seed, "rhythm", firm.size)
    days = [firm.monday + timedelta(d - LEAD) for d in range(SPAN)]
    off, worked = calendar()
    weekday = np.array([1, 1.02, 1, 0.98, 0.95, firm.weekend, firm.weekend]) * np.exp(r.normal(0, 0.03, 7))
    week = weekday[[d.weekday() for d in days]]
    year = season(firm, days)
    rest = holidays(firm, days, off)
    n = len(firm.channels)
    common = week * year * rest * np.exp(wander(r, SPAN, 0.02, 0.04)) * shocks(r, SPAN, firm.noise)
    level = np.array([np.exp(wander(r, SPAN, r.uniform(0.015, 0.05), 0.06)) for _ in range(n)])
    steps(firm, r, level)
    level *= common * shocks(r, (n, SPAN), firm.channel_noise) * firm.array("share")[:, None]
    repeat = 1 / (1 - firm.returning)
    excite = sum(firm.excite**k for k in range(4))
    level *= firm.sessions / repeat / excite / level[:, LEAD:].sum()
    closed = np.array([d in off and firm.holiday == "stop" for d in days])
    still = np.where(closed, 0.85, 1.0)
    intent = still * np.exp(wander(r, SPAN, 0.01, 0.06)) * shocks(r, SPAN, firm.conv_noise)
    intent = intent * np.array([np.exp(wander(r, SPAN, 0.015, 0.08)) for _ in range(n)])
    opens, closes = doors(firm, days, off, worked)
    following = np.arange(SPAN)
    for d in range(SPAN - 2, -1, -1):
        if closes[d] == opens[d]:
            following[d] = following[d + 1]
    sale = np.exp(wander(r, SPAN, 0.01, 0.06)) * shocks(r, SPAN, 0.03)
    cpc = np.exp(np.array([wander(r, SPAN, 0.03, 0.05) for _ in range(n)])) * shocks(r, (n, SPAN), 0.06)
    return Rhythm(
        level,
        intent,
        week * year * rest * still,
        sale,
        common / common.mean(),
        opens,
        closes,
        following,
        hours(firm, r),
        cpc,
        repeat,
    )
