//! Call-tracking links: which analytics client dialled a line.

use std::collections::HashMap;

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};

use super::rows::Rows;
use crate::lake::Lake;
use crate::model::tables::CLIENT_LINKS;

/// A link without a call id belongs to the call of the same number nearest in time, up to this.
pub(super) const LINK_REACH: TimeDelta = TimeDelta::minutes(5);

/// Call-tracking links by call id and by telephone.
#[derive(Default)]
pub(super) struct Links {
    by_call: HashMap<String, u64>,
    by_phone: HashMap<u64, Vec<(DateTime<Utc>, u64)>>,
}

impl Links {
    /// Reads all links known as of then.
    ///
    /// # Errors
    /// When the lake cannot be read.
    pub(super) fn load(lake: &Lake, as_of: DateTime<Utc>) -> Result<Self> {
        let Some(rows) = Rows::all(lake, &CLIENT_LINKS, as_of)? else {
            return Ok(Self::default());
        };
        let (times, calls) = (rows.times("at")?, rows.texts("call_id")?);
        let (phones, clients) = (rows.keys("phone")?, rows.keys("client")?);
        let mut links = Self::default();
        for row in 0..rows.len() {
            let (Some(at), Some(phone), Some(client)) = (times[row], phones[row], clients[row])
            else {
                continue;
            };
            if !calls[row].is_empty() {
                links.by_call.insert(calls[row].clone(), client);
            }
            links.by_phone.entry(phone).or_default().push((at, client));
        }
        links
            .by_phone
            .values_mut()
            .for_each(|list| list.sort_unstable());
        Ok(links)
    }

    /// The client of a call: by its id, else by the number and the time.
    pub(super) fn client(&self, call: &str, phone: Option<u64>, at: DateTime<Utc>) -> Option<u64> {
        if let Some(client) = self.by_call.get(call) {
            return Some(*client);
        }
        let near = self
            .by_phone
            .get(&phone?)?
            .iter()
            .map(|(time, client)| ((*time - at).abs(), *time, *client));
        near.filter(|(distance, ..)| *distance <= LINK_REACH)
            .min()
            .map(|(.., client)| client)
    }
}
