"""Columns of exports: texts, times, numbers of telephones and visitors."""

import numpy as np
import polars as pl

from firm import Firm


def names(values, index) -> pl.Series:
    """Texts by index; -1 is absent."""
    table = pl.Series(list(values) + [None], dtype=pl.String)
    return table.gather(np.where(np.asarray(index) < 0, len(values), index))


def times(firm: Firm, t, russian=None, utc=False) -> pl.Series:
    """Local times as the export's system writes them; negative ones are absent."""
    t = np.asarray(t, np.int64)
    s = pl.Series(t + firm.clock.epoch() - (firm.offset * 3600 if utc else 0)) * 1000
    style = "%d.%m.%Y %H:%M:%S" if (firm.has["russian"] if russian is None else russian) else "%Y-%m-%d %H:%M:%S"
    text = s.cast(pl.Datetime("ms")).dt.strftime(style)
    return pl.select(pl.when(pl.Series(t >= 0)).then(text)).to_series()


def numbered(prefix: str, numbers, suffix: str = "") -> pl.Series:
    """Numbers with the same text around each of them."""
    return pl.select(pl.format(prefix + "{}" + suffix, pl.Series(numbers))).to_series()


def phones(firm: Firm, person, fake=None) -> pl.Series:
    """A number for each person; invented ones are of a range that nobody has."""
    person = np.asarray(person, np.int64)
    number = 9_000_000_000 + (person * 7_919_993 + firm.seed * 104_729) % 999_999_937
    if fake is not None:
        number = np.where(fake, 1_110_000_000 + person, number)
    text = numbered("+7", number)
    return pl.select(pl.when(pl.Series(person >= 0)).then(text)).to_series()


def client_ids(firm: Firm, root) -> pl.Series:
    """The counter's id of a visitor; absent for those without a visit."""
    root = np.asarray(root, np.int64)
    number = pl.Series(1_660_000_000_000_000_000 + root * 982_451_653 + firm.seed * 7)
    return pl.select(pl.when(pl.Series(root >= 0)).then(number)).to_series()


def contact_ways(firm: Firm, person):
    """Who leaves a telephone and who an address: the same for each of a person's contacts."""
    u = (person * 2_654_435_761 % 1000) / 1000
    return u >= firm.p["email_only"], u < firm.p["email_only"] + 0.3


def mails(firm: Firm, person) -> pl.Series:
    """An address of each person."""
    text = numbered("p", np.asarray(person), "@client.example")
    return pl.select(pl.when(pl.Series(np.asarray(person) >= 0)).then(text)).to_series()
