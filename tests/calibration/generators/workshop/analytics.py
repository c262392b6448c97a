"""What web analytics records of the visits: goals, and what a broken counter hides, doubles or mislabels."""

import numpy as np

from losses import by_week, record

FORM_START, FORM_SENT, TEL_CLICK = 1, 2, 4


def goals(rng, firm, visits, wish):
    """Goals of each visit as bits: real and idle ones."""
    size = len(visits["t"])
    out = np.zeros(size, np.int8)
    at = wish["visit"][wish["wanted_form"]]
    out[at] |= FORM_START
    sent = wish["visit"][wish["sent"]]
    out[sent] |= FORM_SENT
    tries = firm.parameters["form_tries"] * firm.parameters["conv1"] * (1 - firm.parameters["call_share"])
    out[(rng.random(size) < tries) & ~visits["bounce"]] |= FORM_START
    called = wish["visit"][(wish["kind"] == 0) & (wish["visit"] >= 0)]
    clicked = rng.random(len(called)) < np.array([0.12, 0.7, 0.5])[visits["dev"][called]]
    out[called[clicked]] |= TEL_CLICK
    idle = 0.3 * firm.parameters["conv1"] * firm.parameters["call_share"]
    out[(rng.random(size) < idle) & ~visits["bounce"] & (visits["dev"] == 1)] |= TEL_CLICK
    return out


def break_counter(rng, firm, incidents, visits):
    """Marks visits that the counter misses (`hidden`), writes twice (`twice`), or records without tags (`untagged`)."""
    size, t = len(visits["t"]), visits["t"]
    real = ~visits["gone"]
    for key in ("hidden", "twice", "untagged", "nameless"):
        visits[key] = np.zeros(size, bool)
    for incident in (i for i in incidents if i.code == "tracking"):
        own = real.copy()
        if "page" in incident.pick:
            own &= visits["page"] == incident.pick["page"]
        if "channel" in incident.pick:
            own &= visits["ch"] == incident.pick["channel"]
        hit = own & incident.on(t) & (rng.random(size) < incident.severity)
        key = {
            "page_lost": "hidden",
            "site_lost": "hidden",
            "doubled": "twice",
            "utm_lost": "untagged",
            "attribution_lost": "nameless",
        }[incident.kind]
        visits[key] |= hit
        if incident.kind == "attribution_lost":
            record(incident, "links", by_week(t, hit * visits["p"]), by_week(t, own * visits["p"]))
        else:
            record(incident, "scope_sessions" if incident.pick else "sessions", by_week(t, hit), by_week(t, own))
    visits["nameless"] |= visits["hidden"]
