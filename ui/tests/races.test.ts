// Answers and events in every order: what is shown and answered belongs to
// what is open now, and nothing older takes the place of something newer.

import { fireEvent } from "@testing-library/svelte";
import { describe, expect, test } from "vitest";
import { error, Fake, PASS } from "../dev/fake";
import { post, removal, state } from "../dev/samples";
import { Session } from "../src/lib/session.svelte";
import type { AppState } from "../src/lib/wire/AppState";
import type { Queue } from "../src/lib/wire/Queue";
import { begin, hold, id, key, none, open, pass, ready, settle, type } from "./open";

const digest = (fake: Fake, n: number) => fake.items[n]?.opened.digest ?? "";
const locked = (): AppState => ({ ...state(), key: { ...state().key, state: "locked" } });

describe("an older answer does not replace a newer one:", () => {
  /** Locks the key, and answers at the `end`. */
  const lock = (fake: Fake, session: Session) => {
    let end = () => {};
    const done = session.change(async () => {
      await new Promise<void>((go) => (end = go));
      return (fake.state = locked());
    });
    return { done, end: () => end() };
  };
  test("the state", async () => {
    const { fake, session } = await begin();
    const held = hold(fake.ipc, "state");
    const first = session.refresh();
    fake.state = locked();
    const second = session.refresh();
    held.go[1]?.();
    await second;
    held.go[0]?.();
    await Promise.resolve();
    await Promise.resolve();
    expect(session.app?.key.state).toBe("locked");
    await expect.poll(() => held.go.length).toBe(3);
    held.go[2]?.();
    await first;
    expect(session.app?.key.state).toBe("locked");
  });
  test("the state from before a command", async () => {
    const { fake, session } = await begin();
    const held = hold(fake.ipc, "state");
    const before = session.refresh();
    held.end();
    await session.change(() => fake.ipc.lock());
    held.go[0]?.();
    await before;
    expect(session.app?.key.state).toBe("locked");
  });
  test("the state that a slow command saw", async () => {
    const { fake, session } = await begin();
    const command = hold(fake.ipc, "state");
    const done = session.change(fake.ipc.state);
    command.end();
    fake.state = locked();
    await session.refresh();
    command.go[0]?.();
    await done;
    expect(session.app?.key.state).toBe("locked");
  });
  test("the state that was seen while a command ran", async () => {
    const { fake, session } = await begin();
    const { done, end } = lock(fake, session);
    // One answer comes before that of the command, one after it; both are of the time before.
    await session.refresh();
    const held = hold(fake.ipc, "state");
    const late = session.refresh();
    held.end();
    end();
    await done;
    expect(session.app?.key.state).toBe("locked");
    held.go[0]?.();
    await late;
    expect(session.app?.key.state).toBe("locked");
  });
  test("the state that a command answers, whoever asked before it", async () => {
    const { fake, session } = await begin();
    const { done, end } = lock(fake, session);
    const held = hold(fake.ipc, "state");
    const late = session.refresh();
    held.end();
    end();
    await done;
    held.go[0]?.();
    await late;
    expect(session.app?.key.state).toBe("locked");
  });
  test("the queue", async () => {
    const { fake, session } = await begin();
    const held = hold(fake.ipc, "queue");
    const before = session.refreshQueue();
    held.end();
    const gone = fake.items.shift()?.opened.digest ?? "";
    await session.refreshQueue();
    held.go[0]?.();
    await before;
    expect(session.list.where(gone)).toBeNull();
    expect(session.list.part("waiting")?.total).toBe(1);
  });
  test("the clock that was said to be right", async () => {
    const { fake } = await open([post()], { clock_jump: { seconds: 7200, at: 0 } });
    const held = hold(fake.ipc, "state");
    fake.emit({ kind: "state" });
    await pass(10);
    held.end();
    id("clock-dismiss").click();
    await pass(10);
    held.go[0]?.();
    await pass(50);
    expect(none("clock-strip")).toBe(true);
  });
  test("the settings, so that the next change does not undo the one before", async () => {
    const { fake, session } = await begin();
    await session.preferences.refresh();
    const held = hold(fake.ipc, "preferences");
    const before = session.preferences.refresh();
    held.end();
    await session.preferences.set({ theme: "dark" });
    held.go[0]?.();
    await before;
    await session.preferences.set({ single_keys: false });
    expect(fake.rest.preferences).toMatchObject({ theme: "dark", single_keys: false });
  });
});

