//! The language of the patterns: small vocabularies by name, and gaps of words.
//!
//! `{name}` is one of a vocabulary, ` ` what stands between two words, and `~3` up to three
//! words before the next, `@3` up to three after the last. Everything else is a regular expression without captures.

/// The vocabularies.
const NAMES: &[(&str, &str)] = &[
    (
        "drop",
        "ignor(?:e|ing)|disregard(?:ing)?|forget|overlook|neglect|discard|dismiss|override|bypass|abandon|do(?: not|n't) (?:follow|obey|listen to|pay (?:any )?attention to)|pay no attention to|stop following|set aside|throw (?:out|away)|never ?mind|reset|scratch|do(?: not|n't) comply with",
    ),
    (
        "earlier",
        "previous(?:ly)?|prior|preceding|earlier|above(?:-mentioned)?|former|foregoing|past|initial|original|aforementioned|(?:pre-?)?existing|developer(?:'?s)?|creators?'?s?|system'?s|users?'?s?|owner'?s|openai'?s|safety|ethical|moral",
    ),
    ("given", "system|default|predefined|hidden|built-in|given|current|last|old"),
    (
        "orders",
        "instructions?|directions?|directives?|prompts?|rules|guidelines?|guidance|programming|training|safeguards?|system messages?",
    ),
    (
        "limiting",
        "commands?|orders?|constraints?|restrictions?|limitations?|polic(?:y|ies)|protocols?|conversations?|context|assignments?|tasks?|messages?",
    ),
    (
        "told",
        "(?:you(?: have|'ve| were| are|ve)?(?: all)?(?: ever| already| just)?(?: been)?|i(?: have|'ve)?|they|anyone|was|were)(?: ever)? (?:told|instructed|said|asked|given|taught|trained|learn(?:ed|t)|know|programmed|ordered|read|wrote|written)",
    ),
    (
        "say",
        "state|say|respond|reply|answer|declare|tell|claim|output|print|write|announce|report|pretend|act|reveal|send|execute",
    ),
    (
        "ai",
        "(?:(?:an?|the|any|some|every|all) (?:[a-z-]+ )?)?(?:(?:ai|llms?|large language models?|language models?|artificial intelligence|chat-?bots?|chatgpt|gpt(?:-?\\d)?|claude|gemini|copilot)(?:[ -](?:powered|based))?(?: (?:agents?|assistants?|models?|systems?|bots?|crawlers?|tools?|reviewers?|summari[sz]ers?|readers?))?)",
    ),
    (
        "agents",
        "(?:(?:ai|llm|language model|automated|autonomous|coding|virtual|digital)[ -]?(?:agents?|assistants?|models?|bots?|systems?|reviewers?|crawlers?|summari[sz]ers?)|llms?|ais?|chat-?bots?|language models?)",
    ),
    (
        "mode",
        "(?:dev(?:eloper)?|debug(?:ging)?|god|admin(?:istrator)?|root|maintenance|system|unrestricted|unlimited|unfiltered|uncensored|jail(?:break|broken)|dan|sudo|super-?user|echo|override|evil|test(?:ing)?|training|opposite|diagnostics?|privileged|read-only|unsafe|simulation|service|emergency|compliance|free|raw|root access|no[- ]limits?)",
    ),
    (
        "persona",
        "(?:ai|model|assistant|bot|chat-?bot|llm|dan\\b|gpt|application that|hacker|terminal|interpreter|persona|machine|robot|language model|character|agent without|entity|evil|unrestricted|uncensored|unfiltered|jailbroken|malicious)",
    ),
    (
        "limits",
        "(?:restrictions?|limitations?|limits|filters?|filtering|censorship|rules|guidelines|constraints|boundaries|safeguards|safety measures|guardrails|ethics|morals|confines)",
    ),
    (
        "secrets",
        "(?:~/\\.[a-z]+|/etc/(?:passwd|shadow)|\\.env\\b|id_rsa|env(?:ironment)? variables?|credentials?|api[ _-]?keys?|access[ _-]?keys?|passwords?|secrets?|private keys?|ssh[ _-]?keys?|session cookies|cookies|conversation(?: history)?|chat (?:history|logs?)|mailbox|inbox|e-?mails|contacts|address book|user data|customer data|personal data|database|wallet|seed phrase|source code|home directory|files|documents|records|tokens)",
    ),
    (
        "send",
        "(?:send|post|upload|forward|e-?mail|exfiltrate|transmit|leak|submit|copy|deliver|transfer|dump|pipe|report)",
    ),
    (
        "whereto",
        "(?:https?://|ftp://|[a-z0-9._%+-]+@|(?:the|this|that|an?|my|following|our)(?: (?:following|above|below|given|external|remote|attacker'?s?|email|e-mail|mail|web|same))? ?(?:address|url|webhook|e-?mail|link|site|endpoint|server|channel|number|account|domain|ip|bot|repo(?:sitory)?|gist|pastebin)\\b|pastebin|[a-z0-9-]+(?:\\.[a-z0-9-]+)+)",
    ),
    // Of advice.
    (
        "public",
        "(?:public(?:ly)?(?:[ -](?:readable|accessible|writable|visible|available))?|world[ -]?(?:readable|writable|accessible)|open to (?:everyone|everybody|the (?:world|internet|public)|all|anyone)|accessible (?:to|by|for) (?:everyone|everybody|anyone|all|the (?:world|internet|public)))",
    ),
    (
        "store",
        "(?:buckets?|repo(?:sitor(?:y|ies))?|containers?|blobs?|storage accounts?|shares?|folders?|director(?:y|ies)|files?|drives?|documents?|sheets?|spreadsheets?|boards?|datasets?|tables?|databases?|snapshots?|instances?|clusters?|queues?|topics?|indexe?s?|dashboards?|endpoints?|ports?|wikis?|spaces?|projects?|pages?|calendars?|links?|images?|functions?|apis?|services?|channels?|groups?|lists?|sites?|forms?|registr(?:y|ies)|packages?|vms?|servers?|it|them|that|this|everything)",
    ),
    (
        "guard",
        "(?:firewalls?|ufw|iptables|nftables|firewalld|selinux|apparmor|gatekeeper|defender|anti-?virus|virus scanner|uac|user account control|sip|system integrity protection|mfa|2fa|two-factor(?: authentication)?|multi-factor(?: authentication)?|tls|ssl|https|(?:(?:tls|ssl|certificate|cert|host ?key|signature|strict host key) )+(?:verification|validation|checks?|checking)|certificate (?:verification|validation|checks?)|authentication|authori[sz]ation|access controls?|branch protections?|sandbox(?:ing)?|cors|csrf(?: protection)?|csp|secure boot|rbac|audit(?:ing| logs?| logging)?|rate limit(?:ing|s)?|encryption|password (?:prompt|check|policy)|approvals?|code review|signature checks?|conditional access|security (?:checks?|policy|policies|groups?|features?|software|settings?|scanner|defaults?)|(?:block (?:all )?)?public access(?: block)?|permission checks?|safety checks?|network polic(?:y|ies)|waf|edr|falcon|crowdstrike)",
    ),
    (
        "role",
        "(?:admin(?:istrator)?s?|owners?|root|sudo(?:ers)?|wheel|super-?users?|super-?admins?|editors?|maintainers?|contributors?|docker|domain admins?|global admin(?:istrator)?s?|cluster-admin|power users?|full (?:access|control|permissions?|rights))",
    ),
    (
        "opening",
        "(?:just |simply |temporarily |only )*(?:(?:mak(?:e|ing)|sett?(?:ing)?|leav(?:e|ing)) (?:(?:the|your|that|this|it|them) )+(?:~3 )?{public}|(?:open(?:ing)?(?: up)?|expos(?:e|ing)|shar(?:e|ing)|giv(?:e|ing)|grant(?:ing)?|allow(?:ing)?) (?:~5 )?(?:{everyone}|{role}|{public}|full access|write access)\\b|(?:disabl(?:e|ing)|turn(?:ing)? off|switch(?:ing)? off|remov(?:e|ing)|deactivat(?:e|ing)|skip(?:ping)?|stopp?(?:ing)?) (?:~2 )?{guard}\\b|add(?:ing)? (?:~3 )?to (?:~2 )?{role}\\b|runn?(?:ing)? (?:it |this |the ~1 )?as (?:root|admin(?:istrator)?)\\b)",
    ),
    (
        "everyone",
        "(?:everyone|everybody|anyone|all ?users|all ?authenticated ?users|anonymous(?: users?)?|the (?:whole|entire) (?:company|organi[sz]ation|team|world|internet)|the (?:public|world|internet)|authenticated users|guests?|0\\.0\\.0\\.0/0|any host|any ip|all (?:ips|hosts|origins|traffic))",
    ),
];

