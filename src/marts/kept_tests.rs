//! Traffic that was kept is the traffic that is counted.

use chrono::Days;
use proptest::prelude::*;

use super::*;
use crate::config::Plan;
use crate::lake::scan::day_from_number;
use crate::marts::sample_visits::{DAYS, MONDAY, batches, plan, take_in};

/// The traffic of every week of the visits.
fn weeks(lake: &Lake, plan: &Plan) -> Vec<Option<PeriodTraffic>> {
    let origins = OriginChannels::load(lake, &plan.channels, &plan.view.rows).expect("origins");
    let now = DateTime::<Utc>::MAX_UTC;
    let counter = TrafficCounter::new(lake, now, &plan.channels, &origins, None);
    let counter = counter.with_stages(&plan.stages);
    let first = day_from_number(MONDAY);
    let weeks = (0..DAYS / 7).map(|week| Period::week_of(first + Days::new(7 * week)));
    let weeks: Vec<Period> = weeks.collect();
    let traffic = counter.of_periods(&weeks).expect("the lake is read");
    counter.keep();
    for (week, together) in weeks.iter().zip(&traffic) {
        let alone = counter.count(std::slice::from_ref(week));
        let alone = alone.expect("the lake is read").pop().expect("a week");
        assert_eq!(
            alone.map(|(traffic, _)| traffic),
            *together,
            "{}",
            week.label
        );
    }
    traffic
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// After each batch, by what was kept before it and by what was kept of it.
    #[test]
    fn kept_traffic_is_what_the_sessions_say(batches in batches()) {
        let folder = tempfile::tempdir().expect("a folder");
        let plan = plan(folder.path());
        let mut lake = Lake::open(&folder.path().join("lake")).expect("a lake");
        for (is_other, visits) in &batches {
            take_in(&mut lake, *is_other, visits);
            let (kept, again) = (weeks(&lake, &plan), weeks(&lake, &plan));
            let forgotten = lake.catalog.connection().execute("DELETE FROM kept_traffic", []);
            let told = kept.iter().flatten().count();
            prop_assert!(forgotten.expect("what was kept is forgotten") >= told);
            let counted = weeks(&lake, &plan);
            prop_assert_eq!(&kept, &counted);
            prop_assert_eq!(&again, &counted);
        }
    }
}
