"""Calls, in and out, as the telephony tells them."""
from types import SimpleNamespace

import numpy as np

from exports.contacts import clients, tags
from exports.files import HALF_YEAR, blank_zero, clock_text, names, phones, stamp, write_parts, write_table
from world.attempts import ANSWERED, FAILED, MISSED
from world.clock import END, HOUR, skip_spring_gap
from world.draws import stream
from world.wishes import CALL

HOURS_BEHIND = {"Asia/Yekaterinburg": 2, "Asia/Novosibirsk": 4}       # of Moscow
FIRST_EXTENSION = 101


def write_calls(world, incidents, course, told, folder):
    """Returns how many there are."""
    calls = describe(world, incidents, course, told)
    table, separator = FORMATS[world.firm.calls_format](calls)
    write_parts(f"{folder}/calls-%02d.csv", calls.t, table, separator, HALF_YEAR)
    if world.firm.has_call_links:
        write_links(calls, folder)
    return len(calls.t)


def outgoing(world, incidents, course):
    """Call-backs, and first answers to forms."""
    firm, deals, callbacks = world.firm, course.deals, course.callbacks
    if firm.calls_format == "calltouch":                              # which knows incoming ones only
        return {key: column[:0] for key, column in callbacks.items()}
    rng = stream(firm.seed, "outbound")
    row = np.flatnonzero(deals["written"] & deals["touched"] & (deals["answered"] < END))
    wish = np.concatenate([callbacks["wish"], deals["wish"][row]])
    t = np.concatenate([callbacks["t"], deals["answered"][row]])
    answered = np.concatenate([callbacks["answered"].astype(bool), rng.random(len(row)) < .74])
    talk = np.concatenate([callbacks["talk"], np.exp(rng.normal(4.5, .8, len(row))).astype(int)])
    told = t < END
    for incident in incidents:                                        # a gap takes those that went out as well
        if incident.hides:
            told &= ~incident.hides(t, np.full(len(t), CALL))
    calls = {"wish": wish, "t": t, "answered": answered, "talk": np.where(answered, talk, 0)}
    return {key: column[told] for key, column in calls.items()}


def incoming_and_outgoing(world, incidents, course):
    """All calls in order of time, as a dict of arrays."""
    contacts = course.contacts
    incoming = contacts["seen"] & (contacts["kind"] == CALL)
    incoming = {key: contacts[key][incoming] for key in ("wish", "t", "answered", "talk", "disposition", "wait")}
    incoming["inbound"] = np.full(len(incoming["t"]), True)
    out = outgoing(world, incidents, course)
    count = len(out["t"])
    out |= {"disposition": np.where(out["answered"], ANSWERED, MISSED), "wait": np.full(count, 9),
            "inbound": np.full(count, False)}
    calls = {key: np.concatenate([column, out[key]]) for key, column in incoming.items()}
    order = np.lexsort((calls["wish"], calls["t"]))
    return {key: column[order] for key, column in calls.items()}


def describe(world, incidents, course, told):
    """Columns of all formats; `time` is the text of the call's beginning."""
    firm = world.firm
    calls = SimpleNamespace(firm=firm, **incoming_and_outgoing(world, incidents, course))
    calls.answered = calls.answered.astype(bool)
    wish, count = calls.wish, len(calls.t)
    rng = stream(firm.seed, "call-detail")
    manager = np.full(world.count, -1)
    manager[course.deals["wish"]] = course.deals["manager"]
    anybody = rng.integers(0, len(firm.managers), count)
    calls.manager = np.where(manager[wish] >= 0, manager[wish], anybody)
    line = world.line[wish]
    calls.number = names([line["number"] for line in firm.lines], line)
    calls.trunk = names([line["trunk"] for line in firm.lines], line)
    calls.phone = phones(firm, world.wishes["person"][wish])
    tracked = (firm.tracking == "dynamic") & calls.inbound & np.isin(line, firm.pool)
    calls.client = np.where(tracked, clients(world, incidents, told, wish, rng.random(count)), 0)
    known = calls.client != 0
    calls.source, calls.medium, calls.campaign = [np.where(known, tag, "") for tag in tags(world, told, wish)]
    calls.t = skip_spring_gap(firm, calls.t)
    calls.id = 70_000_000 + np.arange(count) * 3 + firm.seed
    calls.failed = calls.disposition == FAILED
    calls.busy = ~calls.answered & (calls.disposition == MISSED) & (rng.random(count) < .12)
    calls.extension = (FIRST_EXTENSION + calls.manager).astype(str)
    calls.employee = names(firm.managers, calls.manager)
    behind = HOURS_BEHIND[firm.time_zone] * HOUR if firm.calls_time_zone != firm.time_zone else 0
    calls.time = lambda style, later=0: stamp(firm, calls.t + later, style, -behind)
    return calls


