//! What mail programs drop: the HTML of a mail held against lists of what Gmail, Outlook (Word), Apple Mail, Yandex Mail
//! and Mail.ru keep. Sources: caniemail.com and the notes on each rule.

use std::sync::LazyLock;

use regex::Regex;

/// Something that a mail program would drop or break.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Line of the page, from 1.
    pub line: usize,
    /// The tag, attribute or declaration.
    pub what: String,
    /// Who drops it, or what is expected.
    pub why: &'static str,
}

/// Elements that all of them show.
const TAGS: &[&str] = &[
    "!doctype", "html", "head", "meta", "title", "style", "body", "div", "table", "thead", "tbody",
    "tr", "td", "th", "p", "h1", "h2", "h3", "span", "b", "br", "ul", "ol", "li", "img", "a",
];

/// Declarations that may stand in an element, and in which elements: empty is any.
const DECLARATIONS: &[(&str, &[&str])] = &[
    ("color", &[]),
    ("background-color", &[]),
    ("font-family", &[]),
    ("font-size", &[]),
    ("font-weight", &[]),
    ("line-height", &[]),
    ("text-align", &[]),
    ("text-decoration", &["a"]),
    ("white-space", &[]),
    ("word-break", &[]),
    ("border", &[]),
    ("border-top", &[]),
    ("border-bottom", &[]),
    ("border-collapse", &["table"]),
    ("border-radius", &[]),
    ("margin", &[]),
    ("margin-top", &[]),
    ("width", &[]),
    ("height", &["img", "td", "table"]),
    // Word knows padding in cells only; lists and the body are padded for the others.
    ("padding", &["td", "th", "ul", "ol", "body", "li"]),
    ("padding-left", &["td", "th"]),
    ("max-width", &["table", "img", "div"]),
    ("max-height", &["div"]),
    ("display", &["div", "img"]),
    ("overflow", &["div"]),
    ("mso-hide", &["div"]),
];

/// What no value may hold, and who minds.
const VALUES: &[(&str, &str)] = &[
    (
        r"calc\(|var\(|env\(",
        "Gmail, Outlook and Yandex Mail drop functions of CSS",
    ),
    (
        r"rgb|hsl|oklch|color\(",
        "Gmail drops the whole attribute: colours are #RRGGBB",
    ),
    (r"url\(", "background pictures are dropped"),
    (r"!important", "Outlook drops it in an element"),
    (r"/\*", "Mail.ru drops an attribute with a comment"),
    (
        r"-apple-system",
        "Yandex Mail drops an attribute with a leading hyphen",
    ),
    (
        r"(^|[\s:])-\s*\d|\d-(\s|$)",
        "Yandex Mail drops an attribute with a negative number",
    ),
    (
        r"\b(flex|grid|absolute|fixed|sticky)\b",
        "Outlook and Gmail drop it",
    ),
];

