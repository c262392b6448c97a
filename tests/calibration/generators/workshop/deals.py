"""The CRM: deals of inquiries, what they become and when, and what managers and hygiene do to them."""

import numpy as np

from firm import DAY, DAYS, WEEK, WEEKS
from losses import by_week, record

NEW, WORK, WON, LOST = 0, 1, 2, 3
REASONS = ["", "Не наш клиент", "Дорого", "Выбрали других", "Передумал", "Не дозвонились", "Дубль"]
NOT_TARGET, UNREACHED, DUPLICATE = 1, 5, 6


def _speed(firm, wish):
    """What waiting leaves of the chance to sell."""
    return 1 / (1 + (wish["response"] / firm.parameters["office"]["patience"]) ** 0.7)


def win_probability(rng, firm, incidents, wish):
    """Chance of each inquiry to be sold, and whether it is no target; incidents of the second conversion are booked."""
    sales = firm.parameters["sales"]

    def of(name, other):
        return np.append([getattr(c, name) for c in firm.channels], other)[wish["ch"]]

    week = np.clip(wish["t"] // WEEK, 0, WEEKS - 1)
    speed = _speed(firm, wish)
    troubled = np.zeros(len(week), bool)
    for incident in (i for i in incidents if i.code == "managers"):
        troubled |= incident.on(wish["t"])
    lost = wish["lost"]
    usual = np.array([speed[~troubled & ~lost & (wish["kind"] == kind)].mean() for kind in (0, 1)])
    base = (
        of("quality", 1.1)
        * firm.parameters["manager_skill"][wish["manager"]]
        * np.exp(rng.normal(0, firm.parameters["noise"]["sale"], WEEKS))[week]
    )
    scale = sales["conv2"] / max(1e-9, (base * speed)[~lost & ~troubled].mean())
    p = np.clip(base * speed * scale, 0, 0.95)
    steady = np.clip(base * usual[wish["kind"]] * scale, 0, 0.95)
    not_target = of("not_target", 0.15)
    wish["cold"] = np.zeros(len(week), bool)
    for incident in incidents:
        if incident.code == "lead_quality":
            own = ~lost & ((wish["ch"] == incident.pick["channel"]) if incident.pick else True)
            hit = own & incident.on(wish["t"])
            _book(incident, wish, hit * p * incident.severity, own, np.where(lost, 0, p), p)
            p = np.where(hit, p * (1 - incident.severity), p)
            not_target = np.where(hit, 1 - (1 - not_target) * (1 - incident.severity), not_target)
            wish["cold"] |= hit
        elif incident.kind == "one_manager":
            own = ~lost & (wish["manager"] == incident.pick["manager"])
            hit = own & incident.on(wish["t"])
            left = p * (1 - incident.severity)
            _book(incident, wish, hit * np.maximum(0, steady - left), own, np.where(lost, 0, steady), steady)
            p = np.where(hit, left, p)
        elif incident.code == "managers":
            hit = ~lost & incident.on(wish["t"])
            _book(incident, wish, hit * (steady - p), ~lost, np.where(lost, 0, steady), steady)
    bad = rng.random(len(p)) < not_target
    return np.where(bad, 0, np.clip(p / (1 - not_target), 0, 0.98)) * ~lost, bad


def _book(incident, wish, loss, own, expected, each):
    record(incident, "scope_sales", by_week(wish["t"], loss), by_week(wish["t"], each * own))
    record(incident, "sales", by_week(wish["t"], loss), by_week(wish["t"], expected))


def deals(rng, firm, incidents, wish, office):
    """All deals, by creation. Closings after the last day are not known."""
    sales, end = firm.parameters["sales"], DAYS * DAY
    p, bad = win_probability(rng, firm, incidents, wish)
    served = wish["answered"] | wish["redial_answered"] | wish["called_back"]
    chance = np.where(served, sales["becomes_deal"], np.where(wish["kind"] == 1, 0.9, 0.35) * sales["becomes_deal"])
    at = np.flatnonzero(~wish["lost"] & (rng.random(len(p)) < chance))
    size = len(at)
    t, form = wish["t"][at], wish["kind"][at] == 1
    wait = np.where(
        wish["answered"][at] | form,
        rng.integers(60, 1500, size),
        np.minimum(wish["response"][at], 2 * DAY) + rng.integers(60, 1500, size),
    )
    created = t + wait
    won = rng.random(size) < p[at] / sales["becomes_deal"]
    lag = rng.lognormal(np.log(sales["lag"] * DAY), sales["lag_sd"], size)
    lag = np.where(
        won, lag, rng.lognormal(np.log(sales["lag"] * sales["lost_lag"] * DAY), 0.9, size) * np.where(bad[at], 0.3, 1)
    )
    closed = office.next_opening(
        np.minimum(created + lag, 4 * end).astype(np.int64).clip(0, end + 20 * DAY)
    ) + rng.integers(300, 4 * 3600, size)
    left_new = ~served[at] & ~won
    closed = np.where(left_new, np.where(rng.random(size) < 0.4, end + DAY, closed + 15 * DAY), closed)
    never = ~won & (rng.random(size) < 0.12)
    closed = np.where(never, end + DAY, closed)
    reason = np.where(bad[at], NOT_TARGET, np.where(left_new, UNREACHED, rng.integers(2, 5, size)))
    out = {
        "wish": at,
        "created": created,
        "closed": closed,
        "won": won,
        "reason": reason,
        "manager": wish["manager"][at],
        "person": wish["person"][at],
        "fresh": left_new,
        "amount": np.round(rng.lognormal(np.log(sales["amount"]), sales["amount_sd"], size), -2),
        "copy": np.zeros(size, bool),
    }
    _late(rng, incidents, out, office)
    return _duplicates(rng, firm, incidents, out)


def _late(rng, incidents, deal, office):
    """Closings of the span are entered together on the day after it."""
    for incident in (i for i in incidents if i.kind == "late_closings"):
        hit = incident.on(deal["closed"])
        weeks = by_week(np.minimum(deal["closed"], DAYS * DAY + WEEK), deal["won"] * hit * incident.severity)
        record(
            incident,
            "scope_sales",
            np.cumsum(weeks) * _inside(incident),
            by_week(deal["closed"], deal["won"] & (deal["closed"] < DAYS * DAY)),
        )
        late = hit & (rng.random(len(hit)) < incident.severity)
        deal["closed"] = np.where(
            late,
            office.next_opening(np.full(len(hit), incident.end)) + rng.integers(0, 5 * 3600, len(hit)),
            deal["closed"],
        )


def _inside(incident):
    out = np.zeros(WEEKS)
    out[[w for w in incident.weeks if w < WEEKS]] = 1
    return out


def _duplicates(rng, firm, incidents, deal):
    parts = [deal]
    for incident in (i for i in incidents if i.kind == "duplicates"):
        hit = np.flatnonzero(incident.on(deal["created"]) & (rng.random(len(deal["created"])) < incident.severity))
        hit = np.concatenate([hit, hit[rng.random(len(hit)) < 0.25]])
        twin = {key: values[hit].copy() for key, values in deal.items()}
        size = len(hit)
        twin.update(
            created=twin["created"] + rng.integers(120, 5 * 3600, size),
            won=np.zeros(size, bool),
            copy=np.ones(size, bool),
            reason=np.full(size, DUPLICATE),
            manager=rng.integers(0, len(firm.managers), size),
            fresh=rng.random(size) < 0.5,
            closed=twin["created"] + np.where(rng.random(size) < 0.5, 90 * WEEK, rng.integers(DAY, 25 * DAY, size)),
        )
        record(incident, "deals", by_week(twin["created"]), by_week(deal["created"]))
        parts.append(twin)
    out = {key: np.concatenate([part[key] for part in parts]) for key in deal}
    order = np.argsort(out["created"], kind="stable")
    out = {key: values[order] for key, values in out.items()}
    inside = out["created"] < DAYS * DAY
    out = {key: values[inside] for key, values in out.items()}
    out["done"] = out["closed"] < DAYS * DAY
    return out


def follow_ups(rng, firm, wish, deal, office):
    """Instants, persons and managers of later calls to customers whose deal is in work."""
    count = rng.poisson(firm.parameters["sales"]["follow_ups"], len(deal["created"])) * ~deal["fresh"] * ~deal["copy"]
    at = np.repeat(np.arange(len(count)), count)
    span = np.minimum(deal["closed"][at], deal["created"][at] + 30 * DAY) - deal["created"][at]
    t = office.next_opening(
        (deal["created"][at] + rng.random(len(at)) * np.maximum(span, 3600)).astype(np.int64)
    ) + rng.integers(0, 5 * 3600, len(at))
    return t, deal["person"][at], deal["manager"][at]
