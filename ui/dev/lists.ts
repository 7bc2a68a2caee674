// Commands taken apart, rights in effect, removals in groups: as Rust makes the rows.

import type { Row } from "../src/lib/wire/Row";
import type { Segment } from "../src/lib/wire/Segment";
import type { Item } from "./fake";
import { access, command, file, grey, red, removal, t, w } from "./samples";

const field = (label: string, ...segments: Segment[]): Row => ({ kind: "field", label: [w(label)], segments, continued: false });
const more = (...segments: Segment[]): Row => ({ kind: "field", label: [], segments, continued: true });
const argument = (index: number, text: string): Row => ({ kind: "argument", index, segments: [t(text)], continued: false });
const heading = (text: string, detail: string, name: Segment[] = []): Row => ({ kind: "heading", text, name, detail });
const note = (...segments: Segment[]): Row => ({ kind: "note", segments, tone: "amber", continued: false });

/** The item with other rows in its first document. */
function instead(it: Item, rows: Row[], folds: { from: number; to: number }[] = []): Item {
  it.rows[0] = rows;
  const sheet = it.opened.sheet;
  const head = sheet?.documents[0];
  if (sheet && head) {
    sheet.rows += rows.length - head.rows;
    head.rows = rows.length;
    head.folds = folds;
  }
  return it;
}

export function commandLine(): Item {
  const it = command();
  const found: Segment = { ...t("sudo sh"), findings: [0] };
  const rows = [
    heading("Program", ""),
    field("program", t("/usr/bin/env")),
    heading("As a shell would take it", "quoted so that it gives exactly the arguments below"),
    field("line", t("env A=1 bash -lc 'curl -fsSL \"$URL\" 2>/dev/null | sudo sh && rm -rf /tmp/$X/*;")),
    more(t(" case $1 in b) reboot;; esac'")),
    heading("Arguments", "4 arguments; number 0 is the name that the program sees"),
    argument(0, "env"),
    argument(1, "A=1"),
    argument(2, "bash"),
    argument(3, "-lc"),
    argument(4, 'curl -fsSL "$URL" 2>/dev/null | sudo sh && rm -rf /tmp/$X/*; case $1 in b) reboot;; esac'),
    heading("Argument 4 is a command line", "for the shell that is named before it"),
    field("command", t('curl -fsSL "$URL" 2>/dev/null')),
    field("  variable", t("$URL")),
    field("  redirect", t("2>/dev/null"), w("  writes over it")),
    field("separator", t("|"), w("  what it prints goes to")),
    field("command", found),
    field("separator", t("&&"), w("  then, if that succeeded")),
    field("command", t("ssh -p 22 root@web-02 'cat <<E >> /etc/motd; systemctl restart nginx'")),
    field("  command line", t("cat /etc/hosts | tee "), red("ZWSP U+200B"), w("  for the shell of the other machine")),
    field("    command", t("cat /etc/hosts")),
    field("    separator", t("|"), w("  what it prints goes to")),
    field("    command", t("rm -rf /tmp/$X/*")),
    field("      variable", t("$X")),
    field("      pattern", t("/tmp/$X/*")),
    field("separator", t(";"), w("  then")),
    note(w("Not taken apart: a choice by patterns, a function or a test of bash stands here. "), t("case $1 in b) reboot;; esac")),
    heading("Where", ""),
    field("working directory", t("/home/mara")),
    note(w("Other files that this program reads are not bound by your signature.")),
    note(w("Nor are the programs that its command lines start: which they are is settled when they run.")),
  ];
  const made = instead(it, rows);
  const at = rows.findIndex((row) => row.kind === "field" && row.segments[0] === found);
  made.opened.sheet?.findings.push({
    id: `pipe-to-shell:${"7f".repeat(32)}:0-40`, fix: null, masked: null, settles: false, severity: "warning", title: "It runs what is piped to it",
    why: "What would run is known only when it runs. It is not shown here, and not bound by your signature.",
    place: [w(`document 1, row ${at + 1}`)], at: { kind: "row", document: 0, row: at }, in_claim: false,
  });
  return made;
}

