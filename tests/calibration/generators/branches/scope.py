"""Which contacts an incident's scope covers."""

import numpy as np

from contacts import CALL, FORM, INTERNAL
from tables import inside


def covers(firm, incident, c, every=False):
    """Contacts that an incident's scope and window cover; `every` leaves the window out."""
    mask = c["cat"] < INTERNAL
    if not every:
        mask = mask & inside(c["t"], incident.start, incident.end)
    if incident.cause in ("telephony", "managers"):
        mask = mask & (c["kind"] == CALL)
    if incident.cause == "forms":
        mask = mask & (c["kind"] == FORM)
    for key, value in incident.sel.items():
        if key == "contact":
            mask = mask & (c["kind"] == (CALL if value == "call" else FORM))
        elif key == "export":
            mask = mask & (c["kind"] == {"calls": CALL, "forms": FORM}.get(value, -1))
        elif key == "line":
            mask = mask & (c["line"] == value) & (c["kind"] == CALL)
        elif key == "trunk":
            trunk = np.array([t for _, _, _, _, t, _ in firm.lines])
            mask = mask & (trunk[c["line"]] == value) & (c["kind"] == CALL)
        elif key == "page":
            mask = mask & ((c["page"] if incident.cause == "forms" else c["landing"]) == value)
        elif key == "channel":
            mask = mask & (c["attr"] == value)
        else:
            mask = mask & (c[{"form": "form", "device": "dev"}[key]] == value)
    return mask
