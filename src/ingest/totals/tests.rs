//! Files of which some rows are sums of others, read by the built-in formats.

use std::collections::BTreeMap;

use crate::ingest::identity::IdentityKey;
use crate::ingest::{ExportRules, FileError, formats, plan, read, source};
use crate::model::columns::{Columns, Values};
use crate::model::fault;

/// What a file comes to.
#[derive(Debug, Default)]
pub(super) struct Came {
    /// Rows that count, and the sum of their costs (minor units) or visits.
    pub(super) rows: u64,
    pub(super) sum: i64,
    pub(super) skipped: u64,
    pub(super) rejected: usize,
    pub(super) said: String,
}

pub(super) fn came_to(name: &str, text: &str) -> Result<Came, String> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    std::fs::write(&path, text).expect("written");
    let formats = formats::load_all(std::path::Path::new("")).expect("formats");
    let options = BTreeMap::new();
    let key = IdentityKey::new([7; 32]);
    let rules = ExportRules {
        format: None,
        zone: None,
        business_zone: chrono_tz::Europe::Moscow,
        spam_words: &[],
        spam_contacts: &[],
        options: &options,
        key: &key,
        now: "2026-12-01T00:00:00Z".parse().expect("a time"),
    };
    let sources = source::sources(&path).expect("sources");
    let (planned, errors) = plan(sources, &formats, &rules);
    if let Some(error) = errors.first() {
        return Err(fault::told(error));
    }
    let mut came = Came::default();
    let mut sink = |_, columns: &Columns, _: &mut Vec<_>| {
        came.rows += columns.rows() as u64;
        came.sum += main(columns);
        Ok(())
    };
    let (outcomes, _) = read(&planned, &formats, &rules, &mut sink, &|_| {}).map_err(|error| {
        match error.downcast::<FileError>() {
            Ok(of_file) => fault::told(&of_file.error),
            Err(error) => fault::told(&error),
        }
    })?;
    let outcome = &outcomes[0];
    assert_eq!(
        outcome.read,
        came.rows + outcome.rejects.len() as u64,
        "each row read is kept or rejected"
    );
    came.skipped = outcome.skipped;
    came.rejected = outcome.rejects.len();
    let said = outcome.doubts.iter().chain(&outcome.remarks);
    came.said = said.map(String::as_str).collect::<Vec<_>>().join("\n");
    Ok(came)
}

fn main(columns: &Columns) -> i64 {
    let name = if columns.table.name == "costs" {
        "cost"
    } else {
        "sessions"
    };
    match columns.column(name) {
        Values::Long(list) => list.iter().sum(),
        Values::Count(list) => list.iter().map(|count| i64::from(*count)).sum(),
        _ => 0,
    }
}

/// A file of a header and rows that come to a sum, with so many rows passed over.
#[track_caller]
pub(super) fn assert_comes(name: &str, text: &str, sum: i64, skipped: u64) -> String {
    let came = came_to(name, text).expect("readable");
    assert_eq!(
        (came.sum, came.skipped, came.rejected),
        (sum, skipped, 0),
        "{came:?}"
    );
    came.said
}

/// Rows for each day of a week from 9 November on.
pub(super) fn week(header: &str, of_day: impl Fn(&str, i64) -> String) -> String {
    let days = (9..16).map(|day| of_day(&format!("{day:02}.11.2026"), day));
    let days: Vec<String> = days.collect();
    format!("{header}\n{}", days.concat())
}

/// Minor units in a major one.
pub(super) const RUB: i64 = 100;
pub(super) const OWN: &str = "Дата;Площадка;Кампания;Расход";
pub(super) const TRAFFIC: &str = "Дата;Канал;Визиты;Посетители";

#[test]
fn parents_of_a_tree_are_the_sums_of_their_children() {
    let name = "Источники, сводка 20261109-20261115.csv";
    let tree = "\"Источник трафика\",\"Источник трафика (детально)\",\"Визиты\",\"Посетители\"\n\
        \"Итого и средние\",\"\",\"600\",\"500\"\n\
        \"Переходы из поисковых систем\",\"\",\"300\",\"250\"\n\
        \"Переходы из поисковых систем\",\"Яндекс\",\"200\",\"170\"\n\
        \"Переходы из поисковых систем\",\"Google\",\"100\",\"80\"\n\
        \"Переходы по рекламе\",\"\",\"200\",\"180\"\n\
        \"Переходы по рекламе\",\"Яндекс: Директ\",\"200\",\"180\"\n\
        \"Прямые заходы\",\"\",\"100\",\"90\"\n";
    let said = assert_comes(name, tree, 600, 3);
    assert!(
        said.contains("2 rows without \"Источник трафика (детально)\""),
        "{said}"
    );
}

