//! What was noticed, where, and how much it matters.

use std::borrow::Cow;
use std::ops::Range;

use countersign_core::digest::Digest;

/// Something in a text that a person has to know of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The name of the rule, in lower case with hyphens: `bidi-control`. It never changes its meaning.
    pub rule: Cow<'static, str>,
    pub category: Category,
    pub severity: Severity,
    /// Bytes of the text.
    pub range: Range<usize>,
    /// Of secrets the places that are only counted: whoever draws the text hides those too.
    pub also: Vec<Range<usize>>,
    /// How many more places like its own it stands for.
    pub others: u64,
    /// What was found, in a few words of our own. [`Finding::says`] counts the others, too.
    pub title: String,
    /// Why it matters, in one sentence of our own. No word of the text is in it.
    pub why: Cow<'static, str>,
    /// What to do about it, where there is something: `Replace it by a placeholder.`
    pub fix: Option<&'static str>,
}

impl Finding {
    /// Its title, with the number of places that it stands for where it does for others.
    #[must_use]
    pub fn says(&self) -> Cow<'_, str> {
        match self.others {
            0 => Cow::Borrowed(&self.title),
            others => Cow::Owned(format!("{} places like this: {}", others + 1, self.title)),
        }
    }

    /// What a change does that its lines do not say by themselves.
    #[must_use]
    pub fn of_change(
        rule: &'static str,
        severity: Severity,
        range: Range<usize>,
        title: impl Into<String>,
        why: &'static str,
    ) -> Self {
        let (rule, why) = (Cow::Borrowed(rule), Cow::Borrowed(why));
        Self {
            rule,
            category: Category::Change,
            severity,
            range,
            also: Vec::new(),
            others: 0,
            title: title.into(),
            why,
            fix: None,
        }
    }
}

/// What a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Category {
    /// What lets whoever reads it act as somebody.
    Secret,
    /// What says who a person is, or where.
    Personal,
    /// Hosts, paths and names of a network of one's own.
    Internal,
    /// Who can read or do something, and would be more.
    Access,
    /// What cannot be taken back.
    Destructive,
    /// Characters that hide or pretend.
    Unicode,
    /// What acts on a terminal.
    Terminal,
    /// A link that leads elsewhere than it says.
    Link,
    /// Instructions to another agent.
    Injection,
    /// Advice to change access or to run something.
    Advice,
    /// What a change does that its lines do not say by themselves.
    Change,
}

impl Category {
    /// Its name in files and on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Secret => "secret",
            Self::Personal => "pii",
            Self::Internal => "internal",
            Self::Access => "access",
            Self::Destructive => "destructive",
            Self::Unicode => "unicode",
            Self::Terminal => "terminal",
            Self::Link => "link",
            Self::Injection => "injection",
            Self::Advice => "advice",
            Self::Change => "change",
        }
    }
}

/// How much it matters. There is no other scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Good to know.
    Note,
    /// Worth a look.
    Warning,
    /// Nothing is approved before a person took note of it.
    Blocking,
}

/// The identity of a finding: `RULE:DIGEST:START-END`, the digest that of the whole text.
///
/// The same finding in the same text has the same one on every machine, and a text that changed has none of the old.
#[must_use]
pub fn id(rule: &str, text: &Digest, range: &Range<usize>) -> String {
    format!("{rule}:{text}:{}-{}", range.start, range.end)
}

/// A rule that is built in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kind {
    /// As [`Finding::rule`].
    pub(crate) id: &'static str,
    pub(crate) category: Category,
    /// As [`Finding::why`].
    pub(crate) why: &'static str,
    /// As [`Finding::fix`].
    pub(crate) fix: Option<&'static str>,
}
