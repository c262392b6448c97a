"""Names and habits that firms are drawn from. Data only: what differs between trades stands here, not in the code."""

# id: title, sources, medium, referring host, paid, campaigns begin with, weight, mobile, bounce, new, rate, quality,
# price of a click, own rule (None: the shipped rules know it).
CHANNELS = {
    "yandex-direct": ("Директ: поиск", ["yandex"], "cpc", "", True, "poisk", 3.0, 0.50, 0.28, 0.72, 1.2, 1.0, 90, None),
    "yandex-direct-network": ("Директ: сети", ["yandex"], "cpc", "", True, "rsya", 2.5, 0.75, 0.48, 0.85, 0.45, 0.7, 25,
                              'campaign_matches = "^rsya_"'),
    "retargeting": ("Ретаргетинг", ["yandex"], "cpc", "", True, "retarget", 0.7, 0.6, 0.3, 0.15, 1.1, 1.1, 35,
                    'campaign_matches = "^retarget_"'),
    "vk-ads": ("VK Реклама", ["vk"], "cpc", "", True, "target", 1.5, 0.85, 0.5, 0.85, 0.4, 0.6, 22, None),
    "telegram-ads": ("Реклама в Telegram", ["telegram_ads"], "cpm", "", True, "tg", 0.8, 0.85, 0.42, 0.85, 0.6, 0.7, 45,
                     'source = ["telegram_ads"]'),
    "other-ads": ("Другая реклама", ["adriver", "buzzoola"], "cpm", "", True, "media", 0.7, 0.7, 0.6, 0.9, 0.2, 0.5, 12,
                  None),
    "organic-search": ("Поиск", ["yandex", "google"], "organic", "", False, "", 3.5, 0.5, 0.3, 0.68, 1.0, 1.1, 0, None),
    "direct": ("Прямые заходы", [""], "", "", False, "", 1.8, 0.45, 0.33, 0.45, 1.2, 1.2, 0, None),
    "referral": ("Ссылки на сайтах", ["otraslevoy-portal.ru", "spravka-firm.ru"], "referral", "", False, "", 0.8, 0.4,
                 0.32, 0.7, 0.9, 1.0, 0, None),
    "email": ("Рассылки", ["sendsay"], "email", "", False, "letter", 0.7, 0.5, 0.2, 0.1, 1.3, 1.3, 0, None),
    "social": ("Соцсети", ["vk", "ok"], "social", "", False, "", 0.8, 0.8, 0.4, 0.6, 0.5, 0.8, 0, None),
    "messengers": ("Мессенджеры", ["telegram"], "messenger", "", False, "", 0.6, 0.8, 0.33, 0.4, 0.9, 1.0, 0, None),
    "maps": ("Карты", ["2gis", "yandex_maps"], "maps", "", False, "", 0.6, 0.8, 0.25, 0.75, 1.7, 1.0, 0, None),
    "recommendations": ("Дзен", ["dzen"], "article", "", False, "", 0.6, 0.8, 0.55, 0.8, 0.25, 0.6, 0, None),
    "partners": ("Партнёры", ["agent-a", "agent-b"], "partner", "", False, "", 0.6, 0.45, 0.25, 0.7, 1.8, 1.4, 0, None),
    "catalogues": ("Товарные каталоги", ["pulscen", "satom"], "catalogue", "", True, "cat", 1.0, 0.35, 0.33, 0.8, 1.1,
                   0.9, 40, 'source = ["pulscen", "satom"]'),
    "portals": ("Порталы недвижимости", ["cian", "domclick"], "listing", "", True, "list", 1.6, 0.65, 0.3, 0.75, 1.3, 1.0,
                70, 'source = ["cian", "domclick"]'),
    "webinars": ("Вебинары", ["webinar-platform"], "event", "", False, "webinar", 0.8, 0.5, 0.2, 0.4, 1.6, 1.2, 0,
                 'campaign_matches = "^webinar_"'),
    "tenders": ("Тендерные площадки", ["tenderplan"], "portal", "", False, "", 0.4, 0.15, 0.25, 0.6, 1.8, 1.5, 0,
                'source = ["tenderplan"]'),
}

