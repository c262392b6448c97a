"""Whom an incident hits and how hard, and the people whom it brings."""
import numpy as np

from incidents.kinds import CAN_BE_SWITCHED_OFF, WEAK_QUALITY
from world.clock import DAY, DAYS
from world.draws import pick, pick_weighted, stream
from world.people import draw_people, join, visits_per_person

EAGERNESS = {"bot_clicks": 0., "wrong_audience": .12, "others_grow": .45, "cheap_channel_grows": .45}
# kinds whose only choice is the severity
SEVERITY_ONLY = {
    "form_slow_decay": (.4, .9), "client_lost": (.4, 1), "gateway_referral": (.5, 1),
    "price_rise": (.15, .55), "worse_offer": (.15, .55), "competitor": (.15, .55),
    "colder_all": (.35, .85), "missed_not_called_back": (.7, 1), "slow_all": (8, 60), "slow_one": (8, 60),
    "weak_manager": (.4, .95), "manager_absent": (.7, 1), "deals_untouched": (.3, .9), "duplicate_deals": (.15, .8),
    "bulk_close": (.5, 1), "late_entry": (.5, 1), "stages_forgotten": (.5, 1),
    "price_second": (.25, .7), "competitor_second": (.25, .7),
}


def choose_scope(firm, incident, rng):
    """The order of draws within a kind is part of the seed's meaning."""
    kind = incident.kind
    if kind in SEVERITY_ONLY:
        incident.severity = between(rng, *SEVERITY_ONLY[kind])
    else:
        CHOICES[incident.cause](firm, incident, rng)
    some_manager = kind == "bulk_close" and len(firm.managers) > 1 and rng.random() < .5
    if kind in ("slow_one", "weak_manager", "manager_absent") or some_manager:
        choose_manager(firm, incident, rng)
    if kind in EAGERNESS:
        incident.brought = bring_people(firm, incident)


def between(rng, low, high):
    return float(rng.uniform(low, high))


def full_or(rng, chance, low):
    """A severity that is full with a chance."""
    return 1. if rng.random() < chance else between(rng, low, 1)


def paid(firm):
    return [i for i, channel in enumerate(firm.channels) if channel.get("click_price")]


def channel_wishes(firm):
    """The weight of each channel among wishes."""
    return firm.visits_by_day.sum(1) * firm.quality


def choose_channel(firm, incident, rng, choices, weights=None, campaign_chance=0.):
    """An incident of a channel that brings next to nothing is one for nobody: one inquiry a week or so is the least."""
    wishes = channel_wishes(firm)
    weekly = firm.weekly_inquiries * (1 - firm.offline_share) * wishes / wishes.sum()
    if weights is None and rng.random() < .85:
        choices = [i for i in choices if weekly[i] >= 3.] or [max(choices, key=lambda i: weekly[i])]
    incident.channel = int(pick_weighted(rng, choices, (wishes if weights is None else weights)[choices]))
    channel = firm.channels[incident.channel]
    incident.scope = {"channel": channel["id"]}
    if rng.random() < campaign_chance and len(channel["campaigns"]) > 1:
        weights = channel["campaign_weights"] ** 2
        incident.campaign = int(rng.choice(len(weights), p=weights / weights.sum()))
        incident.scope["campaign"] = channel["campaigns"][incident.campaign]


def choose_page(firm, incident, rng, weights):
    incident.target = int(pick_weighted(rng, range(len(firm.pages)), weights))
    incident.scope = {"page": firm.page_urls[incident.target]}


