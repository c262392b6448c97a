//! Visitors of the site: who comes in a week, from where, how often, and who gets in touch.
//!
//! Shares and spans are invented so that the exports look like those of a real firm; no source stands behind them. The
//! order in which chance is drawn is part of the sample: another order makes other files.

use super::calendar::{DAY, HOUR, MINUTE, MOSCOW};
use super::channels::{BLOG_PAGES, CHANNELS, Channel, City, OFFER_PAGE, VK_ADS};
use super::dice::Dice;
use super::incidents::IncidentKind;
use super::people::Customer;
use super::plan::Plan;
use super::records::{
    By, Contact, DESKTOP, FORM_SENT, FORM_STARTED, PHONE, PHONE_TAPPED, TABLET, Visit, Visitor,
};
use super::sources::{SOURCES, TYPED_IN, VisitSource, YANDEX_SEARCH};
use super::staff::site_line;
use super::week::{Rates, Week, rates, targets};

/// Share of visitors who come again after a first visit, and after a later one.
const COMES_AGAIN_AFTER_FIRST: f64 = 0.36;
const COMES_AGAIN_AFTER_LATER: f64 = 0.42;
/// Nobody needs more visits than this.
const MOST_VISITS: u8 = 6;
/// Share of bad visits that are over in two seconds.
const BOUNCES_AT_ONCE: f64 = 0.7;
/// Share of people who phone instead when the form is dead; the others are lost without anybody noticing.
const PHONES_INSTEAD: f64 = 0.1;
/// Share of callers on a phone who tap the number; the others type it.
const TAPS_NUMBER: f64 = 0.6;
/// Share of callers who call while they are on the site; the others do it later, within the hour.
const CALLS_AT_ONCE: f64 = 0.7;

/// A visit that is still to come.
struct Return {
    at: i64,
    visitor: Visitor,
}

/// The visitors who are still expected, and the numbers given out.
#[derive(Default)]
pub struct Visitors {
    returns: Vec<Return>,
    /// Serial number of the next customer.
    pub customers: u64,
}

/// A week that is being simulated, with what has come of it so far.
struct WeekAtWork<'a> {
    week: &'a Week,
    rates: Rates,
    plan: &'a Plan,
    contacts: Vec<Contact>,
    /// Visits of this week that are not simulated yet.
    due: Vec<Return>,
}

impl Visitors {
    /// Simulates a week with about `volume` visits on average weeks; visits come out by time.
    pub fn week(
        &mut self,
        week: &Week,
        volume: f64,
        plan: &Plan,
        dice: &mut Dice,
    ) -> (Vec<Visit>, Vec<Contact>) {
        let targets = targets(week, volume, plan, dice);
        let mut at_work = WeekAtWork {
            week,
            rates: rates(week, dice),
            plan,
            contacts: Vec::new(),
            due: Vec::new(),
        };
        let due = self.returns.extract_if(.., |back| back.at < week.end);
        at_work.due.extend(due);
        let mut counts = [0u64; CHANNELS.len()];
        let mut visits = Vec::new();
        for channel in 0..CHANNELS.len() {
            // Those who come back count, too: newcomers fill up what is left to the target.
            loop {
                while let Some(back) = at_work.due.pop() {
                    let visit = self.visit(back, &mut at_work, dice);
                    counts[usize::from(source_of(&visit.visitor).channel)] += 1;
                    visits.push(visit);
                }
                if counts[channel] >= targets[channel] {
                    break;
                }
                at_work.due.push(newcomer(channel, week, dice));
            }
        }
        visits.sort_unstable_by_key(|visit| (visit.at, visit.visitor.client));
        (visits, at_work.contacts)
    }

    fn visit(&mut self, back: Return, at_work: &mut WeekAtWork<'_>, dice: &mut Dice) -> Visit {
        let Return { at, mut visitor } = back;
        let clicked = arrive(&mut visitor, dice);
        let source = source_of(&visitor);
        let mut visit = browse(at, visitor, clicked, dice);
        let bad = at_work
            .plan
            .on(IncidentKind::BadTraffic, at)
            .filter(|_| source.channel == VK_ADS);
        if bad.is_some() && dice.chance(BOUNCES_AT_ONCE) {
            visit = Visit {
                exit: visitor.landing,
                pages: 1,
                seconds: dice.below(3) as u16,
                bounce: true,
                ..visit
            };
        }
        let day = ((at - at_work.week.start) / DAY) as usize;
        let rate = at_work.rates.channel[usize::from(source.channel)]
            * at_work.rates.day[day]
            * rate_of(&visitor);
        let rate = match bad {
            Some(planted) => rate * planted.incident.factor,
            None => rate,
        };
        if dice.chance(rate) {
            self.get_in_touch(&mut visit, at_work, dice);
        } else if visitor.visits < MOST_VISITS && dice.chance(comes_again(&visitor)) {
            let back = Return {
                at: comes_back(at, dice),
                visitor,
            };
            if back.at < at_work.week.end {
                at_work.due.push(back);
            } else {
                self.returns.push(back);
            }
        }
        visit
    }

