// What Rust makes of proposals that are alike, as far as the page can see it.

import type { Ipc } from "../src/lib/ipc";
import type { Member } from "../src/lib/wire/Member";
import type { Opened } from "../src/lib/wire/Opened";
import type { Row } from "../src/lib/wire/Row";
import type { Segment } from "../src/lib/wire/Segment";
import type { Item } from "./fake";

const w = (text: string): Segment => ({ text, kind: "words", rtl: false });
const field = (label: string, segments: Segment[]): Row => ({ kind: "field", label: [w(label)], continued: false, segments });

export class Grouping {
  #made = new Map<string, { item: Item; members: Item[] }>();

  /** What waits; an item says by a `like` above 0 that it may be together with others. */
  constructor(readonly waiting: () => Item[]) {}

  item = (digest: string): Item | undefined => this.#made.get(digest)?.item;
  members = (digest: string): Item[] => this.#made.get(digest)?.members ?? [];
  rows = (sheet: string): Row[][] | undefined => this.#made.get(sheet)?.item.rows;

  ipc: Pick<Ipc, "together"> = {
    together: async (digest, leftOut) => {
      const waiting = this.waiting();
      const all = waiting.filter((it) => it.opened.like > 0);
      const members = all.filter((it) => !leftOut.includes(it.opened.digest));
      const [first] = members;
      if (!all.some((it) => it.opened.digest === digest) || !first || members.length < 2) return null;
      const item = whole(members, all.filter((it) => leftOut.includes(it.opened.digest)), first);
      if (item.opened.together) item.opened.together.apart = waiting.filter((it) => it.agent === first.agent && it.opened.like === 0).length;
      this.#made.set(item.opened.digest, { item, members });
      return structuredClone(item.opened);
    },
  };
}

function whole(members: Item[], out: Item[], first: Item): Item {
  const rows: Row[][] = [];
  const documents: NonNullable<Opened["sheet"]>["documents"] = [];
  const member = (it: Item, document: number): Member => ({ digest: it.opened.digest, short: it.opened.short, would: it.opened.sheet?.would ?? [], expires: it.opened.expires ?? 0, document });
  const shown = members.map((it) => {
    const at = documents.length;
    const sheet = it.opened.sheet;
    const head = [field("Then", sheet?.headline[1]?.flatMap((span) => span.segments) ?? []), field("Asked", [w("nobody asked for this, as far as is known")]), ...(sheet?.facts ?? []).map((fact) => field(fact.label, fact.value))];
    documents.push({ title: sheet?.would ?? [], view: "argv", also: null, facts: [], stats: { added: 0, removed: 0, unchanged: 0 }, columns: [], rows: head.length, folds: [] }, ...(sheet?.documents ?? []));
    rows.push(head, ...it.rows);
    return member(it, at);
  });
  const opened = structuredClone(first.opened);
  // Another list, another digest.
  const digest = hash(members.map((it) => it.opened.sheet?.digest ?? "").join());
  opened.digest = digest;
  opened.editable = { kind: "nothing" };
  opened.like = 0;
  opened.together = { members: shown, left_out: out.map((it) => member(it, 0)), apart: 0 };
  if (opened.sheet) {
    const line = (text: string) => [{ segments: [w(text)], tone: "plain" as const }];
    Object.assign(opened.sheet, { digest, documents, asked: null, claim: [], facts: [], findings: [], calls_itself: null, note: null });
    opened.sheet.headline = [line(`made ${members.length} proposals of one kind in one place:`), line("each is decided and acts on its own, once")];
    opened.sheet.rows = rows.reduce((sum, it) => sum + it.length, 0);
  }
  return { opened, rows, agent: first.agent, action: first.action, section: "waiting" };
}

function hash(text: string): string {
  let n = 7;
  for (const c of text) n = (n * 31 + c.charCodeAt(0)) % 4294967291;
  return n.toString(16).padStart(8, "0").repeat(8);
}
