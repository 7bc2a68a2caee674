//! Roots: pinned, followed, forged and contradicting themselves.

use countersign_core::digest::Digest;
use countersign_core::envelope::Envelope;
use countersign_core::json;
use countersign_core::root::{Entry, Holder, Purpose, Root};

use super::{Files, add, b64};
use crate::common::{MADE, key, label, root, root_envelope};

pub(super) fn all(files: &mut Files) {
    let first = root_envelope(&root(), "administrator");
    let mut case =
        |name: &str, says: &str, expect: &str, envelope: &Envelope, pin: Digest, next: Option<&Envelope>| {
            let mut fields = vec![("check", "root".to_owned()), ("expect", expect.to_owned())];
            fields.push(("root", b64(&envelope.to_bytes())));
            fields.push(("root-pin", pin.to_string()));
            fields.extend(next.map(|it| ("next", b64(&it.to_bytes()))));
            add(files, &format!("root-{name}"), says, &fields);
        };
    let pin = first.digest();
    case("pinned", "the pinned root", "ok", &first, pin, None);
    case(
        "not-pinned",
        "another root than the pinned one",
        "ROOT_INVALID",
        &first,
        Digest::of(b"other"),
        None,
    );
    let forged = root_envelope(&root(), "mara");
    case("not-by-administrator", "signed by a reviewer", "ROOT_THRESHOLD", &forged, pin, None);

    // Payloads that `to_payload` would not make, written by hand.
    let raw = |change: &dyn Fn(&mut Root)| {
        let mut changed = root();
        change(&mut changed);
        let payload = json::to_bytes(&changed);
        Envelope::sign(countersign_core::root::TYPE, payload, &key("administrator"))
    };
    let mut contradiction = |name: &str, says: &str, change: &dyn Fn(&mut Root)| {
        let envelope = raw(change);
        case(name, says, "ROOT_INVALID", &envelope, envelope.digest(), None);
    };
    contradiction("key-twice", "one key for two holders", &|it| it.entries[1].key = it.entries[0].key);
    contradiction("two-sets", "a reviewer's key that may also propose", &|it| {
        it.entries[0].purposes.push(Purpose::Propose)
    });
    contradiction("gate-approves", "a gate's key that may approve", &|it| {
        it.entries[6].purposes = vec![Purpose::Approve]
    });
    contradiction("no-threshold", "a threshold of none", &|it| it.threshold = 0);
    contradiction("threshold-too-high", "a threshold that nobody can meet", &|it| it.threshold = 2);
    contradiction("version-0", "versions count from 1", &|it| it.version = 0);
    contradiction("gate-twice", "two gates of one name", &|it| {
        it.entries[7].holder = it.entries[6].holder.clone()
    });
    let other_type = Envelope::sign("application/json", json::to_bytes(&root()), &key("administrator"));
    case(
        "other-type",
        "the payload type of something else",
        "ROOT_INVALID",
        &other_type,
        other_type.digest(),
        None,
    );

    let version = |number: u64, signer: &str| {
        let mut next = root();
        next.version = number;
        root_envelope(&next, signer)
    };
    case("next", "version 2 after version 1", "ok", &first, pin, Some(&version(2, "administrator")));
    case(
        "skipped",
        "version 3 after version 1",
        "ROOT_INVALID",
        &first,
        pin,
        Some(&version(3, "administrator")),
    );
    case(
        "rollback",
        "version 1 after version 1",
        "ROOT_ROLLBACK",
        &first,
        pin,
        Some(&version(1, "administrator")),
    );
    case(
        "next-forged",
        "version 2 signed by a reviewer",
        "ROOT_THRESHOLD",
        &first,
        pin,
        Some(&version(2, "mara")),
    );
    let mut two = root();
    two.threshold = 2;
    let second = Holder::Administrator { name: label("tomas") };
    two.entries.push(Entry::new(key("second").public(), second, MADE));
    let both = |root: &Root, signers: [&str; 2]| {
        let mut envelope = root_envelope(root, signers[0]);
        envelope.signatures.extend(root_envelope(root, signers[1]).signatures);
        envelope
    };
    let signed = both(&two, ["administrator", "second"]);
    case("two-of-two", "two administrators signed", "ok", &signed, signed.digest(), None);
    let twice = both(&two, ["administrator", "administrator"]);
    case(
        "one-signs-twice",
        "one signature twice counts once",
        "ROOT_THRESHOLD",
        &twice,
        twice.digest(),
        None,
    );
    let mut same = two.clone();
    same.entries[8].holder = same.entries[5].holder.clone();
    let same = both(&same, ["administrator", "second"]);
    case(
        "one-person-two-keys",
        "two keys of one administrator count once",
        "ROOT_THRESHOLD",
        &same,
        same.digest(),
        None,
    );
    let mut revoked = two.clone();
    revoked.entries[8].revoked_at = Some(MADE.plus(1_000_000_000));
    let revoked = both(&revoked, ["administrator", "second"]);
    case(
        "revoked-administrator",
        "a revoked administrator does not count, whenever that is",
        "ROOT_THRESHOLD",
        &revoked,
        revoked.digest(),
        None,
    );
    two.version = 2;
    let grown = both(&two, ["administrator", "second"]);
    case("next-grown", "one administrator, then two", "ok", &first, pin, Some(&grown));
    let alone = root_envelope(&two, "administrator");
    case(
        "next-too-few",
        "enough for the old root, too few for the new",
        "ROOT_THRESHOLD",
        &first,
        pin,
        Some(&alone),
    );
    let mut usurped = root();
    usurped.version = 2;
    usurped.entries[5].key = key("usurper").public();
    let usurped = root_envelope(&usurped, "usurper");
    case(
        "usurped",
        "version 2 signed only by its own new administrator",
        "ROOT_THRESHOLD",
        &first,
        pin,
        Some(&usurped),
    );
}
