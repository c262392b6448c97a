//! A call as the PBX sees it: the legs that it takes, ringing phones, queues and transfers.

use super::channels::City;
use super::people::{Customer, ROBOTS};
use super::records::{Call, CallOutcome, Ends};
use super::staff::{LINES, MANAGERS};

/// One row of the log before it is text.
#[derive(Clone, Default)]
pub struct Leg {
    /// Number that calls.
    pub src: String,
    /// Number called.
    pub dst: String,
    /// Part of the dial plan.
    pub context: &'static str,
    /// Caller id: name and number.
    pub caller: String,
    /// Calling channel.
    pub channel: String,
    /// Channel called, empty when none.
    pub dst_channel: String,
    /// Last application and what it was told.
    pub app: &'static str,
    /// See `app`.
    pub data: String,
    /// When it began, Unix time.
    pub start: i64,
    /// When it was answered, by a person or a recording.
    pub answer: Option<i64>,
    /// When it ended.
    pub end: i64,
    /// How it ended.
    pub disposition: &'static str,
    /// Id of the calling channel.
    pub unique: String,
}

/// Channels of the PBX before the sample begins: a log never begins with number 1.
const CHANNELS_BEFORE: u64 = 40_000;
/// Seconds of the recording that callers hear: the greeting, and what is said outside the hours.
const GREETING: i64 = 6;
const CLOSED_MESSAGE: i64 = 14;
/// Seconds until a colleague takes over a call.
const HAND_OVER: i64 = 5;
/// The queue of Мурманск as the dial plan starts it.
const QUEUE: &str = "sales-mmk,tr,,,60";
/// The number of the queue, and that on which all phones of a city ring.
const QUEUE_NUMBER: &str = "700";
const RING_ALL_NUMBER: &str = "600";

/// Gives out channel names and unique ids, and builds legs.
pub struct Switch {
    channels: u64,
}

impl Switch {
    /// A switch that has already seen some calls.
    pub fn new() -> Self {
        Self {
            channels: CHANNELS_BEFORE,
        }
    }

    /// The legs of a call, and the id that links them.
    pub fn legs(&mut self, call: &Call) -> (Vec<Leg>, String) {
        let linked = self.unique(call.at);
        let legs = match call.ends {
            Ends::Inbound(customer, line) => {
                let phone = customer.phone(way_of_trunk(customer, line));
                self.inbound(call, &phone, line, &linked)
            }
            Ends::Robot(robot, line) => {
                self.inbound(call, ROBOTS[usize::from(robot)], line, &linked)
            }
            Ends::Outbound(customer) => {
                let trunk = trunk_of(call.manager);
                vec![self.dialled(call, &customer.phone(0), Some(trunk), &linked)]
            }
            Ends::Internal(colleague) => {
                let extension = MANAGERS[usize::from(colleague)].extension.to_string();
                vec![self.dialled(call, &extension, None, &linked)]
            }
        };
        (legs, linked)
    }

    /// Greeting, then ringing phones or a queue, then perhaps a transfer.
    fn inbound(&mut self, call: &Call, phone: &str, line: u8, linked: &str) -> Vec<Leg> {
        let line = &LINES[usize::from(line)];
        let base = Leg {
            src: phone.to_owned(),
            dst: line.number.to_owned(),
            context: "from-trunk",
            caller: format!("\"{phone}\" <{phone}>"),
            channel: self.channel(&format!("SIP/{}", line.trunk)),
            unique: linked.to_owned(),
            ..Leg::default()
        };
        let recording = recording(call, &base);
        let ring = recording.end;
        let mut legs = vec![recording];
        match (call.outcome, line.city) {
            (CallOutcome::Closed, _) => {}
            // A queue answers by itself: the caller who gives up in it was "answered".
            (CallOutcome::Abandoned, _) => legs.push(Leg {
                dst: QUEUE_NUMBER.into(),
                app: "Queue",
                data: QUEUE.into(),
                ..spoken(&base, ring, ring, ring + call.ringing)
            }),
            // A third of the answered calls to Мурманск goes through its queue.
            (CallOutcome::Answered, City::Murmansk) if call.at % 3 == 0 => {
                legs.extend(self.queue(call, &base, ring));
            }
            _ => legs.extend(self.ring_all(call, &base, ring, line.city)),
        }
        if let CallOutcome::Transferred(colleague) = call.outcome {
            let hung_up = ring + call.ringing + call.talk;
            legs.push(self.transfer(call, &base, hung_up, colleague));
        }
        legs
    }

    /// The leg to a colleague, from the moment at which the first manager hangs up.
    fn transfer(&mut self, call: &Call, base: &Leg, from: i64, colleague: u8) -> Leg {
        let extension = MANAGERS[usize::from(colleague)].extension;
        let up = from + HAND_OVER;
        Leg {
            dst: extension.to_string(),
            context: "from-internal-xfer",
            dst_channel: self.channel(&format!("SIP/{extension}")),
            app: "Dial",
            data: format!("SIP/{extension},25,tTr"),
            ..spoken(base, from, up, up + call.talk / 2 + 10)
        }
    }

