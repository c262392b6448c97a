"""Exports that hold people: forms, calls with their links to visits, deals."""

import numpy as np
import polars as pl

from calls import IN
from cells import DMY, YMD, client, moment, phone, tags, text
from deals import LOST, NEW, REASONS, WON, WORK
from firm import DAY, DAYS


def forms(rng, firm, gaps, visits, wish, campaign, folder):
    at = np.flatnonzero(wish["sent"])
    at = at[gaps.keep("forms", wish["t"][at])]
    visit = wish["visit"][at]
    named = (rng.random(len(at)) < firm.parameters["client_forms"]) & ~visits["nameless"][visit]
    source, medium, names = tags(firm, visits, campaign, visit, np.full(len(at), firm.parameters["utm_on_contacts"]))
    pl.DataFrame(
        {
            "ID заявки": at + 100_000,
            "Дата": moment(firm, wish["t"][at], DMY),
            "Форма": text(firm.forms, wish["form"][at]),
            "Страница": text([f"https://{firm.name}.example{page}" for page in firm.pages], wish["page"][at]),
            "Телефон": phone(wish["person"][at], "8"),
            "E-mail": "",
            "ClientID": client(visits, visit, named),
            "Устройство": text(["desktop", "mobile", "tablet"], wish["dev"][at]),
            "utm_source": source,
            "utm_medium": medium,
            "utm_campaign": names,
        }
    ).write_csv(folder / "forms.csv", separator=";")


def calls(rng, firm, gaps, visits, wish, called, campaign, folder):
    number = np.arange(len(called["t"])) + 1_000_000
    first = (called["way"] == IN) & (called["wish"] >= 0)
    visit = np.where(first, wish["visit"][np.maximum(called["wish"], 0)], -1)
    tracked = rng.random(len(number)) < firm.parameters["client_calls"]
    named = first & tracked & (visit >= 0) & ~visits["nameless"][np.maximum(visit, 0)]
    keep = gaps.keep("calls", called["t"])
    column = firm.parameters["links"] == "column"
    frame = {
        "Call": number,
        "Start": moment(firm, called["t"], YMD),
        "Direction": text(["in", "out", "internal"], called["way"]),
        "Number": phone(called["person"], "7"),
        "Line": text([line["number"] for line in firm.lines], called["line"]),
        "Trunk": text([f"trunk-{n + 1}" for n in range(9)], called["trunk"]),
        "Answered": called["answered"].astype(int),
        "Talk": called["talk"],
        "Wait": called["wait"],
        "Result": text(["ANSWERED", "NO ANSWER", "BUSY", "FAILED"], called["how"]),
        "Operator": text(
            [str(201 + n) for n in range(len(firm.managers))],
            np.where((called["way"] == IN) & ~called["answered"], -1, called["operator"]),
        ),
        "Client": client(visits, visit, named & column),
    }
    dropped = (
        ([] if firm.parameters["has_trunk"] else ["Trunk"])
        + ([] if firm.parameters["has_operator"] else ["Operator"])
        + ([] if column else ["Client"])
    )
    pl.DataFrame(frame).filter(pl.Series(keep)).drop(dropped).write_csv(folder / "calls.csv")
    if not column:
        at = np.flatnonzero(named)
        source, medium, names = tags(firm, visits, campaign, visit[at], np.ones(len(at), bool))
        pl.DataFrame(
            {
                "Дата и время": moment(firm, called["t"][at], DMY),
                "Номер абонента": phone(called["person"][at]),
                "Номер линии": frame["Line"].gather(at),
                "ID звонка": number[at],
                "ClientID": client(visits, visit[at], np.ones(len(at), bool)),
                "Страница": text(
                    [f"https://{firm.name}.example{page}" for page in firm.pages], visits["page"][visit[at]]
                ),
                "utm_source": source,
                "utm_medium": medium,
                "utm_campaign": names,
            }
        ).write_csv(folder / "links.csv", separator=";")


STAGES = {
    "amocrm": ["Неразобранное", "Переговоры", "Успешно реализовано", "Закрыто и не реализовано"],
    "bitrix24": ["Новая", "В работе", "Сделка успешна", "Сделка провалена"],
    "own": ["new", "in work", "won", "lost"],
}


def deals(rng, firm, gaps, visits, wish, sold, campaign, folder):
    keep = gaps.keep("deals", sold["created"])
    sold = {key: values[keep] for key, values in sold.items()}
    size, crm = len(sold["created"]), firm.parameters["sales"]["crm"]
    state = np.where(sold["done"], np.where(sold["won"], WON, LOST), np.where(sold["fresh"], NEW, WORK))
    number = np.arange(size) + 50_000
    changed = np.where(
        sold["done"],
        sold["closed"],
        np.where(
            sold["fresh"],
            sold["created"],
            np.minimum(DAYS * DAY - 1, sold["created"] + rng.integers(3600, 20 * DAY, size)),
        ),
    )
    closed = np.where(sold["done"], sold["closed"], -1)
    visit = wish["visit"][sold["wish"]]
    named = (
        (rng.random(size) < 0.4 * firm.parameters["per_client"])
        & (visit >= 0)
        & ~visits["nameless"][np.maximum(visit, 0)]
    )
    source, medium, names = tags(firm, visits, campaign, visit, named)
    reasons = text(REASONS, np.where((state == LOST) & firm.parameters["sales"]["reasons"], sold["reason"], 0))
    stage, who, amount = text(STAGES[crm], state), text(firm.managers, sold["manager"]), sold["amount"]
    if crm == "amocrm":
        frame = {
            "ID": number,
            "Название сделки": pl.Series(number).cast(pl.String),
            "Ответственный": who,
            "Дата создания": moment(firm, sold["created"], DMY),
            "Дата редактирования": moment(firm, changed, DMY),
            "Дата закрытия": moment(firm, closed, DMY),
            "Воронка": "Продажи",
            "Этап сделки": stage,
            "Бюджет": amount.astype(int),
            "Причина отказа": reasons,
            "Рабочий телефон": phone(sold["person"], "'+7"),
            "_ym_uid": client(visits, visit, named),
            "utm_source": source,
            "utm_medium": medium,
            "utm_campaign": names,
        }
        pl.DataFrame(frame).write_csv(folder / "deals.csv")
    elif crm == "bitrix24":
        frame = {
            "ID": number,
            "Стадия сделки": stage,
            "Название": pl.Series(number).cast(pl.String),
            "Ответственный": who,
            "Дата создания": moment(firm, sold["created"], DMY),
            "Дата изменения": moment(firm, changed, DMY),
            "Дата закрытия": moment(firm, closed, DMY),
            "Сумма": amount.astype(int),
            "Валюта": "Российский рубль",
            "Рабочий телефон": phone(sold["person"]),
            "Источник": "Сайт",
            "UTM Source": source,
            "UTM Medium": medium,
            "UTM Campaign": names,
        }
        pl.DataFrame(frame).write_csv(folder / "deals.csv", separator=";")
    else:
        frame = {
            "Deal": number,
            "Created": moment(firm, sold["created"], YMD),
            "Changed": moment(firm, changed, YMD),
            "Closed": moment(firm, closed, YMD),
            "Stage": stage,
            "Owner": who,
            "Sum": amount.astype(int),
            "Reason": reasons,
            "Phone": phone(sold["person"], "8"),
            "Person": sold["person"] + 1,
            "Client id": client(visits, visit, named),
        }
        pl.DataFrame(frame).write_csv(folder / "deals.csv")
