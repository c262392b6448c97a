//! The message: mixed(alternative(text, related(html, pictures)), files), the same bytes for the same digest.

use std::collections::BTreeMap;
use std::time::SystemTime;

use anyhow::Context;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MultiPart, MultiPartKind, SinglePart};

use crate::config::DeliveryPlan;
use crate::digest::Digest;
use crate::output::{File, Rendered, content_id};

/// A finished message to one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The pipeline whose digest it is.
    pub pipeline: String,
    /// The period, as on the command line.
    pub period: String,
    /// Number of the report of this period.
    pub version: u32,
    /// Envelope sender.
    pub from: String,
    /// The one recipient.
    pub recipient: String,
    /// Its Message-ID, in brackets.
    pub message_id: String,
    /// Names what the digest concludes; empty where it is not known.
    pub conclusion: String,
    /// What goes over the wire.
    pub bytes: Vec<u8>,
}

impl Message {
    /// Names the bytes.
    pub fn hash(&self) -> String {
        blake3::hash(&self.bytes).to_hex().to_string()
    }
}

impl Message {
    /// The same letter without the files that come with it, under the same Message-ID; `None` when none come.
    pub(super) fn without_files(&self) -> Option<Self> {
        let text = str::from_utf8(&self.bytes).ok()?;
        let (head, body) = text.split_once(END_OF_HEAD)?;
        let boundary = body.trim_start().lines().next()?;
        let is_mixed = boundary.contains(MIXED);
        let mut parts = body.split(boundary);
        let letter = parts.nth(1).filter(|_| is_mixed)?.trim_start();
        let kept = head_without_type(head);
        let bytes = format!("{kept}\r\n{letter}").into_bytes();
        Some(Self {
            bytes,
            ..self.clone()
        })
    }
}

/// Where the headers of a message end.
const END_OF_HEAD: &str = "\r\n\r\n";
/// In the boundary of a letter that comes with files.
const MIXED: &str = "voronka-mixed-";

/// The headers of a message but for those that say how its body is made; continued lines go with their first.
fn head_without_type(head: &str) -> String {
    let mut is_kept = true;
    let mut kept = Vec::new();
    for line in head.lines() {
        if !line.starts_with([' ', '\t']) {
            let name = line.split(':').next().unwrap_or_default().to_lowercase();
            is_kept = !matches!(name.as_str(), "content-type" | "content-transfer-encoding");
        }
        if is_kept {
            kept.push(line);
        }
    }
    kept.join("\r\n")
}

/// Message-IDs of the letters of a digest's earlier versions, by the addresses of their readers in lower case.
pub type EarlierLetters = BTreeMap<String, String>;

/// The letters of a digest, one per recipient, each made when it is asked for: with their files and pictures a thousand of them
/// are hundreds of megabytes.
pub struct Letters<'a> {
    letter: Letter<'a>,
    to: &'a [Mailbox],
}

impl<'a> Letters<'a> {
    /// The letters of a digest; to whoever has an earlier version it is a reply to that.
    pub fn of(
        rendered: &'a Rendered,
        digest: &'a Digest,
        delivery: &'a DeliveryPlan,
        earlier: &'a EarlierLetters,
    ) -> Self {
        let files = delivery
            .attach
            .iter()
            .filter_map(|attached| rendered.file(attached.file()))
            .collect();
        let letter = Letter {
            rendered,
            digest,
            files,
            earlier,
            from: &delivery.from,
            reply_to: delivery.reply_to.as_ref(),
            unsubscribe: delivery.unsubscribe.as_deref(),
        };
        let to = &delivery.to;
        Self { letter, to }
    }

    /// The addresses of their readers.
    pub(super) fn readers(&self) -> impl Iterator<Item = String> {
        self.to.iter().map(|reader| reader.email.to_string())
    }

    /// Every letter, in the order of the readers. One that cannot be put together is an error in its place.
    pub(super) fn each(&self) -> impl Iterator<Item = anyhow::Result<Message>> {
        self.to.iter().map(|reader| self.letter.to(reader))
    }
}

/// What all recipients share.
struct Letter<'a> {
    rendered: &'a Rendered,
    digest: &'a Digest,
    files: Vec<&'a File>,
    earlier: &'a EarlierLetters,
    from: &'a Mailbox,
    reply_to: Option<&'a Mailbox>,
    unsubscribe: Option<&'a str>,
}

