//! Secrets by where they stand: every word that announces a place has a line in which it does.

use super::{missed, wrongly_found};
use crate::secrets::places::{Place, WORDS};

/// A rule, lines in which it finds just what stands in brackets, and lines in which it finds nothing.
type Lines = (Place, &'static [&'static str], &'static [&'static str]);

#[rustfmt::skip]
const LINES: &[Lines] = &[
    (Place::Block, &[
        "⟦-----BEGIN RSA PRIVATE KEY-----\n<b 64>\n<b 64>\n⟧-----END RSA PRIVATE KEY-----",
        "a\n⟦-----BEGIN PRIVATE KEY-----\n<b 64>\n⟧-----END PRIVATE KEY-----\nb",
        "⟦-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n<b 64>\n⟧-----END PGP PRIVATE KEY BLOCK-----",
        "key: \"⟦-----BEGIN EC PRIVATE KEY-----\\n<b 64>\\n⟧-----END EC PRIVATE KEY-----\"",
        "⟦---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\n<b 64>\n⟧",
        "⟦-----BEGIN PRIVATE KEY-----\n<b 64>\ncurl -fsSL https://x.example/a -o /tmp/a\n⟧-----END PRIVATE KEY-----",
        "⟦-----BEGIN PRIVATE KEY----- <b 64> <b 64> <b 6>== ⟧-----END PRIVATE KEY-----",
        "⟦-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00F1\n\n<b 64>\n<b 64>\n⟧-----END RSA PRIVATE KEY-----",
        "web_1  | ⟦-----BEGIN PRIVATE KEY-----\nweb_1  | <b 64>\nweb_1  | ⟧-----END PRIVATE KEY-----",
        "b\"⟦-----BEGIN PRIVATE KEY-----\\n\"\nb\"<b 64>\\n\"\nb\"⟧-----END PRIVATE KEY-----\"",
        "[\"⟦-----BEGIN PRIVATE KEY-----\",\"<b 64>\",\"⟧-----END PRIVATE KEY-----\"]",
        "⟦-----BEGIN PRIVATE KEY-----%0A<b 64>%0A⟧-----END PRIVATE KEY-----",
        "⟦-----BEGIN PRIVATE KEY-----<br><b 64><br>⟧-----END PRIVATE KEY-----",
        "| ⟦-----BEGIN PRIVATE KEY----- |\n| <b 64> |\n| ⟧-----END PRIVATE KEY----- |",
        "⟦-----BEGIN RSA PRIVATE KEY-----\nComment: ---- an example of Ana\n\n<b 64>\n<b 64>\n⟧-----END RSA PRIVATE KEY-----",
        "⟦-----BEGIN RSA PRIVATE KEY-----\nComment: ----- an example\n\n<b 32>\n<b 32>\n⟧-----END RSA PRIVATE KEY-----",
        "⟦-----BEGIN PRIVATE KEY-----\n<b 16>\n<b 16>\n<b 16>\n<b 16>\n⟧-----END PRIVATE KEY-----",
        "⟦PuTTY-User-Key-File⟧-3: ssh-ed25519",
    ], &[
        "-----BEGIN PUBLIC KEY-----\n<b 64>\n-----END PUBLIC KEY-----",
        "-----BEGIN RSA PRIVATE KEY-----\n...\n-----END RSA PRIVATE KEY-----",
        "-----BEGIN RSA PRIVATE KEY-----\nxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n-----END RSA PRIVATE KEY-----",
        "-----BEGIN RSA PRIVATE KEY-----\n<your key>\n-----END RSA PRIVATE KEY-----",
        "-----BEGIN RSA PRIVATE KEY-----\nEXAMPLE<b 57>\n-----END RSA PRIVATE KEY-----",
        "-----BEGIN RSA PRIVATE KEY-----\nabababababababababababababababababababababab\n-----END RSA PRIVATE KEY-----",
        "-----BEGIN RSA PRIVATE KEY-----\n<b 20>\n-----END RSA PRIVATE KEY-----",
        "-----BEGIN\nRSA PRIVATE KEY-----\n<b 64>",
        "the PRIVATE KEY <b 64> of it",
        "-----BEGIN RSA private key-----\n<b 64>",
        "if text.startswith('-----BEGIN RSA PRIVATE KEY'):\n    run(text, <b 64>)",
        "grep -q -- '-----BEGIN PRIVATE KEY-----' /srv/app/config && verify_signatures || exit 1",
        "-----BEGIN PRIVATE KEY-----\n<insert the contents of /var/lib/jenkins/secrets/deployment-keys/production/id_rsa_2048 here>\n-----END PRIVATE KEY-----",
    ]),
    (Place::Link, &[
        "postgres://⟦app:k7<a 10>⟧@db.example.com/x",
        "https://⟦ana:Q3<a 6>⟧@host.example.com:8443/y?z=1",
        "redis://⟦:k7<a 12>⟧@cache.example.com",
        "amqp://⟦a:k7<a 4>/<a 5>⟧@queue.example.com",
        "url=\"mongodb+srv://⟦app:k7<a 10>⟧@x.example.net/y\"",
    ], &[
        "https://host.example.com:8080/ana@home",
        "https://user:password@host.example.com",
        "https://app:pass@host.example.com",
        "https://app:secret@host.example.com",
        "https://app:ab@host.example.com",
        "https://app:$PASSWORD@host.example.com",
        "https://app:{password}@host.example.com",
        "https://app:<password>@host.example.com",
        "https://app:%s@host.example.com",
        "https://app:****@host.example.com",
        "https://app:your-password@host.example.com",
        "https://app:xxxxxxxx@host.example.com",
        "https://ana@host.example.com/k7:<a 10>",
        "https://host.example.com/a:b and then c@d.example.com",
        "app:k7<a 10>@host.example.com",
    ]),
    (Place::Basic, &[
        "Authorization: Basic ⟦YW5hOms3V3EyTHg5⟧",
        "authorization = \"basic ⟦YW5hOms3V3EyTHg5Wg==⟧\"",
    ], &[
        "Basic information about it",
        "Authorization: Basic YW5hazdXcTJMeDla",
        "Authorization: Basic YTpi",
        "Authorization: Basic eW91cjpleGFtcGxl",
        "Authorization: Basic <b 7>",
        "Authorization: Basic $CREDENTIALS",
    ]),
    (Place::Bearer, &[
        "Authorization: Bearer ⟦k7<a 24>⟧",
        "-H 'authorization: bearer ⟦k7.<a 24>~9⟧'",
    ], &[
        "the bearer of this letter",
        "Authorization: Bearer <token>",
        "Authorization: Bearer $TOKEN",
        "Authorization: Bearer your-token-k7Wq2Lx9",
        "Authorization: Bearer xxxxxxxxxxxxxxxxxxxx",
        "Authorization: Bearer k7Wq2Lx9zP3",
        "bearer certificates-and-shares",
    ]),
    (Place::Json, &[
        // {"alg":"HS256"} and {"sub":"ana"}
        "⟦eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbmEifQ.<a 43>⟧",
        "x=⟦eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbmEifQ.<a 43>⟧;",
        // {"k":"…
        "⟦eyJrIjoiazdX<a 40>⟧ is old",
        "⟦ZXlKaGJHY2lPaUpJVXpJMU5pSjku<a 60>⟧ is old",
    ], &[
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbmEifQ",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbmEifQ.k7Wq2Lx9",
        "eyJzdWIiOiJhbmEifX0.eyJzdWIiOiJhbmEifQ.<a 43>",
        "keyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbmEifQ.<a 43>",
        "eyJhbGciOiJIUzI1NiJ9.<a 18>.<a 43>",
        "EYJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbmEifQ.<a 43>",
        // {"kty":"k":"… is a key that everyone may have.
        "eyJrdHkiOiJrIjoi<a 40>",
        "eyJrIjoiazdX<a 20>",
        "ZXlK<a 40> is old",
        "kZXlK<a 90> is old",
    ]),
    (Place::Option, &[
        "mysql -u root -p⟦k7<a 8>⟧ app",
        "mysqldump -p'⟦k7<a 8>⟧' app",
        "mysql -u root -p⟦k7<a 8>⟧&&/usr/local/bin/wipe",
        "sshpass -p '⟦k7&<a 8>⟧' ssh h",
        "sshpass -p '⟦k7<<a 4>{<a 4>⟧' ssh h",
        "sshpass -p '⟦k7$<a 8>⟧' ssh h",
        "sshpass -p ⟦k7<a 8>⟧;/usr/local/bin/wipe",
        "mysql -u root '-p⟦k7!<a 8>⟧' app",
        "mariadb -p\"⟦k7<a 8>⟧\"",
        "mongo -p ⟦k7<a 8>⟧",
        "sshpass -p '⟦k7<a 8>⟧' ssh x",
        "docker login -p ⟦k7<a 8>⟧ x",
        "7z a -p⟦k7<a 8>⟧ x",
        "curl -u ana:⟦k7<a 8>⟧ https://x.example",
        "curl --user 'ana:⟦k7<a 8>⟧' https://x.example",
        "smbclient //x/y -u ana%⟦k7<a 8>⟧",
    ], &[
        "mkdir -p k7<a 8>",
        "ssh -p 2222 host",
        "mysql -p app",
        "mysql -p$PASSWORD app",
        "mysql -p<password> app",
        "mysql -ppassword app",
        "mysql -pabc app",
        "docker run -p 8080:80 x",
        "curl -u ana https://x.example",
        "curl -u ana:$TOKEN https://x.example",
        "curl -u ana:secret https://x.example",
        "curl --user ana:your-password https://x.example",
        "chown -u ana:k7<a 8> x",
        "mysql x\nmkdir -pk7<a 8>",
        "docker login -u ci -p \"((registry_password))\" r",
        "docker login -p \"`/opt/x/wipe`\" r",
        "docker login -p \"$REGISTRY_PASSWORD\" r",
        "sshpass -p '%(password)s' ssh h",
        "sshpass -p '{password}' ssh h",
        "\"sshpass -p '\"+host_password+\"' ssh h\"",
        "echo \"sshpass -p \";/usr/local/bin/wipe;\" done\"",
    ]),
    (Place::Account, &[
        "AccountName=x;AccountKey=⟦<b 86>==⟧;EndpointSuffix=y",
        "SharedAccessKey=⟦<b 43>=⟧",
        "https://x.example/y?sv=2020&sig=⟦<b 43>%3D⟧",
    ], &[
        "AccountKey=<b 39>",
        "AccountKey=EXAMPLE<b 60>",
        "AccountKey=<your key>",
        "AccountKey=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "SharedAccessKey=abababababababababababababababababababababababab",
        "&sig=<b 42>&x",
        "sig=$SIGNATURE",
    ]),
    (Place::Hash, &[
        "root:⟦$6$<a 8>$<a 86>⟧:19000:0:",
        "⟦$5$<a 8>$<a 43>⟧ x",
        "⟦$1$<a 8>$<a 22>⟧ x",
        "hash ⟦$2b$10$<a 53>⟧ x",
        "hash ⟦$2a$12$<a 53>⟧ x",
        "hash ⟦$2y$10$<a 53>⟧ x",
    ], &[
        "$6$<a 8>$<a 21> x",
        "$6$<a 80> x",
        "$2b$10$<a 52> x",
        "$2b$10$<a 54> x",
        "$2b$10$xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "s/x/$1$2/ and $5$ of it",
    ]),
    (Place::Telegram, &[
        "⟦<d 10>:AA<a 33>⟧",
        "sent by ⟦<d 9>:AA<a 32>⟧ today",
    ], &[
        "<d 7>:AA<a 33>",
        "x<d 11>:AA<a 33>",
        "<d 10>:AA<a 31> x",
        "<d 10>:AA<a 35> x",
        "<d 10>:aa<a 33>",
        "<d 10>:AAxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    ]),
    (Place::Azure, &[
        "the value ⟦k7W8Q~<a 34>⟧ x",
        "the value ⟦k7W7Q~<a 31>⟧ x",
    ], &[
        "the value k78Q~<a 34> x",
        "the value k7Wx8Q~<a 34> x",
        "the value k7W8Q~EXAMPLE<a 27> x",
        "the value k7W8Q~<a 29> x",
        "the value k7W8Q~<a 37> x",
        "the value k7W8Q~xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    ]),
    (Place::OpenAi, &[
        "the value ⟦k7<a 18>T3BlbkFJ<a 20>⟧ x",
    ], &[
        "the value <a 15>T3BlbkFJ<a 20> x",
        "the value <a 20>T3BlbkFJ<a 15> x",
        "the value <a 20>t3blbkfj<a 20> x",
        "the value xxxxxxxxxxxxxxxxxxxxT3BlbkFJxxxxxxxxxxxxxxxxxxxx x",
    ]),
    (Place::MaxMind, &[
        "the value ⟦<a 6>_<a 29>_mmk⟧ x",
    ], &[
        "the value <a 20>_mmk x",
        "the value <a 6>_<a 29>_mmkx x",
        "the value xxxxxx_xxxxxxxxxxxxxxxxxxxxxxxxxxxxx_mmk x",
    ]),
    (Place::NewRelic, &[
        "the value ⟦<h 36>NRAL⟧ x",
    ], &[
        "the value <h 31>NRAL x",
        "the value <h 36>NRALx x",
        "the value xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxNRAL x",
    ]),
    (Place::Mailchimp, &[
        "the value ⟦<h 32>-us1⟧ x",
        "the value ⟦<h 32>-us14⟧ x",
        "the value ⟦<h 32>-us21⟧ x",
    ], &[
        "the value <h 31>-us1 x",
        "the value <h 33>-us1 x",
        "the value <h 32>-us123 x",
        "the value xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx-us1 x",
    ]),
];

#[test]
fn what_stands_in_a_place_of_secrets_is_found() {
    let wrong: Vec<_> = LINES.iter().flat_map(|(place, yes, _)| missed(place.id(), yes)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_is_nearly_so_is_not() {
    let wrong: Vec<_> = LINES.iter().flat_map(|(place, _, no)| wrongly_found(place.id(), no)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_word_of_a_place_has_a_line() {
    for (word, place) in WORDS {
        let lines = LINES.iter().filter(|it| it.0 == *place).flat_map(|it| it.1);
        let has = |line: &&str| {
            line.replace(['⟦', '⟧'], "").to_ascii_lowercase().contains(&word.to_ascii_lowercase())
        };
        assert!(lines.filter(|it| has(it)).count() > 0, "{word}");
    }
}
