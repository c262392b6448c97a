#!/usr/bin/env python3
"""Voronka beside DuckDB and polars: the same ingest and the same weekly table, whole processes, in one run.

    benches/compare.py                        1 million sessions
    benches/compare.py --sessions 10000000    10 million: about 3 GB on disk for the exports
    benches/compare.py --daily                the same visits in a file a day

Prints CPU seconds (user and system), wall seconds and the peak memory of each process, and the ratio to the better of the
two others. Every table is compared with the others' to the last unit before a time is printed. See README.md.
"""

import argparse
import collections
import csv
import datetime as dt
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "voronka"
UNTIL = "2026-W46"

PIPELINE = """
name = "bench"
title = "Bench"
language = "en"
time_zone = "Europe/Moscow"

[paths]
lake = "lake"
out = "out"

[[exports]]
name = "metrika"
files = ["exports/metrika/visits-*.tsv*"]

[[channels.rules]]
channel = "yandex-direct-network"
campaign_matches = "^rsya_"

[[channels.rules]]
channel = "yandex-direct-search"
campaign_matches = "^(brand|poisk)_"

[channels.titles]
yandex-direct-search = "Direct: search"
yandex-direct-network = "Direct: network"
"""


def measured(command, folder, out=None, fit=(0,)):
    """Runs a process to its end: CPU seconds, wall seconds, peak MiB of its largest process. `fit` are the exit codes of success."""
    start = time.monotonic()
    process = subprocess.Popen([str(part) for part in command], cwd=folder, stdout=out or subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in fit:
        sys.exit(f"{command}: exit code {process.returncode}")
    return usage.ru_utime + usage.ru_stime, time.monotonic() - start, usage.ru_maxrss / 1024


def weeks(count):
    """The last `count` weeks, oldest first, as labels with their Mondays."""
    year, week = UNTIL.split("-W")
    last = dt.date.fromisocalendar(int(year), int(week), 1)
    mondays = [last - dt.timedelta(weeks=back) for back in reversed(range(count))]
    return [(f"{day.isocalendar().year}-W{day.isocalendar().week:02}", day) for day in mondays]


def live_parts(work):
    """Parquet files of sessions that the lake's catalog calls live."""
    catalog = sqlite3.connect(work / "lake/state.db")
    sql = "SELECT path FROM parts WHERE table_name = 'sessions' AND removed_at IS NULL ORDER BY path"
    return [str(work / "lake" / path) for path, in catalog.execute(sql)]


def write_channels(work, python):
    """The channel of each origin, by the judge's rules: given to the others so that they need no rules of their own."""
    code = f"""
import csv, duckdb, sqlite3
rows = sqlite3.connect('{work}/lake/state.db').execute(
    'SELECT id, traffic_type, engine, utm_source, utm_medium, utm_campaign, referrer_host FROM origins').fetchall()
db = duckdb.connect()
db.execute(open('{ROOT}/tests/judge/channels.sql', encoding='utf-8').read())
db.execute('CREATE TABLE o (id INT, t VARCHAR, e VARCHAR, s VARCHAR, m VARCHAR, c VARCHAR, r VARCHAR)')
db.executemany('INSERT INTO o VALUES (?, ?, ?, ?, ?, ?, ?)', rows)
out = csv.writer(open('{work}/channels.csv', 'w'))
out.writerow(['origin', 'channel'])
out.writerows(db.execute("SELECT id, channel_of(lower(t), lower(e), '', lower(s), lower(m), lower(c), lower(r)) FROM o").fetchall())
"""
    subprocess.run([python, "-c", code], check=True)


def table(path):
    """A weekly table as a dictionary."""
    with open(path, encoding="utf-8") as file:
        return {(row["period"], row["channel"]): (int(row["sessions"]), int(row["users"])) for row in csv.DictReader(file)}


def best(rounds, run):
    """The round with the least CPU."""
    return min((run() for _ in range(rounds)), key=lambda result: result[0])


def show(title, results):
    """One comparison as a table, with the ratio of Voronka to the better of the others."""
    print(f"\n{title}\n\n| | CPU s | wall s | peak MiB |\n| --- | ---: | ---: | ---: |")
    for name, (cpu, wall, memory) in results.items():
        print(f"| {name} | {cpu:.2f} | {wall:.2f} | {memory:.0f} |")
    others = [result for name, result in results.items() if name != "voronka"]
    cpu = results["voronka"][0] / min(result[0] for result in others)
    memory = results["voronka"][2] / min(result[2] for result in others)
    print(f"\nvoronka ÷ the better of the others: CPU {cpu:.2f}, memory {memory:.2f}", flush=True)


def generate(arguments, work):
    exports = work / "exports"
    wanted = f"{arguments.sessions} {arguments.weeks} {arguments.daily}"
    stamp = exports / "bench-stamp"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    shutil.rmtree(exports, ignore_errors=True)
    print(f"writing exports of {arguments.sessions} sessions in {arguments.weeks} weeks to {exports}", file=sys.stderr)
    per_week = round(arguments.sessions / arguments.weeks)
    subprocess.run([arguments.voronka, "sample", "--out", exports, "--weeks", str(arguments.weeks), "--until", UNTIL,
                    "--sessions-per-week", str(per_week), "--no-incidents"], check=True, stdout=subprocess.DEVNULL)
    for folder in exports.iterdir():
        if folder.is_dir() and folder.name != "metrika":
            shutil.rmtree(folder)
    # Plain text, so that decompression is measured for nobody.
    for packed in exports.glob("metrika/*.gz"):
        subprocess.run(["gzip", "-d", packed], check=True)
    if arguments.daily:
        split_by_day(exports / "metrika")
    stamp.write_text(wanted)


def split_by_day(folder):
    """The same rows, those of each day in a file of their own, as a daily download leaves them."""
    for path in sorted(folder.glob("*.tsv")):
        with open(path, encoding="utf-8", newline="") as file:
            header = file.readline()
            at = header.split("\t").index("ym:s:date")
            by_day = collections.defaultdict(list)
            for row in file:
                by_day[row.split("\t")[at]].append(row)
        path.unlink()
        for day, rows in by_day.items():
            # A day may be told in two parts.
            own = folder / f"visits-{day}.tsv"
            is_new = not own.exists()
            with open(own, "a", encoding="utf-8", newline="") as file:
                file.writelines([header] * is_new + rows)


def ingest(arguments, work):
    """Every column, one row an id, zstd level 3, by month."""
    def voronka():
        shutil.rmtree(work / "lake", ignore_errors=True)
        return measured([arguments.voronka, "ingest", "-p", "bench.toml"], work)

    def peer(script):
        shutil.rmtree(work / "peer", ignore_errors=True)
        return measured([arguments.python, HERE / script, "ingest", work], work)

    results = {"voronka": best(arguments.rounds, voronka)}
    rows = {"voronka": subprocess.check_output([arguments.python, HERE / "duckdb_peer.py", "count", *live_parts(work)])}
    for name in ("duckdb", "polars"):
        results[name] = best(arguments.rounds, lambda name=name: peer(f"{name}_peer.py"))
        parts = sorted((work / "peer").rglob("*.parquet"))
        rows[name] = subprocess.check_output([arguments.python, HERE / "duckdb_peer.py", "count", *parts])
    if len(set(rows.values())) != 1:
        sys.exit(f"the three did not keep the same rows: {rows}")
    show(f"Ingest of {int(rows['voronka']):,} sessions", results)


def weekly_table(arguments, work, count):
    """Sessions and exact users by week and channel, and over all channels."""
    spans = weeks(count)
    period = f"{spans[0][0]}..{spans[-1][0]}"
    (work / "parts.txt").write_text("\n".join(live_parts(work)))

    def run(name):
        command = [arguments.voronka, "table", "-p", "bench.toml", "--period", period]
        if name != "voronka":
            command = [arguments.python, HERE / f"{name}_peer.py", "table", work, spans[0][1], spans[-1][1] + dt.timedelta(days=6)]
        with open(work / f"{name}.csv", "w", encoding="utf-8") as out:
            return measured(command, work, out)

    names = ["voronka", "duckdb", "polars"]
    results = {name: best(arguments.rounds, lambda name=name: run(name)) for name in names}
    tables = [table(work / f"{name}.csv") for name in names]
    for name, found in zip(names[1:], tables[1:]):
        different = [key for key in tables[0].keys() | found.keys() if tables[0].get(key) != found.get(key)]
        if different:
            key = min(different)
            sys.exit(f"the tables of voronka and {name} differ in {len(different)} cells: {key}: {tables[0].get(key)} and {found.get(key)}")
    show(f"Weekly table, {count} weeks, {len(tables[0])} rows, equal in all three", results)


def digest(arguments, work):
    """The digest of the last week: the first after an ingest, which counts what is kept, and the next ones. It has no peer."""
    with sqlite3.connect(work / "lake/state.db") as catalog:
        if catalog.execute("SELECT 1 FROM sqlite_master WHERE name = 'kept_traffic'").fetchone():
            catalog.execute("DELETE FROM kept_traffic")
    command = [arguments.voronka, "report", "-p", "bench.toml", "--period", UNTIL]
    # Without calls and deals the data are told to be incomplete.
    first = measured(command, work, fit=(0, 3))
    later = best(arguments.rounds, lambda: measured(command, work, fit=(0, 3)))
    print("\nDigest of one week\n\n| | CPU s | wall s | peak MiB |\n| --- | ---: | ---: | ---: |")
    for name, (cpu, wall, memory) in (("first", first), ("later", later)):
        print(f"| {name} | {cpu:.2f} | {wall:.2f} | {memory:.0f} |", flush=True)


def default_python():
    venv = Path(os.environ.get("VORONKA_TEST_VENV") or CACHE / "test-venv") / "bin/python"
    return venv if venv.exists() else Path(sys.executable)


def default_voronka():
    targets = [os.environ.get("CARGO_TARGET_DIR"), ROOT / "target", CACHE / "target"]
    built = [Path(target) / "release/voronka" for target in targets if target]
    return next((path for path in built if path.exists()), built[-2])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--sessions", type=int, default=1_000_000)
    parser.add_argument("--daily", action="store_true", help="a file a day in place of one each eight weeks")
    parser.add_argument("--weeks", type=int, default=65)
    parser.add_argument("--rounds", type=int, default=3, help="the round with the least CPU counts")
    parser.add_argument("--work", type=Path, default=CACHE / "bench", help="folder for exports and lakes; exports are kept")
    parser.add_argument("--voronka", type=Path, default=default_voronka(), help="a release build")
    parser.add_argument("--python", type=Path, default=default_python(), help="Python with DuckDB and polars")
    arguments = parser.parse_args()
    if not arguments.voronka.exists():
        sys.exit(f"{arguments.voronka} is not there\nhint: cargo build --release")
    # Not resolved: a venv's python is a link, and knows its packages by the place of the link.
    arguments.voronka, arguments.python = arguments.voronka.resolve(), Path(os.path.abspath(arguments.python))
    work = (arguments.work / f"{arguments.sessions}{'-daily' * arguments.daily}").resolve()
    work.mkdir(parents=True, exist_ok=True)
    (work / "bench.toml").write_text(PIPELINE)
    generate(arguments, work)
    print(f"load of the machine before: {os.getloadavg()[0]:.1f}, processors: {os.cpu_count()}", flush=True)
    ingest(arguments, work)
    write_channels(work, arguments.python)
    weekly_table(arguments, work, arguments.weeks)
    weekly_table(arguments, work, 2)
    digest(arguments, work)
    print(f"\nload of the machine after: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
