"""Writes the measured quality of the diagnosis into docs/METHODOLOGY.md and a reliability plot beside it."""

from evaluate import BANDS
from incidents import SECOND

BEGIN, END = "<!-- calibration:begin -->", "<!-- calibration:end -->"


def percent(value):
    return "-" if value != value else f"{100 * value:.0f} %"


def fragment(figures, firms, seed):
    """The Markdown between the markers."""
    macro = figures["macro"]
    lines = [
        "Measured on invented firms whose incidents are known (`tests/calibration/run`), each by a calibration that had not seen the firm:",
        f"{firms} firms, seed {seed}, {figures['weeks']} weeks, {len(figures['cases'])} visible cases (effect of 2 sigma or more).",
        "",
        "| | measured |",
        "| --- | --- |",
        f"| the true cause comes first, mean over causes | {percent(macro['top1'])} |",
        f"| it is among the first three | {percent(macro['top3'])} |",
        f"| an incident is reported at all | {percent(macro['recall'])} |",
        f"| weeks without any incident in which one is reported | {100 * figures['false_alarms']:.1f} % of {figures['nulls']} |",
        f"| weeks of holidays and slumps blamed on something else | {percent(figures['seasonal_blame'])} of {figures['seasons']} |",
        f"| expected calibration error of the first cause's probability | {figures['ece']:.3f} over {figures['alarms']} reports |",
        "",
        "By cause; the effect is in sigmas of the firm's own noise:",
        "",
        "| cause | cases | reported | first | first three | "
        + " | ".join(f"first, {name} sigma" for name, *_ in BANDS)
        + " | said instead |",
        "| --- " * (6 + len(BANDS)) + "|",
    ]
    for code, row in figures["by_code"].items():
        bands = " | ".join(f"{percent(value)} of {n}" if n else "-" for n, value in row["bands"].values())
        instead = ", ".join(f"`{name}` {n}" for name, n in row["instead"]) or "-"
        lines.append(
            f"| `{code}` | {row['n']} | {percent(row['recall'])} | {percent(row['top1'])} | {percent(row['top3'])} | {bands} | {instead} |"
        )
    late = ", ".join(f"`{code}` {percent(figures['by_code'][code]['window'])}" for code in sorted(SECOND))
    lines += ["", f"Causes of the second conversion, first in some week up to three weeks after the end: {late}."]
    lines += ["", "What is said against what is so:", "", "![Reliability of the probabilities](calibration.svg)"]
    return "\n".join(lines)


def write_fragment(path, text):
    """Replaces what stands between the markers; adds the markers at the end of the file when it has none."""
    old = path.read_text()
    block = f"{BEGIN}\n{text}\n{END}"
    if BEGIN in old and END in old:
        new = old[: old.index(BEGIN)] + block + old[old.index(END) + len(END) :]
    else:
        new = old.rstrip("\n") + f"\n\n## How often the diagnosis is right\n\n{block}\n"
    path.write_text(new)


def plot(bins, side=320, edge=40):
    """Reliability as SVG: a dot for each tenth of probability, its area by count."""
    span, most = side - 2 * edge, max([n for n, *_ in bins] + [1])

    def at(x, y):
        return (edge + span * x, side - edge - span * y)

    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" font-family="sans-serif" font-size="11">',
        f'<rect width="{side}" height="{side}" fill="#fff"/>',
    ]
    for tick in (0, 0.25, 0.5, 0.75, 1):
        (x, y0), (_, y1), (x0, y), (x1, _) = at(tick, 0), at(tick, 1), at(0, tick), at(1, tick)
        out.append(f'<path d="M{x:.1f} {y0:.1f}V{y1:.1f}M{x0:.1f} {y:.1f}H{x1:.1f}" stroke="#ddd"/>')
        out.append(
            f'<text x="{x:.1f}" y="{y0 + 14:.1f}" text-anchor="middle">{tick:g}</text><text x="{x0 - 6:.1f}" y="{y + 4:.1f}" text-anchor="end">{tick:g}</text>'
        )
    (x0, y0), (x1, y1) = at(0, 0), at(1, 1)
    out.append(f'<path d="M{x0:.1f} {y0:.1f}L{x1:.1f} {y1:.1f}" stroke="#999" stroke-dasharray="4 3"/>')
    for n, said, right in bins:
        if n:
            x, y = at(said, right)
            out.append(
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{2 + 8 * (n / most) ** 0.5:.1f}" fill="#2563a8" fill-opacity=".75"><title>{n}: said {said:.2f}, so {right:.2f}</title></circle>'
            )
    out.append(f'<text x="{side / 2}" y="{side - 6}" text-anchor="middle">probability said</text>')
    out.append(
        f'<text x="12" y="{side / 2}" text-anchor="middle" transform="rotate(-90 12 {side / 2})">share that was so</text></svg>'
    )
    return "\n".join(out) + "\n"
