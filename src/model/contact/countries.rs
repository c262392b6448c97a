//! Whose number it is: one spelling for a number that people write as at home, as from abroad, or by halves.

use super::plans::{PLANS, Plan};

/// The country of a business that does not say where it is.
const USUAL_HOME: &str = "RU";

/// Digits of the shortest number that is taken for one of another country: seven are a city's number at home.
const SHORTEST_ABROAD: usize = 8;

/// Digits of the shortest number with its calling code, written without a `+`.
const SHORTEST_WITH_CODE: usize = 10;

/// The countries whose national spellings are understood, that of the business first.
#[derive(Debug, Clone)]
pub struct Countries {
    home: &'static Plan,
    others: Vec<&'static Plan>,
}

impl Default for Countries {
    fn default() -> Self {
        Self::at_home_in(Plan::of(USUAL_HOME).expect("the usual home has a plan"))
    }
}

/// Code of the country that a time zone is of; `None` of a zone of no country, and of one whose numbers are not known.
pub fn country_of_zone(zone: &str) -> Option<&'static str> {
    plan_of_zone(zone).map(|plan| plan.iso)
}

fn plan_of_zone(zone: &str) -> Option<&'static Plan> {
    let is_its_zone = |plan: &&Plan| plan.zones.iter().any(|start| zone.starts_with(start));
    PLANS.iter().find(is_its_zone)
}

impl Countries {
    /// Codes of all countries whose plans are known.
    pub fn known() -> impl Iterator<Item = &'static str> {
        PLANS.iter().map(|plan| plan.iso)
    }

    /// The countries of these ISO codes, home first; `Err` is a code whose plan is not known.
    pub fn named(codes: &[String]) -> Result<Option<Self>, &str> {
        let mut plans = Vec::with_capacity(codes.len());
        for code in codes {
            plans.push(Plan::of(code).ok_or(code.as_str())?);
        }
        let Some((home, others)) = plans.split_first() else {
            return Ok(None);
        };
        Ok(Some(Self {
            home,
            others: others.to_vec(),
        }))
    }

    /// Home is the country of a time zone, and all other countries are tried after it.
    pub fn of_zone(zone: &str) -> Self {
        plan_of_zone(zone).map_or_else(Self::default, Self::at_home_in)
    }

    fn at_home_in(home: &'static Plan) -> Self {
        let others = PLANS.iter().filter(|plan| plan.iso != home.iso);
        Self {
            home,
            others: others.collect(),
        }
    }

    /// Writes what identifies the number into `into`; false when it fits no country's plan.
    ///
    /// A number of the own country is known by its national digits (of a Russian one, the last ten), any other by all of
    /// its international ones: numbers that only end alike are strangers.
    pub(super) fn identify(&self, number: Written<'_>, into: &mut Vec<u8>) -> bool {
        let Some((plan, national)) = self.place(number) else {
            return false;
        };
        into.clear();
        if plan.code != self.home.code {
            into.push(b'+');
            into.extend_from_slice(plan.code.as_bytes());
        }
        into.extend_from_slice(national);
        true
    }

    fn place<'d>(&self, number: Written<'d>) -> Option<(&'static Plan, &'d [u8])> {
        let Written { has_plus, digits } = number.without_exit_code();
        if has_plus {
            return from_abroad(digits).or_else(|| self.with_needless_plus(digits));
        }
        let at_home = self.home.at_home(digits).map(|number| (self.home, number));
        at_home
            .or_else(|| (digits.len() >= SHORTEST_WITH_CODE).then(|| from_abroad(digits))?)
            .or_else(|| self.of_others(digits))
    }

    /// `+8 924 …`: the trunk code in place of the country's.
    fn with_needless_plus<'d>(&self, digits: &'d [u8]) -> Option<(&'static Plan, &'d [u8])> {
        let number = self.home.usual(digits)?;
        Some((self.home, number))
    }

    /// A number that is written as at home somewhere else: first as people there usually do, then as they may.
    fn of_others<'d>(&self, digits: &'d [u8]) -> Option<(&'static Plan, &'d [u8])> {
        if digits.len() < SHORTEST_ABROAD {
            return None;
        }
        let found = |plan: &&'static Plan, number: Option<&'d [u8]>| Some((*plan, number?));
        let usual = self
            .others
            .iter()
            .find_map(|plan| found(plan, plan.usual(digits)));
        usual.or_else(|| {
            // Where numbers are of any length, any digits would be one.
            let mut strict = self.others.iter().filter(|plan| plan.has_one_length());
            strict.find_map(|plan| found(plan, plan.at_home(digits)))
        })
    }
}

fn from_abroad(digits: &[u8]) -> Option<(&'static Plan, &[u8])> {
    let mut plans = PLANS.iter();
    plans.find_map(|plan| Some((plan, plan.of_dialled_abroad(digits)?)))
}

/// The digits of a number as somebody wrote it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Written<'d> {
    /// Whether a `+` stands before them: the first ones are a calling code.
    pub has_plus: bool,
    pub digits: &'d [u8],
}

impl Written<'_> {
    /// `00…`, `810…` and `011…` are what people dial for a `+`; a number with a calling code is long.
    fn without_exit_code(self) -> Self {
        const SHORTEST_AFTER: usize = 10;
        const EXIT_CODES: [&[u8]; 3] = [b"00", b"810", b"011"];
        if self.has_plus {
            return self;
        }
        let mut rests = EXIT_CODES
            .iter()
            .filter_map(|code| self.digits.strip_prefix(*code));
        let rest = rests.find(|rest| rest.len() >= SHORTEST_AFTER && from_abroad(rest).is_some());
        rest.map_or(self, |digits| Written {
            has_plus: true,
            digits,
        })
    }
}
