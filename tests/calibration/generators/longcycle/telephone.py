"""The call log: inquiries by telephone, redials, follow-ups and what the office dials out."""

from dataclasses import dataclass

import numpy as np

from clock import DAY, HOUR
from contacts import CALL, FORM, Inquiries
from firm import Firm
from handling import Handling


@dataclass
class Calls:
    """Rows of the call log. `person` -1 is a number that was not shown; `session` -1 a call without a visit."""

    t: np.ndarray
    inbound: np.ndarray
    person: np.ndarray
    session: np.ndarray
    line: np.ndarray
    answered: np.ndarray
    talk: np.ndarray
    wait: np.ndarray
    word: np.ndarray
    manager: np.ndarray


def log(firm: Firm, q: Inquiries, h: Handling, incidents: list) -> Calls:
    """Every call of the history, in order, without those that a dead line or trunk never let through."""
    rng = firm.rng(9)
    parts = [_first(firm, rng, q, h), _failed(rng, q, incidents), _redials(firm, rng, q, h), _follow_ups(firm, rng, q, h),
             _outbound(firm, rng, q, h)]
    c = Calls(*(np.concatenate([getattr(p, k) for p in parts]) for k in Calls.__dataclass_fields__))
    keep = (c.t >= 0) & (c.t < firm.clock.end)
    for one in incidents:
        keep &= ~_swallowed(firm, rng, c, one, len(parts[0].t) + len(parts[1].t))
    c.person[rng.random(len(c.t)) < 0.015 * c.inbound] = -1
    index = np.flatnonzero(keep)
    index = index[np.argsort(c.t[index], kind="stable")]
    return Calls(*(getattr(c, k)[index] for k in Calls.__dataclass_fields__))


def _swallowed(firm, rng, c, one, done):
    """Later calls of people who are known already die on a dead line as well. First calls were dealt with before."""
    out = np.zeros(len(c.t), bool)
    if one.kind.layer != "call" or one.kind.name == "bad_audio":
        return out
    inside = one.active(c.t) & (rng.random(len(c.t)) < one.severity)
    inside[:done] = False
    if one.kind.name != "trunk_down":
        inside &= c.inbound
        if "line" in one.scope:
            inside &= c.line == firm.lines.index(one.scope["line"])
    return inside


def _rows(t, inbound, person, session, line, answered, talk, wait, word, manager):
    n = len(t)

    def full(x, kind=np.int64):
        return np.full(n, x, kind) if np.isscalar(x) else np.asarray(x, kind)

    return Calls(full(t), full(inbound, bool), full(person), full(session), full(line), full(answered, bool), full(talk),
                 full(wait), np.asarray(np.full(n, word) if isinstance(word, str) else word, object), full(manager))


def _talks(firm, rng, n, short):
    median = {"supplier": 150, "school": 240, "property": 260, "equipment": 210, "software": 280}[firm.trade]
    return np.maximum(rng.lognormal(np.log(np.where(short, median * 0.3, median)), 0.7, n), 6).astype(int)


def _first(firm, rng, q, h):
    # People who came by another way in the end have no failed row as a first call: theirs is in `_failed`.
    i = np.flatnonzero((q.type == CALL) & (~q.lost | (q.dumb >= 0)))
    ok = h.answered[i] | (q.dumb[i] >= 0)
    talk = np.where(ok, _talks(firm, rng, len(i), h.short_talk[i]), 0)
    talk = np.where(q.dumb[i] >= 0, rng.integers(3, 16, len(i)), talk)
    wait = np.where(ok, rng.gamma(2, 6, len(i)) + 2, rng.gamma(3, 9, len(i)) + 5).astype(int)
    return _rows(q.t[i], True, q.person[i], q.session[i], q.line[i], ok, talk, wait,
                 np.where(ok, "answered", "no answer"), np.where(ok, h.manager[i], -1))


def _failed(rng, q, incidents):
    i = np.flatnonzero(q.failed >= 0)
    times = rng.integers(1, 4, len(i))
    first = np.repeat(np.cumsum(times) - times, times) == np.arange(times.sum())
    i = np.repeat(i, times)
    word = np.array([one.opts.get("word", "") for one in incidents] or [""], object)[q.failed[i]]
    ends = np.array([one.end for one in incidents] or [0])[q.failed[i]]
    t = np.minimum(q.tried[i] + np.where(first, 0, rng.integers(30, 1500, len(i))), ends - 1)
    return _rows(t, True, q.person[i], q.session[i], q.dialled[i], False, 0, rng.integers(0, 4, len(i)), word, -1)


