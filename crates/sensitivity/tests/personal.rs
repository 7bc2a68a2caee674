//! What is found of persons, on lines of our own.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use countersign_sensitivity::{Category, Finding, Reach, Rules, Severity};

fn findings(text: &[u8]) -> Vec<Finding> {
    let mut all = Rules::built_in().scan(text, Reach::Public);
    all.retain(|it| it.category == Category::Personal);
    all
}

/// The rule and severity of each finding of `text`, and what it found.
fn found(text: &str) -> Vec<(String, Severity, &str)> {
    let of = |it: Finding| (it.rule.to_string(), it.severity, &text[it.range]);
    findings(text.as_bytes()).into_iter().map(of).collect()
}

#[track_caller]
fn check(rule: &str, line: &str, expected: &str) {
    let found = found(line);
    assert!(found.iter().any(|it| it.0 == rule && it.2 == expected), "{line}: {found:?}");
}

#[test]
fn the_own_set_is_found_and_nothing_else() {
    let mut wrong = Vec::new();
    for line in include_str!("own/pii.txt").lines() {
        let text = line
            .get(2..)
            .unwrap_or("")
            .replace('\u{2038}', "")
            .replace("\\n", "\n")
            .replace("\\t", "\t")
            .replace("\\\\", "\\");
        let (mut plain, mut spans) = (String::new(), Vec::new());
        for ch in text.chars() {
            match ch {
                '\u{27e6}' => spans.push(plain.len()..plain.len()),
                '\u{27e7}' => spans.last_mut().unwrap().end = plain.len(),
                ch => plain.push(ch),
            }
        }
        let all = findings(plain.as_bytes());
        let is_right = match line.get(..2) {
            Some("+ ") => spans
                .iter()
                .all(|span| all.iter().any(|it| it.range.start < span.end && span.start < it.range.end)),
            Some("- ") => all.is_empty(),
            _ => true,
        };
        if !is_right {
            wrong.push(format!("{line}: {all:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_number_with_a_form_of_its_own_is_found_anywhere() {
    for (rule, line, expected) in [
        ("payment-card", "paid with 5555 5555 5555 4444 12/29", "5555 5555 5555 4444"),
        ("national-identifier", "she is 78-51-120 or 219-09-9998, we think", "219-09-9998"),
        ("national-identifier", "holder QQ no, AB 12 34 56 C", "AB 12 34 56 C"),
        ("national-identifier", "holder 811218-9876", "811218-9876"),
        ("national-identifier", "holder 131052-308T", "131052-308T"),
        ("national-identifier", "holder 756.9217.0769.85", "756.9217.0769.85"),
        ("national-identifier", "holder 2 55 08 14 168 025 38", "2 55 08 14 168 025 38"),
        ("national-identifier", "holder 971013-9019902", "971013-9019902"),
        ("national-identifier", "holder S1234567D", "S1234567D"),
        ("national-identifier", "holder G123456(A)", "G123456(A)"),
        ("national-identifier", "holder 11010519491231002X", "11010519491231002X"),
        ("iban", "send it to NL91 ABNA 0417 1643 00 today", "NL91 ABNA 0417 1643 00"),
        (
            "crypto-wallet",
            "send it to 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa today",
            "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
        ),
        ("health-identifier", "holder 1EG4-TE5-MK73", "1EG4-TE5-MK73"),
    ] {
        check(rule, line, expected);
    }
}

#[test]
fn plain_digits_are_found_beside_their_word_in_many_languages() {
    for (rule, line, expected) in [
        ("national-identifier", "PESEL: 44051401359", "44051401359"),
        ("national-identifier", "BSN 111222333 van de klant", "111222333"),
        ("national-identifier", "TC kimlik no 10000000146", "10000000146"),
        ("national-identifier", "\u{8eab}\u{4efd}\u{8bc1}\u{53f7}: 11010519491231002x", "11010519491231002x"),
        ("tax-identifier", "Steuernummer 21/815/08150", "21/815/08150"),
        ("tax-identifier", "user_tfn = 876543210", "876543210"),
        ("identity-document", "Passport No: C01X00T47", "C01X00T47"),
        ("identity-document", "Num\u{e9}ro de passeport 14AB12345", "14AB12345"),
        ("identity-document", "permis de conduire 123456789012", "123456789012"),
        ("bank-account", "routing number 021000021", "021000021"),
        ("bank-account", "Kontonummer 0532013000", "0532013000"),
        ("licence-plate", "Kennzeichen B-MW 1234", "B-MW 1234"),
        ("licence-plate", "his vehicle BD51 SMR was seen", "BD51 SMR"),
        ("phone-number", "Telefon 030 901820", "030 901820"),
        ("date-of-birth", "geboren am 14. M\u{e4}rz 1979", "14. M\u{e4}rz 1979"),
        ("mac-address", "hardware address aa-bb-cc-dd-ee-0f", "aa-bb-cc-dd-ee-0f"),
        ("bic", "SWIFT code is DEUTDEFF", "DEUTDEFF"),
    ] {
        check(rule, line, expected);
    }
    // The same digits without the word say nothing.
    for line in [
        "the checksum 44051401359 of it",
        "row 111222333 of all",
        "took 10000000146 cycles",
        "in 0532013000 steps",
    ] {
        assert_eq!(found(line), [], "{line}");
    }
}

#[test]
fn numbers_of_many_countries_are_found_and_those_that_fail_their_check_are_not() {
    // The word, a number that was published as an example, and the same with another check digit.
    for (word, right, wrong) in [
        ("NHS number", "943 476 5919", "943 476 5918"),
        ("Steuer-ID", "86095742719", "86095742718"),
        ("Sozialversicherungsnummer", "15070649C103", "15070649C104"),
        ("KVNR", "A123456780", "A123456781"),
        ("AHV", "756.9217.0769.85", "756.9217.0769.86"),
        ("num\u{e9}ro de s\u{e9}curit\u{e9} sociale", "255081416802538", "255081416802539"),
        ("rijksregisternummer", "85.07.30-033.28", "85.07.30-033.29"),
        ("DNI", "12345678Z", "12345678A"),
        ("codice fiscale", "RSSMRA85T10A562S", "RSSMRA85Z10A562S"),
        ("partita iva", "07643520567", "07643520568"),
        ("personnummer", "811218-9876", "811218-9875"),
        ("hetu", "131052-308T", "131052-308U"),
        ("isikukood", "37605030299", "37605030298"),
        ("PESEL", "44051401359", "44051401358"),
        ("rodn\u{e9} \u{10d}\u{ed}slo", "710319/2745", "710319/2746"),
        ("EGN", "7523169263", "7523169264"),
        ("\u{421}\u{41d}\u{418}\u{41b}\u{421}", "112-233-445 95", "112-233-445 96"),
        ("CPF", "529.982.247-25", "529.982.247-26"),
        ("RUT", "12.531.909-2", "12.531.909-3"),
        ("CUIT", "20-05536168-2", "20-05536168-3"),
        ("CURP", "BOXW310820HNERXN09", "BOXW310820HNERXN08"),
        ("SIN", "130-692-544", "130-692-545"),
        ("aadhaar", "2341 2341 2346", "2341 2341 2347"),
        ("NRIC", "S1234567D", "S1234567A"),
        ("HKID", "G123456(A)", "G123456(1)"),
        ("DEA number", "AB1234563", "AB1234564"),
        ("TFN", "876 543 210", "876 543 211"),
        ("ABN", "51 824 753 556", "51 824 753 557"),
        ("IRD", "49-091-850", "49-091-851"),
        ("rsa id", "8001015009087", "8001015009086"),
        ("routing number", "021000021", "021000022"),
        ("credit card", "4111 1111 1111 1111", "4111 1111 1111 1112"),
        ("IBAN", "DE89 3704 0044 0532 0130 00", "DE89 3704 0044 0532 0130 01"),
    ] {
        let line = format!("{word}: {right}");
        assert!(found(&line).iter().any(|it| it.2 == right), "{line}: {:?}", found(&line));
        let line = format!("the {wrong} of it");
        assert_eq!(found(&line), [], "{line}");
    }
}

#[test]
fn of_several_in_a_row_each_is_found() {
    assert_eq!(found("4111 1111 1111 1111 5555 5555 5555 4444 4012 8888 8888 1881").len(), 3);
    assert_eq!(found("(212) 555-2368 (212) 555-2369 212-555-2370 212-555-2371").len(), 4);
    assert_eq!(found("536-90-4399 219-09-9998").len(), 2);
}

#[test]
fn a_number_that_is_the_whole_text_is_worth_a_note() {
    assert_eq!(found("44051401359"), [("national-identifier".to_owned(), Severity::Note, "44051401359")]);
    assert_eq!(found("8080"), []);
    assert_eq!(found("1.2.3"), []);
    assert_eq!(found("2026-11-23T04:35:04Z"), []);
}

#[test]
fn numbers_that_are_part_of_something_are_left_alone() {
    for line in [
        "https://host.example/tickets/4111111111111111",
        "5f2b9c1e-4d7a-4c3e-9b8a-536904399123",
        "0.4111111111111111",
        "sha256:4111111111111111abcdef",
        "a_4111111111111111_b",
        "pkg-219-09-9998-x86",
        "1,411,111,111,111,111",
        "const SIZES: [u64; 3] = [1048576, 16777216, 4294967296];",
        "2021-04-01 12:30:45.123456 [12345] INFO took 1234567 ns",
        "fe80::/10, ::1 and std::fmt::Display",
        "libfoo.so.1.2.3.4 and 6.1.7601.17514",
    ] {
        assert_eq!(found(line), [], "{line}");
    }
}

#[test]
fn hostile_repetition_takes_linear_work() {
    // What is not linear takes minutes here.
    let units = [
        "1",
        "1 ",
        "1-",
        "a1",
        "a@",
        "@",
        "a@b.de ",
        "ssn ",
        "ssn 1",
        "ssn 536904399 ",
        "4111 1111 1111 1111 ",
        "+4930901820 ",
        "(212) 555-2368 ",
        "DE89 ",
        "DE89 3704 0044 0532 0130 00 ",
        "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa ",
        "bc1q",
        "1.1.1.1.",
        "1:1:",
        "::",
        "a::b ",
        "aa:",
        "born 1 ",
        "geb",
        "bic A",
        "bic DEUTDEFF ",
        "AAAAAA00A00A000A ",
        "\u{8eab}\u{4efd}\u{8bc1}1",
        "mac aa:aa:aa:aa:aa:a1 ",
        "/home/",
        "\\",
        "\\\\a\\b ",
        ".local",
        "a.corp.",
    ];
    for unit in units {
        let text = unit.repeat(300_000 / unit.len());
        for it in Rules::built_in().scan(text.as_bytes(), Reach::Public) {
            assert!(!it.range.is_empty() && it.range.end <= text.len());
        }
    }
    let _ = Rules::built_in().scan(&vec![0xff; 300_000], Reach::Public);
}

#[test]
fn any_bytes_are_read() {
    // Pieces of everything that is looked for, cut and joined anywhere.
    let pieces = b"ssn passport 536-90-4399 T220001293 DE89 3704 0044 0532 0130 00 +49(30)901 a@b.de born 1984-02-29 BIC DEUTDEFF fd12::1 \xff\xfe 1A1zP1 \\\\a1\\b /home/x ";
    let mut state = 1_u32;
    for _ in 0..20_000 {
        let mut text = Vec::new();
        for _ in 0..6 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let from = (state >> 8) as usize % pieces.len();
            let to = (from + (state >> 24) as usize % 24).min(pieces.len());
            text.extend_from_slice(&pieces[from..to]);
        }
        for it in Rules::built_in().scan(&text, Reach::Public) {
            assert!(!it.range.is_empty() && it.range.end <= text.len());
        }
    }
}
