// Views of documents beside their rows: which are open, and what is in them.
// They stand above the rows and take nothing away from them.

import type { Crossed, Ipc } from "../lib/ipc";
import type { Also } from "../lib/wire/Also";
import type { Pictured } from "../lib/wire/Pictured";

/** The height of a view, in pixels. */
export const high = (also: Also | null): number => (also === "picture" ? 400 : 320);

export class Besides {
  /** Grows when one arrives. */
  version = $state(0);
  #open = $state.raw<ReadonlySet<number>>(new Set());
  #pages = new Map<string, string | "asked">();
  #pictures = new Map<string, Crossed | "asked">();

  constructor(
    readonly proposal: string,
    readonly sheet: string,
    readonly ipc: Pick<Ipc, "rendered" | "picture">,
    readonly fail: (e: unknown) => void,
  ) {}

  open(document: number): boolean {
    return this.#open.has(document);
  }
  show(document: number, open: boolean): void {
    const next = new Set(this.#open);
    if (open) next.add(document);
    else next.delete(document);
    this.#open = next;
    // Pixels are kept for what is open.
    if (!open) for (const key of this.#pictures.keys()) if (key.startsWith(`${document}:`)) this.#pictures.delete(key);
  }

  /** The page of a rendered document, as soon as it is here. */
  page(document: number, dark: boolean): string | null {
    const key = `${document}:${dark}`;
    const page = this.#pages.get(key);
    if (page === undefined) {
      this.#pages.set(key, "asked");
      this.ipc.rendered(this.proposal, this.sheet, document, dark).then(
        (page) => {
          this.#pages.set(key, page);
          this.version += 1;
        },
        (e: unknown) => {
          // Asked again when it is opened again.
          this.#pages.delete(key);
          this.show(document, false);
          this.fail(e);
        },
      );
    }
    return page === undefined || page === "asked" ? null : page;
  }

  /** A picture, as soon as it is here. */
  picture(document: number, which: Pictured): Crossed | null {
    const key = `${document}:${which}`;
    const picture = this.#pictures.get(key);
    if (picture === undefined && this.#open.has(document)) {
      this.#pictures.set(key, "asked");
      this.ipc.picture(this.proposal, this.sheet, document, which).then(
        (picture) => {
          if (!this.#open.has(document)) return;
          this.#pictures.set(key, picture);
          this.version += 1;
        },
        (e: unknown) => {
          this.show(document, false);
          this.fail(e);
        },
      );
    }
    return picture === undefined || picture === "asked" ? null : picture;
  }
}
