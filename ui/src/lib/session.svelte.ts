// What the page holds between two questions to Rust: the last answers, which
// item is open, and what is asked of the person right now.
//
// It decides nothing. Whether something may be signed is in `bar`, which Rust
// computed; the guard here only keeps keys quiet while Rust would refuse.

import { getContext } from "svelte";
import { QueueList } from "../queue/list.svelte";
import { coalesce } from "./coalesce";
import type { Ipc } from "./ipc";
import type { AppEvent } from "./wire/AppEvent";
import type { AppState } from "./wire/AppState";
import type { Bar } from "./wire/Bar";
import type { Decided } from "./wire/Decided";
import type { ErrorCode } from "./wire/ErrorCode";
import type { Halt } from "./wire/Halt";
import type { NewText } from "./wire/NewText";
import type { Opened } from "./wire/Opened";
import type { Queue } from "./wire/Queue";
import type { Reason } from "./wire/Reason";
import type { SectionId } from "./wire/SectionId";
import type { Seen } from "./wire/Seen";
import type { UserError } from "./wire/UserError";
import { Nav } from "../app/nav.svelte";
import { Toasts } from "../app/toasts.svelte";
import { Preferences } from "../settings/preferences.svelte";
import { Practice } from "../start/practice.svelte";
import { asUserError, SETTLES } from "./errors";
import { Masks } from "./masks.svelte";
import { Order } from "./order";
import { painted } from "./painted";
import { plain } from "./segments";
import { count } from "./time";

export type Asking =
  | { kind: "unlock" }
  | { kind: "passphrase" }
  | { kind: "backup" }
  | { kind: "delete" }
  | { kind: "lift"; halt: Halt }
  | { kind: "halt"; agent: string | null }
  | { kind: "remove" }
  | { kind: "leave"; go: () => void }
  | { kind: "palette" }
  | { kind: "help" };

/** An answer that was begun, and what was found about an unknown outcome. */
export type Draft = { panel?: "deny" | "request_changes" | "edit" | null; comment?: string; found?: string };

/** As long as the delay that Rust keeps; keys are ignored meanwhile. */
const ARMING = 1000;

/** How long the window is kept empty for a queue that does not come; then it is drawn without. */
const PATIENCE = 500;

/** Refusals after which the item may be another one than is drawn. */
const MOVED: readonly ErrorCode[] = ["changed", "not_open", "not_found"];

const closed: Bar = {
  approve: { kind: "closed" },
  deny: false,
  request_changes: false,
  withdraw: false,
  blocking: [],
  not_displayed: [],
  masked: [],
  acknowledged: [],
  unseen: 0,
  kept: 0,
  next_unseen: null,
};

