"""The pipeline: which exports there are, what channels, lines and diagnosis are told."""
import os

from exports.formats import write_format

CALLS = {"calltouch": "calltouch-calls", "uis": "uis-calls", "callrail": "callrail-calls", "mango": "mango-calls",
         "plain": "calls-table-ru", "own": "g5-pbx", "bare": "g5-pbx"}
FORMS = {"site": "site-forms", "tilda": "tilda-leads", "own": "g5-requests"}
DEALS = {"amo": "amocrm-leads", "bitrix": "g5-bitrix", "plain": "deals-plain-ru", "hubspot": "hubspot-deals",
         "pipedrive": "pipedrive-deals", "plain-en": "deals-plain-en"}
VISITS = {"metrica": "yandex-metrika-visits", "own": "g5-visits", "ga4": "g5-ga4-sessions"}
COSTS = {"direct": "yandex-direct-report", "costs": "own-costs", "google-ads": "google-ads-campaigns", "meta": "own-costs-en"}
GOAL_COLUMNS = ("Цели", "key_events")
LINE_COLUMNS = ("did", "trunk")
# names of engines as the program makes them of tags or of the counter's own field
TAG_ENGINES = {"google-ads": "google_adwords", "pmax": "google_adwords", "meta-ads": "facebook", "avito": "avito"}


def write_pipeline(firm, folder, cost_files):
    sections = [
        head(firm), *exports(firm, folder, cost_files), *rules(firm), titles(firm), *lines(firm), inquiry(firm),
        diagnosis(firm),
        # Each firm lies in its own folder, with all that is made of it.
        ["[paths]", 'lake = "lake"', 'out = "out"'],
        ["[delivery]", 'from = "Voronka <voronka@firm.example>"', 'to = ["Owner <owner@firm.example>"]'],
    ]
    write_formats(firm, folder)
    with open(f"{folder}/pipeline.toml", "w", encoding="utf-8") as file:
        file.write("\n".join("\n".join(section) + "\n" for section in sections if section))


def quoted(text):
    return '"' + text.replace('"', '\\"') + '"'


def quoted_list(texts):
    return "[" + ", ".join(quoted(text) for text in texts) + "]"


def firm_name(firm):
    return f"people-{firm.size}-{firm.seed}" + ("-null" if firm.null else "")


def head(firm):
    return [
        f"name = {quoted(firm_name(firm))}",
        f"title = {quoted(firm.title)}",
        f'language = "{firm.trade["lang"]}"',
        f'time_zone = "{firm.time_zone}"',
        f'currency = "{"RUB" if firm.russian else "GBP"}"',
        f'calendar = "{"ru" if firm.russian else "gb"}"',
    ]


def export(name, files, file_format, *more):
    return ["[[exports]]", f'name = "{name}"', f'files = ["exports/{files}"]', f'format = "{file_format}"', *more]


def has_chats(firm, folder):
    return firm.has_chat and os.path.exists(f"{folder}/exports/chats.csv")


def exports(firm, folder, cost_files):
    visits = "visits-*.tsv" if firm.visits_format == "metrica" else "visits-*.csv"
    zone = [f'time_zone = "{firm.calls_time_zone}"'] if firm.calls_time_zone != firm.time_zone else []
    history = f"stage-history-{firm.trade['lang']}"
    possible = [
        (True, "visits", visits, VISITS[firm.visits_format]),
        (firm.has_calls, "calls", "calls-*.csv", CALLS[firm.calls_format], *zone),
        (firm.has_calls and firm.has_call_links, "call-links", "call-links.csv", "call-tracking-links", *zone),
        (firm.has_forms, "forms", "forms.csv", FORMS[firm.forms_format]),
        (has_chats(firm, folder), "chats", "chats.csv", "g5-chats"),
        (True, "deals", "deals.csv", DEALS[firm.deals_format]),
        (firm.has_history, "stages", "stages.csv", history),
        *[(True, name, f"{name}.csv", COSTS[name]) for name in cost_files],
        (firm.own_calendar, "calendar", "calendar.csv", "calendar-days"),
        (firm.annotated, "annotations", "annotations.csv", "annotations"),
    ]
    return [export(*details) for exists, *details in possible if exists]


