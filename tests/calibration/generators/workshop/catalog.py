"""What firms are drawn from: channels with their usual figures, towns, pages, names."""

# fmt: off
# id, traffic type, engine, source, medium, campaign prefix, referrer, paid, rate, weight, bounce, mobile, new, local
CATALOG = [
    ("yandex-direct-search", "ad", "yandex_direct_star", "yandex", "cpc", "poisk_", "yandex.ru", 1, 1.7, 1.6, .18, .60, .75, .85),
    ("yandex-direct-network", "ad", "yandex_direct_star", "yandex", "cpc", "rsya_", "avatars.mds.yandex.net", 1, .35, 1.8, .42, .82, .85, .75),
    ("retargeting", "ad", "yandex_direct_star", "yandex", "cpc", "retarget_", "yandex.ru", 1, 1.2, .5, .25, .70, .25, .85),
    ("google-ads", "ad", "google_adwords", "google", "cpc", "g_", "google.com", 1, 1.3, .8, .22, .62, .78, .8),
    ("vk-ads", "ad", "vkontakte", "vk", "cpc", "vk_", "vk.com", 1, .3, 1.2, .45, .88, .85, .7),
    ("avito", "referral", "", "avito", "cpc", "av_", "avito.ru", 1, 1.0, .5, .28, .8, .7, .8),
    ("other-ads", "ad", "", "portal", "cpc", "prt_", "portal.example", 1, .6, .5, .35, .7, .8, .6),
    ("organic-search", "organic", "yandex", "", "", "", "yandex.ru", 0, 1.0, 2.4, .24, .60, .72, .6),
    ("organic-google", "organic", "google", "", "", "", "google.com", 0, .9, 1.2, .26, .60, .74, .5),
    ("direct", "direct", "", "", "", "", "", 0, 1.2, 1.4, .22, .55, .45, .75),
    ("referral", "referral", "", "", "", "", "catalog.example", 0, .8, .6, .30, .5, .70, .55),
    ("maps", "referral", "", "2gis", "map", "", "2gis.ru", 0, 2.4, .5, .15, .75, .6, .95),
    ("social", "social", "vkontakte", "", "", "", "vk.com", 0, .45, .6, .38, .85, .6, .7),
    ("messengers", "messenger", "telegram", "", "", "", "", 0, .8, .3, .28, .9, .5, .75),
    ("email", "email", "", "unisender", "email", "digest_", "", 0, 1.6, .35, .18, .5, .1, .8),
    ("partners", "referral", "", "partner", "affiliate", "", "partner.example", 0, 1.1, .4, .25, .6, .8, .7),
    ("recommendations", "recommend", "zen", "", "", "", "dzen.ru", 0, .12, .7, .52, .9, .92, .35),
    ("sms", "referral", "", "sms", "sms", "sms_", "", 0, 1.3, .2, .2, .98, .1, .85),
]
TOWNS = ["Тверь", "Пермь", "Омск", "Тула", "Орёл", "Псков", "Уфа", "Сочи", "Чита", "Курск", "Москва", "Казань", "Самара", "Вологда"]
FOREIGN = ["Франкфурт", "Ашберн", "Хельсинки", "Ташкент", "Пекин", "Бомбей"]
PAGES = ["", "ceny", "katalog", "akcii", "kontakty", "uslugi", "o-nas", "otzyvy", "blog", "dostavka", "raschet", "garantiya",
         "zamer", "rassrochka", "raboty", "voprosy", "dlya-biznesa", "nedorogo", "premium", "montazh"]
NAMES = ["Белов", "Громов", "Лапин", "Рябов", "Седов", "Титов", "Чернов", "Юдин", "Котов"]
# fmt: on
