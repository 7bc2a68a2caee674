//! Secrets that their place tells, where they are written otherwise than usual.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use countersign_sensitivity::{Category, Reach, Rules};

fn secrets(text: &str) -> Vec<&str> {
    let all = Rules::built_in().scan(text.as_bytes(), Reach::Public);
    all.into_iter().filter(|it| it.category == Category::Secret).map(|it| &text[it.range]).collect()
}

#[test]
fn a_long_private_key_is_one_to_its_end() {
    let line = "lQdGBGNpb2RlZmF1bHRrZXkrL2FiY2RlZmdoaWprbG1ub3BxcnN0dXZ3eHl6MDEy\n";
    let text = format!(
        "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n{}-----END PGP PRIVATE KEY BLOCK-----\n",
        line.repeat(200)
    );
    let found = secrets(&text);
    assert!(
        found.iter().any(|it| it.len() > line.len() * 199),
        "{:?}",
        found.iter().map(|it| it.len()).collect::<Vec<_>>()
    );
}

#[test]
fn a_password_in_a_quoted_argument_is_one() {
    assert_eq!(secrets("mysql -u app '-pZx9!kfQm2pLw' shop"), ["Zx9!kfQm2pLw"]);
    assert_eq!(secrets("mysql -u app -pZx9kfQm2pLw shop"), ["Zx9kfQm2pLw"]);
    assert_eq!(secrets("mkdir '-p' x; install '-pZx9!kfQm2pLw'"), [""; 0]);
}
