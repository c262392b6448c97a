"""Exports of a firm as the files that its systems would give."""

import numpy as np
import polars as pl

import analytics
from calls import IN, INTERNAL
from deals import LOST, NEW, REASONS, WON, WORK
from firm import DAY, DAYS, FOREIGN
from losses import by_week, record

_DMY, _YMD = "%d.%m.%Y %H:%M:%S", "%Y-%m-%d %H:%M:%S"


def text(values, index):
    """The texts at the positions; -1 is empty."""
    index = np.asarray(index, dtype=np.int64)
    return pl.Series(list(values) + [""], dtype=pl.String).gather(np.where(index < 0, len(values), index))


def moment(firm, seconds, pattern):
    """Local times as text; negative is empty."""
    start = np.datetime64(firm.start.isoformat(), "s")
    known = np.asarray(seconds) >= 0
    out = pl.Series((start + np.asarray(seconds).astype("timedelta64[s]")).astype("datetime64[ms]")).dt.to_string(pattern)
    return out if known.all() else pl.Series(known).to_frame("k").with_columns(v=out).select(pl.when("k").then("v").otherwise(pl.lit(""))).to_series()


def phone(person, way="+7"):
    """Telephone numbers of persons; -1 is empty."""
    person = np.asarray(person, dtype=np.int64)
    digits = pl.Series(9_000_001_000 + (person * 7_368_787 + 1_234_567) % 99_999_000).cast(pl.String)
    return pl.DataFrame({"d": digits, "k": person >= 0}).select(pl.when("k").then(pl.lit(way) + pl.col("d")).otherwise(pl.lit(""))).to_series()


def client(visits, at, named):
    """Client ids of visits, as text; empty where the visit is unknown or nameless."""
    at = np.asarray(at)
    owner = visits["owner"][np.maximum(at, 0)]
    ids = pl.Series(1_600_000_000_000_000_000 + owner.astype(np.int64) * 7_919_131 + visits["t"][owner]).cast(pl.String)
    return pl.DataFrame({"d": ids, "k": (at >= 0) & named}).select(pl.when("k").then("d").otherwise(pl.lit(""))).to_series()


class Gaps:
    """Days that are absent from one export."""

    def __init__(self, incidents):
        self.incidents = [i for i in incidents if i.code == "data_gap"]

    def keep(self, export, times):
        out = np.ones(len(times), bool)
        for incident in self.incidents:
            if incident.pick["export"] == export:
                hit = incident.on(times)
                record(incident, "rows", by_week(times, hit), by_week(times))
                out &= ~hit
        return out


def write(rng, firm, incidents, visits, wish, called, sold, folder):
    """Writes all exports."""
    gaps = Gaps(incidents)
    campaign = _campaigns(rng, firm, visits)
    _sessions(rng, firm, gaps, visits, campaign, folder)
    _costs(rng, firm, gaps, visits, campaign, folder)
    _forms(rng, firm, gaps, visits, wish, campaign, folder)
    _calls(rng, firm, gaps, visits, wish, called, campaign, folder)
    _deals(rng, firm, gaps, visits, wish, sold, campaign, folder)


def _campaigns(rng, firm, visits):
    """Number of the campaign of each visit, over all channels; -1 without one."""
    counts = np.array([len(channel.campaigns) for channel in firm.channels])
    first = np.concatenate([[0], np.cumsum(counts)])[:-1]
    own = (rng.random(len(visits["t"])) ** 1.6 * counts[visits["ch"]]).astype(int)
    return np.where(counts[visits["ch"]] > 0, first[visits["ch"]] + own, -1)


def _tags(firm, visits, campaign, at, known):
    """UTM tags of visits as three columns."""
    channel = np.where(known & (at >= 0) & ~visits["untagged"][np.maximum(at, 0)], visits["ch"][np.maximum(at, 0)], -1)
    names = [name for c in firm.channels for name in c.campaigns]
    own = np.where(channel >= 0, campaign[np.maximum(at, 0)], -1)
    return text([c.source for c in firm.channels], channel), text([c.medium for c in firm.channels], channel), text(names, own)


