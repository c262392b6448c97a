"""Writes what goes with the rows: header names, formats and the pipeline, in the language of docs/FORMATS.md."""

import catalog
from export_site import goal_names
from firm import Firm

# Internal name of a column, as the two kinds of systems call it, the table's column, and how it is read.
COLUMNS = {
    "sessions": [
        ("visit_id", "Визит", "Visit ID", "session_id", "key"), ("client_id", "Посетитель", "Client ID", "client", "key"),
        ("started", "Начало визита", "Started", "start_at", "time"), ("traffic", "Тип трафика", "Traffic type", "traffic_type", "lower"),
        ("source", "Метка source", "Source", "utm_source", "lower"), ("medium", "Метка medium", "Medium", "utm_medium", "lower"),
        ("campaign", "Метка campaign", "Campaign", "utm_campaign", "lower"), ("landing", "Страница входа", "Landing", "landing", "page"),
        ("device", "Тип устройства", "Device", "device", "lower"), ("city", "Город", "City", "city", "text"),
        ("new", "Новый", "New", "is_new", "flag"), ("views", "Просмотры", "Page views", "page_views", "count"),
        ("seconds", "Время на сайте", "Seconds", "duration_s", "count"), ("bounce", "Отказ", "Bounce", "bounce", "flag"),
        ("goals", "Цели", "Goals", "goals", "text")],
    "forms": [
        ("id", "Номер заявки", "Request", "form_id", "text"), ("at", "Получена", "Received", "at", "stamp"),
        ("form", "Название формы", "Form name", "form", "text"), ("page", "Со страницы", "From page", "page", "page"),
        ("phone", "Телефон клиента", "Phone", "phone", "phone"), ("email", "Почта клиента", "Mail", "email", "email"),
        ("client", "Посетитель", "Visitor", "client", "key"), ("device", "Тип устройства", "Device", "device", "lower"),
        ("utm_source", "utm_source", "utm_source", "utm_source", "lower"),
        ("utm_medium", "utm_medium", "utm_medium", "utm_medium", "lower"),
        ("utm_campaign", "utm_campaign", "utm_campaign", "utm_campaign", "lower")],
    "calls": [
        ("id", "Идентификатор", "Uid", "call_id", "text"), ("at", "Время звонка", "Call started", "at", "stamp"),
        ("direction", "Направление", "Way", "direction", "lower"), ("phone", "Абонент", "Party", "phone", "phone"),
        ("line", "Линия", "Dialled line", "line", "line"), ("trunk", "Транк", "Trunk", "trunk", "text"),
        ("answered", "Отвечен", "Answered", "answered", "flag"), ("talk", "Разговор, с", "Talk", "talk_s", "duration"),
        ("wait", "Ожидание, с", "Wait", "wait_s", "duration"), ("result", "Итог", "Result", "disposition", "text"),
        ("operator", "Сотрудник", "Extension", "operator", "text"), ("client", "Посетитель", "Visitor", "client", "key")],
    "deals": [
        ("id", "Номер сделки", "Deal", "deal_id", "text"), ("created", "Создана", "Created", "created_at", "stamp"),
        ("changed", "Изменена", "Changed", "updated_at", "stamp"), ("closed", "Закрыта", "Closed", "closed_at", "stamp"),
        ("answered", "Первый ответ", "First answer", "first_response_at", "stamp"), ("stage", "Этап", "Step", "stage", "text"),
        ("amount", "Сумма сделки", "Value", "amount", "money"), ("manager", "Менеджер", "Manager", "manager", "text"),
        ("phone", "Телефон клиента", "Phone", "phone", "phone"), ("email", "Почта клиента", "Mail", "email", "email"),
        ("reason", "Почему отказ", "Why lost", "loss_reason", "text")],
    "costs": [
        ("day", "День", "Day", "day", "day"), ("campaign", "Рекламная кампания", "Ad campaign", "campaign", "lower"),
        ("source", "Метка source", "Source", "utm_source", "lower"), ("medium", "Метка medium", "Medium", "utm_medium", "lower"),
        ("shows", "Показано", "Shown", "impressions", "count"), ("clicks", "Переходы", "Clicked", "clicks", "count"),
        ("spend", "Списано", "Spent", "cost", "money")],
}
REQUIRED = {"session_id", "start_at", "at", "call_id", "direction", "answered", "deal_id", "created_at", "stage", "day", "cost"}


