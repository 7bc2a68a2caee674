// Both sides of a document beside each other, built from the same rows: Rust says which of them stand side by side.

import type { Ipc } from "../lib/ipc";
import type { DocumentHead } from "../lib/wire/DocumentHead";
import type { Pair } from "../lib/wire/Pair";

/** Pixels that two sides of 88 columns need, with their numbers. */
export const TWO_SIDES = 1520;

const NONE: ReadonlyMap<number, Pair[]> = new Map();

/** Whether a document has two sides that differ. */
export const hasSides = ({ view, stats }: DocumentHead): boolean => view === "diff" && stats.removed + stats.unchanged > 0 && stats.added + stats.unchanged > 0;

export class Sides {
  /** Whether a person asked for it. It is so where there is room. */
  wanted = $state(false);
  #known = $state.raw(NONE);

  constructor(
    readonly sheet: string,
    readonly ipc: Pick<Ipc, "pairs">,
    readonly fail: (e: unknown) => void,
  ) {}

  pairs(width: number): ReadonlyMap<number, Pair[]> {
    return this.wanted && width >= TWO_SIDES ? this.#known : NONE;
  }

  async turn(documents: DocumentHead[]): Promise<void> {
    if (this.wanted) {
      this.wanted = false;
      return;
    }
    try {
      if (this.#known.size === 0) {
        const all = documents.flatMap((doc, at) => (hasSides(doc) ? [at] : []));
        this.#known = new Map(await Promise.all(all.map(async (at) => [at, await this.ipc.pairs(this.sheet, at)] as const)));
      }
      this.wanted = true;
    } catch (e) {
      this.fail(e);
    }
  }
}
