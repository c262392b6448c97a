#!/usr/bin/env python3
"""All measures of many weeks: one `table --all` beside the reports of the same weeks.

    benches/tables.py                             65 weeks of the sample firm
    benches/tables.py --before OLD/voronka        the table of an older build as well
    benches/tables.py --single                    each report as a command of its own, as a script would ask for them

Every number of the table is compared with the digest of its week. See README.md.
"""

import argparse
import csv
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from compare import CACHE, ROOT, default_voronka, measured, weeks

MONEY = {"revenue", "revenue_closed", "gross_margin", "spend", "cpl", "cac", "cpc", "average_check"}
COSTS = {"cpl", "cac", "cpc", "ctr", "average_check", "romi", "romi_margin"}


def prepare(arguments, work):
    """Exports of the sample firm, its pipeline beside them, and a lake of them."""
    if not (work / "sample-exports").exists():
        subprocess.run([arguments.voronka, "sample", "--out", work / "sample-exports/okna-sever", "--weeks", str(arguments.weeks + 15)]
                       + (["--sessions-per-week", str(arguments.sessions)] if arguments.sessions else []),
                       check=True, stdout=subprocess.DEVNULL)
    shutil.copytree(ROOT / "pipelines", work / "pipelines", dirs_exist_ok=True)
    for folder in ("lake", "out"):
        shutil.rmtree(work / folder, ignore_errors=True)
    measured([arguments.voronka, "ingest", "-p", "pipelines/okna-sever.toml"], work)


def forget(work):
    """What periods were counted once is forgotten, so that nobody is measured at looking it up."""
    catalog = next(work.glob("lake/*/state.db"))
    subprocess.run([sys.executable, "-c", "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); "
                    "c.execute('DELETE FROM kept_traffic'); c.commit()", catalog], check=True)


def of_digest(row, measure):
    value = row[measure]["value"] if measure in ("conv1", "conv2", "overall") else (
        row["costs"][measure] if measure in COSTS else row[measure])
    return value / 100 if value is not None and measure in MONEY else value


def compare(work, text):
    digests, cells = {}, 0
    for row in csv.DictReader(io.StringIO(text)):
        label = row["period"]
        if label not in digests:
            digests[label] = json.loads((work / "out/okna-sever" / label / "digest.json").read_text("utf-8"))
        digest = digests[label]
        wanted = next(of for of in [*digest["channels"], digest["totals"]] if of["channel"] == row["channel"])
        for measure, cell in row.items():
            if measure in ("period", "channel", "bounces"):
                continue
            if (float(cell) if cell else None) != of_digest(wanted, measure):
                sys.exit(f"{measure} of {label} {row['channel']}: {cell} in the table, {of_digest(wanted, measure)} in the digest")
            cells += 1
    return cells


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--weeks", type=int, default=65)
    parser.add_argument("--sessions", type=int, help="sessions a week; the sample firm's own otherwise")
    parser.add_argument("--voronka", type=Path, default=default_voronka(), help="a release build")
    parser.add_argument("--before", type=Path, help="an older build, whose table is measured as well")
    parser.add_argument("--single", action="store_true", help="each report as a command of its own")
    parser.add_argument("--work", type=Path, default=CACHE / "bench", help="folder for exports and lakes; exports are kept")
    arguments = parser.parse_args()
    if not arguments.voronka.exists():
        sys.exit(f"{arguments.voronka} is not there\nhint: cargo build --release")
    arguments.voronka = arguments.voronka.resolve()
    work = (arguments.work / f"tables-{arguments.weeks}-{arguments.sessions or 'own'}").resolve()
    work.mkdir(parents=True, exist_ok=True)
    prepare(arguments, work)
    labels = [label for label, _ in weeks(arguments.weeks)]
    period = f"{labels[0]}..{labels[-1]}"
    print(f"load of the machine before: {os.getloadavg()[0]:.1f}, processors: {os.cpu_count()}", flush=True)

    def table(voronka):
        forget(work)
        with open(work / "table.csv", "w", encoding="utf-8") as out:
            return measured([voronka, "table", "-p", "pipelines/okna-sever.toml", "--period", period, "--all"], work, out)

    results = {}
    if arguments.before:
        results["the table before"] = table(arguments.before.resolve())
    results["the table"] = table(arguments.voronka)
    text = (work / "table.csv").read_text("utf-8")
    report = lambda period: measured([arguments.voronka, "report", "-p", "pipelines/okna-sever.toml", "--period", period], work, fit=(0, 3))
    forget(work)
    if arguments.single:
        each = [report(label) for label in labels]
        results["the reports, each alone"] = tuple(sum(of) if at < 2 else max(of) for at, of in enumerate(zip(*each)))
    else:
        results["the reports, in one run"] = report(period)
    print(f"{compare(work, text):,} cells equal to those of the digests")
    least = results["the table"][0]
    print("\n| | CPU s | wall s | peak MiB | ÷ table |\n| --- | ---: | ---: | ---: | ---: |")
    for name, (cpu, wall, memory) in results.items():
        print(f"| {name} | {cpu:.2f} | {wall:.2f} | {memory:.0f} | {cpu / least:.1f} |")
    print(f"\nload of the machine after: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
