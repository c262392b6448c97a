//! The small exports of the shop: orders, their history, answers to the survey, advertising, the plan.

use anyhow::Result;
use chrono::{Datelike, NaiveDate};
use std::path::Path;

use super::orders::{End, MANAGERS, Order};
use super::traffic::{SOURCES, Source};
use crate::sample::calendar::{MONTH_DAYS, MOSCOW, shift, text};
use crate::sample::dice::Dice;
use crate::sample::output::Rolling;
use crate::sample::people::Customer;

/// The number of the first order.
const FIRST_ORDER: usize = 10_001;
const ORDERS: &str = "\u{feff}Номер заказа;Создан;Изменён;Статус;Закрыт;Сумма;Себестоимость;Возвращено;Дата возврата;Причина отмены;\
Оплата;Доставка;Менеджер;Телефон;ClientID\r\n";
const HISTORY: &str = "\u{feff}Дата;ID сделки;Этап до;Этап после;Автор\r\n";
const SURVEY: &str = "\u{feff}Дата;Оценка NPS;Номер заказа\r\n";
const DIRECT: &str =
    "Дата;Кампания;№ Кампании;Группа;Фраза;№ Объявления;Показы;Клики;Расход (руб.)\n";
const VK: &str = "\u{feff}Дата;Площадка;Кампания;Показы;Клики;Расход\r\n";
const PLAN: &str = "period;channel;metric;value\n";
/// Stages before an order ends.
const STAGES: [&str; 3] = ["Новый", "Подтверждён", "Отправлен"];
const RECEIVED: &str = "Выполнен";
const CANCELLED: &str = "Отменён";

fn moment(at: i64) -> String {
    text(at, MOSCOW, "%d.%m.%Y %H:%M")
}

impl Order {
    /// The stages that it came to by `exported`, with their times.
    fn stages(&self, exported: i64) -> Vec<(i64, &'static str)> {
        let end = match self.end {
            End::Received => RECEIVED,
            End::Cancelled(_) => CANCELLED,
        };
        let mut stages = vec![(self.made, STAGES[0])];
        let steps = [
            (self.confirmed, STAGES[1]),
            (self.sent, STAGES[2]),
            (self.ended, end),
        ];
        // An order that is cancelled by telephone is never sent.
        let steps = steps
            .into_iter()
            .filter(|(at, _)| *at <= self.ended && *at <= exported);
        stages.extend(steps);
        stages
    }

    fn row(&self, number: usize, exported: i64) -> String {
        let stages = self.stages(exported);
        let (at, stage) = stages[stages.len() - 1];
        let closed = if self.ended <= exported {
            moment(self.ended)
        } else {
            String::new()
        };
        let refund = self.refund.filter(|(at, _)| *at <= exported);
        let reason = match self.end {
            End::Cancelled(reason) if self.ended <= exported => reason,
            _ => "",
        };
        format!(
            "{number};{};{};{stage};{closed};{},00;{},00;{},00;{};{reason};{};{};{};{};{}\r\n",
            moment(self.made),
            moment(refund.map_or(at, |(refunded, _)| refunded.max(at))),
            self.amount,
            self.cost,
            refund.map_or(0, |(_, amount)| amount),
            refund.map_or(String::new(), |(at, _)| moment(at)),
            self.payment,
            self.delivery,
            MANAGERS[self.manager],
            Customer(self.buyer).phone(3),
            self.client,
        )
    }
}

/// Writes the orders, which come by time, their history and the answers.
pub fn orders(folder: &Path, orders: &[Order], exported: i64) -> Result<()> {
    let mut files = Rolling::new(&folder.join("orders"), ORDERS, 0)?;
    let mut changes = Vec::new();
    let mut answers = Vec::new();
    for (number, order) in (FIRST_ORDER..).zip(orders) {
        files.write("zakazy.csv", order.row(number, exported).as_bytes())?;
        let stages = order.stages(exported);
        let pairs = stages.iter().zip(stages.iter().skip(1));
        let author = MANAGERS[order.manager];
        changes.extend(pairs.map(|((_, from), (at, to))| (*at, number, *from, *to, author)));
        let answer = order.score.filter(|(at, _)| *at <= exported);
        answers.extend(answer.map(|(at, score)| (at, number, score)));
    }
    files.finish()?;
    changes.sort_unstable();
    answers.sort_unstable();
    let mut history = Rolling::new(&folder.join("orders"), HISTORY, 9)?;
    for (at, number, from, to, author) in changes {
        let row = format!("{};{number};{from};{to};{author}\r\n", moment(at));
        history.write("istoriya.csv.gz", row.as_bytes())?;
    }
    history.finish()?;
    let mut survey = Rolling::new(&folder.join("opros"), SURVEY, 0)?;
    for (at, number, score) in answers {
        let row = format!("{};{score};{number}\r\n", moment(at));
        survey.write("nps.csv", row.as_bytes())?;
    }
    survey.finish()
}

