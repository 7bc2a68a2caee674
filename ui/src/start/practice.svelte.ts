// Practice: two real proposals, one to refuse and one to sign. This only
// watches what the person does with them and says what to look at; it presses
// nothing.

import type { Session } from "../lib/session.svelte";
import type { ItemState } from "../lib/wire/ItemState";
import type { Practice as Which } from "../lib/wire/Practice";

export type Step = "off" | "offered" | Which | "done";

export class Practice {
  step = $state<Step>("off");
  /** The proposal that is practised on. */
  digest = $state<string | null>(null);
  busy = $state(false);
  /** How the one before this ended, as long as this one is read. */
  readonly state = $derived.by((): ItemState["kind"] | null =>
    this.digest !== null && this.session.opened?.digest === this.digest ? this.session.opened.state.kind : null,
  );

  constructor(readonly session: Session) {}

  offer(): void {
    this.step = "offered";
  }
  end(): void {
    this.step = "off";
    this.digest = null;
  }
  finish(): void {
    this.step = "done";
  }

  /** Asks the gate for one and opens it. */
  async begin(which: Which): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      const digest = await this.session.ipc.practice(which);
      this.step = which;
      this.digest = digest;
      await this.session.refreshQueue();
      await this.session.nav.open(digest);
    } catch (e) {
      this.session.fail(e);
    } finally {
      this.busy = false;
    }
  }
}
