import { fireEvent, screen, within } from "@testing-library/svelte";
import { describe, expect, test } from "vitest";
import { PASS } from "../dev/fake";
import { access, inEachState, now, post, state, t, w } from "../dev/samples";
import type { Halt } from "../src/lib/wire/Halt";
import { id, key, none, open, pass, press, settle, type } from "./open";

const halt = (more: Partial<Halt> = {}): Halt => ({
  digest: "1".repeat(64), at: now() - 60, what: [w("everything")], scope: { kind: "everything" }, own: true, by: [], obeyed: true, why: [], lifting: false, voided: 3, ...more,
});
const heading = () => document.querySelector<HTMLElement>("h1");
/** Where the keyboard is: a key goes to what has the focus. */

describe("screens", () => {
  test("each is reached from the bar at the side, which says where one is", async () => {
    await open([post()]);
    for (const name of ["activity", "agents", "keys", "settings"]) {
      id(`nav-${name}`).click();
      await pass(300);
      expect(heading()).toHaveTextContent(new RegExp(name, "i"));
      expect(id(`nav-${name}`)).toHaveAttribute("aria-current", "page");
      expect(document.title.toLowerCase()).toContain(name);
      expect(document.querySelectorAll("main")).toHaveLength(1);
    }
    id("nav-queue").click();
    await pass(50);
    expect(id("sheet-headline")).toHaveTextContent("#infra-help");
  });
  test("only what exists", async () => {
    await open([post()]);
    const names = within(screen.getByRole("navigation", { name: "Screens" })).getAllByRole("button").map((it) => it.textContent?.replace(/,.*/s, "").replace(/\s+/g, ""));
    expect(names).toEqual(["1Queue", "Activity", "Agents", "Keys", "Settings", "Help"]);
  });
  test.each([["q", "queue"], ["v", "activity"], ["a", "agents"], ["k", "keys"], ["s", "settings"]])("g then %s", async (letter, name) => {
    await open([post()]);
    if (name === "queue") {
      key("g");
      key("v");
      await pass(300);
    }
    key("g");
    await pass(10);
    expect(screen.getByText("Go to: press a key")).toBeInTheDocument();
    key(letter);
    await pass(300);
    expect(id(`nav-${name}`)).toHaveAttribute("aria-current", "page");
    if (name !== "queue") expect(heading()).toHaveFocus();
  });
  test("a letter that leads nowhere does nothing else, and g forgets", async () => {
    const { fake } = await settle([post()]);
    key("g");
    key("d");
    await pass(10);
    expect(none("comment")).toBe(true);
    key("g");
    await pass(2500);
    key("v");
    await pass(10);
    expect(id("nav-queue")).toHaveAttribute("aria-current", "page");
    expect(fake.decided).toEqual([]);
  });
  test("Esc goes back, and the item that was open is open again", async () => {
    await open([post(), access()]);
    key("j");
    await pass(50);
    expect(id("sheet-headline")).toHaveTextContent("Payroll 2026");
    key("g");
    key("a");
    await pass(300);
    key("Escape");
    await pass(100);
    expect(id("sheet-headline")).toHaveTextContent("Payroll 2026");
  });
  test("what a notification names is opened in the queue, wherever one is", async () => {
    const { fake } = await open([post(), access()]);
    id("nav-settings").click();
    await pass(50);
    fake.emit({ kind: "open_item", digest: fake.items[1]?.opened.digest ?? "" });
    await pass(50);
    expect(id("sheet-headline")).toHaveTextContent("Payroll 2026");
    id("nav-settings").click();
    await pass(50);
    fake.emit({ kind: "show_queue" });
    await pass(50);
    expect(id("nav-queue")).toHaveAttribute("aria-current", "page");
  });
  test("when everything was removed the page says so and offers nothing", async () => {
    const { fake } = await open([post()]);
    fake.emit({ kind: "removed" });
    await pass(50);
    expect(heading()).toHaveTextContent("Everything of Countersign was removed");
    expect(document.querySelectorAll("button")).toHaveLength(0);
    key("k", { ctrlKey: true });
    await pass(10);
    expect(none("palette")).toBe(true);
  });
  test("what was clicked on before the page listened is opened once it does", async () => {
    const items = [post(), access()];
    const digest = items[1]?.opened.digest ?? "";
    const { fake } = await open(items, {}, (fake) => (fake.rest.wanted = { kind: "open_item", digest }));
    expect(document.querySelector(`[data-digest="${digest}"][aria-current="true"]`)).not.toBeNull();
    expect(fake.rest.wanted).toBeNull();
  });
  test("what holds everything up is said while it does, and what is not lost", async () => {
    const { fake } = await open([post()], { trouble: { code: "disk_full", title: "The disk is full.", hint: "Nothing of it is lost.", detail: "/var is full" } });
    expect(id("trouble-strip")).toHaveTextContent("The disk is full. Nothing of it is lost. /var is full");
    fake.state = { ...fake.state, trouble: null };
    fake.emit({ kind: "state" });
    await pass(50);
    expect(none("trouble-strip")).toBe(true);
  });
  test("a clock that was set is said until somebody says that it is right", async () => {
    const { fake } = await open([post()], { clock_jump: { seconds: -7800, at: now() } });
    expect(id("clock-strip")).toHaveTextContent("set 2 h 10 min back");
    id("clock-dismiss").click();
    await pass(20);
    expect(none("clock-strip")).toBe(true);
    expect(fake.state.clock_jump).toBeNull();
  });
  test("the time left of the key counts down, and at its end Rust is asked", async () => {
    const { fake } = await open([post()], { key: { ...state().key, locks_in: 3 } });
    expect(id("key-menu")).toHaveTextContent("Key unlocked, 0:0");
    fake.state = { ...fake.state, key: { ...fake.state.key, state: "locked", locks_in: null } };
    await pass(5000);
    expect(id("key-menu")).toHaveTextContent("Key locked");
  });
});

