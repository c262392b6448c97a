"""Exports of the site: visits as the counter saw them, requests as the site kept them."""

import numpy as np
import polars as pl

import catalog
from cells import client_ids, contact_ways, mails, names, phones, times
from contacts import CALL, FORM
from firm import Firm
from traffic import channel_index

START, SENT, TAP = 1, 2, 4


def session_frame(firm: Firm, rows, roots, is_new, bounced, q, incidents) -> pl.DataFrame:
    """Visits as the counter saw them."""
    rng = firm.rng(10)
    n = len(rows)
    goals = _goals(rng, rows, bounced, q)
    asked = np.zeros(n, bool)
    asked[q.session[q.session >= 0]] = True
    views = np.where(bounced, 1, 1 + rng.geometric(0.33, n) + 2 * asked)
    duration = np.where(bounced, rng.integers(0, 15, n), rng.lognormal(4.6, 0.9, n).astype(int) + 15 + 120 * asked)
    source, medium, campaign, kind = _tags(firm, rng, rows)
    robots = np.isin(rows.extra, [i for i, one in enumerate(incidents) if one.kind.name == "bots"])
    views[robots], duration[robots], goals[robots] = 1, 0, 0
    keep, doubled, blank = np.ones(n, bool), np.zeros(n, bool), np.zeros(n, bool)
    turned = np.zeros(n, bool)
    for one in incidents:
        inside = (rows.t >= one.start) & (rows.t < one.end)
        hit = inside & (rng.random(n) < one.severity)
        if one.kind.name == "tag_doubled":
            doubled |= hit
        elif one.kind.name == "counter_lost_all" or one.scope.get("export") == "sessions":
            keep &= ~hit
        elif one.kind.name == "counter_lost_page":
            keep &= ~(hit & (rows.page == firm.pages.index(one.scope["page"])))
        elif one.kind.name == "utm_lost":
            gone = hit & (rows.channel == channel_index(firm, one.scope["channel"]))
            blank |= gone
            turned |= gone & one.opts["turns_referral"]
    source = np.where(blank, np.where(turned, "pay-widget.example", ""), source)
    medium = np.where(blank, np.where(turned, "referral", ""), medium)
    kind = np.where(blank, np.where(turned, "referral", "direct"), kind)
    campaign = np.where(blank, "", campaign)
    cities = firm.regions + catalog.FAR_CITIES
    frame = pl.DataFrame({
        "visit_id": pl.Series(7_000_000_000 + np.arange(n) * 131 + rng.integers(0, 130, n)),
        "client_id": client_ids(firm, roots), "started": times(firm, rows.t, russian=False),
        "traffic": pl.Series(kind.astype(str)), "source": pl.Series(source.astype(str)),
        "medium": pl.Series(medium.astype(str)), "campaign": pl.Series(campaign.astype(str)),
        "landing": names(["https://" + p for p in firm.pages], rows.page), "device": names(catalog.DEVICES, rows.device),
        "city": names(cities, rows.region), "new": pl.Series(is_new.astype(np.int8)), "views": pl.Series(views),
        "seconds": pl.Series(duration), "bounce": pl.Series(bounced.astype(np.int8)),
        "goals": names(_goal_texts(firm), goals)})
    if not firm.has["traffic_type"]:
        frame = frame.drop("traffic")
    if not firm.has["goals"]:
        frame = frame.drop("goals")
    twins = frame.filter(pl.Series(doubled & keep)).with_columns(pl.col("visit_id") + 5_000_000_000_000)
    return pl.concat([frame.filter(pl.Series(keep)), twins]), keep, blank


def _goals(rng, rows, bounced, q):
    """Bits: began a form, sent it, tapped the number. More people begin than send."""
    n = len(rows)
    goals = np.where(rng.random(n) < 1.3 * rows.p * rows.p_form, START, 0)
    goals |= np.where((rows.device > 0) & (rng.random(n) < 0.7 * rows.p * (1 - rows.p_form)), TAP, 0)
    goals[bounced] = 0
    at = q.session >= 0
    form = at & (q.origin == FORM)
    np.bitwise_or.at(goals, q.session[form], START)
    sent = form & ((~q.lost & (q.type == FORM)) | q.silent)
    np.bitwise_or.at(goals, q.session[sent], SENT)
    call = at & (q.origin == CALL)
    call &= rows.device[np.maximum(q.session, 0)] > 0
    np.bitwise_or.at(goals, q.session[call], TAP)
    return goals


