//! Exports of deals by hand: when a stage that nobody names hides sales, and when it does not.

use super::*;
use crate::model::money::Minor;

fn at(text: &str) -> DateTime<Utc> {
    format!("2026-{text}T10:00:00Z")
        .parse()
        .expect("a test writes real days")
}

const WON: Standing = Standing::Ended(Ending::Won);
const CLOSED: Standing = Standing::Unsaid { closed: true };

fn deal(id: usize, stage: &str, standing: Standing, created: &str) -> Deal {
    Deal {
        created_at: at(created),
        ended_at: at(created),
        stage: stage.into(),
        standing,
        amount: Minor(100),
        ..Deal::of_test(&id.to_string())
    }
}

/// So many deals at each stage, entered on one day, with a planned day of closing or none.
fn deals(rows: &[(usize, &str, Standing, &str, Option<&str>)]) -> Vec<Deal> {
    let mut all = Vec::new();
    for (count, stage, standing, created, planned) in rows {
        for _ in 0..*count {
            all.push(Deal {
                planned_close_at: planned.map(at),
                ..deal(all.len(), stage, *standing, created)
            });
        }
    }
    all
}

fn doubt(deals: &[Deal], were_won: &[&str]) -> Option<SalesDoubt> {
    Export {
        deals: deals.iter().collect(),
        were_won: were_won.iter().copied().collect(),
        until: at("11-16"),
    }
    .doubt()
}