test("an answer to a question of an earlier showing is asked for again", async () => {
  const { fake, session } = await begin();
  const held = hold(fake.ipc, "bar");
  const before = session.look();
  held.end();
  await session.open(digest(fake, 1));
  fake.state = locked();
  fake.ipc.shown = () => new Promise(() => {});
  void session.open(digest(fake, 0));
  await expect.poll(() => session.opened?.digest).toBe(digest(fake, 0));
  held.go[0]?.();
  await before;
  expect(session.bar.approve.kind).toBe("key_locked");
});

describe("what belongs to another item does not come here:", () => {
  test("a sheet that comes late", async () => {
    const { fake } = await ready();
    fake.emit({ kind: "open_item", digest: digest(fake, 1) });
    await pass(50);
    const held = hold(fake.ipc, "open");
    fake.emit({ kind: "open_item", digest: digest(fake, 0) });
    await pass(10);
    held.end();
    fake.emit({ kind: "open_item", digest: digest(fake, 1) });
    await pass(1500);
    held.go[0]?.();
    await pass(1500);
    expect(id("sheet-headline")).toHaveTextContent("gateway.yaml");
    key("d");
    await pass(20);
    id("comment-send").click();
    await pass(20);
    expect(fake.decided.map((it) => it.proposal)).toEqual([digest(fake, 1)]);
  });
  test("a failure to open what was left", async () => {
    const { fake } = await ready();
    let fail = () => {};
    const usual = fake.ipc.open;
    fake.ipc.open = () => new Promise((_, no) => (fail = () => no(error("not_found", "This item is not here.", "It may have been removed."))));
    fake.emit({ kind: "item", digest: digest(fake, 0) });
    await pass(300);
    fake.ipc.open = usual;
    key("j");
    await pass(300);
    fail();
    await pass(300);
    expect(id("sheet-headline")).toHaveTextContent("gateway.yaml");
    expect(none("toast")).toBe(true);
  });
  test("what may be done, and why not", async () => {
    const { fake } = await ready();
    const held = hold(fake.ipc, "bar");
    fake.emit({ kind: "arming" });
    await pass(10);
    held.end();
    fake.items[1] = { ...removal(300), section: "waiting" };
    fake.emit({ kind: "queue" });
    await pass(300);
    key("j");
    await pass(1500);
    expect(id("approve")).toHaveAttribute("data-state", "off");
    held.go.forEach((go) => go());
    await pass(0);
    expect(id("approve")).toHaveAttribute("data-state", "off");
  });
  test("what went wrong with a question about it", async () => {
    const { fake } = await ready();
    let fail = () => {};
    const usual = fake.ipc.bar;
    fake.ipc.bar = () => new Promise((_, no) => (fail = () => no(error("broken", "The memory cannot be read.", "Nothing was signed."))));
    fake.emit({ kind: "arming" });
    await pass(10);
    fake.ipc.bar = usual;
    key("j");
    await pass(1500);
    fail();
    await pass(50);
    expect(none("toast")).toBe(true);
    expect(id("approve")).toHaveAttribute("data-state", "ready");
  });
});

describe("while a dialog or a menu is open no key reaches what is beneath", () => {
  const keys = ["d", "r", "s", "j", "k", "h", "?", "/", "g", "v", "F1"];
  test.each(["nav-help", "halt-open", "key-menu", "snooze"])("%s", async (what) => {
    const { fake } = await ready();
    id(what).click();
    await pass(1500);
    const over = () => [...document.querySelectorAll("dialog, [data-menu]")];
    const before = over();
    expect(before).toHaveLength(1);
    for (const name of keys) key(name);
    key("Control", { ctrlKey: true });
    key("Enter", { ctrlKey: true });
    await pass(50);
    expect(over()).toEqual(before);
    expect(id("sheet-headline")).toHaveTextContent("#infra-help");
    expect(none("comment")).toBe(true);
    expect(fake.decided).toEqual([]);
  });
  test("whoever opened it, and with a Ctrl that went down before", async () => {
    const { fake } = await ready();
    key("Control", { ctrlKey: true });
    const dialog = document.body.appendChild(document.createElement("dialog"));
    dialog.open = true;
    for (const name of keys) key(name);
    key("Enter", { ctrlKey: true });
    await pass(50);
    expect(fake.decided).toEqual([]);
    expect(none("comment")).toBe(true);
    expect(none("palette")).toBe(true);
    expect(id("sheet-headline")).toHaveTextContent("#infra-help");
    key("Control", { ctrlKey: true });
    dialog.remove();
    key("Enter", { ctrlKey: true });
    await pass(50);
    expect(fake.decided, "that Ctrl went down over the dialog").toEqual([]);
  });
  test("nor does one that sends the reason, while the list lies over it", async () => {
    const { fake } = await ready([post()]);
    key("d");
    await pass(20);
    id("drawer").click();
    await pass(1500);
    key("Enter", { ctrlKey: true }, id("comment"));
    id("comment-send").click();
    await pass(50);
    expect(fake.decided).toEqual([]);
  });
});

