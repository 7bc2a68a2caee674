// Every screen in every state, for pictures and for checks in the real engine.
//
// A scene that is added here is in the gallery by itself. What all of them
// must show together stands in `needed`: a new kind of state, error, dialog or
// screen is a type error there or a failing test until a scene shows it.

import type { Screen } from "../src/app/nav.svelte";
import type { Asking } from "../src/lib/session.svelte";
import type { ErrorCode } from "../src/lib/wire/ErrorCode";
import type { ItemState } from "../src/lib/wire/ItemState";
import type { Kind } from "../src/lib/wire/Kind";
import type { UserError } from "../src/lib/wire/UserError";
import words from "./errors.json";
import { Fake, type Item } from "./fake";
import type { Page } from "./page";
import { deniedBefore, replaced } from "./earlier";
import { alikeAndOne } from "./alike";
import { batch } from "./batch";
import { claimed, found, secret } from "./found";
import { cjk, hostile, long, rtl, script } from "./hard";
import { KINDS, kind } from "./kinds";
import { labelled, towering } from "./heads";
import { readings } from "./readings";
import { screens } from "./screens";
import { commandLine, effective, files, goingOn, grouped } from "./lists";
import { access, command, config, inEachState, moved, now, post, removal, state, structured, t, unsealed, w } from "./samples";

export type Shows =
  | `state:${ItemState["kind"]}`
  | `kind:${Kind}`
  | `error:${ErrorCode}`
  | `dialog:${string}`
  | `screen:${string}`;

export type Scene = {
  /** Also the beginning of the pictures' names: lower case, digits and dashes. */
  name: string;
  /** What it is there for. */
  shows: Shows[];
  /** Rust, as far as the page can see it. */
  fake: () => Fake;
  /** What a person does to get there. */
  steps?: (page: Page) => Promise<void>;
  /** What is the subject is over within a second: nothing is waited for. */
  brief?: true;
};

const of = <T extends string>(all: Record<T, true>) => Object.keys(all) as T[];
/** A kind that Rust adds is missing here, which is a type error. */
export const needed = {
  states: of<ItemState["kind"]>({
    waiting: true, incomplete: true, signed: true, delivered: true, denied: true, changes_requested: true,
    superseded: true, expired: true, withdrawn: true, halted: true, executed: true, used: true, failed: true,
    released: true, refused: true, unknown: true, resolved: true, evidence: true,
  }),
  kinds: of<Kind>({ post: true, change: true, remove: true, access: true, run: true, call: true, several: true, evidence: true }),
  errors: of<ErrorCode>({
    wrong_passphrase: true, wait: true, key_locked: true, no_key: true, key_unreachable: true, key_exists: true,
    bad_passphrase: true, not_understood: true, not_armed: true, not_shown: true, changed: true, not_open: true,
    not_found: true, gate_missing: true, gate_failed: true, only_everything: true, not_offered: true,
    bad_input: true, backup_invalid: true, disk_full: true, broken: true,
  }),
  screens: of<Screen>({ queue: true, activity: true, agents: true, keys: true, settings: true }),
  dialogs: of<Asking["kind"]>({
    unlock: true, passphrase: true, backup: true, delete: true, lift: true, halt: true, remove: true, palette: true, help: true, leave: true,
  }),
};

const queue = () => [post(), access(), removal(), config(), command(), unsealed(), ...inEachState()];
const world = (items: Item[] = queue(), more: Parameters<typeof state>[0] = {}) => {
  const waiting = items.filter((it) => it.section === "waiting").length;
  return new Fake(state({ waiting, ...more }), items);
};
const noKey = () => ({ stage: "no_key" as const, gates: [], person: null, device: null, key: { ...state().key, state: "none" as const, fingerprint: null, backed_up: null } });
const noGate = () => ({ stage: "no_gate" as const, gates: [] });
const keyless = () => ({ key: { ...state().key, state: "none" as const, fingerprint: null, backed_up: null } });
const locked = () => ({ key: { ...state().key, state: "locked" as const, locks_in: null } });

