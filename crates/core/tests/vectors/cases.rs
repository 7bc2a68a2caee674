//! The cases, each made with fixed keys, clocks and ids.

mod approvals;
mod json;
mod keys;
mod proposals;
mod roots;
mod signed;

use std::collections::BTreeMap;

use countersign_core::envelope::Envelope;
use data_encoding::BASE64;

use crate::common::NOW;

/// Files by name.
type Files = BTreeMap<String, String>;

pub(crate) fn all() -> Files {
    let mut files = Files::new();
    json::all(&mut files);
    keys::all(&mut files);
    roots::all(&mut files);
    signed::all(&mut files);
    proposals::all(&mut files);
    approvals::all(&mut files);
    files
}

fn add(files: &mut Files, name: &str, says: &str, fields: &[(&str, String)]) {
    let mut text = format!("# {says}\n");
    for (field, value) in fields {
        text.push_str(&format!("{field}: {value}\n"));
    }
    assert!(files.insert(format!("{name}.txt"), text).is_none(), "two cases are called {name}");
}

/// An envelope that is checked at [`NOW`] against a pinned root: its name among those of `check`, what it says,
/// what is expected.
fn add_signed(
    files: &mut Files,
    check: &str,
    (name, says, expect): (&str, &str, &str),
    root: &[(&'static str, String); 2],
    envelope: &[u8],
) {
    let mut fields =
        vec![("check", check.to_owned()), ("expect", expect.to_owned()), ("now", NOW.seconds().to_string())];
    fields.extend(root.clone());
    fields.push(("envelope", b64(envelope)));
    add(files, &format!("{check}-{name}"), says, &fields);
}

fn b64(bytes: &[u8]) -> String {
    BASE64.encode(bytes)
}

fn pinned(envelope: &Envelope) -> [(&'static str, String); 2] {
    [("root", b64(&envelope.to_bytes())), ("root-pin", envelope.digest().to_string())]
}