test("Esc leaves the reason, and the keyboard is on Deny again", async () => {
  await settle([post()]);
  press("d");
  await pass(20);
  expect(id("comment")).toHaveFocus();
  press("Escape");
  await pass(20);
  expect(id("deny")).toHaveFocus();
});

describe("halting", () => {
  test("is one click away, from every screen, and asks for no passphrase", async () => {
    const { fake } = await open([post()]);
    for (const name of ["queue", "activity", "agents", "keys", "settings"]) {
      id(`nav-${name}`).click();
      await pass(50);
      expect(id("halt-open")).toBeVisible();
    }
    id("halt-open").focus();
    id("halt-open").click();
    await pass(20);
    expect(id("halt-everything")).toHaveFocus();
    expect(document.querySelector("input[type=password]")).toBeNull();
    await type("halt-reason", " it posts by itself ");
    id("halt-go").click();
    await pass(50);
    expect(fake.rest.halted).toEqual([{ stop: { kind: "everything" }, reason: "it posts by itself" }]);
    expect(id("halt-strip")).toHaveTextContent("You halted everything");
    expect(id("halt-strip")).toHaveTextContent("3 proposals were withdrawn");
    expect(id("halt-open")).toHaveTextContent("Halted");
    expect(id("halt-open")).toHaveFocus();
  });
  test("one agent where the gate tells it apart, and only such", async () => {
    const { fake } = await open([post()]);
    id("halt-open").click();
    await pass(20);
    const names = within(id("halt-which")).getAllByRole("option").map((it) => it.textContent);
    expect(names).toContain("“mail-tidy” at home");
    expect(names.join()).not.toMatch(/deploy-agent|agent-<b>/);
    await fireEvent.change(id("halt-which"), { target: { value: "token:mail-tidy" } });
    id("halt-go").click();
    await pass(50);
    expect(fake.rest.halted).toEqual([{ stop: { kind: "agent", agent: "token:mail-tidy" }, reason: null }]);
  });
  test("where nothing tells agents apart only everything is offered, and said why", async () => {
    const { fake } = await open([post()]);
    fake.rest.agents = fake.rest.agents.filter((it) => it.only_everything !== null);
    id("halt-open").click();
    await pass(20);
    expect(none("halt-one")).toBe(true);
    expect(id("halt-dialog")).toHaveTextContent("only everything can be halted");
  });
  test("everything can be halted although the agents are not to be had", async () => {
    const { fake } = await open([post()]);
    fake.ipc.agents = () => Promise.reject(new Error("no"));
    id("halt-open").click();
    await pass(20);
    id("halt-go").click();
    await pass(20);
    expect(fake.rest.halted).toHaveLength(1);
  });
  test("a refusal stays in the dialog", async () => {
    const { fake } = await open([post()]);
    fake.ipc.halt = () => Promise.reject({ code: "disk_full", title: "The disk is full.", hint: "Nothing was halted.", detail: null });
    id("halt-open").click();
    await pass(20);
    id("halt-go").click();
    await pass(20);
    expect(id("halt-dialog")).toHaveTextContent("Nothing was halted.");
  });
  test("lifting takes the passphrase", async () => {
    const { fake } = await open([post()], { halts: [halt()] });
    id("lift-open").click();
    await pass(20);
    await type("lift-pass", "guess");
    await fireEvent.submit(id("lift-pass").closest("form") as HTMLFormElement);
    await pass(20);
    expect(screen.getByRole("alert")).toHaveTextContent("Nothing was lifted.");
    await type("lift-pass", PASS);
    await fireEvent.submit(id("lift-pass").closest("form") as HTMLFormElement);
    await pass(50);
    expect(fake.state.halts[0]?.lifting).toBe(true);
    expect(id("halt-strip")).toHaveTextContent("the gate has not confirmed");
  });
  test("the words of who halted are never ours", async () => {
    await open([post()], { halts: [halt({ why: [t("Lifted. Go on signing.")] })] });
    expect([...id("halt-strip").querySelectorAll(".foreign")].map((it) => it.textContent)).toEqual(["Lifted. Go on signing."]);
  });
});

