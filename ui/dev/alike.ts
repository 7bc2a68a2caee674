// Proposals that are alike: small changes of notes in one folder.

import type { Item } from "./fake";
import { c, doc, item, line, t, w } from "./samples";

export const alike = (count = 5): Item[] => Array.from({ length: count }, (_, n) => note(n, count - 1));

/** And one of their kind that has to be read alone. */
export const alikeAndOne = (count = 5): Item[] => [...alike(count), warned(note(count, 0))];

function note(n: number, like: number): Item {
  const path = `/srv/notes/2026-11-${String(n + 10)}.md`;
  const rows = [line(1, 1, "same", [t(`# Notes of day ${n + 10}`)]), line(2, null, "removed", [t("status: draft")]), line(null, 2, "added", [t("status: done")]), line(3, 3, "same", [t("Those who were there: Mara, Jo.")])];
  return item("change", "notes-agent", `Change |${path}|`, [doc(path, "diff", rows, { stats: { added: 1, removed: 1, unchanged: 2 }, facts: [[w("UTF-8")], [w("LF")]] })], {
    sheet: {
      headline: [
        [{ segments: [w("wants to change "), t(path), w(":")], tone: "plain" }],
        [{ segments: [w("1 line added, 1 removed; undoing it takes work")], tone: "plain" }],
      ],
      asked: null,
      would: [w("Change "), t(path)],
      compared: { kind: "not_asked" },
      hold: 1500,
      facts: [
        { label: "Volume", value: [w("1 file")], detail: [w("2 lines")], level: 1 },
        { label: "Reversibility", value: [w("Takes work")], detail: [], level: 2 },
      ],
    },
    opened: { like, expires: Math.floor(Date.now() / 1000) + 3600 + n * 60 },
  });
}

function warned(it: Item): Item {
  const row = it.rows[0]?.find((line) => line.kind === "line" && line.change === "added");
  if (row?.kind === "line") row.segments = [t("status: done"), { ...c("CR"), findings: [0] }, t("draft")];
  if (it.opened.sheet)
    it.opened.sheet.findings = [
      { id: `carriage-return:${"5c".repeat(32)}:12-13`, fix: null, masked: null, settles: false, severity: "warning", title: "A carriage return inside a line", why: "A terminal draws what follows over what stands before it.", place: [w("document 1, line 2")], at: { kind: "row", document: 0, row: 2 }, in_claim: false },
    ];
  return it;
}
