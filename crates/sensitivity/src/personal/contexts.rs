//! The words that say what a number is, and where they stand.
//!
//! A number of plain digits says nothing by itself: what makes it one of a person is the word beside it.
//! Words are grouped by topic; a rule names the topics that make its numbers what they are.

use std::ops::Range;

use crate::text::Text;

/// What a word is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Topic {
    /// Numbers of citizens, whatever they are called.
    Citizen,
    /// Papers that show who somebody is.
    Card,
    Passport,
    Driving,
    Tax,
    Social,
    Health,
    Doctor,
    Bank,
    Routing,
    Bic,
    Payment,
    Company,
    Phone,
    Post,
    Plate,
    Born,
    Vote,
    Wallet,
    Machine,
    Address,
    /// What says that a dotted number is none of a host.
    Version,
    /// What announces a number of any kind.
    Number,
}

/// A set of topics.
pub(super) type Topics = u32;

impl Topic {
    pub(super) const fn set(self) -> Topics {
        1 << self as u32
    }
}

/// How far before a number its word may stand, in bytes, and how far behind it.
const BEFORE: usize = 72;
const BEHIND: usize = 40;
/// How far a label may stand before what it labels.
const LABEL: usize = 32;

/// The words of each topic. Words of up to five letters are whole words, longer ones begin where a word does.
#[rustfmt::skip]
pub(super) const WORDS: &[(Topic, &[&str])] = &[
    (Topic::Citizen, &[
        "national id", "national-id", "national_id", "nationalid", "identity number", "identity no", "identification number",
        "identification no", "identification code", "identity code", "personal number", "personal code", "personal id",
        "citizen id", "citizen number", "citizenship number", "resident id", "residence permit", "residence number", "resident number",
        "resident registration", "resident no", "registration no", "id number", "id no", "id code", "idnummer", "id-nummer",
        "personnummer", "personnr", "fodselsnummer", "f\u{f8}dselsnummer", "fnr", "henkil\u{f6}tunnus", "henkilotunnus", "hetu",
        "cpr", "cprnr", "kennitala", "isikukood", "personas kods", "asmens kodas", "pesel", "rodn\u{e9} \u{10d}\u{ed}slo", "rodne cislo",
        "rodn\u{e9}", "oib", "jmbg", "emso", "egn", "\u{435}\u{433}\u{43d}", "cnp", "cod numeric", "amka", "\u{3b1}\u{3bc}\u{3ba}\u{3b1}", "bsn",
        "burgerservicenummer", "rijksregisternummer", "rijksregister", "registre national", "num\u{e9}ro national", "nrn",
        "dni", "nif", "extranjero", "documento nacional", "documento de identidad", "cedula", "c\u{e9}dula", "curp", "rut", 
        "cuit", "cuil", "cpf", "cartao de cidadao", "cart\u{e3}o de cidad\u{e3}o", "codice fiscale", "codicefiscale",
        "\u{421}\u{41d}\u{418}\u{41b}\u{421}", "\u{441}\u{43d}\u{438}\u{43b}\u{441}", "snils", "\u{420}\u{41d}\u{41e}\u{41a}\u{41f}\u{41f}", "tckn", "kimlik", "tc no", "teudat", "teudat zehut",
        "\u{5ea}\u{5e2}\u{5d5}\u{5d3}\u{5ea} \u{5d6}\u{5d4}\u{5d5}\u{5ea}", "rsa id", "sa id", "south african id", "nin", "aadhaar", "aadhar", "uidai", "nric", "fin no",
        "hkid", "mykad", "ktp", "thai id", "cmnd", "cccd", "cnic", "nid", "emirates id", "iqama",
        "\u{8eab}\u{4efd}\u{8bc1}", "\u{8eab}\u{5206}\u{8b49}", "\u{8eab}\u{4efd}\u{8b49}", "\u{8eab}\u{5206}\u{8bc1}", "\u{30de}\u{30a4}\u{30ca}\u{30f3}\u{30d0}\u{30fc}", "\u{500b}\u{4eba}\u{756a}\u{53f7}", "my number",
        "\u{c8fc}\u{bbfc}\u{b4f1}\u{b85d}", "\u{c8fc}\u{bbfc}\u{bc88}\u{d638}", "\u{c678}\u{ad6d}\u{c778}\u{b4f1}\u{b85d}", "rrn", "frn", "\u{e1a}\u{e31}\u{e15}\u{e23}\u{e1b}\u{e23}\u{e30}\u{e0a}\u{e32}\u{e0a}\u{e19}",
        "\u{e40}\u{e25}\u{e02}\u{e1b}\u{e23}\u{e30}\u{e08}\u{e33}\u{e15}\u{e31}\u{e27}", "tnin", "refugee", "permanent resident", "alien registration", "foreigner",
    ]),
    (Topic::Card, &[
        "identity card", "id card", "id-card", "id_card", "personalausweis", "ausweis", "carte d'identit", "carte nationale",
        "carta d'identit", "carta di identit", "carta identit", "dowod osobisty", "dow\u{f3}d osobisty", "identiteitskaart", "identitetskort",
        "documento d'identit", "documento identit", "obcansky prukaz", "ob\u{10d}ansk\u{fd}", "buletin", "carte de identitate", "idcard",
    ]),
    (Topic::Passport, &[
        "passport", "reisepass", "passnummer", "pass-nr", "passeport", "pasaporte", "passaporto", "passaporte", "paszport", "paspoort",
        "pasaport", "passi", "pass no", "pass nr", "\u{43f}\u{430}\u{441}\u{43f}\u{43e}\u{440}\u{442}", "\u{c5ec}\u{ad8c}", "\u{62a4}\u{7167}", "\u{8b77}\u{7167}",
        "\u{30d1}\u{30b9}\u{30dd}\u{30fc}\u{30c8}", "\u{65c5}\u{5238}", "\u{62c}\u{648}\u{627}\u{632} \u{633}\u{641}\u{631}", "travel document",
    ]),
    (Topic::Driving, &[
        "driver license", "driver licence", "drivers license", "drivers licence", "driver's license", "driver's licence", "driver\u{2019}s licen",
        "driving license", "driving licence", "driving permit", "driver_licen", "driver permit", "drivers permit", "driverlicen",
        "driverslicen", "license number", "licence number", "license no", "licence no", "dl number", "dl no", "dl#", "driver id",
        "f\u{fc}hrerschein", "fuehrerschein", "fahrerlaubnis", "permis de conduire", "permiso de conducir", "carnet de conducir",
        "licencia de conducir", "patente", "carteira de motorista", "cnh", "prawo jazdy", "rijbewijs", "k\u{f6}rkort", "korkort",
        "f\u{f8}rerkort", "ajokortti", "s\u{fc}r\u{fc}c\u{fc} belgesi", "ehliyet", "\u{c6b4}\u{c804}\u{ba74}\u{d5c8}", "\u{9a7e}\u{7167}", "\u{904b}\u{8ee2}\u{514d}\u{8a31}",
        "\u{432}\u{43e}\u{434}\u{438}\u{442}\u{435}\u{43b}\u{44c}\u{441}\u{43a}",
    ]),
    (Topic::Tax, &[
        "tax id", "tax-id", "tax_id", "taxid", "tax number", "tax no", "tax file", "tax payer", "taxpayer", "tax identification", "tax account",
        "tax reference", "steuer-id", "steuerid", "steuernummer", "steuer-nr", "steuernr", "steueridentifikation", "steuerliche identifikation",
        "idnr", "ident-nr", "st.-nr", "stnr", "tin", "itin", "employer identification", "utr", "tfn", "ird", "pps", "ppsn", "num\u{e9}ro fiscal", "numero fiscal",
        "nip", "nif", "afm", "\u{3b1}\u{3c6}\u{3bc}", "inn", "\u{438}\u{43d}\u{43d}", "\u{418}\u{41d}\u{41d}", "dic", "rfc:", "npwp", "gstin", "gst registration",
        "permanent account", "pan number", "pan card", "pan no", "pan", "sunat", "ruc", "kra pin", "vergi", "vkn", "ad\u{f3}azonos\u{ed}t\u{f3}",
        "adoazonosito", "ad\u{f3}sz\u{e1}m", "income tax", "rnokpp", "abn", "codigo fiscal",
    ]),
    (Topic::Social, &[
        "social security", "social-security", "social_security", "socialsecurity", "ssn", "ssns", "ss#", "ssn#", "ssid", "soc sec", "social insurance",
        "sin", "nas", "assurance sociale", "assurance maladie", "national insurance", "nino", "ni number", "sozialversicherung", "versicherungsnummer",
        "rentenversicherung", "svnr", "sv-nummer", "rvnr", "s\u{e9}curit\u{e9} sociale", "securite sociale", "num\u{e9}ro de s\u{e9}cu", "nir", "insee",
        "seguridad social", "nuss", "seguran\u{e7}a social", "niss", "pasep", "ahv", "avs", "oasi", "nss", "imss", "sss", "umid", "gsis",
        "philhealth", "taj", "tajsz\u{e1}m", "insz", "sofi",
    ]),
    (Topic::Health, &[
        "nhs", "health insurance", "health number", "health card", "health id", "healthcare number", "health care number", "krankenversicher",
        "krankenkasse", "krankenversichertennummer", "kvnr", "egk", "versichertennummer", "versicherten-nr", "gesundheitskarte", "medicare", "mbi", "hicn", "medicaid",
        "beneficiary", "medical record", "mrn", "patient", "patientin", "patient number", "patient id", "patientennummer", "nhi", "ohip",
        "tessera sanitaria", "carte vitale", "tarjeta sanitaria", "chi number", "member id", "insurance number", "policy number",
    ]),
    (Topic::Doctor, &[
        "dea", "medical licen", "certificate number", "physician", "prescriber", "provider number", "npi", "arztnummer", "lanr",
        "betriebsst\u{e4}tten", "betriebsstaetten", "bsnr", "gmc", "approbation", "doctor",
    ]),
    (Topic::Bank, &[
        "account", "acct", "bank account", "account number", "account no", "bank number", "checking account", "savings account", "kontonummer", "kontonr",
        "konto", "konto-nr", "numero de cuenta", "n\u{fa}mero de cuenta", "cuenta", "num\u{e9}ro de compte", "numero di conto", "conto corrente", "clabe", "nuban",
        "rekening", "rekeningnummer", "debit", "bank", "konta", "tilinumero", "bankgiro", "cbu",
        "\u{8d26}\u{53f7}", "\u{53e3}\u{5ea7}\u{756a}\u{53f7}", "\u{acc4}\u{c88c}",
    ]),
    (Topic::Routing, &[
        "routing", "aba", "rtn", "transit", "wire transfer", "sort code", "sort-code", "sortcode", "blz", "bankleitzahl", "bsb", "ifsc", "bank code",
    ]),
    (Topic::Bic, &["bic", "swift", "bic/swift", "bic-code", "swiftcode"]),
    (Topic::Payment, &[
        "credit card", "credit-card", "creditcard", "credit_card", "debit card", "debit-card", "debitcard", "card number", "card-number", "card_number", "cardnumber",
        "card no", "card num", "bank card", "charge card", "payment card", "my card", "your card", "her card", "his card", "the card", "block card", "cc number", "ccnum", "cc#", "cc_number", "cc",
        "pan", "visa", "mastercard", "amex", "american express", "maestro", "discover", "diners", "jcb", "unionpay",
        "kreditkarte", "kartennummer", "bankkarte", "carte bancaire", "carte bleue", "carte de cr\u{e9}dit", "num\u{e9}ro de carte",
        "tarjeta de cr", "tarjeta", "carta di credito", "cart\u{e3}o", "karta kredytowa", "numer karty", "creditcardnummer", "kart numaras",
        "\u{43d}\u{43e}\u{43c}\u{435}\u{440} \u{43a}\u{430}\u{440}\u{442}", "\u{4fe1}\u{7528}\u{5361}", "\u{94f6}\u{884c}\u{5361}", "\u{30ab}\u{30fc}\u{30c9}\u{756a}\u{53f7}",
        "\u{c2e0}\u{c6a9}\u{ce74}\u{b4dc}",
    ]),
    (Topic::Company, &[
        "vat", "vat number", "vatin", "vat id", "ust-id", "ustid", "ust-idnr", "umsatzsteuer", "ust.-id", "mwst", "partita iva", "p.iva", "p. iva", "piva", "tva", "btw", "iva", "moms",
        "abn", "acn", "australian business", "australian company", "uen", "unique entity", "gstin", "gst", "cnpj", "siren", "siret", "kvk", "krs", "regon", "company number", "company registration",
        "business registration", "business number", "brn", "\u{c0ac}\u{c5c5}\u{c790}", "organisationsnummer", "org nr", "orgnr", "org.nr", "organisasjonsnummer", "cvr",
        "handelsregister", "hrb", "hra", "registergericht", "corporate registration", "\u{6cd5}\u{4eba}", "crn", "companies house", "registration number",
    ]),
    (Topic::Phone, &[
        "phone", "telephone", "phone number", "telefon", "telefono", "tel\u{e9}fono", "t\u{e9}l\u{e9}phone", "telefone", "telefoon", "telefonnummer", "puhelin", "tel", "tel.", "t\u{e9}l",
        "mobile", "mobil", "mobilnummer", "handynummer", "handy", "cell", "cellphone", "cell phone", "celular", "movil", "m\u{f3}vil", "portable",
        "cellulare", "gsm", "cep", "cep no", "fax", "whatsapp", "sms", "text me", "call me", "call him", "call her", "call us", "ring me", "reach me", "messages to", "my registered", "contact me", "reachable", "reach out", "call back", "voicemail", "message me", "text to", "call my", "call the", "contact no", "contact:", "dial", "hotline", "call at", "call on",
        "contact number", "r\u{fc}ckruf", "anrufen", "rufnummer", "durchwahl", "landline", "pager", "office",
        "\u{442}\u{435}\u{43b}\u{435}\u{444}\u{43e}\u{43d}", "\u{7535}\u{8bdd}", "\u{96fb}\u{8a71}", "\u{96fb}\u{8bdd}", "\u{624b}\u{673a}", "\u{643a}\u{5e2f}", "\u{c804}\u{d654}", "\u{d734}\u{b300}\u{d3f0}", "\u{647}\u{627}\u{62a}\u{641}", "\u{5d8}\u{5dc}\u{5e4}\u{5d5}\u{5df}",
        "\u{e42}\u{e17}\u{e23}",
    ]),
    (Topic::Post, &[
        "postcode", "post code", "postal code", "postalcode", "zip code", "zipcode", "zip_code", "plz", "postleitzahl", "code postal", "c\u{f3}digo postal", "codigo postal", "zip:", "zip\":", "zip=",
        "cep", "kod pocztowy", "postnummer", "postinumero", "pin code", "pincode", "eircode", "\u{90ae}\u{7f16}", "\u{90f5}\u{4fbf}\u{756a}\u{53f7}", "\u{c6b0}\u{d3b8}\u{bc88}\u{d638}", "my address", "home address", "lives at", "wohnhaft",
    ]),
    (Topic::Plate, &[
        "license plate", "licence plate", "number plate", "numberplate", "plate number", "plate no", "plates", "vehicle", "vehicles", "vehicle registration", "car reg", "car registration", "reg no",
        "reg number", "vrm", "registration number", "registration plate", "kennzeichen", "nummernschild", "kfz", "fahrzeug", "plaka", "plakas\u{131}", "plakam", "immatriculation",
        "plaque", "matr\u{ed}cula", "matricula", "targa", "tablica rejestracyjna", "kenteken", "registreringsnummer", "rekisteritunnus",
        "\u{8f66}\u{724c}", "\u{cc28}\u{b7c9}\u{bc88}\u{d638}", "bike's registration", "my car", "motorbike", "driving a", "his car", "her car", "rc number",
    ]),
    (Topic::Born, &[
        "date of birth", "date-of-birth", "date_of_birth", "dateofbirth", "birth date", "birth_date", "birthdate", "birthday", "born", "born on", "dob", "d.o.b", "geboren", "geboren am", "geburtsdatum", "geb", "geb.",
        "geburtstag", "geburts", "n\u{e9} le", "n\u{e9}e le", "date de naissance", "naissance", "nacido", "nacida", "fecha de nacimiento", "nacimiento", "data di nascita", "nato il", "nata il",
        "data de nascimento", "nascimento", "nascido", "nascida", "data urodzenia", "urodzon", "urodzony", "geboortedatum", "f\u{f6}delsedatum", "f\u{f8}dselsdato", "syntym\u{e4}aika",
        "narozen", "dat\u{103} na\u{219}terii", "do\u{11f}um tarihi", "\u{434}\u{430}\u{442}\u{430} \u{440}\u{43e}\u{436}\u{434}\u{435}\u{43d}\u{438}\u{44f}", "\u{51fa}\u{751f}", "\u{751f}\u{5e74}\u{6708}\u{65e5}", "\u{751f}\u{65e5}", "\u{c0dd}\u{b144}\u{c6d4}\u{c77c}",
    ]),
    (Topic::Vote, &["voter", "epic no", "epic number", "elector", "electoral", "vote with", "votar"]),
    (Topic::Wallet, &["wallet", "bitcoin", "btc", "ethereum", "monero", "usdt", "crypto", "my address", "eth address", "deposit address", "donate", "donations"]),
    (Topic::Machine, &["mac", "mac address", "mac-address", "mac_address", "macs", "hwaddr", "hardware address", "physical address", "ethernet", "ether", "bluetooth", "wifi", "wi-fi", "lladdr", "bssid", "wlan"]),
    (Topic::Address, &["ip", "ips", "ipv4", "ipv6", "ip address", "ip-address", "ip_address", "ipaddr", "ip-adresse", "address", "client", "clientip", "client_ip", "remote_addr", "remote_ip", "remote", "rhost", "visitor", "customer", "logged in", "login from", "x-forwarded-for", "forwarded", "adresse ip", "direcci\u{f3}n ip", "indirizzo ip"]),
    (Topic::Number, &["my number", "number is", "number's", "numbers are", "numero es", "nummer ist", "number at"]),
    (Topic::Version, &["version", "versions", "release", "released", "firmware", "build", "ver.", "v.", "revision", "upgrade", "update", "package", "chapter", "section", "assembly", "fileversion", "changelog", "dll", "driver version"]),
];

