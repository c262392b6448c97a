"""What incidents do to calls, forms, call-backs and deals: functions that a course of the world asks.

`luck` has eight uniform draws for each wish; which of them a kind looks at is part of the seed's meaning."""
import numpy as np

from world.attempts import ARRIVES, BROKEN, FAILS, IN_MENU, NOT_LOGGED, REACHES, VANISHES
from world.clock import DAY, DAYS, hour_of, next_open
from world.profiles import BROWSERS, DEVICES
from world.sales import OPEN, WON


def within(incident, t):
    return (t >= incident.start) & (t < incident.end)


def is_managers(incident, deals):
    """Deals of the incident's manager, or all if it has none."""
    return True if incident.target is None else deals["manager"] == incident.target


# --- calls

def lines_silent(world, incident, luck):
    if incident.kind == "trunk_silent":
        hit = world.trunk_of_line[world.line] == incident.target
    else:
        hit = world.line == incident.target

    def call_fate(t, wish, attempt):
        lost = within(incident, t) & hit[wish] & (luck[wish, attempt] < incident.severity)
        return np.where(lost, NOT_LOGGED, REACHES)

    incident.call_fate = call_fate


def calls_spoilt(world, incident, luck):
    """Calls that fail or end in the menu; what is lost are people with whom nobody speaks."""
    incident.measure = "reached"
    hit = np.full(world.count, True) if incident.target is None else world.line == incident.target
    not_logged = {"calls_failing": .5, "busy_hours": .6, "ivr_loop": None}[incident.kind]

    def call_fate(t, wish, attempt):
        spoilt = within(incident, t) & hit[wish] & (luck[wish, attempt] < incident.severity)
        if incident.hours:
            hour = hour_of(t)
            spoilt &= (hour >= incident.hours[0]) & (hour < incident.hours[1])
            spoilt &= world.firm.open_day[np.minimum(t // DAY, DAYS - 1)]
        if not_logged is None:
            return np.where(spoilt, IN_MENU, REACHES)
        return np.where(spoilt, np.where(luck[wish, attempt + 4] < not_logged, NOT_LOGGED, FAILS), REACHES)

    incident.call_fate = call_fate


def not_called_back(world, incident, luck):
    incident.callback_factor = lambda t: np.where(within(incident, t), 1 - incident.severity, 1.)


# --- forms

def forms_hit(world, incident):
    wishes, target = world.wishes, incident.target
    if incident.kind == "form_dead_page":
        return world.form_page == target
    if incident.kind == "form_dead_device":
        return wishes["device"] == target
    if incident.kind == "form_dead_browser":
        hit = np.zeros(world.count, bool)
        for device, name in enumerate(DEVICES):
            if target in BROWSERS[name]:
                hit |= (wishes["device"] == device) & (wishes["browser"] == BROWSERS[name].index(target))
        return hit
    return np.full(world.count, True) if target is None else world.form == target


def forms_dead(world, incident, luck):
    hit = forms_hit(world, incident)
    fate = VANISHES if incident.kind == "form_lost_in_transit" else BROKEN

    def form_fate(t, wish, attempt):
        lost = within(incident, t) & hit[wish] & (luck[wish, attempt // 2] < incident.severity)
        return np.where(lost, fate, ARRIVES)

    incident.form_fate = form_fate


def forms_decay(world, incident, luck):
    def form_fate(t, wish, attempt):
        share = np.clip((t - incident.start) / (incident.end - incident.start), 0, 1)
        broken = within(incident, t) & (luck[wish, min(attempt, 1)] < incident.severity * share)
        return np.where(broken, BROKEN, ARRIVES)

    incident.form_fate = form_fate


# --- managers

def slow_answers(world, incident, luck):
    def slows(deals, hours, written):
        slow = within(incident, deals["created"]) & written & is_managers(incident, deals)
        return np.where(slow, hours * incident.severity, hours)

    incident.slows = slows


def fewer_sales(world, incident, luck):
    def sale_chance(deals, chance):
        hit = within(incident, deals["created"]) & is_managers(incident, deals)
        return np.where(hit, chance * (1 - incident.severity), chance)

    incident.sale_chance = sale_chance


def nobody_cares(world, incident, luck):
    def sale_chance(deals, chance):
        hit = within(incident, deals["created"]) & (luck[deals["wish"], 1] < incident.severity)
        hit &= is_managers(incident, deals)
        deals["touched"] &= ~hit
        return np.where(hit, .02 * chance, chance)

    incident.sale_chance = sale_chance


# --- records in the CRM

def duplicate_deals(world, incident, luck):
    incident.apparent = "dups"

    def records(deals):
        hit = within(incident, deals["created"]) & (luck[deals["wish"], 2] < incident.severity)
        deals["duplicates"] = deals["duplicates"] + hit

    incident.records = records


def bulk_close(world, incident, luck):
    incident.apparent = "close"

    def records(deals):
        hit = within(incident, deals["close"]) & (luck[deals["wish"], 2] < incident.severity)
        hit &= is_managers(incident, deals) & (deals["end"] != OPEN)
        evening = next_open(world.firm, np.array([incident.end]))[0] + 2 * 3600
        deals["close"] = np.where(hit, evening + (luck[deals["wish"], 3] * 1500).astype(np.int64), deals["close"])

    incident.records = records


def entered_later(world, deals, luck, least_days, span, column):
    """Closing times some days after the true ones, within two hours of opening."""
    wish = deals["wish"]
    late = deals["close"] + ((least_days + span * luck[wish, column]) * DAY).astype(np.int64)
    return next_open(world.firm, late) + (luck[wish, column + 1] * 7200).astype(np.int64)


def late_entry(world, incident, luck):
    incident.apparent = "close"

    def records(deals):
        hit = within(incident, deals["true_close"]) & (luck[deals["wish"], 2] < incident.severity)
        late = entered_later(world, deals, luck, 5, 16, 3)
        deals["close"] = np.where(hit & (deals["end"] == WON), late, deals["close"])

    incident.records = records


def stages_forgotten(world, incident, luck):
    incident.apparent = "close"

    def records(deals):
        hit = within(incident, deals["close"]) & (luck[deals["wish"], 2] < incident.severity) & (deals["end"] == WON)
        never = hit & (luck[deals["wish"], 3] < .5)
        late = entered_later(world, deals, luck, 20, 25, 4)
        deals["end"] = np.where(never, OPEN, deals["end"])
        deals["close"] = np.where(hit & ~never, late, deals["close"])

    incident.records = records


BY_KIND = {
    "line_silent": lines_silent, "trunk_one_line": lines_silent, "trunk_silent": lines_silent,
    "calls_failing": calls_spoilt, "busy_hours": calls_spoilt, "ivr_loop": calls_spoilt,
    "missed_not_called_back": not_called_back,
    "form_dead_page": forms_dead, "form_dead_device": forms_dead, "form_dead_browser": forms_dead,
    "form_dead_all": forms_dead, "form_lost_in_transit": forms_dead, "form_slow_decay": forms_decay,
    "slow_all": slow_answers, "slow_one": slow_answers, "weak_manager": fewer_sales,
    "price_second": fewer_sales, "competitor_second": fewer_sales,
    "manager_absent": nobody_cares, "deals_untouched": nobody_cares,
    "duplicate_deals": duplicate_deals, "bulk_close": bulk_close, "late_entry": late_entry,
    "stages_forgotten": stages_forgotten,
}
