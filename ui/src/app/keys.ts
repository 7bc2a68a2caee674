// Keys of the whole window. None signs by itself: approving takes Ctrl or Cmd
// with Enter, and only a Ctrl or Cmd that went down while this very sheet was
// armed with nothing over it.

import { find, type CommandId } from "../lib/keymap";
import type { Session } from "../lib/session.svelte";
import { offered } from "./commands";
import type { Screen } from "./nav.svelte";

// Ctrl and Cmd that went down here, and which of the session's shows was armed then.
const down = new Map<string, number>();
/** How long the key that goes waits for the one that says where, in milliseconds. */
const WAIT = 2000;
let going: ReturnType<typeof setTimeout> | undefined;

const isText = (t: EventTarget | null) =>
  t instanceof HTMLElement && (t.isContentEditable || t.matches("input:not([type=checkbox], [type=radio]), textarea, select"));
const modal = (session: Session) => session.asking !== null || document.querySelector("dialog[open], [data-menu]") !== null;

export function windowKeys(session: Session, e: KeyboardEvent): void {
  if (e.defaultPrevented || e.isComposing) return;
  if (e.key === "Control" || e.key === "Meta") {
    if (e.repeat) return;
    if (session.answers && !modal(session)) down.set(e.key, session.shows);
    else down.delete(e.key);
    return;
  }
  const control = e.ctrlKey || e.metaKey;
  if (session.app?.stage !== "ready" || session.removed) return;
  if (control && !e.altKey && !e.shiftKey && e.key.toLowerCase() === "k") {
    e.preventDefault();
    if (!e.repeat && !modal(session)) session.asking = { kind: "palette" };
    return;
  }
  if (modal(session)) return;
  if (control && !e.altKey && !e.shiftKey && e.key.toLowerCase() === "f" && offered.seek) {
    e.preventDefault();
    if (!e.repeat) offered.seek();
    return;
  }
  if (e.key === "F1") {
    e.preventDefault();
    session.asking = { kind: "help" };
    return;
  }
  if (e.key === "Escape") return escape(session, e);
  if (isText(e.target)) return;

  if (e.key === "Enter" && control) {
    e.preventDefault();
    const fresh = (e.ctrlKey && down.get("Control") === session.shows) || (e.metaKey && down.get("Meta") === session.shows);
    if (session.answers && fresh && !e.repeat && !e.altKey && !e.shiftKey) offered.approve?.();
    return;
  }
  if (control || e.altKey) return;

  const command = session.preferences.singleKeys ? single(session, e) : undefined;
  const run = command ?? moving(e);
  if (run) {
    e.preventDefault();
    run();
  }
}

/** The key that goes waits for one more, and swallows one that leads nowhere. */
function single(session: Session, e: KeyboardEvent): (() => void) | undefined {
  if (session.nav.going) {
    if (e.key === "Shift") return undefined;
    pause(session);
    // What types nothing does what it always does.
    if (e.key.length > 1) return undefined;
    const to = find(session.preferences.keys, e.key, "go");
    return to && !e.repeat ? () => session.nav.go(to.slice(3) as Screen, true) : () => {};
  }
  const id = find(session.preferences.keys, e.key, null);
  return id === null ? undefined : plain(session, id, e.repeat);
}

function plain(session: Session, id: CommandId, repeat: boolean): (() => void) | undefined {
  const decides = session.answers && !repeat;
  switch (id) {
    case "next":
      return () => (offered.move ?? ((by) => session.move(by)))(1);
    case "previous":
      return () => (offered.move ?? ((by) => session.move(by)))(-1);
    case "deny":
      return decides ? offered.deny : undefined;
    case "request_changes":
      return decides ? offered.requestChanges : undefined;
    case "edit":
      return decides ? offered.edit : undefined;
    case "snooze":
      return decides ? offered.snooze : undefined;
    case "next_change":
      return offered.change && (() => offered.change?.(1));
    case "previous_change":
      return offered.change && (() => offered.change?.(-1));
    case "next_finding":
      return offered.finding && (() => offered.finding?.(1));
    case "previous_finding":
      return offered.finding && (() => offered.finding?.(-1));
    case "acknowledge":
      return decides ? offered.acknowledge : undefined;
    case "reveal":
      return repeat ? undefined : offered.reveal;
    case "wrap":
      return repeat ? undefined : () => void session.preferences.set({ sideways: !session.preferences.sideways });
    case "compare":
      return repeat ? undefined : offered.compare;
    case "search":
      return () => (session.asking = { kind: "palette" });
    case "halt":
      return repeat ? undefined : () => (session.asking = { kind: "halt", agent: null });
    case "help":
      return () => (session.asking = { kind: "help" });
    case "go":
      return () => {
        session.nav.going = true;
        going = setTimeout(() => pause(session), WAIT);
      };
    default:
      return undefined;
  }
}
function pause(session: Session): void {
  clearTimeout(going);
  session.nav.going = false;
}

/** Keys that move are the same for everybody. */
function moving(e: KeyboardEvent): (() => void) | undefined {
  const onControl = e.target instanceof HTMLElement && e.target.matches("button, a, summary, input");
  const scroll = offered.scroll;
  if (!scroll || (e.target instanceof HTMLElement && e.target.matches("[type=radio]"))) return undefined;
  switch (e.key) {
    case "ArrowDown":
      return () => scroll(3);
    case "ArrowUp":
      return () => scroll(-3);
    case "ArrowLeft":
      return () => scroll("left");
    case "ArrowRight":
      return () => scroll("right");
    case "PageDown":
      return () => scroll("page");
    case "PageUp":
      return () => scroll("-page");
    case " ":
      return onControl ? undefined : () => scroll(e.shiftKey ? "-page" : "page");
    case "Home":
      return () => scroll("start");
    case "End":
      return () => scroll("end");
    default:
      return undefined;
  }
}

/** Back: out of what waits, out of a field, out of the drawer, out of an item, to the screen before. */
function escape(session: Session, e: KeyboardEvent): void {
  const nav = session.nav;
  if (nav.going) return pause(session);
  if (isText(e.target) && e.target instanceof HTMLElement) {
    if (!e.target.closest("form, [data-keeps]")) e.target.blur();
    return;
  }
  if (nav.drawer) {
    nav.drawer = false;
    return;
  }
  if (offered.unseek?.() || offered.back?.()) return;
  nav.back();
}

/** A modifier that went up, or a window that lost the keyboard, starts anew. */
export function releaseKeys(session: Session, e?: KeyboardEvent): void {
  if (e) down.delete(e.key);
  else {
    down.clear();
    pause(session);
  }
}
