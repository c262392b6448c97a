"""People and their visits: who comes, by which ways, how often, and who of them has it in mind to inquire.

Unit of the simulation is the person. One call of `arrive` makes the people of the base world; further calls make people
who come only because of an incident (weaker visitors, cheap channels that grow); `bots` makes visits without people.
"""

import numpy as np

from rhythm import SPAN
from tables import DAY, END, HOUR, LEAD, changed, coin, cumulate, inside, pick, size, stream, take

OFFLINE, EXISTING, STRANGERS = 800_000_000, 900_000_000, 950_000_000  # ranges of person numbers
EXTRA = 20_000_000


def moments(rhythm, day, r):
    """Moments within the given days (days counted from the beginning of the lead)."""
    weekend = ((day % 7) >= 5).astype(int)
    u = r.random(len(day))
    hour = pick(rhythm.hours, weekend, u)
    return (day - LEAD) * DAY + hour * HOUR + r.integers(0, HOUR, len(day))


def beginnings(firm, rhythm, expected, r):
    """(channel, moment) of first visits: a Poisson stream and what it excites, some hours later."""
    counts = r.poisson(expected * r.gamma(40, 1 / 40, expected.shape))
    cell = np.repeat(np.arange(expected.size), counts.ravel())
    channel, t = cell // SPAN, moments(rhythm, cell % SPAN, r)
    every_c, every_t = [channel], [t]
    for _ in range(3):
        parents = np.repeat(np.arange(len(t)), r.poisson(firm.excite, len(t)))
        t = t[parents] + (r.exponential(4 * HOUR, len(parents))).astype(int) + 60
        own = r.random(len(parents)) < 0.75
        channel = np.where(own, channel[parents], firm.channel("direct"))
        every_c.append(channel)
        every_t.append(t)
    return np.concatenate(every_c), np.concatenate(every_t)


