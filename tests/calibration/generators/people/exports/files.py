"""How values are written: times, telephone numbers, tables."""
import csv

import numpy as np

from world.clock import DAY, DAYS, epoch
from world.profiles import BROWSERS, DEVICES

DEVICE_NAMES = np.array(DEVICES, object)
BROWSER_NAMES = np.array([(BROWSERS[device] + [""] * 6)[:6] for device in DEVICES], object)
QUARTER, HALF_YEAR = 91, 182


def names(values, rows):
    """The value of each row; -1 is the last value."""
    return np.array(values, object)[rows]


def stamp(firm, t, style="iso", shift=0):
    """Local seconds of the world as text: 'iso' is 2024-01-31 10:00:00, 'dmy' is 31.01.2024 10:00:00."""
    t = np.asarray(t, np.int64) + shift + epoch(firm)
    if not len(t):
        return np.array([], object)
    text = np.datetime_as_string(t.astype("datetime64[s]"), unit="s").astype("U19")
    letters = text.view("U1").reshape(len(t), -1).copy()
    letters[:, 10] = " "
    if style == "dmy":
        year, month, day = letters[:, 0:4].copy(), letters[:, 5:7].copy(), letters[:, 8:10].copy()
        letters[:, 0:2], letters[:, 3:5], letters[:, 6:10] = day, month, year
        letters[:, 2] = letters[:, 5] = "."
    return letters.view("U19").ravel()


def phones(firm, person, style="7"):
    """A person's number: '7' is 79001234567, '8' is 89001234567, 'pretty' is +7 900 123-45-67; English ones are +44…"""
    number = (np.asarray(person, np.int64) * 387_420_489 + 17 + firm.seed * 7_001) % 999_999_937
    if not firm.russian:
        return np.char.add("+44", np.char.mod("%010d", 7_000_000_000 + number))
    digits = np.char.mod("%010d", 9_000_000_000 + number)
    if style == "pretty":
        return np.array([f"+7 {a[:3]} {a[3:6]}-{a[6:8]}-{a[8:]}" for a in digits], object)
    return np.char.add(style, digits)


def blank_zero(values):
    return np.where(values == 0, "", values.astype(str)).astype(object)


def clock_text(seconds):
    return np.array(["%02d:%02d:%02d" % (s // 3600, s // 60 % 60, s % 60) for s in seconds], object)


def page_urls(firm, page):
    return names(["https://" + url for url in firm.page_urls], page)


def write_table(path, columns, separator=",", rows=None, quoting=csv.QUOTE_MINIMAL):
    """Columns are arrays, lists, or one text for all rows."""
    columns = {name: np.asarray(column) for name, column in columns.items()}
    count = max(len(column) for column in columns.values() if column.ndim)
    full = [np.broadcast_to(column, count) for column in columns.values()]
    if rows is not None:
        full = [column[rows] for column in full]
    with open(path, "w", encoding="utf-8", newline="") as file:
        escape = "\\" if quoting == csv.QUOTE_NONE else None
        writer = csv.writer(file, delimiter=separator, lineterminator="\n", quoting=quoting, escapechar=escape)
        writer.writerow(columns)
        writer.writerows(zip(*[column.tolist() for column in full]))


def write_parts(path, t, columns, separator=",", every=QUARTER, quoting=csv.QUOTE_MINIMAL):
    """A file a quarter or so, as people download them; `path` has a place for its number."""
    for number, day in enumerate(range(0, DAYS, every)):
        rows = (t >= day * DAY) & (t < (day + every) * DAY)
        if number == 0:
            rows |= t < 0
        if rows.any():
            write_table(path % (number + 1), columns, separator, np.flatnonzero(rows), quoting)
