"""Russian days off 2022-2026: weekdays that are free and Saturdays that are worked, as the government moved them."""

from datetime import date, timedelta

import numpy as np

# Weekdays (and weekends inside a long holiday) that are free, as "from..to" in ISO.
_FREE = """
2022-12-31..2023-01-08 2023-02-23..2023-02-26 2023-03-08 2023-04-29..2023-05-01 2023-05-06..2023-05-09
2023-06-10..2023-06-12 2023-11-04..2023-11-06
2023-12-30..2024-01-08 2024-02-23..2024-02-25 2024-03-08..2024-03-10 2024-04-28..2024-05-01 2024-05-09..2024-05-12
2024-06-12 2024-11-03..2024-11-04
2024-12-29..2025-01-08 2025-02-22..2025-02-23 2025-03-08..2025-03-09 2025-05-01..2025-05-04 2025-05-08..2025-05-11
2025-06-12..2025-06-15 2025-11-02..2025-11-04
2025-12-31..2026-01-11 2026-02-21..2026-02-23 2026-03-07..2026-03-09 2026-05-01..2026-05-03 2026-05-09..2026-05-11
2026-06-12..2026-06-14 2026-11-04 2026-12-31
"""
_WORKED_SATURDAYS = "2024-04-27 2024-11-02 2024-12-28 2025-11-01"


def _spans():
    for span in _FREE.split():
        first, _, last = span.partition("..")
        yield date.fromisoformat(first), date.fromisoformat(last or first)


def holidays(start: date, days: int) -> np.ndarray:
    """For each day from `start`: 0 ordinary, 1 a public holiday or moved day off, 2 the New Year holidays."""
    out = np.zeros(days, dtype=np.int8)
    for first, last in _spans():
        new_year = first.month == 12 or first.month == 1
        for step in range((last - first).days + 1):
            at = (first + timedelta(step) - start).days
            if 0 <= at < days:
                out[at] = 2 if new_year else 1
    return out


def weekdays(start: date, days: int) -> np.ndarray:
    """Weekday of each day, Monday 0; a worked Saturday counts as a Friday."""
    out = (np.arange(days) + start.weekday()) % 7
    for text in _WORKED_SATURDAYS.split():
        at = (date.fromisoformat(text) - start).days
        if 0 <= at < days:
            out[at] = 4
    return out
