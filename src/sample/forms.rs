//! Requests from the site's forms: windows-1251, `;`, CRLF, quotes only where needed.

use anyhow::Result;
use encoding_rs::WINDOWS_1251;
use std::path::Path;

use super::calendar::{MOSCOW, text};
use super::channels::PAGES;
use super::output::{Rolling, quoted_if_needed};
use super::people::{SPAM_PHONE, STAFF_PHONE};
use super::records::{Form, Nature};
use super::sources::SOURCES;

const HEADER: &str = "Дата;Форма;Страница;Имя;Телефон;E-mail;Комментарий;ClientID;utm_source;utm_medium;utm_campaign;Устройство;ID заявки\r\n";
const NAMES: [&str; 4] = [
    "Вызов замерщика",
    "Расчёт стоимости",
    "Обратный звонок",
    "Заявка на акцию",
];
const COMMENTS: [&str; 8] = [
    "",
    "",
    "Нужны 3 окна; дом панельный",
    "Окно \"под ключ\", срочно",
    "Балкон 6 метров; холодное или тёплое остекление?",
    "",
    "Интересует акция \"второе окно в подарок\"; доставка за город",
    "Сколько стоит двухстворчатое?",
];

/// Writes requests, one file for each year.
pub struct Forms {
    files: Rolling,
    number: u64,
}

impl Forms {
    /// Begins the export in `folder`.
    pub fn new(folder: &Path) -> Result<Self> {
        let header = WINDOWS_1251.encode(HEADER).0.into_owned();
        Ok(Self {
            files: Rolling::new(&folder.join("forms"), header, 0)?,
            number: 15_200,
        })
    }

    /// Adds a request.
    pub fn write(&mut self, form: &Form) -> Result<()> {
        self.number += 1;
        let real = form.nature == Nature::Real;
        let (name, phone, email, comment) = match form.nature {
            Nature::Real => {
                let comment = COMMENTS[(form.noise % 8) as usize];
                (
                    form.customer.first_name(),
                    form.customer.phone(form.noise / 8 % 5),
                    form.customer.email(),
                    comment,
                )
            }
            Nature::Spam => (
                "Seo-Мастер",
                SPAM_PHONE.into(),
                "seo@spam.example".into(),
                "Продвижение сайтов в топ-10; пишите \"сегодня\" и получите скидку",
            ),
            Nature::Test => ("Тест", STAFF_PHONE.into(), String::new(), "проверка формы"),
        };
        let client = if real && (form.noise / 64).is_multiple_of(10) {
            String::new()
        } else {
            form.visitor.client.to_string()
        };
        let [source, medium, campaign] = SOURCES[usize::from(form.visitor.source)].utm;
        let title = NAMES[(form.noise / 1024 % 4) as usize];
        let device = ["desktop", "phone", "tablet"][usize::from(form.visitor.device) - 1];
        let row = format!(
            "{};{title};{};{name};{phone};{email};{};{client};{source};{medium};{campaign};{device};{}\r\n",
            text(form.at, MOSCOW, "%d.%m.%Y %H:%M"),
            PAGES[usize::from(form.visitor.landing)],
            quoted_if_needed(comment, ';'),
            self.number,
        );
        let file = format!("zayavki-{}.csv", text(form.at, MOSCOW, "%Y"));
        self.files.write(&file, &WINDOWS_1251.encode(&row).0)
    }

    /// Closes the last file.
    pub fn finish(mut self) -> Result<()> {
        self.files.finish()
    }
}
