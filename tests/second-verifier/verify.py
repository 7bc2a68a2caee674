"""A second verifier, written from docs/formats/ alone. It shares no line with the first.

Reads every tests/vectors/*.txt, does what the file says and compares; then
compares the JSON in docs/formats/ with the vectors that the pages name. With
a folder as its argument it reads the vectors in there. Prints `N passed, N failed`, and ends with 1 if anything failed.

Standard library, and `cryptography` for the Ed25519 equation.
"""

import base64
import binascii
import hashlib
import json
import pathlib
import re
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

MIB64 = 64 * 1024 * 1024
LAST_SECOND = 253402300799
DAYS14 = 14 * 24 * 3600


class Refused(Exception):
    """What was looked at is refused, with its code where it has one."""


class Bad(Exception):
    """A value is not of its form."""


# --- strict JSON (strict-json.md)


def depth_is_fine(text):
    depth, quoted, at = 0, False, 0
    while at < len(text):
        it = text[at]
        if quoted:
            if it == "\\":
                at += 1
            elif it == '"':
                quoted = False
        elif it == '"':
            quoted = True
        elif it in "[{":
            depth += 1
            if depth > 64:
                return False
        elif it in "]}":
            depth -= 1
        at += 1
    return True


def no_constant(text):
    raise Bad(f"{text} is no number")


def whole(text):
    if text == "-0" or abs(int(text)) > 2**53 - 1:
        raise Bad(f"the number {text}")
    return int(text)


def once(pairs):
    keys = [key for key, _ in pairs]
    if len(set(keys)) != len(keys):
        raise Bad("one key twice")
    return dict(pairs)


def holds_no_null_or_surrogate(value):
    if value is None:
        raise Bad("null")
    if isinstance(value, str):
        value.encode("utf-8")  # fails on a lone surrogate
    elif isinstance(value, list):
        for it in value:
            holds_no_null_or_surrogate(it)
    elif isinstance(value, dict):
        for key, it in value.items():
            key.encode("utf-8")
            holds_no_null_or_surrogate(it)


def strict(data):
    try:
        text = data.decode("utf-8")
        if text.startswith("\ufeff"):
            raise Bad("a byte order mark")
        if not depth_is_fine(text):
            raise Bad("too deep")
        value = json.loads(
            text, object_pairs_hook=once, parse_int=whole, parse_float=no_constant, parse_constant=no_constant
        )
        holds_no_null_or_surrogate(value)
        return value
    except (UnicodeError, ValueError) as error:
        raise Bad(str(error)) from error


# --- forms: each takes a value and raises Bad (README.md, content.md)


def need(condition, why="not of its form"):
    if not condition:
        raise Bad(why)


def integer(low, high):
    def form(value):
        need(type(value) is int and low <= value <= high, f"an integer from {low} to {high}")

    return form


U8, U32, U64 = integer(0, 2**8 - 1), integer(0, 2**32 - 1), integer(0, 2**53 - 1)
I32 = integer(-(2**31), 2**31 - 1)
TIME = integer(0, LAST_SECOND)


def text(value):
    need(type(value) is str, "a text")


def boolean(value):
    need(type(value) is bool, "true or false")


def label(value):
    text(value)
    need(1 <= len(value.encode("utf-8")) <= 200, "a label has 1 to 200 bytes")


def matching(pattern):
    def form(value):
        text(value)
        need(re.fullmatch(pattern, value, re.ASCII), f"not {pattern}")

    return form


