//! The campaigns, search engines and sites behind the channels, as the counter names them.

use super::channels::{City, NETWORK};

/// A campaign, search engine or site that sends visits, as the counter names it.
pub struct VisitSource {
    /// Index in [`CHANNELS`].
    pub channel: u8,
    /// Share inside the channel.
    pub share: f64,
    /// The city it is aimed at, if one.
    pub city: Option<City>,
    /// `ym:s:lastsignTrafficSource`.
    pub traffic: &'static str,
    /// Advertising system, search engine, social network, messenger: four neighbouring columns.
    pub detail: [&'static str; 4],
    /// Referring address.
    pub referer: &'static str,
    /// utm_source, utm_medium, utm_campaign.
    pub utm: [&'static str; 3],
    /// The campaign's number in Direct, or 0.
    pub number: u32,
    /// Roubles for a click.
    pub click: f64,
}

const P: Option<City> = Some(City::Petrozavodsk);
const M: Option<City> = Some(City::Murmansk);
const YANDEX: &str = "https://yandex.ru/";
const GOOGLE: &str = "https://www.google.com/";
const NETWORK_SITE: &str = "https://yabs.yandex.ru/";

const fn direct(
    channel: u8,
    share: f64,
    city: Option<City>,
    campaign: &'static str,
    number: u32,
    click: f64,
) -> VisitSource {
    let referer = if channel == NETWORK {
        NETWORK_SITE
    } else {
        YANDEX
    };
    let utm = ["yandex", "cpc", campaign];
    VisitSource {
        channel,
        share,
        city,
        traffic: "ad",
        detail: ["yandex_direct_star", "", "", ""],
        referer,
        utm,
        number,
        click,
    }
}

const fn paid(
    channel: u8,
    share: f64,
    city: Option<City>,
    engine: &'static str,
    referer: &'static str,
    utm: [&'static str; 3],
    click: f64,
) -> VisitSource {
    VisitSource {
        channel,
        share,
        city,
        traffic: "ad",
        detail: [engine, "", "", ""],
        referer,
        utm,
        number: 0,
        click,
    }
}

const fn free(
    channel: u8,
    share: f64,
    traffic: &'static str,
    detail: [&'static str; 4],
    referer: &'static str,
    utm: [&'static str; 3],
) -> VisitSource {
    VisitSource {
        channel,
        share,
        city: None,
        traffic,
        detail,
        referer,
        utm,
        number: 0,
        click: 0.0,
    }
}

const PLAIN: [&str; 4] = ["", "", "", ""];
const NO_UTM: [&str; 3] = ["", "", ""];

/// Everything that sends visits, grouped by channel.
pub const SOURCES: [VisitSource; 22] = [
    direct(0, 0.20, P, "brand_ptz", 70_123_401, 14.0),
    direct(0, 0.40, P, "poisk_ptz", 70_123_402, 58.0),
    direct(0, 0.12, M, "brand_mmk", 70_123_411, 13.0),
    direct(0, 0.28, M, "poisk_mmk", 70_123_412, 52.0),
    direct(1, 0.60, P, "rsya_ptz", 70_123_403, 12.5),
    direct(1, 0.40, M, "rsya_mmk", 70_123_413, 11.5),
    paid(
        2,
        0.60,
        P,
        "google_adwords",
        GOOGLE,
        ["google", "cpc", "g_search_ptz"],
        41.0,
    ),
    paid(
        2,
        0.40,
        M,
        "google_adwords",
        GOOGLE,
        ["google", "cpc", "g_search_mmk"],
        38.0,
    ),
    free(3, 0.68, "organic", ["", "yandex", "", ""], YANDEX, NO_UTM),
    free(3, 0.32, "organic", ["", "google", "", ""], GOOGLE, NO_UTM),
    paid(
        4,
        0.60,
        P,
        "vk_ads",
        "https://vk.com/",
        ["vk", "cpc", "vk_okna_ptz"],
        19.0,
    ),
    paid(
        4,
        0.40,
        M,
        "vk_ads",
        "https://vk.com/",
        ["vk", "cpc", "vk_okna_mmk"],
        18.0,
    ),
    free(5, 1.0, "direct", PLAIN, "", NO_UTM),
    free(
        6,
        0.45,
        "referral",
        PLAIN,
        "https://dom-karelia.example/stati/okna",
        NO_UTM,
    ),
    free(
        6,
        0.30,
        "referral",
        PLAIN,
        "https://forum-remonta.example/topic/881",
        NO_UTM,
    ),
    free(
        6,
        0.25,
        "referral",
        PLAIN,
        "https://stroika51.example/katalog",
        NO_UTM,
    ),
    free(
        7,
        0.55,
        "referral",
        PLAIN,
        "https://2gis.ru/",
        ["2gis", "maps", "kartochka"],
    ),
    free(
        7,
        0.45,
        "referral",
        PLAIN,
        "https://yandex.ru/maps/",
        ["yandex_maps", "maps", "kartochka"],
    ),
    free(
        8,
        0.70,
        "email",
        PLAIN,
        "",
        ["newsletter", "email", "akcii_mesyaca"],
    ),
    free(
        8,
        0.30,
        "email",
        PLAIN,
        "",
        ["newsletter", "email", "zamer_besplatno"],
    ),
    free(
        9,
        0.70,
        "messenger",
        ["", "", "", "telegram"],
        "https://t.me/",
        NO_UTM,
    ),
    free(9, 0.30, "messenger", ["", "", "", "whatsapp"], "", NO_UTM),
];
/// Index of the search engine that people come back through.
pub const YANDEX_SEARCH: u8 = 8;
/// Index in [`SOURCES`] of visits without a source.
pub const TYPED_IN: u8 = 12;
