"""Every kind of incident: whom it can befall, how long and how hard it hits, and where.

`layer` says where in the simulation it bites:
call, form    contacts are lost on their way             traffic, extra, mix   people come less, others come
rate          fewer people ask, without a trace          sessions, utm, client the analytics is wrong, people are not
gap           an export lacks days                       win                   fewer inquiries become sales
closing       the CRM learns of sales late
"""

from dataclasses import dataclass
from typing import Callable


@dataclass(frozen=True)
class Kind:
    """A kind of incident. Durations are hours; `scope` draws where it happens."""

    cause: str
    name: str
    conversion: str
    layer: str
    hours: tuple
    severity: tuple
    needs: Callable
    scope: Callable


def _everywhere(_firm, _rng):
    return {}


def _call(_firm, _rng):
    return {"contact": "call"}


def _line(firm, rng):
    if not firm.has["lines"] or len(firm.lines) < 2 or rng.random() < 0.25:
        return {"contact": "call"}
    first = rng.random() < 0.6
    return {"line": firm.lines[0] if first else str(rng.choice(firm.lines[1:]))}


def _trunk(firm, _rng):
    return {"trunk": firm.trunk}


def _any_form(_firm, _rng):
    return {"contact": "form"}


def _form(firm, rng):
    return {"form": str(rng.choice(firm.forms))}


def _form_page(firm, rng):
    return {"page": firm.pages[int(rng.choice(len(firm.pages), p=firm.p["page_share"]))], "contact": "form"}


def _form_device(_firm, rng):
    return {"device": "mobile" if rng.random() < 0.75 else "desktop", "contact": "form"}


def _form_part(firm, rng):
    draw = [_form, _form_page, _form_device, _any_form][int(rng.integers(4))]
    return draw(firm, rng)


def _mobile_form(_firm, _rng):
    return {"device": "mobile", "contact": "form"}


def _page(firm, rng):
    return {"page": firm.pages[int(rng.choice(len(firm.pages), p=firm.p["page_share"]))]}


def _channel(firm, rng, fits=lambda c: True):
    """A channel, the more people ask by it the likelier: small ones break as often, but nobody would know."""
    found = [c for c in firm.channels if fits(c)]
    weight = [c.share * c.rate for c in found]
    total = sum(weight)
    return {"channel": found[int(rng.choice(len(found), p=[w / total for w in weight]))].id}


def _paid(firm, rng):
    return _channel(firm, rng, lambda c: c.paid)


def _tagged(firm, rng):
    return _channel(firm, rng, lambda c: c.id not in ("direct", "organic-search", "referral"))


def _wide(firm, rng):
    weak = [c.id for c in firm.channels if c.id in ("yandex-direct-network", "vk-ads", "other-ads", "social",
                                                    "recommendations", "telegram-ads", "messengers")]
    return {"channel": str(rng.choice(weak))} if weak else _paid(firm, rng)


def _bots(firm, rng):
    return {"channel": str(rng.choice([c.id for c in firm.channels if c.id in ("direct", "referral", "social")]))}


def _manager(firm, rng):
    return {"manager": firm.managers[int(rng.choice(len(firm.managers), p=firm.p["load"]))]}


def _export(name):
    return lambda _firm, _rng: {"export": name}


def _last_export(firm, rng):
    return {"export": str(rng.choice([e for e in ("calls", "forms", "deals", "sessions") if firm.has.get(e, True)]))}


def _has(*keys):
    return lambda firm: all(firm.has[k] for k in keys)


def _always(_firm):
    return True


def _sales_by_name(firm):
    return firm.has["deals"] and firm.has["manager_names"]


def _several_channels(firm):
    return len(firm.channels) > 3