#[test]
fn what_comes_to_more_than_the_files_own_total_is_refused() {
    let name = "Источники, сводка 20261109-20261115.csv";
    let tree = "\"Источник трафика\",\"Источник трафика (детально)\",\"Визиты\"\n\
        \"Итого и средние\",\"\",\"600\"\n\
        \"Переходы из поисковых систем\",\"\",\"310\"\n\
        \"Переходы из поисковых систем\",\"Яндекс\",\"200\"\n\
        \"Переходы из поисковых систем\",\"Google\",\"100\"\n\
        \"Прямые заходы\",\"\",\"290\"\n";
    let said = came_to(name, tree).expect_err("900 of 600");
    assert!(
        said.contains("the total says 600, but the rows add up to 900"),
        "{said}"
    );
}

#[test]
fn campaigns_beside_their_ads_are_passed_over() {
    let header = "Дата;Название кампании;Название объявления;ID кампании;Показы;Клики;Потрачено, ₽";
    let file = week(header, |day, _| {
        format!(
            "{day};vk1;;11;300;30;300,00\n{day};vk1;a;11;100;10;100,00\n{day};vk1;b;11;200;20;200,00\n"
        )
    });
    assert_comes("vk.csv", &file, 7 * 300 * RUB, 7);
    // Told apart by the numbers of ads alone.
    let file = file
        .replace("Название объявления", "ID объявления")
        .replace(";a;", ";1;")
        .replace(";b;", ";2;");
    assert_comes("vk.csv", &file, 7 * 300 * RUB, 7);
}

#[test]
fn a_rest_that_has_no_ad_is_no_sum() {
    let header = "Дата;Название кампании;Название объявления;ID кампании;Показы;Клики;Потрачено, ₽";
    let file = week(header, |day, _| {
        format!(
            "{day};vk1;;11;70;3;35,00\n{day};vk1;a;11;100;10;100,00\n{day};vk1;b;11;200;20;200,00\n"
        )
    });
    assert_comes("vk.csv", &file, 7 * 335 * RUB, 0);
}

#[test]
fn levels_that_nearly_add_up_are_refused() {
    let header = "Дата;Название кампании;Название объявления;ID кампании;Показы;Клики;Потрачено, ₽";
    let file = week(header, |day, at| {
        let cost = 300 + at;
        format!(
            "{day};vk1;;11;300;30;{cost},00\n{day};vk1;a;11;100;10;100,00\n{day};vk1;b;11;200;20;200,00\n"
        )
    });
    let said = came_to("vk.csv", &file).expect_err("309 for 300");
    assert!(said.contains("nearly the sums"), "{said}");
    assert!(said.contains("vk.csv:2"), "{said}");
}

#[test]
fn round_parents_of_several_campaigns_are_their_sums() {
    // Equal round spends each day, and a system without campaigns beside.
    let equal = week(OWN, |day, _| {
        format!("{day};Директ;;1500\n{day};Директ;а;1000\n{day};Директ;б;500\n{day};VK;;250\n")
    });
    let said = assert_comes("c.csv", &equal, 7 * 1750 * RUB, 7);
    assert!(said.contains("7 rows without \"Кампания\""), "{said}");
    let period = "Период;Площадка;Кампания;Расход\n09.11.2026-15.11.2026;Директ;;9000\n\
        09.11.2026-15.11.2026;Директ;а;6000\n09.11.2026-15.11.2026;Директ;б;3000\n\
        09.11.2026-15.11.2026;VK;;1500\n";
    let said = assert_comes("p.csv", period, 10_500 * RUB, 1);
    assert!(said.contains("line 2 has no \"Кампания\""), "{said}");
    let visits = week(
        "Дата;Источник;Кампания;Визиты",
        |day, _| format!("{day};Директ;;150\n{day};Директ;а;100\n{day};Директ;б;50\n"),
    );
    assert_comes("v.csv", &visits, 7 * 150, 7);
}

