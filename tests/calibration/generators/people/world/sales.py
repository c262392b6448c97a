"""Deals: who becomes one, who works on it, whether and when it is sold, and when the CRM says so."""
import numpy as np

from world import chances
from world.attempts import ENDED_IN_MENU, lognormal, seconds
from world.clock import DAY, END, NEVER, add_work, day_of, is_open, next_open

WON, OPEN, LOST = 1, 0, -1
OFFLINE_QUALITY = .45


def make_deals(world, incidents, attempts):
    """A dict of arrays with a row a deal."""
    deals = enter(world, attempts)
    assign(world, deals)
    answer(world, incidents, deals, attempts)
    sell(world, incidents, deals, attempts)
    close(world, incidents, deals)
    return deals


def enter(world, attempts):
    """Who was reached is mostly entered; a person known only as a missed call becomes a deal by the robot, sometimes."""
    chance, contacts, reached = world.chance, attempts.contacts, attempts.reached
    asked = np.full(world.count, NEVER)
    seen = contacts["disposition"] != ENDED_IN_MENU
    np.minimum.at(asked, contacts["wish"][seen], contacts["t"][seen])
    robot = (reached == NEVER) & (asked < NEVER) & (chance[:, chances.ROBOT] < .4)
    known = np.where(robot, asked, reached)
    forgotten = np.where(attempts.has_visit, world.firm.not_entered, .4)
    wish = np.flatnonzero(attempts.alive & (known < END) & (chance[:, chances.ENTERED] > forgotten))
    delay = seconds(60 + 400 * chance[wish, chances.ENTRY_DELAY] ** 2)
    return {"wish": wish, "known": known[wish], "asked": asked[wish], "missed": attempts.missed_first[wish],
            "robot": robot[wish], "cold": attempts.cold[wish], "created": known[wish] + delay,
            "touched": np.ones(len(wish), bool), "duplicates": np.zeros(len(wish), int)}


def assign(world, deals):
    """To a manager who is there when the firm is next open."""
    firm = world.firm
    day = day_of(next_open(firm, deals["created"]))
    weights = np.cumsum(firm.present * firm.manager_weights, 1)[day]
    total = np.maximum(weights[:, -1], 1e-9)
    place = world.chance[deals["wish"], chances.MANAGER] * total
    deals["manager"] = np.minimum((weights <= place[:, None]).sum(1), len(firm.managers) - 1)


def answer(world, incidents, deals, attempts):
    """When the first answer goes out: to a call at once, to a form after hours of work."""
    firm, wish = world.firm, deals["wish"]
    written = ~(attempts.talked[wish] <= deals["known"] + 60)
    median = firm.answer_hours[deals["manager"]]
    hours = np.where(written, lognormal(median, .9, world.normal[wish, chances.ANSWER_HOURS]), .05)
    for incident in incidents:
        if incident.slows:
            hours = incident.slows(deals, hours, written)
    deals["written"] = written
    deals["answered"] = np.where(written, add_work(firm, deals["created"], hours), deals["created"] + 120)


def sell(world, incidents, deals, attempts):
    firm, wish = world.firm, deals["wish"]
    wishes = {key: column[wish] for key, column in world.wishes.items()}
    waited = np.maximum(deals["answered"] - deals["created"], 0) / 3600.
    quality = np.append(firm.sale_quality, OFFLINE_QUALITY)[wishes["channel"]]
    chance = firm.sale_chance * 1.12 * quality * firm.skill[deals["manager"]] * attempts.cold_factor[wish]
    chance = chance * np.where(deals["written"], 1.08 * np.exp(-.26 * np.log1p(waited / 3)), 1.)
    chance = chance * np.where(deals["missed"], .88, 1.) * np.where(deals["robot"], .12, 1.)
    chance = chance * np.where(wishes["town"] >= len(firm.towns), .3, 1.)
    for incident in incidents:
        if incident.sale_chance:
            chance = incident.sale_chance(deals, chance)
    deals["sold"] = world.chance[wish, chances.SOLD] < np.minimum(chance, .95)
    median, spread = firm.lag_days
    lag = lognormal(median, spread, world.normal[wish, chances.LAG])
    lag_of_lost = lognormal(median * 1.1, .9, world.normal[wish, chances.LAG_OF_LOST])
    t = deals["answered"] + 1800 + seconds(np.where(deals["sold"], lag, lag_of_lost) * DAY)
    into_the_day = np.where(is_open(firm, t), 0, seconds(7200 * world.chance[wish, chances.CLOSING_HOUR]))
    deals["true_close"] = next_open(firm, t) + into_the_day


def close(world, incidents, deals):
    """What the CRM says: `end` and `close`; a deal that nobody touched or cared for may stay open."""
    wish = deals["wish"]
    end = np.where(deals["sold"], WON, LOST)
    stays_open = world.chance[wish, chances.UNTOUCHED_STAYS_OPEN] < .35
    end = np.where(~deals["touched"], np.where(stays_open, OPEN, LOST), end)
    end = np.where((end == LOST) & (world.chance[wish, chances.LOST_STAYS_OPEN] < .05), OPEN, end)
    deals["end"], deals["close"] = end, deals["true_close"].copy()
    for incident in incidents:
        if incident.records:
            incident.records(deals)
    deals["won"] = (deals["end"] == WON) & (deals["close"] < END) & (deals["created"] < END)
    deals["sale_true"] = deals["sold"] & (deals["true_close"] < END)
