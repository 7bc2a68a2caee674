// Heads of documents: which of them stay while their rows scroll, and what is displayed beneath and in them.

import { cleanup, fireEvent, screen } from "@testing-library/svelte";
import { afterEach, describe, expect, test, vi } from "vitest";
import { labelled, towering } from "../dev/heads";
import { removal } from "../dev/samples";
import { LAP, PART } from "../src/review/layout";
import { Viewport } from "../src/review/viewport.svelte";
import { id, none, open, pass } from "./open";
import { VIEW } from "./setup";

afterEach(() => vi.restoreAllMocks());

/** Heads are so high, and the window. */
function heads(high: number, window = VIEW.height) {
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockImplementation(function (this: HTMLElement) {
    if (this.matches(".docbar .all")) return high;
    return this.matches(".scroller, .viewport, .box") ? window : 20;
  });
}
const scroller = () => document.querySelector<HTMLElement>(".scroller")!;
async function scrollTo(top: number) {
  scroller().scrollTop = top;
  await fireEvent.scroll(scroller());
  await pass(40);
}
/** Rows of 28 pixels that are displayed at the last of these places, which was scrolled to from the top. */
async function seen(high: number, ...tops: number[]) {
  heads(high);
  const { fake } = await open([removal(100)]);
  for (const top of tops) {
    fake.reports.length = 0;
    await scrollTo(top);
    await pass(900);
  }
  return fake.reports.flatMap((it) => Array.from({ length: it.to - it.from }, (_, i) => it.from + i)).sort((a, b) => a - b);
}
const docbar = () => document.querySelector<HTMLElement>(".docbar")!;

describe("rows", () => {
  test("of a document whose head is higher than the window are displayed where they are on screen", async () => {
    expect((await seen(900, 900))[0]).toBe(0);
    expect(docbar()).not.toHaveClass("sticky");
  });
  test("below the end of such a head too, and not before that", async () => {
    expect(await seen(900, 280)).toEqual([]);
    cleanup();
    // From 900 to 980 there are two rows and the middle of a third.
    expect(await seen(900, 280, 380)).toEqual([0, 1, 2]);
  });
  test("under a head that sticks are not", async () => {
    expect((await seen(200, 280))[0]).toBe(10);
    expect(docbar()).toHaveClass("sticky");
  });
  test("are where the head is a little more than a third of the window, which does not stick", async () => {
    expect((await seen(201, 280))[0]).toBe(3);
    expect(docbar()).not.toHaveClass("sticky");
  });
  test("are where one is led to the first that was not", async () => {
    heads(900);
    const { fake } = await open([removal(100)]);
    await pass(1500);
    expect(fake.reports).toEqual([]);
    await fireEvent.click(id("unseen-go"));
    await pass(1000);
    expect(fake.reports[0]?.from).toBe(0);
  });
});

test("a row is where one is led, also below a head that was not drawn yet and is high", async () => {
  heads(900);
  const item = towering();
  item.rows[1]![2] = { kind: "line", before: null, after: 3, change: "added", continued: false, segments: [{ text: "x", kind: "text", rtl: false, findings: [1] }] };
  const { sheet } = item.opened;
  sheet!.documents[1]!.facts = [];
  sheet!.findings[1]!.at = { kind: "row", document: 1, row: 2 };
  const { fake } = await open([item]);
  await pass(900);
  await fireEvent.click(document.querySelector("#finding-2 .place")!);
  await pass(1000);
  expect(fake.reports).toContainEqual({ document: 1, from: 1, to: 3 });
});

test("a row higher than the window is displayed when its end is, after its beginning", async () => {
  // In 21 columns a row of eight cells has three lines of 28 pixels.
  heads(20, 50);
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(300);
  const { fake } = await open([labelled()]);
  const rows = () => fake.reports.flatMap((it) => Array.from({ length: it.to - it.from }, (_, i) => it.from + i));
  // Only the ends of the second and third were in view.
  await scrollTo(40 + 84 + 40);
  await pass(900);
  await scrollTo(40 + 2 * 84 + 40);
  await pass(900);
  expect(screen.getAllByTestId("row").length).toBeGreaterThan(3);
  expect(rows()).toEqual([]);
  await scrollTo(40 + 84);
  await pass(400);
  expect(rows()).toEqual([]);
  await scrollTo(40 + 84 + 40);
  await pass(900);
  expect(rows()).toEqual([1]);
  // One is led to its beginning first, and to its end then.
  for (const there of [40 - 20, 40 + 84 - 50]) {
    await fireEvent.click(id("unseen-go"));
    await pass(900);
    expect(scroller().scrollTop).toBe(there);
  }
  expect(rows()).toEqual([1, 0]);
});

