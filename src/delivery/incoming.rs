//! What comes back: reports of letters that could not be delivered (RFC 3464), readers who want no more, and their answers.

use mailparse::{MailHeaderMap, ParsedMail, parse_mail};

use crate::digest::CheckOutcome;

/// What a message that came back says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Incoming {
    /// A letter could not be delivered to an address: with the status of the report, as in `5.1.1`.
    Bounced {
        /// The address.
        address: String,
        /// The status.
        status: String,
        /// The Message-IDs that it names: the letter's own is among them.
        of: Vec<String>,
    },
    /// A reader asks for no more letters.
    Unsubscribed {
        /// Who asks.
        address: String,
        /// The pipeline that the link of its letters names, where that is all that is said.
        pipeline: Option<String>,
    },
    /// A reader answers a letter.
    Answered {
        /// Who answers.
        address: String,
        /// The Message-IDs of what is answered.
        to: Vec<String>,
        /// What became of the check, where the first line says it.
        outcome: Option<CheckOutcome>,
        /// What else that line says.
        note: String,
    },
    /// Nothing of these.
    Other,
}

/// Words that a wish for no more begins with; the first is that of the link in our letters.
const WISHES: [&str; 4] = ["unsubscribe", "отписаться", "отписка", "отпишите"];
/// What mail programs put before the subject of an answer.
const REPLIES: [&str; 5] = ["re", "aw", "ответ", "отв", "на"];
/// What the first line of an answer begins with; longer ones before those that they begin with.
const ANSWERS: [(&str, CheckOutcome); 14] = [
    ("not the cause", CheckOutcome::NotTheCause),
    ("not-the-cause", CheckOutcome::NotTheCause),
    ("not it", CheckOutcome::NotTheCause),
    ("причина не в этом", CheckOutcome::NotTheCause),
    ("это не причина", CheckOutcome::NotTheCause),
    ("не причина", CheckOutcome::NotTheCause),
    ("не в этом дело", CheckOutcome::NotTheCause),
    ("fixed", CheckOutcome::Fixed),
    ("исправлено", CheckOutcome::Fixed),
    ("починили", CheckOutcome::Fixed),
    ("done", CheckOutcome::Done),
    ("checked", CheckOutcome::Done),
    ("проверено", CheckOutcome::Done),
    ("сделано", CheckOutcome::Done),
];
/// Letters of a note at the most: the digest quotes it in a line.
const LONGEST_NOTE: usize = 200;

impl Incoming {
    /// Reads a message.
    pub fn of(message: &[u8]) -> Self {
        let Ok(mail) = parse_mail(message) else {
            return Self::Other;
        };
        if let Some(returned) = returned(&mail) {
            return returned;
        }
        sender(&mail).map_or(Self::Other, |address| said(&mail, address))
    }

    /// Whether a report says that the mailbox is not there, now or ever (RFC 3463: 5.1.x).
    pub fn has_no_mailbox(&self) -> bool {
        matches!(self, Self::Bounced { status, .. } if status.starts_with("5.1."))
    }
}

/// What a reader says.
fn said(mail: &ParsedMail<'_>, address: String) -> Incoming {
    let subject = header(mail, "Subject").unwrap_or_default().to_lowercase();
    let subject = without_replies(&subject);
    let is_wish = |word: &&&str| subject.starts_with(**word);
    if let Some(wish) = WISHES.iter().find(is_wish) {
        let pipeline = named(subject.trim_start_matches(wish));
        return Incoming::Unsubscribed { address, pipeline };
    }
    let references = ["In-Reply-To", "References"].map(|name| header(mail, name));
    let references = references.into_iter().flatten();
    let to: Vec<String> = references.flat_map(|text| ids(&text)).collect();
    if to.is_empty() || is_automatic(mail) {
        return Incoming::Other;
    }
    let (outcome, note) = answer(&first_text(mail).unwrap_or_default());
    Incoming::Answered {
        address,
        to,
        outcome,
        note,
    }
}

