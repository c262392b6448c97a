"""Words: names of firms, managers, towns, reasons."""

RUSSIAN_FIRMS = [
    "Вега", "Северный дом", "Комфорт", "Линия", "Арсенал", "Лад", "Меридиан", "Квартал", "Гранит", "Исток", "Орион", "Спектр",
]
ENGLISH_FIRMS = [
    "Harbour", "Kestrel", "Whitfield", "Oakley", "Brightside", "Larkhill",
]
RUSSIAN_MANAGERS = [
    "Анна Волкова", "Пётр Ильин", "Ольга Сомова", "Денис Крот", "Марина Лис", "Игорь Белов", "Светлана Рябова", "Артём Зуев",
    "Юлия Орех", "Павел Дюжев", "Нина Кац", "Роман Шмель",
]
ENGLISH_MANAGERS = [
    "Amy Carter", "Tom Hale", "Priya Shah", "Luke Byrne", "Ella Frost", "Sam Okoro", "Nora Quinn", "Ben Lowe", "Iris Webb",
    "Jack Moss", "Ruth Dean", "Omar Aziz",
]

# towns, time zone, dialling code
RUSSIAN_REGIONS = [
    (["Москва", "Балашиха", "Химки", "Подольск", "Мытищи"], "Europe/Moscow", "495"),
    (["Екатеринбург", "Верхняя Пышма", "Берёзовский", "Первоуральск"], "Asia/Yekaterinburg", "343"),
    (["Новосибирск", "Бердск", "Искитим"], "Asia/Novosibirsk", "383"),
    (["Казань", "Зеленодольск", "Набережные Челны"], "Europe/Moscow", "843"),
    (["Санкт-Петербург", "Гатчина", "Колпино", "Всеволожск"], "Europe/Moscow", "812"),
]
RUSSIAN_FAR_TOWNS = ["Краснодар", "Самара", "Омск", "Ростов-на-Дону"]
ENGLISH_REGION = (["Leeds", "Bradford", "York", "Harrogate"], "Europe/London", "113")
ENGLISH_FAR_TOWNS = ["Glasgow", "Cardiff", "Plymouth"]

REASONS = {
    "ru": {
        "lost": ["Дорого", "Выбрали других", "Передумал", "Отложили"],
        "untargeted": ["Нецелевой запрос", "Не наш регион"],
        "unreached": ["Не дозвонились"],
        "duplicate": ["Дубль"],
    },
    "en": {
        "lost": ["Price", "Went with competitor", "Changed mind", "Postponed"],
        "untargeted": ["Not our service", "Out of area"],
        "unreached": ["Could not reach"],
        "duplicate": ["Duplicate"],
    },
}

FORMS = {
    "ru": ["Обратный звонок", "Расчёт стоимости", "Запись"],
    "en": ["Callback", "Get a quote", "Booking"],
    "shop": ["Заказ", "Обратный звонок", "Заказ в один клик"],
}
CLOSED_STAGES = {"ru": ("Успешно реализовано", "Закрыто и не реализовано"), "en": ("Closed won", "Closed lost")}
