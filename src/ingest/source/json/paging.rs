//! What a document says of the list that it holds a part of: services give long lists page by page.

use super::node::Node;

/// What a document says of the whole list, beside its own part of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Paging {
    /// Records in this document.
    pub records: u64,
    /// Records of the whole list.
    pub total: Option<Said>,
    /// Pages of the whole list.
    pub pages: Option<Said>,
    /// The member that says that more follows, as it stands: `"has_more": true`.
    pub more: Option<String>,
}

/// A number that a document says of the whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The member, as it stands: `"total": 5000`.
    pub member: String,
    /// Its number.
    pub number: u64,
}

/// Names for the number of all records, with nothing but their letters.
const TOTALS: &[&str] = &[
    "total",
    "totalcount",
    "totalrecords",
    "totalrows",
    "totalresults",
    "totalitems",
    "totalelements",
    "totalsize",
    "recordstotal",
    "itemstotal",
    "count",
    "found",
];
/// Names for the number of pages.
const PAGES: &[&str] = &[
    "pages",
    "pagetotal",
    "pagestotal",
    "totalpages",
    "pagecount",
    "pagescount",
    "numpages",
    "lastpage",
];
/// Names of what leads to the next page, or says that there is one.
const MORE: &[&str] = &[
    "next",
    "nextpage",
    "nextpageuri",
    "nextpageurl",
    "nexturl",
    "nextlink",
    "nexthref",
    "nextrecordsurl",
    "nextcursor",
    "nextpagetoken",
    "nexttoken",
    "nextoffset",
    "nextstart",
    "odatanextlink",
    "hasmore",
    "hasnext",
    "hasnextpage",
    "more",
    "morerecords",
    "moreitemsincollection",
];
/// Names of what says that this page is the last one: more follows when it is not.
const LAST: &[&str] = &["done", "last", "islast", "islastpage"];

impl Paging {
    /// What a document says that holds so many records beside `whole`.
    pub(super) fn of(whole: &Node, records: u64) -> Self {
        let mut paging = Self {
            records,
            ..Self::default()
        };
        paging.read(whole);
        paging
    }

    fn read(&mut self, node: &Node) {
        let Node::Object(members) = node else { return };
        for (name, value) in members {
            let letters = letters(name);
            let is_one_of = |names: &[&str]| names.contains(&letters.as_str());
            if is_one_of(TOTALS) && self.total.is_none() {
                self.total = said(name, value);
            } else if is_one_of(PAGES) && self.pages.is_none() {
                self.pages = said(name, value);
            }
            let follows = is_one_of(MORE) && is_something(value)
                || is_one_of(LAST) && *value == Node::Word("false".to_owned());
            if follows && self.more.is_none() {
                self.more = Some(shown(name, value));
            }
            self.read(value);
        }
    }
}

/// `totalpages` of `total_pages` or `totalPages`.
fn letters(name: &str) -> String {
    let letters = name.chars().filter(|letter| letter.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

fn said(name: &str, value: &Node) -> Option<Said> {
    let number = value.text().parse().ok()?;
    Some(Said {
        member: shown(name, value),
        number,
    })
}

/// Whether a value leads anywhere: services write zero, null, false or nothing at the end.
fn is_something(value: &Node) -> bool {
    match value {
        Node::Null | Node::List(_) => false,
        Node::Word(word) => word != "false" && word != "0",
        Node::Text(text) => !text.is_empty(),
        Node::Object(members) => members.iter().any(|(_, value)| is_something(value)),
    }
}

/// An address of the next page may hold a token: of texts and objects only the name is shown.
fn shown(name: &str, value: &Node) -> String {
    match value {
        Node::Word(word) => format!("\"{name}\": {word}"),
        Node::Text(text) if text.parse::<u64>().is_ok() => format!("\"{name}\": {text}"),
        _ => format!("\"{name}\""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn paging(json: &str) -> Paging {
        let whole: Node = serde_json::from_str(json).expect("JSON");
        Paging::of(&whole, 100)
    }

    #[test]
    fn what_services_say_of_their_pages_is_known() {
        let totals = [
            r#"{"total": 5000}"#,
            r#"{"meta": {"total_count": "5000"}}"#,
            r#"{"totalSize": 5000, "done": false}"#,
        ];
        for json in totals {
            let total = paging(json).total.map(|said| said.number);
            assert_eq!(total, Some(5000), "{json}");
        }
        let pages = [
            r#"{"pageTotal": 50}"#,
            r#"{"pagination": {"total_pages": 50}}"#,
        ];
        for json in pages {
            assert_eq!(paging(json).pages.map(|said| said.number), Some(50));
        }
        let more = [
            (r#"{"has_more": true}"#, "\"has_more\": true"),
            (r#"{"next": 50}"#, "\"next\": 50"),
            (
                r#"{"_links": {"next": {"href": "https://x/?t=1"}}}"#,
                "\"next\"",
            ),
            (
                r#"{"next_page_uri": "/2010/Calls?Page=1"}"#,
                "\"next_page_uri\"",
            ),
            (r#"{"done": false}"#, "\"done\": false"),
        ];
        for (json, said) in more {
            assert_eq!(paging(json).more.as_deref(), Some(said), "{json}");
        }
    }

    #[test]
    fn the_last_page_says_that_nothing_follows() {
        let ends = [
            r#"{"next": null}"#,
            r#"{"next": 0}"#,
            r#"{"has_more": false, "done": true}"#,
            r#"{"paging": {"next": {}}}"#,
            r#"{"next_page_uri": ""}"#,
        ];
        for json in ends {
            assert_eq!(paging(json).more, None, "{json}");
        }
    }
}
