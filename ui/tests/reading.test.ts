// Reading a sheet: a text in it, steps from change to change, and copies.

import { fireEvent, screen } from "@testing-library/svelte";
import { expect, test, vi } from "vitest";
import { access, command, config, post, removal } from "../dev/samples";
import { cut } from "../src/lib/marks";
import { shownText } from "../src/review/selection";
import type { HitMark } from "../src/lib/wire/HitMark";
import type { Segment } from "../src/lib/wire/Segment";
import { hold, id, key, none, open, pass, ready, settle, type } from "./open";

const scroller = () => document.querySelector<HTMLElement>(".scroller") as HTMLElement;
const hits = () => screen.queryAllByTestId("hit");
const here = () => document.querySelector("mark.here");
async function find(text: string) {
  key("f", { ctrlKey: true });
  await pass(20);
  await type("seek-text", text);
  await pass(60);
}

test("a text is found in folded rows: the fold opens, all hits in view are marked, one is where one is", async () => {
  const { fake } = await settle([config()]);
  const folds = screen.getAllByTestId("fold").length;
  await find("setting_3");
  expect(id("seek-says")).toHaveTextContent(/^1 of \d+$/);
  expect(screen.getAllByTestId("fold")).toHaveLength(folds - 1);
  expect(here()).toHaveTextContent("setting_3");
  expect(here()?.closest("[data-testid=row]")).toHaveTextContent("setting_3: ");
  expect(hits().length).toBeGreaterThan(0);
  expect(fake.decided).toEqual([]);
});

test("Enter goes on, Shift Enter back, and after the last comes the first", async () => {
  await settle([removal(1000)]);
  await find("9");
  const of = Number(id("seek-says").textContent?.split(" of ")[1]?.replace(",", ""));
  expect(of).toBeGreaterThan(20);
  const field = id("seek-text");
  key("Enter", {}, field);
  await pass(60);
  expect(id("seek-says")).toHaveTextContent("2 of");
  key("Enter", { shiftKey: true }, field);
  await pass(60);
  key("Enter", { shiftKey: true }, field);
  await pass(60);
  expect(id("seek-says")).toHaveTextContent(`${of} of ${of}`);
  expect(scroller().scrollTop).toBeGreaterThan(10_000);
  await pass(200);
  expect(here()).toHaveTextContent("9");
  id("seek-next").click();
  await pass(60);
  expect(id("seek-says")).toHaveTextContent("1 of");
});

test("none is said calmly, and Escape closes it and gives the keyboard back", async () => {
  await settle([config()]);
  id("deny").focus();
  await find("nowhere to be found");
  expect(id("seek-says")).toHaveTextContent("None");
  expect(id("seek-next")).toBeDisabled();
  expect(hits()).toHaveLength(0);
  key("Escape", {}, id("seek-text"));
  await pass(20);
  expect(none("seek")).toBe(true);
  expect(document.activeElement).toBe(id("deny"));
  expect(hits()).toHaveLength(0);
});

test("Escape closes it from elsewhere too, and Ctrl F goes back into it", async () => {
  await settle([config()]);
  await find("a");
  id("deny").focus();
  key("f", { ctrlKey: true });
  expect(document.activeElement).toBe(id("seek-text"));
  id("deny").focus();
  key("Escape", {}, id("deny"));
  await pass(20);
  expect(none("seek")).toBe(true);
});

test("an answer about what was typed before is no answer", async () => {
  const { fake } = await settle([config()]);
  const held = hold(fake.ipc, "seek");
  await find("setting");
  await type("seek-text", "setting_2");
  await type("seek-text", "none of it");
  held.go[0]?.();
  await pass(30);
  expect(id("seek-says")).toHaveTextContent("");
  held.go[1]?.();
  await pass(60);
  expect(id("seek-says")).toHaveTextContent("None");
  // Of three texts the one in between was never asked for.
  expect(held.go).toHaveLength(2);
});