describe("a viewport", () => {
  /** Two documents in a window 900 pixels high; the second begins 100 pixels before the second part. */
  function made() {
    const doc = removal(1).opened.sheet!.documents[0]!;
    const documents = [{ ...doc, view: "text" as const, rows: (PART - 100 - 40) / 20 }, { ...doc, rows: 50 }];
    const beside = { sides: { pairs: () => new Map() }, wraps: { fitting: { columns: 0, tall: new Map() } }, besides: { open: () => false } };
    const it = new Viewport(() => documents, beside as never, { covered: 0 }, () => {});
    it.view = { top: 0, height: 900, width: 1000, listTop: 0, headline: 0, headlineTop: 0, consequence: 0 };
    return it;
  }
  test("keeps a head where it is while a person has something open in it", () => {
    const it = made();
    it.grew(1, 290);
    it.grew(1, 350, true);
    expect([it.sticks(1), it.head(1), it.docked(1)]).toEqual([true, 350, 350]);
    it.grew(1, 290);
    expect([it.sticks(1), it.docked(1)]).toEqual([true, 290]);
    it.grew(1, 350);
    expect([it.sticks(1), it.head(1), it.docked(1)]).toEqual([false, 350, 0]);
  });
  test("lets no head stick that covers what only a later part shows", () => {
    const it = made();
    it.view = { ...it.view, height: 3000 };
    it.grew(1, LAP);
    expect(it.sticks(1)).toBe(true);
    it.grew(1, LAP + 1);
    expect(it.sticks(1)).toBe(false);
  });
  test("has a head that does not stick in both parts, each as far as it lies there", () => {
    const it = made();
    it.grew(1, 1000);
    it.part = PART;
    expect([it.past(0), it.past(1), it.under(1)]).toEqual([0, 100, 900]);
    it.view = { ...it.view, top: 700 };
    expect([it.under(1), it.first()]).toEqual([200, { document: 1, row: 0 }]);
    it.view = { ...it.view, top: 956 };
    expect([it.under(1), it.first()]).toEqual([0, { document: 1, row: 2 }]);
    it.part = 0;
    expect(it.past(1)).toBe(0);
  });
});

describe("a mark in the head of a document", () => {
  /** A mark is so far below the top of its head, or of the list, and moves with the window. */
  function marks(down: number, left = 100) {
    vi.spyOn(Element.prototype, "getBoundingClientRect").mockImplementation(function (this: Element) {
      const box = (top: number, bottom: number, left: number, right: number) => ({ top, bottom, left, right, width: right - left, height: bottom - top }) as DOMRect;
      if (this.matches(".scroller")) return box(0, VIEW.height, 0, VIEW.width);
      if (!this.matches("mark")) return box(0, 0, 0, 0);
      const top = parseFloat(this.closest<HTMLElement>(".document")!.style.top) + down - scroller().scrollTop;
      const from = left - scroller().scrollLeft;
      return box(top, top + 20, from, from + 60);
    });
  }
  const go = async (finding: number) => {
    await fireEvent.click(document.querySelector(`#finding-${finding} .place`)!);
    await pass(1000);
  };

  test("is not displayed because the first row is", async () => {
    heads(900);
    marks(850);
    const { fake } = await open([towering()]);
    await scrollTo(900);
    await pass(900);
    expect(fake.reports[0]?.from).toBe(0);
    expect(fake.marks).toEqual([]);
    expect(none("acknowledge")).toBe(true);
  });
  test("is where one is led, also in a head that does not stick or was not drawn yet", async () => {
    heads(900);
    marks(850);
    const { fake } = await open([towering()]);
    await go(1);
    expect(fake.marks).toEqual([0]);
    expect(document.querySelectorAll(".docbar")).toHaveLength(1);
    await go(2);
    expect(fake.marks).toEqual([0, 1]);
    // The second head was thought to be as low as any until it was drawn.
    expect(screen.getAllByTestId("document").at(-1)?.querySelector("mark")).not.toBeNull();
  });
  test("is displayed in a label too, which comes with its column", async () => {
    heads(60);
    marks(30, 1400);
    const { fake } = await open([labelled()]);
    await pass(900);
    expect(fake.marks).toEqual([]);
    await go(1);
    expect(scroller().scrollLeft).toBeGreaterThan(400);
    expect(fake.marks).toEqual([0]);
  });
  test("costs nothing once it was displayed", async () => {
    heads(60);
    marks(30);
    const { fake } = await open([labelled()]);
    const search = vi.spyOn(Element.prototype, "querySelectorAll");
    const searches = () => search.mock.calls.filter(([what]) => what.startsWith("[data-head]")).length;
    await pass(900);
    expect(fake.marks).toEqual([0]);
    const before = searches();
    expect(before).toBeGreaterThan(0);
    await scrollTo(100);
    await pass(500);
    expect(searches()).toBe(before);
  });
});

test("labels lie in columns as their rows do, and scroll sideways with these", async () => {
  await open([labelled()]);
  await pass(300);
  const labels = document.querySelector<HTMLElement>(".columns")!;
  expect(labels).toHaveClass("listed");
  expect(labels.closest(".head")).toBeNull();
  const row = document.querySelector<HTMLElement>(".row.object")!;
  expect(row).toHaveClass("listed");
  expect(labels.style.getPropertyValue("--columns")).toBe("8");
  expect(row.style.getPropertyValue("--columns")).toBe("8");
  expect(labels.children).toHaveLength(row.children.length);
});
