// Steps from change to change through the open sheet. Rust knows where they are.

import type { Ipc } from "../lib/ipc";
import type { Step } from "../lib/wire/Step";
import type { Place } from "./layout";

export class Changes {
  /** How many there are, once that is known. */
  of = $state(0);
  /** The one that was gone to last. */
  at = $state.raw<Step | null>(null);

  constructor(
    readonly sheet: string,
    readonly ipc: Pick<Ipc, "change">,
    readonly fail: (e: unknown) => void,
  ) {}

  async count(): Promise<void> {
    const step = await this.#ask({ document: 0, row: 0 }, true);
    this.of = step?.of ?? 0;
  }

  /** The one at a place or after it, or backwards the one before it. */
  async step(from: Place, by: 1 | -1): Promise<Step | null> {
    const step = await this.#ask(from, by === 1);
    if (step) {
      this.at = step;
      this.of = step.of;
    }
    return step;
  }

  /** Whether a row is of the change that was gone to last. */
  holds(document: number, row: number): boolean {
    const { at } = this;
    return at !== null && at.document === document && at.from <= row && row < at.to;
  }

  async #ask({ document, row }: Place, forward: boolean): Promise<Step | null> {
    try {
      return await this.ipc.change(this.sheet, document, row, forward);
    } catch (e) {
      this.fail(e);
      return null;
    }
  }
}
