//! Visits as the Yandex Metrica Logs API returns them: TSV in numbered parts, each with the header.

use anyhow::Result;
use std::fmt::Write;
use std::path::Path;

use super::ads::DEAR_CLICK;
use super::calendar::{DAY, HOUR, MINUTE, MOSCOW, date_at};
use super::channels::{City, PAGES};
use super::output::Rolling;
use super::records::{DESKTOP, FORM_SENT, Visit};
use super::sources::{SOURCES, VisitSource};

const COLUMNS: &str = "ym:s:visitID\tym:s:counterID\tym:s:clientID\tym:s:date\tym:s:dateTime\tym:s:isNewUser\tym:s:startURL\t\
ym:s:endURL\tym:s:pageViews\tym:s:visitDuration\tym:s:bounce\tym:s:regionCountry\tym:s:regionCity\tym:s:goalsID\t\
ym:s:lastsignTrafficSource\tym:s:lastsignAdvEngine\tym:s:lastsignSearchEngineRoot\tym:s:lastsignSocialNetwork\t\
ym:s:lastsignMessenger\tym:s:referer\tym:s:lastsignUTMSource\tym:s:lastsignUTMMedium\tym:s:lastsignUTMCampaign\t\
ym:s:lastsignUTMContent\tym:s:lastsignUTMTerm\tym:s:deviceCategory\tym:s:operatingSystemRoot\tym:s:browser\n";
const SITE: &str = "https://okna-sever.example";
const COUNTER: &str = "98765432";
/// Visits of the world before the sample begins: ids of today have 19 digits.
const FIRST_VISIT: u64 = 7_100_000_000_000_000_000;
/// Where the site leads after a form is sent.
const THANKS_PAGE: &str = "/spasibo";
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
            visit: FIRST_VISIT,
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
        let visitor = &visit.visitor;
        let source = &SOURCES[usize::from(visitor.source)];
        let number = (visit.at + MOSCOW).div_euclid(DAY);
        if self.day.0 != number {
            self.day = (number, date_at(visit.at, MOSCOW).to_string());
        }
        // Ids go up with gaps: other sites have visits, too.
        self.visit += 1 + visit.noise % 5;
        let (id, day) = (self.visit, &self.day.1);
        let second = (visit.at + MOSCOW).rem_euclid(DAY);
        let (hour, minute, second) = (second / HOUR, second / MINUTE % 60, second % MINUTE);
        let is_new = u8::from(visitor.visits == 1);
        let row = &mut self.rows;
        write!(
            row,
            "{id}\t{COUNTER}\t{}\t{day}\t{day} {hour:02}:{minute:02}:{second:02}\t{is_new}\t",
            visitor.client
        )?;
        write_address(row, visit, source)?;
        write_behaviour(row, visit)?;
        write_source(row, visit, source)?;
        let (system, browser) = software(visit);
        writeln!(row, "\t{}\t{system}\t{browser}", visitor.device)?;
        Ok(())
    }
}

/// From the last page to the goals, with a tab before and behind.
fn write_behaviour(row: &mut String, visit: &Visit) -> Result<()> {
    let exit = if visit.goals & FORM_SENT != 0 {
        THANKS_PAGE
    } else {
        PAGES[usize::from(visit.exit)]
    };
    let bounce = u8::from(visit.bounce);
    let (country, city) = place(visit);
    let goals = GOALS[usize::from(visit.goals)];
    write!(
        row,
        "\t{SITE}{exit}\t{}\t{}\t{bounce}\t{country}\t{city}\t{goals}\t",
        visit.pages, visit.seconds
    )?;
    Ok(())
}

/// From the kind of traffic to the search term.
fn write_source(row: &mut String, visit: &Visit, source: &VisitSource) -> Result<()> {
    let [engine, search, social, messenger] = source.detail;
    let [utm, medium, campaign] = source.utm;
    // Who comes straight to the site keeps the source of an earlier visit, but has no referer.
    let referer = if visit.clicked { source.referer } else { "" };
    write!(
        row,
        "{}\t{engine}\t{search}\t{social}\t{messenger}\t{referer}\t{utm}\t{medium}\t{campaign}\t",
        source.traffic
    )?;
    let visitor = &visit.visitor;
    let content = if source.click > 0.0 {
        ["ad1", "ad2"][(visitor.client % 2) as usize]
    } else {
        ""
    };
    let term = if source.click > DEAR_CLICK {
        TERMS[usize::from(visitor.source + visitor.device) % TERMS.len()]
    } else {
        ""
    };
    write!(row, "{content}\t{term}")?;
    Ok(())
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
    // Of a hundred visitors 85 are in the city itself, 10 around it, 5 far away.
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
    // Another digit of the client than those that the city is told by.
    let kind = visit.visitor.client / 100 % 10;
    match (visit.visitor.device, kind) {
        (DESKTOP, 9) => ("macos", "safari"),
        (DESKTOP, 5..) => ("windows", "chrome"),
        (DESKTOP, _) => ("windows", "yandex_browser"),
        (_, 0..=3) => ("android", "chromemobile"),
        (_, 4..=6) => ("android", "yandex_browser"),
        _ => ("ios", "safari_mobile"),
    }
}
