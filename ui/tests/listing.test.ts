// The rows of Activity and of the queue: none lost, none twice, none of another question.

import { describe, expect, test } from "vitest";
import { Listing } from "../src/activity/listing.svelte";
import type { Ipc } from "../src/lib/ipc";
import type { HistoryFilter } from "../src/lib/wire/HistoryFilter";
import type { Page } from "../src/lib/wire/Page";
import type { QueueRow } from "../src/lib/wire/QueueRow";
import type { Section } from "../src/lib/wire/Section";
import { type Part, QueueList } from "../src/queue/list.svelte";
import { HEAD, Stack, USUAL } from "../src/queue/stack";

const row = (digest: string): QueueRow => ({ digest, kind: "run", agent: [], action: [], expires: null, at: 0, state: { kind: "waiting" }, marks: [] });
const names = (prefix: string, from: number, to: number) => Array.from({ length: to - from }, (_, i) => `${prefix}${from + i}`);

describe("activity", () => {
  /** Pages of four, by filter; every answer waits until it is let go, unless `at once`. */
  const setUp = async (all: Partial<Record<HistoryFilter, string[]>>) => {
    const world = { all, go: [] as (() => void)[], slow: false, fail: false, asked: 0 };
    const history = async (filter: HistoryFilter, after: string | null): Promise<Page> => {
      world.asked += 1;
      const rows = world.all[filter] ?? [];
      const from = after === null ? 0 : rows.indexOf(after) + 1;
      const answer = { rows: rows.slice(from, from + 4).map(row), next: from + 4 < rows.length ? (rows[from + 3] ?? null) : null };
      const fail = world.fail;
      if (world.slow) await new Promise<void>((done) => world.go.push(done));
      if (fail) throw { code: "broken", title: "No.", hint: "Nothing.", detail: null };
      return answer;
    };
    const listing = new Listing({ history } as unknown as Ipc);
    await listing.show("all", "");
    return { world, listing, has: () => listing.entries.map((it) => it.row.digest) };
  };

  test("a page that comes late does not come below the rows of another question", async () => {
    const { world, listing, has } = await setUp({ all: names("a", 0, 9), denied: names("d", 0, 3) });
    world.slow = true;
    const more = listing.more();
    world.slow = false;
    await listing.show("denied", "");
    world.go[0]?.();
    await more;
    expect(has()).toEqual(names("d", 0, 3));
    expect(listing.next).toBeNull();
  });
  test("nor does a first page take the place of that of a later question", async () => {
    const { world, listing, has } = await setUp({ all: names("a", 0, 9), denied: names("d", 0, 3), expired: names("e", 0, 3) });
    world.slow = true;
    const before = listing.show("denied", "");
    world.slow = false;
    await listing.show("expired", "");
    world.go[0]?.();
    await before;
    expect(has()).toEqual(names("e", 0, 3));
  });
  test("rows of another question are others, whoever brings them", async () => {
    const { world, listing } = await setUp({ all: names("a", 0, 9), denied: names("d", 0, 3) });
    const before = listing.round;
    await listing.refresh();
    await listing.more();
    expect(listing.round).toBe(before);
    world.slow = true;
    const shown = listing.show("denied", "");
    world.slow = false;
    // Something happens meanwhile: that answer comes first, and the other is dropped.
    await listing.refresh();
    world.go[0]?.();
    await shown;
    expect(listing.round).toBe(before + 1);
  });
  test("nor does what went wrong with it, or with a question before", async () => {
    const { world, listing, has } = await setUp({ all: names("a", 0, 9), denied: names("d", 0, 3) });
    world.slow = world.fail = true;
    const more = listing.more();
    const before = listing.show("expired", "");
    world.slow = world.fail = false;
    await listing.show("denied", "");
    world.go.forEach((go) => go());
    await Promise.all([more, before]);
    expect(has()).toEqual(names("d", 0, 3));
    expect(listing.error).toBeNull();
  });
  test("the end is not the end while the first page is on its way", async () => {
    const { world, listing } = await setUp({ all: names("a", 0, 3), denied: names("d", 0, 9) });
    world.slow = true;
    const first = listing.show("denied", "");
    const second = listing.show("all", "");
    world.go[0]?.();
    await first;
    expect(listing.loading).toBe(true);
    world.go[1]?.();
    await second;
    expect(listing.loading).toBe(false);
  });
  test("two that ask for more at once cause one question, and none while the first is on its way", async () => {
    const { world, listing, has } = await setUp({ all: names("a", 0, 12) });
    world.asked = 0;
    await Promise.all([listing.more(), listing.more()]);
    expect(world.asked).toBe(1);
    expect(has()).toEqual(names("a", 0, 8));
    world.slow = true;
    world.asked = 0;
    const show = listing.show("all", "");
    void listing.more();
    expect(world.asked).toBe(1);
    world.go[0]?.();
    await show;
  });
  test("what happens while a page is on its way is looked at when it is there, and no row is lost or twice", async () => {
    const { world, listing, has } = await setUp({ all: names("a", 0, 12) });
    world.slow = true;
    const more = listing.more();
    world.slow = false;
    world.all = { all: ["new", ...names("a", 0, 12)] };
    await listing.refresh();
    world.go[0]?.();
    await more;
    await expect.poll(has).toEqual(["new", ...names("a", 0, 8)]);
    await listing.more();
    expect(has()).toEqual(["new", ...names("a", 0, 12)]);
    expect(listing.next).toBeNull();
  });
  test("what was loaded below stays over a look at the beginning, once, and goes on where it ended", async () => {
    const { world, listing, has } = await setUp({ all: names("a", 0, 20) });
    await listing.more();
    world.all = { all: ["new", ...names("a", 0, 20)] };
    await listing.refresh();
    expect(has()).toEqual(["new", ...names("a", 0, 8)]);
    await listing.more();
    expect(has()).toEqual(["new", ...names("a", 0, 12)]);
  });
  test("where more is new than a page, what is below no longer joins on: it starts anew", async () => {
    const { world, listing, has } = await setUp({ all: names("a", 0, 20) });
    await listing.more();
    world.all = { all: [...names("n", 0, 6), ...names("a", 0, 20)] };
    await listing.refresh();
    await listing.more();
    expect(has()).toEqual([...names("n", 0, 6), ...names("a", 0, 2)]);
  });
  test("what is not there any more goes", async () => {
    const { world, listing, has } = await setUp({ all: names("a", 0, 8) });
    await listing.more();
    world.all = { all: names("a", 0, 3) };
    await listing.refresh();
    expect(has()).toEqual(names("a", 0, 3));
    expect(listing.next).toBeNull();
  });
  test.each([1, 2])("one that does not belong here any more goes, also with %i pages loaded, and the others keep their order", async (pages) => {
    const { world, listing, has } = await setUp({ all: names("a", 0, 20) });
    if (pages === 2) await listing.more();
    world.all = { all: names("a", 0, 20).filter((it) => it !== "a1") };
    await listing.refresh();
    expect(has()).toEqual(["a0", ...names("a", 2, pages === 2 ? 8 : 5)]);
    await listing.more();
    expect(has()).toEqual(["a0", ...names("a", 2, pages === 2 ? 12 : 9)]);
  });
  test("one from below that comes up is above, and what was between stays", async () => {
    const { world, listing, has } = await setUp({ all: names("a", 0, 20) });
    await listing.more();
    world.all = { all: ["a6", ...names("a", 0, 6), ...names("a", 7, 20)] };
    await listing.refresh();
    expect(has()).toEqual(["a6", ...names("a", 0, 6), "a7"]);
  });
  test("one that moved to the next page is there once", async () => {
    const { world, listing, has } = await setUp({ all: names("a", 0, 8) });
    world.all = { all: ["a0", "a1", "a2", "a3", "a2", "a4"] };
    await listing.more();
    expect(has()).toEqual(["a0", "a1", "a2", "a3", "a4"]);
  });
  test("a failure takes the rows away, and the next answer the failure", async () => {
    const { world, listing, has } = await setUp({ all: names("a", 0, 8) });
    world.fail = true;
    await listing.more();
    expect(listing.error?.title).toBe("No.");
    expect(has()).toHaveLength(4);
    await listing.show("denied", "");
    expect(has()).toEqual([]);
    expect(listing.next).toBeNull();
    world.fail = false;
    await listing.refresh();
    expect(listing.error).toBeNull();
  });
});

