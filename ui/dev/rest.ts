// What the stand-in answers outside of the sheet: history, search, agents,
// halts, preferences, what would be removed.

import type { Ipc } from "../src/lib/ipc";
import { plain } from "../src/lib/segments";
import type { AgentShown } from "../src/lib/wire/AgentShown";
import type { AppState } from "../src/lib/wire/AppState";
import type { Decided } from "../src/lib/wire/Decided";
import type { Desktop } from "../src/lib/wire/Desktop";
import type { FoundRow } from "../src/lib/wire/FoundRow";
import type { Halt } from "../src/lib/wire/Halt";
import type { HistoryFilter } from "../src/lib/wire/HistoryFilter";
import type { Preferences } from "../src/lib/wire/Preferences";
import type { QueueRow } from "../src/lib/wire/QueueRow";
import type { Removal } from "../src/lib/wire/Removal";
import type { Segment } from "../src/lib/wire/Segment";
import type { UserError } from "../src/lib/wire/UserError";
import type { AppEvent } from "../src/lib/wire/AppEvent";

import type { Item } from "./fake";
import { access, c, command, config, post, receipt, removal, t, unsealed, w } from "./samples";

const failed = (code: UserError["code"], title: string, hint: string): UserError => ({ code, title, hint, detail: null });

export const preferences = (more: Partial<Preferences> = {}): Preferences => ({
  theme: "system",
  notify: "everything",
  notify_names: true,
  quiet: null,
  close_to_tray: true,
  autostart: false,
  start_gate: true,
  single_keys: true,
  sideways: false,
  compare_with: "",
  keys: {},
  ...more,
});

export const desktop = (more: Partial<Desktop> = {}): Desktop => ({
  no_tray: null,
  no_notifications: null,
  no_lock_signals: null,
  no_autostart: null,
  comparers: [{ id: "meld", name: "Meld" }, { id: "kdiff3", name: "KDiff3" }],
  folders: ["/home/mara/.local/share/countersign", "/home/mara/.config/countersign"],
  ...more,
});

const days = (...last: number[]) => [...Array.from({ length: 30 - last.length }, (_, i) => (i * 7) % 4), ...last];

export function agents(now: number): AgentShown[] {
  const agent = (name: string, more: Partial<AgentShown>): AgentShown => ({
    id: `token:${name}`,
    gate: "home",
    name: [t(name)],
    seal: "token",
    known_by: `by a token of its own, number 4, made on 2 September`,
    only_everything: null,
    halt: null,
    first: now - 80 * 86400,
    last: now - 300,
    proposed: 46,
    waiting: 1,
    approved: 31,
    denied: 9,
    days: days(2, 0, 1, 3, 2),
    kinds: [{ kind: "post", count: 40 }, { kind: "change", count: 6 }],
    ...more,
  });
  return [
    agent("forum-helper", {}),
    agent("mail-tidy", {
      last: now - 1500, proposed: 228, waiting: 1, approved: 190, denied: 4, days: days(6, 4, 9, 5, 7, 6, 31),
      kinds: [{ kind: "change", count: 171 }, { kind: "remove", count: 52 }, { kind: "call", count: 5 }],
    }),
    agent("access-bot", { last: now - 900, proposed: 12, waiting: 1, approved: 8, denied: 3, days: days(0, 0, 1), kinds: [{ kind: "access", count: 12 }] }),
    agent("docs-agent", { last: now - 7200, proposed: 318, waiting: 0, approved: 311, denied: 2, days: days(12, 18, 9, 14, 20, 16, 18), kinds: [{ kind: "post", count: 204 }, { kind: "change", count: 114 }] }),
    agent("deploy-agent", {
      id: "uid:1000", seal: "uid", known_by: "only as a program of user mara; every program of that user looks the same to it",
      only_everything: "home tells deploy-agent from nothing else that mara runs, so a halt of it alone would stop nothing. Halt everything instead.",
      last: now - 2100, proposed: 9, approved: 6, denied: 1, days: days(1, 0, 2), kinds: [{ kind: "change", count: 9 }],
    }),
    agent("agent-<b>x</b>", {
      id: "none", seal: "none", known_by: "not at all: what it is called is what it calls itself",
      only_everything: "home does not know who sends this. Halt everything instead.",
      last: now - 86400, first: now - 86400, proposed: 1, approved: 0, denied: 0, days: days(1, 0), kinds: [{ kind: "call", count: 1 }],
    }),
  ];
}

