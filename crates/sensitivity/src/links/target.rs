//! Where an address leads, and what in it is made to be misread.

use std::ops::Range;

use unicode_security::MixedScript;

use super::known;
use crate::text::Text;
use crate::{Severity, finding::Kind};

/// The longest address that is read.
const LONGEST: usize = 64 * 1024;

/// Where an address leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    Host(String),
    /// The host of a mail address.
    Mail(String),
    /// Something is run.
    Runs,
    /// Another program is opened.
    Other,
}

impl Target {
    /// `None` for what is no address, or one of the same place.
    pub(super) fn of(address: &str) -> Option<Self> {
        let address = address.trim();
        if address.len() > LONGEST || address.contains(['{', '}']) && !address.contains(':') {
            return None;
        }
        if let Some(host) = usual_host(address) {
            return Some(Self::Host(host.to_owned()));
        }
        let address = if address.starts_with("//") { format!("https:{address}") } else { address.to_owned() };
        let scheme = scheme(&address)?;
        if runs(&scheme, &address) {
            return Some(Self::Runs);
        }
        if scheme == "mailto" {
            let to = address.split(['?', ',']).next().unwrap_or("");
            return Some(to.rsplit_once('@').map_or(Self::Other, |it| Self::Mail(it.1.to_ascii_lowercase())));
        }
        if matches!(scheme.as_str(), "tel" | "sms" | "data" | "cid" | "about" | "blob" | "magnet") {
            return Some(Self::Other);
        }
        let url = url::Url::parse(&address).ok()?;
        let host = url.host_str()?.trim_end_matches('.').to_ascii_lowercase();
        // A place-holder is no host.
        (host.contains(['.', ':'])).then_some(Self::Host(host))
    }
}

/// Whether to open `address` runs what is in it.
pub(super) fn runs_code(address: &str) -> bool {
    let address = address.trim();
    if address.starts_with("https://") || address.starts_with("http://") || address.len() > LONGEST {
        return false;
    }
    scheme(address).is_some_and(|it| runs(&it, address))
}

/// The host of an address of the web that is written as nearly all are, so that every program reads the same in it.
fn usual_host(address: &str) -> Option<&str> {
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"))?;
    let plain = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || matches!(it, b'.' | b'-');
    let end = rest.bytes().position(|it| !plain(it)).unwrap_or(rest.len());
    let (host, rest) = rest.split_at(end);
    let named =
        host.rsplit_once('.').is_some_and(|(_, last)| last.starts_with(|it: char| it.is_ascii_lowercase()));
    let whole = rest.is_empty() || rest.starts_with(['/', '?', '#']);
    let legal = host.len() <= 253 && !host.starts_with('.') && !host.contains("..") && !host.contains("--");
    (named && whole && legal).then_some(host)
}

/// The scheme as a browser reads it: without what it drops, in lower case.
fn scheme(address: &str) -> Option<String> {
    let mut scheme = String::new();
    for ch in address.chars().take(64).filter(|ch| !ch.is_ascii_control() && *ch != ' ') {
        match ch {
            ':' => return (!scheme.is_empty()).then_some(scheme),
            'a'..='z' | 'A'..='Z' | '0'..='9' | '+' | '-' | '.' => scheme.push(ch.to_ascii_lowercase()),
            _ => return None,
        }
    }
    None
}

/// Whether to open an address with this scheme runs what is in it.
fn runs(scheme: &str, address: &str) -> bool {
    // Addresses that do nothing stand where a script of the page acts.
    let compact: String = address.chars().filter(|ch| !ch.is_whitespace()).take(24).collect();
    if matches!(
        compact.to_ascii_lowercase().as_str(),
        "javascript:void(0)" | "javascript:void(0);" | "javascript:;" | "javascript:"
    ) {
        return false;
    }
    match scheme {
        "javascript" | "vbscript" | "livescript" | "jar" | "search-ms" | "ms-msdt" | "ms-officecmd"
        | "ms-appinstaller" => true,
        "data" => {
            let kind: String = address.chars().skip_while(|ch| *ch != ':').skip(1).take(40).collect();
            let kind = kind.trim_start().to_ascii_lowercase();
            ["text/html", "text/javascript", "text/xml", "image/svg", "application/"]
                .iter()
                .any(|it| kind.starts_with(it) && !kind.starts_with("application/pdf"))
        }
        _ => false,
    }
}