test("keys typed into it decide nothing, nor does Ctrl Enter", async () => {
  const { fake } = await ready([config()]);
  await find("d");
  for (const name of ["d", "r", "s", "j", "."]) key(name, {}, id("seek-text"));
  key("Control", {}, id("seek-text"));
  key("Enter", { ctrlKey: true }, id("seek-text"));
  await pass(100);
  expect(fake.decided).toEqual([]);
  expect(none("comment")).toBe(true);
  expect(id("seek-says")).toHaveTextContent("1 of");
});

test("a fold that the search opened counts nothing that was not on screen", async () => {
  const { fake } = await open([removal(3000)]);
  await pass(900);
  const before = fake.reports.length;
  await find("2999");
  await pass(100);
  await pass(900);
  const seen = fake.reports.slice(before).flatMap((it) => Array.from({ length: it.to - it.from }, (_, i) => it.from + i));
  // What was flown over does not count: the beginning, and what is in view at the end.
  expect(seen.filter((row) => row > 40 && row < 2900)).toEqual([]);
});

test("steps lead from change to change over all documents and open no fold", async () => {
  await settle([config()]);
  const folds = screen.getAllByTestId("fold").length;
  const said = () => screen.getAllByTestId("change-says")[0]?.textContent;
  const of = Number(/(\d+) changes/.exec(said() ?? "")?.[1]);
  expect(of).toBeGreaterThan(1);
  for (let n = 1; n <= of; n += 1) {
    key(".");
    await pass(60);
    expect(said()).toBe(`Change ${n} of ${of}`);
    expect(document.querySelectorAll(".line.here [data-change=same]")).toHaveLength(0);
    expect(document.querySelectorAll(".line.here").length).toBeGreaterThan(0);
  }
  key(".");
  await pass(60);
  expect(said()).toBe(`Change 1 of ${of}`);
  key(",");
  await pass(60);
  expect(said()).toBe(`Change ${of} of ${of}`);
  screen.getAllByTestId("change-next")[0]?.click();
  await pass(60);
  expect(said()).toBe(`Change 1 of ${of}`);
  expect(screen.getAllByTestId("fold")).toHaveLength(folds);
});

test("a sheet with one change has nothing to step through", async () => {
  await settle([post()]);
  expect(none("change-says")).toBe(true);
});

async function clipboard(write: (text: string) => Promise<void>) {
  const writeText = vi.fn(write);
  Object.defineProperty(navigator, "clipboard", { configurable: true, value: { writeText } });
  const { fake } = await settle([config()]);
  fake.reading.copyable = [
    { side: "before", size: 10, exact: false, escaped: true, says: "Not exactly: it is not UTF-8 text." },
    { side: "after", size: 1204, exact: true, escaped: true, says: "With the exact bytes comes 1 invisible or control character: 1 RLO U+202E. A terminal or an editor may act on them." },
  ];
  screen.getAllByTestId("copy")[0]?.click();
  await pass(30);
  return { fake, writeText };
}
test("exact bytes are offered where they are to be had, and what comes along is told first", async () => {
  const { fake, writeText } = await clipboard(async () => {});
  expect(none("copy-exact-before")).toBe(true);
  const warnings = screen.getAllByTestId("copy-warns").map((it) => it.textContent);
  expect(warnings[0]).toContain("Before: Not exactly");
  expect(warnings[1]).toContain("RLO U+202E");
  expect(fake.reading.copied).toEqual([]);
  for (const part of ["copy-exact-after", "copy-escaped-before", "copy-escaped-after", "copy-rows"]) {
    id(part).click();
    await pass(30);
  }
  expect(fake.reading.copied).toEqual(["0 exact after", "0 escaped before", "0 escaped after", "0 rows"]);
  expect(writeText).toHaveBeenCalledTimes(4);
  expect(id("copy-says")).toHaveTextContent("Copied: all rows, escaped.");
});
test("where the clipboard refuses, it says so, and the next press asks nobody first", async () => {
  const { fake } = await clipboard(() => Promise.reject(new Error("no")));
  id("copy-exact-after").click();
  await pass(30);
  expect(id("copy-says")).toHaveTextContent("Not copied");
  id("copy-exact-after").click();
  await pass(30);
  expect(id("copy-says")).toHaveTextContent("cannot be used here");
  expect(fake.reading.copied).toHaveLength(1);
});
test("Escape closes the copies and gives the keyboard back", async () => {
  await clipboard(async () => {});
  id("copy-rows").focus();
  await fireEvent.keyDown(id("copy-rows"), { key: "Escape" });
  await pass(20);
  expect(none("copies")).toBe(true);
  expect(document.activeElement).toBe(screen.getAllByTestId("copy")[0]);
});

