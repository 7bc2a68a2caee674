// Scenes of everything around the queue: activity, agents, keys, settings, the palette, help, halts.

import { error, Fake } from "./fake";
import { rule } from "./marking";
import type { Page } from "./page";
import { access, command, config, inEachState, now, post, removal, state, t, unsealed, w } from "./samples";
import type { Scene } from "./scenes";
import type { Halt } from "../src/lib/wire/Halt";

type More = Parameters<typeof state>[0];
const world = (more: More = {}, change: (fake: Fake) => void = () => {}) => () => {
  const fake = new Fake(state(more), [post(), access(), removal(), config(), command(), unsealed(), ...inEachState()]);
  change(fake);
  return fake;
};
const halt = (n: number, more: Partial<Halt>): Halt => ({
  digest: `${n}`.repeat(64), at: now() - 4000 * n, what: [w("everything")], scope: { kind: "everything" }, own: true, by: [], obeyed: true,
  why: [t("Something posts by itself; I look into it.")], lifting: false, voided: 3, ...more,
});
const everything = halt(1, {});
const notStarted =
  "It was to be started, and did not come up: the gate could not be started: it ended (exit status: 1): gate.json is damaged. Nothing runs until it does. Put that right, then start it again.";
const alone = halt(2, { what: [t("mail-tidy")], scope: { kind: "agent", agent: "token:mail-tidy" }, why: [], voided: 1, obeyed: false });
const itself = halt(3, { what: [w("the gate "), t("lab")], scope: { kind: "gate", gate: "lab" }, own: false, why: [w("It lost its memory: "), t("ledger behind its anchor"), w(".")], voided: 0 });
const withAgent = (fake: Fake) => {
  fake.rest.agents = fake.rest.agents.map((it) => (it.id === "token:mail-tidy" ? { ...it, halt: alone.digest } : it));
};
const go = (screen: string) => (page: Page) => page.click(`nav-${screen}`);
const inSight = (name: string, block: ScrollLogicalPosition = "center") => async (page: Page) => { (await page.part(name)).scrollIntoView({ block }); };
const then = (...steps: ((page: Page) => Promise<void>)[]) => async (page: Page) => {
  for (const step of steps) await step(page);
};
const search = (text: string) => async (page: Page) => {
  await page.type("activity-query", text);
  await page.wait(400);
};
const scene = (name: string, fake: () => Fake, steps?: Scene["steps"]): Scene => ({ name, shows: [name.startsWith("dialog-") ? `dialog:${name.slice(7)}` : `screen:${name}`], fake, ...(steps ? { steps } : {}) });
const failing = (name: "history" | "agents" | "preferences") =>
  world({}, (fake) => {
    Object.assign(fake.ipc, { [name]: () => Promise.reject(error("broken", "The memory of this app cannot be read.", "Nothing was lost or changed. Close the window and open it again.")) });
  });
const bare = (more: More = {}) => () => {
  const fake = new Fake(state(more), []);
  fake.rest.past = [];
  fake.rest.agents = [];
  return fake;
};

