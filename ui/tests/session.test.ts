// What the page holds between two questions, without the page.

import { fireEvent, screen } from "@testing-library/svelte";
import { flushSync } from "svelte";
import { describe, expect, test, vi } from "vitest";
import { offers } from "../src/app/palette";
import { error, type Item, PASS } from "../dev/fake";
import { access, config, inEachState, post, state, w } from "../dev/samples";
import { Session } from "../src/lib/session.svelte";
import type { Halt } from "../src/lib/wire/Halt";
import { begin, hold, id, key, none, open, pass, settle, type } from "./open";

const wrong = (n: number) => error("broken", `Number ${n} went wrong.`, "Nothing was signed.");

describe("what is said", () => {
  test("what went wrong stays until it is read, whatever is done and opened meanwhile; what went well does not", async () => {
    const { fake, session } = await begin();
    session.say("Denied.", "Nothing will be posted.");
    for (const n of [1, 2, 3, 4]) session.fail(wrong(n));
    for (const n of [1, 2, 3, 4]) session.say(`Done ${n}.`, "");
    const titles = () => session.toasts.all.map((it) => it.title);
    expect(titles()).toEqual([1, 2, 3, 4].map((n) => `Number ${n} went wrong.`).concat("Done 2.", "Done 3.", "Done 4."));
    await session.open(fake.items[1]?.opened.digest ?? "");
    expect(titles()).toHaveLength(4);
    await session.act(() => fake.ipc.withdraw(fake.items[1]?.opened.digest ?? ""));
    expect(titles()).toEqual([1, 2, 3, 4].map((n) => `Number ${n} went wrong.`).concat("Your signature is withdrawn."));
  });
  test("twice is said once", async () => {
    const { session } = await begin();
    session.fail(wrong(1));
    session.fail(wrong(2));
    session.fail(wrong(1));
    expect(session.toasts.all.map((it) => it.title)).toEqual(["Number 2 went wrong.", "Number 1 went wrong."]);
  });
  test("what was said of an answer is over when its receipt is there", async () => {
    const { fake, session } = await begin();
    session.say("Signed.", "The gate is told as soon as it listens.");
    const receipt = inEachState().find((it) => it.opened.receipt)?.opened.receipt ?? null;
    expect(receipt).not.toBeNull();
    const item = fake.items[0];
    if (!item) throw new Error("missing");
    item.opened = { ...item.opened, receipt };
    await session.reopen();
    expect(session.toasts.all).toEqual([]);
  });
  test("new proposals are announced by their number, and only they", async () => {
    const { fake, session } = await begin();
    session.news = "";
    await session.refreshQueue();
    expect(session.news).toBe("");
    fake.items.push(config(), { ...post(), opened: { ...post().opened, digest: "7".repeat(64) } });
    await session.refreshQueue();
    expect(session.news).toBe("2 new proposals");
  });
});