/** Of the last days, the newest first. */
export function past(now: number, length = 240): QueueRow[] {
  const what: [QueueRow["kind"], string, Segment[], QueueRow["state"]["kind"]][] = [
    ["post", "docs-agent", [w("Post in "), t("#docs"), w(", 212 readers")], "executed"],
    ["change", "deploy-agent", [w("Change "), t("gateway.yaml"), w(" on production, 5 lines")], "denied"],
    ["run", "infra-agent", [w("Run "), t("terraform apply"), w(" in eu-2, 3 resources")], "executed"],
    ["remove", "mail-tidy", [w("Delete 37 mails for good")], "expired"],
    ["post", "forum-helper", [w("Post in "), t("#db-help"), w(", 1,204 readers")], "changes_requested"],
    ["change", "docs-agent", [w("Change "), t("index.md"), w(", 2 lines")], "executed"],
    ["access", "access-bot", [w("Open "), t("Q3 numbers"), w(" to "), t("finance-all")], "failed"],
    ["call", "crm-sync", [w("Call tool "), t("update_contact")], "withdrawn"],
    ["change", "docs-agent", [w("Change "), t("guide/start.md"), w(", 14 lines")], "executed"],
  ];
  return Array.from({ length }, (_, i): QueueRow => {
    const [kind, agent, action, state] = what[i % what.length] ?? what[0] as (typeof what)[number];
    const at = now - 1800 - i * 3100;
    return { digest: (i + 4096).toString(16).padStart(64, "0"), kind, agent: [t(agent)], action, expires: at + 86400, at, marks: [], state: done(state, at) };
  });
}
function done(kind: QueueRow["state"]["kind"], at: number): QueueRow["state"] {
  return (kind === "withdrawn" ? { kind, at, why: null } : kind === "executed" ? { kind, at, exit: null } : { kind, at }) as QueueRow["state"];
}

const wanted: Record<HistoryFilter, (row: QueueRow) => boolean> = {
  all: () => true,
  approved: (row) => ["executed", "signed", "delivered", "released", "failed", "refused", "unknown", "resolved"].includes(row.state.kind),
  denied: (row) => ["denied", "changes_requested"].includes(row.state.kind),
  failed: (row) => ["failed", "refused", "unknown"].includes(row.state.kind),
  expired: (row) => ["expired", "withdrawn", "superseded", "halted"].includes(row.state.kind),
  evidence: (row) => row.state.kind === "evidence",
};

type Stage = { state: () => AppState; change: (next: Partial<AppState>) => AppState; emit: (event: AppEvent) => void; rows: () => QueueRow[]; pass: string };
type Names = "queuePage" | "history" | "search" | "snooze" | "unsnooze" | "agents" | "halt" | "dismissClock" | "practice" | "wanted" | "preferences" | "setPreferences" | "desktop" | "tryNotification" | "removal" | "removeAll" | "lift";

export class Rest {
  preferences = preferences();
  desktop = desktop();
  /** What somebody clicked on before the page listened. */
  wanted: AppEvent | null = null;
  agents: AgentShown[];
  past: QueueRow[];
  note: string | null = null;
  unindexed = 0;
  partly = 0;
  page = 50;
  opened = new Map<string, Item>();
  halted: { stop: Parameters<Ipc["halt"]>[0]; reason: string | null }[] = [];
  removed: string[] = [];
  snoozed: [string, number | null][] = [];
  practised: string[] = [];

  constructor(readonly stage: Stage, now = Math.floor(Date.now() / 1000)) {
    this.agents = agents(now);
    this.past = past(now);
  }

