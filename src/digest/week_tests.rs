//! What a letter says of weeks in which no cause was found: no more than is known.

use super::letter::{Letter, counts};
use super::samples::scorecard;
use super::{Digest, VerdictKind};
use crate::config::language::Language;
use crate::config::words;
use crate::diagnosis::Diagnosis;
use crate::diagnosis::codes::{CauseCode, Scope};
use crate::diagnosis::finding::{Answer, Checked, LostSegment};
use crate::metrics::scorecard::Scorecard;
use crate::model::change::Change;
use crate::model::facts::ContactKind;
use crate::model::observations::Dimension;

/// A quiet week with a cause that is not excluded.
fn suspected(probability: f64) -> Letter {
    let mut digest = Digest::sample(VerdictKind::NothingSignificant, Language::RU);
    digest.checked = vec![Checked {
        code: CauseCode::Telephony,
        verdict: Answer::NotExcluded,
        probability,
        scope: Scope::new(),
        reason: Some(counts(
            words::evidence::telephony::OUTBOUND_FAILED,
            22.0,
            1.8,
        )),
    }];
    Letter::of(&digest)
}

#[test]
fn a_quiet_week_promises_no_more_than_it_knows() {
    let quiet = Letter::of(&Digest::sample(
        VerdictKind::NothingSignificant,
        Language::RU,
    ));
    assert!(
        quiet.rows()[0].contains("Поломок не видно"),
        "{:?}",
        quiet.rows()
    );
    assert_eq!(quiet.step(), None);
    assert!(
        quiet.row("Всё как обычно").is_some() && suspected(0.38).row("Всё как обычно").is_none()
    );
    let unclear = suspected(0.38);
    assert!(
        unclear.rows()[0].contains("Явных поломок не видно"),
        "{:?}",
        unclear.rows()
    );
    assert!(
        unclear
            .row("Не исключено")
            .expect("a row")
            .contains("не работает телефония")
    );
    assert_eq!(unclear.step(), None);
    let likely = suspected(0.64);
    assert!(
        !likely.rows().join("\n").contains("ничего не нужно"),
        "{:?}",
        likely.rows()
    );
    assert!(
        likely
            .step()
            .expect("a step")
            .contains("позвонить на линию")
    );
}

#[test]
fn data_that_are_not_fit_show_no_deviation() {
    let mut digest = Digest::sample(VerdictKind::DataNotFit, Language::RU);
    let whole = Digest::sample(VerdictKind::NothingSignificant, Language::RU);
    (digest.totals, digest.tests) = (whole.totals, whole.tests);
    let letter = Letter::of(&digest);
    for row in 0..3 {
        assert_eq!(letter.glance(row).1, "", "row {row}");
    }
}

#[test]
fn nothing_is_called_ordinary_before_anybody_knows_what_is() {
    let mut digest = Digest::sample(VerdictKind::NothingSignificant, Language::RU);
    digest.totals.usual = None;
    let letter = Letter::of(&digest);
    assert_eq!(
        letter.headline(),
        "Неделя: 423 обращения, 97 продаж на 8,15 млн ₽"
    );
    assert!(
        letter.rows()[0].contains("ещё неизвестны"),
        "{:?}",
        letter.rows()
    );
}

/// A week whose matured inquiries were bought by fewer than ever, and whose form died as well.
fn bought_by_fewer() -> Digest {
    let mut card = scorecard(VerdictKind::Incident, Language::RU);
    let cohort = card.mature_cohort.as_mut().expect("a cohort");
    cohort.rate.value = Some(0.162);
    cohort.change = Change::Points {
        value: -7.0,
        low: -11.0,
        high: -3.0,
        beyond_noise: true,
    };
    let diagnosis = Diagnosis {
        findings: Digest::sample(VerdictKind::Incident, Language::RU).findings,
        ..Diagnosis::default()
    };
    Digest::of_parts(card, diagnosis, Language::RU)
}

#[test]
fn fewer_sales_are_told_against_their_usual_and_not_checked_by_a_test_request() {
    let letter = Letter::of(&bought_by_fewer());
    let headline = letter.headline();
    assert!(
        headline.ends_with("купили 16,2 %, обычно 20,0–29,0 %"),
        "{headline}"
    );
    let step = letter.step().expect("a step");
    assert!(step.contains("десять первых разговоров"), "{step}");
    let beside = letter.row("Найдено ещё").expect("what else was found");
    assert!(beside.contains("не отправляется форма"), "{beside}");
    let (under, word) = letter.glance(3);
    assert_eq!((&*under, &*word), ("обычно 20,0–29,0 %", "ниже обычного"));
}

/// A week in which one place lost its inquiries.
fn lost(scope: Scope, observed: f64, expected: f64) -> Letter {
    let card: Scorecard = scorecard(VerdictKind::NothingSignificant, Language::RU);
    let place = LostSegment {
        scope,
        observed,
        expected,
        score: 9.0,
    };
    let diagnosis = Diagnosis {
        segments: vec![place],
        ..Diagnosis::default()
    };
    Letter::of(&Digest::of_parts(card, diagnosis, Language::RU))
}

#[test]
fn a_place_is_named_as_people_name_it_and_the_rest_is_usual_only_where_it_is() {
    let region = |text: &str| Scope::from([(Dimension::Region, text.to_owned())]);
    let here = lost(region("Екатеринбург"), 90.0, 110.0);
    assert_eq!(
        here.headline(),
        "Регион Екатеринбург: 90 обращений вместо 110"
    );
    assert!(
        here.row("Что изменилось")
            .expect("a row")
            .contains("как обычно")
    );
    assert!(!here.step().expect("a step").contains("объявление"));
    let campaign = Scope::from([(Dimension::Campaign, String::new())]);
    let letter = lost(campaign, 0.0, 110.0);
    assert!(
        letter
            .headline()
            .starts_with("Визиты без рекламной кампании")
    );
    // All brought 423, as usual: where 110 are missing in one place, the others brought far more.
    let changed = letter.row("Что изменилось").expect("a row");
    assert!(!changed.contains("как обычно"), "{changed}");
    assert!(!letter.row("Уверенность").expect("a row").contains("раз в"));
}

#[test]
fn the_chance_of_one_channel_is_that_of_any_of_them() {
    let mut digest = Digest::sample(VerdictKind::NothingSignificant, Language::RU);
    digest.verdict.kind = VerdictKind::Drop;
    digest.verdict.p_value = Some(0.003);
    let alone = Letter::of(&digest);
    digest.verdict.channel = Some(digest.channels[0].channel.clone());
    let among = Letter::of(&digest);
    let certainty = |letter: &Letter| letter.row("Уверенность").expect("a row");
    assert!(certainty(&alone).contains("высокая. Случайно такое бывает примерно раз в 330"));
    // Five of the eight channels of the sample have a usual: 1 − 0,997⁵ = 0,0149.
    let text = certainty(&among);
    assert!(
        text.contains("средняя. Случайно такое бывает примерно раз в 67"),
        "{text}"
    );
}

#[test]
fn an_order_of_a_shop_is_asked_for_where_nobody_calls() {
    let mut digest = Digest::sample(VerdictKind::NothingSignificant, Language::RU);
    digest.verdict.kind = VerdictKind::Drop;
    digest.contacts = [(ContactKind::Deal, 135)].into();
    let step = Letter::of(&digest).step().expect("a step");
    assert!(
        step.contains("тестовый заказ") && !step.contains("позвонить"),
        "{step}"
    );
}
