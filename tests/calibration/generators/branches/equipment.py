"""What a firm works with: advertising channels, site forms, telephone lines and managers."""

from dataclasses import dataclass

import numpy as np

import words
from tables import cumulate

DEVICES = ["desktop", "mobile", "tablet"]


@dataclass
class Channel:
    id: str
    title: str
    source: str
    medium: str
    prefix: str  # beginning of its campaigns' names; "" for channels without campaigns
    campaigns: int
    paid: bool
    share: float  # of the people who first come through it
    rate: float  # how readily they inquire, against the firm's average
    quality: float  # how readily they buy
    mobile: float
    bounce: float
    cpc: float


def channels(firm, r, s):
    """Zipf sizes; a few channels by their nature, the others one per campaign theme."""
    n = int(6 + 35 * r.beta(1.1, 1.8))
    own = [
        Channel("direct", "Прямые заходы", "", "", "", 0, False, 0, 1.5, 1.2, 0.55, 0.3, 0),
        Channel("organic-search", "Поиск", "yandex", "organic", "", 0, False, 0, 1.1, 1.05, 0.6, 0.3, 0),
    ]
    used = set()
    while len(own) < n:
        name, source, medium, paid, rate, quality, mobile, bounce, cpc = words.KINDS[r.integers(len(words.KINDS))]
        theme = str(r.choice([p.replace("_", "-") for p in s["products"]]))
        if (name, theme) in used:
            continue
        used.add((name, theme))
        key = f"{name}-{theme}"
        own.append(
            Channel(
                key,
                key.replace("-", " "),
                source,
                medium,
                key.replace("-", "_") + "_c",
                int(r.integers(1, 4)),
                paid,
                0,
                rate**1.3 * np.exp(r.normal(0, 0.35)),
                quality * np.exp(r.normal(0, 0.1)),
                float(np.clip(mobile + r.normal(0, 0.05), 0.3, 0.98)),
                float(np.clip(bounce + r.normal(0, 0.04), 0.1, 0.6)),
                cpc * np.exp(r.normal(0, 0.4)),
            )
        )
    share = (1 + np.arange(n)) ** -r.uniform(0.8, 1.4)
    order = np.concatenate([r.permutation(min(5, n)), np.arange(5, n)])  # direct and search are among the big ones
    share = share[order] / share.sum()
    mean = sum(c.rate * w for c, w in zip(own, share))
    for c, w in zip(own, share):
        c.share, c.rate = float(w), float(c.rate / mean)
    firm.channels = own
    weights = r.gamma(0.5, size=(n, len(firm.pages))) + 0.02
    weights[:, 0] += 0.6
    firm.page_share = weights / weights.sum(1, keepdims=True)


def forms(firm, r):
    """The first form stands everywhere; others on one page or on one kind of device."""
    if not firm.has["forms"]:
        return
    n = int(r.integers(1, 11))
    names = list(r.permutation(words.FORMS)[:n])
    weights = (1 + np.arange(n)) ** -r.uniform(0.4, 1.3)
    for i, name in enumerate(names):
        page = int(r.integers(len(firm.pages))) if i and r.random() < 0.4 else -1
        device = int(r.integers(2)) if i and page < 0 and r.random() < 0.4 else -1
        firm.forms.append(
            (
                f"{name} ({['комп', 'моб'][device]})" if device >= 0 else str(name),
                page,
                device,
                float(weights[i] * (2.5 if page >= 0 else 1)),
            )
        )


def lines(firm, r):
    """Lines of branches first, then lines of channels, on trunks that are shared or one to a branch."""
    t = int(r.integers(0, 5))
    firm.has["trunks"] = t > 0 and firm.has["lines"]
    firm.trunks = [f"trunk-{chr(97 + k)}" for k in range(t)]
    code = int(r.integers(300, 880))
    style = str(r.choice(["branch", "channel", "mixed"]))
    per = 1 if style != "branch" else int(r.integers(1, 3))
    owners = [(b, -1) for b in range(firm.branches) for _ in range(per)]
    if style != "branch":
        big = np.argsort(-firm.array("share"))[: int(r.integers(1, 9))]
        owners += [(-1, int(c)) for c in big if firm.channels[c].id != "direct"]
    firm.offline_channel = ""
    if firm.traits["offline"] and r.random() < 0.6:
        firm.offline_channel = "outdoor"
        owners.append((-1, len(firm.channels)))
    owners = owners[:11] + ([owners[-1]] if len(owners) > 11 else [])
    for i, (branch, channel) in enumerate(owners):
        trunk = (branch if branch >= 0 else i) % t if t else -1
        name = (
            f"Филиал {firm.cities[branch]} {i + 1}"
            if branch >= 0
            else f"Линия {i + 1}: "
            + (firm.channels[channel].title if channel < len(firm.channels) else "наружная реклама")
        )
        firm.lines.append((f"7{code}{2000000 + 1111 * (i + 1):07d}", name, branch, channel, trunk, 1 / (1 + i % per)))


def managers(firm, r):
    n = int(np.clip(r.integers(2, 16), 2, 15))
    for i in range(n):
        firm.managers.append(
            (
                words.SURNAMES[i],
                str(201 + i),
                float(np.exp(r.normal(0, 0.18))),
                float(r.gamma(4) + 1),
                int(r.choice([0, 1, 2, 3], p=[0.25, 0.35, 0.2, 0.2])),
            )
        )


def line_chances(firm):
    """Cumulative chances of lines by branch (for people whom no channel's line serves)."""
    table = np.array([[w if b == branch else 0 for _, _, b, _, _, w in firm.lines] for branch in range(firm.branches)])
    return cumulate(table)


def form_chances(firm):
    """Cumulative chances of forms by page and device, rows numbered page * 3 + device."""
    rows = [
        [w if p in (-1, page) and d in (-1, device) else 0 for _, p, d, w in firm.forms]
        for page in range(len(firm.pages))
        for device in range(len(DEVICES))
    ]
    return cumulate(np.array(rows))