/// Whether two hosts have one owner.
pub(super) fn same(one: &str, other: &str) -> bool {
    let (one, other) = (one.trim_end_matches('.'), other.trim_end_matches('.'));
    if one == other || known::is_under(other, one) || ascii(one) == other {
        return true;
    }
    match (psl::domain_str(one), psl::domain_str(other)) {
        (Some(one), Some(other)) => one == other || known::belong_together(one, other),
        _ => false,
    }
}

fn ascii(host: &str) -> String {
    if host.is_ascii() { host.to_owned() } else { url::quirks::domain_to_ascii(host) }
}

/// Whether `host` is an address of the internet protocol.
pub(super) fn is_number(host: &str) -> bool {
    host.starts_with('[') || host.parse::<std::net::Ipv4Addr>().is_ok()
}

/// An address in a text.
pub(super) struct Address<'t> {
    /// From its scheme to its end.
    pub(super) range: Range<usize>,
    /// Between `://` and the path.
    authority: &'t [u8],
}

impl<'t> Address<'t> {
    /// The address whose `://` is at `at`, if it is one of the web and has something to judge.
    pub(super) fn around(text: &Text<'t>, at: &Range<usize>) -> Option<Self> {
        let before = text.before(at.start, 8);
        let length = before.iter().rev().take_while(|it| it.is_ascii_alphanumeric()).count();
        let scheme = before[before.len() - length..].to_ascii_lowercase();
        if !matches!(scheme.as_slice(), b"http" | b"https" | b"ftp" | b"ws" | b"wss") {
            return None;
        }
        let after = text.after(at.end, 300);
        let ends = |it: &u8| {
            matches!(
                it,
                b'/' | b'?'
                    | b'#'
                    | b'<'
                    | b'>'
                    | b'"'
                    | b'\''
                    | b'`'
                    | b'('
                    | b')'
                    | b'['
                    | b']'
                    | b'{'
                    | b'}'
                    | b','
                    | b' '
                    | b'\n'
                    | b'\r'
                    | b'|'
                    | b'*'
            )
        };
        let length = after.iter().position(ends).unwrap_or(after.len());
        let authority = &after[..length];
        (!authority.is_empty()).then_some(Self { range: at.start - scheme.len()..at.end + length, authority })
    }

    /// What is odd in it.
    pub(super) fn judge(&self) -> Vec<(&'static Kind, Severity, &'static str)> {
        let mut all = Vec::new();
        if is_usual(self.authority) {
            return all;
        }
        let (user, rest) = match self.authority.iter().rposition(|it| *it == b'@') {
            Some(at) => (&self.authority[..at], &self.authority[at + 1..]),
            None => (&[][..], self.authority),
        };
        let host = rest.split(|it| *it == b':').next().unwrap_or(rest);
        if is_odd(self.authority) {
            all.push((&super::ODD, Severity::Warning, "Address that programs read differently"));
        }
        if is_host_like(user) && !host.is_empty() {
            all.push((&super::USER, Severity::Warning, "Address with a host as its user"));
        }
        let Ok(host) = std::str::from_utf8(host) else { return all };
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        if hides_number(&host) {
            all.push((&super::NUMBER, Severity::Warning, "Host that is a number in disguise"));
        }
        if looks_like_another(&host) {
            all.push((&super::LOOKS, Severity::Warning, "Host that looks like another one"));
        }
        if has_host_inside(&host) {
            all.push((&super::INSIDE, Severity::Warning, "Host that begins with the name of another one"));
        }
        all
    }
}

/// Whether an authority has none of what hides something: it is letters with a few dots, and no two of the letters
/// look like another one.
fn is_usual(authority: &[u8]) -> bool {
    let mut dots = 0;
    let plain = authority.iter().all(|it| {
        dots += usize::from(*it == b'.');
        it.is_ascii_lowercase() || matches!(it, b'.' | b'-')
    });
    plain && dots < 3 && !authority.windows(2).any(|it| matches!(it, b"rn" | b"vv" | b"--"))
}