/// A word that was met.
struct Met {
    start: usize,
    end: usize,
    topic: Topic,
}

/// The words of a text, in the order of their ends.
#[derive(Default)]
pub(super) struct Contexts {
    met: Vec<Met>,
}

impl Contexts {
    /// Takes the word at `at`, if it stands as a word does.
    pub(super) fn take(&mut self, text: &Text<'_>, at: &Range<usize>, topic: Topic) {
        let byte = |at: Option<usize>| at.and_then(|at| text.bytes.get(at)).copied().unwrap_or(b' ');
        let before = byte(at.start.checked_sub(1));
        let first = byte(Some(at.start));
        // Of names such as `userSsn` the parts are words too.
        let begins =
            !before.is_ascii_alphabetic() || (before.is_ascii_lowercase() && first.is_ascii_uppercase());
        let after = byte(Some(at.end));
        let last = byte(at.end.checked_sub(1));
        let ends = at.len() > 5
            || !after.is_ascii_alphabetic()
            || (last.is_ascii_lowercase() && after.is_ascii_uppercase());
        // `PPS_FETCH` is a constant of a program and no number of a person.
        let is_constant = at.len() <= 4 && first.is_ascii_uppercase() && (before == b'_' || after == b'_');
        let is_known = || {
            [&b"ssn"[..], b"dob", b"cpf", b"iban"]
                .iter()
                .any(|it| text.part(at.clone()).eq_ignore_ascii_case(it))
        };
        if begins
            && ends
            && (!is_constant || is_known())
            && !self.met.last().is_some_and(|it| it.end == at.end && it.topic == topic)
        {
            self.met.push(Met { start: at.start, end: at.end, topic });
        }
    }

