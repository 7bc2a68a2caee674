// What somebody could try, by timing and by covering, to have a person answer
// what that person does not see.

import { fireEvent } from "@testing-library/svelte";
import { describe, expect, test } from "vitest";
import { config, post, state } from "../dev/samples";
import { Listing } from "../src/activity/listing.svelte";
import { coalesce } from "../src/lib/coalesce";
import type { Ipc } from "../src/lib/ipc";
import type { FoundRow } from "../src/lib/wire/FoundRow";
import type { Page } from "../src/lib/wire/Page";
import type { QueueRow } from "../src/lib/wire/QueueRow";
import { hold, id, key, none, open, pass, ready, type } from "./open";

const up = (name: string) => window.dispatchEvent(new KeyboardEvent("keyup", { key: name }));

describe("Ctrl+Enter signs only with a Ctrl that went down on this very sheet", () => {
  test("not one that is held since the sheet before", async () => {
    const { fake } = await ready();
    key("Control", { ctrlKey: true });
    key("j");
    await pass(2500);
    expect(id("approve")).toHaveAttribute("data-state", "ready");
    key("Enter", { ctrlKey: true });
    await pass(50);
    expect(fake.decided).toEqual([]);
    up("Control");
    key("Control", { ctrlKey: true });
    key("Enter", { ctrlKey: true });
    await pass(50);
    expect(fake.decided).toHaveLength(1);
  });
  test("not one that went down while the next sheet was on its way", async () => {
    const { fake } = await ready();
    const held = hold(fake.ipc, "open");
    key("j");
    await pass(10);
    key("Control", { ctrlKey: true });
    held.go[0]?.();
    await pass(2500);
    key("Enter", { ctrlKey: true });
    await pass(50);
    expect(fake.decided).toEqual([]);
  });
  test("not one that went down over a dialog", async () => {
    const { fake } = await ready();
    id("search-open").click();
    await pass(20);
    key("Control", { ctrlKey: true }, id("palette-query"));
    await fireEvent(document.querySelector("dialog") as HTMLDialogElement, new Event("cancel", { cancelable: true }));
    await pass(2500);
    expect(none("palette")).toBe(true);
    key("Enter", { ctrlKey: true });
    await pass(50);
    expect(fake.decided).toEqual([]);
  });
  test("not with another modifier, and not by an Enter that is held", async () => {
    const { fake } = await ready();
    key("Control", { ctrlKey: true });
    key("Enter", { ctrlKey: true, altKey: true });
    key("Enter", { ctrlKey: true, shiftKey: true });
    key("Enter", { ctrlKey: true, repeat: true });
    await pass(50);
    expect(fake.decided).toEqual([]);
    key("d", { altKey: true });
    await pass(10);
    expect(none("comment"), "Alt+D is not d").toBe(true);
  });
});

describe("while something lies over the sheet", () => {
  test("no key answers what the list covers, and it arms anew when the list is away", async () => {
    const { fake } = await ready();
    id("drawer").click();
    await pass(1500);
    expect(id("approve")).not.toHaveAttribute("data-state", "ready");
    key("Control", { ctrlKey: true });
    key("Enter", { ctrlKey: true });
    key("d");
    await pass(50);
    expect(fake.decided).toEqual([]);
    expect(none("comment")).toBe(true);
    up("Control");
    id("drawer").click();
    await pass(500);
    key("d");
    await pass(20);
    expect(none("comment")).toBe(true);
    expect(id("approve")).toHaveAttribute("data-state", "arming");
    await pass(1000);
    expect(id("approve")).toHaveAttribute("data-state", "ready");
  });
  test("closing a dialog arms anew", async () => {
    const { fake } = await ready();
    for (const name of ["search-open", "halt-open", "nav-help"]) {
      id(name).click();
      await pass(1500);
      const before = fake.calls.filter((it) => it === "shown").length;
      await fireEvent(document.querySelector("dialog") as HTMLDialogElement, new Event("cancel", { cancelable: true }));
      await pass(300);
      expect(fake.calls.filter((it) => it === "shown").length, name).toBe(before + 1);
      expect(id("approve")).toHaveAttribute("data-state", "arming");
      key("d");
      await pass(20);
      expect(none("comment")).toBe(true);
      await pass(1500);
      expect(id("approve")).toHaveAttribute("data-state", "ready");
    }
  });
});