describe("what is open", () => {
  test("comes no more once it was put away", async () => {
    const { fake, session } = await begin();
    const held = hold(fake.ipc, "open");
    const opening = session.open(fake.items[1]?.opened.digest ?? "");
    session.close();
    held.go[0]?.();
    await opening;
    expect(session.selected).toBeNull();
    expect(session.opened).toBeNull();
  });
  test("goes at once when another is asked for: nothing can be answered in between", async () => {
    const { fake, session } = await begin();
    expect(session.bar.deny).toBe(true);
    session.armed = true;
    fake.ipc.open = () => new Promise(() => {});
    void session.open(fake.items[1]?.opened.digest ?? "");
    expect(session.opened).toBeNull();
    expect(session.bar).toMatchObject({ approve: { kind: "closed" }, deny: false, request_changes: false, withdraw: false });
    expect(session.answers).toBe(false);
  });
  test("and is not here any more makes room for the next", async () => {
    const { fake, session } = await begin();
    fake.items.shift();
    await session.reopen();
    expect([session.selected, session.opened]).toEqual([null, null]);
    await session.refreshQueue();
    expect(session.selected).toBe(fake.items[0]?.opened.digest);
  });
  test("stays open, whatever stands above it in the queue", async () => {
    const { fake, session } = await begin();
    const second = fake.items[1]?.opened.digest ?? "";
    await session.open(second);
    await session.refreshQueue();
    expect(session.selected).toBe(second);
  });
  test("counts no rows of another sheet as seen", async () => {
    const { fake, session } = await begin();
    await session.seen("another", [{ document: 0, from: 0, to: 9 }]);
    expect(fake.reports).toEqual([]);
    await session.seen(session.opened?.sheet?.digest ?? "", [{ document: 0, from: 0, to: 1 }]);
    expect(fake.reports).toHaveLength(1);
  });
  test.each([["incomplete", true], ["evidence", false]] as const)("can be refused without a sheet only where it is incomplete: %s", async (kind, deny) => {
    const item = inEachState().find((it) => it.opened.state.kind === kind);
    if (!item) throw new Error("missing");
    item.section = "waiting";
    const { session } = await begin([{ ...item, opened: { ...item.opened, sheet: null } }]);
    expect(session.bar).toMatchObject({ approve: { kind: "closed" }, deny });
  });
  test("that is asked for twice is one visit, and keeps what may be done", async () => {
    const { session } = await begin();
    const { visits, bar, shows } = session;
    await session.open(session.selected ?? "");
    expect([session.visits, session.shows]).toEqual([visits, shows]);
    expect(session.bar.deny).toBe(bar.deny);
  });
});

describe("a passphrase is asked for beside what is open:", () => {
  const begun = async (items: Item[], from: () => HTMLElement) => {
    const { fake } = await settle(items, { key: { ...state().key, state: "locked" } });
    const shown: string[] = [];
    const usual = fake.ipc.shown;
    fake.ipc.shown = (digest, sheet) => (shown.push(digest), usual(digest, sheet));
    from().click();
    await pass(20);
    expect(id("unlock-pass")).toBeVisible();
    return { fake, shown };
  };
  test("it is not for another that a notification opens", async () => {
    const [one, other] = [post(), access()];
    const { fake, shown } = await begun([one, other], () => id("unlock-open"));
    fake.emit({ kind: "open_item", digest: one.opened.digest });
    await pass(300);
    expect(id("unlock-pass"), "the same one").toBeVisible();
    expect(shown).toEqual([]);
    fake.emit({ kind: "open_item", digest: other.opened.digest });
    await pass(300);
    expect(none("unlock-pass")).toBe(true);
    expect(shown).toEqual([other.opened.digest]);
  });
  test("nor for one that was left for another place", async () => {
    const { fake } = await open([post()], {});
    await pass(300);
    const order = () => fake.calls.filter((it) => it === "shown" || it === "hidden");
    expect(order()).toEqual(["shown"]);
    id("nav-keys").click();
    await pass(50);
    expect(order()).toEqual(["shown", "hidden"]);
    id("nav-queue").click();
    await pass(300);
    expect(order()).toEqual(["shown", "hidden", "shown"]);
  });
  test("nor for one that comes and opens below it, and nobody who types is interrupted", async () => {
    const { fake, shown } = await begun([], () => (id("key-menu").click(), flushSync(), screen.getByRole("button", { name: "Unlock…" })));
    const one = post();
    fake.items.push(one);
    fake.emit({ kind: "queue" });
    await pass(600);
    window.dispatchEvent(new Event("focus"));
    await pass(300);
    expect(id("sheet-headline")).toHaveTextContent("#infra-help");
    expect(id("unlock-pass")).toBeVisible();
    expect(shown).toEqual([]);
    await type("unlock-pass", PASS);
    await fireEvent.submit(id("unlock-pass").closest("form") as HTMLFormElement);
    await pass(50);
    expect(none("unlock-pass")).toBe(true);
    expect(shown).toEqual([one.opened.digest]);
  });
});

