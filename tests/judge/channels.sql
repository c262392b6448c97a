-- Channels of a session, a tag or a row of costs, written out by hand from reading the rules of
-- pipelines/okna-sever.toml (first) and pipelines/channels/ru-default.toml (after them). It is on purpose no
-- translation by program: the judge must not share a line with what it judges.
-- All arguments are lower-case text; absent is ''.
CREATE MACRO channel_of(traffic, engine, grp, source, medium, campaign, referrer) AS CASE
    -- the firm's own rules
    WHEN regexp_matches(campaign, '^rsya_') THEN 'yandex-direct-network'
    WHEN regexp_matches(campaign, '^(brand|poisk)_') THEN 'yandex-direct-search'
    -- 1. the site itself
    WHEN traffic IN ('internal', 'внутренние переходы') THEN 'internal'
    -- 2. advertising systems that the analytics has recognised
    WHEN engine IN ('yandex_direct_star', 'yandex_direct', 'ya_direct', 'yandex direct', 'яндекс: директ',
                    'яндекс.директ', 'яндекс директ') THEN 'yandex-direct'
    WHEN engine IN ('google_adwords', 'google_ads', 'google ads', 'google adwords', 'google: ads') THEN 'google-ads'
    WHEN traffic IN ('ad', 'переходы по рекламе')
         AND engine IN ('vkontakte', 'vk', 'vk_ads', 'vk ads', 'vk реклама', 'вконтакте', 'target_mail_ru', 'mytarget')
        THEN 'vk-ads'
    WHEN engine IN ('avito_context', 'avito_promo', 'avito') THEN 'avito'
    -- 3. maps
    WHEN regexp_matches(source, '^(2gis|dgis|ymaps|yandex[._-]?maps?|maps?[._-]yandex.*|google[._-]?maps?|gmb|gbp|zoon|yell|flamp|maps?)$')
        THEN 'maps'
    WHEN medium IN ('map', 'maps', 'geo') THEN 'maps'
    WHEN source = '' AND medium = ''
         AND regexp_matches(referrer, '^(.*\.)?2gis\.[a-z]+$|^maps\.(yandex|google)\.|^(.*\.)?zoon\.ru$') THEN 'maps'
    -- 4. tags that somebody pays for
    WHEN regexp_matches(source, '^(yandex|ya|yd|direct|yandex[._-]?direct|direct[._-]?yandex|yandex\.ru)$')
         AND regexp_matches(medium, '^(.*cp[acmo].*|ppc|paid.*|ad|ads|context|search|network|rsya|retargeting|banner)$')
        THEN 'yandex-direct'
    WHEN regexp_matches(source, '^(google|adwords|google[._-]?(ads?|adwords)|g|gads)$')
         AND regexp_matches(medium, '^(.*cp[acmo].*|ppc|paid.*|ad|ads|context|search|network|kms|retargeting|banner|display)$')
        THEN 'google-ads'
    WHEN regexp_matches(source, '^(vk|vkontakte|vk\.com|vk[._-]?(ads?|reklama|target)|vkads|my_?target|target\.my\.com)$')
         AND regexp_matches(medium, '^(.*cp[acmo].*|ppc|paid.*|ad|ads|target.*|retargeting|banner)$') THEN 'vk-ads'
    WHEN source IN ('vk_ads', 'vkads', 'vk-ads', 'mytarget', 'my_target') THEN 'vk-ads'
    WHEN source IN ('avito', 'avito.ru') THEN 'avito'
    -- … and those that nobody does
    WHEN regexp_matches(medium, '^(e[-_ ]?mail.*|mailing|newsletter|rassylka|триггер|рассылка)$') THEN 'email'
    WHEN regexp_matches(source, '^(e[-_ ]?mail.*|newsletter|unisender|sendpulse|sendsay|mindbox|dashamail|рассылка)$')
        THEN 'email'
    WHEN medium IN ('sms', 'смс') OR source IN ('sms', 'смс') THEN 'sms'
    WHEN regexp_matches(medium, '^(qr|qr[-_ ]?code|qrcode)$') OR regexp_matches(source, '^(qr|qr[-_ ]?code|qrcode)$')
        THEN 'offline-qr'
    WHEN regexp_matches(medium, '^(outdoor|offline|billboard|ooh|flyer|print|radio|tv)$') THEN 'outdoor'
    WHEN medium IN ('affiliate', 'affiliates', 'partner', 'partners') THEN 'partners'
    WHEN medium IN ('messenger', 'messengers') THEN 'messengers'
    WHEN regexp_matches(medium, '^(.*cp[acmo].*|ppc|paid.*|retargeting|banner|display|target|context|ads?)$')
        THEN 'other-ads'
    WHEN regexp_matches(source, '^(telegram|tg|t\.me|whatsapp|wa\.me|wa|viber|max)$') THEN 'messengers'
    WHEN medium IN ('social', 'smm', 'social-network', 'social-media', 'sm', 'social network', 'social media', 'post', 'posts')
        THEN 'social'
    WHEN regexp_matches(source, '^(vk|vkontakte|vk\.com|m\.vk\.com|ok|ok\.ru|odnoklassniki|odnoklassniki\.ru|youtube|rutube|instagram|facebook|tiktok)$')
        THEN 'social'
    WHEN medium IN ('organic', 'seo') THEN 'organic-search'
    WHEN regexp_matches(source, '^(dzen|zen|dzen\.ru|zen\.yandex(\.ru)?)$') THEN 'recommendations'
    WHEN medium IN ('referral', 'link', 'site') THEN 'referral'
    WHEN source = '(direct)' THEN 'direct'
    -- 5. the analytics' traffic types and groups
    WHEN traffic IN ('ad', 'переходы по рекламе') THEN 'other-ads'
    WHEN traffic IN ('organic', 'search', 'переходы из поисковых систем') THEN 'organic-search'
    WHEN traffic IN ('social', 'переходы из социальных сетей') THEN 'social'
    WHEN traffic IN ('messenger', 'переходы из мессенджеров') THEN 'messengers'
    WHEN traffic IN ('email', 'переходы с почтовых рассылок', 'переходы по email-рассылкам') THEN 'email'
    WHEN traffic IN ('recommend', 'переходы из рекомендательных систем') THEN 'recommendations'
    WHEN traffic IN ('qrcode', 'переходы по qr-коду', 'переходы по qr-кодам') THEN 'offline-qr'
    WHEN traffic IN ('referral', 'website', 'переходы по ссылкам на сайтах') THEN 'referral'
    WHEN traffic IN ('saved', 'переходы с сохраненных страниц', 'переходы с сохранённых страниц') THEN 'saved-pages'
    WHEN traffic IN ('direct', 'прямые заходы') THEN 'direct'
    WHEN traffic IN ('undefined', 'не определен', 'не определён', 'не определено') THEN 'unassigned'
    WHEN grp = 'organic search' THEN 'organic-search'
    WHEN grp IN ('paid search', 'paid social', 'paid video', 'paid other', 'paid shopping', 'display', 'cross-network')
        THEN 'other-ads'
    WHEN grp IN ('organic social', 'organic video') THEN 'social'
    WHEN grp = 'referral' THEN 'referral'
    WHEN grp = 'email' THEN 'email'
    WHEN grp = 'sms' THEN 'sms'
    WHEN grp = 'affiliates' THEN 'partners'
    WHEN grp = 'direct' THEN 'direct'
    -- 6. nothing but a referrer
    WHEN source = '' AND medium = '' AND traffic = '' AND grp = '' THEN CASE
        WHEN regexp_matches(referrer, '^(.*\.)?(yandex\.[a-z.]+|ya\.ru|google\.[a-z.]+|bing\.com|duckduckgo\.com|go\.mail\.ru|rambler\.ru|yahoo\.com)$')
            THEN 'organic-search'
        WHEN regexp_matches(referrer, '^(.*\.)?(vk\.com|vk\.ru|ok\.ru|odnoklassniki\.ru|youtube\.com|rutube\.ru|instagram\.com|facebook\.com|tiktok\.com)$')
            THEN 'social'
        WHEN regexp_matches(referrer, '^(.*\.)?(t\.me|telegram\.(org|me)|wa\.me|whatsapp\.com|viber\.com)$|^org\.telegram\.messenger')
            THEN 'messengers'
        WHEN regexp_matches(referrer, '^(.*\.)?(dzen\.ru|zen\.yandex\.ru)$') THEN 'recommendations'
        WHEN referrer <> '' THEN 'referral'
        WHEN campaign = '' AND engine = '' THEN 'direct'
        ELSE 'unassigned' END
    ELSE 'unassigned'
END;
