//! A call as the PBX sees it: the legs that it takes, ringing phones, queues and transfers.

use super::channels::City;
use super::people::ROBOTS;
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

/// Gives out channel names and unique ids, and builds legs.
pub struct Switch {
    channels: u64,
}

impl Switch {
    /// A switch that has already seen some calls.
    pub fn new() -> Self {
        Self { channels: 40_000 }
    }

    /// The legs of a call, and the id that links them.
    pub fn legs(&mut self, call: &Call) -> (Vec<Leg>, String) {
        let linked = self.unique(call.at);
        let legs = match call.ends {
            Ends::Inbound(customer, line) => {
                // One trunk passes numbers with 8, the other with 7, now and then with a plus.
                let way = if line < 2 {
                    0
                } else {
                    1 + u64::from(customer.0 % 9 == 0)
                };
                self.inbound(call, &customer.phone(way), line, &linked)
            }
            Ends::Robot(robot, line) => {
                self.inbound(call, ROBOTS[usize::from(robot)], line, &linked)
            }
            Ends::Outbound(customer) => {
                vec![self.dialled(
                    call,
                    &customer.phone(0),
                    Some(trunk_of(call.manager)),
                    &linked,
                )]
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
        let greeting = if call.outcome == CallOutcome::Closed {
            14
        } else {
            6
        };
        let (app, recording) = if call.outcome == CallOutcome::Closed {
            ("Playback", "custom/closed")
        } else {
            ("BackGround", "custom/greeting")
        };
        let ring = call.at + greeting;
        let mut legs = vec![Leg {
            app,
            data: recording.into(),
            ..spoken(&base, call.at, call.at, ring)
        }];
        match (call.outcome, line.city) {
            (CallOutcome::Closed, _) => {}
            (CallOutcome::Abandoned, _) => {
                let data = "sales-mmk,tr,,,60".into();
                legs.push(Leg {
                    dst: "700".into(),
                    app: "Queue",
                    data,
                    ..spoken(&base, ring, ring, ring + call.ringing)
                });
            }
            (CallOutcome::Answered, City::Murmansk) if call.at % 3 == 0 => {
                legs.extend(self.queue(call, &base, ring))
            }
            _ => legs.extend(self.ring_all(call, &base, ring, line.city)),
        }
        if let CallOutcome::Transferred(colleague) = call.outcome {
            let extension = MANAGERS[usize::from(colleague)].extension;
            let from = ring + call.ringing + call.talk;
            let transferred = Leg {
                dst: extension.to_string(),
                context: "from-internal-xfer",
                dst_channel: self.channel(&format!("SIP/{extension}")),
                app: "Dial",
                data: format!("SIP/{extension},25,tTr"),
                ..spoken(&base, from, from + 5, from + 5 + call.talk / 2 + 10)
            };
            legs.push(transferred);
        }
        legs
    }

    /// All phones of the city ring together: a row for each, at most one answered.
    fn ring_all(&mut self, call: &Call, base: &Leg, ring: i64, city: City) -> Vec<Leg> {
        let team: Vec<u32> = MANAGERS
            .iter()
            .filter(|manager| manager.city == city)
            .map(|manager| manager.extension)
            .collect();
        let data = format!(
            "{},60,tTr",
            team.iter()
                .map(|extension| format!("SIP/{extension}"))
                .collect::<Vec<_>>()
                .join("&")
        );
        let mut legs = Vec::new();
        let answering = MANAGERS[usize::from(call.manager)].extension;
        for extension in team {
            let dst_channel = self.channel(&format!("SIP/{extension}"));
            let up = ring + call.ringing;
            let talked = call.talk > 0 && extension == answering;
            let leg = match call.outcome {
                _ if talked => spoken(base, ring, up, up + call.talk),
                CallOutcome::Busy => Leg {
                    disposition: "BUSY",
                    ..silent(base, ring, ring + 1)
                },
                _ => silent(base, ring, up),
            };
            legs.push(Leg {
                dst: "600".into(),
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
        let (up, unique) = (ring + call.ringing, self.unique(ring));
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
        let data = "sales-mmk,tr,,,60".into();
        let caller = Leg {
            dst: "700".into(),
            dst_channel: format!("{local};1"),
            app: "Queue",
            data,
            ..spoken(base, ring, up, up + call.talk)
        };
        vec![member, caller]
    }

    /// A call by a manager: to the town through a trunk, or to a colleague.
    fn dialled(&mut self, call: &Call, number: &str, trunk: Option<&str>, linked: &str) -> Leg {
        let manager = &MANAGERS[usize::from(call.manager)];
        let failed = call.outcome == CallOutcome::Failed;
        let peer = trunk.map_or(format!("SIP/{number}"), |trunk| format!("SIP/{trunk}"));
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
            data: if failed {
                "5".into()
            } else {
                trunk.map_or(format!("{peer},20,tTr"), |_| {
                    format!("{peer}/{number},60,TtWw")
                })
            },
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

fn trunk_of(manager: u8) -> &'static str {
    if MANAGERS[usize::from(manager)].city == City::Petrozavodsk {
        "trunk-ptz"
    } else {
        "trunk-mmk"
    }
}

fn spoken(base: &Leg, start: i64, answer: i64, end: i64) -> Leg {
    Leg {
        start,
        answer: Some(answer),
        end,
        disposition: "ANSWERED",
        ..base.clone()
    }
}

fn silent(base: &Leg, start: i64, end: i64) -> Leg {
    Leg {
        start,
        answer: None,
        end,
        disposition: "NO ANSWER",
        ..base.clone()
    }
}