/// Clicks that are paid for each visit of the counter, and impressions for each click. Invented.
const CLICKS_A_VISIT: f64 = 1.08;
const SHOWN_A_CLICK: f64 = 24.0;

/// Writes what advertising cost on each day.
pub struct Costs {
    direct: Rolling,
    vk: Rolling,
}

impl Costs {
    /// Begins both exports in `folder`.
    pub fn new(folder: &Path) -> Result<Self> {
        let folder = folder.join("ads");
        Ok(Self {
            direct: Rolling::new(&folder, DIRECT, 0)?,
            vk: Rolling::new(&folder, VK, 0)?,
        })
    }

    /// Adds a day; `visits` are those of each source.
    pub fn write(&mut self, day: NaiveDate, visits: &[u64], dice: &mut Dice) -> Result<()> {
        let paid = SOURCES
            .iter()
            .zip(visits)
            .filter(|(source, visits)| source.click > 0.0 && **visits > 0);
        for (source, visits) in paid {
            let clicks = dice.count(*visits as f64 * CLICKS_A_VISIT).max(*visits);
            let shown = clicks + dice.count(clicks as f64 * SHOWN_A_CLICK);
            let kopecks = (clicks as f64 * source.click * (92.0 + 16.0 * dice.unit())) as u64;
            let numbers = format!("{shown};{clicks};{},{:02}", kopecks / 100, kopecks % 100);
            self.row(day, source, &numbers)?;
        }
        Ok(())
    }

    fn row(&mut self, day: NaiveDate, source: &Source, numbers: &str) -> Result<()> {
        let date = day.format("%d.%m.%Y");
        let [_, _, campaign, ad, phrase] = source.utm;
        if source.group.is_empty() {
            let row = format!("{date};VK Реклама;{campaign};{numbers}\r\n");
            return self.vk.write("vk-2026.csv", row.as_bytes());
        }
        let number = campaign_number(campaign);
        let row = format!(
            "{date};{campaign};{number};{};{phrase};{ad};{numbers}\n",
            source.group
        );
        self.direct.write(
            &format!("direct-{}.csv", day.format("%Y-%m")),
            row.as_bytes(),
        )
    }

    /// Closes both.
    pub fn finish(mut self) -> Result<()> {
        self.direct.finish()?;
        self.vk.finish()
    }
}

fn campaign_number(campaign: &str) -> u32 {
    match campaign {
        "poisk_kofe" => 81_200_101,
        "poisk_brand" => 81_200_102,
        _ => 81_200_103,
    }
}

/// Writes the monthly plan; `volume` is visits in an average week.
pub fn plan(folder: &Path, first: NaiveDate, last: NaiveDate, volume: f64) -> Result<()> {
    let mut files = Rolling::new(&folder.join("plan"), PLAN, 0)?;
    let mut month = shift(first, 1 - i64::from(first.day()));
    while month <= last {
        let orders = volume * MONTH_DAYS / 7.0 * 0.09;
        let step = |value: f64, step: f64| ((value / step).round() * step) as i64;
        let targets = [
            ("inquiries", step(orders, 10.0).to_string()),
            ("sales", step(orders * 0.85, 10.0).to_string()),
            (
                "revenue",
                step(orders * 0.85 * 1_950.0, 10_000.0).to_string(),
            ),
            ("margin", step(orders * 0.85 * 800.0, 10_000.0).to_string()),
            (
                "spend",
                step(volume * MONTH_DAYS / 7.0 * 10.5, 1_000.0).to_string(),
            ),
            ("average_check", "1950".to_owned()),
            ("conv2", "0.85".to_owned()),
        ];
        let period = month.format("%Y-%m");
        for (metric, value) in targets {
            files.write(
                "targets.csv",
                format!("{period};total;{metric};{value}\n").as_bytes(),
            )?;
        }
        let next = shift(month, 32);
        month = shift(next, 1 - i64::from(next.day()));
    }
    files.finish()
}
