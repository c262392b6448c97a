"""The judge of the English sample: weekly totals of GA4, a call log, and HubSpot deals that are contacts by themselves.

Used by compare.py with --firm north-windows. People, windows and sales are worked out by the same plain Python as for the
other sample firm; what is special to pipelines/north-windows.toml stands here.
"""

import datetime as dt
import glob
from collections import defaultdict
from zoneinfo import ZoneInfo

import duckdb

from judge import COUNTS, HORIZON, inquiries_of, keys, week_bounds

LONDON = ZoneInfo("Europe/London")
UTC = dt.timezone.utc
GROUPS = {"organic search": "organic-search", "direct": "direct", "direct traffic": "direct", "paid search": "paid-search",
          "referral": "referral", "referrals": "referral", "organic social": "organic-social",
          "social media": "organic-social", "paid social": "paid-social", "email": "email", "email marketing": "email",
          "other campaigns": "paid-other", "unassigned": "unassigned",
          "offline sources": "unattributed", "offline": "unattributed"}
UNKNOWN = ["spend", "impressions", "clicks"]


def instant(local):
    """A time on London's clock as UTC, without a zone like all times of the judge."""
    return local.replace(tzinfo=LONDON).astimezone(UTC).replace(tzinfo=None)


def day_of(utc):
    return utc.replace(tzinfo=UTC).astimezone(LONDON).date()


def judge(exports, weeks):
    db = duckdb.connect()
    db.execute(r"CREATE MACRO phone(t) AS CASE WHEN length(regexp_replace(t, '\D', '', 'g')) BETWEEN 7 AND 15 "
               r"THEN ltrim(right(regexp_replace(t, '\D', '', 'g'), 10), '0') END")
    calls = db.execute(f"""
        SELECT "Call ID", min(CAST("Call Time" AS TIMESTAMP)), arg_min(phone("From"), CAST("Call Time" AS TIMESTAMP)),
               bool_or("Status" = 'Answered')
        FROM read_csv('{exports}/calls/call-log.csv', header=true, all_varchar=true)
        WHERE lower("Direction") = 'inbound' GROUP BY 1""").fetchall()
    deals = db.execute(f"""
        SELECT "Record ID", strptime("Create Date", '%Y-%m-%d %H:%M'), CASE WHEN "Deal Stage" = 'Closed Won'
                 THEN strptime("Close Date", '%Y-%m-%d %H:%M') END,
               CAST(CAST(coalesce(nullif("Amount", ''), '0') AS DECIMAL(18, 2)) * 100 AS BIGINT), phone("Phone Number"),
               lower(coalesce("Original Traffic Source", ''))
        FROM read_csv('{exports}/crm/hubspot-deals.csv', header=true, all_varchar=true)""").fetchall()
    contacts = [{"at": instant(at), "id": "call " + name, "kind": "call" if answered else "missed_call", "tag": None,
                 "keys": keys(phone, None, None)} for name, at, phone, answered in calls]
    contacts += [{"at": instant(at), "id": name, "kind": "deal", "tag": GROUPS[source] if source else None,
                  "keys": keys(phone, None, None) + [("deal", name)]} for name, at, _, _, phone, source in deals]
    kinds = ["call", "missed_call", "deal"]
    contacts.sort(key=lambda contact: (contact["at"], kinds.index(contact["kind"]), contact["id"]))
    records = [{"id": name, "created_at": instant(at), "won_at": won and instant(won), "kopecks": int(pence),
                "keys": keys(phone, None, None) + [("deal", name)]} for name, at, won, pence, phone, _ in deals]
    records.sort(key=lambda deal: (deal["won_at"] or dt.datetime.min, deal["id"]))
    inquiries, strays = inquiries_of(contacts, records)
    for one in inquiries:
        tags = [c["tag"] for c in one["contacts"] if c["tag"] and c["tag"] != "unattributed"]
        one["channel"] = (tags + ["unattributed"])[0]
    return {week: week_of(db, exports, week, inquiries, strays) for week in weeks}


def week_of(db, exports, week, inquiries, strays):
    monday, sunday = week_bounds(week)
    rows = defaultdict(lambda: {field: None if field in UNKNOWN else 0 for field in COUNTS})
    total = rows["total"]
    total["users"] = None  # weekly totals by channel say nothing about one visitor in two channels
    name = f"{exports}/ga4/traffic-acquisition-{monday:%Y%m%d}-{sunday:%Y%m%d}.csv"
    for path in glob.glob(name):
        for group, users, sessions in db.execute(f"""
                SELECT column00, CAST(column01 AS INT), CAST(column02 AS INT)
                FROM read_csv('{path}', header=false, skip=10, all_varchar=true, auto_detect=false, columns={{
                    {", ".join(f"'column{at:02}': 'VARCHAR'" for at in range(11))}}})""").fetchall():
            row = rows[GROUPS[group.lower()]]
            row["sessions"] += sessions
            row["users"] += users
            total["sessions"] += sessions
    contacts = defaultdict(int)

    def inside(at):
        return monday <= day_of(at) <= sunday

    for one in inquiries:
        for contact in one["contacts"]:
            contacts[contact["kind"]] += inside(contact["at"])
        counted = [deal for deal in one["sales"] if deal["won_at"] - one["at"] <= HORIZON]
        for row in (rows[one["channel"]], total):
            if inside(one["at"]):
                row["inquiries"] += 1
                row["sales"] += bool(counted)
                row["revenue"] += sum(deal["kopecks"] for deal in counted)
            for deal in one["sales"]:
                if inside(deal["won_at"]):
                    row["sales_closed"] += 1
                    row["revenue_closed"] += deal["kopecks"]
    for deal in strays:
        if inside(deal["won_at"]):
            total["sales_closed"] += 1
            total["revenue_closed"] += deal["kopecks"]
    for row in rows.values():
        row["conv1"] = row["inquiries"] / row["sessions"] if row["sessions"] else None
        row["conv2"] = row["sales"] / row["inquiries"] if row["inquiries"] else None
    rows.pop("total")
    return {"total": total, "channels": {name: row for name, row in sorted(rows.items()) if any(row.values())},
            "contacts": dict(contacts)}
