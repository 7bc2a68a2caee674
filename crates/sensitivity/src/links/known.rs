//! Names that have to be known: hosts that redirect, that belong together, that are imitated.

/// Hosts that send whoever comes to another one, as mails and newsletters use them.
const REDIRECTORS: &[&str] = &[
    "t.co",
    "bit.ly",
    "goo.gl",
    "tinyurl.com",
    "ow.ly",
    "buff.ly",
    "is.gd",
    "lnkd.in",
    "rebrand.ly",
    "t.ly",
    "cutt.ly",
    "tiny.cc",
    "dlvr.it",
    "trib.al",
    "aka.ms",
    "g.co",
    "s.id",
    "shorturl.at",
    "rb.gy",
    "git.io",
    "list-manage.com",
    "mailchi.mp",
    "sendgrid.net",
    "mandrillapp.com",
    "hubspotlinks.com",
    "rs6.net",
    "safelinks.protection.outlook.com",
    "urldefense.com",
    "urldefense.proofpoint.com",
    "l.facebook.com",
    "lm.facebook.com",
    "l.instagram.com",
    "out.reddit.com",
    "steamcommunity.com",
    "href.li",
    "doi.org",
    "dx.doi.org",
    "hdl.handle.net",
    "web.archive.org",
    "archive.org",
    "archive.is",
    "archive.ph",
    "archive.today",
    "googleusercontent.com",
    "cdn.ampproject.org",
    "awstrack.me",
    "mjt.lu",
    "createsend1.com",
];

/// Domains that have one owner and lead to each other.
const TOGETHER: &[&[&str]] = &[
    &["youtube.com", "youtu.be", "youtube-nocookie.com"],
    &["twitter.com", "x.com", "t.co"],
    &["facebook.com", "fb.com", "fb.me", "fb.watch", "messenger.com", "m.me"],
    &["instagram.com", "instagr.am"],
    &["reddit.com", "redd.it"],
    &["telegram.org", "telegram.me", "t.me"],
    &["whatsapp.com", "wa.me"],
    &["discord.com", "discord.gg", "discordapp.com"],
    &["lu.ma", "luma.com"],
    &["amazon.com", "amzn.to", "a.co"],
    &["linkedin.com", "lnkd.in"],
    &["github.com", "git.io", "githubusercontent.com", "ghcr.io"],
    &["google.com", "goo.gl", "g.co", "withgoogle.com"],
    &["microsoft.com", "aka.ms", "live.com", "microsoftonline.com"],
    &["npmjs.com", "npmjs.org", "npm.im"],
    &["pypi.org", "python.org"],
    &["stackoverflow.com", "stackexchange.com", "superuser.com", "serverfault.com", "askubuntu.com"],
    &["wikipedia.org", "wikimedia.org", "w.wiki"],
    &["meetup.com", "meetu.ps"],
    &["bsky.app", "bsky.social"],
    &["atlassian.com", "atlassian.net", "bitbucket.org"],
    &["notion.so", "notion.com", "notion.site"],
];

/// Hosts with an ending that names of files have too.
const LIKE_FILES: &[&str] = &[
    "docs.rs",
    "lobste.rs",
    "crates.rs",
    "rustup.rs",
    "tokio.rs",
    "actix.rs",
    "rocket.rs",
    "diesel.rs",
    "yew.rs",
    "gamedev.rs",
    "areweasyncyet.rs",
    "arewegameyet.rs",
    "bevy.rs",
    "serde.rs",
    "loco.rs",
    "leptos.dev",
    "brew.sh",
    "bun.sh",
    "fly.sh",
    "starship.rs",
    "helm.sh",
    "get.sh",
    "notion.so",
    "allegro.pl",
    "onet.pl",
    "wp.pl",
    "gov.pl",
    "obsidian.md",
    "hackmd.io",
    "dillinger.io",
    "monzo.me",
    "cloudflare.tv",
    "t.me",
    "bit.ly",
    "ifttt.com",
    "goo.gl",
    "nic.in",
    "astral.sh",
    "railway.app",
    "vercel.sh",
    "zoom.us",
    "sh.rustup.rs",
];

