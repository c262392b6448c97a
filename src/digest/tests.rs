//! Tests of the digest as a whole: headline kinds, the schema.

use super::contract::readable;
use super::*;
use crate::config::language::Language;
use crate::diagnosis::codes::CauseCode;
use crate::diagnosis::finding::RankedCause;
use crate::model::change::Change;
use crate::model::metric::Metric;

/// A digest in the shipped words of its language.
fn laid_out(digest: &Digest) -> Document {
    document(digest, language::Strings::shipped(digest.pipeline.language))
}

fn headline(kind: VerdictKind, language: Language) -> String {
    let document = laid_out(&Digest::sample(kind, language));
    match &document.parts[0].blocks[0] {
        blocks::Block::Headline(headline) => headline.text.clone(),
        other => panic!("the first block is the headline, not {other:?}"),
    }
}

#[test]
fn every_kind_of_headline_says_what_it_means() {
    let cases = [
        (
            VerdictKind::Drop,
            "Похоже, не\u{a0}отправляется форма на\u{a0}/okna?<script>alert(1)</script> с\u{a0}телефонов: 0\u{a0}заявок вместо\u{a0}58",
        ),
        (
            VerdictKind::Incident,
            "Похоже, не\u{a0}отправляется форма на\u{a0}/okna?<script>alert(1)</script> с\u{a0}телефонов: 0\u{a0}заявок вместо\u{a0}58",
        ),
        (
            VerdictKind::Rise,
            "Больше обычного: 468\u{a0}обращений, ждали\u{a0}423",
        ),
        (
            VerdictKind::NothingSignificant,
            "Обычная неделя: 423\u{a0}обращения, 97\u{a0}продаж на\u{a0}8,15\u{a0}млн\u{a0}₽",
        ),
        (
            VerdictKind::DataNotFit,
            "Выводов пока нет: данные неполные (asterisk, amocrm)",
        ),
        (
            VerdictKind::FirstPeriod,
            "Первая сводка: 423\u{a0}обращения, сравнивать пока не\u{a0}с\u{a0}чем",
        ),
        (VerdictKind::NoTraffic, "За период нет ни одного визита"),
        (
            VerdictKind::AllTooSmall,
            "Для выводов мало данных: 8\u{a0}обращений",
        ),
    ];
    for (kind, text) in cases {
        assert_eq!(Digest::sample(kind, Language::RU).verdict.kind, kind);
        assert_eq!(headline(kind, Language::RU), text);
    }
    assert_eq!(
        headline(VerdictKind::Drop, Language::EN),
        "It looks like the form is not sending on /okna?<script>alert(1)</script> from phones: 0\u{a0}requests instead of\u{a0}58"
    );
}

#[test]
fn every_metric_that_moved_has_a_headline_in_both_languages() {
    let metrics = [
        Metric::Conv1,
        Metric::Conv2,
        Metric::Inquiries,
        Metric::Sessions,
    ];
    let changes = [
        Change::Percent {
            value: -1.4,
            beyond_noise: true,
        },
        Change::Points {
            value: 0.42,
            low: 0.1,
            high: 0.7,
            beyond_noise: true,
        },
        Change::Gone,
    ];
    for (kind, language) in [
        (VerdictKind::Drop, Language::RU),
        (VerdictKind::Rise, Language::EN),
    ] {
        let mut digest = Digest::sample(kind, language);
        for (metric, change) in metrics
            .iter()
            .flat_map(|metric| changes.iter().map(move |change| (metric, change)))
        {
            for channel in [None, Some(digest.channels[5].channel.clone())] {
                (
                    digest.verdict.metric,
                    digest.verdict.change,
                    digest.verdict.channel,
                ) = (Some(*metric), Some(*change), channel);
                let document = laid_out(&digest);
                let text = format!("{:?} {}", document.parts[0], document.subject);
                assert!(
                    !text.contains("headline.") && !text.contains("subject."),
                    "{text}"
                );
                assert!(
                    document.subject.chars().count() <= 70,
                    "{}",
                    document.subject
                );
            }
        }
    }
}

#[test]
fn json_reads_back_as_the_same_digest() {
    for digest in Digest::samples(Language::RU) {
        let json = serde_json::to_string(&digest).expect("a digest is written");
        let back: Digest = serde_json::from_str(&json).expect("a digest is read");
        let shown = |digest: &Digest| {
            let look = crate::output::Look::shipped(Language::RU);
            crate::output::render_all(digest, &look)
                .expect("rendered")
                .text()
                .to_owned()
        };
        assert_eq!(shown(&back), shown(&digest));
        assert_eq!(
            (back.verdict.kind, back.totals.measures),
            (digest.verdict.kind, digest.totals.measures)
        );
    }
}

#[test]
fn subjects_fit_and_hold_the_period() {
    for digest in Digest::samples(Language::RU).chain(Digest::samples(Language::EN)) {
        let subject = laid_out(&digest).subject;
        assert!(subject.chars().count() <= 70, "{subject}");
        assert!(subject.contains("9–15\u{a0}"), "{subject}");
    }
}

