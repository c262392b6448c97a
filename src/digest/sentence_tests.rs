//! What a letter says of one invented week after the other: each sentence is true of its numbers, and none denies another.

use chrono::{DateTime, Utc};

use super::blocks::Block;
use super::language::Strings;
use super::letter::{Letter, counts, plain};
use super::{Digest, VerdictKind, document};
use crate::config::language::Language;
use crate::config::words;
use crate::diagnosis::codes::{CauseCode, Scope};
use crate::diagnosis::finding::{Answer, Checked, RankedCause};
use crate::diagnosis::weigh::evidence::{Evidence, Role, Value};
use crate::metrics::scorecard::RowVerdict;
use crate::metrics::values::Estimate;
use crate::model::observations::Dimension;

fn at(text: &str) -> Option<DateTime<Utc>> {
    Some(text.parse().expect("a time"))
}

/// The letter of the invented dead form, with something changed about it.
fn incident(change: impl Fn(&mut RankedCause)) -> Letter {
    let mut digest = Digest::sample(VerdictKind::Incident, Language::RU);
    let finding = &mut digest.findings[0];
    finding.causes.truncate(1);
    change(&mut finding.causes[0]);
    let cause = &finding.causes[0];
    (finding.started_at, finding.ended_at) = (cause.started_at, cause.ended_at);
    digest.verdict.cause = Some(cause.code);
    Letter::of(&digest)
}

/// Another cause in the same frame, with its evidence and its place.
fn becomes(cause: &mut RankedCause, code: CauseCode, evidence: Vec<Evidence>, scope: Scope) {
    let checks = crate::diagnosis::causes::CAUSES.iter();
    let of_code = checks.filter(|cause| cause.code == code);
    cause.checks = of_code.flat_map(|cause| cause.checks.to_vec()).collect();
    (cause.code, cause.evidence, cause.scope) = (code, evidence, scope);
}

#[test]
fn a_fault_that_is_over_is_told_in_the_past_with_its_days() {
    let letter = incident(|cause| {
        cause.started_at = at("2026-11-10T06:00:00Z");
        cause.ended_at = at("2026-11-12T06:00:00Z");
    });
    let headline = letter.headline();
    assert!(
        headline.contains("10–11 ноября не отправлялась форма"),
        "{headline}"
    );
    let step = letter.step().expect("a step");
    assert!(
        step.contains("уже прошло") && !step.contains("тестовую"),
        "{step}"
    );
    assert!(step.contains("найти потерянные заявки"), "{step}");
}

#[test]
fn a_person_is_named_in_the_nominative_and_a_tenth_of_a_deal_not_at_all() {
    let letter = incident(|cause| {
        let untouched = counts(words::evidence::managers::UNTOUCHED, 9.0, 0.1);
        let scope = Scope::from([(Dimension::Manager, "Марина Туломская".to_owned())]);
        becomes(cause, CauseCode::Managers, vec![untouched], scope);
    });
    assert_eq!(
        letter.headline(),
        "Похоже, обращения теряются (менеджер Марина Туломская): 9 нетронутых сделок, обычно почти нет"
    );
    let step = letter.step().expect("a step");
    assert!(
        step.contains("сделки (менеджер Марина Туломская) без движения"),
        "{step}"
    );
}

#[test]
fn deals_entered_twice_are_not_told_as_deals_not_closed() {
    let letter = incident(|cause| {
        let repeats = counts(words::evidence::crm_hygiene::REPEATS, 211.0, 0.0);
        becomes(cause, CauseCode::CrmHygiene, vec![repeats], Scope::new());
    });
    let headline = letter.headline();
    assert!(
        headline.contains("заведены дважды: 211 повторных сделок"),
        "{headline}"
    );
    let step = letter.step().expect("a step");
    assert!(step.contains("найти повторы"), "{step}");
    let subject = letter.subject();
    assert!(subject.contains("сделки заведены дважды"), "{subject}");
}

#[test]
fn inquiries_that_lost_their_visits_do_not_blame_the_channels() {
    let letter = incident(|cause| {
        let unknown = counts(words::evidence::tracking::UNKNOWN_CHANNEL, 202.0, 1.0);
        becomes(cause, CauseCode::Tracking, vec![unknown], Scope::new());
    });
    let headline = letter.headline();
    assert!(
        headline.contains("потеряли канал: 202 обращения без канала"),
        "{headline}"
    );
    assert!(letter.step().expect("a step").contains("ClientID"));
    assert!(letter.table("moved").is_none());
}

#[test]
fn visits_that_were_not_counted_are_no_base_for_inquiries() {
    let letter = incident(|cause| {
        let lost = counts(words::evidence::tracking::SESSIONS_LOST, 1_363.0, 5_470.0);
        becomes(cause, CauseCode::Tracking, vec![lost], Scope::new());
    });
    assert_eq!(letter.glance(0), (String::new(), String::new()));
    let table = letter.parts().find(|part| part.code == "glance");
    assert_eq!(
        table.and_then(|part| part.title.as_deref()),
        Some("Показатели недели")
    );
}

#[test]
fn the_picture_has_the_numbers_of_the_headline() {
    // The days of the sample's chart add up to others than its evidence: 0 of 58.
    let letter = incident(|cause| {
        let orders = words::evidence::forms::NO_ORDERS_PAGE_DEVICE;
        cause.evidence[0].code = orders;
    });
    let headline = letter.headline();
    assert!(headline.contains("0 обращений вместо 58"), "{headline}");
    let alts = letter.alts().join("\n");
    assert!(alts.contains("в этом месте 0, ожидалось 58"), "{alts}");
    let step = letter.step().expect("a step");
    assert!(
        step.contains("тестовый заказ") && !step.contains("заявку"),
        "{step}"
    );
}

