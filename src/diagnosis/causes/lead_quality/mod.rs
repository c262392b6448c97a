//! Inquiries of people who are no customers: they are refused as untargeted and soon, talk briefly, come from elsewhere.

mod looks;

use chrono::{DateTime, Utc};

use self::looks::{short_talks, strange_regions};
use super::{
    Assess, Assessment, Cause, DEVIATIONS_OF_95_PERCENT, recent_days, scope_of, start_of_change,
};
use crate::config::words::{self, Key};
use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::codes::{CauseCode, Conversion, Scope};
use crate::diagnosis::cohort::alike::all_alike;
use crate::diagnosis::cohort::panel::DealPlace;
use crate::diagnosis::cohort::{Learnt, Member, shortfall, windows};
use crate::diagnosis::outage::silence::Way;
use crate::diagnosis::weigh::evidence::{Evidence, Role, before};
use crate::diagnosis::weigh::hypothesis::{Hypothesis, choose, family};
use crate::metrics::values::Estimate;
use crate::model::facts::ContactKind;
use crate::model::observations::{Code, Dimension};

/// Colder inquiries: of one channel, of one kind of contact, or all.
pub(super) const CAUSE: Cause = Cause {
    code: CauseCode::LeadQuality,
    conversion: Conversion::Second,
    checks: &[
        words::check::lead_quality::LISTEN,
        words::check::lead_quality::REASONS,
        words::check::lead_quality::ADVERTISING,
        words::check::lead_quality::REGIONS,
    ],
    assess: Assess::Alone(assess),
};

/// Kinds of contacts that may bring colder people by themselves.
const CONTACTS: [ContactKind; 4] = [
    ContactKind::Call,
    ContactKind::MissedCall,
    ContactKind::Form,
    ContactKind::Chat,
];
/// Slow answers that are told as a rival, nats: less is chance.
const RIVAL_TOLD: f64 = 1.0;
/// What speaks for one manager by less than this is chance, nats.
const ONE_MANAGER_TOLD: f64 = -0.5;
/// What fewer sales in the weeks before count beside more untargeted people then: half, for sales fall for many reasons.
const SALES_BEFORE: f64 = 0.5;
/// How many later refusals there are leans on the usual number as if so many more had come as usual.
const LENT_REFUSALS: f64 = 4.0;
/// The share of people who might have bought, at least: where nearly all are untargeted, a few more cannot have taken
/// more sales than there are.
const LEAST_BUYERS: f64 = 0.1;

fn assess(case: &Case) -> Assessment {
    if case.seen.deals.is_none() {
        return Assessment::not_assessable(Evidence::new(
            words::evidence::lead_quality::NO_DEALS,
            0.0,
            [],
        ));
    }
    let outcomes = case.outcomes();
    if outcomes.won.is_none() && outcomes.untargeted.is_none() && outcomes.quickly_lost.is_none() {
        return Assessment::not_assessable(Evidence::new(
            words::evidence::lead_quality::SHORT_HISTORY,
            0.0,
            [],
        ));
    }
    // It is the same for every place: the whole firm answers slowly or does not.
    let slow = case
        .response()
        .map_or(0.0, |response| response.strongest(case));
    // Of all inquiries together the calendar says more in a week of holidays.
    let everywhere = if case.is_festive() {
        None
    } else {
        hypothesis(case, DealPlace::All, slow)
    };
    let hypotheses = |places: Vec<DealPlace>| {
        let found = places
            .into_iter()
            .map(|place| hypothesis(case, place, slow));
        found.flatten().collect()
    };
    let channels = case
        .codes(Dimension::Channel)
        .map(DealPlace::Channel)
        .collect();
    let contacts = CONTACTS.map(DealPlace::Contact).to_vec();
    let kinds = vec![
        everywhere.into_iter().collect(),
        hypotheses(channels),
        hypotheses(contacts),
    ];
    choose(kinds).unwrap_or_else(|| {
        Assessment::not_assessable(Evidence::new(
            words::evidence::lead_quality::FEW_DEALS,
            0.0,
            [],
        ))
    })
}

/// Whether an inquiry or a deal belongs to a place. One manager's people are no place of this cause.
fn holds(place: DealPlace, channel: Code, contact: Option<ContactKind>) -> bool {
    match place {
        DealPlace::All | DealPlace::Manager(_) => true,
        DealPlace::Channel(code) => code == channel,
        DealPlace::Contact(kind) => contact == Some(kind),
    }
}

