"""Opening hours, lines, forms and managers of a firm."""
import numpy as np

from world import words
from world.clock import DAYS
from world.draws import pick
from world.traffic import DAY_NUMBERS, new_year

TRUNKS = {True: ["SIP/mts", "SIP/beeline", "SIP/rostel"], False: ["trunk-a", "trunk-b", "trunk-c"]}
HAVE_OWN_NUMBERS = ("avito", "gis", "ya-maps", "checkatrade")
NEVER_HAVE_NUMBERS = ("direct", "email", "dzen")
MANAGERS = {"small": (1, 4), "medium": (2, 8), "large": (5, 13)}
SIX_DAYS, SEVEN_DAYS = 1, 2


def set_opening(firm, rng):
    firm.opens, firm.closes, days_a_week = firm.trade["opening"]
    weekday = DAY_NUMBERS % 7
    open_day = np.where(days_a_week == SEVEN_DAYS, True, weekday < (5 + days_a_week))
    rest = new_year(firm) & firm.is_off
    if firm.holidays == "works":
        open_day = np.where(rest & np.array([date.day in (1, 31) for date in firm.dates]), False, open_day)
    elif firm.holidays == "partly":
        open_day = np.where(rest, False, open_day & ~(firm.is_off & (weekday == 6)))
    else:
        open_day = np.where(firm.is_off, False, open_day)
    firm.open_day = np.where(firm.is_worked, True, open_day)
    firm.next_open_day = np.full(DAYS + 1, DAYS)
    for day in range(DAYS - 1, -1, -1):
        firm.next_open_day[day] = day if firm.open_day[day] else firm.next_open_day[day + 1]
    firm.answer_chance = rng.uniform(.84, .96)
    firm.callback_chance = rng.uniform(.7, .92)
    firm.min_talk = int(pick(rng, [0, 0, 0, 10, 15]))


def line_number(firm, nth):
    if firm.russian:
        return "7%s%07d" % (firm.dialling_code, 2000000 + (firm.seed * 7919 + nth * 104729 + 331) % 7000000)
    return "44%s%07d" % (firm.dialling_code, 3000000 + (firm.seed * 7919 + nth * 104729) % 6000000)


def set_lines(firm, rng):
    """One number for all, a number a channel, or a pool that is shown to visitors in turn."""
    firm.lines = []
    trunk_count = int(rng.integers(1, 4))
    trunks = TRUNKS[firm.russian][:trunk_count]

    def add_line(name, channel=""):
        trunk = trunks[int(rng.integers(trunk_count))]
        number = line_number(firm, len(firm.lines))
        firm.lines.append({"number": number, "name": name, "channel": channel, "trunk": trunk})
        return len(firm.lines) - 1

    main = add_line("Сайт" if firm.russian else "Website")
    firm.pool = [main]
    if firm.tracking == "dynamic":
        title = "Подменный" if firm.russian else "Pool"
        firm.pool += [add_line(f"{title} {nth + 1}") for nth in range(int(rng.integers(2, 6)))]
    firm.line_of_channel = [None] * len(firm.channels)
    for i, channel in enumerate(firm.channels):
        static = firm.tracking == "static" and channel["id"] not in NEVER_HAVE_NUMBERS
        if static or (channel["id"] in HAVE_OWN_NUMBERS and firm.tracking != "single"):
            firm.line_of_channel[i] = add_line(channel["title"], channel["id"])
    firm.offline_share = rng.uniform(.05, .18) if firm.has_calls else 0.
    firm.offline_line = main
    if rng.random() < .6:
        title = "Вывеска и визитки" if firm.russian else "Signs and print"
        firm.offline_line = add_line(title, "offline" if firm.tracking != "single" else "")
    firm.trunks = sorted({line["trunk"] for line in firm.lines})


def set_forms(firm, rng):
    is_shop = firm.trade.get("shop", False)
    firm.forms = words.FORMS["shop" if is_shop else firm.trade["lang"]]
    firm.quick_form = 1 if is_shop else 0      # the one that stands on every page
    firm.form_of_page = rng.integers(0, len(firm.forms), len(firm.pages))
    firm.form_of_page[0] = 0


def set_managers(firm, rng):
    count = min(12, int(rng.integers(*MANAGERS[firm.size])))
    names = words.RUSSIAN_MANAGERS if firm.russian else words.ENGLISH_MANAGERS
    firm.managers = [names[i] for i in rng.permutation(12)[:count]]
    firm.skill = np.exp(rng.normal(0, .22, count))
    firm.skill /= firm.skill.mean()
    firm.answer_hours = np.exp(rng.normal(np.log(.6), .5, count))      # median hours to answer a form
    firm.manager_weights = rng.uniform(.6, 1.4, count)
    firm.present = np.tile(firm.open_day[:, None], (1, count))
    for manager in range(count):
        set_presence(firm, rng, manager)
    nobody = firm.open_day & ~firm.present.any(1)
    firm.present[nobody, int(np.argmax(firm.manager_weights))] = True


def set_presence(firm, rng, manager):
    """Shifts, holidays and sick leave; one alone is always there, but for shifts."""
    count = len(firm.managers)
    present = firm.present[:, manager]
    if firm.trade["opening"][2] >= SIX_DAYS:
        shift = int(rng.integers(0, 6))
        present &= ((DAY_NUMBERS + shift) % 6) < 4 if count > 2 else (DAY_NUMBERS % 7 != (5 + manager) % 7)
    for year in range(2):
        for length in pick(rng, [(14, 14), (14, 7, 7), (14, 7)]):
            first = int(rng.integers(year * 262, year * 262 + 255))
            if count > 1:
                present[first:first + length] = False
    for first in np.flatnonzero(rng.random(DAYS) < 1 / 110):
        if count > 1:
            present[first:first + int(rng.integers(2, 9))] = False
