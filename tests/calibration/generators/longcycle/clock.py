"""Time of a firm: seconds since its first Monday 00:00 local time, and the Russian calendar laid over it.

Everything is simulated in local wall-clock seconds. Russian zones have had no clock changes since 2014, so one offset
per zone is enough, and no time of day is ever missing or doubled.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np

HOUR, DAY, WEEK = 3600, 86_400, 604_800
CALENDAR = Path(__file__).resolve().parent / "../../../../pipelines/calendars/ru.csv"
# Deals close, and answers come, after the history's end as well; the calendar reaches that far.
TAIL_DAYS = 400


@dataclass
class Clock:
    """Days of the history and some time after it, with what is known about each of them."""

    start: date
    weeks: int

    def __post_init__(self):
        self.days = self.weeks * 7
        self.hours = self.days * 24
        self.end = self.days * DAY
        self.n_ext = self.days + TAIL_DAYS
        dates = [self.start + timedelta(days=i) for i in range(self.n_ext)]
        kinds = _calendar()
        self.dates = dates
        self.dow = np.array([d.weekday() for d in dates])
        self.doy = np.array([d.timetuple().tm_yday for d in dates])
        self.month = np.array([d.month for d in dates])
        self.dom = np.array([d.day for d in dates])
        self.kind = np.array([kinds.get(d.isoformat(), "") for d in dates])
        self.holiday = self.kind == "holiday"
        # A worked Saturday is a weekday in all but name.
        self.weekend = (self.dow >= 5) & (self.kind != "working") & ~self.holiday
        self.workday = ~self.holiday & ~self.weekend
        self.days_to_month_end = np.array([_month_end(d).toordinal() - d.toordinal() for d in dates])

    def iso_week(self, index: int) -> str:
        """Name of the week `index` (from 0) of the history."""
        year, week, _ = (self.start + timedelta(weeks=index)).isocalendar()
        return f"{year}-W{week:02d}"

    def stamp(self, second: float) -> str:
        """Local time as the labels write it."""
        base = datetime(self.start.year, self.start.month, self.start.day)
        return (base + timedelta(seconds=int(second))).strftime("%Y-%m-%dT%H:%M")

    def epoch(self) -> int:
        """Seconds from 1970 to the first local midnight, on the local clock."""
        return (self.start - date(1970, 1, 1)).days * DAY


class WorkAxis:
    """Working seconds as a straight line, so that queues need not know about nights and holidays."""

    def __init__(self, open_days: np.ndarray, opens: int, closes: int):
        self.opens, self.closes = opens * HOUR, closes * HOUR
        self.open_days = open_days
        self.starts = np.concatenate([[0], np.cumsum(open_days * (self.closes - self.opens))])

    def to_work(self, t: np.ndarray) -> np.ndarray:
        """Working seconds that have passed by the wall time `t`."""
        day = np.clip(t // DAY, 0, len(self.open_days) - 1).astype(int)
        inside = np.clip(t % DAY, self.opens, self.closes) - self.opens
        return self.starts[day] + inside * self.open_days[day]

    def to_wall(self, work: np.ndarray) -> np.ndarray:
        """Wall time of a number of working seconds; the end of the axis stands for everything beyond."""
        work = np.clip(work, 0, self.starts[-1] - 1)
        day = np.searchsorted(self.starts, work, side="right") - 1
        return day * DAY + self.opens + (work - self.starts[day])

    def is_open(self, t: np.ndarray) -> np.ndarray:
        """Whether somebody works at the wall time `t`."""
        day = np.clip(t // DAY, 0, len(self.open_days) - 1).astype(int)
        hour = t % DAY
        return self.open_days[day] & (hour >= self.opens) & (hour < self.closes)


def _calendar() -> dict:
    lines = CALENDAR.read_text(encoding="utf-8").splitlines()[1:]
    return {day: kind for day, kind, *_ in (line.split(";") for line in lines if line.strip())}


def _month_end(day: date) -> date:
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return following - timedelta(days=1)