def _sessions(rng, firm, gaps, visits, campaign, folder):
    at = np.flatnonzero(~visits["gone"] & ~visits["hidden"])
    at = np.sort(np.concatenate([at, at[visits["twice"][at]]]))
    at = at[gaps.keep("sessions", visits["t"][at])]
    channel = np.where(visits["untagged"][at], next(i for i, c in enumerate(firm.channels) if c.id == "direct"), visits["ch"][at])
    of = lambda name: text([getattr(c, name) for c in firm.channels], channel)
    engines = lambda kinds: text([c.engine if c.traffic_type in kinds else "" for c in firm.channels], channel)
    urls = [f"https://{firm.name}.example{page}" for page in firm.pages]
    goal_ids = ["[" + ",".join(str(301 + bit) for bit in range(3) if goal >> bit & 1) + "]" for goal in range(8)]
    source, medium, names = _tags(firm, visits, campaign, at, np.ones(len(at), bool))
    city = visits["city"][at]
    away = rng.random(len(at)) < .3
    leave = np.where((visits["pv"][at] == 1) | away, visits["page"][at], rng.integers(0, len(urls), len(at)))
    frame = pl.DataFrame({
        "ym:s:visitID": np.arange(len(at)) + 5_000_000_000, "ym:s:dateTime": moment(firm, visits["t"][at], _YMD),
        "ym:s:clientID": client(visits, at, np.ones(len(at), bool)), "ym:s:isNewUser": visits["new"][at].astype(int),
        "ym:s:pageViews": visits["pv"][at], "ym:s:visitDuration": visits["dur"][at], "ym:s:bounce": visits["bounce"][at].astype(int),
        "ym:s:startURL": text(urls, visits["page"][at]), "ym:s:endURL": text(urls, leave), "ym:s:goalsID": text(goal_ids, visits["goals"][at]),
        "ym:s:lastsignTrafficSource": of("traffic_type"), "ym:s:lastsignAdvEngine": engines(["ad"]), "ym:s:lastsignSearchEngineRoot": engines(["organic"]),
        "ym:s:lastsignSocialNetwork": engines(["social"]), "ym:s:lastsignMessenger": engines(["messenger"]),
        "ym:s:lastsignRecommendationSystem": engines(["recommend"]), "ym:s:lastsignUTMSource": source, "ym:s:lastsignUTMMedium": medium,
        "ym:s:lastsignUTMCampaign": names, "ym:s:referer": text([f"https://{c.referrer}/" if c.referrer else "" for c in firm.channels], channel),
        "ym:s:regionCountry": text(["Россия", "Германия"], (city < 0).astype(int)), "ym:s:regionCity": text(list(firm.cities) + FOREIGN, np.where(city < 0, len(firm.cities) - city - 1, city)),
        "ym:s:deviceCategory": visits["dev"][at] + 1, "ym:s:operatingSystemRoot": text(["windows", "android", "ios"], visits["dev"][at]),
        "ym:s:browser": text(["chrome", "yandex_browser", "safari"], at % 3),
    })
    if not firm.parameters["has_goals"]:
        frame = frame.drop("ym:s:goalsID")
    if firm.parameters["own_visits"]:
        _own_names(frame).write_csv(folder / "visits.csv")
    else:
        frame.write_csv(folder / "visits.tsv", separator="\t", quote_style="never")


def _own_names(frame):
    """The same visits as another counter would name them: one column for the detail of the traffic type."""
    details = [name for name in frame.columns if name.startswith("ym:s:lastsign") and not name.endswith("Source") and "UTM" not in name]
    frame = frame.with_columns(detail=pl.concat_str(details)).drop(details)
    return frame.rename({name: name.removeprefix("ym:s:").removeprefix("lastsign") for name in frame.columns if name != "detail"})


