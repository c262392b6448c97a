"""Simulate, diagnose, judge, fit, report. See tests/calibration/run."""

import argparse
import json
import multiprocessing
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

import evaluate
import fit
import report
from incidents import FIRST_WEEK, LAST_WEEK
from simulate import write_firm

ROOT = Path(__file__).resolve().parents[2]


def program():
    """The binary: VORONKA_BINARY, else the release build, else the debug build."""
    named = os.environ.get("VORONKA_BINARY")
    found = [Path(named)] if named else [ROOT / "target" / kind / "voronka" for kind in ("release", "debug")]
    existing = [path for path in found if path.exists()]
    if not existing:
        sys.exit("calibration: no program; build it with `cargo build --release` or set VORONKA_BINARY")
    return existing[0]


def _run(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(
            f"{' '.join(map(str, command))}: exit {done.returncode}: {(done.stderr or done.stdout).strip()[-600:]}"
        )
    return done.stdout


def diagnose(job):
    """One firm from its seed to the lines of its backtest, kept in the folder; exports and lake are removed."""
    folder, seed, index, sessions, binary, keep, again, span = job
    name = f"firm-{seed}-{index + 1:03d}"
    result, told = folder / f"{name}.jsonl", folder / f"{name}.truth.json"
    began = time.monotonic()
    if result.exists() and told.exists() and not again:
        return name, 0.0, None
    try:
        truth = write_firm(folder, name, [seed, index], sessions)
        root = folder / name
        _run([binary, "ingest", "-p", root / "pipeline.toml"])
        first, last = _span(seed, index, span)
        of_weeks = ["--from", truth["weeks"][first], "--to", truth["weeks"][last], "--json"]
        lines = _run([binary, "backtest", "-p", root / "pipeline.toml", *of_weeks])
    except RuntimeError as failed:
        return name, time.monotonic() - began, str(failed)
    told.write_text(json.dumps(truth, ensure_ascii=False))
    result.write_text(lines)
    if not keep:
        shutil.rmtree(root)
    return name, time.monotonic() - began, None


def _span(seed, index, span):
    """First and last week that are diagnosed."""
    if not span or span > LAST_WEEK - FIRST_WEEK:
        return FIRST_WEEK, LAST_WEEK
    first = int(np.random.default_rng([seed, index, 1]).integers(FIRST_WEEK, LAST_WEEK - span + 2))
    return first, first + span - 1


def collect(folder, names, effect="sigma"):
    """Judged weeks and backtest lines of the firms, in order."""
    weeks, rows = [], []
    for name in names:
        truth = evaluate.truth_weeks(json.loads((folder / f"{name}.truth.json").read_text()), effect)
        for line in (folder / f"{name}.jsonl").read_text().splitlines():
            row = json.loads(line)
            if row["period"] in truth:
                weeks.append(truth[row["period"]])
                rows.append(row)
    return weeks, rows


def run_firms(asked, folder, binary):
    """Runs the firms in parallel; names of those that went through."""
    jobs = [
        (folder, asked.seed, index, asked.sessions, binary, asked.keep, asked.again, asked.span)
        for index in range(asked.firms)
    ]
    good = []
    with multiprocessing.get_context("spawn").Pool(asked.jobs, maxtasksperchild=8) as pool:
        for name, seconds, failed in pool.imap_unordered(diagnose, jobs):
            print(f"{name}: {failed or f'{seconds:.0f} s'}", file=sys.stderr, flush=True)
            if failed is None:
                good.append(name)
    return sorted(good)


def arguments():
    parser = argparse.ArgumentParser(
        prog="tests/calibration/run", description="Measures the diagnosis on invented firms."
    )
    parser.add_argument("--firms", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--fit", action="store_true", help="fit the calibration, judge it on held-out firms, write it and the report"
    )
    parser.add_argument("--sessions", type=int, help="visits of every firm; left out, each has its own size")
    parser.add_argument("--span", type=int, help="weeks of each firm that are diagnosed, anywhere; left out, all 43")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--folder", type=Path, default=ROOT / "target" / "calibration")
    parser.add_argument("--keep", action="store_true", help="keep exports and lakes")
    parser.add_argument("--again", action="store_true", help="run firms again whose result is there")
    parser.add_argument(
        "--total", action="store_true", help="judge only what is visible in the whole firm's inquiries or sales"
    )
    parser.add_argument("--cases", action="store_true", help="list every case that was not first")
    parser.add_argument("--self-test", action="store_true")
    return parser.parse_args()


def main():
    asked = arguments()
    if asked.self_test:
        import self_test

        return self_test.main()
    asked.folder.mkdir(parents=True, exist_ok=True)
    names = run_firms(asked, asked.folder, program())
    if not names:
        sys.exit("calibration: no firm went through")
    weeks, rows = collect(asked.folder, names, "sigma_total" if asked.total else "sigma")
    as_it_is = evaluate.judge(weeks, [evaluate.from_backtest(row) for row in rows])
    print("As the program says:\n" + evaluate.table(as_it_is))
    figures = as_it_is
    if asked.fit:
        figures = evaluate.judge(weeks, fit.held_out(weeks, rows))
        print("Fitted, on held-out firms:\n" + evaluate.table(figures))
        model = fit.fit_weeks(weeks, rows)
        (ROOT / "src/diagnosis").mkdir(exist_ok=True)
        (ROOT / "src/diagnosis/calibration.toml").write_text(fit.as_toml(model, len(names), len(weeks), asked.seed))
        report.write_fragment(ROOT / "docs/METHODOLOGY.md", report.fragment(figures, len(names), asked.seed))
        (ROOT / "docs/calibration.svg").write_text(report.plot(figures["bins"]))
    if asked.cases:
        for case in figures["cases"]:
            if not case["top1"]:
                print(json.dumps(case, ensure_ascii=False))
    return 0 if len(names) == asked.firms else 1


if __name__ == "__main__":
    sys.exit(main())
