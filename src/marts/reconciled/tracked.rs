//! Calls that call tracking knows, each with whether the telephony has it.

use std::collections::{BTreeMap, HashMap};

use anyhow::Result;
use chrono::{DateTime, Utc};

use super::Reconciled;
use crate::marts::links::LINK_REACH;
use crate::marts::rows::Rows;
use crate::marts::tables::Call;
use crate::model::link::{Link, LinkCounts};
use crate::model::tables::CLIENT_LINKS;

/// The calls of every export by what tells them: their id, or the number and the time.
struct Calls<'a> {
    by_id: HashMap<&'a str, &'a Call>,
    by_phone: HashMap<u64, Vec<&'a Call>>,
}

impl<'a> Calls<'a> {
    fn of(calls: &'a [Call]) -> Self {
        let mut by_phone: HashMap<u64, Vec<&Call>> = HashMap::new();
        for call in calls {
            if let Some(phone) = call.phone {
                by_phone.entry(phone).or_default().push(call);
            }
        }
        let by_id = calls.iter().map(|call| (&*call.id, call)).collect();
        Self { by_id, by_phone }
    }

    /// The export that has a call.
    fn place(&self, id: &str, phone: Option<u64>, at: DateTime<Utc>) -> Option<&'a str> {
        let of_id = self.by_id.get(id).filter(|_| !id.is_empty());
        let of_phone = || {
            let calls = self.by_phone.get(&phone?)?;
            calls.iter().find(|call| (call.at - at).abs() <= LINK_REACH)
        };
        let found = of_id.or_else(of_phone);
        found.map(|call| &*call.export)
    }
}

/// The calls of each export of call tracking, with the export of telephony that has them. None where nobody exports calls.
///
/// # Errors
/// When the lake cannot be read.
pub(super) fn tracked(of: &Reconciled<'_>) -> Result<Vec<LinkCounts>> {
    let stored = of.known.stored;
    let calls = stored.tables.calls.as_deref().unwrap_or_default();
    let rows = Rows::all(stored.lake, &CLIENT_LINKS, stored.as_of)?;
    let Some(rows) = rows.filter(|_| !calls.is_empty()) else {
        return Ok(Vec::new());
    };
    let calls = Calls::of(calls);
    let (exports, times) = (rows.shared("export")?, rows.times("at")?);
    let (ids, phones) = (rows.texts("call_id")?, rows.keys("phone")?);
    let mut counts = BTreeMap::new();
    for row in 0..rows.len() {
        let Some(at) = times[row] else { continue };
        let export = &*exports[row];
        let counted = counts.entry(export);
        let counted = counted.or_insert_with(|| of.counted(Link::TrackedToCalls, export));
        let place = calls.place(&ids[row], phones[row], at);
        counted.count(of.day(at), place.into_iter());
    }
    Ok(counts.into_values().map(|counted| counted.done()).collect())
}
