// Whether a long text above the rows is shown whole: as a person wants it, but whole where something was found in it,
// at least until that was displayed, and whenever somebody goes there.

import { untrack } from "svelte";
import { found } from "../lib/found";

/** Why it cannot be shortened. */
export const HELD = "What was found in it was not displayed yet.";

export class Whole {
  readonly #found = found();
  #wanted = $state(false);
  /** Not to be shortened: what was found in it was not displayed yet. */
  readonly held = $derived.by(() => this.#found?.waits(this.findings()) ?? false);
  readonly open = $derived.by(() => this.#wanted || this.held);

  constructor(readonly findings: () => readonly number[]) {
    this.#wanted = untrack(findings).length > 0;
    $effect(() => {
      if (this.#found?.visited(this.findings())) this.#wanted = true;
    });
  }

  readonly turn = (): void => {
    this.#wanted = !this.#wanted;
  };
}
