// A change in which something was found: two that block, a warning, a note.

import type { Finding } from "../src/lib/wire/Finding";
import type { Row } from "../src/lib/wire/Row";
import type { Segment } from "../src/lib/wire/Segment";
import type { Syntax } from "../src/lib/wire/Syntax";
import type { Item } from "./fake";
import { c, item, red, t, w } from "./samples";

const at = (segment: Segment, ...findings: number[]): Segment => ({ ...segment, findings });
const line = (before: number | null, after: number | null, change: "same" | "added" | "removed", segments: Segment[]): Row => ({ kind: "line", before, after, change, continued: false, segments });
const s = (text: string, syntax: Syntax): Segment => ({ ...t(text), syntax });
const finding = (name: string, severity: Finding["severity"], title: string, why: string, place: string, row: number | null): Finding => ({
  id: `${name}:${"7f".repeat(32)}:10-13`, fix: null, masked: null, settles: true, severity, title, why, place: [w(place)], at: row === null ? { kind: "head", document: 0 } : { kind: "row", document: 0, row }, in_claim: false,
});

/** `lines` unchanged ones lie between what was found. */
export function found(lines = 12): Item {
  const same = (from: number) => Array.from({ length: lines }, (_, i): Row => line(from + i, from + i, "same", [t("    check("), s(`${from + i}`, "literal"), t(");"), ...(i % 4 === 2 ? [t(" "), s("// of the list", "comment")] : [])]));
  const rows: Row[] = [
    line(1, 1, "same", [s("fn", "keyword"), t(" may_read(user: &User) -> bool {")]),
    line(2, null, "removed", [t("    "), s("if", "keyword"), t(" user.is_admin("), s("\"root\"", "string"), t(", "), s("1", "literal"), t(") { "), s("// of the house", "comment")]),
    line(null, 2, "added", [t("    "), s("if", "keyword"), t(" user."), c("is_guest"), t("() "), at(t("{ /*"), 0), at(red("RLO U+202E"), 0), at(t(" "), 0), at(red("LRI U+2066"), 0), at(t("only for admins */"), 0)]),
    ...same(3),
    line(null, 3 + lines, "added", [t("    "), s("let", "keyword"), t(" "), at(t("аdmin"), 2), t(" = lookup(user, "), s("\"root\"", "string"), t(", "), s("1", "literal"), t("); "), s("// of the house", "comment")]),
    ...same(4 + lines),
    line(null, 4 + 2 * lines, "added", [t("    log(\"al"), at(red("ZWSP U+200B"), 1), t("lowed\");")]),
    line(4 + 2 * lines, 5 + 2 * lines, "same", [t("}")]),
  ];
  const findings = [
    finding("bidi-control", "blocking", "Text direction overridden", "What a person reads is in another order than what a program reads.", "document 1, line 2", 2),
    finding("invisible-character", "blocking", "Invisible character (U+200B)", "The word is another one to a program than it is to a reader.", `document 1, line ${4 + 2 * lines}`, rows.length - 2),
    finding("mixed-scripts", "warning", "A word with letters of two alphabets", "Some of its letters only look like those of the others.", `document 1, line ${3 + lines}`, 3 + lines),
    finding("final-newline", "note", "The final newline would be lost", "Some programs do not read a last line that has no end.", "in the facts of document 1", null),
  ];
  const head = { title: [t("/srv/gateway/src/access.rs")], view: "diff" as const, also: null, facts: [[w("UTF-8")], [w("LF")], [at(w("final newline to no final newline"), 3)]], stats: { added: 3, removed: 1, unchanged: 2 + 2 * lines }, columns: [], rows: rows.length, folds: [] };
  return item("change", "code-writer", "Change |/srv/gateway/src/access.rs|", [{ head, rows }], {
    sheet: {
      headline: [[{ segments: [w("wants to change "), t("/srv/gateway/src/access.rs"), w(":")], tone: "plain" }], [{ segments: [w("3 lines added, 1 removed; it can be undone")], tone: "plain" }]],
      would: [w("Change "), t("/srv/gateway/src/access.rs")], compared: { kind: "not_compared" }, claim: [], hold: 800, findings,
    },
  });
}

/** A plain change whose claim hides something at its very end. */
export function claimed(lines = 60): Item {
  const it = found(2);
  const { sheet } = it.opened;
  it.rows = it.rows.map((rows) => rows.map((row) => (row.kind === "line" ? { ...row, segments: row.segments.map((piece) => ({ ...piece, findings: [] })) } : row)));
  if (!sheet) return it;
  const last = [t("and nobody "), at(red("RLO U+202E"), 0), at(t("else"), 0)];
  sheet.claim = Array.from({ length: lines }, (_, i) => (i === lines - 1 ? last : [t(`Reason ${i + 1}: guests may read what they are sent.`)]));
  sheet.findings = sheet.findings.slice(0, 1).map((first) => ({ ...first, place: [w("in the agent's claim")], at: null, in_claim: true }));
  sheet.documents = sheet.documents.map((head) => ({ ...head, facts: head.facts.slice(0, 2) }));
  return it;
}

/** A new file with two secrets, one of them twice, and a host of one's own. */
export function secret(): Item {
  const masked = (says: string, finding: number): Segment => at({ text: says, kind: "mask", rtl: false }, finding);
  const rows: Row[] = [
    line(null, 1, "added", [s("# How the nightly job signs in", "comment")]),
    line(null, 2, "added", [t("host = "), at(t("db-07.corp.internal"), 2)]),
    line(null, 3, "added", [t("token = "), masked("\u2022\u2022 26 characters, 3f9a \u2022\u2022\u2022", 0)]),
    line(null, 4, "added", [t("password = "), masked("\u2022 14, 07c1 \u2022\u2022\u2022", 1)]),
    line(null, 5, "added", [t("retries = 3")]),
  ];
  const findings: Finding[] = [
    { ...finding("gitlab-token", "blocking", "GitLab token", "Whoever reads it acts in its name.", "document 1, line 3", 2), masked: "GitLab token, 26 characters, mark 3f9a", fix: "Replace it by a placeholder and send it back." },
    { ...finding("password-value", "blocking", "Password", "Whoever reads it can sign in with it.", "document 1, line 4", 3), masked: "Password, 14 characters, mark 07c1", fix: "Replace it by a placeholder and send it back." },
    finding("internal-host", "note", "Host of a network of your own", "It tells others how your network is built.", "document 1, line 2", 1),
  ];
  const head = { title: [t("/srv/nightly/job.conf")], view: "diff" as const, also: null, facts: [[w("new")], [w("UTF-8")], [w("LF")]], stats: { added: 5, removed: 0, unchanged: 0 }, columns: [], rows: rows.length, folds: [] };
  return {
    ...item("change", "code-writer", "Create |/srv/nightly/job.conf|", [{ head, rows }], {
      sheet: {
        headline: [[{ segments: [w("wants to create "), t("/srv/nightly/job.conf"), w(":")], tone: "plain" }], [{ segments: [w("5 lines; it can be undone")], tone: "plain" }]],
        would: [w("Create "), t("/srv/nightly/job.conf")], compared: { kind: "not_compared" }, claim: [], hold: 800, findings,
      },
    }),
    behind: { 0: "glpat-EXAMPLE-not-a-key-000", 1: "correct horse!" },
  };
}
