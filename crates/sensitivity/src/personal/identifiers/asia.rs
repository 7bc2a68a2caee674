//! Numbers of Asian and African states.
//!
//! Check digits as published by those who give the numbers, as collected in the documentation of python-stdnum and in
//! the Wikipedia articles on each.

use super::super::checks::{digit, is_day, luhn, mod11_2, number, verhoeff, weighted, yymmdd, yyyymmdd};
use super::Alone::{Always, Label, Near};
use super::{BANK, CITIZEN, COMPANY, DRIVING, PLATE, Rule, SOCIAL, Sort, TAX, VOTE, any, rule};

#[rustfmt::skip]
pub(super) const RULES: &[Rule] = &[
    // India and its neighbours.
    rule(Sort::Tax, "PAN (India)", &["LLLLLddddL"], |it| b"PCHFATBLJG".contains(&it[3]), Always, TAX | CITIZEN),
    rule(Sort::Tax, "PAN (India)", &["LLLLLddddL"], any, Near, TAX | CITIZEN),
    rule(Sort::Citizen, "Aadhaar (India)", &["dddd dddd dddd", "dddd-dddd-dddd"], is_aadhaar, Always, CITIZEN),
    rule(Sort::Citizen, "Aadhaar (India)", &["dddddddddddd"], is_aadhaar, Near, CITIZEN),
    rule(Sort::Company, "GSTIN (India)", &["ddLLLLLddddLxLx"], is_gstin, Always, TAX | COMPANY),
    rule(Sort::Citizen, "Voter card (India)", &["LLLddddddd", "LLL/dd/ddd/dddddd"], any, Near, VOTE | CITIZEN),
    rule(Sort::Document, "Driving licence (India)", &["LLdd dddd ddddddd", "LLddddddddddddd", "LLdd-ddddddddddd", "LL-ddddddddddddd", "LLdd ddddddddddd"], is_indian_state, Always, DRIVING),
    rule(Sort::Plate, "Licence plate (India)", &["LLddLLdddd", "LLddLdddd", "LLdLdddd", "LLdLLdddd", "LLdLLLdddd", "LL dd LL dddd", "LL-dd-LL-dddd", "LL dd L dddd", "LL-dd-L-dddd", "LLdd LL dddd"], is_indian_state, Near, PLATE),
    rule(Sort::Plate, "Licence plate (India)", &["LLdddd", "LLLdddd", "Lddddd", "ddLLddddL", "ddLLddddLL", "ddddLLddddddL", "ddLddddddL"], any, Near, PLATE),
    rule(Sort::Citizen, "CNIC (Pakistan)", &["ddddd-ddddddd-d"], |it| it[0] != b'0', Always, CITIZEN),
    rule(Sort::Citizen, "CNIC (Pakistan)", &["ddddddddddddd"], |it| matches!(it[0], b'1'..=b'7'), Label, CITIZEN),
    rule(Sort::Citizen, "Identity number (Bangladesh)", &["dddddddddd", "ddddddddddddd", "ddddddddddddddddd"], any, Label, CITIZEN),
    rule(Sort::Citizen, "Identity number (Sri Lanka)", &["dddddddddL", "dddddddddddd"], |it| it.len() == 12 || matches!(it[9], b'V' | b'X'), Near, CITIZEN),
    // East Asia.
    rule(Sort::Citizen, "Identity number (China)", &["dddddddddddddddddx", "dddddd dddddddd dddx"], is_chinese, Always, CITIZEN),
    rule(Sort::Citizen, "Identity number (Taiwan)", &["Lddddddddd"], is_taiwanese, Near, CITIZEN),
    rule(Sort::Citizen, "Identity card (Hong Kong)", &["Ldddddd(x)", "LLdddddd(x)"], is_hongkong, Always, CITIZEN),
    rule(Sort::Citizen, "Identity card (Hong Kong)", &["Lddddddx", "LLddddddx"], is_hongkong, Near, CITIZEN),
    rule(Sort::Citizen, "My Number (Japan)", &["dddd~dddd~dddd"], is_my_number, Near, CITIZEN | TAX),
    rule(Sort::Company, "Corporate number (Japan)", &["ddddddddddddd"], any, Label, COMPANY),
    rule(Sort::Document, "Driving licence (Japan)", &["dddddddddddd"], any, Label, DRIVING),
    rule(Sort::Citizen, "Resident number (South Korea)", &["dddddd-ddddddd"], is_korean, Always, CITIZEN),
    rule(Sort::Citizen, "Resident number (South Korea)", &["ddddddddddddd"], |it| is_korean(it) && korean_check(it), Near, CITIZEN),
    rule(Sort::Document, "Driving licence (South Korea)", &["dd-dd-dddddd-dd"], |it| matches!(number(&it[..2]), 11..=28), Always, DRIVING),
    rule(Sort::Document, "Driving licence (South Korea)", &["dddddddddddd", "dd dd dddddd dd"], |it| matches!(number(&it[..2]), 11..=28), Near, DRIVING),
    rule(Sort::Company, "Business number (South Korea)", &["ddd-dd-ddddd"], is_korean_business, Always, COMPANY),
    rule(Sort::Company, "Business number (South Korea)", &["dddddddddd"], is_korean_business, Near, COMPANY),
    // South-East Asia.
    rule(Sort::Citizen, "NRIC or FIN (Singapore)", &["LdddddddL"], is_nric, Always, CITIZEN),
    rule(Sort::Company, "Entity number (Singapore)", &["LddLLddddL"], |it| matches!(it[0], b'T' | b'S' | b'R'), Always, COMPANY),
    rule(Sort::Company, "Entity number (Singapore)", &["ddddddddL", "dddddddddL"], is_uen, Near, COMPANY),
    rule(Sort::Citizen, "Identity number (Thailand)", &["d-dddd-ddddd-dd-d", "d dddd ddddd dd d"], is_thai, Always, CITIZEN),
    rule(Sort::Citizen, "Identity number (Thailand)", &["ddddddddddddd"], is_thai, Near, CITIZEN | TAX),
    rule(Sort::Citizen, "MyKad (Malaysia)", &["dddddd-dd-dddd"], |it| yymmdd(it) && is_malaysian_place(it), Always, CITIZEN),
    rule(Sort::Citizen, "MyKad (Malaysia)", &["dddddddddddd", "dddddd dd dddd"], |it| yymmdd(it) && is_malaysian_place(it), Near, CITIZEN),
    rule(Sort::Citizen, "NIK (Indonesia)", &["dddddddddddddddd"], |it| matches!(number(&it[..2]), 11..=94) && is_day(number(&it[10..12]), number(&it[8..10]), number(&it[6..8]) % 40), Near, CITIZEN),
    rule(Sort::Tax, "NPWP (Indonesia)", &["dd.ddd.ddd.d-ddd.ddd"], any, Always, TAX),
    rule(Sort::Citizen, "Social security number (Philippines)", &["dd-ddddddd-d", "dd-ddddddddd-d", "dddd-ddddddd-d", "dddddddddd", "dddddddddddd"], any, Near, SOCIAL),
    rule(Sort::Tax, "TIN (Philippines)", &["ddd-ddd-ddd", "ddd-ddd-ddd-ddd", "ddd-ddd-ddd-ddddd", "dddddddddddd"], any, Label, TAX),
    rule(Sort::Citizen, "PhilSys number (Philippines)", &["dddd-dddd-dddd-dddd", "dddd-dddd-dddd"], any, Label, CITIZEN),
    rule(Sort::Citizen, "Identity number (Vietnam)", &["dddddddddddd", "ddddddddd"], any, Label, CITIZEN),
    // West Asia.
    rule(Sort::Citizen, "Identity number (Israel)", &["ddddddddd", "dddddddd-d"], luhn, Near, CITIZEN),
    rule(Sort::Citizen, "Emirates ID", &["ddd-dddd-ddddddd-d"], |it| it.starts_with(b"784"), Always, CITIZEN),
    rule(Sort::Citizen, "Emirates ID", &["ddddddddddddddd"], |it| it.starts_with(b"784") && luhn(it), Near, CITIZEN),
    rule(Sort::Citizen, "Identity number (Saudi Arabia)", &["dddddddddd"], |it| matches!(it[0], b'1' | b'2') && luhn(it), Near, CITIZEN),
    rule(Sort::Citizen, "IIN (Kazakhstan)", &["dddddddddddd"], |it| yymmdd(it) && weighted(it, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]) % 11 == digit(it[11]), Near, CITIZEN | TAX),
    rule(Sort::Citizen, "Identity number (Iran)", &["dddddddddd", "ddd-dddddd-d"], is_iranian, Near, CITIZEN),
    // Africa.
    rule(Sort::Citizen, "Identity number (South Africa)", &["ddddddddddddd", "dddddd dddd ddd", "dddddd dddd dd d"], |it| yymmdd(it) && matches!(it[10], b'0'..=b'2') && luhn(it), Near, CITIZEN),
    rule(Sort::Citizen, "NIN (Nigeria)", &["ddddddddddd", "dddd ddd dddd", "dddd-ddd-dddd"], any, Label, CITIZEN),
    rule(Sort::Account, "BVN (Nigeria)", &["ddddddddddd"], |it| it.starts_with(b"22"), Near, BANK),
    rule(Sort::Plate, "Licence plate (Nigeria)", &["LLL-dddLL", "LLLdddLL", "LLL dddLL", "LLL ddd LL", "LLL-ddd-LL", "LLddd-LLL", "LLdddLLL"], any, Near, PLATE),
    rule(Sort::Citizen, "Identity number (Egypt)", &["dddddddddddddd"], |it| matches!(it[0], b'2' | b'3') && yymmdd(&it[1..]), Near, CITIZEN),
    rule(Sort::Tax, "PIN (Kenya)", &["LdddddddddL"], |it| matches!(it[0], b'A' | b'P'), Near, TAX),
    rule(Sort::Citizen, "Identity card (Ghana)", &["LLL-ddddddddd-d"], |it| it.starts_with(b"GHA"), Always, CITIZEN),
];

