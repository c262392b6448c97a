//! Keys of the sample that identify nobody.

use crate::model::nameless::{KeyKind, Nameless};

/// One of each kind.
pub(super) fn all() -> Vec<Nameless> {
    let (source, column) = ("forms".to_owned(), "ClientID".to_owned());
    vec![
        Nameless::Placeholder {
            source: source.clone(),
            column,
            rows: 12,
        },
        Nameless::Unreadable {
            source,
            column: "Телефон".to_owned(),
            rows: 1,
        },
        Nameless::Shared {
            key: KeyKind::Email,
            keys: 1,
            records: 61,
        },
        Nameless::Crowded { keys: 1 },
        Nameless::Foreign {
            source: "calls".to_owned(),
            ids: 214,
        },
    ]
}
