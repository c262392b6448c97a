"""Compares a digest.json of the sample firm with the judge; every difference is one line, and the exit code is 1.

    compare.py out/okna-sever/2026-W46/digest.json [MORE/digest.json …] --exports sample-exports/okna-sever

Counts and money (kopecks) must be equal, rates equal within 1e-12. A rate may be absent only where the product says
why: fewer than 10 events, or a cohort that is too young; its parts k and n are compared all the same.
"""

import argparse
import json
import sys

import judge
import north
from judge import COUNTS

FIRMS = {"okna-sever": judge.judge, "north-windows": north.judge}
MIN_EVENTS = 10  # thresholds.min_events of the pipeline


def differences(week, digest, expected):
    """Yields `week, row, field: digest has A, the judge B`."""
    rows = {row["channel"]: row for row in digest["channels"]}
    yield from row_differences(week, "total", digest["totals"], expected["total"])
    for channel in sorted(rows.keys() | expected["channels"].keys()):
        nothing = {field: None if value is None else 0 for field, value in expected["total"].items()}
        mine = expected["channels"].get(channel, nothing | {"users": 0, "conv1": None, "conv2": None})
        if channel not in rows:
            yield f"{week}, {channel}: the digest has no such row, the judge {compact(mine)}"
            continue
        yield from row_differences(week, channel, rows[channel], mine)
    for kind, count in expected["contacts"].items():
        if "contacts" in digest and digest["contacts"].get(kind, 0) != count:
            yield f"{week}, contacts, {kind}: digest has {digest['contacts'].get(kind, 0)}, the judge {count}"


def row_differences(week, name, row, mine):
    for field in COUNTS:
        # Unknown is not zero: what has arrived is known even where it is nothing.
        if row.get(field) != mine[field]:
            yield f"{week}, {name}, {field}: digest has {row.get(field)}, the judge {mine[field]}"
    parts = {"conv1": ("inquiries", "sessions"), "conv2": ("sales", "inquiries")}
    for rate, (k, n) in parts.items():
        found = row[rate]
        if mine[n] == 0 and found["n"] in (None, 0):
            continue
        for part, field in (("k", k), ("n", n)):
            if found[part] != mine[field]:
                yield f"{week}, {name}, {rate}.{part}: digest has {found[part]}, the judge {mine[field]}"
        if found["value"] is None:
            young = rate == "conv2" and found.get("maturity") is not None
            # More inquiries than sessions of the channel's own are no share.
            if MIN_EVENTS <= mine[k] <= mine[n] and not young:
                yield f"{week}, {name}, {rate}.value: digest has none, the judge {mine[rate]}"
        elif mine[rate] is None or abs(found["value"] - mine[rate]) > 1e-12:
            yield f"{week}, {name}, {rate}.value: digest has {found['value']}, the judge {mine[rate]}"


def compact(row):
    return " ".join(f"{field}={row[field]}" for field in COUNTS if row[field])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("digests", nargs="+", metavar="DIGEST.json")
    parser.add_argument("--exports", required=True, help="folder of the firm's exports")
    parser.add_argument("--firm", choices=FIRMS, default="okna-sever", help="whose rules the judge goes by")
    arguments = parser.parse_args()
    digests = {}
    for path in arguments.digests:
        with open(path, encoding="utf-8") as file:
            digest = json.load(file)
        digests[digest["period"]["label"]] = digest
    expected = FIRMS[arguments.firm](arguments.exports, list(digests))
    found = [line for week, digest in digests.items() for line in differences(week, digest, expected[week])]
    for line in found:
        print(line)
    rows = sum(len(digest["channels"]) + 1 for digest in digests.values())
    print(f"{len(digests)} digests, {rows} rows, {len(found)} differences with the judge")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