/** The item first in the queue, so that it is open at once. */
const alone = (name: string, item: () => Item, more: Partial<Scene> = {}): Scene => ({
  name,
  shows: [`kind:${item().opened.kind}`],
  fake: () => world([item(), ...queue().slice(1)]),
  ...more,
});
const inState = (kind: ItemState["kind"]): Scene => {
  const find = () => inEachState().findIndex((it) => it.opened.state.kind === kind);
  return {
    name: `state-${kind.replace("_", "-")}`,
    shows: [`state:${kind}`, ...(kind === "evidence" ? ["kind:evidence" as const] : [])],
    fake: () => world([post(), access(), ...inEachState()]),
    steps: (page) => page.open(2 + find()),
  };
};
/** A text that was written anew and is read now. */
const edited = async (page: Page) => {
  await page.wait(1200);
  await page.press("e");
  await page.part("edit-text");
  await page.type("edit-text", "first\nThe data owner has to allow this.\n");
  await page.press("Escape");
  await page.part("with-changes");
};
const released = () => {
  const it = config();
  it.opened.editable = { kind: "off", why: "This cannot be edited: the agent does it itself, with its own text, whatever you sign." };
  return it;
};
/** Rust's own words for everything that can go wrong, and what each is about, as a test of the app writes them down. */
export const reasons = words as { from: string; error: UserError }[];
export const said = reasons.map((it) => it.error);
const damaged = () => {
  const found = said.find((it) => it.detail?.startsWith("the store is damaged"));
  if (!found) throw new Error("Rust says otherwise now that the store is damaged");
  return found;
};
/** As many at once as the page keeps on screen. */
const failing = (name: string, errors: UserError[]): Scene => ({
  name,
  shows: [...new Set(errors.map(({ code }) => `error:${code}` as const))],
  fake: () => world(),
  steps: async (page) => {
    const { state } = page.fake.ipc;
    for (const error of errors) {
      page.fake.ipc.state = () => Promise.reject(error);
      page.fake.emit({ kind: "state" });
      // Reasons to look again are put together.
      await page.wait(300);
    }
    page.fake.ipc.state = state;
    if (document.querySelector("[data-testid=toasts-older]")) await page.click("toasts-older");
  },
});
/** Labels stand over what they are about. */
const aligned = async (page: Page) => {
  await page.wait(600);
  await page.scroll(document.querySelector<HTMLElement>(".list")?.offsetTop ?? 0);
  await page.part("row");
  const lefts = (them: string) => [...document.querySelectorAll(them)].map((it) => it.getBoundingClientRect().left);
  const [labels, cells] = [lefts(".columns > span:not(:first-child)"), lefts("[data-row='0'] > .row:first-child > .tx")];
  if (labels.length !== cells.length + 1) throw new Error(`${labels.length} labels and ${cells.length} cells`);
  const off = cells.filter((left, i) => Math.abs(left - (labels[i] ?? 0)) > 1);
  if (off.length > 0) throw new Error(`labels at ${labels.join(" ")}, cells at ${cells.join(" ")}`);
};
const inThrees = (errors: UserError[]): UserError[][] => (errors.length === 0 ? [] : [errors.slice(0, 3), ...inThrees(errors.slice(3))]);

const start: Scene[] = [
  { name: "start-key", shows: ["screen:start"], fake: () => world([], noKey()) },
  { name: "start-gate", shows: ["screen:start"], fake: () => world([], noGate()) },
];

