// Views beside the rows: they take nothing from the rows, and nothing in them acts.

import { screen } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { refused } from "../dev/pictures";
import { picture, post, rendered } from "../dev/samples";
import { said } from "../src/review/pictures";
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

test("a picture has both sides, what differs and two sizes, by buttons, and its rows stay", async () => {
  const { fake } = await settle([picture()]);
  const rows = screen.getAllByTestId("row").map((it) => it.textContent);
  id("view-picture").click();
  await pass(60);
  expect(id("view-picture")).toHaveAttribute("aria-pressed", "true");
  const said = () => screen.getAllByRole("img").map((it) => it.getAttribute("aria-label")).filter((it) => it?.includes(": "));
  expect(said()).toEqual([
    "Before: PNG, 64 by 64 pixels, 8 bits each of red, green, blue and transparency, 16,384 bytes, nothing but pixels in the file",
    "After: PNG, 64 by 64 pixels, 8 bits each of red, green, blue and transparency, 17,612 bytes, carries texts (24 bytes), 1,204 bytes after the end of the picture",
  ]);
  expect(document.querySelectorAll("img, iframe, object, embed, video")).toHaveLength(0);
  id("picture-difference").click();
  await pass(60);
  expect(said()).toEqual(["What differs: 193 pixels of 4,096 differ (4.7 %), within 15 × 15 pixels from 37, 15."]);
  id("picture-whole").click();
  await pass(60);
  expect(screen.getByRole("group", { name: "What differs, at its size" })).toHaveAttribute("tabindex", "0");
  const below = screen.getAllByTestId("row").map((it) => it.textContent);
  expect(below.length).toBeGreaterThan(5);
  expect(below).toEqual(rows.slice(0, below.length));
  const asked: string[] = [];
  const before = fake.reading.pictures;
  fake.reading.pictures = (which) => (asked.push(which), before(which));
  id("view-exact").click();
  await pass(60);
  expect(none("picture")).toBe(true);
  expect(asked).toEqual([]);
});

test("a side that is not drawn says why, and nothing is compared with it", async () => {
  const it = picture();
  const { fake } = await settle([it]);
  fake.reading.pictures = refused;
  id("view-picture").click();
  await pass(60);
  expect(screen.getByText("Not drawn: it has too many pixels. Its exact rows are below.")).toBeInTheDocument();
  expect(none("picture-difference")).toBe(true);
});

test("looking at a picture counts for nothing", async () => {
  const { fake } = await ready([picture()]);
  const reports = fake.reports.length;
  id("view-picture").click();
  await pass(2000);
  expect(fake.reports.length).toBe(reports);
});

test("what is known of a picture is said in our words", () => {
  const whole = { width: 3, height: 2, across: 3, down: 2 };
  const about = { format: "GIF", size: 1, says: "9 by 9 pixels", remarks: [] };
  expect(said({ about, seen: { kind: "drawn", ...whole } })).toBe("GIF, 9 by 9 pixels, 1 byte, drawn as 3 × 2 pixels");
  const large = { width: 4000, height: 2000, across: 2000, down: 1000 };
  expect(said({ about: { ...about, says: "4,000 by 2,000 pixels" }, seen: { kind: "drawn", ...large } })).toBe("GIF, 4,000 by 2,000 pixels, 1 byte, drawn smaller: 2,000 × 1,000 pixels");
  expect(said({ about: null, seen: { kind: "sizes", before: [3, 2], after: [4, 2] } })).toBe("The sizes differ: 3 × 2 pixels before, 4 × 2 pixels after. Their pixels were not compared.");
  expect(said({ about: null, seen: { kind: "differ", ...large, changed: 1, unseen: 1, area: [7, 8, 1, 1] } })).toBe("1 pixel of 8,000,000 differs (less than 0.1 %), within 1 × 1 pixels from 7, 8. 1 of them are wholly transparent on both sides.");
});
