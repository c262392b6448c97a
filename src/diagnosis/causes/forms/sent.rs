//! What people send from the site: form requests, or, at a firm that exports none, the orders that stand for contacts.

use crate::diagnosis::case::Case;
use crate::model::facts::ContactKind;
use crate::model::observations::SeenInquiry;

/// What is sent from the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// Requests of an export of forms.
    Forms,
    /// Orders and other records of the CRM that are contacts by themselves. Which of them came from the site only their
    /// visit tells: of all together nothing can be said.
    Orders,
}

impl Sent {
    /// What this firm counts; `None` where no export tells it.
    pub fn of(case: &Case) -> Option<Self> {
        let inquiries = case.seen.inquiries.as_ref()?;
        if case.seen.has_forms {
            return Some(Self::Forms);
        }
        let is_order = |seen: &SeenInquiry| seen.kind == ContactKind::Deal;
        inquiries.iter().any(is_order).then_some(Self::Orders)
    }

    /// The kind of contact that it is.
    pub fn kind(self) -> ContactKind {
        match self {
            Self::Forms => ContactKind::Form,
            Self::Orders => ContactKind::Deal,
        }
    }

    /// Whether an inquiry was sent so.
    pub fn holds(self, seen: &SeenInquiry) -> bool {
        seen.kind == self.kind()
    }
}
