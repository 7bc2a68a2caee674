// Rows of one sheet, fetched in pages and kept while they are near.

import type { Ipc } from "../lib/ipc";
import type { Row } from "../lib/wire/Row";
import { fetchPage, type Paged } from "./paged";

/** Between folds a few rows are drawn of each page, and all of it is read. */
const PAGE = 64;
const KEEP = 80;

export class Pages {
  /** Grows when a page arrives, so that the list is drawn again. */
  version = $state(0);
  /** In how many columns rows are cut into lines; 0: not at all. */
  #columns = 0;
  #pages: Paged<Row[][]> = new Map();

  constructor(
    readonly sheet: string,
    readonly ipc: Pick<Ipc, "rows" | "lines">,
    readonly fail: (e: unknown) => void,
  ) {}

  /** A row, or the first of its lines. */
  row(document: number, row: number): Row | undefined {
    return this.lines(document, row)?.[0];
  }

  /** The lines of a row, one where it is whole. */
  lines(document: number, row: number): Row[] | undefined {
    const page = this.#pages.get(`${document}:${Math.floor(row / PAGE)}`);
    return Array.isArray(page) ? page[row % PAGE] : undefined;
  }

  /** From now on rows are cut for so many columns. */
  cut(columns: number): void {
    if (columns === this.#columns) return;
    this.#columns = columns;
    this.#pages = new Map();
    this.version += 1;
  }

  /** Sees to it that a row is on its way. */
  want(document: number, row: number): void {
    const page = Math.floor(row / PAGE);
    const pages = this.#pages;
    const ask = () => this.#ask(document, page * PAGE);
    fetchPage(pages, `${document}:${page}`, KEEP, ask, () => this.#came(pages), this.fail);
  }

  /** Reads anew what is here; it stays until what comes in its place is here. */
  async again(): Promise<void> {
    // What is on its way from before comes too late.
    const pages: Paged<Row[][]> = new Map([...this.#pages].filter(([, page]) => page !== "asked"));
    this.#pages = pages;
    const known = [...pages.keys()];
    await Promise.all(
      known.map(async (key) => {
        const [document = 0, page = 0] = key.split(":").map(Number);
        try {
          pages.set(key, await this.#ask(document, page * PAGE));
        } catch (e) {
          // Nothing that was revealed stays because it could not be read again.
          pages.delete(key);
          this.fail(e);
        }
      }),
    );
    if (known.length > 0) this.#came(pages);
  }

  #came(pages: Paged<Row[][]>): void {
    if (pages === this.#pages) this.version += 1;
  }

  async #ask(document: number, from: number): Promise<Row[][]> {
    if (this.#columns > 0) return this.ipc.lines(this.sheet, document, from, PAGE, this.#columns);
    return (await this.ipc.rows(this.sheet, document, from, PAGE)).map((row) => [row]);
  }
}
