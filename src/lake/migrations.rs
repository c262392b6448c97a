//! Changes of the catalog's schema.

/// Schema changes in order; `user_version` counts those applied.
pub(super) const MIGRATIONS: &[&str] = &[
    include_str!("migrations/1-lake.sql"),
    include_str!("migrations/2-delivery.sql"),
    include_str!("migrations/3-reported.sql"),
    include_str!("migrations/4-due.sql"),
    include_str!("migrations/5-nameless.sql"),
    include_str!("migrations/6-schedule.sql"),
    include_str!("migrations/7-outbox.sql"),
    include_str!("migrations/8-vacuum.sql"),
    include_str!("migrations/9-stages.sql"),
    include_str!("migrations/10-seen.sql"),
    include_str!("migrations/11-answers.sql"),
    include_str!("migrations/12-incoming.sql"),
    include_str!("migrations/13-hooks.sql"),
    include_str!("migrations/14-conclusions.sql"),
    include_str!("migrations/15-ahead.sql"),
    include_str!("migrations/16-cube.sql"),
    include_str!("migrations/17-kept.sql"),
    include_str!("migrations/18-cpu.sql"),
    include_str!("migrations/19-stamp.sql"),
    include_str!("migrations/20-remarks.sql"),
];