test("what is selected is copied as it is displayed", async () => {
  await settle([config()]);
  const rows = screen.getAllByTestId("row");
  const list = document.querySelector<HTMLElement>(".list") as HTMLElement;
  getSelection()?.setBaseAndExtent(rows[0] as Node, 0, rows.at(-1) as Node, rows.at(-1)?.childNodes.length ?? 0);
  const text = shownText(getSelection(), list)?.split("\n") ?? [];
  expect(text).toHaveLength(rows.length);
  expect(text.join("\n")).toContain("[RLO U+202E]");
  expect(text.join("\n")).not.toMatch(/removed:|added:|−/);
  expect(text[0]).toBe(rows[0]?.querySelector(".tx")?.textContent);
  const put = { setData: vi.fn() };
  const copied = new Event("copy", { bubbles: true, cancelable: true });
  Object.assign(copied, { clipboardData: put });
  rows[0]?.dispatchEvent(copied);
  expect(put.setData).toHaveBeenCalledWith("text/plain", text.join("\n"));
  expect(copied.defaultPrevented).toBe(true);
  // A part of a row is a part of its text; a chip is whole or not there.
  const first = [...(rows[0]?.querySelector(".tx")?.childNodes ?? [])].find((it) => it.textContent?.startsWith("  setting")) as Text;
  getSelection()?.setBaseAndExtent(first, 1, first, 4);
  expect(shownText(getSelection(), list)).toBe(first.data.slice(1, 4));
  getSelection()?.removeAllRanges();
  expect(shownText(getSelection(), list)).toBeNull();
});
test("texts of one row are parted by a tab", async () => {
  await settle([access()]);
  const row = document.querySelector(".row.grant") as HTMLElement;
  getSelection()?.setBaseAndExtent(row, 0, row, row.childNodes.length);
  expect(shownText(getSelection(), document.querySelector(".list") as HTMLElement)?.split("\t").length).toBeGreaterThan(2);
  getSelection()?.removeAllRanges();
});

test("marks cut text where Rust says, in whatever segments it is", () => {
  const t = (text: string, kind: Segment["kind"] = "text"): Segment => ({ text, kind, rtl: false });
  const mark = (from: number, to: number): HitMark => ({ row: 0, column: 0, from, to, first: 0, last: 1 });
  const shown = (segments: Segment[], marks: HitMark[]) => cut(segments, marks).map((it) => `${it.mark ? "*" : ""}${it.segments.map((s) => s.text).join("|")}`);
  expect(shown([t("one two"), t("three", "changed"), t(" four")], [mark(4, 10)])).toEqual(["one ", "*two|thr", "ee| four"]);
  expect(shown([t("aa")], [mark(0, 1), mark(1, 2)])).toEqual(["*a", "*a"]);
  expect(shown([t("👩a")], [mark(2, 3)])).toEqual(["👩", "*a"]);
  expect(shown([t("abc")], [])).toEqual(["abc"]);
  const segments = [t("one two"), t("ZWSP U+200B", "chip_red"), t("é")];
  for (let from = 0; from < 19; from += 1) {
    for (let to = from + 1; to <= 19; to += 1) {
      const pieces = cut(segments, [mark(from, to)]);
      expect(pieces.flatMap((it) => it.segments.map((s) => s.text)).join("")).toBe("one twoZWSP U+200Bé");
      expect(pieces.filter((it) => it.mark).flatMap((it) => it.segments.map((s) => s.text)).join("")).toBe("one twoZWSP U+200Bé".slice(from, to));
    }
  }
});

test("both keys are in the list of keys", async () => {
  await settle([command()]);
  key("?");
  await pass(20);
  expect(id("help")).toHaveTextContent("Next change in the sheet.");
  expect(id("help")).toHaveTextContent("Find in the sheetCtrl F");
});
