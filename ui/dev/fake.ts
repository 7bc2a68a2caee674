// A stand-in for Rust, for component tests and for the gallery. It keeps the
// same promises as far as the page can see them: arming, the tally, the lock.

import type { Ipc } from "../src/lib/ipc";
import type { AppEvent } from "../src/lib/wire/AppEvent";
import type { AppState } from "../src/lib/wire/AppState";
import type { Bar } from "../src/lib/wire/Bar";
import type { Decide } from "../src/lib/wire/Decide";
import type { Finding } from "../src/lib/wire/Finding";
import type { Opened } from "../src/lib/wire/Opened";
import type { Page } from "../src/lib/wire/Page";
import type { Queue } from "../src/lib/wire/Queue";
import type { QueueRow } from "../src/lib/wire/QueueRow";
import type { Reason } from "../src/lib/wire/Reason";
import type { Row } from "../src/lib/wire/Row";
import type { Seen } from "../src/lib/wire/Seen";
import type { Segment } from "../src/lib/wire/Segment";
import type { SheetHead } from "../src/lib/wire/SheetHead";
import type { Section } from "../src/lib/wire/Section";
import type { UserError } from "../src/lib/wire/UserError";
import type { Mark } from "../src/lib/wire/Mark";
import type { SectionId } from "../src/lib/wire/SectionId";
import { narrow } from "./narrow";
import { count } from "../src/lib/time";
import { parts, practice, who } from "./samples";
import { Reading } from "./reading";
import { Editing } from "./editing";
import { Grouping } from "./grouping";
import { Marking } from "./marking";
import { Rest } from "./rest";

export type Item = { opened: Opened; rows: Row[][]; agent: string; action: string; section: SectionId; beside?: Record<string, Row[][]>; kept?: number;
  /** What stands behind the masks of a finding. */
  behind?: Record<number, string> };

export const PASS = "correct horse";

/** Pieces of text with what a finding masks. */
function lifted(segments: Segment[], { behind }: Item, finding: number): Segment[] {
  const text = behind?.[finding] ?? "";
  return segments.map((it) => (it.kind === "mask" && it.findings?.includes(finding) ? { ...it, kind: "text", text } : it));
}
/** The rows with what a finding masks. */
function unmasked(item: Item, finding: number): Row[][] {
  return item.rows.map((list) => list.map((row) => (row.kind === "line" ? { ...row, segments: lifted(row.segments, item, finding) } : row)));
}

/** What stands out about an item in a list. */
function marks(it: Item): Mark[] {
  const { sheet } = it.opened;
  if (!sheet || it.section !== "waiting") return [];
  const blocking = sheet.findings.filter((found) => found.severity === "blocking").length;
  const lasting = sheet.facts.some((fact) => fact.label === "Reversibility" && fact.level === 3);
  return [
    ...(blocking > 0 ? [{ text: count(blocking, "blocking finding"), tone: "red" as const }] : []),
    ...(lasting ? [{ text: "irreversible", tone: "red" as const }] : []),
  ];
}

