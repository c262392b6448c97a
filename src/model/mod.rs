//! The words of the design: periods, channels, money, changes, table schemas. No input, no output, no clock.

pub mod calendar;
pub mod change;
pub mod channel;
pub mod columns;
pub mod contact;
pub mod data_fault;
pub mod doubt;
pub mod experiment;
pub mod facts;
pub mod fault;
pub mod metric;
pub mod money;
pub mod nameless;
pub mod observations;
pub mod origin;
pub mod period;
pub mod placeholder;
pub mod recurrence;
pub mod role;
pub mod seen;
pub mod table;
pub mod tables;
pub mod target;
pub mod zone;
