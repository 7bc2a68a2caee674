// What marks in a text look like. The sheet around them says so; elsewhere there are none.

import { getContext, setContext } from "svelte";
import type { Severity } from "./wire/Severity";

export type Look = { severity: Severity; done: boolean; current: boolean; number: number };
export type Found = {
  look: (findings: readonly number[]) => Look | null;
  /** Whether one of them, and no mere note, was not displayed yet. */
  waits: (findings: readonly number[]) => boolean;
  /** Whether somebody went to one of them; each time is another. */
  visited: (findings: readonly number[]) => boolean;
};

const KEY = Symbol("found");
export const provide = (found: Found): Found => setContext(KEY, found);
/** Nothing where no sheet is around it. */
export const found = (): Found | undefined => getContext<Found | undefined>(KEY);
