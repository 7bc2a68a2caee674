//! Names before values: each name announces what is made like a secret, and nothing else.

use super::{DIGITS, LETTERS, finds, found, missed, wrongly_found};
use crate::examples::Generator;
use crate::secrets::NAMES;
use crate::secrets::names::ABOUT;

const RULE: &str = "named-secret";

/// A value that a program made, and that would do as a password too.
fn value(name: &str) -> String {
    let mut generator = Generator::new(name);
    // Digits keep the letters from looking like a word by chance.
    (0..6).map(|_| generator.letters(LETTERS, 2) + &generator.letters(DIGITS, 1)).collect::<String>() + "kW7q"
}

/// The ways to write a value behind `name`; `…` is the value. A name with a sign at its end has only its own.
fn ways(name: &str) -> Vec<String> {
    let ways: &[&str] = match name.chars().last() {
        Some('=' | ':') => &["@…", "@ …", "@\"…\"", "x @ '…'"],
        Some('"' | '\'') => &["\"@: \"…\"", "'@: '…'", "{\"@:\"…\"}"],
        _ if name == "identified by" => &["@ '…'", "USER x @ \"…\";"],
        _ => &[
            "@=…",
            "@: …",
            "@: \"…\"",
            "@ = '…'",
            "my_@ := \"…\"",
            "\"@\": \"…\",",
            "'@' => '…'",
            "<@>…</@>",
            "let @: String = \"…\"",
            "<add key=\"@\" value=\"…\"/>",
            "@='…' ./run",
            "the @ of the box is …",
        ],
    };
    ways.iter().map(|way| way.replace('@', name)).collect()
}

#[test]
fn every_name_announces_its_value_however_it_is_written() {
    let mut wrong = Vec::new();
    for name in NAMES {
        let value = value(name);
        for way in ways(name) {
            let line = way.replace('…', &value);
            let at = line.find(&value).map(|it| it..it + value.len());
            if !found(&line).iter().any(|it| it.0 == RULE && Some(&it.1) == at.as_ref()) {
                wrong.push(way);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_only_stands_for_a_value_is_none() {
    let values = [
        "xxxxxxxxxxxxxxxxxxxxxxxx",
        "aaaaaaaaaaaaaaaaaaaaaaaa",
        "************************",
        "<your value>",
        "your-value-here-k7Wq2",
        "k7Wq2EXAMPLEvalue9x3",
        "changeme",
        "${FROM_ELSEWHERE}",
        "{{ from.elsewhere }}",
        "$FROM_ELSEWHERE",
        "os.environ[\"K7WQ2\"]",
        "process.env.K7WQ2",
        "arn:aws:x:eu-1:123:y/k7Wq2Lx9",
        "null",
        "true",
        "string",
        "...",
        "",
        "required",
        "Passwort",
    ];
    let mut wrong = Vec::new();
    for name in NAMES {
        for way in ways(name) {
            wrong.extend(values.iter().map(|value| way.replace('…', value)).filter(|it| finds(RULE, it)));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_value_about_a_secret_is_none() {
    let mut wrong = Vec::new();
    for about in ABOUT {
        let value = value(about);
        let capital = about[..1].to_ascii_uppercase() + &about[1..];
        for name in ["password", "token", "secret", "api_key", "access-key", "privateKey"] {
            let lines = [
                format!("{name}_{about} = \"{value}\""),
                format!("{name}-{about}: {value}"),
                format!("\"{name}{capital}\": \"{value}\""),
                format!("{}_{}={value}", name.to_ascii_uppercase(), about.to_ascii_uppercase()),
            ];
            wrong.extend(lines.into_iter().filter(|it| finds(RULE, it)));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_name_that_is_asked_or_called_announces_nothing() {
    let asked = [
        "get_password",
        "getPassword",
        "reset_password",
        "changePassword",
        "forgotPassword",
        "is_secret",
        "has_token",
        "no_password",
        "without_token",
        "invalid_token",
        "public_token",
        "hash_password",
        "encrypted_password",
    ];
    for name in asked {
        let line = format!("{name} = \"{}\"", value(name));
        assert!(!finds(RULE, &line), "{name}");
        // Only as the name begins: what stands before the name is no part of it.
        let line = format!("{}: password = \"{}\"", name.replace('_', " "), value(name));
        assert!(finds(RULE, &line), "{name}");
    }
}

#[test]
fn a_password_is_what_somebody_chose_and_no_word() {
    let yes = [
        "password: ⟦k7<a 10>!⟧",
        "password = '⟦Q3#<d 6>x⟧'",
        "PASSWORD=⟦wq<d 4>zx⟧",
        "db_pass: ⟦Xk7-<a 8>⟧",
        "passphrase: ⟦mq-xk-<d 4>-zt⟧",
        "CREATE USER x IDENTIFIED BY '⟦Kx7<a 6>⟧'",
        "pwd = \"⟦zxkqwvtb⟧\"",
        "Kennwort: ⟦Kx9<d 4>zq!⟧",
        "mot de passe : ⟦Kx9<d 4>zq!⟧",
        "contraseña: ⟦Kx9<d 4>zq!⟧",
        "senha=⟦Kx9<d 4>zq!⟧",
        "my password is ⟦Kx9<d 4>zq!⟧.",
        "mysql --password ⟦Kx9<d 4>zq⟧ app",
    ];
    let no = [
        "password: k7!xQ",
        "password: Passwort",
        "password = \"user_password\"",
        "password: my-long-name-3",
        "password = \"Enter your password\"",
        "password = \"two words7 9x\"",
        "password: form.field.value",
        "password: loadFrom",
        "password: read(k7wq2)",
        "password: list[k7wq2]",
        "the password is wrong",
        "the password is k7",
        "password, k7<a 8> and more",
        "password != \"k7<a 10>\"",
        "password ... k7<a 10>",
        "password? k7<a 10>",
        "password. k7<a 10>",
        "password\n\nk7<a 10>",
        "password <a 4>",
    ];
    assert_eq!(missed(RULE, &yes), [""; 0]);
    assert_eq!(wrongly_found(RULE, &no), [""; 0]);
}

#[test]
fn a_token_is_what_a_program_made() {
    let yes = [
        "token: ⟦k7<a 22>⟧",
        "token=⟦<h 32>⟧",
        "client_secret = \"⟦<h 8>-<h 4>-<h 4>-<h 4>-<h 12>⟧\"",
        "secret: '⟦9f<h 30>⟧',",
        "auth=⟦k7<a 22>⟧&x=1",
        "Authorization: Token token=⟦k7<a 22>⟧",
        "credential: ⟦k7<a 22>⟧",
    ];
    let no = [
        "token: k7Wq2",
        "token: Identifier",
        "token = nextToken",
        "token: some_name_of_it",
        "token = lexer.next_token_of_line2",
        "token: 12345",
        "the token expires in 15 minutes",
        "tokenizer = \"k7<a 22>\"",
        "tokenization: k7<a 22>",
        "secret: https://host.example/k7<a 10>",
        "secret: file:/run/k7<a 12>",
        "token: a b c d k7",
    ];
    assert_eq!(missed(RULE, &yes), [""; 0]);
    assert_eq!(wrongly_found(RULE, &no), [""; 0]);
}

#[test]
fn a_value_that_does_not_end_nearby_is_none() {
    let long = Generator::new("long").letters(LETTERS, 400);
    assert!(!finds(RULE, &format!("token: \"{long}\"")));
    assert!(finds(RULE, &format!("token: \"{}\"", &long[..250])));
}