    fn get_in_touch(&mut self, visit: &mut Visit, at_work: &mut WeekAtWork<'_>, dice: &mut Dice) {
        let visitor = visit.visitor;
        let mut by_form = dice.chance(form_share(visit));
        // Nobody gets in touch from a bounce.
        *visit = Visit {
            pages: visit.pages.max(2),
            seconds: visit.seconds.max(60 + dice.below(240) as u16),
            bounce: false,
            ..*visit
        };
        if by_form {
            visit.goals |= FORM_STARTED;
            let is_its_page = visitor.landing == OFFER_PAGE && visitor.device == PHONE;
            let dead = at_work.plan.on(IncidentKind::DeadForm, visit.at);
            if let Some(planted) = dead.filter(|_| is_its_page) {
                if !dice.chance(PHONES_INSTEAD) {
                    planted.lose_one();
                    return;
                }
                by_form = false;
            }
        }
        let at = visit.at + dice.between(30, i64::from(visit.seconds));
        let (at, by) = if by_form {
            visit.goals |= FORM_SENT;
            (at, By::Form)
        } else {
            if visitor.device == PHONE && dice.chance(TAPS_NUMBER) {
                visit.goals |= PHONE_TAPPED;
            }
            (calls_at(at, dice), By::Call(site_line(visitor.city)))
        };
        let customer = Customer(self.customers);
        self.customers += 1;
        at_work.contacts.push(Contact {
            at,
            customer,
            by,
            visitor: Some(visitor),
            first: true,
        });
    }
}

/// When somebody calls who is on the site: some put the phone down and call later the same hour.
fn calls_at(at: i64, dice: &mut Dice) -> i64 {
    if dice.chance(CALLS_AT_ONCE) {
        at
    } else {
        at + dice.between(MINUTE, 40 * MINUTE)
    }
}

fn source_of(visitor: &Visitor) -> &'static VisitSource {
    &SOURCES[usize::from(visitor.source)]
}

fn channel_of(source: u8) -> &'static Channel {
    let source = &SOURCES[usize::from(source)];
    &CHANNELS[usize::from(source.channel)]
}

fn comes_again(visitor: &Visitor) -> f64 {
    if visitor.visits == 1 {
        COMES_AGAIN_AFTER_FIRST
    } else {
        COMES_AGAIN_AFTER_LATER
    }
}

/// What the page and the habit of coming back do to the rate of getting in touch; about 1 on average.
fn rate_of(visitor: &Visitor) -> f64 {
    let page = match visitor.landing {
        OFFER_PAGE => 1.28,
        // Readers of the blog are mostly not buying yet.
        landing if BLOG_PAGES.contains(&landing) => 0.45,
        _ => 1.05,
    };
    let habit = if visitor.visits == 1 { 0.95 } else { 1.1 };
    page * habit
}

/// Share of people from Петрозаводск where a source is aimed at no city.
const FROM_PETROZAVODSK: f64 = 0.6;
/// Share of desktops among what is no phone; the rest are tablets.
const DESKTOPS: f64 = 0.88;

fn newcomer(channel: usize, week: &Week, dice: &mut Dice) -> Return {
    let shares: [f64; SOURCES.len()] = std::array::from_fn(|index| {
        let source = &SOURCES[index];
        if usize::from(source.channel) == channel {
            source.share
        } else {
            0.0
        }
    });
    let source = dice.weighted(&shares) as u8;
    let at = week.moment(dice);
    // Drawn even where the source decides: the draws of all newcomers are alike.
    let drawn_city = if dice.chance(FROM_PETROZAVODSK) {
        City::Petrozavodsk
    } else {
        City::Murmansk
    };
    let city = SOURCES[usize::from(source)].city.unwrap_or(drawn_city);
    let device = if dice.chance(CHANNELS[channel].phones) {
        PHONE
    } else if dice.chance(DESKTOPS) {
        DESKTOP
    } else {
        TABLET
    };
    let client = new_client(at, dice);
    Return {
        at,
        visitor: Visitor {
            client,
            source,
            city,
            device,
            landing: 0,
            visits: 0,
        },
    }
}