impl Letter<'_> {
    fn to(&self, recipient: &Mailbox) -> anyhow::Result<Message> {
        let digest = self.digest;
        let message_id = self.message_id(recipient);
        let mut letter = lettre::Message::builder()
            .from(self.from.clone())
            .to(recipient.clone())
            .subject(&self.rendered.subject)
            .date(SystemTime::from(digest.as_of))
            .message_id(Some(message_id.clone()))
            .raw_header(raw("List-ID", self.list_id()))
            .raw_header(raw("Auto-Submitted", "auto-generated".to_owned()))
            .raw_header(raw("X-Auto-Response-Suppress", "All".to_owned()))
            .raw_header(raw(OCCURRENCE, self.occurrence()))
            .raw_header(raw(CONCLUSION, digest.verdict.conclusion()));
        let address = recipient.email.to_string();
        if let Some(first) = self.earlier.get(&address.to_lowercase()) {
            letter = letter
                .raw_header(raw("In-Reply-To", first.clone()))
                .raw_header(raw("References", first.clone()));
        }
        if let Some(person) = self.reply_to {
            letter = letter.reply_to(person.clone());
        }
        if let Some(ways) = self.ways_to_unsubscribe(recipient) {
            letter = letter.raw_header(raw("List-Unsubscribe", ways));
        }
        if self.unsubscribe.is_some() {
            let one_click = "List-Unsubscribe=One-Click".to_owned();
            letter = letter.raw_header(raw("List-Unsubscribe-Post", one_click));
        }
        let letter = letter
            .multipart(self.body())
            .context("cannot put the mail together")?;
        Ok(Message {
            pipeline: digest.pipeline.name.clone(),
            period: digest.period.label.clone(),
            version: digest.report_version,
            from: self.from.email.to_string(),
            recipient: recipient.email.to_string(),
            message_id,
            conclusion: digest.verdict.conclusion(),
            bytes: letter.formatted(),
        })
    }

    /// Boundaries are made from the content: the same content gives the same bytes, and no content holds its own.
    fn body(&self) -> MultiPart {
        let hash = blake3::hash(self.rendered.mail_html.as_bytes()).to_hex();
        let multipart = |kind, name: &str| {
            MultiPart::builder()
                .kind(kind)
                .boundary(format!("voronka-{name}-{}", &hash[..24]))
                .build()
        };
        let page = SinglePart::html(self.rendered.mail_html.clone());
        let pictures = self.rendered.mail_charts().map(|chart| {
            let picture =
                Attachment::new_inline_with_name(content_id(&chart.name), chart.file_name());
            picture.body(
                chart.png.clone(),
                PNG.parse().unwrap_or(ContentType::TEXT_PLAIN),
            )
        });
        let related = multipart(MultiPartKind::Related, "related").singlepart(page);
        let related = pictures.fold(related, MultiPart::singlepart);
        let body = multipart(MultiPartKind::Alternative, "alternative")
            .singlepart(SinglePart::plain(self.rendered.text().to_owned()))
            .multipart(related);
        if self.files.is_empty() {
            return body;
        }
        let mixed = multipart(MultiPartKind::Mixed, "mixed").multipart(body);
        self.files
            .iter()
            .map(|file| self.attachment(file))
            .fold(mixed, MultiPart::singlepart)
    }

    /// A file under a name that says whose it is and of which period, once it is saved among others.
    fn attachment(&self, file: &File) -> SinglePart {
        let suffix = file.name.rsplit('.').next().unwrap_or_default();
        let name = format!(
            "{}-{}.{suffix}",
            ascii(&self.digest.pipeline.name),
            ascii(&self.digest.period.label)
        );
        Attachment::new(name).body(
            file.bytes.clone(),
            file.media_type.parse().unwrap_or(ContentType::TEXT_PLAIN),
        )
    }

    fn message_id(&self, recipient: &Mailbox) -> String {
        let (digest, address) = (self.digest, recipient.email.to_string().to_lowercase());
        let hash = blake3::hash(address.as_bytes()).to_hex();
        format!(
            "<digest.{}.{}.v{}.{}.r{}@{}>",
            ascii(&digest.pipeline.name),
            ascii(&digest.period.label),
            digest.report_version,
            ascii(&digest.snapshot_id),
            &hash[..8],
            self.from.email.domain()
        )
    }

    /// Where a reader asks for no more letters (RFC 2369): an address for one click, and a letter to whoever takes answers.
    fn ways_to_unsubscribe(&self, recipient: &Mailbox) -> Option<String> {
        let pipeline = &self.digest.pipeline.name;
        let click = self.unsubscribe.map(|template| {
            let token = unsubscribe_token(pipeline, recipient.email.as_ref());
            format!("<{}>", template.replace("{token}", &token))
        });
        let letter = self.reply_to.map(|person| {
            format!(
                "<mailto:{}?subject=unsubscribe%20{}>",
                person.email,
                ascii(pipeline)
            )
        });
        let ways: Vec<String> = click.into_iter().chain(letter).collect();
        (!ways.is_empty()).then(|| ways.join(", "))
    }

    fn list_id(&self) -> String {
        format!(
            "<digest.{}.{}>",
            ascii(&self.digest.pipeline.name),
            self.from.email.domain()
        )
    }

    fn occurrence(&self) -> String {
        let digest = self.digest;
        format!(
            "{} {} v{}",
            ascii(&digest.pipeline.name),
            digest.period.label,
            digest.report_version
        )
    }
}

/// Stands for a reader of a pipeline in an address: nobody reads the reader out of it.
pub fn unsubscribe_token(pipeline: &str, address: &str) -> String {
    let text = format!("unsubscribe {pipeline} {}", address.to_lowercase());
    blake3::hash(text.as_bytes()).to_hex()[..24].to_owned()
}

/// Whether a word in the subject of a wish for no more names a pipeline: as the link of its letters does, in any case.
pub fn is_named(pipeline: &str, word: &str) -> bool {
    ascii(pipeline).eq_ignore_ascii_case(word)
}

const PNG: &str = "image/png";

/// Says which digest a frozen message is of, for support and for reading it back.
pub(super) const OCCURRENCE: &str = "X-Voronka-Digest";
/// Names what the digest of a frozen message concludes.
pub(super) const CONCLUSION: &str = "X-Voronka-Conclusion";

pub(super) fn raw(name: &'static str, value: String) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value)
}

/// Letters, digits and dashes for ids; a run of anything else becomes one dash.
pub(super) fn ascii(text: &str) -> String {
    let mut id = String::new();
    for symbol in text.chars() {
        match symbol {
            symbol if symbol.is_ascii_alphanumeric() => id.push(symbol),
            _ if !id.ends_with('-') => id.push('-'),
            _ => {}
        }
    }
    id
}
