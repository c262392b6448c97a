"""What is counted as expected and as lost, for each measure of the README."""
from types import SimpleNamespace

import numpy as np

from world.clock import END, WEEK, WEEKS, by_week
from world.course import reached_inquiries
from world.profiles import DESKTOP, MOBILE
from world.wishes import CALL, CHAT, FORM


def in_window(incident, t):
    return (t >= incident.start) & (t < incident.end)


def counted(incident, t, chosen):
    """A measurement of what is expected at these times, without anything lost so far."""
    return SimpleNamespace(expected=by_week(t, chosen), in_window=by_week(t, chosen & in_window(incident, t)),
                           lost=np.zeros(WEEKS), more={})


# --- first conversion

def in_scope(world, incident, inquiries):
    """Which inquiries are in the incident's scope."""
    wish, kind = inquiries["wish"], inquiries["kind"]
    wishes = {key: column[wish] for key, column in world.wishes.items()}
    scope, has_visit = incident.scope, wishes["visit"] >= 0
    chosen = np.ones(len(wish), bool)
    if "channel" in scope and incident.kind != "cheap_channel_grows":
        chosen &= wishes["channel"] == incident.channel
        if incident.campaign is not None:
            chosen &= wishes["campaign"] == world.firm.channels[incident.channel]["first_campaign"] + incident.campaign
    if incident.cause == "telephony":
        chosen &= (kind == CALL) & on_line(world, incident, wish)
    elif incident.cause == "forms":
        chosen &= (kind == FORM) & by_form(world, incident, wish)
    elif "page" in scope:
        chosen &= (wishes["page"] == incident.target) & has_visit
    if incident.export in ("calls", "forms"):
        chosen &= kind == (CALL if incident.export == "calls" else FORM)
    if incident.kind == "gateway_referral":
        chosen &= kind == FORM
    elif incident.cause == "tracking":
        chosen &= has_visit
    return chosen


def on_line(world, incident, wish):
    line = world.line[wish]
    if "line" in incident.scope:
        return line == incident.target
    return world.trunk_of_line[line] == incident.target if "trunk" in incident.scope else True


def by_form(world, incident, wish):
    scope = incident.scope
    if "page" in scope:
        return world.form_page[wish] == incident.target
    if "form" in scope:
        return world.form[wish] == incident.target
    if "device" in scope:
        return world.wishes["device"][wish] == (MOBILE if scope["device"] == "mobile" else DESKTOP)
    return True


def measure_first(context, incident, without, course):
    """Inquiries without and with the incident; then what its kind loses otherwise."""
    world = context.world

    def scoped(inquiries):
        return inquiries["t"], in_scope(world, incident, inquiries)

    expected, found, more = without.inquiries, course.inquiries, {}
    if incident.measure == "reached":
        more["lost_counted"] = by_week(*scoped(expected)) - by_week(*scoped(found))
        expected, found = [reached_inquiries(world.firm, run.contacts) for run in (without, course)]
    t, chosen = scoped(expected)
    measured = counted(incident, t, chosen)
    measured.lost = measured.expected - by_week(*scoped(found))
    measured.more = more
    add_sessions(context, incident, measured)
    if incident.apparent in ("hidden", "double"):
        measure_sessions(context, incident, measured)
    elif incident.apparent in ("source", "client", "gateway"):
        measure_misplaced(world, incident, expected["wish"], t, chosen, measured)
    return measured


def add_sessions(context, incident, measured):
    """Visits that it takes, and those that it brings, which the conversion seems to have lost."""
    visits = context.world.visits
    owner = context.world.people["owner"][visits["person"]]
    in_time = visits["t"] < END
    if incident.visits_dropped is not None:
        measured.more["sessions_lost"] = by_week(visits["t"], incident.visits_dropped & in_time & (owner < 0))
    if incident.brought is not None:
        extra = by_week(visits["t"], (owner == incident.number) & in_time)
        channel = None if incident.cause == "mix_shift" else incident.channel
        seeming = context.usual.lost_by(extra, channel)
        for values in (measured.expected, measured.lost, measured.in_window):
            values += seeming
        measured.more["extra_sessions"] = extra


def measure_sessions(context, incident, measured):
    """Sessions missing or doubled, as the usual conversion of the firm."""
    told, visits = context.told, context.world.visits
    is_hidden = incident.apparent == "hidden"
    chosen = incident.visits_hidden if is_hidden else incident.visits_doubled & told.real & ~told.hidden
    sessions = by_week(visits["t"], chosen & (visits["t"] < END))
    measured.lost = context.usual.lost_by(sessions)
    measured.more["sessions_hidden" if is_hidden else "sessions_doubled"] = sessions


def measure_misplaced(world, incident, wish, t, chosen, measured):
    """Inquiries that stand at another channel or at none."""
    if incident.apparent == "source":
        visit = world.wishes["visit"][wish]
        misplaced = (visit >= 0) & incident.visits_untagged[np.maximum(visit, 0)]
    elif incident.apparent == "client":
        on_pool = (world.firm.tracking == "dynamic") & np.isin(world.line[wish], world.firm.pool)
        chosen = chosen & (np.isin(world.mode[wish], (FORM, CHAT)) | on_pool)
        known = counted(incident, t, chosen)
        measured.expected, measured.in_window = known.expected, known.in_window
        misplaced = incident.client_lost[wish]
    else:
        misplaced = incident.through_gateway[wish]
    measured.lost = by_week(t, chosen & misplaced)


# --- second conversion

def of_scope(world, incident, deals):
    chosen = np.ones(len(deals["wish"]), bool)
    if "manager" in incident.scope:
        chosen &= deals["manager"] == incident.target
    if incident.channel is not None:
        chosen &= world.wishes["channel"][deals["wish"]] == incident.channel
    return chosen


def measure_second(context, incident, without, course):
    measure = {"close": measure_closing, "dups": measure_duplicates}.get(incident.apparent, measure_sales)
    scopes = [of_scope(context.world, incident, run.deals) for run in (without, course)]
    return measure(incident, without.deals, course.deals, *scopes)


def closed_in_time(deals):
    """Sales that were in the CRM by the end of the week in which they were truly made."""
    week = np.minimum(deals["true_close"] // WEEK, WEEKS - 1)
    return deals["won"] & (deals["close"] < (week + 1) * WEEK)


def measure_closing(incident, without, found, scope_without, scope_found):
    measured = counted(incident, without["true_close"], scope_without & closed_in_time(without))
    in_time = scope_found & closed_in_time(found) & (found["true_close"] < END)
    measured.lost = measured.expected - by_week(found["true_close"], in_time)
    return measured


def measure_duplicates(incident, without, found, scope_without, scope_found):
    """Duplicates, as the usual sales per deal of the eight weeks before."""
    measured = counted(incident, without["created"], scope_without & without["sale_true"])
    duplicates = by_week(found["created"], scope_found & (found["duplicates"] > 0))
    deals = by_week(without["created"], scope_without)
    before = [slice(max(0, week - 8), week) for week in range(WEEKS)]
    usual = np.array([measured.expected[weeks].sum() / max(deals[weeks].sum(), 1) for weeks in before])
    measured.lost = duplicates * usual
    measured.more["duplicates"] = duplicates
    return measured


def measure_sales(incident, without, found, scope_without, scope_found):
    """Sales of the week's inquiries that close before the world ends."""
    asked_without, asked_found = [np.minimum(deals["asked"], deals["created"]) for deals in (without, found)]
    measured = counted(incident, asked_without, scope_without & without["sale_true"])
    measured.lost = measured.expected - by_week(asked_found, scope_found & found["sale_true"])
    return measured