describe("the palette", () => {
  const find = async (text: string) => {
    await type("palette-query", text);
    await pass(300);
  };
  const openPalette = async (items = [post(), access(), ...inEachState()]) => {
    const all = await settle(items);
    press("k", { ctrlKey: true });
    await pass(20);
    return all;
  };
  test("opens by Ctrl+K, Cmd+K, its key and the field, and Esc gives the focus back", async () => {
    await settle([post()]);
    for (const how of [() => press("k", { ctrlKey: true }), () => press("k", { metaKey: true }), () => press("/")]) {
      id("deny").focus();
      how();
      await pass(20);
      expect(id("palette-query")).toHaveFocus();
      await fireEvent(document.querySelector("dialog") as HTMLElement, new Event("cancel", { cancelable: true }));
      await pass(20);
      expect(none("palette")).toBe(true);
      expect(id("deny")).toHaveFocus();
    }
    id("search-open").focus();
    id("search-open").click();
    await pass(20);
    expect(id("palette-query")).toHaveFocus();
  });
  test("is a combobox: arrows choose, and the choice is announced", async () => {
    await openPalette();
    const field = id("palette-query");
    expect(field).toHaveAttribute("role", "combobox");
    const options = screen.getAllByRole("option");
    expect(field).toHaveAttribute("aria-activedescendant", options[0]?.id);
    key("ArrowDown", {}, field);
    await pass(10);
    expect(field).toHaveAttribute("aria-activedescendant", options[1]?.id);
    key("ArrowUp", {}, field);
    key("ArrowUp", {}, field);
    await pass(10);
    expect(field).toHaveAttribute("aria-activedescendant", options.at(-1)?.id);
  });
  test("runs a command", async () => {
    await openPalette();
    await find("set");
    key("Enter", {}, id("palette-query"));
    await pass(50);
    expect(heading()).toHaveTextContent("Settings");
    expect(heading()).toHaveFocus();
  });
  test("a command that asks gives the focus back to where the palette was opened", async () => {
    await openPalette();
    expect(none("palette")).toBe(false);
    await find("halt");
    key("Enter", {}, id("palette-query"));
    await pass(50);
    expect(id("halt-everything")).toHaveFocus();
    await fireEvent(document.querySelector("dialog") as HTMLElement, new Event("cancel", { cancelable: true }));
    await pass(50);
    expect(id("deny")).toHaveFocus();
  });
  test("finds proposals while typing, and opens one", async () => {
    await openPalette();
    await find("Payroll");
    const rows = screen.getAllByTestId("palette-row");
    expect(rows[0]).toHaveTextContent("access-bot");
    rows[0]?.click();
    await pass(50);
    expect(id("sheet-headline")).toHaveTextContent("Payroll 2026");
  });
  test("an older answer does not replace a newer one", async () => {
    const { fake } = await openPalette();
    const search = fake.ipc.search;
    fake.ipc.search = async (text, after) => {
      if (text === "Payroll") await new Promise((done) => setTimeout(done, 1000));
      return search(text, after);
    };
    await find("Payroll");
    await find("infra-help");
    await pass(2000);
    expect(id("palette")).not.toHaveTextContent("Payroll 2026");
    expect(id("palette")).toHaveTextContent("#infra-help");
  });
  test("cannot approve, deny or ask for changes, by any word and any key", async () => {
    const { fake } = await openPalette();
    expect(id("palette").textContent).not.toMatch(/approve|deny|sign\b|request changes/i);
    for (const word of ["approve", "sign", "deny", "request", "Post"]) {
      await find(word);
      const field = id("palette-query");
      key("Control", { ctrlKey: true }, field);
      key("Enter", { ctrlKey: true }, field);
      key("Enter", { metaKey: true }, field);
      key("d", {}, field);
      await pass(50);
    }
    expect(none("palette")).toBe(false);
    expect(none("comment")).toBe(true);
    expect(fake.decided).toEqual([]);
  });
  test("what is beneath it does not count as displayed", async () => {
    const { fake } = await open([post()]);
    press("k", { ctrlKey: true });
    await pass(3000);
    expect(fake.reports).toEqual([]);
  });
  test("hostile words stay words", async () => {
    await openPalette();
    await find("<img src=x onerror=alert(1)>");
    expect(document.querySelectorAll("dialog img, dialog script")).toHaveLength(0);
    expect(id("palette")).toHaveTextContent("<img src=x onerror=alert(1)>");
  });
});

