//! Pages of a service's answer: one page is not the whole, and says so itself.

use super::Planned;
use super::source::{self, Paging, Said};

/// Notes at each file that is a page whose other pages are not among the files.
pub(super) fn note(files: &mut [Planned]) {
    let pagings: Vec<Option<Paging>> = files
        .iter()
        .map(|file| source::paging(&file.source))
        .collect();
    let known: Vec<&Paging> = pagings.iter().flatten().collect();
    for (file, paging) in files.iter_mut().zip(&pagings) {
        let missing = paging.as_ref().and_then(|paging| missing(paging, &known));
        file.layout.notes.extend(missing);
    }
}

/// What is to be said of a page that stands among these.
fn missing(page: &Paging, all: &[&Paging]) -> Option<String> {
    let records = match page.records {
        1 => "1 record".to_owned(),
        many => format!("{many} records"),
    };
    let said = match (&page.total, &page.pages, &page.more) {
        (Some(total), _, _) => {
            let of_list = all.iter().filter(|other| says(&other.total, total));
            let there: u64 = of_list.map(|other| other.records).sum();
            (there < total.number).then_some(&total.member)
        }
        (None, Some(pages), _) => {
            let of_list = all.iter().filter(|other| says(&other.pages, pages));
            ((of_list.count() as u64) < pages.number).then_some(&pages.member)
        }
        (None, None, Some(more)) => {
            let has_last = all.iter().any(|other| other.more.is_none());
            (!has_last).then_some(more)
        }
        (None, None, None) => None,
    }?;
    Some(format!(
        "holds {records}, but says {said}: one page is not the whole, download the other pages, too"
    ))
}

fn says(number: &Option<Said>, wanted: &Said) -> bool {
    number
        .as_ref()
        .is_some_and(|said| said.number == wanted.number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(records: u64, total: Option<u64>, more: bool) -> Paging {
        Paging {
            records,
            total: total.map(|number| Said {
                member: format!("\"total\": {number}"),
                number,
            }),
            pages: None,
            more: more.then(|| "\"next\"".to_owned()),
        }
    }

    #[test]
    fn a_page_is_told_until_all_others_are_there() {
        let pages = [page(50, Some(120), true), page(50, Some(120), true)];
        let last = page(20, Some(120), false);
        let note = missing(&pages[0], &[&pages[0], &pages[1]]);
        let note = note.expect("20 are missing");
        assert!(
            note.contains("holds 50 records, but says \"total\": 120"),
            "{note}"
        );
        assert_eq!(missing(&pages[0], &[&pages[0], &pages[1], &last]), None);
    }

    #[test]
    fn without_a_number_the_last_page_tells_that_all_are_there() {
        let (first, last) = (page(50, None, true), page(20, None, false));
        assert!(missing(&first, &[&first]).is_some());
        assert_eq!(missing(&first, &[&first, &last]), None);
        assert_eq!(missing(&last, &[&last]), None);
    }
}
