// A batch: one program, the lists of arguments that it may get, and how many of them.

import type { Row } from "../src/lib/wire/Row";
import type { Item } from "./fake";
import { command, doc, now, receipt, t, w } from "./samples";

const sites = ["web-01", "web-02", "wеb-03 of june", "staging", "archive"];

/** One signature for five runs; `used` of them were. */
export function batch(used = 0): Item {
  const it = command();
  const field = (label: string, says: string): Row => ({ kind: "field", label: [w(label)], segments: [w(says)], continued: false });
  const entry = (site: string, at: number): Row[] => [
    { kind: "heading", text: `Entry ${at + 1} of ${sites.length}`, name: [], detail: "2 arguments; number 0 is the name that the program sees" },
    ...["rsync", "-a", `${site}:/srv/www`].map((text, index): Row => ({ kind: "argument", index, segments: [at === 2 && index === 2 ? { ...t(text), findings: [0] } : t(text)], continued: false })),
  ];
  const until = new Date((now() + 5 * 3600) * 1000).toISOString();
  const documents = [
    doc("How much of the list may happen", "argv", [
      field("uses", "5 entries, each at most once"),
      field("until", until),
      field("when", "whenever the agent comes for it, in any order; you are not asked again"),
    ]),
    doc("What may run", "argv", [
      { kind: "heading", text: "Program", name: [], detail: "" },
      { kind: "field", label: [w("program")], segments: [t("/usr/bin/rsync")], continued: false },
      ...sites.flatMap(entry),
      { kind: "heading", text: "Environment", name: [], detail: "1 variable, and no others" },
      { kind: "field", label: [t("PATH")], segments: [t("/usr/bin:/bin")], continued: false },
    ]),
  ];
  it.action = `Run |/usr/bin/rsync| up to ${sites.length} times`;
  it.rows = documents.map((document) => document.rows);
  const { sheet } = it.opened;
  if (sheet) {
    const clause = [t("/usr/bin/rsync"), w(` up to ${sites.length} times, each with another of these ${sites.length} lists of arguments`)];
    sheet.documents = documents.map((document) => document.head);
    sheet.rows = it.rows.flat().length;
    sheet.headline[0] = [{ segments: [w("wants to run "), ...clause, w(":")], tone: "plain" }];
    sheet.note = null;
    sheet.would = [w("Run "), ...clause];
    sheet.findings = [{
      id: `confusable:${"3e".repeat(32)}:0-6`, fix: null, masked: null, settles: false, severity: "warning", title: "A word with letters of two alphabets", why: "Some of its letters only look like those of the others.",
      place: [w("document 2, entry 3 of 5, argument 2")], at: { kind: "row", document: 1, row: 13 }, in_claim: false,
    }];
    sheet.facts[1] = { label: "Volume", value: [w(`Up to ${sites.length} programs`)], detail: [w(`of ${sites.length} listed`)], level: 2 };
  }
  if (used > 0) {
    const at = now() - 90;
    it.section = "delivering";
    it.opened.state = { kind: "used", at, used, most: sites.length, over: false, wrong: 0, elsewhere: 0 };
    it.opened.decision = { verdict: "approve", by: "Mara Lindt", at: at - 600, comment: null, digest: "b5".repeat(32), amended: false };
    it.opened.uses = sites.slice(0, used).map((site, number) => {
      const one = receipt("done", "exit status 0");
      const action = [w(`Entry ${number + 1} of ${sites.length}: `), t("rsync"), w(" · "), t("-a"), w(" · "), t(`${site}:/srv/www`)];
      const outcomes = one.outcomes.map((outcome) => ({ ...outcome, action }));
      return { ...one, digest: `${number}c`.repeat(32), outcomes };
    });
  }
  return it;
}