describe("what failed", () => {
  test("is no answer: it says so, and what was not done is not taken for done", async () => {
    const { session } = await begin();
    expect(await session.act(() => Promise.reject(wrong(1)))).toBe(false);
    expect(session.toasts.all).toHaveLength(1);
  });
  test("for want of the key asks for it", async () => {
    const { session } = await begin();
    await session.act(() => Promise.reject(error("key_locked", "Your key is locked.", "Nothing was signed.")));
    expect(session.asking).toEqual({ kind: "unlock" });
  });
  test("at the start takes the page, and a later answer gives it back; a later failure does not take it", async () => {
    const { fake } = await begin();
    const usual = fake.ipc.state;
    fake.ipc.state = () => Promise.reject(new Error("?"));
    const session = new Session(fake.ipc);
    await session.refresh();
    expect(session.fault).toMatchObject({ code: "broken" });
    fake.ipc.state = usual;
    await session.refresh();
    expect(session.fault).toBeNull();
    fake.ipc.state = () => Promise.reject(wrong(1));
    await session.refresh();
    expect(session.fault).toBeNull();
    expect(session.toasts.all.map((it) => it.title)).toEqual(["Number 1 went wrong."]);
  });
});

test("walking the queue leaves closed sections out", async () => {
  const items = [post(), access(), config()];
  items.forEach((it, i) => (it.opened = { ...it.opened, digest: String(i).repeat(64) }));
  Object.assign(items[1] ?? {}, { section: "snoozed" });
  Object.assign(items[2] ?? {}, { section: "decided" });
  const { session } = await begin(items);
  await session.move(1);
  expect(session.selected).toBe("2".repeat(64));
});

test("a gate that is made while the page is open brings its queue", async () => {
  const { fake } = await open([post()], { stage: "no_gate" });
  expect(none("section-waiting")).toBe(true);
  fake.state = { ...fake.state, stage: "ready" };
  fake.emit({ kind: "state" });
  await pass(600);
  expect(id("section-waiting")).toHaveTextContent("Waiting for you1");
});

