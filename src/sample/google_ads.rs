//! Costs as Google Ads' "Excel CSV" writes them: UTF-16LE with BOM, tabs, title and period above, totals below.

use anyhow::Result;
use chrono::NaiveDate;
use std::path::Path;

use super::ads::AdDay;
use super::channels::GOOGLE_ADS;
use super::output::Rolling;
use super::sources::SOURCES;

const HEADER: &str = "Campaign status\tCampaign\tDay\tCurrency code\tClicks\tImpr.\tCTR\tAvg. CPC\tCost\tConversions\n";

/// Writes costs, one file for each request.
pub struct GoogleAds {
    files: Rolling,
    name: Option<String>,
    total: [u64; 4],
}

impl GoogleAds {
    /// Begins the export in `folder`.
    pub fn new(folder: &Path) -> Result<Self> {
        Ok(Self {
            files: Rolling::new(&folder.join("ads"), "", 0)?,
            name: None,
            total: [0; 4],
        })
    }

    /// Adds one campaign's day, if it is one of Google's, to the request for `from` to `to`.
    pub fn write(&mut self, day: &AdDay, from: NaiveDate, to: NaiveDate) -> Result<()> {
        if SOURCES[day.source].channel != GOOGLE_ADS {
            return Ok(());
        }
        let name = format!("google-ads-{from}-{to}.csv");
        if self.name.as_ref() != Some(&name) {
            self.finish_request()?;
            self.total = [0; 4];
            let period = format!("{} - {}", from.format("%-d %B %Y"), to.format("%-d %B %Y"));
            self.files.write(
                &name,
                &utf16(&format!("\u{feff}Campaign report\n{period}\n{HEADER}")),
            )?;
            self.name = Some(name.clone());
        }
        for (total, value) in
            self.total
                .iter_mut()
                .zip([day.shown, day.clicks, day.cost, day.conversions])
        {
            *total += value;
        }
        let numbers = numbers([day.shown, day.clicks, day.cost, day.conversions]);
        let row = format!(
            "Enabled\t{}\t{}\tRUB\t{numbers}\n",
            SOURCES[day.source].utm[2], day.date
        );
        self.files.write(&name, &utf16(&row))
    }

    /// Closes the last file.
    pub fn finish(mut self) -> Result<()> {
        self.finish_request()?;
        self.files.finish()
    }

    fn finish_request(&mut self) -> Result<()> {
        let Some(name) = &self.name else {
            return Ok(());
        };
        let numbers = numbers(self.total);
        for label in ["Total: Campaigns", "Total: Account"] {
            self.files.write(
                name,
                &utf16(&format!("{label}\t --\t --\tRUB\t{numbers}\n")),
            )?;
        }
        Ok(())
    }
}

fn numbers([shown, clicks, cost, conversions]: [u64; 4]) -> String {
    let rate = if shown == 0 {
        " --".into()
    } else {
        format!("{:.2}%", clicks as f64 / shown as f64 * 100.0)
    };
    let price = cost.checked_div(clicks).map_or(" --".into(), money);
    format!(
        "{}\t{}\t{rate}\t{price}\t{}\t{conversions}.00",
        grouped(clicks),
        grouped(shown),
        money(cost)
    )
}

fn money(hundredths: u64) -> String {
    let whole = grouped(hundredths / 100);
    match whole.strip_suffix('"') {
        Some(open) => format!("{open}.{:02}\"", hundredths % 100),
        None => format!("{whole}.{:02}", hundredths % 100),
    }
}

/// Thousands with a comma, and then in quotes.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    if digits.len() <= 3 {
        return digits;
    }
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    format!("\"{text}\"")
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_quoted() {
        assert_eq!(grouped(999), "999");
        assert_eq!(money(123_456_789), "\"1,234,567.89\"");
        assert_eq!(money(5), "0.05");
    }
}
