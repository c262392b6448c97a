"""The firm's own calendar, and its notes of what it did: mostly about nothing, some about incidents."""
import numpy as np

from exports.files import stamp, write_table
from world.clock import DAY, DAYS, HOUR, skip_spring_gap
from world.draws import pick, stream

USUAL_NOTES = {
    True: {
        "release": ["Обновили тексты на сайте", "Новый баннер на главной"],
        "campaign": ["Добавили объявления", "Новые минус-слова"],
        "staff": ["Планёрка, новый скрипт"],
        "other": ["Переезд склада", "Съёмка для каталога"],
    },
    False: {
        "release": ["New texts on the site", "New banner"],
        "campaign": ["More ads", "Negative keywords"],
        "staff": ["New call script"],
        "other": ["Warehouse moved"],
    },
}
# kind of the note, Russian and English text
INCIDENT_NOTES = {
    "price_rise": ("price", "Подняли цены", "Prices up"),
    "price_second": ("price", "Новый прайс", "New price list"),
    "form_dead_all": ("release", "Выкатили новую версию форм", "New version of the forms"),
    "form_dead_page": ("release", "Обновили страницу", "Page relaunched"),
    "trunk_silent": ("telephony", "Работы у оператора связи", "Works at the carrier"),
    "ivr_loop": ("telephony", "Новое голосовое меню", "New voice menu"),
    "campaign_paused": ("campaign", "Остановили кампанию", "Campaign paused"),
    "manager_absent": ("staff", "Больничный", "Sick leave"),
}
SHARE_NOTED = .4


def write_calendar(firm, folder):
    """Days off on which it works."""
    kind = "ordinary" if firm.holidays == "works" else "short"
    name = "работаем" if firm.russian else "open"
    days = [(date.isoformat(), kind, name) for date, works in zip(firm.dates, firm.is_off & firm.open_day) if works]
    days = days or [(firm.dates[3].isoformat(), "ordinary", "")]
    write_table(f"{folder}/calendar.csv", dict(zip(("day", "kind", "name"), zip(*days))), ";")


def write_annotations(firm, incidents, folder):
    rng = stream(firm.seed, "notes")
    usual = USUAL_NOTES[firm.russian]
    notes = []
    for _ in range(int(rng.integers(4, 12))):
        kind = pick(rng, list(usual))
        t = int(rng.integers(3, DAYS - 3)) * DAY + int(rng.integers(9, 18)) * HOUR
        notes.append((t, kind, pick(rng, usual[kind])))
    for incident in incidents:
        if incident.kind in INCIDENT_NOTES and rng.random() < SHARE_NOTED:
            kind, russian, english = INCIDENT_NOTES[incident.kind]
            t = max(0, incident.start - int(rng.integers(0, 5)) * 1800)
            notes.append((t, kind, russian if firm.russian else english))
    t, kinds, titles = zip(*sorted(notes))
    at = stamp(firm, skip_spring_gap(firm, np.array(t)))
    write_table(f"{folder}/annotations.csv", {"at": at, "kind": kinds, "title": titles}, ";")
