//! What the system knows of the person and the machine, to begin with. Nothing depends on it.

use std::fs;

use crate::wire::Suggested;

/// The names as the system has them. Empty where it does not say.
pub(crate) fn names() -> Suggested {
    let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let user = std::env::var("USER").or_else(|_| std::env::var("LOGNAME")).unwrap_or_default();
    let host = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    Suggested { person: person(&users, &user), device: device(&host) }
}

/// The full name of a user, else the name of the account; none for an account that is no person's.
fn person(users: &str, user: &str) -> String {
    if user.is_empty() || user == "root" {
        return String::new();
    }
    let entry =
        users.lines().map(|line| line.split(':').collect::<Vec<_>>()).find(|it| it.first() == Some(&user));
    let full =
        entry.as_ref().and_then(|it| it.get(4)).and_then(|it| it.split(',').next()).unwrap_or_default();
    kept(if full.trim().is_empty() { user } else { full })
}

fn device(host: &str) -> String {
    kept(host.trim().split('.').next().unwrap_or_default())
}

/// Only what can stand in a name.
fn kept(text: &str) -> String {
    text.trim().chars().filter(|it| !it.is_control()).take(64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const USERS: &str = "root:x:0:0:root:/root:/bin/bash\nmara:x:1000:1000:Mara Lindt,,,:/home/mara:/bin/bash\n\
                         tom:x:1001:1001::/home/tom:/bin/sh\nodd:x:1002\n";

    #[test]
    fn the_full_name_else_the_account() {
        for (user, name) in
            [("mara", "Mara Lindt"), ("tom", "tom"), ("odd", "odd"), ("new", "new"), ("root", ""), ("", "")]
        {
            assert_eq!(person(USERS, user), name, "{user}");
        }
    }

    #[test]
    fn the_machine_without_its_domain() {
        assert_eq!(device("desk.lab.example\n"), "desk");
        assert_eq!(device(""), "");
    }

    #[test]
    fn nothing_that_is_no_letter_comes_along() {
        assert_eq!(kept(" a\u{1b}[31m\n"), "a[31m");
        assert_eq!(kept(&"x".repeat(500)).len(), 64);
    }
}
