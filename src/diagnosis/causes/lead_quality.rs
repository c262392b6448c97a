//! Inquiries of people who are no customers: they are refused as untargeted and soon, talk briefly, come from elsewhere.

use super::{Assessment, Cause};
use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::cohorts::{Cohorts, Member, Outcome, Weighed, shortfall, unless_unclosed, windows};
use crate::diagnosis::earlier::{earlier_base, weigh};
use crate::diagnosis::evidence::{Evidence, Value};
use crate::diagnosis::finding::{CauseCode, Conversion, Scope};
use crate::diagnosis::hypothesis::{Hypothesis, MOST_BESIDE, beside, choose, family, onset};
use crate::diagnosis::response::Response;
use crate::metrics::scorecard::Estimate;
use crate::model::facts::ContactKind;
use crate::model::observations::{Code, Dimension, Direction, SeenCall};

/// Colder inquiries: of one channel, of one kind of contact, or all.
pub(super) const CAUSE: Cause = Cause {
    code: CauseCode::LeadQuality,
    conversion: Conversion::Second,
    checks: &["lead_quality.listen", "lead_quality.reasons", "lead_quality.advertising", "lead_quality.regions"],
    assess,
};

/// A line belongs to a channel that at least so much of its inquiries come from.
const DOMINATED: f64 = 0.6;
/// Talks shorter than so much of the usual ones are short.
const SHORTEST: f64 = 0.3;
/// Regions that so much of the usual inquiries come from are the usual ones.
const USUAL_REGIONS: f64 = 0.8;

/// Where inquiries may have become colder.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Place {
    Everywhere,
    Channel(Code),
    Contact(ContactKind),
}

impl Place {
    fn holds(self, channel: Code, contact: Option<ContactKind>) -> bool {
        match self {
            Self::Everywhere => true,
            Self::Channel(code) => code == channel,
            Self::Contact(kind) => contact == Some(kind),
        }
    }

