// The rows of Activity: history by a filter, or what a search found. One
// answer at a time; a new question makes older answers void.

import type { Ipc } from "../lib/ipc";
import { asUserError } from "../lib/errors";
import { plain } from "../lib/segments";
import type { FoundRow } from "../lib/wire/FoundRow";
import type { HistoryFilter } from "../lib/wire/HistoryFilter";
import type { QueueRow } from "../lib/wire/QueueRow";
import type { UserError } from "../lib/wire/UserError";

/** A row, and for a search where it was found. */
export type Entry = { row: QueueRow; found: Pick<FoundRow, "place" | "excerpt"> | null };
type Answer = { entries: Entry[]; next: string | null; unindexed: number; partly: number };

/** Each proposal once, however often it was found: two rows of one name are none at all. */
export const once = <T extends { row: QueueRow }>(rows: T[]): T[] => [...new Map([...rows].reverse().map((it) => [it.row.digest, it])).values()].reverse();

/** Whether the row itself says what was found: an excerpt would say it again. */
export function told({ row, place, excerpt }: Pick<FoundRow, "row" | "place" | "excerpt">): boolean {
  const says = place === "the agent" ? plain(row.agent) : place === "what it would do" ? plain(row.action) : "";
  const found = excerpt.filter((it) => it.kind === "changed");
  return found.length > 0 && found.every((it) => says.includes(it.text));
}

export class Listing {
  entries = $state.raw<Entry[]>([]);
  next = $state<string | null>(null);
  unindexed = $state(0);
  partly = $state(0);
  /** The first page is on its way. */
  loading = $state(true);
  error = $state.raw<UserError | null>(null);
  /** Another number whenever another question is answered. */
  round = $state(0);

  #question = 0;
  #more = false;
  /** Something happened while the next page was on its way. */
  #stale = false;
  #filter: HistoryFilter = "all";
  #query = "";

  constructor(readonly ipc: Ipc) {}

  async #ask(after: string | null): Promise<Answer> {
    if (this.#query !== "") {
      const found = await this.ipc.search(this.#query, after);
      return { entries: once(found.rows).map(({ row, place, excerpt }) => ({ row, found: { place, excerpt } })), next: found.next, unindexed: found.unindexed, partly: found.partly };
    }
    const page = await this.ipc.history(this.#filter, after);
    return { entries: once(page.rows.map((row) => ({ row }))).map(({ row }) => ({ row, found: null })), next: page.next, unindexed: 0, partly: 0 };
  }

  /** Shows something else, from its beginning. */
  async show(filter: HistoryFilter, query: string): Promise<void> {
    this.#filter = filter;
    this.#query = query;
    this.loading = true;
    await this.#load((answer) => this.#anew(answer));
  }

  /** Looks again at the beginning, because something happened; what was loaded below stays. */
  async refresh(): Promise<void> {
    if (this.#more) {
      this.#stale = true;
      return;
    }
    // What is here answers another question than the one on its way.
    const other = this.loading;
    await this.#load((answer) => {
      if (other) return this.#anew(answer);
      const fresh = new Set(answer.entries.map((it) => it.row.digest));
      const before = new Map(this.entries.map((it, i) => [it.row.digest, i]));
      // What stood above the answer's last row and is not in it is not among these any more.
      const last = answer.entries.reduce((above, it) => before.get(it.row.digest) ?? above, -1);
      const older = this.entries.slice(last + 1).filter((it) => !fresh.has(it.row.digest));
      // Nothing in common: a page or more is new, so that what is below no longer joins on.
      if (last < 0 || answer.next === null || older.length === 0 || this.entries.length <= answer.entries.length) return answer;
      return { ...answer, entries: [...answer.entries, ...older], next: this.next };
    });
  }

  /** The next page, once. */
  async more(): Promise<void> {
    if (this.#more || this.loading || this.next === null) return;
    this.#more = true;
    const after = this.next;
    const question = this.#question;
    try {
      const answer = await this.#ask(after);
      if (question !== this.#question) return;
      const known = new Set(this.entries.map((it) => it.row.digest));
      this.entries = [...this.entries, ...answer.entries.filter((it) => !known.has(it.row.digest))];
      this.next = answer.next;
    } catch (e) {
      if (question === this.#question) this.error = asUserError(e);
    } finally {
      this.#more = false;
      if (this.#stale) {
        this.#stale = false;
        void this.refresh();
      }
    }
  }

  #anew(answer: Answer): Answer {
    this.round += 1;
    return answer;
  }

  async #load(join: (answer: Answer) => Answer): Promise<void> {
    const question = (this.#question += 1);
    try {
      const answer = await this.#ask(null);
      if (question !== this.#question) return;
      const all = join(answer);
      this.entries = all.entries;
      this.next = all.next;
      this.unindexed = answer.unindexed;
      this.partly = answer.partly;
      this.error = null;
    } catch (e) {
      if (question !== this.#question) return;
      this.entries = [];
      this.next = null;
      this.error = asUserError(e);
    } finally {
      if (question === this.#question) this.loading = false;
    }
  }
}