/// Machines answer, too: that somebody is away is no word of theirs.
fn is_automatic(mail: &ParsedMail<'_>) -> bool {
    let sent_by = header(mail, "Auto-Submitted").unwrap_or_default();
    !matches!(sent_by.trim().to_lowercase().as_str(), "" | "no")
}

/// What people write behind a wish, which is no pipeline.
const NO_NAMES: &[&str] = &["me", "please", "now"];

/// The pipeline behind a wish: one word in Latin letters, as the link of its letters writes it.
fn named(rest: &str) -> Option<String> {
    let rest = rest.trim_matches(|symbol: char| !symbol.is_alphanumeric());
    let is_name = |word: &str| word.is_ascii() && !NO_NAMES.contains(&word);
    match rest.split_whitespace().collect::<Vec<_>>()[..] {
        [name] if is_name(name) => Some(name.to_owned()),
        _ => None,
    }
}

/// A subject without all its `Re:`, `RE[2]:` and their kin; it is in lower case.
fn without_replies(subject: &str) -> &str {
    let mut rest = subject.trim();
    while let Some((before, behind)) = rest.split_once(':') {
        let word = before.split('[').next().unwrap_or_default().trim();
        if !REPLIES.contains(&word) {
            break;
        }
        rest = behind.trim_start();
    }
    rest
}

/// What an answer's first line says became of the check, and the rest of that line.
fn answer(text: &str) -> (Option<CheckOutcome>, String) {
    let mut lines = text.lines().map(str::trim);
    let is_own = |line: &&str| !line.is_empty() && !line.starts_with('>');
    let line = lines.find(is_own).unwrap_or_default();
    let begins = |(words, _): &&(&str, CheckOutcome)| {
        let beginning = line.chars().take(words.chars().count());
        beginning.flat_map(char::to_lowercase).eq(words.chars())
    };
    let Some((words, outcome)) = ANSWERS.iter().find(begins) else {
        return (None, String::new());
    };
    let rest: String = line.chars().skip(words.chars().count()).collect();
    if rest.starts_with(char::is_alphanumeric) {
        return (None, String::new());
    }
    let is_between = |symbol: char| symbol.is_whitespace() || ".,:;!-–—".contains(symbol);
    let note = rest.trim_start_matches(is_between).trim_end();
    (Some(*outcome), note.chars().take(LONGEST_NOTE).collect())
}

/// The text that a mail program shows where it shows no formats.
fn first_text(mail: &ParsedMail<'_>) -> Option<String> {
    if mail.subparts.is_empty() {
        let is_plain = mail.ctype.mimetype == "text/plain";
        return is_plain.then(|| mail.get_body().ok()).flatten();
    }
    mail.subparts.iter().find_map(first_text)
}

/// A report names the failed recipient, its status, and that it is given up. Some servers write no such report, and the address
/// into a header.
fn returned(mail: &ParsedMail<'_>) -> Option<Incoming> {
    let text = String::from_utf8_lossy(mail.raw_bytes).replace("\r\n", "\n");
    let (_, body) = text.split_once("\n\n").unwrap_or((&text, ""));
    // A Message-ID of ours is long enough to stand on a line of its own.
    let unfolded = body.replace("\n ", " ").replace("\n\t", " ");
    let of = fields(&unfolded, "Message-ID").flat_map(ids).collect();
    let report = mail.ctype.params.get("report-type");
    if report.is_some_and(|kind| kind.eq_ignore_ascii_case("delivery-status")) {
        return Some(of_report(body, of).unwrap_or(Incoming::Other));
    }
    let failed = header(mail, "X-Failed-Recipients")?;
    let address = failed.split(',').next().unwrap_or_default();
    let words = body.split(|symbol: char| symbol.is_whitespace() || "(),;#".contains(symbol));
    let status = words.into_iter().find(|word| is_status(word));
    Some(Incoming::Bounced {
        address: bare(address),
        status: status.unwrap_or("5.0.0").to_owned(),
        of,
    })
}