def choose_manager(firm, incident, rng):
    busy = firm.present[incident.start // DAY:incident.end // DAY + 1].mean(0) * firm.manager_weights
    incident.target = int(pick_weighted(rng, range(len(firm.managers)), busy))
    incident.scope = {"manager": firm.managers[incident.target]}


def telephony(firm, incident, rng):
    if incident.kind in ("line_silent", "trunk_one_line"):
        choose_line(firm, incident, rng)
        incident.severity = full_or(rng, .6, .5)
    elif incident.kind == "trunk_silent":
        incident.target = int(rng.integers(len(firm.trunks)))
        incident.scope = {"trunk": firm.trunks[incident.target]}
        incident.severity = full_or(rng, .6, .6)
    elif incident.kind == "busy_hours":
        incident.severity = between(rng, .35, .95)
        first = int(rng.integers(firm.opens + 1, firm.closes - 3))
        incident.hours = first, first + int(rng.integers(2, 5))
    else:
        incident.severity = between(rng, .3, 1)
        if firm.has_lines and len(firm.lines) > 2 and rng.random() < .3:
            incident.target = firm.pool[0]
            incident.scope = {"line": firm.lines[incident.target]["number"][-10:]}


def choose_line(firm, incident, rng):
    wishes = channel_wishes(firm)
    weights = np.full(len(firm.lines), .02)
    weights[firm.pool] += .7 / len(firm.pool) if firm.tracking != "static" else 0.
    for channel, line in enumerate(firm.line_of_channel):
        if line is not None:
            weights[line] += wishes[channel] / wishes.sum()
    weights[firm.offline_line] += firm.offline_share
    choices = firm.pool if incident.kind == "trunk_one_line" else list(range(len(firm.lines)))
    incident.target = int(pick_weighted(rng, choices, weights[choices] ** 1.4))
    line = firm.lines[incident.target]
    incident.scope = {"line": line["number"][-10:]}
    if incident.kind == "trunk_one_line" and firm.calls_format == "own":
        incident.scope["trunk"] = line["trunk"]


def forms(firm, incident, rng):
    if incident.kind == "form_dead_page":
        choose_page(firm, incident, rng, (firm.page_weights * firm.page_quality) ** 1.5)
        incident.severity = between(rng, .7, 1)
    elif incident.kind == "form_dead_device":
        incident.target = int(rng.random() < .75)
        incident.scope = {"device": ["desktop", "mobile"][incident.target]}
        incident.severity = between(rng, .5, 1)
    elif incident.kind == "form_dead_browser":
        fourth = "yandex_browser" if firm.russian else "mobile_safari"
        incident.target = pick(rng, ["chrome_mobile", "chrome", "mobile_safari", fourth])
        incident.scope = {"device": "mobile"} if incident.target in ("chrome_mobile", "mobile_safari") else {}
        incident.detail = {"browser": incident.target}
        incident.severity = between(rng, .6, 1)
    else:
        incident.severity = full_or(rng, .5, .5)
        if incident.kind == "form_lost_in_transit" and rng.random() < .5:
            count = len(firm.forms)
            quick = .32 * (np.arange(count) == firm.quick_form)
            use = quick + .68 * np.bincount(firm.form_of_page, weights=firm.page_weights, minlength=count)
            incident.target = int(pick_weighted(rng, range(count), use))
            incident.scope = {"form": firm.forms[incident.target]}


def traffic_volume(firm, incident, rng):
    ids = [channel["id"] for channel in firm.channels]
    if incident.kind == "campaign_paused":
        choose_channel(firm, incident, rng, paid(firm), campaign_chance=1.)
        incident.severity = full_or(rng, .6, .6)
    elif incident.kind == "budget_out_afternoons":
        choose_channel(firm, incident, rng, paid(firm))
        incident.hours = int(rng.integers(12, 18)), 24
        incident.severity = between(rng, .75, 1)
    elif incident.kind == "seo_drop":
        choose_channel(firm, incident, rng, [i for i, name in enumerate(ids) if name.startswith("seo") or name == "bing"])
        incident.severity = between(rng, .25, .8)
    elif incident.kind == "all_traffic_falls":
        incident.severity = between(rng, .15, .6)
        if incident.end - incident.start > 12 * DAY and rng.random() < .4:
            incident.severity = between(rng, .15, .3)
    else:
        choose_channel(firm, incident, rng, [i for i, name in enumerate(ids) if name in CAN_BE_SWITCHED_OFF])
        incident.severity = 1.


def traffic_quality(firm, incident, rng):
    choose_channel(firm, incident, rng, paid(firm), campaign_chance=.6 if incident.kind == "wrong_landing" else .3)
    if incident.kind == "wrong_audience":
        incident.severity = between(rng, .35, .9)
        incident.growth = between(rng, 0, .7)
    elif incident.kind == "wrong_landing":
        incident.severity = between(rng, .35, .85)
        incident.target = int(rng.integers(len(firm.pages)))
    else:
        incident.growth = float(np.exp(rng.uniform(np.log(.3), np.log(2.5))))
        incident.severity = between(rng, .08, .4)


def mix_shift(firm, incident, rng):
    if incident.kind == "cheap_channel_grows":
        visits = firm.visits_by_day.sum(1)
        weak = [i for i, quality in enumerate(firm.quality) if quality < WEAK_QUALITY]
        choose_channel(firm, incident, rng, weak, visits)
        most = 1.2 * (firm.visits_by_day.sum() / firm.visits_by_day[incident.channel].sum())
        incident.growth = float(np.clip(np.exp(rng.uniform(np.log(.8), np.log(6))), 0, most))
    else:
        incident.growth = between(rng, .4, 1.9)
    incident.severity = incident.growth


def tracking(firm, incident, rng):
    if incident.kind == "counter_off_page":
        choose_page(firm, incident, rng, firm.page_weights)
        incident.severity = between(rng, .6, 1)
    elif incident.kind == "utm_lost":
        tagged = [i for i, channel in enumerate(firm.channels) if channel.get("source") and channel.get("prefix")]
        choose_channel(firm, incident, rng, tagged)
        incident.severity = full_or(rng, .5, .4)
        incident.told_as = pick(rng, ["direct", "referral"])
    else:
        incident.severity = between(rng, .15, 1)
        if rng.random() < .4:
            choose_page(firm, incident, rng, firm.page_weights)


def data_gap(firm, incident, rng):
    incident.export = pick(rng, ["visits"] + ["calls"] * firm.has_calls * 2 + ["forms"] * firm.has_forms)
    incident.scope = {"export": incident.export}
    incident.detail = {"export": incident.export}
    incident.severity = 1.


def lead_quality(firm, incident, rng):
    choose_channel(firm, incident, rng, list(range(len(firm.channels))))
    incident.severity = between(rng, .35, .95)
    if incident.kind == "other_region":
        incident.detail = {"region": firm.far_towns}


CHOICES = {choose.__name__: choose for choose in (
    telephony, forms, traffic_volume, traffic_quality, mix_shift, tracking, data_gap, lead_quality)}


def bring_people(firm, incident):
    """The visits that it adds, as people of its own."""
    rng = stream(firm.seed, "bring", firm.size, incident.number)
    is_bots = incident.kind == "bot_clicks"
    first, last = incident.start // DAY, min(incident.end // DAY + 1, DAYS)
    by_day = np.zeros(DAYS)
    by_day[first:last] = 1
    if incident.cause == "mix_shift" and incident.end - incident.start > 10 * DAY:       # budgets grow over some days
        by_day[first:first + 3] *= np.array([.35, .6, .85])[:DAYS - first]
    draws = []
    for channel in growing_channels(firm, incident):
        people = firm.visits_by_day[channel] / visits_per_person(firm) * incident.growth
        if incident.campaign is not None:
            people = people * firm.channels[channel]["campaign_weights"][incident.campaign]
        if is_bots:
            people = people * visits_per_person(firm)
        hours = pick(rng, ["evening", "office", "consumer"]) if is_bots else "evening"
        draws.append(draw_people(
            firm, rng, channel, people * by_day, owner=incident.number, eagerness=EAGERNESS[incident.kind],
            campaign=incident.campaign, bot=is_bots, period=(incident.start, incident.end), hours=hours))
    return join(draws)


def growing_channels(firm, incident):
    if incident.channel is not None:
        return [incident.channel]
    least = np.sort(firm.quality)[-2]
    return [i for i, quality in enumerate(firm.quality) if quality < least and i != firm.direct]
