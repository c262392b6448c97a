//! Telephone numbers and e-mail addresses become keyed hashes here; past this file no contact of a person exists.

use std::path::Path;

use anyhow::{Context, bail};

use crate::disk;
use crate::model::contact::{Countries, Found, each_email, each_phone, read_email, read_phone};

/// Name of the environment variable that may hold the key as 64 hexadecimal digits.
pub const KEY_VARIABLE: &str = "VORONKA_IDENTITY_KEY";

/// The secret that makes hashes of contacts useless to whoever has the lake but not the key.
#[derive(Clone)]
pub struct IdentityKey {
    secret: [u8; 32],
    /// Whose national spellings of telephone numbers are understood.
    countries: Countries,
}

impl std::fmt::Debug for IdentityKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("IdentityKey(…)")
    }
}

impl IdentityKey {
    /// A key from its bytes, for the usual countries.
    pub fn new(secret: [u8; 32]) -> Self {
        Self {
            secret,
            countries: Countries::default(),
        }
    }

    /// The same key, for the numbers of a business of these countries.
    #[must_use]
    pub fn in_countries(self, countries: Countries) -> Self {
        Self { countries, ..self }
    }

    /// The key from the environment, else from the owner-only file, which is made on first use.
    ///
    /// # Errors
    /// When the variable is no 64 hexadecimal digits, or the file cannot be read, made, or is open to others.
    pub fn load(file: &Path) -> anyhow::Result<Self> {
        if let Ok(text) = std::env::var(KEY_VARIABLE) {
            return parse_hex(&text)
                .with_context(|| format!("{KEY_VARIABLE}: expected 64 hexadecimal digits"));
        }
        if !file.exists() {
            make_key_file(file)
                .with_context(|| format!("{}: cannot make the identity key", file.display()))?;
        }
        refuse_open_file(file)?;
        let text =
            std::fs::read_to_string(file).with_context(|| format!("read {}", file.display()))?;
        parse_hex(text.trim())
            .with_context(|| format!("{}: expected 64 hexadecimal digits", file.display()))
    }

    /// The key of the telephone number in a cell; `None` when it holds no number of a person.
    pub fn phone(&self, cell: &[u8], scratch: &mut Vec<u8>) -> Option<u64> {
        self.read_phone(cell, scratch).ok()
    }

    /// The key of the e-mail address in a cell; `None` when it holds none.
    pub fn email(&self, cell: &[u8], scratch: &mut Vec<u8>) -> Option<u64> {
        self.read_email(cell, scratch).ok()
    }

    /// The key of a telephone number, or what the cell holds in place of one.
    pub fn read_phone(&self, cell: &[u8], scratch: &mut Vec<u8>) -> Result<u64, Found> {
        match read_phone(cell, &self.countries, scratch) {
            Found::Person => Ok(self.hash(b'p', scratch)),
            other => Err(other),
        }
    }

    /// The key of an e-mail address, or what the cell holds in place of one.
    pub fn read_email(&self, cell: &[u8], scratch: &mut Vec<u8>) -> Result<u64, Found> {
        match read_email(cell, scratch) {
            Found::Person => Ok(self.hash(b'e', scratch)),
            other => Err(other),
        }
    }

    /// The keys of all telephone numbers in a cell, in their order.
    pub fn each_phone(&self, cell: &[u8], take: &mut dyn FnMut(u64)) {
        each_phone(cell, &self.countries, &mut |text| {
            take(self.hash(b'p', text))
        });
    }

    /// The keys of all e-mail addresses in a cell, in their order.
    pub fn each_email(&self, cell: &[u8], take: &mut dyn FnMut(u64)) {
        each_email(cell, &mut |text| take(self.hash(b'e', text)));
    }

    /// The first 64 bits of the keyed hash. `kind` keeps a telephone number apart from an address of the same digits.
    fn hash(&self, kind: u8, text: &[u8]) -> u64 {
        let mut hasher = blake3::Hasher::new_keyed(&self.secret);
        hasher.update(&[kind]).update(text);
        let hash = hasher.finalize();
        let mut first = [0; 8];
        first.copy_from_slice(&hash.as_bytes()[..8]);
        // 0 is the absent key.
        u64::from_le_bytes(first).max(1)
    }
}

fn parse_hex(text: &str) -> anyhow::Result<IdentityKey> {
    let mut key = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        bail!("{} characters", text.len());
    }
    for (byte, digits) in key.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(digits)?, 16)?;
    }
    Ok(IdentityKey::new(key))
}

fn make_key_file(file: &Path) -> anyhow::Result<()> {
    let key: [u8; 32] = rand::random();
    let hex: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    disk::write_secret(file, format!("{hex}\n").as_bytes())
}

#[cfg(unix)]
fn refuse_open_file(file: &Path) -> anyhow::Result<()> {
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(file)?.permissions());
    if mode & 0o077 != 0 {
        bail!(
            "{}: the identity key can be read by others; run: chmod 600 {0}",
            file.display()
        );
    }
    Ok(())
}

#[cfg(not(unix))]
fn refuse_open_file(_file: &Path) -> anyhow::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_address_in_another_case_is_one_key_and_keys_depend_on_the_secret() {
        let mut scratch = Vec::new();
        let (one, other) = (IdentityKey::new([1; 32]), IdentityKey::new([2; 32]));
        let key = one.email(b"Anna@Example.test", &mut scratch);
        assert_eq!(key, one.email(b"anna@example.test", &mut scratch));
        assert_ne!(key, other.email(b"anna@example.test", &mut scratch));
        assert_eq!(one.email(b"no address", &mut scratch), None);
    }
}
