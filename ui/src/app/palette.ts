// What the palette can run. Nothing in it decides: no command here approves,
// denies or asks for changes, and a proposal that is chosen is only opened.

import type { IconName } from "../lib/Icon.svelte";
import type { CommandId } from "../lib/keymap";
import { plain } from "../lib/segments";
import type { Session } from "../lib/session.svelte";
import type { Halt } from "../lib/wire/Halt";
import type { Theme } from "../lib/wire/Theme";
import { offered } from "./commands";
import { TITLES, type Screen } from "./nav.svelte";

export type Offer = { id: string; title: string; icon: IconName; command: CommandId | null; also?: string; run: () => void };

const places: [Screen, IconName][] = [["queue", "inbox"], ["activity", "activity"], ["agents", "agents"], ["keys", "key"], ["settings", "settings"]];

/** A name of an agent is set apart, so that it does not pass for words of ours. */
const named = (halt: Halt) => {
  const name = plain(halt.what);
  return halt.scope.kind === "agent" ? `“${name}”` : name;
};

export function offers(s: Session): Offer[] {
  const out: Offer[] = [];
  const add = (id: string, title: string, icon: IconName, run: () => void, more: Partial<Offer> = {}) =>
    out.push({ id, title, icon, command: null, run, ...more });
  for (const [screen, icon] of places) {
    if (screen !== s.nav.screen) add(`go-${screen}`, `Go to ${TITLES[screen]}`, icon, () => s.nav.go(screen, true), { command: `go_${screen}`, ...(screen === "activity" ? { also: "history" } : {}) });
  }
  add("halt", "Halt…", "halt", () => (s.asking = { kind: "halt", agent: null }), { command: "halt", also: "stop everything agent pause" });
  for (const halt of s.app?.halts ?? []) {
    if (!halt.lifting) add(`lift-${halt.digest}`, `Lift the halt of ${named(halt)}…`, "halt", () => (s.asking = { kind: "lift", halt }), { also: "resume start again" });
  }
  if (s.app?.key.state === "locked") add("unlock", "Unlock the key…", "unlock", () => (s.asking = { kind: "unlock" }), { also: "passphrase sign" });
  if (s.app?.key.state === "unlocked") add("lock", "Lock the key", "lock", () => void s.attempt(() => s.ipc.lock()));
  add("backup", "Back up the key…", "several", () => (s.asking = { kind: "backup" }), { also: "copy save" });
  add("passphrase", "Change the passphrase…", "edit", () => (s.asking = { kind: "passphrase" }));
  const themes: [Theme, string][] = [["light", "Light theme"], ["dark", "Dark theme"], ["system", "System theme"]];
  for (const [theme, title] of themes) {
    if (s.preferences.values && s.preferences.values.theme !== theme) add(`theme-${theme}`, title, "theme", () => void s.preferences.set({ theme }), { also: "colour appearance" });
  }
  if (s.preferences.values) add("wrap", s.preferences.sideways ? "Wrap wide rows" : "Scroll wide rows sideways", "list", () => void s.preferences.set({ sideways: !s.preferences.sideways }), { command: "wrap", also: "long lines window width" });
  const compare = offered.compare;
  if (compare) add("compare", "Open both sides in another program", "several", compare, { command: "compare", also: "compare editor diff copies" });
  add("help", "Show keyboard shortcuts", "question", () => (s.asking = { kind: "help" }), { command: "help", also: "keyboard shortcuts help" });
  return out;
}

/** Every word of the query begins a word of the title, or of what it is also called. */
export function fits(offer: Offer, query: string): boolean {
  const words = `${offer.title} ${offer.also ?? ""}`.toLowerCase().split(/[^\p{L}\p{N}]+/u);
  return query.toLowerCase().split(/\s+/).filter(Boolean).every((part) => words.some((word) => word.startsWith(part)));
}
