"""Costs of paid channels, by day and campaign."""
from types import SimpleNamespace

import numpy as np

from exports.files import names, write_table
from world.clock import DAY, DAYS
from world.draws import drift, stream

CLICKS_PER_VISITOR = 1.06
OF_THE_MAIN_SYSTEM = ("ya-search", "ya-network", "google-ads", "pmax")
PLATFORMS = {"vk-ads": "VK Реклама", "avito": "Авито", "meta-ads": "facebook"}


def write_costs(world, told, folder):
    """Returns the names of the files."""
    firm = world.firm
    rows = cost_rows(world, told)
    rows.sort(key=lambda row: (row["day"], row["channel"]["id"], row["campaign"]))
    files = [("direct", direct), ("costs", own)] if firm.russian else [("google-ads", google_ads), ("meta", meta)]
    parts = [[], []]
    for row in rows:
        parts[row["channel"]["id"] not in OF_THE_MAIN_SYSTEM].append(row)
    written = []
    for (name, table), part in zip(files, parts):
        if part:
            columns, separator = table(columns_of(firm, part))
            write_table(f"{folder}/{name}.csv", columns, separator)
            written.append(name)
    return written


def cost_rows(world, told):
    """A row for each campaign and day with clicks: first visits, and clicks that the counter did not see."""
    firm, visits = world.firm, world.visits
    rng = stream(firm.seed, "costs")
    new = told.real & (visits["nth"] == 0)
    day, campaigns = visits["t"][new] // DAY, visits["campaign"][new]
    rows = []
    for i, channel in enumerate(firm.channels):
        if not channel.get("click_price"):
            continue
        price = channel["click_price"] * np.exp(rng.normal(0, .2))
        prices = np.exp(drift(rng, DAYS, 40, .1))
        for nth, campaign in enumerate(channel["campaigns"]):
            visitors = np.bincount(day[campaigns == channel["first_campaign"] + nth], minlength=DAYS)[:DAYS]
            clicks = np.round(visitors * CLICKS_PER_VISITOR + rng.random(DAYS) * .9 * (visitors > 0)).astype(int)
            cost = np.round(clicks * price * prices * np.exp(rng.normal(0, .1, DAYS)), 2)
            shows = (clicks * rng.uniform(12, 60)).astype(int)
            number = str(7_000_000 + i * 100 + nth)
            rows += [{"day": d, "channel": channel, "campaign": campaign, "number": number,
                      "shows": shows[d], "clicks": clicks[d], "cost": cost[d]} for d in np.flatnonzero(clicks > 0)]
    return rows


def columns_of(firm, rows):
    table = SimpleNamespace(**{key: [row[key] for row in rows] for key in ("campaign", "number", "shows", "clicks", "cost")})
    day = [row["day"] for row in rows]
    table.iso = names([date.isoformat() for date in firm.dates], day)
    table.dmy = names([date.strftime("%d.%m.%Y") for date in firm.dates], day)
    table.source = [row["channel"]["source"] for row in rows]
    table.medium = [row["channel"]["medium"] for row in rows]
    table.platform = [PLATFORMS.get(row["channel"]["id"], "") for row in rows]
    return table


def direct(table):
    return {
        "Дата": table.dmy,
        "Кампания": table.campaign,
        "№ Кампании": table.number,
        "Показы": table.shows,
        "Клики": table.clicks,
        "Расход (руб.)": table.cost,
    }, ";"


def own(table):
    return {
        "Дата": table.dmy,
        "Площадка": table.platform,
        "Кампания": table.campaign,
        "utm_source": table.source,
        "utm_medium": table.medium,
        "Показы": table.shows,
        "Клики": table.clicks,
        "Расход": table.cost,
    }, ";"


def google_ads(table):
    return {
        "Campaign": table.campaign,
        "Day": table.iso,
        "Clicks": table.clicks,
        "Impr.": table.shows,
        "Cost": table.cost,
        "Currency code": "GBP",
    }, ","


def meta(table):
    return {
        "date": table.iso,
        "platform": table.platform,
        "campaign": table.campaign,
        "utm_source": table.source,
        "utm_medium": table.medium,
        "impressions": table.shows,
        "clicks": table.clicks,
        "cost": table.cost,
    }, ","
