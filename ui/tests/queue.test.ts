import { clock } from "../src/lib/time";
import { fireEvent, screen } from "@testing-library/svelte";
import { describe, expect, test } from "vitest";
import { Fake } from "../dev/fake";
import { access, post, state } from "../dev/samples";
import { coalesce } from "../src/lib/coalesce";
import { QueueList } from "../src/queue/list.svelte";
import { HEAD, Stack, USUAL } from "../src/queue/stack";
import { id, key, open, pass } from "./open";

const many = (n: number) => {
  const first = post();
  return Array.from({ length: n }, (_, i) => ({ ...first, opened: { ...first.opened, digest: i.toString(16).padStart(64, "0") }, action: `Post number ${i + 1}` }));
};
const viewport = () => document.querySelector<HTMLElement>(".viewport") as HTMLElement;
async function scrollTo(top: number) {
  viewport().scrollTop = top;
  await fireEvent.scroll(viewport());
  await pass(400);
}
const rows = () => screen.getAllByTestId("queue-row");

describe("pages", () => {
  const setUp = (n: number) => {
    const fake = new Fake(state(), many(n));
    const list = new QueueList(fake.ipc, (e) => {
      throw e;
    });
    list.take(fake.queue());
    const has = () => (list.part("waiting")?.rows ?? []).map((row) => row.digest);
    const all = () => fake.items.filter((it) => it.section === "waiting").map((it) => it.opened.digest);
    return { fake, list, has, all };
  };

  test("come one after the other until a row is there, with the true total from the start", async () => {
    const { fake, list, has, all } = setUp(1000);
    expect(list.part("waiting")?.total).toBe(1000);
    expect(has()).toHaveLength(100);
    await list.reach("waiting", 340);
    expect(has()).toEqual(all().slice(0, 400));
    expect(fake.calls.filter((it) => it.startsWith("page"))).toHaveLength(3);
    await list.reach("waiting", 5000);
    expect(has()).toEqual(all());
  });
  test("two that ask at once cause one question", async () => {
    const { fake, list, has } = setUp(1000);
    await Promise.all([list.more("waiting"), list.more("waiting")]);
    expect(has()).toHaveLength(200);
    expect(fake.calls.filter((it) => it.startsWith("page"))).toHaveLength(1);
  });
  test("loaded ones stay over a refresh, with what came and without what went", async () => {
    const { fake, list, has, all } = setUp(600);
    await list.reach("waiting", 399);
    fake.items.unshift(access());
    fake.items.splice(20, 1);
    list.take(fake.queue());
    expect(has()).toEqual(all().slice(0, has().length));
    expect(has().length).toBeGreaterThanOrEqual(399);
    expect(new Set(has()).size).toBe(has().length);
  });
  test("one that went further down is gone once that place is in view", async () => {
    const { fake, list, has, all } = setUp(600);
    await list.reach("waiting", 399);
    const gone = fake.items.splice(250, 1)[0]?.opened.digest ?? "";
    list.take(fake.queue());
    expect(has()).toContain(gone);
    await list.settle("waiting", 260);
    expect(has()).not.toContain(gone);
    expect(has()).toEqual(all().slice(0, has().length));
    // Asked once: it is as new as the last refresh now.
    const asked = fake.calls.length;
    await list.settle("waiting", 260);
    expect(fake.calls.length).toBe(asked);
  });
  test("a first page of nothing but new ones moves nothing further down, and the gap is filled", async () => {
    const { fake, list, has, all } = setUp(600);
    await list.reach("waiting", 399);
    fake.items.unshift(...many(150).map((it, i) => ({ ...it, opened: { ...it.opened, digest: `f${i}`.padStart(64, "f") } })));
    list.take(fake.queue());
    expect(has().slice(0, 100)).toEqual(all().slice(0, 100));
    expect(has().slice(100)).toEqual(all().slice(150, 550));
    await list.reach("waiting", 749);
    expect(has()).toEqual(all());
  });
  test("walking goes over the borders of pages and sections, past closed ones", async () => {
    const { fake, list, has } = setUp(150);
    const other = access();
    other.section = "decided";
    fake.items.push(other);
    list.take(fake.queue());
    const at = async (digest: string | undefined, by: 1 | -1, closed = false) => (await list.beside(digest ?? null, by, () => closed))?.digest;
    const border = await at(has()[99], 1);
    expect(border).toBe(has()[100]);
    expect(await at(has()[149], 1)).toBe(other.opened.digest);
    expect(await at(other.opened.digest, -1)).toBe(has()[149]);
    expect(await at(other.opened.digest, 1)).toBeUndefined();
    expect(await at("gone", 1)).toBe(has()[0]);
  });
});