/// Between two words: spaces, marks of quoting and of emphasis, the signs with which a comment goes on.
const SPACE: &str = "[\\s\"'*,>#`]+";

/// A word of a gap, and what follows it.
const WORD: &str = "[^\\s.;!?:]{1,28}[\\s\"'*,>#`]+";

/// A word after another.
const AFTER: &str = "[^\\s;!?:]{1,28}";

/// The regular expression of `pattern`, from the begin of a text.
pub(super) fn expanded(pattern: &str) -> String {
    let mut out = String::from("\\A(?:");
    named(pattern, 0, &mut out);
    out.push(')');
    out
}

fn named(pattern: &str, depth: usize, out: &mut String) {
    let mut rest = pattern;
    let mut class = false;
    while let Some(ch) = rest.chars().next() {
        let name = NAMES.iter().find(|it| {
            rest.strip_prefix('{')
                .and_then(|rest| rest.strip_prefix(it.0))
                .is_some_and(|rest| rest.starts_with('}'))
        });
        let count =
            rest.strip_prefix(['~', '@']).and_then(|it| it.chars().next()).filter(char::is_ascii_digit);
        if let (Some((name, words)), true) = (name, depth < 4) {
            out.push_str("(?:");
            named(words, depth + 1, out);
            out.push(')');
            rest = &rest[name.len() + 2..];
        } else if let (Some(count), true) = (count, rest.starts_with('@')) {
            out.push_str(&format!("(?:{SPACE}{AFTER}){{0,{count}}}?"));
            rest = &rest[2..];
        } else if let Some(count) = count {
            // The space after a gap is that of its last word.
            out.push_str(&format!("(?:{WORD}){{0,{count}}}?"));
            rest = rest[2..].strip_prefix(' ').unwrap_or(&rest[2..]);
        } else {
            let escaped = if ch == '\\' { rest[1..].chars().next() } else { None };
            match (ch, escaped) {
                (' ', _) if !class => out.push_str(&format!("(?:{SPACE})")),
                ('[' | ']', _) => {
                    class = ch == '[';
                    out.push(ch);
                }
                (_, Some(next)) => out.extend([ch, next]),
                _ => out.push(ch),
            }
            rest = &rest[ch.len_utf8() + escaped.map_or(0, char::len_utf8)..];
        }
    }
}