describe("the palette", () => {
  const halt = (digest: string, what: string, lifting = false): Halt => ({ digest, at: 0, what: [w(what)], scope: { kind: "everything" }, own: true, by: [], obeyed: true, why: [], lifting, voided: 0 });
  test("offers what there is to do, and lifts the halt that it names", async () => {
    const { fake, session } = await begin();
    const titles = () => offers(session).map((it) => it.title);
    fake.state = { ...fake.state, halts: [halt("1", "one"), halt("2", "two"), halt("3", "three", true)] };
    await session.refresh();
    await session.preferences.refresh();
    expect(titles().filter((it) => it.startsWith("Lift"))).toEqual(["Lift the halt of one…", "Lift the halt of two…"]);
    offers(session).find((it) => it.title === "Lift the halt of two…")?.run();
    expect(session.asking).toMatchObject({ kind: "lift", halt: { digest: "2" } });
    expect(titles()).toContain("Lock the key");
    expect(titles()).not.toContain("Unlock the key…");
    expect(titles()).not.toContain("System theme");
    await session.change(() => fake.ipc.lock());
    expect(titles()).toContain("Unlock the key…");
    expect(titles()).not.toContain("Lock the key");
  });

  const begun = async (text: string) => {
    const all = await settle([post(), access(), config()]);
    key("k", { ctrlKey: true });
    await pass(20);
    await find(text);
    return all;
  };
  const find = async (text: string) => {
    await type("palette-query", text);
    await pass(300);
  };
  const chosen = () => document.querySelector("[role=option][aria-selected=true]");
  test("opens the row that is clicked, whichever is chosen", async () => {
    const { fake } = await begun("in");
    const usual = fake.ipc.open;
    const asked: string[] = [];
    fake.ipc.open = (digest) => (asked.push(digest), usual(digest));
    const rows = screen.getAllByTestId("palette-row");
    expect(rows.length).toBeGreaterThan(1);
    const row = rows.at(-1);
    expect(chosen()).not.toBe(row);
    row?.click();
    await pass(50);
    expect(asked.map((digest) => `p-${digest}`)).toEqual([row?.id]);
  });
  test("begins at the first with every other word, and shows no row for none", async () => {
    await begun("in");
    key("ArrowDown", {}, id("palette-query"));
    key("ArrowDown", {}, id("palette-query"));
    await find("inf");
    expect(chosen()).toBe(screen.getAllByRole("option")[0]);
    await find("");
    expect(screen.queryAllByTestId("palette-row")).toEqual([]);
  });
  test("keeps the choice where something comes above it", async () => {
    const { fake } = await begun("");
    await type("palette-query", "Payroll");
    await pass(10);
    key("ArrowUp", {}, id("palette-query"));
    await pass(10);
    const all = chosen();
    expect(all).toHaveAttribute("data-testid", "palette-all");
    await pass(300);
    expect(screen.getAllByTestId("palette-row").length).toBeGreaterThan(0);
    expect(chosen()).toBe(all);
    await find("lift");
    fake.state = { ...fake.state, halts: [halt("1", "one"), halt("2", "two")] };
    fake.emit({ kind: "state" });
    await pass(300);
    key("ArrowDown", {}, id("palette-query"));
    await pass(10);
    const second = chosen();
    expect(second).toHaveTextContent("two");
    fake.state = { ...fake.state, halts: [halt("0", "nought"), halt("1", "one"), halt("2", "two")] };
    fake.emit({ kind: "state" });
    await pass(300);
    expect(chosen()).toBe(second);
    key("Enter", {}, id("palette-query"));
    await pass(50);
    expect(screen.getByRole("heading", { name: /Lift the halt of two/ })).toBeVisible();
  });
  test("says what went wrong with a search, and shows no row of one before", async () => {
    const { fake } = await begun("Payroll");
    fake.ipc.search = () => Promise.reject(error("broken", "The index cannot be read.", "Nothing was changed."));
    await find("Payr");
    expect(id("palette")).toHaveTextContent("The index cannot be read. Nothing was changed.");
    expect(screen.queryAllByTestId("palette-row")).toEqual([]);
  });
  test("a failure of an older word says nothing of a newer one", async () => {
    const { fake } = await begun("");
    const usual = fake.ipc.search;
    fake.ipc.search = async (text, after) => {
      if (text !== "Payroll") return usual(text, after);
      await new Promise((done) => setTimeout(done, 1000));
      throw error("broken", "The index cannot be read.", "Nothing was changed.");
    };
    await find("Payroll");
    await find("infra-help");
    await pass(2000);
    expect(id("palette")).not.toHaveTextContent("The index cannot be read.");
    expect(screen.getAllByTestId("palette-row").length).toBeGreaterThan(0);
  });
  test("an Enter that is held runs nothing", async () => {
    await begun("settings");
    key("Enter", { repeat: true }, id("palette-query"));
    await pass(50);
    expect(id("palette")).toBeInTheDocument();
  });
});

