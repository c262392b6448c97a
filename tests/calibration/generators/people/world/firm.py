"""A firm: who it is, what it has, how it sells, and in which systems it keeps all that."""
import datetime as dt

import numpy as np

from world import staff, traffic, words
from world.clock import DAYS, WEEKS
from world.draws import pick, stream
from world.trades import TRADES

TRADE_CHANCES = np.array([.12, .13, .1, .1, .09, .11, .1, .08, .09, .08])
SESSIONS = {"small": 60e3, "medium": 200e3, "large": 1e6}
WEEKLY_INQUIRIES = {"small": (15, 55), "medium": (45, 160), "large": (140, 400)}


class Firm:
    """What does not change with its people and incidents; the functions of this module fill it in."""

    def __init__(self, seed, size):
        self.seed, self.size = seed, size
        self.null = False


def make_firm(seed, size):
    """The order of these calls is part of the seed's meaning: they draw from one stream."""
    rng = stream(seed, "firm", size)
    firm = Firm(seed, size)
    set_identity(firm, rng)
    set_possessions(firm, rng)
    traffic.set_channels(firm, rng)
    traffic.set_pages(firm, rng)
    traffic.set_level(firm, rng)
    staff.set_opening(firm, rng)
    staff.set_lines(firm, rng)
    staff.set_forms(firm, rng)
    staff.set_managers(firm, rng)
    set_sales(firm, rng)
    set_formats(firm, rng)
    return firm


def set_identity(firm, rng):
    trade_name = pick(rng, list(TRADES), TRADE_CHANCES)
    firm.trade = TRADES[trade_name]
    firm.russian = firm.trade["lang"] == "ru"
    firm.sessions_target = int(SESSIONS[firm.size] * rng.uniform(.85, 1.15))
    low, high = WEEKLY_INQUIRIES[firm.size]
    firm.weekly_inquiries = float(np.exp(rng.uniform(np.log(low), np.log(high))))
    firm.title = firm.trade["title"].format(pick(rng, words.RUSSIAN_FIRMS if firm.russian else words.ENGLISH_FIRMS))
    firm.host = f"{trade_name}-{firm.seed % 97:02d}.example"
    # the world ends on a Sunday, at some time in the years whose calendars are known
    firm.start = dt.date(2023, 1, 2) + dt.timedelta(7 * int(rng.integers(4, 118)))
    firm.dates = [firm.start + dt.timedelta(day) for day in range(DAYS)]
    firm.weeks = ["%d-W%02d" % firm.dates[7 * week].isocalendar()[:2] for week in range(WEEKS)]
    if firm.russian:
        region = words.RUSSIAN_REGIONS[int(rng.integers(len(words.RUSSIAN_REGIONS)))]
        firm.far_towns = words.RUSSIAN_FAR_TOWNS
    else:
        region, firm.far_towns = words.ENGLISH_REGION, words.ENGLISH_FAR_TOWNS
    firm.towns, firm.time_zone, firm.dialling_code = region


def set_possessions(firm, rng):
    """Which systems and exports it has at all."""
    trade = firm.trade
    firm.has_calls = rng.random() > .06 or trade["call_share"] > .5
    firm.has_forms = (not firm.has_calls) or rng.random() > .12 or trade.get("shop", False)
    firm.has_chat = rng.random() < .3
    firm.has_costs = rng.random() > .2
    firm.has_goals = rng.random() > .35
    firm.has_history = rng.random() < .65
    firm.tracking = pick(rng, ["single", "static", "dynamic"], [.28, .27, .45])
    firm.has_lines = firm.has_calls and rng.random() > .15
    if not firm.has_lines:
        firm.tracking = "single"
    firm.call_share = float(np.clip(trade["call_share"] + rng.normal(0, .08), .15, .92)) if firm.has_calls else 0.
    if not firm.has_forms and not firm.has_chat:
        firm.call_share = 1.


def set_sales(firm, rng):
    median, spread = firm.trade["lag_days"]
    firm.lag_days = (median * np.exp(rng.normal(0, .25)), spread)
    firm.sale_chance = firm.trade["sale_chance"] * np.exp(rng.normal(0, .2))
    firm.amount = firm.trade["amount"]
    firm.reasons = words.REASONS[firm.trade["lang"]]
    firm.stages = firm.trade["stages"]
    firm.not_entered = rng.uniform(.03, .12)


def set_formats(firm, rng):
    """In which clothes all of it is told."""
    if firm.russian:
        firm.visits_format = pick(rng, ["metrica", "metrica", "metrica", "own"])
        firm.calls_format = {
            "dynamic": pick(rng, ["calltouch", "uis", "own"]),
            "static": pick(rng, ["mango", "own", "uis"]),
            "single": pick(rng, ["own", "mango", "plain"]),
        }[firm.tracking]
        firm.forms_format = pick(rng, ["site", "tilda", "own"])
        firm.deals_format = pick(rng, ["amo", "bitrix", "plain"], [.4, .4, .2])
    else:
        firm.visits_format = "ga4"
        firm.calls_format = "callrail" if firm.tracking != "single" else "own"
        firm.forms_format, firm.deals_format = "own", pick(rng, ["hubspot", "pipedrive", "plain-en"])
    if not firm.has_lines:
        firm.calls_format = "bare"
    firm.won_stage, firm.lost_stage = words.CLOSED_STAGES[firm.trade["lang"]]
    firm.has_call_links = firm.calls_format == "own" and firm.tracking == "dynamic"
    in_asia = firm.time_zone.startswith("Asia")
    firm.calls_time_zone = "Europe/Moscow" if in_asia and rng.random() < .5 else firm.time_zone
    firm.own_calendar = firm.holidays != "closed" and rng.random() < .4
    firm.email_share = rng.uniform(.1, .35)
    firm.annotated = rng.random() < .5
