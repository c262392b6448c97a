"""Writes deals and the history of their stages in the formats of CRMs."""
from types import SimpleNamespace

import numpy as np

from exports.deals import DUPLICATE
from exports.files import blank_zero, names, phones, stamp, write_table
from world.clock import skip_spring_gap
from world.sales import LOST, WON

STATUSES = ["lost", "open", "won"]
PHONE_STYLES = {"amo": "pretty", "bitrix": "8"}


def write_deals(told, folder):
    """Returns how many there are, and how many won."""
    firm, table = told.firm, told.table
    deals = SimpleNamespace(**table)
    deals.firm = firm
    deals.phone = phones(firm, deals.person, PHONE_STYLES.get(firm.deals_format, "7"))
    deals.owner = names(firm.managers, deals.manager)
    deals.amount = deals.amount.astype(int)
    titles = [channel["title"] for channel in firm.channels]
    deals.origin = names([*titles, "Звонок" if firm.russian else "Phone"], deals.channel)
    deals.status = names(STATUSES, deals.end + 1)
    deals.client = blank_zero(deals.client)
    deals.time = lambda key, style: stamp(firm, table[key], style)
    columns, separator = FORMATS[firm.deals_format](deals)
    write_table(f"{folder}/deals.csv", columns, separator)
    return {"deals": len(deals.id), "won": int((deals.end == WON).sum())}


def closed(deals, style, still_open="", only=True):
    """Times of closing, of all that are closed or of some of them."""
    text = stamp(deals.firm, np.maximum(deals.closed, 0), style)
    return np.where((deals.closed >= 0) & only, text.astype(object), still_open)


def renamed(deals, won, lost):
    """Stages, with other names for those that end a deal."""
    return np.where(deals.end == WON, won, np.where(deals.end == LOST, lost, deals.stage))


def amo(deals):
    return {
        "ID": deals.id,
        "Воронка": "Продажи",
        "Этап сделки": deals.stage,
        "Бюджет": deals.amount,
        "Ответственный": deals.owner,
        "Дата создания": deals.time("created", "dmy"),
        "Дата редактирования": deals.time("updated", "dmy"),
        "Дата закрытия": closed(deals, "dmy", "не закрыта"),
        "Причина отказа": deals.reason,
        "Мобильный телефон": deals.phone,
        "utm_source": deals.source,
        "utm_medium": deals.medium,
        "utm_campaign": deals.campaign,
        "_ym_uid": deals.client,
    }, ","


def bitrix(deals):
    return {
        "ID": deals.id,
        "Воронка": "Общая",
        "Стадия сделки": deals.stage,
        "Сумма": deals.amount,
        "Валюта": "Российский рубль",
        "Ответственный": deals.owner,
        "Дата создания": deals.time("created", "dmy"),
        "Дата изменения": deals.time("updated", "dmy"),
        "Дата закрытия": closed(deals, "dmy"),
        "Причина отказа": deals.reason,
        "Мобильный телефон": deals.phone,
        "Источник": deals.origin,
        "UTM Source": deals.source,
        "UTM Medium": deals.medium,
        "UTM Campaign": deals.campaign,
    }, ";"


def plain_russian(deals):
    return {
        "ID": deals.id,
        "Дата создания": deals.time("created", "dmy"),
        "Дата изменения": deals.time("updated", "dmy"),
        "Дата закрытия": closed(deals, "dmy"),
        "Этап": deals.stage,
        "Сумма": deals.amount,
        "Менеджер": deals.owner,
        "Телефон": deals.phone,
        "ClientID": deals.client,
        "Причина отказа": deals.reason,
    }, ";"


def plain_english(deals):
    return {
        "id": deals.id,
        "created": deals.time("created", "iso"),
        "updated": deals.time("updated", "iso"),
        "closed": closed(deals, "iso"),
        "stage": deals.stage,
        "status": deals.status,
        "amount": deals.amount,
        "manager": deals.owner,
        "phone": deals.phone,
        "client_id": deals.client,
        "loss reason": deals.reason,
    }, ","


def hubspot(deals):
    return {
        "Record ID": deals.id,
        "Deal Stage": renamed(deals, "Closed Won", "Closed Lost"),
        "Create Date": deals.time("created", "iso"),
        "Last Modified Date": deals.time("updated", "iso"),
        "Close Date": closed(deals, "iso"),
        "Is Closed Won": np.where(deals.end == WON, "true", "false"),
        "Is closed lost": np.where(deals.end == LOST, "true", "false"),
        "Amount": deals.amount,
        "Currency": "GBP",
        "Deal owner": deals.owner,
        "Phone Number": deals.phone,
        "Original Traffic Source": deals.origin,
        "Closed Lost Reason": deals.reason,
    }, ","


def pipedrive(deals):
    """A closed deal stays in a stage there."""
    return {
        "Deal - ID": deals.id,
        "Deal - Title": np.char.add("Deal ", deals.id.astype(str)),
        "Deal - Status": deals.status,
        "Deal - Stage": renamed(deals, deals.firm.stages[-1], deals.firm.stages[1]),
        "Deal - Deal created": deals.time("created", "iso"),
        "Deal - Update time": deals.time("updated", "iso"),
        "Deal - Won time": closed(deals, "iso", only=deals.end == WON),
        "Deal - Lost time": closed(deals, "iso", only=deals.end == LOST),
        "Deal - Value": deals.amount,
        "Deal - Currency": "GBP",
        "Deal - Owner": deals.owner,
        "Person - Phone - Mobile": deals.phone,
        "Deal - Lost reason": deals.reason,
    }, ","


FORMATS = {"amo": amo, "bitrix": bitrix, "plain": plain_russian, "hubspot": hubspot, "pipedrive": pipedrive,
           "plain-en": plain_english}


def write_stages(told, folder):
    """Every step of every deal, and its closing; duplicates have none."""
    firm, deals, steps = told.firm, told.deals, told.steps
    is_own = told.table["row"] != DUPLICATE
    ids, stage = np.empty(len(steps.at), int), np.empty(len(steps.at), object)
    ids[told.table["row"][is_own]] = told.table["id"][is_own]
    stage[told.table["row"][is_own]] = told.table["stage"][is_own]
    stages = np.array([*firm.stages, ""], object)           # the last one is before the first
    rows = []
    for nth in range(len(firm.stages)):
        deal = np.flatnonzero(steps.reached[:, nth])
        rows.append((ids[deal], steps.t[deal, nth], np.full(len(deal), stages[nth - 1]), np.full(len(deal), stages[nth]),
                     deals["manager"][deal]))
    deal = np.flatnonzero(deals["is_closed"])
    rows.append((ids[deal], deals["close"][deal], stages[steps.at[deal]], stage[deal], deals["manager"][deal]))
    ids, t, before, after, manager = [np.concatenate(column) for column in zip(*rows)]
    order = np.lexsort((ids, t))
    t = skip_spring_gap(firm, t[order])
    columns = [stamp(firm, t, "dmy" if firm.russian else "iso"), ids[order], before[order], after[order],
               names(firm.managers, manager[order])]
    header = ["at", "deal_id", "stage_from", "stage_to", "author"]
    if firm.russian:
        header = ["Дата", "ID сделки", "Этап до", "Этап после", "Автор"]
    write_table(f"{folder}/stages.csv", dict(zip(header, columns)), ";" if firm.russian else ",")