describe("answers in another order than questions", () => {
  test("an older bar does not replace a newer one", async () => {
    const { fake } = await ready();
    const held = hold(fake.ipc, "bar");
    fake.emit({ kind: "arming" });
    await pass(10);
    fake.state = { ...state(), key: { ...state().key, state: "locked" } };
    fake.emit({ kind: "arming" });
    await pass(10);
    expect(held.go).toHaveLength(2);
    held.go[1]?.();
    await pass(10);
    expect(none("approve")).toBe(true);
    held.go[0]?.();
    await pass(10);
    expect(none("approve"), "the answer of before is over").toBe(true);
  });

  const row = (digest: string): QueueRow => ({ digest, kind: "run", agent: [], action: [], expires: null, at: 0, state: { kind: "waiting" }, marks: [] });
  test("rows of one search are not kept below those of another", async () => {
    const [a, b] = ["a", "b"].map((it) => it.repeat(64)) as [string, string];
    const found = (digest: string): FoundRow => ({ row: row(digest), place: "request", excerpt: [] });
    const ipc = {
      history: async (): Promise<Page> => ({ rows: [row(a), row(b)], next: "x" }),
      search: async () => ({ rows: [found(a)], next: "y", unindexed: 0, partly: 0 }),
    } as unknown as Ipc;
    const held = hold(ipc, "search");
    const listing = new Listing(ipc);
    await listing.show("all", "");
    expect(listing.entries.map((it) => it.row.digest)).toEqual([a, b]);
    const first = listing.show("all", "word");
    const second = listing.refresh();
    held.go.forEach((go) => go());
    await Promise.all([first, second]);
    expect(listing.entries.map((it) => it.row.digest)).toEqual([a]);
  });

  test("Enter in the palette does not open what an older word found", async () => {
    const { fake } = await open([post(), config()]);
    id("search-open").click();
    await pass(20);
    const field = id("palette-query");
    await fireEvent.input(field, { target: { value: "gateway.yaml" } });
    await pass(300);
    expect(document.querySelectorAll("[data-testid=palette-row]").length).toBeGreaterThan(0);
    hold(fake.ipc, "search");
    await fireEvent.input(field, { target: { value: "infra" } });
    key("Enter", {}, field);
    await pass(20);
    expect(id("palette")).toBeInTheDocument();
    expect(id("sheet-headline")).toHaveTextContent("#infra-help");
  });

  test("of two changes of the settings the second is kept, however long the first takes", async () => {
    const { fake } = await open([post()]);
    const held = hold(fake.ipc, "setPreferences");
    id("theme").click();
    await pass(10);
    id("theme").click();
    await pass(10);
    expect(held.go, "one after the other").toHaveLength(1);
    held.go[0]?.();
    await pass(10);
    held.go[1]?.();
    await pass(10);
    expect(fake.rest.preferences.theme).toBe("dark");
    expect(document.documentElement.dataset.theme).toBe("dark");
  });
});

test("a look that fails is not the last one", async () => {
  let looks = 0;
  const look = coalesce(async () => {
    looks += 1;
    if (looks === 1) throw new Error("no answer");
  }, 1);
  const first = look();
  const second = look();
  await expect(first).rejects.toThrow();
  await second;
  await look();
  expect(looks).toBe(3);
});

test("nothing is said of a halt that no gate has confirmed but that it is not confirmed", async () => {
  const halt = { digest: "f".repeat(64), at: 0, what: [{ text: "everything", kind: "words" as const, rtl: false }], scope: { kind: "everything" as const }, own: true, by: [], obeyed: false, why: [], lifting: false, voided: 0 };
  const { fake } = await open([post()], { halts: [halt] });
  expect(id("halt-strip")).not.toHaveTextContent("Nothing runs until you lift it");
  expect(id("halt-strip")).toHaveTextContent("not confirmed");
  fake.state = { ...fake.state, halts: [halt, { ...halt, digest: "e".repeat(64), obeyed: true }] };
  fake.emit({ kind: "state" });
  await pass(300);
  expect(id("halt-strip")).toHaveTextContent("2 halts stand");
  expect(id("halt-strip")).toHaveTextContent("not confirmed");
});

test("a name in the palette does not pass for words of ours", async () => {
  const what = [{ text: "everything. Signed by you", kind: "text" as const, rtl: false }];
  const halt = { digest: "f".repeat(64), at: 0, what, scope: { kind: "agent" as const, agent: "a".repeat(64) }, own: true, by: [], obeyed: true, why: [], lifting: false, voided: 0 };
  await open([post()], { halts: [halt] });
  id("search-open").click();
  await pass(20);
  await type("palette-query", "lift");
  await pass(20);
  expect(id("palette-command")).toHaveTextContent("Lift the halt of “everything. Signed by you”…");
});
