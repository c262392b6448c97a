"""Kills the program at random moments of a scripted month and starts it again each time: nothing may be lost or doubled.

    tests/kills.py --binary target/debug/voronka [--kills 200] [--seed 1] [--readers 12] [--folder DIR]

A firm gets its exports week by week; every Monday `voronka tick` reads them, makes the digest and mails it to a real server
on loopback. One twin of the firm is never disturbed. The other one is killed (SIGKILL) at a moment drawn evenly from the time
that a tick takes, started again, killed again …; then it is let through. In the end

- every reader has the letter of every week: none is lost;
- once, or a second time where the program was killed while that letter was on its way: SMTP cannot tell then, the copy has
  the same Message-ID and the same bytes, and there is no third;
- the lake, the state and every file of every report are those of the undisturbed twin, byte for byte.

Needs aiosmtpd (tests/requirements.txt). Exit code 0 when all of it holds.
"""

import argparse
import email
import hashlib
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
MONDAYS = [date(2026, 10, 12) + timedelta(weeks=week) for week in range(5)]
# Ticks after the first one of a Monday, in minutes: letters in doubt are sent again after half an hour.
LATER = [10, 45, 180]
PIPELINE = """
name = "firm"
title = "North Windows"
language = "en"
time_zone = "Europe/London"
currency = "GBP"
countries = ["GB"]

[[exports]]
name = "ga4"
files = ["../exports/ga4/*.csv"]
format = "ga4-traffic-acquisition"

[[exports]]
name = "calls"
files = ["../exports/calls/*.csv"]

[[exports]]
name = "hubspot"
files = ["../exports/crm/*.csv"]

[delivery]
from = "Voronka <voronka@firm.example>"
to = [{readers}]

[schedule]
weekly = "Monday 08:00"
catch_up = "all"
"""


