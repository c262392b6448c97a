//! Numbering plans: how numbers of a country are written at home and from abroad.

use std::ops::RangeInclusive;

/// The numbering plan of one country, as far as its numbers are told apart by it.
#[derive(Debug)]
pub(super) struct Plan {
    /// ISO 3166 code.
    pub iso: &'static str,
    /// Calling code.
    pub code: &'static str,
    /// What people dial before a national number; the usual one first, none where nothing is dialled.
    pub trunks: &'static [&'static str],
    /// Digits of a national number.
    pub lengths: RangeInclusive<usize>,
    /// First two digits of national numbers.
    pub starts: &'static [RangeInclusive<u8>],
    /// Beginnings of the names of its time zones.
    pub zones: &'static [&'static str],
}

const fn plan(
    iso: &'static str,
    code: &'static str,
    trunks: &'static [&'static str],
    lengths: RangeInclusive<usize>,
    starts: &'static [RangeInclusive<u8>],
    zones: &'static [&'static str],
) -> Plan {
    Plan {
        iso,
        code,
        trunks,
        lengths,
        starts,
        zones,
    }
}

/// In the order in which a number is looked for that is not written as at home: neighbours of Russia first, then those
/// with a plan that few numbers of others fit. From the countries' own published plans, as of 2026. One line a country: it
/// is a table.
#[rustfmt::skip]
pub(super) const PLANS: &[Plan] = &[
    plan("RU", "7", &["8"], 10..=10, &[30..=99], &[]),
    plan("KZ", "7", &["8"], 10..=10,
        &[70..=79], &["Asia/Almaty", "Asia/Aqt", "Asia/Atyrau", "Asia/Oral", "Asia/Qyzylorda", "Asia/Qostanay"]),
    plan("BY", "375", &["80", "0"], 9..=9, &[15..=17, 21..=23, 25..=25, 29..=29, 33..=33, 44..=44], &["Europe/Minsk"]),
    plan("UA", "380", &["0", "80"], 9..=9,
        &[31..=39, 41..=48, 50..=57, 61..=69, 73..=73, 91..=99], &["Europe/Ki", "Europe/Ky", "Europe/Uzhgorod", "Europe/Zaporozhye"]),
    plan("UZ", "998", &[], 9..=9,
        &[20..=20, 33..=33, 50..=50, 55..=55, 61..=79, 88..=91, 93..=95, 97..=99], &["Asia/Tashkent", "Asia/Samarkand"]),
    plan("TJ", "992", &[], 9..=9,
        &[11..=11, 17..=17, 31..=41, 44..=44, 50..=50, 55..=55, 77..=78, 88..=94, 98..=99], &["Asia/Dushanbe"]),
    plan("KG", "996", &["0"], 9..=9, &[22..=22, 31..=39, 50..=57, 70..=79, 88..=88, 99..=99], &["Asia/Bishkek"]),
    plan("GE", "995", &["0"], 9..=9, &[32..=32, 34..=37, 39..=39, 41..=49, 51..=59, 79..=79], &["Asia/Tbilisi"]),
    plan("AM", "374", &["0"], 8..=8,
        &[10..=12, 22..=28, 31..=33, 41..=41, 43..=44, 49..=49, 55..=55, 77..=77, 91..=99], &["Asia/Yerevan"]),
    plan("AZ", "994", &["0"], 9..=9,
        &[10..=12, 18..=26, 36..=36, 40..=40, 44..=44, 50..=51, 55..=55, 60..=60, 70..=70, 77..=77, 99..=99], &["Asia/Baku"]),
    plan("MD", "373", &["0"], 8..=8, &[20..=29, 60..=69, 76..=79], &["Europe/Chisinau", "Europe/Tiraspol"]),
    plan("TM", "993", &["8"], 8..=8, &[12..=15, 21..=24, 31..=34, 41..=44, 52..=56, 61..=65, 71..=71], &["Asia/Ashgabat"]),
    plan("LV", "371", &[], 8..=8, &[20..=29, 63..=67], &["Europe/Riga"]),
    plan("EE", "372", &[], 7..=8, &[32..=39, 43..=48, 50..=59, 60..=79, 81..=84], &["Europe/Tallinn"]),
    plan("LT", "370", &["0", "8"], 8..=8, &[30..=69], &["Europe/Vilnius"]),
    plan("DE", "49", &["0"], 7..=11, &[15..=17, 20..=99], &["Europe/Berlin", "Europe/Busingen"]),
    plan("PL", "48", &[], 9..=9, &[12..=99], &["Europe/Warsaw"]),
    plan("GB", "44", &["0"], 9..=10, &[11..=39, 55..=56, 70..=99], &["Europe/London", "Europe/Belfast", "GB"]),
    plan("FR", "33", &["0"], 9..=9, &[10..=99], &["Europe/Paris"]),
    plan("ES", "34", &[], 9..=9, &[60..=99], &["Europe/Madrid", "Atlantic/Canary"]),
    plan("IT", "39", &[], 6..=11, &[1..=9, 30..=39], &["Europe/Rome"]),
    plan("US", "1", &["1"], 10..=10,
        &[20..=99], &["America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Phoenix", "America/Detroit", "America/Anchorage", "US/"]),
    plan("CA", "1", &["1"], 10..=10,
        &[20..=99], &["America/Toronto", "America/Vancouver", "America/Edmonton", "America/Winnipeg", "America/Halifax", "America/Montreal", "Canada/"]),
    plan("TR", "90", &["0"], 10..=10, &[21..=59], &["Europe/Istanbul", "Asia/Istanbul"]),
    plan("RS", "381", &["0"], 8..=9, &[10..=39, 60..=69], &["Europe/Belgrade"]),
    plan("ME", "382", &["0"], 8..=8, &[20..=69], &["Europe/Podgorica"]),
    plan("CY", "357", &[], 8..=8, &[22..=26, 94..=99], &["Asia/Nicosia"]),
    plan("IL", "972", &["0"], 8..=9, &[20..=99], &["Asia/Jerusalem", "Asia/Tel_Aviv"]),
    plan("AE", "971", &["0"], 8..=9, &[20..=79], &["Asia/Dubai"]),
    plan("FI", "358", &["0"], 6..=10, &[13..=99], &["Europe/Helsinki"]),
    plan("CZ", "420", &[], 9..=9, &[20..=79], &["Europe/Prague"]),
    plan("BG", "359", &["0"], 8..=9, &[20..=99], &["Europe/Sofia"]),
    plan("NL", "31", &["0"], 9..=9, &[10..=89], &["Europe/Amsterdam"]),
    plan("BE", "32", &["0"], 8..=9, &[10..=99], &["Europe/Brussels"]),
    plan("AT", "43", &["0"], 7..=11, &[10..=99], &["Europe/Vienna"]),
    plan("CH", "41", &["0"], 9..=9, &[20..=99], &["Europe/Zurich"]),
    plan("CN", "86", &["0"], 11..=11, &[13..=19], &["Asia/Shanghai"]),
    plan("MN", "976", &[], 8..=8, &[50..=99], &["Asia/Ulaanbaatar"]),
];

