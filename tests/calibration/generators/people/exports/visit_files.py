"""Writes visits as Metrica Logs, as an own counter, or as GA4 sessions."""
import csv

import numpy as np

from exports.files import BROWSER_NAMES, DEVICE_NAMES, names, page_urls, stamp, write_parts
from exports.visits import AS_DIRECT, AS_REFERRAL
from world.clock import unix_microseconds

GATEWAY = {"traffic_type": "referral", "engine": "", "referrer": "https://pay.kassa-gate.example/"}
REDIRECT = "click-hub.example"
GOALS = ["", "101", "102", "101,102", "103", "101,103", "102,103", "101,102,103"]
SYSTEMS = np.array([["windows", "macos"], ["android", "ios"], ["android", "ios"]], object)


def write_visits(firm, told, folder):
    """Returns how many there are."""
    columns = told.columns
    browser = BROWSER_NAMES[columns["device"], columns["browser"]]
    common = {
        "id": 3_000_000_000_000 + np.arange(len(columns["t"]), dtype=np.int64) * 977 + firm.seed,
        "url": page_urls(firm, columns["page"]),
        "town": names(firm.towns + firm.far_towns, columns["town"]),
        "device": DEVICE_NAMES[columns["device"]],
        "system": SYSTEMS[columns["device"], np.isin(browser, ["mobile_safari", "safari"]).astype(int)],
        "browser": browser,
        "goals": names(GOALS, columns["goal"]),
    }
    WRITERS[firm.visits_format](firm, columns, columns | common, folder)
    return len(columns["t"])


def of_channel(firm, columns, key):
    return names([channel.get(key, "") for channel in [*firm.channels, GATEWAY]], columns["channel"])


def russian_sources(firm, columns):
    """Traffic type, engine, tags and referrer, or what is left of them."""
    source = columns["source"]
    lost = source > 0
    told = {key: np.where(lost, "", of_channel(firm, columns, key)) for key in ("engine", "source", "medium")}
    told["campaign"] = np.where(lost, "", names(firm.campaigns + [""], columns["campaign"]))
    choices = [source == AS_DIRECT, source == AS_REFERRAL]
    told["traffic_type"] = np.select(choices, ["direct", "referral"], of_channel(firm, columns, "traffic_type"))
    told["referrer"] = np.select(choices, ["", f"https://redirect.{REDIRECT}/"], of_channel(firm, columns, "referrer"))
    return told


def write_metrica(firm, columns, visit, folder):
    told = russian_sources(firm, columns)
    engine = {kind: np.where(told["traffic_type"] == kind, told["engine"], "")
              for kind in ("ad", "organic", "messenger", "recommend")}
    table = {
        "visitID": visit["id"],
        "dateTime": stamp(firm, visit["t"]),
        "clientID": visit["client"],
        "isNewUser": (visit["nth"] == 0).astype(int),
        "pageViews": visit["pages"],
        "visitDuration": visit["seconds"],
        "bounce": visit["bounce"].astype(int),
        "startURL": visit["url"],
        "goalsID": names([f"[{goals}]" for goals in GOALS], columns["goal"]),
        "lastTrafficSource": told["traffic_type"],
        "lastAdvEngine": engine["ad"],
        "lastSearchEngineRoot": engine["organic"],
        "lastMessenger": engine["messenger"],
        "lastRecommendationSystem": engine["recommend"],
        "lastUTMSource": told["source"],
        "lastUTMMedium": told["medium"],
        "lastUTMCampaign": told["campaign"],
        "referer": told["referrer"],
        "regionCity": visit["town"],
        "deviceCategory": columns["device"] + 1,
        "operatingSystemRoot": visit["system"],
        "browser": visit["browser"],
    }
    if not firm.has_goals:
        del table["goalsID"]
    table = {f"ym:s:{key}": column for key, column in table.items()}
    write_parts(f"{folder}/visits-%02d.tsv", visit["t"], table, "\t", quoting=csv.QUOTE_NONE)


def write_own(firm, columns, visit, folder):
    told = russian_sources(firm, columns)
    table = {
        "Визит": visit["id"],
        "Начало": stamp(firm, visit["t"], "dmy"),
        "Посетитель": visit["client"],
        "Новый": np.where(visit["nth"] == 0, "да", "нет"),
        "Просмотры": visit["pages"],
        "Секунд": visit["seconds"],
        "Отказ": np.where(visit["bounce"], "да", "нет"),
        "Вход": visit["url"],
        "Тип источника": told["traffic_type"],
        "Система": told["engine"],
        "Метка source": told["source"],
        "Метка medium": told["medium"],
        "Метка campaign": told["campaign"],
        "Реферер": told["referrer"],
        "Город": visit["town"],
        "Устройство": visit["device"],
        "ОС": visit["system"],
        "Браузер": visit["browser"],
    }
    if firm.has_goals:
        table["Цели"] = visit["goals"]
    write_parts(f"{folder}/visits-%02d.csv", visit["t"], table, ";")


def write_ga4(firm, columns, visit, folder):
    source = columns["source"]
    choices = [source == AS_DIRECT, source == AS_REFERRAL]
    campaign = np.where(source > 0, "", names(firm.campaigns + [""], columns["campaign"]))
    table = {
        "session_id": visit["id"],
        "user_pseudo_id": visit["client"],
        "session_start": unix_microseconds(firm, visit["t"]),
        "session_number": visit["nth"] + 1,
        "session_engaged": (~visit["bounce"]).astype(int),
        "page_views": visit["pages"],
        "engagement_sec": visit["seconds"],
        "page_location": visit["url"],
        "source": np.select(choices, ["(direct)", REDIRECT], of_channel(firm, columns, "source")),
        "medium": np.select(choices, ["(none)", "referral"], of_channel(firm, columns, "medium")),
        "campaign": np.where(campaign == "", "(not set)", campaign),
        "city": visit["town"],
        "device_category": visit["device"],
        "operating_system": visit["system"],
        "browser": visit["browser"],
    }
    if firm.has_goals:
        table["key_events"] = visit["goals"]
    write_parts(f"{folder}/visits-%02d.csv", visit["t"], table)


WRITERS = {"metrica": write_metrica, "own": write_own, "ga4": write_ga4}
