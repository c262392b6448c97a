//! Deals of Петрозаводск as amoCRM exports them: comma, everything quoted, names that occur twice.

use anyhow::Result;
use std::path::Path;

use super::calendar::{MOSCOW, text};
use super::output::{Rolling, quoted};
use super::records::{Deal, Origin};
use super::sources::SOURCES;
use super::staff::MANAGERS;

// The contact's tracking fields come before the deal's own, under the same names.
const COLUMNS: [&str; 26] = [
    "ID",
    "Название сделки",
    "Основной контакт",
    "Компания контакта",
    "Компания",
    "Ответственный",
    "Этап сделки",
    "Воронка",
    "Бюджет",
    "Дата создания",
    "Кем создана",
    "Дата редактирования",
    "Дата закрытия",
    "Теги",
    "Рабочий телефон",
    "Рабочий email",
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "roistat",
    "Причина отказа",
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "_ym_uid",
    "roistat",
];
const OPEN_STAGES: [&str; 4] = [
    "Первичный контакт",
    "Замер назначен",
    "Принимают решение",
    "Согласование договора",
];
const REASONS: [&str; 5] = [
    "Дорого",
    "Выбрали других",
    "Передумали",
    "Не отвечает",
    "Отложили до сезона",
];

/// Writes deals into the one file of the export.
pub struct AmoCrm {
    files: Rolling,
    id: u64,
    exported: i64,
}

impl AmoCrm {
    /// Begins the export in `folder`, taken at `exported`.
    pub fn new(folder: &Path, exported: i64) -> Result<Self> {
        let header = quoted(&COLUMNS, ",") + "\n";
        Ok(Self {
            files: Rolling::new(&folder.join("crm"), header, 0)?,
            id: 31_500_100,
            exported,
        })
    }

    /// Adds a deal as it stood at the export.
    pub fn write(&mut self, deal: &Deal) -> Result<()> {
        self.id += 1 + 2 * (deal.noise % 7);
        let id = self.id.to_string();
        let closed = deal.closed.filter(|at| *at <= self.exported);
        let moment = |at| text(at, MOSCOW, "%d.%m.%Y %H:%M:%S");
        let stage = stage(deal, closed, self.exported);
        let reason = if closed.is_some() && !deal.won {
            reason(deal)
        } else {
            ""
        };
        let budget = if deal.won && closed.is_some() || !deal.noise.is_multiple_of(3) {
            deal.amount.to_string()
        } else {
            "0".into()
        };
        let edited = closed.unwrap_or(deal.touched(self.exported));
        let (title, made_by, tag) = match deal.origin {
            Origin::Form => ("Заявка с сайта", "Робот", "сайт, форма"),
            Origin::WalkIn => (
                "Посетитель салона",
                MANAGERS[usize::from(deal.manager)].name,
                "салон",
            ),
            _ => ("Входящий звонок", "Робот", "звонок"),
        };
        let utm = deal.visitor.map_or(["", "", ""], |visitor| {
            SOURCES[usize::from(visitor.source)].utm
        });
        // The contact keeps the source of the first visit, which some remember as plain search.
        let first = if deal
            .visitor
            .is_some_and(|visitor| visitor.visits > 1 && visitor.client % 2 == 0)
        {
            ["yandex", "organic", ""]
        } else {
            utm
        };
        let client = deal
            .visitor
            .map_or(String::new(), |visitor| visitor.client.to_string());
        let roistat = deal.visitor.map_or(String::new(), |visitor| {
            (visitor.client % 900_000 + 100_000).to_string()
        });
        let cells = [
            &id,
            &format!("{title} #{id}"),
            &deal.customer.name(),
            "",
            "",
            MANAGERS[usize::from(deal.manager)].name,
            stage,
            "Окна",
            &budget,
            &moment(deal.created),
            made_by,
            &moment(edited),
            &closed.map_or("не закрыта".into(), moment),
            tag,
            &deal.customer.phone(2),
            &deal.customer.email(),
            first[0],
            first[1],
            first[2],
            "",
            reason,
            utm[0],
            utm[1],
            utm[2],
            &client,
            &roistat,
        ];
        self.files
            .write("amocrm_leads.csv", (quoted(&cells, ",") + "\n").as_bytes())
    }

    /// Closes the file.
    pub fn finish(mut self) -> Result<()> {
        self.files.finish()
    }
}

fn stage(deal: &Deal, closed: Option<i64>, exported: i64) -> &'static str {
    match (closed, deal.closed) {
        (Some(_), _) if deal.won => "Успешно реализовано",
        (Some(_), _) => "Закрыто и не реализовано",
        (None, None) => "Неразобранное",
        (None, Some(at)) => {
            let done = (exported - deal.created) as f64 / (at - deal.created).max(1) as f64;
            OPEN_STAGES[((done * 4.0) as usize).min(3)]
        }
    }
}

fn reason(deal: &Deal) -> &'static str {
    match deal.origin {
        Origin::Duplicate => "Дубль",
        Origin::Cold => "Нецелевой запрос",
        _ => REASONS[(deal.noise / 16 % 5) as usize],
    }
}
