//! What holds for every pair of documents.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::sound::{run, sound};
use common::{path, table};
use countersign_structure::{Change, Entry, Format, Step};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

const FORMATS: [Format; 6] =
    [Format::Json, Format::JsonLines, Format::Yaml, Format::Toml, Format::Csv, Format::Tsv];

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        (0..4).prop_map(|it| json!(it)),
        Just(json!(true)),
        Just(json!("a")),
        Just(json!("é #x: [\n\"")),
        Just(json!({})),
        Just(json!([])),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(4, 24, 4, |inner| {
        let key = prop_oneof![Just("id"), Just("a"), Just("b"), Just("name"), Just("x y")];
        let map = proptest::collection::btree_map(key.prop_map(str::to_owned), inner.clone(), 0..4);
        let map = map.prop_map(|it| Value::Object(it.into_iter().collect()));
        let rows = proptest::collection::vec((0..5, inner.clone()), 0..5);
        let rows = rows.prop_map(|rows| rows.into_iter().map(|(id, n)| json!({"id": id, "n": n})).collect());
        prop_oneof![proptest::collection::vec(inner, 0..5).prop_map(Value::Array), map, rows]
    })
}

fn root() -> impl Strategy<Value = Value> {
    proptest::collection::btree_map("[a-c]", value(), 0..4)
        .prop_map(|it| Value::Object(it.into_iter().collect()))
}

/// `into` with something of it replaced, taken away or turned round, as `picks` say.
fn edited(mut into: Value, with: &Value, picks: &[usize]) -> Value {
    let Some((pick, rest)) = picks.split_first() else { return with.clone() };
    match &mut into {
        Value::Array(items) if !items.is_empty() => {
            let at = pick % items.len();
            match pick % 5 {
                0 => drop(items.remove(at)),
                1 => items.insert(at, with.clone()),
                2 => items.rotate_left(at),
                _ => items[at] = edited(items[at].clone(), with, rest),
            }
        }
        Value::Object(members) if !members.is_empty() => {
            let key = members.keys().nth(pick % members.len()).unwrap().clone();
            match pick % 5 {
                0 => drop(members.remove(&key)),
                1 => drop(members.insert("new".to_owned(), with.clone())),
                _ => members[&key] = edited(members[&key].clone(), with, rest),
            }
        }
        _ => return with.clone(),
    }
    into
}

fn pair() -> impl Strategy<Value = (Value, Value)> {
    let edit = (root(), value(), proptest::collection::vec(0usize..60, 1..5))
        .prop_map(|(root, with, picks)| (root.clone(), edited(root, &with, &picks)));
    prop_oneof![(root(), root()), edit]
        .prop_filter("roots are maps", |(before, after)| before.is_object() && after.is_object())
}

/// `value` as a flow of JSON, as blocks of YAML, and as TOML.
fn block(value: &Value, indent: usize, text: &mut String) {
    let spaces = " ".repeat(indent);
    match value {
        Value::Array(items) if !items.is_empty() => {
            for item in items {
                text.push_str(&format!("\n{spaces}-"));
                block(item, indent + 1, text);
            }
        }
        Value::Object(members) if !members.is_empty() => {
            for (key, member) in members {
                text.push_str(&format!("\n{spaces}{}: # {key}", json!(key)));
                block(member, indent + 1, text);
            }
        }
        leaf => text.push_str(&format!("\n{spaces}{leaf}")),
    }
}

fn inline(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("[{}]", items.iter().map(inline).collect::<Vec<_>>().join(", ")),
        Value::Object(members) => {
            let members: Vec<_> =
                members.iter().map(|(key, it)| format!("{} = {}", json!(key), inline(it))).collect();
            format!("{{{}}}", members.join(", "))
        }
        leaf => leaf.to_string(),
    }
}

fn written(format: Format, value: &Value) -> String {
    match format {
        Format::Yaml => {
            let mut text = String::new();
            block(value, 0, &mut text);
            text
        }
        Format::Toml => {
            let members = value.as_object().unwrap().iter();
            members.map(|(key, it)| format!("{} = {}\n", json!(key), inline(it))).collect()
        }
        _ => value.to_string(),
    }
}

fn parsed(source: &str) -> Value {
    serde_json::from_str(source).unwrap()
}

type Below<'e> = Vec<(&'e [Step], &'e Entry)>;

