//! Advice to trust whoever is at the other end: to run what nobody has read, to show a secret.
//!
//! Running counts where what is run comes from elsewhere, showing where others read along.

use crate::Category;
use crate::Severity::{Blocking, Warning};
use crate::finding::Kind;
use crate::phrases::{Rule, When};

const RUN: Kind = Kind {
    id: "advice-run-unread",
    category: Category::Advice,
    why: "Whoever follows it runs what they have not read, with their own rights.",
    fix: Some("Link to what is to be run, so that it can be read first."),
};

const LEAK: Kind = Kind {
    id: "advice-give-secret",
    category: Category::Advice,
    why: "Whoever follows it shows a secret to everyone who reads along.",
    fix: Some("Name a place for secrets instead."),
};

pub(super) const RULES: &[Rule] = &[
    Rule {
        kind: &RUN,
        severity: Blocking,
        title: "Advice to run a script from the network",
        words: &[
            "curl",
            "wget",
            "iwr",
            "irm",
            "Invoke-WebRequest",
            "Invoke-RestMethod",
            "iex",
            "bash <(curl",
            "bash <(wget",
            "sh -c \"$(curl",
            "sh -c \"$(wget",
            "bash -c \"$(curl",
            "bash -c \"$(wget",
        ],
        pattern: "(?:(?:curl|wget|iwr|irm|invoke-webrequest|invoke-restmethod)\\b[^\\n|;]+\\|[\\s`]*(?:sudo (?:-\\S+ )*)?(?:(?:/usr)?/bin/)?(?:env )?(?:ba|z|da|k|fi)?(?:sh|python[0-9.]*|perl|ruby|node|php|iex|invoke-expression|source|tar\\b[^\\n]{0,40}-C /)\\b|iex[ (]+\\(?(?:iwr|irm|new-object|invoke-|curl|\\(new-object)[^\\n]{3,120}|(?:ba|z)?sh (?:<\\(|-c \"\\$\\()(?:curl|wget)[^\\n]+)",
        when: When::Order,
        yes: &[
            "curl -fsSL https://get.example.sh | sudo bash",
            "Run `wget -qO- x.example/i | sh`",
            "bash <(curl -s https://x.example)",
            "irm x.example | iex",
        ],
        no: &[
            "curl https://x.example | jq .",
            "I ran curl x.example | sh yesterday",
            "Never run curl https://x.example | sh",
        ],
    },
    Rule {
        kind: &RUN,
        severity: Blocking,
        title: "Advice to paste something where it is run",
        words: &[
            "paste this",
            "paste it",
            "paste the following",
            "paste that",
            "copy this",
            "copy and paste",
            "copy-paste",
            "paste and run",
            "press win",
            "press windows",
            "Windows + R",
            "Win + R",
            "Win+R",
            "f\u{fc}ge das in die",
            "f\u{fc}ge dies in die",
        ],
        pattern: "(?:(?:copy(?: and |-)?)?paste|copy|f\u{fc}ge) (?:and run )?(?:this|it|that|the following|the (?:code|command|line|script|snippet) (?:below|above)|das|dies)@2 (?:in die|into|in|to) (?:the|your|a|an|ein|deine)? ?(?:~2 )?(?:console|terminal|power ?shell|command (?:prompt|line)|shell|cmd|dev(?:eloper)? ?tools|address bar|run (?:dialog|box|window)|root shell|konsole|eingabeaufforderung)[^\\n]{0,160}|(?:press )?win(?:dows)?(?: key)? ?\\+ ?r\\b[^\\n]{0,80}(?:paste|ctrl ?\\+ ?v)[^\\n]{0,40}",
        when: When::Order,
        yes: &[
            "Paste this into the console: fetch(1)",
            "copy this into your terminal",
            "Press Win + R, paste the text with Ctrl+V",
        ],
        no: &[
            "paste this into the document",
            "We paste it into the terminal",
            "do not paste this into the console",
        ],
    },
    Rule {
        kind: &LEAK,
        severity: Warning,
        title: "Advice to show a secret",
        words: &[
            "paste your",
            "post your",
            "send me your",
            "send us your",
            "share your",
            "reply with your",
            "commit your",
            "put your password",
            "put your token",
            "hard-code",
            "hardcode",
            "dm me your",
            "include your",
        ],
        pattern: "(?:(?:paste|post|share|reply with|include|put) your (?:~2 )?(?:tokens?|passwords?|api[ -]?keys?|secrets?|private keys?|credentials|recovery (?:phrase|codes?)|seed phrase|\\.env(?: file)?|access keys?) (?:~1 )?(?:here|below|(?:in|into|to) (?:this|the|a|our) (?:~1 )?(?:thread|chat|channel|issue|comment|ticket|code|repo(?:sitory)?|form|forum|reply|post))\\b|(?:send|dm) (?:me|us) your (?:~2 )?(?:tokens?|passwords?|api[ -]?keys?|secrets?|private keys?|credentials|recovery (?:phrase|codes?)|seed phrase|access keys?)\\b|(?:commit|hard-?code) (?:your|the) (?:~2 )?(?:tokens?|passwords?|api[ -]?keys?|secrets?|private keys?|credentials|\\.env(?: file)?)\\b)",
        when: When::Order,
        yes: &["Paste your API key here", "send me your password", "just hard-code the token"],
        no: &[
            "Never paste your token here",
            "share your thoughts here",
            "include your name below",
            "We hardcode the password in the test",
        ],
    },
    Rule {
        kind: &RUN,
        severity: Blocking,
        title: "Advice to paste something where it is run",
        words: &[
            "console and paste",
            "terminal and paste",
            "powershell and paste",
            "devtools and paste",
            "prompt and paste",
            "console, paste",
            "terminal, paste",
        ],
        pattern: "(?:console|terminal|power ?shell|dev ?tools|prompt)(?:,| and)? (?:then )?paste\\b[^\\n]{0,80}",
        when: When::Unwarned,
        yes: &["Press F12, open the console and paste the code"],
        no: &["never open the console and paste code"],
    },
];
