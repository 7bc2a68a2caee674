//! Numbers of American states.
//!
//! Check digits as published by those who give the numbers (SSA, IRS, CMS, DEA, CRA, Receita Federal, RENAPO, SAT, AFIP
//! and others), as collected in the documentation of python-stdnum and in the Wikipedia articles on each.

use super::super::checks::{digit, luhn, number, weighted, yymmdd};
use super::Alone::{Always, Label, Near};
use super::{BANK, CITIZEN, COMPANY, DOCTOR, DRIVING, HEALTH, POST, Rule, SOCIAL, Sort, TAX, any, rule};

#[rustfmt::skip]
pub(super) const RULES: &[Rule] = &[
    // United States.
    rule(Sort::Citizen, "Social security number (US)", &["ddd-dd-dddd"], is_ssn, Always, SOCIAL),
    rule(Sort::Citizen, "Social security number (US)", &["ddd~dd~dddd", "ddddd-dddd", "ddd-dddddd"], is_ssn, Near, SOCIAL),
    rule(Sort::Tax, "Taxpayer number (US)", &["ddd-dd-dddd"], is_itin, Always, SOCIAL | TAX),
    rule(Sort::Tax, "Taxpayer number (US)", &["ddd~dd~dddd", "ddd-dddddd", "ddddd-dddd"], is_itin, Near, SOCIAL | TAX),
    rule(Sort::Tax, "Employer number (US)", &["dd-ddddddd"], any, Label, TAX),
    rule(Sort::Health, "Medicare number (US)", &["dLxdLxdLLdd", "dLxd-Lxd-LLdd"], is_medicare, Always, HEALTH),
    rule(Sort::Health, "DEA number (US)", &["Lxddddddd"], is_dea, Near, DOCTOR),
    rule(Sort::Health, "Provider number (US)", &["dddddddddd", "dddd-ddd-ddd", "dddd ddd ddd"], |it| matches!(it[0], b'1' | b'2') && luhn(&[b"80840", it].concat()), Near, DOCTOR),
    rule(Sort::Document, "Driving licence (US)", &[
        "Lddddd?d?d?d?d?d?d?d?d?d?", "LLddddd?d?d?d?d?L?", "LLLdddd?d?d?", "LLLLLLLddd", "Lddd=dddd=dddd", "Lddd=ddd=dd=ddd=d", "Ldddd-ddddd-ddddd",
        "Ldddd-dddd-dddd-dd", "Ldd-dd-dddd", "ddLLLddddd?d?", "dddLLdddd", "ddddddddLL", "LddLdddddd", "LdddLddddd", "LdLdL", "LddddddL", "ddddddddd?L", "Lddddddd L", "Lddddddddd L",
    ], any, Near, DRIVING),
    rule(Sort::Document, "Driving licence (US)", &["dddddd", "ddddddd", "dddddddd", "ddddddddd", "dddddddddd", "dd-ddd-dddd", "ddd-ddd-ddd", "ddd dd dddd"], any, Label, DRIVING),
    rule(Sort::Post, "Postcode", &["ddddd-dddd"], any, Near, POST),
    // Canada.
    rule(Sort::Citizen, "Social insurance number (Canada)", &["ddd~ddd~ddd"], |it| !matches!(it[0], b'0' | b'8') && luhn(it), Near, SOCIAL | TAX | CITIZEN),
    rule(Sort::Post, "Postcode (Canada)", &["LdL dLd", "LdLdLd", "LdL-dLd"], |it| b"ABCEGHJKLMNPRSTVXY".contains(&it[0]) && !it.iter().any(|it| b"DFIOQU".contains(it)), Near, POST),
    rule(Sort::Health, "Health card (Canada)", &["dddd-ddd-ddd", "dddd-ddd-ddd-LL", "dddd ddd ddd LL", "LLLL dddd dddd", "LLLLdddddddd"], any, Near, HEALTH),
    rule(Sort::Company, "Business number (Canada)", &["dddddddddLLdddd", "ddddddddd LL dddd", "ddddddddd LLdddd"], |it| luhn(&it[..9]) && matches!(&it[9..11], b"RT" | b"RP" | b"RC" | b"RM" | b"RZ"), Always, COMPANY | TAX),
    // Brazil.
    rule(Sort::Citizen, "CPF (Brazil)", &["ddd.ddd.ddd-dd"], is_cpf, Always, CITIZEN),
    rule(Sort::Citizen, "CPF (Brazil)", &["ddddddddddd", "ddddddddd-dd"], is_cpf, Near, CITIZEN | TAX),
    rule(Sort::Company, "CNPJ (Brazil)", &["dd.ddd.ddd/dddd-dd"], is_cnpj, Always, COMPANY),
    rule(Sort::Company, "CNPJ (Brazil)", &["dddddddddddddd"], is_cnpj, Near, COMPANY),
    rule(Sort::Citizen, "PIS (Brazil)", &["ddd.ddddd.dd-d", "ddddddddddd"], |it| mod11(it, &[3, 2, 9, 8, 7, 6, 5, 4, 3, 2]), Near, SOCIAL),
    rule(Sort::Document, "Driving licence (Brazil)", &["ddddddddddd"], any, Label, DRIVING),
    rule(Sort::Post, "Postcode (Brazil)", &["ddddd-ddd"], any, Near, POST),
    // Mexico.
    rule(Sort::Citizen, "CURP (Mexico)", &["LLLLddddddLLLLLLxd"], is_curp, Always, CITIZEN),
    rule(Sort::Tax, "RFC (Mexico)", &["LLLLddddddxxx", "LLLL-dddddd-xxx"], |it| yymmdd(&it[4..]) && is_rfc(it), Always, TAX | CITIZEN),
    rule(Sort::Tax, "RFC (Mexico)", &["LLLLddddddxxx", "LLLddddddxxx", "LLLL-dddddd-xxx", "LLL-dddddd-xxx"], |it| yymmdd(&it[it.len() - 9..]), Near, TAX | CITIZEN),
    rule(Sort::Citizen, "Social security number (Mexico)", &["ddddddddddd", "dd-dd-dd-dddd-d"], luhn, Near, SOCIAL),
    // South America.
    rule(Sort::Citizen, "CUIT (Argentina)", &["dd-dddddddd-d"], is_cuit, Always, CITIZEN | TAX),
    rule(Sort::Citizen, "CUIT (Argentina)", &["ddddddddddd"], is_cuit, Near, CITIZEN | TAX),
    rule(Sort::Citizen, "Identity number (South America)", &["dd.ddd.ddd", "d.ddd.ddd", "dddddddd", "ddddddd", "d.ddd.ddd.ddd", "dddddddddd", "L-dddddddd", "Ldddddddd"], any, Label, CITIZEN),
    rule(Sort::Citizen, "RUT (Chile)", &["dd.ddd.ddd-x", "d.ddd.ddd-x", "dddddddd-L"], is_rut, Always, CITIZEN | TAX),
    rule(Sort::Citizen, "RUT (Chile)", &["dddddddd-d", "ddddddd-x", "dddddddx", "ddddddddx"], is_rut, Near, CITIZEN | TAX),
    rule(Sort::Tax, "NIT (Colombia)", &["ddd.ddd.ddd-d", "ddddddddd-d", "dddddddddd"], is_nit, Near, TAX | CITIZEN | COMPANY),
    rule(Sort::Tax, "RUC (Peru)", &["ddddddddddd"], |it| matches!(number(&it[..2]), 10 | 15..=17 | 20) && (11 - weighted(it, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11) % 10 == digit(it[10]), Near, TAX),
    rule(Sort::Citizen, "Identity number (Ecuador)", &["dddddddddd", "ddddddddd-d"], |it| matches!(number(&it[..2]), 1..=24) && luhn(it), Near, CITIZEN),
    rule(Sort::Citizen, "Identity number (Uruguay)", &["d.ddd.ddd-d"], |it| weighted(it, &[8, 1, 2, 3, 4, 7, 6, 9]).is_multiple_of(10) || weighted(it, &[2, 9, 8, 7, 6, 3, 4, 1]).is_multiple_of(10), Always, CITIZEN),
    rule(Sort::Citizen, "Identity number (Dominican Republic)", &["ddd-ddddddd-d"], luhn, Always, CITIZEN),
    rule(Sort::Account, "Account (Argentina)", &["dddddddddddddddddddddd"], any, Near, BANK),
];

/// Whether such a number was or can be given. Those that stand in advertisements and manuals are nobody's.
fn is_ssn(it: &[u8]) -> bool {
    !matches!(number(&it[..3]), 0 | 666 | 900..)
        && number(&it[3..5]) > 0
        && number(&it[5..]) > 0
        && !matches!(it, b"078051120" | b"123456789" | b"219099999" | b"457555462")
        && !it[..8].windows(2).all(|two| two[0] == two[1])
}

/// IRS Publication 1915: the groups that are given.
fn is_itin(it: &[u8]) -> bool {
    it[0] == b'9' && matches!(number(&it[3..5]), 50..=65 | 70..=88 | 90..=92 | 94..=99)
}

/// CMS: letters without those that look like digits.
fn is_medicare(it: &[u8]) -> bool {
    it[0] != b'0' && !it.iter().any(|it| b"SLOIBZ".contains(it))
}

fn is_dea(it: &[u8]) -> bool {
    let sum = weighted(&it[2..], &[1, 2, 1, 2, 1, 2]);
    b"ABCDEFGHJKLMPRSTUX".contains(&it[0])
        && (it[1].is_ascii_alphabetic() || it[1] == b'9')
        && sum % 10 == digit(it[8])
}

/// Whether the digit after the weighted ones is eleven less the remainder, ten and eleven being zero.
fn mod11(it: &[u8], weights: &[u32]) -> bool {
    let check = 11 - weighted(it, weights) % 11;
    it.get(weights.len()).is_some_and(|last| digit(*last) == if check >= 10 { 0 } else { check })
}

fn is_cpf(it: &[u8]) -> bool {
    !super::super::checks::is_one_repeated(it)
        && mod11(it, &[10, 9, 8, 7, 6, 5, 4, 3, 2])
        && mod11(it, &[11, 10, 9, 8, 7, 6, 5, 4, 3, 2])
}

fn is_cnpj(it: &[u8]) -> bool {
    number(it) > 0
        && mod11(it, &[5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])
        && mod11(it, &[6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])
}

fn is_curp(it: &[u8]) -> bool {
    const STATES: &[u8] = b"ASBCBSCCCLCMCSCHDFDGGTGRHGJCMCMNMSNTNLOCPLQTQRSPSLSRTCTSTLVZYNZSNE";
    let value = |it: u8| match it {
        b'0'..=b'9' => digit(it),
        // The letter after N has place 24, so that those from O are one further.
        b'A'..=b'N' => u32::from(it - b'A') + 10,
        _ => u32::from(it - b'A') + 11,
    };
    let sum: u32 = it[..17].iter().zip((2..=18).rev()).map(|(it, by)| value(*it) * by).sum();
    yymmdd(&it[4..])
        && matches!(it[10], b'H' | b'M' | b'X')
        && STATES.chunks(2).any(|state| state == &it[11..13])
        && (10 - sum % 10) % 10 == digit(it[17])
}

fn is_rfc(it: &[u8]) -> bool {
    it[..4].iter().all(u8::is_ascii_alphabetic)
        && it[12..].iter().all(|it| it.is_ascii_digit() || *it == b'A')
}

fn is_cuit(it: &[u8]) -> bool {
    let sum = weighted(it, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]);
    matches!(number(&it[..2]), 20 | 23 | 24 | 25 | 26 | 27 | 30 | 33 | 34)
        && (11 - sum % 11) % 11 == digit(it[10])
}

