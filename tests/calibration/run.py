"""Generate firms, diagnose them, judge, fit, report. See tests/calibration/run."""

import argparse
import json
import multiprocessing
import os
import shutil
import subprocess
import sys
import time
from itertools import product
from pathlib import Path


import fit
import judge
import report
from truth import CODES, read
from weigh import Weeks, posterior

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CALIBRATION = ROOT / "src/diagnosis/weigh/calibration.toml"


def generators(others):
    """Folders of generators by name: those of the project, and others that keep to the same interface."""
    own = {path.parent.name: path.parent for path in sorted((HERE / "generators").glob("*/generate.py"))}
    return own | {name: Path(folder) for name, folder in (one.split("=", 1) for one in others)}


def program():
    """The binary: VORONKA_BINARY, else the release build."""
    found = Path(os.environ.get("VORONKA_BINARY") or ROOT / "target/release/voronka")
    if not found.exists():
        sys.exit(f"calibration: no program {found}; build it with `cargo build --release` or set VORONKA_BINARY")
    return found


def _run(command):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip()[-600:]
        raise RuntimeError(f"{' '.join(map(str, command))}: exit {done.returncode}: {said}")
    return done.stdout


def prepare(folder, root, generator, seed, size, null, binary):
    """Exports and lake of one firm; the exports go once they are in the lake."""
    shutil.rmtree(root, ignore_errors=True)
    extra = ["--null"] if null else []
    _run([sys.executable, generator / "generate.py", root, "--seed", seed, "--size", size, *extra])
    told = json.loads((root / "labels.json").read_text())
    _run([binary, "ingest", "-p", root / told.get("pipeline", "pipeline.toml")])
    for rows in ("exports", "csv"):
        shutil.rmtree(root / rows, ignore_errors=True)
    (root / "ready").touch()


def diagnose(job):
    """One firm up to the lines of its backtest; what is there already is not made again."""
    folder, name, generator, seed, size, null, binary, again = job
    root, result = folder / name, folder / name / "backtest.jsonl"
    began = time.monotonic()
    try:
        if not (root / "ready").exists():
            prepare(folder, root, generator, seed, size, null, binary)
        if again or not result.exists():
            told = json.loads((root / "labels.json").read_text())
            span = ["--from", told["judged"][0], "--to", told["judged"][-1], "--json"]
            lines = _run([binary, "backtest", "-p", root / told.get("pipeline", "pipeline.toml"), *span])
            result.write_text(lines)
    except RuntimeError as failed:
        return name, time.monotonic() - began, str(failed)
    return name, time.monotonic() - began, None


