//! Numbers of European states, with Russia and Turkey.
//!
//! Check digits as published by those who give the numbers, as collected in the documentation of python-stdnum and
//! in the Wikipedia articles on each.

use super::super::checks::{
    ddmmyy, digit, is_day, luhn, mod11_10, number, verhoeff, weighted, yymmdd, yyyymmdd,
};
use super::Alone::{Always, Label, Near};
use super::{CARD, CITIZEN, COMPANY, DOCTOR, DRIVING, HEALTH, POST, Rule, SOCIAL, Sort, TAX, any, rule};

#[rustfmt::skip]
pub(super) const RULES: &[Rule] = &[
    // United Kingdom and Ireland.
    rule(Sort::Citizen, "National Insurance number (UK)", &["LL~dd~dd~dd~L", "LL ddddddL", "LL dddddd L"], is_nino, Always, SOCIAL),
    rule(Sort::Health, "NHS number (UK)", &["ddd~ddd~dddd"], is_nhs, Near, HEALTH),
    rule(Sort::Document, "Driving licence (UK)", &["xxxxxddddddLxxLL"], is_british_licence, Always, DRIVING),
    rule(Sort::Tax, "Taxpayer reference (UK)", &["dddddddddd", "ddddd ddddd"], is_utr, Near, TAX),
    rule(Sort::Citizen, "PPS number (Ireland)", &["dddddddL", "dddddddLL"], is_pps, Always, TAX | SOCIAL | CITIZEN),
    // Germany, Austria, Switzerland.
    rule(Sort::Tax, "Tax identification number (Germany)", &["dd~ddd~ddd~ddd", "ddd ddd ddd dd"], is_german_tax, Near, TAX),
    rule(Sort::Tax, "Tax number (Germany)", &["ddd/ddd/ddddd", "dd/ddd/ddddd", "ddd/dddd/dddd", "ddd ddd ddddd"], any, Near, TAX),
    rule(Sort::Tax, "Tax number (Germany)", &["ddddddddddddd"], any, Label, TAX),
    rule(Sort::Citizen, "Social security number (Germany)", &["dd~dddddd~L~ddd", "dd dddddd Lddd"], is_german_insurance, Always, SOCIAL),
    rule(Sort::Health, "Health insurance number (Germany)", &["Lddddddddd", "Lddd ddd ddd"], is_kvnr, Near, HEALTH),
    rule(Sort::Document, "Identity card or passport (Germany)", &["Lxxxxxxxxd"], is_german_document, Near, CARD | super::PASSPORT),
    rule(Sort::Document, "Identity card or passport (Germany)", &["Lxxxxxxxx"], is_german_serial, Label, CARD | super::PASSPORT),
    rule(Sort::Document, "Driving licence (Germany)", &["LLddddddddx", "LdddLLLdLdd", "Ldddxxxxxdx"], any, Label, DRIVING),
    rule(Sort::Company, "VAT number", &["LLddddddddd", "LL~ddd~ddd~ddd", "LL~ddddddddd"], |it| it.starts_with(b"DE") && mod11_10(&it[2..]), Always, COMPANY | TAX),
    rule(Sort::Company, "VAT number", &["LLddddddddd", "LL~ddd~ddd~ddd", "LL~ddddddddd", "LL ddd-ddd.ddd"], |it| is_vat(it) && it[2] != b'0', Near, COMPANY | TAX),
    rule(Sort::Company, "VAT number", &["LLdddddddd", "LLLdddddddd", "LLdddddddddd", "LLddddddddddd", "LLdddddddddddd", "LLdddddddddLdd", "LLxxddddddddd", "LLLddddddd", "LLddddddddL", "LLdddddddLL"], is_vat, Near, COMPANY),
    rule(Sort::Health, "Doctor's number (Germany)", &["ddddddddd"], is_lanr, Near, DOCTOR),
    rule(Sort::Health, "Practice number (Germany)", &["ddddddddd"], |it| number(&it[..2]) >= 1, Label, DOCTOR),
    rule(Sort::Company, "Commercial register number (Germany)", &["LLL dddd", "LLL ddddd", "LLL dddddd", "LLLdddd", "LLLddddd", "LLLdddddd", "LLL dddd L", "LLL ddddd L", "LLL dddddd L"], |it| matches!(&it[..3], b"HRB" | b"HRA"), Always, COMPANY),
    rule(Sort::Citizen, "Social insurance number (Austria)", &["dddd~dddddd", "dddd dd dd dd"], is_austrian, Near, SOCIAL | HEALTH),
    rule(Sort::Citizen, "AHV number (Switzerland)", &["ddd~dddd~dddd~dd"], is_ahv, Always, SOCIAL),
    // France, Belgium, Netherlands, Luxembourg.
    rule(Sort::Citizen, "Social security number (France)", &["d~dd~dd~dd~ddd~ddd~dd", "ddddddddddddd dd", "d~dd~dd~dL~ddd~ddd~dd"], is_nir, Always, SOCIAL),
    rule(Sort::Tax, "Tax number (France)", &["ddddddddddddd", "dd dd ddd ddd ddd"], |it| matches!(it[0], b'0'..=b'3') && number(&it[..10]) % 511 == number(&it[10..]), Near, TAX),
    rule(Sort::Company, "SIREN or SIRET (France)", &["ddd~ddd~ddd", "ddd~ddd~ddd~ddddd"], luhn, Near, COMPANY),
    rule(Sort::Document, "Identity card (France)", &["dddddddddddd", "xxxxxxxxx"], any, Label, CARD),
    rule(Sort::Citizen, "National number (Belgium)", &["dd.dd.dd-ddd.dd", "dd.dd.dd-ddd-dd", "dd.dd.dd.ddd-dd", "dddddd-ddd-dd"], is_belgian, Always, CITIZEN),
    rule(Sort::Citizen, "National number (Belgium)", &["ddddddddddd", "dd dd dd ddd dd"], is_belgian, Near, CITIZEN),
    rule(Sort::Citizen, "BSN (Netherlands)", &["ddddddddd", "dddd.dd.ddd", "dddd dd ddd", "ddd ddd ddd", "dddddddd"], is_bsn, Near, CITIZEN | SOCIAL | TAX),
    rule(Sort::Citizen, "National number (Luxembourg)", &["ddddddddddddd"], |it| yyyymmdd(it) && luhn(&it[..12]) && verhoeff(&[&it[..11], &it[12..]].concat()), Near, CITIZEN | SOCIAL | TAX),
    // Spain, Portugal, Italy, Greece.
    rule(Sort::Citizen, "DNI (Spain)", &["ddddddddL", "dddddddd-L", "dd.ddd.ddd-L", "dd.ddd.dddL"], is_dni, Always, CITIZEN | TAX),
    rule(Sort::Citizen, "DNI (Spain)", &["ddddddd~L", "dddddddd L"], is_dni, Near, CITIZEN | TAX),
    rule(Sort::Citizen, "NIE (Spain)", &["Lddddddd~L", "L-ddddddd-L"], is_nie, Always, CITIZEN | TAX),
    rule(Sort::Company, "CIF (Spain)", &["Lddddddd~x"], is_cif, Near, COMPANY | TAX),
    rule(Sort::Citizen, "Social security number (Spain)", &["dd~dddddddd~dd", "dd/dddddddd/dd", "dddddddddddd"], |it| number(&it[..10]) % 97 == number(&it[10..]), Near, SOCIAL),
    rule(Sort::Tax, "NIF (Portugal)", &["ddd~ddd~ddd"], |it| it[0] != b'0' && last_of_11(it, &[9, 8, 7, 6, 5, 4, 3, 2]), Near, TAX | CITIZEN),
    rule(Sort::Document, "Citizen card (Portugal)", &["dddddddd d LLd", "dddddddddLLd", "dddddddd-d-LLd"], any, Near, CITIZEN),
    rule(Sort::Citizen, "Fiscal code (Italy)", &["LLLLLLddLddLdddL", "LLL LLL ddLdd LdddL", "LLLLLLxxLxxLxxxL"], |it| is_fiscal_code(it) && fiscal_check(it), Always, CITIZEN | TAX),
    rule(Sort::Citizen, "Fiscal code (Italy)", &["LLLLLLddLddLdddL", "LLL LLL ddLdd LdddL"], is_fiscal_code, Near, CITIZEN | TAX | HEALTH),
    rule(Sort::Company, "VAT number (Italy)", &["ddddddddddd"], luhn, Near, COMPANY | TAX),
    rule(Sort::Document, "Driving licence (Italy)", &["LLdddddddL", "LdxxxxxxxL"], |it| it[1].is_ascii_alphabetic() || it.starts_with(b"U1"), Near, DRIVING),
    rule(Sort::Document, "Identity card (Italy)", &["LLddddddd", "LL ddddddd", "dddddddLL", "LLdddddLL"], any, Near, CARD),
    rule(Sort::Citizen, "AMKA (Greece)", &["ddddddddddd"], |it| ddmmyy(it) && luhn(it), Near, CITIZEN | SOCIAL | HEALTH),
    rule(Sort::Tax, "Tax number (Greece)", &["ddddddddd"], |it| weighted(it, &[256, 128, 64, 32, 16, 8, 4, 2]) % 11 % 10 == digit(it[8]), Near, TAX),
    rule(Sort::Document, "Identity card (Greece)", &["LL-dddddd", "LLdddddd"], any, Label, CARD),
    // The north.
    rule(Sort::Citizen, "Personal number (Sweden)", &["dddddd-dddd", "dddddddd-dddd"], is_swedish, Always, CITIZEN),
    rule(Sort::Citizen, "Personal number (Sweden)", &["dddddddddd", "dddddddddddd"], is_swedish, Near, CITIZEN),
    rule(Sort::Company, "Organisation number (Sweden)", &["dddddd-dddd", "dddddddddd"], |it| number(&it[2..4]) >= 20 && luhn(it), Near, COMPANY),
    rule(Sort::Citizen, "Personal identity code (Finland)", &["ddddddLdddx", "dddddd-dddx"], is_finnish, Always, CITIZEN),
    rule(Sort::Citizen, "Birth number (Norway)", &["ddddddddddd", "dddddd ddddd"], is_norwegian, Near, CITIZEN),
    rule(Sort::Company, "Organisation number (Norway)", &["ddd~ddd~ddd"], |it| last_of_11(it, &[3, 2, 7, 6, 5, 4, 3, 2]), Near, COMPANY),
    // It goes before the Danish one, which has its shape and no check digit.
    rule(Sort::Citizen, "Kennitala (Iceland)", &["dddddd-dddd", "dddddddddd"], |it| ddmmyy(it) && matches!(it[9], b'9' | b'0') && (11 - weighted(it, &[3, 2, 7, 6, 5, 4, 3, 2]) % 11) % 11 == digit(it[8]), Near, CITIZEN),
    rule(Sort::Citizen, "CPR number (Denmark)", &["dddddd-dddd", "dddddddddd"], ddmmyy, Near, CITIZEN),
    rule(Sort::Company, "CVR number (Denmark)", &["dddddddd", "dd dd dd dd"], |it| weighted(it, &[2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11), Near, COMPANY),
    rule(Sort::Citizen, "Personal code (Estonia, Lithuania)", &["ddddddddddd"], is_baltic, Near, CITIZEN),
    rule(Sort::Citizen, "Personal code (Latvia)", &["dddddd-ddddd", "ddddddddddd"], |it| (1101 - weighted(it, &[1, 6, 3, 7, 9, 10, 5, 8, 4, 2])) % 11 % 10 == digit(it[10]), Near, CITIZEN),
    // The east.
    rule(Sort::Citizen, "PESEL (Poland)", &["ddddddddddd"], is_pesel, Near, CITIZEN),
    rule(Sort::Tax, "NIP (Poland)", &["ddd-ddd-dd-dd", "ddd-dd-dd-ddd", "dddddddddd"], |it| weighted(it, &[6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 == digit(it[9]), Near, TAX),
    rule(Sort::Company, "REGON (Poland)", &["ddddddddd"], |it| weighted(it, &[8, 9, 2, 3, 4, 5, 6, 7]) % 11 % 10 == digit(it[8]), Near, COMPANY),
    rule(Sort::Document, "Identity card (Poland)", &["LLLdddddd", "LLL dddddd"], is_polish_card, Near, CARD),
    rule(Sort::Post, "Postcode (Poland)", &["dd-ddd"], any, Near, POST),
    rule(Sort::Citizen, "Birth number (Czechia, Slovakia)", &["dddddd/dddd"], is_czech, Always, CITIZEN),
    rule(Sort::Citizen, "Birth number (Czechia, Slovakia)", &["dddddddddd"], is_czech, Near, CITIZEN),
    rule(Sort::Tax, "Tax number (Hungary)", &["dddddddddd"], |it| it[0] == b'8' && weighted(it, &[1, 2, 3, 4, 5, 6, 7, 8, 9]) % 11 == digit(it[9]), Near, TAX),
    rule(Sort::Citizen, "Social security number (Hungary)", &["ddd~ddd~ddd"], |it| weighted(it, &[3, 7, 3, 7, 3, 7, 3, 7]) % 10 == digit(it[8]), Near, SOCIAL),
    rule(Sort::Citizen, "CNP (Romania)", &["ddddddddddddd"], |it| it[0] != b'0' && yymmdd(&it[1..]) && weighted(it, &[2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11 % 10 == digit(it[12]), Near, CITIZEN),
    rule(Sort::Citizen, "EGN (Bulgaria)", &["dddddddddd"], |it| weighted(it, &[2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11 % 10 == digit(it[9]) && matches!(number(&it[2..4]), 1..=12 | 21..=32 | 41..=52), Near, CITIZEN),
    rule(Sort::Citizen, "OIB (Croatia)", &["ddddddddddd"], mod11_10, Near, CITIZEN | TAX),
    rule(Sort::Citizen, "JMBG (Balkans)", &["ddddddddddddd"], |it| matches!(number(&it[2..4]), 1..=12) && (11 - weighted(it, &[7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11) % 11 % 10 == digit(it[12]), Near, CITIZEN),
    rule(Sort::Citizen, "SNILS (Russia)", &["ddd-ddd-ddd dd", "ddd-ddd-ddd-dd"], is_snils, Always, CITIZEN | SOCIAL),
    rule(Sort::Citizen, "SNILS (Russia)", &["ddddddddddd"], is_snils, Near, CITIZEN | SOCIAL),
    rule(Sort::Tax, "INN (Russia)", &["dddddddddd", "dddddddddddd"], is_inn, Near, TAX),
    rule(Sort::Document, "Passport (Russia)", &["dd dd dddddd", "dddd dddddd", "dddddddddd"], any, Label, super::PASSPORT),
    rule(Sort::Tax, "Tax number (Ukraine)", &["dddddddddd"], |it| (weighted(it, &[10, 5, 7, 9, 4, 6, 10, 5, 7])) % 11 % 10 == digit(it[9]), Near, TAX | CITIZEN),
    rule(Sort::Citizen, "Identity number (Turkey)", &["ddddddddddd"], is_turkish, Near, CITIZEN),
    rule(Sort::Tax, "Tax number (Turkey)", &["dddddddddd"], any, Label, TAX),
];

/// Whether the last digit is eleven less the remainder of the weighted sum, ten and eleven being zero.
fn last_of_11(it: &[u8], weights: &[u32]) -> bool {
    let check = 11 - weighted(it, weights) % 11;
    it.last().is_some_and(|last| digit(*last) == if check >= 10 { 0 } else { check })
}

fn is_nino(it: &[u8]) -> bool {
    !b"DFIQUV".contains(&it[0])
        && !b"DFIQUVO".contains(&it[1])
        && !matches!(&it[..2], b"BG" | b"GB" | b"KN" | b"NK" | b"NT" | b"TN" | b"ZZ")
        && matches!(it[8], b'A'..=b'D')
}

fn is_nhs(it: &[u8]) -> bool {
    let check = 11 - weighted(it, &[10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11;
    check != 10 && check % 11 == digit(it[9])
}

/// Five letters of the name, filled with 9; then a digit of the decade, the month (50 more for women) and the day.
fn is_british_licence(it: &[u8]) -> bool {
    let name = it[..5].iter().take_while(|it| it.is_ascii_alphabetic()).count();
    name > 0
        && it[name..5].iter().all(|it| *it == b'9')
        && matches!(number(&it[6..8]) % 50, 1..=12)
        && matches!(number(&it[8..10]), 1..=31)
}

fn is_utr(it: &[u8]) -> bool {
    let sum = weighted(&it[1..], &[6, 7, 8, 9, 10, 5, 4, 3, 2]) % 11;
    digit(b"21987654321"[sum as usize % 11]) == digit(it[0])
}

fn is_pps(it: &[u8]) -> bool {
    let second = it.get(8).map_or(0, |it| u32::from(it - b'A' + 1) % 23);
    let check = (weighted(it, &[8, 7, 6, 5, 4, 3, 2]) + 9 * second) % 23;
    u32::from(it[7] - b'A' + 1) % 23 == check
        && it[7] <= b'W'
        && it.get(8).is_none_or(|it| matches!(it, b'A'..=b'I' | b'W'))
}

/// One digit stands there twice or three times, and no other.
fn is_german_tax(it: &[u8]) -> bool {
    let most = (b'0'..=b'9').map(|digit| it[..10].iter().filter(|it| **it == digit).count()).max();
    it[0] != b'0' && matches!(most, Some(2 | 3)) && mod11_10(it)
}

/// The letter as two digits.
fn letter(it: u8) -> [u8; 2] {
    let place = it - b'A' + 1;
    [b'0' + place / 10, b'0' + place % 10]
}

fn digit_sum(sum: u32) -> u32 {
    sum / 10 + sum % 10
}

fn is_german_insurance(it: &[u8]) -> bool {
    let all = [&it[..8], &letter(it[8]), &it[9..11]].concat();
    let sum: u32 =
        all.iter().zip([2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1]).map(|(it, by)| digit_sum(digit(*it) * by)).sum();
    sum % 10 == digit(it[11]) && matches!(number(&it[4..6]), 1..=12) && number(&it[2..4]) <= 81
}

fn is_kvnr(it: &[u8]) -> bool {
    let all = [&letter(it[0]), &it[1..9]].concat();
    let sum: u32 =
        all.iter().zip([1, 2].into_iter().cycle()).map(|(it, by)| digit_sum(digit(*it) * by)).sum();
    sum % 10 == digit(it[9])
}

/// ICAO 9303: weights 7, 3 and 1, letters from ten.
fn is_german_document(it: &[u8]) -> bool {
    let value = |it: u8| if it.is_ascii_digit() { digit(it) } else { u32::from(it - b'A') + 10 };
    let sum: u32 = it[..9].iter().zip([7, 3, 1].into_iter().cycle()).map(|(it, by)| value(*it) * by).sum();
    is_german_serial(&it[..9]) && sum % 10 == digit(it[9])
}

/// Vowels and what looks like a digit are left out.
fn is_german_serial(it: &[u8]) -> bool {
    it.iter().all(|it| b"0123456789CFGHJKLMNPRTVWXYZ".contains(it))
        && it.iter().filter(|it| it.is_ascii_digit()).count() >= 2
}

/// The prefixes of the European Union's VAT numbers, and a plausible length.
fn is_vat(it: &[u8]) -> bool {
    let digits = it.len() - 2;
    match &it[..2] {
        b"DE" | b"EE" | b"EL" | b"PT" => digits == 9 && it[2..].iter().all(u8::is_ascii_digit),
        b"AT" => it[2] == b'U' && digits == 9,
        b"FI" | b"HU" | b"LU" | b"MT" | b"SI" | b"DK" => {
            digits == 8 && it[2..].iter().all(u8::is_ascii_digit)
        }
        b"IT" | b"HR" | b"LV" => digits == 11,
        b"PL" | b"SK" => digits == 10,
        b"SE" => digits == 12,
        b"ES" => digits == 9,
        b"NL" => digits == 12 && it[11] == b'B',
        b"FR" => digits == 11,
        b"BE" => digits == 10 && matches!(it[2], b'0' | b'1'),
        b"GB" | b"XI" => matches!(digits, 9 | 12),
        b"CZ" | b"BG" | b"RO" => (8..=10).contains(&digits),
        b"IE" => matches!(digits, 8 | 9),
        b"CY" => digits == 9,
        _ => false,
    }
}

fn is_lanr(it: &[u8]) -> bool {
    (10 - weighted(it, &[4, 9, 4, 9, 4, 9]) % 10) % 10 == digit(it[6])
}

fn is_austrian(it: &[u8]) -> bool {
    it[0] != b'0'
        && matches!(number(&it[6..8]), 1..=12)
        && weighted(it, &[3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11 == digit(it[3])
}

fn is_ahv(it: &[u8]) -> bool {
    it.starts_with(b"756") && weighted(it, &[1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]).is_multiple_of(10)
}

/// Sex, year, month, department, commune, order; the key is 97 less the remainder. Corsica has letters.
fn is_nir(it: &[u8]) -> bool {
    let mut digits = it[..13].to_vec();
    let less = match it[6] {
        b'A' => 1_000_000,
        b'B' => 2_000_000,
        _ => 0,
    };
    if less > 0 {
        digits[6] = b'0';
    }
    matches!(it[0], b'1' | b'2')
        && (less == 0 || it[5] == b'2')
        && it[6] <= b'B'
        && matches!(number(&it[3..5]), 1..=12 | 20..=42 | 50..=99)
        && 97 - number(&digits).saturating_sub(less) % 97 == number(&it[13..])
}

/// Since 2000 the number counts as if a 2 stood before it.
fn is_belgian(it: &[u8]) -> bool {
    let check = number(&it[9..]);
    let of = |number: u64| 97 - number % 97 == check;
    number(&it[2..4]) <= 52 && (of(number(&it[..9])) || of(number(&it[..9]) + 2_000_000_000))
}

fn is_bsn(it: &[u8]) -> bool {
    let it = if it.len() == 8 { [b"0", it].concat() } else { it.to_vec() };
    let sum = weighted(&it, &[9, 8, 7, 6, 5, 4, 3, 2]);
    number(&it) > 0 && sum >= digit(it[8]) && (sum - digit(it[8])).is_multiple_of(11)
}

const DNI: &[u8; 23] = b"TRWAGMYFPDXBNJZSQVHLCKE";

fn is_dni(it: &[u8]) -> bool {
    let Some((last, digits)) = it.split_last() else { return false };
    number(digits) > 0 && usize::try_from(number(digits) % 23).is_ok_and(|at| DNI[at] == *last)
}

fn is_nie(it: &[u8]) -> bool {
    let first = match it[0] {
        b'X' => b'0',
        b'Y' => b'1',
        b'Z' => b'2',
        _ => return false,
    };
    is_dni(&[&[first], &it[1..]].concat())
}

fn is_cif(it: &[u8]) -> bool {
    let sum: u32 = it[1..8]
        .iter()
        .enumerate()
        .map(|(at, it)| if at % 2 == 0 { digit_sum(digit(*it) * 2) } else { digit(*it) })
        .sum();
    let check = (10 - sum % 10) % 10;
    b"ABCDEFGHJNPQRSUVW".contains(&it[0])
        && (digit(it[8]) == check && it[8].is_ascii_digit() || b"JABCDEFGHI"[check as usize % 10] == it[8])
}

/// Where a digit is due, a letter may stand for it, so that two people with one code can be told apart.
const AS_DIGITS: &[u8; 10] = b"LMNPQRSTUV";

fn is_fiscal_code(it: &[u8]) -> bool {
    let as_digit = |it: u8| match AS_DIGITS.iter().position(|letter| *letter == it) {
        Some(at) => u8::try_from(at).ok().map(|at| b'0' + at),
        None => it.is_ascii_digit().then_some(it),
    };
    let digits: Option<Vec<u8>> = [6, 7, 9, 10, 12, 13, 14].into_iter().map(|at| as_digit(it[at])).collect();
    let Some(digits) = digits else { return false };
    it[..6].iter().all(u8::is_ascii_alphabetic)
        && b"ABCDEHLMPRST".contains(&it[8])
        && matches!(number(&digits[2..4]), 1..=31 | 41..=71)
}

fn fiscal_check(it: &[u8]) -> bool {
    const ODD: [u32; 26] =
        [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
    let place = |it: u8| if it.is_ascii_digit() { it - b'0' } else { it - b'A' };
    let sum: u32 = it[..15]
        .iter()
        .enumerate()
        .map(|(at, it)| if at % 2 == 0 { ODD[usize::from(place(*it)) % 26] } else { u32::from(place(*it)) })
        .sum();
    it[15].is_ascii_alphabetic() && sum % 26 == u32::from(it[15] - b'A')
}

fn is_swedish(it: &[u8]) -> bool {
    let ten = &it[it.len().saturating_sub(10)..];
    // The day of a coordination number is 60 more.
    let day = number(&ten[4..6]) % 60;
    is_day(number(&ten[..2]), number(&ten[2..4]), day)
        && luhn(ten)
        && (it.len() == 10 || matches!(&it[..2], b"18" | b"19" | b"20"))
}

/// The sign between date and number is taken out of it when it is a dash.
fn is_finnish(it: &[u8]) -> bool {
    let rest = if it.len() == 11 { &it[7..] } else { &it[6..] };
    if rest.len() != 4 || it.len() == 11 && !b"ABCDEFUVWXY".contains(&it[6]) {
        return false;
    }
    let value = number(&it[..6]) * 1000 + number(&rest[..3]);
    let check = usize::try_from(value % 31).map(|at| b"0123456789ABCDEFHJKLMNPRSTUVWXY"[at]);
    ddmmyy(it) && check == Ok(rest[3]) && number(&rest[..3]) >= 2
}

/// The day of a D-number is 40 more, the month of an H-number too.
fn is_norwegian(it: &[u8]) -> bool {
    let (day, month) = (number(&it[..2]) % 40, number(&it[2..4]) % 40);
    is_day(number(&it[4..6]), month, day)
        && weighted(it, &[3, 7, 6, 1, 8, 9, 4, 5, 2, 1]).is_multiple_of(11)
        && weighted(it, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11)
}

fn is_baltic(it: &[u8]) -> bool {
    let first = weighted(it, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11;
    let second = weighted(it, &[3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11;
    let check = if first < 10 { first } else { second % 10 };
    matches!(it[0], b'1'..=b'6') && yymmdd(&it[1..]) && check == digit(it[10])
}

/// The month says the century.
fn is_pesel(it: &[u8]) -> bool {
    is_day(number(&it[..2]), number(&it[2..4]) % 20, number(&it[4..6]))
        && weighted(it, &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]).is_multiple_of(10)
}

fn is_polish_card(it: &[u8]) -> bool {
    let value = |it: u8| if it.is_ascii_digit() { digit(it) } else { u32::from(it - b'A') + 10 };
    let sum: u32 = it.iter().zip([7, 3, 1, 9, 7, 3, 1, 7, 3]).map(|(it, by)| value(*it) * by).sum();
    sum.is_multiple_of(10)
}

fn is_czech(it: &[u8]) -> bool {
    let month = match number(&it[2..4]) {
        month @ 51.. => month - 50,
        month => month,
    };
    is_day(number(&it[..2]), if month > 20 { month - 20 } else { month }, number(&it[4..6]))
        && number(it).is_multiple_of(11)
}

fn is_snils(it: &[u8]) -> bool {
    let sum = weighted(it, &[9, 8, 7, 6, 5, 4, 3, 2, 1]) % 101 % 100;
    number(it) > 100_199_800 && u64::from(sum) == number(&it[9..])
}

fn is_inn(it: &[u8]) -> bool {
    let check = |weights: &[u32]| weighted(it, weights) % 11 % 10;
    match it.len() {
        10 => check(&[2, 4, 10, 3, 5, 9, 4, 6, 8]) == digit(it[9]),
        12 => {
            check(&[7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) == digit(it[10])
                && check(&[3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) == digit(it[11])
        }
        _ => false,
    }
}

fn is_turkish(it: &[u8]) -> bool {
    let odd = weighted(it, &[1, 0, 1, 0, 1, 0, 1, 0, 1]);
    let even = weighted(it, &[0, 1, 0, 1, 0, 1, 0, 1]);
    it[0] != b'0'
        && (odd * 7 + 90 - even) % 10 == digit(it[9])
        && (odd + even + digit(it[9])) % 10 == digit(it[10])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_examples_are_known() {
        assert!(is_german_insurance(b"15070649C103") && !is_german_insurance(b"15070649C104"));
        assert!(is_german_document(b"T220001293") && !is_german_document(b"T220001294"));
        assert!(is_nir(b"255081416802538") && !is_nir(b"255081416802539"));
        assert!(is_belgian(b"85073003328") && is_bsn(b"111222333") && is_dni(b"12345678Z"));
        assert!(is_fiscal_code(b"RSSMRA85T10A562S") && fiscal_check(b"RSSMRA85T10A562S"));
        assert!(is_swedish(b"8112189876") && is_finnish(b"131052308T") && is_finnish(b"131052A308T"));
        assert!(is_pesel(b"44051401359") && is_polish_card(b"ABA300000") && is_czech(b"7103192745"));
        assert!(is_snils(b"11223344595") && is_inn(b"7707083893") && is_turkish(b"10000000146"));
        assert!(is_baltic(b"37605030299") && is_ahv(b"7569217076985") && is_pps(b"1234567FA"));
        assert!(is_british_licence(b"MORGA657054SM9IJ") && is_nhs(b"9434765919") && !is_nhs(b"9434765910"));
    }
}
