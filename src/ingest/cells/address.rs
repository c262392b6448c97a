//! Addresses of pages, without what may be personal in them.

/// Host and path of an address, without scheme, `www.`, query and fragment: what pages are compared by. The query is
/// dropped because it may carry a client's phone or e-mail.
pub fn page(cell: &[u8]) -> &[u8] {
    let rest = without_scheme(cell);
    let end = rest
        .iter()
        .position(|byte| matches!(byte, b'?' | b'#'))
        .unwrap_or(rest.len());
    let page = &rest[..end];
    // The root of a site that is written without its host is a page, too.
    if page.len() > 1 {
        page.strip_suffix(b"/").unwrap_or(page)
    } else {
        page
    }
}

/// The host of an address, without scheme and `www.`.
pub fn host(cell: &[u8]) -> &[u8] {
    let rest = without_scheme(cell);
    let end = rest
        .iter()
        .position(|byte| matches!(byte, b'/' | b'?' | b'#' | b':'))
        .unwrap_or(rest.len());
    &rest[..end]
}

fn without_scheme(cell: &[u8]) -> &[u8] {
    const AFTER_SCHEME: &[u8] = b"://";
    let rest = match memchr::memmem::find(cell, AFTER_SCHEME) {
        Some(at) => &cell[at + AFTER_SCHEME.len()..],
        None => cell,
    };
    rest.strip_prefix(b"www.").unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lose_what_may_be_personal() {
        assert_eq!(
            page(b"https://www.okna.example/lp/?phone=79001234567#top"),
            b"okna.example/lp"
        );
        assert_eq!(page(b"https://okna.example/"), b"okna.example");
        assert_eq!(
            host(b"https://www.google.com:443/search?q=a"),
            b"google.com"
        );
    }
}
