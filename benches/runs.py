#!/usr/bin/env python3
"""Three years of weekly runs: each week its visits arrive as a file of their own and all deals are downloaded whole again.

    benches/runs.py                           151 weeks
    benches/runs.py --weeks 20                fewer

Prints CPU seconds of the first, the middle and the last runs of `ingest` and `report`, and how many files the lake has that are
live and that newer ones replaced, with their bytes. See README.md.
"""

import argparse
import csv
import datetime as dt
import gzip
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

from compare import CACHE, default_voronka, measured, weeks

PIPELINE = """
name = "bench"
title = "Bench"
language = "ru"
time_zone = "Europe/Moscow"

[paths]
lake = "lake"
out = "out"

[[exports]]
name = "metrika"
files = ["exports/visits-*.tsv"]

[[exports]]
name = "amocrm"
files = ["exports/amocrm_leads.csv"]
"""


def generate(arguments, work):
    """The exports of all weeks, once; the runs take of them what a week would have had."""
    if (work / "sample").exists():
        return
    subprocess.run([arguments.voronka, "sample", "--out", work / "sample", "--weeks", str(arguments.weeks),
                    "--sessions-per-week", str(arguments.sessions), "--no-incidents"], check=True, stdout=subprocess.DEVNULL)


def visits_by_day(work):
    head, days = "", {}
    for file in sorted((work / "sample/metrika").glob("*.gz")):
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            head = next(lines)
            for line in lines:
                days.setdefault(line.split("\t", 4)[3], []).append(line)
    return head, days


def deals(work):
    with open(work / "sample/crm/amocrm_leads.csv", encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file)
    edited = head.index("Дата редактирования")
    return head, [(dt.datetime.strptime(row[edited][:10], "%d.%m.%Y").date(), row) for row in rows]


def lake_files(work):
    """Files of the lake that are live, and that are kept for `--as-of`: how many, and their bytes."""
    catalog = sqlite3.connect(work / "lake/state.db")
    columns = [row[1] for row in catalog.execute("PRAGMA table_info(parts)")]
    cube = "cube" if "cube" in columns else "NULL"
    found = {True: [0, 0], False: [0, 0]}
    for path, removed, has_cube in catalog.execute(f"SELECT path, removed_at, {cube} FROM parts"):
        paths = [path] + ([path.replace("sessions/", "cubes/", 1)] if has_cube else [])
        for file in paths:
            of = found[removed is None]
            of[0] += 1
            of[1] += os.path.getsize(work / "lake" / file)
    return found[True], found[False]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--weeks", type=int, default=151)
    parser.add_argument("--sessions", type=int, default=2800, help="sessions a week (2800)")
    parser.add_argument("--voronka", type=Path, default=default_voronka(), help="a release build")
    parser.add_argument("--work", type=Path, default=CACHE / "bench", help="folder for exports and lakes; exports are kept")
    arguments = parser.parse_args()
    if not arguments.voronka.exists():
        sys.exit(f"{arguments.voronka} is not there\nhint: cargo build --release")
    arguments.voronka = arguments.voronka.resolve()
    work = (arguments.work / f"runs-{arguments.weeks}-{arguments.sessions}").resolve()
    work.mkdir(parents=True, exist_ok=True)
    generate(arguments, work)
    for folder in ("lake", "out", "exports"):
        shutil.rmtree(work / folder, ignore_errors=True)
    (work / "exports").mkdir()
    (work / "bench.toml").write_text(PIPELINE, encoding="utf-8")
    head, days = visits_by_day(work)
    deals_head, rows = deals(work)
    print(f"load of the machine before: {os.getloadavg()[0]:.1f}", flush=True)
    ingests, reports = [], []
    for label, monday in weeks(arguments.weeks):
        of_week = [str(monday + dt.timedelta(days=day)) for day in range(7)]
        with open(work / f"exports/visits-{label}.tsv", "w", encoding="utf-8") as file:
            file.write(head)
            file.writelines(line for day in of_week for line in days.get(day, []))
        until = monday + dt.timedelta(days=7)
        with open(work / "exports/amocrm_leads.csv", "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, quoting=csv.QUOTE_ALL)
            writer.writerow(deals_head)
            writer.writerows(row for edited, row in rows if edited < until)
        now = f"{until}T05:00:00Z"
        ingests.append(measured([arguments.voronka, "ingest", "-p", "bench.toml", "--now", now], work)[0])
        if (until - dt.date.fromisocalendar(2020, 1, 1)).days // 7 % 10 == 0:
            reports.append(measured([arguments.voronka, "report", "-p", "bench.toml", "--period", label], work, fit=(0, 3))[0])
    few = max(1, len(ingests) // 10)
    show = lambda name, cpu, few: print(f"{name}: first {sum(cpu[:few]) / few:.2f}, last {sum(cpu[-few:]) / few:.2f} CPU s a run")
    show("ingest", ingests, few)
    show("report", reports, min(few, len(reports) // 2 or 1))
    live, dead = lake_files(work)
    print(f"live {live[0]} files, {live[1] / 1e6:.1f} MB; replaced {dead[0]} files, {dead[1] / 1e6:.1f} MB; "
          f"all ÷ live bytes: {(live[1] + dead[1]) / live[1]:.2f}")
    print(f"load of the machine after: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
