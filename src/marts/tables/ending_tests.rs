//! What deals of different CRMs say about their state, and on which day they ended.

use super::*;
use crate::config::rules::Words;

fn rules(won: &[&str], lost: &[&str]) -> SalesRules {
    let words =
        |list: &[&str]| Words::from(list.iter().map(|&word| word.to_owned()).collect::<Vec<_>>());
    SalesRules {
        deal_window_days: 90,
        horizon_days: 90,
        mature_days: 28,
        won_stages: words(won),
        lost_stages: words(lost),
    }
}

fn standing(stated: Stated<'_>) -> Standing {
    stated.standing(&rules(&["Договор подписан"], &["Корзина"]))
}

fn at_stage(stage: &str) -> Stated<'_> {
    Stated {
        stage,
        amount: Minor(100),
        ..Stated::default()
    }
}

const WON: Standing = Standing::Ended(Ending::Won);
const LOST: Standing = Standing::Ended(Ending::Lost);

#[test]
fn the_state_column_decides_whatever_the_stage_is_called() {
    let state = |is_won, is_lost, is_closed, stage| {
        standing(Stated {
            is_won,
            is_lost,
            is_closed,
            ..at_stage(stage)
        })
    };
    let (yes, no) = (Some(true), Some(false));
    assert_eq!(state(yes, no, None, "Contract signed"), WON);
    assert_eq!(state(no, yes, None, "Gone"), LOST);
    assert_eq!(state(no, None, yes, "Gone"), LOST, "closed and not won");
    assert_eq!(state(no, no, None, "Contract signed"), Standing::Open);
    assert_eq!(
        state(no, None, None, "Closed Won"),
        Standing::Open,
        "the label has been kept, the state says that it is not won"
    );
    assert_eq!(state(no, None, None, "Closed Lost"), LOST);
}

#[test]
fn what_is_paid_and_cancelled_is_no_sale() {
    let paid = |stage, status, is_lost| {
        standing(Stated {
            is_won: Some(true),
            is_lost,
            status,
            ..at_stage(stage)
        })
    };
    assert_eq!(paid("Отменён", "", None), LOST);
    assert_eq!(paid("Выполнен", "", Some(true)), LOST);
    assert_eq!(paid("Выполнен", "lost", None), LOST);
    assert_eq!(paid("Закрыто без отмены", "", Some(false)), WON);
}

#[test]
fn a_cancelled_order_is_lost_unless_its_state_says_that_it_is_open() {
    assert_eq!(standing(at_stage("Отменён")), LOST);
    let open = Stated {
        is_won: Some(false),
        is_lost: Some(false),
        ..at_stage("cancelled")
    };
    assert_eq!(standing(open), Standing::Open);
}

#[test]
fn the_pipelines_own_words_go_before_the_state() {
    let said = Stated {
        is_won: Some(true),
        ..at_stage("КОРЗИНА")
    };
    assert_eq!(standing(said), LOST);
    assert_eq!(standing(at_stage("договор\u{a0}подписан ")), WON);
}

#[test]
fn one_name_may_mean_different_things_in_two_pipelines() {
    let rules = rules(&["Сервис / Закрыто"], &["Закрыто"]);
    let of = |pipeline| {
        Stated {
            pipeline,
            ..at_stage("Закрыто")
        }
        .standing(&rules)
    };
    assert_eq!((of("Сервис"), of("Продажи")), (WON, LOST));
}

#[test]
fn final_stages_are_known_in_every_spelling() {
    for stage in [
        "Closed Won",
        "closedwon",
        "Closed - won",
        "CLOSED & WON",
        "C2:WON",
        "Сделка успешна",
    ] {
        assert_eq!(standing(at_stage(stage)), WON, "{stage}");
    }
    for stage in [
        "Closed - lost",
        "C12:LOSE",
        "apology",
        "Закрыто и\u{a0}не реализовано",
    ] {
        assert_eq!(standing(at_stage(stage)), LOST, "{stage}");
    }
}

