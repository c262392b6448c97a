//! The firm's own side: telephone lines and managers.

use super::channels::City;
use super::dice::Dice;
use super::incidents::IncidentKind;
use super::plan::Plan;

/// A telephone line of the firm.
pub struct Line {
    /// The number that people dial.
    pub number: &'static str,
    /// The trunk it comes in by.
    pub trunk: &'static str,
    /// Its city.
    pub city: City,
    /// The static channel, for lines that are not on the site.
    pub channel: Option<&'static str>,
    /// Calls a week on a static line.
    pub weekly: f64,
}

/// The four lines: each city's site line, then its static one.
pub const LINES: [Line; 4] = [
    Line {
        number: "78142000001",
        trunk: "trunk-ptz",
        city: City::Petrozavodsk,
        channel: None,
        weekly: 0.0,
    },
    Line {
        number: "78142000002",
        trunk: "trunk-ptz",
        city: City::Petrozavodsk,
        channel: Some("outdoor"),
        weekly: 9.0,
    },
    Line {
        number: "78152000001",
        trunk: "trunk-mmk",
        city: City::Murmansk,
        channel: None,
        weekly: 0.0,
    },
    Line {
        number: "78152000002",
        trunk: "trunk-mmk",
        city: City::Murmansk,
        channel: Some("maps"),
        weekly: 10.0,
    },
];

/// Index of the line that the site shows in a city.
pub fn site_line(city: City) -> u8 {
    match city {
        City::Petrozavodsk => 0,
        City::Murmansk => 2,
    }
}

/// A manager: extension, name, city, share of the city's inquiries, how often they win.
pub struct Manager {
    /// Telephone extension.
    pub extension: u32,
    /// Name as the CRM shows it.
    pub name: &'static str,
    /// Where they sell.
    pub city: City,
    /// Share of the city's inquiries.
    pub share: f64,
    /// How often they win, against the average.
    pub skill: f64,
}

const fn manager(
    extension: u32,
    name: &'static str,
    city: City,
    share: f64,
    skill: f64,
) -> Manager {
    Manager {
        extension,
        name,
        city,
        share,
        skill,
    }
}

/// The managers, by extension from 201 on.
pub const MANAGERS: [Manager; 6] = [
    manager(201, "Ирина Ладова", City::Petrozavodsk, 0.36, 1.05),
    manager(202, "Павел Шуйский", City::Petrozavodsk, 0.34, 0.95),
    manager(203, "Ольга Онежская", City::Petrozavodsk, 0.30, 1.0),
    manager(204, "Денис Кольский", City::Murmansk, 0.32, 1.0),
    manager(205, "Марина Туломская", City::Murmansk, 0.44, 1.02),
    manager(206, "Антон Варзугин", City::Murmansk, 0.24, 0.98),
];
/// Index of the manager who can turn lazy.
pub const LAZY: u8 = 4;

/// Draws the manager who gets an inquiry.
pub fn assigned(city: City, dice: &mut Dice) -> u8 {
    let shares = MANAGERS.each_ref().map(|manager| {
        if manager.city == city {
            manager.share
        } else {
            0.0
        }
    });
    dice.weighted(&shares) as u8
}

/// Whether the manager has stopped working on what comes in at `at`.
pub fn is_lazy(manager: u8, at: i64, plan: &Plan) -> bool {
    manager == LAZY && plan.on(IncidentKind::LazyManager, at).is_some()
}