# trade: hours kept like an office, weekend level, share of forms, share of calls without a visit, win rate, median lag in
# days, median amount, its log spread, channels of the trade only, pages, forms.
TRADES = {
    "supplier": dict(office=0.9, weekend=(0.18, 0.4), forms=(0.45, 0.8), offline=(0.08, 0.3), win=(0.08, 0.25),
                     lag=(8, 45), amount=(60e3, 400e3), spread=(1.1, 1.7), own=["catalogues", "tenders"],
                     pages=["", "catalog", "catalog/opt", "price", "delivery", "contacts", "o-kompanii", "spec"],
                     forms_=["Запрос цены", "Заказать звонок", "Заявка на поставку", "Обратная связь"]),
    "school": dict(office=0.35, weekend=(0.85, 1.15), forms=(0.85, 0.98), offline=(0.0, 0.04), win=(0.04, 0.15),
                   lag=(7, 25), amount=(25e3, 120e3), spread=(0.5, 0.9), own=["webinars"],
                   pages=["", "courses", "courses/python", "courses/design", "free-lesson", "reviews", "teachers"],
                   forms_=["Пробный урок", "Запись на курс", "Консультация", "Подобрать курс"]),
    "property": dict(office=0.5, weekend=(0.7, 1.0), forms=(0.3, 0.6), offline=(0.1, 0.3), win=(0.02, 0.09),
                     lag=(30, 90), amount=(5e6, 12e6), spread=(0.5, 0.9), own=["portals"],
                     pages=["", "flats", "flats/1k", "flats/2k", "ipoteka", "contacts", "commercial", "hod-stroitelstva"],
                     forms_=["Заказать звонок", "Записаться на просмотр", "Расчёт ипотеки"]),
    "equipment": dict(office=0.92, weekend=(0.12, 0.35), forms=(0.45, 0.75), offline=(0.08, 0.3), win=(0.05, 0.18),
                      lag=(20, 80), amount=(300e3, 2.5e6), spread=(1.1, 1.8), own=["catalogues", "tenders"],
                      pages=["", "stanki", "stanki/chpu", "kompressory", "servis", "lizing", "contacts"],
                      forms_=["Коммерческое предложение", "Заказать звонок", "Опросный лист"]),
    "software": dict(office=0.85, weekend=(0.15, 0.4), forms=(0.8, 0.97), offline=(0.01, 0.08), win=(0.04, 0.2),
                     lag=(12, 70), amount=(80e3, 600e3), spread=(1.1, 1.8), own=["webinars"],
                     pages=["", "product", "pricing", "demo", "integrations", "blog/kak-vybrat", "cases"],
                     forms_=["Запросить демо", "Попробовать", "Вопрос отделу продаж", "Скачать презентацию"]),
}

ZONES = {"Europe/Moscow": 3, "Europe/Samara": 4, "Asia/Yekaterinburg": 5, "Asia/Omsk": 6, "Asia/Novosibirsk": 7,
         "Europe/Kaliningrad": 2, "Asia/Krasnoyarsk": 7}
CITIES = ["Москва", "Санкт-Петербург", "Самара", "Екатеринбург", "Казань", "Новосибирск", "Омск", "Пермь", "Калининград",
          "Красноярск", "Тула", "Воронеж"]
FAR_CITIES = ["Душанбе", "Бишкек", "Минск", "Владивосток", "Алматы", "Магадан"]
DEVICES = ["desktop", "mobile", "tablet"]
MANAGERS = ["Орлова Анна", "Беляев Пётр", "Громов Илья", "Зайцева Мария", "Крылов Олег", "Лебедева Дарья", "Мороз Сергей",
            "Никитина Ольга", "Павлов Денис", "Сорокина Вера"]
STAGE_SETS = [
    (["Новая заявка", "Взята в работу", "Квалификация", "Предложение отправлено", "Договор"], "Оплачено", "Отказ"),
    (["Неразобранное", "Первичный контакт", "Переговоры", "Принимают решение", "Согласование договора"],
     "Успешно реализовано", "Закрыто и не реализовано"),
    (["Новый лид", "Контакт установлен", "Демонстрация", "Коммерческое предложение", "Счёт выставлен"], "Сделка выиграна",
     "Сделка проиграна"),
]
REASONS = ["Дорого", "Выбрали конкурента", "Отложили покупку", "Не выходит на связь", "Нет бюджета"]
BAD_REASONS = ["Нецелевой запрос", "Не наш регион", "Ошибочное обращение"]
REASON_NOBODY, REASON_STUDENT, REASON_PHONE = "Не выходит на связь", "Нецелевой: студент", "Ошибочный номер"