    fn scope(self, case: &Case) -> Scope {
        match self {
            Self::Everywhere => Scope::new(),
            Self::Channel(code) => [(Dimension::Channel, case.text(Dimension::Channel, code).to_owned())].into(),
            Self::Contact(kind) => [(Dimension::Contact, contact_name(kind).to_owned())].into(),
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

/// What became of the deals, learnt once for all places.
struct Outcomes {
    won: Option<Cohorts>,
    lost: Option<Cohorts>,
    untargeted: Option<Cohorts>,
    quickly_lost: Option<Cohorts>,
}

fn assess(case: &Case) -> Assessment {
    if case.seen.deals.is_none() {
        return Assessment::not_assessable(Evidence::new("lead_quality.no_deals", 0.0, []));
    }
    let outcomes = Outcomes {
        won: Cohorts::of_deals(case, Outcome::Won),
        lost: Cohorts::of_deals(case, Outcome::Lost),
        untargeted: Cohorts::of_deals(case, Outcome::Untargeted),
        quickly_lost: Cohorts::of_deals(case, Outcome::QuicklyLost),
    };
    if outcomes.won.is_none() && outcomes.untargeted.is_none() && outcomes.quickly_lost.is_none() {
        return Assessment::not_assessable(Evidence::new("lead_quality.short_history", 0.0, []));
    }
    let slow = Response::learn(case).map_or(0.0, |response| response.strongest(case));
    let at = |place: Place| hypothesis(case, &outcomes, place, slow);
    let channels = case.codes(Dimension::Channel).filter_map(|code| at(Place::Channel(code))).collect();
    let kinds = [ContactKind::Call, ContactKind::MissedCall, ContactKind::Form, ContactKind::Chat];
    let contacts = kinds.into_iter().filter_map(|kind| at(Place::Contact(kind))).collect();
    choose(vec![at(Place::Everywhere).into_iter().collect(), channels, contacts])
        .unwrap_or_else(|| Assessment::not_assessable(Evidence::new("lead_quality.few_deals", 0.0, [])))
}

fn hypothesis(case: &Case, outcomes: &Outcomes, place: Place, slow: f64) -> Option<Hypothesis> {
    let (_, recent) = windows(case);
    let created = case.deals(|deal| place.holds(deal.channel, deal.contact));
    if created[recent.start as usize..].iter().sum::<f64>() < case.settings.min_events {
        return None;
    }
    let keep = |member: &Member| place.holds(member.channel, member.contact);
    let rise = |cohorts: &Option<Cohorts>| cohorts.as_ref().and_then(|cohorts| cohorts.rise(case, keep));
    let (untargeted, quick) = (rise(&outcomes.untargeted), rise(&outcomes.quickly_lost));
    let mut quality = Vec::new();
    quality.extend(untargeted.as_ref().map(|seen| counted("lead_quality.untargeted", seen)));
    quality.extend(quick.as_ref().map(|seen| counted("lead_quality.quickly_lost", seen)));
    let mut evidence = family(quality);
    evidence.extend(family([short_talks(case, place), strange_regions(case, place)].into_iter().flatten().collect()));
    let sales = outcomes.won.as_ref().and_then(|won| fewer_sales(case, won, place));
    let lost = outcomes.lost.as_ref().and_then(|lost| lost.fall(case, keep));
    let sales = sales.map(|seen| unless_unclosed(seen, lost));
    let fell = sales.as_ref().map(|seen| {
        let weight = beside(seen.weight, evidence.first());
        let code = if weight >= 0.0 { "lead_quality.sales" } else { "lead_quality.sales_stand" };
        Evidence { weight, ..counted(code, seen) }
    });
    evidence.extend(fell);
    if slow > 1.0 {
        evidence.push(Evidence::new("lead_quality.slow_response", -slow.min(MOST_BESIDE), []));
    }
    let since = outcomes.untargeted.as_ref().filter(|_| untargeted.as_ref().is_some_and(|seen| seen.weight > 2.0));
    let started_at = since.and_then(|cohorts| {
        let (seen, due) = cohorts.by_day(keep);
        onset(case, &seen, &due, recent.start as usize..case.days(), true)
    });
    let lost_sales = lost_sales(case, outcomes, place, sales.as_ref(), untargeted.as_ref());
    Some(Hypothesis { evidence, scope: place.scope(case), started_at, lost_sales })
}

fn counted(code: &str, seen: &Weighed) -> Evidence {
    let Judged { observed, expected, .. } = seen.judged;
    Evidence::new(code, seen.weight, [("observed", Value::Count(observed)), ("expected", Value::Count(expected))])
}

/// Fewer sales than due, whichever manager is left out: colder inquiries are cold for everyone.
fn fewer_sales(case: &Case, won: &Cohorts, place: Place) -> Option<Weighed> {
    let without = |manager: Code| {
        won.fall(case, |member| {
            (manager == 0 || member.manager != manager) && place.holds(member.channel, member.contact)
        })
    };
    let managers = case.codes(Dimension::Manager);
    let all = without(0)?;
    let least = managers.filter_map(without).map(|seen| seen.weight).fold(all.weight, f64::min);
    Some(Weighed { weight: least, ..all })
}

/// More short talks among first-time callers, on the lines that belong to the place.
fn short_talks(case: &Case, place: Place) -> Option<Evidence> {
    let lines = match place {
        Place::Everywhere | Place::Contact(ContactKind::Call) => None,
        Place::Channel(channel) => Some(dominated_lines(case, channel)).filter(|lines| !lines.is_empty()).map(Some)?,
        Place::Contact(_) => return None,
    };
    let is_meant = |call: &SeenCall| {
        let is_first = call.direction == Direction::Inbound && call.answered && call.is_first;
        is_first && lines.as_ref().is_none_or(|lines| lines.contains(&call.line))
    };
    let base = earlier_base(case);
    let calls = case.seen.calls.as_ref()?.iter().filter(|call| base.contains(&call.day) && is_meant(call));
    let mut talks: Vec<u32> = calls.map(|call| call.talk_s).collect();
    talks.sort_unstable();
    let limit = *talks.get((talks.len() as f64 * SHORTEST) as usize)?;
    let short = case.calls(|call| is_meant(call) && call.talk_s < limit);
    let (weight, judged) = weigh(case, &short, &case.calls(is_meant), Judged::rise)?;
    let values = [
        ("observed", Value::Count(judged.observed)),
        ("expected", Value::Count(judged.expected)),
        ("limit", Value::Seconds(f64::from(limit))),
    ];
    Some(Evidence::new("lead_quality.short_talks", weight.clamp(-MOST_BESIDE, MOST_BESIDE), values))
}

/// Lines that most of the base's inquiries of which came from a channel.
fn dominated_lines(case: &Case, channel: Code) -> Vec<Code> {
    let base = earlier_base(case);
    let mut counts = vec![(0.0, 0.0); case.seen.names.len(Dimension::Line)];
    for seen in case.seen.inquiries.iter().flatten().filter(|seen| seen.line > 0 && base.contains(&seen.day)) {
        let count = &mut counts[usize::from(seen.line)];
        count.0 += if seen.channel == channel { 1.0 } else { 0.0 };
        count.1 += 1.0;
    }
    let lines = case.codes(Dimension::Line);
    lines.filter(|line| counts[usize::from(*line)].0 > DOMINATED * counts[usize::from(*line)].1).collect()
}

/// More inquiries from regions that few of the usual ones come from.
fn strange_regions(case: &Case, place: Place) -> Option<Evidence> {
    let base = earlier_base(case);
    let mut usual = vec![(0.0_f64, 0); case.seen.names.len(Dimension::Region)];
    usual.iter_mut().enumerate().for_each(|(code, region)| region.1 = code as Code);
    let inquiries = case.seen.inquiries.as_ref()?.iter();
    for seen in inquiries.filter(|seen| base.contains(&seen.day) && place.holds(seen.channel, Some(seen.kind))) {
        usual[usize::from(seen.region)].0 += 1.0;
    }
    usual.sort_by(|left, right| right.0.total_cmp(&left.0).then(left.1.cmp(&right.1)));
    let total: f64 = usual.iter().map(|region| region.0).sum();
    let mut covered = 0.0;
    let known: Vec<Code> = (usual.iter())
        .take_while(|region| {
            let is_needed = covered < USUAL_REGIONS * total;
            covered += region.0;
            is_needed
        })
        .map(|region| region.1)
        .collect();
    let is_here =
        |seen: &crate::model::observations::SeenInquiry| seen.region > 0 && place.holds(seen.channel, Some(seen.kind));
    let strange = case.inquiries(|seen| is_here(seen) && !known.contains(&seen.region));
    let (weight, judged) =
        weigh(case, &strange, &case.inquiries(is_here), Judged::rise).filter(|found| found.1.expected > 1.0)?;
    let weight = weight.clamp(-MOST_BESIDE, MOST_BESIDE);
    let values = [("observed", Value::Count(judged.observed)), ("expected", Value::Count(judged.expected))];
    Some(Evidence::new("lead_quality.regions", weight, values))
}

/// Sales that the reported inquiries of the place will be short of: by the sales themselves where enough are due, else
/// by the untargeted ones among them, none of which buys.
fn lost_sales(
    case: &Case,
    outcomes: &Outcomes,
    place: Place,
    sales: Option<&Weighed>,
    untargeted: Option<&Weighed>,
) -> Option<Estimate> {
    let (reported, _) = windows(case);
    let keep = |member: &Member| place.holds(member.channel, member.contact);
    let in_the_end = outcomes.won.as_ref()?.final_count(&reported, keep);
    if let Some(seen) = sales.filter(|seen| seen.judged.expected >= case.settings.min_events && seen.weight > 0.0) {
        return Some(shortfall(in_the_end, &seen.judged));
    }
    let cohorts = outcomes.untargeted.as_ref()?;
    let seen = untargeted?;
    let created: f64 = case.deals(|deal| place.holds(deal.channel, deal.contact))[case.start()..].iter().sum();
    let usual = cohorts.final_count(&reported, keep) / created.max(1.0);
    // Of the people who might have bought, 1 − usual share, so many fewer are left; a rise takes its sales with it. How
    // many untargeted ones are still to come is not known: none more than usual, or as many times more as so far.
    let buyers = ((1.0 - usual) * created).max(0.1 * created).max(1.0);
    let (so_far, in_all) = (-seen.judged.lost(), seen.judged.change() * usual * created);
    let (least, most) = (so_far.min(in_all), so_far.max(in_all));
    let spread = 1.96 * seen.judged.deviation();
    let at = |more: f64| in_the_end * (more / buyers).clamp(-1.0, 1.0);
    Some(Estimate { value: at((least + most) / 2.0), low: at(least - spread), high: at(most + spread) })
}
