//! A lake that an older program wrote must read for ever, and go on.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use crate::support::{self, Firm};

fn firm() -> Firm {
    let firm = Firm::of_case(&support::root().join("tests/fixtures/lake-of-2026-11"));
    // A repository does not keep that only the owner may read the key.
    let only_owner = fs::Permissions::from_mode(0o600);
    fs::set_permissions(firm.path("case/lake/identity.key"), only_owner)
        .expect("the key is the test's own");
    firm
}

fn counts(firm: &Firm) -> (Value, Value) {
    firm.voronka("report", &["--period", "2026-W10"])
        .expect_code(0);
    let digest = firm.read_digest("2026-W10");
    (
        digest["totals"]["inquiries"].clone(),
        digest["totals"]["sales_closed"].clone(),
    )
}

#[test]
fn a_lake_of_november_2026_reads_as_it_did() {
    assert_eq!(counts(&firm()), (3.0.into(), 1.0.into()));
}

// By hand: one more form makes four inquiries; deal 12 is won by now, so there are two sales.
#[test]
fn new_exports_go_on_in_a_lake_of_november_2026() {
    let firm = firm();
    firm.write(
        "case/exports/forms-2.csv",
        "Дата;Форма;Телефон;E-mail;ClientID;utm_source;ID заявки\n05.03.2026 10:00;Замер;+7 900 555-09-04;;;yandex;904\n",
    );
    firm.write(
        "case/exports/deals-2.csv",
        "ID;Воронка;Этап сделки;Дата создания;Дата закрытия;Бюджет;Ответственный;Рабочий телефон\n\
         12;Продажи;Успешно реализовано;03.03.2026 11:20:00;06.03.2026 15:00:00;70000;Борис;+7 900 555-09-02\n\
         13;Продажи;Новая заявка;04.03.2026 12:30:00;не закрыта;0;Борис;+7 900 555-09-03\n",
    );
    firm.voronka("ingest", &[]).expect_code(0);
    assert_eq!(counts(&firm), (4.0.into(), 2.0.into()));
}