def _costs(rng, firm, gaps, visits, campaign, folder):
    if not firm.parameters["has_costs"]:
        return
    paid = np.array([channel.paid for channel in firm.channels])
    names = [(name, c) for c in firm.channels for name in c.campaigns]
    hit = paid[visits["ch"]] & ~visits["gone"]
    counts = np.zeros((DAYS, max(1, len(names))))
    np.add.at(counts, (visits["t"][hit] // DAY, campaign[hit]), 1)
    day, own = np.nonzero(counts)
    keep = gaps.keep("costs", day * DAY)
    day, own = day[keep], own[keep]
    clicks = rng.poisson(counts[day, own] * firm.parameters["click_loss"]) + counts[day, own].astype(int)
    cost = clicks * np.array([c.cpc for _, c in names] or [0])[own] * np.exp(rng.normal(0, .1, len(day)))
    pl.DataFrame({
        "Day": moment(firm, day * DAY, "%Y-%m-%d"), "Source": text([c.source for _, c in names], own), "Medium": text([c.medium for _, c in names], own),
        "Campaign name": text([name for name, _ in names], own), "Shown": (clicks * rng.uniform(15, 40, len(day))).astype(int), "Clicked": clicks, "Spent": np.round(cost, 2),
    }).write_csv(folder / "costs.csv")


def _forms(rng, firm, gaps, visits, wish, campaign, folder):
    at = np.flatnonzero(wish["sent"])
    at = at[gaps.keep("forms", wish["t"][at])]
    visit = wish["visit"][at]
    named = (rng.random(len(at)) < firm.parameters["client_forms"]) & ~visits["nameless"][visit]
    source, medium, names = _tags(firm, visits, campaign, visit, np.full(len(at), firm.parameters["utm_on_contacts"]))
    pl.DataFrame({
        "ID заявки": at + 100_000, "Дата": moment(firm, wish["t"][at], _DMY), "Форма": text(firm.forms, wish["form"][at]),
        "Страница": text([f"https://{firm.name}.example{page}" for page in firm.pages], wish["page"][at]), "Телефон": phone(wish["person"][at], "8"),
        "E-mail": "", "ClientID": client(visits, visit, named), "Устройство": text(["desktop", "mobile", "tablet"], wish["dev"][at]),
        "utm_source": source, "utm_medium": medium, "utm_campaign": names,
    }).write_csv(folder / "forms.csv", separator=";")


def _calls(rng, firm, gaps, visits, wish, called, campaign, folder):
    number = np.arange(len(called["t"])) + 1_000_000
    first = (called["way"] == IN) & (called["wish"] >= 0)
    visit = np.where(first, wish["visit"][np.maximum(called["wish"], 0)], -1)
    tracked = rng.random(len(number)) < firm.parameters["client_calls"]
    named = first & tracked & (visit >= 0) & ~visits["nameless"][np.maximum(visit, 0)]
    keep = gaps.keep("calls", called["t"])
    column = firm.parameters["links"] == "column"
    frame = {
        "Call": number, "Start": moment(firm, called["t"], _YMD), "Direction": text(["in", "out", "internal"], called["way"]),
        "Number": phone(called["person"], "7"), "Line": text([line["number"] for line in firm.lines], called["line"]),
        "Trunk": text([f"trunk-{n + 1}" for n in range(9)], called["trunk"]), "Answered": called["answered"].astype(int), "Talk": called["talk"], "Wait": called["wait"],
        "Result": text(["ANSWERED", "NO ANSWER", "BUSY", "FAILED"], called["how"]),
        "Operator": text([str(201 + n) for n in range(len(firm.managers))], np.where((called["way"] == IN) & ~called["answered"], -1, called["operator"])),
        "Client": client(visits, visit, named & column),
    }
    dropped = ([] if firm.parameters["has_trunk"] else ["Trunk"]) + ([] if firm.parameters["has_operator"] else ["Operator"]) + ([] if column else ["Client"])
    pl.DataFrame(frame).filter(pl.Series(keep)).drop(dropped).write_csv(folder / "calls.csv")
    if not column:
        at = np.flatnonzero(named)
        source, medium, names = _tags(firm, visits, campaign, visit[at], np.ones(len(at), bool))
        pl.DataFrame({
            "Дата и время": moment(firm, called["t"][at], _DMY), "Номер абонента": phone(called["person"][at]), "Номер линии": frame["Line"].gather(at),
            "ID звонка": number[at], "ClientID": client(visits, visit[at], np.ones(len(at), bool)),
            "Страница": text([f"https://{firm.name}.example{page}" for page in firm.pages], visits["page"][visit[at]]),
            "utm_source": source, "utm_medium": medium, "utm_campaign": names,
        }).write_csv(folder / "links.csv", separator=";")


STAGES = {
    "amocrm": ["Неразобранное", "Переговоры", "Успешно реализовано", "Закрыто и не реализовано"],
    "bitrix24": ["Новая", "В работе", "Сделка успешна", "Сделка провалена"],
    "own": ["new", "in work", "won", "lost"],
}


def _deals(rng, firm, gaps, visits, wish, sold, campaign, folder):
    keep = gaps.keep("deals", sold["created"])
    sold = {key: values[keep] for key, values in sold.items()}
    size, crm = len(sold["created"]), firm.parameters["sales"]["crm"]
    state = np.where(sold["done"], np.where(sold["won"], WON, LOST), np.where(sold["fresh"], NEW, WORK))
    number = np.arange(size) + 50_000
    changed = np.where(sold["done"], sold["closed"], np.where(sold["fresh"], sold["created"], np.minimum(DAYS * DAY - 1, sold["created"] + rng.integers(3600, 20 * DAY, size))))
    closed = np.where(sold["done"], sold["closed"], -1)
    visit = wish["visit"][sold["wish"]]
    named = (rng.random(size) < .4 * firm.parameters["per_client"]) & (visit >= 0) & ~visits["nameless"][np.maximum(visit, 0)]
    source, medium, names = _tags(firm, visits, campaign, visit, named)
    reasons = text(REASONS, np.where((state == LOST) & firm.parameters["sales"]["reasons"], sold["reason"], 0))
    stage, who, amount = text(STAGES[crm], state), text(firm.managers, sold["manager"]), sold["amount"]
    if crm == "amocrm":
        frame = {"ID": number, "Название сделки": pl.Series(number).cast(pl.String), "Ответственный": who, "Дата создания": moment(firm, sold["created"], _DMY),
                 "Дата редактирования": moment(firm, changed, _DMY), "Дата закрытия": moment(firm, closed, _DMY), "Воронка": "Продажи", "Этап сделки": stage,
                 "Бюджет": amount.astype(int), "Причина отказа": reasons, "Рабочий телефон": phone(sold["person"], "'+7"), "_ym_uid": client(visits, visit, named),
                 "utm_source": source, "utm_medium": medium, "utm_campaign": names}
        pl.DataFrame(frame).write_csv(folder / "deals.csv")
    elif crm == "bitrix24":
        frame = {"ID": number, "Стадия сделки": stage, "Название": pl.Series(number).cast(pl.String), "Ответственный": who, "Дата создания": moment(firm, sold["created"], _DMY),
                 "Дата изменения": moment(firm, changed, _DMY), "Дата закрытия": moment(firm, closed, _DMY), "Сумма": amount.astype(int), "Валюта": "Российский рубль",
                 "Рабочий телефон": phone(sold["person"]), "Источник": "Сайт", "UTM Source": source, "UTM Medium": medium, "UTM Campaign": names}
        pl.DataFrame(frame).write_csv(folder / "deals.csv", separator=";")
    else:
        frame = {"Deal": number, "Created": moment(firm, sold["created"], _YMD), "Changed": moment(firm, changed, _YMD), "Closed": moment(firm, closed, _YMD), "Stage": stage,
                 "Owner": who, "Sum": amount.astype(int), "Reason": reasons, "Phone": phone(sold["person"], "8"), "Person": sold["person"] + 1,
                 "Client id": client(visits, visit, named)}
        pl.DataFrame(frame).write_csv(folder / "deals.csv")
