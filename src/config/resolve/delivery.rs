//! Who gets the digest, their addresses parsed.

use lettre::message::Mailbox;

use crate::config::mailbox;
use crate::config::plan::{DeliveryPlan, NoticesPlan};
use crate::config::settings::{Delivery, Notices};
use crate::config::source::SettingsText;
use crate::model::fault::Fault;

pub(super) fn resolve(
    source: &SettingsText<'_>,
    delivery: Delivery,
) -> Result<DeliveryPlan, Fault> {
    let to = recipients(source, "delivery.to", &delivery.to)?;
    let from = parse(source, "delivery.from", &delivery.from)?;
    let reply_to = delivery
        .reply_to
        .map(|text| parse(source, "delivery.reply_to", &text))
        .transpose()?;
    Ok(DeliveryPlan {
        from,
        to,
        reply_to,
        attach: delivery.attach,
        unsubscribe: unsubscribe(source, delivery.unsubscribe)?,
    })
}

/// Mail programs show the button for encrypted addresses only (RFC 8058), and a long header is folded and breaks signatures.
fn unsubscribe(
    source: &SettingsText<'_>,
    written: Option<String>,
) -> Result<Option<String>, Fault> {
    let Some(address) = written else {
        return Ok(None);
    };
    let is_address = address.starts_with("https://")
        && address.contains("{token}")
        && address.len() <= 200
        && address
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && !b"<>,".contains(&byte));
    if is_address {
        return Ok(Some(address));
    }
    let message = format!(
        "\"{}\" is no address to unsubscribe at",
        address.escape_debug()
    );
    let hint =
        "for example \"https://reports.firm.example/unsubscribe/{token}\", at most 200 characters";
    Err(source.refuse("delivery.unsubscribe", message).hint(hint))
}

/// Who is told when something goes wrong.
pub(super) fn notices(source: &SettingsText<'_>, notices: Notices) -> Result<NoticesPlan, Fault> {
    let is_empty = |command: &Vec<String>| {
        command
            .first()
            .is_none_or(|program| program.trim().is_empty())
    };
    if notices.command.as_ref().is_some_and(is_empty) {
        let fault = source.refuse(
            "notices.command",
            "\"command\" in [notices] names no program",
        );
        return Err(fault.hint("for example command = [\"/usr/local/bin/tell-me\"]"));
    }
    Ok(NoticesPlan {
        to: recipients(source, "notices.to", &notices.to)?,
        command: notices.command,
    })
}

fn recipients(
    source: &SettingsText<'_>,
    list: &str,
    written: &[String],
) -> Result<Vec<Mailbox>, Fault> {
    let mut recipients: Vec<Mailbox> = Vec::with_capacity(written.len());
    for (place, text) in written.iter().enumerate() {
        let path = format!("{list}.{place}");
        let mailbox = parse(source, &path, text)?;
        if recipients.iter().any(|known| are_one(known, &mailbox)) {
            let message = format!("{} stands here twice", mailbox.email);
            return Err(source.refuse(&path, message));
        }
        recipients.push(mailbox);
    }
    Ok(recipients)
}

/// Mail servers tell no case of domains, and no sensible one that of names.
fn are_one(known: &Mailbox, other: &Mailbox) -> bool {
    let address = |mailbox: &Mailbox| mailbox.email.to_string().to_lowercase();
    address(known) == address(other)
}

fn parse(source: &SettingsText<'_>, path: &str, text: &str) -> Result<Mailbox, Fault> {
    mailbox::parse(text).map_err(|message| {
        source
            .refuse(path, message)
            .hint("expected \"Name <name@example.com>\" or \"name@example.com\"")
    })
}
