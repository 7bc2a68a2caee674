// The bridge to Rust: the only file that knows there is a Tauri.
//
// State lives in Rust. The page asks for it at the start and on every event;
// an event says "look again" and never carries the truth.

import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type { Agents } from "./wire/Agents";
import type { AppEvent } from "./wire/AppEvent";
import type { AppState } from "./wire/AppState";
import type { BackupSaved } from "./wire/BackupSaved";
import type { Bar } from "./wire/Bar";
import type { Copyable } from "./wire/Copyable";
import type { Copying } from "./wire/Copying";
import type { Decide } from "./wire/Decide";
import type { Decided } from "./wire/Decided";
import type { Desktop } from "./wire/Desktop";
import type { FindingSettings } from "./wire/FindingSettings";
import type { Found } from "./wire/Found";
import type { HistoryFilter } from "./wire/HistoryFilter";
import type { HitMark } from "./wire/HitMark";
import type { NewText } from "./wire/NewText";
import type { Opened } from "./wire/Opened";
import type { Pair } from "./wire/Pair";
import type { Page } from "./wire/Page";
import type { Picture } from "./wire/Picture";
import type { Pictured } from "./wire/Pictured";
import type { Practice } from "./wire/Practice";
import type { Preferences } from "./wire/Preferences";
import type { Queue } from "./wire/Queue";
import type { Reason } from "./wire/Reason";
import type { Revealed } from "./wire/Revealed";
import type { Removal } from "./wire/Removal";
import type { Row } from "./wire/Row";
import type { SectionId } from "./wire/SectionId";
import type { SeekFrom } from "./wire/SeekFrom";
import type { Seen } from "./wire/Seen";
import type { SheetHead } from "./wire/SheetHead";
import type { SetUp } from "./wire/SetUp";
import type { Sought } from "./wire/Sought";
import type { Step } from "./wire/Step";
import type { Stop } from "./wire/Stop";
import type { Tall } from "./wire/Tall";
import type { TextShown } from "./wire/TextShown";

/** What is known of a picture, and its pixels: red, green, blue, opacity, a byte each. None where nothing is drawn. */
export type Crossed = { picture: Picture; pixels: Uint8ClampedArray<ArrayBuffer> };

const call = <T>(command: string, args?: Record<string, unknown>) => invoke<T>(command, args);