describe("help", () => {
  test("lists the keys as they are now", async () => {
    const { fake } = await open([post()]);
    fake.rest.preferences = { ...fake.rest.preferences, keys: { deny: "x", snooze: "" } };
    fake.emit({ kind: "preferences" });
    await pass(20);
    press("?");
    await pass(20);
    const line = (name: string) => screen.getByText(name).closest("div");
    expect(line("Deny, after a reason")).toHaveTextContent(/x$/);
    expect(line("Snooze")).toHaveTextContent("no key");
    expect(line("Go to Agents")).toHaveTextContent("g then a");
  });
  test("comes by F1 too, also when single keys are off, and says that they are", async () => {
    const { fake } = await open([post()]);
    fake.rest.preferences = { ...fake.rest.preferences, single_keys: false };
    fake.emit({ kind: "preferences" });
    await pass(20);
    press("?");
    await pass(20);
    expect(none("help")).toBe(true);
    press("F1");
    await pass(20);
    expect(screen.getByText("Single keys, turned off")).toBeInTheDocument();
    id("help-close").click();
    await pass(20);
    expect(none("help")).toBe(true);
  });
});

describe("keys of one’s own", () => {
  const withKeys = async (change: object) => {
    const all = await open([post(), access()]);
    all.fake.rest.preferences = { ...all.fake.rest.preferences, ...change };
    all.fake.emit({ kind: "preferences" });
    await pass(1500);
    return all;
  };
  test("a new key works, the old one does not", async () => {
    await withKeys({ keys: { deny: "x" } });
    press("d");
    await pass(10);
    expect(none("comment")).toBe(true);
    press("x");
    await pass(10);
    expect(id("comment")).toHaveFocus();
  });
  test("single keys can be turned off; those that sign or move stay", async () => {
    const { fake } = await withKeys({ single_keys: false });
    for (const name of ["d", "r", "j", "g", "h", "?", "/"]) press(name);
    await pass(20);
    expect(none("comment")).toBe(true);
    expect(document.querySelector("dialog")).toBeNull();
    expect(id("sheet-headline")).toHaveTextContent("#infra-help");
    press("Control", { ctrlKey: true });
    press("Enter", { ctrlKey: true });
    await pass(20);
    expect(fake.decided).toHaveLength(1);
  });
  test("they sleep in every field of every screen", async () => {
    await withKeys({});
    id("nav-activity").click();
    await pass(300);
    id("activity-query").focus();
    for (const name of ["g", "a", "?", "h", "/"]) press(name);
    await pass(20);
    expect(document.querySelector("dialog")).toBeNull();
    expect(id("nav-activity")).toHaveAttribute("aria-current", "page");
  });
});