fn scope(case: &Case, place: DealPlace) -> Scope {
    match place {
        DealPlace::All | DealPlace::Manager(_) => Scope::new(),
        DealPlace::Channel(code) => scope_of(case, Dimension::Channel, code),
        DealPlace::Contact(kind) => {
            Scope::from([(Dimension::Contact, contact_name(kind).to_owned())])
        }
    }
}

fn contact_name(kind: ContactKind) -> &'static str {
    match kind {
        ContactKind::Call => "call",
        ContactKind::MissedCall => "missed_call",
        ContactKind::Form => "form",
        ContactKind::Chat => "chat",
        ContactKind::Deal => "deal",
    }
}

fn hypothesis(case: &Case, place: DealPlace, slow: f64) -> Option<Hypothesis> {
    let created = case.deals(|deal| holds(place, deal.channel, deal.contact));
    let lately: f64 = created[recent_days(case).start..].iter().sum();
    if lately < case.settings.min_events {
        return None;
    }
    let outcomes = case.outcomes();
    let untargeted = reported(&outcomes.untargeted, place);
    let quickly_lost = reported(&outcomes.quickly_lost, place)
        .map(|quickly| beyond_other_refusals(quickly, reported(&outcomes.lost, place)));
    let mut evidence = reasons(untargeted.as_ref(), quickly_lost.as_ref());
    evidence.extend(looks(case, place));
    evidence.extend(sales(case, place));
    evidence.extend(begun_before(case, place));
    if place == DealPlace::All {
        evidence.extend(one_manager(case));
    }
    if slow > RIVAL_TOLD {
        // People who wait are refused sooner and buy less, whoever they are.
        evidence.push(
            Evidence::new(words::evidence::lead_quality::SLOW_RESPONSE, -slow, []).of(Role::Rival),
        );
    }
    Some(Hypothesis {
        evidence,
        scope: scope(case, place),
        started_at: started_at(case, place, untargeted.as_ref()),
        lost_sales: lost_sales(case, place, untargeted.as_ref()),
    })
}

/// The reported inquiries of a place, by one outcome.
fn reported(learnt: &Option<Learnt>, place: DealPlace) -> Option<Judged> {
    learnt.as_ref()?.panel.reported(place)
}

/// Why deals were lost: people who are no customers, and refusals that came soon.
fn reasons(untargeted: Option<&Judged>, quickly_lost: Option<&Judged>) -> Vec<Evidence> {
    let of = |code: Key, seen: &Judged| Evidence::new(code, seen.rise(), seen.counts());
    let reasons = [
        untargeted.map(|seen| of(words::evidence::lead_quality::UNTARGETED, seen)),
        quickly_lost.map(|seen| of(words::evidence::lead_quality::QUICKLY_LOST, seen)),
    ];
    // An untargeted person is refused soon: they are one family.
    let family = family(reasons.into_iter().flatten().collect());
    family
        .into_iter()
        .map(|one| one.of(Role::Reasons))
        .collect()
}

/// Quick refusals against those that are due when the later ones are as many more: people who would not buy at a price, or
/// went to a competitor, refuse soon and late, people who are no customers soon.
fn beyond_other_refusals(quickly: Judged, all: Option<Judged>) -> Judged {
    let Some(all) = all else {
        return quickly;
    };
    let later = (all.observed - quickly.observed).max(0.0);
    let later_due = (all.expected - quickly.expected).max(0.0);
    let level = (later + LENT_REFUSALS) / (later_due + LENT_REFUSALS);
    // Fewer later refusals are no sign of more quick ones.
    let expected = quickly.expected * level.max(1.0);
    Judged {
        expected,
        ordinary: expected,
        ..quickly
    }
}

fn looks(case: &Case, place: DealPlace) -> Vec<Evidence> {
    let looks = [short_talks(case, place), strange_regions(case, place)];
    let family = family(looks.into_iter().flatten().collect());
    family
        .into_iter()
        .map(|one| one.of(Role::Quality))
        .collect()
}

/// Fewer sales of the reported inquiries than were due by now.
fn sales(case: &Case, place: DealPlace) -> Option<Evidence> {
    let judged = reported(&case.outcomes().won, place)?;
    let weight = judged.fall();
    let code = if weight >= 0.0 {
        words::evidence::lead_quality::SALES
    } else {
        words::evidence::lead_quality::SALES_STAND
    };
    Some(Evidence::new(code, weight, judged.counts()).of(Role::Outcome))
}