def goal_names(firm: Firm) -> list:
    """Names of the three goals: the program's own words, or the counter's numbers."""
    return ["form_start", "form_submit", "tel_click"] if firm.has["default_goals"] else ["4101", "4102", "4103"]


def _goal_texts(firm):
    g = goal_names(firm)
    return [",".join(g[b] for b in range(3) if mask >> b & 1) for mask in range(8)]


def _tags(firm, rng, rows):
    n = len(rows)
    source, medium = np.full(n, "", object), np.full(n, "", object)
    campaign, kind = np.full(n, "", object), np.full(n, "", object)
    kinds = {"direct": "direct", "organic-search": "organic", "referral": "referral", "social": "social",
             "messengers": "messenger", "email": "email", "recommendations": "recommend"}
    for c, ch in enumerate(firm.channels):
        who = np.flatnonzero(rows.channel == c)
        source[who] = np.array(ch.sources, object)[rng.integers(0, len(ch.sources), len(who))]
        medium[who], kind[who] = ch.medium, kinds.get(ch.id, "ad" if ch.paid else "referral")
        if ch.campaigns:
            weight = np.arange(len(ch.campaigns), 0, -1.0)
            campaign[who] = np.array(ch.campaigns, object)[rng.choice(len(weight), len(who), p=weight / weight.sum())]
            fresh = who[(rows.extra[who] >= 0) & ch.paid & (rng.random(len(who)) < 0.6)]
            campaign[fresh] = ch.campaigns[0].split("_")[0] + "_wide"
    return source, medium, campaign, kind


def form_frame(firm: Firm, rows, roots, q, h, dropped, blank, incidents) -> pl.DataFrame:
    """Requests that the site kept."""
    rng = firm.rng(11)
    i = np.flatnonzero((q.type == FORM) & ~q.lost & (q.t < firm.clock.end))
    again = i[rng.random(len(i)) < 0.04]
    i = np.concatenate([i, again])
    t = q.t[i] + np.concatenate([np.zeros(len(i) - len(again), np.int64), rng.integers(30, 900, len(again))])
    order = np.argsort(t, kind="stable")
    i, t = i[order], t[order]
    client = np.where(q.session[i] >= 0, roots[np.maximum(q.session[i], 0)], -1)
    # Where the counter is gone, the form cannot read its id, but for those who have it from an earlier visit.
    lost = (q.session[i] >= 0) & dropped[q.session[i]] & (rng.random(len(i)) < 0.8)
    keep = t < firm.clock.end
    for one in incidents:
        inside = (t >= one.start) & (t < one.end)
        if one.kind.name == "client_ids_lost":
            lost |= inside & (rng.random(len(i)) < one.severity)
        if one.scope.get("export") == "forms":
            keep &= ~inside
    source, medium, campaign, _ = _tags(firm, rng, rows.take(np.maximum(q.session[i], 0)))
    untagged = (q.session[i] < 0) | blank[q.session[i]]
    has_phone, has_mail = contact_ways(firm, q.person[i])
    columns = {
        "id": pl.Series(40_000 + np.arange(len(i))), "at": times(firm, t), "form": names(firm.forms, q.form[i]),
        "page": names(["https://" + p + "?from=form" for p in firm.pages], q.page[i]),
        "phone": phones(firm, np.where(has_phone | h.fake_phone[i], q.person[i], -1), h.fake_phone[i]),
        "email": mails(firm, np.where(has_mail, q.person[i], -1))}
    if firm.has["form_clients"]:
        columns["client"] = client_ids(firm, np.where(lost, -1, client))
    if firm.has["form_device"]:
        columns["device"] = names(catalog.DEVICES, np.where(q.device[i] >= 0, q.device[i], 1))
    if firm.has["form_tags"]:
        for name, values in (("utm_source", source), ("utm_medium", medium), ("utm_campaign", campaign)):
            columns[name] = pl.Series(np.where(untagged, "", values).astype(str))
    return pl.DataFrame(columns).filter(pl.Series(keep))
