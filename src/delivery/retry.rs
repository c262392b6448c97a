//! When a letter that did not leave is tried again, and when it is given up.

use chrono::{DateTime, TimeDelta, Utc};

use super::receipts::{Receipt, SendState};

/// Minutes until the next try, by the tries made; the last holds for all after it. Servers that know nobody yet (greylisting)
/// let a letter in after minutes, those that are down come back within hours (RFC 5321, 4.5.4.1).
const WAITS: [i64; 5] = [5, 15, 30, 60, 120];
/// For so long a letter is tried; what is older than a day is no news.
pub(super) const LIFE: TimeDelta = TimeDelta::hours(24);
/// So long after a connection that broke a second copy cannot cross the first on its way.
const UNKNOWN_WAIT: TimeDelta = TimeDelta::minutes(30);
/// A letter of which nobody can tell is sent twice at most.
const UNKNOWN_TRIES: u32 = 2;
/// Waits differ by so much between letters, so that not all come back at once.
const JITTER_PERCENT: i64 = 20;
/// Lots that a letter may draw: a byte of its hash.
const LOTS: i32 = 256;

/// When a letter is tried after so many tries. The jitter is the letter's own: the same letter, the same time.
pub(super) fn next_at(message_id: &str, attempts: u32, now: DateTime<Utc>) -> DateTime<Utc> {
    let tried = attempts.saturating_sub(1) as usize;
    let wait = TimeDelta::minutes(WAITS[tried.min(WAITS.len() - 1)]);
    let lot = i64::from(blake3::hash(message_id.as_bytes()).as_bytes()[0]);
    now + wait + wait * (lot as i32) * (JITTER_PERCENT as i32) / (100 * LOTS)
}

/// What is to be done with a letter by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// Nothing now.
    Rest,
    /// It is tried.
    Try,
    /// It is given up.
    Expire,
}

/// The turn of a letter with this receipt; `is_same` says whether the letter that lies ready is the one that was tried.
pub(super) fn turn(receipt: &Receipt, is_same: bool, now: DateTime<Utc>) -> Turn {
    let is_old = now - receipt.first_at >= LIFE;
    match receipt.state {
        SendState::Queued if is_old => Turn::Rest,
        SendState::Queued => Turn::Try,
        SendState::Deferred if is_old => Turn::Expire,
        SendState::Deferred if receipt.next_at.is_none_or(|next| next <= now) => Turn::Try,
        // It was on its way when its process ended: the next look finds it unknown.
        SendState::Sending => Turn::Try,
        SendState::Unknown => {
            let may = is_same && receipt.attempts < UNKNOWN_TRIES && !is_old;
            match may && now - receipt.changed_at >= UNKNOWN_WAIT {
                true => Turn::Try,
                false => Turn::Rest,
            }
        }
        SendState::Deferred
        | SendState::Sent
        | SendState::Failed
        | SendState::Expired
        | SendState::Suppressed => Turn::Rest,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_differ_between_letters_by_a_fifth_at_most() {
        let now = DateTime::<Utc>::UNIX_EPOCH;
        for (attempts, minutes) in [(1, 5), (2, 15), (3, 30), (4, 60), (5, 120), (50, 120)] {
            let waits = ["<a@x>", "<b@x>", "<c@x>"].map(|id| next_at(id, attempts, now) - now);
            let (least, most) = (
                TimeDelta::minutes(minutes),
                TimeDelta::minutes(minutes) * 6 / 5,
            );
            assert!(
                waits.iter().all(|wait| (least..=most).contains(wait)),
                "{waits:?}"
            );
            assert!(waits[0] != waits[1] || waits[1] != waits[2], "{waits:?}");
        }
    }
}
