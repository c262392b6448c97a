"""Draws a firm: what it sells, who comes to it, who answers, and what its systems can and cannot export."""

from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

import catalog
from clock import Clock, WorkAxis

SIZE_CODES = {"small": 1, "medium": 2, "large": 3}
# The last whole week that the shipped calendar can judge with a margin.
LATEST_END = date(2026, 11, 9)


@dataclass
class Channel:
    """A way in, with its habits relative to the firm's mean."""

    id: str
    title: str
    sources: list
    medium: str
    paid: bool
    rule: str | None
    share: float
    mobile: float
    bounce: float
    new: float
    rate: float
    quality: float
    click_price: float
    campaigns: list
    line: int = 0


@dataclass
class Firm:
    """All that stays the same over the history. Arrays are indexed by page, device, region, form, line or manager."""

    seed: int
    size: str
    trade: str
    zone: str
    offset: int
    clock: Clock
    sessions_per_week: float
    inquiries_per_week: float
    channels: list
    pages: list
    regions: list
    forms: list
    lines: list
    line_channel: list
    trunk: str | None
    managers: list
    has: dict
    p: dict
    work: WorkAxis = None
    phones: WorkAxis = None
    form_by_page: np.ndarray = None
    extra: dict = field(default_factory=dict)

    def rng(self, stream: int) -> np.random.Generator:
        """A stream of random numbers of its own for each stage, so that stages do not disturb each other."""
        return np.random.default_rng([self.seed, SIZE_CODES[self.size], stream])


def draw(seed: int, size: str) -> Firm:
    """The firm of a seed."""
    rng = np.random.default_rng([seed, SIZE_CODES[size], 0])
    trade = str(rng.choice(list(catalog.TRADES)))
    habits = catalog.TRADES[trade]
    clock = _history(rng)
    zone = "Europe/Moscow" if rng.random() < 0.6 else str(rng.choice(list(catalog.ZONES)))
    weeks = clock.weeks
    if size == "small":
        sessions = rng.uniform(30e3, 100e3) / 60
        inquiries = np.exp(rng.uniform(np.log(18), np.log(220)))
    elif size == "medium":
        sessions = rng.uniform(240e3, 360e3) / weeks
        inquiries = np.exp(rng.uniform(np.log(40), np.log(400)))
    else:
        sessions = rng.uniform(0.9e6, 1.08e6) / weeks
        inquiries = np.exp(rng.uniform(np.log(120), np.log(900)))
    inquiries = float(np.clip(inquiries, 15, 0.12 * sessions))

    has = _systems(rng)
    n_forms = int(rng.integers(1, len(habits["forms_"]) + 1))
    pages = habits["pages"][: int(rng.integers(4, len(habits["pages"]) + 1))]
    n_regions = int(rng.integers(2, 7))
    lines, line_channel, trunk = _lines(rng, has)
    channels = _channels(rng, habits, lines, line_channel)
    forms_share = rng.uniform(*habits["forms"])
    if rng.random() < 0.2:
        forms_share = rng.uniform(0.12, 0.4)      # the reverse: people of this firm call
    if not has["calls"]:
        forms_share = 1.0
    if not has["forms"]:
        forms_share = 0.0
    managers = [str(m) for m in rng.permutation(catalog.MANAGERS)[: int(rng.integers(2, 9))]]
    domain = f"{trade}-{seed}.example"
    firm = Firm(
        seed=seed, size=size, trade=trade, zone=zone, offset=catalog.ZONES[zone], clock=clock,
        sessions_per_week=sessions, inquiries_per_week=inquiries, channels=channels,
        pages=[domain + ("/" + p if p else "") for p in pages],
        regions=[str(c) for c in rng.permutation(catalog.CITIES)[:n_regions]],
        forms=habits["forms_"][:n_forms], lines=lines, line_channel=line_channel, trunk=trunk, managers=managers,
        has=has, p=_habits(rng, habits, forms_share, len(pages), n_regions, len(managers)))
    firm.form_by_page = rng.dirichlet(np.full(n_forms, 1.2), size=len(pages))
    _working_time(firm, rng)
    return firm


