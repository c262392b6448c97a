"""The independent judge: recomputes the sample firm's weeks from its raw exports, sharing no code with the product.

    judge.py --exports sample-exports/okna-sever 2026-W46 2026-W30 2026-W01

prints {week: {"total": {...}, "channels": {id: {...}}}}. Rows are read, typed, filtered and summed by DuckDB; who is
one person and whose sale it is are worked out in plain Python from docs/METHODOLOGY.md and docs/PIPELINES.md. What is
special to «Окна-Север» (pipelines/okna-sever.toml) stands in the constants below.
"""

import argparse
import datetime as dt
import glob
import json
import os
import tempfile
from collections import defaultdict

import duckdb

MOSCOW = dt.timedelta(hours=3)  # no clock changes since 2014
WINDOW = dt.timedelta(days=30)  # contacts of one person are one inquiry
LOOKBACK = dt.timedelta(days=90)  # sessions before the first contact that may explain it
DEAL_GRACE = dt.timedelta(days=1)  # a deal may be entered so long before its contact
DEAL_REACH = dt.timedelta(days=90)  # … and so long after it
HORIZON = dt.timedelta(days=90)  # a later sale no longer counts for the cohort
LINK_REACH_S = 300  # a call-tracking link without the call's id explains a call so near

ROBOTS = ["4950000101", "4950000202", "8000000303"]
FORM_SPAM = ["9000000001", "9000000002"]
EXTENSIONS = ["201", "202", "203", "204", "205", "206"]
LINE_CHANNELS = {"8142000002": "outdoor", "8152000002": "maps"}

COUNTS = ["sessions", "users", "inquiries", "sales", "revenue", "sales_closed", "revenue_closed", "spend",
          "impressions", "clicks"]


def week_bounds(week):
    """First and last local day of an ISO week."""
    year, number = week.split("-W")
    monday = dt.date.fromisocalendar(int(year), int(number), 1)
    return monday, monday + dt.timedelta(days=6)


def recode(folder, pattern, encoding, scratch, skip_to=None):
    """Copies text exports to UTF-8 files that DuckDB reads; `skip_to` drops the lines above the header."""
    copies = []
    for path in sorted(glob.glob(os.path.join(folder, pattern))):
        with open(path, encoding=encoding, newline="") as source:
            lines = source.read().splitlines()
        if skip_to:
            lines = lines[next(i for i, line in enumerate(lines) if line.startswith(skip_to)):]
        copy = os.path.join(scratch, os.path.basename(path))
        with open(copy, "w", encoding="utf-8", newline="") as out:
            out.write("\n".join(lines) + "\n")
        copies.append(copy)
    return copies


