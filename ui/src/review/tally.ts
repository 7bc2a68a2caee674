// Which rows were on screen long enough to count. Rust keeps the tally that
// matters; this one only finds out what to report, and reports nothing twice.

import type { Seen } from "../lib/wire/Seen";
import type { Place } from "./layout";

/** Milliseconds that a row must stay in view. */
export const DWELL = 300;

export class Tally {
  #since = new Map<string, { place: Place; at: number }>();
  #done = new Map<number, Set<number>>();

  /** Takes the rows in view at `now`; gives those that have become due, and when to look again. */
  look(view: Place[], now: number): { due: Seen[]; again: number | null } {
    const since = new Map<string, { place: Place; at: number }>();
    const due: Place[] = [];
    let again: number | null = null;
    for (const place of view) {
      if (this.#done.get(place.document)?.has(place.row)) continue;
      const key = `${place.document}:${place.row}`;
      const entry = this.#since.get(key) ?? { place, at: now };
      const left = entry.at + DWELL - now;
      if (left <= 0) {
        due.push(place);
        continue;
      }
      since.set(key, entry);
      again = again === null ? left : Math.min(again, left);
    }
    // What left the view starts from nothing when it comes back.
    this.#since = since;
    for (const { document, row } of due) {
      const rows = this.#done.get(document) ?? new Set();
      this.#done.set(document, rows.add(row));
    }
    return { due: ranges(due), again };
  }

  /** Forgets what was reported, for instance when a report did not arrive. What waits goes on waiting. */
  forget(): void {
    this.#done.clear();
  }
}

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
