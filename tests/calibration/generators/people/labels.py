"""What each incident took away, by the world's own truth: the same people with and without it.

A measurement has three arrays with a value a week, `expected`, `lost` and `in_window` (what of `expected` falls into the
incident's hours), and `more` with further ones for the labels."""
from types import SimpleNamespace

import numpy as np

from measures import measure_first, measure_second
from world.clock import DAYS, END, WEEK, WEEKS, by_week, minute_text
from world.course import Course
from world.profiles import WEEKDAYS

FIRST_JUDGED = 26
NOISE = .06                       # of a usual week, beyond Poisson's


def sigma(expected, lost):
    return float(max(lost, 0) / np.sqrt(expected + (NOISE * expected) ** 2)) if expected > 0 else 0.


def label_incidents(world, incidents, course, told):
    context = SimpleNamespace(world=world, told=told, usual=UsualConversion(world))
    labels = []
    for incident in incidents:
        without = Course(world, [other for other in incidents if other is not incident])
        measure = measure_first if incident.conversion == "first" else measure_second
        labels.append(label(world.firm, incident, measure(context, incident, without, course)))
    return labels


class UsualConversion:
    """Sessions of the firm's own people and inquiries in the world without incidents, by channel and week."""

    def __init__(self, world):
        firm, visits = world.firm, world.visits
        own = (world.people["owner"][visits["person"]] < 0) & (visits["t"] < END)
        found = Course(world, []).inquiries
        channel_of_inquiry = world.wishes["channel"][found["wish"]]
        channels = range(len(firm.channels))
        sessions = [by_week(visits["t"], own & (visits["channel"] == channel)) for channel in channels]
        inquiries = [by_week(found["t"], channel_of_inquiry == channel) for channel in channels]
        self.sessions = {**dict(enumerate(sessions)), None: np.sum(sessions, 0)}
        self.inquiries = {**dict(enumerate(inquiries)), None: by_week(found["t"])}

    def lost_by(self, sessions, channel=None):
        """What a reader would think that these sessions of each week, missing or too many, have lost."""
        return np.array([self.of_week(channel, week) * count if count else 0. for week, count in enumerate(sessions)])

    def of_week(self, channel, week):
        before = slice(max(0, week - 8), week)
        return self.inquiries[channel][before].sum() / max(self.sessions[channel][before].sum(), 1)


def labelled_weeks(incident, measured):
    """The weeks of the incident, and those behind its end in which it still loses something."""
    first, last = max(0, incident.start // WEEK), min((incident.end - 1) // WEEK, WEEKS - 1)
    later = [week for week in range(last + 1, WEEKS)
             if measured.lost[week] >= 1 and sigma(measured.expected[week], measured.lost[week]) >= 1]
    return [*range(first, last + 1), *later]


def label(firm, incident, measured):
    weeks = labelled_weeks(incident, measured)
    rows = []
    for week in weeks:
        expected, lost = measured.expected[week], measured.lost[week]
        rows.append({
            "week": firm.weeks[week], "expected": round(float(expected), 2), "lost": round(float(lost), 2),
            "sigma": round(sigma(expected, lost), 3), "window_expected": round(float(measured.in_window[week]), 2),
            **{name: round(float(values[week]), 2) for name, values in measured.more.items()},
        })
    expected, lost = [float(sum(values[week] for week in weeks)) for values in (measured.expected, measured.lost)]
    found = {
        "id": f"I{incident.number + 1:02d}", "cause": incident.cause, "kind": incident.kind,
        "conversion": incident.conversion, "scope": incident.scope,
        "start": minute_text(firm, incident.start), "end": minute_text(firm, incident.end),
        "severity": round(float(incident.severity), 3),
        "expected": round(expected, 2), "lost": round(lost, 2), "sigma": round(sigma(expected, lost), 3),
        "weeks": rows, "measure": incident.apparent or incident.measure,
    }
    if incident.detail is not None:
        found["detail"] = incident.detail
    return found


def seasonal_weeks(firm):
    """Weeks that a holiday or the season lowers by over ten per cent: against the week as it would be without holidays, or
    against the median of the eight weeks before."""
    weekdays = np.array(WEEKDAYS[firm.trade["hours"]])[np.arange(DAYS) % 7]
    by_day = firm.season * firm.holiday_factor * firm.weekday_factor
    level = (by_day * firm.quality_season).reshape(WEEKS, 7).sum(1)
    without_holidays = (firm.season * weekdays).reshape(WEEKS, 7).sum(1)
    holidays = by_day.reshape(WEEKS, 7).sum(1) / without_holidays
    found = []
    for week in range(WEEKS):
        before = np.median(level[max(0, week - 8):week]) if week >= 3 else level[week]
        if holidays[week] < .9 or level[week] < .9 * before:
            found.append(firm.weeks[week])
    return found
