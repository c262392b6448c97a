//! Headers that were met: the files of one export mostly begin alike, and hardly any format has to be held against the same
//! beginning twice.

use super::Layout;
use super::misfit::Misfit;
use crate::ingest::format::Format;
use crate::ingest::source::Head;

/// The beginnings of files that were recognised, with the formats that may be theirs.
#[derive(Debug, Default)]
pub struct Headers(Vec<Met>);

#[derive(Debug)]
struct Met {
    /// Everything above the first row of data.
    beginning: Vec<u8>,
    /// Formats by position, in their order. What makes the others no format of this header stands in it.
    formats: Vec<usize>,
}

impl Headers {
    /// The formats that a file may be of, when another one began alike.
    pub(super) fn formats_of(&self, head: &Head) -> Option<&[usize]> {
        let begins_alike = |met: &&Met| head.bytes.starts_with(&met.beginning);
        self.0.iter().find(begins_alike).map(|met| &met.formats[..])
    }

    /// Keeps the beginning of a file whose layout was found. Without a header it is the rows that tell, and those differ.
    pub(super) fn keep(&mut self, head: &Head, layout: &Layout, formats: Vec<usize>) {
        if layout.has_header && self.formats_of(head).is_none() {
            let beginning = head.bytes[..layout.data_at].to_vec();
            self.0.push(Met { beginning, formats });
        }
    }
}

/// Whether a format may be that of another file with this header: it is known by the header, and what speaks against it
/// stands in the rows or in the name of the file.
pub(super) fn may_be_of_header<T>(format: &Format, found: &Result<T, Misfit>) -> bool {
    match found {
        Ok(_) => true,
        Err(
            Misfit::OddValues { .. }
            | Misfit::Currencies { .. }
            | Misfit::NoPeriod { .. }
            | Misfit::OtherReport { .. },
        ) => true,
        Err(
            Misfit::Unlike | Misfit::Lacks { .. } | Misfit::Either { .. } | Misfit::Part { .. },
        ) => super::build::is_headerless(format),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::detect::detect;
    use crate::ingest::formats;
    use crate::ingest::source::{Numbers, sources};

    fn head(text: &str) -> Head {
        Head {
            bytes: text.as_bytes().to_vec(),
            encoding: encoding_rs::UTF_8,
            line_end: b'\n',
            dialect: None,
            numbers: Numbers::Written,
            whole: true,
        }
    }

    /// What each of some files is found to be, one after the other.
    fn found(texts: &[&str]) -> Vec<Option<String>> {
        let nowhere = std::path::Path::new("no folder of formats");
        let formats = formats::load_all(nowhere).expect("the built-in formats");
        let mut met = Headers::default();
        let mut name_of = |text: &&str| {
            let file = tempfile::NamedTempFile::new().expect("a file");
            std::fs::write(file.path(), text).expect("written");
            let source = sources(file.path()).expect("a source").remove(0);
            let layout = detect(&source, &head(text), &formats, None, &mut met).ok()?;
            Some(formats[layout.format].name.clone())
        };
        texts.iter().map(&mut name_of).collect()
    }

    const VISITS: &str = "ym:s:visitID\tym:s:clientID\tym:s:dateTime\tym:s:startURL\n\
        1\t2\t2026-11-09 10:00:00\thttps://firm.example/\n";
    const NEXT_DAY: &str = "ym:s:visitID\tym:s:clientID\tym:s:dateTime\tym:s:startURL\n\
        3\t2\t2026-11-10 10:00:00\thttps://firm.example/\n";
    const MORE_COLUMNS: &str = "ym:s:visitID\tym:s:clientID\tym:s:dateTime\tym:s:startURL\tym:s:bounce\n\
        4\t2\t2026-11-11 10:00:00\thttps://firm.example/\t0\n";
    /// Rows of a PBX, which are known by their look alone.
    const CALLS: &str = "\"\",\"79001112233\",\"101\",\"from-trunk\",\"\"\"A\"\" <79001112233>\",\"SIP/trunk-0001\",\
        \"SIP/101-0002\",\"Dial\",\"SIP/101\",\"2026-11-09 10:00:00\",\"2026-11-09 10:00:05\",\"2026-11-09 10:01:00\",\
        60,55,\"ANSWERED\",\"DOCUMENTATION\",\"1762682400.1\",\"\"\n";

    #[test]
    fn a_file_is_what_it_is_whatever_was_met_before_it() {
        let texts = [VISITS, NEXT_DAY, MORE_COLUMNS, CALLS, "a,b\n1,2\n", VISITS];
        let alone: Vec<Option<String>> = texts.iter().flat_map(|text| found(&[text])).collect();
        assert_eq!(found(&texts), alone);
        assert_eq!(alone[0].as_deref(), Some("yandex-metrika-visits"));
        assert_eq!(alone[1], alone[0]);
        assert!(alone[3].is_some(), "{alone:?}");
        assert_eq!(alone[4], None);
        let backwards: Vec<&str> = texts.iter().rev().copied().collect();
        let mut found = found(&backwards);
        found.reverse();
        assert_eq!(found, alone);
    }
}
