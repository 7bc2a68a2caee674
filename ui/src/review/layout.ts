// Where each row of a sheet lies, in units of one row's height.
//
// All documents stand below each other: a head (a whole number of units), then
// rows, where a closed fold takes one unit. Nothing here knows pixels or text.

import type { Fold } from "../lib/wire/Fold";

export const UNIT = 20;
/** One part of a sheet; browsers cannot draw an element much higher than its 8 million pixels. */
export const PART = 400_000;

export type Place = { document: number; row: number };
export type Line =
  | { kind: "head"; document: number }
  | { kind: "row"; document: number; row: number }
  | { kind: "fold"; document: number; from: number; to: number };
type Span = { at: number; units: number; kind: Line["kind"]; document: number; from: number; to: number };
type Doc = { rows: number; folds: Fold[] };

export const foldKey = (document: number, from: number) => `${document}:${from}`;

export class Layout {
  readonly units: number;
  readonly #spans: Span[] = [];
  readonly #starts: number[] = [];

  /** `heads` are the heads' heights, `open` the folds that a person opened. */
  constructor(documents: Doc[], heads: (document: number) => number, open: ReadonlySet<string>) {
    let at = 0;
    documents.forEach((doc, document) => {
      this.#starts.push(at);
      const push = (kind: Line["kind"], from: number, to: number, units: number) => {
        if (units > 0) this.#spans.push({ at, units, kind, document, from, to });
        at += units;
      };
      push("head", 0, 0, heads(document));
      let row = 0;
      for (const { from, to } of doc.folds) {
        // A fold that is out of order or out of range hides nothing: its rows are drawn.
        if (from < row || to <= from || to > doc.rows) continue;
        push("row", row, from, from - row);
        if (open.has(foldKey(document, from))) push("row", from, to, to - from);
        else push("fold", from, to, 1);
        row = to;
      }
      push("row", row, doc.rows, doc.rows - row);
    });
    this.units = at;
    this.#starts.push(at);
  }

  /** First unit of a document, and the first after it. */
  bounds(document: number): [number, number] {
    return [this.#starts[document] ?? 0, this.#starts[document + 1] ?? this.units];
  }

  /** The document that a unit belongs to. */
  document(unit: number): number {
    return this.#span(unit)?.document ?? 0;
  }

  at(unit: number): Line | undefined {
    const span = this.#span(unit);
    if (!span) return undefined;
    const { kind, document, from, to } = span;
    if (kind === "row") return { kind, document, row: from + (unit - span.at) };
    return kind === "fold" ? { kind, document, from, to } : { kind, document };
  }

  /** The unit that shows a row, its fold if that is closed. */
  unit(place: Place): number {
    let found = this.bounds(place.document)[0];
    for (const span of this.#spans) {
      if (span.document !== place.document || span.kind === "head" || place.row < span.from) continue;
      found = span.kind === "row" ? span.at + Math.min(place.row - span.from, span.units - 1) : span.at;
    }
    return found;
  }

  #span(unit: number): Span | undefined {
    let low = 0;
    let high = this.#spans.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const span = this.#spans[middle];
      if (!span) return undefined;
      if (unit < span.at) high = middle - 1;
      else if (unit >= span.at + span.units) low = middle + 1;
      else return span;
    }
    return undefined;
  }
}
