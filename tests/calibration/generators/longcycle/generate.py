#!/usr/bin/env python3
"""Writes the exports of one invented firm with long sales cycles, and labels of what went wrong in it.

    generate.py OUT --seed N [--size small|medium|large] [--null]

The same arguments give the same bytes. README.md says what the world assumes.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import polars as pl

import contacts
import deals
import describe
import export_office
import export_site
import firm as firms
import handling
import latent as latents
import ledger
import notes
import plan
import telephone
import traffic


def bounces(firm, rows, incidents):
    """Who leaves at once. Those whom an incident brought do so more often."""
    chance = np.array([c.bounce for c in firm.channels])[rows.channel]
    for number, one in enumerate(incidents):
        level = {"bots": 1.0, "untargeted": 0.82}.get(one.kind.name)
        mine = rows.extra == number
        if level is not None:
            chance[mine] = level
        elif one.kind.name == "weak_surge":
            chance[mine] = np.minimum(chance[mine] + 0.15, 0.9)
    return firm.rng(14).random(len(rows)) < chance


def simulate(seed: int, size: str, null: bool):
    """The tables of the firm by name, its labels and the firm itself."""
    firm = firms.draw(seed, size)
    latent = latents.build(firm)
    incidents = [] if null else plan.plan(firm)
    base = traffic.normal(firm, latent)
    rows = traffic.with_incidents(firm, latent, base, incidents)
    roots, is_new = traffic.clients(firm, rows)
    bounced = bounces(firm, rows, incidents)
    q = contacts.draw(firm, latent, rows, roots, bounced, incidents)
    h = handling.handle(firm, latent, q, incidents)
    d, won_at = deals.draw(firm, q, h, incidents)

    sessions, kept, blank = export_site.session_frame(firm, rows, roots, is_new, bounced, q, incidents)
    tables = {"sessions": sessions}
    if firm.has["calls"]:
        calls = telephone.log(firm, q, h, incidents)
        tables["calls"] = export_office.call_frame(firm, calls, roots, ~kept, incidents)
    if firm.has["forms"]:
        tables["forms"] = export_site.form_frame(firm, rows, roots, q, h, ~kept, blank, incidents)
    if firm.has["deals"]:
        tables["deals"] = export_office.deal_frame(firm, q, h, d, incidents)
    if firm.has["costs"] and any(c.paid for c in firm.channels):
        tables["costs"] = export_office.cost_frame(firm, rows, incidents)
    if firm.has["annotations"]:
        tables["annotations"] = notes.frame(firm, incidents)
    exposure = ledger.Exposure(firm, latent, base, rows)
    return firm, tables, ledger.labels(firm, exposure, q, h, d, won_at, incidents, latent)


def write(out: Path, firm, tables: dict, labels: dict) -> None:
    """All files of the firm."""
    for folder in ("exports", "formats"):
        (out / folder).mkdir(parents=True, exist_ok=True)
    for name, frame in tables.items():
        if name in describe.COLUMNS:
            header = describe.headers(firm, name, frame.columns)
            frame = frame.select([pl.col(k).alias(v) for k, v in header.items()])
            # An absent text is an empty cell, not a quoted nothing.
            frame = frame.with_columns(pl.when(pl.col(pl.String) != "").then(pl.col(pl.String)).name.keep())
            text = describe.format_toml(firm, name, list(header))
            (out / "formats" / f"longcycle-{name}.toml").write_text(text, encoding="utf-8")
        frame.write_csv(out / "exports" / f"{name}.csv", separator=describe.delimiter(firm))
    (out / "pipeline.toml").write_text(describe.pipeline_toml(firm, list(tables)), encoding="utf-8")
    text = json.dumps(labels, ensure_ascii=False, indent=1) + "\n"
    (out / "labels.json").write_text(text, encoding="utf-8")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--size", choices=list(firms.SIZE_CODES), default="small")
    parser.add_argument("--null", action="store_true", help="nothing ever goes wrong")
    args = parser.parse_args()
    write(args.out, *simulate(args.seed, args.size, args.null))


if __name__ == "__main__":
    main()
