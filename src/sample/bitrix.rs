//! Deals of Мурманск as Bitrix24 exports them: BOM, `;` also at the end of each line, a row for each product.

use anyhow::Result;
use std::path::Path;

use super::calendar::{MOSCOW, text};
use super::output::{Rolling, quoted};
use super::records::{Deal, Origin};
use super::staff::MANAGERS;

const COLUMNS: [&str; 17] = [
    "ID",
    "Название сделки",
    "Воронка",
    "Стадия сделки",
    "Сумма",
    "Валюта",
    "Ответственный",
    "Контакт",
    "Рабочий телефон",
    "Рабочий e-mail",
    "Источник",
    "Дата создания",
    "Дата изменения",
    "Дата завершения",
    "Товар",
    "Цена",
    "Количество",
];
/// Open stages by progress; the vendor's «Cчет» begins with a Latin C.
const OPEN_STAGES: [&str; 4] = [
    "Новая",
    "Подготовка документов",
    "Cчет на предоплату",
    "В работе",
];
const GOODS: [&str; 5] = [
    "Окно двухстворчатое",
    "Окно трёхстворчатое",
    "Балконный блок",
    "Остекление балкона",
    "Подоконник и откосы",
];

/// Writes deals into the one file of the export.
pub struct Bitrix {
    files: Rolling,
    id: u64,
    exported: i64,
}

impl Bitrix {
    /// Begins the export in `folder`, taken at `exported`.
    pub fn new(folder: &Path, exported: i64) -> Result<Self> {
        let header = format!("\u{feff}{};\n", quoted(&COLUMNS, ";"));
        Ok(Self {
            files: Rolling::new(&folder.join("crm"), header, 0)?,
            id: 4_100,
            exported,
        })
    }

    /// Adds a deal as it stood at the export, once for each product in it.
    pub fn write(&mut self, deal: &Deal) -> Result<()> {
        self.id += 1 + deal.noise % 2;
        let closed = deal.closed.filter(|at| *at <= self.exported);
        let edited = closed.unwrap_or(deal.touched(self.exported));
        let moment = |at| text(at, MOSCOW, "%d.%m.%Y %H:%M:%S");
        let (id, name) = (self.id.to_string(), deal.customer.name());
        let (title, origin) = match deal.origin {
            Origin::Form => ("Заявка", "Веб-сайт"),
            Origin::WalkIn => ("Салон", "Другое"),
            _ => ("Звонок", "Звонок"),
        };
        let title = format!("{title} {id}");
        for (product, price, count) in products(deal) {
            let (sum, price, count) = (
                format!("{}.00", price * count),
                format!("{price}.00"),
                count.to_string(),
            );
            let cells = [
                &id,
                &title,
                "Общее",
                stage(deal, closed, self.exported),
                &sum,
                "Российский рубль",
                MANAGERS[usize::from(deal.manager)].name,
                &name,
                &deal.customer.phone(3),
                &deal.customer.email(),
                origin,
                &moment(deal.created),
                &moment(edited),
                &closed.map_or(String::new(), moment),
                product,
                &price,
                &count,
            ];
            self.files.write(
                "bitrix_deals.csv",
                format!("{};\n", quoted(&cells, ";")).as_bytes(),
            )?;
        }
        Ok(())
    }

    /// Closes the file.
    pub fn finish(mut self) -> Result<()> {
        self.files.finish()
    }
}

/// One to three products whose sums add up to the deal's.
fn products(deal: &Deal) -> Vec<(&'static str, i64, i64)> {
    let kinds = [1, 1, 1, 1, 2, 3][(deal.noise / 8 % 6) as usize];
    let part = deal.amount / kinds / 200 * 100;
    let first = (deal.noise / 64 % 5) as usize;
    let mut rows: Vec<(&str, i64, i64)> = (1..kinds)
        .map(|kind| (GOODS[(first + kind as usize) % 5], part, 1))
        .collect();
    rows.insert(0, (GOODS[first], deal.amount - part * (kinds - 1), 1));
    // A whole number of equal windows where the sum allows it.
    if rows[0].1 % 200 == 0 {
        rows[0] = (rows[0].0, rows[0].1 / 2, 2);
    }
    rows
}

fn stage(deal: &Deal, closed: Option<i64>, exported: i64) -> &'static str {
    match (closed, deal.closed) {
        (Some(_), _) if deal.won => "Сделка успешна",
        (Some(_), _) => "Сделка провалена",
        (None, None) => OPEN_STAGES[0],
        (None, Some(at)) => {
            let done = (exported - deal.created) as f64 / (at - deal.created).max(1) as f64;
            OPEN_STAGES[((done * 4.0) as usize).min(3)]
        }
    }
}