impl Plan {
    /// The plan of a country.
    pub(super) fn of(iso: &str) -> Option<&'static Self> {
        PLANS.iter().find(|plan| plan.iso == iso)
    }

    /// The national number of one that is dialled from abroad, without its `+`. Many write the trunk code as well:
    /// `+49 (0)30 …`.
    pub(super) fn of_dialled_abroad<'d>(&self, digits: &'d [u8]) -> Option<&'d [u8]> {
        let rest = digits.strip_prefix(self.code.as_bytes())?;
        // A national number begins with a zero only where no zero is dialled before it.
        let has_trunk_zero = rest.starts_with(b"0") && !self.trunks.is_empty();
        if self.lengths.contains(&rest.len()) && !has_trunk_zero {
            return Some(rest);
        }
        let without_trunk = self
            .trunks
            .iter()
            .filter_map(|trunk| rest.strip_prefix(trunk.as_bytes()));
        without_trunk
            .into_iter()
            .find(|number| self.lengths.contains(&number.len()))
    }

    /// The national number of one that is written as people of the country most often do.
    pub(super) fn usual<'d>(&self, digits: &'d [u8]) -> Option<&'d [u8]> {
        let number = match self.trunks.first() {
            Some(trunk) => digits.strip_prefix(trunk.as_bytes())?,
            None => digits,
        };
        self.fits(number).then_some(number)
    }

    /// The national number of one that is written as it may be in the country: after any trunk code or without one.
    pub(super) fn at_home<'d>(&self, digits: &'d [u8]) -> Option<&'d [u8]> {
        let without_trunk = self
            .trunks
            .iter()
            .filter_map(|trunk| digits.strip_prefix(trunk.as_bytes()));
        let mut spellings = without_trunk.chain([digits]);
        spellings.find(|number| self.fits(number))
    }

    /// Whether all national numbers have as many digits.
    pub(super) fn has_one_length(&self) -> bool {
        self.lengths.start() == self.lengths.end()
    }

    fn fits(&self, number: &[u8]) -> bool {
        let [tens, ones, ..] = number else {
            return false;
        };
        let start = (tens - b'0') * 10 + (ones - b'0');
        self.lengths.contains(&number.len())
            && self.starts.iter().any(|range| range.contains(&start))
    }
}
