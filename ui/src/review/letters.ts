// Letters that no font of this machine has. They are drawn as boxes, all alike:
// a text of boxes was on the screen, and still nobody read it.
//
// Told by drawing: what looks exactly as a code point that no font can have is
// one of the boxes. Where fonts draw a numbered box for each, it cannot be told.

import type { Segment } from "../lib/wire/Segment";

/** Unassigned in Unicode: no font has it. */
const NOBODY = "\u0378";
const SIZE = 24;

const known = new Map<string, boolean>();
let canvas: CanvasRenderingContext2D | null | undefined;
let box: string | null = null;

function drawing(letter: string): string | null {
  if (!canvas) return null;
  canvas.clearRect(0, 0, SIZE * 2, SIZE * 2);
  canvas.fillText(letter, 8, SIZE + 4);
  const { data } = canvas.getImageData(0, 0, SIZE * 2, SIZE * 2);
  let ink = "";
  for (let i = 3; i < data.length; i += 4) if (data[i]) ink += `${i}:${data[i]},`;
  return ink === "" ? null : ink;
}

function missing(letter: string): boolean {
  if (canvas === undefined) {
    // Not every place that runs this can draw.
    canvas = typeof CanvasRenderingContext2D === "undefined" ? null : document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    if (canvas) {
      canvas.canvas.width = canvas.canvas.height = SIZE * 2;
      canvas.font = `${SIZE}px "DejaVu Sans Mono", monospace`;
      box = drawing(NOBODY);
    }
  }
  if (box === null) return false;
  const before = known.get(letter);
  if (before !== undefined) return before;
  const now = drawing(letter) === box;
  known.set(letter, now);
  return now;
}

/** Letters of `segments` that this machine has no font for, into `found`. */
export function boxes(segments: readonly Segment[], found: Set<string>): void {
  for (const { text, kind } of segments) {
    // An emoji of several characters can be a box where each of them has a letter.
    if (kind.startsWith("joined") && !/\p{L}/u.test(text) && missing(text)) found.add(text);
    // What our own font and every system's has, in one look.
    if (!/[^\u0000-\u024f\u2000-\u206f]/.test(text)) continue;
    for (const letter of text) if (letter > "\u024f" && !/[\p{C}\p{Z}\p{M}\u25a0-\u25ff]/u.test(letter) && missing(letter)) found.add(letter);
  }
}

/** Every piece of text in an answer of Rust, however deep. */
export function pieces(it: unknown): Segment[] {
  if (Array.isArray(it)) return it.flatMap(pieces);
  if (typeof it !== "object" || it === null) return [];
  if ("text" in it && typeof it.text === "string" && "kind" in it && "rtl" in it) return [it as Segment];
  return Object.values(it).flatMap(pieces);
}