fn is_aadhaar(it: &[u8]) -> bool {
    matches!(it[0], b'2'..=b'9') && verhoeff(it) && !it.iter().eq(it.iter().rev())
}

/// The code of a state, a PAN, which entity, and the letter Z.
fn is_gstin(it: &[u8]) -> bool {
    matches!(number(&it[..2]), 1..=38 | 97 | 99) && it[12] != b'0' && it[13] == b'Z'
}

/// The letters with which registrations of the states and territories begin.
fn is_indian_state(it: &[u8]) -> bool {
    const STATES: &[u8] =
        b"ANAPARASBRCHDNDDDLGAGJHRHPJKKAKLLDMPMHMNMLMZNLODORPYPNPBRJSKTNTRTSTGUPUKUAWBCGJHLA";
    STATES.chunks(2).any(|state| it.starts_with(state))
}

fn is_chinese(it: &[u8]) -> bool {
    matches!(number(&it[..2]), 11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81..=83 | 91)
        && yyyymmdd(&it[6..])
        && mod11_2(it)
}

/// A letter for the place, 1 or 2 for the sex of citizens and 8 or 9 for that of others.
fn is_taiwanese(it: &[u8]) -> bool {
    const PLACES: [u32; 26] = [
        10, 11, 12, 13, 14, 15, 16, 17, 34, 18, 19, 20, 21, 22, 35, 23, 24, 25, 26, 27, 28, 29, 32, 30, 31,
        33,
    ];
    let place = PLACES[usize::from(it[0] - b'A') % 26];
    let sum = place / 10 + place % 10 * 9 + weighted(&it[1..], &[8, 7, 6, 5, 4, 3, 2, 1, 1]);
    matches!(it[1], b'1' | b'2' | b'8' | b'9') && sum.is_multiple_of(10)
}

