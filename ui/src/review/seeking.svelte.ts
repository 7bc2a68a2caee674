// A text that is sought in the open sheet: at which hit one is, and what of
// the rows on screen is marked. Rust finds it; nothing here counts as displayed.

import type { Ipc } from "../lib/ipc";
import type { Hit } from "../lib/wire/Hit";
import type { HitMark } from "../lib/wire/HitMark";
import type { SeekFrom } from "../lib/wire/SeekFrom";
import type { Sought } from "../lib/wire/Sought";
import type { Place } from "./layout";
import { fetchPage, type Paged } from "./paged";

const PAGE = 200;
const KEEP = 24;
const NONE: HitMark[] = [];

export class Seeking {
  open = $state(false);
  /** What is being typed. */
  text = $state("");
  /** What Rust found of it, once it did. */
  found = $state.raw<Sought | null>(null);
  /** Grows when marks arrive, so that rows are drawn again. */
  version = $state(0);
  /** What `found` and the marks are about. */
  #sought = "";
  #next: { text: string; from: SeekFrom } | null = null;
  #asking = false;
  #pages: Paged<Map<number, HitMark[]>> = new Map();

  constructor(
    readonly sheet: string,
    readonly ipc: Pick<Ipc, "seek" | "hits">,
    readonly go: (hit: Hit) => void,
    readonly fail: (e: unknown) => void,
  ) {}

  /** The hit that one is at. */
  get at(): number | null {
    return this.open ? (this.found?.hit?.index ?? null) : null;
  }

  /** Another text: its first hit at a place or after it. */
  type(text: string, from: Place): void {
    this.text = text;
    void this.#ask(text, { kind: "row", ...from });
  }

  /** The next hit or the one before; after the last comes the first. */
  step(by: 1 | -1): void {
    const { found } = this;
    // While another text is looked for, there is no next one yet.
    if (!found?.hit || this.#sought !== this.text) return;
    void this.#ask(this.text, { kind: "hit", index: (found.hit.index + by + found.total) % found.total });
  }

  close(): void {
    this.open = false;
    this.text = "";
    this.#settle("", null);
  }

  /** What to mark in a row. */
  marks(document: number, row: number): HitMark[] {
    const page = this.#pages.get(`${document}:${Math.floor(row / PAGE)}`);
    return page instanceof Map ? (page.get(row) ?? NONE) : NONE;
  }

  /** Sees to it that the marks of a row are on their way. */
  want(document: number, row: number): void {
    if (!this.found || this.found.total === 0) return;
    const page = Math.floor(row / PAGE);
    const pages = this.#pages;
    const ask = () => this.#hits(document, page * PAGE);
    fetchPage(pages, `${document}:${page}`, KEEP, ask, () => this.#came(pages), this.fail);
  }

  async #hits(document: number, from: number): Promise<Map<number, HitMark[]>> {
    const rows = new Map<number, HitMark[]>();
    for (const mark of await this.ipc.hits(this.sheet, this.#sought, document, from, PAGE)) {
      rows.set(mark.row, [...(rows.get(mark.row) ?? []), mark]);
    }
    return rows;
  }

  /** What was sought before marks nothing any more. */
  #came(pages: Paged<Map<number, HitMark[]>>): void {
    if (pages === this.#pages) this.version += 1;
  }

  /** One question at a time, and of those that come meanwhile only the last. */
  async #ask(text: string, from: SeekFrom): Promise<void> {
    this.#next = { text, from };
    if (this.#asking) return;
    this.#asking = true;
    while (this.#next) {
      const { text, from } = this.#next;
      this.#next = null;
      try {
        const found = text === "" ? null : await this.ipc.seek(this.sheet, text, from);
        if (this.#next || !this.open || text !== this.text) continue;
        this.#settle(text, found);
        if (found?.hit) this.go(found.hit);
      } catch (e) {
        this.fail(e);
      }
    }
    this.#asking = false;
  }

  #settle(text: string, found: Sought | null): void {
    if (text !== this.#sought) this.#pages = new Map();
    this.#sought = text;
    this.found = found;
    this.version += 1;
  }
}
