"""Exports of the office: the call log, the CRM and the advertising accounts."""

import numpy as np
import polars as pl

import catalog
from cells import client_ids, contact_ways, mails, names, numbered, phones, times
from clock import DAY
from contacts import CALL, FORM
from firm import Firm


def call_frame(firm: Firm, calls, roots, dropped, incidents) -> pl.DataFrame:
    """The PBX's log."""
    rng = firm.rng(12)
    n = len(calls.t)
    keep = np.ones(n, bool)
    for one in incidents:
        if one.scope.get("export") == "calls":
            keep &= ~((calls.t >= one.start) & (calls.t < one.end))
    site = (calls.session >= 0) & (rng.random(n) < firm.p["call_client"]) & ~dropped[calls.session]
    client = np.where(site, roots[np.maximum(calls.session, 0)], -1)
    columns = {
        "id": numbered("c", 100_000 + np.arange(n)),
        "at": times(firm, calls.t, utc=firm.has["utc_calls"]),
        "direction": pl.Series(np.where(calls.inbound, "inbound", "outbound")),
        "phone": phones(firm, calls.person), "answered": pl.Series(np.where(calls.answered, "yes", "no")),
        "talk": pl.Series(calls.talk), "wait": pl.Series(calls.wait), "result": pl.Series(calls.word.astype(str)),
        "operator": names([str(201 + m) for m in range(len(firm.managers))], calls.manager)}
    if firm.has["lines"]:
        columns["line"] = names(firm.lines, calls.line)
    if firm.trunk:
        columns["trunk"] = pl.Series([firm.trunk] * n)
    if firm.has["call_clients"]:
        columns["client"] = client_ids(firm, client)
    return pl.DataFrame(columns).filter(pl.Series(keep))


def deal_frame(firm: Firm, q, h, d, incidents) -> pl.DataFrame:
    """The CRM's list at the end of the history."""
    stages, won, lost = catalog.STAGE_SETS[firm.seed % len(catalog.STAGE_SETS)]
    i = d.inquiry
    keep = np.ones(len(i), bool)
    for one in incidents:
        if one.scope.get("export") == "deals":
            keep &= ~((d.created >= one.start) & (d.created < one.end))
    has_phone, has_mail = contact_ways(firm, q.person[i])
    phoned = d.known & (has_phone | (q.type[i] == CALL) | h.fake_phone[i])
    end = firm.clock.end
    columns = {
        "id": pl.Series(500_000 + np.arange(len(i))), "created": times(firm, d.created), "changed": times(firm, d.updated),
        "closed": times(firm, np.where(d.status > 0, d.entered, -1)),
        "stage": names(stages + [won, lost], d.stage),
        "amount": pl.select(pl.when(pl.Series(d.amount >= 0)).then(pl.Series(d.amount.astype(np.int64)))).to_series(),
        "phone": phones(firm, np.where(phoned, q.person[i], -1), h.fake_phone[i]),
        "email": mails(firm, np.where(d.known & has_mail & (q.type[i] == FORM), q.person[i], -1))}
    if firm.has["manager_names"]:
        columns["manager"] = names(firm.managers, d.manager)
    if firm.has["reasons"]:
        columns["reason"] = pl.Series(d.reason.astype(str))
    if firm.has["first_response"]:
        answer = h.response[i]
        columns["answered"] = times(firm, np.where((answer >= 0) & (answer < end), np.maximum(answer, q.t[i]), -1))
    return pl.DataFrame(columns).filter(pl.Series(keep))


def cost_frame(firm: Firm, rows, incidents) -> pl.DataFrame:
    """Clicks and spend by day and campaign. Clicks are counted by the advertising system, whatever the site's counter does."""
    rng = firm.rng(13)
    days = firm.clock.days
    parts = []
    for c, ch in enumerate(firm.channels):
        if not ch.paid:
            continue
        by_day = np.bincount(rows.t[rows.channel == c] // DAY, minlength=days)
        weight = np.arange(len(ch.campaigns), 0, -1.0)
        drift = np.exp(np.cumsum(rng.normal(0, 0.006, days)))
        for name, w in zip(ch.campaigns, weight / weight.sum()):
            clicks = np.round(by_day * w * rng.uniform(1.04, 1.2) * rng.gamma(300, 1 / 300, days)).astype(int)
            spend = np.round(clicks * ch.click_price * drift * rng.gamma(80, 1 / 80, days), 2)
            parts.append(pl.DataFrame({
                "day": pl.Series([d.isoformat() for d in firm.clock.dates[:days]]), "campaign": pl.Series([name] * days),
                "source": pl.Series([ch.sources[0]] * days), "medium": pl.Series([ch.medium] * days),
                "shows": pl.Series(np.round(clicks * rng.uniform(15, 60)).astype(int)), "clicks": pl.Series(clicks),
                "spend": pl.Series(spend)}))
    return pl.concat(parts).sort("day", "campaign", "source")
