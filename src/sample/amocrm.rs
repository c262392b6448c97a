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

/// Deals of all firms before the sample begins: the service numbers them together.
const FIRST_ID: u64 = 31_500_100;

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
            id: FIRST_ID,
            exported,
        })
    }

    /// Adds a deal as it stood at the export.
    pub fn write(&mut self, deal: &Deal) -> Result<()> {
        // With gaps: the deals of other firms.
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
        // Of what is not sold every third deal has no price.
        let is_sold = deal.won && closed.is_some();
        let budget = if is_sold || !deal.noise.is_multiple_of(3) {
            deal.amount.to_string()
        } else {
            "0".into()
        };
        let edited = closed.unwrap_or(deal.touched(self.exported));
        let manager = MANAGERS[usize::from(deal.manager)].name;
        let (title, made_by, tag) = match deal.origin {
            Origin::Form => ("Заявка с сайта", "Робот", "сайт, форма"),
            Origin::WalkIn => ("Посетитель салона", manager, "салон"),
            _ => ("Входящий звонок", "Робот", "звонок"),
        };
        let traces = Traces::of(deal);
        let (first, utm) = (traces.first_utm, traces.utm);
        let cells = [
            &id,
            &format!("{title} #{id}"),
            &deal.customer.name(),
            "",
            "",
            manager,
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
            &traces.client,
            &traces.roistat,
        ];
        self.files
            .write("amocrm_leads.csv", (quoted(&cells, ",") + "\n").as_bytes())
    }

    /// Closes the file.
    pub fn finish(mut self) -> Result<()> {
        self.files.finish()
    }
}

/// The stage at the export. A deal that is never closed is one that nobody has touched.
fn stage(deal: &Deal, closed: Option<i64>, exported: i64) -> &'static str {
    match (closed, deal.closed) {
        (Some(_), _) if deal.won => "Успешно реализовано",
        (Some(_), _) => "Закрыто и не реализовано",
        (None, None) => "Неразобранное",
        (None, Some(at)) => OPEN_STAGES[deal.open_stage(at, exported)],
    }
}

/// What a deal knows of the visits before it.
struct Traces {
    /// The source of the visit that it came from.
    utm: [&'static str; 3],
    /// The contact's: it keeps the source of the first visit, which some remember as plain search.
    first_utm: [&'static str; 3],
    /// Metrica's client id.
    client: String,
    /// The number of a visit that Roistat gives out, six digits.
    roistat: String,
}

impl Traces {
    fn of(deal: &Deal) -> Self {
        let Some(visitor) = deal.visitor else {
            return Self {
                utm: [""; 3],
                first_utm: [""; 3],
                client: String::new(),
                roistat: String::new(),
            };
        };
        let utm = SOURCES[usize::from(visitor.source)].utm;
        let came_by_search = visitor.visits > 1 && visitor.client.is_multiple_of(2);
        Self {
            utm,
            first_utm: if came_by_search {
                ["yandex", "organic", ""]
            } else {
                utm
            },
            client: visitor.client.to_string(),
            roistat: (visitor.client % 900_000 + 100_000).to_string(),
        }
    }
}

/// Why a deal was lost.
fn reason(deal: &Deal) -> &'static str {
    match deal.origin {
        Origin::Duplicate => "Дубль",
        Origin::Cold => "Нецелевой запрос",
        _ => REASONS[(deal.noise / 16) as usize % REASONS.len()],
    }
}
