//! Every shipped rule by example. An origin is written as `field=value` words, `_` for a space.

use super::*;
use crate::config::shipped;

fn rules(base: &str, own: &[ChannelRule]) -> ChannelRules {
    let base = shipped::set(base).expect("a shipped set");
    ChannelRules::compile(own, BTreeMap::new(), base).expect("the patterns are valid")
}

fn origin(text: &str) -> Origin {
    let mut origin = Origin::default();
    for word in text.split_whitespace() {
        let (field, value) = word.split_once('=').expect("field=value");
        let place = match field {
            "type" => &mut origin.traffic_type,
            "engine" => &mut origin.engine,
            "group" => &mut origin.group,
            "source" => &mut origin.source,
            "medium" => &mut origin.medium,
            "campaign" => &mut origin.campaign,
            "referrer" => &mut origin.referrer_host,
            other => panic!("no field {other}"),
        };
        *place = Some(value.replace('_', " ").replace('~', "_"));
    }
    origin
}

fn assert_table(base: &str, table: &[(&str, &str)]) {
    let rules = rules(base, &[]);
    for (text, channel) in table {
        assert_eq!(
            rules.classify(&origin(text)).as_str(),
            *channel,
            "{base}: {text}"
        );
    }
}

#[test]
fn ga4_rules_give_googles_channels_in_googles_order() {
    assert_table(
        "ga4-default",
        &[
            ("source=(direct) medium=(none)", "direct"),
            ("source=(direct) medium=(not_set)", "direct"),
            ("", "direct"),
            (
                "source=google medium=cpc campaign=x-cross-network-y",
                "cross-network",
            ),
            ("source=amazon.com medium=cpc", "paid-shopping"),
            ("source=x medium=ppc campaign=spring-shop", "paid-shopping"),
            ("source=x medium=ppc campaign=workshop", "paid-other"),
            ("source=google medium=cpc", "paid-search"),
            ("source=Google medium=CPC", "paid-search"),
            ("source=yandex.ru medium=cpm", "paid-search"),
            ("source=facebook.com medium=paid-social", "paid-social"),
            ("source=youtube.com medium=retargeting", "paid-video"),
            ("source=x medium=banner", "display"),
            ("source=x medium=cpm", "display"),
            ("source=x medium=paidfoo", "paid-other"),
            ("source=amazon.com medium=referral", "organic-shopping"),
            (
                "source=x medium=y campaign=shopping-2026",
                "organic-shopping",
            ),
            ("source=vk.com medium=referral", "organic-social"),
            ("source=x medium=social-network", "organic-social"),
            ("source=youtube.com medium=referral", "organic-video"),
            ("source=x medium=myvideo1", "organic-video"),
            ("source=yandex medium=organic", "organic-search"),
            ("source=bing medium=referral", "organic-search"),
            ("source=x medium=organic", "organic-search"),
            ("source=ok.ru medium=referral", "referral"),
            ("source=x medium=app", "referral"),
            ("source=x medium=e-mail", "email"),
            ("source=my~e~mail~list medium=y", "email"),
            ("source=my-email-list medium=y", "email"),
            ("source=x medium=affiliate", "affiliates"),
            ("source=x medium=audio", "audio"),
            ("source=sms medium=x", "sms"),
            ("source=x medium=sms", "sms"),
            ("source=x medium=webpush", "mobile-push"),
            ("source=x medium=mobile-banner", "mobile-push"),
            ("source=x medium=notifications", "mobile-push"),
            ("source=firebase medium=x", "mobile-push"),
            ("source=x medium=y", "unassigned"),
            ("source=x", "unassigned"),
        ],
    );
}