export class Session {
  app = $state.raw<AppState | null>(null);
  /** The finding that was said to be about no secret: whoever draws the sheet that says so goes on there. */
  settled: string | null = null;
  /** Why there is no state at all. */
  fault = $state.raw<UserError | null>(null);
  /** The queue as far as it is loaded. */
  readonly list: QueueList;
  /** Sections that a person closed. */
  folded = $state<Partial<Record<SectionId, boolean>>>({ snoozed: true });
  selected = $state<string | null>(null);
  opened = $state.raw<Opened | null>(null);
  /** What is selected is asked for, and was not answered yet. */
  opening = $state(false);
  bar = $state.raw<Bar>(closed);
  /** The item that is open is read together with those like it, but for these. */
  leftOut = $state.raw<readonly string[] | null>(null);
  readonly toasts = new Toasts();
  asking = $state.raw<Asking | null>(null);
  now = $state(Math.floor(Date.now() / 1000));
  armed = $state(false);
  /** What a screen reader is told of new proposals. */
  news = $state("");
  /** What is being written about an item, as long as the app runs. Asks for no drawing. */
  readonly drafts = new Map<string, Draft>();
  /** Grows with every opening by a person, so that focus moves only then. */
  visits = $state(0);
  /** How much of the sheet's bottom the toasts cover, in pixels. */
  covered = $state(0);
  /** Something lies over the sheet: what is beneath does not count as displayed. */
  veils = $state({ menu: false, drawer: false });
  /** A person asked for the queue again, and what comes of it is not shown yet. */
  reading = $state(false);
  /** Everything was removed from this machine: the app ends. */
  removed = $state(false);
  readonly preferences: Preferences;
  readonly masks = new Masks(this);
  readonly nav = new Nav(this);
  /** Two harmless proposals by which a newcomer learns. */
  readonly practice = new Practice(this);
  /** When the key locks by itself, counted from the answer that said so. */
  readonly #locksAt = $derived.by(() => {
    const seconds = this.app?.key.state === "unlocked" ? this.app.key.locks_in : null;
    return seconds === null ? null : Math.floor(Date.now() / 1000) + seconds;
  });
  readonly locksIn = $derived(this.#locksAt === null ? null : Math.max(0, this.#locksAt - this.now));

  /** Which showing of a sheet this is: grows whenever another begins, or what was on screen goes. */
  shows = 0;

  #arming: ReturnType<typeof setTimeout> | undefined;
  /** What was said last of what is on screen. */
  #said: Promise<unknown> = Promise.resolve();
  #again: ReturnType<typeof setTimeout> | undefined;
  #question = 0;
  readonly #bars = new Order();
  readonly #states = new Order();
  readonly #queues = new Order();

  /** A flood of events costs a few looks a second. */
  readonly #lookAround: () => Promise<void>;
  readonly #lookAtState: () => Promise<void>;
  readonly #lookAtItem: () => Promise<void>;
  readonly #lookAtBar: () => Promise<void>;

  constructor(readonly ipc: Ipc) {
    this.list = new QueueList(ipc, (e) => this.fail(e));
    this.preferences = new Preferences(ipc, () => this.refresh(), (e) => this.fail(e));
    this.#lookAround = coalesce(() => this.refreshQueue());
    this.#lookAtState = coalesce(() => this.refresh());
    this.#lookAtItem = coalesce(() => this.reopen());
    this.#lookAtBar = coalesce(() => this.look());
  }

  /** Something lies over the sheet: what is beneath is neither displayed nor answered. */
  get veiled(): boolean {
    return this.asking !== null || this.veils.menu || this.veils.drawer;
  }
  /** Keys that answer are heard. */
  get answers(): boolean {
    return this.armed && !this.veiled;
  }

  get queue(): Queue {
    return { sections: this.list.sections };
  }

  /** Asks for everything and keeps listening. Returns how to stop. */
  start(): () => void {
    const tick = setInterval(() => {
      this.now = Math.floor(Date.now() / 1000);
      if (this.locksIn === 0) void this.refresh();
    }, 1000);
    const focus = () => {
      if (document.visibilityState === "visible") void this.show();
    };
    window.addEventListener("focus", focus);
    document.addEventListener("visibilitychange", focus);
    let off = () => {};
    let stopped = false;
    // Listening first: what happens while the first answers travel is not missed.
    const listening = this.ipc.onEvent((event) => this.#on(event)).then((f) => (stopped ? f() : (off = f)));
    const loaded = this.#begin();
    // What somebody clicked on before the page was there comes after what it opens by itself.
    Promise.all([listening, loaded])
      .then(() => this.ipc.wanted())
      .then((wanted) => wanted !== null && !stopped && this.#on(wanted))
      // The first answer may be older than the ear.
      .then(() => (stopped ? undefined : this.#lookAround()))
      .catch((e) => this.fail(e));
    void this.preferences.refresh();
    return () => {
      stopped = true;
      off();
      clearInterval(tick);
      clearTimeout(this.#arming);
      clearTimeout(this.#again);
      window.removeEventListener("focus", focus);
      document.removeEventListener("visibilitychange", focus);
    };
  }

  #on(event: AppEvent): void {
    switch (event.kind) {
      case "queue":
        // What moved in the queue may be what is open.
        void this.#lookAround();
        void this.#lookAtItem();
        break;
      case "preferences":
        void this.preferences.refresh();
        void this.refresh();
        break;
      case "show_queue":
        this.nav.go("queue");
        void this.refreshQueue();
        break;
      case "removed":
        this.removed = true;
        break;
      case "state":
        void this.#lookAtState().then(() => this.#lookAround());
        void this.#lookAtBar();
        break;
      case "item":
        if (event.digest === this.selected) void this.#lookAtItem();
        void this.#lookAround();
        break;
      case "arming":
        void this.look();
        break;
      case "open_item":
        // A passphrase is asked for beside what is open, and not for another.
        if (event.digest !== this.selected && this.asking?.kind === "unlock") this.asking = null;
        void this.nav.open(event.digest);
        break;
    }
  }

  /**
   * What is drawn first. Both questions travel at once, and what they bring is drawn at once: to draw the window twice
   * takes longer than the way of either.
   */
  async #begin(): Promise<void> {
    const queue = this.#takeQueue();
    const late = new Promise<void>((done) => setTimeout(done, PATIENCE));
    await this.refresh(Promise.race([queue.catch(() => {}), late]));
    if (this.app?.stage !== "ready") return;
    try {
      await queue;
      // The queue is drawn, and answers, before the work of a sheet begins.
      await this.#openFirst(painted());
    } catch (e) {
      this.fail(e);
    }
  }

  /** Takes the state, but not `before` something else is there. */
  async refresh(before?: Promise<void>): Promise<void> {
    const question = this.#states.ask();
    try {
      const app = await this.ipc.state();
      await before;
      if (!this.#states.takes(question)) return await this.refresh();
      this.#takeState(app);
    } catch (e) {
      if (this.app) this.fail(e);
      else this.fault = asUserError(e);
    }
  }

  #takeState(app: AppState): void {
    // What was asked before there was a key and a gate says nothing of now.
    const begins = this.app !== null && this.app.stage !== "ready" && app.stage === "ready";
    if (begins) {
      this.list.forget();
      this.#queues.overtake();
    }
    this.app = app;
    this.fault = null;
    if (begins) void this.#lookAround();
  }

  async refreshQueue(): Promise<void> {
    await this.#readQueue();
  }

  /** Whether it was read. */
  async #readQueue(): Promise<boolean> {
    if (this.app?.stage !== "ready") return false;
    try {
      await this.#takeQueue();
      await this.#openFirst();
      return true;
    } catch (e) {
      this.fail(e);
      return false;
    }
  }

  /** Reads the queue because a person asked for it, and tells a screen reader what came of it. */
  async readAgain(): Promise<void> {
    if (this.reading) return;
    this.reading = true;
    try {
      await this.refresh();
      if (!(await this.#readQueue())) return;
    } finally {
      this.reading = false;
    }
    const waits = this.list.part("waiting")?.total ?? 0;
    this.news = waits === 0 ? "The queue was read. Nothing waits." : `The queue was read. ${count(waits, "waits", "wait")}.`;
  }

  /** What the first answer brings is no news. */
  async #takeQueue(): Promise<void> {
    const question = this.#queues.ask();
    let answer: Queue;
    try {
      answer = await this.ipc.queue();
    } catch (e) {
      if (this.#queues.isLatest(question)) this.list.miss();
      throw e;
    }
    if (!this.#queues.takes(question)) return await this.#takeQueue();
    const first = !this.list.known;
    const before = new Set(waiting(this.queue).map((row) => row.digest));
    const fresh = waiting(answer).filter((row) => !before.has(row.digest));
    this.list.take(answer);
    const [one] = fresh;
    if (first || !one) return;
    this.news = fresh.length === 1 ? `New proposal: ${plain(one.agent)} ${plain(one.action)}` : `${fresh.length} new proposals`;
  }

  async #openFirst(when?: Promise<void>): Promise<void> {
    const [one] = waiting(this.queue);
    if (this.nav.screen === "queue" && this.selected === null && one) await this.open(one.digest, when);
  }

  /** Opens an item because a person asked for it; shows it `when` it is time. */
  async open(digest: string, when?: Promise<void>): Promise<void> {
    if (digest === this.selected && this.opened?.digest === digest) return void this.look();
    if (this.leaves(() => void this.open(digest, when))) return;
    this.leftOut = null;
    this.#leave();
    this.selected = digest;
    this.toasts.goOn();
    await this.#load(digest, true, when);
    this.visits += 1;
  }

  /** Reads what is selected together with those like it, but for some; `null` is alone again. */
  async together(leftOut: readonly string[] | null): Promise<void> {
    const { selected } = this;
    if (selected === null || this.leaves(() => void this.together(leftOut))) return;
    this.leftOut = leftOut;
    await this.#load(selected, true);
    this.visits += 1;
  }

  /** An item, or it and those like it where they are read together and there still are any. */
  async #item(digest: string): Promise<Opened> {
    if (this.leftOut !== null) {
      const group = await this.ipc.together(digest, [...this.leftOut]);
      if (group) return group;
      this.leftOut = null;
    }
    return await this.ipc.open(digest);
  }

  /** Whether a person would go away from what they changed and did not sign: then they are asked, and `go` comes later. */
  leaves(go: () => void): boolean {
    const changed = this.opened?.amended != null && this.opened.state.kind === "waiting";
    if (changed) this.asking = { kind: "leave", go };
    return changed;
  }

  /** What is open is the agent's version again. */
  async dropChanges(): Promise<boolean> {
    const { opened } = this;
    if (!opened) return true;
    this.draft(opened.digest, { panel: null });
    return this.edit(opened.digest, []);
  }

  /** What is on screen is not what would be signed any more. */
  stale(): void {
    this.armed = false;
    this.shows += 1;
    clearTimeout(this.#arming);
    this.bar = { ...this.bar, approve: { kind: "not_shown" } };
  }

  /** Puts a person's texts in place of the agent's, and shows what comes of it. */
  async edit(digest: string, texts: NewText[]): Promise<boolean> {
    const question = ++this.#question;
    try {
      const next = await this.ipc.edit(digest, texts);
      if (question !== this.#question || this.selected !== digest) return true;
      this.#bars.overtake();
      this.#draw(next);
      await this.show();
      return true;
    } catch (e) {
      this.fail(e);
      if (this.selected === digest) await this.reopen();
      return false;
    }
  }

  /** How to close what is asked for now; another that is asked for by then stays. */
  closing(): () => void {
    const mine = this.asking;
    return () => {
      if (this.asking === mine) this.asking = null;
    };
  }

  /** Puts away what is open. */
  close(): void {
    this.#question += 1;
    this.#leave();
    this.selected = null;
  }

  /** Says what is on screen, one thing after the other: what Rust hears last is what is so. */
  screen<T>(say: () => Promise<T>): Promise<T> {
    const answer = this.#said.then(say);
    this.#said = answer.catch(() => {});
    return answer;
  }

  /** What was on screen is not any more, and no answer about it counts. */
  #leave(): void {
    const { opened } = this;
    const sheet = opened?.sheet?.digest;
    if (opened && sheet) this.screen(() => this.ipc.hidden(opened.digest, sheet)).catch(() => {});
    void this.masks.conceal();
    this.opened = null;
    this.bar = closed;
    this.armed = false;
    this.shows += 1;
    clearTimeout(this.#arming);
    this.#bars.overtake();
  }

  /** An item comes masked, whatever was revealed of the one that it takes the place of. */
  #draw(next: Opened): void {
    this.opened = next;
    this.masks.redraw(next);
  }

  /** Asks again about the open item, keeping the view. */
  async reopen(): Promise<void> {
    if (this.selected !== null) await this.#load(this.selected, false);
  }

  async #load(digest: string, always: boolean, when?: Promise<void>): Promise<void> {
    const question = ++this.#question;
    this.opening = true;
    try {
      const next = await this.#item(digest);
      await when;
      if (question !== this.#question) return;
      // Another item than the one on screen: what was said of that one is over.
      if (this.opened && this.opened.digest !== next.digest) this.#leave();
      // What is revealed of it makes it no other item, and stays drawn.
      const drawn = this.masks.below ?? this.opened;
      const same = JSON.stringify(next) === JSON.stringify(drawn);
      // What was said of the time before the receipt is over.
      if (next.receipt && this.opened && !this.opened.receipt) this.toasts.goOn();
      if (!always && same) {
        if (!this.masks.below) this.opened = next;
        return await this.look();
      }
      this.#draw(next);
      await this.show();
    } catch (e) {
      if (question !== this.#question) return;
      this.#leave();
      if (asUserError(e).code === "not_found") this.selected = null;
      this.fail(e);
    } finally {
      if (question === this.#question) this.opening = false;
    }
  }

  /** Tells Rust that the sheet is on screen now: arming begins. */
  async show(): Promise<void> {
    const o = this.opened;
    if (!o) return;
    this.armed = false;
    this.shows += 1;
    clearTimeout(this.#arming);
    this.#arming = setTimeout(() => (this.armed = true), ARMING);
    if (!o.sheet) {
      // Contents are missing: nothing to sign, but no reason to be unable to refuse.
      this.bar = { ...closed, deny: o.state.kind === "incomplete" };
      return;
    }
    // Below a dialog it is not on screen, and what is typed there is not typed before it: it is shown when that closes.
    if (this.veiled) return await this.look();
    const sheet = o.sheet.digest;
    await this.#ask(o.digest, () => this.screen(() => this.ipc.shown(o.digest, sheet)));
  }

  /** Asks what may be done, without a new arming. */
  async look(): Promise<void> {
    const o = this.opened;
    if (!o?.sheet) return;
    const sheet = o.sheet.digest;
    await this.#ask(o.digest, () => this.ipc.bar(o.digest, sheet));
  }

  /** Reports rows that were on screen long enough, and findings of which a mark above the rows was. */
  async seen(sheet: string, ranges: Seen[], findings: number[] = []): Promise<void> {
    const o = this.opened;
    if (!o?.sheet || o.sheet.digest !== sheet || ranges.length + findings.length === 0) return;
    await this.#ask(o.digest, () => this.ipc.seen(o.digest, sheet, ranges, findings));
  }

  /** Takes note of a finding, or no longer. What Rust said against it, if it did. */
  async acknowledge(finding: string, reason: Reason | null): Promise<UserError | null> {
    const o = this.opened;
    if (!o?.sheet) return null;
    const sheet = o.sheet.digest;
    try {
      await this.ipc.acknowledge(o.digest, sheet, finding, reason);
      return null;
    } catch (e) {
      return asUserError(e);
    } finally {
      await this.look();
    }
  }

  /**
   * What a finding found is no secret where it goes. The sheet that says so comes in the place of this one. What Rust
   * said against it, if it did and the item is as it was.
   */
  async noSecret(finding: string): Promise<UserError | null> {
    const o = this.opened;
    if (!o?.sheet) return null;
    const question = ++this.#question;
    try {
      const next = await this.ipc.noSecret(o.digest, o.sheet.digest, finding);
      if (question !== this.#question || this.selected !== o.digest) return null;
      this.#bars.overtake();
      this.masks.masked();
      this.settled = finding;
      this.opened = next;
      await this.show();
      this.say("Not a secret here: remembered.", "Anywhere else it counts as one. Settings, Findings lists it and takes it back.");
      return null;
    } catch (e) {
      const error = asUserError(e);
      const gone = this.selected !== o.digest;
      const moved = MOVED.includes(error.code);
      if (gone || moved) this.fail(error);
      if (gone) return null;
      // An item that was on its way when this was asked does not come any more.
      const missed = this.opening && question === this.#question;
      await (moved || missed ? this.reopen() : this.look());
      return moved ? null : error;
    }
  }

  /** Counts whether a finding was of use. True when it was counted. */
  async judge(finding: string, useful: boolean): Promise<boolean> {
    const o = this.opened;
    if (!o?.sheet) return false;
    try {
      await this.ipc.judge(o.digest, o.sheet.digest, finding, useful);
      return true;
    } catch (e) {
      this.fail(e);
      return false;
    }
  }

  async #ask(digest: string, question: () => Promise<Bar>): Promise<void> {
    const asked = this.#bars.ask();
    try {
      const bar = await question();
      if (this.opened?.digest !== digest) return;
      // The answer to a later question may not know of this one.
      if (!this.#bars.takes(asked)) return await this.look();
      this.bar = bar;
      clearTimeout(this.#again);
      if (bar.approve.kind === "arming") {
        this.#again = setTimeout(() => void this.look(), bar.approve.milliseconds + 20);
      }
    } catch (e) {
      if (this.opened?.digest !== digest) return;
      switch (asUserError(e).code) {
        // The item changed between show and question: the event that says so is on its way,
        // and until then nothing can be answered.
        case "changed":
        case "not_open":
        case "not_shown":
        case "not_armed":
        case "key_locked":
          this.bar = { ...this.bar, approve: { kind: "not_shown" } };
          clearTimeout(this.#again);
          this.#again = setTimeout(() => void this.reopen(), 1000);
          break;
        default:
          this.fail(e);
      }
    }
  }

  /** Runs something that answers with what was made. True when it went through. */
  async act(what: () => Promise<Decided>): Promise<boolean> {
    try {
      const made = await what();
      // The last thing done is what is said.
      this.toasts.goOn();
      this.say(made.title, made.hint);
      await Promise.all([this.reopen(), this.refreshQueue(), this.refresh()]);
      return true;
    } catch (e) {
      this.fail(e);
      await this.reopen();
      return false;
    }
  }

  /** Runs something that answers with the new state. Throws what Rust threw. */
  async change(what: () => Promise<AppState>): Promise<void> {
    const question = this.#states.ask();
    const app = await what();
    if (this.#states.takes(question)) this.#takeState(app);
    else await this.refresh();
    this.#states.overtake();
    // Unlocked, restored, created: what may be done is another thing now. Below a dialog it is shown when that closes.
    if (!this.veiled) await this.show();
    await this.refreshQueue();
  }

  /** As `change`; what went wrong is said. */
  async attempt(what: () => Promise<AppState>): Promise<void> {
    try {
      await this.change(what);
    } catch (e) {
      this.fail(e);
    }
  }

  say(title: string, hint: string): void {
    this.toasts.say(title, hint);
  }

  fail(e: unknown): void {
    const error = asUserError(e);
    if (SETTLES[error.code] === "unlock") this.asking = { kind: "unlock" };
    else this.toasts.say(error.title, error.hint, "red", error.detail);
  }

  /** Keeps what is being written about an item, as long as there is anything. */
  draft(digest: string, part: Draft): void {
    const draft = { ...this.drafts.get(digest), ...part };
    if (draft.panel || draft.comment || draft.found) this.drafts.set(digest, draft);
    else this.drafts.delete(digest);
  }

  /** The next or previous item of the queue, over the borders of its pages. */
  async move(by: 1 | -1): Promise<void> {
    const next = await this.list.beside(this.selected, by, (id) => this.folded[id] === true);
    if (next) await this.open(next.digest);
  }
}

export const waiting = (queue: Queue) => queue.sections.find((s) => s.id === "waiting")?.rows ?? [];

export const SESSION = Symbol("session");
export const session = () => getContext<Session>(SESSION);
