// What is masked on the sheet that is open, and what of it is shown for a moment.

import type { Ipc } from "./ipc";
import type { Opened } from "./wire/Opened";
import type { SheetHead } from "./wire/SheetHead";

/** What is drawn, and how it is told of. */
type Page = {
  readonly ipc: Ipc;
  opened: Opened | null;
  /** Says what is on screen, one thing after the other. */
  screen<T>(say: () => Promise<T>): Promise<T>;
  look(): Promise<void>;
  fail(e: unknown): void;
};

export class Masks {
  /** The finding whose secret is shown for a moment. */
  revealed = $state.raw<number | null>(null);
  /** Grows whenever rows are masked otherwise than before. */
  lifts = $state(0);
  /** The sheet on which something is revealed, and its item as it is with everything masked. */
  #lifted: { sheet: string; opened: Opened } | null = null;
  /** Counts what was asked to be revealed or masked: an answer to an earlier question is late. */
  #asked = 0;
  #concealing: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly page: Page) {}

  /** What is open as it is with everything masked, while something of it is revealed. */
  get below(): Opened | null {
    return this.#lifted?.opened ?? null;
  }

  /** `next` was drawn in the place of what was open, masked. */
  redraw(next: Opened): void {
    if (!this.#lifted) return;
    this.#lifted = { ...this.#lifted, opened: next };
    void this.conceal();
  }

  /** Shows what a finding hides, and hides it again after a while or when it is asked for. */
  async reveal(finding: number): Promise<boolean> {
    const { page } = this;
    const o = page.opened;
    if (!o?.sheet) return false;
    const sheet = o.sheet.digest;
    const asked = ++this.#asked;
    const late = () => asked !== this.#asked || page.opened?.sheet?.digest !== sheet;
    // In turn with what else is said of the screen: what comes too late is hidden before the next is shown, not after.
    const shown = await page.screen(async () => {
      if (late()) return false;
      try {
        const { head, milliseconds } = await page.ipc.reveal(o.digest, sheet, [finding]);
        if (!late() && page.opened) {
          this.#lifted ??= { sheet, opened: page.opened };
          this.#head(head);
          clearTimeout(this.#concealing);
          this.#concealing = setTimeout(() => void this.conceal(), milliseconds);
          this.revealed = finding;
          this.lifts += 1;
          return true;
        }
      } catch (e) {
        page.fail(e);
      }
      // It came too late to be looked at, or nobody knows what is shown now.
      await this.#mask(sheet);
      return false;
    });
    if (shown) await page.look();
    return shown;
  }

  /** Hides it again. */
  async conceal(): Promise<void> {
    clearTimeout(this.#concealing);
    this.#asked += 1;
    if (!this.#lifted) return;
    await this.page.screen(async () => {
      if (this.#lifted) await this.#mask(this.#lifted.sheet);
    });
  }

  async #mask(sheet: string): Promise<void> {
    try {
      // First where rows come from, so that what is read from now on has it no more.
      this.#head(await this.page.ipc.conceal(sheet));
    } catch {
      // Rust hides it by itself after the same while.
    } finally {
      this.masked();
    }
  }

  /** The sheet that is drawn has everything masked. */
  masked(): void {
    clearTimeout(this.#concealing);
    this.#lifted = null;
    this.revealed = null;
    this.lifts += 1;
  }

  /** The same sheet, drawn otherwise. */
  #head(head: SheetHead): void {
    const o = this.page.opened;
    if (o?.sheet?.digest !== head.digest) return;
    // Whatever else is said of the item does not depend on what is masked.
    const { facts, hold, seal, seal_says } = o.sheet;
    this.page.opened = { ...o, sheet: { ...head, facts, hold, seal, seal_says } };
  }
}
