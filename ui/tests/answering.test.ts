// An answer goes to what is shown, once, and only while it may be given.

import { fireEvent } from "@testing-library/svelte";
import { describe, expect, test } from "vitest";
import { error } from "../dev/fake";
import { command, inEachState, post, removal, state } from "../dev/samples";
import { hold, id, key, none, open, pass, pointer, ready, settle, type } from "./open";

const focus = () => window.dispatchEvent(new Event("focus"));
const up = (name: string) => window.dispatchEvent(new KeyboardEvent("keyup", { key: name }));
const holdable = async (items = [command(), command()]) => {
  items.forEach((it, i) => (it.opened = { ...it.opened, digest: String(i).repeat(64) }));
  const all = await settle(items);
  await fireEvent.click(id("unseen-sign"));
  expect(id("approve")).toHaveAttribute("data-state", "ready");
  pointer("pointerdown", id("approve"));
  await pass(500);
  expect(id("approve")).toHaveAttribute("data-state", "holding");
  return all;
};

describe("a hold that was begun", () => {
  test("ends with what it was begun on, also where that is ready again before its time is over", async () => {
    const { fake } = await holdable();
    focus();
    await pass(1500);
    expect(id("approve")).toHaveAttribute("data-state", "ready");
    await pass(3000);
    expect(fake.decided).toEqual([]);
  });
  test("signs nothing of the item that comes under the finger", async () => {
    const { fake } = await holdable([command(), post()]);
    fake.emit({ kind: "open_item", digest: fake.items[1]?.opened.digest ?? "" });
    await pass(1500);
    expect(id("approve")).toHaveAttribute("data-state", "ready");
    await pass(5000);
    expect(fake.decided).toEqual([]);
  });
  test.each(["blur", "Escape"])("ends by %s", async (what) => {
    const { fake } = await holdable();
    if (what === "blur") await fireEvent.blur(id("approve"));
    else key("Escape", {}, id("approve"));
    await pass(5000);
    expect(fake.decided).toEqual([]);
  });
  test("is that of the first button of the mouse", async () => {
    const { fake } = await ready();
    id("approve").dispatchEvent(new MouseEvent("pointerdown", { button: 2, bubbles: true }));
    await pass(3000);
    expect(fake.decided).toEqual([]);
  });
});

describe("Ctrl+Enter signs only what was there when Ctrl went down:", () => {
  const enter = async (more: KeyboardEventInit = { ctrlKey: true }) => {
    key("Enter", more);
    await pass(50);
  };
  test("not what was shown anew meanwhile", async () => {
    const { fake } = await ready();
    key("Control", { ctrlKey: true });
    focus();
    await pass(1500);
    expect(id("approve")).toHaveAttribute("data-state", "ready");
    await enter();
    expect(fake.decided).toEqual([]);
    // The machine repeats a key that is held: that is no new press.
    key("Control", { ctrlKey: true, repeat: true });
    await enter();
    expect(fake.decided).toEqual([]);
  });
  test("not what the list covers by then", async () => {
    const { fake } = await ready();
    key("Control", { ctrlKey: true });
    id("drawer").click();
    await pass(20);
    await enter();
    expect(fake.decided).toEqual([]);
  });
  test("not once the window lost the keyboard, nor once Ctrl went up", async () => {
    const { fake } = await ready();
    key("Control", { ctrlKey: true });
    window.dispatchEvent(new Event("blur"));
    await enter();
    key("Control", { ctrlKey: true });
    up("Control");
    await enter();
    expect(fake.decided).toEqual([]);
  });
  test("once, however often Enter is pressed until the answer is there", async () => {
    const { fake } = await ready();
    const held = hold(fake.ipc, "decide");
    key("Control", { ctrlKey: true });
    for (let i = 0; i < 3; i += 1) await enter();
    expect(held.go).toHaveLength(1);
  });
  test("Cmd is no other", async () => {
    const { fake } = await ready();
    key("Control", { ctrlKey: true });
    await enter({ metaKey: true });
    expect(fake.decided).toEqual([]);
    key("Meta", { metaKey: true });
    await enter({ metaKey: true });
    expect(fake.decided).toHaveLength(1);
  });
  test("not while letters are composed", async () => {
    const { fake } = await ready();
    key("Control", { ctrlKey: true });
    await enter({ ctrlKey: true, isComposing: true });
    key("d", { isComposing: true });
    await pass(20);
    expect(fake.decided).toEqual([]);
    expect(none("comment")).toBe(true);
  });
});

