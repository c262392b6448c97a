"""The firm's channels, campaigns and pages, and how many visits each day would bring."""
import numpy as np

from world import channels
from world.clock import DAYS
from world.days import calendar
from world.draws import drift
from world.profiles import WEEKDAYS

DAY_NUMBERS = np.arange(DAYS)
HOLIDAY_LEVEL = {"closed": (.42, .6), "partly": (.55, .75), "works": (.8, 1.05)}
LETTER_PULSE = np.array([6., 2.4, 1.])


def set_channels(firm, rng):
    library = channels.RUSSIAN if firm.russian else channels.ENGLISH
    always = ["ya-search", "seo-yandex", "direct"] if firm.russian else ["google-ads", "seo", "direct"]
    others = [channel for channel in library if channel not in always]
    count = int(rng.integers(3, min(9, len(others) + 1)))
    ids = always + [others[i] for i in sorted(rng.choice(len(others), count, replace=False))]
    firm.channels = [dict(library[channel], id=channel) for channel in ids]
    firm.direct = ids.index("direct")
    firm.brand_search = 1                  # the search channel is the second of `always`
    weights = np.array([channel["weight"] for channel in firm.channels]) * rng.gamma(4, .25, len(ids))
    firm.share = weights / weights.sum()
    firm.quality = np.array([channel["quality"] for channel in firm.channels]) * np.exp(rng.normal(0, .18, len(ids)))
    firm.sale_quality = np.array([c["sale_quality"] for c in firm.channels]) * np.exp(rng.normal(0, .1, len(ids)))
    firm.campaigns = []
    for channel in firm.channels:
        channel["campaigns"] = campaign_names(firm, channel, rng)
        channel["campaign_weights"] = rng.dirichlet(np.full(len(channel["campaigns"]), 3.))
        last_page = len(firm.trade["pages"]) - 1
        channel["campaign_pages"] = [int(rng.integers(0, last_page)) for _ in channel["campaigns"]]
        channel["first_campaign"] = len(firm.campaigns)
        firm.campaigns += channel["campaigns"]


def campaign_names(firm, channel, rng):
    """A channel without campaigns has one without a name."""
    prefix = channel.get("prefix")
    if not prefix:
        return [""]
    topics = firm.trade["topics"]
    several = prefix.endswith("-")
    count = int(rng.integers(2, 6)) if several and channel.get("click_price") else int(rng.integers(1, 3))
    topics = [topics[i] for i in rng.permutation(len(topics))]
    if not several:
        return [prefix]
    names = [prefix + topics[i % len(topics)] for i in range(count)]
    return [name if i < len(topics) else f"{name}-{i}" for i, name in enumerate(names)]


def set_pages(firm, rng):
    firm.pages = firm.trade["pages"]
    firm.page_weights = np.concatenate([[3.], rng.dirichlet(np.full(len(firm.pages) - 1, 2.)) * 5])
    firm.page_weights /= firm.page_weights.sum()
    firm.page_quality = np.exp(rng.normal(0, .2, len(firm.pages)))
    firm.page_urls = [firm.host + (page if page != "/" else "") for page in firm.pages]


def new_year(firm):
    """The days on which next to nobody works."""
    return np.array([(d.month == 1 and d.day <= 4) or (d.month == 12 and d.day >= 30) for d in firm.dates])


def set_level(firm, rng):
    """Season, holidays, weekdays, growth, drift and noise: the expected visits of each channel and day."""
    set_calendar(firm, rng)
    growth = np.exp(rng.normal(.1, .22) * np.linspace(-.5, .5, DAYS))
    common = drift(rng, DAYS, 18, rng.uniform(.03, .07)) + rng.normal(0, rng.uniform(.03, .07), DAYS)
    count = len(firm.channels)
    firm.visits_by_day = np.zeros((count, DAYS))
    level = [firm.season, firm.holiday_factor, firm.weekday_factor, growth]
    for i, channel in enumerate(firm.channels):
        own_growth = np.exp(rng.normal(0, .3) * np.linspace(-.5, .5, DAYS))
        own = drift(rng, DAYS, rng.uniform(20, 80), rng.uniform(.07, .2))
        noise = channel_noise(channel, rng)
        visits = firm.share[i]
        for factor in [*level, own_growth, np.exp(own + common), noise]:
            visits = visits * factor
        firm.visits_by_day[i] = visits
    firm.visits_by_day *= firm.sessions_target / firm.visits_by_day.sum()
    firm.quality_drift = np.exp(np.stack([drift(rng, DAYS, 60, rng.uniform(.04, .12)) for _ in range(count)]))
    firm.quality_season = firm.season ** .25 * np.where(firm.is_off & (firm.holidays == "closed"), .85, 1.)


def channel_noise(channel, rng):
    spread = .01 if channel.get("click_price") is None else .02
    noise = rng.gamma(1 / spread, spread, DAYS)
    if channel["id"] == "email":           # letters go out once or twice a month
        pulses = np.full(DAYS, .35)
        for day in np.arange(int(rng.integers(0, 14)), DAYS, int(rng.integers(11, 18))):
            pulses[day:day + 3] += LETTER_PULSE[:max(0, DAYS - day)]
        noise = noise * pulses / pulses.mean()
    return noise


def set_calendar(firm, rng):
    off, worked, slow = calendar(firm.russian)
    firm.is_off = np.array([date in off for date in firm.dates])
    firm.is_worked = np.array([date in worked for date in firm.dates])
    is_slow = np.array([date in slow for date in firm.dates])
    firm.holidays = firm.trade["holidays"]
    factor = np.where(firm.is_off, rng.uniform(*HOLIDAY_LEVEL[firm.holidays]), 1.) * np.where(is_slow, .55, 1.)
    firm.holiday_factor = np.where(new_year(firm) & firm.is_off, factor * .6, factor)
    months = np.array(firm.trade["months"])
    place = np.array([date.month - 1 + (date.day - 15) / 30.4 for date in firm.dates])
    around = np.concatenate([months[-1:], months, months[:1]])
    firm.season = np.interp(place % 12, np.arange(-1, 13), around) ** rng.uniform(.75, 1.1)
    # what weekdays do is no part of the holiday
    weekdays = np.array(WEEKDAYS[firm.trade["hours"]])[DAY_NUMBERS % 7]
    firm.weekday_factor = np.where(firm.is_worked, 1.02, weekdays)
