import { cleanup, fireEvent, screen } from "@testing-library/svelte";
import { describe, expect, test, vi } from "vitest";
import { error } from "../dev/fake";
import { access, command, config, moved, post, practice, removal, structured, t, unsealed } from "../dev/samples";
import { hold, id, key, none, open, pass, settle } from "./open";

const scroller = () => document.querySelector<HTMLElement>(".scroller") as HTMLElement;
async function scrollTo(top: number) {
  scroller().scrollTop = top;
  await fireEvent.scroll(scroller());
  await pass(40);
}

test("hostile text stays text", async () => {
  const item = unsealed();
  const bad = '<img src=x onerror="document.title=1"><script>alert(1)</script>{@html x}';
  if (!item.opened.sheet) throw new Error("missing");
  item.opened.sheet.who = [t(bad)];
  item.opened.sheet.claim = [[t(bad)], [t(bad)]];
  item.opened.sheet.asked = { by: [t(bad)], at: null, text: [[t(bad)]], origin: [t(bad)], verified: false };
  item.rows[0]?.push({ kind: "line", before: null, after: 3, change: "added", continued: false, segments: [t(bad)] });
  if (item.opened.sheet.documents[0]) item.opened.sheet.documents[0].rows += 1;
  item.agent = bad;
  await open([item]);
  await pass(200);
  expect(document.querySelectorAll("img, script, iframe, a[href], form[action]")).toHaveLength(0);
  expect(id("sheet-headline")).toHaveTextContent(bad);
  expect(id("claim")).toHaveTextContent(bad);
  expect(id("asked")).toHaveTextContent(bad);
  expect(id("queue-row")).toHaveTextContent(bad);
  expect(screen.getAllByTestId("row").at(-1)).toHaveTextContent(bad);
  expect(document.title).not.toBe("1");
});

test("20,000 rows are a few dozen in the page, wherever one is", async () => {
  const { fake } = await open([removal(20000)]);
  await pass(200);
  for (const top of [0, 5000, 200_000, 390_000]) {
    await scrollTo(top);
    await pass(100);
    const rows = screen.getAllByTestId("row");
    expect(rows.length).toBeGreaterThan(20);
    expect(rows.length).toBeLessThan(80);
    expect(document.querySelectorAll("*").length).toBeLessThan(2000);
  }
  // Pages, never the whole list.
  const asked = fake.calls.filter((it) => it.startsWith("rows"));
  expect(asked.length).toBeLessThan(12);
  expect(asked.every((it) => Number(it.split(" ")[3]) <= 500)).toBe(true);
});

test("the first rows of a later part count where they are not under the head of their document", async () => {
  // Rows of 28 pixels below a head of 40, in parts of 8,000,000.
  const first = Math.ceil((8_000_000 - 40) / 28);
  const { fake } = await open([removal(first + 1000)]);
  const seen = () => new Set(fake.reports.flatMap((it) => Array.from({ length: it.to - it.from }, (_, i) => it.from + i)));
  await pass(100);
  screen.getByRole("button", { name: "Next part" }).click();
  await pass(100);
  await scrollTo(0);
  await pass(900);
  expect(seen().has(first + 5)).toBe(true);
  expect(seen().has(first)).toBe(false);
  screen.getByRole("button", { name: "Earlier part" }).click();
  await pass(100);
  await scrollTo(8_000_000 - 200);
  await pass(900);
  expect(seen().has(first)).toBe(true);
});

test("a row counts when it was drawn", async () => {
  const { fake } = await open([removal(5)]);
  await pass(100);
  for (const it of screen.getAllByTestId("row").slice(0, 2)) it.remove();
  await pass(900);
  expect(fake.reports).toEqual([{ document: 0, from: 2, to: 5 }]);
});

test("rows in view are reported after a while, once, and only those", async () => {
  const { fake } = await open([removal(1000)]);
  await pass(150);
  expect(fake.reports).toEqual([]);
  await pass(600);
  const seen = new Set(fake.reports.flatMap((it) => Array.from({ length: it.to - it.from }, (_, i) => it.from + i)));
  // 600 pixels, less the document's head, in rows of 28.
  expect(seen.size).toBeGreaterThan(17);
  expect(seen.size).toBeLessThanOrEqual(20);
  const before = fake.reports.length;
  await pass(2000);
  expect(fake.reports.length).toBe(before);
  // A row that only flew by does not count.
  await scrollTo(4000);
  await pass(100);
  await scrollTo(8000);
  await pass(800);
  const rows = fake.reports.slice(before).map((it) => it.from);
  expect(rows.length).toBeGreaterThan(0);
  expect(Math.min(...rows)).toBeGreaterThan(280);
});

