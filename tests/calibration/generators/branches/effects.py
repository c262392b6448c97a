"""What incidents do to contacts; to people and visits: effects_people.py; to deals: deals.py.

Each function takes a world and gives a changed one; nothing is changed in place, so the same base serves every
comparison.
"""

import numpy as np

from contacts import AGAIN, CALL, CONGESTION, FAILED, FIRST, FORM, NO_ANSWER, contact, ring, when_open
from deals import reached
from effects_people import counter, leave, mix, price, untargeted
from scope import covers
from tables import HOUR, changed, coin, inside, size, stack, take


def try_again(world, incident, lost):
    """Rows of those who try once more: later the same way, or at once another way."""
    firm, salt = world.firm, incident.id
    c = take(lost, (coin(lost["id"], salt + "again") < firm.retry) & lost["tried"])
    if not size(c):
        return c
    other = coin(c["id"], salt + "other") < 0.5
    to_form = other & (c["kind"] == CALL) & (c["v"] >= 0) & bool(firm.forms)
    to_call = other & (c["kind"] == FORM)
    kind = np.where(to_form, FORM, np.where(to_call, CALL, c["kind"]))
    pause = np.where(
        kind != c["kind"],
        150 + 600 * coin(c["id"], salt + "p"),
        -np.log(1 - coin(c["id"], salt + "p")) * 5 * HOUR + 120,
    )
    t = c["t"] + pause.astype(np.int64)
    t = np.where(kind == CALL, when_open(world.rhythm, t, coin(c["id"], salt + "o")), t)
    ids = c["id"] + 4_000_000_000 * (incident.number + 1)
    new = contact(changed(c, t=t, page=c["landing"], attr=c["origin"]), firm, kind, AGAIN, ids)
    new["cat"] = np.where(c["cat"] == FIRST, AGAIN, c["cat"])
    stays = (kind == CALL) & (c["kind"] == CALL) & (coin(c["id"], salt + "line") < 0.7)
    new["line"] = np.where(stays, c["line"], new["line"])
    return ring(firm, world.rhythm, new, salt)


def lose(world, incident, how):
    """Contacts in scope are lost in the share that the severity says, and so are second tries that fall into it."""
    c = world.contacts

    def hit(c):
        return (
            covers(world.firm, incident, c)
            & ~c["gone"]
            & ~c["failed"]
            & (coin(c["id"], incident.id) < incident.severity)
        )

    lost = hit(c)
    new = try_again(world, incident, take(c, lost))
    c = how(c, lost)
    if size(new):
        c = stack([c, how(new, hit(new))])
    return world.having(contacts=c)


def telephone(world, incident):
    rows = incident.kind == "down_failed" or (incident.kind == "partial_loss" and incident.traits["rows"])

    def how(c, lost):
        if not rows:
            return changed(c, gone=c["gone"] | lost)
        end = CONGESTION if incident.traits["congestion"] else FAILED
        return changed(
            c,
            failed=c["failed"] | lost,
            answered=c["answered"] & ~lost,
            talk=np.where(lost, 0, c["talk"]),
            wait=np.where(lost, 0, c["wait"]),
            end=np.where(lost, end, c["end"]),
        )

    return lose(world, incident, how)


def broken_talks(world, incident):
    """Talks that break off after some seconds; most dial again, and may be cut off again."""
    c, salt = world.contacts, incident.id

    def hit(c):
        return (
            covers(world.firm, incident, c)
            & c["answered"]
            & ~c["gone"]
            & ~c["failed"]
            & (coin(c["id"], salt) < incident.severity)
        )

    def cut(c, lost):
        return changed(
            c,
            broken=c["broken"] | lost,
            talk=np.where(lost, 2 + (coin(c["id"], salt + "s") * 22).astype(int), c["talk"]),
        )

    lost = hit(c)
    rows, new = [cut(c, lost)], take(c, lost)
    for turn in range(1, 4):
        new = take(new, coin(new["id"], salt + "redial") < incident.traits["redial"])
        if not size(new):
            break
        new = changed(
            new,
            t=new["t"] + 40 + (coin(new["id"], salt + "p") * 240).astype(int),
            cat=np.where(new["cat"] == FIRST, AGAIN, new["cat"]),
            id=new["id"] + 4_000_000_000 * (incident.number + 1) + turn * 1_000_000_000_000,
        )
        new = ring(world.firm, world.rhythm, new, salt)
        rows.append(cut(new, hit(new)))
        new = take(new, hit(new))
    return world.having(contacts=stack(rows))


def dead_form(world, incident):
    """The row never comes; the counter's goal is reached (`dead_after_send`) or not."""

    def how(c, lost):
        sent = np.ones(size(c), bool) if incident.kind == "dead_after_send" else np.zeros(size(c), bool)
        return changed(c, gone=c["gone"] | lost, sent=np.where(lost, sent, c["sent"]))

    return lose(world, incident, how)


def missed(world, incident):
    """Fewer calls are answered; some dial again, with no better luck."""
    c, salt = world.contacts, incident.id

    def miss(c):
        lost = covers(world.firm, incident, c) & c["answered"] & (coin(c["id"], salt) < incident.severity)
        return lost, changed(
            c,
            answered=c["answered"] & ~lost,
            talk=np.where(lost, 0, c["talk"]),
            wait=np.where(lost, c["wait"] * 2 + 15, c["wait"]),
            end=np.where(lost, NO_ANSWER, c["end"]),
        )

    lost, c = miss(c)
    again = take(world.contacts, lost)
    again = take(again, coin(again["id"], salt + "redial") < world.firm.redial)
    again = changed(
        again,
        t=again["t"] + 120 + (coin(again["id"], salt + "p") * 3600).astype(int),
        cat=np.where(again["cat"] == FIRST, AGAIN, again["cat"]),
        id=again["id"] + 4_000_000_000 * (incident.number + 1),
    )
    return world.having(contacts=stack([c, miss(again)[1]]))


def hole(world, incident):
    """Whole days without a row, be it of a client, of spam or of a colleague."""
    c = world.contacts
    kind = CALL if incident.sel["export"] == "calls" else FORM
    lost = inside(c["t"], incident.start, incident.end) & (c["kind"] == kind)
    return world.having(contacts=changed(c, unexported=c["unexported"] | lost))


def apply(world, incident):
    kind = incident.kind
    if incident.cause == "telephony":
        return broken_talks(world, incident) if kind == "broken_talks" else telephone(world, incident)
    if kind in ("channel_stops", "channel_falls"):
        return leave(world, incident, [incident.sel["channel"]], incident.severity)
    if kind == "all_fall":
        return leave(world, incident, None, incident.severity)
    if incident.cause == "data_gap" and "deals" not in kind:
        return hole(world, incident)
    act = {"untargeted": untargeted, "price_rise": price, "missed_calls": missed}.get(kind) or {
        "forms": dead_form,
        "mix_shift": mix,
        "tracking": counter,
    }.get(incident.cause)
    return act(world, incident) if act else world


def gate(world):
    """Later questions are asked only by people who got through before."""
    c = world.contacts
    t, _, _ = reached(c, size(world.cases))
    late = (c["case"] >= 0) & (c["cat"] == 2) & ((t[c["case"]] >= c["t"]) | world.cases["gone"][c["case"]])
    return world.having(contacts=changed(c, gone=c["gone"] | late))
