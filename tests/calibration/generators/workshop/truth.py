"""The labels: for each incident what it costs by week, and how far beyond the firm's own noise that is."""

from datetime import datetime, timedelta

import numpy as np

from firm import WEEKS

BASE = 8  # weeks that a reader would compare with
TOTALS = ("inquiries", "sales")  # what the whole firm loses


def deviations(firm, measure, code):
    """Weekly log-noise of a measure: visits of a channel move more than those of all, rates of all less than of one."""
    noise, channels = firm.parameters["noise"], max(2, len(firm.channels))
    part = 1.0 if measure.startswith("scope") else 2.0 / channels
    if measure.endswith("sessions"):
        return np.sqrt(noise["common"] ** 2 + part * (noise["channel"] ** 2 + (1.5 * noise["drift"]) ** 2))
    if measure == "links":
        return 0.03
    if measure.endswith("sales"):
        return noise["sale"]
    rate = noise["rate_common"] ** 2 + part * noise["rate_channel"] ** 2 + noise["rate_drift"] ** 2
    if code == "traffic_volume":
        rate += noise["common"] ** 2 + part * noise["channel"] ** 2
    return np.sqrt(rate)


def sigmas(firm, code, measure, loss, expected):
    """Loss over the predictive noise of the week: counting noise, weekly noise, and that of an 8-week base."""
    smooth = np.convolve(np.pad(expected, 2, mode="edge"), np.ones(5) / 5, mode="valid")
    cv = deviations(firm, measure, code)
    variance = (smooth + cv**2 * smooth**2) * (1 + 1 / BASE)
    return loss / np.sqrt(np.maximum(variance, 1)), np.maximum(variance, 1)


def _moment(firm, seconds):
    return (datetime(firm.start.year, firm.start.month, firm.start.day) + timedelta(seconds=int(seconds))).isoformat(
        sep=" "
    )


def _incident(firm, number, incident):
    names, by_week, best = firm.weeks, {}, {}
    for measure, (loss, expected) in incident.lost.items():
        sigma, variance = sigmas(firm, incident.code, measure, loss, expected)
        total = float(loss.sum() / np.sqrt(variance[loss > 0].sum())) if (loss > 0).any() else 0.0
        best[measure] = round(total, 2)
        for week in np.flatnonzero(loss > 0):
            row = by_week.setdefault(int(week), {"week": names[week], "sigma": 0.0, "sigma_total": 0.0, "measures": {}})
            row["measures"][measure] = {
                "loss": round(float(loss[week]), 2),
                "expected": round(float(expected[week]), 2),
                "sigma": round(float(sigma[week]), 2),
            }
            row["sigma"] = max(row["sigma"], round(float(sigma[week]), 2))
            if measure in TOTALS:
                row["sigma_total"] = max(row["sigma_total"], round(float(sigma[week]), 2))
    scope = dict(incident.scope)
    if "channel" in scope:
        scope["channel"] = firm.channels[scope["channel"]].id
    return {
        "id": number,
        "code": incident.code,
        "kind": incident.kind,
        "conversion": incident.conversion,
        "start": _moment(firm, incident.start),
        "end": _moment(firm, incident.end),
        "severity": round(float(incident.severity), 3),
        "scope": scope,
        "sigma": max(best.values(), default=0.0),
        "sigma_total": max([best.get(measure, 0.0) for measure in TOTALS]),
        "sigma_by_measure": best,
        "first_week": names[incident.weeks[0]],
        "last_week": names[min(WEEKS - 1, incident.weeks[-1])],
        "loss_inquiries": _sum(incident, "inquiries"),
        "loss_sales": _sum(incident, "sales") or _sum(incident, "scope_sales"),
        "weeks": [by_week[week] for week in sorted(by_week)],
    }


def _sum(incident, measure):
    return round(float(incident.lost[measure][0].sum()), 1) if measure in incident.lost else 0.0


def tell(firm, incidents, visits, wish, sold, seed):
    """What truth.json holds."""
    festive = sorted({int(day) // 7 for day in np.flatnonzero(firm.off)})
    seasons = [i for i in incidents if i.code == "seasonality"]
    return {
        "firm": firm.name,
        "seed": seed,
        "weeks": firm.weeks,
        "sessions": int((~visits["gone"]).sum()),
        "inquiries": int((~wish["lost"]).sum()),
        "sales": int((sold["won"] & sold["done"]).sum()),
        "conv1": round(firm.parameters["conv1"], 4),
        "conv2": round(firm.parameters["sales"]["conv2"], 3),
        "lag_days": round(firm.parameters["sales"]["lag"], 1),
        "noise": {k: round(float(v), 4) for k, v in firm.parameters["noise"].items()},
        "holiday_weeks": [firm.weeks[w] for w in festive],
        "incidents": [
            _incident(firm, n + 1, i) for n, i in enumerate([i for i in incidents if i not in seasons] + seasons)
        ],
    }
