"""From contacts to deals: who takes the case, how soon, whether it is sold, when that is entered, and what was lost.

`settle` is run once for the world as it is and once for every world that is compared with it; all chance is by coin of
the person, so the same person with the same treatment ends the same way.
"""

import numpy as np

import words
from contacts import AGAIN, CALL, FIRST, normal
from rhythm import SPAN
from tables import DAY, END, HOUR, LEAD, coin, inside, pick

NEVER = 10**11
STEPS = 4  # stages before the end


def reached(contacts, n):
    """For each case: moment of the first contact that got through, its row, and whether anybody spoke to them."""
    c = contacts
    fit = np.flatnonzero(
        (c["case"] >= 0) & ((c["cat"] == FIRST) | (c["cat"] == AGAIN)) & ~c["gone"] & ~c["failed"] & ~c["broken"]
    )
    order = fit[np.lexsort((c["t"][fit], c["case"][fit]))]
    case = c["case"][order]
    lead = np.ones(len(order), bool)
    lead[1:] = case[1:] != case[:-1]
    t, row = np.full(n, NEVER), np.full(n, -1)
    t[case[lead]], row[case[lead]] = c["t"][order[lead]], order[lead]
    spoken = np.zeros(n, bool)
    spoken[case[c["answered"][order] | (c["kind"][order] != CALL)]] = True
    return t, row, spoken


def shifts(firm):
    """Cumulative chances of managers by day: who is on duty, weighted by how much they take."""
    day = np.arange(SPAN)
    on = np.zeros((SPAN, len(firm.managers)))
    for m, (_, _, _, weight, shift) in enumerate(firm.managers):
        works = {0: day >= 0, 1: day % 7 < 5, 2: (day + 2 * (m % 2)) % 4 < 2, 3: (day + m) % 3 > 0}[shift]
        on[:, m] = works * weight
    on += 1e-9
    return np.cumsum(on, 1) / on.sum(1, keepdims=True)


