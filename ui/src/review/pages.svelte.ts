// Rows of one sheet, fetched in pages and kept while they are near.

import type { Ipc } from "../lib/ipc";
import type { Row } from "../lib/wire/Row";

const PAGE = 200;
const KEEP = 24;

export class Pages {
  /** Grows when a page arrives, so that the list is drawn again. */
  version = $state(0);
  #pages = new Map<string, Row[] | "asked">();

  constructor(
    readonly sheet: string,
    readonly ipc: Pick<Ipc, "rows">,
    readonly fail: (e: unknown) => void,
  ) {}

  row(document: number, row: number): Row | undefined {
    const page = this.#pages.get(`${document}:${Math.floor(row / PAGE)}`);
    return Array.isArray(page) ? page[row % PAGE] : undefined;
  }

  /** Sees to it that a row is on its way. */
  want(document: number, row: number): void {
    const page = Math.floor(row / PAGE);
    const key = `${document}:${page}`;
    if (this.#pages.has(key)) return;
    this.#pages.set(key, "asked");
    this.ipc.rows(this.sheet, document, page * PAGE, PAGE).then(
      (rows) => {
        this.#pages.set(key, rows);
        for (const old of this.#pages.keys()) {
          if (this.#pages.size <= KEEP) break;
          if (old !== key) this.#pages.delete(old);
        }
        this.version += 1;
      },
      (e: unknown) => {
        // Stays unread and uncounted; the next scroll asks again.
        this.#pages.delete(key);
        this.fail(e);
      },
    );
  }
}
