//! Letters whose turn has come by themselves: deferred ones after their wait, queued ones once there is a server.

use std::collections::BTreeSet;

use anyhow::Result;

use super::environment::Environment;
use super::send::{outbox_of, tell};
use crate::config::Plan;
use crate::delivery::{self, Receipt, SendState, Transport, Which};
use crate::lake::Lake;

/// States from which a letter may go on by itself.
const OPEN: [SendState; 4] = [
    SendState::Queued,
    SendState::Sending,
    SendState::Deferred,
    SendState::Unknown,
];

/// Sends what is due of all periods of a pipeline, and answers with the receipts of what was tried or given up.
///
/// # Errors
/// When the state cannot be read or written, or the letters of a period cannot be read.
pub fn retry(
    lake: &Lake,
    plan: &Plan,
    transport: &Transport,
    environment: &Environment<'_>,
) -> Result<Vec<Receipt>> {
    // Without a server nothing has a turn.
    if matches!(transport, Transport::File) {
        return Ok(Vec::new());
    }
    let _lock = lake.lock_outbox()?;
    let connection = lake.catalog.connection();
    let open = delivery::in_states(connection, &plan.name, &OPEN)?;
    let periods: BTreeSet<&str> = open.iter().map(|receipt| receipt.period.as_str()).collect();
    let mut tried = Vec::new();
    for period in periods {
        let outbox = outbox_of(plan, period);
        if !outbox.is_dir() {
            continue;
        }
        let messages = delivery::thaw(&outbox)?;
        tried.extend(delivery::send(
            connection,
            messages.each(),
            transport,
            environment.now,
            Which::Due,
        )?);
    }
    tell(&tried, environment);
    Ok(tried)
}