/// Domains that are imitated; from reports on phishing and on typosquatting of developers' services.
const IMITATED: &[&str] = &[
    "google.com",
    "gmail.com",
    "youtube.com",
    "facebook.com",
    "instagram.com",
    "whatsapp.com",
    "linkedin.com",
    "microsoft.com",
    "outlook.com",
    "office.com",
    "live.com",
    "apple.com",
    "icloud.com",
    "amazon.com",
    "paypal.com",
    "netflix.com",
    "dropbox.com",
    "adobe.com",
    "docusign.com",
    "coinbase.com",
    "binance.com",
    "kraken.com",
    "metamask.io",
    "stripe.com",
    "wellsfargo.com",
    "chase.com",
    "bankofamerica.com",
    "citibank.com",
    "hsbc.com",
    "dhl.com",
    "fedex.com",
    "ups.com",
    "usps.com",
    "ebay.com",
    "alibaba.com",
    "booking.com",
    "airbnb.com",
    "github.com",
    "gitlab.com",
    "bitbucket.org",
    "atlassian.com",
    "slack.com",
    "discord.com",
    "telegram.org",
    "zoom.us",
    "okta.com",
    "auth0.com",
    "cloudflare.com",
    "digitalocean.com",
    "heroku.com",
    "docker.com",
    "npmjs.com",
    "pypi.org",
    "python.org",
    "rust-lang.org",
    "crates.io",
    "golang.org",
    "rubygems.org",
    "nodejs.org",
    "mozilla.org",
    "wikipedia.org",
    "twitter.com",
    "reddit.com",
    "twitch.tv",
    "spotify.com",
    "salesforce.com",
    "openai.com",
    "anthropic.com",
    "huggingface.co",
    "kubernetes.io",
    "hashicorp.com",
    "debian.org",
    "ubuntu.com",
    "kernel.org",
    "apache.org",
    "oracle.com",
    "samsung.com",
    "steampowered.com",
    "steamcommunity.com",
    "roblox.com",
    "tiktok.com",
    "yahoo.com",
    "proton.me",
    "bitwarden.com",
    "lastpass.com",
];

/// Whether `host` sends whoever comes to another one.
pub(super) fn redirects(host: &str) -> bool {
    REDIRECTORS.iter().any(|it| is_under(host, it))
}

