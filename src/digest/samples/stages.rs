//! An invented stage that broke.

use chrono::NaiveDate;

use super::rows::rate;
use crate::metrics::stages::{StageBreak, StageKind, StageUsual};
use crate::metrics::values::Estimate;
use crate::model::channel::ChannelId;

/// Of those who open the calculator half as many leave a request as usual.
pub(in crate::digest) fn broken_stage() -> StageBreak {
    StageBreak {
        channel: Some(ChannelId::new("yandex-direct")),
        manager: None,
        kind: StageKind::Visits,
        from: "calculator".to_owned(),
        from_title: "Открыли калькулятор".to_owned(),
        to: "request".to_owned(),
        to_title: "Отправили заявку".to_owned(),
        observed: rate(40.0, 400.0),
        usual: StageUsual {
            count: Estimate {
                value: 80.0,
                low: 62.0,
                high: 99.0,
            },
            to_previous: Estimate {
                value: 0.2,
                low: 0.155,
                high: 0.2475,
            },
            p_value: 0.0002,
            periods: 8,
        },
        previous: Some(rate(79.0, 398.0)),
        lost: 40.0,
        lost_inquiries: Some(40.0),
        since: NaiveDate::from_ymd_opt(2026, 11, 9).expect("a day"),
    }
}