def load(db, exports, scratch):
    """Raw exports into typed tables; nothing is filtered or joined here but what the format demands."""
    here = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(here, "channels.sql"), encoding="utf-8") as rules:
        db.execute(rules.read())
    db.execute(r"CREATE MACRO phone(t) AS CASE WHEN length(regexp_replace(t, '\D', '', 'g')) BETWEEN 7 AND 15 "
               r"THEN ltrim(right(regexp_replace(t, '\D', '', 'g'), 10), '0') END")

    # Yandex Metrica: tab separated, quotes are plain text. A visit that occurs twice counts once.
    db.execute(f"""
        CREATE TABLE sessions AS
        SELECT DISTINCT ON (visit) * FROM (
          SELECT "ym:s:visitID" AS visit, nullif("ym:s:clientID", '0') AS client,
                 CAST("ym:s:dateTime" AS TIMESTAMP) AS at_local,
                 channel_of(lower(coalesce("ym:s:lastsignTrafficSource", '')),
                            lower(coalesce(nullif("ym:s:lastsignAdvEngine", ''), nullif("ym:s:lastsignSearchEngineRoot", ''),
                                           nullif("ym:s:lastsignSocialNetwork", ''), nullif("ym:s:lastsignMessenger", ''), '')),
                            '', lower(coalesce("ym:s:lastsignUTMSource", '')), lower(coalesce("ym:s:lastsignUTMMedium", '')),
                            lower(coalesce("ym:s:lastsignUTMCampaign", '')),
                            lower(coalesce(regexp_extract("ym:s:referer", '^[a-z]+://([^/?#:]+)', 1), ''))) AS channel
          FROM read_csv('{exports}/metrika/visits-*.tsv*', delim='\t', quote='', escape='', header=true, all_varchar=true)
          WHERE "ym:s:visitID" <> 'ym:s:visitID')""")

    # Asterisk: legs. The greeting and the telephones that rang share one unique id, so which leg came first is told by
    # the clock column and the sequence; when the call began, by the epoch in the first leg's unique id.
    columns = ("accountcode src dst dcontext clid channel dstchannel lastapp lastdata started picked_up ended duration "
               "billsec disposition amaflags uniqueid userfield peeraccount linkedid sequence").split()
    names = "{" + ", ".join(f"'{name}': 'VARCHAR'" for name in columns) + "}"
    extensions = ", ".join(f"'{one}'" for one in EXTENSIONS)
    db.execute(f"""
        CREATE TABLE legs AS SELECT DISTINCT * FROM
        read_csv('{exports}/telephony/Master-*.csv*', header=false, quote='"', escape='"', columns={names})""")
    db.execute(f"""
        CREATE TABLE calls AS
        WITH legs AS (
          SELECT *, CAST(split_part(uniqueid, '.', 1) AS BIGINT) AS epoch,
                 row_number() OVER (PARTITION BY linkedid ORDER BY started, CAST(sequence AS BIGINT)) AS nth FROM legs),
        first AS (SELECT * FROM legs WHERE nth = 1),
        talked AS (
          SELECT linkedid, bool_or(lastapp IN ('Dial', 'Queue') AND disposition = 'ANSWERED' AND CAST(billsec AS INT) > 0
                     AND regexp_extract(dstchannel, '^[A-Z]+/(\\d+)-', 1) IN ({extensions})) AS answered
          FROM legs GROUP BY linkedid)
        SELECT linkedid AS id, epoch, phone(src) AS phone, phone(dst) AS line, answered,
               dcontext = 'from-trunk' OR starts_with(channel, 'SIP/trunk-ptz') OR starts_with(channel, 'SIP/trunk-mmk') AS inbound
        FROM first JOIN talked USING (linkedid)""")

    db.execute(f"""
        CREATE TABLE links AS
        SELECT DISTINCT epoch(strptime("Дата и время", '%d.%m.%Y %H:%M:%S') - INTERVAL 3 HOUR) AS epoch,
               phone("Номер абонента") AS phone, nullif("ID звонка", '') AS call_id, "ClientID" AS client
        FROM read_csv('{exports}/calltracking/links-*.csv', delim=';', header=true, all_varchar=true)""")

    forms = recode(exports, "forms/zayavki-*.csv", "cp1251", scratch)
    db.execute(f"""
        CREATE TABLE forms AS
        SELECT DISTINCT "ID заявки" AS id, strptime("Дата", '%d.%m.%Y %H:%M') AS at_local, phone("Телефон") AS phone,
               nullif(lower(trim("E-mail")), '') AS email, nullif(nullif("ClientID", ''), '0') AS client,
               lower(coalesce(utm_source, '')) AS source, lower(coalesce(utm_medium, '')) AS medium,
               lower(coalesce(utm_campaign, '')) AS campaign,
               contains(lower(concat_ws(' ', "Форма", "Страница", "Имя", "E-mail", "Комментарий")), 'продвижение сайтов') AS word
        FROM read_csv({forms}, delim=';', quote='"', header=true, all_varchar=true)""")

    # amoCRM: labels occur twice; DuckDB calls the second one utm_source_1. Phone and visitor id say who it is.
    db.execute(f"""
        CREATE TABLE deals AS
        SELECT 'amo' AS crm, "ID" AS id, strptime("Дата создания", '%d.%m.%Y %H:%M:%S') AS created_local,
               CASE WHEN "Этап сделки" = 'Успешно реализовано' THEN strptime("Дата закрытия", '%d.%m.%Y %H:%M:%S') END AS won_local,
               CAST(CAST(replace("Бюджет", ' ', '') AS DECIMAL(18, 2)) * 100 AS BIGINT) AS kopecks,
               phone("Рабочий телефон") AS phone, nullif(lower(trim("Рабочий email")), '') AS email,
               nullif("_ym_uid", '') AS client
        FROM read_csv('{exports}/crm/amocrm_leads.csv', header=true, all_varchar=true)""")
    # Bitrix24: a deal stands once per product row, and the rows add up. Lines end with one delimiter too many.
    bitrix = recode(exports, "crm/bitrix_deals.csv", "utf-8-sig", scratch)
    db.execute(f"""
        INSERT INTO deals
        SELECT 'bitrix', "ID", any_value(strptime("Дата создания", '%d.%m.%Y %H:%M:%S')),
               any_value(CASE WHEN "Стадия сделки" = 'Сделка успешна' THEN strptime("Дата завершения", '%d.%m.%Y %H:%M:%S') END),
               sum(CAST(CAST("Сумма" AS DECIMAL(18, 2)) * 100 AS BIGINT)), any_value(phone("Рабочий телефон")),
               any_value(nullif(lower(trim("Рабочий e-mail")), '')), NULL
        FROM read_csv({bitrix}, delim=';', quote='"', header=true, all_varchar=true) GROUP BY "ID" """)

    direct = recode(exports, "ads/direct-*.csv", "utf-8-sig", scratch, skip_to="Дата;")
    google = recode(exports, "ads/google-ads-*.csv", "utf-16", scratch, skip_to="Campaign status")
    db.execute(f"""
        CREATE TABLE costs AS
        SELECT CAST(strptime("Дата", '%d.%m.%Y') AS DATE) AS day,
               channel_of('', 'yandex_direct', '', '', '', lower("Кампания"), '') AS channel,
               CAST(CAST(replace("Расход (руб.)", ',', '.') AS DECIMAL(18, 2)) * 100 AS BIGINT) AS kopecks,
               CAST("Показы" AS BIGINT) AS impressions, CAST("Клики" AS BIGINT) AS clicks
        FROM read_csv({direct}, delim=';', header=true, all_varchar=true) WHERE "Дата" <> 'Итого'
        UNION ALL
        SELECT CAST("Day" AS DATE), 'google-ads', CAST(CAST(replace("Cost", ',', '') AS DECIMAL(18, 2)) * 100 AS BIGINT),
               CAST(replace("Impr.", ',', '') AS BIGINT), CAST(replace("Clicks", ',', '') AS BIGINT)
        FROM read_csv({google}, delim='\t', quote='"', header=true, all_varchar=true)
        WHERE NOT starts_with("Campaign status", 'Total')""")