SUBTLE, HARD = (0.15, 0.7), (0.7, 1.0)
KINDS = [
    Kind("telephony", "down_silent", "first", "call", (3, 120), HARD, _has("calls"), _line),
    Kind("telephony", "down_failed", "first", "call", (3, 96), HARD, _has("calls"), _line),
    Kind("telephony", "intermittent", "first", "call", (24, 500), (0.6, 1.0), _has("calls"), _line),
    Kind("telephony", "bad_audio", "first", "call", (6, 300), (0.2, 0.8), _has("calls"), _line),
    Kind("telephony", "trunk_down", "first", "call", (3, 72), (0.95, 1.0), lambda f: bool(f.trunk), _trunk),
    Kind("forms", "dead_all", "first", "form", (4, 240), (0.9, 1.0), _has("forms"), _any_form),
    Kind("forms", "dead_form", "first", "form", (6, 400), (0.8, 1.0), _has("forms"), _form),
    Kind("forms", "dead_page", "first", "form", (6, 500), (0.8, 1.0), _has("forms"), _form_page),
    Kind("forms", "dead_device", "first", "form", (6, 400), (0.7, 1.0), _has("forms"), _form_device),
    Kind("forms", "partial", "first", "form", (12, 700), SUBTLE, _has("forms"), _form_part),
    Kind("forms", "release", "first", "form", (3, 300), (0.3, 1.0), _has("forms"), _form_part),
    Kind("forms", "captcha", "first", "form", (48, 840), (0.4, 0.6), _has("forms"), _mobile_form),
    Kind("traffic_volume", "channel_stops", "first", "traffic", (8, 400), (1.0, 1.0), _always, _paid),
    Kind("traffic_volume", "channel_falls", "first", "traffic", (48, 840), (0.25, 0.8), _always, _channel),
    Kind("traffic_volume", "all_fall", "first", "traffic", (24, 700), (0.15, 0.6), _always, _everywhere),
    Kind("traffic_volume", "weak_surge", "first", "extra", (12, 500), (0.3, 3.0), _always, _wide),
    Kind("traffic_quality", "untargeted", "first", "extra", (48, 700), (0.25, 0.75), _always, _channel),
    Kind("traffic_quality", "bots", "first", "extra", (12, 500), (0.1, 0.7),
         lambda f: any(c.id in ("direct", "referral", "social") for c in f.channels), _bots),
    Kind("mix_shift", "mix", "first", "mix", (120, 840), (0.3, 0.8), _several_channels, _everywhere),
    Kind("tracking", "tag_doubled", "first", "sessions", (24, 500), (0.5, 1.0), _always, _everywhere),
    Kind("tracking", "counter_lost_page", "first", "sessions", (12, 400), (0.9, 1.0), _always, _page),
    Kind("tracking", "counter_lost_all", "first", "sessions", (6, 240), (0.5, 1.0), _always, _everywhere),
    Kind("tracking", "utm_lost", "first", "utm", (48, 700), (0.5, 1.0), _several_channels, _tagged),
    Kind("tracking", "client_ids_lost", "first", "client", (48, 840), (0.5, 1.0), _has("forms", "form_clients"), _any_form),
    Kind("data_gap", "calls_missing", "first", "gap", (24, 168), (1.0, 1.0), _has("calls"), _export("calls")),
    Kind("data_gap", "forms_missing", "first", "gap", (24, 168), (1.0, 1.0), _has("forms"), _export("forms")),
    Kind("data_gap", "sessions_missing", "first", "gap", (24, 144), (1.0, 1.0), _always, _export("sessions")),
    Kind("data_gap", "deals_missing", "second", "gap", (48, 192), (1.0, 1.0), _has("deals"), _export("deals")),
    Kind("data_gap", "ends_early", "first", "gap", (48, 216), (1.0, 1.0), _always, _last_export),
    Kind("unknown", "worse_offer", "first", "rate", (72, 840), (0.15, 0.55), _always, _everywhere),
    Kind("unknown", "competitor", "second", "win", (168, 840), (0.25, 0.8), _has("deals"), _everywhere),
    Kind("lead_quality", "cold_channel", "second", "win", (120, 840), (0.35, 0.9), _has("deals"), _channel),
    Kind("lead_quality", "cold_all", "second", "win", (120, 840), (0.25, 0.75), _has("deals"), _everywhere),
    Kind("lead_quality", "other_regions", "second", "win", (120, 840), (0.3, 0.8), _has("deals"), _channel),
    Kind("lead_quality", "invalid_phones", "second", "win", (96, 700), (0.25, 0.8), _has("deals", "forms"), _any_form),
    Kind("lead_quality", "students", "second", "win", (120, 840), (0.3, 0.8), _has("deals"), _everywhere),
    Kind("managers", "missed_calls", "second", "win", (24, 500), (0.3, 0.8), _has("deals", "calls"), _call),
    Kind("managers", "slow_all", "second", "win", (72, 840), (0.25, 0.7), _has("deals"), _everywhere),
    Kind("managers", "slow_one", "second", "win", (96, 840), (0.3, 0.8), _sales_by_name, _manager),
    Kind("managers", "untouched", "second", "win", (72, 600), (0.3, 0.9), _has("deals"), _everywhere),
    Kind("managers", "weak_one", "second", "win", (168, 840), (0.4, 0.9), _sales_by_name, _manager),
    Kind("managers", "on_leave", "second", "win", (120, 600), (0.4, 0.9), _sales_by_name, _manager),
    Kind("crm_hygiene", "late_closings", "second", "closing", (120, 840), (0.7, 1.0), _has("deals"), _everywhere),
    Kind("crm_hygiene", "duplicates", "second", "win", (96, 700), (0.3, 0.8), _has("deals"), _everywhere),
    Kind("crm_hygiene", "no_responsible", "second", "win", (72, 700), (0.3, 0.9), _sales_by_name, _everywhere),
]