describe("the reason", () => {
  const write = async (text: string) => {
    await type("comment", text);
    await pass(10);
  };
  test("goes with the sheet it was written at, and is gone after it", async () => {
    const { fake } = await ready();
    key("d");
    await pass(20);
    await write("no source");
    id("comment-send").click();
    await pass(50);
    const first = fake.items[0]?.opened;
    expect(fake.decided).toEqual([{ proposal: first?.digest, sheet: first?.sheet?.digest, answer: { kind: "deny" }, comment: "no source" }]);
    expect(none("comment")).toBe(true);
    expect(none("approve"), "nothing was signed").toBe(true);
  });
  test("of a request for changes is gone after it, and nothing is called signed", async () => {
    await ready();
    key("r");
    await pass(20);
    await write("name the source");
    id("comment-send").click();
    await pass(50);
    expect(id("deny"), "it can still be denied").toBeVisible();
    expect(none("comment")).toBe(true);
    expect(none("approve")).toBe(true);
  });
  test("is sent once, however often it is pressed", async () => {
    const { fake } = await ready();
    const held = hold(fake.ipc, "decide");
    key("d");
    await pass(20);
    for (let i = 0; i < 3; i += 1) {
      await fireEvent.submit(id("comment").closest("form") as HTMLFormElement);
      key("Enter", { ctrlKey: true }, id("comment"));
    }
    expect(held.go).toHaveLength(1);
  });
  test("stays where it was refused, to be sent again", async () => {
    const { fake } = await ready();
    const usual = fake.ipc.decide;
    fake.ipc.decide = () => Promise.reject(error("disk_full", "The disk is full.", "Nothing was signed or sent."));
    key("d");
    await pass(20);
    await write("no source");
    id("comment-send").click();
    await pass(50);
    expect(id("comment")).toHaveValue("no source");
    fake.ipc.decide = usual;
    id("comment-send").click();
    await pass(50);
    expect(fake.decided).toMatchObject([{ comment: "no source" }]);
  });
  test("is not sent before the sheet was there for a moment", async () => {
    const { fake } = await ready();
    key("d");
    await pass(20);
    focus();
    await pass(500);
    expect(id("comment-send")).toBeDisabled();
    key("Enter", { ctrlKey: true }, id("comment"));
    await fireEvent.submit(id("comment").closest("form") as HTMLFormElement);
    await pass(20);
    expect(fake.decided).toEqual([]);
  });
  test("is not sent by a key that is held, nor empty where it has to say what", async () => {
    const { fake } = await ready();
    key("r");
    await pass(20);
    key("Enter", { ctrlKey: true }, id("comment"));
    await write("  ");
    key("Enter", { ctrlKey: true }, id("comment"));
    await write("name the source");
    key("Enter", { ctrlKey: true, repeat: true }, id("comment"));
    await pass(20);
    expect(fake.decided).toEqual([]);
  });
  test("is thrown away by Cancel", async () => {
    await ready();
    key("d");
    await pass(20);
    await write("no source");
    key("Escape", {}, id("comment"));
    await pass(20);
    key("d");
    await pass(20);
    expect(id("comment")).toHaveValue("");
  });
});

describe("what is not offered", () => {
  test("is not begun by its key", async () => {
    const item = inEachState().find((it) => it.opened.state.kind === "signed");
    if (!item) throw new Error("missing");
    item.section = "waiting";
    await settle([item]);
    key("r");
    await pass(20);
    expect(none("comment")).toBe(true);
    key("d");
    await pass(20);
    expect(id("comment")).toBeVisible();
  });
  test("nor by a click while it arms", async () => {
    await open([post()]);
    await pass(500);
    id("request-changes").click();
    await pass(20);
    expect(none("comment")).toBe(true);
  });
  test("rows that were not displayed keep approving off while it arms, too", async () => {
    await open([removal(300)]);
    await pass(500);
    expect(id("approve")).toHaveAttribute("data-state", "off");
  });
});

test("a signature that was taken back can be given again", async () => {
  const { fake } = await ready([post()]);
  key("Control", { ctrlKey: true });
  key("Enter", { ctrlKey: true });
  up("Control");
  await pass(50);
  expect(id("approve")).toHaveAttribute("data-state", "signed");
  const item = fake.items[0];
  if (!item) throw new Error("missing");
  item.opened.state = { kind: "waiting" };
  id("withdraw").click();
  await pass(1500);
  expect(id("approve")).toHaveAttribute("data-state", "ready");
});

