//! The channels of the site with what is usual for each, and the pages they lead to.

/// The two cities that the firm works in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum City {
    /// Sold through amoCRM.
    Petrozavodsk,
    /// Sold through Bitrix24.
    Murmansk,
}

/// One marketing channel and what is usual for it.
pub struct Channel {
    /// The id that truth and targets use.
    pub id: &'static str,
    /// Share of all visits.
    pub share: f64,
    /// Inquiries for each visit.
    pub rate: f64,
    /// How often its inquiries are won, against the average.
    pub quality: f64,
    /// Share of visits that bounce.
    pub bounce: f64,
    /// Share of phones.
    pub phones: f64,
    /// Weights of [`PAGES`] as landing pages.
    pub landings: [f64; PAGES.len()],
}

/// Pages that visits land on.
pub const PAGES: [&str; 8] = [
    "/",
    "/okna-nedorogo",
    "/balkony",
    "/ceny",
    "/akcii",
    "/kontakty",
    "/blog/kak-vybrat-okna",
    "/blog/zima-i-kondensat",
];
/// The two pages of the blog.
pub const BLOG_PAGES: std::ops::RangeInclusive<u8> = 6..=7;
/// The page with the form that can die.
pub const OFFER_PAGE: u8 = 1;
/// The page whose counter can be lost.
pub const PRICES_PAGE: u8 = 3;

// Weights of landing pages: advertising leads to the offer, search also to the blog, who types the address to the root.
// These and the numbers of the channels are invented, in proportions that a firm selling windows may have.
const ADS: [f64; 8] = [0.06, 0.62, 0.10, 0.12, 0.10, 0.0, 0.0, 0.0];
const SEARCH: [f64; 8] = [0.25, 0.28, 0.10, 0.14, 0.03, 0.05, 0.09, 0.06];
const DIRECT: [f64; 8] = [0.58, 0.12, 0.05, 0.10, 0.05, 0.10, 0.0, 0.0];

const fn channel(
    id: &'static str,
    share: f64,
    rate: f64,
    quality: f64,
    bounce: f64,
    phones: f64,
    landings: [f64; 8],
) -> Channel {
    Channel {
        id,
        share,
        rate,
        quality,
        bounce,
        phones,
        landings,
    }
}

/// The channels of the site; the order is fixed because chance is drawn in it.
pub const CHANNELS: [Channel; 10] = [
    channel("yandex-direct-search", 0.22, 0.037, 1.05, 0.17, 0.72, ADS),
    channel("yandex-direct-network", 0.16, 0.009, 0.80, 0.34, 0.80, ADS),
    channel("google-ads", 0.07, 0.029, 1.00, 0.20, 0.74, ADS),
    channel("organic-search", 0.26, 0.027, 1.05, 0.21, 0.70, SEARCH),
    channel("vk-ads", 0.09, 0.016, 0.70, 0.30, 0.88, ADS),
    channel("direct", 0.09, 0.036, 1.15, 0.18, 0.62, DIRECT),
    channel("referral", 0.04, 0.023, 1.05, 0.22, 0.58, SEARCH),
    channel("maps", 0.04, 0.052, 1.10, 0.14, 0.82, DIRECT),
    channel("email", 0.02, 0.028, 1.20, 0.16, 0.60, SEARCH),
    channel("messengers", 0.01, 0.032, 1.00, 0.20, 0.93, SEARCH),
];
/// Index of vk-ads in [`CHANNELS`].
pub const VK_ADS: u8 = 4;
/// Index of yandex-direct-network in [`CHANNELS`].
pub const NETWORK: u8 = 1;
/// Index of google-ads in [`CHANNELS`].
pub const GOOGLE_ADS: u8 = 2;
/// Index of organic-search in [`CHANNELS`].
pub const ORGANIC: u8 = 3;