describe("the window", () => {
  const sheet = () => screen.getByRole("main").textContent?.trim();
  const said = () => document.querySelector(".app > .said")?.textContent;
  const unread = (items: Item[]) => open(items, {}, (fake) => vi.spyOn(fake.ipc, "queue").mockRejectedValue(wrong(1)));
  /** A start at which the queue is held back. */
  async function start() {
    let held: ReturnType<typeof hold> | undefined;
    const all = await open([post(), access()], {}, (fake) => (held = hold(fake.ipc, "queue")));
    if (!held) throw new Error("missing");
    return { ...all, held };
  }
  /** Lets the first queue go, and returns what the list ever was meanwhile. */
  async function letGo({ container, held }: Awaited<ReturnType<typeof start>>) {
    const lists = new Set<string>();
    const watch = new MutationObserver(() => lists.add(none("nothing-waits") ? `${screen.queryAllByTestId("queue-row").length} rows` : "nothing"));
    watch.observe(container, { childList: true, subtree: true });
    held.go[0]?.();
    await pass(0);
    watch.disconnect();
    return [...lists];
  }
  test("is drawn once, with its queue in it", async () => {
    const all = await start();
    expect(none("nav-queue")).toBe(true);
    expect(await letGo(all)).toEqual(["2 rows"]);
    expect(none("nav-queue")).toBe(false);
  });
  test("is drawn without a queue that does not come", async () => {
    const all = await start();
    await pass(500);
    expect([none("nav-queue"), none("nothing-waits")]).toEqual([false, true]);
    expect(sheet()).toBe("Nothing is open.");
    expect(await letGo(all)).not.toContain("nothing");
    expect(screen.getAllByTestId("queue-row")).toHaveLength(2);
  });
  test("keeps a queue that was asked for later than the first", async () => {
    const all = await start();
    all.fake.items.shift();
    all.held.end();
    all.fake.emit({ kind: "state" });
    await pass(300);
    expect(screen.getAllByTestId("queue-row")).toHaveLength(1);
    expect(await letGo(all)).not.toContain("2 rows");
    expect(screen.getAllByTestId("queue-row")).toHaveLength(1);
  });
  test("is drawn without a queue that cannot be read, and says so", async () => {
    await unread([]);
    expect([none("nav-queue"), none("nothing-waits")]).toEqual([false, true]);
    expect(sheet()).toMatch(/The queue could not be read\..*What waits for you is not known\./s);
    expect(screen.getByRole("navigation", { name: "Queue" })).toHaveTextContent("The queue could not be read.");
    expect(screen.getByText("Number 1 went wrong.")).toBeVisible();
  });
  test.each([
    ["nothing waits", [], "The queue was read. Nothing waits.", "Nothing is open."],
    ["something waits", [post(), access()], "The queue was read. 2 wait.", "Deny"],
  ])("reads a queue again when asked: %s", async (_, items, told, focused) => {
    const { fake } = await unread(items);
    const asked = vi.mocked(fake.ipc.queue);
    const before = asked.mock.calls.length;
    id("read-again").focus();
    id("read-again").click();
    id("read-again").click();
    await pass(50);
    expect(asked.mock.calls.length).toBe(before + 1);
    expect(id("read-again")).toHaveFocus();
    expect(said()).toBe("");
    asked.mockRestore();
    id("read-again").click();
    await pass(50);
    expect([none("read-again"), screen.queryAllByTestId("queue-row").length]).toEqual([true, items.length]);
    expect(said()).toBe(told);
    expect(document.activeElement).not.toBe(document.body);
    expect(document.activeElement).toHaveTextContent(focused);
  });
  test("calls nothing new that waited before the queue could be read", async () => {
    const { fake } = await unread([post()]);
    vi.mocked(fake.ipc.queue).mockRestore();
    fake.emit({ kind: "queue" });
    await pass(300);
    expect(screen.getAllByTestId("queue-row")).toHaveLength(1);
    expect(said()).toBe("");
  });
  test("keeps the queue it has where it cannot be read again", async () => {
    const { fake } = await open([]);
    fake.ipc.queue = () => Promise.reject(wrong(1));
    fake.emit({ kind: "queue" });
    await pass(300);
    expect(screen.getByText("Number 1 went wrong.")).toBeVisible();
    expect([none("read-again"), none("nothing-waits")]).toEqual([true, false]);
  });
  test("takes nothing for known that was answered before there was a gate", async () => {
    const { fake } = await open([post()], { stage: "no_gate" }, (fake) => vi.spyOn(fake.ipc, "queue").mockRejectedValue(wrong(1)));
    const held = hold(fake.ipc, "queue");
    fake.state = state();
    fake.emit({ kind: "state" });
    await pass(300);
    expect([none("nav-queue"), none("read-again"), none("nothing-waits")]).toEqual([false, true, true]);
    held.go.at(-1)?.();
    await pass(50);
    expect(none("read-again")).toBe(false);
  });
  test("takes nothing for known that was answered before a person made a gate", async () => {
    const { fake } = await open([post()], { stage: "no_gate", gates: [] }, (fake) => vi.spyOn(fake.ipc, "queue").mockResolvedValueOnce({ sections: [] }));
    const held = hold(fake.ipc, "queue");
    await type("setup-gate-pass", PASS);
    id("setup-gate").click();
    await pass(50);
    expect([none("nav-queue"), none("nothing-waits")]).toEqual([false, true]);
    held.end();
    held.go.at(-1)?.();
    await pass(50);
    expect(screen.getAllByTestId("queue-row")).toHaveLength(1);
  });
  test("takes no answer to what was asked before there was a gate", async () => {
    let held: ReturnType<typeof hold> | undefined;
    const { fake } = await open([], { stage: "no_gate", gates: [] }, (fake) => (held = hold(fake.ipc, "queue")));
    await pass(500);
    fake.items.push(post());
    fake.state = state();
    fake.emit({ kind: "state" });
    await pass(300);
    expect(none("nav-queue")).toBe(false);
    held?.go[0]?.();
    await pass(50);
    expect(none("nothing-waits")).toBe(true);
    held?.end();
    for (const go of held?.go ?? []) go();
    await pass(50);
    expect(screen.getAllByTestId("queue-row")).toHaveLength(1);
  });
  test("does not call a queue unread that is being asked for again", async () => {
    const asked: ((e: unknown) => void)[] = [];
    const { fake } = await open([], {}, (fake) => (fake.ipc.queue = () => new Promise((_, wrong) => asked.push(wrong))));
    await pass(500);
    fake.emit({ kind: "queue" });
    await pass(300);
    const [first, second] = asked;
    first?.(wrong(1));
    await pass(50);
    expect([screen.getByText("Number 1 went wrong.").isConnected, none("read-again")]).toEqual([true, true]);
    second?.(wrong(2));
    await pass(50);
    expect(none("read-again")).toBe(false);
  });
  test("has a button beside what is open where the queue is not known", async () => {
    const { fake } = await unread([post(), access()]);
    expect(none("queue-read-again")).toBe(true);
    fake.emit({ kind: "open_item", digest: fake.items[1]?.opened.digest ?? "" });
    await pass(50);
    expect([id("sheet-headline").isConnected, none("read-again")]).toEqual([true, true]);
    vi.mocked(fake.ipc.queue).mockRestore();
    id("queue-read-again").focus();
    id("queue-read-again").click();
    await pass(50);
    const rows = screen.getAllByTestId("queue-row");
    expect([none("queue-read-again"), rows.length]).toEqual([true, 2]);
    expect(document.activeElement).toBe(rows.find((it) => it.getAttribute("aria-current") === "true"));
    expect(document.activeElement).not.toBe(rows[0]);
  });
  test("answers what is opened where the queue is not known", async () => {
    const { fake } = await unread([post(), access()]);
    id("read-again").focus();
    fake.emit({ kind: "open_item", digest: fake.items[1]?.opened.digest ?? "" });
    await pass(1500);
    expect([none("read-again"), none("queue-read-again")]).toEqual([true, false]);
    expect(document.activeElement).toHaveTextContent("Deny");
  });
  test("keeps the focus at the headline where no row is drawn", async () => {
    const { fake } = await unread([post()]);
    fake.emit({ kind: "open_item", digest: fake.items[0]?.opened.digest ?? "" });
    await pass(50);
    vi.mocked(fake.ipc.queue).mockResolvedValue({ sections: [] });
    id("queue-read-again").focus();
    id("queue-read-again").click();
    await pass(50);
    expect(none("queue-read-again")).toBe(true);
    expect(id("sheet-headline")).toHaveFocus();
  });
  test("leaves the focus at the drawer that is open", async () => {
    const { fake } = await unread([]);
    id("drawer").click();
    await pass(0);
    id("queue-read-again").focus();
    vi.mocked(fake.ipc.queue).mockRestore();
    id("queue-read-again").click();
    await pass(50);
    expect(id("drawer")).toHaveFocus();
  });
  test("asks for its queue by whichever way the gate came", async () => {
    const { fake } = await open([post()], { stage: "no_gate", gates: [] });
    fake.state = state();
    fake.emit({ kind: "preferences" });
    await pass(300);
    expect(screen.getAllByTestId("queue-row")).toHaveLength(1);
  });
  test("keeps the focus where the queue turns out unread after all", async () => {
    const asked: ((e: unknown) => void)[] = [];
    await open([], {}, (fake) => {
      fake.ipc.queue = () => new Promise((_, wrong) => asked.push(wrong));
      vi.spyOn(fake.ipc, "state").mockRejectedValueOnce(wrong(2));
    });
    await pass(500);
    id("try-again").focus();
    id("try-again").click();
    await pass(50);
    expect(document.activeElement).toHaveTextContent("Nothing is open.");
    for (const no of asked) no(wrong(1));
    await pass(50);
    expect(none("read-again")).toBe(false);
    expect(document.activeElement).toHaveTextContent("The queue could not be read.");
  });
  test.each([
    ["nothing waits", [], "Nothing is open."],
    ["something waits", [post(), access()], "Deny"],
  ])("takes the focus on where an event brings the queue: %s", async (_, items, focused) => {
    const { fake } = await unread(items);
    id("read-again").focus();
    vi.mocked(fake.ipc.queue).mockRestore();
    fake.emit({ kind: "queue" });
    await pass(300);
    expect(none("read-again")).toBe(true);
    expect(document.activeElement).not.toBe(document.body);
    expect(document.activeElement).toHaveTextContent(focused);
  });
  test.each([
    ["elsewhere", () => id("halt-open").focus(), () => id("halt-open")],
    ["nowhere", () => id("read-again").blur(), () => document.body],
  ])("leaves the focus where a person took it: %s", async (_, take, place) => {
    const { fake } = await unread([]);
    id("read-again").focus();
    take();
    vi.mocked(fake.ipc.queue).mockRestore();
    fake.emit({ kind: "queue" });
    await pass(300);
    expect(none("read-again")).toBe(true);
    expect(place()).toHaveFocus();
  });
  test("does not say that a queue was read where only an earlier answer is known", async () => {
    const { fake } = await open([post()], {}, (fake) => vi.spyOn(fake.ipc, "state").mockRejectedValue(wrong(2)));
    screen.getByRole("button", { name: "Try again" }).click();
    await pass(50);
    expect(said()).toBe("");
    vi.mocked(fake.ipc.state).mockRestore();
    fake.ipc.queue = () => Promise.reject(wrong(1));
    screen.getByRole("button", { name: "Try again" }).click();
    await pass(50);
    expect([said(), screen.getAllByTestId("queue-row").length]).toEqual(["", 1]);
  });
  test("asks for its queue too where it asks for everything again", async () => {
    const { fake } = await open([post()], {}, (fake) => {
      vi.spyOn(fake.ipc, "queue").mockRejectedValue(wrong(1));
      vi.spyOn(fake.ipc, "state").mockRejectedValue(wrong(2));
    });
    vi.mocked(fake.ipc.queue).mockRestore();
    vi.mocked(fake.ipc.state).mockRestore();
    screen.getByRole("button", { name: "Try again" }).click();
    await pass(50);
    expect([none("read-again"), screen.getAllByTestId("queue-row").length]).toEqual([true, 1]);
  });
  test.each([
    ["all is there", [post()], true, "Deny"],
    ["nothing waits", [], true, "Nothing is open."],
    ["the queue cannot be read", [post()], false, "Read it again"],
  ])("asks for everything again once, and takes the focus on: %s", async (_, items, readable, focused) => {
    const { fake } = await open(items, {}, (fake) => {
      vi.spyOn(fake.ipc, "queue").mockRejectedValue(wrong(1));
      vi.spyOn(fake.ipc, "state").mockRejectedValue(wrong(2));
    });
    if (readable) vi.mocked(fake.ipc.queue).mockRestore();
    vi.mocked(fake.ipc.state).mockRestore();
    const asked = vi.spyOn(fake.ipc, "state");
    id("try-again").focus();
    id("try-again").click();
    id("try-again").click();
    await pass(50);
    expect(asked).toHaveBeenCalledTimes(1);
    expect(document.activeElement).not.toBe(document.body);
    expect(document.activeElement).toHaveTextContent(focused);
  });
});
