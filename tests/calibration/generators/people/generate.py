#!/usr/bin/env python3
"""generate.py OUT --seed N [--size small|medium|large] [--null]: an invented firm with known incidents."""
import argparse
import json
import os
import shutil

from exports.calls import write_calls
from exports.costs import write_costs
from exports.deal_files import write_deals, write_stages
from exports.deals import told_deals
from exports.forms import write_chats, write_forms
from exports.notes import write_annotations, write_calendar
from exports.pipeline import firm_name, write_pipeline
from exports.visit_files import write_visits
from exports.visits import ToldVisits
from incidents.effects import set_effects
from incidents.plan import plan
from labels import FIRST_JUDGED, label_incidents, seasonal_weeks
from world.clock import by_week
from world.course import Course
from world.firm import make_firm
from world.wishes import make_world


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--size", choices=["small", "medium", "large"], default="medium")
    parser.add_argument("--null", action="store_true", help="a firm without incidents")
    arguments = parser.parse_args()

    firm = make_firm(arguments.seed, arguments.size)
    if arguments.null:
        firm.null, firm.annotated = True, False
    incidents = [] if arguments.null else plan(firm)
    world = make_world(firm, [incident.brought for incident in incidents if incident.brought is not None])
    for incident in incidents:
        set_effects(world, incident)
    course = Course(world, incidents)
    told = ToldVisits(world, incidents, course)
    counts = write_files(world, incidents, course, told, arguments.out)
    write_labels(world, incidents, course, told, counts, arguments.out)


def write_files(world, incidents, course, told, out):
    """Returns the numbers of rows, as the program should count them."""
    firm = world.firm
    folder = os.path.join(out, "exports")
    for name in ("exports", "formats"):
        shutil.rmtree(os.path.join(out, name), ignore_errors=True)
        os.makedirs(os.path.join(out, name))
    counts = {
        "sessions_by_week": by_week(told.columns["t"]).astype(int).tolist(),
        "inquiries_by_week": by_week(course.inquiries["t"]).astype(int).tolist(),
        "sessions": write_visits(firm, told, folder),
        "calls": write_calls(world, incidents, course, told, folder) if firm.has_calls else 0,
        "forms": write_forms(world, incidents, course, told, folder),
        "chats": write_chats(world, incidents, course, told, folder),
    }
    deals = told_deals(world, incidents, course, told)
    counts |= write_deals(deals, folder)
    if firm.has_history:
        write_stages(deals, folder)
    cost_files = write_costs(world, told, folder) if firm.has_costs else []
    if firm.own_calendar:
        write_calendar(firm, folder)
    if firm.annotated:
        write_annotations(firm, incidents, folder)
    write_pipeline(firm, out, cost_files)
    return counts


def write_labels(world, incidents, course, told, counts, out):
    firm = world.firm
    labels = {
        "generator": "people", "firm": firm_name(firm), "seed": firm.seed, "size": firm.size,
        "weeks": firm.weeks, "judged": firm.weeks[FIRST_JUDGED:], "seasonal": seasonal_weeks(firm),
        "incidents": label_incidents(world, incidents, course, told),
        "counts": counts,
    }
    with open(os.path.join(out, "labels.json"), "w", encoding="utf-8") as file:
        json.dump(labels, file, ensure_ascii=False, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