describe("what happens meanwhile", () => {
  test("a sheet that changes is read anew: it arms, and no key answers", async () => {
    const { fake } = await ready();
    const item = fake.items[0];
    if (!item?.opened.sheet) throw new Error("missing");
    item.opened = { ...item.opened, sheet: { ...item.opened.sheet, digest: "5".repeat(64) } };
    fake.emit({ kind: "queue" });
    await pass(400);
    key("d");
    await pass(20);
    expect(none("comment")).toBe(true);
    expect(id("approve")).not.toHaveAttribute("data-state", "ready");
    await pass(2000);
    expect(id("approve")).toHaveAttribute("data-state", "ready");
  });
  test("what changes nothing of it does not arm it anew", async () => {
    const { fake } = await ready();
    const before = fake.calls.filter((it) => it === "shown").length;
    fake.emit({ kind: "queue" });
    fake.emit({ kind: "open_item", digest: fake.items[0]?.opened.digest ?? "" });
    await pass(400);
    expect(fake.calls.filter((it) => it === "shown").length).toBe(before);
    expect(id("approve")).toHaveAttribute("data-state", "ready");
  });
  test("an answer given elsewhere is seen, though only the queue is said to have moved", async () => {
    const { fake } = await ready();
    const item = fake.items[0];
    if (!item) throw new Error("missing");
    item.opened = { ...item.opened, state: { kind: "denied", at: 0 } };
    fake.emit({ kind: "queue" });
    await pass(400);
    expect(id("state-strip")).toHaveAttribute("data-state", "denied");
    expect(none("approve")).toBe(true);
  });
  test("a key that was locked elsewhere turns approving off", async () => {
    const { fake } = await ready();
    fake.state = { ...fake.state, key: { ...state().key, state: "locked" } };
    fake.emit({ kind: "state" });
    await pass(400);
    expect(none("approve")).toBe(true);
    expect(id("unlock-open")).toBeVisible();
  });
  test("a question that says it changed turns approving off until it was opened again", async () => {
    const { fake } = await ready();
    const usual = fake.ipc.bar;
    fake.ipc.bar = () => Promise.reject(error("changed", "It changed.", "Nothing was signed."));
    fake.emit({ kind: "arming" });
    await pass(20);
    expect(id("approve")).toHaveAttribute("data-state", "off");
    expect(none("toast"), "nothing went wrong that a person has to know of").toBe(true);
    fake.ipc.bar = usual;
    await pass(1500);
    expect(id("approve")).toHaveAttribute("data-state", "ready");
  });
  test("what is refused is looked at again", async () => {
    const { fake } = await ready();
    const item = fake.items[0];
    if (!item) throw new Error("missing");
    fake.ipc.decide = () => {
      item.opened = { ...item.opened, state: { kind: "superseded", by: null } };
      return Promise.reject(error("not_open", "It is not open any more.", "Nothing was signed."));
    };
    key("d");
    await pass(20);
    id("comment-send").click();
    await pass(50);
    expect(id("state-strip")).toHaveAttribute("data-state", "superseded");
  });
  test("what is gone is not drawn any more", async () => {
    const { fake } = await ready();
    fake.items.shift();
    fake.emit({ kind: "queue" });
    await pass(400);
    for (const part of ["sheet-headline", "approve", "deny"]) expect(none(part)).toBe(true);
  });
  test("nor what cannot be read any more", async () => {
    const { fake } = await ready();
    fake.ipc.open = () => Promise.reject(error("broken", "The memory cannot be read.", "Nothing was changed."));
    fake.emit({ kind: "queue" });
    await pass(400);
    for (const part of ["sheet-headline", "approve", "deny"]) expect(none(part)).toBe(true);
  });
});

test.each(["key-menu", "snooze"])("closing %s arms anew", async (name) => {
  const { fake } = await ready();
  id(name).click();
  await pass(1500);
  const before = fake.calls.filter((it) => it === "shown").length;
  if (name === "snooze") await fireEvent(document.querySelector("dialog") as HTMLDialogElement, new Event("cancel", { cancelable: true }));
  else id(name).click();
  await pass(300);
  expect(fake.calls.filter((it) => it === "shown").length).toBe(before + 1);
  expect(id("approve")).toHaveAttribute("data-state", "arming");
});

test("Ctrl+K does not take the place of another dialog", async () => {
  await ready();
  id("halt-open").click();
  await pass(20);
  key("k", { ctrlKey: true }, id("halt-reason"));
  await pass(20);
  expect(id("halt-dialog")).toBeInTheDocument();
});
