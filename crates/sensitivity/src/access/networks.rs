//! Networks that are everything: `0.0.0.0/0` and `::/0`, as far as something is let in from them.

use std::ops::Range;

use super::blocks::Block;
use super::near::{NEAR, name_above, name_before, near};
use super::pairs::plain;
use super::{Look, NETWORK, OUTWARD};
use crate::Severity;
use crate::found::Found;
use crate::text::Text;

impl Look {
    /// A network that is everything, if something is let in from it.
    pub(super) fn network(&mut self, text: &Text<'_>, at: &Range<usize>, found: &mut Found) {
        let edge = |at: Option<usize>| {
            !at.and_then(|it| text.bytes.get(it))
                .is_some_and(|it| it.is_ascii_hexdigit() || *it == b':' || *it == b'.')
        };
        if !edge(at.start.checked_sub(1)) || !edge(Some(at.end)) {
            return;
        }
        if self.is_closed(text, at.start) {
            return;
        }
        let budget = self.budget(text);
        if *budget < NEAR {
            // So many in one place that what stands around them is not read again.
            return open(at, found);
        }
        *budget -= NEAR;
        let range = near(text, at);
        let line = String::from_utf8_lossy(text.part(range.clone())).into_owned();
        let before = String::from_utf8_lossy(text.part(range.start..at.start)).into_owned();
        let name = name_before(&before).or_else(|| name_above(text, range.start)).unwrap_or_default();
        let address = text.part(at.clone()).starts_with(b"\"");
        if address && !is_list_of_networks(&name) {
            return;
        }
        // From the first address to the last one; to the first one again lets in the cloud's own services.
        if plain(&name).starts_with("start") && !self.block(text, at.start).body.contains("255.255.255.255") {
            return;
        }
        match way(&name, &line, self.block(text, at.start)) {
            Way::In => open(at, found),
            Way::Unknown if is_list_of_networks(&name) => open(at, found),
            Way::Out if is_egress(&name, &line, &self.block) => {
                let title = format_args!("Every address can be reached");
                found.report(&OUTWARD, Severity::Note, at.clone(), title);
            }
            _ => {}
        }
    }
}

fn open(at: &Range<usize>, found: &mut Found) {
    found.report(&NETWORK, Severity::Blocking, at.clone(), format_args!("Open to every address"));
}

/// Which way a rule lets through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    In,
    Out,
    Unknown,
}

/// Which way, by the name of the setting, the line and the block.
fn way(name: &str, line: &str, block: &Block) -> Way {
    let line = line.to_ascii_lowercase();
    let name = plain(name);
    let is_in = |text: &str| {
        ["ingress", "inbound", "source", "src_", "allow from", "input", "\"in\""]
            .iter()
            .any(|it| text.contains(it))
    };
    let is_out = |text: &str| {
        [
            "egress",
            "outbound",
            "destination",
            "dest_",
            "output",
            "\"out\"",
            "route",
            "gateway_route",
            "default_route",
        ]
        .iter()
        .any(|it| text.contains(it))
    };
    let refused = [
        "\"deny\"",
        "\"drop\"",
        ": deny",
        ": drop",
        "\"reject\"",
        "-j drop",
        "deny {",
        "\"block\"",
        "refuse",
        "= \"deny",
        "deny from",
    ];
    if refused.iter().any(|it| block.body.contains(it) || line.contains(it)) && !block.body.contains("allow")
    {
        return Way::Out;
    }
    for text in [name.as_str(), line.as_str()] {
        match (is_in(text), is_out(text)) {
            (true, _) => return Way::In,
            (_, true) => return Way::Out,
            _ => {}
        }
    }
    let direction = direction(&block.body);
    if direction != Way::Unknown && !block.is_open {
        return direction;
    }
    for head in &block.heads {
        match (is_in(head), is_out(head)) {
            (true, false) => return Way::In,
            (false, true) => return Way::Out,
            _ => {}
        }
    }
    if block.is_open {
        return nearest(&block.body);
    }
    Way::Unknown
}

/// What a setting of the block says of its direction.
fn direction(body: &str) -> Way {
    for line in body.lines().take(60) {
        let Some((name, value)) = line.split_once(['=', ':']) else { continue };
        let name = plain(name);
        if matches!(name.as_str(), "type" | "direction" | "trafficdirection" | "egress" | "flow") {
            if value.contains("egress")
                || value.contains("outbound")
                || value.contains("\"out")
                || name == "egress" && value.contains("true")
            {
                return Way::Out;
            }
            if value.contains("ingress") || value.contains("inbound") || value.contains("\"in\"") {
                return Way::In;
            }
        }
    }
    Way::Unknown
}

/// The word of direction nearest to the end of what stands before.
fn nearest(body: &str) -> Way {
    let last = |words: [&str; 3]| words.iter().filter_map(|it| body.rfind(it)).max();
    match (last(["ingress", "inbound", "sourceranges"]), last(["egress", "outbound", "destination"])) {
        (Some(a), Some(b)) if b > a => Way::Out,
        (Some(_), _) => Way::In,
        (None, Some(_)) => Way::Out,
        _ => Way::Unknown,
    }
}

/// Whether a rule of its own lets out to everywhere: not the route by which all goes.
fn is_egress(name: &str, line: &str, block: &Block) -> bool {
    let named =
        block.heads.iter().any(|it| it.contains("egress")) || line.to_ascii_lowercase().contains("egress");
    plain(name).contains("cidr") && (named || direction(&block.body) == Way::Out)
}

/// Whether `name` is that of networks that are let in.
fn is_list_of_networks(name: &str) -> bool {
    const PARTS: [&str; 20] = [
        "cidr",
        "ranges",
        "iplist",
        "allow",
        "whitelist",
        "authorized",
        "trusted",
        "securityip",
        "ipfilter",
        "networks",
        "permitted",
        "source",
        "accessip",
        "firewall",
        "startip",
        "iprules",
        "ipprefix",
        "subnets",
        "addresses",
        "v4cidrblocks",
    ];
    let name = plain(name);
    PARTS.iter().any(|it| name.contains(it))
        && !["bind", "listen", "destination", "vpc", "pods", "service"].iter().any(|it| name.contains(it))
}