  /** Everything that was ever seen, the newest first. */
  all(): QueueRow[] {
    return [...this.stage.rows(), ...this.past].sort((a, b) => b.at - a.at);
  }
  /** Any of the past, opened; made when it is asked for. */
  item(digest: string): Item | undefined {
    const row = this.past.find((it) => it.digest === digest);
    if (!row || this.opened.has(digest)) return this.opened.get(digest);
    const item = { post, change: config, access, remove: () => removal(37), run: command, call: unsealed, several: command, evidence: command }[row.kind]();
    const answered = row.state.kind === "denied" || row.state.kind === "changes_requested";
    item.opened = {
      ...item.opened, digest, state: row.state, created: row.at, supersedes: null,
      decision: row.state.kind === "expired" || row.state.kind === "withdrawn" ? null : { verdict: answered ? "deny" : "approve", by: "Mara Lindt", at: row.at, comment: answered ? [[t("Answers from memory, no source.")]] : null, digest: "d".repeat(64), amended: false },
      receipt: row.state.kind === "executed" ? receipt("done", "exit status 0") : row.state.kind === "failed" ? receipt("failed", "exit status 23") : null,
    };
    this.opened.set(digest, item);
    return item;
  }
  #pages<T>(rows: T[], after: string | null): { rows: T[]; next: string | null } {
    const from = after === null ? 0 : Number(after);
    return { rows: rows.slice(from, from + this.page), next: from + this.page < rows.length ? String(from + this.page) : null };
  }
  #found(row: QueueRow, text: string): FoundRow | null {
    const cut = (whole: string, place: string): FoundRow | null => {
      const at = whole.toLowerCase().indexOf(text.toLowerCase());
      if (at < 0) return null;
      return { row, place, excerpt: [t(whole.slice(0, at)), c(whole.slice(at, at + text.length)), t(whole.slice(at + text.length))] };
    };
    return cut(plain(row.action), "what it would do") ?? cut(plain(row.agent), "the agent") ?? (row.kind === "post" ? cut("answers from memory, no source given for the retention of the March run", "your comment") : null);
  }
  halt(scope: Halt["scope"], what: string, reason: string | null): Halt {
    return { digest: `${this.stage.state().halts.length + 1}`.repeat(64).slice(0, 64), at: Math.floor(Date.now() / 1000), what: scope.kind === "agent" ? [t(what)] : [w(what)], scope, own: true, by: [], obeyed: false, why: reason ? [t(reason)] : [], lifting: false, voided: 3 };
  }
  #made = (title: string, hint: string): Decided => ({ digest: "d".repeat(64), title, hint });

  ipc: Pick<Ipc, Names> = {
    queuePage: async () => ({ rows: [], next: null }),
    history: async (filter, after) => this.#pages(this.all().filter(wanted[filter]), after),
    search: async (text, after) => ({
      ...this.#pages(this.all().flatMap((row) => this.#found(row, text) ?? []), after),
      unindexed: this.unindexed,
      partly: this.partly,
    }),
    snooze: async (proposal, until) => {
      this.snoozed.push([proposal, until]);
      return this.#made("Snoozed.", "It comes back by itself.");
    },
    unsnooze: async (proposal) => {
      this.snoozed.push([proposal, null]);
      return this.#made("Back in the queue.", "");
    },
    agents: async () => ({ agents: this.agents, note: this.note }),
    halt: async (stop, reason) => {
      const agent = stop.kind === "agent" ? this.agents.find((it) => it.id === stop.agent) : undefined;
      if (stop.kind === "agent" && (!agent || agent.only_everything)) throw failed("only_everything", "This agent cannot be halted alone.", "Nothing was halted. Halt everything instead.");
      this.halted.push({ stop, reason });
      const made = this.halt(stop.kind === "agent" ? { kind: "agent", agent: stop.agent } : { kind: "everything" }, agent ? plain(agent.name) : "everything", reason);
      if (agent) this.agents = this.agents.map((it) => (it.id === agent.id ? { ...it, halt: made.digest } : it));
      this.stage.change({ halts: [made, ...this.stage.state().halts] });
      return this.#made(agent ? `${plain(agent.name)} is halted.` : "Everything is halted.", "Nothing it proposes can run. 3 proposals were withdrawn.");
    },
    lift: async (halt, passphrase) => {
      if (passphrase !== this.stage.pass) throw failed("wrong_passphrase", "The passphrase is wrong.", "Nothing was lifted.");
      this.stage.change({ halts: this.stage.state().halts.map((it) => (it.digest === halt ? { ...it, lifting: true } : it)) });
      return this.#made("The halt is lifted.", "The gate confirms when it has read it.");
    },
    dismissClock: async () => this.stage.change({ clock_jump: null }),
    practice: async (what) => {
      this.practised.push(what);
      return this.stage.rows()[0]?.digest ?? "";
    },
    preferences: async () => (this.preferences = { ...this.preferences, theme: this.stage.state().theme }),
    setPreferences: async (next) => {
      this.preferences = structuredClone(next);
      this.stage.change({ theme: next.theme });
      return this.preferences;
    },
    desktop: async () => this.desktop,
    wanted: async () => {
      const wanted = this.wanted;
      this.wanted = null;
      return wanted;
    },
    tryNotification: async () => this.#made("One notification was shown.", "It says what they all say: who and what kind, never the content."),
    removal: async (): Promise<Removal> => ({
      items: [
        { what: "Proposals, decisions and receipts", place: "/home/mara/.local/share/countersign/app/store.db", size: 48_234_496 },
        { what: "Contents of proposals", place: "/home/mara/.local/share/countersign/app/contents", size: 312_800_112 },
        { what: "Your key", place: "the keyring of this system", size: 412 },
        { what: "The key of this device", place: "the keyring of this system", size: 96 },
        { what: "Settings", place: "/home/mara/.config/countersign/preferences.json", size: 640 },
      ],
      stays: ["The gate home, its key and its log: it is a program of its own. Remove it with `countersign gate remove`.", "Backups of your key that you saved elsewhere."],
      words: "remove everything",
    }),
    removeAll: async (words) => {
      if (words.trim().toLowerCase() !== "remove everything") throw failed("not_understood", "The words differ.", "Nothing was removed.");
      this.removed.push(words);
      this.stage.emit({ kind: "removed" });
    },
  };
}
