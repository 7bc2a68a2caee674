// When something that is put aside can come back. Everything here takes Unix seconds.

/** It comes back so long before it expires, so that there is time to read it. */
export const BEFORE = 10 * 60;
/** Nothing is put aside for longer. */
export const MOST = 7 * 86400;
/** Less than this is no use. */
const LEAST = 60;

/** The latest moment at which it can come back, or nothing where it expires too soon. */
export function latest(expires: number | null, now: number): number | null {
  const most = Math.min(expires === null ? Infinity : expires - BEFORE, now + MOST);
  return most - now < LEAST ? null : most;
}

export type Choice = { label: string; at: number };

/** The usual moments, by the machine's own clock. */
export function choices(now: number): Choice[] {
  const evening = hour(now, 0, 18);
  const evenings = evening - now < 3600 ? [] : [{ label: "This evening", at: evening }];
  return [{ label: "In 1 hour", at: now + 3600 }, ...evenings, { label: "Tomorrow morning", at: hour(now, 1, 8) }];
}

function hour(now: number, days: number, hours: number): number {
  const d = new Date(now * 1000);
  return new Date(d.getFullYear(), d.getMonth(), d.getDate() + days, hours).getTime() / 1000;
}
