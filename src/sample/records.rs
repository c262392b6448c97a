//! What the simulation hands to the writers: visits, calls, form requests and deals.

use super::calendar::DAY;
use super::channels::City;
use super::people::Customer;

/// A form was begun: a bit of [`Visit::goals`].
pub const FORM_STARTED: u8 = 1;
/// A form was sent.
pub const FORM_SENT: u8 = 2;
/// A phone number was tapped.
pub const PHONE_TAPPED: u8 = 4;

/// Kinds of devices as Metrica numbers them.
pub const DESKTOP: u8 = 1;
/// A phone.
pub const PHONE: u8 = 2;
/// A tablet.
pub const TABLET: u8 = 3;

/// One visit of the site.
#[derive(Clone, Copy)]
pub struct Visit {
    /// Start, Unix time.
    pub at: i64,
    /// Who it was.
    pub visitor: Visitor,
    /// Whether the visitor came through the source now, or straight to the site with an earlier source remembered.
    pub clicked: bool,
    /// Index of the last page.
    pub exit: u8,
    /// Pages seen.
    pub pages: u8,
    /// Length in seconds.
    pub seconds: u16,
    /// Whether it counts as a bounce.
    pub bounce: bool,
    /// Goals reached: bits [`FORM_STARTED`], [`FORM_SENT`], [`PHONE_TAPPED`].
    pub goals: u8,
    /// Random bits for click ids.
    pub noise: u64,
}

/// A browser that comes back.
#[derive(Clone, Copy)]
pub struct Visitor {
    /// Metrica's client id.
    pub client: u64,
    /// Index in the list of sources: the last significant one.
    pub source: u8,
    /// Where the visitor lives.
    pub city: City,
    /// [`DESKTOP`], [`PHONE`] or [`TABLET`].
    pub device: u8,
    /// Landing page of this visit.
    pub landing: u8,
    /// Visits so far, this one included.
    pub visits: u8,
}

/// How somebody gets in touch.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Through a form of the site.
    Form,
    /// By telephone, on the line with this index.
    Call(u8),
}

/// One attempt of a person to get in touch.
#[derive(Clone, Copy)]
pub struct Contact {
    /// When, Unix time.
    pub at: i64,
    /// Who.
    pub customer: Customer,
    /// How.
    pub by: By,
    /// The browser behind it, for people who came from the site.
    pub visitor: Option<Visitor>,
    /// Whether it opens an inquiry (and not a reminder of an earlier one).
    pub first: bool,
}

/// What becomes of a call.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum CallOutcome {
    /// A person talked.
    Answered,
    /// A person talked and handed over to the manager with this index.
    Transferred(u8),
    /// The phones rang in vain.
    Missed,
    /// All phones were busy.
    Busy,
    /// Nobody is in; a recording says so.
    Closed,
    /// The caller left the queue.
    Abandoned,
    /// The trunk was down.
    Failed,
}

/// The two ends of a call.
#[derive(Clone, Copy)]
pub enum Ends {
    /// From a customer to a line.
    Inbound(Customer, u8),
    /// From a robot (index) to a line.
    Robot(u8, u8),
    /// From a manager to a customer.
    Outbound(Customer),
    /// From a manager to the colleague with this index.
    Internal(u8),
}

/// A telephone call.
#[derive(Clone, Copy)]
pub struct Call {
    /// When it began, Unix time.
    pub at: i64,
    /// Who with whom.
    pub ends: Ends,
    /// Index of the manager who answers or dials.
    pub manager: u8,
    /// What became of it.
    pub outcome: CallOutcome,
    /// Seconds of ringing.
    pub ringing: i64,
    /// Seconds of talk.
    pub talk: i64,
    /// The browser that call tracking recognised.
    pub tracked: Option<Visitor>,
}

/// What a form request is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Nature {
    /// A customer's.
    Real,
    /// Advertising of somebody's services.
    Spam,
    /// A test by the firm itself.
    Test,
}

/// A request from a form of the site.
#[derive(Clone, Copy)]
pub struct Form {
    /// When, Unix time.
    pub at: i64,
    /// Who.
    pub customer: Customer,
    /// The browser.
    pub visitor: Visitor,
    /// What it is.
    pub nature: Nature,
    /// Random bits for the wording.
    pub noise: u64,
}

/// A deal of the CRM, with its future up to the day of the export.
#[derive(Clone, Copy)]
pub struct Deal {
    /// When it was created, Unix time.
    pub created: i64,
    /// When it was or will be closed, if ever.
    pub closed: Option<i64>,
    /// Whether it is won when closed.
    pub won: bool,
    /// Who.
    pub customer: Customer,
    /// Which CRM it is in.
    pub city: City,
    /// Index of the manager.
    pub manager: u8,
    /// Whole roubles.
    pub amount: i64,
    /// The browser that the CRM knows of.
    pub visitor: Option<Visitor>,
    /// Where it came from.
    pub origin: Origin,
    /// Random bits for stages, goods and loss reasons.
    pub noise: u64,
}

impl Deal {
    /// How far an open deal that closes at `closed` has come by the export, as the index of one of four open stages.
    pub fn open_stage(&self, closed: i64, exported: i64) -> usize {
        let done = (exported - self.created) as f64 / (closed - self.created).max(1) as f64;
        ((done * 4.0) as usize).min(3)
    }

    /// When somebody last changed the deal while it was open, seen from `exported`.
    pub fn touched(&self, exported: i64) -> i64 {
        // Open deals are looked at within a week of their entry, or by the day of the export.
        let looked_at_within = (exported - self.created).clamp(0, 7 * DAY);
        let thousandths = (self.noise % 1000) as i64;
        self.created + looked_at_within * thousandths / 1000
    }
}

/// What a deal was created from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A form request.
    Form,
    /// A call.
    Call,
    /// A visit of the showroom.
    WalkIn,
    /// A second record of the same customer.
    Duplicate,
    /// A lead that did not qualify.
    Cold,
}
