"""People and their visits: who would come, when, from where, on what.

People are a dict of arrays with a row a person, visits one with a row a visit; a person's visits stand together, in order."""
import numpy as np

from world.clock import DAY, DAYS, HOUR, day_of, hour_of
from world.draws import by_shares, stream, times_of_day
from world.profiles import BROWSER_SHARES, DESKTOP, DEVICES, MOBILE, TABLET


def returns(firm):
    """The chance to come again, and the mean number of further visits."""
    returning = firm.trade["returning"]
    return .38 * min(returning, 1.5), 1.4 + .6 * returning


def visits_per_person(firm):
    chance, mean = returns(firm)
    return 1 + chance * mean * .93


def first_visits(people):
    """The row of each person's first visit."""
    return np.cumsum(people["visits"]) - people["visits"]


def draw_people(firm, rng, channel, by_day, owner=-1, eagerness=1., campaign=None, bot=False, period=None, hours=None):
    """People who come first by a channel, and all their visits. The owner is the number of the incident that brings them."""
    per_day = rng.poisson(by_day)
    t = np.repeat(np.arange(DAYS), per_day) * DAY
    t = t + times_of_day(rng, hours or firm.trade["hours"], len(t)).astype(np.int64)
    if period is not None:
        t = t[(t >= period[0]) & (t < period[1])]
    count = len(t)
    people = {"channel": np.full(count, channel), "owner": np.full(count, owner),
              "eagerness": np.full(count, eagerness), "bot": np.full(count, bot)}
    add_devices(firm, rng, people, channel)
    add_places(firm, rng, people, channel, campaign)
    chance, mean = returns(firm)
    further = np.where(rng.random(count) < chance, rng.geometric(1 / mean, count), 0)
    people["visits"] = 1 + (0 * further if bot else np.minimum(further, 9))
    return people, draw_visits(firm, rng, people, t, channel)


def add_devices(firm, rng, people, channel):
    count = len(people["owner"])
    mobile = firm.channels[channel]["mobile"] * .97
    uniform = rng.random(count)
    people["device"] = np.where(uniform < mobile, MOBILE, np.where(uniform < mobile + .03, TABLET, DESKTOP))
    uniform = rng.random(count)
    people["browser"] = np.zeros(count, int)
    for device, name in enumerate(DEVICES):
        has = people["device"] == device
        people["browser"][has] = by_shares(BROWSER_SHARES[name], uniform[has])


def add_places(firm, rng, people, channel, campaign):
    """Town, campaign, and the page on which a person lands."""
    count = len(people["owner"])
    details = firm.channels[channel]
    near = len(firm.towns) - 1
    shares = np.array([.72] + [.28 / near] * near) * .94
    shares = np.concatenate([shares, [.06 / len(firm.far_towns)] * len(firm.far_towns)])
    people["town"] = by_shares(shares, rng.random(count))
    if campaign is None:
        campaigns = by_shares(details["campaign_weights"], rng.random(count))
    else:
        campaigns = np.full(count, campaign)
    people["campaign"] = details["first_campaign"] + campaigns
    any_page = by_shares(firm.page_weights, rng.random(count))
    by_campaign = (rng.random(count) < .8) & bool(details.get("prefix"))
    people["page"] = np.where(by_campaign, np.array(details["campaign_pages"])[campaigns], any_page)


def draw_visits(firm, rng, people, t, channel):
    """The first visit of each at its time, the others after hours to weeks, often direct or by a search of the brand."""
    person = np.repeat(np.arange(len(t)), people["visits"])
    count = len(person)
    start = first_visits(people)
    nth = np.arange(count) - start[person]
    median_gap = np.log(1.3 * DAY * firm.trade["returning"])
    gaps = np.cumsum(np.where(nth > 0, HOUR + np.exp(rng.normal(median_gap, 1.1, count)), 0.))
    t = t[person] + (gaps - gaps[start][person]).astype(np.int64)
    night = (nth > 0) & (hour_of(t) < 7)
    t = np.where(night, t + 7 * HOUR, t)
    uniform = rng.random(count)
    by = np.where((nth > 0) & (uniform < .62), firm.brand_search, channel)
    by = np.where((nth > 0) & (uniform < .42), firm.direct, by)
    first_campaigns = np.array([details["first_campaign"] for details in firm.channels])
    other_page = by_shares(firm.page_weights, rng.random(count))
    same_page = (nth == 0) | (rng.random(count) < .35)
    return {
        "person": person, "t": t, "channel": by, "nth": nth,
        "campaign": np.where(by == channel, people["campaign"][person], first_campaigns[by]),
        "page": np.where(same_page, people["page"][person], other_page),
        "other_device": (nth > 0) & (rng.random(count) < .09),      # another visitor to the counter
    }


def join(draws):
    """Joins people and visits of several draws."""
    all_people, all_visits, before = {}, {}, 0
    for people, visits in draws:
        visits = dict(visits, person=visits["person"] + before)
        before += len(people["owner"])
        for key, column in people.items():
            all_people.setdefault(key, []).append(column)
        for key, column in visits.items():
            all_visits.setdefault(key, []).append(column)
    return tuple({key: np.concatenate(columns) for key, columns in table.items()} for table in (all_people, all_visits))


def own_people(firm):
    """Those who come to the firm whatever happens, and a little rubbish that every counter has."""
    rng = stream(firm.seed, "people", firm.size)
    per_person = visits_per_person(firm)
    draws = [draw_people(firm, rng, i, firm.visits_by_day[i] / per_person) for i in range(len(firm.channels))]
    draws.append(draw_people(firm, rng, firm.direct, firm.visits_by_day.sum(0) * .015, bot=True))
    return join(draws)


def eagerness(firm, people, visits):
    """The chance that a person wants to get in touch, up to a common factor."""
    day = day_of(visits["t"][first_visits(people)])
    channel = people["channel"]
    chance = firm.quality[channel] * firm.quality_drift[channel, day] * firm.quality_season[day]
    chance = chance * firm.page_quality[people["page"]]
    seen_more = 1 + .45 * np.minimum(people["visits"] - 1, 4)
    chance = chance * np.where(people["device"] == MOBILE, .88, 1.12) * seen_more * people["eagerness"]
    chance = chance * np.where(people["town"] >= len(firm.towns), .25, 1.)
    return np.where(people["bot"], 0., chance)
