//! Chats: one line of JSON to an address that the environment names, in the form that Slack, Mattermost and Telegram take.

use std::time::Duration;

use anyhow::{Result, bail};
use serde_json::json;
use ureq::{Agent, Error};

use super::transport::Secret;
use crate::config::WebhookPlan;
use crate::model::fault::Fault;

/// A chat that does not answer in so long is given up: the next digest waits behind it.
const PATIENCE: Duration = Duration::from_secs(20);

/// A chat, and where it takes messages. The address is a secret: whoever has it may write there.
pub struct Webhook {
    name: String,
    address: Secret,
    chat: Option<String>,
}

impl Webhook {
    /// The webhook of a pipeline with the address that the environment has: `VORONKA_WEBHOOK_<NAME>`.
    ///
    /// # Errors
    /// When the address is not there, or would carry numbers in the clear to another machine.
    pub fn from_env(plan: &WebhookPlan) -> Result<Self, Fault> {
        Self::from_vars(plan, |name| std::env::var(name).ok())
    }

    fn from_vars(plan: &WebhookPlan, var: impl Fn(&str) -> Option<String>) -> Result<Self, Fault> {
        let variable = plan.variable();
        let address = var(&variable).map(|text| text.trim().to_owned());
        let Some(address) = address.filter(|text| !text.is_empty()) else {
            let what = format!(
                "the webhook \"{}\" has no address: {variable} is not set",
                plan.name
            );
            return Err(
                Fault::usage(what).hint("set it in the environment of whatever runs voronka")
            );
        };
        let of_this_machine = ["http://localhost", "http://127.0.0.1", "http://[::1]"];
        let is_near = of_this_machine.iter().any(|start| {
            let rest = address.strip_prefix(start);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/']))
        });
        if !is_near && !address.starts_with("https://") {
            let what = format!("{variable} is no address that begins with https://");
            return Err(Fault::usage(what).hint("plain http is for this machine only"));
        }
        Ok(Self {
            name: plan.name.clone(),
            address: Secret::new(address),
            chat: plan.chat.clone(),
        })
    }

    /// Posts a text.
    ///
    /// # Errors
    /// When it is not taken. What is said of it holds neither the address nor the answer, which may repeat it.
    pub fn post(&self, text: &str) -> Result<()> {
        let mut message = json!({ "text": text });
        if let Some(chat) = &self.chat {
            message["chat_id"] = json!(chat);
        }
        let agent: Agent = Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .max_redirects(0)
            .http_status_as_error(false)
            .build()
            .into();
        let request = agent.post(self.address.reveal());
        let request = request.header("Content-Type", "application/json");
        match request.send(message.to_string()) {
            Ok(answer) if answer.status().is_success() => Ok(()),
            Ok(answer) => bail!(
                "webhook {}: answered {}",
                self.name,
                answer.status().as_u16()
            ),
            Err(error) => bail!("webhook {}: {}", self.name, in_words(&error)),
        }
    }
}

/// An error without the address that it may hold.
fn in_words(error: &Error) -> String {
    match error {
        Error::Timeout(_) => format!("no answer in {} s", PATIENCE.as_secs()),
        Error::HostNotFound => "its host is not known".to_owned(),
        Error::ConnectionFailed => "cannot connect".to_owned(),
        Error::Io(error) => format!("the connection failed ({})", error.kind()),
        Error::Rustls(_) | Error::Tls(_) => "no TLS with its host".to_owned(),
        Error::BadUri(_) | Error::Http(_) => "its address is no address".to_owned(),
        _ => "the request failed".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::fault::told;

    fn of(address: Option<&str>) -> Result<Webhook, Fault> {
        let plan = WebhookPlan {
            name: "sales-team".to_owned(),
            chat: None,
        };
        let named = address.map(str::to_owned);
        Webhook::from_vars(&plan, |name| {
            named
                .clone()
                .filter(|_| name == "VORONKA_WEBHOOK_SALES_TEAM")
        })
    }

    #[test]
    fn an_address_that_is_absent_or_open_is_refused_and_never_repeated() {
        assert!(of(Some("https://hooks.example/T0/secret")).is_ok());
        assert!(of(Some("http://127.0.0.1:8080/secret")).is_ok());
        for address in [
            None,
            Some(" "),
            Some("http://hooks.example/secret"),
            Some("http://localhost.example/secret"),
            Some("hooks.example/secret"),
        ] {
            let refused = told(&of(address).err().expect("refused").into());
            assert!(refused.contains("VORONKA_WEBHOOK_SALES_TEAM"), "{refused}");
            assert!(!refused.contains("secret"), "{refused}");
        }
    }
}
