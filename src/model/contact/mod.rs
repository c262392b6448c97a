//! Telephone numbers and e-mail addresses in the one form that people are joined by.

mod countries;
mod email;
mod line;
mod masked;
mod phone;
mod plans;

pub use self::countries::{Countries, country_of_zone};
pub use self::email::{each_email, read_email};
pub use self::line::normal_phone;
pub use self::phone::{each_phone, read_phone};

/// What a cell says about who a person is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Found {
    /// A number or an address that identifies somebody.
    Person,
    /// Something that is written where nothing is known: `undefined`, `0000000000`, `net@net.ru`.
    Placeholder,
    /// What once was a number or an address and cannot be told any more: `7,9001E+10`, `+7 900 ***-**-01`.
    Unreadable,
    /// Nothing of the kind: an extension, a hidden number, a word.
    Nobody,
}
