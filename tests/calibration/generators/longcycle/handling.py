"""The office: who gets an inquiry, when it is answered, and how likely it becomes a sale."""

from dataclasses import dataclass, field

import numpy as np

import catalog
from clock import DAY, HOUR
from contacts import CALL, FORM, Inquiries, in_scope
from firm import Firm
from latent import Latent


@dataclass
class Handling:
    """Parallel to the inquiries."""

    manager: np.ndarray
    answered: np.ndarray       # of calls: somebody took it
    response: np.ndarray       # when somebody first spoke to the person; -1: never
    p0: np.ndarray             # chance of a sale, had no incident touched the office or the people
    p: np.ndarray              # chance of a sale in fact
    short_talk: np.ndarray     # these people hang up soon
    bad: np.ndarray            # chance that the loss reason says "no customer"
    reason: np.ndarray         # a loss reason that an incident dictates, else ""
    fake_phone: np.ndarray
    untouched: np.ndarray
    nobody: np.ndarray         # deal without a responsible
    duplicate: np.ndarray      # deal with a copy; 2: the sale is entered on the copy
    crm: np.ndarray            # a deal is entered at all
    speed: np.ndarray = field(default=None)   # factor of the time until a loss is entered


def handle(firm: Firm, latent: Latent, q: Inquiries, incidents: list) -> Handling:
    """Everything about the handling of the inquiries, incidents included."""
    rng = firm.rng(7)
    n = len(q)
    manager = _assign(firm, rng, q)
    open_ = firm.phones.is_open(q.t)
    answered = (q.type == CALL) & (rng.random(n) < np.where(open_, 1 - firm.p["miss"], 0.08))
    h = Handling(manager, answered, np.full(n, -1), None, None, np.zeros(n, bool),
                 np.full(n, 0.16) + 0.1 * rng.random(n), np.full(n, "", object), np.zeros(n, bool), np.zeros(n, bool),
                 np.zeros(n, bool), np.zeros(n, np.int8), (rng.random(n) < firm.p["crm"]) & ~q.lost & ~q.repeat, np.ones(n))
    h.response = _queue(firm, rng, q, h)
    h.p0 = _chance(firm, latent, q, h)
    for one in incidents:
        if one.kind.layer == "win":
            _strike(firm, rng, q, h, one)
    h.p = h.p0 * total_factor(n, incidents)
    return h


def total_factor(n: int, incidents: list, without=None) -> np.ndarray:
    """Product of the factors of all incidents of the second conversion, but for one."""
    f = np.ones(n)
    for one in incidents:
        if one.hit is not None and one is not without:
            f[one.hit] *= one.factor
    return f


def _assign(firm, rng, q):
    """By region or product in half of the firms, so that managers get people of different worth; else by turns."""
    n_m = len(firm.managers)
    if not firm.p["by_mix"]:
        return rng.choice(n_m, len(q), p=firm.p["load"])
    axis = q.region if firm.p["mix_axis"] == "region" else q.page
    home = rng.choice(n_m, 40, p=firm.p["load"])[axis % 40]
    return np.where(rng.random(len(q)) < 0.85, home, rng.choice(n_m, len(q), p=firm.p["load"]))


def _queue(firm, rng, q, h):
    """First answers: at once by telephone, else one after another in working hours (Lindley's queue per manager)."""
    response = np.where(h.answered, q.t, -1)
    effort = rng.uniform(600, 2400)
    for m in range(len(firm.managers)):
        mine = np.flatnonzero((h.manager == m) & ~h.answered & ~q.lost)
        if not len(mine):
            continue
        arrival = firm.work.to_work(q.t[mine])
        # Nobody works at much more than half of what he can, or peaks would never end.
        pace = (firm.work.starts[firm.clock.days]) / max(len(mine), 1)
        service = rng.exponential(min(effort, 0.55 * pace), len(mine))
        done = np.cumsum(service)
        finish = done + np.maximum.accumulate(arrival - (done - service))
        response[mine] = firm.work.to_wall(finish + rng.exponential(900, len(mine)))
    return response


def waited(firm, q, h):
    """Working hours until the first answer."""
    return np.maximum(firm.work.to_work(h.response) - firm.work.to_work(q.t), 0) / HOUR


