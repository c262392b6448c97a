//! How a deal ended, and when: by the words of the pipeline, the state that the CRM states, and the names that systems give.

use chrono::{DateTime, TimeDelta, Utc};

use crate::config::rules::SalesRules;
use crate::model::money::Minor;

/// A plan that names a day alone is dated by its midnight: of a deal entered and closed on one day it lies before the entry.
const PLAN_GRACE: TimeDelta = TimeDelta::days(1);

/// How a deal ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// It is a sale.
    Won,
    /// It is none.
    Lost,
    /// It was a sale, and all of its money went back.
    Returned,
    /// It is no deal: a row that gives back money of another one.
    Refund,
}

/// What is known of the state of a deal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It ended so.
    Ended(Ending),
    /// It is open: the CRM says so, not only the absence of another word.
    Open,
    /// Its stage is called as systems call those on the way, and nothing else is said.
    OnTheWay,
    /// Nobody says what its stage means.
    Unsaid {
        /// Whether it is closed all the same: it has a day of closing.
        closed: bool,
    },
}

/// What an export states of a deal's state.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Stated<'a> {
    pub pipeline: &'a str,
    pub stage: &'a str,
    pub status: &'a str,
    pub is_won: Option<bool>,
    pub is_lost: Option<bool>,
    pub is_closed: Option<bool>,
    pub has_closing_day: bool,
    pub amount: Minor,
    pub refund: Minor,
    /// Whether the day on which money was given back is known: then the sale stays on its own day.
    pub has_refund_day: bool,
}

impl Stated<'_> {
    /// The state of the deal. What was won and brought no money, or less than none, is no sale.
    pub(super) fn standing(&self, rules: &SalesRules) -> Standing {
        match self.before_refunds(rules) {
            Standing::Ended(Ending::Returned | Ending::Refund) if self.was_sold_first() => {
                Standing::Ended(Ending::Won)
            }
            Standing::Ended(Ending::Won | Ending::Returned) if self.amount.0 < 0 => {
                Standing::Ended(Ending::Refund)
            }
            Standing::Ended(Ending::Won) if self.is_given_back() => {
                Standing::Ended(Ending::Returned)
            }
            other => other,
        }
    }

    fn is_given_back(&self) -> bool {
        !self.has_refund_day && self.refund.0 > 0 && self.refund.0 >= self.amount.0
    }

    /// Whether an order whose state says "returned" tells both of its days: that of the sale and that of the refund.
    fn was_sold_first(&self) -> bool {
        self.has_refund_day && self.has_closing_day && self.amount.0 > 0
    }

    /// The pipeline's own words first, then the state that the CRM states apart from the stage, then the stage's name.
    fn before_refunds(&self, rules: &SalesRules) -> Standing {
        if let Some(is_won) = rules.named(self.pipeline, self.stage) {
            return Standing::Ended(if is_won { Ending::Won } else { Ending::Lost });
        }
        if let Some(ending) = given_back(self.status) {
            return Standing::Ended(ending);
        }
        let said = self.by_state().or_else(|| self.by_name());
        match said.unwrap_or_else(|| self.without_a_word()) {
            Standing::Unsaid { closed: false } if is_on_the_way(self.stage) => Standing::OnTheWay,
            other => other,
        }
    }

    /// By the columns of the state, which a stage that was renamed does not touch.
    fn by_state(&self) -> Option<Standing> {
        match (self.is_won, self.is_lost, self.is_closed) {
            (Some(true), ..) if self.is_called_off() => Some(Standing::Ended(Ending::Lost)),
            (Some(true), ..) => Some(Standing::Ended(Ending::Won)),
            (_, Some(true), _) | (Some(false), _, Some(true)) => {
                Some(Standing::Ended(Ending::Lost))
            }
            (Some(false), Some(false), _) => Some(Standing::Open),
            _ => None,
        }
    }

    /// Whether a deal that is said to be won is lost or cancelled as well: many exports write "paid" there, and what was paid has
    /// gone back, or will.
    fn is_called_off(&self) -> bool {
        self.is_lost == Some(true) || self.status == "lost" || is_cancelled(self.stage)
    }

    fn by_name(&self) -> Option<Standing> {
        let ending = match self.status {
            "won" => Some(Ending::Won),
            "lost" => Some(Ending::Lost),
            _ => usual_name(self.stage),
        };
        // The state says that it is not won, whatever its stage is called.
        let contradicts = self.is_won == Some(false) && ending == Some(Ending::Won);
        ending.filter(|_| !contradicts).map(Standing::Ended)
    }

    fn without_a_word(&self) -> Standing {
        if self.is_won == Some(false) || self.is_closed == Some(false) {
            return Standing::Open;
        }
        // What was read as open may have a planned day there: older programs took it for the day of closing.
        let has_ended = self.has_closing_day && self.status != "open";
        let closed = self.is_closed == Some(true) || has_ended;
        Standing::Unsaid { closed }
    }
}

