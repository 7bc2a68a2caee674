import { fireEvent } from "@testing-library/svelte";
import { describe, expect, test } from "vitest";
import { found } from "../dev/found";
import { post } from "../dev/samples";
import { card, id, inCard, key, none, pass, settle } from "./open";

const bar = () => document.querySelector("[aria-label=Decision]")!.textContent!.replace(/\s+/g, " ");

describe("findings", () => {
  test("stand beside the rows, the worst first, and on the text that they are about", async () => {
    await settle([found(2)]);
    expect([...document.querySelectorAll("[data-testid=finding]")].map((it) => it.getAttribute("data-severity"))).toEqual(["blocking", "blocking", "warning", "note"]);
    const marks = [...document.querySelectorAll("mark")];
    expect(marks.length).toBeGreaterThanOrEqual(6);
    for (const mark of marks) expect(document.getElementById(mark.getAttribute("aria-describedby")!)).not.toBeNull();
    // The number is drawn once for each, and is no part of the text.
    expect(marks.filter((it) => it.hasAttribute("data-number")).map((it) => it.dataset["number"]).sort()).toEqual(["1", "2", "3", "4"]);
    expect(document.querySelector("[data-testid=document]")!.textContent).not.toMatch(/only for admins \*\/1/);
  });
  test("what was asked is shown whole where something was found in it, and so is a long claim", async () => {
    const of = (findings: number[]) => ({ text: "x", kind: "text" as const, rtl: false, findings });
    const item = found(2);
    const sheet = item.opened.sheet!;
    const lines = Array.from({ length: 300 }, (_, i) => [of(i === 299 ? [0] : [])]);
    sheet.asked = { by: null, at: null, origin: [of([])], verified: false, text: lines };
    sheet.claim = lines;
    sheet.findings[0]!.in_claim = true;
    await settle([item]);
    const clip = id("asked").querySelector<HTMLElement>(".clip")!;
    expect(clip.style.maxHeight).toBe("none");
    expect(id("claim").querySelectorAll("p").length).toBe(300);
  });
  test("a sheet without any has no panel, and its keys do nothing", async () => {
    await settle([post()]);
    expect(none("findings")).toBe(true);
    key("a");
    key("n");
    await pass(50);
    expect(none("findings")).toBe(true);
  });
  test("approve is off and says which are left, until each has a reason", async () => {
    const { fake } = await settle([found(2)]);
    expect(id("approve")).toHaveAttribute("data-state", "off");
    expect(bar()).toContain("2 blocking findings left: 1 and 2.");
    await fireEvent.click(inCard(1, "acknowledge")!);
    await pass(50);
    expect(document.activeElement).toHaveAttribute("data-reason", "intended");
    await fireEvent.click(card(1).querySelector("[data-reason=harmless]")!);
    await pass(50);
    expect(card(1).textContent).toContain("Acknowledged: it does no harm here.");
    expect(bar()).toContain("1 blocking finding left: 2.");
    // The next one takes its time; Rust says so.
    await fireEvent.click(inCard(2, "acknowledge")!);
    await pass(50);
    await fireEvent.click(card(2).querySelector("[data-reason=checked]")!);
    await pass(50);
    expect(card(2).querySelector("[role=alert]")!.textContent).toContain("a moment ago");
    await pass(800);
    await fireEvent.click(card(2).querySelector("[data-reason=checked]")!);
    await pass(50);
    expect(id("approve")).toHaveAttribute("data-state", "ready");
    expect(fake.decided).toEqual([]);
  });
  test("by keys alone: next, acknowledge, a digit", async () => {
    await settle([found(2)]);
    key("n");
    await pass(50);
    expect(card(1)).toHaveAttribute("aria-current", "true");
    key("a");
    await pass(50);
    key("1", {}, document.activeElement!);
    await pass(50);
    expect(card(1).textContent).toContain("it is meant to be so");
    await pass(900);
    key("n");
    await pass(50);
    key("a");
    await pass(50);
    key("Escape", {}, document.activeElement!);
    await pass(50);
    expect(card(2).textContent).not.toContain("Why may it stand?");
    expect(id("approve")).toHaveAttribute("data-state", "off");
    key("p");
    await pass(50);
    expect(card(1)).toHaveAttribute("aria-current", "true");
  });
  test("what was not displayed has a way there in place of the button", async () => {
    await settle([found(60)]);
    expect(inCard(1, "acknowledge")).not.toBeNull();
    expect(inCard(2, "acknowledge")).toBeNull();
    expect(inCard(2, "finding-see")).not.toBeNull();
  });
  test("an acknowledgement can be taken back, and blocks again", async () => {
    await settle([found(2)]);
    await fireEvent.click(inCard(1, "acknowledge")!);
    await pass(50);
    await fireEvent.click(card(1).querySelector("[data-reason=accepted]")!);
    await pass(50);
    await fireEvent.click([...card(1).querySelectorAll("button")].find((it) => it.textContent === "Take back")!);
    await pass(50);
    expect(bar()).toContain("2 blocking findings left: 1 and 2.");
  });
  test("warnings and notes ask for nothing", async () => {
    await settle([found(2)]);
    for (const number of [3, 4]) expect(inCard(number, "acknowledge")).toBeNull();
  });
  test("acknowledging sleeps while answers do", async () => {
    await settle([found(2)]);
    window.dispatchEvent(new Event("focus"));
    await pass(100);
    key("n");
    key("a");
    await pass(50);
    expect(document.querySelector("[data-reason]")).toBeNull();
  });
});

test("whether a finding was of use is asked on the one that is looked at", async () => {
  const { fake } = await settle([found(2)]);
  expect(none("useful")).toBe(true);
  key("n");
  await pass(50);
  expect(inCard(2, "useful")).toBeNull();
  await fireEvent.click(inCard(1, "not-useful")!);
  await pass(50);
  expect(inCard(1, "not-useful")).toHaveAttribute("aria-pressed", "true");
  expect(card(1).textContent).toContain("Counted on this machine.");
  await fireEvent.click(inCard(1, "useful")!);
  await pass(50);
  expect([inCard(1, "useful")!, inCard(1, "not-useful")!].map((it) => it.getAttribute("aria-pressed"))).toEqual(["true", "false"]);
  expect(fake.marking.judged.map((it) => it.useful)).toEqual([false, true]);
});
