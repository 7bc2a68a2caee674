// Heads of documents as an agent can make them: higher than the window, and with more columns than it has room for.

import type { Finding } from "../src/lib/wire/Finding";
import type { Row } from "../src/lib/wire/Row";
import type { Segment } from "../src/lib/wire/Segment";
import type { Item } from "./fake";
import { doc, item, line, red, t, w } from "./samples";

const at = (segment: Segment, finding: number): Segment => ({ ...segment, findings: [finding] });
const finding = (name: string, title: string, document: number): Finding => ({
  id: `${name}:${"7f".repeat(32)}:10-13`, fix: null, masked: null, settles: false, severity: "blocking", title, why: "What a person reads is not what a program reads.",
  place: [w(`in the facts of document ${document + 1}`)], at: { kind: "head", document }, in_claim: false,
});
const rows = (count: number): Row[] => Array.from({ length: count }, (_, i) => line(null, i + 1, "added", [t(`line ${i + 1} of the file`)]));

/** As long a path as there can be, and something to acknowledge at the end of it; the second document has a long fact. */
export function towering(): Item {
  const path = `/srv/${"quarterly-reporting/".repeat(204)}a`;
  const docs = [
    doc("", "text", rows(60), { title: [t(path), at(red("RLO U+202E"), 0), t("txt.yaml")], stats: { added: 60, removed: 0, unchanged: 0 }, facts: [[w("UTF-8")]] }),
    doc("/srv/b.yaml", "text", rows(3), { stats: { added: 3, removed: 0, unchanged: 0 }, facts: [[w("to be read by "), t("somebody with a name that goes on. ".repeat(90)), at(red("ZWSP U+200B"), 1)], [w("LF")]] }),
  ];
  return item("several", "code-writer", "Change |a file with a very long name|", docs, {
    sheet: {
      headline: [[{ segments: [w("wants to change "), t("a file with a very long name"), w(":")], tone: "plain" }], [{ segments: [w("63 lines added; it can be undone")], tone: "plain" }]],
      would: [w("Change two files")], compared: { kind: "not_compared" }, claim: [], hold: 800,
      findings: [finding("bidi-control", "Text direction overridden", 0), finding("invisible-character", "Invisible character (U+200B)", 1)],
    },
  });
}

/** A removal in eight columns, whose last label is not what it seems. */
export function labelled(count = 40): Item {
  const names = ["From", "Subject", "List", "Folder", "Received at the gate", "Importance", "Attachments"];
  const cells = (i: number) => [`list-${i}@news`, `March ${i}`, "weekly", "Inbox", `2026-03-${String((i % 28) + 1).padStart(2, "0")}`, "low", "none", `m${i}`];
  const object = (i: number): Row => ({ kind: "object", columns: cells(i).map((it) => [t(it)]), size: [w(`${900 + i} bytes`)], sha256: [], continued: false });
  const head = doc("", "removal", Array.from({ length: count }, (_, i) => object(i)), {
    title: [w("What would be removed")], stats: { added: 0, removed: count, unchanged: 0 }, facts: [[w(`${count} mails, all of them listed`)], [w("no copy is kept")]],
    columns: [...names.map((it) => [t(it)]), [t("k"), at(red("ZWSP U+200B"), 0), t("eep")]],
  });
  return item("remove", "mail-tidy", `Delete |${count} mails|`, [head], {
    sheet: {
      headline: [[{ segments: [w("wants to delete "), t(`${count} mails`), w(":")], tone: "plain" }], [{ segments: [w("they cannot be brought back")], tone: "red" }]],
      would: [w(`Delete ${count} mails`)], claim: [], findings: [finding("invisible-character", "Invisible character (U+200B)", 0)],
    },
  });
}