GATE = matching("[a-z0-9][a-z0-9-]{0,62}")
DIGEST = matching("[0-9a-f]{64}")
RANDOM = matching("[0-9a-f]{32}")
ID = matching("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
MEDIA_TYPE = matching("[!-~]{1,200}")


def items(form, low=0, high=None):
    def each(value):
        need(type(value) is list and len(value) >= low and (high is None or len(value) <= high), "a list")
        for it in value:
            form(it)

    return each


def some(form):
    """An optional list: left out when empty."""
    return items(form, low=1)


def pair(first, second):
    def form(value):
        need(type(value) is list and len(value) == 2, "a pair")
        first(value[0])
        second(value[1])

    return form


def record(required=None, optional=None):
    required, optional = required or {}, optional or {}

    def form(value):
        need(type(value) is dict, "an object")
        for name in required:
            need(name in value, f"{name} is missing")
        for name, it in value.items():
            inner = required.get(name) or optional.get(name)
            need(inner, f"{name} is unknown")
            inner(it)

    return form


def word(*words):
    def form(value):
        need(type(value) is str and value in words, f"one of {words}")

    return form


def one_key(bare=(), keyed=None):
    def form(value):
        if type(value) is str:
            need(value in bare, "an unknown variant")
            return
        need(type(value) is dict and len(value) == 1, "an object with one key")
        ((name, it),) = value.items()
        need(name in (keyed or {}), "an unknown variant")
        keyed[name](it)

    return form


def tagged(**variants):
    forms = {name: (v if callable(v) else record(*v)) for name, v in variants.items()}

    def form(value):
        need(type(value) is dict, "an object")
        kind = value.get("kind")
        need(type(kind) is str and kind in forms, "an unknown kind")
        forms[kind]({name: it for name, it in value.items() if name != "kind"})

    return form


def plain_base64(value):
    text(value)
    need(re.fullmatch("(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?", value), "base64")
    data = binascii.a2b_base64(value)
    need(base64.b64encode(data).decode() == value, "bits after the last byte")
    return data


def is_utf8(data):
    try:
        data.decode("utf-8")
        return True
    except UnicodeDecodeError:
        return False


def os_text(value):
    """The bytes of it, too."""
    if type(value) is str:
        return value.encode("utf-8")
    record({"b64": text})(value)
    data = plain_base64(value["b64"])
    need(not is_utf8(data), "b64 of UTF-8")
    return data


def really_true(value):
    need(value is True, "`blob` is true or left out")


def content(value):
    record(
        {"media_type": MEDIA_TYPE, "encoding": word("utf-8", "binary"), "size": integer(0, MIB64), "sha256": DIGEST},
        {"inline": os_text, "blob": really_true},
    )(value)
    need(("inline" in value) != ("blob" in value), "exactly one of `inline` and `blob`")
    if "inline" in value:
        data = os_text(value["inline"])
        need(len(data) == value["size"], "another size")
        need(is_utf8(data) == (value["encoding"] == "utf-8"), "another encoding")
        need(hashlib.sha256(data).hexdigest() == value["sha256"], "another digest")


def listing(form):
    return one_key(keyed={"inline": items(form), "blob": record({"count": U64, "content": content})})


# --- keys and signatures (envelope.md)

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
SMALL = {
    bytes.fromhex(it)
    for it in """
    0100000000000000000000000000000000000000000000000000000000000000
    ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f
    0000000000000000000000000000000000000000000000000000000000000000
    0000000000000000000000000000000000000000000000000000000000000080
    26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05
    26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85
    c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a
    c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa
    """.split()
}


def public_key(value):
    DIGEST(value)  # 64 lower-case digits as well
    key = bytes.fromhex(value)
    number = int.from_bytes(key, "little")
    y, sign = number & (2**255 - 1), number >> 255
    need(y < P, "not canonical")
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    need(square == 0 or pow(square, (P - 1) // 2, P) == 1, "not on the curve")
    need(not (square == 0 and sign), "not canonical")
    need(key not in SMALL, "of small order")


def key_id(key):
    described = '{"keytype":"ed25519","keyval":{"public":"%s"},"scheme":"ed25519"}' % key
    return hashlib.sha256(described.encode()).hexdigest()


def holds(key, message, signature):
    key = bytes.fromhex(key)
    if key in SMALL or signature[:32] in SMALL or int.from_bytes(signature[32:], "little") >= L:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
        return True
    except InvalidSignature:
        return False


# --- envelope (envelope.md)


def encoded(kind, payload):
    kind = kind.encode("utf-8")
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def any_base64(value):
    if "-" in value or "_" in value:
        need("+" not in value and "/" not in value, "mixed base64")
        value = value.replace("-", "+").replace("_", "/")
    return plain_base64(value)


ENVELOPE = record(
    {
        "payloadType": text,
        "payload": text,
        "signatures": items(record({"sig": text}, {"keyid": text}), low=1, high=16),
    }
)


def envelope(data):
    """Type, payload, message and signatures with their key ids."""
    need(len(data) <= 256 * 1024, "too large")
    value = strict(data)
    ENVELOPE(value)
    payload = any_base64(value["payload"])
    need(len(payload) <= 128 * 1024, "too large")
    signatures = [(any_base64(it["sig"]), it.get("keyid", "")) for it in value["signatures"]]
    need(all(len(sig) == 64 for sig, _ in signatures), "a signature has 64 bytes")
    return value["payloadType"], payload, encoded(value["payloadType"], payload), signatures


# --- root (root.md)

ROOT_TYPE = "application/vnd.countersign.root.v1+json"
PURPOSES = {
    "person": ["approve", "lift", "resolve", "undo", "withdraw_decision"],
    "device": ["acknowledge", "deny", "request_changes", "halt", "checkpoint"],
    "gate": ["propose", "receipt", "withdraw_proposal", "acknowledge", "halt"],
    "administrator": ["administer"],
}
ENTRY = record(
    {
        "key": public_key,
        "holder": tagged(
            person=({"name": label},),
            device=({"name": label, "person": label},),
            gate=({"gate": GATE},),
            administrator=({"name": label},),
        ),
        "purposes": items(word(*sum(PURPOSES.values(), []))),
        "valid_from": TIME,
    },
    {"roles": some(label), "valid_to": TIME, "revoked_at": TIME, "uid": U32},
)
ROOT = record({"version": U64, "created": TIME, "threshold": U8, "entries": items(ENTRY)})


def root_form(value):
    ROOT(value)
    entries = value["entries"]
    need(value["version"] >= 1, "version 0")
    administrators = [it for it in entries if it["holder"]["kind"] == "administrator"]
    need(1 <= value["threshold"] <= len(administrators), "the threshold")
    keys = [it["key"] for it in entries]
    need(len(set(keys)) == len(keys), "one key twice")
    for it in entries:
        possible = PURPOSES[it["holder"]["kind"]]
        need(it["purposes"] and all(purpose in possible for purpose in it["purposes"]), "purposes")
    gates = [it["holder"]["gate"] for it in entries if it["holder"]["kind"] == "gate"]
    need(len(set(gates)) == len(gates), "one gate twice")


def parsed(form, payload, code):
    try:
        value = strict(payload)
        form(value)
        return value
    except Bad as error:
        raise Refused(code) from error


def root_envelope(data):
    try:
        kind, payload, message, signatures = envelope(data)
        need(kind == ROOT_TYPE, "another type")
        return payload, message, signatures
    except Bad as error:
        raise Refused("ROOT_INVALID") from error


def meet_threshold(root, message, signatures):
    people = {
        it["holder"]["name"]
        for it in root["entries"]
        if it["holder"]["kind"] == "administrator"
        and "administer" in it["purposes"]
        and "revoked_at" not in it
        and any(holds(it["key"], message, sig) for sig, _ in signatures)
    }
    if len(people) < root["threshold"]:
        raise Refused("ROOT_THRESHOLD")


def pinned_root(data, pin):
    payload, message, signatures = root_envelope(data)
    if hashlib.sha256(payload).hexdigest() != pin:
        raise Refused("ROOT_INVALID")
    root = parsed(root_form, payload, "ROOT_INVALID")
    meet_threshold(root, message, signatures)
    return root


def next_root(root, data):
    payload, message, signatures = root_envelope(data)
    meet_threshold(root, message, signatures)
    newer = parsed(root_form, payload, "ROOT_INVALID")
    if newer["version"] <= root["version"]:
        raise Refused("ROOT_ROLLBACK")
    if newer["version"] != root["version"] + 1:
        raise Refused("ROOT_INVALID")
    meet_threshold(newer, message, signatures)
    return newer


# --- the formats (one page each)

AUTHENTICATED = one_key(["none"], {"uid": U32, "token": label})
AGENT = record(
    {"name": label, "session": label, "authenticated": AUTHENTICATED}, {"calls_itself": label, "model": label}
)
ASKED = record(
    {"text": content, "origin": one_key(["caller"], {"mandate": DIGEST, "transcript": os_text})},
    {"by": label, "at": TIME},
)
REQUIREMENT = record({"needs": items(record({"count": U8}, {"role": label}))})
FACT = tagged(
    absent=({"path": os_text},),
    file=({"path": os_text, "sha256": DIGEST}, {"mode": U32}),
    mode=({"path": os_text, "mode": U32},),
)
AUDIENCE = tagged(unknown=(), everyone=(), known=({"count": U64}, {"guests": U64, "external": U64, "bots": U64}))
REACH = record({"before": AUDIENCE, "after": AUDIENCE})
OBJECT = record({"id": os_text}, {"known_by": some(pair(label, os_text)), "sha256": DIGEST, "size": U64})
PRINCIPAL = record(
    {"kind": word("person", "group", "service", "anyone"), "name": label}, {"external": boolean}
)
GRANT = record({"principal": PRINCIPAL, "right": label})
RUN = (
    {
        "argv": items(os_text),
        "executable": record({"path": os_text, "sha256": DIGEST}),
        "cwd": os_text,
        "environment": one_key(["unbound"], {"complete": items(record({"name": os_text, "value": os_text}))}),
        "user": label,
        "host": label,
    },
    {
        "stdin": content,
        "script": record({"path": os_text, "content": content}, {"interpreter_argument": os_text}),
    },
)
CALL = ({"server": label, "tool": label, "arguments": content}, {"definition": DIGEST})
ACT = tagged(
    post=(
        {"place": label, "reach": REACH, "format": word("plain", "markdown", "html"), "body": content},
        {
            "name": label,
            "thread": label,
            "in_reply_to": label,
            "attachments": some(record({"name": label, "content": content})),
        },
    ),
    change=({"resource": os_text}, {"before": content, "after": content, "mode_before": U32, "mode_after": U32}),
    remove=({"what": label, "kept": boolean, "objects": listing(OBJECT)},),
    access=({"resource": os_text, "before": listing(GRANT), "after": listing(GRANT), "population": REACH},),
    run=RUN,
    call=CALL,
)
PRECONDITION = record({"assurance": word("held", "checked"), "fact": FACT})
ACTION = record(
    {
        "target": os_text,
        "environment": label,
        "reversibility": word("reversible", "effort", "irreversible", "unknown"),
        "act": ACT,
    },
    {"preconditions": some(PRECONDITION)},
)


def batch_tool(variant, arguments):
    """What all entries share, and their list."""
    required, optional = variant
    shared = {name: form for name, form in required.items() if name not in ("argv", "arguments")}
    return {**shared, "arguments": items(arguments, 1, 100)}, optional


BATCH = record(
    {
        "target": os_text,
        "environment": label,
        "reversibility": word("reversible", "effort", "irreversible", "unknown"),
        "tool": tagged(run=batch_tool(RUN, items(os_text, 1)), call=batch_tool(CALL, content)),
        "uses": U64,
        "until": TIME,
    },
    {"preconditions": some(PRECONDITION)},
)
PROPOSAL = record(
    {
        "id": ID,
        "gate": GATE,
        "epoch": RANDOM,
        "seq": U64,
        "nonce": RANDOM,
        "agent": AGENT,
        "created": TIME,
        "not_before": TIME,
        "expires": TIME,
        "effect": word("act", "release"),
        "requirement": REQUIREMENT,
        "rules": DIGEST,
    },
    {
        "asked": ASKED,
        "rationale": content,
        "supersedes": DIGEST,
        "acknowledge": some(label),
        "actions": items(ACTION, 1, 1000),
        "batch": BATCH,
    },
)


def contents(act):
    kind = act["kind"]
    if kind == "post":
        yield act["body"]
        yield from (it["content"] for it in act.get("attachments", []))
    elif kind == "change":
        yield from (act[name] for name in ("before", "after") if name in act)
    elif kind == "run":
        yield from (act[name] for name in ("stdin",) if name in act)
        yield from (act[name]["content"] for name in ("script",) if name in act)
    elif kind == "call":
        yield act["arguments"]
    else:
        lists = [act["objects"]] if kind == "remove" else [act["before"], act["after"]]
        yield from (it["blob"]["content"] for it in lists if "blob" in it)


def acts(proposal):
    """Acts whose contents travel with the proposal; what the entries of a batch share counts once."""
    if "actions" in proposal:
        return [it["act"] for it in proposal["actions"]]
    tool = proposal["batch"]["tool"]
    if tool["kind"] == "run":
        return [tool]
    return [{"kind": "call", "arguments": it} for it in tool["arguments"]]


def batch_form(batch, proposal):
    tool = batch["tool"]
    need(proposal["effect"] == "act", "a batch is acted on by the gate")
    need(1 <= batch["uses"] <= len(tool["arguments"]), "uses")
    need(proposal["not_before"] < batch["until"] <= proposal["expires"], "until")
    if tool["kind"] == "run":
        need(tool["environment"] != "unbound", "an unbound environment")
        size = sum(len(as_bytes(it)) for argv in tool["arguments"] for it in argv)
    else:
        size = sum(it["size"] for it in tool["arguments"] if "inline" in it)
    need(size <= 64 * 1024, "more than 64 KiB of arguments")


def as_bytes(value):
    return value.encode() if isinstance(value, str) else base64.b64decode(value["b64"])


def proposal_form(value):
    PROPOSAL(value)
    need(value["created"] <= value["not_before"] < value["expires"], "times")
    need(("actions" in value) != ("batch" in value), "actions or a batch")
    need(value["seq"] >= 1, "seq")
    needs = value["requirement"]["needs"]
    need(needs and all(it["count"] >= 1 for it in needs), "needs")
    sizes = [it["size"] for act in acts(value) for it in contents(act)]
    if "asked" in value:
        sizes.append(value["asked"]["text"]["size"])
    if "rationale" in value:
        sizes.append(value["rationale"]["size"])
    need(sum(sizes) <= MIB64, "contents of more than 64 MiB")
    if "batch" in value:
        batch_form(value["batch"], value)
    for action in value.get("actions", []):
        act, released = action["act"], value["effect"] == "release"
        held = any(it["assurance"] == "held" for it in action.get("preconditions", []))
        need(not (released and held), "a held precondition in a release")
        if act["kind"] == "run":
            need(act["argv"], "argv")
            need(released or act["environment"] != "unbound", "an unbound environment")
        if act["kind"] == "change":
            need("before" in act or "after" in act, "a change of nothing")
            need("before" in act or "mode_before" not in act, "a mode of nothing")
            modes = [act[name] for name in ("mode_before", "mode_after") if name in act]
            need(all(mode <= 4095 for mode in modes), "a mode")


DECISION = record(
    {
        "verdict": word("approve", "deny", "request_changes"),
        "reviewer": label,
        "gate": GATE,
        "epoch": RANDOM,
        "nonce": RANDOM,
        "not_before": TIME,
        "expires": TIME,
        "signed_at": TIME,
        "root_version": U64,
        "rules": DIGEST,
        "sheet": record({"sha256": DIGEST, "version": U32}),
        "sequence": U64,
    },
    {
        "comment": text,
        "acknowledged": some(record({"id": label}, {"reason": text})),
        "not_shown": U64,
        "together": some(DIGEST),
    },
)
WITHDRAWAL = record(
    {"gate": GATE, "by": one_key(["gate"], {"reviewer": label}), "at": TIME}, {"reason": text}
)
RESOLUTION = record(
    {"gate": GATE, "reviewer": label, "found": word("ran", "did_not_run"), "at": TIME}, {"comment": text}
)
CODES = """
    ENVELOPE_MALFORMED ROOT_INVALID ROOT_ROLLBACK ROOT_THRESHOLD SIGNATURE_INVALID KEY_UNKNOWN
    PAYLOAD_TYPE KEY_REVOKED KEY_EXPIRED STATEMENT_INVALID PREDICATE_TYPE KEY_PURPOSE ROOT_STALE
    DENIED WITHDRAWN SUPERSEDED HALTED HALT_STATE_STALE WRONG_GATE ACTION_MISMATCH AGENT_MISMATCH
    TOOL_CHANGED AMENDMENT_INVALID NOT_YET_VALID DECISION_EXPIRED LIFETIME_TOO_LONG CLOCK_ROLLBACK
    NONCE_UNKNOWN REPLAY LEDGER_INCONSISTENT REQUIREMENT BUDGET PRECONDITION STATE_UNAVAILABLE
""".split()
ENDED = {"started": TIME, "finished": TIME}
RESULTS = {"exit": I32, "results": some(pair(label, content))}
OUTCOME = tagged(
    done=(ENDED, RESULTS),
    failed=({**ENDED, "why": text}, RESULTS),
    refused=({"code": word(*CODES), "why": text},),
    released=({"at": TIME},),
    unknown=({"started": TIME},),
    not_attempted=(),
)
RECEIPT = record(
    {"gate": GATE, "epoch": RANDOM, "seq": U64, "id": ID, "at": TIME, "outcomes": items(OUTCOME)},
    {
        "decisions": some(DIGEST),
        "amendment": DIGEST,
        "use": record({"entry": U64, "number": U64}),
        "burned": TIME,
    },
)


def receipt_form(value):
    RECEIPT(value)
    if "use" in value:
        need(value["use"]["number"] >= 1 and "burned" in value and "amendment" not in value, "a use")
        need(len(value["outcomes"]) == 1, "one outcome")


ACKNOWLEDGEMENT = record(
    {"by": one_key(keyed={"gate": GATE, "device": label}), "epoch": RANDOM, "digests": items(DIGEST, high=1000)}
)
SCOPE = tagged(all=(), gate=({"gate": GATE},), agent=({"gate": GATE, "authenticated": AUTHENTICATED},))
HALT = record({"id": RANDOM, "scope": SCOPE, "at": TIME}, {"reason": text})
LIFT = record({"halt": DIGEST, "reviewer": label, "at": TIME}, {"reason": text})
AMENDMENT = record(
    {"original": DIGEST, "edits": items(record({"action": U64, "field": text, "content": content}))}
)


# --- statement (statement.md)

IN_TOTO = "application/vnd.in-toto+json"
SUBJECT = record({"digest": record({"sha256": DIGEST})})


def anything(value):
    pass


FRAME = record({"_type": text, "subject": items(SUBJECT), "predicateType": text, "predicate": anything})


def statement(kind, form):
    def read(payload):
        value = parsed(FRAME, payload, "STATEMENT_INVALID")
        if value["_type"] != "https://in-toto.io/Statement/v1" or len(value["subject"]) != 1:
            raise Refused("STATEMENT_INVALID")
        if value["predicateType"] != f"urn:countersign:{kind}:v1":
            raise Refused("PREDICATE_TYPE")
        try:
            form(value["predicate"])
        except Bad as error:
            raise Refused("STATEMENT_INVALID") from error
        return value["predicate"]

    return read


def plain(form):
    return lambda payload: parsed(form, payload, "STATEMENT_INVALID")


# --- checks 1 and 3 to 5 (checks.md)


def by_gate(value, holder):
    return holder["kind"] == "gate" and holder["gate"] == value["gate"]


def by_person(value, holder):
    return holder["kind"] == "person" and holder["name"] == value["reviewer"]


def by_person_or_device(value, holder):
    device = holder["kind"] == "device" and holder["person"] == value["reviewer"]
    return device or by_person(value, holder)


def withdrawn_by(value, holder):
    if value["by"] == "gate":
        return by_gate(value, holder)
    return by_person(value["by"], holder)


def acknowledged_by(value, holder):
    ((kind, name),) = value["by"].items()
    return holder["kind"] == kind and holder["gate" if kind == "gate" else "name"] == name


def halted_by(value, holder):
    return holder["kind"] == "device" or value["scope"] == {"kind": "gate", "gate": holder.get("gate")}


OURS = "application/vnd.countersign.%s.v1+json"
KINDS = {
    "proposal": (OURS % "proposal", plain(proposal_form), lambda it: "propose", by_gate),
    "decision": (IN_TOTO, statement("decision", DECISION), lambda it: it["verdict"], by_person_or_device),
    "withdrawal": (
        IN_TOTO,
        statement("withdrawal", WITHDRAWAL),
        lambda it: "withdraw_proposal" if it["by"] == "gate" else "withdraw_decision",
        withdrawn_by,
    ),
    "resolution": (IN_TOTO, statement("resolution", RESOLUTION), lambda it: "resolve", by_person),
    "receipt": (IN_TOTO, statement("receipt", receipt_form), lambda it: "receipt", by_gate),
    "acknowledgement": (OURS % "ack", plain(ACKNOWLEDGEMENT), lambda it: "acknowledge", acknowledged_by),
    "halt": (OURS % "halt", plain(HALT), lambda it: "halt", halted_by),
    "lift": (OURS % "lift", plain(LIFT), lambda it: "lift", by_person),
}


def signed(kind, data, root, now):
    """What was signed, the digest of its payload, and the signer's entry."""
    expected, read, purpose, fits = KINDS[kind]
    try:
        payload_type, payload, message, signatures = envelope(data)
        need(len(signatures) == 1, "exactly one signature")
    except Bad as error:
        raise Refused("ENVELOPE_MALFORMED") from error
    ((signature, named),) = signatures
    signers = [it for it in root["entries"] if holds(it["key"], message, signature)]
    if not signers:
        known = any(key_id(it["key"]) == named for it in root["entries"])
        raise Refused("SIGNATURE_INVALID" if known else "KEY_UNKNOWN")
    entry = signers[0]
    if payload_type != expected:
        raise Refused("PAYLOAD_TYPE")
    if entry.get("revoked_at", now + 1) <= now:
        raise Refused("KEY_REVOKED")
    if now < entry["valid_from"] or entry.get("valid_to", now + 1) <= now:
        raise Refused("KEY_EXPIRED")
    value = read(payload)
    if purpose(value) not in entry["purposes"]:
        raise Refused("KEY_PURPOSE")
    if not fits(value, entry["holder"]):
        raise Refused("STATEMENT_INVALID")
    return value, hashlib.sha256(payload).hexdigest(), entry


# --- checks 5 to 12 (checks.md), amendment.md


def amend(amendment, proposal):
    AMENDMENT(amendment)
    need(proposal["effect"] == "act", "what an agent does itself")
    need("actions" in proposal, "a batch is not amended")
    need(amendment["edits"], "no edits")
    amended = json.loads(json.dumps(proposal))
    seen = set()
    for edit in amendment["edits"]:
        at, field = edit["action"], edit["field"]
        need((at, field) not in seen, "one text twice")
        seen.add((at, field))
        need(at < len(amended["actions"]), "no such action")
        act = amended["actions"][at]["act"]
        need((act["kind"], field) in {("post", "body"), ("change", "after"), ("call", "arguments")}, "field")
        need(field in act, "no such text")
        act[field] = edit["content"]
    proposal_form(amended)


STANDING = {
    "denied": "DENIED",
    "withdrawn": "WITHDRAWN",
    "superseded": "SUPERSEDED",
    "halted": "HALTED",
    "changes-requested": "DENIED",
}


def refuse_if(condition, code):
    if condition:
        raise Refused(code)


def approval(case, root):
    now, highest = int(case["now"]), int(case["highest-clock"])
    decision, _, entry = signed("decision", b64(case["envelope"]), root, now)
    refuse_if(decision["root_version"] > root["version"], "ROOT_STALE")
    # 6, 7
    refuse_if(decision["verdict"] != "approve", "DENIED")
    refuse_if(case["standing"] != "open", STANDING.get(case["standing"]))
    refuse_if(decision["gate"] != case["gate"], "WRONG_GATE")
    # 8
    proposal = None
    if case["proposal"] != "none":
        proposal, digest, _ = signed("proposal", b64(case["proposal"]), root, now)
        refuse_if(case["recomputed"] != digest, "ACTION_MISMATCH")
        copied = ("nonce", "epoch", "not_before", "expires", "rules")
        refuse_if(any(decision[it] != proposal[it] for it in copied), "ACTION_MISMATCH")
        if case["asking"] != "none":
            asking = strict(case["asking"].encode())
            AGENT(asking)
            same = all(asking[it] == proposal["agent"][it] for it in ("authenticated", "session"))
            refuse_if(not same, "AGENT_MISMATCH")
        if case["amendment"] != "none":
            try:
                amend(strict(b64(case["amendment"])), proposal)
            except Bad as error:
                raise Refused("AMENDMENT_INVALID") from error
    # 9
    refuse_if(now + 5 < highest, "CLOCK_ROLLBACK")
    refuse_if(now < decision["not_before"], "NOT_YET_VALID")
    refuse_if(now >= decision["expires"], "DECISION_EXPIRED")
    refuse_if(proposal and "batch" in proposal and now >= proposal["batch"]["until"], "DECISION_EXPIRED")
    created = proposal["created"] if proposal else decision["not_before"]
    refuse_if(decision["expires"] - created > DAYS14, "LIFETIME_TOO_LONG")
    # 10, 11
    refuse_if(decision["epoch"] != case["epoch"] or proposal is None, "NONCE_UNKNOWN")
    refuse_if(case["nonce"] == "unknown", "NONCE_UNKNOWN")
    refuse_if(case["nonce"] == "burned", "REPLAY")
    refuse_if(case["ledger"] != "consistent", "LEDGER_INCONSISTENT")
    # 12
    acknowledged = [it["id"] for it in decision.get("acknowledged", [])]
    refuse_if(any(it not in acknowledged for it in proposal.get("acknowledge", [])), "REQUIREMENT")
    people = {decision["reviewer"]: entry.get("roles", [])}
    for it in case["approvers"].split():
        name, _, roles = it.partition("=")
        people.setdefault(name, roles.split(","))
    for it in proposal["requirement"]["needs"] + [{"count": 1}]:
        fitting = [name for name, roles in people.items() if "role" not in it or it["role"] in roles]
        if len(fitting) < it["count"]:
            return "waiting"
    return "ok"


# --- the files (vectors.md)


def b64(value):
    return base64.b64decode(value, validate=True)


def read_case(path):
    lines = path.read_text(encoding="utf-8").split("\n")
    return dict(line.split(": ", 1) for line in lines if line and not line.startswith("#"))


def ok_or_refused(form, value):
    try:
        form(value)
        return "ok"
    except Bad:
        return "refused"


def run(case):
    check = case["check"]
    if check == "json":
        return ok_or_refused(strict, b64(case["input"]))
    if check == "public-key":
        return ok_or_refused(public_key, case["input"])
    if check == "key-id":
        return key_id(case["input"])
    if check == "dsse":
        return encoded(case["type"], b64(case["input"])).hex()
    if check == "signature":
        return "ok" if holds(case["key"], b64(case["message"]), b64(case["signature"])) else "refused"
    try:
        root = pinned_root(b64(case["root"]), case["root-pin"])
        if check == "approval":
            return approval(case, root)
        if check == "root":
            if "next" in case:
                next_root(root, b64(case["next"]))
        else:
            signed(check, b64(case["envelope"]), root, int(case["now"]))
        return "ok"
    except Refused as refused:
        return str(refused)


# --- the examples in the pages

EXAMPLE = re.compile(r"From `tests/vectors/([a-z0-9-]+\.txt)`,([^:]*):\n\n```json\n(.*?)```", re.DOTALL)


def is_part(example, real):
    """Whether an example is what is there, perhaps with members of lists left out and texts cut at an ellipsis."""
    if type(example) is dict:
        same = type(real) is dict and example.keys() == real.keys()
        return same and all(is_part(it, real[name]) for name, it in example.items())
    if type(example) is list:
        return type(real) is list and all(any(is_part(it, other) for other in real) for it in example)
    if type(example) is str and example.endswith("…"):
        return type(real) is str and real.startswith(example[:-1])
    return example == real


def occurs(example, real):
    if is_part(example, real):
        return True
    inner = real.values() if type(real) is dict else real if type(real) is list else ()
    return any(occurs(example, it) for it in inner)


def examples(pages, vectors):
    for page in sorted(pages.glob("*.md")):
        for name, where, example in EXAMPLE.findall(page.read_text(encoding="utf-8")):
            case = read_case(vectors / name)
            field = next(it for it in re.findall(r"`([a-z-]+)`", where) if it in case)
            real = json.loads(b64(case[field]))
            if field != "amendment" and "payload of" in where or field == "proposal":
                real = json.loads(b64(real["payload"]))
            yield f"{page.name}: {name}", occurs(json.loads(example), real)


def main():
    house = pathlib.Path(__file__).resolve().parents[2]
    vectors, pages = house / "tests/vectors", house / "docs/formats"
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else vectors
    passed = failed = 0
    for path in sorted(folder.glob("*.txt")):
        case = read_case(path)
        got = run(case)
        if got == case["expect"]:
            passed += 1
        else:
            failed += 1
            print(f"{path.name}: expected {case['expect']}, got {got}")
    shown = list(examples(pages, vectors))
    for name, good in shown:
        if not good:
            failed += 1
            print(f"{name}: the example is not in the vector")
    print(f"{len(shown)} examples compared")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed or not shown else 0


if __name__ == "__main__":
    sys.exit(main())