describe("the queue", () => {
  const section = (id: Section["id"], rows: string[], more: Partial<Section> = {}): Section => ({ id, title: id, total: rows.length, rows: rows.map(row), next: null, ...more });
  const setUp = (pages: Record<string, Page | Promise<Page>>) => {
    const failed: unknown[] = [];
    const asked: string[] = [];
    const list = new QueueList({ queuePage: async (_, after) => (asked.push(after), pages[after] ?? Promise.reject(new Error(after))) }, (e) => failed.push(e));
    return { list, failed, asked, has: () => (list.part("waiting")?.rows ?? []).map((it) => it.digest) };
  };
  test("walking leaves closed sections out, both ways, and enters one from below at its end", async () => {
    const { list } = setUp({});
    list.take({ sections: [section("waiting", ["a", "b"]), section("snoozed", ["x", "y"]), section("decided", ["c", "d"])] });
    const at = async (digest: string | null, by: 1 | -1, closed: string[]) => (await list.beside(digest, by, (id) => closed.includes(id)))?.digest;
    expect(await at("b", 1, ["snoozed"])).toBe("c");
    expect(await at("c", -1, ["snoozed"])).toBe("b");
    expect(await at("c", -1, [])).toBe("y");
    expect(await at("c", -1, ["waiting", "snoozed"])).toBeUndefined();
    expect(await at(null, 1, ["waiting", "snoozed"])).toBe("c");
    expect(await at("a", -1, [])).toBeUndefined();
    expect(await at("d", -1, [])).toBe("c");
  });
  test("a page that fails is said, ends the wait, and can be asked for again", async () => {
    const pages: Record<string, Page> = {};
    const { list, failed, has } = setUp(pages);
    list.take({ sections: [section("waiting", ["a", "b"], { total: 4, next: "b" })] });
    await list.reach("waiting", 3);
    expect(failed).toHaveLength(1);
    pages["b"] = { rows: [row("c"), row("d")], next: null };
    await list.reach("waiting", 3);
    expect(has()).toEqual(["a", "b", "c", "d"]);
  });
  test("a page whose place is gone when it comes is not put elsewhere", async () => {
    let go = (_: Page) => {};
    const { list, has } = setUp({ b: new Promise<Page>((done) => (go = done)) });
    list.take({ sections: [section("waiting", ["a", "b"], { total: 4, next: "b" })] });
    const more = list.more("waiting");
    list.take({ sections: [section("waiting", ["e", "f"], { total: 2 })] });
    go({ rows: [row("c"), row("d")], next: null });
    await more;
    expect(has()).toEqual(["e", "f"]);
  });
  test("no row is in it twice, though it moved from one page to the other", async () => {
    const { list, has } = setUp({ b: { rows: [row("a"), row("c")], next: "c" }, c: { rows: [row("d")], next: null } });
    list.take({ sections: [section("waiting", ["a", "b"], { total: 4, next: "b" })] });
    await list.reach("waiting", 9);
    expect(has()).toEqual(["a", "b", "c", "d"]);
  });
  test("one from below that comes up into the first page is there once", async () => {
    const { list, has } = setUp({ b: { rows: [row("c"), row("d")], next: null } });
    list.take({ sections: [section("waiting", ["a", "b"], { total: 4, next: "b" })] });
    await list.reach("waiting", 3);
    list.take({ sections: [section("waiting", ["d", "a"], { total: 4, next: "a" })] });
    expect(has()).toEqual(["d", "a", "b", "c"]);
  });
  test("a page that was asked for before a refresh is as old as that, and so is what follows it", async () => {
    const pages: Record<string, Page | Promise<Page>> = { b: { rows: [row("c"), row("d")], next: "d" }, d: { rows: [row("e"), row("f")], next: null } };
    const { list, asked, has } = setUp(pages);
    const first = { sections: [section("waiting", ["a", "b"], { total: 7, next: "b" })] };
    list.take(first);
    await list.reach("waiting", 5);
    list.take(first);
    let go = (_: Page) => {};
    pages["b"] = new Promise<Page>((done) => (go = done));
    const settling = list.settle("waiting", 3);
    list.take(first);
    go({ rows: [row("c"), row("x")], next: "x" });
    await settling;
    expect(has()).toEqual(["a", "b", "c", "x", "d", "e", "f"]);
    pages["b"] = { rows: [row("c"), row("x")], next: "x" };
    pages["x"] = { rows: [row("e"), row("f")], next: null };
    await list.settle("waiting", 4);
    expect(asked.at(-1)).toBe("x");
    expect(has()).toEqual(["a", "b", "c", "x", "e", "f"]);
    await list.settle("waiting", 3);
    expect(asked.at(-1)).toBe("b");
  });
  test("the last page takes away what was below it", async () => {
    const pages: Record<string, Page> = { b: { rows: [row("c"), row("d")], next: "d" }, d: { rows: [row("e")], next: null } };
    const { list, has } = setUp(pages);
    const first = { sections: [section("waiting", ["a", "b"], { total: 5, next: "b" })] };
    list.take(first);
    await list.reach("waiting", 4);
    pages["b"] = { rows: [row("c")], next: null };
    list.take({ sections: [section("waiting", ["a", "b"], { total: 3, next: "b" })] });
    await list.settle("waiting", 2);
    expect(has()).toEqual(["a", "b", "c"]);
  });
});

