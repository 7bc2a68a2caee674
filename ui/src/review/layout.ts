// Where each row of a sheet lies, in pixels from the top of the list.
//
// All documents stand below each other: a head, then rows of one height, where
// a closed fold takes the height of a target. Nothing here knows text.

import type { Fold } from "../lib/wire/Fold";
import type { Pair } from "../lib/wire/Pair";
import type { Tall } from "../lib/wire/Tall";
import type { View } from "../lib/wire/View";

/** A row of text, and a step of scrolling. */
export const UNIT = 20;
/** A fold, and a thing to be removed. */
export const TALL = 28;
/** A head of a document, before it was measured. */
export const BAR = 40;
/** One part of a sheet; browsers cannot draw an element much higher than this. */
export const PART = 8_000_000;
/** How far one part reaches into the next: the first rows of that lie under the head of their document there. */
export const LAP = 400;

export type Place = { document: number; row: number };
/** `top` and `height` in pixels. */
type Box = { document: number; top: number; height: number };
/** A row of a document with its sides beside each other is drawn on the left, or on the right, or as two lines on both. */
export type Half = "left" | "right";
export type Body = Box & ({ kind: "beside" } | { kind: "row"; row: number; half?: Half } | { kind: "fold"; from: number; to: number });
export type Line = Body | (Box & { kind: "head" });
/** `middle` is where the added rows of a pair begin. */
type Span = { top: number; end: number; step: number; kind: Line["kind"]; document: number; from: number; to: number; middle?: number; halved?: boolean };
type Doc = { rows: number; folds: Fold[]; view: View };

export const foldKey = (document: number, from: number) => `${document}:${from}`;

export class Layout {
  readonly height: number;
  readonly #spans: Span[] = [];
  readonly #starts: number[] = [];
  readonly #rows: number[];
  readonly #lines = new Map<number, Line[]>();

  /** `heads` are the heads' heights, `open` the folds that a person opened, `beside` the heights of views above the rows;
      `pairs` those of the documents that have their sides beside each other; `tall` says which rows take several lines. */
  constructor(documents: Doc[], heads: (document: number) => number, open: ReadonlySet<string>, beside: (document: number) => number = () => 0, pairs: ReadonlyMap<number, Pair[]> = new Map(), tall: ReadonlyMap<number, Tall[]> = new Map()) {
    let top = 0;
    this.#rows = documents.map((doc) => doc.rows);
    documents.forEach((doc, document) => {
      this.#starts.push(top);
      const push = (kind: Line["kind"], from: number, to: number, step: number) => {
        const end = top + (kind === "row" ? (to - from) * step : step);
        if (end > top) this.#spans.push({ top, end, step, kind, document, from, to, halved: kind === "row" && pairs.has(document) });
        top = end;
      };
      const step = doc.view === "removal" ? TALL : UNIT;
      /** Rows that follow each other, parted where their heights differ. */
      let run = 0;
      const runs = tall.get(document) ?? [];
      const stack = (from: number, to: number) => {
        let row = from;
        while ((runs[run]?.to ?? Infinity) <= row) run += 1;
        for (let at = run; row < to; at += 1) {
          const it = runs[at];
          if (!it || it.from >= to) break;
          const end = Math.min(it.to, to);
          if (it.from > row) push("row", row, it.from, step);
          push("row", Math.max(row, it.from), end, step * it.lines);
          row = end;
        }
        push("row", row, to, step);
      };
      const paired = pairs.get(document);
      /** Rows are drawn whatever the pairs say: one that is out of order or out of range pairs nothing. */
      let next = 0;
      const rows = (from: number, to: number) => {
        let row = from;
        for (let pair = paired?.[next]; pair && pair.from < to; pair = paired?.[(next += 1)]) {
          const { middle } = pair;
          if (pair.from < row || pair.to > to || middle < pair.from || middle > pair.to) continue;
          stack(row, pair.from);
          const height = Math.max(middle - pair.from, pair.to - middle) * step;
          if (height > 0) this.#spans.push({ top, end: top + height, step, kind: "row", document, from: pair.from, to: pair.to, middle });
          top += height;
          row = pair.to;
        }
        stack(row, to);
      };
      push("head", 0, 0, heads(document));
      push("beside", 0, 0, beside(document));
      let row = 0;
      for (const { from, to } of doc.folds) {
        // A fold that is out of order or out of range hides nothing: its rows are drawn.
        if (from < row || to <= from || to > doc.rows) continue;
        rows(row, from);
        if (open.has(foldKey(document, from))) stack(from, to);
        else push("fold", from, to, TALL);
        row = to;
      }
      rows(row, doc.rows);
    });
    this.height = top;
    this.#starts.push(top);
  }

