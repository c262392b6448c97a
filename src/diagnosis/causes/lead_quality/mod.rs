//! Inquiries of people who are no customers: they are refused as untargeted and soon, talk briefly, come from elsewhere.

mod looks;

use chrono::{DateTime, Utc};

use self::looks::{short_talks, strange_regions};
use super::{Assess, Assessment, Cause};
use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::cohort::panel::Place;
use crate::diagnosis::cohort::{Learnt, Member, shortfall, windows};
use crate::diagnosis::finding::{CauseCode, Conversion, Scope};
use crate::diagnosis::weigh::evidence::{Evidence, Role, before};
use crate::diagnosis::weigh::hypothesis::{Hypothesis, choose, family, onset};
use crate::metrics::scorecard::Estimate;
use crate::model::facts::ContactKind;
use crate::model::observations::{Code, Dimension};

/// Colder inquiries: of one channel, of one kind of contact, or all.
pub(super) const CAUSE: Cause = Cause {
    code: CauseCode::LeadQuality,
    conversion: Conversion::Second,
    checks: &[
        "lead_quality.listen",
        "lead_quality.reasons",
        "lead_quality.advertising",
        "lead_quality.regions",
    ],
    assess: Assess::Alone(assess),
};

fn assess(case: &Case) -> Assessment {
    if case.seen.deals.is_none() {
        return Assessment::not_assessable(Evidence::new("lead_quality.no_deals", 0.0, []));
    }
    let outcomes = case.outcomes();
    if outcomes.won.is_none() && outcomes.untargeted.is_none() && outcomes.quickly_lost.is_none() {
        return Assessment::not_assessable(Evidence::new("lead_quality.short_history", 0.0, []));
    }
    let slow = case
        .response()
        .map_or(0.0, |response| response.strongest(case));
    let at = |place: Place| hypothesis(case, place, slow);
    let channels = case
        .codes(Dimension::Channel)
        .filter_map(|code| at(Place::Channel(code)))
        .collect();
    let kinds = [
        ContactKind::Call,
        ContactKind::MissedCall,
        ContactKind::Form,
        ContactKind::Chat,
    ];
    let contacts = kinds
        .into_iter()
        .filter_map(|kind| at(Place::Contact(kind)))
        .collect();
    // Of all inquiries together the calendar says more in a week of holidays.
    let everywhere = if case.is_festive() {
        None
    } else {
        at(Place::All)
    };
    choose(vec![everywhere.into_iter().collect(), channels, contacts]).unwrap_or_else(|| {
        Assessment::not_assessable(Evidence::new("lead_quality.few_deals", 0.0, []))
    })
}

fn holds(place: Place, channel: Code, contact: Option<ContactKind>) -> bool {
    match place {
        Place::All | Place::Manager(_) => true,
        Place::Channel(code) => code == channel,
        Place::Contact(kind) => contact == Some(kind),
    }
}

