"""Judges diagnoses against the truth: hit rates, recall, false alarms, seasonal blame and calibration error.

A prediction is {"period": week, "probabilities": {code: p}, "alarm": bool}. Weeks are judged like this:

- an incident of the first conversion in each week in which its effect is visible (2 sigma or more in its own scope);
- one of the second conversion at its last affected week, when its effect over all its weeks is visible;
- a week is null when nothing touches it: no incident, no holiday, no three weeks after one of the second conversion;
- where several causes are true, the others are taken out before a cause's rank is counted; it then needs a probability
  of SHARED at least.

`window` says how often a cause of the second conversion was first in any week from its start to three weeks after its end.
"""

from dataclasses import dataclass, field

import numpy as np

from incidents import CODES, FIRST_WEEK, LAST_WEEK, SECOND, TAIL

VISIBLE = 2.0
SHARED = 0.1
BANDS = [("2-3", 2, 3), ("3-5", 3, 5), ("5+", 5, 1e9)]


@dataclass
class Week:
    """What is true of one week of a firm."""

    firm: str
    period: str
    required: dict = field(default_factory=dict)  # code -> effect in sigmas, to be found
    allowed: set = field(default_factory=set)  # true as well, whether to be seen or not
    kinds: dict = field(default_factory=dict)  # code -> kind of the incident
    festive: bool = False

    @property
    def null(self):
        return not self.allowed and not self.festive

    @property
    def judged(self):
        """Whether there is a plain answer: nothing, the season, or a visible cause; not when all that is there is faint."""
        return self.null or self.seasonal or bool(self.required)

    @property
    def seasonal(self):
        return (self.festive or "seasonality" in self.allowed) and self.allowed <= {"seasonality"}


def truth_weeks(truth, effect="sigma", visible=VISIBLE):
    """The judged weeks of a firm, by name. `effect` is "sigma" (in the incident's own scope) or "sigma_total" (of the whole firm)."""
    names = truth["weeks"]
    weeks = {names[i]: Week(truth["firm"], names[i]) for i in range(FIRST_WEEK, LAST_WEEK + 1)}
    for name in truth["holiday_weeks"]:
        if name in weeks:
            weeks[name].festive = True
    for incident in truth["incidents"]:
        _mark(weeks, names, incident, effect, visible)
    return weeks


def _mark(weeks, names, incident, effect, visible):
    code = incident["code"]
    first, last = names.index(incident["first_week"]), names.index(incident["last_week"])
    tail = TAIL if code in SECOND else 0
    touched = [names[i] for i in range(first, min(len(names), last + tail + 1))] + [
        row["week"] for row in incident["weeks"]
    ]
    for name in touched:
        if name in weeks:
            weeks[name].allowed.add(code)
            weeks[name].kinds[code] = incident["kind"]
    if code in SECOND:
        if incident[effect] >= visible and names[last] in weeks:
            weeks[names[last]].required[code] = incident[effect]
        return
    for row in incident["weeks"]:
        if row["week"] in weeks and row[effect] >= visible:
            weeks[row["week"]].required[code] = max(row[effect], weeks[row["week"]].required.get(code, 0))


def from_backtest(row):
    """A prediction from one line of `voronka backtest --json`: of each cause the greatest probability of any finding."""
    out = {}
    for finding in row.get("findings", []):
        for cause in finding.get("causes", []):
            if cause.get("probability") is not None:
                out[cause["code"]] = max(out.get(cause["code"], 0.0), float(cause["probability"]))
    top = max(out, key=out.get) if out else "none"
    return {"period": row["period"], "probabilities": out, "alarm": bool(row.get("findings")) and top != "none"}


def ranked(prediction, without=()):
    """Causes by probability, greatest first."""
    scores = {
        code: p for code, p in prediction["probabilities"].items() if code not in without and code != "none" and p > 0
    }
    return sorted(scores, key=lambda code: (-scores[code], code))


