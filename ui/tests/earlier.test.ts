import { fireEvent, screen, within } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { deniedBefore, replaced } from "../dev/earlier";
import { config, post } from "../dev/samples";
import { id, none, open, pass, settle } from "./open";

const rows = () => within(id("difference")).getAllByTestId("row");

test("what changed stands above the sheet, open, and is drawn as rows are", async () => {
  await settle([replaced()]);
  expect(id("earlier")).toHaveTextContent("This replaced an earlier version. You looked at that");
  expect(id("earlier")).toHaveTextContent("4 rows that you saw there and that are the same stay seen. Read the others.");
  const fold = id("difference-fold");
  expect(fold).toHaveTextContent("What changed since you last looked");
  expect(fold).toHaveAttribute("aria-expanded", "true");
  expect(within(id("difference")).getByRole("heading", { level: 3, name: "What changed in the text" })).toBeInTheDocument();
  expect(rows()[2]).toHaveTextContent("The owner has to add it");
  expect(rows()[2]).toHaveAttribute("data-change", "removed");
  const first = document.querySelector("[data-testid=difference], [data-testid=document]");
  expect(first).toBe(id("difference"));

  await fireEvent.click(fold);
  expect(fold).toHaveAttribute("aria-expanded", "false");
  expect(within(id("difference")).queryAllByTestId("row")).toHaveLength(0);
});

test("no row of it is reported as displayed, and none is asked for", async () => {
  const { fake } = await open([replaced()]);
  await pass(1500);
  const sheet = fake.items[0]?.rows[0]?.length ?? 0;
  const said = fake.reports.flatMap((it) => Array.from({ length: it.to - it.from }, (_, i) => `${it.document}:${it.from + i}`));
  expect(said.length).toBeGreaterThan(0);
  expect(said.every((it) => it.startsWith("0:") && Number(it.slice(2)) < sheet)).toBe(true);
  expect(new Set(said).size).toBe(said.length);
});

test("after a restart nothing stays seen, and it says so", async () => {
  const it = replaced();
  it.kept = 0;
  await settle([it]);
  expect(id("earlier")).toHaveTextContent("Read this one anew.");
  expect(id("earlier")).not.toHaveTextContent("stay");
});

test("a version that was never seen is named, and nothing is compared with it", async () => {
  await settle([config()]);
  expect(id("earlier")).toHaveTextContent("This replaced an earlier version. A signature on the earlier one is void.");
  expect(none("difference")).toBe(true);
});

test("one like it that was denied says when, by whom and why; the difference is one click away", async () => {
  await settle([deniedBefore()]);
  const strip = id("denied-before");
  expect(strip).toHaveTextContent(/A proposal like this was denied .*, by Mara Lindt\./);
  expect(strip).toHaveTextContent("It tells people to sign in with a token that is not theirs.");
  expect(none("difference")).toBe(true);
  await fireEvent.click(id("denied-difference"));
  await pass(100);
  expect(id("denied-difference")).toHaveAttribute("aria-expanded", "true");
  expect(rows().length).toBeGreaterThan(4);
  await fireEvent.click(screen.getByText("Hide the difference"));
  expect(none("difference")).toBe(true);
});

test("where the denied one is incomplete it can be opened", async () => {
  const it = deniedBefore();
  if (it.opened.denied) it.opened.denied.difference = null;
  const other = post();
  other.opened.digest = it.opened.denied?.digest ?? "";
  other.section = "decided";
  await settle([it, other]);
  await fireEvent.click(screen.getByText("Open that one"));
  await pass(200);
  expect(none("denied-before")).toBe(true);
});

test("once it is answered nobody is asked to compare", async () => {
  const it = replaced();
  it.opened.state = { kind: "denied", at: 1 };
  await settle([it]);
  expect(none("earlier")).toBe(true);
  expect(none("difference")).toBe(true);
});
