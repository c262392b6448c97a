//! What else digests and notices are told to: programs and chats.

use crate::config::plan::{HooksPlan, WebhookPlan};
use crate::config::settings::Hooks;
use crate::config::source::SettingsText;
use crate::config::value::kebab;
use crate::model::fault::Fault;

pub(super) fn resolve(source: &SettingsText<'_>, hooks: Hooks) -> Result<HooksPlan, Fault> {
    Ok(HooksPlan {
        command: command(source, "hooks", hooks.command)?,
        webhook: webhook(source, "hooks", hooks.webhook, hooks.chat)?,
    })
}

/// A program with its arguments; `table` is where it stands.
pub(super) fn command(
    source: &SettingsText<'_>,
    table: &str,
    written: Option<Vec<String>>,
) -> Result<Option<Vec<String>>, Fault> {
    let Some(command) = written else {
        return Ok(None);
    };
    let program = command.first();
    if program.is_none_or(|program| program.trim().is_empty()) {
        let message = format!("\"command\" in [{table}] names no program");
        let fault = source.refuse(&format!("{table}.command"), message);
        return Err(fault.hint("for example command = [\"/usr/local/bin/tell-me\"]"));
    }
    Ok(Some(command))
}

/// A chat by its short name: an address here would be a secret in a file that is mailed around.
pub(super) fn webhook(
    source: &SettingsText<'_>,
    table: &str,
    name: Option<String>,
    chat: Option<String>,
) -> Result<Option<WebhookPlan>, Fault> {
    let path = format!("{table}.webhook");
    let name = match (name, &chat) {
        (Some(name), _) => name,
        (None, None) => return Ok(None),
        (None, Some(_)) => {
            let message = format!("\"chat\" in [{table}] stands without a webhook");
            let fault = source.refuse(&format!("{table}.chat"), message);
            return Err(fault.hint("for example webhook = \"telegram\""));
        }
    };
    if name.contains("://") {
        let message = format!("\"webhook\" in [{table}] is an address, expected a short name");
        let hint = "whoever has the address may write there: name the webhook here, and put its address into the environment as VORONKA_WEBHOOK_<NAME>";
        return Err(source.refuse(&path, message).hint(hint));
    }
    kebab(source, &path, &name)?;
    Ok(Some(WebhookPlan { name, chat }))
}
