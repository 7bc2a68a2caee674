// Items of which something was seen before: a version that was replaced, and one like it that was denied.

import type { DocumentHead } from "../src/lib/wire/DocumentHead";
import type { Row } from "../src/lib/wire/Row";
import type { Segment } from "../src/lib/wire/Segment";
import type { Item } from "./fake";
import { c, now, post, red, t, w } from "./samples";

type Doc = { head: DocumentHead; rows: Row[] };
const doc = (title: Segment[], view: DocumentHead["view"], rows: Row[], more: Partial<DocumentHead> = {}): Doc => ({
  head: { title, view, also: null, facts: [[w("the earlier version and this one")]], stats: { added: 0, removed: 0, unchanged: 0 }, columns: [], rows: rows.length, folds: [], ...more },
  rows,
});
const line = (before: number | null, after: number | null, change: "same" | "added" | "removed", segments: Segment[]): Row => ({ kind: "line", before, after, change, segments, continued: false });
const entry = (change: "added" | "removed" | "changed", path: Segment[], before: Segment[], after: Segment[]): Row => ({ kind: "entry", change, path, before, after, continued: false });

const differs = (): Doc[] => [
  doc([w("What changed in "), w("the text")], "diff", [
    line(1, 1, "same", [t("Re: ingest service cannot read the payroll exports")]),
    line(2, 2, "same", [t("")]),
    line(3, null, "removed", [t("It has no read role on the bucket. The owner "), c("has to add it"), t(".")]),
    line(null, 3, "added", [t("It has no read role on the bucket. "), c("You can add it"), t(".")]),
    ...Array.from({ length: 30 }, (_, i) => line(4 + i, 4 + i, "same", [t(`step ${i + 1} stays as it was`)])),
    line(34, null, "removed", [t("3. Follow the guide of the storage team")]),
    line(null, 34, "added", [t("3. Follow the guide at cdn."), red("RLO U+202E"), t("moc.elpmaxe")]),
  ], { stats: { added: 2, removed: 2, unchanged: 32 }, folds: [{ from: 7, to: 31 }] }),
  doc([w("What differs")], "table", [
    entry("changed", [w("place")], [t("#infra-help-internal")], [t("#infra-help")]),
    entry("changed", [w("readers then")], [w("41 people")], [w("4,312 people, 31 external")]),
    entry("added", [w("attachment "), t("guide.pdf")], [], [w("sent as "), t("application/pdf")]),
    { kind: "note", tone: "plain", continued: false, segments: [w("The same: kind of action, target, environment, reversibility.")] },
  ]),
];

const put = (it: Item, digest: string, docs: Doc[]) => {
  it.beside = { ...it.beside, [digest]: docs.map((one) => one.rows) };
  return { digest, documents: docs.map((one) => one.head) };
};

/** Version 2 of a post, of which the first was read. */
export function replaced(): Item {
  const it = post();
  const older = "a1".repeat(32);
  it.kept = 4;
  it.opened.supersedes = older;
  it.opened.earlier = { digest: older, at: now() - 900, difference: put(it, "d1".repeat(32), differs()) };
  return it;
}

/** A post like one that was denied the day before. */
export function deniedBefore(): Item {
  const it = post();
  it.opened.denied = {
    digest: "b2".repeat(32), by: "Mara Lindt", at: now() - 26 * 3600,
    comment: [[t("It tells people to sign in with a token that is not theirs.")], [t("Ask the owner of the bucket.")]],
    difference: put(it, "d2".repeat(32), differs()),
  };
  return it;
}
