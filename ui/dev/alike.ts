// Proposals that are alike: small changes of notes in one folder.

import type { Item } from "./fake";
import { doc, item, line, t, w } from "./samples";

export const alike = (count = 5): Item[] =>
  Array.from({ length: count }, (_, n) => {
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
      opened: { like: count - 1, expires: Math.floor(Date.now() / 1000) + 3600 + n * 60 },
    });
  });
