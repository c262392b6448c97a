"""Time of the world: seconds of local time since its first Monday."""
import datetime as dt

import numpy as np

from world.days import last_sunday

HOUR = 3600
DAY = 24 * HOUR
WEEK = 7 * DAY
WEEKS = 75
DAYS = WEEKS * 7
END = DAYS * DAY
NEVER = np.iinfo(np.int64).max


def epoch(firm):
    """The world's first second in seconds since 1970."""
    return int((firm.start - dt.date(1970, 1, 1)).days) * DAY


def day_of(t):
    """The day of a time; what is behind the end counts as the last one."""
    return np.minimum(t // DAY, DAYS - 1)


def hour_of(t):
    return (t % DAY) / 3600.


def by_week(t, chosen=None):
    """How many of these times fall into each week."""
    t = t if chosen is None else t[chosen]
    return np.bincount(np.minimum(t // WEEK, WEEKS - 1), minlength=WEEKS)[:WEEKS].astype(float)


def minute_text(firm, t):
    return (dt.datetime.combine(firm.start, dt.time()) + dt.timedelta(seconds=int(t))).strftime("%Y-%m-%dT%H:%M")


# --- hours of work

def is_open(firm, t):
    hour = hour_of(t)
    return firm.open_day[day_of(t)] & (hour >= firm.opens) & (hour < firm.closes)


def next_open(firm, t):
    """The next moment when somebody is there."""
    day = day_of(t)
    today = firm.open_day[day] & (hour_of(t) < firm.opens)
    first_day = np.where(today, day, firm.next_open_day[np.minimum(day + 1, DAYS)])
    return np.where(is_open(firm, t), t, first_day * DAY + firm.opens * HOUR)


def add_work(firm, t, hours):
    """Adds hours of work to a time, roughly: what does not fit into the day goes on in the next one."""
    t = next_open(firm, t)
    left = (hours * 3600).astype(np.int64)
    for _ in range(12):
        day = day_of(t)
        room = np.maximum(day * DAY + firm.closes * HOUR - t, 0)
        over = left > room
        if not over.any():
            break
        tomorrow = np.minimum(firm.next_open_day[np.minimum(day + 1, DAYS)], DAYS) * DAY + firm.opens * HOUR
        t = np.where(over, tomorrow, t)
        left = np.where(over, left - room, left)
    return t + left


# --- summer time, which only the English firms have

def skip_spring_gap(firm, t):
    """In spring there is an hour that no clock shows: what fell into it is told an hour later."""
    if firm.russian:
        return t
    t = t.copy()
    for year in (2023, 2024, 2025, 2026):
        gap = (last_sunday(year, 3) - firm.start).days * DAY + HOUR
        t[(t >= gap) & (t < gap + HOUR)] += HOUR
    return t


def unix_microseconds(firm, t):
    """English local time as UTC; the hour that comes twice in autumn is taken for the second one."""
    t = np.asarray(t, np.int64)
    summer = np.zeros(len(t), bool)
    for year in (2023, 2024, 2025, 2026):
        first, last = [(last_sunday(year, month) - firm.start).days * DAY + HOUR for month in (3, 10)]
        summer |= (t >= first) & (t < last)
    return (t + epoch(firm) - HOUR * summer) * 1_000_000