def _redials(firm, rng, q, h):
    """After a missed call, and again and again where nothing could be heard."""
    missed = np.flatnonzero((q.type == CALL) & ~h.answered & ~q.lost)
    missed = missed[rng.random(len(missed)) < 0.45]
    ok = rng.random(len(missed)) < 0.6
    a = _rows(q.t[missed] + rng.lognormal(np.log(1500), 1.1, len(missed)).astype(int), True, q.person[missed],
              q.session[missed], q.line[missed], ok, np.where(ok, _talks(firm, rng, len(missed), h.short_talk[missed]), 0),
              rng.integers(4, 40, len(missed)), np.where(ok, "answered", "no answer"), np.where(ok, h.manager[missed], -1))
    deaf = np.flatnonzero((q.dumb >= 0) & (q.type == CALL))
    deaf = np.repeat(deaf, rng.integers(0, 4, len(deaf)))
    last = rng.random(len(deaf)) < 0.25
    talk = np.where(last & ~q.lost[deaf], _talks(firm, rng, len(deaf), False), rng.integers(3, 14, len(deaf)))
    b = _rows(q.t[deaf] + rng.integers(20, 1500, len(deaf)), True, q.person[deaf], q.session[deaf], q.line[deaf], True, talk,
              rng.integers(2, 25, len(deaf)), "answered", h.manager[deaf])
    return Calls(*(np.concatenate([getattr(a, k), getattr(b, k)]) for k in Calls.__dataclass_fields__))


def _follow_ups(firm, rng, q, h):
    """Known people who call about their order, by daylight."""
    i = np.flatnonzero(~q.lost & (rng.random(len(q)) < 0.14))
    day = np.minimum(q.t[i] // DAY + rng.integers(1, 25, len(i)), firm.clock.n_ext - 1)
    t = day * DAY + rng.integers(firm.phones.opens, firm.phones.closes, len(i))
    open_ = firm.phones.is_open(t)
    ok = open_ & (rng.random(len(i)) < 1 - firm.p["miss"])
    line = np.where(q.line[i] >= 0, q.line[i], 0)
    index = np.flatnonzero(open_)
    rows = _rows(t, True, q.person[i], -1, line, ok, np.where(ok, _talks(firm, rng, len(i), False), 0),
                 rng.integers(3, 35, len(i)), np.where(ok, "answered", "no answer"), np.where(ok, h.manager[i], -1))
    return Calls(*(getattr(rows, k)[index] for k in Calls.__dataclass_fields__))


def _outbound(firm, rng, q, h):
    """First answers to forms and missed calls, and a reminder to some."""
    i = np.flatnonzero(~q.lost & (h.response >= 0) & ((q.type == FORM) | ~h.answered))
    ok = (rng.random(len(i)) < 0.72) & ~h.fake_phone[i]
    a = _rows(h.response[i], False, q.person[i], -1, -1, ok, np.where(ok, _talks(firm, rng, len(i), h.short_talk[i]), 0),
              rng.integers(5, 40, len(i)), np.where(ok, "answered", "no answer"), h.manager[i])
    fake = np.flatnonzero(h.fake_phone & ~q.lost)
    b = _rows(firm.work.to_wall(firm.work.to_work(q.t[fake]) + rng.exponential(HOUR, len(fake))), False, q.person[fake], -1,
              -1, False, 0, rng.integers(0, 5, len(fake)), "failed", h.manager[fake])
    again = np.flatnonzero(h.crm & ~h.untouched & (rng.random(len(q)) < 0.4))
    t = firm.work.to_wall(firm.work.to_work(q.t[again]) + rng.exponential(30 * HOUR, len(again)))
    ok = rng.random(len(again)) < 0.65
    c = _rows(t, False, q.person[again], -1, -1, ok, np.where(ok, _talks(firm, rng, len(again), h.short_talk[again]), 0),
              rng.integers(5, 40, len(again)), np.where(ok, "answered", "no answer"), h.manager[again])
    return Calls(*(np.concatenate([getattr(p, k) for p in (a, b, c)]) for k in Calls.__dataclass_fields__))