const sheets: Scene[] = [
  alone("sheet-post", post),
  alone("sheet-access", access),
  alone("sheet-removal", removal),
  alone("sheet-removal-20000", () => removal(20000)),
  alone("sheet-removal-scrolled", () => removal(20000), { steps: async (page) => { await page.wait(300); await page.scroll(4000); await page.wait(300); } }),
  alone("sheet-change", config),
  alone("sheet-moved", moved),
  alone("sheet-table", structured, { steps: async (page) => { await page.wait(300); document.querySelector(".scroller")?.scrollBy(0, 420); await page.wait(300); } }),
  alone("sheet-run", command),
  alone("sheet-run-line", commandLine, { steps: async (page) => { await page.wait(300); document.querySelector(".scroller")?.scrollBy(0, 560); await page.wait(300); } }),
  alone("sheet-batch", batch),
  alone("sheet-batch-used", () => batch(2), { steps: (page) => page.open(0) }),
  alone("sheet-access-effect", effective),
  alone("sheet-removal-groups", grouped),
  alone("sheet-removal-files", files, { steps: async (page) => { await page.wait(300); document.querySelector(".scroller")?.scrollBy(0, 420); await page.wait(300); } }),
  alone("sheet-going-on", goingOn),
  alone("sheet-call-unsealed", unsealed),
  { name: "sheet-no-key", shows: ["screen:queue"], fake: () => world(queue(), keyless()) },
  alone("sheet-long", long, { shows: ["kind:several"] }),
  alone("head-towering", towering),
  alone("head-towering-scrolled", towering, { steps: async (page) => { await page.wait(400); await page.scroll(document.querySelector<HTMLElement>(".list")?.offsetTop ?? 0); await page.wait(300); } }),
  alone("head-towering-found", towering, { steps: async (page) => { await page.wait(1500); await page.press("n"); await page.wait(900); } }),
  alone("head-towering-rows", towering, { steps: async (page) => { await page.wait(400); await page.click("unseen-go"); await page.wait(900); } }),
  alone("head-columns", labelled, { steps: aligned }),
  alone("head-columns-found", labelled, { steps: async (page) => { await page.wait(1500); await page.press("n"); await page.wait(900); } }),
  alone("sheet-hostile", hostile),
  alone("sheet-findings", found),
  alone("finding-asked", found, { steps: async (page) => { await page.wait(1500); await page.press("n"); await page.wait(600); await page.press("a"); await page.wait(100); } }),
  alone("finding-acknowledged", found, { steps: async (page) => { await page.wait(1500); await page.press("n"); await page.wait(1200); await page.press("a"); await page.wait(100); await page.press("1"); await page.wait(200); await page.press("n"); await page.wait(300); } }),
  alone("finding-far", () => found(300)),
  ...KINDS.map((name) => alone(`finding-kind-${name}`, () => kind(name), { steps: async (page) => { await page.wait(1500); await page.press("n"); await page.wait(600); } })),
  alone("finding-masked", secret, { steps: async (page) => { await page.wait(1500); await page.press("n"); await page.wait(600); } }),
  alone("finding-revealed", secret, { steps: async (page) => { await page.wait(1500); await page.press("n"); await page.wait(600); await page.press("x"); await page.wait(300); } }),
  alone("finding-no-secret", secret, { steps: async (page) => { await page.wait(1500); await page.press("n"); await page.wait(600); await page.press("x"); await page.wait(300); await page.click("no-secret"); await page.wait(900); } }),
  alone("finding-in-claim", claimed),
  alone("finding-in-claim-there", claimed, { steps: async (page) => { await page.wait(1500); await page.press("n"); await page.wait(900); } }),
  alone("earlier-version", replaced),
  alone("earlier-version-end", replaced, { steps: async (page) => { (await page.part("difference-fold")).scrollIntoView(); await page.wait(200); document.querySelector("[data-testid=difference] .box")?.scrollTo(0, 9999); await page.wait(300); } }),
  alone("denied-before", deniedBefore),
  alone("denied-before-difference", deniedBefore, { steps: async (page) => { await page.click("denied-difference"); await page.wait(300); } }),
  alone("sheet-rtl", rtl),
  alone("sheet-cjk", cjk),
  ...(["right-to-left", "south-asian", "east-asian-and-emoji"] as const).map((name) =>
    alone(`sheet-script-${name}`, script(name), {
      steps: async (page) => {
        // In the smallest window no document is in view yet.
        await page.part("sheet-headline");
        const scroller = document.querySelector(".scroller");
        if (scroller) scroller.scrollTop = 320;
        await page.wait(60);
      },
    }),
  ),
  { name: "together-offered", shows: ["kind:change"], fake: () => world(alikeAndOne()) },
  { name: "together", shows: ["kind:change"], fake: () => world(alikeAndOne()), steps: async (page) => { await page.click("together"); await page.wait(1500); } },
  { name: "together-left-out", shows: ["kind:change"], fake: () => world(alikeAndOne(8)), steps: async (page) => { await page.click("together"); await page.part("leave-out"); await page.click("leave-out"); await page.wait(1500); } },
  { name: "together-denied", shows: ["kind:change"], fake: () => world(alikeAndOne()), steps: async (page) => { await page.click("together"); await page.wait(1500); await page.click("deny"); await page.click("comment-send"); await page.wait(400); } },
  { name: "sheet-comment", shows: ["state:waiting"], fake: () => world(), steps: async (page) => { await page.wait(1100); await page.click("deny"); } },
  { name: "sheet-making", shows: ["screen:queue"], fake: () => { const fake = world(); fake.ipc.open = () => new Promise(() => {}); return fake; }, steps: (page) => page.wait(3600) },
  { name: "sheet-arming", shows: ["state:waiting"], fake: () => world([command()]), brief: true },
];