export const ipc = {
  state: () => call<AppState>("state"),
  queue: () => call<Queue>("queue"),
  queuePage: (section: SectionId, after: string) => call<Page>("queue_page", { section, after }),
  history: (filter: HistoryFilter, after: string | null) => call<Page>("history", { filter, after }),
  search: (text: string, after: string | null) => call<Found>("search", { text, after }),
  open: (digest: string) => call<Opened>("open", { digest }),
  /** The proposals that are like one, as one item that is shown and decided like any; null where it is alone. */
  together: (proposal: string, leftOut: string[]) => call<Opened | null>("together", { proposal, leftOut }),
  /** At most 500 rows at a time; they cross as raw bytes. */
  rows: async (sheet: string, document: number, from: number, count: number): Promise<Row[]> => {
    const bytes = await call<ArrayBuffer>("rows", { sheet, document, from, count });
    return JSON.parse(new TextDecoder().decode(new Uint8Array(bytes))) as Row[];
  },
  /** The same, each as the lines that it needs in so many columns. */
  lines: async (sheet: string, document: number, from: number, count: number, columns: number): Promise<Row[][]> => {
    const bytes = await call<ArrayBuffer>("lines", { sheet, document, from, count, columns });
    return JSON.parse(new TextDecoder().decode(new Uint8Array(bytes))) as Row[][];
  },
  /** Which rows need more than one line in so many columns; as raw bytes. */
  tall: async (sheet: string, document: number, columns: number): Promise<Tall[]> => {
    const bytes = await call<ArrayBuffer>("tall", { sheet, document, columns });
    return JSON.parse(new TextDecoder().decode(new Uint8Array(bytes))) as Tall[];
  },
  /** Finds a text in the rows of a sheet. Nothing counts as displayed because of it. */
  seek: (sheet: string, text: string, from: SeekFrom) => call<Sought>("seek", { sheet, text, from }),
  /** What is to be marked in some rows; at most 500 of them at a time, as raw bytes. */
  hits: async (sheet: string, text: string, document: number, from: number, count: number): Promise<HitMark[]> => {
    const bytes = await call<ArrayBuffer>("hits", { sheet, text, document, from, count });
    return JSON.parse(new TextDecoder().decode(new Uint8Array(bytes))) as HitMark[];
  },
  /** The change that begins at a row or after it, or backwards the one before it. After the last comes the first. */
  change: (sheet: string, document: number, row: number, forward: boolean) =>
    call<Step | null>("change", { sheet, document, row, forward }),
  /** What stands side by side where both sides of a document do; as raw bytes. */
  pairs: async (sheet: string, document: number): Promise<Pair[]> => {
    const bytes = await call<ArrayBuffer>("pairs", { sheet, document });
    return JSON.parse(new TextDecoder().decode(bytes)) as Pair[];
  },
  copies: (proposal: string, sheet: string, document: number) => call<Copyable[]>("copies", { proposal, sheet, document }),
  copy: (proposal: string, sheet: string, document: number, what: Copying) =>
    call<string>("copy", { proposal, sheet, document, what }),
  /** Shows copies of both sides in the program that a person chose. */
  compare: (proposal: string, sheet: string, document: number) => call<Decided>("compare", { proposal, sheet, document }),
  /** A document as it could be rendered: a whole page, for a frame that may do nothing. */
  rendered: (proposal: string, sheet: string, document: number, dark: boolean) =>
    call<string>("rendered", { proposal, sheet, document, dark }),
  /** A side of a document as a picture, or what differs; its words and its pixels cross as raw bytes. */
  picture: async (proposal: string, sheet: string, document: number, which: Pictured): Promise<Crossed> => {
    const bytes = await call<ArrayBuffer>("picture", { proposal, sheet, document, which });
    const words = new DataView(bytes).getUint32(0, true);
    const picture = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 4, words))) as Picture;
    return { picture, pixels: new Uint8ClampedArray(bytes, 4 + words) };
  },
  /** Starts the arming delay, which Rust keeps. */
  shown: (proposal: string, sheet: string) => call<Bar>("shown", { proposal, sheet }),
  /** It is not on screen any more: a passphrase given now is not given before it. */
  hidden: (proposal: string, sheet: string) => call<void>("hidden", { proposal, sheet }),
  seen: (proposal: string, sheet: string, ranges: Seen[], findings: number[]) => call<Bar>("seen", { proposal, sheet, ranges, findings }),
  /** Takes note of a finding, for a reason; without one, no longer. */
  acknowledge: (proposal: string, sheet: string, finding: string, reason: Reason | null) =>
    call<Bar>("acknowledge", { proposal, sheet, finding, reason }),
  /** Shows for a moment what these findings hide: in the head that comes back, and in rows that are read meanwhile. */
  reveal: (proposal: string, sheet: string, findings: number[]) => call<Revealed>("reveal", { proposal, sheet, findings }),
  /** Hides it again. */
  conceal: (sheet: string) => call<SheetHead>("conceal", { sheet }),
  /** What a finding found is no secret where it goes: answers with the sheet that says so. */
  noSecret: (proposal: string, sheet: string, finding: string) => call<Opened>("no_secret", { proposal, sheet, finding }),
  /** Counts, on this machine, whether a finding was of use. */
  judge: (proposal: string, sheet: string, finding: string, useful: boolean) =>
    call<void>("judge", { proposal, sheet, finding, useful }),
  findingSettings: () => call<FindingSettings>("finding_settings"),
  setNames: (names: string) => call<FindingSettings>("set_names", { names }),
  /** The text of a file of rules; null for none. */
  setTeamRules: (text: string | null) => call<FindingSettings>("set_team_rules", { text }),
  secretAgain: (here: string) => call<FindingSettings>("secret_again", { here }),
  demote: (rule: string, demoted: boolean) => call<FindingSettings>("demote", { rule, demoted }),
  bar: (proposal: string, sheet: string) => call<Bar>("bar", { proposal, sheet }),
  decide: (request: Decide) => call<Decided>("decide", { request }),
  texts: (proposal: string) => call<TextShown[]>("texts", { proposal }),
  /** Answers with the sheet of what comes of it; without texts with the agent's. */
  edit: (proposal: string, texts: NewText[]) => call<Opened>("edit", { proposal, texts }),
  withdraw: (proposal: string) => call<Decided>("withdraw", { proposal }),
  resolve: (receipt: string, ran: boolean, comment: string | null) =>
    call<Decided>("resolve", { receipt, ran, comment }),
  snooze: (proposal: string, until: number) => call<Decided>("snooze", { proposal, until }),
  unsnooze: (proposal: string) => call<Decided>("unsnooze", { proposal }),
  agents: () => call<Agents>("agents"),
  halt: (stop: Stop, reason: string | null) => call<Decided>("halt", { stop, reason }),
  lift: (halt: string, passphrase: string) => call<Decided>("lift", { halt, passphrase }),
  unlock: (passphrase: string) => call<AppState>("unlock", { passphrase }),
  lock: () => call<AppState>("lock"),
  setUp: (request: SetUp) => call<AppState>("set_up", { request }),
  createGate: (passphrase: string) => call<AppState>("create_gate", { passphrase }),
  startGate: () => call<AppState>("start_gate"),
  changePassphrase: (old: string, next: string) => call<AppState>("change_passphrase", { old, new: next }),
  backup: (passphrase: string) => call<BackupSaved>("backup", { passphrase }),
  restore: (text: string, passphrase: string, person: string, device: string) =>
    call<AppState>("restore", { text, passphrase, person, device }),
  deleteKey: (words: string) => call<AppState>("delete_key", { words }),
  dismissClock: () => call<AppState>("dismiss_clock"),
  /** Answers with the digest of the proposal that was made. */
  practice: (what: Practice) => call<string>("practice", { what }),
  /** Says that the page listens; answers with what it is to show first. */
  wanted: () => call<AppEvent | null>("wanted"),
  preferences: () => call<Preferences>("preferences"),
  setPreferences: (preferences: Preferences) => call<Preferences>("set_preferences", { preferences }),
  desktop: () => call<Desktop>("desktop"),
  tryNotification: () => call<Decided>("try_notification"),
  removal: () => call<Removal>("removal"),
  /** After it the app says what it removed, and ends. */
  removeAll: (words: string) => call<void>("remove_all", { words }),
  onEvent: (handle: (event: AppEvent) => void) => listen<AppEvent>("app", ({ payload }) => handle(payload)),
};

export type Ipc = typeof ipc;