def _history(rng) -> Clock:
    first, last = date(2022, 9, 5), date(2025, 6, 30)
    start = first + timedelta(weeks=int(rng.integers(0, (last - first).days // 7 + 1)))
    weeks = int(rng.integers(58, 71)) if rng.random() < 0.65 else int(rng.integers(40, 111))
    return Clock(start, min(weeks, (LATEST_END - start).days // 7))


def _systems(rng) -> dict:
    """What the firm's systems export. Each lack is rare by itself; most firms lack something."""
    has = {k: rng.random() > lack for k, lack in dict(
        goals=0.15, costs=0.15, lines=0.2, deals=0.1, forms=0.08, calls=0.12, call_clients=0.35, reasons=0.2,
        manager_names=0.15, first_response=0.5, form_clients=0.1, form_tags=0.5, form_device=0.3, traffic_type=0.5,
        annotations=0.4, default_goals=0.5, utc_calls=0.3, russian=0.5, won_in_pipeline=0.4, dial_device=0.7).items()}
    if not has["calls"]:
        has["forms"] = True
    if not has["calls"] or not has["forms"]:
        has["lines"] = has["lines"] and has["calls"]
    return {k: bool(v) for k, v in has.items()}


def _lines(rng, has):
    n = int(rng.integers(1, 5)) if has["calls"] else 0
    prefix = int(rng.integers(300, 990)) * 10_000_000 + int(rng.integers(200, 999)) * 10_000
    lines = [str(prefix + int(rng.integers(1, 9)) * 100 + i) for i in range(n)]
    # The first line stands on the site; of the others some belong to a channel, some stand on paper only.
    owners = ["yandex-direct", "outdoor", "maps"]
    line_channel = [None] + [owners[i] if rng.random() < 0.75 else None for i in range(n - 1)]
    return lines, line_channel[:n], (f"SIP/trunk-{n}" if n and rng.random() < 0.35 else None)


def _channels(rng, habits, lines, line_channel) -> list:
    n = int(rng.integers(3, 15))
    core = ["organic-search", "direct", "yandex-direct"]
    foreign = {"catalogues", "tenders", "portals", "webinars"} - set(habits["own"])
    rest = [c for c in catalog.CHANNELS if c not in core and c not in foreign]
    chosen = core + [str(c) for c in rng.permutation(rest)[: n - 3]]
    found = []
    for cid in chosen:
        (title, sources, medium, _ref, paid, prefix, weight, mobile, bounce, new, rate, quality, price,
         rule) = catalog.CHANNELS[cid]
        campaigns = [f"{prefix}_{k}" for k in ("brand", "main", "region", "goods")[: int(rng.integers(1, 5))]] if prefix else []
        found.append(Channel(
            id=cid, title=title, sources=sources, medium=medium, paid=paid, rule=rule,
            share=weight * float(np.exp(rng.normal(0, 0.5))), mobile=float(np.clip(mobile + rng.normal(0, 0.08), 0.05, 0.95)),
            bounce=float(np.clip(bounce + rng.normal(0, 0.06), 0.08, 0.75)), new=new,
            rate=rate * float(np.exp(rng.normal(0, 0.3))), quality=quality * float(np.exp(rng.normal(0, 0.2))),
            click_price=price * float(np.exp(rng.normal(0, 0.4))), campaigns=campaigns,
            line=line_channel.index(cid) if cid in line_channel else 0))
    total = sum(c.share for c in found)
    for c in found:
        c.share /= total
    return found


def _habits(rng, habits, forms_share, n_pages, n_regions, n_managers) -> dict:
    lag = float(np.exp(rng.uniform(*np.log(habits["lag"]))))
    return dict(
        forms_share=float(forms_share), offline=float(rng.uniform(*habits["offline"])), office=habits["office"],
        weekend=float(rng.uniform(*habits["weekend"])), win=float(rng.uniform(*habits["win"])), lag=lag,
        lag_spread=float(rng.uniform(0.65, 1.0)), month_end=float(rng.uniform(0.2, 0.5)), quarter=bool(rng.random() < 0.35),
        amount=float(np.exp(rng.uniform(*np.log(habits["amount"])))), spread=float(rng.uniform(*habits["spread"])),
        horizon=90 if lag < 30 else 180, mature=int(np.clip(round(lag * 1.6), 14, 84)),
        retry=float(rng.uniform(0.15, 0.45)), miss=float(rng.uniform(0.03, 0.14)), patience=float(rng.uniform(0.03, 0.12)),
        by_mix=bool(rng.random() < 0.5), mix_axis="region" if rng.random() < 0.5 else "page",
        page_rate=np.exp(rng.normal(0, 0.45, n_pages)), page_share=rng.dirichlet(np.full(n_pages, 1.5)),
        page_quality=np.exp(rng.normal(0, 0.35, n_pages)), region_share=np.sort(rng.dirichlet(np.full(n_regions, 1.0)))[::-1],
        region_rate=np.exp(rng.normal(0, 0.25, n_regions)), region_quality=np.exp(rng.normal(0, 0.35, n_regions)),
        device_rate=np.array([1.0, rng.uniform(0.5, 0.95), 0.8]), skill=np.exp(rng.normal(0, 0.22, n_managers)),
        load=rng.dirichlet(np.full(n_managers, 6.0)), email_only=float(rng.uniform(0, 0.2)), crm=float(rng.uniform(0.88, 0.99)),
        dormant=float(rng.uniform(0.03, 0.15)), call_client=float(rng.uniform(0.5, 0.95)))


def _working_time(firm: Firm, rng) -> None:
    """Who works when. Some firms never close, some are shut for two weeks in January and in May."""
    clock = firm.clock
    mood = rng.random()
    rest = "open" if mood < 0.25 else "shut" if mood < 0.5 else "calendar"
    saturday = rng.random() < 0.3 or firm.p["weekend"] > 0.6
    open_days = clock.workday | (saturday & (clock.dow == 5) & ~clock.holiday)
    if rest == "open":
        open_days = open_days | (clock.holiday & (clock.dow < 5))
    long_rest = np.isin(clock.month, [1, 5]) & (clock.dom <= 14)
    if rest == "shut":
        open_days = open_days & ~long_rest
    opens, closes = int(rng.integers(8, 11)), int(rng.integers(17, 20))
    firm.work = WorkAxis(open_days, opens, closes)
    phone_days = open_days | ((clock.dow >= 5) & (firm.p["weekend"] > 0.6))
    firm.phones = WorkAxis(phone_days, opens, closes + int(rng.integers(0, 3)))
    firm.extra.update(rest=rest, long_rest=long_rest, holiday_level=float(
        {"open": rng.uniform(0.75, 0.97), "calendar": rng.uniform(0.2, 0.55), "shut": rng.uniform(0.12, 0.35)}[rest]))