const states: Scene[] = needed.states.filter((it) => it !== "waiting").map(inState);

const shell: Scene[] = [
  { name: "queue", shows: ["screen:queue"], fake: () => world() },
  { name: "queue-empty", shows: ["screen:queue"], fake: () => world([]) },
  { name: "queue-unread", shows: ["screen:queue"], fake: () => { const fake = world(); fake.ipc.queue = () => Promise.reject(damaged()); return fake; }, steps: async (page) => void (await page.part("read-again")) },
  {
    name: "queue-unread-open",
    shows: ["screen:queue"],
    fake: () => {
      const [one, fake] = [post(), world()];
      fake.items.push(one);
      fake.ipc.queue = () => Promise.reject(damaged());
      fake.ipc.wanted = async () => ({ kind: "open_item", digest: one.opened.digest });
      return fake;
    },
    steps: async (page) => void (await page.part("queue-read-again")),
  },
  { name: "key-locked", shows: ["screen:queue"], fake: () => world(queue(), { ...locked(), outbox: 2 }) },
  { name: "key-menu", shows: ["screen:queue"], fake: () => world(), steps: (page) => page.click("key-menu") },
  {
    name: "gates-down",
    shows: ["screen:queue"],
    fake: () => world(queue(), {
      outbox: 2,
      gates: [
        { id: "home", alive: false, fingerprint: "77aa", own: true, not_started: null },
        { id: "lab", alive: true, fingerprint: "77ab", own: false, not_started: null },
      ],
      halts: [{ digest: "ab".repeat(32), at: now() - 4000, what: [w("the gate "), t("lab")], scope: { kind: "gate", gate: "lab" }, own: false, by: [], obeyed: true, voided: 0, why: [w("It lost its memory: "), t("ledger behind its anchor"), w(".")], lifting: false }],
    }),
  },
  alone("edit-text", post, { steps: async (page) => { await page.wait(1200); await page.press("e"); await page.part("edit-text"); await page.type("edit-text", "Re: ingest service\n\nThe data owner has to allow this. I asked them.\n"); await page.wait(600); } }),
  alone("edit-result", post, { steps: async (page) => { await edited(page); await page.wait(1400); } }),
  alone("edit-off", released, { steps: async (page) => { await page.wait(1200); await page.click("edit"); await page.part("edit-off"); } }),
  alone("dialog-leave", post, { shows: ["dialog:leave"], steps: async (page) => { await edited(page); await page.press("j"); await page.part("leave-dialog"); } }),
  { name: "dialog-unlock", shows: ["dialog:unlock"], fake: () => world(queue(), locked()), steps: (page) => page.click("unlock-open") },
];

/** This one is not said: it asks for what is missing. */
const asks = (it: UserError) => it.code === "key_locked";
const errors: Scene[] = [
  {
    name: "errors-key-locked",
    shows: ["error:key_locked"],
    fake: () => {
      const fake = world([post(), ...inEachState()]);
      fake.ipc.withdraw = () => Promise.reject(said.find(asks));
      return fake;
    },
    steps: async (page) => {
      await page.open(1 + inEachState().findIndex((it) => it.opened.state.kind === "signed"));
      await page.click("withdraw");
    },
  },
  ...inThrees(said.filter((it) => !asks(it)).sort((a, b) => a.code.localeCompare(b.code))).map((three, i) => failing(`errors-${String(i + 1).padStart(2, "0")}`, three)),
];

