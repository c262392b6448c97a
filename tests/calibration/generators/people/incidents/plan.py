"""Which incidents a firm has, and when. None in the first 26 weeks."""
import numpy as np

from incidents.kinds import DURATIONS, KINDS, RARELY_POSSIBLE, Incident, usable
from incidents.scopes import choose_scope
from world.clock import DAY, DAYS, HOUR, WEEK, WEEKS
from world.draws import pick_weighted, stream

FIRST_WEEK = 26.02
MOST_INCIDENTS = 16
MOST_OF_A_CAUSE = 3
ROUNDING = 300                              # starts and ends are at full five minutes
# where ten people a week ring, nobody calls three hours an incident
LEAST_DURATION_FACTOR = {"small": 5., "medium": 2., "large": 1.}


def plan(firm):
    rng = stream(firm.seed, "plan", firm.size)
    incidents = choose_kinds(firm, rng)
    for conversion in ("first", "second"):
        place(firm, rng, [incident for incident in incidents if incident.conversion == conversion], conversion)
    incidents.sort(key=lambda incident: incident.start)
    for number, incident in enumerate(incidents):
        incident.number = number
        choose_scope(firm, incident, stream(firm.seed, "scope", firm.size, number))
    return incidents


def choose_kinds(firm, rng):
    """Every possible cause once, then more of them; kinds are not repeated while a cause has others."""
    possible = {key: [kind for kind in kinds if usable(firm, kind)] for key, kinds in KINDS.items()}
    keys = [key for key in KINDS if possible[key]]
    count = int(rng.integers(max(10, len(keys)), MOST_INCIDENTS + 1))
    while len(keys) < count:
        key = pick_weighted(rng, list(KINDS), [len(kinds) for kinds in KINDS.values()])
        if possible[key] and keys.count(key) < MOST_OF_A_CAUSE:
            keys.append(key)
    incidents, had = [], set()
    for key in keys:
        fresh = [kind for kind in possible[key] if kind not in had] or possible[key]
        kind = pick_weighted(rng, fresh, [2.5 if kind in RARELY_POSSIBLE else 1 for kind in fresh])
        had.add(kind)
        incidents.append(Incident(*key, kind, days=duration(firm, rng, key[1], kind)))
    return incidents


def duration(firm, rng, cause, kind):
    low, high = DURATIONS[cause]
    if cause in ("telephony", "forms", "traffic_volume"):
        low *= LEAST_DURATION_FACTOR[firm.size]
    days = float(np.exp(np.log(low) + np.log(high / low) * rng.beta(1.5, 1.0)))
    return max(days, 8.) if kind in ("bulk_close", "late_entry") else days


def place(firm, rng, incidents, conversion):
    """Spreads them over the weeks, in a random order and with some overlaps."""
    last = 73.5 if conversion == "first" else max(44., 73. - firm.lag_days[0] * 1.4 / 7)
    slots = np.linspace(FIRST_WEEK, last, len(incidents) + 1)
    for slot, chosen in enumerate(rng.permutation(len(incidents))):
        length = slots[slot + 1] - slots[slot]
        week = slots[slot] + rng.random() * length * (1.0 if rng.random() < .35 else .55)
        set_times(firm, rng, incidents[chosen], rounded(week * 7 * DAY))


def rounded(t):
    return int(t) // ROUNDING * ROUNDING


def set_times(firm, rng, incident, start):
    day = start // DAY
    if incident.kind == "days_missing":
        incident.start = day * DAY
        incident.end = incident.start + int(max(1, round(incident.days))) * DAY
        return
    if incident.kind == "cut_midday":
        # an export drawn at noon: the rest of that day, or of the week, is not in it
        incident.start = rounded(day * DAY + (11 + 3 * rng.random()) * HOUR)
        incident.end = int((day + 1) * DAY if rng.random() < .5 else (day // 7 + 1) * WEEK)
        return
    if incident.cause == "telephony" and incident.days < 2:
        # short ones that nobody could notice are none: they begin on a working day
        day = firm.next_open_day[min(day, DAYS - 3)]
        hour = firm.opens - 1 + rng.random() * (firm.closes - firm.opens - 3)
        start = rounded(day * DAY + hour * HOUR)
    incident.start = start
    incident.end = rounded(min(start + incident.days * DAY, (WEEKS - .4) * 7 * DAY))