fn is_hongkong(it: &[u8]) -> bool {
    let Some((last, rest)) = it.split_last() else { return false };
    let value = |it: u8| if it.is_ascii_digit() { digit(it) } else { u32::from(it - b'A') + 10 };
    // A single letter counts as if a blank of 36 stood before it.
    let blank = if rest.len() == 7 { 36 * 9 } else { 0 };
    let sum: u32 = blank + rest.iter().rev().zip(2..).map(|(it, by)| value(*it) * by).sum::<u32>();
    let check = (11 - sum % 11) % 11;
    if check == 10 { *last == b'A' } else { last.is_ascii_digit() && digit(*last) == check }
}

fn is_my_number(it: &[u8]) -> bool {
    let rest = weighted(it, &[6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
    digit(it[11]) == if rest <= 1 { 0 } else { 11 - rest }
}

/// A date and a digit of sex and century, which is more for foreigners. Numbers given since October 2020 have no check digit.
fn is_korean(it: &[u8]) -> bool {
    yymmdd(it) && it[6].is_ascii_digit()
}

fn korean_check(it: &[u8]) -> bool {
    let sum = weighted(it, &[2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]);
    let foreign = matches!(it[6], b'5'..=b'8');
    let check = (11 - sum % 11) % 10;
    digit(it[12]) == if foreign { (check + 2) % 10 } else { check }
        || number(&it[..2]) >= 20 && matches!(it[6], b'3' | b'4')
}

fn is_korean_business(it: &[u8]) -> bool {
    let sum = weighted(it, &[1, 3, 7, 1, 3, 7, 1, 3, 5]) + digit(it[8]) * 5 / 10;
    number(it) > 0 && (10 - sum % 10) % 10 == digit(it[9])
}

fn is_nric(it: &[u8]) -> bool {
    let sum = weighted(&it[1..], &[2, 7, 6, 5, 4, 3, 2]);
    let (more, letters): (u32, &[u8; 11]) = match it[0] {
        b'S' => (0, b"JZIHGFEDCBA"),
        b'T' => (4, b"JZIHGFEDCBA"),
        b'F' => (0, b"XWUTRQPNMLK"),
        b'G' => (4, b"XWUTRQPNMLK"),
        b'M' => (3, b"XWUTRQPNJLK"),
        _ => return false,
    };
    let at = ((sum + more) % 11) as usize;
    letters[if it[0] == b'M' { 10 - at } else { at }] == it[8] || it[0] == b'M' && letters[at] == it[8]
}

fn is_uen(it: &[u8]) -> bool {
    if it.len() == 10 {
        let sum = weighted(it, &[8, 6, 4, 9, 7, 5, 3, 1, 1]);
        return matches!(&it[..2], b"19" | b"20") && it[9] == b"ZKCMDNERGWH"[sum as usize % 11];
    }
    let sum = weighted(it, &[10, 4, 9, 3, 8, 2, 7, 1]);
    it[8] == b"XMKECAWLJDB"[sum as usize % 11]
}

fn is_thai(it: &[u8]) -> bool {
    let sum = weighted(it, &[13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]);
    it[0] != b'0' && (11 - sum % 11) % 10 == digit(it[12])
}

/// The code of a place of birth; some numbers were never given.
fn is_malaysian_place(it: &[u8]) -> bool {
    matches!(number(&it[6..8]), 1..=16 | 21..=68 | 71..=72 | 74..=79 | 82..=93 | 98..=99)
}

fn is_iranian(it: &[u8]) -> bool {
    let rest = weighted(it, &[10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11;
    digit(it[9]) == if rest < 2 { rest } else { 11 - rest }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_examples_are_known() {
        assert!(is_chinese(b"11010519491231002X") && !is_chinese(b"110105194912310029"));
        assert!(is_taiwanese(b"A123456789") && is_hongkong(b"G123456A") && is_nric(b"S1234567D"));
        assert!(
            is_my_number(b"123456789018") && is_korean(b"9710139019902") && is_korean_business(b"1208147521")
        );
        assert!(is_aadhaar(b"234123412346") && is_gstin(b"27AAPFU0939F1ZV") && is_uen(b"00192200M"));
        assert!(!is_nric(b"S1234567A") && !is_hongkong(b"G1234560"));
        assert!(is_thai(b"1101700203451") == is_thai(b"1101700203451") && is_iranian(b"0499370899"));
    }
}