test("what a dialog or a menu covers is not displayed", async () => {
  const { fake } = await open([removal(1000)]);
  id("key-menu").click();
  await pass(2000);
  expect(fake.reports).toEqual([]);
  key("Escape", {}, window);
  await pass(1000);
  expect(fake.reports.length).toBeGreaterThan(0);
});

test("a fold says what it holds and opens; its rows were never needed", async () => {
  const { fake } = await settle([config()]);
  const folds = screen.getAllByTestId("fold");
  expect(folds[0]).toHaveTextContent("12 unchanged rows");
  expect(id("approve")).toHaveAttribute("data-state", "ready");
  expect(fake.reports.some((it) => it.from < 12)).toBe(false);
  folds[0]?.click();
  await pass(50);
  expect(screen.getAllByTestId("fold")).toHaveLength(1);
  expect(screen.getAllByTestId("row")[0]).toHaveTextContent("setting_1: 7");
});

test("changed words differ by weight and underline, chips have a box, added and removed a glyph", async () => {
  await open([config()]);
  await pass(300);
  const changed = [...document.querySelectorAll(".changed")].map((it) => it.textContent);
  expect(changed).toContain("optional");
  expect(document.querySelector(".chip.red")).toHaveTextContent("RLO U+202E");
  const added = screen.getAllByTestId("row").find((it) => it.textContent?.includes("optional"));
  expect(added).toHaveTextContent("+");
  expect(added).toHaveTextContent("added:");
});

test("a value that would differ says where it stands, what it was and what it would be", async () => {
  await open([structured()]);
  await pass(200);
  const row = (path: string) => [...document.querySelectorAll<HTMLElement>(".row.entry")].find((it) => it.querySelector(".path")?.textContent === path) as HTMLElement;
  const said = (path: string) => [...row(path).querySelectorAll(".glyph .said, .tx")].map((it) => it.textContent);
  expect(said("auth")).toEqual(["changed: ", "auth", "quoted: required", "quoted: optional"]);
  expect(said("upstream.limits[3]")).toEqual(["removed: ", "upstream.limits[3]", "quoted: 100", ""]);
  expect(said("rules[id=deny-all]")).toEqual(["moved: ", "rules[id=deny-all]", "row 1", "row 9"]);
  // A dot in a key is not taken for one between keys.
  expect([...row("upstream.token").querySelectorAll(".path .foreign")].map((it) => it.textContent)).toEqual(["upstream", "token"]);
  const views = screen.getAllByTestId("document").map((it) => it.dataset.view);
  expect(views).toEqual(["table", "diff"]);
});

test("go there leads to the first row that was not displayed", async () => {
  const { fake } = await settle([removal(1000)]);
  id("unseen-go").click();
  await pass(1000);
  const first = fake.reports.at(-1)?.from ?? 0;
  expect(first).toBeGreaterThan(0);
  expect(scroller().scrollTop).toBeGreaterThan(400);
});

test("asked and would do: never equal", async () => {
  await open([post()]);
  expect(id("asked")).toHaveTextContent("Not verified");
  expect(id("compared")).toHaveTextContent("Goes further than asked");
});
test("nobody asked", async () => {
  const item = post();
  if (item.opened.sheet) Object.assign(item.opened.sheet, { asked: null, compared: { kind: "not_asked" } });
  await open([item]);
  expect(id("asked")).toHaveTextContent("Nobody asked for this");
});
test("an unknown sender is said to be one", async () => {
  await open([unsealed()]);
  expect(id("sheet-headline")).toHaveTextContent("unknown sender");
});
test("a headline has one red phrase, also where the sender is unknown", async () => {
  await open([unsealed()]);
  const red = () => [...id("sheet-headline").querySelectorAll(".tone-red, .unknown.red")].map((it) => it.textContent);
  expect(red()).toEqual(["what that does is not understood here"]);
  const item = unsealed();
  item.opened.sheet?.headline.flat().forEach((it) => (it.tone = "plain"));
  cleanup();
  await open([item]);
  expect(red()).toEqual(["unknown sender"]);
});
test("what follows from approving is said while one can approve", async () => {
  const says = () => screen.queryByText(/does it itself/);
  await open([command()]);
  expect(says()).toBeInTheDocument();
  const item = command();
  item.opened.state = { kind: "denied", at: item.opened.created };
  cleanup();
  await open([item]);
  expect(id("state-strip")).toHaveTextContent("Denied");
  expect(says()).toBeNull();
});
test("a program known by its user alone begins the sentence with our words, not with the user", async () => {
  await open([practice("to_sign")]);
  expect(id("sheet-headline")).toHaveTextContent(/^A program of mara .*wants to create/);
  expect(id("queue-row")).toHaveTextContent("A program of mara");
});
test("the claim is labelled, and all of it can be read", async () => {
  await open([post()]);
  expect(id("claim")).toHaveTextContent("Agent’s claim, not verified");
  expect(id("claim")).not.toHaveTextContent("No private data");
  screen.getByText("Show all 3 lines").click();
  await pass(10);
  expect(id("claim")).toHaveTextContent("No private data");
});