/// Whether a backslash divides the authority, or a control character or an encoded sign stands in it.
fn is_odd(authority: &[u8]) -> bool {
    let backslash =
        authority.iter().position(|it| *it == b'\\').filter(|at| authority[..*at].contains(&b'.'));
    // Escapes of Markdown, of a program or of an expression stand before other signs, or more than once.
    let divides = backslash.is_some_and(|at| {
        let rest = &authority[at + 1..];
        rest.first() == Some(&b'@') || rest.first() == Some(&b'.') && !rest.contains(&b'\\')
    });
    let host = authority.iter().take_while(|it| **it != b'@');
    let encoded = authority.windows(3).any(|it| {
        it[0] == b'%'
            && matches!(
                &it.to_ascii_lowercase()[1..],
                b"2f" | b"5c" | b"40" | b"00" | b"23" | b"3f" | b"0a" | b"0d"
            )
    });
    divides
        || authority.iter().any(|it| *it < 0x20 && *it != b'\t')
        || encoded && host.clone().any(|it| *it == b'.')
}

/// Whether the user of an address is written like a host.
fn is_host_like(user: &[u8]) -> bool {
    let Ok(user) = std::str::from_utf8(user) else { return false };
    let name = user.split(['@', ':', '/', '\\', '%', '&', '?']).next().unwrap_or(user).to_ascii_lowercase();
    let Some((_, end)) = name.rsplit_once('.') else { return false };
    let common = matches!(
        end,
        "com"
            | "org"
            | "net"
            | "edu"
            | "gov"
            | "io"
            | "dev"
            | "app"
            | "co"
            | "eu"
            | "uk"
            | "de"
            | "fr"
            | "ru"
            | "cn"
            | "example"
    );
    let known = psl::suffix(name.as_bytes()).is_some_and(|it| it.is_known());
    common || known && (name.starts_with("www.") || name.matches('.').count() > 1)
}

/// Whether `host` is a number in another form than four decimal ones.
fn hides_number(host: &str) -> bool {
    let parts: Vec<&str> = host.split('.').take(5).collect();
    let hex = |it: &str| {
        it.strip_prefix("0x").is_some_and(|it| !it.is_empty() && it.bytes().all(|it| it.is_ascii_hexdigit()))
    };
    let decimal = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
    if parts.len() > 4 || !parts.iter().all(|it| hex(it) || decimal(it)) {
        return false;
    }
    let octal = |it: &&str| it.len() > 1 && it.starts_with('0');
    let odd = parts.len() == 1 && host.len() > 7
        || parts.iter().any(|it| hex(it))
        || parts.len() == 4 && parts.iter().any(octal);
    odd && matches!(url::Host::parse(host), Ok(url::Host::Ipv4(_)))
}

/// Whether `host` is spelled to look like another one.
fn looks_like_another(host: &str) -> bool {
    if host.contains("xn--") {
        return host.split('.').any(is_disguised);
    }
    host.is_ascii() && psl::domain_str(host).is_some_and(known::imitates)
}

/// Whether a label in Punycode stands for letters of several scripts, or for letters that all look Latin.
fn is_disguised(label: &str) -> bool {
    let legal = label.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-');
    if !label.starts_with("xn--") || label.len() > 63 || !legal {
        return false;
    }
    let shown = url::quirks::domain_to_unicode(label);
    if shown.is_empty() || shown.is_ascii() {
        // What cannot be read is shown as it is.
        return true;
    }
    !shown.as_str().is_single_script() || {
        let script = shown.chars().filter(|ch| !ch.is_ascii()).all(|ch| {
            let mut buffer = [0; 4];
            unicode_security::skeleton(ch.encode_utf8(&mut buffer)).all(|it| it.is_ascii())
        });
        script && unicode_security::skeleton(&shown).all(|it| it.is_ascii())
    }
}

