// Where each section and row of the queue lies, in pixels from the top.
//
// Rows have the height that was measured, or until they were drawn a usual
// one; what is not loaded yet keeps its room, so that the bar of the scroller
// tells the truth about how much there is.

import type { SectionId } from "../lib/wire/SectionId";
import type { Part } from "./list.svelte";

/** A section's heading. */
export const HEAD = 36;
/** A row that was not measured. */
export const USUAL = 72;

/** `tops` has one more entry than there are rows: where the last one ends. All but `top` count from `top`. */
export type Laid = { id: SectionId; top: number; height: number; tops: Float64Array; rest: number; closed: boolean };

export class Stack {
  readonly sections: Laid[] = [];
  readonly height: number;

  constructor(parts: readonly Part[], height: (digest: string) => number | undefined, closed: (id: SectionId) => boolean) {
    let top = 0;
    for (const { id, rows, total } of parts) {
      const shut = closed(id);
      const tops = new Float64Array(shut ? 1 : rows.length + 1);
      tops[0] = HEAD;
      if (!shut) for (let i = 0; i < rows.length; i += 1) tops[i + 1] = (tops[i] ?? 0) + (height(rows[i]?.digest ?? "") ?? USUAL);
      const rest = shut ? 0 : Math.max(0, total - rows.length);
      const all = (tops.at(-1) ?? HEAD) + rest * USUAL;
      this.sections.push({ id, top, height: all, tops, rest, closed: shut });
      top += all;
    }
    this.height = top;
  }

  /** The rows of a section between two heights: from, and the first that is not. */
  between(section: Laid, from: number, to: number): [number, number] {
    return [Math.max(0, below(section.tops, from - section.top) - 1), Math.min(section.tops.length - 1, below(section.tops, to - section.top))];
  }

  /** The first row that reaches below a height. */
  at(from: number): { section: Laid; index: number } | null {
    for (const section of this.sections) {
      if (section.top + section.height <= from || section.tops.length < 2) continue;
      const index = Math.max(0, below(section.tops, from - section.top) - 1);
      if (index < section.tops.length - 1) return { section, index };
    }
    return null;
  }

  /** Where a row begins and ends. */
  row(id: SectionId, index: number): [number, number] | null {
    const section = this.sections.find((it) => it.id === id);
    const [top, end] = [section?.tops[index], section?.tops[index + 1]];
    return section && top !== undefined && end !== undefined ? [section.top + top, section.top + end] : null;
  }
}

/** How many entries are at or above a height. */
function below(tops: Float64Array, at: number): number {
  let low = 0;
  let high = tops.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tops[middle] ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