describe("a dialog that ends late closes itself and no other:", () => {
  const dismiss = () => fireEvent(document.querySelector("dialog") as HTMLDialogElement, new Event("cancel", { cancelable: true }));
  test("unlocking", async () => {
    const { fake } = await settle([post()], { key: locked().key });
    const held = hold(fake.ipc, "unlock");
    id("unlock-open").click();
    await pass(20);
    await type("unlock-pass", PASS);
    await fireEvent.submit(id("unlock-pass").closest("form") as HTMLFormElement);
    await dismiss();
    await pass(20);
    id("halt-open").click();
    await pass(20);
    held.go[0]?.();
    await pass(50);
    expect(id("halt-dialog")).toBeInTheDocument();
    expect(id("key-menu"), "what was cancelled was not done").toHaveTextContent("Key locked");
  });
  test("halting", async () => {
    const { fake } = await open([post()]);
    const held = hold(fake.ipc, "halt");
    id("halt-open").click();
    await pass(20);
    id("halt-go").click();
    await dismiss();
    await pass(20);
    id("nav-help").click();
    await pass(20);
    held.go[0]?.();
    await pass(50);
    expect(id("help")).toBeInTheDocument();
  });
});

describe("what is kept does not grow without end:", () => {
  test("of what was being written, only what there is", async () => {
    const fake = new Fake(state(), []);
    const session = new Session(fake.ipc);
    session.draft("a", { panel: "deny", comment: "no" });
    session.draft("a", { found: "it ran" });
    session.draft("a", { panel: null, comment: "" });
    expect([...session.drafts]).toEqual([["a", { panel: null, comment: "", found: "it ran" }]]);
    session.draft("a", { found: "" });
    session.draft("b", { panel: null, comment: "" });
    expect(session.drafts.size).toBe(0);
  });
  test("of the rows of the queue and the pages after them, those that are in it", async () => {
    const fake = new Fake(state(), []);
    const session = new Session(fake.ipc);
    const answer = (round: number): Queue => {
      const first = post();
      fake.items = Array.from({ length: 300 }, (_, i) => ({ ...first, opened: { ...first.opened, digest: `${round}-${i}` } }));
      return fake.queue();
    };
    for (let round = 0; round < 20; round += 1) {
      session.list.take(answer(round));
      await session.list.reach("waiting", 250);
      for (const row of session.list.part("waiting")?.rows ?? []) session.list.heights.set(row.digest, 80);
      session.list.take({ sections: [] });
    }
    session.list.take(answer(20));
    expect(session.list.cursors.size).toBe(1);
    expect(session.list.heights.size).toBe(0);
  });
});

test.each(["d", "r"])("an answer that was sent is not begun again by coming back: %s", async (name) => {
  const { fake } = await ready();
  key(name);
  await pass(20);
  await type("comment", "name the source");
  const held = hold(fake.ipc, "decide");
  id("comment-send").click();
  await pass(10);
  fake.emit({ kind: "open_item", digest: digest(fake, 1) });
  await pass(1500);
  held.go[0]?.();
  await pass(50);
  expect(id("sheet-headline")).toHaveTextContent("gateway.yaml");
  fake.emit({ kind: "open_item", digest: digest(fake, 0) });
  await pass(1500);
  // Where changes were requested it can still be denied, and nothing of what was sent stands there.
  expect(none("deny")).toBe(name === "d");
  expect(none("comment")).toBe(true);
});