/** One item in a state that needs more than its kind. */
const shown = (name: string, item: () => Item, change: (item: Item) => void, more: Partial<Scene> & { state?: Parameters<typeof state>[0] } = {}): Scene => ({
  name,
  shows: [],
  fake: () => {
    const it = item();
    change(it);
    return world([it, ...queue().slice(1)], more.state);
  },
  ...more,
});
const inKind = (kind: ItemState["kind"]) => () => {
  const it = inEachState().find((item) => item.opened.state.kind === kind);
  if (!it) throw new Error(`no item is ${kind}`);
  it.section = "waiting";
  return it;
};
const halt = () => ({ digest: "ab".repeat(32), at: now() - 600, what: [w("everything")], scope: { kind: "everything" as const }, own: true, by: [], obeyed: true, why: [t("Something deletes mails.")], lifting: false, voided: 3 });
const practising = (name: string, steps: (page: Page) => Promise<void>): Scene => ({
  name,
  shows: ["screen:practice"],
  fake: () => world([], noGate()),
  steps: async (page) => {
    await page.type("setup-gate-pass", "correct horse");
    await page.click("setup-gate");
    await steps(page);
  },
});
const refuse = async (page: Page) => {
  await page.click("practice-begin");
  await page.wait(1300);
  await page.click("deny");
  await page.click("comment-send");
  await page.wait(200);
};

const review: Scene[] = [
  {
    name: "start-backup",
    shows: ["screen:start"],
    fake: () => world([], noKey()),
    steps: async (page) => {
      await page.type("setup-pass", "correct horse battery");
      await page.type("setup-pass2", "correct horse battery");
      await page.type("setup-understood", "nobody can recover it");
      await page.click("setup-make");
    },
  },
  {
    name: "start-key-no-keyring",
    shows: ["screen:start"],
    fake: () => world([], { ...noKey(), suggested: { person: "", device: "" }, places: [{ place: "keyring", available: false, says: "No keyring runs in this session, so the key would go into a file." }, { place: "file", available: true, says: "Only your user can read it. Whoever copies it would have to guess your passphrase." }] }),
    steps: (page) => page.type("setup-pass", "qwertzuiopas"),
  },
  practising("practice-offered", async () => {}),
  practising("practice-refuse", async (page) => {
    await page.click("practice-begin");
    await page.wait(900);
  }),
  practising("practice-refused", refuse),
  practising("practice-sign", async (page) => {
    await refuse(page);
    await page.click("practice-next");
    await page.wait(1500);
  }),
  practising("practice-done", async (page) => {
    await refuse(page);
    await page.click("practice-next");
    await page.wait(300);
    const item = page.fake.items[0];
    if (item) item.opened = { ...item.opened, state: { kind: "executed", at: now(), exit: null } };
    page.fake.emit({ kind: "queue" });
    await page.wait(300);
    await page.click("practice-next");
  }),
  alone("snooze", removal, { shows: ["dialog:snooze"], steps: async (page) => { await page.wait(1200); await page.click("snooze"); } }),
  shown("state-snoozed", access, (it) => { it.opened.snoozed = now() + 1500; }),
  shown("answers", post, (it) => {
    it.opened.answers = [
      { verdict: "approve", by: "Mara Lindt", at: now() - 240, comment: null, taken_back: now() - 200, amended: false, together: 0 },
      { verdict: "request_changes", by: "Mara Lindt", at: now() - 180, comment: [[t("Name the source.")], [t("And leave the token out.")], [t("Then send it again.")], [t("Thank you.")]], taken_back: now() - 100, amended: false, together: 0 },
    ];
  }),
  shown("state-halted-standing", inKind("halted"), (it) => { it.opened.state = { kind: "halted", at: now() - 600, halt: halt().digest }; }, { state: { halts: [halt()] } }),
  shown("state-signed-gate-down", inKind("signed"), () => {}, { state: { outbox: 3, gates: [{ id: "home", alive: false, fingerprint: "77aa", own: true, not_started: null }] } }),
  { name: "queue-20000", shows: ["screen:queue"], fake: () => { const one = post(); return world(Array.from({ length: 20_000 }, (_, i) => ({ ...one, opened: { ...one.opened, digest: i.toString(16).padStart(64, "0") } }))); } },
];

export const scenes: Scene[] = [...start, ...shell, ...review, ...sheets, ...states, ...errors, ...readings, ...screens];