#[test]
fn ga4_groups_are_taken_by_name() {
    assert_table(
        "ga4-default",
        &[
            ("group=Direct", "direct"),
            ("group=Cross-network", "cross-network"),
            ("group=Paid_Shopping", "paid-shopping"),
            ("group=Paid_Search", "paid-search"),
            ("group=Paid_Social", "paid-social"),
            ("group=Paid_Video", "paid-video"),
            ("group=Display", "display"),
            ("group=Paid_Other", "paid-other"),
            ("group=Organic_Shopping", "organic-shopping"),
            ("group=Organic_Social", "organic-social"),
            ("group=Organic_Video", "organic-video"),
            ("group=Organic_Search", "organic-search"),
            ("group=Referral", "referral"),
            ("group=Email", "email"),
            ("group=Affiliates", "affiliates"),
            ("group=Audio", "audio"),
            ("group=SMS", "sms"),
            ("group=Mobile_Push_Notifications", "mobile-push"),
            ("group=Unassigned", "unassigned"),
            ("group=Our_own_group", "unassigned"),
            ("group=Direct_Traffic", "direct"),
            ("group=Social_Media", "organic-social"),
            ("group=Referrals", "referral"),
            ("group=Email_Marketing", "email"),
            ("group=Other_Campaigns", "paid-other"),
            ("group=Offline_Sources", "unattributed"),
            ("type=ad", "paid-other"),
            ("type=email", "email"),
            ("type=messenger", "referral"),
            ("type=organic engine=yandex", "organic-search"),
            ("type=social", "organic-social"),
        ],
    );
}

#[test]
fn russian_rules_follow_the_words_of_the_analytics() {
    assert_table(
        "ru-default",
        &[
            (
                "type=ad engine=yandex~direct~star source=yandex medium=cpc",
                "yandex-direct",
            ),
            (
                "type=Переходы_по_рекламе engine=Яндекс:_Директ",
                "yandex-direct",
            ),
            ("type=ad engine=google~adwords", "google-ads"),
            ("type=ad engine=vkontakte", "vk-ads"),
            ("type=ad engine=vk~ads", "vk-ads"),
            ("type=ad engine=target~mail~ru", "vk-ads"),
            ("type=ad engine=avito~context", "avito"),
            ("type=ad engine=unknown", "other-ads"),
            ("type=organic engine=yandex", "organic-search"),
            (
                "type=organic engine=google referrer=www.google.com",
                "organic-search",
            ),
            ("type=social engine=vk", "social"),
            ("type=messenger engine=telegram referrer=t.me", "messengers"),
            ("type=messenger engine=vk", "messengers"),
            ("type=email", "email"),
            ("type=referral referrer=forum.example", "referral"),
            ("type=referral referrer=2gis.ru", "maps"),
            (
                "type=referral referrer=2gis.ru source=2gis medium=maps",
                "maps",
            ),
            ("type=referral source=yandex~maps medium=maps", "maps"),
            ("type=recommend engine=zen~yandex", "recommendations"),
            ("type=qrcode", "offline-qr"),
            ("type=internal source=yandex medium=cpc", "internal"),
            ("type=saved", "saved-pages"),
            ("type=direct", "direct"),
            ("type=undefined", "unassigned"),
            ("type=teleport", "unassigned"),
        ],
    );
}

#[test]
fn russian_rules_read_tags_where_there_is_nothing_else() {
    assert_table(
        "ru-default",
        &[
            ("source=yandex medium=cpc", "yandex-direct"),
            ("source=google medium=cpc", "google-ads"),
            ("source=vk medium=cpc", "vk-ads"),
            ("source=vk~ads", "vk-ads"),
            ("source=avito medium=x", "avito"),
            ("source=newsletter medium=email", "email"),
            ("source=unisender", "email"),
            ("source=x medium=sms", "sms"),
            ("source=x medium=qr", "offline-qr"),
            ("source=x medium=billboard", "outdoor"),
            ("source=x medium=partner", "partners"),
            ("source=x medium=cpa", "other-ads"),
            ("source=telegram medium=post", "messengers"),
            ("source=telegram medium=cpc", "other-ads"),
            ("source=x medium=smm", "social"),
            ("source=vk", "social"),
            ("source=yandex medium=organic", "organic-search"),
            ("source=dzen medium=x", "recommendations"),
            ("source=x medium=referral", "referral"),
            ("source=(direct) medium=(none)", "direct"),
            ("group=Organic_Search", "organic-search"),
            ("group=Paid_Search", "other-ads"),
            ("source=x medium=y", "unassigned"),
            ("campaign=x", "unassigned"),
        ],
    );
}