#[test]
fn a_subject_hedges_its_cause_and_never_cuts_it() {
    for language in [Language::RU, Language::EN] {
        let hedges = if language == Language::RU {
            ["похоже, ", "возможно, "]
        } else {
            ["likely ", "possibly "]
        };
        for (kind, code) in [VerdictKind::Drop, VerdictKind::Incident]
            .into_iter()
            .flat_map(|kind| CauseCode::ALL.map(|code| (kind, code)))
        {
            let mut digest = Digest::sample(kind, language);
            digest.findings[0].causes[0].code = code;
            digest.verdict.cause = Some(code);
            for version in [1, 2] {
                digest.report_version = version;
                let subject = laid_out(&digest).subject;
                let strings = language::Strings::shipped(language);
                let short = strings.fill(causes::CauseWords::of(code).short, &[]);
                assert!(
                    subject.chars().count() <= 70 && subject.contains(" · 9–15\u{a0}"),
                    "{subject}"
                );
                let hedged = code == CauseCode::Unknown
                    || hedges.iter().any(|hedge| subject.contains(hedge));
                assert!(!subject.contains(&short) || hedged, "{subject}");
                assert!(!subject.contains('…'), "{subject}");
                assert_eq!(
                    version == 2,
                    subject.starts_with("Уточнение: ") || subject.starts_with("Update: "),
                    "{subject}"
                );
            }
        }
    }
}

#[test]
fn no_language_leaves_a_place_unfilled() {
    let places = regex::Regex::new(r"\{[a-z_]+\}").expect("a regular expression");
    for digest in Digest::samples(Language::RU).chain(Digest::samples(Language::EN)) {
        let text = format!("{:?}", laid_out(&digest));
        for key in language::Strings::shipped(digest.pipeline.language).keys() {
            assert!(
                !text.contains(&format!("\"{key}\"")),
                "{key} shows as itself"
            );
        }
        let document = laid_out(&digest);
        for part in &document.parts {
            let shown = format!("{:?} {:?}", part.title, part.blocks);
            assert!(
                places.find(&shown).is_none(),
                "{:?} in {}",
                places.find(&shown),
                part.code
            );
        }
    }
}

/// Follows a `$ref` and takes the branch of `anyOf` or `oneOf` that the value fits.
fn resolve<'a>(
    schema: &'a serde_json::Value,
    root: &'a serde_json::Value,
    value: &serde_json::Value,
) -> &'a serde_json::Value {
    if let Some(pointer) = schema["$ref"]
        .as_str()
        .and_then(|text| text.strip_prefix('#'))
    {
        return resolve(
            root.pointer(pointer).expect("every $ref has a target"),
            root,
            value,
        );
    }
    let branches = ["anyOf", "oneOf"]
        .iter()
        .find_map(|word| schema[*word].as_array());
    let Some(branches) = branches else {
        return schema;
    };
    let fits = |branch: &&serde_json::Value| match &branch["properties"]["kind"] {
        kind if kind["const"].is_string() => kind["const"] == value["kind"],
        kind if kind["enum"].is_array() => kind["enum"]
            .as_array()
            .is_some_and(|kinds| kinds.contains(&value["kind"])),
        _ => branch["type"] != "null",
    };
    resolve(
        branches.iter().find(fits).expect("a branch fits"),
        root,
        value,
    )
}

/// Every key of a value is in the schema, and every key that the schema requires is in the value.
fn agree(
    schema: &serde_json::Value,
    root: &serde_json::Value,
    value: &serde_json::Value,
    path: &str,
) {
    if value.is_null() {
        return;
    }
    let schema = resolve(schema, root, value);
    if let Some(items) = value.as_array() {
        items
            .iter()
            .for_each(|item| agree(&schema["items"], root, item, &format!("{path}[]")));
    }
    let Some(object) = value.as_object() else {
        return;
    };
    for (key, value) in object {
        let named = schema["properties"].get(key);
        let any = Some(&schema["additionalProperties"]).filter(|any| any.is_object());
        let property = named
            .or(any)
            .unwrap_or_else(|| panic!("{path}.{key} is not in the schema"));
        agree(property, root, value, &format!("{path}.{key}"));
    }
    for key in schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|key| key.as_str())
    {
        assert!(
            object.contains_key(key),
            "{path}.{key} is required and absent"
        );
    }
}

/// The words that a definition of the schema allows.
fn allowed(schema: &serde_json::Value) -> Vec<&str> {
    let words = schema["enum"].as_array().expect("a list of words");
    words.iter().filter_map(|word| word.as_str()).collect()
}

#[test]
fn the_schema_knows_every_cause() {
    let schema: serde_json::Value =
        serde_json::from_str(include_str!("../../docs/digest.schema.json"))
            .expect("the schema is JSON");
    let causes = CauseCode::ALL.map(CauseCode::as_str);
    assert_eq!(allowed(&schema["$defs"]["cause_code"]), causes);
}

#[test]
fn the_schema_and_the_digest_have_the_same_keys() {
    let schema: serde_json::Value =
        serde_json::from_str(include_str!("../../docs/digest.schema.json"))
            .expect("the schema is JSON");
    for digest in Digest::samples(Language::RU) {
        let digest = serde_json::to_value(&digest).expect("a digest is written");
        agree(&schema, &schema, &digest, "digest");
    }
    assert_eq!(
        schema["properties"]["schema_version"]["const"],
        SCHEMA_VERSION
    );
}

#[test]
fn while_a_hole_in_the_data_is_likely_no_other_cause_is_named() {
    let mut findings = Digest::sample(VerdictKind::Drop, Language::RU).findings;
    let other = findings[0].causes[0].clone();
    findings[0].causes.insert(
        0,
        RankedCause {
            code: CauseCode::DataGap,
            ..other
        },
    );
    let codes: Vec<CauseCode> = readable(findings)[0]
        .causes
        .iter()
        .map(|cause| cause.code)
        .collect();
    assert_eq!(codes, [CauseCode::DataGap]);
}
