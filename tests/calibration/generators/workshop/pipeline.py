"""The firm's pipeline and its own formats, as TOML."""

_OWN = {
    "own-calls": (
        "calls",
        ["Call", "Start", "Direction", "Number"],
        """
call_id|Call|text|required
at|Start|time|required
direction|Direction|lower|required|map = { "in" = "inbound", "out" = "outbound" }
phone|Number|phone
client|Client|key
line|Line|line
trunk|Trunk|text
answered|Answered|flag|required
talk_s|Talk|duration
wait_s|Wait|duration
disposition|Result|lower
operator|Operator|text""",
    ),
    "own-visits": (
        "sessions",
        ["visitID", "dateTime", "TrafficSource", "detail"],
        """
session_id|visitID|key|required
client|clientID|key
start_at|dateTime|time|required
is_new|isNewUser|flag
page_views|pageViews|count
duration_s|visitDuration|duration
bounce|bounce|flag
landing|startURL|page
exit|endURL|page
goals|goalsID|goals
traffic_type|TrafficSource|lower
engine|detail|lower
utm_source|UTMSource|lower
utm_medium|UTMMedium|lower
utm_campaign|UTMCampaign|lower
referrer_host|referer|host
country|regionCountry|text
city|regionCity|text
device|deviceCategory|text||map = { "1" = "desktop", "2" = "mobile", "3" = "tablet" }""",
    ),
    "own-costs": (
        "costs",
        ["Day", "Source", "Campaign name", "Spent"],
        """
from_day|Day|day|required
day|Day|day|required
campaign|Campaign name|lower
utm_source|Source|lower
utm_medium|Medium|lower
impressions|Shown|count
clicks|Clicked|count
cost|Spent|money|required""",
    ),
    "own-deals": (
        "deals",
        ["Deal", "Created", "Stage"],
        """
deal_id|Deal|text|required
created_at|Created|time|required
updated_at|Changed|time
closed_at|Closed|time
stage|Stage|text|required
status|Stage|text||map = { "won" = "won", "lost" = "lost", "*" = "open" }
amount|Sum|money
manager|Owner|text
phone|Phone|phone
client|Client id|key
crm_contact|Person|key
loss_reason|Reason|text""",
    ),
}


def _format(name):
    table, header, rows = _OWN[name]
    out = [
        f'name = "{name}"',
        f'title = "{name}"',
        f'table = "{table}"',
        "",
        "[recognise]",
        f"header = {header}".replace("'", '"'),
        "",
    ]
    for row in rows.strip().splitlines():
        to, cell, read, *more = row.split("|")
        out += ["[[column]]", f'to = "{to}"', f'from = ["{cell}"]', f'read = "{read}"']
        out += ["required = true"] if more and more[0] else []
        out += [more[1]] if len(more) > 1 else []
        out.append("")
    return "\n".join(out)


RULES = {
    "yandex-direct-search": 'campaign_matches = "^poisk_"',
    "yandex-direct-network": 'campaign_matches = "^rsya_"',
    "retargeting": 'campaign_matches = "^retarget_"',
    "organic-google": 'traffic_type = ["organic"]\nengine = ["google"]',
}


def write(firm, root):
    """Writes pipeline.toml and formats/."""
    exports = [
        ("visits", "visits.csv" if firm.parameters["own_visits"] else "visits.tsv"),
        ("calls", "calls.csv"),
        ("forms", "forms.csv"),
        ("deals", "deals.csv"),
    ]
    if firm.parameters["has_costs"] and any(channel.paid for channel in firm.channels):
        exports.append(("costs", "costs.csv"))
    if firm.parameters["links"] == "file":
        exports.append(("links", "links.csv"))
    out = [
        f'name = "{firm.name}"',
        f'title = "{firm.name}"',
        f'time_zone = "{firm.zone}"',
        "",
        "[paths]",
        'lake = "lake"',
        'out = "out"',
        "",
    ]
    for name, file in exports:
        out += ["[[exports]]", f'name = "{name}"', f'files = ["exports/{file}"]', ""]
    for channel in firm.channels:
        if channel.id in RULES:
            out += ["[[channels.rules]]", f'channel = "{channel.id}"', RULES[channel.id], ""]
    for index, line in enumerate(firm.lines):
        out += (
            ["[[lines]]", f'number = "{line["number"]}"', f'name = "line {index + 1}"']
            + ([f'channel = "{line["channel"]}"'] if line["channel"] else [])
            + [""]
        )
    for code, goal in (
        (("form-start", "301"), ("form-sent", "302"), ("tel-click", "303")) if firm.parameters["has_goals"] else ()
    ):
        out += ["[[stages]]", f'code = "{code}"', f'title = "{code}"', f'goals = ["{goal}"]', ""]
    (root / "pipeline.toml").write_text("\n".join(out))
    used = ["own-calls", "own-costs", "own-visits"] + (
        ["own-deals"] if firm.parameters["sales"]["crm"] == "own" else []
    )
    for name in used:
        (root / "formats" / f"{name}.toml").write_text(_format(name))