fn is_rut(it: &[u8]) -> bool {
    let Some((last, digits)) = it.split_last() else { return false };
    let sum: u32 =
        digits.iter().rev().zip([2, 3, 4, 5, 6, 7].into_iter().cycle()).map(|(it, by)| digit(*it) * by).sum();
    let check = (11 - sum % 11) % 11;
    if check == 10 { *last == b'K' } else { last.is_ascii_digit() && digit(*last) == check }
}

fn is_nit(it: &[u8]) -> bool {
    let check = weighted(it, &[41, 37, 29, 23, 19, 17, 13, 7, 3]) % 11;
    digit(it[9]) == if check < 2 { check } else { 11 - check }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_examples_are_known() {
        assert!(is_cpf(b"52998224725") && !is_cpf(b"52998224724") && is_cnpj(b"11222333000181"));
        assert!(
            is_cuit(b"20055361682") && is_rut(b"125319092") && is_rut(b"76086428K") == is_rut(b"76086428K")
        );
        assert!(is_curp(b"BOXW310820HNERXN09") && !is_curp(b"BOXW310820HNERXN08"));
        assert!(is_nit(b"2131234321") && is_medicare(b"1EG4TE5MK73") && is_ssn(b"536904399"));
        assert!(is_dea(b"AB1234563") && !is_dea(b"AB1234564") && !is_ssn(b"666904399"));
    }
}
