"""Channels by which people come. All domains of firms end in .example."""

# traffic_type, engine, source, medium, referrer: what the counter says of a visit
# prefix:       of the names of campaigns; without a dash at its end it is the name of the only one
# quality:      of the wish to get in touch; sale_quality: of the sale; mobile: share of phones; weight: share of traffic

RUSSIAN = {
    "ya-search": {
        "title": "Директ, поиск", "traffic_type": "ad", "engine": "yandex_direct", "source": "yandex",
        "medium": "cpc", "prefix": "poisk-",
        "quality": 1.6, "sale_quality": 1.1, "mobile": 0.6, "weight": 3.0, "click_price": 46,
    },
    "ya-network": {
        "title": "Директ, РСЯ", "traffic_type": "ad", "engine": "yandex_direct", "source": "yandex",
        "medium": "cpc", "prefix": "rsya-",
        "quality": 0.4, "sale_quality": 0.75, "mobile": 0.78, "weight": 2.4, "click_price": 14,
    },
    "seo-yandex": {
        "title": "Яндекс, поиск", "traffic_type": "organic", "engine": "yandex", "referrer": "https://yandex.ru/",
        "quality": 1.15, "sale_quality": 1.1, "mobile": 0.58, "weight": 2.4,
    },
    "seo-google": {
        "title": "Google, поиск", "traffic_type": "organic", "engine": "google", "referrer": "https://www.google.com/",
        "quality": 0.95, "sale_quality": 1.0, "mobile": 0.55, "weight": 1.4,
    },
    "direct": {
        "title": "Прямые заходы", "traffic_type": "direct", "engine": "",
        "quality": 1.15, "sale_quality": 1.2, "mobile": 0.5, "weight": 1.5,
    },
    "vk-ads": {
        "title": "VK Реклама", "traffic_type": "ad", "engine": "vk_ads", "source": "vk", "medium": "cpc", "prefix": "vk-",
        "quality": 0.42, "sale_quality": 0.65, "mobile": 0.85, "weight": 1.5, "click_price": 18,
    },
    "telegram": {
        "title": "Телеграм", "traffic_type": "messenger", "engine": "telegram", "source": "telegram",
        "medium": "post", "prefix": "tg-",
        "quality": 0.6, "sale_quality": 0.9, "mobile": 0.88, "weight": 0.8,
    },
    "avito": {
        "title": "Авито", "traffic_type": "referral", "engine": "", "source": "avito", "medium": "board",
        "prefix": "avito-", "referrer": "https://www.avito.ru/",
        "quality": 1.5, "sale_quality": 0.8, "mobile": 0.75, "weight": 0.9, "click_price": 25,
    },
    "gis": {
        "title": "2ГИС", "traffic_type": "referral", "engine": "", "source": "2gis", "medium": "maps",
        "prefix": "card", "referrer": "https://2gis.ru/",
        "quality": 2.0, "sale_quality": 1.2, "mobile": 0.8, "weight": 0.7,
    },
    "ya-maps": {
        "title": "Яндекс Карты", "traffic_type": "referral", "engine": "", "source": "yandex-maps", "medium": "maps",
        "prefix": "card", "referrer": "https://yandex.ru/maps/",
        "quality": 1.9, "sale_quality": 1.2, "mobile": 0.8, "weight": 0.7,
    },
    "email": {
        "title": "Рассылка", "traffic_type": "email", "engine": "", "source": "newsletter",
        "medium": "email", "prefix": "news-",
        "quality": 0.8, "sale_quality": 1.3, "mobile": 0.5, "weight": 0.5,
    },
    "partners": {
        "title": "Партнёры", "traffic_type": "referral", "engine": "", "source": "partner", "medium": "referral",
        "prefix": "p-", "referrer": "https://partner-dom.example/",
        "quality": 0.9, "sale_quality": 1.0, "mobile": 0.5, "weight": 0.5,
    },
    "dzen": {
        "title": "Дзен", "traffic_type": "recommend", "engine": "zen_yandex", "source": "dzen",
        "medium": "article", "prefix": "dzen-",
        "quality": 0.2, "sale_quality": 0.7, "mobile": 0.85, "weight": 1.0,
    },
}

ENGLISH = {
    "google-ads": {
        "title": "Google Ads search", "source": "google", "medium": "cpc", "prefix": "search-",
        "quality": 1.5, "sale_quality": 1.1, "mobile": 0.6, "weight": 3.0, "click_price": 2.1,
    },
    "pmax": {
        "title": "Performance Max", "source": "google", "medium": "cpc", "prefix": "pmax-",
        "quality": 0.6, "sale_quality": 0.8, "mobile": 0.72, "weight": 1.8, "click_price": 0.8,
    },
    "seo": {
        "title": "Organic search", "source": "google", "medium": "organic",
        "quality": 1.1, "sale_quality": 1.1, "mobile": 0.56, "weight": 3.0,
    },
    "bing": {
        "title": "Bing organic", "source": "bing", "medium": "organic",
        "quality": 1.1, "sale_quality": 1.1, "mobile": 0.3, "weight": 0.6,
    },
    "direct": {
        "title": "Direct", "source": "(direct)", "medium": "(none)",
        "quality": 1.15, "sale_quality": 1.2, "mobile": 0.5, "weight": 1.6,
    },
    "meta-ads": {
        "title": "Meta ads", "source": "facebook", "medium": "paid_social", "prefix": "fb-",
        "quality": 0.42, "sale_quality": 0.6, "mobile": 0.9, "weight": 1.8, "click_price": 0.7,
    },
    "instagram": {
        "title": "Instagram", "source": "instagram", "medium": "social",
        "quality": 0.5, "sale_quality": 0.9, "mobile": 0.93, "weight": 0.8,
    },
    "checkatrade": {
        "title": "Directories", "source": "checkatrade", "medium": "directory", "prefix": "listing",
        "quality": 1.8, "sale_quality": 1.1, "mobile": 0.6, "weight": 0.6,
    },
    "email": {
        "title": "Newsletter", "source": "newsletter", "medium": "email", "prefix": "news-",
        "quality": 0.8, "sale_quality": 1.3, "mobile": 0.55, "weight": 0.5,
    },
    "referral": {
        "title": "Referrals", "source": "homeadvice.example", "medium": "referral",
        "quality": 0.9, "sale_quality": 1.0, "mobile": 0.5, "weight": 0.6,
    },
}
