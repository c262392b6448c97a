//! Where the shop's visits come from, as its counter names it.

/// Index in [`SOURCES`] of the phrase whose orders nobody ever picks up.
pub const NEVER_SELLS: usize = 2;
/// Index in [`SOURCES`] of letters to buyers: they come by themselves, after an order.
pub const LETTERS: usize = 12;
/// Index in [`SOURCES`] of visits from a bookmark.
pub const BOOKMARK: usize = 11;

/// The front page.
pub const FRONT: &str = "/";
/// The catalogue as it was.
pub const CATALOGUE: &str = "/katalog";
/// The catalogue with ready sets, the other variant of the test.
pub const OTHER_CATALOGUE: &str = "/katalog-nabory";
/// The page of coffee for a cezve, which one phrase leads to.
pub const CEZVE: &str = "/kofe-dlya-turki";

/// A phrase, campaign, search engine or site that sends visits.
pub struct Source {
    /// Share of all visits.
    pub share: f64,
    /// How willing its visitors are, against an average one.
    pub zeal: f64,
    /// `ym:s:lastsignTrafficSource`.
    pub traffic: &'static str,
    /// Advertising system, search engine, social network, messenger: four neighbouring columns.
    pub detail: [&'static str; 4],
    /// Referring address.
    pub referer: &'static str,
    /// utm_source, utm_medium, utm_campaign, utm_content, utm_term.
    pub utm: [&'static str; 5],
    /// The page that its visits begin on.
    pub page: &'static str,
    /// The group of ads, where it is advertising in Direct.
    pub group: &'static str,
    /// Roubles for a click.
    pub click: f64,
}

const YANDEX: &str = "https://yandex.ru/";

/// A phrase of a search campaign in Direct.
const fn phrase(
    share: f64,
    zeal: f64,
    campaign: &'static str,
    group: &'static str,
    ad_and_phrase: [&'static str; 2],
    page: &'static str,
    click: f64,
) -> Source {
    let [ad, phrase] = ad_and_phrase;
    Source {
        share,
        zeal,
        traffic: "ad",
        detail: ["ya_direct", "", "", ""],
        referer: YANDEX,
        utm: ["yandex", "cpc", campaign, ad, phrase],
        page,
        group,
        click,
    }
}

/// What is not paid for by the click.
const fn free(
    share: f64,
    zeal: f64,
    traffic: &'static str,
    detail: [&'static str; 4],
    referer: &'static str,
    utm: [&'static str; 5],
    page: &'static str,
) -> Source {
    Source {
        share,
        zeal,
        traffic,
        detail,
        referer,
        utm,
        page,
        group: "",
        click: 0.0,
    }
}

const PLAIN: [&str; 5] = [""; 5];

/// Everything that sends visits, invented; the order is fixed because chance is drawn in it.
pub const SOURCES: [Source; 13] = [
    phrase(
        0.07,
        1.0,
        "poisk_kofe",
        "зерно",
        ["3101", "кофе в зёрнах"],
        CATALOGUE,
        26.0,
    ),
    phrase(
        0.05,
        2.0,
        "poisk_kofe",
        "зерно",
        ["3102", "свежеобжаренный кофе"],
        CATALOGUE,
        24.0,
    ),
    phrase(
        0.06,
        1.0,
        "poisk_kofe",
        "зерно",
        ["3103", "кофе в зёрнах дёшево"],
        CATALOGUE,
        21.0,
    ),
    phrase(
        0.05,
        1.0,
        "poisk_kofe",
        "молотый",
        ["3201", "молотый кофе"],
        FRONT,
        23.0,
    ),
    phrase(
        0.07,
        1.4,
        "poisk_kofe",
        "молотый",
        ["3202", "кофе для турки"],
        CEZVE,
        22.0,
    ),
    phrase(
        0.04,
        1.8,
        "poisk_brand",
        "бренд",
        ["3301", "зерно и помол"],
        FRONT,
        7.0,
    ),
    phrase(
        0.08,
        0.4,
        "rsya_kofe",
        "сети",
        ["3401", "---autotargeting"],
        FRONT,
        8.0,
    ),
    Source {
        share: 0.07,
        zeal: 0.5,
        traffic: "ad",
        detail: ["vk_ads", "", "", ""],
        referer: "https://vk.com/",
        utm: ["vk", "cpc", "vk_lenta", "lenta1", ""],
        page: CATALOGUE,
        group: "",
        click: 14.0,
    },
    free(
        0.25,
        1.0,
        "organic",
        ["", "yandex", "", ""],
        YANDEX,
        PLAIN,
        CATALOGUE,
    ),
    free(
        0.10,
        1.0,
        "organic",
        ["", "google", "", ""],
        "https://www.google.com/",
        PLAIN,
        FRONT,
    ),
    free(
        0.05,
        0.9,
        "messenger",
        ["", "", "", "telegram"],
        "",
        PLAIN,
        FRONT,
    ),
    free(0.11, 1.1, "direct", ["", "", "", ""], "", PLAIN, FRONT),
    free(
        0.0,
        1.0,
        "email",
        ["", "", "", ""],
        "",
        ["pismo", "email", "povtor", "", ""],
        FRONT,
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sources_make_up_all_visits() {
        let shares: f64 = SOURCES.iter().map(|source| source.share).sum();
        assert!((shares - 1.0).abs() < 1e-9, "{shares}");
        assert_eq!(SOURCES[NEVER_SELLS].utm[4], "кофе в зёрнах дёшево");
        let of_cezve = SOURCES.iter().filter(|source| source.page == CEZVE);
        assert_eq!(of_cezve.count(), 1);
        assert_eq!(SOURCES[LETTERS].traffic, "email");
        assert_eq!(SOURCES[BOOKMARK].traffic, "direct");
    }
}