def arrive(firm, rhythm, expected, purpose, ease=1.0, window=None, first_person=0):
    """(visits, cases) of people who come as `expected` says; `ease` scales their readiness to inquire."""
    r = stream(firm.seed, "people", firm.size, purpose)
    channel, t = beginnings(firm, rhythm, expected, r)
    if window:
        keep = inside(t, *window)
        channel, t = channel[keep], t[keep]
    n = len(t)
    day = np.clip(t // DAY + LEAD, 0, SPAN - 1)
    wants = r.random(n) < firm.rate * ease * firm.array("rate")[channel] * rhythm.intent[channel, day]
    visits_n = np.minimum(r.geometric(1 - firm.returning, n) + (wants & (r.random(n) < 0.4)), 9)
    city = np.searchsorted(np.cumsum(firm.city_share), r.random(n)).clip(0, len(firm.cities) - 1)
    device = np.where(r.random(n) < firm.array("mobile")[channel], 1, np.where(r.random(n) < 0.06, 2, 0))
    who = np.repeat(np.arange(n), visits_n)
    start = np.cumsum(visits_n) - visits_n
    nth = np.arange(len(who)) - start[who]
    v = repeat(firm, r, who, nth, start, channel, t, device)
    v["city"] = city[who]
    v["person"] = who + first_person
    v["client"] = v["person"] * 3 + v["dev"]
    chosen = np.where(r.random(n) < 0.65, visits_n - 1, (r.random(n) * visits_n).astype(int))
    v["wants"] = wants[who] & (nth == chosen[who])
    behave(firm, r, v)
    v = take(v, inside(v["t"], 0, END))
    return v, cases(firm, r, v)


def repeat(firm, r, who, nth, start, channel, t, device):
    """Later visits: days later, often by another way, sometimes on another device."""
    m = len(who)
    gap = np.where(nth > 0, np.exp(r.normal(np.log(1.3 * DAY), 1.2, m)), 0)
    total = np.cumsum(gap)
    late = t[who] + (total - total[start[who]]).astype(np.int64)
    hour = late // HOUR % 24
    late = np.where((nth > 0) & (hour >= 1) & (hour < 7), late + 7 * HOUR, late)
    u = r.random(m)
    way = np.where(u < 0.42, channel[who], np.where(u < 0.75, firm.channel("direct"), firm.channel("organic-search")))
    other = (nth > 0) & (r.random(m) < 0.1)
    return dict(
        t=late,
        ch=np.where(nth > 0, way, channel[who]),
        dev=np.where(other, 1 - np.minimum(device[who], 1), device[who]),
        nth=nth,
    )


def behave(firm, r, v):
    """What the counter sees of a visit: page, depth, time, goals."""
    m = size(v)
    v["page"] = pick(cumulate(firm.page_share), v["ch"], r.random(m))
    v["camp"] = (r.random(m) ** 1.5 * firm.array("campaigns")[v["ch"]]).astype(int)
    v["bounce"] = ~v["wants"] & (r.random(m) < firm.array("bounce")[v["ch"]])
    v["views"] = np.where(v["bounce"], 1, 1 + r.geometric(0.4, m))
    long = np.exp(r.normal(np.log(80), 0.9, m)) * np.sqrt(v["views"])
    v["dur"] = np.where(v["bounce"], r.integers(0, 15, m), np.minimum(long, 7000) + 15 * v["wants"]).astype(int)
    v["g_start"] = ~v["bounce"] & (r.random(m) < 0.012) & bool(firm.forms)
    v["g_sent"] = np.zeros(m, bool)
    v["g_tel"] = ~v["bounce"] & (v["dev"] == 1) & (r.random(m) < 0.015)
    order = np.lexsort((v["t"], v["client"]))
    lead = np.ones(m, bool)
    lead[1:] = v["client"][order][1:] != v["client"][order][:-1]
    v["new"] = np.zeros(m, bool)
    v["new"][order[lead]] = True
    for flag in ("gone", "hidden", "double", "untag"):
        v[flag] = np.zeros(m, bool)


def traced(firm, v):
    """The channel to which an inquiry at each visit is credited: the client's last one that is not direct."""
    direct = firm.channel("direct")
    order = np.lexsort((v["t"], v["client"]))
    client, channel = v["client"][order], v["ch"][order]
    lead = np.ones(len(order), bool)
    lead[1:] = client[1:] != client[:-1]
    first = np.maximum.accumulate(np.where(lead, np.arange(len(order)), 0))
    last = np.maximum.accumulate(np.where(channel != direct, np.arange(len(order)), -1))
    out = np.empty(len(order), np.int64)
    out[order] = np.where(last >= first, channel[last], direct)
    return out


def cases(firm, r, v):
    """One case for each person with an intention: where it comes up, and by which means."""
    at = np.flatnonzero(v["wants"])
    c = take({k: v[k] for k in ("person", "t", "dev", "city", "page")}, at)
    c["way"] = v["ch"][at]
    c["v"] = at
    c["attr"] = traced(firm, v)[at] if len(at) else at
    return c


def offline(firm, rhythm, inquiries):
    """Cases of people who saw a poster or know the number: no visit."""
    r = stream(firm.seed, "offline", firm.size)
    share = firm.offline
    expected = inquiries * share / (1 - share) / SPAN * np.ones(SPAN) * rhythm.sight
    day = np.repeat(np.arange(SPAN), r.poisson(expected))
    t = moments(rhythm, day, r)
    t = t[inside(t, 0, END)]
    n = len(t)
    city = np.searchsorted(np.cumsum(firm.city_share), r.random(n)).clip(0, len(firm.cities) - 1)
    none = np.full(n, -1)
    return dict(person=OFFLINE + np.arange(n), t=t, dev=none, city=city, page=none, way=none, v=none, attr=none)


def bots(firm, rhythm, number, channel, window, purpose, first_person):
    """Many visits of a second and a page each, at any hour, from everywhere; channel -1: all as usual."""
    r = stream(firm.seed, "bots", firm.size, purpose)
    n = int(number)
    share = firm.array("share")
    person = first_person + np.arange(n)
    v = dict(
        t=r.integers(window[0], window[1], n).astype(np.int64),
        ch=np.full(n, channel)
        if channel >= 0
        else np.searchsorted(np.cumsum(share / share.sum()), r.random(n)).clip(0, len(share) - 1),
        dev=np.where(r.random(n) < 0.8, 0, 1),
        nth=np.zeros(n, int),
        city=r.integers(0, len(firm.cities) + 5, n),
        person=person,
        client=person * 3,
        wants=np.zeros(n, bool),
    )
    behave(firm, r, v)
    no = np.zeros(n, bool)
    return changed(v, bounce=~no, views=np.ones(n, int), dur=r.integers(0, 3, n), g_start=no, g_tel=no)


def branch_of(firm, city, person):
    """The branch that a person calls: that of the town, else any."""
    return np.where(city < firm.branches, city, (coin(person, "branch") * firm.branches).astype(int))
