// What of a sheet was on screen long enough to count: rows, and marks above them. Rust keeps the tally that
// matters; this one only finds out what to report, and reports nothing twice.

import type { Seen } from "../lib/wire/Seen";
import type { Place } from "./layout";

/** Milliseconds that something must stay in view. */
export const DWELL = 300;

/** What stays in view long enough, each once. */
export class Tally<T> {
  #since = new Map<string, number>();
  #done = new Set<string>();

  constructor(readonly key: (it: T) => string) {}

  /** Takes what is in view at `now`; gives what has become due, and when to look again. */
  look(view: T[], now: number): { due: T[]; again: number | null } {
    const since = new Map<string, number>();
    const due: T[] = [];
    let again: number | null = null;
    for (const it of view) {
      if (this.has(it)) continue;
      const key = this.key(it);
      const at = this.#since.get(key) ?? now;
      const left = at + DWELL - now;
      if (left <= 0) {
        this.#done.add(key);
        due.push(it);
        continue;
      }
      since.set(key, at);
      again = again === null ? left : Math.min(again, left);
    }
    // What left the view starts from nothing when it comes back.
    this.#since = since;
    return { due, again };
  }

  /** Whether it was in view long enough. */
  has(it: T): boolean {
    return this.#done.has(this.key(it));
  }

  /** Forgets what was reported, for instance when a report did not arrive. What waits goes on waiting. */
  forget(): void {
    this.#done.clear();
  }
}

export const rowTally = (): Tally<Place> => new Tally(({ document, row }) => `${document}:${row}`);

/** Neighbouring rows as ranges, the last row not included. */
export function ranges(places: Place[]): Seen[] {
  const out: Seen[] = [];
  for (const { document, row } of [...places].sort((a, b) => a.document - b.document || a.row - b.row)) {
    const last = out.at(-1);
    if (last && last.document === document && last.to === row) last.to = row + 1;
    else out.push({ document, from: row, to: row + 1 });
  }
  return out;
}
