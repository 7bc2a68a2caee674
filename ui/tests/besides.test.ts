// Views beside the rows: they take nothing from the rows, and nothing in them acts.

import { screen } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { post, rendered } from "../dev/samples";
import { id, none, pass, ready, settle } from "./open";

const frame = () => document.querySelector("iframe");

test("a rendered text is a frame that may do nothing, above rows that stay as they were", async () => {
  const { fake } = await settle([rendered()]);
  const rows = screen.getAllByTestId("row").map((it) => it.textContent);
  expect(id("view-exact")).toHaveAttribute("aria-pressed", "true");
  expect(frame()).toBeNull();
  const focus = document.activeElement;
  id("view-rendered").click();
  await pass(60);
  expect(id("view-rendered")).toHaveAttribute("aria-pressed", "true");
  expect(frame()?.getAttribute("sandbox")).toBe("");
  expect(frame()?.getAttribute("srcdoc")).toBe(fake.reading.pages.light);
  expect(frame()?.hasAttribute("src")).toBe(false);
  expect(frame()?.hasAttribute("allow")).toBe(false);
  expect(document.activeElement).toBe(focus);
  expect(screen.getAllByTestId("row").map((it) => it.textContent)).toEqual(rows);
  id("view-exact").click();
  await pass(60);
  expect(frame()).toBeNull();
});

test("looking at it counts for nothing", async () => {
  const { fake } = await ready([rendered()]);
  const reports = fake.reports.length;
  id("view-rendered").click();
  await pass(2000);
  expect(fake.reports.length).toBe(reports);
  expect(id("approve")).toHaveAttribute("data-state", "ready");
});

test("what cannot be had is said, and the exact rows stand alone again", async () => {
  await open_failing();
  expect(frame()).toBeNull();
  expect(id("view-exact")).toHaveAttribute("aria-pressed", "true");
  expect(screen.getByText("This cannot be looked at like that.")).toBeInTheDocument();
});
async function open_failing() {
  const { fake } = await settle([rendered()]);
  fake.ipc.rendered = () => Promise.reject({ code: "bad_input", title: "This cannot be looked at like that.", hint: "Its exact rows are on the sheet.", detail: null });
  id("view-rendered").click();
  await pass(60);
}

test("a text that is not Markdown has one view", async () => {
  await settle([post()]);
  expect(none("view-rendered")).toBe(true);
});