def judge(weeks, predictions):
    """All figures. `weeks` and `predictions` are lists of the same length."""
    cases, alarms, everything, nulls, seasons = [], [], [], [], []
    for at, (week, prediction) in enumerate(zip(weeks, predictions)):
        order = ranked(prediction)
        if week.null:
            nulls.append(prediction["alarm"])
        if week.seasonal:
            seasons.append(prediction["alarm"] and order[0] != "seasonality")
        if prediction["alarm"] and order:
            said = (min(1.0, prediction["probabilities"][order[0]]), order[0] in week.allowed)
            everything.append(said)
            alarms += [said] if week.judged else []
        for code, sigma in week.required.items():
            case = {
                "code": code,
                "kind": week.kinds.get(code, ""),
                "sigma": sigma,
                "firm": week.firm,
                "period": week.period,
            }
            window = _window(weeks, at, code) if code in SECOND else [at]
            case["window"] = any(place_of(code, weeks[i], predictions[i])[0] == 0 for i in window)
            place, case["said"] = place_of(code, week, prediction)
            cases.append(case | {"recall": prediction["alarm"], "top1": place == 0, "top3": place < 3})
    return {
        "cases": cases,
        "bins": reliability(alarms),
        "ece": expected_calibration_error(alarms),
        "ece_all": expected_calibration_error(everything),
        "alarms": len(alarms),
        "nulls": len(nulls),
        "weeks": len(weeks),
        "false_alarms": share(nulls),
        "seasons": len(seasons),
        "seasonal_blame": share(seasons),
        "by_code": _groups(cases),
        "macro": _macro(cases),
    }


def place_of(code, week, prediction):
    """(place of a true cause from 0, or 99; what stands first) when the week's other true causes are taken out."""
    order = ranked(prediction, without=set(week.allowed) - {code}) if prediction["alarm"] else []
    alone = not (set(week.allowed) - {code}) or ranked(prediction)[:1] == [code]
    if code not in order or not (alone or prediction["probabilities"][code] >= SHARED):
        return 99, next((other for other in order if other != code), "nothing")
    return order.index(code), order[0]


def _window(weeks, at, code):
    """Weeks around, of the same firm, that the incident touches."""
    same = lambda i: 0 <= i < len(weeks) and weeks[i].firm == weeks[at].firm and code in weeks[i].allowed
    first, last = at, at
    while same(first - 1):
        first -= 1
    while same(last + 1):
        last += 1
    return range(first, last + 1)


def share(flags):
    return float(np.mean(flags)) if len(flags) else float("nan")


def _groups(cases):
    out = {}
    for code in CODES:
        own = [case for case in cases if case["code"] == code]
        row = dict(
            n=len(own), **{key: share([case[key] for case in own]) for key in ("recall", "top1", "top3", "window")}
        )
        row["bands"] = {
            name: (len(part), share([c["top1"] for c in part]))
            for name, low, high in BANDS
            for part in [[c for c in own if low <= c["sigma"] < high]]
        }
        said = [case["said"] for case in own if not case["top1"]]
        row["instead"] = sorted({s: said.count(s) for s in said}.items(), key=lambda item: (-item[1], item[0]))[:3]
        out[code] = row
    return out


def _macro(cases):
    """Means over causes of the means over cases."""
    codes = sorted({case["code"] for case in cases})

    def mean(key):
        return share([share([c[key] for c in cases if c["code"] == code]) for code in codes])

    return {key: mean(key) for key in ("recall", "top1", "top3")}


def reliability(alarms, bins=10):
    """For each tenth of probability: (count, mean probability, share that was right)."""
    out = []
    for index in range(bins):
        own = [a for a in alarms if index / bins <= a[0] < (index + 1) / bins or (index == bins - 1 and a[0] == 1.0)]
        out.append((len(own), share([a[0] for a in own]), share([a[1] for a in own])))
    return out


def expected_calibration_error(alarms, bins=10):
    """Mean distance between what was said and what was so, weighted by count."""
    total = len(alarms)
    return (
        sum(n * abs(said - right) for n, said, right in reliability(alarms, bins) if n) / total
        if total
        else float("nan")
    )


def table(figures):
    """The figures as text for a terminal."""
    macro = figures["macro"]
    out = [
        f"weeks {figures['weeks']}, cases {len(figures['cases'])}: "
        f"top-1 {macro['top1']:.3f}, top-3 {macro['top3']:.3f}, recall {macro['recall']:.3f} (macro); "
        f"false alarms {figures['false_alarms']:.3f} of {figures['nulls']} null weeks; "
        f"seasonal blame {figures['seasonal_blame']:.3f} of {figures['seasons']}; "
        f"ECE {figures['ece']:.3f} of {figures['alarms']} alarms ({figures['ece_all']:.3f} with weeks of faint incidents)"
    ]
    for code, row in figures["by_code"].items():
        bands = "  ".join(f"{name}: {value:.2f} ({n})" for name, (n, value) in row["bands"].items())
        rates = f"recall {row['recall']:.2f}  top-1 {row['top1']:.2f}  top-3 {row['top3']:.2f}"
        window = f"  in window {row['window']:.2f}" if code in SECOND else ""
        out.append(f"  {code:16} n {row['n']:4}  {rates}  {bands}{window}  instead {row['instead']}")
    return "\n".join(out)
