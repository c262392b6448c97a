//! Who gets the digest, their addresses parsed.

use lettre::message::Mailbox;

use super::groups::Groups;
use super::hooks;
use crate::config::mailbox;
use crate::config::plan::{DeliveryPlan, NoticesPlan};
use crate::config::settings::{Delivery, Notices};
use crate::config::source::SettingsText;
use crate::model::fault::Fault;

pub(super) fn resolve(
    source: &SettingsText<'_>,
    delivery: Delivery,
    groups: &Groups,
) -> Result<DeliveryPlan, Fault> {
    let to = recipients(source, "delivery.to", &delivery.to, groups)?;
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
pub(super) fn notices(
    source: &SettingsText<'_>,
    notices: Notices,
    groups: &Groups,
) -> Result<NoticesPlan, Fault> {
    Ok(NoticesPlan {
        to: recipients(source, "notices.to", &notices.to, groups)?,
        command: hooks::command(source, "notices", notices.command)?,
        webhook: hooks::webhook(source, "notices", notices.webhook, notices.chat)?,
    })
}

/// The recipients of a list, each once, with those of the groups that it names.
pub(super) fn recipients(
    source: &SettingsText<'_>,
    list: &str,
    written: &[String],
    groups: &Groups,
) -> Result<Vec<Mailbox>, Fault> {
    let mut recipients: Vec<Mailbox> = Vec::with_capacity(written.len());
    for (place, text) in written.iter().enumerate() {
        let path = format!("{list}.{place}");
        let (meant, is_group) = match text.strip_prefix('@') {
            Some(group) => (groups.named(source, &path, group)?.to_vec(), true),
            None => (vec![parse(source, &path, text)?], false),
        };
        for mailbox in meant {
            match recipients.iter().any(|known| are_one(known, &mailbox)) {
                // Groups may overlap: whoever is in two gets one letter.
                true if is_group => {}
                true => {
                    let message = format!("{} stands here twice", mailbox.email);
                    return Err(source.refuse(&path, message));
                }
                false => recipients.push(mailbox),
            }
        }
    }
    Ok(recipients)
}

/// Mail servers tell no case of domains, and no sensible one that of names.
pub(super) fn are_one(known: &Mailbox, other: &Mailbox) -> bool {
    let address = |mailbox: &Mailbox| mailbox.email.to_string().to_lowercase();
    address(known) == address(other)
}

fn parse(source: &SettingsText<'_>, path: &str, text: &str) -> Result<Mailbox, Fault> {
    mailbox::parse(text).map_err(|message| source.refuse(path, message).hint(EXPECTED))
}

/// How an address is written.
pub(super) const EXPECTED: &str = "expected \"Name <name@example.com>\" or \"name@example.com\"";
