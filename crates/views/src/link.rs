//! Where a link would lead, in few words.

/// Bytes of a destination that are shown.
const MOST: usize = 160;

/// The host of an address that has one, as browsers find it; of every other address all of it.
pub(crate) fn leads_to(destination: &str) -> String {
    // Browsers do not see these wherever they stand.
    let seen: String = destination.trim().chars().filter(|ch| !matches!(ch, '\t' | '\n' | '\r')).collect();
    let host = host(&seen).filter(|host| !host.is_empty()).unwrap_or(&seen);
    match host.char_indices().map(|(at, _)| at).find(|at| *at >= MOST) {
        None => host.to_owned(),
        Some(end) => format!("{}… ({} more bytes)", &host[..end], host.len() - end),
    }
}

fn host(address: &str) -> Option<&str> {
    let slash = |ch| ch == '/' || ch == '\\';
    let web = |scheme: &str| ["http", "https"].iter().any(|it| scheme.eq_ignore_ascii_case(it));
    let rest = match address.split_once(':') {
        Some((scheme, rest)) if web(scheme) => rest.trim_start_matches(slash),
        // Without a scheme it is that of the page.
        _ if address.starts_with(slash) && address[1..].starts_with(slash) => {
            address.trim_start_matches(slash)
        }
        _ => return None,
    };
    let authority = rest.split(['/', '\\', '?', '#']).next()?;
    Some(authority.rsplit_once('@').map_or(authority, |(_, host)| host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_is_the_one_that_a_browser_would_ask() {
        for (address, expected) in [
            ("https://example.org/a?b#c", "example.org"),
            ("HTTPS:\\\\evil.example\\@bank.example", "evil.example"),
            ("https://bank.example@evil.example/", "evil.example"),
            ("https://bank.example:443@evil.example:8080", "evil.example:8080"),
            ("https:evil.example/x", "evil.example"),
            ("https:////evil.example", "evil.example"),
            ("ht\ntps://ev\til.example/", "evil.example"),
            ("//evil.example/bank.example", "evil.example"),
            ("javascript:alert(1)//https://bank.example", "javascript:alert(1)//https://bank.example"),
            ("data:text/html,x", "data:text/html,x"),
            ("mailto:a@b.example", "mailto:a@b.example"),
            ("../up", "../up"),
            ("/one", "/one"),
            ("https://", "https://"),
            ("", ""),
        ] {
            assert_eq!(leads_to(address), expected, "{address:?}");
        }
    }

    #[test]
    fn what_is_too_long_says_how_much_of_it_is_missing() {
        let long = format!("mailto:{}", "é".repeat(1000));
        let shown = leads_to(&long);
        assert!(shown.len() < 200 && shown.ends_with("more bytes)"), "{shown}");
    }
}