/// A client id of Metrica: the second of the first visit, and nine digits of chance.
pub fn new_client(at: i64, dice: &mut Dice) -> u64 {
    const CLIENTS_A_SECOND: u64 = 1_000_000_000;
    at as u64 * CLIENTS_A_SECOND + dice.below(CLIENTS_A_SECOND)
}

/// Share of later visits that come through a source; the others go straight to the site.
const RETURNS_THROUGH_SOURCE: f64 = 0.45;
/// Share of those that come through the search engine, whatever the first source was.
const RETURNS_THROUGH_SEARCH: f64 = 0.3;

/// Decides how a visitor arrives this time; true when it is through the source and not straight to the site.
fn arrive(visitor: &mut Visitor, dice: &mut Dice) -> bool {
    visitor.visits += 1;
    let clicked = visitor.visits == 1 || dice.chance(RETURNS_THROUGH_SOURCE);
    if visitor.visits > 1 && clicked && dice.chance(RETURNS_THROUGH_SEARCH) {
        visitor.source = YANDEX_SEARCH;
    }
    let through = if clicked { visitor.source } else { TYPED_IN };
    visitor.landing = dice.weighted(&channel_of(through).landings) as u8;
    clicked
}

/// Pages behind the first one in an average visit that does not bounce.
const MORE_PAGES: f64 = 1.4;
/// Share of longer visits that end on the page on which they began.
const ENDS_WHERE_IT_BEGAN: f64 = 0.3;
/// Share of visits in which a form is begun out of curiosity, and of those on phones in which the number is tapped so.
const CURIOUS_FORM: f64 = 0.022;
const CURIOUS_TAP: f64 = 0.008;

fn browse(at: i64, visitor: Visitor, clicked: bool, dice: &mut Dice) -> Visit {
    let noise = dice.below(u64::MAX);
    let bounced = Visit {
        at,
        visitor,
        clicked,
        exit: visitor.landing,
        pages: 1,
        seconds: 0,
        bounce: true,
        goals: 0,
        noise,
    };
    if dice.chance(channel_of(visitor.source).bounce) {
        // Metrica calls a visit of less than 15 seconds on one page a bounce.
        let seconds = dice.below(15) as u16;
        return Visit { seconds, ..bounced };
    }
    let pages = 1 + dice.count(MORE_PAGES) as u8;
    let exit = if pages == 1 || dice.chance(ENDS_WHERE_IT_BEGAN) {
        visitor.landing
    } else {
        // Nobody goes on into the blog.
        dice.below(u64::from(*BLOG_PAGES.start())) as u8
    };
    let seconds = dice.log_normal(70.0, 0.9).clamp(15.0, 3600.0) as u16;
    let mut goals = 0;
    if dice.chance(CURIOUS_FORM) {
        goals |= FORM_STARTED;
    }
    if visitor.device == PHONE && dice.chance(CURIOUS_TAP) {
        goals |= PHONE_TAPPED;
    }
    Visit {
        exit,
        pages,
        seconds,
        bounce: false,
        goals,
        ..bounced
    }
}

/// Share of inquiries that come by a form: high on the offer's page, and at night.
fn form_share(visit: &Visit) -> f64 {
    let hour = (visit.at + MOSCOW).rem_euclid(DAY) / HOUR;
    match (visit.visitor.landing, visit.visitor.device) {
        _ if !(9..21).contains(&hour) => 0.82,
        (OFFER_PAGE, PHONE) => 0.74,
        (_, PHONE) => 0.10,
        _ => 0.28,
    }
}

/// Share of returns on the same day, some hours later.
const RETURNS_SAME_DAY: f64 = 0.4;

fn comes_back(at: i64, dice: &mut Dice) -> i64 {
    if dice.chance(RETURNS_SAME_DAY) {
        return at + dice.between(2 * HOUR, 12 * HOUR);
    }
    // The same time of day some days later, give or take two hours.
    let days = dice.between(1, 10);
    at + days * DAY + dice.between(-2 * HOUR, 2 * HOUR)
}
