"""Inquiries: who asks, by form or by telephone, and what is lost on the way.

An inquiry is one person asking. Persons lost by a dead line or form either come by another way or are gone.
"""

from dataclasses import dataclass

import numpy as np

from clock import DAY, HOUR
from firm import Firm
from latent import Latent
from plan import Incident
from traffic import Rows, channel_index

FORM, CALL = 0, 1
WINDOW = 30 * DAY


@dataclass
class Inquiries:
    """Parallel arrays, sorted by time. -1 stands for "none" in all index columns."""

    t: np.ndarray
    session: np.ndarray
    channel: np.ndarray
    page: np.ndarray
    device: np.ndarray
    region: np.ndarray
    type: np.ndarray
    form: np.ndarray
    line: np.ndarray
    person: np.ndarray
    repeat: np.ndarray       # the same person asked within the window: no inquiry of its own
    lost: np.ndarray         # never reached the firm
    failed: np.ndarray       # lost, but the PBX wrote rows: number of the incident, else -1
    dumb: np.ndarray         # the line worked and nobody could hear anything: number of the incident, else -1
    silent: np.ndarray       # a lost form whose goal fired all the same
    origin: np.ndarray       # type, time and line of the first try
    tried: np.ndarray
    dialled: np.ndarray

    def __len__(self):
        return len(self.t)

    def take(self, index):
        """Some of the inquiries, in the order of `index`."""
        return Inquiries(*(getattr(self, k)[index] for k in self.__dataclass_fields__))


def draw(firm: Firm, latent: Latent, rows: Rows, roots: np.ndarray, bounced: np.ndarray, incidents: list) -> Inquiries:
    """All inquiries that people meant to make, with what became of them."""
    rng = firm.rng(6)
    bounce = np.array([c.bounce for c in firm.channels])[rows.channel]
    chance = np.where(bounced, 0, np.minimum(rows.p / (1 - bounce), 0.9))
    asked = np.flatnonzero(rng.random(len(rows)) < chance)
    site = _site(firm, rng, rows, asked)
    paper = _paper(firm, rng, latent)
    q = _sorted(_join(site, paper))
    _persons(firm, rng, q, roots)
    for number, one in enumerate(incidents):
        if one.kind.layer in ("call", "form"):
            _lose(firm, rng, q, one, number)
    return _sorted(q)


def _site(firm, rng, rows, asked):
    n = len(asked)
    kind = np.where(rng.random(n) < rows.p_form[asked], FORM, CALL)
    page = rows.page[asked]
    if firm.forms:
        form = (rng.random(n)[:, None] > np.cumsum(firm.form_by_page, axis=1)[page]).sum(1).clip(max=len(firm.forms) - 1)
    else:
        form = np.full(n, -1)
    line = np.array([c.line for c in firm.channels])[rows.channel[asked]]
    t = rows.t[asked] + 30 + (rng.lognormal(5.2, 0.8, n)).astype(int)
    return _new(t, asked, rows.channel[asked], page, rows.device[asked], rows.region[asked], kind,
                np.where(kind == FORM, form, -1), np.where(kind == CALL, line, -1))


def _paper(firm, rng, latent):
    counts = rng.poisson(latent.offline)
    if not firm.has["calls"]:
        counts[:] = 0
    cell = np.repeat(np.arange(counts.size), counts.ravel())
    n_lines = max(counts.shape[1], 1)
    n = len(cell)
    none = np.full(n, -1)
    region = np.searchsorted(np.cumsum(firm.p["region_share"]), rng.random(n)).clip(max=len(firm.regions) - 1)
    page = rng.integers(0, len(firm.pages), n)
    return _new(cell // n_lines * HOUR + rng.integers(0, HOUR, n), none, none, page, none, region, np.full(n, CALL), none,
                cell % n_lines)


def _new(t, session, channel, page, device, region, kind, form, line):
    n = len(t)
    none = np.full(n, -1)
    return Inquiries(np.asarray(t, np.int64), session, channel, page, device, region, kind, form, line, none.copy(),
                     np.zeros(n, bool), np.zeros(n, bool), none.copy(), none.copy(), np.zeros(n, bool), kind.copy(),
                     np.asarray(t, np.int64).copy(), line.copy())


def _join(a, b):
    return Inquiries(*(np.concatenate([getattr(a, k), getattr(b, k)]) for k in Inquiries.__dataclass_fields__))


