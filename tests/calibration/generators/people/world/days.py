"""Calendars: which days are holidays, written down by hand from the production calendars."""
import datetime as dt

RUSSIAN_OFF = """
2023-01-01..2023-01-08 2023-02-23..2023-02-26 2023-03-08 2023-04-29..2023-05-01 2023-05-06..2023-05-09
2023-06-10..2023-06-12 2023-11-04..2023-11-06
2023-12-30..2024-01-08 2024-02-23..2024-02-25 2024-03-08..2024-03-10 2024-04-28..2024-05-01 2024-05-09..2024-05-12
2024-06-12 2024-11-03..2024-11-04
2024-12-29..2025-01-08 2025-02-22..2025-02-23 2025-03-08..2025-03-09 2025-05-01..2025-05-04 2025-05-08..2025-05-11
2025-06-12..2025-06-15 2025-11-02..2025-11-04
2025-12-31..2026-01-11 2026-02-21..2026-02-23 2026-03-07..2026-03-09 2026-05-01..2026-05-03 2026-05-09..2026-05-11
2026-06-12..2026-06-14 2026-11-04
"""
RUSSIAN_WORKED = "2024-04-27 2024-11-02 2024-12-28 2025-11-01"
ENGLISH_OFF = """
2023-01-01..2023-01-02 2023-04-07..2023-04-10 2023-05-01 2023-05-08 2023-05-29 2023-08-28 2023-12-25..2023-12-26
2024-01-01 2024-03-29..2024-04-01 2024-05-06 2024-05-27 2024-08-26 2024-12-25..2024-12-26
2025-01-01 2025-04-18..2025-04-21 2025-05-05 2025-05-26 2025-08-25 2025-12-25..2025-12-26
2026-01-01 2026-04-03..2026-04-06 2026-05-04 2026-05-25 2026-08-31
"""
ENGLISH_SLOW = "2023-12-22..2024-01-01 2024-12-22..2025-01-02 2025-12-22..2026-01-02"


def days_of(spans):
    """The days of spans like `2024-01-01 2024-03-29..2024-04-01`."""
    days = set()
    for span in spans.split():
        first, _, last = span.partition("..")
        day = dt.date.fromisoformat(first)
        last = dt.date.fromisoformat(last) if last else day
        while day <= last:
            days.add(day)
            day += dt.timedelta(1)
    return days


def calendar(russian):
    """Days off, worked weekends, slow days around."""
    if russian:
        return days_of(RUSSIAN_OFF), days_of(RUSSIAN_WORKED), set()
    return days_of(ENGLISH_OFF), set(), days_of(ENGLISH_SLOW)


def last_sunday(year, month):
    """Of a month of 31 days: when summer time begins or ends."""
    day = dt.date(year, month, 31)
    return day - dt.timedelta((day.weekday() + 1) % 7)
