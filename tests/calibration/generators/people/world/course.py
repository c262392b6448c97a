"""What comes of the wishes: one function of the world and of the set of incidents that are on."""
import numpy as np

from world.attempts import ANSWERED, LEAST_TALK, Attempts
from world.clock import DAY
from world.sales import make_deals
from world.wishes import CALL

SAME_INQUIRY = 30 * DAY


class Course:
    """Contacts and call-backs, deals and inquiries, and what each wish did on the site."""

    def __init__(self, world, incidents):
        attempts = Attempts(world, incidents)
        attempts.run()
        self.contacts, self.callbacks = attempts.contacts, attempts.callbacks
        self.started, self.sent, self.tapped, self.alive = attempts.started, attempts.sent, attempts.tapped, attempts.alive
        self.contacts["seen"] = np.ones(len(self.contacts["t"]), bool)
        for incident in incidents:
            if incident.hides:
                self.contacts["seen"] &= ~incident.hides(self.contacts["t"], self.contacts["kind"])
        self.deals = make_deals(world, incidents, attempts)
        self.inquiries = inquiries(world.firm, self.contacts)


def inquiries(firm, contacts):
    """The reader's inquiries: visible contacts of a person inside thirty days, once."""
    too_short = (contacts["kind"] == CALL) & contacts["answered"] & (contacts["talk"] < firm.min_talk)
    row = np.flatnonzero(contacts["seen"] & ~too_short)
    row = row[np.lexsort((contacts["t"][row], contacts["wish"][row]))]
    wish, t = contacts["wish"][row], contacts["t"][row]
    first = np.zeros(len(row), bool)
    left = np.arange(len(row))
    while len(left):
        is_head = np.concatenate([[True], wish[left][1:] != wish[left][:-1]])
        start = np.repeat(t[left][is_head], np.diff(np.append(np.flatnonzero(is_head), len(left))))
        first[left[is_head]] = True
        left = left[t[left] >= start + SAME_INQUIRY]
    return {key: contacts[key][row[first]] for key in ("wish", "t", "kind")}


def reached_inquiries(firm, contacts):
    """Inquiries whom somebody spoke with or who wrote."""
    spoken = (contacts["disposition"] == ANSWERED) & contacts["answered"] & (contacts["talk"] >= LEAST_TALK)
    return inquiries(firm, dict(contacts, seen=contacts["seen"] & ((contacts["kind"] != CALL) | spoken)))
