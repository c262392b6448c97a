"""Formats of the systems that the program does not know by itself."""

FORMATS = {
    "g5-visits": {
        "title": "Visits of an own counter",
        "table": "sessions",
        "header": ["Визит", "Начало", "Посетитель", "Тип источника"],
        "delimiter": ";",
        "columns": [
            ("session_id", "Визит", "key"),
            ("client", "Посетитель", "key"),
            ("start_at", "Начало", "time dmy"),
            ("is_new", "Новый", "flag"),
            ("page_views", "Просмотры", "count"),
            ("duration_s", "Секунд", "duration"),
            ("bounce", "Отказ", "flag"),
            ("landing", "Вход", "page"),
            ("goals", "Цели", "goals"),
            ("traffic_type", "Тип источника", "lower"),
            ("engine", "Система", "lower"),
            ("utm_source", "Метка source", "lower"),
            ("utm_medium", "Метка medium", "lower"),
            ("utm_campaign", "Метка campaign", "lower"),
            ("referrer_host", "Реферер", "host"),
            ("city", "Город", "text"),
            ("device", "Устройство", "text"),
            ("os", "ОС", "text"),
            ("browser", "Браузер", "text"),
        ],
    },
    "g5-ga4-sessions": {
        "title": "GA4 sessions, flattened from BigQuery",
        "table": "sessions",
        "header": ["session_id", "user_pseudo_id", "session_start", "session_engaged"],
        "delimiter": ",",
        "columns": [
            ("session_id", "session_id", "key"),
            ("client", "user_pseudo_id", "key"),
            ("start_at", "session_start", "time unix"),
            ("is_new", "session_number", "flag", 'map = { "1" = "yes", "*" = "no" }'),
            ("page_views", "page_views", "count"),
            ("duration_s", "engagement_sec", "duration"),
            ("bounce", "session_engaged", "flag", 'map = { "1" = "no", "0" = "yes" }'),
            ("landing", "page_location", "page"),
            ("goals", "key_events", "goals"),
            ("utm_source", "source", "lower"),
            ("utm_medium", "medium", "lower"),
            ("utm_campaign", "campaign", "lower", 'absent = ["(not set)"]'),
            ("city", "city", "text"),
            ("device", "device_category", "text"),
            ("os", "operating_system", "text"),
            ("browser", "browser", "text"),
        ],
    },
    "g5-pbx": {
        "title": "History of an own PBX",
        "table": "calls",
        "header": ["call", "when", "way", "subscriber", "result"],
        "delimiter": ";",
        "columns": [
            ("call_id", "call", "text"),
            ("at", "when", "time"),
            ("direction", "way", "text", 'map = { "in" = "inbound", "out" = "outbound" }'),
            ("phone", "subscriber", "phone"),
            ("line", "did", "line"),
            ("trunk", "trunk", "text"),
            ("answered", "result", "flag", 'map = { "answered" = "yes", "*" = "no" }'),
            ("disposition", "result", "text"),
            ("talk_s", "talk", "duration"),
            ("wait_s", "ring", "duration"),
            ("operator", "ext", "text"),
        ],
    },
    "g5-requests": {
        "title": "Requests of the site",
        "table": "forms",
        "header": ["request", "sent_at", "form_name", "visitor_id"],
        "delimiter": ",",
        "columns": [
            ("form_id", "request", "text"),
            ("at", "sent_at", "time"),
            ("form", "form_name", "text"),
            ("page", "page_url", "page"),
            ("phone", "tel", "phone"),
            ("email", "mail", "email"),
            ("client", "visitor_id", "key"),
            ("device", "gadget", "lower"),
            ("attribute.browser", "browser_name", "text"),
            ("utm_source", "tag_source", "lower"),
            ("utm_medium", "tag_medium", "lower"),
            ("utm_campaign", "tag_campaign", "lower"),
        ],
    },
    "g5-chats": {
        "title": "Chats",
        "table": "forms",
        "header": ["chat_id", "started", "visitor", "contact"],
        "delimiter": ",",
        "columns": [
            ("form_id", "chat_id", "text"),
            ("at", "started", "time"),
            ("form", "topic", "text"),
            ("page", "page", "page"),
            ("phone", "contact", "phone"),
            ("client", "visitor", "key"),
        ],
    },
    "g5-bitrix": {
        "title": "Bitrix24 deals with the reason",
        "table": "deals",
        "like": "bitrix24-deals",
        "header": ["ID", "Стадия сделки", "Причина отказа"],
        "columns": [
            ("loss_reason", "Причина отказа", "text"),
        ],
    },
}


def write_format(name, folder, without=()):
    """Columns that the export does not have are left out."""
    details = FORMATS[name]
    lines = [f'name = "{name}"', f'title = "{details["title"]}"', f'table = "{details["table"]}"']
    if "like" in details:
        lines.append(f'like = "{details["like"]}"')
    header = ", ".join(f'"{column}"' for column in details["header"])
    lines += ["[recognise]", f"header = [{header}]"]
    if "delimiter" in details:
        lines += ["[bytes]", f'delimiters = ["{details["delimiter"]}"]']
    for to, source, read, *more in details["columns"]:
        if source in without:
            continue
        read, _, order = read.partition(" ")
        lines += ["", "[[column]]", f'to = "{to}"', f'from = ["{source}"]', f'read = "{read}"']
        lines += [f'order = "{order}"'] if order else []
        lines += more
    with open(f"{folder}/{name}.toml", "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
