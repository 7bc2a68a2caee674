// Where each row of a sheet lies, in pixels from the top of the list.
//
// All documents stand below each other: a head, then rows of one height, where
// a closed fold takes the height of a target. Nothing here knows text.

import type { Fold } from "../lib/wire/Fold";
import type { View } from "../lib/wire/View";

/** A row of text, and a step of scrolling. */
export const UNIT = 20;
/** A fold, and a thing to be removed. */
export const TALL = 28;
/** A head of a document, before it was measured. */
export const BAR = 40;
/** One part of a sheet; browsers cannot draw an element much higher than this. */
export const PART = 8_000_000;

export type Place = { document: number; row: number };
/** `top` and `height` in pixels. */
type Box = { document: number; top: number; height: number };
export type Line = Box & ({ kind: "head" } | { kind: "beside" } | { kind: "row"; row: number } | { kind: "fold"; from: number; to: number });
type Span = { top: number; end: number; step: number; kind: Line["kind"]; document: number; from: number; to: number };
type Doc = { rows: number; folds: Fold[]; view: View };

export const foldKey = (document: number, from: number) => `${document}:${from}`;

export class Layout {
  readonly height: number;
  readonly #spans: Span[] = [];
  readonly #starts: number[] = [];

  /** `heads` are the heads' heights, `open` the folds that a person opened, `beside` the heights of views above the rows. */
  constructor(documents: Doc[], heads: (document: number) => number, open: ReadonlySet<string>, beside: (document: number) => number = () => 0) {
    let top = 0;
    documents.forEach((doc, document) => {
      this.#starts.push(top);
      const push = (kind: Line["kind"], from: number, to: number, step: number) => {
        const end = top + (kind === "row" ? (to - from) * step : step);
        if (end > top) this.#spans.push({ top, end, step, kind, document, from, to });
        top = end;
      };
      const step = doc.view === "removal" ? TALL : UNIT;
      push("head", 0, 0, heads(document));
      push("beside", 0, 0, beside(document));
      let row = 0;
      for (const { from, to } of doc.folds) {
        // A fold that is out of order or out of range hides nothing: its rows are drawn.
        if (from < row || to <= from || to > doc.rows) continue;
        push("row", row, from, step);
        if (open.has(foldKey(document, from))) push("row", from, to, step);
        else push("fold", from, to, TALL);
        row = to;
      }
      push("row", row, doc.rows, step);
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
    return span && top < span.end ? line(span, top) : undefined;
  }

  /** Everything that reaches into a range of heights. */
  lines(from: number, to: number): Line[] {
    const out: Line[] = [];
    for (let i = Math.max(0, this.#find(from)); i < this.#spans.length; i += 1) {
      const span = this.#spans[i];
      if (!span || span.top >= to) break;
      for (let top = Math.max(from, span.top); top < Math.min(to, span.end); ) {
        const next = line(span, top);
        out.push(next);
        top = next.top + next.height;
      }
    }
    return out;
  }

  /** Where a row begins; its fold, if that is closed. */
  top(place: Place): number {
    let found = this.bounds(place.document)[0];
    for (const span of this.#spans) {
      if (span.document !== place.document || span.kind === "head" || span.kind === "beside" || place.row < span.from) continue;
      found = span.kind === "row" ? Math.min(span.top + (place.row - span.from) * span.step, span.end - span.step) : span.top;
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

function line({ top, step, kind, document, from, to }: Span, at: number): Line {
  if (kind === "head" || kind === "beside") return { kind, document, top, height: step };
  if (kind === "fold") return { kind, document, top, height: step, from, to };
  const n = Math.floor((at - top) / step);
  return { kind, document, top: top + n * step, height: step, row: from + n };
}
