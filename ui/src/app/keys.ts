// Keys of the whole window. None signs by itself: approving takes Ctrl or Cmd
// with Enter, and only a Ctrl or Cmd that went down while the sheet was armed.

import { offered } from "./commands";
import type { Session } from "../lib/session.svelte";

// Ctrl and Cmd that went down here, and when it was armed.
const down = new Set<string>();

const isText = (t: EventTarget | null) =>
  t instanceof HTMLElement && (t.isContentEditable || t.matches("input:not([type=checkbox]), textarea, select"));

export function decisionKeys(session: Session, e: KeyboardEvent): void {
  if (e.defaultPrevented) return;
  if (e.key === "Control" || e.key === "Meta") {
    if (session.armed && !e.repeat) down.add(e.key);
    return;
  }
  if (isText(e.target) || session.asking || document.querySelector("dialog[open], [data-menu]")) return;

  if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) {
    e.preventDefault();
    const fresh = (e.ctrlKey && down.has("Control")) || (e.metaKey && down.has("Meta"));
    if (session.armed && fresh && !e.repeat) offered.approve?.();
    return;
  }
  if (e.ctrlKey || e.metaKey || e.altKey) return;

  const command = plain(session, e);
  if (command) {
    e.preventDefault();
    command();
  }
}

function plain(session: Session, e: KeyboardEvent): (() => void) | undefined {
  const onControl = e.target instanceof HTMLElement && e.target.matches("button, a, summary, input");
  switch (e.key) {
    case "j":
      return () => session.move(1);
    case "k":
      return () => session.move(-1);
    case "d":
      return session.armed && !e.repeat ? offered.deny : undefined;
    case "r":
      return session.armed && !e.repeat ? offered.requestChanges : undefined;
    case "ArrowDown":
      return () => offered.scroll?.(3);
    case "ArrowUp":
      return () => offered.scroll?.(-3);
    case "ArrowLeft":
      return () => offered.scroll?.("left");
    case "ArrowRight":
      return () => offered.scroll?.("right");
    case "PageDown":
      return () => offered.scroll?.("page");
    case "PageUp":
      return () => offered.scroll?.("-page");
    case " ":
      return onControl ? undefined : () => offered.scroll?.(e.shiftKey ? "-page" : "page");
    case "Home":
      return () => offered.scroll?.("start");
    case "End":
      return () => offered.scroll?.("end");
    default:
      return undefined;
  }
}

/** A modifier that went up, or a window that lost the keyboard, starts anew. */
export function releaseKeys(e?: KeyboardEvent): void {
  if (e) down.delete(e.key);
  else down.clear();
}
