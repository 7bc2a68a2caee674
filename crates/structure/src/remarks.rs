//! What to say of the side after, whatever was there before.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use crate::text::folded;
use crate::tree::{Kind, Member, Node};
use crate::{About, Step};

/// Keys that are there more than once, and keys that look like another one, in all maps of `node`.
pub(crate) fn keys(node: &Node, path: &mut Vec<Step>, say: &mut dyn FnMut(&[Step], About)) {
    match &node.kind {
        Kind::Leaf(_) => {}
        Kind::List(items) => {
            for (at, item) in items.iter().enumerate() {
                path.push(Step::Item { before: None, after: Some(at), row: None });
                keys(item, path, say);
                path.pop();
                // The columns of all rows are the same ones.
                if matches!(item.kind, Kind::Row(_)) {
                    break;
                }
            }
        }
        Kind::Map(members) | Kind::Row(members) => {
            own(members, path, say);
            for member in members {
                path.push(Step::Key { name: Arc::clone(&member.name), nth: member.nth });
                keys(&member.value, path, say);
                path.pop();
            }
        }
    }
}

fn own(members: &[Member], path: &mut Vec<Step>, say: &mut dyn FnMut(&[Step], About)) {
    let mut at = |member: &Member, about: About| {
        path.push(Step::Key { name: Arc::clone(&member.name), nth: 0 });
        say(path, about);
        path.pop();
    };
    let mut last = HashMap::new();
    for member in members.iter().filter(|it| it.nth > 0) {
        last.insert(member.id, member.nth);
    }
    for member in members.iter().filter(|it| last.get(&it.id) == Some(&it.nth)) {
        at(member, About::DuplicateKey { times: member.nth + 1, key: member.key.clone() });
    }
    let plain = |name: &str| matches!(folded(name), Cow::Borrowed(_));
    if members.iter().all(|it| plain(&it.name)) {
        return;
    }
    let mut seen: HashMap<Cow<'_, str>, &Member> = HashMap::new();
    for member in members.iter().filter(|it| it.nth == 0) {
        let first = seen.entry(folded(&member.name)).or_insert(member);
        if first.id != member.id {
            at(member, About::SimilarKey { other: Arc::clone(&first.name), key: member.key.clone() });
        }
    }
}