#[test]
fn equal_round_budgets_and_few_visits_without_a_campaign_are_no_sums() {
    // A campaign without a name that costs as much as another: the same row twice, or two of one budget.
    let equal = week(OWN, |day, _| {
        format!("{day};Директ;;1000\n{day};Директ;а;1000\n")
    });
    assert_comes("c.csv", &equal, 7 * 2000 * RUB, 0);
    let three = week(OWN, |day, _| {
        format!("{day};Директ;;500\n{day};Директ;а;500\n{day};Директ;б;500\n")
    });
    assert_comes("c.csv", &three, 7 * 1500 * RUB, 0);
    // Visits without a campaign, as many as those of two campaigns on one day: said, and counted.
    let visits = "Дата;Источник;Кампания;Визиты\n09.11.2026;google;;5\n09.11.2026;google;а;3\n09.11.2026;google;б;2\n";
    let said = assert_comes("v.csv", visits, 10, 0);
    assert!(said.contains("may be chance"), "{said}");
}

#[test]
fn rows_of_all_channels_are_totals_in_any_words() {
    let of = |name: &str| {
        week(TRAFFIC, |day, _| {
            format!("{day};SEO;100;90\n{day};Контекст;50;45\n{day};{name};150;120\n")
        })
    };
    for name in ["Все каналы", "Итого", "Все", "ВСЕГО:", "Все источники", ""]
    {
        assert_comes("t.csv", &of(name), 7 * 150, 7);
    }
    let english = "date,source,medium,sessions,users\n2026-11-09,all,all,150,135\n2026-11-09,google,organic,100,90\n\
        2026-11-09,yandex,cpc,50,45\n";
    assert_comes("t.csv", english, 150, 1);
}

#[test]
fn a_total_that_is_off_by_little_is_one_and_told() {
    let file = week(TRAFFIC, |day, at| {
        format!(
            "{day};SEO;100;90\n{day};Контекст;50;45\n{day};Итого;{};120\n",
            150 + 2 * (at % 2)
        )
    });
    let said = assert_comes("t.csv", &file, 7 * 150, 7);
    assert!(
        said.contains(
            "4 totals are not what the rows add up to: \"итого\" in line 4 says 152, the rows 150"
        ),
        "{said}"
    );
    let file = week(OWN, |day, _| {
        format!("{day};Яндекс Директ;а;100,33\n{day};Google;б;50,33\n{day};Итого;;151\n")
    });
    assert_eq!(assert_comes("c.csv", &file, 7 * 15_066, 7), "");
}

#[test]
fn a_total_that_is_off_by_much_is_rejected_and_one_alone_counts() {
    let file = week(TRAFFIC, |day, _| {
        format!("{day};SEO;100;90\n{day};Контекст;50;45\n{day};Итого;613;120\n")
    });
    let came = came_to("t.csv", &file).expect("readable");
    assert_eq!((came.sum, came.rejected), (7 * 150, 7), "{came:?}");
    let file = week(TRAFFIC, |day, _| format!("{day};Итого;150;120\n"));
    assert_comes("t.csv", &file, 7 * 150, 0);
}

#[test]
fn rows_for_a_tax_an_average_or_a_part_are_no_costs() {
    let days = week(OWN, |day, _| format!("{day};Яндекс Директ;Окна;1000\n"));
    let taxed = format!(
        "{days}15.11.2026;Итого за неделю;;7000\n15.11.2026;НДС 22%;;1540\n15.11.2026;Всего с НДС;;8540\n"
    );
    let said = assert_comes("c.csv", &taxed, 7 * 1000 * RUB, 3);
    assert!(said.contains("\"ндс 22%\" 1540.00 (line 10)"), "{said}");
    let averaged = format!(
        "{days}15.11.2026;Среднее;;1000\n15.11.2026;в т.ч. бренд;;300\n15.11.2026;Итого;;7000\n"
    );
    assert_comes("c.csv", &averaged, 7 * 1000 * RUB, 3);
}