#[test]
fn a_stage_that_nobody_knows_says_nothing_but_may_be_closed() {
    assert_eq!(
        standing(at_stage("Contract signed")),
        Standing::Unsaid { closed: false }
    );
    let closed = Stated {
        has_closing_day: true,
        ..at_stage("Contract signed")
    };
    assert_eq!(standing(closed), Standing::Unsaid { closed: true });
    let read_as_open = Stated {
        status: "open",
        ..closed
    };
    assert_eq!(standing(read_as_open), Standing::Unsaid { closed: false });
    let open = Stated {
        is_closed: Some(false),
        ..at_stage("В работе")
    };
    assert_eq!(standing(open), Standing::Open);
}

#[test]
fn money_that_went_back_is_no_sale() {
    let won = at_stage("Closed Won");
    let with = |amount, refund| {
        standing(Stated {
            amount: Minor(amount),
            refund: Minor(refund),
            ..won
        })
    };
    assert_eq!(with(-500, 0), Standing::Ended(Ending::Refund));
    assert_eq!(with(500, 500), Standing::Ended(Ending::Returned));
    assert_eq!(with(500, 200), WON, "the rest was sold");
    assert_eq!(with(0, 0), WON, "a deal without an amount is a sale");
    let status = Stated {
        status: "returned",
        ..won
    };
    assert_eq!(standing(status), Standing::Ended(Ending::Returned));
    assert_eq!(
        standing(at_stage("Возврат")),
        Standing::Ended(Ending::Returned)
    );
    let row = Stated {
        amount: Minor(-100),
        ..at_stage("Refunded")
    };
    assert_eq!(standing(row), Standing::Ended(Ending::Refund));
}

#[test]
fn a_refund_with_a_day_of_its_own_leaves_the_sale_on_its_day() {
    let paid = Stated {
        status: "won",
        has_closing_day: true,
        has_refund_day: true,
        refund: Minor(100),
        ..at_stage("Возврат")
    };
    assert_eq!(standing(paid), WON);
    for status in ["returned", "refund"] {
        let says_so = Stated { status, ..paid };
        assert_eq!(standing(says_so), WON);
        let unknown = Stated {
            has_closing_day: false,
            ..says_so
        };
        assert_ne!(standing(unknown), WON, "nobody says when it was sold");
        let undated = Stated {
            has_refund_day: false,
            ..says_so
        };
        assert_ne!(standing(undated), WON);
    }
    let lost = Stated {
        status: "lost",
        ..paid
    };
    assert_eq!(standing(lost), Standing::Ended(Ending::Lost));
    let row = Stated {
        amount: Minor(-100),
        ..paid
    };
    assert_eq!(standing(row), Standing::Ended(Ending::Refund));
}

fn at(text: &str) -> DateTime<Utc> {
    format!("2026-{text}:00Z")
        .parse()
        .expect("a test writes real times")
}

fn dates(planned: &str, updated: Option<&str>) -> Dates {
    Dates {
        created_at: at("11-10T10:01"),
        updated_at: updated.map(at),
        closed_at: None,
        stage_changed_at: None,
        planned_close_at: Some(at(planned)),
    }
}

#[test]
fn a_plan_counts_only_where_it_lies_between_the_entry_and_the_last_word() {
    let read_at = at("11-16T06:00");
    let ended = |dates: Dates| dates.ended_at(read_at);
    let updated = Some("11-14T10:00");
    assert_eq!(
        ended(dates("11-30T00:00", updated)),
        at("11-14T10:00"),
        "not yet"
    );
    assert_eq!(
        ended(dates("11-01T00:00", updated)),
        at("11-14T10:00"),
        "before the entry"
    );
    assert_eq!(ended(dates("11-12T00:00", updated)), at("11-12T00:00"));
    assert_eq!(
        ended(dates("11-10T00:00", updated)),
        at("11-10T10:01"),
        "the day of entry"
    );
    assert_eq!(ended(dates("11-15T00:00", None)), at("11-15T00:00"));
    assert_eq!(ended(dates("11-17T00:00", None)), at("11-10T10:01"));
}

#[test]
fn a_stated_day_goes_before_a_change_of_stage_and_that_before_a_plan() {
    let mut stated = dates("11-12T00:00", Some("11-14T10:00"));
    stated.stage_changed_at = Some(at("11-13T09:00"));
    assert_eq!(stated.ended_at(at("11-16T06:00")), at("11-13T09:00"));
    stated.closed_at = Some(at("11-11T12:00"));
    assert_eq!(stated.ended_at(at("11-16T06:00")), at("11-11T12:00"));
}
