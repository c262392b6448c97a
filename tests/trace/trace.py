#!/usr/bin/env python3
"""Traces every number of a report's files to digest.json, knowing nothing of the program that made them.

    trace.py DIGEST.json FILE...      *.html, *.txt, *.pdf (through pdftotext), *.xlsx

A shown number has a source when some number of digest.json, or one of the few derivations below, rounds to it with as many
digits as are shown. Prints what has none, with the words around it, and which main numbers a file lacks; exit code 1 then.
"""

import datetime as dt
import html
import json
import re
import subprocess
import sys
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

NUMBER = re.compile(r"(?<![\w.,])[+\-−]?\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:[.,]\d+)?|(?<![\w.])[+\-−]?\d+(?:,\d{3})+(?:\.\d+)?(?!\d)|(?<![\w.])[+\-−]?\d+(?:[.,]\d+)?")
# How a workbook says that a number is a day.
SHORT_DATE = 14
MINUS = str.maketrans("−", "-")
# Numbers of prose, not of data.
PROSE = {95: "95 % intervals", 2: "ClientID v2, two weeks", 1: "numbering", 3: "numbering", 4: "numbering", 10: "ten calls of a check", 0: "zero",
         2.94: "the example of points", 2.52: "the example of points", 0.42: "the example of points"}


def text_of(path):
    if path.suffix == ".html":
        parser = Text()
        parser.feed(path.read_text(encoding="utf-8"))
        # What different tags hold are different numbers: `93` and `107` side by side are not 93 107.
        return " ; ".join(parser.parts)
    if path.suffix == ".pdf":
        done = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True)
        return done.stdout.decode("utf-8")
    if path.suffix == ".xlsx":
        return " ; ".join(cells(path))
    return path.read_text(encoding="utf-8")


class Text(HTMLParser):
    """The text of a page without scripts, styles and drawings; what pictures say is text too."""

    def __init__(self):
        super().__init__()
        self.parts, self.hidden = [], 0

    def handle_starttag(self, tag, attributes):
        if tag in ("script", "style", "svg", "title"):
            self.hidden += 1
        self.parts += [value for name, value in attributes if name == "alt" and value]

    def handle_endtag(self, tag):
        if tag in ("script", "style", "svg", "title"):
            self.hidden -= 1

    def handle_data(self, data):
        if not self.hidden:
            self.parts.append(data)


def cells(path):
    """Every cell of a workbook as text: numbers in full, dates as days, texts as they are."""
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    with zipfile.ZipFile(path) as book:
        styles = ElementTree.fromstring(book.read("xl/styles.xml"))
        formats = [int(style.get("numFmtId")) for style in styles.find(space + "cellXfs")]
        texts = ["".join(t.text or "" for t in item.iter(space + "t")) for item in ElementTree.fromstring(book.read("xl/sharedStrings.xml"))]
        for name in sorted(name for name in book.namelist() if name.startswith("xl/worksheets/sheet")):
            for cell in ElementTree.fromstring(book.read(name)).iter(space + "c"):
                value = cell.findtext(space + "v")
                if cell.find(space + "f") is not None:
                    raise SystemExit(f"{path}: a formula in {name}")
                if value is None:
                    continue
                if cell.get("t") == "s":
                    yield texts[int(value)]
                elif formats[int(cell.get("s") or 0)] == SHORT_DATE:
                    yield str(dt.date(1899, 12, 30) + dt.timedelta(days=int(float(value))))
                else:
                    yield f"#{value}#"


def numbers(text):
    """Numbers as shown: value, digits after the mark, the words around."""
    for found in re.finditer(r"#(-?[\d.eE+-]+)#", text):
        yield abs(float(found[1])), None, found[0]
    text = re.sub(r"#-?[\d.eE+-]+#", " ", text)
    for found in NUMBER.finditer(text):
        shown = found[0].translate(MINUS)
        digits = re.sub(r"[ \u00a0\u202f]", "", shown)
        if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", digits):
            digits = digits.replace(",", "")
        digits = digits.replace(",", ".")
        decimals = len(digits.split(".")[1]) if "." in digits else 0
        around = text[max(0, found.start() - 40):found.end() + 25].replace("\n", " ")
        yield abs(float(digits)), decimals, around


