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

/// Deals of the firm before the sample begins.
const FIRST_ID: u64 = 4_100;

/// One product of a deal.
struct Product {
    name: &'static str,
    /// Whole roubles for one.
    price: i64,
    count: i64,
}

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
            id: FIRST_ID,
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
        let closed_text = closed.map_or(String::new(), moment);
        for product in products(deal) {
            // The sum of the row, not of the deal: that is how this system exports it.
            let sum = format!("{}.00", product.price * product.count);
            let price = format!("{}.00", product.price);
            let count = product.count.to_string();
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
                &closed_text,
                product.name,
                &price,
                &count,
            ];
            let row = format!("{};\n", quoted(&cells, ";"));
            self.files.write("bitrix_deals.csv", row.as_bytes())?;
        }
        Ok(())
    }

    /// Closes the file.
    pub fn finish(mut self) -> Result<()> {
        self.files.finish()
    }
}

/// One to three products whose sums add up to the deal's.
fn products(deal: &Deal) -> Vec<Product> {
    // Four of six deals are about one thing.
    let kinds = [1, 1, 1, 1, 2, 3][(deal.noise / 8 % 6) as usize];
    // Half of an even share, in whole hundreds: the first product is the main one.
    let part = deal.amount / kinds / 200 * 100;
    let first = (deal.noise / 64) as usize % GOODS.len();
    let main = deal.amount - part * (kinds - 1);
    // Two equal windows where that leaves whole hundreds.
    let count = if main % 200 == 0 { 2 } else { 1 };
    let mut products = vec![Product {
        name: GOODS[first],
        price: main / count,
        count,
    }];
    for kind in 1..kinds as usize {
        products.push(Product {
            name: GOODS[(first + kind) % GOODS.len()],
            price: part,
            count: 1,
        });
    }
    products
}

/// The stage at the export. A deal that is never closed is one that nobody has touched.
fn stage(deal: &Deal, closed: Option<i64>, exported: i64) -> &'static str {
    match (closed, deal.closed) {
        (Some(_), _) if deal.won => "Сделка успешна",
        (Some(_), _) => "Сделка провалена",
        (None, None) => OPEN_STAGES[0],
        (None, Some(at)) => OPEN_STAGES[deal.open_stage(at, exported)],
    }
}
