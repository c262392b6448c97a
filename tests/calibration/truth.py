"""What is true of each week of a firm, from the labels.json that every generator writes.

A week of a conversion is one of:

- `incident`: an incident of that conversion touches it;
- `seasonal`: the calendar or the season lowers it (first conversion only, unless the labels say more);
- `spill`: an incident of the first conversion changes which inquiries come, so that the second cannot be judged;
- `immature`: one of the last weeks, whose sales have hardly begun to come;
- `null`: nothing happened.
"""

import json
from dataclasses import dataclass, field

FIRST = ["data_gap", "tracking", "seasonality", "mix_shift", "traffic_volume", "traffic_quality", "telephony", "forms"]
FIRST += ["unknown"]
SECOND = ["lead_quality", "managers", "crm_hygiene", "unknown"]
CODES = {"first": FIRST, "second": SECOND}
# Incidents of the first conversion after which the inquiries of a week are others than usual.
SPILLS = {"mix_shift", "traffic_volume", "traffic_quality", "tracking", "data_gap", "forms", "telephony"}
IMMATURE = 5  # last weeks of a history
VISIBLE = 2.0  # sigmas from which on an incident could be seen


@dataclass
class Incident:
    """One labelled incident, with the weeks in which it is to be found."""

    firm: str
    generator: str
    size: str
    cause: str
    kind: str
    conversion: str
    scope: dict
    sigma: float
    weeks: list

    @property
    def visible(self):
        return self.sigma >= VISIBLE


@dataclass
class Week:
    """One week of one conversion of one firm."""

    firm: str
    generator: str
    size: str
    period: str
    conversion: str
    kind: str = "null"
    causes: dict = field(default_factory=dict)  # cause -> sigmas of this week
    seasonal: bool = False

    @property
    def right(self):
        """What may stand first without being wrong."""
        out = set(self.causes) or {"none"}
        return out | ({"seasonality"} if self.seasonal else set())


def read(path):
    """(weeks by (period, conversion), incidents) of a firm."""
    told = json.loads(path.read_text())
    about = dict(firm=told["firm"], generator=told["generator"], size=told["size"])
    seasonal = {"first": set(told["seasonal"]), "second": set(told.get("seasonal_second", []))}
    late = set(told["weeks"][-IMMATURE:])
    weeks = {}
    for period in told["judged"]:
        for conversion in CODES:
            week = Week(period=period, conversion=conversion, seasonal=period in seasonal[conversion], **about)
            if week.seasonal:
                week.kind = "seasonal"
            elif conversion == "second" and period in late:
                week.kind = "immature"
            weeks[period, conversion] = week
    incidents = []
    for one in told["incidents"]:
        # A hole in the deals spoils the second conversion, and is told once, among the exports.
        conversion = one["conversion"] if one["cause"] in CODES[one["conversion"]] else "first"
        rows = [row for row in one["weeks"] if (row["week"], conversion) in weeks]
        for row in rows:
            week = weeks[row["week"], conversion]
            week.kind = "incident"
            week.causes[one["cause"]] = max(week.causes.get(one["cause"], 0.0), row["sigma"])
            other = weeks.get((row["week"], "second"))
            if one["cause"] in SPILLS and other.kind == "null":
                other.kind = "spill"
        if rows:
            incidents.append(
                Incident(
                    cause=one["cause"],
                    kind=one["kind"],
                    conversion=conversion,
                    scope={key: str(value) for key, value in one["scope"].items()},
                    sigma=one["sigma"],
                    weeks=[row["week"] for row in rows],
                    **about,
                )
            )
    return weeks, incidents
