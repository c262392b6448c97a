//! Who gets the digest, their addresses parsed.

use lettre::message::Mailbox;

use crate::config::mailbox;
use crate::config::plan::DeliveryPlan;
use crate::config::settings::Delivery;
use crate::config::source::SettingsText;
use crate::model::fault::Fault;

pub(super) fn resolve(
    source: &SettingsText<'_>,
    delivery: Delivery,
) -> Result<DeliveryPlan, Fault> {
    let to = recipients(source, &delivery.to)?;
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
    })
}

fn recipients(source: &SettingsText<'_>, written: &[String]) -> Result<Vec<Mailbox>, Fault> {
    let mut recipients: Vec<Mailbox> = Vec::with_capacity(written.len());
    for (place, text) in written.iter().enumerate() {
        let path = format!("delivery.to.{place}");
        let mailbox = parse(source, &path, text)?;
        if recipients.iter().any(|known| are_one(known, &mailbox)) {
            let message = format!("{} would get the digest twice", mailbox.email);
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
