#!/usr/bin/env python3
"""Many reports of one firm in one run, with everything: mail, page, PDF, workbook, letters, archive.

    benches/reports.py                  104 weeks
    benches/reports.py --weeks 26       fewer

Prints seconds a report and the peak memory: of one run over all weeks, and of the same weeks as single commands, which is
what the one run is compared with. Every file of the two must be the same, byte for byte. See README.md.
"""

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

from compare import CACHE, ROOT, measured, weeks

PIPELINE = "okna-sever"


def prepare(work, voronka, count):
    """A firm with a year of history before the first report, in a lake of its own."""
    if (work / "lake").exists():
        return
    shutil.rmtree(work, ignore_errors=True)
    exports = work / "sample-exports" / PIPELINE
    exports.mkdir(parents=True)
    subprocess.run([voronka, "sample", "--out", exports, "--weeks", str(count + 56)], check=True, stdout=subprocess.DEVNULL)
    (work / "pipelines").mkdir()
    shutil.copy(ROOT / "pipelines" / f"{PIPELINE}.toml", work / "pipelines")
    pipeline = f"pipelines/{PIPELINE}.toml"
    subprocess.run([voronka, "ingest", "-p", pipeline], cwd=work, check=True, stdout=subprocess.DEVNULL)


def same(one, other):
    files = [path.relative_to(one) for path in one.rglob("*") if path.is_file() and path.name != "index.html"]
    return files and all((one / file).read_bytes() == (other / file).read_bytes() for file in files)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weeks", type=int, default=104)
    parser.add_argument("--singles", type=int, default=8, help="so many of the weeks are also made one by one (8)")
    arguments = parser.parse_args()
    voronka = ROOT / "target/release/voronka"
    if not voronka.exists():
        sys.exit("build it first: cargo build --release")
    work = CACHE / "bench" / f"reports-{arguments.weeks}"
    prepare(work, voronka, arguments.weeks)
    labels = [label for label, _ in weeks(arguments.weeks)]
    command = [voronka, "report", "-p", f"pipelines/{PIPELINE}.toml", "--out"]
    for folder in ("together", "single"):
        shutil.rmtree(work / folder, ignore_errors=True)
    cpu, wall, memory = measured([*command, "together", "--period", f"{labels[0]}..{labels[-1]}"], work)
    count = len(labels)
    print(f"one run of {count}: {wall / count:.3f} s wall, {cpu / count:.3f} s CPU a report, peak {memory:.0f} MiB")
    singles = labels[-arguments.singles:]
    runs = [measured([*command, "single", "--period", label], work) for label in singles]
    alone = sum(run[1] for run in runs) / len(runs)
    print(f"one by one:     {alone:.3f} s wall, {sum(run[0] for run in runs) / len(runs):.3f} s CPU a report")
    print(f"together in {wall / count / alone:.2f} of the time")
    made = work / "together" / PIPELINE
    if not all(same(work / "single" / PIPELINE / label, made / label) for label in singles):
        sys.exit("the two ways made different files")
    print("every file the same, byte for byte")


if __name__ == "__main__":
    main()
