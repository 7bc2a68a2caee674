// The queue as far as it is loaded. Rust gives a true total, the first page of
// each section, and a cursor for the page after it.
//
// A refresh replaces the first pages and keeps what was loaded beyond them:
// nobody who reads far down is thrown back, and a flood of arrivals costs one
// page. What lies beyond may be old then, and is asked for again where it is
// in view (`settle`).

import type { Ipc } from "../lib/ipc";
import type { Queue } from "../lib/wire/Queue";
import type { QueueRow } from "../lib/wire/QueueRow";
import type { SectionId } from "../lib/wire/SectionId";

export type Part = { id: SectionId; title: string; total: number; rows: QueueRow[]; next: string | null };
export type Where = { section: SectionId; index: number };

export class QueueList {
  sections = $state.raw<Part[]>([]);
  /** What came of asking for it: before there is an answer, and where none could be had, nothing may be said of what waits. */
  #asked = $state<"missing" | "failed" | "taken">("missing");
  /** Grows with each answer about first pages. */
  #version = 0;
  /** By section: the cursor after a row, and how new what follows it is. Asks for no drawing. */
  readonly cursors = new Map<string, { cursor: string; version: number }>();
  /** By row: how high it was drawn. Asks for no drawing. */
  readonly heights = new Map<string, number>();
  #busy = new Map<SectionId, Promise<boolean>>();

  constructor(
    readonly ipc: Pick<Ipc, "queuePage">,
    readonly fail: (e: unknown) => void,
  ) {}

  /** Whether anything is known of it. */
  get known(): boolean {
    return this.#asked === "taken";
  }
  /** Nothing is known of it, because it could not be read. */
  get unread(): boolean {
    return this.#asked === "failed";
  }

  /** A refresh failed; what an earlier one brought stays. */
  miss(): void {
    if (!this.known) this.#asked = "failed";
  }
  /** Nothing is known of it any more. */
  forget(): void {
    this.#asked = "missing";
    this.sections = [];
  }
  /** Takes the answer of a refresh. */
  take(queue: Queue): void {
    this.#asked = "taken";
    this.#version += 1;
    const before = new Map(this.sections.map((it) => [it.id, it]));
    this.sections = queue.sections.map((now) => {
      const old = before.get(now.id);
      this.#note(now.id, now.rows, now.next, -1);
      if (now.next === null || !old) return { ...now };
      return { ...now, ...joined(now.rows, now.next, old) };
    });
    // Nothing is kept of a row that is gone; what comes after it is asked for after another.
    const here = new Set(this.sections.flatMap(({ id, rows }) => rows.flatMap(({ digest }) => [digest, `${id}:${digest}`])));
    for (const kept of [this.cursors, this.heights]) for (const row of kept.keys()) if (!here.has(row)) kept.delete(row);
  }

  part(id: SectionId): Part | undefined {
    return this.sections.find((it) => it.id === id);
  }

  where(digest: string | null): Where | null {
    if (digest === null) return null;
    for (const { id, rows } of this.sections) {
      const index = rows.findIndex((row) => row.digest === digest);
      if (index >= 0) return { section: id, index };
    }
    return null;
  }

  /** Loads the page after what is there. False when there is none, or it did not come. */
  more(id: SectionId): Promise<boolean> {
    const busy = this.#busy.get(id);
    if (busy) return busy;
    const part = this.part(id);
    if (!part || part.next === null) return Promise.resolve(false);
    return this.#run(id, part.next, part.rows.at(-1)?.digest ?? null);
  }