def headers(firm: Firm, table: str, present: list) -> dict:
    """Names of the columns in this firm's export of a table, in the order of the file."""
    pick = 1 if firm.has["russian"] else 2
    return {c[0]: c[pick] for c in COLUMNS[table] if c[0] in present}


def delimiter(firm: Firm) -> str:
    """Russian systems write semicolons, the others commas."""
    return ";" if firm.has["russian"] else ","


def format_toml(firm: Firm, table: str, present: list) -> str:
    """The format of one export."""
    named = headers(firm, table, present)
    mark = list(named.values())[:4]
    out = [f'name = "longcycle-{table}"', f'title = "{table} of an invented system"', f'table = "{table}"', "",
           "[recognise]", f"header = {_list(mark)}", "", "[bytes]", f'delimiters = ["{delimiter(firm)}"]', 'decimal = "dot"']
    for internal, _, _, to, read in COLUMNS[table]:
        if internal not in named:
            continue
        order = None
        if read == "stamp":
            read, order = "time", "dmy" if firm.has["russian"] else None
        out += _column(to, named[internal], read, order)
        if table == "costs" and to == "day":
            out += _column("from_day", named[internal], "day", None)
        if table == "deals" and to == "stage" and not firm.has["won_in_pipeline"]:
            _, won, lost = stages(firm)
            out += _column("status", named[internal], "text", None)
            out.append(f'map = {{ "{won.lower()}" = "won", "{lost.lower()}" = "lost", "*" = "open" }}')
    return "\n".join(out) + "\n"


def stages(firm: Firm):
    """Stages on the way, the won one and the lost one."""
    return catalog.STAGE_SETS[firm.seed % len(catalog.STAGE_SETS)]


def pipeline_toml(firm: Firm, tables: list) -> str:
    """The firm's pipeline."""
    p = firm.p
    out = [f'name = "longcycle-{firm.size}-{firm.seed}"', f'title = "Longcycle {firm.trade} {firm.seed}"', 'language = "ru"',
           f'time_zone = "{firm.zone}"', 'currency = "RUB"', "", "[paths]", 'lake = "lake"', 'out = "out"']
    for table in tables:
        out += ["", "[[exports]]", f'name = "{table}"', f'files = ["exports/{table}.csv"]']
        if table in COLUMNS:
            out.append(f'format = "longcycle-{table}"')
        if table == "calls" and firm.has["utc_calls"]:
            out.append('time_zone = "UTC"')
    out += ["", "[channels]", 'base = "ru-default"']
    own = [c for c in firm.channels if c.rule]
    for c in own:
        out += ["", "[[channels.rules]]", f'channel = "{c.id}"', c.rule]
    out += ["", "[channels.titles]"] + [f'{c.id} = "{c.title}"' for c in own]
    if firm.has["lines"]:
        for number, owner in zip(firm.lines, firm.line_channel):
            out += ["", "[[lines]]", f'number = "{number}"', f'name = "Линия {number[-4:]}"']
            out += [f'channel = "{owner}"'] if owner else []
    out += ["", "[sales]", f'deal_window_days = {p["horizon"]}', f'horizon_days = {p["horizon"]}', f'mature_days = {p["mature"]}']
    if firm.has["won_in_pipeline"]:
        _, won, lost = stages(firm)
        out += [f'won_stages = ["{won}"]', f'lost_stages = ["{lost}"]']
    if firm.has["goals"]:
        start, sent, tap = goal_names(firm)
        out += ["", "[[stages]]", 'code = "interest"', 'title = "Начали форму или нажали на номер"', f"goals = {_list([start, tap])}",
                "", "[[stages]]", 'code = "form-sent"', 'title = "Отправили форму"', f"goals = {_list([sent])}"]
        if not firm.has["default_goals"]:
            out += ["", "[diagnosis]", f"form_start = {_list([start])}", f"form_sent = {_list([sent])}", f"phone_tap = {_list([tap])}"]
    return "\n".join(out) + "\n"


def _column(to, header, read, order):
    out = ["", "[[column]]", f'to = "{to}"', f'from = ["{header}"]']
    out += [f'read = "{read}"'] if read != "text" else []
    out += [f'order = "{order}"'] if order else []
    out += ["required = true"] if to in REQUIRED else []
    return out


def _list(items):
    return "[" + ", ".join(f'"{i}"' for i in items) + "]"