#[test]
fn russian_rules_read_the_referrer_last() {
    assert_table(
        "ru-default",
        &[
            ("referrer=yandex.ru", "organic-search"),
            ("referrer=www.google.com", "organic-search"),
            ("referrer=m.vk.com", "social"),
            ("referrer=t.me", "messengers"),
            ("referrer=dzen.ru", "recommendations"),
            ("referrer=maps.yandex.ru", "maps"),
            ("referrer=forum.example", "referral"),
            ("", "direct"),
        ],
    );
}

#[test]
fn the_ready_pipelines_tell_their_firms_channels_apart() {
    let table = [
        (
            "okna-sever",
            "type=ad engine=yandex~direct~star source=yandex medium=cpc campaign=brand~ptz",
            "yandex-direct-search",
        ),
        ("okna-sever", "campaign=poisk~mmk", "yandex-direct-search"),
        (
            "okna-sever",
            "type=ad engine=yandex~direct~star source=yandex medium=cpc campaign=rsya~ptz",
            "yandex-direct-network",
        ),
        (
            "okna-sever",
            "type=ad engine=google~adwords source=google medium=cpc campaign=g~search~ptz",
            "google-ads",
        ),
        (
            "okna-sever",
            "type=ad engine=vk~ads source=vk medium=cpc campaign=vk~okna~mmk",
            "vk-ads",
        ),
        (
            "okna-sever",
            "type=organic engine=yandex referrer=yandex.ru",
            "organic-search",
        ),
        (
            "okna-sever",
            "type=referral referrer=yandex.ru source=yandex~maps medium=maps campaign=kartochka",
            "maps",
        ),
        (
            "okna-sever",
            "type=referral referrer=2gis.ru source=2gis medium=maps campaign=kartochka",
            "maps",
        ),
        (
            "okna-sever",
            "type=email source=newsletter medium=email campaign=akcii~mesyaca",
            "email",
        ),
        ("okna-sever", "type=messenger engine=whatsapp", "messengers"),
        ("north-windows", "group=Organic_Search", "organic-search"),
        ("north-windows", "group=Referrals", "referral"),
    ];
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("pipelines");
    for (pipeline, text, channel) in table {
        let plan = crate::config::load(&folder.join(pipeline).with_extension("toml"))
            .expect("a ready pipeline");
        assert_eq!(
            plan.channels.classify(&origin(text)).as_str(),
            channel,
            "{pipeline}: {text}"
        );
    }
}

#[test]
fn own_rules_are_asked_first_and_all_conditions_must_hold() {
    let own = ChannelRule {
        channel: "yandex-direct-network".to_owned(),
        engine: Some(vec!["Yandex_Direct_Star".to_owned()]),
        campaign_matches: Some("^rsya_".to_owned()),
        ..ChannelRule::default()
    };
    let rules = rules("ru-default", &[own]);
    let channel = |text: &str| rules.classify(&origin(text)).0;
    assert_eq!(
        channel("type=ad engine=yandex~direct~star campaign=RSYA~ptz"),
        "yandex-direct-network"
    );
    assert_eq!(
        channel("type=ad engine=yandex~direct~star campaign=poisk~ptz"),
        "yandex-direct"
    );
    assert_eq!(
        channel("type=ad engine=google~adwords campaign=rsya~ptz"),
        "google-ads"
    );
}

#[test]
fn titles_come_from_the_pipeline_then_the_set_then_the_id() {
    let titles = BTreeMap::from([("maps".to_owned(), "2ГИС".to_owned())]);
    let base = shipped::set("ru-default").expect("a shipped set");
    let rules = ChannelRules::compile(&[], titles, base).expect("no rules of one's own");
    let title = |id: &str, language| rules.title(&ChannelId::new(id), language);
    assert_eq!(title("maps", Language::EN), "2ГИС");
    assert_eq!(title("organic-search", Language::RU), "Поиск");
    assert_eq!(title("organic-search", Language::EN), "Organic search");
    assert_eq!(title("leaflets", Language::EN), "leaflets");
}

#[test]
fn a_referrer_alone_is_no_tag() {
    assert!(!origin("referrer=a.example").has_tag() && !origin("").has_tag());
    assert!(origin("source=x referrer=a.example").has_tag());
}
