//! Bounces that were counted at ingest are those that the sessions say.

use chrono::{DateTime, Days, Utc};
use proptest::prelude::*;

use super::*;
use crate::config::Plan;
use crate::lake::Lake;
use crate::lake::scan::day_from_number;
use crate::marts::sample_visits::{DAYS, MONDAY, batches, plan, take_in};
use crate::marts::sources::FormatTables;

fn weeks(lake: &Lake, plan: &Plan) -> Vec<Option<BTreeMap<ChannelId, u64>>> {
    let now = DateTime::<Utc>::MAX_UTC;
    let stored = Stored::load(lake, plan, &FormatTables::new(), now).expect("the lake is read");
    let first = day_from_number(MONDAY);
    let weeks = (0..DAYS / 7).map(|week| Period::week_of(first + Days::new(7 * week)));
    let weeks: Vec<Period> = weeks.collect();
    of_channels(&stored, &weeks).expect("the lake is read")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn counted_bounces_are_what_their_sessions_say(batches in batches()) {
        let folder = tempfile::tempdir().expect("a folder");
        let plan = plan(folder.path());
        let mut lake = Lake::open(&folder.path().join("lake")).expect("a lake");
        for (is_other, visits) in &batches {
            take_in(&mut lake, *is_other, visits);
        }
        let counted = weeks(&lake, &plan);
        let without = lake.catalog.connection().execute("UPDATE parts SET cube = NULL", []);
        without.expect("parts without cubes");
        prop_assert_eq!(counted, weeks(&lake, &plan));
    }
}
