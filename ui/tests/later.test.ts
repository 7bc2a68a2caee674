import { screen } from "@testing-library/svelte";
import { describe, expect, test } from "vitest";
import { access, inEachState, now, post, removal, t } from "../dev/samples";
import { BEFORE, choices, latest } from "../src/review/later";
import { id, key, none, open, pass, settle, type } from "./open";

const at = (hours: number, minutes = 0) => new Date(2026, 10, 21, hours, minutes).getTime() / 1000;

describe("when it can come back", () => {
  test("never later than ten minutes before it expires, nor after a week", () => {
    expect(latest(at(15), at(14))).toBe(at(15) - BEFORE);
    expect(latest(null, at(14))).toBe(at(14) + 7 * 86400);
    expect(latest(at(14, 10), at(14))).toBeNull();
    expect(latest(at(14, 12), at(14))).toBe(at(14, 2));
  });
  test("an hour, this evening, tomorrow morning; no evening that is over or about to be", () => {
    expect(choices(at(14)).map((it) => it.at)).toEqual([at(15), at(18), at(24 + 8)]);
    expect(choices(at(17, 30)).map((it) => it.label)).toEqual(["In 1 hour", "Tomorrow morning"]);
    expect(choices(at(23)).map((it) => it.at)).toEqual([at(24), at(24 + 8)]);
  });
});

describe("snooze", () => {
  test("by s and Enter: it leaves the queue, the next one is opened, and it says when it comes back", async () => {
    const { fake } = await settle([removal(3), access()]);
    const digest = fake.items[0]?.opened.digest ?? "";
    key("s");
    await pass(20);
    expect(document.activeElement).toHaveTextContent("In 1 hour");
    screen.getAllByTestId("snooze-choice")[0]?.click();
    await pass(50);
    expect(fake.rest.snoozed).toEqual([[digest, expect.closeTo(now() + 3600, -1)]]);
    expect(id("toast")).toHaveTextContent(/Snoozed until .*\d\d:\d\d\..*Nothing was signed\./);
    expect(id("sheet-headline")).toHaveTextContent("Payroll 2026");
    expect(id("section-snoozed")).toHaveTextContent("Snoozed1");
    fake.emit({ kind: "open_item", digest });
    await pass(50);
    expect(id("snoozed-strip")).toHaveTextContent(/Snoozed until .*\d\d:\d\d\. It comes back/);
    id("wake").click();
    await pass(50);
    expect(fake.rest.snoozed.at(-1)).toEqual([digest, null]);
    expect(none("snoozed-strip")).toBe(true);
  });
  test("what would be too late cannot be chosen, and it says why", async () => {
    const { fake } = await settle([removal(3)]);
    id("snooze").click();
    await pass(20);
    expect(screen.getAllByTestId("snooze-choice").at(-1)).toBeDisabled();
    await type("snooze-amount", "75");
    expect(id("snooze-own")).toBeDisabled();
    expect(screen.getByText(/10 minutes before it expires/)).toBeInTheDocument();
    await type("snooze-amount", "20");
    id("snooze-own").click();
    await pass(50);
    expect(fake.rest.snoozed[0]?.[1]).toBeCloseTo(now() + 1200, -1);
  });
  test("what expires soon is not put aside", async () => {
    const item = post();
    item.opened.expires = now() + 500;
    await settle([item]);
    id("snooze").click();
    await pass(20);
    expect(screen.getByText(/expires too soon/)).toBeInTheDocument();
    expect(none("snooze-choice")).toBe(true);
  });
});

test("a comment that is being written stays with its item", async () => {
  const { fake } = await settle([post(), access()]);
  key("d");
  await pass(20);
  await type("comment", "Answers from memory");
  fake.emit({ kind: "queue" });
  await pass(400);
  expect(id("comment")).toHaveValue("Answers from memory");
  fake.emit({ kind: "open_item", digest: fake.items[1]?.opened.digest ?? "" });
  await pass(1500);
  expect(none("comment")).toBe(true);
  fake.emit({ kind: "open_item", digest: fake.items[0]?.opened.digest ?? "" });
  await pass(1500);
  expect(id("comment")).toHaveValue("Answers from memory");
  id("comment-send").click();
  await pass(50);
  expect(fake.decided).toMatchObject([{ comment: "Answers from memory" }]);
});

test("after an answer the focus is on what happened, not nowhere", async () => {
  await settle([post()]);
  key("d");
  await pass(20);
  id("comment-send").click();
  await pass(50);
  expect(document.activeElement).toBe(id("sheet-headline"));
});

test("every answer is listed, with those taken back and their reasons", async () => {
  const item = post();
  const at = now() - 100;
  item.opened.answers = [
    { verdict: "approve", by: "Mara Lindt", at, comment: null, taken_back: at + 10, amended: false, together: 0 },
    { verdict: "deny", by: "Tomas Okafor", at: at + 20, comment: [[t("No source.")], [t("<b>x</b>")]], taken_back: null, amended: false, together: 0 },
  ];
  await open([item]);
  const [first, second] = screen.getAllByTestId("answer");
  expect(first).toHaveTextContent(/Approved by Mara Lindt, .*taken back/);
  expect(second).toHaveTextContent(/Denied by Tomas Okafor.*No source\.<b>x<\/b>/);
});

test("a halted one says what halted it and leads to the lift, as long as that stands", async () => {
  const item = inEachState().find((it) => it.opened.state.kind === "halted");
  if (!item) throw new Error("missing");
  const digest = "ab".repeat(32);
  item.opened.state = { kind: "halted", at: now() - 60, halt: digest };
  item.section = "waiting";
  const halt = { digest, at: now() - 60, what: [], scope: { kind: "everything" as const }, own: true, by: [], obeyed: true, why: [t("lunch")], lifting: false, voided: 3 };
  const { fake } = await open([item], { halts: [halt] });
  expect(id("state-strip")).toHaveTextContent(/You halted everything at .*stays void.*lunch/);
  id("lift-halt").click();
  await pass(20);
  expect(id("lift-pass")).toBeInTheDocument();
  key("Escape", {}, id("lift-pass"));
  fake.state = { ...fake.state, halts: [] };
  fake.emit({ kind: "state" });
  await pass(400);
  expect(id("state-strip")).toHaveTextContent("That halt was lifted");
});

test("signed while the gate does not run: it says what waits, and starts it", async () => {
  const item = inEachState().find((it) => it.opened.state.kind === "signed");
  if (!item) throw new Error("missing");
  item.section = "waiting";
  const { fake } = await open([item], { outbox: 3, gates: [{ id: "home", alive: false, fingerprint: "aa", own: true, not_started: null }] });
  expect(id("state-strip")).toHaveTextContent(/home is not running and has not acted\..*with the 2 others in the outbox/);
  id("strip-start").click();
  await pass(20);
  expect(fake.state.gates[0]?.alive).toBe(true);
});

test("from the sheet to a halt of its agent", async () => {
  await open([post()]);
  id("halt-agent").click();
  await pass(20);
  expect(id("halt-dialog")).toBeInTheDocument();
});

test("the worst comes first, and one of several is the one to read", async () => {
  const item = removal(3);
  await open([item]);
  const cells = [...id("facts").children].map((it) => it.querySelector("dt")?.textContent?.trim());
  expect(cells).toEqual(["Reversibility", "Volume", "Environment", "Reach"]);
  expect(id("facts").querySelectorAll(".worst")).toHaveLength(1);
});
