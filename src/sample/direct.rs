//! Costs as Yandex Direct's report wizard writes them: BOM, `;`, four lines above the header, totals below.

use anyhow::Result;
use chrono::{Datelike, Months, NaiveDate};
use std::path::Path;

use super::ads::AdDay;
use super::calendar::shift;
use super::channels::NETWORK;
use super::output::Rolling;
use super::sources::SOURCES;

/// Writes costs, one file for each month.
pub struct Direct {
    files: Rolling,
    first: NaiveDate,
    last: NaiveDate,
    month: Option<NaiveDate>,
    total: [u64; 4],
}

impl Direct {
    /// Begins the export in `folder`, for the days from `first` to `last`.
    pub fn new(folder: &Path, first: NaiveDate, last: NaiveDate) -> Result<Self> {
        Ok(Self {
            files: Rolling::new(&folder.join("ads"), "", 0)?,
            first,
            last,
            month: None,
            total: [0; 4],
        })
    }

    /// Adds one campaign's day, if it is one of Direct's.
    pub fn write(&mut self, day: &AdDay) -> Result<()> {
        let source = &SOURCES[day.source];
        if source.number == 0 {
            return Ok(());
        }
        let month = day.date.with_day(1).expect("every month has a first day");
        if self.month != Some(month) {
            self.finish_month()?;
            self.begin_month(month)?;
        }
        let place = if source.channel == NETWORK {
            "сети"
        } else {
            "поиск"
        };
        let (date, campaign, number) = (day.date.format("%d.%m.%Y"), source.utm[2], source.number);
        let row = format!(
            "{date};{campaign};{number};{place};{}\n",
            numbers(day.shown, day.clicks, day.cost, day.conversions)
        );
        for (total, value) in
            self.total
                .iter_mut()
                .zip([day.shown, day.clicks, day.cost, day.conversions])
        {
            *total += value;
        }
        self.files.write(&name(month), row.as_bytes())
    }

    /// Closes the last file.
    pub fn finish(mut self) -> Result<()> {
        self.finish_month()?;
        self.files.finish()
    }

    fn begin_month(&mut self, month: NaiveDate) -> Result<()> {
        self.month = Some(month);
        self.total = [0; 4];
        let from = month.max(self.first).format("%d.%m.%Y");
        let next = month
            .checked_add_months(Months::new(1))
            .expect("a sample stays inside the calendar");
        let to = shift(next, -1).min(self.last).format("%d.%m.%Y");
        let preamble = format!(
            "\u{feff}Мастер отчётов: расходы по дням\nПериод: {from} - {to}\nКлиент: okna-sever\nВалюта: RUB, с НДС\n\
             Дата;Кампания;№ Кампании;Тип площадки;Показы;Клики;Расход (руб.);Конверсии\n"
        );
        self.files.write(&name(month), preamble.as_bytes())
    }

    fn finish_month(&mut self) -> Result<()> {
        let Some(month) = self.month else {
            return Ok(());
        };
        let [shown, clicks, cost, conversions] = self.total;
        let row = format!("Итого;;;;{}\n", numbers(shown, clicks, cost, conversions));
        self.files.write(&name(month), row.as_bytes())
    }
}

fn name(month: NaiveDate) -> String {
    format!("direct-{}.csv", month.format("%Y-%m"))
}

fn numbers(shown: u64, clicks: u64, cost: u64, conversions: u64) -> String {
    let conversions = if conversions == 0 {
        "-".into()
    } else {
        conversions.to_string()
    };
    format!(
        "{shown};{clicks};{},{:02};{conversions}",
        cost / 100,
        cost % 100
    )
}
