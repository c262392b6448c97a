//! Where a visitor came from, as the query of an address tells it: tags and click ids, and nothing else of the query.

use super::percent;
use super::tag::{TagUse, tag};

/// Source, medium and campaign of an address; empty is not known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AddressTags {
    /// As `utm_source` would say it.
    pub source: String,
    /// As `utm_medium` would say it.
    pub medium: String,
    /// As `utm_campaign` would say it.
    pub campaign: String,
}

/// A parameter that a system adds to the addresses of its links, and what it says as tags.
#[derive(Debug, PartialEq, Eq)]
pub struct ClickId {
    /// The parameter, and the column of a CRM that keeps it.
    pub name: &'static str,
    source: &'static str,
    medium: &'static str,
}

const fn click(name: &'static str, source: &'static str, medium: &'static str) -> ClickId {
    ClickId {
        name,
        source,
        medium,
    }
}

/// In the order in which they are believed: ids of paid clicks first. Of links that nobody pays for, some systems mark
/// each (`ysclid` of Yandex's search, `fbclid`).
const CLICK_IDS: &[ClickId] = &[
    click("yclid", "yandex", "cpc"),
    click("gclid", "google", "cpc"),
    click("gbraid", "google", "cpc"),
    click("wbraid", "google", "cpc"),
    click("rb_clickid", "vk_ads", "cpc"),
    click("vk_clickid", "vk_ads", "cpc"),
    click("msclkid", "bing", "cpc"),
    click("ttclid", "tiktok", "cpc"),
    click("ymclid", "yandex_market", "cpc"),
    click("fbclid", "facebook", "social"),
    click("ysclid", "yandex", "organic"),
    click("srsltid", "google", "organic"),
];

impl ClickId {
    /// The click id of a parameter or a column.
    pub fn named(name: &str) -> Option<&'static Self> {
        let name = name.trim();
        CLICK_IDS
            .iter()
            .find(|id| id.name.eq_ignore_ascii_case(name))
    }

    /// What a click by it says.
    pub fn tags(&self) -> AddressTags {
        AddressTags {
            source: self.source.to_owned(),
            medium: self.medium.to_owned(),
            campaign: String::new(),
        }
    }

    fn rank(&self) -> usize {
        let place = CLICK_IDS.iter().position(|id| id == self);
        place.unwrap_or(CLICK_IDS.len())
    }
}

/// What the query of an address says of where the visitor came from; `None` when it says nothing.
pub fn tags_of_address(address: &str) -> Option<AddressTags> {
    let whole;
    let mut address = address;
    // Forms send the address of their page encoded as a whole.
    if !address.contains('?') && address.contains("%3") {
        whole = percent::decoded(address).into_owned();
        address = &whole;
    }
    let query = address.find(['?', '#'])?;
    let mut tags = AddressTags::default();
    let mut click: Option<&ClickId> = None;
    for (name, value) in parameters(&address[query..]) {
        let value = tag(value, TagUse::Contact).to_lowercase();
        if value.is_empty() {
            continue;
        }
        if let Some(id) = ClickId::named(name) {
            let is_first = click.is_none_or(|known| id.rank() < known.rank());
            click = if is_first { Some(id) } else { click };
            continue;
        }
        match name.to_ascii_lowercase().as_str() {
            "utm_source" => tags.source = value,
            "utm_medium" => tags.medium = value,
            "utm_campaign" => tags.campaign = value,
            _ => {}
        }
    }
    tags.add(click);
    (tags != AddressTags::default()).then_some(tags)
}

impl AddressTags {
    /// A click id tells what no tag does. A source of another name is believed before it.
    fn add(&mut self, click: Option<&ClickId>) {
        let Some(click) = click else { return };
        if self.source.is_empty() {
            self.source = click.source.to_owned();
        }
        if self.medium.is_empty() && self.source == click.source {
            self.medium = click.medium.to_owned();
        }
    }
}

/// Names and values of a query. `&amp;` is what a page's source has for `&`; single-page sites have a query behind `#`.
fn parameters(query: &str) -> impl Iterator<Item = (&str, &str)> {
    let pairs = query.split(['?', '#', '&']);
    pairs.filter_map(|pair| pair.trim_start_matches("amp;").split_once('='))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(address: &str) -> Option<(String, String)> {
        tags_of_address(address).map(|tags| (tags.source, tags.medium))
    }

    fn pair(source: &str, medium: &str) -> Option<(String, String)> {
        Some((source.to_owned(), medium.to_owned()))
    }

    #[test]
    fn click_ids_and_tags_of_an_address_tell_where_from() {
        let firm = "https://firm.example/lp";
        assert_eq!(of(&format!("{firm}?yclid=791")), pair("yandex", "cpc"));
        assert_eq!(of(&format!("{firm}?a=1&gclid=Cj0")), pair("google", "cpc"));
        assert_eq!(of(&format!("{firm}?ysclid=m1")), pair("yandex", "organic"));
        assert_eq!(
            of(&format!("{firm}?ysclid=m1&yclid=7")),
            pair("yandex", "cpc")
        );
        assert_eq!(
            of(&format!("{firm}?utm_source=VK&amp;utm_medium=cpc#top")),
            pair("vk", "cpc")
        );
        assert_eq!(
            of(&format!("{firm}/#/?utm_source=vk&utm_medium=cpc")),
            pair("vk", "cpc")
        );
        assert_eq!(
            of(&format!("{firm}?utm_source=yandex&yclid=7")),
            pair("yandex", "cpc")
        );
        assert_eq!(
            of("https%3A%2F%2Ffirm.example%2F%3Fgclid%3DCj0"),
            pair("google", "cpc")
        );
    }

    #[test]
    fn unfilled_and_other_parameters_tell_nothing() {
        for query in [
            "",
            "?phone=79001112233",
            "?yclid=",
            "?yclid={yclid}",
            "?_openstat=x",
            "?utm_source=undefined",
        ] {
            assert_eq!(
                of(&format!("https://firm.example/{query}")),
                None,
                "{query}"
            );
        }
    }
}