fn scope(case: &Case, place: Place) -> Scope {
    match place {
        Place::All | Place::Manager(_) => Scope::new(),
        Place::Channel(code) => [(
            Dimension::Channel,
            case.text(Dimension::Channel, code).to_owned(),
        )]
        .into(),
        Place::Contact(kind) => [(Dimension::Contact, contact_name(kind).to_owned())].into(),
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

fn hypothesis(case: &Case, place: Place, slow: f64) -> Option<Hypothesis> {
    let outcomes = case.outcomes();
    let created = case.deals(|deal| holds(place, deal.channel, deal.contact));
    if created[windows(case).1.start as usize..]
        .iter()
        .sum::<f64>()
        < case.settings.min_events
    {
        return None;
    }
    let reported = |learnt: &Option<Learnt>| {
        learnt
            .as_ref()
            .and_then(|learnt| learnt.panel.reported(place))
    };
    let (untargeted, quick) = (
        reported(&outcomes.untargeted),
        reported(&outcomes.quickly_lost),
    );
    let mut reasons = Vec::new();
    reasons.extend(
        untargeted
            .as_ref()
            .map(|seen| Evidence::new("lead_quality.untargeted", seen.rise(), seen.counts())),
    );
    reasons.extend(
        quick
            .as_ref()
            .map(|seen| Evidence::new("lead_quality.quickly_lost", seen.rise(), seen.counts())),
    );
    let mut evidence: Vec<Evidence> = family(reasons)
        .into_iter()
        .map(|one| one.of(Role::Reasons))
        .collect();
    let looks = [short_talks(case, place), strange_regions(case, place)]
        .into_iter()
        .flatten()
        .collect();
    evidence.extend(family(looks).into_iter().map(|one| one.of(Role::Quality)));
    evidence.extend(sales(case, place));
    evidence.extend(begun_before(case, place));
    if slow > 1.0 {
        evidence.push(Evidence::new("lead_quality.slow_response", -slow, []).of(Role::Rival));
    }
    Some(Hypothesis {
        evidence,
        scope: scope(case, place),
        started_at: started_at(case, place, untargeted.as_ref()),
        lost_sales: lost_sales(case, place, untargeted.as_ref()),
    })
}

/// Fewer sales of the reported inquiries than were due by now.
fn sales(case: &Case, place: Place) -> Option<Evidence> {
    let judged = case.outcomes().won.as_ref()?.panel.reported(place)?;
    let weight = judged.fall();
    let code = if weight >= 0.0 {
        "lead_quality.sales"
    } else {
        "lead_quality.sales_stand"
    };
    Some(Evidence::new(code, weight, judged.counts()).of(Role::Outcome))
}

/// More untargeted people and fewer sales in the weeks before: it may have begun then.
fn begun_before(case: &Case, place: Place) -> Option<Evidence> {
    let outcomes = case.outcomes();
    let untargeted = outcomes
        .untargeted
        .as_ref()
        .map(|learnt| learnt.panel.before(place, Judged::rise));
    let won = outcomes
        .won
        .as_ref()
        .map(|learnt| learnt.panel.before(place, Judged::fall));
    let weight = untargeted
        .into_iter()
        .chain(won.map(|weight| 0.5 * weight))
        .sum::<f64>();
    before(weight)
}

fn started_at(case: &Case, place: Place, untargeted: Option<&Judged>) -> Option<DateTime<Utc>> {
    let learnt = case
        .outcomes()
        .untargeted
        .as_ref()
        .filter(|_| untargeted.is_some_and(|seen| seen.rise() > 2.0))?;
    let (seen, due) = learnt
        .cohorts
        .by_day(|member| holds(place, member.channel, member.contact));
    onset(
        case,
        &seen,
        &due,
        windows(case).1.start as usize..case.days(),
        true,
    )
}

/// Sales that the reported inquiries of the place will be short of: by the sales themselves where enough are due, else
/// by the untargeted ones among them, none of which buys.
fn lost_sales(case: &Case, place: Place, untargeted: Option<&Judged>) -> Option<Estimate> {
    let (reported, _) = windows(case);
    let keep = |member: &Member| holds(place, member.channel, member.contact);
    let won = case.outcomes().won.as_ref()?;
    let in_the_end = won.cohorts.final_count(&reported, keep);
    let sales = won.panel.reported(place);
    if let Some(seen) =
        sales.filter(|seen| seen.expected >= case.settings.min_events && seen.fall() > 0.0)
    {
        return Some(shortfall(in_the_end, &seen));
    }
    let learnt = case.outcomes().untargeted.as_ref()?;
    let seen = untargeted?;
    let created: f64 = case.deals(|deal| holds(place, deal.channel, deal.contact))[case.start()..]
        .iter()
        .sum();
    let usual = learnt.cohorts.final_count(&reported, keep) / created.max(1.0);
    // Of the people who might have bought, 1 − usual share, so many fewer are left; a rise takes its sales with it. How
    // many untargeted ones are still to come is not known: none more than usual, or as many times more as so far.
    let buyers = ((1.0 - usual) * created).max(0.1 * created).max(1.0);
    let (so_far, in_all) = (-seen.lost(), seen.change() * usual * created);
    let (least, most) = (so_far.min(in_all), so_far.max(in_all));
    let spread = 1.96 * seen.deviation();
    let at = |more: f64| in_the_end * (more / buyers).clamp(-1.0, 1.0);
    Some(Estimate {
        value: at((least + most) / 2.0),
        low: at(least - spread),
        high: at(most + spread),
    })
}
