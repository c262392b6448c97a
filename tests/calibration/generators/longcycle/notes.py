"""What people of the firm wrote down: some of it explains an incident, most of it is innocent."""

import polars as pl

from clock import DAY, HOUR
from firm import Firm

TOLD = {"release": (0.7, "release", "Обновление сайта"), "captcha": (0.6, "release", "Капча на формах"),
        "weak_surge": (0.5, "campaign", "Широкая кампания"), "mix": (0.3, "campaign", "Перераспределили бюджет"),
        "on_leave": (0.4, "staff", "Менеджер в отпуске"), "duplicates": (0.4, "crm", "Новая интеграция с CRM")}
INNOCENT = [("release", "Обновление сайта"), ("campaign", "Новые объявления"), ("staff", "Обучение отдела продаж"),
            ("crm", "Изменили поля сделки"), ("other", "Выставка")]


def frame(firm: Firm, incidents: list) -> pl.DataFrame:
    """Rows of the built-in format `annotations`."""
    rng = firm.rng(15)
    rows = []
    for _ in range(firm.clock.weeks // 8):
        kind, title = INNOCENT[int(rng.integers(len(INNOCENT)))]
        day = int(rng.integers(0, firm.clock.days))
        rows.append((day * DAY + int(rng.integers(9, 19)) * HOUR, kind, title))
    for one in incidents:
        chance, kind, title = TOLD.get(one.kind.name, (0.0, "", ""))
        if rng.random() < chance:
            rows.append((one.start - int(rng.integers(0, 2)) * HOUR, kind, title))
    rows.sort()
    return pl.DataFrame({"at": [firm.clock.stamp(t).replace("T", " ") for t, _, _ in rows],
                         "kind": [k for _, k, _ in rows], "title": [f"{x} №{n}" for n, (_, _, x) in enumerate(rows, 1)]},
                        schema={"at": pl.String, "kind": pl.String, "title": pl.String})
