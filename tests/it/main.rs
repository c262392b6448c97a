//! Black-box tests: the program as people run it, on files, against judges that share no code with it.
//!
//! Tests that need a peer (Python with DuckDB, a mail server) find it through the environment that `tests/run` sets;
//! under plain `cargo test` they say on the terminal what they need and pass.

mod awkward;
mod cases;
mod data_faults;
mod diagnosis;
mod docs;
mod duckdb;
mod faults;
mod followup;
mod fuzzed;
mod hooks;
mod judge;
mod kills;
mod laws;
mod layout;
mod localise;
mod look;
mod old_lake;
mod operations;
mod readers;
mod resaved;
mod restated;
mod retold;
mod sales_faults;
mod schedule;
mod schema;
mod shop;
mod signed;
mod smtp;
mod snapshots;
mod support;
mod table;
mod trace;
mod views;
