"""Writes one invented firm: python3 generate.py OUT --seed N [--size small|medium|large] [--null]. See README.md."""

import argparse
import os
import sys
from pathlib import Path

sys.dont_write_bytecode = True
os.environ.setdefault("POLARS_MAX_THREADS", "1")

import call_records
import firm as firms
import labels
import pipeline
import plan as plans
import records
import rhythm as rhythms
import truth
import world as worlds
from deals import effect_of, settle
from effects import apply, gate

# what is done to people comes before what is done to their contacts, and holes in exports come last
ORDER = [
    "traffic_volume",
    "mix_shift",
    "traffic_quality",
    "unknown",
    "tracking",
    "forms",
    "telephony",
    "managers",
    "lead_quality",
    "crm_hygiene",
    "data_gap",
]


def as_it_was(firm, rhythm, base, plan, parts):
    """The world with all incidents, and its deals."""
    world = worlds.together(firm, rhythm, [base] + [p for p in parts if p])
    for incident in sorted(plan, key=lambda i: (ORDER.index(i.cause), i.number)):
        world = apply(world, incident)
    world = gate(world)
    return world, settle(world, [e for e in map(effect_of, plan) if e])


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("out", type=Path)
    arguments.add_argument("--seed", type=int, required=True)
    arguments.add_argument("--size", choices=["small", "medium", "large"], default="small")
    arguments.add_argument("--null", action="store_true", help="no incidents at all")
    a = arguments.parse_args()

    firm = firms.draw(a.seed, a.size)
    rhythm = rhythms.draw(firm)
    base = worlds.base(firm, rhythm)
    plan = [] if a.null else plans.draw(firm)
    parts = [worlds.extra(firm, rhythm, incident) for incident in plan]
    clean = gate(worlds.together(firm, rhythm, [base]))
    world, deals = as_it_was(firm, rhythm, base, plan, parts)

    exports, formats = a.out / "exports", a.out / "formats"
    exports.mkdir(parents=True, exist_ok=True)
    formats.mkdir(exist_ok=True)
    frames = {"sessions": records.sessions(world), "calls": call_records.calls(world, deals, plan)}
    if firm.has["forms"]:
        frames["forms"] = records.forms(world)
    if firm.has["deals"]:
        frames["deals"] = records.deals(world, deals)
    if firm.has["costs"]:
        frames["costs"] = records.costs(world)
    for table, frame in frames.items():
        pipeline.write_export(exports, firm, table, frame)
        pipeline.write_format(formats, firm, table, frame)
    pipeline.write_pipeline(a.out / "pipeline.toml", firm, list(frames))
    labels.write(a.out / "labels.json", firm, clean, plan, parts)
    truth.write(a.out / "truth.csv", world, deals)


if __name__ == "__main__":
    main()