export const screens: Scene[] = [
  scene("activity", world(), go("activity")),
  scene("activity-open", world({}, (fake) => (fake.items = [])), then(go("activity"), (page) => page.click("activity-row", 2))),
  scene("activity-waits", world(), then(go("activity"), (page) => page.click("activity-row", 0))),
  scene("activity-denied", world(), then(go("activity"), (page) => page.click("filter-denied"))),
  scene("activity-empty", bare(), go("activity")),
  scene("activity-none-of-these", world({}, (fake) => (fake.items = [])), then(go("activity"), (page) => page.click("filter-evidence"))),
  scene("activity-found", world(), then(go("activity"), search("readers"))),
  scene("activity-found-in-comment", world({}, (fake) => { fake.rest.unindexed = 1204; fake.rest.partly = 2; }), then(go("activity"), search("retention"))),
  scene("activity-nothing-found", world(), then(go("activity"), search("quarterly forecast"))),
  scene("activity-failed", failing("history"), go("activity")),
  scene("agents", world(), go("agents")),
  scene("agents-busy", world(), then(go("agents"), (page) => page.click("agent-row", 1))),
  scene("agents-table", world(), then(go("agents"), (page) => page.click("agent-row", 3), (page) => page.click("days-table"))),
  scene("agents-only-everything", world(), then(go("agents"), (page) => page.click("agent-row", 4))),
  scene("agents-unknown", world(), then(go("agents"), (page) => page.click("agent-row", 5))),
  scene("agents-halted", world({ halts: [alone] }, withAgent), then(go("agents"), (page) => page.click("agent-row", 1))),
  scene("agents-several-halts", world({ halts: [everything, alone, itself] }, withAgent), go("agents")),
  scene("agents-empty", bare(), go("agents")),
  scene("agents-failed", failing("agents"), go("agents")),
  scene("keys", world(), go("keys")),
  scene("keys-locked", world({ key: { ...state().key, state: "locked", locks_in: null } }), go("keys")),
  scene("keys-no-backup", world({ key: { ...state().key, backed_up: null } }), go("keys")),
  scene("keys-out-of-reach", world({ key: { ...state().key, state: "unreachable", locks_in: null, kept: null } }), go("keys")),
  scene("keys-gate-not-started", world({ gates: state().gates.map((it) => ({ ...it, alive: false, not_started: notStarted })) }), go("keys")),
  scene("keys-gates", world({ gates: [...state().gates, { id: "lab", alive: false, fingerprint: "77ab 3e0c", own: false, not_started: null }] }), go("keys")),
  scene("keys-none", world({ key: { ...state().key, state: "none", fingerprint: null, backed_up: null } }), go("keys")),
  scene("settings", world(), go("settings")),
  scene("settings-no-desktop", world({}, (fake) => {
    fake.rest.desktop = {
      ...fake.rest.desktop,
      no_tray: "This desktop has no place for a tray icon. The window has to stay open for proposals to be taken in.",
      no_notifications: "No notification service answers on this desktop. Nothing can be said outside of the window.",
      no_lock_signals: "This desktop does not say when the screen locks or the machine sleeps. Lock the key yourself, or let it lock when it is idle.",
      no_autostart: "This desktop does not start programs with the session.",
    };
  }), then(go("settings"), inSight("set-notify-serious"))),
  scene("settings-findings", world({}, (fake) => {
    fake.marking.settings = {
      ...fake.marking.settings,
      names: "# what nobody outside is to read\nProject Larch\nMüller & Söhne\n",
      team: { path: "/home/mara/.local/share/countersign/app/rules.toml", rules: 41, left_out: [{ rule: [t("legacy-token")], reason: [t("its expression looks ahead, which this engine cannot do")] }] },
      no_secrets: [
        { here: "9a".repeat(32), gate: [t("home")], target: [t("/srv/nightly/job.conf")], what: [t("GitLab token")], characters: 26, at: 1_794_900_000 },
        { here: "9b".repeat(32), gate: [t("home")], target: [t("forum.example.org/t/docs-and-tutorials/how-to-rotate-a-token")], what: [t("Value of a setting that is called secret")], characters: 40, at: 1_794_500_000 },
      ],
      rules: [rule("internal-host", 31, 29), rule("gitlab-token", 12, 1), rule("unusual-space", 40, 30, { demoted: 1_794_000_000, is_proposed: false })],
    };
  }), then(go("settings"), inSight("own-names", "start"))),
  scene("settings-findings-end", world({}, (fake) => {
    fake.marking.settings = { ...fake.marking.settings, trouble: "The rules of the team cannot be read: they are no TOML (line 3). None of them is looked for.", rules: [rule("internal-host", 31, 29), rule("gitlab-token", 12, 1)] };
  }), then(go("settings"), inSight("rules", "end"))),
  scene("settings-quiet", world({}, (fake) => (fake.rest.preferences = { ...fake.rest.preferences, quiet: { from: 1320, to: 420 }, notify: "serious" })), then(go("settings"), inSight("quiet-from"))),
  scene("settings-press", world(), then(go("settings"), (page) => page.click("key-deny"))),
  scene("settings-conflict", world(), then(go("settings"), (page) => page.click("key-deny"), (page) => page.press("r"))),
  scene("settings-keys-off", world({}, (fake) => (fake.rest.preferences = { ...fake.rest.preferences, single_keys: false, keys: { deny: "x", help: "" } })), then(go("settings"), inSight("key-deny"))),
  scene("settings-end", world(), then(go("settings"), inSight("remove-open", "end"))),
  scene("settings-failed", failing("preferences"), go("settings")),
  scene("dialog-palette", world(), (page) => page.click("search-open")),
  scene("dialog-palette-found", world(), async (page) => { await page.click("search-open"); await page.type("palette-query", "post"); await page.wait(300); }),
  scene("dialog-palette-nothing", world(), async (page) => { await page.click("search-open"); await page.type("palette-query", "zzz"); await page.wait(300); }),
  scene("dialog-help", world(), (page) => page.click("nav-help")),
  scene("dialog-help-keys-off", world({}, (fake) => (fake.rest.preferences = { ...fake.rest.preferences, single_keys: false })), (page) => page.click("nav-help")),
  scene("dialog-halt", world(), (page) => page.click("halt-open")),
  scene("dialog-halt-agent", world(), then(go("agents"), (page) => page.click("agent-row", 1), (page) => page.click("agent-halt"))),
  scene("dialog-halt-only-everything", world({}, (fake) => (fake.rest.agents = fake.rest.agents.filter((it) => it.only_everything !== null))), (page) => page.click("halt-open")),
  scene("dialog-lift", world({ halts: [everything] }), (page) => page.click("lift-open")),
  scene("dialog-remove", world(), then(go("settings"), (page) => page.click("remove-open"))),
  scene("dialog-passphrase", world(), then(go("keys"), (page) => page.click("page-passphrase"))),
  scene("dialog-backup", world(), then(go("keys"), (page) => page.click("page-backup"))),
  scene("dialog-delete", world(), then(go("keys"), (page) => page.click("page-delete"))),
  scene("halted", world({ halts: [everything] })),
  scene("halted-elsewhere", world({ halts: [{ ...everything, own: false, by: [t("Ines"), w(" on "), t("laptop")], voided: 0 }] })),
  scene("halted-agent", world({ halts: [alone] }, withAgent)),
  scene("halted-several", world({ halts: [everything, alone, itself] }, withAgent)),
  scene("halted-lifting", world({ halts: [{ ...everything, lifting: true }] })),
  scene("trouble", world({ trouble: { code: "disk_full", title: "The disk is full.", hint: "What arrives is not taken in, and what was signed may not be sent. Nothing of it is lost: it waits, and is tried again every few seconds. Make room; the rest happens by itself.", detail: "the disk is full; nothing was written" } })),
  scene("clock-set", world({ clock_jump: { seconds: -7800, at: now() - 240 } })),
  // It lasts two seconds: too short for all its pictures.
  { ...scene("going", world(), async (page) => { (await import("./clock")).run(0.01); await page.press("g"); }), brief: true },
  scene("start-restore", world({ stage: "no_key", gates: [], person: null, device: null, key: { ...state().key, state: "none", fingerprint: null, backed_up: null } }), (page) => page.click("restore-open")),
  scene("removed", world(), async (page) => { page.fake.emit({ kind: "removed" }); await page.wait(50); }),
];