/// Whether `host` is `domain` or below it.
pub(super) fn is_under(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// Whether two registrable domains have one owner.
pub(super) fn belong_together(one: &str, other: &str) -> bool {
    // What is below `githubusercontent.com` is a domain of its own for the list of public suffixes.
    let has = |group: &[&str], domain| group.iter().any(|it| is_under(domain, it));
    TOGETHER.iter().any(|group| has(group, one) && has(group, other))
}

/// Whether `host`, which could be the name of a file, is known as a host.
pub(super) fn is_host(host: &str) -> bool {
    LIKE_FILES.iter().any(|it| is_under(host, it))
}

/// Whether `domain` is one that others pretend to be.
pub(super) fn is_imitated(domain: &str) -> bool {
    IMITATED.contains(&domain)
}

/// Whether `domain` looks like one that is imitated and is not: digits for letters, `rn` for `m`.
pub(super) fn imitates(domain: &str) -> bool {
    let odd = domain.bytes().any(|it| it.is_ascii_digit()) || domain.contains("rn") || domain.contains("vv");
    if !odd || is_imitated(domain) || domain.len() > 40 {
        return false;
    }
    // `1` is taken for `l` as well as for `i`.
    ["l", "i"].iter().any(|one| {
        let plain = domain.replace('0', "o").replace('1', one).replace('3', "e").replace('5', "s");
        let narrow = plain.replace("rn", "m").replace("vv", "w");
        plain != domain && is_imitated(&plain) || narrow != domain && is_imitated(&narrow)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_known_domain_imitates_it() {
        for it in
            ["rust-1ang.org", "g00gle.com", "paypa1.com", "arnazon.com", "m1crosoft.com", "tvvitter.com"]
        {
            assert!(imitates(it), "{it}");
        }
        for it in ["rust-lang.org", "learn.com", "auth0.com", "a1.net", "modern.org", "1password.com"] {
            assert!(!imitates(it), "{it}");
        }
    }

    #[test]
    fn a_redirector_is_known_with_what_is_below_it() {
        assert!(redirects("t.co") && redirects("x.us1.list-manage.com"));
        assert!(!redirects("at.co") && !redirects("t.co.example"));
    }

    /// What is found of links in `text`.
    fn found(text: &str) -> Vec<(String, crate::Severity)> {
        let all = crate::Rules::built_in().scan(text.as_bytes(), crate::Reach::Public);
        let links = all.into_iter().filter(|it| it.category == crate::Category::Link);
        links.map(|it| (it.rule.into_owned(), it.severity)).collect()
    }

    #[test]
    fn each_redirector_is_worth_a_note() {
        for host in REDIRECTORS {
            for address in [format!("https://{host}/x"), format!("http://a.{host}")] {
                let found = found(&format!("[paint.example.com]({address})"));
                assert_eq!(found, [("link-leads-elsewhere".to_owned(), crate::Severity::Note)], "{address}");
            }
            let other = found(&format!("[paint.example.com](https://q{}/x)", host.replace('.', "q.")));
            assert!(!other.iter().any(|it| it.1 == crate::Severity::Note), "{host}: {other:?}");
        }
    }

    #[test]
    fn domains_of_one_owner_lead_to_each_other_and_to_no_others() {
        for (at, group) in TOGETHER.iter().enumerate() {
            assert!(group.len() > 1, "{group:?}");
            let first = group[0];
            for (shown, host) in group[1..].iter().flat_map(|it| [(first, *it), (*it, first)]) {
                // Nobody is asked to trust what is no domain of its own.
                if psl::domain_str(shown).is_some() {
                    let text = format!("[https://{shown}](https://www.{host}/x)");
                    assert_eq!(found(&text), [], "{text}");
                }
            }
            let next = TOGETHER[(at + 1) % TOGETHER.len()][0];
            assert!(!found(&format!("[https://{first}](https://{next}/x)")).is_empty(), "{first} {next}");
        }
    }

    #[test]
    fn each_host_that_could_be_a_file_is_known_as_a_host() {
        for host in LIKE_FILES {
            let text = format!("[{host}](https://paint.example.com)");
            assert!(!found(&text).is_empty(), "{text}");
        }
    }

    #[test]
    fn each_domain_that_is_imitated_is_told_from_what_imitates_it() {
        const LOOKS: [(&str, &str); 7] =
            [("o", "0"), ("l", "1"), ("i", "1"), ("e", "3"), ("s", "5"), ("m", "rn"), ("w", "vv")];
        for domain in IMITATED {
            assert_eq!(found(&format!("see https://www.{domain}/x")), [], "{domain}");
            let (name, end) = domain.split_once('.').expect("a domain");
            // The first of each letter is enough to be misread.
            let made = LOOKS.iter().filter(|it| name.contains(it.0)).map(|it| name.replacen(it.0, it.1, 1));
            let made: Vec<_> = made.map(|name| format!("{name}.{end}")).collect();
            assert!(!made.is_empty() || !name.contains(['o', 'l', 'i', 'e', 's', 'm', 'w']), "{domain}");
            for it in made {
                let found = found(&format!("see https://www.{it}/x"));
                assert!(found.iter().any(|it| it.0 == "link-lookalike-host"), "{it}: {found:?}");
            }
        }
    }
}