#[test]
fn a_total_of_platforms_counts_by_its_costs_alone() {
    let header = "date,platform,campaign,impressions,clicks,cost";
    let days = (9..16).map(|day| {
        let day = format!("2026-11-{day:02}");
        format!("{day},Google Ads,c,100,10,$100.00\n{day},Meta,c,100,10,$50.00\n{day},All platforms,c,100,10,$150.00\n")
    });
    let file = format!("{header}\n{}", days.collect::<String>());
    assert_comes("c.csv", &file, 7 * 150 * RUB, 7);
}

#[test]
fn campaigns_whose_names_begin_like_totals_count() {
    let file = "Campaign report\n\"November 9, 2026 - November 15, 2026\"\nCampaign,Clicks,Impr.,Currency code,Cost\n\
        \"Total, brand\",10,100,RUB,\"1,000.00\"\nTotal - Search,5,50,RUB,500.00\nTotally new,1,10,RUB,100.00\n\
        Итого 2026,2,20,RUB,200.00\nTotal: Campaigns,18,180,RUB,\"1,800.00\"\n";
    assert_eq!(assert_comes("g.csv", file, 1800 * RUB, 1), "");
    let one = "Campaign report\n\"November 9, 2026 - November 15, 2026\"\nCampaign,Clicks,Impr.,Currency code,Cost\n\
        \"Total, brand\",10,100,RUB,\"1,000.00\"\nTotal: Account,10,100,RUB,\"1,000.00\"\n";
    assert_comes("g.csv", one, 1000 * RUB, 1);
}

// Search terms that Google lists come to 450.03 of 970; the rest, the account and each kind of network stand below.
#[test]
fn totals_of_what_a_report_does_not_list_are_no_rows() {
    let file = "Search terms report\n\"November 9, 2026 - November 15, 2026\"\n\
        Search term,Campaign,Clicks,Impr.,Currency code,Cost\n\
        lamp,Lamps,10,100,RUB,250.01\nlamps,Lamps,9,90,RUB,200.02\n\
        Total: Search terms,,19,190,RUB,450.03\nTotal: Other search terms,,20,200,RUB,519.97\n\
        Total: Account,,39,390,RUB,970.00\nTotal: Display,,0,0,RUB,0.00\nTotal: Search,,39,390,RUB,970.00\n";
    assert_comes("g.csv", file, 450 * RUB + 3, 5);
    let by_device = "Search keyword report\n\"November 9, 2026 - November 15, 2026\"\n\
        Device,Keyword status,Campaign,Clicks,Impr.,Currency code,Cost\n\
        Computers,Enabled,Lamps,10,100,RUB,250.00\nTablets,Enabled,Lamps,9,90,RUB,50.00\n\
        Computers,Total: Account,,12,110,RUB,260.00\nTablets,Total: Account,,9,90,RUB,50.00\n\
        Computers,Total: Search,,10,100,RUB,250.00\n";
    assert_comes("g.csv", by_device, 300 * RUB, 3);
}

#[test]
fn a_name_that_comes_to_all_others_day_after_day_is_their_sum() {
    let of = |own: fn(i64) -> i64| {
        week(TRAFFIC, |day, at| {
            let (seo, paid) = (101 + 13 * at, 57 + 7 * at * at);
            format!(
                "{day};SEO;{seo};90\n{day};Контекст;{paid};45\n{day};Весь сайт;{};120\n",
                seo + paid + own(at)
            )
        })
    };
    // 101 + 57 = 158 a day, and 13 and 7 for each day and its square: 9 + … + 15 = 84, the squares 1036.
    let sum = 7 * 158 + 13 * 84 + 7 * 1036;
    let said = assert_comes("t.csv", &of(|_| 0), sum, 7);
    assert!(said.contains("7 rows of \"весь сайт\""), "{said}");
    assert_comes("t.csv", &of(|at| i64::from(at == 9)), 2 * sum + 1, 0);
}

#[test]
fn round_amounts_that_happen_to_add_up_are_no_sums() {
    let file = week(OWN, |day, _| {
        format!("{day};Яндекс Директ;а;200\n{day};Google;б;100\n{day};ВК;в;100\n")
    });
    assert_eq!(assert_comes("c.csv", &file, 7 * 400 * RUB, 0), "");
}
