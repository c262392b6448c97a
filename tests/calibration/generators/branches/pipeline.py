"""The firm's own export formats and its pipeline file. Headers and formats are made of one table, so they always agree."""

import words
from call_records import directions
from records import goal_names, spam_phones

# lake column, Russian header, English header, further lines of the format
COLUMNS = {
    "sessions": [
        ("session_id", "Номер визита", "Visit", 'read = "key"'),
        ("client", "Посетитель", "Visitor", 'read = "key"'),
        ("start_at", "Начало", "Started", "time"),
        ("utm_source", "Источник", "Source", 'read = "lower"'),
        ("utm_medium", "Тип источника", "Medium", 'read = "lower"'),
        ("utm_campaign", "Метка кампании", "Campaign tag", 'read = "lower"'),
        ("referrer_host", "Откуда", "Referrer", 'read = "host"'),
        ("landing", "Первая страница", "Landing", 'read = "page"'),
        ("device", "Устройство", "Device", 'read = "lower"'),
        ("city", "Город", "City", ""),
        ("is_new", "Новый посетитель", "New visitor", 'read = "flag"'),
        ("page_views", "Просмотры", "Views", 'read = "count"'),
        ("duration_s", "Время, с", "Seconds", 'read = "duration"'),
        ("bounce", "Отказ", "Bounce", 'read = "flag"'),
        ("goals", "Цели", "Goals", ""),
    ],
    "calls": [
        ("call_id", "Номер звонка", "Call no", ""),
        ("at", "Время звонка", "Rang at", "time"),
        ("direction", "Направление", "Way", "direction"),
        ("phone", "Абонент", "Number", 'read = "phone"'),
        ("line", "Линия", "Line", 'read = "line"'),
        ("trunk", "Транк", "Trunk", ""),
        ("answered", "Отвечен", "Picked up", 'read = "flag"'),
        ("talk_s", "Разговор, с", "Talk s", 'read = "duration"'),
        ("wait_s", "Ожидание, с", "Wait s", 'read = "duration"'),
        ("disposition", "Исход", "Outcome", ""),
        ("operator", "Сотрудник", "Extension", ""),
        ("client", "Код посетителя", "Visitor id", 'read = "key"'),
    ],
    "forms": [
        ("form_id", "Номер заявки", "Request no", ""),
        ("at", "Отправлена", "Sent at", "time"),
        ("form", "Название формы", "Form title", ""),
        ("page", "Адрес страницы", "On page", 'read = "page"'),
        ("phone", "Телефон клиента", "Phone", 'read = "phone"'),
        ("device", "Вид устройства", "Device kind", 'read = "lower"'),
        ("client", "Код посетителя сайта", "Site visitor", 'read = "key"'),
    ],
    "deals": [
        ("deal_id", "Номер сделки", "Deal no", ""),
        ("created_at", "Создана", "Created on", "time"),
        ("updated_at", "Изменена", "Changed on", "time"),
        ("closed_at", "Закрыта", "Closed on", "time"),
        ("stage", "Стадия", "Step", ""),
        ("amount", "Сумма, руб", "Sum", 'read = "money"'),
        ("manager", "Менеджер", "Owner", ""),
        ("phone", "Контакт", "Contact phone", 'read = "phone"'),
        ("status", "Состояние", "State", 'map = { "успех" = "won", "отказ" = "lost", "*" = "open" }'),
        ("loss_reason", "Причина", "Why lost", ""),
        ("first_response_at", "Первый ответ", "First reply", "time"),
    ],
    "costs": [
        ("from_day", "День", "Date of show", "day"),
        ("campaign", "Название кампании", "Campaign name", 'read = "lower"'),
        ("impressions", "Показов", "Shown", 'read = "count"'),
        ("clicks", "Кликов", "Clicked", 'read = "count"'),
        ("cost", "Потрачено", "Spent", 'read = "money"'),
    ],
}
REQUIRED = {
    "session_id",
    "start_at",
    "call_id",
    "at",
    "direction",
    "answered",
    "deal_id",
    "created_at",
    "stage",
    "from_day",
    "cost",
}


def headers(firm, table, frame):
    column = 1 if firm.has["russian"] else 2
    return {c[0]: c[column] for c in COLUMNS[table] if c[0] in frame.columns}


def order(firm):
    return "dmy" if firm.has["russian"] else "ymd"


def write_export(folder, firm, table, frame):
    russian = firm.has["russian"]
    head = headers(firm, table, frame)
    day = "%d.%m.%Y" if russian else "%Y-%m-%d"
    frame.select(list(head)).rename(head).write_csv(
        folder / f"{table}.csv",
        separator=";" if russian else ",",
        datetime_format=f"{day} %H:%M:%S",
        date_format=day,
        float_precision=2,
    )


