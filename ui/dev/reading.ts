// What the stand-in answers about a sheet that is being read: a text in it, its
// changes, texts for the clipboard. Each row is a text of its own here.

import type { Crossed, Ipc } from "../src/lib/ipc";
import type { Copyable } from "../src/lib/wire/Copyable";
import type { HitMark } from "../src/lib/wire/HitMark";
import type { Pictured } from "../src/lib/wire/Pictured";
import type { Row } from "../src/lib/wire/Row";
import type { Segment } from "../src/lib/wire/Segment";

import { texts } from "../src/review/wraps.svelte";
import { drawn } from "./pictures";

type Found = HitMark & { document: number };

const words = (text: string): Segment[] => [{ text, kind: "words", rtl: false }];
const columns = (row: Row): Segment[][] =>
  row.kind === "heading" ? [words(row.text), row.name, words(row.detail)] : texts(row);
const text = (segments: Segment[]) => segments.map((it) => it.text).join("");
/** What is drawn together is marked together: boxes, and what is read from right to left. */
function widened(segments: Segment[], from: number, to: number): { from: number; to: number } {
  let begin = 0;
  const out = { from, to };
  for (const it of segments) {
    const end = begin + it.text.length;
    if ((it.rtl || !["words", "text", "changed"].includes(it.kind)) && begin < to && end > from) {
      out.from = Math.min(out.from, begin);
      out.to = Math.max(out.to, end);
    }
    begin = end;
  }
  return out;
}
const changes = (row: Row) => (row.kind === "line" ? row.change !== "same" : row.kind === "grant" ? row.change !== "kept" : row.kind === "argument" || row.kind === "object" || row.kind === "entry");

export class Reading {
  /** What can be copied of every document. */
  copyable: Copyable[] = [{ side: "after", size: 1204, exact: true, escaped: true, says: null }];
  copied: string[] = [];
  /** What a document is as rendered. */
  pages = { light: "<!doctype html><title>As rendered</title><p>rendered", dark: "<!doctype html><title>As rendered</title><p>rendered, dark" };

  /** What a document is as a picture. */
  pictures: (which: Pictured) => Crossed = drawn;

  constructor(readonly rows: (sheet: string) => Row[][]) {}

  #find(sheet: string, what: string): Found[] {
    const fold = (it: string) => (/\p{Lu}/u.test(what) ? it : it.toLowerCase());
    const out: Found[] = [];
    this.rows(sheet).forEach((rows, document) => rows.forEach((row, at) => columns(row).forEach((segments, column) => {
      const where = fold(text(segments));
      for (let from = where.indexOf(fold(what)); from >= 0; from = where.indexOf(fold(what), from + what.length)) {
        out.push({ document, row: at, column, ...widened(segments, from, from + what.length), first: out.length, last: out.length + 1 });
      }
    })));
    return out;
  }
  #changes(sheet: string) {
    return this.rows(sheet).flatMap((rows, document) => {
      const out: { document: number; from: number; to: number }[] = [];
      rows.forEach((row, at) => {
        const last = out.at(-1);
        if (!changes(row)) return;
        if (last && last.to === at) last.to = at + 1;
        else out.push({ document, from: at, to: at + 1 });
      });
      return out;
    });
  }

  ipc = {
    seek: async (sheet, what, from) => {
      const all = this.#find(sheet, what);
      const after = from.kind === "hit" ? from.index : all.findIndex((it) => it.document > from.document || (it.document === from.document && it.row >= from.row));
      const hit = all[Math.max(after, 0)];
      return { total: all.length, above: 0, hit: hit ? { index: hit.first, document: hit.document, row: hit.row } : null };
    },
    hits: async (sheet, what, document, from, count) =>
      this.#find(sheet, what).filter((it) => it.document === document && it.row >= from && it.row < from + count),
    change: async (sheet, document, row, forward) => {
      const all = this.#changes(sheet);
      const after = all.findIndex((it) => it.document > document || (it.document === document && it.from >= row));
      const first = after < 0 ? all.length : after;
      const index = forward ? first % all.length : (first + all.length - 1) % all.length;
      const step = all[index];
      return step ? { index, of: all.length, ...step } : null;
    },
    pairs: async (sheet, document) => {
      const out: { from: number; middle: number; to: number }[] = [];
      (this.rows(sheet)[document] ?? []).forEach((row, at) => {
        if (row.kind !== "line" || row.change === "same") return;
        let last = out.at(-1);
        if (!last || last.to !== at || (row.change === "removed" && last.middle < at)) out.push((last = { from: at, middle: at, to: at }));
        last.to = at + 1;
        if (row.change === "removed") last.middle = at + 1;
      });
      return out;
    },
    copies: async () => this.copyable,
    rendered: async (_proposal, _sheet, _document, dark) => (dark ? this.pages.dark : this.pages.light),
    picture: async (_proposal, _sheet, _document, which) => this.pictures(which),
    copy: async (_proposal, _sheet, document, what) => {
      this.copied.push(`${document} ${"side" in what ? `${what.kind} ${what.side}` : what.kind}`);
      return `text of ${document}`;
    },
    compare: async (_proposal, _sheet, document) => {
      this.copied.push(`${document} compare`);
      return { digest: "", title: "Opened in Meld.", hint: "What it shows are copies, which are removed when it is closed. Editing them changes nothing, and what is read there does not count as displayed here." };
    },
  } satisfies Partial<Ipc>;
}