static PATTERNS: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    VALUES
        .iter()
        .map(|(pattern, why)| (compiled(pattern), *why))
        .collect()
});
static TAG: LazyLock<Regex> = LazyLock::new(|| {
    compiled(r#"(?s)<!--.*?-->|<(!?[a-zA-Z][a-zA-Z0-9:]*)((?:\s+[^\s=>]+(?:="[^"]*")?)*)\s*/?>"#)
});
static ATTRIBUTE: LazyLock<Regex> = LazyLock::new(|| compiled(r#"([^\s=]+)="([^"]*)""#));
static STYLE: LazyLock<Regex> = LazyLock::new(|| compiled(r"(?s)<style>(.*?)</style>"));
static QUERY: LazyLock<Regex> = LazyLock::new(|| compiled(r"@(\w+)([^{]*)\{"));
static KEPT_QUERY: LazyLock<Regex> = LazyLock::new(|| {
    compiled(r"^\s*(screen and )?\((prefers-color-scheme:dark|m(in|ax)-width:\d+px)\)\s*$")
});

fn compiled(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the patterns are fixed and compiled by the tests")
}

/// Bytes that Gmail shows of a page without cutting it, with room to spare.
pub const LARGEST: usize = 75_000;
/// Bytes of one style sheet that Gmail reads.
const LARGEST_STYLE: usize = 16_000;

/// Everything in the HTML of a mail that some program would drop, by line.
pub fn lint(html: &str) -> Vec<Fault> {
    let line = |at: usize| html[..at].matches('\n').count() + 1;
    let mut faults = Vec::new();
    let mut say = |at: usize, what: &str, why| {
        faults.push(Fault {
            line: line(at),
            what: what.to_owned(),
            why,
        })
    };
    if html.len() > LARGEST {
        say(
            0,
            &format!("{} bytes", html.len()),
            "Gmail cuts a larger mail",
        );
    }
    // What stands in comments is for Word alone.
    for found in TAG.captures_iter(html) {
        let (Some(name), Some(whole)) = (found.get(1), found.get(0)) else {
            continue;
        };
        let name = name.as_str().to_lowercase();
        let attributes: Vec<(&str, &str)> = ATTRIBUTE
            .captures_iter(found.get(2).map_or("", |rest| rest.as_str()))
            .map(|pair| pair.extract())
            .map(|(_, [key, value])| (key, value))
            .collect();
        element(&name, &attributes, &mut |what, why| {
            say(whole.start(), what, why)
        });
    }
    for style in STYLE.captures_iter(html) {
        let (Some(text), Some(whole)) = (style.get(1), style.get(0)) else {
            continue;
        };
        sheet(text.as_str(), &mut |what, why| {
            say(whole.start(), what, why)
        });
    }
    faults
}

fn element(name: &str, attributes: &[(&str, &str)], say: &mut impl FnMut(&str, &'static str)) {
    if !TAGS.contains(&name) {
        say(
            &format!("<{name}>"),
            "some mail program removes this element",
        );
    }
    let value = |wanted: &str| {
        attributes
            .iter()
            .find(|(key, _)| *key == wanted)
            .map(|(_, value)| *value)
    };
    match name {
        "img" => {
            if value("alt").is_none_or(|alt| alt.chars().count() < 20) {
                say(
                    "<img>",
                    "pictures are blocked at first: an alt of 20 letters or more says the message",
                );
            }
            if value("width").is_none() {
                say(
                    "<img>",
                    "Outlook shows a picture without a width attribute at its full size",
                );
            }
            if value("src")
                .is_some_and(|source| source.starts_with("data:") || source.ends_with(".svg"))
            {
                say("<img>", "Gmail and Outlook show neither data: nor SVG");
            }
        }
        "th" if value("scope").is_none() => {
            say("<th>", "a heading without scope is not read aloud")
        }
        "html" if value("lang").is_none() => say(
            "<html>",
            "a page without lang is read aloud in the wrong language",
        ),
        _ => {}
    }
    for (key, text) in attributes {
        if key.starts_with("on") {
            say(key, "scripts are removed");
        }
        if *key == "style" {
            declarations(name, text, say);
        }
    }
}

fn declarations(element: &str, style: &str, say: &mut impl FnMut(&str, &'static str)) {
    for declaration in style
        .split(';')
        .filter(|declaration| !declaration.trim().is_empty())
    {
        let (name, value) = declaration.split_once(':').unwrap_or((declaration, ""));
        let (name, value) = (name.trim(), value.trim());
        match DECLARATIONS.iter().find(|(known, _)| *known == name) {
            None => say(declaration, "not every mail program keeps it"),
            Some((_, elements)) if !elements.is_empty() && !elements.contains(&element) => {
                say(
                    &format!("{declaration} in <{element}>"),
                    "Outlook (Word) drops it in this element",
                );
            }
            Some(_) => {}
        }
        for (_, why) in PATTERNS
            .iter()
            .filter(|(pattern, _)| pattern.is_match(value))
        {
            say(declaration, why);
        }
    }
}

/// A style sheet in the head: whoever reads it may be picky about one query and drop the sheet.
fn sheet(text: &str, say: &mut impl FnMut(&str, &'static str)) {
    if text.len() > LARGEST_STYLE {
        say(
            &format!("<style> of {} bytes", text.len()),
            "Gmail drops a style sheet over 16 KB",
        );
    }
    for found in QUERY.captures_iter(text) {
        if &found[1] != "media" || !KEPT_QUERY.is_match(&found[2]) {
            say(
                found[0].trim_end_matches('{').trim(),
                "one condition of width, or the dark scheme, is what Gmail and Mail.ru read",
            );
        }
    }
    for (pattern, why) in PATTERNS
        .iter()
        .filter(|(pattern, _)| !pattern.as_str().contains("important"))
    {
        if let Some(found) = pattern.find(text) {
            say(found.as_str(), why);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(html: &str) -> Vec<String> {
        lint(html)
            .into_iter()
            .map(|fault| format!("{}: {}", fault.line, fault.what))
            .collect()
    }

    #[test]
    fn what_mail_programs_keep_has_no_faults() {
        let html = "<html lang=\"ru\"><table style=\"max-width:640px\"><tr><td style=\"padding:8px 0;color:#17202B\">a</td>\
                    <th scope=\"row\">b</th></tr></table></html>";
        assert_eq!(faults(html), Vec::<String>::new());
    }

    #[test]
    fn everything_that_is_dropped_is_named_with_its_line() {
        let planted = [
            ("<svg></svg>", "<svg>"),
            ("<script>x</script>", "<script>"),
            ("<p onclick=\"x\">a</p>", "onclick"),
            ("<p style=\"padding:4px\">a</p>", "padding:4px in <p>"),
            ("<td style=\"display:flex\">a</td>", "display:flex"),
            (
                "<td style=\"width:calc(1px + 2px)\">a</td>",
                "width:calc(1px + 2px)",
            ),
            (
                "<td style=\"color:rgb(0 0 0 / 1)\">a</td>",
                "color:rgb(0 0 0 / 1)",
            ),
            ("<td style=\"color:var(--a)\">a</td>", "color:var(--a)"),
            ("<td style=\"margin:-4px\">a</td>", "margin:-4px"),
            (
                "<td style=\"font-family:-apple-system\">a</td>",
                "font-family:-apple-system",
            ),
            (
                "<td style=\"color:#000000 !important\">a</td>",
                "color:#000000 !important",
            ),
            ("<td style=\"box-shadow:none\">a</td>", "box-shadow:none"),
            (
                "<td style=\"background-color:url(x)\">a</td>",
                "background-color:url(x)",
            ),
            (
                "<td style=\"color:/*a*/#000000\">a</td>",
                "color:/*a*/#000000",
            ),
            ("<th>a</th>", "<th>"),
            ("<img src=\"cid:a\" width=\"5\" alt=\"short\">", "<img>"),
            (
                "<img src=\"cid:a\" alt=\"a message of enough letters\">",
                "<img>",
            ),
            (
                "<img src=\"data:x\" width=\"5\" alt=\"a message of enough letters\">",
                "<img>",
            ),
            (
                "<style>@media (min-width:1px),(max-width:2px){a{}}</style>",
                "@media (min-width:1px),(max-width:2px)",
            ),
            ("<style>@import x;{}</style>", "@import x;"),
            ("<html>", "<html>"),
        ];
        for (html, what) in planted {
            let found = faults(&format!("<p>one</p>\n{html}"));
            assert!(found.contains(&format!("2: {what}")), "{html}: {found:?}");
        }
        assert!(
            lint(&"a".repeat(LARGEST + 1))
                .iter()
                .any(|fault| fault.why.contains("Gmail cuts"))
        );
    }
}
