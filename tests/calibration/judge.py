"""Judges diagnoses against the truth, as a reader on the Monday after each week would.

- An incident is *reported* when its conversion has a finding in one of its weeks. Of these findings the one with the best
  place counts (then the surest): the incident is *first* when its cause stands first there, *among three* when it is one of
  the first three. Visible incidents only (2 sigma or more over their whole time); means over causes of means over incidents.
- A *false alarm* is a finding in a week in which nothing happened to that conversion. Weeks whose inquiries an incident of the
  first conversion has changed, and the last ones, are not counted for the second.
- A seasonal week is *blamed* on something else when its finding begins with another cause than the season.
- The *calibration error* is over every week, quiet ones too: what stands first, "nothing" included, against what is so.
"""

from dataclasses import dataclass

import numpy as np

from truth import CODES

BINS = 10
LISTED = 3  # causes that a finding names at least
BANDS = [("2-3", 2, 3), ("3-5", 3, 5), ("5+", 5, 1e9)]


@dataclass
class Said:
    """What is said of one week of one conversion."""

    causes: list  # (cause, probability), most probable first; of a quiet week also "none"
    scopes: dict  # cause -> where
    alarm: bool

    @property
    def top(self):
        return self.causes[0][0]

    @property
    def sure(self):
        total = sum(p for _, p in self.causes)
        return self.causes[0][1] / max(1.0, total)


def said(row, conversion, sure, probabilities, alarm):
    """The prediction of one week from the probabilities that its evidence was given."""
    causes = sorted(zip(CODES[conversion], probabilities), key=lambda one: -one[1])
    season = dict(causes).get("seasonality", 0.0)
    reported = sure >= alarm
    scopes = {one["code"]: one["scope"] for one in row["scores"] if one["conversion"] == conversion}
    if not reported:
        causes = sorted([("none", max(0.0, 1.0 - sure - season)), *causes], key=lambda one: -one[1])
    return Said([(code, float(p)) for code, p in causes], scopes, bool(reported))


def place(found, true):
    """2 the same place, 1 wider, narrower or of another kind, 0 elsewhere."""
    if found == true:
        return 2
    shared = set(found) & set(true)
    if not found or not true or not shared:
        return 1
    return int(any(found[key] == true[key] for key in shared))


def judge_incident(incident, told):
    """(reported, first, among three, what was said first)."""
    alarms = [one for one in told if one.alarm and one.top != "seasonality"]
    if not alarms:
        return False, False, False, "nothing"
    best = max(alarms, key=lambda one: (place(one.scopes.get(one.top, {}), incident.scope), one.sure))
    first = [code for code, _ in best.causes[:LISTED]]
    return True, best.top == incident.cause, incident.cause in first, best.top


def rows_of(incidents, told):
    """One row for each visible incident that could be diagnosed."""
    out = []
    for incident in incidents:
        if not incident.visible:
            continue
        own = [told[incident.firm, period, incident.conversion] for period in incident.weeks]
        reported, first, three, instead = judge_incident(incident, own)
        out.append((incident, reported, first, three, instead))
    return out


def mean(values):
    return float(np.mean(values)) if len(values) else float("nan")


def macro(rows):
    """(first, among three, reported): means over causes."""
    causes = sorted({row[0].cause for row in rows})
    of = lambda at: mean([mean([row[at] for row in rows if row[0].cause == cause]) for cause in causes])
    return of(2), of(3), mean([row[1] for row in rows])


def reliability(pairs):
    """For each tenth of probability: (count, mean probability, share that was right)."""
    out = []
    for number in range(BINS):
        own = [one for one in pairs if min(int(one[0] * BINS), BINS - 1) == number]
        out.append((len(own), mean([p for p, _ in own]), mean([right for _, right in own])))
    return out


def calibration_error(pairs):
    """Mean distance between what was said and what was so, by tenths, weighted by count."""
    total = sum(n for n, *_ in reliability(pairs))
    return sum(n * abs(p - right) for n, p, right in reliability(pairs) if n) / total if total else float("nan")


def figures(weeks, incidents, told):
    """Everything that is measured. `told` maps (firm, period, conversion) to what was said."""
    rows = rows_of(incidents, told)
    judged = [(week, told[week.firm, week.period, week.conversion]) for week in weeks]
    out = {"rows": rows, "weeks": len(weeks)}
    for name, kept in (("all", rows), *((c, [r for r in rows if r[0].conversion == c]) for c in CODES)):
        first, three, reported = macro(kept) if kept else (float("nan"),) * 3
        out[name] = {"n": len(kept), "first": first, "three": three, "reported": reported}
    for conversion in CODES:
        own = [(week, one) for week, one in judged if week.conversion == conversion]
        null = [one.alarm and one.top != "seasonality" for week, one in own if week.kind == "null"]
        pairs = [(one.sure, one.top in week.right) for week, one in own if week.kind != "spill"]
        out[conversion] |= {"null": len(null), "false": mean(null), "bins": reliability(pairs), "ece": calibration_error(pairs)}
    pairs = [(one.sure, one.top in week.right) for week, one in judged if week.kind != "spill"]
    null = [one.alarm and one.top != "seasonality" for week, one in judged if week.kind == "null"]
    seasonal = [(week, one) for week, one in judged if week.kind == "seasonal"]
    blamed = [one.alarm and one.top not in week.right for week, one in seasonal]
    out["all"] |= {"null": len(null), "false": mean(null), "bins": reliability(pairs), "ece": calibration_error(pairs)}
    out["seasonal"], out["blamed"] = len(seasonal), mean(blamed)
    return out


def line(name, found):
    """The figures in one line for a terminal."""
    every, second = found["all"], found["second"]
    return (
        f"{name:22} n {every['n']:4}  first {every['first']:.2f}  three {every['three']:.2f}  reported {every['reported']:.2f}  "
        f"false {100 * every['false']:.1f}% ({100 * found['first']['false']:.1f}/{100 * second['false']:.1f})  "
        f"ECE {every['ece']:.3f} ({found['first']['ece']:.3f}/{second['ece']:.3f})  "
        f"2nd: n {second['n']} first {second['first']:.2f} reported {second['reported']:.2f}  "
        f"season blamed {found['blamed']:.2f} of {found['seasonal']}"
    )


def by_kind(rows):
    """Lines by conversion, cause and kind."""
    out = []
    for key in sorted({(r[0].conversion, r[0].cause, r[0].kind) for r in rows}):
        own = [r for r in rows if (r[0].conversion, r[0].cause, r[0].kind) == key]
        instead = [r[4] for r in own if not r[2]]
        said_instead = ", ".join(f"{code} {instead.count(code)}" for code in sorted(set(instead), key=lambda c: -instead.count(c)))
        hits = f"reported {sum(r[1] for r in own):3}  first {sum(r[2] for r in own):3}  three {sum(r[3] for r in own):3}"
        out.append(f"  {key[0]:6} {key[1]:16} {key[2]:24} n {len(own):3}  {hits}  instead: {said_instead}")
    return "\n".join(out)
