"""The structure of an invented firm: its channels, pages, places, staff, calendar and noise, all drawn at random."""

from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from calendar_ru import holidays, weekdays
from catalog import CATALOG, NAMES, PAGES, TOWNS

WEEKS = 60
DAYS = WEEKS * 7
DAY = 86_400
WEEK = 7 * DAY


@dataclass
class Channel:
    """One source of visits."""

    id: str
    traffic_type: str
    engine: str
    source: str
    medium: str
    referrer: str
    paid: bool
    rate: float
    share: float
    bounce: float
    mobile: float
    new: float
    local: float
    campaigns: list
    cpc: float
    not_target: float
    quality: float


@dataclass
class Firm:
    """Everything that is fixed before the first visit."""

    name: str
    start: date
    zone: str
    channels: list
    pages: list
    cities: list
    forms: list
    lines: list  # dicts: number, trunk, channel (static) or None
    managers: list
    weekly: float
    parameters: dict = field(default_factory=dict)
    off: np.ndarray = None
    weekday: np.ndarray = None

    @property
    def weeks(self):
        """ISO names of the firm's weeks."""
        return ["%d-W%02d" % (self.start + timedelta(7 * week)).isocalendar()[:2] for week in range(WEEKS)]


def spread(rng, low, high):
    """A number between two, even in logarithm."""
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def _channels(rng):
    count = int(rng.integers(4, 15))
    weights = np.array([row[9] for row in CATALOG])
    picked = set(rng.choice(len(CATALOG), size=count, replace=False, p=weights / weights.sum()))
    picked |= {9} | ({0, 7} if rng.random() < 0.7 else {int(rng.choice([1, 3, 4, 7]))})
    return [_channel(rng, CATALOG[index]) for index in sorted(picked)]


def _channel(rng, row):
    code, kind, engine, source, medium, prefix, referrer, paid, rate, weight, bounce, mobile, new, local = row
    count = int(rng.integers(1, 5)) if prefix else 0
    return Channel(
        code,
        kind,
        engine,
        source,
        medium,
        referrer,
        bool(paid),
        rate * np.exp(rng.normal(0, 0.35)),
        weight * np.exp(rng.normal(0, 0.7)),
        min(0.7, bounce * np.exp(rng.normal(0, 0.2))),
        min(0.98, mobile * rng.uniform(0.85, 1.1)),
        min(0.97, new * rng.uniform(0.85, 1.1)),
        min(0.98, local * rng.uniform(0.7, 1.05)),
        [f"{prefix}{n + 1}" for n in range(count)],
        spread(rng, 8, 120),
        rng.uniform(0.08, 0.35),
        float(np.exp(rng.normal(0, 0.25))),
    )


def _lines(rng, channels, cities):
    """Numbers of the firm: how site calls find one (`mode`), and which trunk carries each."""
    mode = rng.choice(["channel", "city", "single"], p=[0.5, 0.3, 0.2])
    site = {"channel": min(len(channels), int(rng.integers(2, 7))), "city": min(4, len(cities)), "single": 1}[mode]
    statics = [c for c in ("outdoor", "maps") if rng.random() < 0.4][: 8 - site]
    trunks = int(rng.integers(1, min(3, site + len(statics)) + 1))
    code = int(rng.integers(300, 499))
    lines = [
        {"number": f"7{code}2{index + 10:06d}", "trunk": f"trunk-{index % trunks + 1}", "channel": None}
        for index in range(site)
    ]
    for channel in statics:
        index = len(lines)
        lines.append(
            {"number": f"7{code}2{index + 10:06d}", "trunk": f"trunk-{index % trunks + 1}", "channel": channel}
        )
    by_channel = rng.permutation(np.arange(len(channels)) % site)
    by_city = np.arange(len(cities)) % site
    return lines, {"mode": str(mode), "site": site, "by_channel": by_channel, "by_city": by_city, "trunks": trunks}


