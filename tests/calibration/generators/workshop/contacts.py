"""People who get in touch: calls and forms, what telephony and site do to them, who answers and who is called back."""

import numpy as np

from firm import DAY
from losses import by_week, record

CALL, FORM = 0, 1


class Office:
    """Working hours of the firm."""

    def __init__(self, firm):
        office = firm.parameters["office"]
        weekday = firm.weekday
        open_day = (weekday < 5) | ((weekday == 5) & office["saturday"]) | ((weekday == 6) & office["sunday"])
        open_day &= firm.off == 0
        self.open_day = np.concatenate([open_day, np.ones(40, bool)])
        self.opens, self.closes = office["opens"] * 3600, office["closes"] * 3600
        days = np.arange(len(self.open_day))
        self.next_day = np.minimum.accumulate(np.where(self.open_day, days, len(days) - 1)[::-1])[::-1]

    def is_open(self, t):
        clock = t % DAY
        return (
            self.open_day[np.clip(t // DAY, 0, len(self.open_day) - 1)] & (clock >= self.opens) & (clock < self.closes)
        )

    def next_opening(self, t):
        """The instant itself when open, else the next opening."""
        day = np.clip(t // DAY, 0, len(self.open_day) - 3)
        late = t % DAY >= self.closes
        early = t % DAY < self.opens
        day = self.next_day[np.where(late, day + 1, day)]
        same = (day == t // DAY) & ~early
        return np.where(same, t, day * DAY + self.opens)

    def after(self, t, delay):
        """Working time later; what does not fit into the day goes on at the next opening."""
        begin = self.next_opening(t)
        end = begin + delay
        left = np.maximum(0, end - (begin // DAY * DAY + self.closes))
        return np.where(
            left > 0, self.next_opening(begin // DAY * DAY + DAY) + left % (self.closes - self.opens), end
        ).astype(np.int64)


def wishes(rng, firm, visits, office):
    """Everybody who wants to get in touch, by kind, line or form."""
    at = np.flatnonzero(~visits["gone"] & (visits["u"] < visits["p"]))
    tables = firm.parameters["pages"]
    page, dev = visits["page"][at], visits["dev"][at]
    chance = firm.parameters["call_share"] + tables["lean"][page] + np.array([-0.08, 0.08, 0])[dev]
    chance = np.clip(chance, 0.08, 0.95) * np.where(
        office.is_open(visits["t"][at]), 1, firm.parameters["office"]["night_calls"]
    )
    kind = np.where(rng.random(len(at)) < chance, CALL, FORM)
    routing = firm.parameters["routing"]
    by = (
        routing["by_city"][np.maximum(0, visits["city"][at])]
        if routing["mode"] == "city"
        else routing["by_channel"][visits["ch"][at]]
    )
    later = np.where(rng.random(len(at)) < 0.8, rng.integers(40, 900, len(at)), rng.integers(1800, 6 * 3600, len(at)))
    out = {
        "visit": at,
        "t": visits["t"][at] + np.where(kind == CALL, later, rng.integers(30, 600, len(at))),
        "kind": kind,
        "ch": visits["ch"][at],
        "page": page,
        "dev": dev,
        "line": by if routing["mode"] != "single" else np.zeros(len(at), int),
        "form": tables["form"][page],
    }
    visits["bounce"][at], visits["pv"][at] = False, np.maximum(2, visits["pv"][at])
    visits["dur"][at] = np.maximum(visits["dur"][at], rng.integers(60, 400, len(at)))
    return out


def offline(rng, firm, incidents, count):
    """Calls of people without a visit: static lines, and those who knew the number."""
    lines, routing = firm.lines, firm.parameters["routing"]
    expected = np.array([firm.parameters["static"] if line["channel"] else 0 for line in lines])
    expected[: routing["site"]] = firm.parameters["other"] * count / 60 / routing["site"]
    weekday = firm.parameters["habits"]["weekday"][firm.weekday]
    numbers = rng.poisson(expected / 7 * (weekday * np.where(firm.off > 0, 0.6, 1))[:, None])
    flat = np.repeat(np.arange(numbers.size), numbers.ravel())
    day, line = np.divmod(flat, len(lines))
    t = (
        day * DAY
        + rng.choice(24, len(day), p=firm.parameters["habits"]["hours"]) * 3600
        + rng.integers(0, 3600, len(day))
    )
    keep = np.ones(len(t), bool)
    for incident in incidents:
        if incident.code == "unknown":
            keep &= ~(incident.on(t) & (rng.random(len(t)) < incident.severity))
    nothing = np.full(len(t), -1)
    out = {
        "visit": nothing,
        "t": t,
        "kind": np.full(len(t), CALL),
        "ch": nothing,
        "page": nothing,
        "dev": nothing,
        "line": line,
        "form": nothing,
    }
    return {key: values[keep] for key, values in out.items()}


def break_forms(rng, incidents, wish):
    """Forms that do not arrive: some of their senders call instead."""
    form = wish["kind"] == FORM
    wish["sent"] = form.copy()
    total = by_week(wish["t"])
    for incident in (i for i in incidents if i.code == "forms"):
        own = form.copy()
        for key, column in (("form", "form"), ("page", "page"), ("device", "dev")):
            if key in incident.pick:
                own &= wish[column] == incident.pick[key]
        hit = own & incident.on(wish["t"])
        record(incident, "scope_inquiries", by_week(wish["t"], hit * incident.severity * 0.88), by_week(wish["t"], own))
        record(incident, "inquiries", by_week(wish["t"], hit * incident.severity * 0.88), total)
        broken = hit & (rng.random(len(own)) < incident.severity)
        wish["sent"] &= ~broken
        instead = broken & (rng.random(len(own)) < 0.12)
        wish["kind"] = np.where(instead, CALL, wish["kind"])
        wish["t"] = np.where(instead, wish["t"] + 300, wish["t"])
    wish["lost"] = (wish["kind"] == FORM) & ~wish["sent"]


def break_telephony(rng, firm, incidents, wish):
    """Calls that never get in (`lost`), those that fail on the way (`failed`) and those that come again later."""
    call = wish["kind"] == CALL
    wish["failed"] = np.zeros(len(call), bool)
    total = by_week(wish["t"])
    for incident in (i for i in incidents if i.code == "telephony"):
        own = call & np.isin(wish["line"], incident.pick["lines"])
        hit = own & incident.on(wish["t"])
        share = incident.severity * (0.55 if incident.kind == "unstable" else 1)
        loss = by_week(wish["t"], hit * share * 0.88)
        record(incident, "scope_inquiries", loss, by_week(wish["t"], own))
        record(incident, "inquiries", loss, total)
        draw = rng.random(len(call))
        cut = hit & (draw < share)
        wish["failed"] |= hit & (draw >= share) & (draw < incident.severity) if incident.kind == "unstable" else False
        again = cut & (rng.random(len(call)) < 0.12) & (incident.end - wish["t"] < 3 * DAY)
        instead = cut & ~again & (wish["visit"] >= 0) & (rng.random(len(call)) < 0.06)
        wish["kind"] = np.where(instead, FORM, wish["kind"])
        wish["sent"], wish["wanted_form"] = wish["sent"] | instead, wish["wanted_form"] | instead
        wish["lost"] |= cut & ~again & ~instead
        wish["t"] = np.where(again, incident.end + rng.integers(0, 4 * 3600, len(call)), wish["t"])


def answer(rng, firm, incidents, wish, office):
    """What becomes of each contact that got in: answered, missed, called back, and after how long."""
    settings = firm.parameters["office"]
    size = len(wish["t"])
    manager = rng.choice(len(firm.managers), size, p=firm.parameters["manager_share"])
    missed, slow, forgets = np.full(size, settings["missed"]), np.ones(size), np.full(size, 1 - settings["called_back"])
    for incident in (i for i in incidents if i.code == "managers"):
        inside = incident.on(wish["t"])
        if incident.kind == "missed":
            missed = np.where(inside, missed + incident.severity * (1 - missed), missed)
            forgets = np.where(inside, 0.5 * forgets + 0.5, forgets)
        elif incident.kind == "slow":
            slow, forgets = (
                np.where(inside, 4 + 12 * incident.severity, slow),
                np.where(inside, np.maximum(forgets, 0.6 * incident.severity), forgets),
            )
        else:
            inside = inside & (manager == incident.pick["manager"])
            slow, forgets = (
                np.where(inside, 5, slow),
                np.where(inside, np.maximum(forgets, 0.4 * incident.severity), forgets),
            )
    opened = office.is_open(wish["t"])
    call = wish["kind"] == CALL
    answered = call & opened & (rng.random(size) > missed) & ~wish["failed"]
    redial = call & ~answered & (rng.random(size) < np.where(wish["failed"], 0.75, settings["redial"]))
    redial_at = wish["t"] + np.where(wish["failed"], rng.integers(30, 280, size), rng.integers(90, 5400, size))
    redial_answered = (
        redial & office.is_open(redial_at) & (rng.random(size) > missed) & (~wish["failed"] | (rng.random(size) < 0.5))
    )
    delay = rng.lognormal(np.log(settings["response"]), 0.9, size) * slow
    back_at = office.after(np.where(redial, redial_at, wish["t"]), delay)
    called_back = ~answered & ~redial_answered & (rng.random(size) > forgets)
    response = np.where(
        answered,
        0,
        np.where(redial_answered, redial_at - wish["t"], np.where(called_back, back_at - wish["t"], 30 * DAY)),
    )
    wish.update(
        manager=manager,
        answered=answered,
        redial=redial,
        redial_at=redial_at,
        redial_answered=redial_answered,
        called_back=called_back,
        back_at=back_at,
        response=response,
        opened=opened,
    )
