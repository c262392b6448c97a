"""Small tools that every other module needs: tables as dicts of arrays, and chance that can be repeated.

Chance comes in two forms. Streams (`stream`) draw the world once. `coin` is stateless: the same thing asked about the
same person gives the same answer in every world, so that a world with an incident differs from one without it by the
incident's doing only, and what was lost can be counted instead of guessed.
"""

import zlib

import numpy as np

HOUR = 3600
DAY = 86400
WEEK = 7 * DAY
WEEKS = 64
DAYS = WEEKS * 7
END = DAYS * DAY
LEAD = 28  # days that are simulated before the history begins, so that it begins in full swing


def stream(seed, *purpose):
    """A random stream of its own for each purpose: one more draw in one place moves nothing elsewhere."""
    return np.random.default_rng([0xB2A9C4, seed, *(zlib.crc32(str(p).encode()) for p in purpose)])


def coin(keys, salt):
    """Uniform numbers in [0, 1) that depend on the keys and the salt only (splitmix64)."""
    start = np.uint64(zlib.crc32(salt.encode()) * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF)
    with np.errstate(over="ignore"):
        x = np.asarray(keys).astype(np.uint64) * np.uint64(0xD1342543DE82EF95) + start
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        x = x ^ (x >> np.uint64(31))
    return (x >> np.uint64(11)).astype(np.float64) / float(1 << 53)


def size(table):
    return len(next(iter(table.values()))) if table else 0


def take(table, which):
    return {name: column[which] for name, column in table.items()}


def stack(tables):
    tables = [t for t in tables if size(t)]
    if len(tables) == 1:
        return tables[0]
    return {name: np.concatenate([t[name] for t in tables]) for name in tables[0]}


def changed(table, **columns):
    """A table that shares all other columns with the old one."""
    return {**table, **columns}


def pick(cumulative, rows, u):
    """For each row number, a column drawn by the row's cumulative weights."""
    columns = np.zeros(len(rows), np.int64)
    for column in range(cumulative.shape[1] - 1):
        columns += u > cumulative[rows, column]
    return columns


def cumulate(weights):
    weights = np.asarray(weights, float)
    total = np.cumsum(weights, axis=-1)
    return total / total[..., -1:]


def inside(t, start, end):
    return (t >= start) & (t < end)