/// What the entries make of `before`; nothing when all of it is gone.
fn applied(before: Option<&Value>, entries: &[(&[Step], &Entry)], after: &str) -> Option<Value> {
    if entries.is_empty() {
        return before.cloned();
    }
    let here = |change| entries.iter().find(|(path, it)| path.is_empty() && it.change == change);
    if let Some((_, entry)) = here(Change::Added).or(here(Change::Changed)) {
        return Some(parsed(&after[entry.after.as_ref().unwrap().source.clone()]));
    }
    let before = before.filter(|_| here(Change::Removed).is_none());
    let below: Vec<_> = entries.iter().filter(|(path, _)| !path.is_empty()).collect();
    let mut keys: BTreeMap<&str, Below<'_>> = BTreeMap::new();
    let mut items: BTreeMap<(Option<usize>, Option<usize>), Below<'_>> = BTreeMap::new();
    for (path, entry) in below {
        match &path[0] {
            Step::Key { name, .. } => {
                keys.entry(name.trim_matches('"')).or_default().push((&path[1..], entry))
            }
            Step::Item { before, after, .. } => {
                items.entry((*before, *after)).or_default().push((&path[1..], entry));
            }
        }
    }
    let mut map: Map<String, Value> = before.and_then(Value::as_object).cloned().unwrap_or_default();
    for (key, entries) in &keys {
        match applied(map.get(*key).cloned().as_ref(), entries, after) {
            Some(value) => drop(map.insert((*key).to_owned(), value)),
            None => drop(map.remove(*key)),
        }
    }
    let list: Vec<Value> = before.and_then(Value::as_array).cloned().unwrap_or_default();
    let touched: BTreeSet<usize> = items.keys().filter_map(|(before, _)| *before).collect();
    let mut kept = (0..list.len()).filter(|at| !touched.contains(at)).map(|at| list[at].clone());
    let mut placed: BTreeMap<usize, Value> = BTreeMap::new();
    for ((was, would), entries) in &items {
        let made = applied(was.and_then(|at| list.get(at)), entries, after);
        assert_eq!(made.is_some(), would.is_some());
        placed.extend(would.zip(made));
    }
    let mut made = Vec::new();
    while let Some(item) = placed.remove(&made.len()).or_else(|| kept.next()) {
        made.push(item);
    }
    assert!(placed.is_empty());
    match (map.is_empty(), made.is_empty()) {
        (true, true)
            if before.is_none_or(|it| it.as_array().is_none_or(Vec::is_empty) || !items.is_empty()) =>
        {
            None
        }
        (false, _) => Some(Value::Object(map)),
        _ => Some(Value::Array(made)),
    }
}

fn leaves(value: &Value) -> u64 {
    match value {
        Value::Array(items) => items.iter().map(leaves).sum::<u64>().max(1),
        Value::Object(members) => members.values().map(leaves).sum::<u64>().max(1),
        _ => 1,
    }
}

fn check(format: Format, before: &Value, after: &Value) {
    let (was, would) = (written(format, before), written(format, after));
    let made = table(format, Some(&was), Some(&would));
    let whole = |it: &Value| it.as_object().is_some_and(Map::is_empty);
    // An empty TOML file has no `{}` to show.
    if format == Format::Toml && (whole(before) || whole(after)) {
        return;
    }
    let entries: Vec<_> = made.entries.iter().map(|it| (it.path.as_slice(), it)).collect();
    assert_eq!(applied(Some(before), &entries, &would).as_ref(), Some(after), "{format:?} {was} {would}");
    let places: BTreeSet<_> = made.entries.iter().map(|it| (path(&it.path), it.change)).collect();
    assert_eq!(places.len(), made.entries.len(), "once each");
    let counts = made.counts;
    assert_eq!(leaves(after), made.same + counts.added + counts.changed);
    assert_eq!(leaves(before), made.same + counts.removed + counts.changed);
    assert_eq!(before == after, counts.added + counts.removed + counts.changed + counts.moved == 0);
    for entry in &made.entries {
        for (side, leaf) in [(&was, &entry.before), (&would, &entry.after)] {
            if let Some(leaf) = leaf {
                parsed(&side[leaf.source.clone()]);
            }
        }
    }
}

