//! The stages in order: exports into the lake, the lake into a report, the report to its readers. The only room that
//! knows all the others.

mod account;
mod answers;
mod diff;
mod environment;
mod examine;
mod followup;
mod hooks;
mod ingest;
mod job;
mod notices;
mod outbox;
mod program;
mod report;
mod restated;
mod returned;
mod send;
mod settings;
mod stages;
mod table;
mod tick;
mod to_date;
mod upkeep;

pub use self::account::{Ended, RunRecord, list as list_runs, numbered as numbered_run};
pub use self::answers::{Asked, record as record_answer};
pub use self::diff::diff;
pub use self::environment::{Console, Environment};
pub use self::examine::Snapshot;
pub use self::ingest::{ingest, known_formats, rules};
pub use self::job::{
    Job, JobEnd, Letters, announced, announced_view, tell_lacking, too_many_rejects,
};
pub use self::report::{Report, WholeHealth, reports, reports_of_views};
pub use self::returned::take_returned;
pub use self::send::{freeze, freeze_also, outbox_of, send};
pub use self::stages::{Stage, Staged, of_run as stages_of_run};
pub use self::table::{MeasureRow, MeasureTable};
pub use self::tick::{Ticked, tick};
pub use self::to_date::{as_far_as_known, as_plan_has_weeks, reaches};
pub use self::upkeep::{upkeep, vacuum};