def jobs(asked, folder, binary):
    """Firms of every generator: `--firms` of each size, and one without incidents for every four."""
    out = []
    for name, generator in generators(asked.generator).items():
        if asked.only and name not in asked.only:
            continue
        for size, seed in product(asked.sizes, asked.seed):
            for number in range(asked.firms):
                own = seed * 1000 + number
                out.append((folder, f"{name}-{size}-{own}", generator, own, size, False, binary, asked.again))
            for number in range(asked.firms // 4):
                own = seed * 1000 + 900 + number
                out.append((folder, f"{name}-{size}-{own}-null", generator, own, size, True, binary, asked.again))
    return out


def collect(folder, names):
    """(weeks by conversion, incidents, backtest lines), weeks in the order of lines."""
    weeks, incidents, rows = {conversion: [] for conversion in CODES}, [], []
    for name in names:
        known, told = read(folder / name / "labels.json")
        incidents += told
        for line in (folder / name / "backtest.jsonl").read_text().splitlines():
            row = json.loads(line)
            if (row["period"], "first") not in known:
                continue
            rows.append(row)
            for conversion in CODES:
                weeks[conversion].append(known[row["period"], conversion])
    return weeks, incidents, rows


def predict(weeks, rows, models):
    """What the models say: by (firm, period, conversion)."""
    out = {}
    for conversion in CODES:
        sure, causes = posterior(Weeks.of(rows, conversion), models)
        for at, (week, row) in enumerate(zip(weeks[conversion], rows)):
            alarm = models[conversion].alarm
            out[week.firm, week.period, conversion] = judge.said(row, conversion, sure[at], causes[at], alarm)
    return out


def part(weeks, incidents, rows, keep):
    """The weeks, incidents and lines of the firms that are kept."""
    at = [number for number, week in enumerate(weeks["first"]) if keep(week)]
    kept = {conversion: [own[number] for number in at] for conversion, own in weeks.items()}
    return kept, [one for one in incidents if keep(one)], [rows[number] for number in at]


def judged(weeks, incidents, told):
    return judge.figures([week for own in weeks.values() for week in own], incidents, told)


def held_out(weeks, incidents, rows, outside):
    """For each generator: what models that were fitted on all the others say of it."""
    out = {}
    for name in sorted({week.generator for week in weeks["first"]}):
        rest, _, told = part(weeks, incidents, rows, lambda one: one.generator != name)
        models = fit.fit(rest, told, outside)
        here, own, lines = part(weeks, incidents, rows, lambda one: one.generator == name)
        out[name] = (here, own, predict(here, lines, models))
    return out


def arguments():
    parser = argparse.ArgumentParser(prog="tests/calibration/run", description="Measures the diagnosis on invented firms.")
    parser.add_argument("--firms", type=int, default=6, help="firms of each generator and size")
    parser.add_argument("--sizes", nargs="+", default=["medium"], choices=["small", "medium", "large"])
    parser.add_argument("--seed", type=int, nargs="+", default=[1], help="of the firms; each makes others")
    parser.add_argument("--generator", action="append", default=[], metavar="NAME=FOLDER", help="one more generator, by another hand")
    parser.add_argument("--only", nargs="+", help="these generators only")
    parser.add_argument("--fit", action="store_true", help="write the calibration and the report")
    parser.add_argument("--shipped", action="store_true", help="judge with the calibration that the program has")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--folder", type=Path, default=ROOT / "target/calibration")
    parser.add_argument("--again", action="store_true", help="diagnose firms again whose result is there")
    parser.add_argument("--kinds", action="store_true", help="list the kinds of incidents")
    parser.add_argument("--self-test", action="store_true")
    return parser.parse_args()


def main():
    asked = arguments()
    if asked.self_test:
        import self_test

        return self_test.main()
    asked.folder.mkdir(parents=True, exist_ok=True)
    wanted, good = jobs(asked, asked.folder, program()), []
    with multiprocessing.get_context("spawn").Pool(asked.jobs) as pool:
        for name, seconds, failed in pool.imap_unordered(diagnose, wanted):
            if failed or seconds > 1:
                print(f"{name}: {failed or f'{seconds:.0f} s'}", file=sys.stderr, flush=True)
            good += [] if failed else [name]
    if not good:
        sys.exit("calibration: no firm went through")
    weeks, incidents, rows = collect(asked.folder, sorted(good))
    outside = [one.split("=", 1)[0] for one in asked.generator]
    if asked.shipped:
        models = fit.shipped(CALIBRATION)
        found = {"as shipped": (weeks, incidents, predict(weeks, rows, models))}
        for name in sorted({week.generator for week in weeks["first"]}):
            here, own, lines = part(weeks, incidents, rows, lambda one: one.generator == name)
            found[name] = (here, own, predict(here, lines, models))
    else:
        found = held_out(weeks, incidents, rows, outside)
    results = {name: judged(*one) for name, one in found.items()}
    for name, figures in results.items():
        print(judge.line(name, figures))
        if asked.kinds:
            print(judge.by_kind(figures["rows"]))
    if asked.fit:
        about = f"{len(good)} firms of {len(results)} generators, {len(rows)} weeks, seeds {' and '.join(map(str, asked.seed))}"
        CALIBRATION.write_text(fit.as_toml(fit.fit(weeks, rows, outside), about))
        report.write(ROOT / "docs", results, about)
    return 0 if len(good) == len(wanted) else 1


if __name__ == "__main__":
    sys.exit(main())
