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

/// A scheme stands at the beginning only: a query may hold an address of its own.
fn without_scheme(cell: &[u8]) -> &[u8] {
    const WWW: &[u8] = b"www.";
    let is_of_scheme =
        |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    let scheme = cell.iter().take_while(|byte| is_of_scheme(byte)).count();
    let rest = cell[scheme..].strip_prefix(b"://");
    // `//firm.example/lp` is an address without its scheme, too.
    let rest = rest.or_else(|| cell.strip_prefix(b"//")).unwrap_or(cell);
    match rest.get(..WWW.len()) {
        Some(start) if start.eq_ignore_ascii_case(WWW) => &rest[WWW.len()..],
        _ => rest,
    }
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

    #[test]
    fn an_address_inside_the_query_is_not_the_page() {
        assert_eq!(page(b"/lp/?back=https://other.example/x"), b"/lp");
        assert_eq!(
            page(b"okna.example/lp?ref=https://other.example/"),
            b"okna.example/lp"
        );
        assert_eq!(
            host(b"android-app://org.telegram.messenger/"),
            b"org.telegram.messenger"
        );
        assert_eq!(page(b"HTTPS://WWW.okna.example/lp"), b"okna.example/lp");
        assert_eq!(page(b"//okna.example/lp"), b"okna.example/lp");
    }
}