/// Whose hosts begin with those of their customers.
const OF_OTHERS: &[&str] = &[
    "cloudflare.net",
    "akamaiedge.net",
    "edgekey.net",
    "edgesuite.net",
    "akadns.net",
    "akamai.net",
    "amazonaws.com",
    "cloudfront.net",
    "azureedge.net",
    "trafficmanager.net",
    "googleapis.com",
    "translate.goog",
    "fastly.net",
    "googleusercontent.com",
    "githubpreview.dev",
    "herokudns.com",
    "b-cdn.net",
    "r2.dev",
    "web.core.windows.net",
    "hostedemail.com",
    "mail.protection.outlook.com",
    "wpengine.com",
    "s3.amazonaws.com",
    "dyn.dns",
    "nip.io",
    "sslip.io",
    "localhost",
    "local",
    "internal",
    "test",
];

/// Whether a host that is somebody else's begins `host`.
fn has_host_inside(host: &str) -> bool {
    if host.matches('.').count() < 3
        || host.len() > 253
        || OF_OTHERS.iter().any(|it| known::is_under(host, it))
    {
        return false;
    }
    let Some(domain) = psl::domain_str(host) else { return false };
    let Some(before) = host.strip_suffix(domain).and_then(|it| it.strip_suffix('.')) else { return false };
    // A library lets its readers through to others under its own name.
    if before.split('.').any(|it| it.contains("proxy")) || domain.contains("proxy") {
        return false;
    }
    let labels: Vec<&str> = before.split('.').collect();
    labels.iter().skip(1).any(|it| matches!(*it, "com" | "org" | "net" | "gov" | "edu"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(address: &str) -> Vec<&'static str> {
        let text = Text { bytes: address.as_bytes() };
        let at = address.find("://").expect("an address");
        let address = Address::around(&text, &(at..at + 3));
        address.map(|it| it.judge().iter().map(|it| it.0.id).collect()).unwrap_or_default()
    }

    #[test]
    fn addresses_that_are_made_to_be_misread_are_found() {
        for (address, kind) in [
            ("https://www.bank.com@203.0.113.9/", "link-host-as-user"),
            ("https://login.bank.com:x@evil.example/", "link-host-as-user"),
            ("https://xn--pple-43d.com/", "link-lookalike-host"),
            ("https://rust-1ang.org/x", "link-lookalike-host"),
            ("http://2130706433/", "link-number-host"),
            ("http://0x7f.0.0.1/", "link-number-host"),
            ("http://0177.0.0.01/", "link-number-host"),
            ("https://login.bank.com.phish.example/", "link-host-in-host"),
            ("https://bank.com\\@evil.example/", "link-odd-address"),
        ] {
            assert!(judged(address).contains(&kind), "{address}: {:?}", judged(address));
        }
    }

    #[test]
    fn ordinary_addresses_are_nothing() {
        for address in [
            "https://docs.rs/tokio",
            "https://user@host.example/x",
            "https://xn--mnchen-3ya.de/",
            "http://127.0.0.1:8080/",
            "https://a.b.c.example.co.uk/",
            "https://www.site.com.edgekey.net/",
            "http://[::1]/",
            "ssh://git@github.com/a",
            "https://john.doe@bitbucket.org/a/b.git",
            "https://example.com/@name",
            "https://a.example/\\n",
            "https://1234/",
        ] {
            assert_eq!(judged(address), Vec::<&str>::new(), "{address}");
        }
    }

    #[test]
    fn what_runs_is_known_in_every_spelling() {
        for address in
            ["javascript:alert(1)", "JavaScript:x", " java\tscript:x", "vbscript:x", "data:text/html,<b>"]
        {
            assert_eq!(Target::of(address), Some(Target::Runs), "{address}");
        }
        for address in ["data:image/png;base64,AA", "./x", "#a", "mailto:a@b.example", "https://a.example"] {
            assert_ne!(Target::of(address), Some(Target::Runs), "{address}");
        }
    }

    #[test]
    fn hosts_that_begin_with_those_of_customers_are_nothing() {
        let inside = |address: &str| judged(address).contains(&"link-host-in-host");
        assert!(inside("https://login.bank.com.pear.example.com/"));
        for end in OF_OTHERS {
            let address = format!("https://login.bank.com.pear.{end}/");
            assert!(!inside(&address), "{address}");
        }
    }
}