def _noise(rng):
    return {
        "common": rng.uniform(0.03, 0.08),
        "channel": rng.uniform(0.03, 0.12),
        "drift": rng.uniform(0.0, 0.03),
        "rate_common": rng.uniform(0.02, 0.06),
        "rate_channel": rng.uniform(0.02, 0.10),
        "rate_drift": rng.uniform(0, 0.02),
        "day": rng.uniform(0.02, 0.12),
        "sale": rng.uniform(0.02, 0.08),
        "growth": rng.uniform(-0.002, 0.006),
        "yearly": rng.uniform(0, 0.15),
        "yearly_rate": rng.uniform(0, 0.08),
        "phase": rng.uniform(0, 2 * np.pi),
        "heavy": bool(rng.random() < 0.3),
    }


def _habits(rng):
    weekend = rng.uniform(0.5, 1.1)
    working = np.clip(rng.normal(1, 0.05, 7), 0.8, 1.2)
    working[5:] *= weekend
    rates = np.clip(rng.normal(1, 0.03, 7), 0.9, 1.1)
    rates[5:] *= rng.uniform(0.6, 1.0)
    hours = np.arange(24)
    day = np.exp(-0.5 * ((hours - rng.uniform(11, 14)) / rng.uniform(2.5, 4)) ** 2)
    evening = np.exp(-0.5 * ((hours - rng.uniform(19, 21.5)) / 2.2) ** 2) * rng.uniform(0.2, 1.2)
    profile = day + evening + 0.03
    return {"weekday": working / working.mean(), "weekday_rate": rates / rates.mean(), "hours": profile / profile.sum()}


def _calendar(rng):
    """What days off do to visits and to rates, and a slump that comes every year at the same place (some firms)."""
    strong = rng.random() < 0.3
    return {
        "off_visits": rng.uniform(0.5, 0.75) if strong else rng.uniform(0.7, 0.98),
        "off_rate": rng.uniform(0.45, 0.7) if strong else rng.uniform(0.65, 0.97),
        "year_visits": rng.uniform(0.3, 0.75),
        "year_rate": rng.uniform(0.35, 0.85),
        "rebound": rng.uniform(1, 1.1),
        "slump": int(rng.integers(1, 6)) if rng.random() < 0.25 else None,
        "slump_weeks": int(rng.integers(2, 4)),
        "slump_rate": rng.uniform(0.5, 0.75),
    }


def _office(rng):
    return {
        "opens": int(rng.integers(8, 11)),
        "closes": int(rng.integers(18, 22)),
        "saturday": rng.random() < 0.6,
        "sunday": rng.random() < 0.35,
        "missed": rng.uniform(0.04, 0.18),
        "talk": rng.uniform(80, 220),
        "wait": rng.uniform(6, 20),
        "response": spread(rng, 600, 6000),
        "called_back": rng.uniform(0.75, 0.97),
        "patience": spread(rng, 3, 36) * 3600,
        "redial": rng.uniform(0.2, 0.5),
        "night_calls": rng.uniform(0.03, 0.4),
    }


def _sales(rng):
    return {
        "conv2": rng.uniform(0.10, 0.40),
        "lag": spread(rng, 3, 25),
        "lag_sd": rng.uniform(0.5, 1.0),
        "becomes_deal": rng.uniform(0.75, 0.97),
        "amount": spread(rng, 5_000, 200_000),
        "amount_sd": rng.uniform(0.4, 1.0),
        "crm": str(rng.choice(["amocrm", "bitrix24", "own"])),
        "reasons": rng.random() < 0.8,
        "follow_ups": rng.uniform(0.5, 2),
        "lost_lag": rng.uniform(0.5, 1.2),
    }