fn of_report(body: &str, of: Vec<String>) -> Option<Incoming> {
    let field = |name| fields(body, name).next();
    let is_given_up = field("Action")?.eq_ignore_ascii_case("failed");
    let (_, address) = field("Final-Recipient")?.split_once(';')?;
    let status = field("Status")?.split_whitespace().next()?;
    is_given_up.then(|| Incoming::Bounced {
        address: bare(address),
        status: status.to_owned(),
        of,
    })
}

/// A status of a failure for good: `5.1.1`.
fn is_status(word: &str) -> bool {
    let parts: Vec<&str> = word.split('.').collect();
    let is_number = |part: &&str| part.parse::<u16>().is_ok();
    parts.len() == 3 && parts[0] == "5" && parts.iter().all(is_number)
}

/// The fields of a name, without case.
fn fields<'a>(text: &'a str, name: &'a str) -> impl Iterator<Item = &'a str> {
    let fields = text.lines().filter_map(|line| line.split_once(':'));
    let named = fields.filter(move |(key, _)| key.trim().eq_ignore_ascii_case(name));
    named.map(|(_, value)| value.trim())
}

/// The Message-IDs in a header, in brackets.
fn ids(text: &str) -> Vec<String> {
    let begun = text.split('<').skip(1);
    let ended = begun.filter_map(|rest| rest.split_once('>'));
    ended.map(|(id, _)| format!("<{id}>")).collect()
}

/// A header, decoded.
fn header(mail: &ParsedMail<'_>, name: &str) -> Option<String> {
    mail.headers.get_first_value(name)
}

/// Who wrote a message. Names are written in any way: the address stands in brackets, or is the word with the sign.
fn sender(mail: &ParsedMail<'_>) -> Option<String> {
    let from = header(mail, "From")?;
    let in_brackets = from.rsplit_once('<').map(|(_, rest)| rest);
    let mut words = from.split_whitespace();
    let address = in_brackets.or_else(|| words.find(|word| word.contains('@')))?;
    Some(bare(address)).filter(|address| address.contains('@'))
}

