// A line of text: its numbers on both sides, where it moved to or from, its sign, and the text. `.end` marks where
// that ends. Drawn by hand, as its pieces are: a frame of scrolling draws a dozen of them.

import "./line.css";
import type { Found } from "../lib/found";
import { fill } from "../lib/pieces";
import type { HitMark } from "../lib/wire/HitMark";
import type { Moved } from "../lib/wire/Moved";
import type { Row } from "../lib/wire/Row";
import type { View } from "../lib/wire/View";
import type { Half } from "./layout";

type LineRow = Extract<Row, { kind: "line" }>;
/** What a line depends on beside its row. `index` is the row's place; `hits` and `at` may change while it is drawn. */
export type Around = {
  view: View;
  /** What is all new or all gone has glyphs and no tint: colour is for what differs. */
  tinted: boolean;
  half: Half | undefined;
  index: number;
  go: ((row: number) => void) | undefined;
  found: Found | undefined;
  hits: (line: number) => HitMark[];
  at: () => number | null;
};

const GLYPH = { same: "", added: "+", removed: "−" } as const;
const SAID = { same: "", added: "added: ", removed: "removed: " } as const;

/** Draws the rows that are lines of text at the end of `into`, and takes them away again. */
export function lines(into: HTMLElement, rows: Row[], around: Around): () => void {
  const drawn = rows.flatMap((row, i) => (row.kind === "line" ? [line(row, i, around)] : []));
  into.append(...drawn);
  return () => drawn.forEach((it) => it.remove());
}

function line(row: LineRow, at: number, around: Around): HTMLElement {
  const it = document.createElement("div");
  const diff = around.view === "diff";
  it.className = diff ? "row exact line" : "row exact line text";
  it.dataset.change = diff && around.tinted ? row.change : "same";
  it.dataset.testid = "row";
  const text = part("tx end");
  it.append(...margin(row, around));
  if (row.continued) it.append(said("goes on: "));
  it.append(text);
  $effect(() => fill(text, row.segments, { found: around.found, hits: around.hits(at), at: around.at }));
  return it;
}

/** What stands before the text: two numbers and the sign. */
function margin(row: LineRow, { view, half, index, go }: Around): HTMLElement[] {
  const [first, second, sign] = [part("no"), part("no"), part("glyph")];
  const moved = row.moved && elsewhere(row.moved, half === "left" || (!half && row.change === "removed") ? "to" : "from", index, go);
  const before = row.before ?? "";
  const after = row.after ?? "";
  if (half) {
    put(first, half === "left" ? before : after);
    put(second, "", moved);
  } else if (view === "diff") {
    put(first, before, row.change === "added" ? moved : undefined);
    put(second, after, row.change === "removed" ? moved : undefined);
  } else {
    put(second, after === "" ? before : after);
  }
  sign.dataset.glyph = row.change;
  if (!row.continued && row.change !== "same") sign.append(drawn(GLYPH[row.change]), said(SAID[row.change]));
  return [first, second, sign];
}

function put(into: HTMLElement, number: number | "", beside?: HTMLElement): void {
  if (number !== "") into.append(String(number));
  if (beside) into.append(beside);
}

function part(looks: string): HTMLElement {
  const it = document.createElement("span");
  it.className = looks;
  return it;
}

/** The first line of a block that moved goes to its other end. */
function elsewhere({ line, row, first }: Moved, way: "to" | "from", index: number, go: Around["go"]): HTMLElement {
  const says = `Moved ${way} line ${line}`;
  const goes = first && row !== null && go;
  const it = document.createElement(goes ? "button" : "span");
  it.className = goes ? "link moved" : "moved";
  it.title = says;
  it.append(drawn(`${row === null ? "↕" : row > index ? "↓" : "↑"}${line}`), said(says));
  if (goes) {
    it.dataset.testid = "moved";
    it.addEventListener("click", () => go(row));
  }
  return it;
}

/** What is seen and not read out. */
function drawn(text: string): HTMLElement {
  const it = document.createElement("span");
  it.ariaHidden = "true";
  it.textContent = text;
  return it;
}

/** What is read out and not seen. */
function said(text: string): HTMLElement {
  const it = document.createElement("span");
  it.className = "said";
  it.textContent = text;
  return it;
}