fn stages(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

#[test]
fn deals_that_were_won_and_are_not_any_more_name_their_new_stage() {
    let all = deals(&[
        (4, "Contract signed", UNSAID, "10-01", None),
        (30, "Talks", UNSAID, "11-01", None),
        (5, "Closed Won", WON, "11-02", None),
    ]);
    let found = SalesDoubt::WonRenamed {
        deals: 3,
        stages: stages(&["Contract signed"]),
    };
    assert_eq!(doubt(&all, &["0", "1", "3"]), Some(found));
    assert_eq!(
        doubt(&all, &["5", "6", "7"]),
        None,
        "three of thirty are reopened"
    );
}

#[test]
fn closed_deals_without_a_meaning_hide_sales_unless_they_are_few() {
    let all = |unnamed| {
        deals(&[
            (unnamed, "Отказ", CLOSED, "11-01", None),
            (40, "Closed Won", WON, "11-02", None),
        ])
    };
    let found = SalesDoubt::ClosedUnnamed {
        deals: 3,
        closed: 43,
        stages: stages(&["Отказ"]),
    };
    assert_eq!(doubt(&all(3), &[]), Some(found));
    assert_eq!(doubt(&all(2), &[]), None);
}

#[test]
fn a_stage_that_was_renamed_lately_is_seen_among_the_latest_closings() {
    let all = deals(&[
        (400, "Closed Won", WON, "06-01", None),
        (5, "Closed Won", WON, "11-02", None),
        (3, "Оплачено", CLOSED, "11-12", None),
    ]);
    let found = SalesDoubt::ClosedUnnamed {
        deals: 3,
        closed: 8,
        stages: stages(&["Оплачено"]),
    };
    assert_eq!(doubt(&all, &[]), Some(found));
}

#[test]
fn no_sale_at_all_is_doubted_where_deals_are_due_old_or_closed() {
    let due = deals(&[
        (10, "Talks", UNSAID, "11-10", None),
        (8, "Contract signed", UNSAID, "11-10", Some("11-14")),
    ]);
    let found = SalesDoubt::NeverWon {
        deals: 18,
        stages: stages(&["Contract signed", "Talks"]),
    };
    assert_eq!(doubt(&due, &[]), Some(found));
    let by_name = deals(&[
        (12, "Talks", UNSAID, "11-10", None),
        (3, "Договор подписан", UNSAID, "11-12", None),
    ]);
    assert!(doubt(&by_name, &[]).is_some(), "it sounds final");
    let ahead = deals(&[(18, "Talks", UNSAID, "11-10", Some("12-24"))]);
    assert_eq!(
        doubt(&ahead, &[]),
        None,
        "a young CRM whose deals are to close later"
    );
    let unsaid = |count| deals(&[(count, "Meeting", UNSAID, "11-14", None)]);
    assert!(doubt(&unsaid(3), &[]).is_some(), "it may be the won one");
    assert!(doubt(&unsaid(1), &[]).is_some(), "no stage at all is known");
    let beside_open = deals(&[
        (2, "Meeting", UNSAID, "11-14", None),
        (1, "New", Standing::Open, "11-14", None),
    ]);
    assert_eq!(doubt(&beside_open, &[]), None);
    let old = |count| deals(&[(count, "Talks", Standing::OnTheWay, "10-01", None)]);
    assert!(doubt(&old(30), &[]).is_some());
    assert_eq!(doubt(&old(29), &[]), None);
    let young = deals(&[(90, "Talks", Standing::OnTheWay, "11-01", None)]);
    assert_eq!(doubt(&young, &[]), None, "a young CRM");
    let open = deals(&[(90, "Talks", Standing::Open, "10-01", None)]);
    assert_eq!(doubt(&open, &[]), None, "the CRM states that none is won");
}

#[test]
fn a_stage_that_began_where_the_won_one_ended_took_its_place() {
    let with = |planned| {
        deals(&[
            (20, "Closed Won", WON, "10-20", None),
            (5, "Contract signed", UNSAID, "10-25", Some(planned)),
        ])
    };
    let found = SalesDoubt::ClosedUnnamed {
        deals: 5,
        closed: 25,
        stages: stages(&["Contract signed"]),
    };
    assert_eq!(doubt(&with("11-02"), &[]), Some(found));
    assert_eq!(
        doubt(&with("10-15"), &[]),
        None,
        "it was there before the last sale"
    );
}

/// So many deals at each stage, last changed on one day.
fn changed(rows: &[(usize, &str, Standing, &str)]) -> Vec<Deal> {
    let mut all = Vec::new();
    for (count, stage, standing, day) in rows {
        for _ in 0..*count {
            all.push(Deal {
                updated_at: Some(at(day)),
                ..deal(all.len(), stage, *standing, "09-01")
            });
        }
    }
    all
}

/// A quarter of 40 deals were won until 8 November; 28 have changed since, so that 7 sales were due.
fn after_the_last_sale(stage: &str, count: usize, standing: Standing) -> Vec<Deal> {
    changed(&[
        (30, "Meeting", UNSAID, "11-01"),
        (10, "Closed Won", WON, "11-08"),
        (28 - count, "Meeting", UNSAID, "11-14"),
        (count, stage, standing, "11-14"),
    ])
}

#[test]
fn a_stage_that_began_where_sales_stopped_is_the_won_one() {
    let found = SalesDoubt::WonStopped {
        deals: 4,
        due: 7,
        stages: stages(&["Hooray"]),
    };
    let renamed = |count| after_the_last_sale("Hooray", count, UNSAID);
    assert_eq!(doubt(&renamed(4), &[]), Some(found));
    assert_eq!(
        doubt(&renamed(3), &[]),
        None,
        "fewer than half of those due"
    );
    let first = after_the_last_sale("Новая заявка сайта", 6, UNSAID);
    assert_eq!(doubt(&first, &[]), None, "deals begin there");
    let known = after_the_last_sale("Executing", 6, Standing::OnTheWay);
    assert_eq!(doubt(&known, &[]), None);
    let mut still_sold = renamed(6);
    still_sold.extend(changed(&[(1, "Closed Won", WON, "11-15")]));
    assert_eq!(doubt(&still_sold, &[]), None);
}

#[test]
fn a_stage_that_is_called_final_is_told_from_fewer_sales_due() {
    let renamed = |stage| {
        changed(&[
            (30, "Meeting", UNSAID, "11-01"),
            (10, "Closed Won", WON, "11-08"),
            (12, "Meeting", UNSAID, "11-14"),
            (4, stage, UNSAID, "11-14"),
        ])
    };
    let found = SalesDoubt::WonStopped {
        deals: 4,
        due: 4,
        stages: stages(&["Договор подписан"]),
    };
    assert_eq!(doubt(&renamed("Договор подписан"), &[]), Some(found));
    assert_eq!(doubt(&renamed("Hooray"), &[]), None);
}

#[test]
fn deals_that_tell_the_day_of_entry_alone_are_told_by_it_where_the_stage_is_called_final() {
    let renamed = |stage| {
        deals(&[
            (23, "Новый", UNSAID, "11-02", None),
            (7, "Выполнен", WON, "11-06", None),
            (23, "Новый", UNSAID, "11-10", None),
            (7, stage, UNSAID, "11-12", None),
        ])
    };
    let found = SalesDoubt::WonStopped {
        deals: 7,
        due: 7,
        stages: stages(&["Завершён"]),
    };
    assert_eq!(doubt(&renamed("Завершён"), &[]), Some(found));
    assert_eq!(
        doubt(&renamed("Замер"), &[]),
        None,
        "deals pass it on their way"
    );
}

#[test]
fn deals_that_stay_where_the_stage_is_called_final_may_be_sales_beside_the_known_ones() {
    let beside = |stage, day| {
        changed(&[
            (20, "Meeting", UNSAID, "11-10"),
            (14, "Closed Won", WON, "11-12"),
            (5, stage, UNSAID, day),
        ])
    };
    let found = SalesDoubt::ClosedUnnamed {
        deals: 5,
        closed: 19,
        stages: stages(&["Оплата получена"]),
    };
    assert_eq!(doubt(&beside("Оплата получена", "10-05"), &[]), Some(found));
    assert_eq!(
        doubt(&beside("Оплата получена", "11-05"), &[]),
        None,
        "on their way"
    );
    // Twelve came there in two weeks and stayed, and as many a day have come since; of these five, few are left.
    let grows = |early| {
        changed(&[
            (14, "Closed Won", WON, "11-12"),
            (early, "Оплата получена", UNSAID, "10-05"),
            (22, "Оплата получена", UNSAID, "11-05"),
        ])
    };
    assert!(doubt(&grows(12), &[]).is_some());
    assert_eq!(doubt(&grows(5), &[]), None, "most go on");
    assert_eq!(doubt(&beside("Не оплачено", "10-05"), &[]), None);
    assert_eq!(
        doubt(&beside("Замер", "10-05"), &[]),
        None,
        "it does not sound final"
    );
}

#[test]
fn money_that_was_given_back_names_no_won_stage() {
    let all = deals(&[
        (4, "Доставлен", UNSAID, "11-10", None),
        (
            4,
            "Возвращён",
            Standing::Ended(Ending::Returned),
            "11-10",
            None,
        ),
    ]);
    let found = SalesDoubt::NeverWon {
        deals: 8,
        stages: stages(&["Доставлен"]),
    };
    assert_eq!(doubt(&all, &[]), Some(found));
}