/// Pieces of all formats, so that parsers get past the first bytes.
fn soup() -> impl Strategy<Value = Vec<u8>> {
    const PIECES: &[&str] = &[
        "a",
        "b: ",
        "- ",
        "\n",
        "\n  ",
        "\n- ",
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        "\"",
        "'",
        "#",
        " # c\n",
        "&a ",
        "*a",
        "!t ",
        "!!str ",
        "|\n  x\n",
        ">-\n y\n",
        "---\n",
        "...\n",
        "? ",
        "<<: *a\n",
        "%YAML 1.2\n",
        "1",
        "1.0",
        "1e3",
        "no",
        "0777",
        "null",
        "=",
        " = ",
        "[a]\n",
        "[[b]]\n",
        "a.b = 1\n",
        "\"\"\"",
        "'''",
        "\t",
        "\r\n",
        "\r",
        ";",
        "\u{feff}",
        "é",
        "\u{85}",
        "\u{2028}",
        "\\u0061",
        "\\",
        "\0",
        "true",
        "1979-05-27",
        "12:30",
        "@",
        "`",
        "~",
        "{}",
        "[]",
        "\"k\": ",
        "\"v\"",
        "\"\"",
    ];
    let piece = prop_oneof![
        12 => proptest::sample::select(PIECES).prop_map(|it| it.as_bytes().to_vec()),
        1 => proptest::collection::vec(any::<u8>(), 0..4),
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

const SAMPLES: &[&str] = &[
    "{\"a\": [1, 2.50, {\"b\": null}], \"c\": \"\\u00e9\\ud83d\\ude00\", \"c\": true}",
    "%YAML 1.2\n---\na: &x [1, *x]\nb: !t {c: |\n  text\n, d: 'e'}\n? [k]\n: >-\n  folded\n  lines # no\n...\n---\n- no\n- 0777 # c\n",
    "a: &x\n  - b: |+\n      two\n\n    c: *x\n  # comment\n  - 'd\n    e'\n\"f\": {g: h, i}\n",
    "# c\na.b = 1_000\n[x.y]\nz = \"\"\"\nlines\\\n  \"\"\"\n[[l]]\nd = 1979-05-27T07:32:00Z\ni = {a = [1, 2,\n 3]}\n",
    "id,name\r\n1,\"a \"\"b\"\"\"\r\n\r\n2,\"c\nd\"\r\n",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn entries_turn_json_into_what_would_be((before, after) in pair()) {
        check(Format::Json, &before, &after);
    }

    #[test]
    fn entries_turn_yaml_into_what_would_be((before, after) in pair()) {
        check(Format::Yaml, &before, &after);
    }

    #[test]
    fn entries_turn_toml_into_what_would_be((before, after) in pair()) {
        check(Format::Toml, &before, &after);
    }

    #[test]
    fn layout_means_nothing(value in root()) {
        let (flow, pretty) = (value.to_string(), format!("{value:#}\n"));
        for format in [Format::Json, Format::Yaml] {
            let made = table(format, Some(&flow), Some(&pretty));
            prop_assert_eq!(made.entries, vec![]);
            prop_assert_eq!(made.same, leaves(&value));
        }
        let made = table(Format::Yaml, Some(&flow), Some(&written(Format::Yaml, &value)));
        prop_assert_eq!(made.entries, vec![]);
    }

    #[test]
    fn records_are_matched_by_their_key(
        before in proptest::collection::btree_map(0u8..20, "[a-c]{0,2}", 1..12),
        after in proptest::collection::btree_map(0u8..20, "[a-c]{0,2}", 1..12),
    ) {
        let text = |rows: &BTreeMap<u8, String>| {
            let rows = rows.iter().map(|(id, text)| format!("{id},\"{text}\"\n"));
            ["id,text\n".to_owned()].into_iter().chain(rows).collect::<String>()
        };
        let (was, would) = (text(&before), text(&after));
        let made = table(Format::Csv, Some(&was), Some(&would));
        sound(&made, &was, &would);
        prop_assume!(before != after);
        let rows = made.rows.unwrap();
        let both = before.keys().filter(|id| after.contains_key(id)).count() as u64;
        if both > 0 {
            let changed = before.iter().filter(|(id, it)| after.get(id).is_some_and(|other| other != *it));
            let changed = changed.count() as u64;
            prop_assert_eq!(rows.key.as_deref(), Some("id"));
            prop_assert_eq!(rows.changed, changed);
            prop_assert_eq!(made.counts.changed, changed);
            prop_assert_eq!((rows.removed, rows.added), (before.len() as u64 - both, after.len() as u64 - both));
        }
    }

    #[test]
    fn any_bytes_are_compared_or_refused(
        before in prop_oneof![soup(), proptest::collection::vec(any::<u8>(), 0..40)],
        after in prop_oneof![4 => soup(), 1 => proptest::collection::vec(any::<u8>(), 0..40)],
    ) {
        for format in FORMATS {
            run(format, &before, &after);
        }
    }

    #[test]
    fn broken_documents_are_compared_or_refused(
        sample in proptest::sample::select(SAMPLES),
        edits in proptest::collection::vec((0usize..200, 0usize..6, soup()), 1..4),
    ) {
        let mut after = sample.as_bytes().to_vec();
        for (at, length, with) in edits {
            let at = at % (after.len() + 1);
            let end = (at + length).min(after.len());
            after.splice(at..end, with.into_iter().take(12));
        }
        for format in FORMATS {
            run(format, sample.as_bytes(), &after);
        }
    }
}