  /** Where a document begins, and where it ends. */
  bounds(document: number): [number, number] {
    return [this.#starts[document] ?? 0, this.#starts[document + 1] ?? this.height];
  }

  /** What lies at a height. */
  at(top: number): Line | undefined {
    const span = this.#spans[this.#find(top)];
    return span && top < span.end ? lines(span, top)[0] : undefined;
  }

  /** Rows of its document that lie below a height. */
  below(top: number): number {
    const span = this.#spans[this.#find(top)];
    if (!span || top >= span.end) return 0;
    if (span.kind === "head" || span.kind === "beside") return this.#rows[span.document] ?? 0;
    const n = Math.floor((top - span.top) / span.step) + 1;
    const left = (from: number, to: number) => Math.max(0, to - from - n);
    const here = span.kind === "fold" ? 0 : span.middle === undefined ? left(span.from, span.to) : left(span.from, span.middle) + left(span.middle, span.to);
    return here + (this.#rows[span.document] ?? 0) - span.to;
  }

  /** Everything that reaches into a range of heights. */
  lines(from: number, to: number): Line[] {
    const out: Line[] = [];
    for (let i = Math.max(0, this.#find(from)); i < this.#spans.length; i += 1) {
      const span = this.#spans[i];
      if (!span || span.top >= to) break;
      for (let top = Math.max(from, span.top); top < Math.min(to, span.end); ) {
        const next = this.#line(span, top);
        out.push(...next);
        top = (next[0]?.top ?? to) + (next[0]?.height ?? 0);
      }
    }
    return out;
  }

  /** The same ones as before, so that what is drawn already is left alone. */
  #line(span: Span, top: number): Line[] {
    const key = span.top + Math.floor((top - span.top) / span.step) * span.step;
    const made = this.#lines.get(key);
    if (made) return made;
    if (this.#lines.size > 4096) this.#lines.clear();
    const now = lines(span, top);
    this.#lines.set(key, now);
    return now;
  }

  /** Where a row begins; its fold, if that is closed. */
  top(place: Place): number {
    let found = this.bounds(place.document)[0];
    for (const span of this.#spans) {
      if (span.document !== place.document || span.kind === "head" || span.kind === "beside" || place.row < span.from) continue;
      const n = place.row - (span.middle !== undefined && place.row >= span.middle ? span.middle : span.from);
      found = span.kind === "row" ? Math.min(span.top + n * span.step, span.end - span.step) : span.top;
    }
    return found;
  }

  /** The last span that begins at or above a height. */
  #find(top: number): number {
    let low = 0;
    let high = this.#spans.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#spans[middle]?.top ?? Infinity) <= top) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

/** What lies at a height of a span: one line, or the two beside each other. */
function lines({ top, step, kind, document, from, to, middle, halved }: Span, at: number): Line[] {
  if (kind === "head" || kind === "beside") return [{ kind, document, top, height: step }];
  if (kind === "fold") return [{ kind, document, top, height: step, from, to }];
  const n = Math.floor((at - top) / step);
  const row = (row: number, half?: Half): Line => ({ kind, document, top: top + n * step, height: step, row, ...(half && { half }) });
  if (middle === undefined) return halved ? [row(from + n, "left"), row(from + n, "right")] : [row(from + n)];
  return [...(from + n < middle ? [row(from + n, "left")] : []), ...(middle + n < to ? [row(middle + n, "right")] : [])];
}