def random_firm(rng, name, sessions=None) -> Firm:
    """Draws a firm; `sessions` is the number of visits in all 60 weeks."""
    last = date(2026, 11, 15) - timedelta(7 * int(rng.integers(0, 140)))
    start = last - timedelta(DAYS - 1)
    low, high = [(60_000, 200_000), (200_000, 600_000), (1_000_000, 1_000_001)][rng.choice(3, p=[0.35, 0.55, 0.10])]
    sessions = sessions or spread(rng, low, high)
    channels = _channels(rng)
    total = sum(channel.share for channel in channels)
    for channel in channels:
        channel.share /= total
    cities = list(rng.permutation(TOWNS)[: int(rng.integers(3, 13))])
    pages = [f"/{page}" for page in [""] + list(rng.permutation(PAGES[1:])[: int(rng.integers(3, 20))])]
    forms = [f"form-{index + 1}" for index in range(int(rng.integers(1, 6)))]
    managers = [f"{name} {initial}." for name, initial in zip(rng.permutation(NAMES), "АВГДЕИКЛМ")][
        : int(rng.integers(2, 9))
    ]
    lines, routing = _lines(rng, channels, cities)
    weekly = sessions / WEEKS
    conv1 = max(spread(rng, 0.008, 0.05), 25 / weekly)
    mean = sum(channel.share * channel.rate for channel in channels)
    for channel in channels:
        channel.rate *= conv1 / mean
    parameters = {
        "noise": _noise(rng),
        "habits": _habits(rng),
        "calendar": _calendar(rng),
        "office": _office(rng),
        "sales": _sales(rng),
        "routing": routing,
        "pages": _page_tables(rng, channels, pages, forms),
        "cities": rng.dirichlet(np.full(len(cities) - 1, 1.5)),
        "city_rate": _city_rates(rng, cities),
        "device_rate": np.array([1.1, rng.uniform(0.6, 1.1), rng.uniform(0.6, 1.0)]),
        "call_share": rng.uniform(0.35, 0.8),
        "client_forms": rng.uniform(0.8, 0.98),
        "client_calls": rng.uniform(0.55, 0.95),
        "static": rng.uniform(3, 20),
        "other": rng.uniform(0.02, 0.12),
        "manager_share": rng.dirichlet(np.full(len(managers), 6)),
        "manager_skill": np.exp(rng.normal(0, 0.12, len(managers))),
        "form_tries": rng.uniform(0.4, 2.0),
        "conv1": conv1,
        "per_client": rng.uniform(0.3, 1),
        "links": str(rng.choice(["file", "column"])),
        "has_trunk": rng.random() < 0.75,
        "has_operator": rng.random() < 0.8,
        "utm_on_contacts": rng.random() < 0.6,
        "click_loss": rng.uniform(0.03, 0.2),
        "own_visits": rng.random() < 0.35,
        "has_goals": rng.random() < 0.88,
        "has_costs": rng.random() < 0.92,
    }
    zone = str(rng.choice(["Europe/Moscow", "Asia/Yekaterinburg", "Asia/Novosibirsk"], p=[0.6, 0.2, 0.2]))
    firm = Firm(name, start, zone, channels, pages, cities, forms, lines, managers, weekly, parameters)
    firm.off, firm.weekday = holidays(start, DAYS), weekdays(start, DAYS)
    return firm


def _city_rates(rng, cities):
    return np.concatenate([[1.0], rng.uniform(0.25, 0.8, len(cities) - 1)])


def _page_tables(rng, channels, pages, forms):
    popular = rng.dirichlet(np.full(len(pages), 0.9)) + 0.01
    share = np.array([rng.dirichlet(popular / popular.sum() * len(pages) * 1.2 + 0.05) for _ in channels])
    return {
        "share": share,
        "rate": np.exp(rng.normal(0, 0.3, len(pages))),
        "form": np.concatenate([np.arange(len(forms)), rng.integers(0, len(forms), 50)])[: len(pages)],
        "lean": np.clip(rng.normal(0, 0.15, len(pages)), -0.3, 0.3),
    }
