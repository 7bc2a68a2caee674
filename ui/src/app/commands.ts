// What is on screen offers to keys: the open sheet, its decision bar, a list.

import type { Place } from "../review/layout";

export type Commands = {
  deny: () => void;
  requestChanges: () => void;
  edit: () => void;
  snooze: () => void;
  approve: () => void;
  /** The next or previous finding: goes there. */
  finding: (by: 1 | -1) => void;
  /** The next that blocks and is left. */
  nextBlocking: () => void;
  acknowledge: () => void;
  /** Shows what is masked of the finding that one is at, or hides it again. */
  reveal: () => void;
  scroll: (by: number | "page" | "-page" | "start" | "end" | "left" | "right") => void;
  go: (place: Place) => void;
  /** Opens the search in the sheet, or goes back into it. */
  seek: () => void;
  /** Closes it; false when it was not open. */
  unseek: () => boolean;
  /** To the next change, or the one before. */
  change: (by: 1 | -1) => void;
  /** Opens both sides of what is in view in another program. */
  compare: () => void;
  /** The next or previous row, where the rows are not those of the queue. */
  move: (by: 1 | -1) => void;
  /** Closes one thing within the screen; false when there is none. */
  back: () => boolean;
};

export const offered: Partial<Commands> = {};

/** Offers commands until the returned function is called. */
export function offer(commands: Partial<Commands>): () => void {
  Object.assign(offered, commands);
  return () => {
    for (const name of Object.keys(commands) as (keyof Commands)[]) {
      if (offered[name] === commands[name]) delete offered[name];
    }
  };
}
