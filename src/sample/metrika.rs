//! Visits as the Yandex Metrica Logs API returns them: TSV in numbered parts, each with the header.

use anyhow::Result;
use std::fmt::Write;
use std::path::Path;

use super::calendar::{DAY, MOSCOW, date_at};
use super::channels::{City, PAGES};
use super::output::Rolling;
use super::records::Visit;
use super::sources::{SOURCES, VisitSource};

const COLUMNS: &str = "ym:s:visitID\tym:s:counterID\tym:s:clientID\tym:s:date\tym:s:dateTime\tym:s:isNewUser\tym:s:startURL\t\
ym:s:endURL\tym:s:pageViews\tym:s:visitDuration\tym:s:bounce\tym:s:regionCountry\tym:s:regionCity\tym:s:goalsID\t\
ym:s:lastsignTrafficSource\tym:s:lastsignAdvEngine\tym:s:lastsignSearchEngineRoot\tym:s:lastsignSocialNetwork\t\
ym:s:lastsignMessenger\tym:s:referer\tym:s:lastsignUTMSource\tym:s:lastsignUTMMedium\tym:s:lastsignUTMCampaign\t\
ym:s:lastsignUTMContent\tym:s:lastsignUTMTerm\tym:s:deviceCategory\tym:s:operatingSystemRoot\tym:s:browser\n";
const SITE: &str = "https://okna-sever.example";
const COUNTER: &str = "98765432";
/// Goals by bits: form started, form sent, phone tapped.
const GOALS: [&str; 8] = [
    "[]",
    "[301]",
    "[302]",
    "[301,302]",
    "[303]",
    "[301,303]",
    "[302,303]",
    "[301,302,303]",
];
const TERMS: [&str; 5] = [
    "пластиковые окна",
    "окна цена",
    "остекление балкона",
    "замена окон",
    "окна недорого",
];

/// Writes visits.
pub struct Metrika {
    files: Rolling,
    /// The last visit id given out.
    visit: u64,
    rows: String,
    /// The day of the last row, and how it is written.
    day: (i64, String),
}

impl Metrika {
    /// Begins the export in `folder`.
    pub fn new(folder: &Path, effort: u32) -> Result<Self> {
        let files = Rolling::new(&folder.join("metrika"), COLUMNS, effort)?;
        Ok(Self {
            files,
            visit: 7_100_000_000_000_000_000,
            rows: String::new(),
            day: (i64::MIN, String::new()),
        })
    }

    /// Adds visits, which must come by time, to the part called `name`.
    pub fn write(&mut self, name: &str, visits: impl Iterator<Item = Visit>) -> Result<()> {
        self.rows.clear();
        for visit in visits {
            self.row(&visit)?;
        }
        self.files.write(name, self.rows.as_bytes())
    }

    /// Closes the last part.
    pub fn finish(mut self) -> Result<()> {
        self.files.finish()
    }

    fn row(&mut self, visit: &Visit) -> Result<()> {
        let (visitor, source) = (&visit.visitor, &SOURCES[usize::from(visit.visitor.source)]);
        let number = (visit.at + MOSCOW).div_euclid(DAY);
        if self.day.0 != number {
            self.day = (number, date_at(visit.at, MOSCOW).to_string());
        }
        self.visit += 1 + visit.noise % 5;
        let (id, day) = (self.visit, &self.day.1);
        let second = (visit.at + MOSCOW).rem_euclid(DAY);
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        let new = u8::from(visitor.visits == 1);
        let row = &mut self.rows;
        write!(
            row,
            "{id}\t{COUNTER}\t{}\t{day}\t{day} {hour:02}:{minute:02}:{second:02}\t{new}\t",
            visitor.client
        )?;
        write_address(row, visit, source)?;
        let (exit, bounce) = (
            if visit.goals & 2 == 2 {
                "/spasibo"
            } else {
                PAGES[usize::from(visit.exit)]
            },
            u8::from(visit.bounce),
        );
        let (country, city) = place(visit);
        let goals = GOALS[usize::from(visit.goals)];
        write!(
            row,
            "\t{SITE}{exit}\t{}\t{}\t{bounce}\t{country}\t{city}\t{goals}\t",
            visit.pages, visit.seconds
        )?;
        let ([engine, search, social, messenger], [utm, medium, campaign]) =
            (source.detail, source.utm);
        let referer = if visit.clicked { source.referer } else { "" };
        write!(
            row,
            "{}\t{engine}\t{search}\t{social}\t{messenger}\t{referer}\t{utm}\t{medium}\t{campaign}\t",
            source.traffic
        )?;
        let term = if source.click > 20.0 {
            TERMS[usize::from(visitor.source + visitor.device) % 5]
        } else {
            ""
        };
        let content = if source.click > 0.0 {
            ["ad1", "ad2"][(visitor.client % 2) as usize]
        } else {
            ""
        };
        let (system, browser) = software(visit);
        writeln!(
            row,
            "{content}\t{term}\t{}\t{system}\t{browser}",
            visitor.device
        )?;
        Ok(())
    }
}

fn write_address(row: &mut String, visit: &Visit, source: &VisitSource) -> Result<()> {
    write!(row, "{SITE}{}", PAGES[usize::from(visit.visitor.landing)])?;
    let [utm, medium, campaign] = source.utm;
    if !visit.clicked || utm.is_empty() {
        return Ok(());
    }
    write!(
        row,
        "?utm_source={utm}&utm_medium={medium}&utm_campaign={campaign}"
    )?;
    match utm {
        // A click id begins with the campaign's number; the last digits are chance.
        "yandex" => write!(
            row,
            "&yclid={}{:06}",
            source.number,
            visit.noise % 1_000_000
        )?,
        "google" => write!(row, "&gclid=Cj0KCQ{:06}", visit.noise % 1_000_000)?,
        _ => {}
    }
    Ok(())
}

fn place(visit: &Visit) -> (&'static str, &'static str) {
    let near = match visit.visitor.city {
        City::Petrozavodsk => ["Петрозаводск", "Кондопога", "Сегежа"],
        City::Murmansk => ["Мурманск", "Североморск", "Апатиты"],
    };
    let city = match visit.visitor.client % 100 {
        0..=84 => near[0],
        85..=90 => near[1],
        91..=94 => near[2],
        95..=97 => "Санкт-Петербург",
        _ => "Москва",
    };
    ("Россия", city)
}

fn software(visit: &Visit) -> (&'static str, &'static str) {
    let kind = visit.visitor.client / 100 % 10;
    match (visit.visitor.device, kind) {
        (1, 9) => ("macos", "safari"),
        (1, 5..) => ("windows", "chrome"),
        (1, _) => ("windows", "yandex_browser"),
        (_, 0..=3) => ("android", "chromemobile"),
        (_, 4..=6) => ("android", "yandex_browser"),
        _ => ("ios", "safari_mobile"),
    }
}