    /// The topics of the words around `range`.
    pub(super) fn near(&self, range: &Range<usize>) -> Topics {
        let from = range.start.saturating_sub(BEFORE);
        let first = self.met.partition_point(|it| it.end < from);
        self.met[first..]
            .iter()
            .take_while(|it| it.end <= range.end + 2 * BEHIND)
            .filter(|it| it.end <= range.start || (it.start >= range.end && it.start <= range.end + BEHIND))
            .fold(0, |all, it| all | it.topic.set())
    }

    /// The topics of the words that announce what stands at `start`: nothing but a few words is between.
    pub(super) fn labels(&self, text: &Text<'_>, start: usize) -> Topics {
        let from = start.saturating_sub(LABEL);
        let first = self.met.partition_point(|it| it.end < from);
        self.met[first..]
            .iter()
            .take_while(|it| it.end <= start)
            .filter(|it| is_filler(text.part(it.end..start)))
            .fold(0, |all, it| all | it.topic.set())
    }

    /// The topics of words that directly follow `end`.
    pub(super) fn behind(&self, end: usize) -> Topics {
        let first = self.met.partition_point(|it| it.end <= end);
        self.met[first..]
            .iter()
            .take_while(|it| it.end <= end + BEHIND)
            .filter(|it| it.start > end && it.start <= end + 2)
            .fold(0, |all, it| all | it.topic.set())
    }

    /// The places after words of `topics`, where something of their own can stand.
    pub(super) fn places(&self, topics: Topics) -> impl Iterator<Item = usize> {
        self.met.iter().filter(move |it| it.topic.set() & topics != 0).map(|it| it.end)
    }
}

/// Whether `text` can stand between a label and what it labels: `: `, ` number is `, ` no. `.
fn is_filler(text: &[u8]) -> bool {
    !text.iter().any(|it| it.is_ascii_digit() || matches!(it, b';' | b'(' | b'{' | b'!' | b'?'))
        && text.split(|it| !it.is_ascii_alphabetic() && *it < 0x80).filter(|it| !it.is_empty()).count() <= 3
        && text.iter().filter(|it| **it == b'\n').count() <= 1
        && !text.windows(2).any(|it| it == b". " || it == b", ")
        || matches!(
            text,
            b". " | b" no. " | b" nr. " | b"-no. " | b"-nr. " | b" no.: " | b" nr.: " | b"-nr.: "
        )
}