fn bare(address: &str) -> String {
    let ends = |symbol: char| symbol.is_whitespace() || "<>,;".contains(symbol);
    address.trim_matches(ends).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = "From: MAILER-DAEMON@mail.example\r\nTo: voronka@firm.example\r\nSubject: Undelivered Mail Returned to Sender\r\n\
        Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=\"B\"\r\n\r\n--B\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n\
        --B\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mail.example\r\n\r\n\
        Final-Recipient: rfc822; boris@firm.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\
        --B\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <digest.firm@voronka.example>\r\n--B--\r\n";

    #[test]
    fn a_report_names_who_got_nothing_and_why() {
        let said = Incoming::of(REPORT.as_bytes());
        let bounced = |status: &str| Incoming::Bounced {
            address: "boris@firm.example".to_owned(),
            status: status.to_owned(),
            of: vec!["<digest.firm@voronka.example>".to_owned()],
        };
        assert_eq!(said, bounced("5.1.1"));
        assert!(said.has_no_mailbox());
        let full = Incoming::of(REPORT.replace("5.1.1", "5.2.2 (mailbox full)").as_bytes());
        assert_eq!(full, bounced("5.2.2"));
        assert!(!full.has_no_mailbox());
        // It is still tried.
        assert_eq!(
            Incoming::of(REPORT.replace("failed", "delayed").as_bytes()),
            Incoming::Other
        );
    }

    #[test]
    fn a_server_that_writes_no_report_names_who_got_nothing_in_a_header() {
        let text = "From: Mail Delivery System <mailer-daemon@mx.example>\nX-Failed-Recipients: boris@firm.example\n\
            Auto-Submitted: auto-replied\nSubject: Mail delivery failed\n\n  boris@firm.example\n    550 5.1.1 no such user\n\n\
            ------ This is a copy of your message ------\n\nMessage-ID: <digest.firm@voronka.example>\n";
        let bounced = Incoming::Bounced {
            address: "boris@firm.example".to_owned(),
            status: "5.1.1".to_owned(),
            of: vec!["<digest.firm@voronka.example>".to_owned()],
        };
        assert_eq!(Incoming::of(text.as_bytes()), bounced);
        let vague = Incoming::of(text.replace("550 5.1.1 ", "").as_bytes());
        assert!(!vague.has_no_mailbox(), "{vague:?}");
    }

    fn letter(from: &str, subject: &str) -> Incoming {
        let text = format!("From: {from}\nSubject: {subject}\n\nunsubscribe me not\n");
        Incoming::of(text.as_bytes())
    }

    #[test]
    fn a_wish_for_no_more_is_told_by_its_subject_alone_however_it_is_written() {
        let wish = |pipeline: Option<&str>| Incoming::Unsubscribed {
            address: "boss@firm.example".to_owned(),
            pipeline: pipeline.map(str::to_owned),
        };
        let boss = "Boss <boss@firm.example>";
        assert_eq!(
            letter(boss, "unsubscribe okna-sever"),
            wish(Some("okna-sever"))
        );
        for subject in [
            "Re: Unsubscribe",
            "RE[2]: unsubscribe",
            "Re:unsubscribe",
            "unsubscribe me",
            "Unsubscribe!",
            "Отпишите меня",
            "=?utf-8?B?0J7RgtC/0LjRgdCw0YLRjNGB0Y8=?=",
            "Ответ: Re: отпишите меня от этого",
        ] {
            assert_eq!(letter(boss, subject), wish(None), "{subject}");
        }
        for from in [
            "boss@firm.example",
            "<boss@firm.example>",
            "boss@firm.example (The Boss)",
            "J. Boss, Firm <boss@firm.example>",
            "=?utf-8?B?0JHQvtGB0YE=?= <boss@firm.example>",
        ] {
            assert_eq!(letter(from, "unsubscribe"), wish(None), "{from}");
        }
        assert_eq!(letter(boss, "Re: 93 inquiries"), Incoming::Other);
        assert_eq!(letter("nobody", "unsubscribe"), Incoming::Other);
        assert_eq!(Incoming::of(b"\xff\xfe nonsense"), Incoming::Other);
    }

    /// An answer to a letter in this text, as a mail program writes it.
    fn answered(headers: &str, text: &str) -> Option<(Option<CheckOutcome>, String)> {
        let message = format!(
            "From: Anna <anna@firm.example>\nSubject: Re: 21 inquiries\nIn-Reply-To:\n <digest.firm@voronka.example>\n{headers}\n{text}"
        );
        match Incoming::of(message.as_bytes()) {
            Incoming::Answered {
                to, outcome, note, ..
            } => {
                assert_eq!(to, ["<digest.firm@voronka.example>"]);
                Some((outcome, note))
            }
            _ => None,
        }
    }

    #[test]
    fn the_first_line_of_an_answer_says_what_became_of_the_check() {
        let said = |outcome, note: &str| Some((Some(outcome), note.to_owned()));
        let plain = "Content-Type: text/plain; charset=utf-8\n";
        assert_eq!(
            answered(plain, "\nFixed: the captcha was mended.\n\n> Done\n"),
            said(CheckOutcome::Fixed, "the captcha was mended.")
        );
        assert_eq!(
            answered(plain, "Не причина, Ирина была в отпуске\n"),
            said(CheckOutcome::NotTheCause, "Ирина была в отпуске")
        );
        assert_eq!(
            answered("", "> Done\n\nDone\n"),
            said(CheckOutcome::Done, "")
        );
        let in_parts = "Content-Type: multipart/alternative; boundary=B\n";
        let parts = "--B\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n\
            0KHQtNC10LvQsNC90L4K\n--B\nContent-Type: text/html\n\n<p>x\n--B--\n";
        assert_eq!(answered(in_parts, parts), said(CheckOutcome::Done, ""));
        let not_said = Some((None, String::new()));
        assert_eq!(answered(plain, "Thank you!\n> done\n"), not_said);
        assert_eq!(answered(plain, "Donets called\n"), not_said);
        // A machine says that she is away.
        assert_eq!(answered("Auto-Submitted: auto-replied\n", "Done\n"), None);
    }
}
