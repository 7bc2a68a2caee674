//! Which host the text of a link names.
//!
//! An address with a scheme or with `www.` names one, and so does a name with a path or alone,
//! if its ending is that of a host and of nothing else. In a sentence a name counts only where
//! the reader is asked to go there; a title that speaks of a host leads wherever it likes.

use super::known;
use super::target;

/// The most of a text that is read.
const LONGEST: usize = 2048;

/// How a text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Plain,
    /// As code, where names of fields and modules stand.
    Code,
    /// The words for an image, which only few see.
    Image,
}

/// What a text names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Claim {
    /// In lower case.
    host: String,
    kind: Sort,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    /// `https://…` or `www.…`
    Address,
    /// `github.com` or `github.com/a/b`
    Name,
    /// `a@b.example`
    Mail,
}

impl Claim {
    /// Whether who follows the claim can be led to `host`.
    pub(super) fn allows(&self, host: &str, address: &str) -> bool {
        if self.kind == Sort::Mail || target::same(&self.host, host) {
            return true;
        }
        // A project, a package or an article can have the name of a host; so does what an archive keeps.
        (self.kind == Sort::Name || known::redirects(host)) && names(address, &self.host)
            || known::redirects(host) && address.to_ascii_lowercase().contains(&self.host)
    }

    /// Whether it is a whole address.
    pub(super) fn is_address(&self) -> bool {
        self.kind == Sort::Address
    }
}

/// Places where things are called by names of hosts.
const CATALOGUES: &[&str] = &[
    "github.com",
    "gitlab.com",
    "codeberg.org",
    "bitbucket.org",
    "sr.ht",
    "crates.io",
    "docs.rs",
    "lib.rs",
    "npmjs.com",
    "pypi.org",
    "rubygems.org",
    "wikipedia.org",
    "hub.docker.com",
    "pkg.go.dev",
    "packagist.org",
    "crunchbase.com",
    "linkedin.com",
    "twitter.com",
    "x.com",
    "bsky.app",
];

/// Whether a part of the path of `address` is `name`, at a place where such names are usual.
fn names(address: &str, name: &str) -> bool {
    let lower = address.to_ascii_lowercase();
    let Some((_, rest)) = lower.split_once("://") else { return false };
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    CATALOGUES.iter().any(|it| known::is_under(host, it))
        && path.split(['/', '?', '#', '=', '@']).any(|part| part.strip_suffix(".git").unwrap_or(part) == name)
}

/// What `text` claims.
pub(super) fn of(text: &str, form: Form) -> Option<Claim> {
    let end = text.len().min(LONGEST);
    let text = text.get(..end).unwrap_or(text).trim();
    if !text.contains('.') {
        return None;
    }
    if let Some(claim) = address(text) {
        return Some(claim);
    }
    if form == Form::Image {
        return None;
    }
    let words =
        || text.split(|ch: char| ch.is_whitespace() || matches!(ch, '<' | '>' | '"' | ',' | '`' | '|'));
    let count = words().filter(|it| !it.is_empty()).count();
    let sentence = count > 1;
    let asks = sentence && asks(text);
    words().find_map(|word| {
        let parenthesis = word.starts_with('(') && word.ends_with(')');
        let word = word.trim_matches(|ch: char| !ch.is_alphanumeric() && ch != '/');
        if word.contains('@') && !sentence {
            return mail(word);
        }
        let (host, path) = word.split_once('/').map_or((word, None), |(host, path)| (host, Some(path)));
        let host = host.split(':').next().unwrap_or(host);
        let named = path.is_some_and(|it| !it.is_empty());
        let counts = !sentence || asks || parenthesis || named;
        (counts && is_host(host, path.is_some(), form)).then(|| claim(host, Sort::Name))
    })
}

fn claim(host: &str, kind: Sort) -> Claim {
    Claim { host: host.trim_end_matches('.').to_ascii_lowercase(), kind }
}