describe("where rows lie", () => {
  const part = (total: number, loaded: number) => ({ id: "waiting" as const, title: "", total, next: null, rows: new QueueList(new Fake(state(), []).ipc, () => {}).sections.flatMap((it) => it.rows).concat(Array.from({ length: loaded }, (_, i) => ({ digest: String(i) }) as never)) });
  test("measured rows and those that were not drawn yet", () => {
    const stack = new Stack([part(10, 4)], (digest) => (digest === "1" ? 100 : undefined), () => false);
    const section = stack.sections[0];
    if (!section) throw new Error("missing");
    expect([...section.tops]).toEqual([HEAD, HEAD + USUAL, HEAD + USUAL + 100, HEAD + 2 * USUAL + 100, HEAD + 3 * USUAL + 100]);
    expect(stack.height).toBe(HEAD + 3 * USUAL + 100 + 6 * USUAL);
    expect(stack.between(section, 0, 10_000)).toEqual([0, 4]);
    expect(stack.between(section, HEAD + USUAL, HEAD + USUAL + 1)).toEqual([1, 2]);
    expect(stack.at(HEAD + USUAL + 50)?.index).toBe(1);
    expect(stack.row("waiting", 1)).toEqual([HEAD + USUAL, HEAD + USUAL + 100]);
  });
  test("a closed section takes its heading", () => {
    expect(new Stack([part(10, 4)], () => undefined, () => true).height).toBe(HEAD);
  });
});

test("looks at once, then four times a second, and never misses the last", async () => {
  await open([]);
  const at: number[] = [];
  const look = coalesce(async () => {
    at.push(performance.now());
  });
  for (let i = 0; i < 200; i += 1) {
    void look();
    await pass(10);
  }
  await pass(500);
  expect(at.length).toBeGreaterThan(7);
  expect(at.length).toBeLessThan(11);
  const first = at[0] ?? 0;
  expect((at.at(-1) ?? 0) - first).toBeGreaterThanOrEqual(1990);
  for (let i = 1; i < at.length; i += 1) expect((at[i] ?? 0) - (at[i - 1] ?? 0)).toBeGreaterThanOrEqual(250);
});

describe("20,000 waiting", { timeout: 60_000 }, () => {
  test("are a few dozen in the page, wherever one is, each with its place among all", async () => {
    await open(many(20_000));
    expect(id("section-waiting")).toHaveTextContent("Waiting for you20,000");
    for (const top of [0, 3000, 50_000, 600_000]) {
      await scrollTo(top);
      await pass(3000);
      expect(rows().length).toBeGreaterThan(5);
      expect(rows().length).toBeLessThan(80);
      expect(document.querySelectorAll("*").length).toBeLessThan(2000);
    }
    const place = rows().at(-1)?.closest("[role=listitem]");
    expect(place).toHaveAttribute("aria-setsize", "20000");
    const text = /Post number (\d+)/.exec(place?.textContent ?? "")?.[1];
    expect(place).toHaveAttribute("aria-posinset", text);
    expect(Number(text)).toBeGreaterThan(3000);
  });
  test("arrivals above do not move what is in view, and a focused row keeps the focus", async () => {
    const { fake } = await open(many(20_000));
    await scrollTo(3000);
    const row = rows().at(-3);
    row?.focus();
    const before = viewport().scrollTop - Number.parseFloat(row?.closest<HTMLElement>(".place")?.style.top ?? "0");
    for (let i = 0; i < 40; i += 1) {
      fake.items.unshift(access());
      fake.emit({ kind: "queue" });
      await pass(20);
    }
    await pass(600);
    expect(document.activeElement).toBe(row);
    const after = viewport().scrollTop - Number.parseFloat(row?.closest<HTMLElement>(".place")?.style.top ?? "0");
    expect(Math.abs(after - before)).toBeLessThan(2);
    expect(id("section-waiting")).toHaveTextContent("Waiting for you20,040");
  });
  test("a flood of events is a few questions", async () => {
    const { fake } = await open(many(2000));
    await pass(1000);
    fake.calls.length = 0;
    for (let i = 0; i < 100; i += 1) {
      fake.emit({ kind: "queue" });
      await pass(10);
    }
    await pass(500);
    expect(fake.calls.filter((it) => it === "queue").length).toBeLessThan(8);
  });
  test("j goes over the border of the first page", async () => {
    const { fake } = await open(many(60));
    fake.page = 8;
    fake.emit({ kind: "queue" });
    await pass(300);
    for (let i = 0; i < 10; i += 1) {
      key("j");
      await pass(20);
    }
    expect(document.querySelector("[data-testid=queue-row][aria-current=true]")).toHaveTextContent("Post number 11");
  });
});

test("a single arrival is asked for at once", async () => {
  const { fake } = await open([post()]);
  await pass(2000);
  fake.items.push(access());
  fake.emit({ kind: "queue" });
  await pass(1);
  expect(rows()).toHaveLength(2);
});

test("one row is in the order of Tab, and arrows walk the list", async () => {
  await open([post(), access(), post()]);
  expect(rows().map((row) => row.tabIndex)).toEqual([0, -1, -1]);
  rows()[0]?.focus();
  await fireEvent.keyDown(rows()[0] as HTMLElement, { key: "ArrowDown" });
  await pass(20);
  expect(document.activeElement).toBe(rows()[1]);
  expect(rows().map((row) => row.tabIndex)).toEqual([-1, 0, -1]);
});

test("nothing waiting says when the last decision was and what is connected", async () => {
  const old = post();
  old.section = "decided";
  // Proposed long before it was decided.
  const at = Math.floor(new Date(2026, 10, 21, 9, 41).getTime() / 1000);
  old.opened.state = { kind: "denied", at };
  old.opened.created = at - 7200;
  await open([old]);
  const words = id("nothing-waits").textContent!;
  expect(words).toMatch(/Nothing waits for you\..*Last decision .*1 gate is connected\./);
  expect(words).toContain(`Last decision ${clock(at, Math.floor(Date.now() / 1000))}. `);
});
