"""Deals: when they close and with what, as the CRM knows them at the end of the history."""

from dataclasses import dataclass

import numpy as np

import catalog
from clock import DAY, HOUR
from contacts import CALL, Inquiries
from firm import Firm
from handling import Handling

OPEN, WON, LOST = 0, 1, 2


@dataclass
class Deals:
    """One row a deal. `inquiry` is its index."""

    inquiry: np.ndarray
    created: np.ndarray
    closes: np.ndarray        # when it is closed in truth, also long after the history's end; -1: never
    entered: np.ndarray       # when the CRM is told of it
    status: np.ndarray        # as known at the end
    stage: np.ndarray         # index; the last two are won and lost
    updated: np.ndarray
    amount: np.ndarray        # -1: none yet
    reason: np.ndarray
    manager: np.ndarray       # -1: nobody
    known: np.ndarray         # whether telephone and e-mail stand in it


def draw(firm: Firm, q: Inquiries, h: Handling, incidents: list):
    """Deals, and for each inquiry the moment at which it would be won (for the ledger)."""
    rng = firm.rng(8)
    n = len(q)
    won_at = _won_at(firm, rng, q)
    lost_at = _lost_at(firm, rng, q, h)
    win = rng.random(n) < h.p
    dormant = rng.random(n) < firm.p["dormant"]
    spread = firm.p["spread"]
    amount = np.round(firm.p["amount"] * rng.lognormal(0, spread, n), -2 if firm.p["amount"] < 1e6 else -4)
    early_amount = rng.random(n) < 0.6
    reasons = _reasons(rng, h, n)

    i = np.flatnonzero(h.crm)
    created = q.t[i] + rng.integers(20, 900, len(i))
    # A missed call becomes a deal only when somebody calls back.
    missed = (q.type[i] == CALL) & ~h.answered[i] & (h.response[i] >= 0)
    created = np.where(missed, np.minimum(np.maximum(created, h.response[i]), q.t[i] + 20 * DAY), created)
    closes = np.where(win[i], won_at[i], np.where(dormant[i], -1, lost_at[i]))
    half = rng.random(len(i)) < 0.5
    closes = np.where(h.untouched[i] & ~win[i] & half, -1, closes)
    closes = np.where(closes >= 0, np.maximum(closes, created + 600), closes)
    entered = _entered(firm, rng, closes, incidents)
    end = firm.clock.end
    closed = (entered >= 0) & (entered < end)
    status = np.where(closed, np.where(win[i], WON, LOST), OPEN)
    stage, updated = _progress(firm, rng, q, h, i, created, closes, entered, closed, win[i])
    shown = np.where((status == WON) | early_amount[i], amount[i], -1)
    keep = created < end
    d = Deals(i, created, closes, entered, status, stage, updated, shown, np.where(status == LOST, reasons[i], ""),
              np.where(h.nobody[i], -1, h.manager[i]), np.ones(len(i), bool))
    return _copies(firm, rng, h, _take(d, keep)), won_at


def _take(d, index):
    return Deals(*(getattr(d, k)[index] for k in Deals.__dataclass_fields__))


def _won_at(firm, rng, q):
    """Long lags with a second mode: much is signed in the last days of a month or a quarter."""
    n = len(q)
    lag = firm.p["lag"] * rng.lognormal(0, firm.p["lag_spread"], n)
    day = (q.t // DAY + np.ceil(lag)).astype(int).clip(max=firm.clock.n_ext - 100)
    left = firm.clock.days_to_month_end.copy()
    if firm.p["quarter"]:
        left = left + np.array([{0: 0, 1: 61, 2: 30}[m % 3] for m in firm.clock.month])
    pulled = rng.random(n) < firm.p["month_end"]
    target = day + left[day] - rng.integers(0, 4, n)
    day = np.where(pulled, np.maximum(target, q.t // DAY + 1), day)
    return _office_hour(firm, rng, day)


def _lost_at(firm, rng, q, h):
    lag = 0.6 * firm.p["lag"] * rng.lognormal(0, 1.0, len(q)) * h.speed
    return _office_hour(firm, rng, (q.t // DAY + np.ceil(lag)).astype(int))


def _office_hour(firm, rng, day):
    """Some moment of the next day on which somebody works."""
    opens = np.flatnonzero(firm.work.open_days)
    day = opens[np.searchsorted(opens, day.clip(max=opens[-1]))]
    return day * DAY + rng.integers(firm.work.opens, firm.work.closes, len(day))


def _reasons(rng, h, n):
    bad = rng.random(n) < h.bad
    reason = np.where(bad, rng.choice(catalog.BAD_REASONS, n, p=[0.55, 0.2, 0.25]),
                      rng.choice(catalog.REASONS, n, p=[0.3, 0.2, 0.2, 0.2, 0.1]))
    reason = np.where(h.untouched, catalog.REASON_NOBODY, reason)
    return np.where(h.reason != "", h.reason, reason).astype(object)


def _entered(firm, rng, closes, incidents):
    entered = closes.copy()
    for one in incidents:
        if one.kind.layer == "closing":
            late = (closes >= one.start) & (closes < one.end) & (rng.random(len(closes)) < one.severity)
            one.opts["late"] = late
            entered[late] = firm.work.to_wall(firm.work.to_work(np.full(int(late.sum()), one.end)) +
                                              rng.integers(60, 2 * HOUR, int(late.sum())))
    return entered


def _progress(firm, rng, q, h, i, created, closes, entered, closed, win):
    """The stage that a deal is in, and when it came there: the export tells of the last step only."""
    end = firm.clock.end
    n = len(i)
    answer = h.response[i]
    due = np.where(closes >= 0, closes, created + (firm.p["lag"] * 3 + 5) * DAY)
    share = np.clip((end - created) / np.maximum(due - created, 1), 0, 1)
    step = np.minimum(1 + (share * 4).astype(int), 4)
    stalled = (closes < 0) & ~h.untouched[i]
    step = np.where(stalled, np.minimum(step, rng.integers(1, 5, n)), step)
    reached = created + (step - 1) / 4 * (due - created)
    updated = np.clip(np.maximum(reached, answer), created, end - 1)
    new = h.untouched[i] | (answer < 0) | (answer >= end)
    stage = np.where(closed, np.where(win, 5, 6), np.where(new, 0, step))
    updated = np.where(closed, entered, np.where(new, created, updated))
    return stage, updated.astype(np.int64)


def _copies(firm, rng, h, d):
    """Copies that an integration makes: without the contact. Some sales are then entered on the copy."""
    twin = np.flatnonzero(h.duplicate[d.inquiry] > 0)
    if not len(twin):
        return d
    copy = _take(d, twin)
    copy.created = copy.created + rng.integers(5, 600, len(twin))
    copy.known = np.zeros(len(twin), bool)
    swapped = h.duplicate[copy.inquiry] == 2
    for one, is_loser in ((copy, ~swapped), (d, None)):
        who = np.flatnonzero(is_loser) if is_loser is not None else twin[swapped]
        # Whoever is not the real one is thrown away as a duplicate some days later.
        one.status[who], one.stage[who], one.reason[who] = LOST, 6, "Дубль"
        one.entered[who] = np.minimum(one.created[who] + rng.integers(HOUR, 9 * DAY, len(who)), firm.clock.end - 1)
        one.updated[who], one.amount[who] = one.entered[who], -1
    joined = Deals(*(np.concatenate([getattr(d, k), getattr(copy, k)]) for k in Deals.__dataclass_fields__))
    keep = joined.created < firm.clock.end
    return _take(_take(joined, keep), np.argsort(joined.created[keep], kind="stable"))