def write_formats(firm, folder):
    folder_of_formats = f"{folder}/formats"
    if firm.visits_format != "metrica":
        write_format(VISITS[firm.visits_format], folder_of_formats, () if firm.has_goals else GOAL_COLUMNS)
    if firm.has_calls and firm.calls_format in ("own", "bare"):
        write_format("g5-pbx", folder_of_formats, () if firm.calls_format == "own" else LINE_COLUMNS)
    if firm.has_forms and firm.forms_format == "own":
        write_format("g5-requests", folder_of_formats)
    if has_chats(firm, folder):
        write_format("g5-chats", folder_of_formats)
    if firm.deals_format == "bitrix":
        write_format("g5-bitrix", folder_of_formats)


def rule(channel, **conditions):
    return ["[[channels.rules]]", f'channel = "{channel}"'] + [
        f"{key} = {quoted(value) if key == 'campaign_matches' else quoted_list([value])}" for key, value in conditions.items()]


def rules(firm):
    if firm.russian:
        own = [found for channel in firm.channels for found in russian_rules(channel)]
        return [*own, rule("referral", traffic_type="referral")]
    own = [found for channel in firm.channels for found in english_rules(channel)]
    return [*own, rule("links", medium="referral")]


def russian_rules(channel):
    name, engine = channel["id"], channel["engine"]
    if channel.get("source"):
        campaigns = {"campaign_matches": "^" + channel["prefix"]} if channel["source"] == "yandex" else {}
        yield rule(name, source=channel["source"], medium=channel["medium"], **campaigns)
        if engine in ("yandex_direct", "vk_ads"):
            yield rule(name, engine=engine, **campaigns)
        if name == "avito":
            yield rule(name, engine=TAG_ENGINES[name])
    elif channel["traffic_type"] == "direct":
        yield rule(name, traffic_type="direct")
    else:
        yield rule(name, traffic_type=channel["traffic_type"], engine=engine)


def english_rules(channel):
    name = channel["id"]
    several = channel["source"] == "google" and channel.get("prefix")
    campaigns = {"campaign_matches": "^" + channel["prefix"]} if several else {}
    yield rule(name, source=channel["source"], medium=channel["medium"], **campaigns)
    if name in TAG_ENGINES:
        yield rule(name, engine=TAG_ENGINES[name], **campaigns)


def titles(firm):
    found = ["[channels.titles]"] + [f"{channel['id']} = {quoted(channel['title'])}" for channel in firm.channels]
    found.append('referral = "Прочие сайты"' if firm.russian else 'links = "Other links"')
    if any(line["channel"] == "offline" for line in firm.lines):
        found.append('offline = "Без сайта"' if firm.russian else 'offline = "No website"')
    return found


def lines(firm):
    if not firm.has_lines:
        return []
    return [["[[lines]]", f'number = "{line["number"]}"', f"name = {quoted(line['name'])}"]
            + ([f'channel = "{line["channel"]}"'] if line["channel"] else []) for line in firm.lines]


def inquiry(firm):
    return ["[inquiry]", f"target_call_min_s = {firm.min_talk}"] if firm.min_talk else []


def diagnosis(firm):
    goals = ['form_start = ["101"]', 'form_sent = ["102"]', 'phone_tap = ["103"]'] if firm.has_goals else []
    return ["[diagnosis]", *goals,
            f"new_stages = {quoted_list(firm.stages[:1])}",
            f"untargeted_reasons = {quoted_list(firm.reasons['untargeted'])}",
            f"unreached_reasons = {quoted_list(firm.reasons['unreached'])}",
            f"duplicate_reasons = {quoted_list(firm.reasons['duplicate'])}"]
