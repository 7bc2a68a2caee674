// What Rust does with a text that a person writes anew, as far as the page can see it.

import type { Ipc } from "../src/lib/ipc";
import type { NewText } from "../src/lib/wire/NewText";
import type { Row } from "../src/lib/wire/Row";
import type { Segment } from "../src/lib/wire/Segment";
import type { TextShown } from "../src/lib/wire/TextShown";
import { error, type Item } from "./fake";

const t = (text: string): Segment => ({ text, kind: "text", rtl: false });
const w = (text: string): Segment => ({ text, kind: "words", rtl: false });

export class Editing {
  /** What was sent, one after the other. */
  sent: NewText[][] = [];
  /** Texts by item; where there are none, the item has one. */
  texts = new Map<string, TextShown[]>();
  #agents = new Map<string, Item>();

  constructor(readonly item: (digest: string) => Item) {}

  #texts(digest: string): TextShown[] {
    const known = this.texts.get(digest);
    if (known) return known;
    const one: TextShown = { action: 0, field: "body", target: [t("/srv/forum/answer.md")], agent: "first\nsecond\n", text: "first\nsecond\n", off: null };
    this.texts.set(digest, [one]);
    return [one];
  }

  ipc: Pick<Ipc, "texts" | "edit"> = {
    texts: async (digest) => structuredClone(this.#texts(digest)),
    edit: async (digest, texts) => {
      const item = this.item(digest);
      if (texts.some((it) => it.text.includes("\u0000"))) throw error("bad_input", "It has a control character.", "Nothing was changed or signed.");
      this.sent.push(texts);
      const agents = this.#agents.get(digest) ?? structuredClone(item);
      this.#agents.set(digest, agents);
      for (const it of this.#texts(digest)) it.text = texts.find((mine) => mine.action === it.action && mine.field === it.field)?.text ?? it.agent;
      const changed = this.#texts(digest).filter((it) => it.text !== it.agent);
      const { opened, rows } = structuredClone(agents);
      if (changed.length > 0 && opened.sheet) {
        const made = changed.map(({ agent, text }) => lines(agent, text));
        opened.amended = "ab".repeat(32);
        opened.sheet.digest = hash(JSON.stringify(changed));
        opened.sheet.documents.unshift(
          ...made.map((rows) => ({ title: [w("What you changed")], view: "diff" as const, also: null, facts: [[w("the agent's version and yours")]], stats: { added: 1, removed: 1, unchanged: 1 }, columns: [], rows: rows.length, folds: [] })),
        );
        rows.unshift(...made);
        opened.sheet.rows += made.reduce((sum, it) => sum + it.length, 0);
      }
      Object.assign(item, { opened, rows });
      return structuredClone(opened);
    },
  };
}

function lines(before: string, after: string): Row[] {
  const row = (change: "removed" | "added") => (text: string, i: number): Row => ({ kind: "line", before: change === "removed" ? i + 1 : null, after: change === "added" ? i + 1 : null, change, continued: false, segments: [t(text)] });
  return [...before.split("\n").slice(0, -1).map(row("removed")), ...after.split("\n").slice(0, -1).map(row("added"))];
}
/** Another text, another digest. */
function hash(text: string): string {
  let n = 7;
  for (const c of text) n = (n * 31 + c.charCodeAt(0)) % 4294967291;
  return n.toString(16).padStart(8, "0").repeat(8);
}