def settle(world, effects=()):
    """The deals of a world, with what incidents of managers, leads and the CRM do to them."""
    firm, rhythm, cases = world.firm, world.rhythm, world.cases
    n = len(cases["person"])
    t, row, spoken = reached(world.contacts, n)
    has = (t < END) & ~cases["gone"]
    person = cases["person"]
    first = np.maximum(row, 0)
    day = np.clip(t // DAY + LEAD, 0, SPAN - 1)
    d = dict(
        case=np.arange(n),
        person=person,
        asked=t,
        kind=world.contacts["kind"][first],
        attr=world.contacts["attr"][first],
        line=world.contacts["line"][first],
        way=cases["way"],
        city=cases["city"],
        spoken=spoken,
    )
    d["mgr"] = pick(shifts(firm), day, coin(person, "manager"))
    pause = np.exp(np.log(firm.response * 60) + 0.8 * normal(person, "pause"))
    d["pause"] = np.where(spoken & (d["kind"] == CALL), 40 + pause * 0.05, pause)
    d["called"] = spoken | (coin(person, "call-back") < firm.callback)
    quality = np.append(firm.array("quality"), 1.0)[d["way"]]
    skill = np.array([m[2] for m in firm.managers])[d["mgr"]]
    d["chance"] = np.clip(firm.sale * quality * skill * rhythm.sale[day], 0, 0.95)
    d["chance"] = (
        d["chance"]
        * np.where(spoken, 1, np.where(d["called"], 0.8, 0.12))
        / (1 + np.maximum(d["pause"] - 7200, 0) / 86400)
    )
    d["has"] = has & (coin(person, "entry") < np.where(d["called"], firm.entry, firm.entry * 0.35))
    spread = np.where(coin(person, "slow") < firm.slow_share, 1.0, 0)
    lag = np.exp(np.log(firm.lag * HOUR) + firm.lag_sd * normal(person, "lag") + spread * 1.1)
    d["made"] = t + np.where(d["kind"] == CALL, 120 + d["pause"] * 0.6, 20).astype(np.int64)
    d["lag"], d["bulk"] = np.maximum(lag, 600), []
    d["untargeted"] = coin(person, "untargeted") < firm.untargeted
    d["idle"] = np.zeros(n, bool)  # nobody takes it out of the first stage
    d["short"], d["unexported"], d["twice"] = np.zeros(n, bool), np.zeros(n, bool), np.zeros(n, bool)
    for effect in effects:
        effect(world, d)
    return finish(firm, d)


def finish(firm, d):
    """Outcome, moments and stages as the CRM knows them at the end of the history."""
    person = d["person"]
    d["won"] = d["has"] & ~d["idle"] & (coin(person, "sale") < d["chance"])
    rests = coin(person, "rests") < firm.never_closed
    lag = np.where(d["won"], d["lag"], d["lag"] * np.where(d["untargeted"], 0.25, 1.4))
    d["decided"] = np.where(d["idle"] | (~d["won"] & rests), NEVER, d["asked"] + lag.astype(np.int64) + 600)
    d["closed"] = np.where(d["decided"] < NEVER, np.maximum(d["decided"], d["made"]), NEVER)
    for start, end, share, salt in d.pop("bulk"):  # what was decided in the window is entered in one go after it
        late = inside(d["decided"], start, end) & (coin(person, salt) < share)
        entered = end + 10 * HOUR + (coin(person, salt + "minute") * 3000).astype(np.int64)
        d["closed"] = np.where(late, np.maximum(d["closed"], entered), d["closed"])
    d["sold"] = d["won"] & (d["closed"] < END) & (d["closed"] - d["asked"] < 90 * DAY)
    shown = d["has"] & (d["made"] < END) & (d["asked"] >= 0)
    d["shown"] = shown & ~d["unexported"]
    d["sold"] &= d["shown"]
    done = d["closed"] < END
    passed = np.clip((END - d["asked"]) / np.maximum(d["lag"], 1), 0, 1)
    step = np.where(
        d["idle"] | (END - d["asked"] < d["pause"]), 0, 1 + np.minimum(passed * (STEPS - 1), STEPS - 2)
    ).astype(int)
    d["stage"] = np.where(done, np.where(d["won"], STEPS, STEPS + 1), step)
    moved = d["asked"] + (d["lag"] * 0.5 * coin(person, "moved")).astype(np.int64)
    d["changed"] = np.where(done, d["closed"], np.where(step == 0, d["made"], np.clip(moved, d["made"], END - 1)))
    n = normal(person, "check")
    heavy = np.where(coin(person, "rich") < 0.04, (1 - coin(person, "pareto")) ** -0.55 * 2.0, 1)
    d["amount"] = np.minimum(np.round(firm.check * np.exp(firm.check_sd * n) * heavy, -2) + 500, 5e7)
    other = (coin(person, "reason") * len(words.REASONS)).astype(int)
    d["reason"] = np.where(
        d["untargeted"], len(words.REASONS) + (coin(person, "reason") * len(words.UNTARGETED)).astype(int), other
    )
    d["answered_at"] = np.where(d["called"] & ~d["idle"], d["asked"] + d["pause"].astype(np.int64), NEVER)
    return d


def in_scope(firm, d, sel):
    """Which deals an incident's scope covers."""
    mask = np.ones(len(d["case"]), bool)
    for key, value in sel.items():
        if key == "channel":
            mask &= d["attr"] == value
        elif key == "manager":
            mask &= d["mgr"] == value
        elif key == "line":
            mask &= d["line"] == value
    return mask


def effect_of(incident):
    """What an incident does to deals: a function that changes their columns before the outcome is decided."""
    kind, s, salt = incident.kind, incident.severity, incident.id
    window = (incident.start, incident.end)

    def lot(world, d):
        return in_scope(world.firm, d, incident.sel) & inside(d["asked"], *window)

    def scale(world, d):  # a competitor; a weak manager
        d["chance"] = np.where(lot(world, d), d["chance"] * (1 - s), d["chance"])

    def cold(world, d):
        fallen = lot(world, d) & (coin(d["person"], salt) < s)
        d["chance"] = np.where(fallen, 0, d["chance"])
        d["untargeted"] |= fallen & (coin(d["person"], salt + "why") < 0.85)
        d["short"] |= fallen

    def slow(world, d):
        waits = ~d["spoken"] | (d["kind"] != CALL)
        late = lot(world, d) & waits & (coin(d["person"], salt + "slow") < 0.9)
        d["pause"] = np.where(late, d["pause"] * (3 + 12 * s) + 1800, d["pause"])
        d["chance"] = np.where(late, d["chance"] * (1 - s), d["chance"])

    def nobody(world, d):  # those who are missed are not called back either, for the most part
        alone = lot(world, d) & ~d["spoken"] & (coin(d["person"], salt + "alone") < s)
        d["chance"] = np.where(alone & d["called"], d["chance"] * 0.25, d["chance"])
        d["called"] &= ~alone

    def idle(world, d):
        left = lot(world, d) & (coin(d["person"], salt) < s)
        d["idle"] |= left & (coin(d["person"], salt + "back") > 0.2)
        d["pause"] = np.where(left & ~d["idle"], incident.end - d["asked"] + d["pause"], d["pause"])
        d["chance"] = np.where(left & ~d["idle"], d["chance"] * 0.4, d["chance"])

    def bulk(world, d):
        d["bulk"].append((*window, s, salt))

    def twice(world, d):
        d["twice"] |= lot(world, d) & (coin(d["person"], salt) < s)

    def gap(world, d):
        d["unexported"] |= inside(d["made"], *window)

    return {
        "competitor": scale,
        "weak_manager": scale,
        "cold_leads": cold,
        "cold_channel": cold,
        "slow_callback": slow,
        "missed_calls": nobody,
        "untouched": idle,
        "absent_manager": idle,
        "bulk_closing": bulk,
        "entered_twice": twice,
        "deals_days_missing": gap,
        "deals_end_early": gap,
    }.get(kind)