  /** Loads until a row is there, one page after the other, as long as `wanted` says so. */
  async reach(id: SectionId, index: number, wanted: () => boolean = () => true): Promise<void> {
    while (wanted() && (this.part(id)?.rows.length ?? 0) <= index) {
      if (!(await this.more(id)) && !(await this.#mend(id))) return;
    }
  }

  /** Asks again for the page that holds a row, where it is older than the last refresh. */
  async settle(id: SectionId, index: number): Promise<void> {
    const part = this.part(id);
    if (!part || this.#busy.has(id)) return;
    for (let at = Math.min(index, part.rows.length) - 1; at >= 0; at -= 1) {
      const digest = part.rows[at]?.digest;
      const known = digest === undefined ? undefined : this.cursors.get(`${id}:${digest}`);
      if (!known || digest === undefined) continue;
      if (known.version < this.#version && at + 1 < part.rows.length) await this.#run(id, known.cursor, digest);
      return;
    }
  }

  /** The row after or before one, over the borders of sections and pages; the first when that one is nowhere. */
  async beside(digest: string | null, by: 1 | -1, closed: (id: SectionId) => boolean): Promise<QueueRow | null> {
    const open = () => this.sections.filter((it) => !closed(it.id));
    const at = this.where(digest);
    if (!at) return open().find((it) => it.rows.length > 0)?.rows[0] ?? null;
    const part = this.part(at.section);
    const index = at.index + by;
    if (part && index >= part.rows.length && part.next !== null) await this.more(at.section);
    const here = this.part(at.section)?.rows[index];
    if (here) return here;
    const order = this.sections.findIndex((it) => it.id === at.section);
    const rest = by === 1 ? this.sections.slice(order + 1) : this.sections.slice(0, order).reverse();
    const next = rest.find((it) => it.rows.length > 0 && !closed(it.id));
    return (by === 1 ? next?.rows[0] : next?.rows.at(-1)) ?? null;
  }

  /** Fills the first gap: what lies between a new page and the rows that were kept below it. */
  #mend(id: SectionId): Promise<boolean> {
    const part = this.part(id);
    const busy = this.#busy.get(id);
    if (busy) return busy;
    for (const { digest } of part && part.rows.length < part.total ? part.rows.slice(0, -1) : []) {
      const known = this.cursors.get(`${id}:${digest}`);
      if (known && known.version < this.#version) return this.#run(id, known.cursor, digest);
    }
    return Promise.resolve(false);
  }

  #run(id: SectionId, cursor: string, after: string | null): Promise<boolean> {
    const version = this.#version;
    const run = this.ipc
      .queuePage(id, cursor)
      .then(
        (page) => {
          this.#note(id, page.rows, page.next, version);
          if (after !== null) this.cursors.set(`${id}:${after}`, { cursor, version });
          this.#put(id, after, page.rows, page.next);
          return page.rows.length > 0;
        },
        (e: unknown) => {
          this.fail(e);
          return false;
        },
      )
      .finally(() => this.#busy.delete(id));
    this.#busy.set(id, run);
    return run;
  }

  #note(id: SectionId, rows: QueueRow[], next: string | null, version: number): void {
    const last = rows.at(-1)?.digest;
    if (last === undefined || next === null) return;
    // What follows a page that has just come is as old as it was.
    const known = this.cursors.get(`${id}:${last}`);
    this.cursors.set(`${id}:${last}`, { cursor: next, version: known?.version ?? version });
  }

  #put(id: SectionId, after: string | null, rows: QueueRow[], next: string | null): void {
    this.sections = this.sections.map((part) => {
      if (part.id !== id) return part;
      const at = after === null ? 0 : part.rows.findIndex((row) => row.digest === after) + 1;
      // The row that it follows moved away meanwhile: what came is for another list.
      if (after !== null && at === 0) return part;
      const head = part.rows.slice(0, at);
      const tail = next === null ? { rows, next } : joined(rows, next, part, at);
      const known = new Set(head.map((row) => row.digest));
      return { ...part, rows: [...head, ...tail.rows.filter((row) => !known.has(row.digest))], next: tail.next };
    });
  }
}

/**
 * A new page, and what was loaded after its last row before. Where that row is
 * new, too, all that is not in the page follows: the gap between is filled
 * when somebody comes there.
 */
function joined(rows: QueueRow[], next: string | null, old: Part, from = 0): { rows: QueueRow[]; next: string | null } {
  const last = rows.at(-1)?.digest;
  const at = last === undefined ? -1 : old.rows.findIndex((row) => row.digest === last);
  const known = new Set(rows.map((row) => row.digest));
  const tail = old.rows.slice(Math.max(at + 1, from)).filter((row) => !known.has(row.digest));
  return tail.length === 0 ? { rows, next } : { rows: [...rows, ...tail], next: old.next };
}