def contacts_of(db):
    """Contacts that count, oldest first: inbound calls that no robot made, and forms that are no spam."""
    def quoted(numbers):
        return ", ".join(f"'{one}'" for one in numbers)
    calls = db.execute(f"""
        WITH counted AS (SELECT * FROM calls WHERE inbound AND (phone IS NULL OR phone NOT IN ({quoted(ROBOTS)}))),
        named AS (SELECT c.id, max(l.client) AS client FROM counted c JOIN links l ON l.call_id = c.id GROUP BY c.id),
        near AS (
          SELECT c.id, arg_min(l.client, (abs(l.epoch - c.epoch), l.epoch, l.client)) AS client
          FROM counted c JOIN links l ON l.phone = c.phone AND l.call_id IS NULL AND abs(l.epoch - c.epoch) <= {LINK_REACH_S}
          WHERE c.id NOT IN (SELECT id FROM named) GROUP BY c.id)
        SELECT c.id, c.epoch, c.phone, c.line, c.answered, coalesce(named.client, near.client)
        FROM counted c LEFT JOIN named USING (id) LEFT JOIN near USING (id)""").fetchall()
    forms = db.execute(f"""
        SELECT id, at_local, phone, email, client, CASE WHEN source || medium || campaign <> ''
                 THEN channel_of('', '', '', source, medium, campaign, '') END
        FROM forms WHERE NOT word AND (phone IS NULL OR phone NOT IN ({quoted(FORM_SPAM)}))""").fetchall()
    contacts = [{"at": dt.datetime.fromtimestamp(epoch, dt.timezone.utc).replace(tzinfo=None), "id": "call " + name,
                 "kind": "call" if answered else "missed_call", "client": client, "tag": None,
                 "line": LINE_CHANNELS.get(line), "keys": keys(phone, None, client)}
                for name, epoch, phone, line, answered, client in calls]
    contacts += [{"at": at - MOSCOW, "id": "form " + name, "kind": "form", "client": client, "tag": tag, "line": None,
                  "keys": keys(phone, email, client)}
                 for name, at, phone, email, client, tag in forms]
    kinds = ["call", "missed_call", "form"]
    return sorted(contacts, key=lambda contact: (contact["at"], kinds.index(contact["kind"]), contact["id"]))


def keys(phone, email, client):
    return [(kind, value) for kind, value in (("phone", phone), ("email", email), ("client", client)) if value]


def people_of(records):
    """A person for each record: the connected component over shared keys."""
    holders = defaultdict(list)
    for index, record in enumerate(records):
        for key in record["keys"]:
            holders[key].append(index)
    person = [None] * len(records)
    for start in range(len(records)):
        if person[start] is not None:
            continue
        queue, seen = [start], set()
        person[start] = start
        while queue:
            for key in records[queue.pop()]["keys"]:
                if key in seen:
                    continue
                seen.add(key)
                for other in holders[key]:
                    if person[other] is None:
                        person[other] = start
                        queue.append(other)
    return person


