// Where one is in the window, and the way back.

import type { Session } from "../lib/session.svelte";
import type { HistoryFilter } from "../lib/wire/HistoryFilter";

export type Screen = "queue" | "activity" | "agents" | "keys" | "settings";

export const TITLES: Record<Screen, string> = {
  queue: "Queue", activity: "Activity", agents: "Agents", keys: "Keys", settings: "Settings",
};

export class Nav {
  screen = $state<Screen>("queue");
  /** The key that goes was pressed: the next one says where. */
  going = $state(false);
  /** The queue's drawer, where there is no room beside the sheet. */
  drawer = $state(false);
  /** What Activity shows. */
  filter = $state<HistoryFilter>("all");
  query = $state("");
  /** Which agent is looked at. */
  agent = $state<string | null>(null);

  #way: Screen[] = [];
  #kept: Partial<Record<Screen, string | null>> = {};

  constructor(readonly session: Session) {}

  /** Goes to a screen. `focus` puts the keyboard on its title, for who came by a key. */
  go(to: Screen, focus = false): void {
    this.drawer = false;
    if (to !== this.screen && this.session.leaves(() => this.go(to, focus))) return;
    if (to !== this.screen) {
      this.#way = [...this.#way.filter((it) => it !== to), this.screen].slice(-5);
      this.#arrive(to);
    }
    if (focus) setTimeout(() => document.querySelector<HTMLElement>("[data-title]")?.focus(), 0);
  }

  /** Goes back one screen. False when there is none. */
  back(): boolean {
    if (this.#way.length > 0 && this.session.leaves(() => this.back())) return true;
    const to = this.#way.pop();
    if (to === undefined) return false;
    this.#arrive(to);
    setTimeout(() => document.querySelector<HTMLElement>("[data-title]")?.focus(), 0);
    return true;
  }

  /** What is open belongs to a screen: it closes with it and opens with it. */
  #arrive(to: Screen): void {
    this.#kept[this.screen] = this.session.selected;
    this.screen = to;
    this.session.close();
    const open = to === "queue" || to === "activity" ? this.#kept[to] : null;
    if (open) void this.session.open(open);
    else if (to === "queue") void this.session.refreshQueue();
  }

  /** An item that somebody asked for, by a notification or the palette. */
  async open(digest: string): Promise<void> {
    this.drawer = false;
    if (this.screen !== "queue") {
      this.#kept.queue = digest;
      this.go("queue");
    } else await this.session.open(digest);
  }

  search(text: string): void {
    this.query = text;
    this.filter = "all";
    this.#kept.activity = null;
    this.go("activity", true);
  }
}