    /// All phones of the city ring together: a row for each, at most one answered.
    fn ring_all(&mut self, call: &Call, base: &Leg, ring: i64, city: City) -> Vec<Leg> {
        let mut peers = Vec::new();
        for manager in MANAGERS.iter().filter(|manager| manager.city == city) {
            peers.push((manager.extension, format!("SIP/{}", manager.extension)));
        }
        let names: Vec<&str> = peers.iter().map(|(_, peer)| peer.as_str()).collect();
        let data = format!("{},60,tTr", names.join("&"));
        let answering = MANAGERS[usize::from(call.manager)].extension;
        let up = ring + call.ringing;
        let mut legs = Vec::new();
        for (extension, peer) in &peers {
            let dst_channel = self.channel(peer);
            let has_talked = call.talk > 0 && *extension == answering;
            let leg = match call.outcome {
                _ if has_talked => spoken(base, ring, up, up + call.talk),
                CallOutcome::Busy => Leg {
                    disposition: "BUSY",
                    ..silent(base, ring, ring + 1)
                },
                _ => silent(base, ring, up),
            };
            legs.push(Leg {
                dst: RING_ALL_NUMBER.into(),
                dst_channel,
                app: "Dial",
                data: data.clone(),
                ..leg
            });
        }
        legs
    }

    /// A queue reaches the phone through a pair of Local channels, which tell the same call twice.
    fn queue(&mut self, call: &Call, base: &Leg, ring: i64) -> Vec<Leg> {
        let extension = MANAGERS[usize::from(call.manager)].extension;
        self.channels += 1;
        let local = format!("Local/{extension}@from-queue-{:08x}", self.channels);
        let up = ring + call.ringing;
        let unique = self.unique(ring);
        let member = Leg {
            dst: extension.to_string(),
            context: "from-queue",
            channel: format!("{local};2"),
            dst_channel: self.channel(&format!("SIP/{extension}")),
            app: "Dial",
            data: format!("SIP/{extension},15,tr"),
            unique,
            ..spoken(base, ring + 1, up, up + call.talk)
        };
        let caller = Leg {
            dst: QUEUE_NUMBER.into(),
            dst_channel: format!("{local};1"),
            app: "Queue",
            data: QUEUE.into(),
            ..spoken(base, ring, up, up + call.talk)
        };
        vec![member, caller]
    }

    /// A call by a manager: to the town through a trunk, or to a colleague.
    fn dialled(&mut self, call: &Call, number: &str, trunk: Option<&str>, linked: &str) -> Leg {
        let manager = &MANAGERS[usize::from(call.manager)];
        let failed = call.outcome == CallOutcome::Failed;
        let peer = format!("SIP/{}", trunk.unwrap_or(number));
        let data = match trunk {
            _ if failed => "5".into(),
            Some(_) => format!("{peer}/{number},60,TtWw"),
            None => format!("{peer},20,tTr"),
        };
        let base = Leg {
            src: manager.extension.to_string(),
            dst: number.to_owned(),
            context: "from-internal",
            caller: format!("\"{}\" <{}>", manager.name, manager.extension),
            channel: self.channel(&format!("SIP/{}", manager.extension)),
            dst_channel: if failed {
                String::new()
            } else {
                self.channel(&peer)
            },
            app: if failed { "Congestion" } else { "Dial" },
            data,
            unique: linked.to_owned(),
            ..Leg::default()
        };
        let up = call.at + call.ringing;
        match call.outcome {
            CallOutcome::Answered => spoken(&base, call.at, up, up + call.talk),
            CallOutcome::Busy => Leg {
                disposition: "BUSY",
                ..silent(&base, call.at, call.at + 3)
            },
            CallOutcome::Failed => Leg {
                disposition: if call.at % 3 == 0 {
                    "CONGESTION"
                } else {
                    "FAILED"
                },
                ..silent(&base, call.at, call.at + 1)
            },
            _ => silent(&base, call.at, up),
        }
    }

    fn channel(&mut self, peer: &str) -> String {
        self.channels += 1;
        format!("{peer}-{:08x}", self.channels)
    }

    /// The epoch in it is true Unix time, from which the zone of the clock can be told.
    fn unique(&mut self, at: i64) -> String {
        self.channels += 1;
        format!("{at}.{}", self.channels)
    }
}

/// How a trunk writes the number of a caller, as [`Customer::phone`] counts the ways: one trunk passes numbers with 8, the
/// other with 7, now and then with a plus.
fn way_of_trunk(customer: Customer, line: u8) -> u64 {
    match LINES[usize::from(line)].city {
        City::Petrozavodsk => 0,
        City::Murmansk if customer.0.is_multiple_of(9) => 2,
        City::Murmansk => 1,
    }
}

/// What the PBX says to a caller before any phone rings.
fn recording(call: &Call, base: &Leg) -> Leg {
    let (app, recording, seconds) = match call.outcome {
        CallOutcome::Closed => ("Playback", "custom/closed", CLOSED_MESSAGE),
        _ => ("BackGround", "custom/greeting", GREETING),
    };
    Leg {
        app,
        data: recording.into(),
        ..spoken(base, call.at, call.at, call.at + seconds)
    }
}

fn trunk_of(manager: u8) -> &'static str {
    if MANAGERS[usize::from(manager)].city == City::Petrozavodsk {
        "trunk-ptz"
    } else {
        "trunk-mmk"
    }
}

/// A leg that somebody (or something) answered.
fn spoken(base: &Leg, start: i64, answer: i64, end: i64) -> Leg {
    Leg {
        start,
        answer: Some(answer),
        end,
        disposition: "ANSWERED",
        ..base.clone()
    }
}

/// A leg that nobody answered.
fn silent(base: &Leg, start: i64, end: i64) -> Leg {
    Leg {
        start,
        answer: None,
        end,
        disposition: "NO ANSWER",
        ..base.clone()
    }
}