export function effective(): Item {
  const grant = (change: "gained" | "lost" | "kept", principal: "anyone" | "person" | "group" | "service", name: string, before: string, after: string, tag: "anyone" | "external" | null = null): Row => ({
    kind: "grant", change, principal, name: [t(name)], tag: tag ? { text: tag, tone: tag === "anyone" ? "red" : "amber" } : null,
    before: before === "" ? [] : [t(before)], after: after === "" ? [] : [t(after)], continued: false,
  });
  const rows = [
    heading("Gained", "3 rights, anyone and external first"),
    note(t("whoever has the link"), w(": everyone could read it")),
    note(w("A group gains, and with it everyone in it. Who that is, is not known here.")),
    grant("gained", "anyone", "whoever has the link", "", "Viewer", "anyone"),
    grant("gained", "person", "j.ortega@northwind-audit.example", "Viewer", "Editor", "external"),
    grant("gained", "group", "finance-all", "", "deploy-keys:rotate"),
    heading("Lost", "2 rights"),
    grant("lost", "person", "Ines Falk", "Editor", "Viewer"),
    grant("lost", "service", "nightly-export", "Editor", ""),
    heading("No more and no less in effect", "1 right, the same holder has one that is as strong"),
    grant("kept", "person", "Mara Lindt", "", "Viewer"),
    heading("Unchanged", "3 rights"),
    ...["Mara Lindt", "Tomas Okafor", "finance-leads"].map((name) => grant("kept", "person", name, "Owner", "Owner")),
  ];
  const it = instead(access(), rows, [{ from: 12, to: 15 }]);
  it.opened.sheet?.documents[0]?.facts.push([w("now 14 people, then anyone")]);
  return it;
}

/** Files, each with its exact size and its whole digest. */
export function files(count = 50_000): Item {
  const name = (i: number) => (i === 2 ? `reports/2026/${"a-name-that-is-longer-than-its-column-".repeat(2)}.csv` : `reports/2026/${String(i + 1).padStart(5, "0")}.csv`);
  const rows = Array.from({ length: count }, (_, i) => file(name(i), i === 1 ? 18_446_744_073 : 1_204 + i * 137)).flat();
  const made = instead(removal(3), rows);
  const head = made.opened.sheet?.documents[0];
  if (head) {
    head.stats = { added: 0, removed: count, unchanged: 0 };
    head.columns = [[w("name")], [t("modified")]];
    head.facts = [[w(`${count.toLocaleString("en-US")} files, all of them listed`)], [w("in "), t("/srv/archive/")], [w("no copy is kept")]];
  }
  return made;
}

/** Names that go on, one of them with what looks like a digest; and a request and a claim that go on beyond what is here. */
export function goingOn(): Item {
  const digest = `SHA-256 ${"2d".repeat(32)}`;
  const object = (name: string, sha256 = "", continued = false): Row => ({ kind: "object", columns: [name === "" ? [] : [t(name)]], size: [], sha256: sha256 === "" ? [] : [w(sha256)], continued });
  const it = instead(removal(3), [object("a".repeat(88)), object(digest, "", true), object("a".repeat(88)), object("", digest, true)]);
  const { sheet } = it.opened;
  const said = [[t("ok "), grey("SP x32765")], [w("30,235 bytes more, not shown")]];
  if (sheet?.asked) Object.assign(sheet.asked, { text: said });
  if (sheet) sheet.claim = said;
  if (sheet?.documents[0]) Object.assign(sheet.documents[0], { stats: { added: 0, removed: 2, unchanged: 0 }, columns: [[w("name")]] });
  return it;
}

/** Everything grouped: what the request names, then the largest. */
export function grouped(count = 50_000): Item {
  const it = removal(3);
  const number = (n: number) => n.toLocaleString("en-US");
  const object = (from: string, i: number): Row => ({
    kind: "object", columns: [[t(from)], [t(`Re: ${i + 1}, March`)], [t(`m${i}`)]], size: [w(`${number(900 + i)} bytes`)], sha256: [], continued: false,
  });
  const senders = Array.from({ length: 400 }, (_, i) => (i === 7 ? "a sender with a name that is very much longer than a colu and 41 bytes more" : `list-${i}@news.example`));
  const rows: Row[] = [heading("Named in the request", `12 of ${number(count)}`)];
  for (let i = 0; i < 12; i += 1) rows.push(object("Weekly newsletter", i));
  const each = Math.floor((count - 12) / senders.length);
  for (const [at, sender] of senders.entries()) {
    const here = at === 0 ? count - 12 - each * (senders.length - 1) : each;
    rows.push(heading("", `${number(here)} of ${number(count)}`, [t("From"), w(": "), t(sender)]));
    for (let i = 0; i < here; i += 1) rows.push(object(sender.slice(0, 22), i));
  }
  const made = instead(it, rows);
  const head = made.opened.sheet?.documents[0];
  if (head) {
    head.stats = { added: 0, removed: count, unchanged: 0 };
    head.columns = [[t("From")], [t("Subject")], [w("id")]];
    head.facts = [[w(`${number(count)} mails, all of them listed`)], [w("no copy is kept")]];
  }
  return made;
}
