"""Trades: season, hours, sales, pages. All firms are invented."""

# months:      demand of January to December
# hours:       profile of the hours and weekdays in which people come (profiles.py)
# lag_days:    from the first answer to the sale: median days, spread of the logarithm
# amount:      median of a sale, spread of the logarithm
# opening:     from, to, and 0 for five days a week, 1 for six, 2 for seven
# holidays:    what the firm does on them: 'closed', 'partly' or 'works'
# returning:   how often and how late people come again
TRADES = {
    "dent": {
        "lang": "ru", "title": "Стоматология «{}»", "hours": "consumer",
        "opening": (9, 20, 1), "holidays": "partly", "returning": 0.9,
        "months": [0.88, 1.05, 1.06, 1.04, 0.9, 0.95, 0.88, 0.9, 1.06, 1.1, 1.1, 1.04],
        "lag_days": (5, 0.9), "sale_chance": 0.38, "amount": (28000, 0.8), "call_share": 0.68,
        "topics": ["implant", "lechenie", "breket", "detskaya", "protez"],
        "pages": ["/", "/uslugi", "/ceny", "/implantaciya", "/breketi", "/akcii", "/kontakty"],
        "stages": ["Новая заявка", "Консультация назначена", "Пришёл на осмотр", "План лечения"],
    },
    "okna": {
        "lang": "ru", "title": "Окна «{}»", "hours": "consumer",
        "opening": (9, 20, 1), "holidays": "closed", "returning": 0.7,
        "months": [0.66, 0.72, 0.86, 1.0, 1.08, 1.14, 1.14, 1.2, 1.24, 1.2, 1.0, 0.76],
        "lag_days": (9, 0.8), "sale_chance": 0.22, "amount": (74000, 0.6), "call_share": 0.62,
        "topics": ["okna", "balkon", "osteklenie", "remont", "dacha"],
        "pages": ["/", "/okna", "/balkony", "/ceny", "/akcii", "/rassrochka", "/kontakty"],
        "stages": ["Новая заявка", "Дозвонились", "Замер", "Договор на подписи"],
    },
    "mebel": {
        "lang": "ru", "title": "Кухни «{}»", "hours": "evening",
        "opening": (10, 20, 1), "holidays": "partly", "returning": 1.3,
        "months": [0.86, 0.95, 1.05, 1.0, 0.9, 0.92, 0.95, 1.05, 1.1, 1.1, 1.12, 1.05],
        "lag_days": (24, 0.8), "sale_chance": 0.14, "amount": (265000, 0.5), "call_share": 0.4,
        "topics": ["kuhni", "shkafy", "garderob", "kuhni-nedorogo"],
        "pages": ["/", "/kuhni", "/shkafy", "/katalog", "/kalkulyator", "/proekty", "/kontakty"],
        "stages": ["Новая заявка", "Квалификация", "Замер", "Проект", "Договор"],
    },
    "stanki": {
        "lang": "ru", "title": "ТД «{}»", "hours": "office",
        "opening": (9, 18, 0), "holidays": "closed", "returning": 1.6,
        "months": [0.7, 0.96, 1.1, 1.1, 0.94, 1.0, 0.94, 0.95, 1.06, 1.1, 1.1, 1.05],
        "lag_days": (48, 0.8), "sale_chance": 0.11, "amount": (820000, 1.0), "call_share": 0.45,
        "topics": ["stanki", "kompressory", "zapchasti", "lizing"],
        "pages": ["/", "/catalog", "/catalog/stanki", "/catalog/kompressory", "/price", "/service", "/contacts"],
        "stages": ["Новая заявка", "Квалификация", "КП отправлено", "Согласование", "Счёт выставлен"],
    },
    "shkola": {
        "lang": "ru", "title": "Школа языков «{}»", "hours": "evening",
        "opening": (10, 21, 1), "holidays": "closed", "returning": 0.8,
        "months": [0.94, 0.96, 0.9, 0.84, 0.74, 0.7, 0.86, 1.5, 1.6, 1.2, 0.95, 0.78],
        "lag_days": (6, 0.9), "sale_chance": 0.3, "amount": (21000, 0.4), "call_share": 0.35,
        "topics": ["angl", "deti", "ege", "online"],
        "pages": ["/", "/kursy", "/deti", "/ege", "/ceny", "/probnyj-urok", "/kontakty"],
        "stages": ["Новая заявка", "Связались", "Пробный урок", "Ждём оплату"],
    },
    "avto": {
        "lang": "ru", "title": "Автосервис «{}»", "hours": "office",
        "opening": (9, 21, 2), "holidays": "works", "returning": 0.5,
        "months": [0.86, 0.92, 1.1, 1.24, 1.05, 0.95, 0.95, 0.96, 1.0, 1.18, 1.12, 0.88],
        "lag_days": (2.5, 0.9), "sale_chance": 0.5, "amount": (14500, 0.8), "call_share": 0.78,
        "topics": ["remont", "to", "akpp", "kuzov", "shinomontazh"],
        "pages": ["/", "/uslugi", "/akpp", "/kuzov", "/ceny", "/zapis", "/kontakty"],
        "stages": ["Новая заявка", "Записан", "Машина в работе"],
    },
    "tehnika": {
        "lang": "ru", "title": "Магазин техники «{}»", "hours": "evening",
        "opening": (9, 21, 2), "holidays": "works", "returning": 0.8, "shop": True,
        "months": [0.92, 0.92, 0.96, 0.92, 0.95, 1.0, 1.04, 1.0, 1.0, 1.04, 1.18, 1.18],
        "lag_days": (2, 1.0), "sale_chance": 0.55, "amount": (38000, 0.7), "call_share": 0.5,
        "topics": ["holod", "stiralnye", "plity", "brend", "rasprodazha"],
        "pages": ["/", "/catalog", "/catalog/holodilniki", "/catalog/stiralnye", "/sale", "/cart", "/dostavka"],
        "stages": ["Новый заказ", "Подтверждён", "Собран", "Доставка"],
    },
    "klimat": {
        "lang": "ru", "title": "Климат «{}»", "hours": "consumer",
        "opening": (9, 20, 1), "holidays": "partly", "returning": 0.6,
        "months": [0.66, 0.66, 0.76, 0.95, 1.3, 1.5, 1.52, 1.25, 0.9, 0.8, 0.76, 0.74],
        "lag_days": (5, 0.8), "sale_chance": 0.3, "amount": (56000, 0.5), "call_share": 0.66,
        "topics": ["kondicioner", "montazh", "servis", "multisplit"],
        "pages": ["/", "/katalog", "/montazh", "/servis", "/ceny", "/kontakty"],
        "stages": ["Новая заявка", "Дозвонились", "Выезд инженера", "Договор"],
    },
    "solar": {
        "lang": "en", "title": "{} Solar", "hours": "evening",
        "opening": (8, 18, 1), "holidays": "closed", "returning": 1.4,
        "months": [0.82, 0.92, 1.08, 1.18, 1.18, 1.14, 1.04, 1.0, 1.04, 0.96, 0.86, 0.72],
        "lag_days": (30, 0.8), "sale_chance": 0.12, "amount": (9200, 0.3), "call_share": 0.4,
        "topics": ["solar-panels", "battery", "quote", "commercial"],
        "pages": ["/", "/solar-panels", "/battery-storage", "/prices", "/get-a-quote", "/case-studies", "/contact"],
        "stages": ["New enquiry", "Contacted", "Site survey", "Proposal sent"],
    },
    "dental-uk": {
        "lang": "en", "title": "{} Dental", "hours": "office",
        "opening": (8, 18, 1), "holidays": "closed", "returning": 0.8,
        "months": [1.12, 1.04, 1.02, 0.96, 1.0, 1.0, 0.96, 0.9, 1.04, 1.04, 1.04, 0.82],
        "lag_days": (8, 0.9), "sale_chance": 0.4, "amount": (640, 0.9), "call_share": 0.66,
        "topics": ["implants", "invisalign", "whitening", "emergency"],
        "pages": ["/", "/treatments", "/implants", "/invisalign", "/fees", "/book", "/contact"],
        "stages": ["New enquiry", "Contacted", "Consultation booked", "Plan accepted"],
    },
}