def calltouch(calls):
    return {
        "callId": calls.id,
        "date": calls.time("dmy"),
        "callerNumber": calls.phone,
        "phoneNumber": calls.number,
        "duration": calls.talk,
        "waitingConnect": calls.wait,
        "successful": calls.answered.astype(int),
        "yaClientId": blank_zero(calls.client),
        "utmSource": calls.source,
        "utmMedium": calls.medium,
        "utmCampaign": calls.campaign,
    }, ","


def uis(calls):
    end = np.where(calls.answered, "subscriber_disconnects", "no_operator_answer")
    return {
        "id": calls.id,
        "start_time": calls.time("iso"),
        "virtual_phone_number": calls.number,
        "contact_phone_number": calls.phone,
        "direction": np.where(calls.inbound, "in", "out"),
        "is_lost": np.where(calls.answered, "false", "true"),
        "talk_duration": calls.talk,
        "wait_duration": calls.wait,
        "finish_reason": np.where(calls.failed, "trunk_error", end),
        "ym_client_id": blank_zero(calls.client),
        "utm_source": calls.source,
        "utm_medium": calls.medium,
        "utm_campaign": calls.campaign,
    }, ";"


def callrail(calls):
    return {
        "id": np.char.add("CAL", calls.id.astype(str)),
        "start_time": calls.time("iso"),
        "customer_phone_number": calls.phone,
        "tracking_phone_number": np.char.add("+", calls.number.astype(str)),
        "direction": np.where(calls.inbound, "inbound", "outbound"),
        "answered": np.where(calls.answered, "true", "false"),
        "duration": calls.talk,
        "call_type": np.where(calls.answered, "answered", np.where(calls.failed, "failed", "abandoned")),
        "utm_source": calls.source,
        "utm_medium": calls.medium,
        "utm_campaign": calls.campaign,
    }, ","


def mango(calls):
    inbound, answered = calls.inbound, calls.answered
    return {
        "Направление": np.where(inbound, "Входящий", "Исходящий"),
        "Телефон (Кто звонил)": np.where(inbound, calls.phone, calls.extension),
        "Кто звонил": np.where(inbound, "", calls.employee),
        "Телефон (Кому звонил)": np.where(inbound, calls.extension, calls.phone),
        "Кому звонил": np.where(inbound & answered, calls.employee, ""),
        "Куда звонил": np.where(inbound, calls.number, ""),
        "Поступил в компанию": calls.time("dmy"),
        "Начало разговора": np.where(answered, calls.time("dmy", calls.wait), ""),
        "Длительность": clock_text(calls.talk),
        "Уникальный идентификатор": np.char.add("MTo", calls.id.astype(str)),
    }, ";"


def plain(calls):
    return {
        "ID звонка": calls.id,
        "Дата и время": calls.time("dmy"),
        "Тип звонка": np.where(calls.inbound, "входящий", "исходящий"),
        "Номер клиента": calls.phone,
        "Номер линии": calls.number,
        "Статус": np.where(calls.answered, "отвечен", np.where(calls.failed, "неуспешный", "пропущен")),
        "Длительность разговора": calls.talk,
        "Время ожидания": calls.wait,
        "Сотрудник": np.where(calls.answered, calls.employee, ""),
    }, ";"


def bare(calls):
    """An own exchange that does not tell lines."""
    result = names(["ANSWERED", "NO ANSWER", "FAILED", "ANSWERED"], calls.disposition)
    return {
        "call": calls.id,
        "when": calls.time("iso"),
        "way": np.where(calls.inbound, "in", "out"),
        "subscriber": calls.phone,
        "result": np.where(calls.busy, "BUSY", result),
        "talk": calls.talk,
        "ring": calls.wait,
        "ext": np.where(calls.answered | ~calls.inbound, calls.extension, ""),
    }, ";"


def own(calls):
    table, separator = bare(calls)
    return table | {"did": calls.number, "trunk": calls.trunk}, separator


FORMATS = {"calltouch": calltouch, "uis": uis, "callrail": callrail, "mango": mango, "plain": plain, "bare": bare, "own": own}


def write_links(calls, folder):
    """Which visitor rang, of the calls to numbers that are shown in turn."""
    table = {
        "Дата и время": calls.time("dmy"),
        "Номер абонента": calls.phone,
        "ClientID": calls.client,
        "Номер линии": calls.number,
        "ID звонка": calls.id,
    }
    write_table(f"{folder}/call-links.csv", table, ";", np.flatnonzero(calls.client != 0))
