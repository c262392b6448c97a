"""Calls and forms: what people do about their intention, and what the firm's telephone makes of it.

Every later decision about a contact (is it lost, do they try again) is a `coin` of its number, so that two worlds share
their chance.
"""

import numpy as np

from equipment import form_chances, line_chances
from people import EXISTING, STRANGERS, branch_of, moments
from rhythm import SPAN
from tables import DAY, END, HOUR, LEAD, changed, coin, inside, pick, size, stack, stream, take

CALL, FORM = 0, 1
FIRST, AGAIN, LATER, KNOWN, SPAM, INTERNAL = range(6)  # why somebody gets in touch
ANSWERED, NO_ANSWER, BUSY, FAILED, CONGESTION = range(5)  # how a call ends
OTHERS = 60_000_000  # numbers of contacts that belong to no case


def when_open(rhythm, t, u):
    """Most people who want to call at a closed door call soon after it opens."""
    day = np.clip(t // DAY + LEAD, 0, SPAN - 1)
    clock = t - (day - LEAD) * DAY
    after = clock >= rhythm.closes[day]
    early = clock < rhythm.opens[day]
    shut = after | early | (rhythm.opens[day] == rhythm.closes[day])
    coming = rhythm.next_open[np.where(after, np.minimum(day + 1, SPAN - 1), day)]
    opening = (coming - LEAD) * DAY + rhythm.opens[coming]
    wait = (-np.log(1 - coin(t + 7, "morning")) * 45 * 60).astype(int)
    return np.where(shut & (u < 0.78), opening + wait, t)


def is_open(rhythm, t):
    day = np.clip(t // DAY + LEAD, 0, SPAN - 1)
    clock = t - (day - LEAD) * DAY
    return (clock >= rhythm.opens[day]) & (clock < rhythm.closes[day])


def dial(firm, c, salt):
    """The line that a contact dials: that of its channel where there is one, else one of the branch."""
    if not firm.lines:
        return np.zeros(size(c), int)
    of_channel = np.full(len(firm.channels) + 2, -1)
    for i, (_, _, _, channel, _, _) in enumerate(firm.lines):
        if channel >= 0:
            of_channel[channel] = i
    branch = branch_of(firm, c["city"], c["person"])
    own = pick(line_chances(firm), branch, coin(c["id"], salt))
    way = np.where(c["way"] < 0, len(firm.channels), c["way"])
    special = of_channel[way]
    use = np.where(c["way"] < 0, coin(c["person"], "poster") < 0.7, coin(c["person"], "dialled") < 0.75)
    return np.where((special >= 0) & use, special, own)


def fill(firm, c, salt):
    """The form that a contact sends, and the page on which it stands."""
    if not firm.forms:
        return np.full(size(c), -1)
    return pick(form_chances(firm), np.maximum(c["page"], 0) * 3 + np.maximum(c["dev"], 0), coin(c["id"], salt))


def ring(firm, rhythm, c, salt):
    """Whether and how calls are answered. Peak hours are worse; behind closed doors there is seldom anybody."""
    u = coin(c["id"], salt + "answer")
    peak = 1 + 0.7 * np.exp(-(((c["t"] / HOUR % 24 - 12) / 2) ** 2))
    chance = np.where(is_open(rhythm, c["t"]), 1 - firm.miss * peak, 0.06)
    answered = (u < chance) & (c["kind"] == CALL)
    n = -np.log(1 - coin(c["id"], salt + "wait"))
    talk = np.exp(np.log(130) + 0.8 * normal(c["id"], salt))
    return changed(
        c,
        answered=answered,
        wait=np.where(answered, 4 + n * 9, 12 + n * 18).astype(int),
        talk=np.where(answered, np.clip(talk, 8, 3000), 0).astype(int),
        end=np.where(answered, ANSWERED, np.where(coin(c["id"], salt + "busy") < 0.12, BUSY, NO_ANSWER)),
        op=pick_operator(firm, c),
    )


def normal(keys, salt):
    """Normal deviates by key (Box and Muller)."""
    return np.sqrt(-2 * np.log(1 - coin(keys, salt + "n1"))) * np.cos(2 * np.pi * coin(keys, salt + "n2"))


def pick_operator(firm, c):
    weights = np.cumsum([m[3] for m in firm.managers])
    return np.searchsorted(weights / weights[-1], coin(c["id"], "operator")).clip(0, len(firm.managers) - 1)


def contact(base, firm, kind, cat, ids):
    """Rows of contacts with all columns, from rows that have person, t, city, page, dev, way, attr, v, case."""
    n = size(base)
    c = {k: np.asarray(base[k]) for k in ("person", "t", "city", "page", "dev", "way", "attr", "v", "case")}
    c["id"] = ids + np.zeros(n, np.int64)
    c["kind"] = np.asarray(kind) + np.zeros(n, int)
    c["cat"] = np.full(n, cat)
    c["landing"], c["origin"] = c["page"], c["attr"]
    for flag in ("gone", "failed", "broken", "unexported", "unlinked"):
        c[flag] = np.zeros(n, bool)
    c["tried"], c["sent"] = np.ones(n, bool), np.ones(n, bool)
    c["line"] = np.where(c["kind"] == CALL, dial(firm, c, "line"), -1)
    c["form"] = np.where(c["kind"] == FORM, fill(firm, c, "form"), -1)
    if firm.forms:
        place = np.array([p for _, p, _, _ in firm.forms])
        c["page"] = np.where((c["form"] >= 0) & (place[c["form"]] >= 0), place[c["form"]], c["page"])
    known = coin(c["id"], "known") < np.where(c["kind"] == FORM, 0.93, firm.tracked)
    c["known"] = known & (c["v"] >= 0)
    static = np.array([ch for _, _, _, ch, _, _ in firm.lines])[c["line"]] if firm.lines else np.full(n, -1)
    static = np.where((c["kind"] == CALL) & firm.has["lines"], static, -1)
    c["attr"] = np.where(c["known"], c["attr"], static)
    return c


def of_cases(firm, rhythm, cases, numbers):
    """First contacts, redials of the missed, later questions. `numbers`: the first of the contacts' own numbers."""
    u = coin(cases["person"], "means")
    phone = np.clip(firm.call_share * np.where(cases["dev"] == 1, 1.12, 0.85), 0, 0.88)
    kind = np.where((u < phone) | (cases["v"] < 0) | (not firm.forms), CALL, FORM)
    wait = 30 + (-np.log(1 - coin(cases["person"], "wait")) * 240).astype(int)
    later = (kind == CALL) & (coin(cases["person"], "later") < 0.3)
    t = cases["t"] + np.where(later, (-np.log(1 - coin(cases["person"], "how-late")) * DAY).astype(int), 0) + wait
    t = np.where(kind == CALL, when_open(rhythm, t, coin(cases["person"], "patience")), t)
    first = contact(
        changed(cases, t=t, case=np.arange(size(cases))), firm, kind, FIRST, numbers + np.arange(size(cases))
    )
    first = ring(firm, rhythm, first, "a")
    missed = (first["kind"] == CALL) & ~first["answered"] & (coin(first["id"], "redial") < firm.redial)
    again = take(first, missed)
    wait = 60 + (-np.log(1 - coin(again["id"], "pause")) * 25 * 60).astype(int)
    again = ring(
        firm,
        rhythm,
        changed(
            again,
            t=when_open(rhythm, again["t"] + wait, coin(again["id"], "patience2")),
            id=again["id"] + 10_000_000,
            cat=np.full(size(again), AGAIN),
        ),
        "b",
    )
    ask = coin(first["id"], "ask") < 0.38
    ask = take(first, ask)
    wait = (-np.log(1 - coin(ask["id"], "ask-late")) * 8 * DAY).astype(int) + HOUR
    ask = changed(cases_rows(ask), t=when_open(rhythm, ask["t"] + wait, np.zeros(size(ask))), v=np.full(size(ask), -1))
    ask = ring(firm, rhythm, contact(ask, firm, CALL, LATER, numbers + 20_000_000 + np.arange(size(ask))), "c")
    every = stack([first, again, ask])
    return take(every, inside(every["t"], 0, END))


def cases_rows(c):
    return {k: c[k] for k in ("person", "t", "city", "page", "dev", "way", "attr", "v", "case")}


def others(firm, rhythm, calls):
    """Calls of existing customers, spam (listed and not), calls between colleagues. `calls`: those of cases, for scale."""
    r = stream(firm.seed, "others", firm.size)
    every = []
    n = int(calls * firm.existing / (1 - firm.existing))
    pool = max(int(n / 3.2), 5)
    every.append((KNOWN, EXISTING + (pool * r.random(n) ** 1.4).astype(int)))
    every.append((SPAM, STRANGERS + r.integers(0, 4, int(calls * 0.015) + 20)))
    every.append((KNOWN, STRANGERS + 100 + np.arange(int(calls * 0.006))))
    if firm.has["internal"]:
        every.append((INTERNAL, STRANGERS + 9 + np.zeros(int(calls * 0.05), int)))
    rows, number = [], OTHERS
    for cat, person in every:
        n = len(person)
        open_days = np.flatnonzero(rhythm.closes[LEAD:] > rhythm.opens[LEAD:])
        weights = rhythm.sight[LEAD:][open_days] ** 0.3
        day = open_days[np.searchsorted(np.cumsum(weights / weights.sum()), r.random(n)).clip(0, len(open_days) - 1)]
        t = when_open(rhythm, moments(rhythm, day + LEAD, r), np.zeros(n))
        none = np.full(n, -1)
        base = dict(
            person=person,
            t=t,
            city=(coin(person, "town") * len(firm.cities)).astype(int),
            page=none,
            dev=none,
            way=np.full(n, len(firm.channels) + 1),
            attr=none,
            v=none,
            case=none,
        )
        c = ring(firm, rhythm, contact(base, firm, CALL, cat, number + np.arange(n)), "d")
        if cat == SPAM:
            c["talk"] = np.minimum(c["talk"], 25)
        rows.append(c)
        number += n
    every = stack(rows)
    return take(every, inside(every["t"], 0, END))


def inquiries(c, seen=False):
    """Which contacts open an inquiry: of each person, the first in thirty days that got through (`seen`: that has a row)."""
    through = ~c["gone"] & ~c["unexported"] & (c["cat"] < SPAM)
    fit = np.flatnonzero(through if seen else through & ~c["failed"] & ~c["broken"])
    order = fit[np.lexsort((c["t"][fit], c["person"][fit]))]
    opens = []
    while len(order):
        person, t = c["person"][order], c["t"][order]
        lead = np.ones(len(order), bool)
        lead[1:] = person[1:] != person[:-1]
        opens.append(order[lead])
        group = np.cumsum(lead) - 1
        order = order[t > t[lead][group] + 30 * DAY]
    return np.concatenate(opens) if opens else np.zeros(0, int)
