"""Writes the exports of this case that no text editor can write. Needs openpyxl."""

import datetime
import json
import pathlib

import openpyxl

here = pathlib.Path(__file__).parent / "exports"
header = ["Дата", "Форма", "Телефон", "E-mail", "utm_source", "utm_medium", "ID заявки"]

# A title, an empty row and the header; dates shown the American way, telephone numbers as numbers. The first sheet is none.
book = openpyxl.Workbook()
book.active.title = "Заметки"
book.active.append(["Выгрузка для Анны, 9 ноября"])
sheet = book.create_sheet("Заявки")
sheet.append(["Заявки с сайта"])
sheet.append([])
sheet.append(header)
rows = [
    (datetime.datetime(2026, 11, 2, 10, 5), "Замер", 79005550401, None, "yandex", "cpc", 91),
    (datetime.datetime(2026, 11, 3, 23, 59, 59), "Замер", 79005550402, None, "yandex", "cpc", 92),
]
for row in rows:
    sheet.append(row)
    sheet.cell(sheet.max_row, 1).number_format = "m/d/yy h:mm"
book.save(here / "forms.xlsx")

line = "{};Обратный звонок;+7 900 555-04-0{};;vk;cpc;9{}"
for encoding, row in [("koi8-r", ("04.11.2026 12:00", 3, 3)), ("cp866", ("05.11.2026 12:00", 4, 4))]:
    text = ";".join(header) + "\r\n" + line.format(*row) + "\r\n"
    (here / f"forms-{encoding}.csv").write_bytes(text.encode(encoding))

record = dict(zip(header, ["06.11.2026 12:00", "Замер", None, "anna@pochta.example", "yandex", "cpc", 95]))
(here / "forms.jsonl").write_text(json.dumps(record, ensure_ascii=False) + "\n" + json.dumps(record | {"ID заявки": 96, "E-mail": "boris@pochta.example"}, ensure_ascii=False) + "\n")