def sources(node, key=""):
    """Every number of the digest, and those inside its texts; dates give their parts."""
    if isinstance(node, dict):
        for name, child in node.items():
            yield from sources(name)
            yield from sources(child, name)
        yield len(node)
    elif isinstance(node, list):
        yield len(node)
        for child in node:
            yield from sources(child, key)
    elif isinstance(node, bool) or node is None:
        return
    elif isinstance(node, (int, float)):
        yield abs(node)
    elif isinstance(node, str):
        yield from (abs(value) for value, _, _ in numbers(node))
        for year, month, day in re.findall(r"(\d{4})-(\d\d)-(\d\d)", node):
            date = dt.date(int(year), int(month), int(day))
            # Rows beside a day: the day before and after, and a year earlier by ISO week.
            for near in (date, date - dt.timedelta(days=1), date + dt.timedelta(days=1), date - dt.timedelta(weeks=52)):
                yield from (near.year, near.day, near.isocalendar().week)
        yield from (int(hour) for hour in re.findall(r"T(\d\d):", node))


def derived(digest):
    """What may be shown of a number: itself, a share as percent, minor units as money, millions, minutes, hours, days."""
    for value in set(sources(digest)):
        for times in (1, 100, 0.01, 1e-6, 1e-8, 1e-9, 1e-11, 1 / 60, 1 / 3600, 1 / 86400):
            yield value * times
        if value <= 1:
            yield 1 - value
            yield (1 - value) * 100


def derivations_of(digest):
    """Differences and sums that a sentence states of two numbers of one object."""
    pending = [digest]
    while pending:
        node = pending.pop()
        if isinstance(node, dict):
            pending += list(node.values())
            if isinstance(node.get("observed"), (int, float)) and node.get("expected"):
                deviation = abs(node["observed"] / node["expected"] - 1)
                # In words it is percent, in the workbook a share.
                yield from (deviation * 100, deviation)
            if isinstance(node.get("p_value"), (int, float)) and node["p_value"] > 0:
                # How often chance alone does it: two digits, and never rarer than can be told.
                often = 1 / max(node["p_value"], 0.0001)
                unit = max(1, 10 ** (len(str(int(often))) - 2))
                yield round(often / unit) * unit
            if isinstance(node.get("points"), list):
                # The chart of days says the sums from some day on.
                for name in ("observed", "expected"):
                    total = 0
                    for point in reversed(node["points"]):
                        total += point.get(name) or 0
                        yield total
        elif isinstance(node, list):
            pending += node


def rounds_to(known, value, decimals):
    if decimals is None:
        return any(abs(one - value) <= 1e-6 * max(1, abs(value)) for one in known)
    half = 0.5 * 10 ** -decimals + 1e-9
    # Losses are stated to two digits: they are not known better.
    coarse = 10 ** max(0, len(str(int(value))) - 2) if value >= 1000 and value % 10 == 0 else 0
    return any(abs(one - value) <= max(half, coarse / 2) for one in known)


def main(digest_file, files):
    digest = json.loads(Path(digest_file).read_text(encoding="utf-8"))
    known = sorted(set(derived(digest)) | set(derivations_of(digest)))
    totals = digest["totals"]
    wanted = [value for value in (totals["sessions"], totals["inquiries"]) if value is not None]
    failed = False
    for file in map(Path, files):
        shown = list(numbers(text_of(file)))
        lost = [entry for entry in shown if entry[0] not in PROSE and not rounds_to(near(known, *entry[:2]), *entry[:2])]
        for value, _, around in lost:
            print(f"{file.name}: {value:g} has no source: …{around}…")
        values = {round(value, 6) for value, _, _ in shown}
        for value in wanted:
            if round(float(value), 6) not in values and value < 1e7:
                print(f"{file.name}: {value:g} of the totals is missing")
                failed = True
        failed = failed or bool(lost)
        print(f"{file.name}: {len(shown)} numbers, {len(lost)} without a source")
    return 1 if failed else 0


def near(known, value, decimals):
    """The part of the sorted list that could round to a value."""
    from bisect import bisect_left, bisect_right

    reach = max(1.0, abs(value) * 0.06)
    return known[bisect_left(known, abs(value) - reach):bisect_right(known, abs(value) + reach)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
