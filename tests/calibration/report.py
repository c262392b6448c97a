"""Writes the measured quality of the diagnosis into docs/METHODOLOGY.md and a reliability plot beside it."""

import judge
from truth import CODES

BEGIN, END = "<!-- calibration:begin -->", "<!-- calibration:end -->"
SMALLEST = 0.1  # a kind that is reported less often than this cannot be seen as exports are today


def percent(value, decimals=0):
    return "-" if value != value else f"{100 * value:.{decimals}f} %"


def _row(name, found):
    every, first, second = found["all"], found["first"], found["second"]
    cells = [
        name,
        every["n"],
        percent(every["first"]),
        percent(every["three"]),
        percent(every["reported"]),
        f"{percent(first['false'], 1)} / {percent(second['false'], 1)}",
        f"{first['ece']:.3f} / {second['ece']:.3f}",
        f"{second['n']}: {percent(second['first'])} / {percent(second['reported'])}",
        f"{percent(found['blamed'])} of {found['seasonal']}",
    ]
    return "| " + " | ".join(map(str, cells)) + " |"


def _worst(results):
    """The worst of each figure over the generators."""
    most = lambda pick: max(pick(found) for found in results.values())
    least = lambda pick: min(pick(found) for found in results.values())
    false = [percent(most(lambda found: found[c]["false"]), 1) for c in CODES]
    ece = [f"{most(lambda found: found[c]['ece']):.3f}" for c in CODES]
    cells = ["**worst**", ""]
    cells += [percent(least(lambda found: found["all"][key])) for key in ("first", "three", "reported")]
    cells += [" / ".join(false), " / ".join(ece)]
    cells += [" / ".join(percent(least(lambda found: found["second"][key])) for key in ("first", "reported"))]
    return "| " + " | ".join(cells + [percent(most(lambda found: found["blamed"]))]) + " |"


def _by_cause(rows):
    lines = [
        "| conversion, cause | size | incidents | reported | first | "
        + " | ".join(f"first, {name} sigma" for name, *_ in judge.BANDS)
        + " | said instead |",
        "| --- " * (6 + len(judge.BANDS)) + "|",
    ]
    for conversion, cause, size in sorted({(r[0].conversion, r[0].cause, r[0].size) for r in rows}):
        own = [r for r in rows if (r[0].conversion, r[0].cause, r[0].size) == (conversion, cause, size)]
        bands = []
        for _, low, high in judge.BANDS:
            part = [r[2] for r in own if low <= r[0].sigma < high]
            bands.append(f"{percent(judge.mean(part))} of {len(part)}" if part else "-")
        instead = [r[4] for r in own if not r[2]]
        said = sorted(set(instead), key=lambda code: (-instead.count(code), code))[:3]
        cells = [f"{conversion}, `{cause}`", size, len(own), percent(judge.mean([r[1] for r in own]))]
        cells += [percent(judge.mean([r[2] for r in own])), *bands]
        cells += [", ".join(f"`{code}` {instead.count(code)}" for code in said) or "-"]
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    return lines


def _unseen(rows):
    """Kinds of incidents that are hardly ever reported."""
    out = []
    for cause, kind in sorted({(r[0].cause, r[0].kind) for r in rows}):
        own = [r[1] for r in rows if (r[0].cause, r[0].kind) == (cause, kind)]
        if len(own) >= 4 and judge.mean(own) <= SMALLEST:
            out.append(f"`{cause}` {kind.replace('_', ' ')} ({sum(own)} of {len(own)})")
    return ", ".join(out) or "none with four incidents or more"


def fragment(results, about):
    """The Markdown between the markers."""
    rows = [row for found in results.values() for row in found["rows"]]
    head = "| firms of | incidents | first | among three | reported | false alarms, 1st / 2nd | calibration error, 1st / 2nd "
    lines = [
        "Measured on invented firms whose incidents are known (`tests/calibration/run`), each generator by a calibration that was",
        f"fitted on all the others and has seen none of its firms: {about}. An incident counts when its effect is 2 sigma or",
        "more over its whole time; means over causes; as known on the Monday after each week.",
        "",
        head + "| second conversion: incidents, first / reported | seasonal weeks blamed on something else |",
        "| --- " * 9 + "|",
        *[_row(f"`{name}`", found) for name, found in results.items()],
        _worst(results),
        "",
        "By cause and size (small about 100 thousand sessions in 60 weeks, medium 200–300 thousand, large a million):",
        "",
        *_by_cause(rows),
        "",
        f"Hardly ever seen: {_unseen(rows)}.",
        "",
        "What is said against what is so, the first conversion left, the second right:",
        "",
        "![Reliability of the probabilities](calibration.svg)",
    ]
    return "\n".join(lines)


def write(docs, results, about):
    """Replaces what stands between the markers of METHODOLOGY.md, and the plot."""
    path = docs / "METHODOLOGY.md"
    old = path.read_text()
    block = f"{BEGIN}\n{fragment(results, about)}\n{END}"
    path.write_text(old[: old.index(BEGIN)] + block + old[old.index(END) + len(END) :])
    pooled = [pool([found[conversion]["bins"] for found in results.values()]) for conversion in CODES]
    (docs / "calibration.svg").write_text(plot(pooled))


def pool(bins):
    """The tenths of several generators together."""
    out = []
    for parts in zip(*bins):
        parts = [part for part in parts if part[0]]
        n = sum(part[0] for part in parts)
        mean = lambda at: sum(part[0] * part[at] for part in parts) / n if n else float("nan")
        out.append((n, mean(1), mean(2)))
    return out


def plot(pooled, side=300, edge=40):
    """Reliability as SVG: a square for each conversion, a dot for each tenth of probability, its area by count."""
    width, span = side * len(pooled), side - 2 * edge
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {side}" font-family="sans-serif" font-size="11">']
    out.append(f'<rect width="{width}" height="{side}" fill="#fff"/>')
    for number, bins in enumerate(pooled):
        out += _square(bins, number * side, side, edge, span)
    return "\n".join(out + ["</svg>"]) + "\n"


def _square(bins, left, side, edge, span):
    most = max([n for n, *_ in bins] + [1])
    at = lambda x, y: (left + edge + span * x, side - edge - span * y)
    out = []
    for tick in (0, 0.25, 0.5, 0.75, 1):
        (x, y0), (_, y1), (x0, y), (x1, _) = at(tick, 0), at(tick, 1), at(0, tick), at(1, tick)
        out.append(f'<path d="M{x:.1f} {y0:.1f}V{y1:.1f}M{x0:.1f} {y:.1f}H{x1:.1f}" stroke="#ddd"/>')
        out.append(f'<text x="{x:.1f}" y="{y0 + 14:.1f}" text-anchor="middle">{tick:g}</text>')
        out.append(f'<text x="{x0 - 6:.1f}" y="{y + 4:.1f}" text-anchor="end">{tick:g}</text>')
    (x0, y0), (x1, y1) = at(0, 0), at(1, 1)
    out.append(f'<path d="M{x0:.1f} {y0:.1f}L{x1:.1f} {y1:.1f}" stroke="#999" stroke-dasharray="4 3"/>')
    for n, said, right in bins:
        if n:
            x, y = at(said, right)
            title = f"<title>{n}: said {said:.2f}, so {right:.2f}</title>"
            radius = 2 + 8 * (n / most) ** 0.5
            out.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="#2563a8" fill-opacity=".75">{title}</circle>')
    return out
