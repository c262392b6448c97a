#!/usr/bin/env python3
"""Simulates one firm or many: exports as CSV, a pipeline that reads them, and truth.json with the labelled incidents.

simulate.py FOLDER [--firms N] [--seed S] [--sessions N]
"""

import argparse
import json
from pathlib import Path

import numpy as np

import analytics
import calls
import contacts
import deals
import losses
import pipeline
import planning
import traffic
import truth
import writers
from firm import DAY, DAYS, random_firm


def _people(rng, wish):
    """A person for each inquiry; a few come back after months."""
    person = np.arange(len(wish["t"]))
    again = np.flatnonzero(rng.random(len(person)) < 0.03)
    person[again] = (again * rng.random(len(again))).astype(int)
    return person


def _from_elsewhere(rng, firm, visits, wish):
    """Colder inquiries come from other towns more often."""
    cold = wish["visit"][wish["cold"] & (wish["visit"] >= 0)]
    moved = cold[rng.random(len(cold)) < 0.35]
    visits["city"][moved] = rng.integers(1, len(firm.cities), len(moved))


def simulate(rng, firm):
    """Everything that happens in the firm: (incidents, visits, inquiries, calls, deals)."""
    incidents = planning.plan(rng, firm)
    visits, volume, rate, festive = traffic.simulate(rng, firm, incidents)
    losses.apply_to_visits(rng, firm, incidents, visits, volume, rate, festive)
    analytics.break_counter(rng, firm, incidents, visits)
    office = contacts.Office(firm)
    wish = contacts.wishes(rng, firm, visits, office)
    cold_calls = contacts.offline(rng, firm, incidents, len(wish["t"]))
    wish = {key: np.concatenate([values, cold_calls[key]]) for key, values in wish.items()}
    order = np.argsort(wish["t"], kind="stable")
    wish = {key: values[order] for key, values in wish.items()}
    inside = wish["t"] < DAYS * DAY
    wish = {key: values[inside] for key, values in wish.items()}
    wish["person"] = _people(rng, wish)
    wish["wanted_form"] = wish["kind"] == contacts.FORM
    contacts.break_forms(rng, incidents, wish)
    contacts.break_telephony(rng, firm, incidents, wish)
    contacts.answer(rng, firm, incidents, wish, office)
    sold = deals.deals(rng, firm, incidents, wish, office)
    called = calls.rows(rng, firm, incidents, wish, office, deals.follow_ups(rng, firm, wish, sold, office))
    _from_elsewhere(rng, firm, visits, wish)
    visits["goals"] = analytics.goals(rng, firm, visits, wish)
    return incidents, visits, wish, called, sold


def write_firm(folder, name, seed, sessions=None):
    """Simulates and writes one firm; the same seed gives the same bytes. Returns its truth."""
    rng = np.random.default_rng(seed)
    firm = random_firm(rng, name, sessions)
    incidents, visits, wish, called, sold = simulate(rng, firm)
    root = Path(folder) / name
    (root / "exports").mkdir(parents=True, exist_ok=True)
    (root / "formats").mkdir(exist_ok=True)
    writers.write(rng, firm, incidents, visits, wish, called, sold, root / "exports")
    pipeline.write(firm, root)
    told = truth.tell(firm, incidents, visits, wish, sold, seed)
    (root / "truth.json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
    return told


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder")
    parser.add_argument("--firms", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sessions", type=int)
    asked = parser.parse_args()
    for index in range(asked.firms):
        told = write_firm(asked.folder, f"firm-{asked.seed}-{index + 1:03d}", [asked.seed, index], asked.sessions)
        print(
            f"{told['firm']}: {told['sessions']} sessions, {told['inquiries']} inquiries, {len(told['incidents'])} incidents"
        )


if __name__ == "__main__":
    main()
