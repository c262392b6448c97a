"""Which incidents a firm gets: spread over the weeks, some overlapping, most of them large enough to be seen."""

import numpy as np

from firm import WEEK
from incidents import (
    FIRST_WEEK,
    LAST_WEEK,
    MAKERS,
    TAIL,
    crm_hygiene,
    lead_quality,
    managers,
    mix_shift,
)

# Long ones find a free place less often, so they are tried more often.
OFTEN = [*MAKERS, lead_quality, managers, crm_hygiene, mix_shift]
FAINT_SHARE = 0.3  # of incidents that nobody could see, this share is kept


def _covered(incident):
    last = (incident.end - 1) // WEEK
    tail = TAIL if incident.conversion == "second" else 0
    return set(range(incident.start // WEEK, min(LAST_WEEK, last + tail) + 1))


def guess(firm, incident):
    """Rough effect in sigmas of the best week, from the firm's averages; only to drop most of what cannot be seen."""
    parameters, pick = firm.parameters, incident.pick
    shares = np.array([channel.share for channel in firm.channels])
    leads = shares * np.array([channel.rate for channel in firm.channels])
    leads, whole = leads / leads.sum(), firm.weekly * parameters["conv1"]
    part, weeks = min(1.0, (incident.end - incident.start) / WEEK), max(1.0, (incident.end - incident.start) / WEEK)
    expected, severity, noise = whole, incident.severity * part, 0.07
    if incident.code == "telephony":
        expected *= parameters["call_share"] * len(pick["lines"]) / len(firm.lines)
        severity *= 0.5 if incident.kind == "unstable" else 0.9
    elif incident.code == "forms":
        expected *= (1 - parameters["call_share"]) * _form_share(firm, pick, leads)
    elif incident.code in ("traffic_quality", "lead_quality"):
        expected *= leads[pick["channel"]] if "channel" in pick else 1
    elif incident.code == "managers":
        expected *= parameters["manager_share"][pick["manager"]] if "manager" in pick else 1
        severity *= {"one_manager": 1, "missed": 0.5, "slow": 0.35}[incident.kind]
    elif incident.code == "mix_shift":
        rates = np.array([channel.rate for channel in firm.channels])
        moved = shares.copy()
        moved[pick["channel"]] *= 1 + incident.severity
        if pick["down"] is not None:
            moved[pick["down"]] *= pick["keep"]
        severity = part * (1 - (moved * rates).sum() / moved.sum() / (shares * rates).sum())
    elif incident.code in ("traffic_volume", "tracking"):
        expected, noise = firm.weekly * (shares[pick["channel"]] if "channel" in pick else 1), 0.1
        expected *= (shares @ parameters["pages"]["share"])[pick["page"]] if "page" in pick else 1
    elif incident.code in ("data_gap", "crm_hygiene"):
        return 3.0
    if incident.conversion == "second":
        expected *= parameters["sales"]["conv2"] * weeks
    if incident.kind == "bots":
        expected *= 1 + severity
        severity /= 1 + severity
    return expected * severity / np.sqrt(expected + (noise * expected) ** 2 + 1)


def _form_share(firm, pick, leads):
    tables = firm.parameters["pages"]
    pages = leads @ tables["share"] * tables["rate"]
    pages = pages / pages.sum()
    if "form" in pick:
        return pages[tables["form"] == pick["form"]].sum()
    if "page" in pick:
        return pages[pick["page"]]
    return {1: 0.7, 0: 0.3}[pick["device"]] if "device" in pick else 1.0


def plan(rng, firm):
    """10 to 18 incidents; at least 40 % of the ordinary weeks stay free, some incidents overlap."""
    span = range(FIRST_WEEK, LAST_WEEK + 1)
    festive = {day // 7 for day in np.flatnonzero(firm.off)}
    ordinary = [week for week in span if week not in festive]
    wanted, taken, out = int(rng.integers(10, 19)), set(), []
    for maker in [int(i) for _ in range(60) for i in rng.permutation(len(OFTEN))]:
        if len(out) >= wanted:
            break
        week = int(rng.choice(ordinary)) if rng.random() < 0.85 else int(rng.choice(list(span)))
        incident = _proposal(rng, firm, OFTEN[maker], week)
        if incident is None or incident.end > (LAST_WEEK + 1) * WEEK:
            continue
        overlap = any(set(incident.weeks) & set(other.weeks) for other in out)
        clash = any(other.code == incident.code and _covered(other) & _covered(incident) for other in out)
        after = taken | _covered(incident)
        if clash or (overlap and rng.random() < 0.8) or sum(w not in after for w in ordinary) < 0.42 * len(ordinary):
            continue
        taken = after
        out.append(incident)
    return sorted(out, key=lambda incident: (incident.start, incident.code))


def _proposal(rng, firm, maker, week):
    """An incident of the kind; one that is too faint to be seen is mostly drawn again."""
    for _ in range(6):
        incident = maker(rng, firm, week)
        if incident is not None and (guess(firm, incident) > 2 or rng.random() < FAINT_SHARE / 3):
            return incident
    return None
