//! Whose costs a file tells when no column of it names the advertising system.

use super::text::Rule;
use crate::ingest::detect::mask_contacts;

/// Words of a file's name, in lower case, and the system that they tell, as channel rules know it.
const SYSTEMS: &[(&str, &str)] = &[
    ("яндекс", "yandex_direct"),
    ("директ", "yandex_direct"),
    ("yandex", "yandex_direct"),
    ("direct", "yandex_direct"),
    ("авито", "avito"),
    ("avito", "avito"),
    ("вконтакте", "vk_ads"),
    ("вк", "vk_ads"),
    ("vk", "vk_ads"),
    ("mytarget", "vk_ads"),
    ("google", "google_adwords"),
    ("гугл", "google_adwords"),
    ("facebook", "facebook"),
    ("meta", "facebook"),
    ("bing", "microsoft_ads"),
    ("microsoft", "microsoft_ads"),
    ("tiktok", "tiktok"),
    ("linkedin", "linkedin"),
];

/// The rule of the system by the name of the sheet, where the file is a sheet of several; else by that of the file, where it
/// names one system and no more.
pub(super) fn by_name(label: &str) -> Option<Rule> {
    match label.rsplit_once('/') {
        Some((_, sheet)) if !sheet.contains('.') => Some(by_sheet()),
        Some((_, member)) => by_file(member),
        None => by_file(label),
    }
}

/// A sheet for each system: they share the format, and each is called as its system.
fn by_sheet() -> Rule {
    let names = SYSTEMS.iter();
    Rule {
        to: "engine",
        of_report: Some("@name"),
        read: Some("lower"),
        map: names
            .map(|(name, system)| ((*name).to_owned(), *system))
            .collect(),
        doubt: Some(
            "whose costs are these? No column tells, so that it is the name of the sheet"
                .to_owned(),
        ),
        ..Rule::default()
    }
}

fn by_file(label: &str) -> Option<Rule> {
    let file = label.to_lowercase();
    let words = file.split(|symbol: char| !symbol.is_alphabetic());
    let told = |word: &str| {
        let mut systems = SYSTEMS.iter();
        systems
            .find(|(name, _)| *name == word)
            .map(|(_, system)| *system)
    };
    let mut named = words.filter_map(told);
    let system = named.next()?;
    named.all(|other| other == system).then(|| Rule {
        to: "engine",
        constant: Some(system),
        doubt: Some(format!(
            "whose costs are these? No column tells; the file is called \"{}\"",
            mask_contacts(&file)
        )),
        ..Rule::default()
    })
}

/// What is asked where nothing tells the system: the draft reads the file without it, and the money is of no channel.
pub(super) const ASKED: &str = "
# look: whose costs are these? No column tells, and money without a system belongs to no channel. Name it:
# [[column]]
# to = \"engine\"
# constant = \"yandex_direct\"
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_is_told_by_the_name_of_the_file_alone() {
        let told = |label| by_name(label).and_then(|rule| rule.constant);
        assert_eq!(told("Яндекс Директ ноябрь.csv"), Some("yandex_direct"));
        assert_eq!(told("avito_2026-11.xlsx"), Some("avito"));
        let of_sheet = by_name("расходы.xlsx/ВК").and_then(|rule| rule.of_report);
        assert_eq!(of_sheet, Some("@name"), "its other sheets are another's");
        assert_eq!(told("Яндекс и ВК.csv"), None);
        assert_eq!(told("квартиры.csv"), None);
    }
}