/// A whole address in `text`.
fn address(text: &str) -> Option<Claim> {
    let lower = text.to_ascii_lowercase();
    let start = ["https://", "http://", "ftp://", "www."].iter().find_map(|it| {
        let at = lower.find(it)?;
        let word = lower[..at].chars().next_back().is_none_or(|ch| !ch.is_alphanumeric());
        word.then_some(if *it == "www." { at } else { at + it.len() })
    })?;
    let rest = &lower[start..];
    let end = rest.find(|ch: char| ch.is_whitespace() || "/?#<>\"'`()[]{}|,;*\\\u{2026}".contains(ch));
    let authority = &rest[..end.unwrap_or(rest.len())];
    // What stands before the @ is what people read.
    let seen = authority.split('@').next().unwrap_or(authority);
    let host = seen.split(':').next().unwrap_or(seen).trim_end_matches('.').trim_end_matches("..");
    let whole = host.contains('.') && !host.contains("..") && !host.starts_with('.');
    (whole && !host.ends_with("...")).then(|| claim(host, Sort::Address))
}

/// A mail address.
fn mail(word: &str) -> Option<Claim> {
    let (name, host) = word.rsplit_once('@')?;
    (!name.is_empty() && psl_known(host)).then(|| claim(host, Sort::Mail))
}

/// Words of a sentence that send its reader to a host.
const ASKS: &[&str] = &[
    "sign in",
    "signin",
    "log in",
    "login",
    "log on",
    "sign up",
    "register",
    "visit",
    "go to",
    "open ",
    "continue",
    "proceed",
    "download",
    "verify",
    "confirm",
    "account",
    "password",
    "click",
    "reset",
    "unlock",
    "official",
    "website",
    "web site",
    "homepage",
    "subscribe",
    "pay ",
    "checkout",
    "authenticate",
    "authorize",
    "connect to",
    "install from",
    "get it",
    "anmelden",
    "einloggen",
    "besuche",
    "weiter zu",
    "connectez",
    "connexion",
    "inicia",
    "accedi",
    "entrar",
    "inloggen",
    "zaloguj",
];

fn asks(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    ASKS.iter().any(|it| lower.contains(it))
}

/// Endings of hosts that nothing else has.
const HOSTS: &[&str] = &[
    "com", "org", "net", "edu", "gov", "mil", "int", "io", "dev", "app", "eu", "us", "uk", "de", "fr", "nl",
    "jp", "cn", "ru", "ch", "es", "se", "no", "dk", "fi", "cz", "br", "ca", "au", "nz", "kr", "tw", "hk",
    "sg", "ua", "tv", "fm", "biz", "online", "site", "tech", "cloud", "xyz", "club", "shop", "blog", "page",
    "wiki", "social", "codes", "gg",
];

/// Endings that files, fields and functions have as well.
const LIKE_OTHERS: &[&str] = &[
    "rs", "md", "py", "sh", "pl", "zip", "mov", "ps", "so", "cc", "pm", "gd", "tf", "st", "sc", "ml", "mk",
    "ms", "vi", "do", "la", "in", "is", "id", "to", "at", "as", "am", "my", "it", "name", "info", "bar",
    "foo", "run", "map", "new", "now", "open", "data", "call", "java", "swift", "rip", "pub", "mm", "ad",
    "ai", "pro", "post", "link", "search", "select", "zero", "one", "next", "prof", "prod", "host", "box",
    "cat", "diy", "git", "go", "kt", "cl", "hs", "inc", "ink", "md", "mil", "py", "icu", "bin",
];