describe("where rows lie", () => {
  const part = (id: Part["id"], loaded: number, total = loaded): Part => ({ id, title: "", total, next: null, rows: names(id, 0, loaded).map(row) });
  const stack = new Stack([part("waiting", 3), part("snoozed", 4), part("decided", 2, 5)], () => undefined, (id) => id === "snoozed");
  test("sections lie below each other, a closed one as its heading, what is not loaded with its room", () => {
    expect(stack.sections.map((it) => [it.top, it.height, it.rest])).toEqual([
      [0, HEAD + 3 * USUAL, 0],
      [HEAD + 3 * USUAL, HEAD, 0],
      [2 * HEAD + 3 * USUAL, HEAD + 5 * USUAL, 3],
    ]);
    expect(stack.height).toBe(3 * HEAD + 8 * USUAL);
  });
  test("each row is found at each of its pixels, and no other", () => {
    for (const [id, count] of [["waiting", 3], ["decided", 2]] as const) {
      for (let index = 0; index < count; index += 1) {
        const [top, end] = stack.row(id, index) ?? [0, 0];
        expect(end - top).toBe(USUAL);
        for (const at of [top, top + 1, end - 1]) {
          const found = stack.at(at);
          expect([found?.section.id, found?.index], `${id} ${index} at ${at}`).toEqual([id, index]);
          if (found) expect(stack.between(found.section, at, at + 0.5)).toEqual([index, index + 1]);
        }
      }
    }
    expect(stack.row("waiting", 3)).toBeNull();
    expect(stack.row("snoozed", 0)).toBeNull();
    // Room of what is not loaded holds no row.
    expect(stack.at(stack.height - 1)).toBeNull();
  });
});
