"""Which kinds of incidents there are, how long they last, and which a firm can have."""
from dataclasses import dataclass, field
from typing import Any, Callable

KINDS = {
    ("first", "telephony"): ["line_silent", "trunk_silent", "calls_failing", "busy_hours", "trunk_one_line", "ivr_loop"],
    ("first", "forms"): ["form_dead_page", "form_dead_device", "form_dead_browser", "form_dead_all", "form_lost_in_transit",
                         "form_slow_decay"],
    ("first", "traffic_volume"): ["campaign_paused", "budget_out_afternoons", "seo_drop", "all_traffic_falls", "channel_off"],
    ("first", "traffic_quality"): ["wrong_audience", "bot_clicks", "wrong_landing"],
    ("first", "mix_shift"): ["cheap_channel_grows", "others_grow"],
    ("first", "tracking"): ["counter_off_page", "utm_lost", "client_lost", "doubled_tag", "gateway_referral"],
    ("first", "data_gap"): ["days_missing", "cut_midday", "late_tail"],
    ("first", "unknown"): ["price_rise", "worse_offer", "competitor"],
    ("second", "lead_quality"): ["colder_channel", "colder_all", "other_region"],
    ("second", "managers"): ["missed_not_called_back", "slow_all", "slow_one", "weak_manager", "manager_absent",
                             "deals_untouched"],
    ("second", "crm_hygiene"): ["duplicate_deals", "bulk_close", "late_entry", "stages_forgotten"],
    ("second", "unknown"): ["price_second", "competitor_second"],
}
RARELY_POSSIBLE = ("trunk_silent", "gateway_referral", "trunk_one_line")
# days, from and to
DURATIONS = {
    "telephony": (.21, 14), "forms": (.35, 24), "traffic_volume": (1, 30), "traffic_quality": (3, 35), "mix_shift": (7, 35),
    "tracking": (1.5, 30), "data_gap": (.8, 6), "unknown": (9, 35), "lead_quality": (7, 35), "managers": (7, 35),
    "crm_hygiene": (5, 32),
}
CAN_BE_SWITCHED_OFF = ("avito", "gis", "ya-maps", "partners", "dzen", "instagram", "checkatrade", "referral", "vk-ads",
                       "meta-ads")
WEAK_QUALITY = .75


@dataclass(eq=False)
class Incident:
    """A planned incident, and its effects on a world. Masks of visits and of wishes have a value for each."""
    conversion: str
    cause: str
    kind: str
    days: float = 0.
    start: int = 0
    end: int = 0
    number: int = -1

    # whom and how hard
    scope: dict = field(default_factory=dict)
    severity: float = 0.
    channel: int | None = None
    campaign: int | None = None
    target: Any = None                    # line, trunk, page, form, device, browser or manager
    hours: tuple | None = None
    growth: float = 0.                    # visits that it brings, as a share of the channel's
    export: str | None = None
    told_as: str | None = None            # where visits stand whose source is lost: 'direct' or 'referral'
    detail: dict | None = None
    brought: tuple | None = None          # people and visits
    measure: str = "counted"
    apparent: str | None = None           # the measure of incidents that take nothing away but make it look so

    # effects on visits
    visits_dropped: Any = None            # did not happen
    visits_hidden: Any = None             # happened and are not in the export
    visits_doubled: Any = None
    visits_untagged: Any = None
    visits_moved: Any = None              # landed on the page `target`
    visits_poor: Any = None
    visits_far: Any = None

    # effects on wishes
    silences: Any = None
    cold: Any = None
    cold_factor: float = 1.
    far: Any = None
    client_lost: Any = None               # the contact lost the visitor's identifier
    through_gateway: Any = None

    # effects on what follows
    call_fate: Callable | None = None
    form_fate: Callable | None = None
    hides: Callable | None = None
    callback_factor: Callable | None = None
    slows: Callable | None = None
    sale_chance: Callable | None = None
    records: Callable | None = None


def usable(firm, kind):
    """Whether a firm can have it at all."""
    channels = firm.channels
    if kind in ("campaign_paused", "budget_out_afternoons", "wrong_audience", "bot_clicks", "wrong_landing"):
        return any(channel.get("click_price") for channel in channels)
    if kind in ("form_dead_page", "form_dead_device", "form_dead_browser", "form_dead_all", "form_lost_in_transit",
                "form_slow_decay"):
        return firm.has_forms
    if kind in ("calls_failing", "busy_hours", "ivr_loop", "missed_not_called_back"):
        return firm.has_calls
    several_managers = len(firm.managers) > 1
    writes = firm.has_forms or firm.has_chat
    return {
        "line_silent": firm.has_lines and len(firm.lines) > 1,
        "trunk_silent": firm.calls_format == "own" and len(firm.trunks) > 1,
        "trunk_one_line": firm.has_lines and len(firm.pool) > 1,
        "channel_off": any(channel["id"] in CAN_BE_SWITCHED_OFF for channel in channels),
        "cheap_channel_grows": firm.quality.min() < WEAK_QUALITY,
        "utm_lost": any(channel.get("source") and channel.get("prefix") for channel in channels),
        "client_lost": firm.has_forms or firm.tracking == "dynamic",
        "gateway_referral": firm.trade.get("shop", False) and firm.has_forms,
        "slow_all": writes,
        "slow_one": writes and several_managers,
        "weak_manager": several_managers,
        "manager_absent": several_managers,
    }.get(kind, True)
