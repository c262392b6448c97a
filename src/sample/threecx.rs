//! Calls as 3CX's call report exports them: ISO times, durations as clock times, a row for each segment.

use anyhow::Result;
use std::path::Path;

use super::calendar::text;
use super::dice::Dice;
use super::north_windows::phone;
use super::output::{Rolling, quoted_if_needed};

const HEADER: &str = "Call Time,Call ID,From,To,Direction,Status,Ringing,Talking,Cost\n";
const AGENTS: [&str; 4] = [
    "Hill, Karen (101)",
    "Osborne, Tim (102)",
    "Patel, Nisha (103)",
    "Workshop (110)",
];

/// Share of calls that are answered, by customers and by the firm; of the latter some are handed over. Invented.
const CUSTOMERS_ANSWER: f64 = 0.72;
const FIRM_ANSWERS: f64 = 0.84;
const TRANSFERRED: f64 = 0.1;
/// Seconds of talk: median, deviation of the logarithm, and bounds.
const TALK: f64 = 140.0;
const TALK_DEVIATION: f64 = 0.8;
const SHORTEST_TALK: f64 = 5.0;
const LONGEST_TALK: f64 = 2400.0;
/// Calls of the firm before the sample begins.
const FIRST_ID: u64 = 20_410;

/// Which way a call goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From a customer.
    Inbound,
    /// To a customer.
    Outbound,
    /// Between colleagues.
    Internal,
}

/// One call.
pub struct ThreeCxCall {
    /// When, on the firm's clock.
    pub at: i64,
    direction: Direction,
    customer: u64,
    agent: usize,
    ringing: u64,
    /// Seconds of talk; 0 when nobody answered.
    pub talking: u64,
    transferred: bool,
}

impl ThreeCxCall {
    /// A call with an outcome drawn for its direction.
    pub fn drawn(at: i64, direction: Direction, customer: u64, dice: &mut Dice) -> Self {
        let answers = match direction {
            Direction::Outbound => CUSTOMERS_ANSWER,
            Direction::Inbound | Direction::Internal => FIRM_ANSWERS,
        };
        let answered = dice.chance(answers);
        let talking = if answered {
            let seconds = dice.log_normal(TALK, TALK_DEVIATION);
            seconds.clamp(SHORTEST_TALK, LONGEST_TALK) as u64
        } else {
            0
        };
        let transferred = answered && direction == Direction::Inbound && dice.chance(TRANSFERRED);
        Self {
            at,
            direction,
            customer,
            // The workshop only gets what is handed over to it.
            agent: dice.below(AGENTS.len() as u64 - 1) as usize,
            ringing: 2 + dice.below(24),
            talking,
            transferred,
        }
    }
}

/// Writes calls into the one file of the log.
pub struct ThreeCx {
    files: Rolling,
    id: u64,
}

impl ThreeCx {
    /// Begins the export in `folder`.
    pub fn new(folder: &Path) -> Result<Self> {
        Ok(Self {
            files: Rolling::new(&folder.join("calls"), HEADER, 0)?,
            id: FIRST_ID,
        })
    }

    /// Adds a call; a transferred one has a second row with the same id.
    pub fn write(&mut self, call: &ThreeCxCall) -> Result<()> {
        self.id += 1;
        let customer = phone(call.customer);
        let agent = AGENTS[call.agent];
        let colleague = AGENTS[call.agent + 1];
        let (from, to, direction) = match call.direction {
            Direction::Inbound => (customer.as_str(), agent, "Inbound"),
            Direction::Outbound => (agent, customer.as_str(), "Outbound"),
            Direction::Internal => (agent, colleague, "Internal"),
        };
        self.segment(call.at, [from, to, direction], call.ringing, call.talking)?;
        if call.transferred {
            let later = call.at + (call.ringing + call.talking) as i64;
            let talking = 20 + call.talking / 3;
            self.segment(later, [from, colleague, direction], 3, talking)?;
        }
        Ok(())
    }

    /// Closes the file.
    pub fn finish(mut self) -> Result<()> {
        self.files.finish()
    }

    fn segment(
        &mut self,
        at: i64,
        [from, to, direction]: [&str; 3],
        ringing: u64,
        talking: u64,
    ) -> Result<()> {
        let from = quoted_if_needed(from, ',');
        let to = quoted_if_needed(to, ',');
        let status = if talking > 0 {
            "Answered"
        } else {
            "Unanswered"
        };
        let time = text(at, 0, "%Y-%m-%dT%H:%M:%S");
        let (ringing, talking) = (clock(ringing), clock(talking));
        let row = format!(
            "{time},{},{from},{to},{direction},{status},{ringing},{talking},0.00\n",
            self.id
        );
        self.files.write("call-log.csv", row.as_bytes())
    }
}

fn clock(seconds: u64) -> String {
    format!(
        "{:02}:{:02}:{:02}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}
