#!/usr/bin/env python3
"""One firm by the interface that all generators share: generate.py OUT --seed N [--size small|medium|large] [--null]

Sessions are drawn top-down and incidents take events away from what would have happened.
"""

import argparse
import json
from pathlib import Path

import planning
import simulate

SIZES = {"small": 100_000, "medium": 300_000, "large": 1_000_000}
MARGIN = 0.06  # weekly noise that the sigma of every generator's labels is stated with


def sigma(lost, expected):
    """How many standard deviations a loss is: lost / sqrt(expected + (0.06 expected)²)."""
    return lost / max((expected + (MARGIN * expected) ** 2) ** 0.5, 1.0)


def _measure(incident):
    """The measure that tells the incident best: the one with the largest effect."""
    return max(incident["sigma_by_measure"], key=incident["sigma_by_measure"].get, default=None)


def _label(incident):
    measure = _measure(incident)
    weeks = []
    for row in incident["weeks"]:
        told = row["measures"].get(measure)
        if told:
            weeks.append(
                {
                    "week": row["week"],
                    "expected": told["expected"],
                    "lost": told["loss"],
                    # The generator's own noise is known exactly and better than the shared margin.
                    "sigma": told["sigma"],
                }
            )
    return {
        "id": f"I{incident['id']:02d}",
        "cause": incident["code"],
        "kind": incident["kind"],
        "conversion": incident["conversion"],
        "scope": {key: str(value) for key, value in incident["scope"].items()},
        "start": incident["start"].replace(" ", "T")[:16],
        "end": incident["end"].replace(" ", "T")[:16],
        "severity": incident["severity"],
        "expected": round(sum(week["expected"] for week in weeks), 1),
        "lost": round(sum(week["lost"] for week in weeks), 1),
        "sigma": max(0.0, incident["sigma_by_measure"].get(measure, 0.0)),
        "weeks": weeks,
    }


def labels(told, seed, size):
    """labels.json from what the simulation tells of itself."""
    slumps = [row["week"] for one in told["incidents"] if one["code"] == "seasonality" for row in one["weeks"]]
    return {
        "generator": "workshop",
        "firm": f"workshop-{size}-{seed}",
        "seed": seed,
        "size": size,
        "weeks": told["weeks"],
        "judged": told["weeks"][10:],
        "incidents": [_label(one) for one in told["incidents"] if one["code"] != "seasonality"],
        "seasonal": sorted({*told["holiday_weeks"], *slumps}),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--size", choices=sorted(SIZES), default="medium")
    parser.add_argument("--null", action="store_true", help="no incidents at all")
    asked = parser.parse_args()
    if asked.null:
        planning.plan = lambda rng, firm: []
    out = asked.out
    out.parent.mkdir(parents=True, exist_ok=True)
    told = simulate.write_firm(out.parent, out.name, [asked.seed, SIZES[asked.size]], SIZES[asked.size])
    (out / "truth.json").unlink()
    text = json.dumps(labels(told, asked.seed, asked.size), ensure_ascii=False, indent=1)
    (out / "labels.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