class Server:
    """The mail server of the tests; what it took lies in its folder."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()
        command = [sys.executable, HERE / "peers/smtp_server.py", folder]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.port = self.process.stdout.readline().strip()

    def copies(self):
        """(reader, Message-ID) → the hashes of the copies that were taken."""
        found = {}
        for letter in sorted(self.folder.glob("*.eml")):
            content = letter.read_bytes()
            reader = letter.with_suffix(".to").read_text()
            key = reader, email.message_from_bytes(content)["Message-ID"]
            found.setdefault(key, []).append(hashlib.sha256(content).hexdigest())
        return found


class Firm:
    """A firm in a folder of its own, with a server of its own."""

    def __init__(self, root, binary, exports, readers):
        self.root, self.binary, self.all_exports = root, binary, exports
        (root / "firm").mkdir(parents=True)
        named = ", ".join(f'"reader{number}@firm.example"' for number in range(readers))
        (root / "firm/firm.toml").write_text(PIPELINE.replace("{readers}", named))
        self.server = Server(root / "mail")
        self.in_doubt = Counter()

    def arrive(self, until):
        """The exports as they were downloaded on a morning: rows of earlier days."""
        shutil.rmtree(self.root / "exports", ignore_errors=True)
        for path in sorted(self.all_exports.rglob("*.csv")):
            to = self.root / "exports" / path.relative_to(self.all_exports)
            stated = re.search(r"-(\d{8})\.csv$", path.name)
            if stated and datetime.strptime(stated[1], "%Y%m%d").date() >= until:
                continue
            to.parent.mkdir(parents=True, exist_ok=True)
            lines = path.read_text().splitlines(keepends=True)
            to.write_text("".join(lines if stated else earlier(lines, until)))
            # The order in which files are read must not hang on when this script wrote them.
            os.utime(to, (1_790_000_000, 1_790_000_000))

    def start(self, now):
        environment = {name: value for name, value in os.environ.items() if not name.startswith("VORONKA_")}
        environment |= {"VORONKA_SMTP_HOST": "localhost", "VORONKA_SMTP_PORT": self.server.port, "VORONKA_SMTP_TLS": "none"}
        environment |= {"VORONKA_IDENTITY_KEY": "07" * 32}
        command = [self.binary, "tick", "firm/firm.toml", "--now", now.strftime("%Y-%m-%dT%H:%M:%SZ")]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        return subprocess.Popen(command, cwd=self.root, env=environment, **pipes)

    def tick(self, now):
        """A tick that is let through."""
        process = self.start(now)
        said, wrong = process.communicate()
        if process.returncode not in (0, 4):
            sys.exit(f"kills: tick at {now}: exit {process.returncode}\n{said}{wrong}")

    def state(self):
        return sqlite3.connect(f"file:{self.root}/lake/firm/state.db?mode=ro", uri=True)

    def note_doubts(self):
        """Letters that a kill left on their way: the only ones that may come twice."""
        if not (self.root / "lake/firm/state.db").exists():
            return
        connection = self.state()
        if connection.execute("PRAGMA quick_check").fetchone() != ("ok",):
            sys.exit("kills: the state is broken")
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        if "receipts" in tables:
            sql = "SELECT message_id FROM receipts WHERE state IN ('sending', 'unknown')"
            self.in_doubt.update({message_id for (message_id,) in connection.execute(sql)})
        connection.close()

    def rows(self):
        """What the lake shows, table by table."""
        sql = "SELECT table_name, month, path, rows FROM parts WHERE removed_at IS NULL ORDER BY path"
        return self.state().execute(sql).fetchall()

    def files(self):
        """Every file of every report, and every live file of the lake, by its hash."""
        reports = [path for path in (self.root / "out").rglob("*") if path.is_file()]
        parts = [self.root / "lake/firm" / path for _, _, path, _ in self.rows()]
        hashed = {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in reports + parts}
        return {str(path.relative_to(self.root)): value for path, value in hashed.items()}

    def strays(self):
        """Drafts that a kill left behind and nobody took away."""
        return [path for path in self.root.rglob(".voronka-*") if path.is_file()]


def earlier(lines, until):
    """The header, and the rows that were made before a day."""
    for number, line in enumerate(lines):
        days = re.findall(r"\d{4}-\d{2}-\d{2}", line)
        # Of a deal the last of its days but the planned one is that of its making.
        if number == 0 or (days and date.fromisoformat(days[-1]) < until):
            yield line


def disturb(firm, now, kills, longest, dice):
    """Kills so many ticks of one moment, each at a moment of its own."""
    done = 0
    while done < kills:
        process = firm.start(now)
        time.sleep(dice.uniform(0, longest))
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            done += 1
        process.communicate()
        firm.note_doubts()
        if process.returncode in (0, 4):
            # It was quicker than its death: what is left of this moment has nothing more to do.
            return done
    return done


def wrongs(calm, disturbed, readers):
    """What does not hold."""
    wanted, got = calm.server.copies(), disturbed.server.copies()
    lost = [key for key in wanted if key not in got]
    if lost:
        yield f"lost: {lost}"
    strange = [key for key in got if key not in wanted]
    if strange:
        yield f"letters that the undisturbed firm did not send: {strange}"
    if len(wanted) != readers * len(MONDAYS):
        yield f"the undisturbed firm sent {len(wanted)} letters of {readers * len(MONDAYS)}"
    for (reader, message_id), copies in got.items():
        if len(set(copies)) > 1 or len(copies) > 2 or (len(copies) == 2 and not disturbed.in_doubt[message_id]):
            yield f"doubled: {reader} {message_id} {len(copies)} times"
    if calm.rows() != disturbed.rows():
        yield "the lake is another one"
    files = calm.files(), disturbed.files()
    other = sorted(path for path in files[0] | files[1] if files[0].get(path) != files[1].get(path))
    if other:
        yield f"other bytes: {other}"
    if disturbed.strays():
        yield f"left behind: {disturbed.strays()}"


def exports_of(binary, folder):
    command = [binary, "sample", "--firm", "north-windows", "--no-incidents", "--out", folder]
    subprocess.run(command, check=True, capture_output=True)
    return folder


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--binary", type=Path, required=True)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--readers", type=int, default=12)
    parser.add_argument("--folder", type=Path, help="keep the firms here, for looking at")
    asked = parser.parse_args()
    root = asked.folder or Path(tempfile.mkdtemp(prefix="voronka-kills-"))
    binary, dice = asked.binary.resolve(), random.Random(asked.seed)
    exports = exports_of(binary, root / "sample")
    calm = Firm(root / "calm", binary, exports, asked.readers)
    lengths = undisturbed(calm)
    killed, months, twice, wrong = 0, 0, 0, []
    while killed < asked.kills and not wrong:
        months += 1
        firm = Firm(root / f"month-{months}", binary, exports, asked.readers)
        killed += month(firm, asked.kills - killed, lengths, dice)
        wrong = list(wrongs(calm, firm, asked.readers))
        twice += sum(len(copies) == 2 for copies in firm.server.copies().values())
        firm.server.process.kill()
    calm.server.process.kill()
    letters = months * len(calm.server.copies())
    print(f"{killed} kills in {months} months of {len(MONDAYS)} weeks, {letters} letters, {twice} of them twice, each in doubt")
    print("\n".join(wrong) or "0 lost, 0 doubled beyond doubt, same lake, same files")
    if not asked.folder:
        shutil.rmtree(root)
    return 1 if wrong else 0


def moments(monday):
    """The ticks of a Monday."""
    now = datetime(monday.year, monday.month, monday.day, 9)
    return [now + timedelta(minutes=minutes) for minutes in [0, *LATER]]


def undisturbed(firm):
    """Runs a firm through the month; answers how long the first tick of each Monday took, in seconds."""
    lengths = []
    for monday in MONDAYS:
        firm.arrive(monday)
        first, *later = moments(monday)
        began = time.monotonic()
        firm.tick(first)
        lengths.append(time.monotonic() - began)
        for now in later:
            firm.tick(now)
    return lengths


def month(firm, kills, lengths, dice):
    """Runs a firm through the month and kills it so often at the most; answers how often it was."""
    killed = 0
    for week, (monday, longest) in enumerate(zip(MONDAYS, lengths)):
        firm.arrive(monday)
        first, *later = moments(monday)
        # The last kills are spread over the weeks that are left.
        share = -(-(kills - killed) // (len(MONDAYS) - week))
        killed += disturb(firm, first, share, longest, dice)
        for now in [first, *later]:
            firm.tick(now)
            firm.note_doubts()
    return killed


if __name__ == "__main__":
    sys.exit(main())