/// Whether `host`, a word of a text, is the name of a host.
fn is_host(host: &str, has_path: bool, form: Form) -> bool {
    let legal = |ch: char| ch.is_alphanumeric() || matches!(ch, '-' | '.');
    let labels = host.split('.').count();
    if labels < 2 || !host.chars().all(legal) || host.split('.').any(str::is_empty) {
        return false;
    }
    let lower = host.to_ascii_lowercase();
    let end = lower.rsplit('.').next().unwrap_or("");
    let written = &host[host.len() - end.len()..];
    if known::is_host(&lower) {
        return true;
    }
    let capitals = host.char_indices().any(|(at, ch)| at > 0 && ch.is_ascii_uppercase());
    let shouted = !host.contains(|ch: char| ch.is_ascii_lowercase());
    // ASP.NET, System.Net, Socket.IO.
    if capitals && !shouted && (end != "com" && end != "org" || written != end) {
        return false;
    }
    if matches!(
        lower.as_str(),
        "java.net" | "java.io" | "std.io" | "system.net" | "asp.net" | "vb.net" | "e.g" | "i.e"
    ) {
        return false;
    }
    if HOSTS.contains(&end) {
        return true;
    }
    let plain = form == Form::Plain && !capitals;
    match (LIKE_OTHERS.contains(&end), has_path) {
        // A name of a type begins with a capital.
        (true, false) => plain && labels > 2 && lower == host && psl_known(&lower) && !is_file(end),
        (true, true) => plain && psl_known(&lower) && !is_file(end),
        (false, _) => plain && psl_known(&lower),
    }
}

/// Whether files have the ending `end`.
fn is_file(end: &str) -> bool {
    matches!(
        end,
        "rs" | "md"
            | "py"
            | "sh"
            | "zip"
            | "mov"
            | "pm"
            | "tf"
            | "ml"
            | "mk"
            | "kt"
            | "hs"
            | "java"
            | "swift"
    )
}

/// Whether the ending of `host` is on the public suffix list.
fn psl_known(host: &str) -> bool {
    psl::suffix(host.as_bytes()).is_some_and(|it| it.is_known())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_is_an_address_names_its_host() {
        for (text, host) in [
            ("https://bank.example", "bank.example"),
            ("see https://a.example/x", "a.example"),
            ("www.rust-lang.org", "www.rust-lang.org"),
            ("github.com/corp/tool", "github.com"),
            ("docs.rs", "docs.rs"),
            ("sign in at wiki.corp.com", "wiki.corp.com"),
            ("A title (lwn.net)", "lwn.net"),
            ("GitHub.com", "github.com"),
            ("https://pay.example@203.0.113.9/", "pay.example"),
        ] {
            assert_eq!(of(text, Form::Plain).map(|it| it.host).as_deref(), Some(host), "{text}");
        }
    }

    #[test]
    fn names_of_other_things_are_no_hosts() {
        for text in [
            "main.rs",
            "README.md",
            "node.js",
            "v1.2.3",
            "the documentation",
            "ASP.NET",
            "e.g. this",
            "foo.bar",
            "std.io",
            "What is new at crates.io",
            "String.prototype.at",
            "index.html",
            "1.2.3.4.5",
            "...",
            "a.b",
            "",
        ] {
            assert_eq!(of(text, Form::Plain), None, "{text}");
        }
    }

    #[test]
    fn each_word_that_asks_to_go_somewhere_makes_a_claim_of_a_host_in_a_sentence() {
        assert_eq!(of("we read of it at wiki.corp.com", Form::Plain), None);
        for word in ASKS {
            let text = format!("{word} it at wiki.corp.com");
            assert_eq!(of(&text, Form::Plain).map(|it| it.host).as_deref(), Some("wiki.corp.com"), "{text}");
        }
    }

    #[test]
    fn each_ending_of_hosts_alone_makes_one_and_none_of_the_others_does() {
        for end in HOSTS {
            let text = format!("kiwi.{end}");
            assert_eq!(of(&text, Form::Code).map(|it| it.host), Some(text.clone()), "{text}");
        }
        for end in LIKE_OTHERS.iter().filter(|it| !HOSTS.contains(it)) {
            let text = format!("kiwi.{end}");
            assert_eq!(of(&text, Form::Plain), None, "{text}");
        }
    }

    #[test]
    fn a_catalogue_calls_things_by_names_of_hosts() {
        let claim = of("kiwi.example.com", Form::Plain).expect("a host");
        for host in CATALOGUES {
            assert!(claim.allows(host, &format!("https://{host}/a/kiwi.example.com")), "{host}");
            assert!(!claim.allows(host, &format!("https://{host}/a/pear")), "{host}");
        }
        assert!(!claim.allows("pear.example", "https://pear.example/a/kiwi.example.com"));
    }
}
