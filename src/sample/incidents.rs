//! The incidents that a sample can have planted: what each does, and when.

use super::calendar::DAY;

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IncidentKind {
    /// A form stops sending on phones.
    DeadForm,
    /// A telephone trunk is down.
    TrunkDown,
    /// A channel brings bad visits.
    BadTraffic,
    /// A manager stops calling back.
    LazyManager,
    /// A weak channel grows.
    MixShift,
    /// A channel brings fewer visits.
    TrafficDrop,
    /// The counter misses visits of a page.
    TagLost,
    /// A channel's leads rarely qualify.
    ColdLeads,
    /// Closings are entered late.
    LateCrm,
    /// Days are absent from the telephony export.
    MissingDays,
}

/// One kind of incident, as listed by `--list-incidents`.
pub struct Incident {
    /// What goes wrong.
    pub kind: IncidentKind,
    /// Kebab-case name for the command line.
    pub name: &'static str,
    /// The cause code that a diagnosis should give.
    pub cause: &'static str,
    /// Which conversion suffers: `first`, `second`, or `none` when only the data do.
    pub conversion: &'static str,
    /// Dimension and value pairs that bound it.
    pub scope: &'static [(&'static str, &'static str)],
    /// One line for people.
    pub about: &'static str,
    /// What is left of the affected quantity: 0 is nothing, 1 is unchanged.
    pub factor: f64,
    /// Seconds from Monday 00:00 to the start, and the length when it is not whole weeks.
    pub(super) within_week: (i64, Option<i64>),
    /// First week and number of weeks when planted by default.
    pub(super) default: Option<(&'static str, u32)>,
}

/// Every incident that can be planted.
pub const INCIDENTS: &[Incident] = &[
    Incident {
        kind: IncidentKind::DeadForm,
        name: "dead-form",
        cause: "forms",
        conversion: "first",
        scope: &[
            ("landing", "/okna-nedorogo"),
            ("device", "phone"),
            ("contact", "form"),
        ],
        about: "the form on /okna-nedorogo stops sending on phones from Wednesday 11:00; form_start goes on, form_submit and requests stop",
        factor: 0.0,
        within_week: (2 * DAY + 11 * 3600, None),
        default: Some(("2026-W46", 1)),
    },
    Incident {
        kind: IncidentKind::TrunkDown,
        name: "trunk-down",
        cause: "telephony",
        conversion: "first",
        scope: &[
            ("trunk", "trunk-mmk"),
            ("city", "Мурманск"),
            ("contact", "call"),
        ],
        about: "trunk-mmk is dead all Tuesday: no inbound calls on the Мурманск lines, outbound calls fail; a fifth of the callers try again next day",
        factor: 0.0,
        within_week: (DAY, Some(DAY)),
        default: Some(("2026-W38", 1)),
    },
    Incident {
        kind: IncidentKind::BadTraffic,
        name: "bad-traffic",
        cause: "traffic_quality",
        conversion: "first",
        scope: &[("channel", "vk-ads")],
        about: "vk-ads brings twice the visits, most of them bounce in 0-2 seconds, and its first conversion falls to 0.15 of usual",
        factor: 0.15,
        within_week: (0, None),
        default: Some(("2026-W30", 2)),
    },
    Incident {
        kind: IncidentKind::LazyManager,
        name: "lazy-manager",
        cause: "managers",
        conversion: "second",
        scope: &[("manager", "205"), ("city", "Мурманск")],
        about: "the manager on extension 205 stops calling back and leaves deals new; few of the inquiries assigned to her are won",
        factor: 0.12,
        within_week: (0, None),
        default: Some(("2026-W20", 6)),
    },
    Incident {
        kind: IncidentKind::MixShift,
        name: "mix-shift",
        cause: "mix_shift",
        conversion: "first",
        scope: &[("channel", "yandex-direct-network")],
        about: "yandex-direct-network brings 2.5 times the visits at its own unchanged low rate, so the total rate falls while no channel's does",
        factor: 2.5,
        within_week: (0, None),
        default: Some(("2026-W34", 1)),
    },
    Incident {
        kind: IncidentKind::TrafficDrop,
        name: "traffic-drop",
        cause: "traffic_volume",
        conversion: "none",
        scope: &[("channel", "organic-search")],
        about: "organic search brings half of its visits",
        factor: 0.5,
        within_week: (0, None),
        default: None,
    },
    Incident {
        kind: IncidentKind::TagLost,
        name: "tag-lost",
        cause: "tracking",
        conversion: "none",
        scope: &[("landing", "/ceny")],
        about: "the counter does not record 30 % of the visits that land on /ceny; their inquiries still arrive",
        factor: 0.7,
        within_week: (0, None),
        default: None,
    },
    Incident {
        kind: IncidentKind::ColdLeads,
        name: "cold-leads",
        cause: "lead_quality",
        conversion: "second",
        scope: &[("channel", "google-ads")],
        about: "inquiries from google-ads rarely qualify: a tenth of the usual share is won",
        factor: 0.1,
        within_week: (0, None),
        default: None,
    },
    Incident {
        kind: IncidentKind::LateCrm,
        name: "late-crm",
        cause: "crm_hygiene",
        conversion: "second",
        scope: &[],
        about: "closings of the time are entered only in the two days after it; until then the deals look open",
        factor: 0.0,
        within_week: (0, None),
        default: None,
    },
    Incident {
        kind: IncidentKind::MissingDays,
        name: "missing-days",
        cause: "data_gap",
        conversion: "none",
        scope: &[("export", "telephony")],
        about: "Wednesday and Thursday are absent from the telephony export",
        factor: 0.0,
        within_week: (2 * DAY, Some(2 * DAY)),
        default: None,
    },
];

/// One line for each incident.
pub fn listing() -> String {
    INCIDENTS
        .iter()
        .map(|incident| {
            let default = incident.default.map_or(String::new(), |(week, weeks)| {
                format!(" [default: {week}, weeks: {weeks}]")
            });
            format!("{:<13} {}{default}\n", incident.name, incident.about)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_kebab_case() {
        for (index, incident) in INCIDENTS.iter().enumerate() {
            assert!(
                incident
                    .name
                    .chars()
                    .all(|c| c == '-' || c.is_ascii_lowercase())
            );
            assert!(
                INCIDENTS[..index]
                    .iter()
                    .all(|other| other.name != incident.name)
            );
        }
    }
}