#[test]
fn a_cause_that_is_not_known_is_not_hedged() {
    let mut digest = Digest::sample(VerdictKind::Drop, Language::RU);
    let cause = &mut digest.findings[0].causes[0];
    becomes(cause, CauseCode::Unknown, Vec::new(), Scope::new());
    digest.verdict.cause = Some(CauseCode::Unknown);
    let letter = Letter::of(&digest);
    assert_eq!(
        letter.headline(),
        "Меньше обычного: 353 обращения вместо 423, причина не установлена"
    );
    assert!(!letter.rows().join("\n").contains("Вероятность"));
}

#[test]
fn counts_that_only_failed_to_prove_a_fault_are_no_sign_of_order() {
    let checked = |evidence: Evidence| {
        let mut digest = Digest::sample(VerdictKind::Incident, Language::RU);
        digest.checked = vec![Checked {
            code: CauseCode::CrmHygiene,
            verdict: Answer::RuledOut,
            probability: 0.02,
            scope: Scope::new(),
            reason: Some(evidence),
        }];
        let letter = Letter::of(&digest);
        let lists = letter.blocks().filter_map(|block| match block {
            Block::List(items) => Some(items.iter().map(|item| plain(&item.text())).collect()),
            _ => None,
        });
        lists.collect::<Vec<Vec<String>>>().concat().join("\n")
    };
    use words::evidence::crm_hygiene as of;
    assert!(checked(counts(of::MORE_DEALS, 79.0, 82.0)).contains("обычно 82"));
    assert!(!checked(counts(of::CLOSINGS, 4.0, 12.0)).contains("Порядок"));
    assert!(!checked(counts(of::REPEATS, 1.0, 0.1)).contains("Порядок"));
}

#[test]
fn a_loss_has_no_zeros_that_promise_more_than_is_known() {
    let letter = incident(|cause| {
        cause.explains.revenue = Some(Estimate {
            value: 52_000_000.0,
            low: 1e6,
            high: 9e7,
        });
    });
    let price = letter.row("Цена").expect("a price");
    assert!(price.ends_with("52 млн ₽."), "{price}");
}

#[test]
fn a_channel_that_moved_is_not_said_to_be_as_usual() {
    let mut digest = Digest::sample(VerdictKind::Incident, Language::RU);
    digest.channels[4].verdict = RowVerdict::Worse;
    digest.verdict.worse = vec![digest.channels[4].channel.clone()];
    let normal = Letter::of(&digest).row("Остальное в норме").expect("a row");
    assert!(normal.contains("Хуже обычного: Карты и 2ГИС."), "{normal}");
}

#[test]
fn what_is_counted_over_the_whole_week_has_no_day_on_which_it_began() {
    let said = |from: &str| {
        let mut digest = Digest::sample(VerdictKind::Incident, Language::RU);
        digest.findings[0].causes[0].started_at = at(from);
        digest.findings[0].started_at = at(from);
        let document = document(&digest, Strings::shipped(Language::RU));
        let report = document.report_parts().flat_map(|part| &part.blocks);
        let texts = report.filter_map(|block| match block {
            Block::Text(text) => Some(plain(&text.text())),
            _ => None,
        });
        texts.collect::<Vec<_>>().join("\n")
    };
    // The week of the sample begins at 21:00 UTC of the Sunday before.
    assert!(!said("2026-11-08T21:00:00Z").contains("с 9 ноября"));
    assert!(said("2026-11-09T21:00:00Z").contains("с 10 ноября"));
}

#[test]
fn what_nothing_explains_of_sales_is_not_told_by_inquiries() {
    let letter = incident(|cause| {
        let refusals = counts(words::evidence::unknown::REFUSALS, 38.0, 13.0);
        becomes(cause, CauseCode::Unknown, vec![refusals], Scope::new());
    });
    assert_eq!(
        letter.headline(),
        "Похоже, из обращений выходит меньше продаж без видимой причины: 38 отказов по своим причинам, обычно 13"
    );
}

#[test]
fn a_line_that_let_calls_through_is_told_by_the_calls_that_failed() {
    let of = |observed| {
        let letter = incident(|cause| {
            let failed = counts(words::evidence::telephony::OUTBOUND_FAILED, 22.0, 1.5);
            let came = counts(words::evidence::telephony::LOSS_TRUNK, observed, 15.0);
            let evidence = vec![failed.of(Role::Quality), came.of(Role::Main)];
            becomes(cause, CauseCode::Telephony, evidence, Scope::new());
        });
        letter.headline()
    };
    let (through, dead) = (of(11.0), of(0.0));
    assert!(
        through.ends_with(": 22 исходящих звонка со сбоем, обычно 1,5"),
        "{through}"
    );
    assert!(dead.ends_with(": 0 звонков вместо 15"), "{dead}");
}

#[test]
fn growth_beyond_ten_times_is_no_percentage() {
    let letter = incident(|cause| {
        let mut unknown = counts(words::evidence::tracking::UNKNOWN_CHANNEL, 202.0, 1.0);
        let change = ("change".to_owned(), Value::Change(160.6));
        unknown.values.extend([change]);
        becomes(cause, CauseCode::Tracking, vec![unknown], Scope::new());
    });
    let rows = letter.rows().join(" ");
    assert!(
        rows.contains("202 вместо 1 (больше чем в 10 раз)") && !rows.contains("160"),
        "{rows}"
    );
}