test("scrolled sideways, a row counts only when its beginning and its end were in view", async () => {
  let left = 600;
  const rows = Object.getOwnPropertyDescriptor(HTMLElement.prototype, "scrollWidth");
  Object.defineProperty(HTMLElement.prototype, "scrollWidth", { configurable: true, get: () => 1600 });
  const at = (from: number, to: number) => ({ left: from, right: to, width: to - from }) as DOMRect;
  const boxes = vi.spyOn(Element.prototype, "getBoundingClientRect").mockImplementation(function (this: Element) {
    if (this.matches(".scroller")) return at(0, 1000);
    // The first row is wider than the window, the others end at 300 pixels.
    const end = this.closest("[data-top]")?.matches("[data-top='40']") ? 1600 : 300;
    return at(-left, end - left);
  });
  const seen = () => fake.reports.flatMap((it) => Array.from({ length: it.to - it.from }, (_, i) => it.from + i));
  const { fake } = await open([removal(10)]);
  await pass(900);
  expect(seen()).toEqual([]);
  left = 0;
  await scrollTo(1);
  await pass(900);
  expect(seen()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  left = 600;
  await scrollTo(2);
  await pass(900);
  expect(seen()).toContain(0);
  boxes.mockRestore();
  if (rows) Object.defineProperty(HTMLElement.prototype, "scrollWidth", rows);
});

test("a row that a view moved does not count by the beginning of the one that stood there before", async () => {
  let left = 600;
  const rows = Object.getOwnPropertyDescriptor(HTMLElement.prototype, "scrollWidth");
  Object.defineProperty(HTMLElement.prototype, "scrollWidth", { configurable: true, get: () => 1600 });
  const at = (from: number, to: number) => ({ left: from, right: to, width: to - from }) as DOMRect;
  const boxes = vi.spyOn(Element.prototype, "getBoundingClientRect").mockImplementation(function (this: Element) {
    return this.matches(".scroller") ? at(0, 1000) : at(-left, 1600 - left);
  });
  const item = config();
  const head = item.opened.sheet?.documents[0];
  if (head) Object.assign(head, { folds: [], also: "markdown" });
  const { fake } = await open([item]);
  const seen = () => new Set(fake.reports.flatMap((it) => Array.from({ length: it.to - it.from }, (_, i) => it.from + i)));
  // The beginnings of the rows from number 5 on are in view, and none of their ends.
  left = 0;
  await scrollTo(105);
  await pass(900);
  expect([...seen()]).toEqual([]);
  // A view of 320 pixels opens: now the first row stands where number 16 stood.
  left = 600;
  id("view-rendered").click();
  await pass(100);
  await scrollTo(0);
  await pass(900);
  expect(screen.getAllByTestId("row").length).toBeGreaterThan(5);
  expect([...seen()].filter((row) => row < 5)).toEqual([]);
  // Both parts of row number 6 were in view.
  expect(seen()).toContain(6);
  boxes.mockRestore();
  if (rows) Object.defineProperty(HTMLElement.prototype, "scrollWidth", rows);
});

test("a line that changed its place says where, is as plain as any, and leads there and back", async () => {
  await open([moved()]);
  await pass(300);
  const from = screen.getAllByTestId("moved")[0] as HTMLElement;
  expect(from).toHaveTextContent("↓40");
  expect(from).toHaveAccessibleName("Moved to line 40");
  const row = from.closest("[data-testid=row]") as HTMLElement;
  expect(row.dataset.change).toBe("removed");
  expect(row.querySelector(".tx")).toHaveTextContent("fn resume(&mut self) {");
  // The others of the block say it too.
  expect(row.closest(".line[data-top]")?.nextElementSibling).toHaveTextContent("Moved to line 41");
  await fireEvent.click(from);
  await pass(400);
  const back = document.activeElement as HTMLElement;
  expect(back).toHaveAccessibleName("Moved from line 5");
  await fireEvent.click(back);
  await pass(400);
  expect(document.activeElement).toHaveAccessibleName("Moved to line 40");
});

const wide = (pixels: number) => vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(pixels);

test("both sides stand beside each other where there is room, from the same rows, counted alike", async () => {
  const room = wide(1600);
  const { fake } = await open([config()]);
  await pass(100);
  await fireEvent.click(id("sides"));
  await pass(100);
  expect(id("sides")).toHaveAttribute("aria-pressed", "true");
  const halves = (half: string) => [...document.querySelectorAll(`[data-half=${half}]`)].map((it) => it.querySelector(".tx")?.textContent);
  expect(halves("left")).toContain("  auth: required");
  expect(halves("right")).toContain("  auth: optional");
  expect(halves("right")).not.toContain("  auth: required");
  expect(halves("left")).toContain("upstream:");
  expect(halves("right")).toContain("upstream:");
  // The same height: one beside the other.
  const top = (text: string) => [...document.querySelectorAll<HTMLElement>("[data-half]")].find((it) => it.textContent?.includes(text))?.dataset.top;
  expect(top("auth: required")).toBe(top("auth: optional"));
  await pass(900);
  const seen = new Set(fake.reports.flatMap((it) => Array.from({ length: it.to - it.from }, (_, i) => it.from + i)));
  for (const row of [13, 14, 22, 23, 24]) expect(seen.has(row)).toBe(true);
  await fireEvent.click(id("sides"));
  await pass(100);
  expect(document.querySelector("[data-half]")).toBeNull();
  room.mockRestore();
});

test("without room for both sides it is said that there is none", async () => {
  const room = wide(1184);
  await open([config()]);
  await pass(100);
  expect(id("sides")).toHaveAttribute("aria-disabled", "true");
  expect(id("sides")).toHaveAttribute("title", expect.stringContaining("no room"));
  await fireEvent.click(id("sides"));
  await pass(100);
  expect(document.querySelector("[data-half]")).toBeNull();
  room.mockRestore();
});

test("what is cut off on its side does not count", async () => {
  const room = wide(1600);
  const at = (from: number, to: number) => ({ left: from, right: to, width: to - from }) as DOMRect;
  const boxes = vi.spyOn(Element.prototype, "getBoundingClientRect").mockImplementation(function (this: Element) {
    if (this.matches(".scroller")) return at(0, 1600);
    if (this.matches(".line[data-half]")) return at(0, 800);
    return at(0, this.closest("[data-half=right]") && this.closest("[data-testid=row]")?.textContent?.includes("auth: optional") ? 900 : 300);
  });
  const { fake } = await open([config()]);
  await pass(100);
  fake.reports.length = 0;
  await fireEvent.click(id("sides"));
  await pass(900);
  const seen = new Set(fake.reports.flatMap((it) => Array.from({ length: it.to - it.from }, (_, i) => it.from + i)));
  expect(seen.has(13)).toBe(true);
  expect(seen.has(14)).toBe(false);
  boxes.mockRestore();
  room.mockRestore();
});

describe("a sheet that takes its time", () => {
  test("says so, for how long, and that another can be opened; what is there soon comes without a word", async () => {
    const { fake } = await settle([post(), access()]);
    const held = hold(fake.ipc, "open");
    screen.getAllByTestId("queue-row")[1]?.click();
    await pass(300);
    expect(none("making")).toBe(true);
    await pass(200);
    expect(id("making")).toHaveTextContent("Its sheet is being made.");
    await pass(5000);
    expect(id("making")).toHaveTextContent("5 s so far");
    expect(none("approve")).toBe(true);
    held.end();
    screen.getAllByTestId("queue-row")[0]?.click();
    await pass(50);
    expect(none("making")).toBe(true);
    expect(id("sheet-headline")).toHaveTextContent("wants to post");
    held.go.forEach((go) => go());
    await pass(50);
    expect(id("sheet-headline")).toHaveTextContent("wants to post");
  });
  test("that cannot be made is not being made", async () => {
    const { fake } = await settle([post(), access()]);
    fake.ipc.open = () => Promise.reject(error("broken", "It went wrong.", "Nothing was signed."));
    screen.getAllByTestId("queue-row")[1]?.click();
    await pass(1000);
    expect(none("making")).toBe(true);
  });
});
