// Rows that are wider than the window, drawn as several lines. Rust cuts them and says how many lines each needs: a
// list of any length knows where every row is, and a row counts and is displayed as one.

import type { Ipc } from "../lib/ipc";
import type { HitMark } from "../lib/wire/HitMark";
import type { Row } from "../lib/wire/Row";
import type { Segment } from "../lib/wire/Segment";
import type { Tall } from "../lib/wire/Tall";

/** Columns with which every row is whole. */
const WIDEST = 112;
/** Pixels beside the text of a row, and those of a letter. */
const MARGINS = 144;
const LETTER = 7.25;
const LEAST = 16;

/** How many columns a window has; 0 where no row needs to be cut. */
export function columnsOf(width: number): number {
  const columns = Math.max(LEAST, Math.floor((width - MARGINS) / LETTER));
  return width === 0 || columns >= WIDEST ? 0 : columns;
}

export type Fitting = { columns: number; tall: ReadonlyMap<number, Tall[]> };

export class Wraps {
  fitting = $state.raw<Fitting>({ columns: 0, tall: new Map() });
  /** Rows are asked for once it is known how they are cut. */
  known = $state(false);
  /** Columns of what stands in columns, and of a list of things; nothing where there is room for all of them. */
  readonly wide = $derived(this.fitting.columns > 0 ? Math.min(88, this.fitting.columns) : null);
  readonly wideList = $derived(this.fitting.columns > 0 ? Math.min(88, Math.max(16, this.fitting.columns - 19)) : null);
  #wanted: number | null = null;

  constructor(
    readonly sheet: string,
    readonly ipc: Pick<Ipc, "tall">,
    readonly fail: (e: unknown) => void,
  ) {}

  /** How rows would stand in so many columns; nothing where that is so already, or not wanted any more. */
  async ask(columns: number, documents: number): Promise<Fitting | null> {
    if (columns === this.#wanted) return null;
    this.#wanted = columns;
    if (columns === 0) return { columns, tall: new Map() };
    try {
      const all = Array.from({ length: documents }, async (_, at) => [at, await this.ipc.tall(this.sheet, at, columns)] as const);
      const tall = new Map(await Promise.all(all));
      return this.#wanted === columns ? { columns, tall } : null;
    } catch (e) {
      this.#wanted = this.fitting.columns;
      this.known = true;
      this.fail(e);
      return null;
    }
  }
}

/** The texts of a row, in the order in which hits number them. */
export function texts(row: Row): Segment[][] {
  switch (row.kind) {
    case "field":
      return [row.label, row.segments];
    case "grant":
      return [row.name, row.before, row.after];
    case "entry":
      return [row.path, row.before, row.after];
    case "object":
      return [...row.columns, row.size, row.sha256];
    case "heading":
      return [];
    default:
      return [row.segments];
  }
}

/** The marks of a row as they are on one of its lines. */
export function marksOf(hits: HitMark[], lines: Row[], line: number): HitMark[] {
  if (line === 0 || hits.length === 0) return hits;
  const before: number[] = [];
  for (const it of lines.slice(0, line)) {
    texts(it).forEach((text, column) => (before[column] = (before[column] ?? 0) + text.reduce((sum, { text }) => sum + text.length, 0)));
  }
  return hits.map((it) => ({ ...it, from: it.from - (before[it.column] ?? 0), to: it.to - (before[it.column] ?? 0) }));
}