def _sorted(q):
    return q.take(np.argsort(q.t, kind="stable"))


def _persons(firm, rng, q, roots):
    """A visitor is a person. Callers from paper are new, but for the few who come again after a long time."""
    key = np.where(q.session >= 0, roots[q.session], -1 - np.arange(len(q)))
    paper = np.flatnonzero(q.session < 0)
    again = paper[rng.random(len(paper)) < 0.04]
    before = np.searchsorted(q.t, q.t[again] - WINDOW - rng.integers(DAY, 60 * DAY, len(again)))
    ok = before > 0
    key[again[ok]] = key[(before[ok] * rng.random(int(ok.sum()))).astype(int)]
    _, q.person = np.unique(key, return_inverse=True)
    order = np.lexsort((q.t, q.person))
    opened = {}
    for i in order:      # each window begins with its first contact, so order matters; inquiries are few
        since = opened.get(q.person[i])
        if since is not None and q.t[i] - since <= WINDOW:
            q.repeat[i] = True
        else:
            opened[q.person[i]] = q.t[i]


def in_scope(firm: Firm, one: Incident, q: Inquiries) -> np.ndarray:
    """Inquiries that an incident's scope is about, whenever they were."""
    m = np.ones(len(q), bool)
    scope = one.scope
    if "channel" in scope:
        m &= q.channel == channel_index(firm, scope["channel"])
    if "page" in scope:
        m &= (q.page == firm.pages.index(scope["page"])) & (q.session >= 0)
    if "device" in scope:
        m &= q.device == {"desktop": 0, "mobile": 1, "tablet": 2}[scope["device"]]
    if "form" in scope:
        m &= (q.type == FORM) & (q.form == firm.forms.index(scope["form"]))
    if "line" in scope:
        m &= (q.type == CALL) & (q.line == firm.lines.index(scope["line"]))
    if scope.get("contact") == "form" or one.kind.layer == "form":
        m &= q.type == FORM
    if scope.get("contact") == "call" or one.kind.layer == "call":
        m &= q.type == CALL
    return m


def _lose(firm, rng, q, one, number):
    hit = np.flatnonzero(in_scope(firm, one, q) & one.active(q.t) & ~q.lost & (q.failed < 0))
    hit = hit[rng.random(len(hit)) < one.severity]
    again = rng.random(len(hit)) < one.opts["retry"]
    gone, back = hit[~again], hit[again]
    if one.kind.name == "bad_audio":
        q.dumb[hit] = number
        q.lost[gone] = True
        return
    q.lost[gone] = True
    if one.kind.layer == "form":
        q.silent[gone] = one.opts["goal_fires"]
    leaves = hit[rng.random(len(hit)) < one.opts["leaves_rows"]]
    q.failed[leaves] = number
    _reroute(firm, rng, q, one, back)


def _reroute(firm, rng, q, one, back):
    """Another way, a little later; where there is none, the same way after the fault's end."""
    n = len(back)
    later = rng.lognormal(np.log(2400), 1.2, n).astype(int).clip(60, 2 * DAY)
    if one.kind.layer == "call":
        other = [i for i, number in enumerate(firm.lines) if "line" in one.scope and number != one.scope["line"]]
        if firm.has["forms"]:
            site = rng.random(n) < (0.6 if other else 1.0)
        else:
            site = np.zeros(n, bool)
        to_form = back[site]
        q.type[to_form], q.line[to_form] = FORM, -1
        q.form[to_form] = rng.integers(0, len(firm.forms), len(to_form)) if firm.has["forms"] else -1
        rest = back[~site]
        if other:
            q.line[rest] = rng.choice(other, len(rest))
        wait = np.isin(back, rest) & (not other)
    else:
        forms = [i for i, name in enumerate(firm.forms) if name != one.scope.get("form")] if "form" in one.scope else []
        dial = rng.random(n) < (0.7 if forms else 1.0) if firm.has["calls"] else np.zeros(n, bool)
        to_call = back[dial]
        q.type[to_call], q.form[to_call] = CALL, -1
        q.line[to_call] = np.array([c.line for c in firm.channels])[q.channel[to_call]]
        rest = back[~dial]
        if forms:
            q.form[rest] = rng.choice(forms, len(rest))
        wait = np.isin(back, rest) & (not forms) & (not ("page" in one.scope or "device" in one.scope))
    q.t[back] = np.where(wait, np.maximum(q.t[back], one.end) + later, q.t[back] + later)