def inquiries_of(contacts, deals):
    """Inquiries with their sales, and the sales that belong to none."""
    person = people_of(contacts + deals)
    of_person, inquiries, strays = defaultdict(list), [], []
    for contact, who in zip(contacts, person):
        own = of_person[who]
        if own and contact["at"] - own[-1]["at"] < WINDOW:
            own[-1]["contacts"].append(contact)
            continue
        own.append({"at": contact["at"], "contacts": [contact], "sales": []})
        inquiries.append(own[-1])
    for deal, who in zip(deals, person[len(contacts):]):
        if deal["won_at"] is None:
            continue
        before = [one for one in of_person.get(who, []) if one["at"] <= deal["created_at"] + DEAL_GRACE]
        if before and deal["created_at"] - before[-1]["at"] <= DEAL_REACH:
            before[-1]["sales"].append(deal)
        else:
            strays.append(deal)
    return inquiries, strays


def attribute(db, inquiries):
    """Gives each inquiry its channel: the last session that is not direct, else tag, else line, else nothing."""
    clients = sorted({c["client"] for one in inquiries for c in one["contacts"] if c["client"]})
    db.execute("CREATE OR REPLACE TABLE asked (client VARCHAR)")
    db.executemany("INSERT INTO asked VALUES (?)", [[client] for client in clients] or [["-"]])
    paths = defaultdict(list)
    for client, at, channel in db.execute(
            "SELECT client, at_local - INTERVAL 3 HOUR, channel FROM sessions SEMI JOIN asked USING (client)").fetchall():
        paths[client].append((at, client, channel))
    for one in inquiries:
        own = {c["client"] for c in one["contacts"] if c["client"]}
        if own:
            path = sorted(step for client in own for step in paths[client]
                          if one["at"] - LOOKBACK <= step[0] <= one["at"])
            named = [channel for _, _, channel in path if channel != "direct"]
            one["channel"] = named[-1] if named else "direct"
            continue
        tags = [c["tag"] for c in one["contacts"] if c["tag"] and c["tag"] != "unattributed"]
        lines = [c["line"] for c in one["contacts"] if c["line"]]
        one["channel"] = (tags + lines + ["unattributed"])[0]


def week_of(db, week, inquiries, strays):
    """One week's row per channel and the total's."""
    monday, sunday = week_bounds(week)
    rows = defaultdict(lambda: dict.fromkeys(COUNTS, 0))
    total = rows["total"]

    def inside(instant):
        return monday <= (instant + MOSCOW).date() <= sunday

    for channel, sessions, users in db.execute("""
            SELECT CASE WHEN grouping(channel) = 1 THEN 'total' ELSE channel END, count(*), count(DISTINCT client)
            FROM sessions WHERE CAST(at_local AS DATE) BETWEEN ? AND ? GROUP BY GROUPING SETS ((channel), ())""",
            [monday, sunday]).fetchall():
        rows[channel].update(sessions=sessions, users=users)
    for channel, spend, impressions, clicks in db.execute("""
            SELECT CASE WHEN grouping(channel) = 1 THEN 'total' ELSE channel END, sum(kopecks), sum(impressions), sum(clicks)
            FROM costs WHERE day BETWEEN ? AND ? GROUP BY GROUPING SETS ((channel), ())""", [monday, sunday]).fetchall():
        rows[channel].update(spend=int(spend or 0), impressions=int(impressions or 0), clicks=int(clicks or 0))
    contacts = defaultdict(int)
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
    busy = {name: row for name, row in sorted(rows.items()) if any(row.values())}
    return {"total": total, "channels": busy, "contacts": dict(contacts)}


def judge(exports, weeks):
    """The weeks of the sample firm whose exports lie in `exports`."""
    db = duckdb.connect()
    with tempfile.TemporaryDirectory() as scratch:
        load(db, exports, scratch)
    contacts = contacts_of(db)
    deals = [{"id": name, "created_at": created - MOSCOW, "won_at": won and won - MOSCOW, "kopecks": int(kopecks),
              "keys": keys(phone, email, client)}
             for name, created, won, kopecks, phone, email, client in db.execute(
                 "SELECT crm || id, created_local, won_local, kopecks, phone, email, client FROM deals "
                 "ORDER BY won_local, crm, id").fetchall()]
    inquiries, strays = inquiries_of(contacts, deals)
    attribute(db, inquiries)
    return {week: week_of(db, week, inquiries, strays) for week in weeks}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--exports", required=True, help="folder of the firm's exports")
    parser.add_argument("weeks", nargs="+", help="ISO weeks, 2026-W46")
    arguments = parser.parse_args()
    print(json.dumps(judge(arguments.exports, arguments.weeks), ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