export class Fake {
  state: AppState;
  items: Item[];
  decided: Decide[] = [];
  resolved: { receipt: string; ran: boolean; comment: string | null }[] = [];
  reports: Seen[] = [];
  /** Findings of which a mark above the rows was reported. */
  marks: number[] = [];
  withdrawn: string[] = [];
  calls: string[] = [];
  rest = new Rest({
    state: () => this.state,
    change: (next) => (this.state = { ...this.state, ...next }),
    emit: (event) => this.emit(event),
    rows: () => this.queue().sections.flatMap((it) => it.rows),
    pass: PASS,
  });
  reading = new Reading((sheet) => this.#rows(sheet));
  editing = new Editing((digest) => this.#item(digest));
  marking = new Marking((digest) => this.#item(digest), unmasked);
  grouping = new Grouping(() => this.items.filter((it) => it.section === "waiting"));
  #seen = new Map<string, Set<string>>();
  #armedAt = 0;
  readonly #acknowledged = new Map<string, Map<number, Reason>>();
  /** What was revealed once, and what is now. */
  readonly #revealed = new Set<string>();
  #shown: { digest: string; finding: number } | null = null;
  #noted = 0;
  #handlers = new Set<(e: AppEvent) => void>();

  constructor(state: AppState, items: Item[]) {
    this.state = state;
    this.items = items;
  }

  emit(event: AppEvent) {
    for (const handle of this.#handlers) handle(event);
  }
  #item(digest: string): Item {
    const item = this.items.find((it) => it.opened.digest === digest) ?? this.grouping.item(digest) ?? this.rest.item(digest);
    if (!item) throw error("not_found", "This item is not here.", "It may have been removed.");
    return item;
  }
  #rows(sheet: string): Row[][] {
    const all = [...this.items, ...this.rest.opened.values()];
    const shown = this.#shown;
    const item = shown && this.items.find((it) => it.opened.digest === shown.digest && it.opened.sheet?.digest === sheet);
    if (shown && item) return unmasked(item, shown.finding);
    return this.grouping.rows(sheet) ?? all.find((it) => it.opened.sheet?.digest === sheet)?.rows ?? all.map((it) => it.beside?.[sheet]).find((it) => it) ?? [];
  }
  #bar(digest: string): Bar {
    const item = this.#item(digest);
    const { opened, rows } = item;
    const open = opened.state.kind === "waiting";
    const seen = this.#seen.get(digest) ?? new Set();
    let unseen = 0;
    let next: Bar["next_unseen"] = null;
    rows.forEach((list, document) => {
      const folds = opened.sheet?.documents[document]?.folds ?? [];
      for (let row = 0; row < list.length; row += 1) {
        if (folds.some((f) => f.from <= row && row < f.to) || seen.has(`${document}:${row}`)) continue;
        unseen += 1;
        next ??= { document, row };
      }
    });
    const findings = opened.sheet?.findings ?? [];
    const said = this.#acknowledged.get(digest) ?? new Map<number, Reason>();
    const blocking = findings.flatMap((it, i) => (it.severity === "blocking" && !said.has(i) ? [i] : []));
    const spot = ({ at }: Finding, i: number) => (at?.kind === "row" ? `${at.document}:${at.row}` : `above ${i}`);
    const unread = findings.flatMap((it, i) => (seen.has(spot(it, i)) ? [] : [i]));
    const left = this.#armedAt - Date.now();
    const approve: Bar["approve"] = !open
      ? { kind: "closed" }
      : this.state.key.state === "none"
        ? { kind: "no_key" }
        : this.state.key.state !== "unlocked"
          ? { kind: "key_locked" }
          : left > 0
            ? { kind: "arming", milliseconds: left }
            : blocking.length > 0
              ? { kind: "not_acknowledged" }
              : unseen > 0
              ? { kind: "unseen" }
              : { kind: "ready" };
    const remains = opened.state.kind === "used" && !opened.state.over;
    const back = ["signed", "delivered", "changes_requested"].includes(opened.state.kind) || (remains && opened.decision !== null);
    const deny = open || back || remains || opened.state.kind === "halted";
    return {
      approve,
      deny,
      request_changes: open && !opened.together,
      withdraw: back,
      blocking: open ? blocking : [],
      not_displayed: open ? unread : [],
      masked: open ? findings.flatMap((it, i) => (it.severity === "blocking" && it.masked && !this.#revealed.has(`${digest} ${i}`) ? [i] : [])) : [],
      acknowledged: [...said].map(([finding, reason]) => ({ finding, reason })),
      unseen: open ? unseen : 0,
      kept: open ? (item.kept ?? 0) : 0,
      next_unseen: open ? next : null,
    };
  }
  /** Rows in one page of the queue. */
  page = 100;

  #row(it: Item): QueueRow {
    return {
      digest: it.opened.digest, kind: it.opened.kind, agent: who(it.agent),
      action: parts(it.action), expires: it.opened.expires, at: it.opened.created, state: it.opened.state,
      marks: marks(it),
    };
  }
  /** A cursor is the digest of the last row before it. */
  #page(all: Item[], after: string | null): Page {
    const from = after === null ? 0 : all.findIndex((it) => it.opened.digest === after) + 1;
    const rows = all.slice(from, from + this.page).map((it) => this.#row(it));
    return { rows, next: from + this.page < all.length ? (rows.at(-1)?.digest ?? null) : null };
  }
  queue(): Queue {
    this.calls.push("queue");
    const titles: [SectionId, string][] = [
      ["waiting", "Waiting for you"], ["unknown", "Find out what happened"], ["delivering", "Signed, on its way"],
      ["others", "Waiting for others"], ["snoozed", "Snoozed"], ["evidence", "Evidence"], ["decided", "Decided"],
    ];
    const by = new Map<SectionId, Item[]>(titles.map(([id]) => [id, []]));
    for (const it of this.items) by.get(it.section)?.push(it);
    const sections: Section[] = titles.map(([id, title]) => {
      const all = by.get(id) ?? [];
      return { id, title, total: all.length, ...this.#page(all, null) };
    });
    return { sections };
  }
  unlock(passphrase: string) {
    if (passphrase !== PASS) {
      this.state = { ...this.state, key: { ...this.state.key, wait: 4 } };
      throw error("wrong_passphrase", "The passphrase is wrong.", "The key stays locked. Try again in 4 seconds.");
    }
    this.state = { ...this.state, key: { ...this.state.key, state: "unlocked", wait: null } };
    return this.state;
  }

  ipc: Ipc = {
    ...this.rest.ipc,
    ...this.reading.ipc,
    ...this.editing.ipc,
    ...this.grouping.ipc,
    ...this.marking.ipc,
    state: async () => this.state,
    queue: async () => this.queue(),
    queuePage: async (section, after) => {
      this.calls.push(`page ${section}`);
      return this.#page(this.items.filter((it) => it.section === section), after);
    },
    snooze: async (proposal, until) => {
      const item = this.#item(proposal);
      item.section = "snoozed";
      item.opened.snoozed = until;
      return this.rest.ipc.snooze(proposal, until);
    },
    unsnooze: async (proposal) => {
      const item = this.#item(proposal);
      item.section = "waiting";
      item.opened.snoozed = null;
      return this.rest.ipc.unsnooze(proposal);
    },
    practice: async (what) => {
      const item = practice(what);
      this.items.unshift(item);
      this.rest.practised.push(what);
      return item.opened.digest;
    },
    open: async (digest) => structuredClone(this.#item(digest).opened),
    rows: async (sheet, document, from, count) => {
      this.calls.push(`rows ${document} ${from} ${count}`);
      return this.#rows(sheet)[document]?.slice(from, from + count) ?? [];
    },
    lines: async (sheet, document, from, count, columns) => (this.#rows(sheet)[document]?.slice(from, from + count) ?? []).map((row) => narrow(row, columns)),
    tall: async (sheet, document, columns) =>
      (this.#rows(sheet)[document] ?? []).flatMap((row, at) => {
        const lines = narrow(row, columns).length;
        return lines > 1 ? [{ from: at, to: at + 1, lines }] : [];
      }),
    shown: async (proposal) => {
      this.calls.push("shown");
      this.#armedAt = Date.now() + 1000;
      return this.#bar(proposal);
    },
    hidden: async () => {
      this.calls.push("hidden");
    },
    seen: async (proposal, _sheet, ranges, findings) => {
      this.reports.push(...ranges);
      this.marks.push(...findings);
      const seen = this.#seen.get(proposal) ?? new Set();
      for (const finding of findings) seen.add(`above ${finding}`);
      for (const { document, from, to } of ranges) for (let row = from; row < to; row += 1) seen.add(`${document}:${row}`);
      this.#seen.set(proposal, seen);
      return this.#bar(proposal);
    },
    acknowledge: async (proposal, _sheet, finding, reason) => {
      const findings = this.#item(proposal).opened.sheet?.findings ?? [];
      const at = findings.findIndex((it) => it.id === finding);
      if (reason !== null && this.#bar(proposal).not_displayed.includes(at)) throw error("not_shown", "This finding was not on screen yet.", "Nothing was said of it.");
      if (reason !== null && Date.now() < this.#noted + 800) throw error("not_armed", "It came on screen only a moment ago.", "Nothing was said of it.");
      const said = this.#acknowledged.get(proposal) ?? new Map<number, Reason>();
      if (reason === null) said.delete(at);
      else said.set(at, reason);
      if (reason !== null) this.#noted = Date.now();
      this.#acknowledged.set(proposal, said);
      return this.#bar(proposal);
    },
    reveal: async (proposal, _sheet, findings) => {
      this.calls.push(`reveal ${findings.join(" ")}`);
      const item = this.#item(proposal);
      if (!item.opened.sheet) throw error("not_found", "This item is not here.", "It may have been removed.");
      const head = bare(item.opened.sheet);
      for (const finding of findings) {
        this.#revealed.add(`${proposal} ${finding}`);
        this.#shown = { digest: proposal, finding };
        head.headline = head.headline.map((line) => line.map((span) => ({ ...span, segments: lifted(span.segments, item, finding) })));
      }
      return { head, bar: this.#bar(proposal), milliseconds: 20_000 };
    },
    conceal: async (sheet) => {
      this.calls.push("conceal");
      this.#shown = null;
      const item = this.items.find((it) => it.opened.sheet?.digest === sheet);
      if (!item?.opened.sheet) throw error("not_found", "This item is not here.", "It may have been removed.");
      return bare(item.opened.sheet);
    },
    bar: async (proposal) => this.#bar(proposal),
    decide: async (request) => {
      const item = this.#item(request.proposal);
      if (request.answer.kind === "approve" && Date.now() < this.#armedAt) throw error("not_armed", "Not yet.", "Nothing was signed.");
      this.decided.push(request);
      const at = Math.floor(Date.now() / 1000);
      const all = [item, ...this.grouping.members(request.proposal)];
      for (const it of all) it.opened.state =
        request.answer.kind === "approve" ? { kind: "signed", at } : request.answer.kind === "deny" ? { kind: "denied", at } : { kind: "changes_requested", at };
      const answer = { verdict: request.answer.kind, by: "Mara Lindt", at, comment: null, amended: false };
      for (const it of all.slice(1)) {
        it.opened.decision = { ...answer, digest: "d".repeat(64) };
        it.opened.answers = [{ ...answer, taken_back: null, together: all.length - 2 }];
      }
      for (const it of all) it.section = request.answer.kind === "approve" ? "delivering" : "decided";
      if (all.length > 1) return { digest: "d".repeat(64), title: request.answer.kind === "approve" ? `${all.length - 1} decisions signed.` : `${all.length - 1} denied. Nothing of them will happen.`, hint: "The gate is told as soon as it listens." };
      return { digest: "d".repeat(64), title: request.answer.kind === "approve" ? "Signed." : "Denied. Nothing will be posted.", hint: "The gate is told as soon as it listens." };
    },
    withdraw: async (proposal) => {
      this.withdrawn.push(proposal);
      return { digest: "d".repeat(64), title: "Your signature is withdrawn.", hint: "Nothing runs because of it." };
    },
    resolve: async (receipt, ran, comment) => {
      this.resolved.push({ receipt, ran, comment });
      return { digest: "d".repeat(64), title: ran ? "Recorded: it ran." : "Recorded: it did not run.", hint: "Nothing is sent again." };
    },
    unlock: async (passphrase) => this.unlock(passphrase),
    lock: async () => (this.state = { ...this.state, key: { ...this.state.key, state: "locked" } }),
    setUp: async (request) =>
      (this.state = { ...this.state, stage: "no_gate", person: request.person, device: request.device, key: { ...this.state.key, state: "unlocked", fingerprint: "9f2c 41aa 07de 5b13", backed_up: Math.floor(Date.now() / 1000), backup: "/home/mara/Documents/countersign-key-backup.txt" } }),
    createGate: async () => (this.state = { ...this.state, stage: "ready", gates: [{ id: "home", alive: true, fingerprint: "11aa", own: true, not_started: null }] }),
    startGate: async () => (this.state = { ...this.state, gates: this.state.gates.map((g) => ({ ...g, alive: true })) }),
    changePassphrase: async () => this.state,
    backup: async () => ({ path: "/home/mara/countersign-key-2026-11-21.txt" }),
    restore: async () => (this.state = { ...this.state, stage: "no_gate" }),
    deleteKey: async () => (this.state = { ...this.state, stage: "no_key" }),
    onEvent: async (handle) => {
      this.#handlers.add(handle);
      return () => this.#handlers.delete(handle);
    },
  };
}

/** As Rust sends it again: without what only the whole item knows. */
const bare = (sheet: SheetHead): SheetHead => ({ ...structuredClone(sheet), seal_says: "", facts: [], hold: 0 });

export const error = (code: UserError["code"], title: string, hint: string): UserError => ({ code, title, hint, detail: null });
