//! Mail services that people use, by name: where they take mail, and what they demand of the sender.

use super::transport::Encryption;

/// A mail service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preset {
    /// The name to write in `VORONKA_SMTP_PRESET`.
    pub name: &'static str,
    /// Host of its SMTP server.
    pub host: &'static str,
    /// Port.
    pub port: u16,
    /// When the connection is encrypted.
    pub encryption: Encryption,
    /// Whether the sender's address must be the login: others are refused (553, "not owned by auth user").
    pub sender_is_login: bool,
}

const fn tls(name: &'static str, host: &'static str, sender_is_login: bool) -> Preset {
    Preset {
        name,
        host,
        port: 465,
        encryption: Encryption::Tls,
        sender_is_login,
    }
}

const fn starttls(name: &'static str, host: &'static str, sender_is_login: bool) -> Preset {
    Preset {
        name,
        host,
        port: 587,
        encryption: Encryption::StartTls,
        sender_is_login,
    }
}

/// As their own manuals have it. All demand an application password or an API key, never that of the mailbox.
pub const PRESETS: &[Preset] = &[
    tls("yandex360", "smtp.yandex.ru", true),
    tls("mailru", "smtp.mail.ru", true),
    tls("vkworkspace", "smtp.mail.ru", true),
    // Gmail replaces a foreign sender by the login and delivers; the mail then comes from somebody else.
    tls("google-workspace", "smtp.gmail.com", true),
    starttls("microsoft365", "smtp.office365.com", true),
    starttls("postmark", "smtp.postmarkapp.com", false),
    starttls("mailgun", "smtp.mailgun.org", false),
    starttls("sendgrid", "smtp.sendgrid.net", false),
    tls("unisender-go", "smtp.go2.unisender.ru", false),
];

/// The service of a name.
pub fn named(name: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|preset| preset.name == name)
}
