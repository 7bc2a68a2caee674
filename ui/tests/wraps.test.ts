// Rows that are wider than the window: as several lines, or to be scrolled sideways.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { screen } from "@testing-library/svelte";
import { afterEach, beforeEach, expect, it } from "vitest";
import { replaced } from "../dev/earlier";
import { narrow } from "../dev/narrow";
import { config, t } from "../dev/samples";
import { Layout } from "../src/review/layout";
import { reasons } from "../dev/scenes";
import { columnsOf, marksOf } from "../src/review/wraps.svelte";
import { key, pass, settle } from "./open";
import { VIEW } from "./setup";

const usual = VIEW.width;
const width = (pixels: number) =>
  Object.defineProperty(HTMLElement.prototype, "clientWidth", { configurable: true, get: () => pixels });
beforeEach(() => width(424));
afterEach(() => width(usual));

it("counts columns from the window's width, and cuts nothing where there is room", () => {
  expect([0, 424, 640, 955, 956, 1520].map(columnsOf)).toEqual([0, 38, 68, 111, 0, 0]);
});

it("knows where every row is, also where some take several lines", () => {
  const doc = { rows: 6, folds: [{ from: 3, to: 5 }], view: "diff" as const };
  const tall = new Map([[0, [{ from: 1, to: 3, lines: 2 }, { from: 4, to: 6, lines: 3 }]]]);
  const shut = new Layout([doc], () => 40, new Set(), () => 0, new Map(), tall);
  expect([0, 1, 2, 3, 5].map((row) => shut.top({ document: 0, row }))).toEqual([40, 60, 100, 140, 168]);
  expect(shut.height).toBe(228);
  const open = new Layout([doc], () => 40, new Set(["0:3"]), () => 0, new Map(), tall);
  expect([3, 4, 5].map((row) => open.top({ document: 0, row }))).toEqual([140, 160, 220]);
  expect(open.height).toBe(280);
  expect(open.at(150)).toMatchObject({ row: 3, height: 20 });
  expect(open.at(215)).toMatchObject({ row: 4, top: 160, height: 60 });
  expect(open.lines(0, 280).length).toBe(7);
});

it("puts marks on the line in which their letters are", () => {
  const row = { kind: "line" as const, before: 1, after: 1, change: "same" as const, continued: false, segments: [t(`${"a".repeat(40)} needle`)] };
  const lines = narrow(row, 30);
  expect(lines.map((it) => (it.kind === "line" ? it.segments.map((s) => s.text).join("") : ""))).toEqual(["a".repeat(30), `${"a".repeat(10)} needle`]);
  const hit = { row: 0, column: 0, from: 41, to: 47, first: 0, last: 1 };
  expect(marksOf([hit], lines, 1)).toEqual([{ ...hit, from: 11, to: 17 }]);
});

it("wraps wide rows, scrolls them sideways after w, and keeps that", async () => {
  const item = config();
  const doc = item.opened.sheet?.documents[0];
  if (doc) doc.folds = [];
  const first = item.rows[0]?.[0];
  if (first?.kind === "line") first.segments = [t(`begin ${"wide ".repeat(14)}end`)];
  const { fake } = await settle([item]);
  const rows = () => [...document.querySelectorAll<HTMLElement>("[data-testid=document] .line[data-top]")].map((it) => [it.style.height, it.querySelectorAll("[data-testid=row]").length]);
  expect(rows()[0]).toEqual(["60px", 3]);
  expect(screen.getAllByTestId("row")[0]?.textContent).toContain("begin");
  key("w");
  await pass(100);
  expect(fake.rest.preferences.sideways).toBe(true);
  expect(rows()[0]).toEqual(["20px", 1]);
  key("w");
  await pass(100);
  expect(fake.rest.preferences.sideways).toBe(false);
  expect(rows()[0]).toEqual(["60px", 3]);
});

it("wraps the rows of what changed as those of the sheet", async () => {
  const { fake } = await settle([replaced()]);
  const rows = () => [...document.querySelectorAll<HTMLElement>("[data-testid=difference] .line")].filter((it) => it.querySelector("[data-testid=row]"));
  const first = () => [rows()[0]?.style.height, rows()[0]?.querySelectorAll("[data-testid=row]").length];
  expect(first()).toEqual(["40px", 2]);
  expect(rows()[0]?.textContent).toMatch(/Re: ingest service cannot read the.*payroll exports/);
  key("w");
  await pass(100);
  expect(fake.rest.preferences.sideways).toBe(true);
  expect(first()).toEqual(["20px", 1]);
});

it("opens both sides of what is in view in another program, says that they are copies, or why not", async () => {
  const { fake } = await settle([config()]);
  key("o");
  await pass(50);
  expect(fake.reading.copied).toEqual(["0 compare"]);
  expect(screen.getByTestId("toast")).toHaveTextContent(/Opened in Meld.*Editing them changes nothing/);
});

/** The variants of an enum as its source lists them. */
function variants(file: string, name: string): string[] {
  const text = readFileSync(join(import.meta.dirname, "..", "..", file), "utf8");
  const body = text.split(`pub enum ${name} {`)[1]?.split("\n}")[0] ?? "";
  return [...body.matchAll(/^ {4}([A-Z]\w+)/gm)].map((it) => it[1] ?? "");
}
const refusals = ["no_comparer", "no_sides", ...variants("crates/reviewer/src/comparing.rs", "NotCompared").map((it) => `NotCompared::${it}`)];

it.each(refusals)("says why nothing was compared: %s", async (from) => {
  expect(refusals.length).toBeGreaterThan(4);
  const error = reasons.find((it) => it.from === from)?.error;
  expect(error?.title, "it has no sentence").toMatch(/\.$/);
  const { fake } = await settle([config()]);
  fake.ipc.compare = async () => Promise.reject(error);
  key("o");
  await pass(50);
  for (const part of [error?.title, error?.hint, error?.detail]) if (part) expect(screen.getByTestId("toast")).toHaveTextContent(part);
  expect(screen.getByTestId("toast")).toHaveTextContent("Nothing was opened");
});