def quoted(text):
    return '"' + str(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def listed(texts):
    return "[" + ", ".join(quoted(t) for t in texts) + "]"


def write_format(folder, firm, table, frame):
    head = headers(firm, table, frame)
    lines = [
        f'name = "branches-{table}"',
        f'title = "Branches: {table}"',
        f'table = "{table}"',
        "",
        "[recognise]",
        f"header = {listed(list(head.values())[:5])}",
        "",
        "[bytes]",
        f"delimiters = [{quoted(';' if firm.has['russian'] else ',')}]",
    ]
    if table == "costs":
        lines.append('decimal = "dot"')
    for name, _, _, read in COLUMNS[table]:
        if name not in head:
            continue
        if read in ("time", "day"):
            read = f'read = "{read}"\norder = "{order(firm)}"'
        if read == "direction":
            words_ = directions(firm)
            read = (
                'read = "lower"\nmap = { '
                + ", ".join(f'"{a}" = "{b}"' for a, b in zip(words_, ("inbound", "outbound", "internal")))
                + " }"
            )
        for to in ("from_day", "day") if name == "from_day" else (name,):
            lines += ["", "[[column]]", f'to = "{to}"', f"from = [{quoted(head[name])}]"] + ([read] if read else [])
            lines += ["required = true"] if name in REQUIRED else []
    (folder / f"{table}.toml").write_text("\n".join(lines) + "\n")


def write_pipeline(path, firm, tables):
    s = words.SECTORS[firm.sector]
    out = [
        f'name = "branches-{firm.size}-{firm.seed}"',
        f"title = {quoted(firm.title)}",
        'language = "ru"',
        f'time_zone = "{firm.zone}"',
        "",
        "[paths]",
        'lake = "lake"',
        'out = "out"',
        'formats = "formats"',
        "",
    ]
    for table in tables:
        out += ["[[exports]]", f'name = "{table}"', f'files = ["exports/{table}.csv"]']
        if table == "calls":
            out += ['time_zone = "UTC"'] if firm.has["utc_calls"] else []
            out += [f"spam_contacts = {listed(spam_phones()[:3])}"]
        out.append("")
    out += [
        "[channels]",
        'base = "ru-default"',
        "",
        "[[channels.rules]]",
        'channel = "direct"',
        'source = [""]',
        'medium = [""]',
        'campaign = [""]',
        'referrer_matches = "^$"',
        "",
    ]
    for c in firm.channels:
        if c.prefix:
            out += ["[[channels.rules]]", f'channel = "{c.id}"', f"campaign_matches = '^{c.prefix}[0-9]$'", ""]
        elif c.source:
            out += [
                "[[channels.rules]]",
                f'channel = "{c.id}"',
                f'source = ["{c.source}"]',
                f'medium = ["{c.medium}"]',
                "",
            ]
        elif c.id == "organic-search":
            out += ["[[channels.rules]]", f'channel = "{c.id}"', 'referrer_matches = "yandex"', ""]
    out += ["[channels.titles]"] + [f"{c.id} = {quoted(c.title)}" for c in firm.channels]
    if firm.offline_channel:
        out += [f'{firm.offline_channel} = "Наружная реклама"']
    out.append("")
    if firm.has["lines"]:
        for number, name, _, channel, _, _ in firm.lines:
            out += ["[[lines]]", f'number = "+{number}"', f"name = {quoted(name)}"]
            if channel >= 0:
                out.append(
                    f'channel = "{firm.channels[channel].id if channel < len(firm.channels) else firm.offline_channel}"'
                )
            out.append("")
    if firm.has["deals"] and not firm.has["status"]:
        out += ["[sales]", f"won_stages = {listed([s['won']])}", f"lost_stages = {listed([s['lost']])}", ""]
    if firm.has["goals"]:
        start, sent, tap = goal_names(firm)
        out += [
            "[diagnosis]",
            f"form_start = {listed([start])}",
            f"form_sent = {listed([sent])}",
            f"phone_tap = {listed([tap])}",
            "",
            "[[stages]]",
            'code = "interest"',
            'title = "Начали форму или нажали на телефон"',
            f"goals = {listed([start, tap])}",
            "",
            "[[stages]]",
            'code = "form-sent"',
            'title = "Отправили форму"',
            f"goals = {listed([sent])}",
            "",
        ]
    path.write_text("\n".join(out))
