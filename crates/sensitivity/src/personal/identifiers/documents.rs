//! Papers, plates and postcodes, which have shapes and no check digits.
//!
//! Sources: ICAO 9303 and the pages of the offices that issue them; areas of British postcodes: Royal Mail.

use super::super::checks::number;
use super::Alone::{Always, Label, Near};
use super::{CARD, DRIVING, HEALTH, PASSPORT, PLATE, POST, Rule, Sort, any, rule};

#[rustfmt::skip]
pub(super) const RULES: &[Rule] = &[
    rule(Sort::Document, "Passport", &[
        "Ldddddd", "Lddddddd", "Ldddddddd", "Lddddddddd", "LLdddddd", "LLddddddd", "LLdddddddd", "LLLdddddd", "LLLddddddd", "LdddLdddd",
        "ddLLddddd", "LLdddddL", "LxddddLd", "LddLdddLd", "dddddddd", "ddddddddd", "dddddddddd", "L dddddddd", "LL ddddddd", "Ldd Lddddd", "ddLLdddddd",
    ], any, Near, PASSPORT),
    rule(Sort::Document, "Passport", &["xxxxxxxxx", "xxxxxxxx"], |it| it.iter().filter(|it| it.is_ascii_digit()).count() >= 3, Label, PASSPORT),
    rule(Sort::Document, "Identity card", &["xxxxxxxxx", "Lddddddd", "Ldddddddd", "LLddddddd", "dddddddd", "ddddddddd", "dddddddddd", "dddddddddddd", "LLLdddddd"], |it| it.iter().filter(|it| it.is_ascii_digit()).count() >= 4, Label, CARD),
    rule(Sort::Document, "Driving licence", &["xxxxxxxx", "xxxxxxxxx", "dddddddddd", "dddddddddddd", "dd/dd/dddddd", "LLddddddd", "ddddd/dd/dddd", "dd dd dddddd", "LLLLLddddddxxxLL", "LxddxxxdddLxx"], |it| it.iter().filter(|it| it.is_ascii_digit()).count() >= 4, Label, DRIVING),
    rule(Sort::Health, "Patient or insurance number", &["dddd-dd", "ddddd", "dddddd", "ddddddd", "dddddddd", "ddddddddd", "dddddddddd", "Lddddd", "Ldddddd", "Lddddddd", "LLdddddd", "LLLddddddd", "LLLdddddd", "ddd-ddd-ddd", "dd-dd-dd", "ddd-dd-dd"], any, Label, HEALTH),
    // Plates.
    rule(Sort::Plate, "Licence plate (UK)", &["LLdd~LLL"], is_british_plate, Near, PLATE),
    rule(Sort::Plate, "Licence plate (UK)", &["Lddd~LLL", "Ldd~LLL", "Ld~LLL"], |it| !b"IOQUZ".contains(&it[0]), Near, PLATE),
    rule(Sort::Plate, "Licence plate (UK)", &["LLL~dddL", "LLL~ddL", "LLL~dL"], |it| it.last().is_some_and(|it| !b"IOQUZ".contains(it)), Near, PLATE),
    rule(Sort::Plate, "Licence plate (Germany)", &["LL?L?=LL?=?dd?d?d?L?"], any, Near, PLATE),
    rule(Sort::Plate, "Licence plate (Turkey)", &["dd=?LL?L?=?dddd?d?"], |it| matches!(number(&it[..2]), 1..=81), Near, PLATE),
    rule(Sort::Plate, "Licence plate", &["LL-ddd-LL", "LL dddd LL", "LLddddLL", "LL dddLL", "LLdddLL", "LLL dddd", "LLL-dddd", "LLLdddd", "LLL ddd", "LLL-ddd", "dLLLddd", "dddd LLL", "ddddLLL", "ddLL-dd", "LL-dd-LL", "ddd-LL-d", "d-LLL-dd", "LLLdLdd", "LLL-dLdd", "LL ddddd", "LL dd ddd", "dLLLddd", "d-LLL-ddd", "dd-LL-dd", "dd-dd-LL", "LL-dd-dd", "dd dd LL", "LLL ddL", "LL ddd LL", "LLddd LL"], any, Near, PLATE),
    // Postcodes.
    rule(Sort::Post, "Postcode (UK)", &["Ld dLL", "Ldd dLL", "LLd dLL", "LLdd dLL", "LdL dLL", "LLdL dLL", "LLL dLL"], is_british_postcode, Always, POST),
    rule(Sort::Post, "Postcode (UK)", &["LddLL", "LdddLL", "LLddLL", "LLdddLL", "LdLdLL", "LLdLdLL", "LLLdLL"], is_british_postcode, Near, POST),
    rule(Sort::Post, "Postcode", &["ddddd", "dddd LL", "LL-dddd", "LLL dddd", "ddd dd", "ddd-dddd"], |it| it.len() != 5 || number(it) > 1000 && number(it) < 99_999, Near, POST),
    rule(Sort::Post, "Postcode", &["dddd", "dddddd", "LddLLdd", "Ldd Lddd", "Ldd xxxx"], any, Label, POST),
];

/// The letters of a region, the half-year, and three letters.
fn is_british_plate(it: &[u8]) -> bool {
    !b"IJQTUXZ".contains(&it[0])
        && !b"IQZ".contains(&it[1])
        && matches!(number(&it[2..4]), 2..=29 | 51..=79)
        && !it[4..].iter().any(|it| matches!(it, b'I' | b'Q'))
}

fn is_british_postcode(it: &[u8]) -> bool {
    const AREAS: &str = " AB AL B BA BB BD BF BH BL BN BR BS BT BX CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK \
        FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW \
        OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD \
        WF WN WR WS WV YO ZE GIR ";
    let letters = it.iter().take_while(|it| it.is_ascii_alphabetic()).count();
    let Ok(area) = std::str::from_utf8(&it[..letters]) else { return false };
    let inward = &it[it.len() - 2..];
    AREAS.split_ascii_whitespace().any(|it| it == area) && !inward.iter().any(|it| b"CIKMOV".contains(it))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_areas_and_regions_that_exist_are_known() {
        assert!(
            is_british_postcode(b"SW1A2AA")
                && is_british_postcode(b"B338TH")
                && !is_british_postcode(b"QA11AA")
        );
        assert!(
            is_british_plate(b"BD51SMR") && !is_british_plate(b"BD50SMR") && !is_british_plate(b"ID51SMR")
        );
    }
}
