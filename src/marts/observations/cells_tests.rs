//! Days that were counted at ingest are the days that their sessions say.

use proptest::prelude::*;

use super::*;
use crate::marts::sample_visits::{DAYS, MONDAY, batches, plan, take_in};

/// Cells by day and texts: the order in which texts are met means nothing.
type Told = BTreeMap<(NaiveDate, &'static str, u32, String), SessionCounts>;

fn told(lake: &Lake, plan: &Plan) -> Told {
    let origins = OriginChannels::load(lake, &plan.channels, &plan.view.rows).expect("origins");
    let source = SessionStore {
        lake,
        plan,
        as_of: DateTime::<Utc>::MAX_UTC,
        origins: &origins,
    };
    let first = day_from_number(MONDAY);
    let mut cells = DailyCells::default();
    let covered = cells.cover(&source, first, first + Days::new(DAYS - 1));
    covered.expect("the lake is read");
    let mut told = Told::new();
    let mut tell = |key, counts: &SessionCounts| told.entry(key).or_default().add(counts);
    for (day, of_day) in &cells.days {
        for ((channel, device), counts) in &of_day.devices {
            let text = cells.devices.texts[*device as usize].clone();
            tell((*day, "device", *channel, text), counts);
        }
        for (page, counts) in &of_day.pages {
            let text = cells.pages.texts[*page as usize].clone();
            tell((*day, "page", 0, text), counts);
        }
        for ((channel, region), counts) in &of_day.regions {
            let text = cells.regions.texts[*region as usize].clone();
            tell((*day, "region", *channel, text), counts);
        }
    }
    told
}

/// Rows of each of the two exports by day.
fn rows_by_day(lake: &Lake) -> [BTreeMap<i32, u32>; 2] {
    let rows = |export| lake.sessions_by_day(export, DateTime::<Utc>::MAX_UTC);
    ["export", "other"].map(|export| rows(export).expect("the lake is read"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever batches of whatever exports brought, replaced or repeated.
    #[test]
    fn counted_days_are_what_their_sessions_say(
        batches in batches()
    ) {
        let folder = tempfile::tempdir().expect("a folder");
        let plan = plan(folder.path());
        let mut lake = Lake::open(&folder.path().join("lake")).expect("a lake");
        for (is_other, visits) in &batches {
            take_in(&mut lake, *is_other, visits);
        }
        let counted = told(&lake, &plan);
        let counted_rows = rows_by_day(&lake);
        let without = lake.catalog.connection().execute("UPDATE parts SET cube = NULL", []);
        let parts = without.expect("parts without cubes");
        let single = told(&lake, &plan);
        prop_assert_eq!(parts == 0, single.is_empty());
        prop_assert_eq!(counted, single);
        prop_assert_eq!(counted_rows, rows_by_day(&lake));
    }
}