/// Sales of one manager alone fell: colder people would have come to all.
fn one_manager(case: &Case) -> Option<Evidence> {
    let won = case.outcomes().won.as_ref()?;
    let weight = all_alike(case, &won.panel);
    let code = words::evidence::lead_quality::ONE_MANAGER;
    (weight < ONE_MANAGER_TOLD).then(|| Evidence::new(code, weight, []).of(Role::Others))
}

/// More untargeted people and fewer sales in the weeks before: it may have begun then.
fn begun_before(case: &Case, place: DealPlace) -> Option<Evidence> {
    let begun = |learnt: &Option<Learnt>, by: fn(&Judged) -> f64| {
        let learnt = learnt.as_ref();
        learnt.map_or(0.0, |learnt| learnt.panel.before(place, by))
    };
    let outcomes = case.outcomes();
    let untargeted = begun(&outcomes.untargeted, Judged::rise);
    let sales = begun(&outcomes.won, Judged::fall);
    before(untargeted + SALES_BEFORE * sales)
}

/// Since when more people are untargeted; `None` when that is not clear.
fn started_at(case: &Case, place: DealPlace, untargeted: Option<&Judged>) -> Option<DateTime<Utc>> {
    let learnt = case.outcomes().untargeted.as_ref()?;
    let is_here = |member: &Member| holds(place, member.channel, member.contact);
    let (seen, due) = learnt.cohorts.by_day(is_here);
    start_of_change(case, untargeted?.rise(), &seen, &due, Way::Rise)
}

/// Sales that the reported inquiries of the place will be short of: by the sales themselves where enough are due, else
/// by the untargeted ones among them, none of which buys.
fn lost_sales(case: &Case, place: DealPlace, untargeted: Option<&Judged>) -> Option<Estimate> {
    let (period, _) = windows(case);
    let is_here = |member: &Member| holds(place, member.channel, member.contact);
    let won = case.outcomes().won.as_ref()?;
    let sales_in_the_end = won.cohorts.final_count(&period, is_here);
    if let Some(sales) = won.panel.reported(place) {
        let is_known = sales.expected >= case.settings.min_events;
        if is_known && sales.fall() > 0.0 {
            return Some(shortfall(sales_in_the_end, &sales));
        }
    }
    let learnt = case.outcomes().untargeted.as_ref()?;
    let seen = untargeted?;
    let untargeted_in_the_end = learnt.cohorts.final_count(&period, is_here);
    let deals = case.deals(|deal| holds(place, deal.channel, deal.contact));
    let created: f64 = deals[case.start()..].iter().sum();
    Some(taken_by_untargeted(
        sales_in_the_end,
        untargeted_in_the_end,
        created,
        seen,
    ))
}

/// Sales that more untargeted people take with them. Of the deals `1 − usual share` are of people who might have bought;
/// each untargeted one beyond the usual leaves one less of them.
fn taken_by_untargeted(
    sales_in_the_end: f64,
    untargeted_in_the_end: f64,
    created: f64,
    seen: &Judged,
) -> Estimate {
    let usual = untargeted_in_the_end / created.max(1.0);
    let buyers = ((1.0 - usual) * created)
        .max(LEAST_BUYERS * created)
        .max(1.0);
    // How many untargeted ones are still to come is not known: none more than usual, or as many times more as so far.
    let (so_far, in_all) = (-seen.lost(), seen.change() * usual * created);
    let (least, most) = (so_far.min(in_all), so_far.max(in_all));
    let spread = DEVIATIONS_OF_95_PERCENT * seen.deviation();
    let sales_of = |people: f64| sales_in_the_end * (people / buyers).clamp(-1.0, 1.0);
    Estimate {
        value: sales_of((least + most) / 2.0),
        low: sales_of(least - spread),
        high: sales_of(most + spread),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(observed: f64, expected: f64) -> Judged {
        Judged {
            observed,
            expected,
            ordinary: expected,
            dispersion: 0.01,
        }
    }

    // 66 later refusals of 16 due, four lent to both: 70 ÷ 20 = 3.5, and 36 × 3.5 = 126 quick ones are due.
    #[test]
    fn quick_refusals_tell_nothing_when_later_ones_rose_as_much() {
        let quickly = beyond_other_refusals(counted(120.0, 36.0), Some(counted(186.0, 52.0)));
        assert_eq!(quickly.expected, 126.0);
        assert!(quickly.rise() < 0.0);
    }

    #[test]
    fn quick_refusals_alone_tell_as_much_as_ever() {
        let alone = counted(120.0, 36.0);
        let beside_usual_ones = beyond_other_refusals(alone, Some(counted(130.0, 52.0)));
        assert_eq!(beside_usual_ones, alone);
        assert!(alone.rise() > 8.0);
    }
}