/// A status that says that money went back: of the order itself, or in a row of its own.
fn given_back(status: &str) -> Option<Ending> {
    match status {
        "returned" => Some(Ending::Returned),
        "refund" => Some(Ending::Refund),
        _ => None,
    }
}

/// Names that systems give to their final stages, as letters and digits alone: "Closed - Won" is `closedwon`.
const WON_NAMES: &[&str] = &[
    "closedwon",
    "dealwon",
    "won",
    "сделкауспешна",
    "сделкавыиграна",
    "успешнозавершена",
    "успешнореализовано",
];
const LOST_NAMES: &[&str] = &[
    "apology",
    "closedlost",
    "deallost",
    "lose",
    "lost",
    "закрытоинереализовано",
    "сделкапровалена",
    "сделкапроиграна",
];
const RETURNED_NAMES: &[&str] = &[
    "chargeback",
    "refund",
    "refunded",
    "returned",
    "возврат",
    "возвратденег",
    "возвратзаказа",
    "возвратоплаты",
    "возвратсредств",
    "возвраттовара",
    "возвращен",
    "возвращён",
];
/// Names that Bitrix24, amoCRM, HubSpot, Pipedrive, Zoho and Salesforce give to their first stages and those on the way.
const NAMES_ON_THE_WAY: &[&str] = &[
    "appointmentscheduled",
    "contactmade",
    "contractsent",
    "decisionmakerboughtin",
    "demoscheduled",
    "executing",
    "finalinvoice",
    "idecisionmakers",
    "leadin",
    "needsanalysis",
    "negotiationreview",
    "negotiationsstarted",
    "new",
    "perceptionanalysis",
    "prepaymentinvoice",
    "preparation",
    "presentationscheduled",
    "proposalmade",
    "proposalpricequote",
    "prospecting",
    "qualification",
    "qualifiedtobuy",
    "valueproposition",
    "вработе",
    "взятвработу",
    "новая",
    "новаязаявка",
    "неразобранное",
    "первичныйконтакт",
    "переговоры",
    "подготовкадокументов",
    "принимаютрешение",
    "согласованиедоговора",
    "счетнапредоплату",
    "счётнапредоплату",
    "финальныйсчет",
    "финальныйсчёт",
];

/// How orders that will not be delivered are called, in the letters of a stage's name.
const CANCELLED_NAMES: &[&str] = &[
    "cancelled",
    "canceled",
    "аннулирован",
    "отменен",
    "отменён",
    "отменено",
    "отказклиента",
    "заказотменен",
    "заказотменён",
];

/// The letters and digits of a stage's name; the codes of Bitrix24's other pipelines begin as in `C2:WON`.
fn letters_of(stage: &str) -> String {
    let code = match stage.split_once(':') {
        Some((pipeline, code)) if is_pipeline_code(pipeline) => code,
        _ => stage,
    };
    let letters = code.chars().filter(|letter| letter.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

fn is_on_the_way(stage: &str) -> bool {
    NAMES_ON_THE_WAY.contains(&letters_of(stage).as_str())
}

fn is_cancelled(stage: &str) -> bool {
    CANCELLED_NAMES.contains(&letters_of(stage).as_str())
}

/// The ending that a stage is usually called by.
fn usual_name(stage: &str) -> Option<Ending> {
    let name = letters_of(stage);
    let lists = [
        (WON_NAMES, Ending::Won),
        (LOST_NAMES, Ending::Lost),
        (CANCELLED_NAMES, Ending::Lost),
        (RETURNED_NAMES, Ending::Returned),
    ];
    let found = lists
        .iter()
        .find(|(names, _)| names.contains(&name.as_str()));
    found.map(|(_, ending)| *ending)
}

fn is_pipeline_code(text: &str) -> bool {
    let number = text.strip_prefix(['C', 'c']).unwrap_or_default();
    !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// The days that an export states of a deal.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dates {
    pub created_at: DateTime<Utc>,
    pub updated_at: Option<DateTime<Utc>>,
    pub closed_at: Option<DateTime<Utc>>,
    pub stage_changed_at: Option<DateTime<Utc>>,
    pub planned_close_at: Option<DateTime<Utc>>,
}

impl Dates {
    /// When a deal that ended did so, as known at `read_at`: on the day that the CRM states, else when it came to its last
    /// stage, else as was planned where that can be, else at its last change, else at its entry.
    pub(super) fn ended_at(&self, read_at: DateTime<Utc>) -> DateTime<Utc> {
        let stated = self.closed_at.or(self.stage_changed_at);
        stated
            .or_else(|| self.plan_that_held(read_at))
            .or(self.updated_at)
            .unwrap_or(self.created_at)
    }

    /// The planned day, where it lies between the entry and the last time that something of the deal was known: a deal is
    /// not closed before it is entered, and closing it changes it.
    fn plan_that_held(&self, read_at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let planned = self.planned_close_at?;
        let last_known = self.updated_at.unwrap_or(read_at);
        let can_be = planned + PLAN_GRACE > self.created_at && planned <= last_known;
        can_be.then(|| planned.max(self.created_at))
    }
}

#[cfg(test)]
#[path = "ending_tests.rs"]
mod tests;
