//! Networks that are everything: `0.0.0.0/0` and `::/0`, as far as something is let in from them.

use super::blocks::Block;
use super::pairs::plain;

/// Which way a rule lets through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    In,
    Out,
    Unknown,
}

/// Which way, by the name of the setting, the line and the block.
pub(super) fn way(name: &str, line: &str, block: &Block) -> Way {
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
pub(super) fn is_egress(name: &str, line: &str, block: &Block) -> bool {
    let named =
        block.heads.iter().any(|it| it.contains("egress")) || line.to_ascii_lowercase().contains("egress");
    plain(name).contains("cidr") && (named || direction(&block.body) == Way::Out)
}

/// Whether `name` is that of networks that are let in.
pub(super) fn is_list_of_networks(name: &str) -> bool {
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
