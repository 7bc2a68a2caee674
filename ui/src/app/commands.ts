// What the open sheet offers to keys and to the decision bar.

import type { Place } from "../review/layout";

export type Commands = {
  deny: () => void;
  requestChanges: () => void;
  approve: () => void;
  scroll: (by: number | "page" | "-page" | "start" | "end" | "left" | "right") => void;
  go: (place: Place) => void;
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
