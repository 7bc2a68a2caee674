// What a person set, kept one change after the other.

import { asUserError } from "../lib/errors";
import type { Ipc } from "../lib/ipc";
import { keymap } from "../lib/keymap";
import { Order } from "../lib/order";
import type { Preferences as Values } from "../lib/wire/Preferences";
import type { UserError } from "../lib/wire/UserError";

export class Preferences {
  /** Absent until they were read, and where they cannot be. */
  values = $state.raw<Values | null>(null);
  fault = $state.raw<UserError | null>(null);
  readonly keys = $derived(keymap(this.values?.keys ?? {}));
  readonly singleKeys = $derived(this.values?.single_keys ?? true);
  readonly sideways = $derived(this.values?.sideways ?? false);
  readonly #order = new Order();
  #last: Promise<unknown> = Promise.resolve();

  /** `kept`: what follows from a change that was kept. */
  constructor(
    readonly ipc: Pick<Ipc, "preferences" | "setPreferences">,
    readonly kept: () => Promise<void>,
    readonly fail: (e: unknown) => void,
  ) {}

  async refresh(): Promise<void> {
    const question = this.#order.ask();
    try {
      const values = await this.ipc.preferences();
      if (!this.#order.takes(question)) return await this.refresh();
      this.values = values;
      this.fault = null;
    } catch (e) {
      // The usual ones hold; the page of settings says why.
      this.fault = asUserError(e);
    }
  }

  /** Keeps a change of what is set. True when it was kept. */
  set(change: Partial<Values>): Promise<boolean> {
    const kept = this.#last.then(() => this.#set(change));
    this.#last = kept;
    return kept;
  }

  async #set(change: Partial<Values>): Promise<boolean> {
    if (!this.values) return false;
    const before = this.values;
    this.values = { ...before, ...change };
    try {
      this.values = await this.ipc.setPreferences(this.values);
      // The next change starts from this one, not from what was read before it.
      this.#order.overtake();
      await this.kept();
      return true;
    } catch (e) {
      this.values = before;
      this.fail(e);
      return false;
    }
  }
}