def _chance(firm, latent, q, h):
    p = firm.p
    quality = np.array([c.quality for c in firm.channels] + [1.1])[q.channel]
    region = np.concatenate([p["region_quality"], np.full(len(catalog.FAR_CITIES), 0.6)])[q.region]
    page = p["page_quality"][q.page]
    worth = quality * region * page * p["skill"][h.manager]
    worth *= np.exp(-p["patience"] * np.log1p(waited(firm, q, h)))
    missed = (q.type == CALL) & ~h.answered
    worth *= np.where(missed, 0.55, 1.0) * latent.win[q.t // DAY]
    usable = h.crm
    worth /= worth[usable].mean() if usable.any() else 1.0
    return np.clip(p["win"] * worth, 0, 0.85) * usable


def _strike(firm, rng, q, h, one):
    """One incident of the second conversion: whom it hits, how it changes their chance, and which traces it leaves."""
    name, sev = one.kind.name, one.severity
    inside = in_scope(firm, one, q) & one.active(q.t) & ~q.lost
    if "manager" in one.scope:
        inside &= h.manager == firm.managers.index(one.scope["manager"])
    everybody = np.flatnonzero(inside)
    some = everybody[rng.random(len(everybody)) < sev]

    def mark(who, factor):
        one.hit, one.factor = who, np.full(len(who), factor) if np.isscalar(factor) else factor

    def delay(who, hours):
        work = firm.work.to_work(np.maximum(h.response[who], q.t[who])) + hours * HOUR
        h.response[who] = firm.work.to_wall(work)

    if name == "competitor":
        mark(everybody, 1 - sev)
    elif name in ("cold_channel", "cold_all"):
        mark(everybody, 1 - sev)
        h.bad[some] = np.maximum(h.bad[some], 0.6)
        h.short_talk[some], h.speed[some] = True, 0.4
    elif name == "other_regions":
        far = everybody[q.region[everybody] >= len(firm.regions)]
        mark(far, 0.12)
        h.bad[far], h.short_talk[far], h.speed[far] = 0.6, True, 0.35
        h.reason[far[rng.random(len(far)) < 0.5]] = "Не наш регион"
    elif name == "invalid_phones":
        mark(some, 0.0)
        h.fake_phone[some], h.speed[some], h.reason[some], h.response[some] = True, 0.5, catalog.REASON_PHONE, -1
    elif name == "students":
        mark(some, 0.06)
        h.short_talk[some], h.speed[some], h.reason[some] = True, 0.3, catalog.REASON_STUDENT
    elif name == "missed_calls":
        newly = everybody[h.answered[everybody] & (rng.random(len(everybody)) < sev)]
        h.answered[newly] = False
        delay(newly, rng.exponential(6, len(newly)))
        mark(newly, float(rng.uniform(0.25, 0.5)))
    elif name in ("slow_all", "slow_one"):
        waiting = everybody[~h.answered[everybody]]
        slow = waiting if 2 * len(waiting) > len(everybody) else everybody
        delay(slow, rng.gamma(2.0, 6 + 22 * sev, len(slow)))
        mark(slow, 1 - sev)
    elif name == "untouched":
        mark(some, 0.08)
        h.untouched[some], h.response[some] = True, -1
    elif name == "weak_one":
        mark(everybody, 1 - sev)
    elif name == "on_leave":
        free = everybody[~h.answered[everybody]] if firm.p["forms_share"] > 0.4 else everybody
        ready = firm.work.to_wall(firm.work.to_work(np.full(len(free), one.end)) + rng.exponential(4 * HOUR, len(free)))
        h.response[free] = np.maximum(h.response[free], ready)
        mark(free, 1 - sev)
    elif name == "duplicates":
        h.duplicate[some] = 1
        swapped = some[rng.random(len(some)) < 0.5]
        h.duplicate[swapped] = 2
        # The sale is real; it only cannot be found any more, so the chance stays and the ledger knows.
        one.opts["hidden"] = swapped
    elif name == "no_responsible":
        h.nobody[some] = True
        delay(some, rng.gamma(2.0, 10.0, len(some)))
        mark(some, float(rng.uniform(0.35, 0.7)))
