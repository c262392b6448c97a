"""Exports of a firm as the files that its systems would give: visits and costs here, people in `writers_people`."""

import numpy as np
import polars as pl

import writers_people
from catalog import FOREIGN
from cells import YMD, Gaps, client, moment, tags, text
from firm import DAY, DAYS


def write(rng, firm, incidents, visits, wish, called, sold, folder):
    """Writes all exports."""
    gaps = Gaps(incidents)
    campaign = _campaigns(rng, firm, visits)
    _sessions(rng, firm, gaps, visits, campaign, folder)
    _costs(rng, firm, gaps, visits, campaign, folder)
    writers_people.forms(rng, firm, gaps, visits, wish, campaign, folder)
    writers_people.calls(rng, firm, gaps, visits, wish, called, campaign, folder)
    writers_people.deals(rng, firm, gaps, visits, wish, sold, campaign, folder)


def _campaigns(rng, firm, visits):
    """Number of the campaign of each visit, over all channels; -1 without one."""
    counts = np.array([len(channel.campaigns) for channel in firm.channels])
    first = np.concatenate([[0], np.cumsum(counts)])[:-1]
    own = (rng.random(len(visits["t"])) ** 1.6 * counts[visits["ch"]]).astype(int)
    return np.where(counts[visits["ch"]] > 0, first[visits["ch"]] + own, -1)


def _sessions(rng, firm, gaps, visits, campaign, folder):
    at = np.flatnonzero(~visits["gone"] & ~visits["hidden"])
    at = np.sort(np.concatenate([at, at[visits["twice"][at]]]))
    at = at[gaps.keep("sessions", visits["t"][at])]
    channel = np.where(
        visits["untagged"][at], next(i for i, c in enumerate(firm.channels) if c.id == "direct"), visits["ch"][at]
    )

    def of(name):
        return text([getattr(c, name) for c in firm.channels], channel)

    def engines(kinds):
        return text([c.engine if c.traffic_type in kinds else "" for c in firm.channels], channel)

    urls = [f"https://{firm.name}.example{page}" for page in firm.pages]
    goal_ids = ["[" + ",".join(str(301 + bit) for bit in range(3) if goal >> bit & 1) + "]" for goal in range(8)]
    source, medium, names = tags(firm, visits, campaign, at, np.ones(len(at), bool))
    city = visits["city"][at]
    away = rng.random(len(at)) < 0.3
    leave = np.where((visits["pv"][at] == 1) | away, visits["page"][at], rng.integers(0, len(urls), len(at)))
    frame = pl.DataFrame(
        {
            "ym:s:visitID": np.arange(len(at)) + 5_000_000_000,
            "ym:s:dateTime": moment(firm, visits["t"][at], YMD),
            "ym:s:clientID": client(visits, at, np.ones(len(at), bool)),
            "ym:s:isNewUser": visits["new"][at].astype(int),
            "ym:s:pageViews": visits["pv"][at],
            "ym:s:visitDuration": visits["dur"][at],
            "ym:s:bounce": visits["bounce"][at].astype(int),
            "ym:s:startURL": text(urls, visits["page"][at]),
            "ym:s:endURL": text(urls, leave),
            "ym:s:goalsID": text(goal_ids, visits["goals"][at]),
            "ym:s:lastsignTrafficSource": of("traffic_type"),
            "ym:s:lastsignAdvEngine": engines(["ad"]),
            "ym:s:lastsignSearchEngineRoot": engines(["organic"]),
            "ym:s:lastsignSocialNetwork": engines(["social"]),
            "ym:s:lastsignMessenger": engines(["messenger"]),
            "ym:s:lastsignRecommendationSystem": engines(["recommend"]),
            "ym:s:lastsignUTMSource": source,
            "ym:s:lastsignUTMMedium": medium,
            "ym:s:lastsignUTMCampaign": names,
            "ym:s:referer": text([f"https://{c.referrer}/" if c.referrer else "" for c in firm.channels], channel),
            "ym:s:regionCountry": text(["Россия", "Германия"], (city < 0).astype(int)),
            "ym:s:regionCity": text(list(firm.cities) + FOREIGN, np.where(city < 0, len(firm.cities) - city - 1, city)),
            "ym:s:deviceCategory": visits["dev"][at] + 1,
            "ym:s:operatingSystemRoot": text(["windows", "android", "ios"], visits["dev"][at]),
            "ym:s:browser": text(["chrome", "yandex_browser", "safari"], at % 3),
        }
    )
    if not firm.parameters["has_goals"]:
        frame = frame.drop("ym:s:goalsID")
    if firm.parameters["own_visits"]:
        _own_names(frame).write_csv(folder / "visits.csv")
    else:
        frame.write_csv(folder / "visits.tsv", separator="\t", quote_style="never")


def _own_names(frame):
    """The same visits as another counter would name them: one column for the detail of the traffic type."""
    details = [
        name
        for name in frame.columns
        if name.startswith("ym:s:lastsign") and not name.endswith("Source") and "UTM" not in name
    ]
    frame = frame.with_columns(detail=pl.concat_str(details)).drop(details)
    return frame.rename(
        {name: name.removeprefix("ym:s:").removeprefix("lastsign") for name in frame.columns if name != "detail"}
    )


def _costs(rng, firm, gaps, visits, campaign, folder):
    if not firm.parameters["has_costs"]:
        return
    paid = np.array([channel.paid for channel in firm.channels])
    names = [(name, c) for c in firm.channels for name in c.campaigns]
    hit = paid[visits["ch"]] & ~visits["gone"]
    counts = np.zeros((DAYS, max(1, len(names))))
    np.add.at(counts, (visits["t"][hit] // DAY, campaign[hit]), 1)
    day, own = np.nonzero(counts)
    keep = gaps.keep("costs", day * DAY)
    day, own = day[keep], own[keep]
    clicks = rng.poisson(counts[day, own] * firm.parameters["click_loss"]) + counts[day, own].astype(int)
    cost = clicks * np.array([c.cpc for _, c in names] or [0])[own] * np.exp(rng.normal(0, 0.1, len(day)))
    pl.DataFrame(
        {
            "Day": moment(firm, day * DAY, "%Y-%m-%d"),
            "Source": text([c.source for _, c in names], own),
            "Medium": text([c.medium for _, c in names], own),
            "Campaign name": text([name for name, _ in names], own),
            "Shown": (clicks * rng.uniform(15, 40, len(day))).astype(int),
            "Clicked": clicks,
            "Spent": np.round(cost, 2),
        }
    ).write_csv(folder / "costs.csv")
