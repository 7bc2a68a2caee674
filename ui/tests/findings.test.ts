import { fireEvent } from "@testing-library/svelte";
import { describe, expect, test } from "vitest";
import { found, secret } from "../dev/found";
import { post } from "../dev/samples";
import { error } from "../dev/fake";
import { hold, id, key, none, pass, settle } from "./open";

const card = (number: number) => document.querySelector<HTMLElement>(`#finding-${number}`)!;
const inCard = (number: number, name: string) => card(number).querySelector<HTMLElement>(`[data-testid=${name}]`);
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

/** As `secret`, and what is masked is in the headline too. */
function inTitle() {
  const it = secret();
  const mask = { text: "\u2022\u2022 3f9a \u2022\u2022", kind: "mask" as const, rtl: false, findings: [0] };
  it.opened.sheet!.headline = [[{ segments: [mask], tone: "plain" }]];
  return it;
}

describe("masks", () => {
  const text = () => document.querySelector("[data-testid=document]")!.textContent!;
  test("say what they hide, and have to be lifted once before what blocks is acknowledged", async () => {
    await settle([secret()]);
    expect(text()).not.toContain("glpat");
    expect(inCard(1, "masked")!.textContent).toContain("GitLab token, 26 characters, mark 3f9a");
    expect(inCard(1, "acknowledge")).toBeNull();
    expect(card(1).textContent).toContain("Reveal it once");
    await fireEvent.click(inCard(1, "reveal")!);
    await pass(50);
    expect(text()).toContain("glpat-EXAMPLE-not-a-key-000");
    expect(text()).not.toContain("correct horse!");
    expect(inCard(1, "acknowledge")).not.toBeNull();
    expect(inCard(2, "acknowledge")).toBeNull();
    await fireEvent.click(inCard(1, "reveal")!);
    await pass(50);
    expect(text()).not.toContain("glpat");
    expect(inCard(1, "acknowledge")).not.toBeNull();
  });
  test("come back after a while, and by the same key", async () => {
    const { fake } = await settle([secret()]);
    key("n");
    key("x");
    await pass(50);
    expect(text()).toContain("glpat");
    await pass(19_000);
    expect(text()).toContain("glpat");
    await pass(1_100);
    expect(text()).not.toContain("glpat");
    key("x");
    await pass(50);
    expect(text()).toContain("glpat");
    key("x");
    await pass(50);
    expect(text()).not.toContain("glpat");
    expect(fake.calls.filter((it) => it === "conceal").length).toBe(2);
  });
  test("what is said of the agent stays while one is lifted, and after", async () => {
    const item = secret();
    item.opened.sheet!.seal = "none";
    item.opened.sheet!.seal_says = "Unknown sender: the gate does not know who this is.";
    await settle([item]);
    const says = () => document.body.textContent!.includes("Unknown sender: the gate does not know who this is.");
    expect(says()).toBe(true);
    key("n");
    key("x");
    await pass(50);
    expect(text()).toContain("glpat");
    expect(says()).toBe(true);
    key("x");
    await pass(50);
    expect(says()).toBe(true);
  });
  test("an answer that comes when nobody looks any more lifts nothing", async () => {
    const { fake } = await settle([secret(), post()]);
    const reveal = fake.ipc.reveal;
    fake.ipc.reveal = async (...it) => {
      await new Promise((done) => setTimeout(done, 200));
      return reveal(...it);
    };
    key("n");
    key("x");
    await pass(50);
    window.dispatchEvent(new Event("blur"));
    await pass(400);
    expect(text()).not.toContain("glpat");
    window.dispatchEvent(new Event("focus"));
    await pass(1500);
    key("x");
    await pass(50);
    key("j");
    await pass(1500);
    expect(document.body.textContent).not.toContain("EXAMPLE");
    expect(document.body.textContent).not.toContain("Mask again");
    expect(fake.calls.filter((it) => it === "conceal").length).toBeGreaterThanOrEqual(2);
  });
  test("come back when the window is left and when another item is opened", async () => {
    const { fake } = await settle([secret(), post()]);
    key("n");
    key("x");
    await pass(50);
    expect(text()).toContain("glpat");
    window.dispatchEvent(new Event("blur"));
    await pass(50);
    expect(text()).not.toContain("glpat");
    window.dispatchEvent(new Event("focus"));
    await pass(1500);
    key("x");
    await pass(50);
    expect(text()).toContain("glpat");
    key("j");
    await pass(1500);
    expect(document.body.textContent).not.toContain("EXAMPLE");
    expect(fake.calls.filter((it) => it === "conceal").length).toBe(2);
  });
  test("of one that is revealed another takes the place", async () => {
    await settle([secret()]);
    key("n");
    key("x");
    await pass(50);
    key("n");
    key("x");
    await pass(50);
    expect(text()).not.toContain("glpat");
    expect(text()).toContain("correct horse!");
  });
  test("of two that are asked for one after the other the second is shown, and its card says so", async () => {
    const { fake } = await settle([secret()]);
    const slow = hold(fake.ipc, "reveal");
    await fireEvent.click(inCard(1, "reveal")!);
    await pass(50);
    await fireEvent.click(inCard(2, "reveal")!);
    await pass(50);
    while (slow.go.length > 0) {
      slow.go.shift()!();
      await pass(50);
    }
    expect(text()).toContain("correct horse!");
    expect(text()).not.toContain("glpat");
    expect([1, 2].map((it) => inCard(it, "reveal")!.textContent)).toEqual([expect.stringContaining("Reveal"), expect.stringContaining("Mask again")]);
    await pass(20_100);
    expect(text()).not.toContain("correct horse!");
  });
  test("come back when the next one that was asked for cannot be shown", async () => {
    const { fake } = await settle([secret()]);
    await fireEvent.click(inCard(1, "reveal")!);
    await pass(50);
    expect(text()).toContain("glpat");
    const reveal = fake.ipc.reveal;
    fake.ipc.reveal = async (...it) => {
      await reveal(...it);
      throw error("broken", "The store does not answer.", "Nothing was revealed.");
    };
    await fireEvent.click(inCard(2, "reveal")!);
    await pass(50);
    expect(text()).not.toContain("glpat");
    expect(text()).not.toContain("correct horse!");
    expect(document.body.textContent).not.toContain("Mask again");
  });
  test("one that is hidden while the next is on its way is followed by none", async () => {
    const { fake } = await settle([secret()]);
    await fireEvent.click(inCard(1, "reveal")!);
    await pass(50);
    const slow = hold(fake.ipc, "reveal");
    await fireEvent.click(inCard(2, "reveal")!);
    await pass(50);
    window.dispatchEvent(new Event("blur"));
    await pass(50);
    slow.go.forEach((go) => go());
    await pass(50);
    expect(text()).not.toContain("glpat");
    expect(text()).not.toContain("correct horse!");
    expect(document.body.textContent).not.toContain("Mask again");
  });
  test("stay lifted, above the rows too, when the item is asked for again and is the same", async () => {
    const { fake } = await settle([inTitle()]);
    const title = () => id("sheet-headline").textContent!;
    await fireEvent.click(inCard(1, "reveal")!);
    await pass(50);
    expect(title()).toContain("glpat-EXAMPLE");
    const shown = fake.calls.filter((it) => it === "shown").length;
    fake.emit({ kind: "queue" });
    await pass(500);
    expect(title()).toContain("glpat-EXAMPLE");
    expect(text()).toContain("glpat-EXAMPLE");
    expect(fake.calls.filter((it) => it === "shown").length).toBe(shown);
    await fireEvent.click(inCard(1, "reveal")!);
    await pass(50);
    expect(title()).not.toContain("glpat");
  });
  test("what cannot be said to be no secret yet is told on its card, and nothing else moves", async () => {
    for (const severity of ["blocking", "warning"] as const) {
      const item = inTitle();
      item.opened.sheet!.findings[0]!.severity = severity;
      const { fake, unmount } = await settle([item]);
      await fireEvent.click(inCard(1, "reveal")!);
      await pass(50);
      const shown = fake.calls.filter((it) => it === "shown").length;
      const noSecret = fake.ipc.noSecret;
      fake.ipc.noSecret = () => Promise.reject(error("not_armed", "It came on screen only a moment ago.", "It can be said in 300 ms."));
      inCard(1, "no-secret")!.focus();
      await fireEvent.click(inCard(1, "no-secret")!);
      await pass(50);
      expect(card(1).querySelector("[role=alert]")!.textContent).toContain("It can be said in 300 ms.");
      expect(none("toast")).toBe(true);
      expect(document.activeElement).toBe(inCard(1, "no-secret"));
      expect(id("sheet-headline").textContent).toContain("glpat-EXAMPLE");
      expect(text()).toContain("glpat-EXAMPLE");
      expect(fake.calls.filter((it) => it === "shown").length).toBe(shown);
      fake.ipc.noSecret = noSecret;
      await fireEvent.click(inCard(1, "no-secret")!);
      await pass(50);
      expect(card(1).textContent).toContain("you said: not a secret here");
      unmount();
    }
  });
  test("what is another sheet by now is opened again, and that is said beside it", async () => {
    const { fake } = await settle([secret()]);
    await fireEvent.click(inCard(1, "reveal")!);
    await pass(50);
    fake.ipc.noSecret = () => Promise.reject(error("changed", "This is not the sheet that is on screen.", "Nothing was remembered."));
    fake.items[0]!.opened.sheet!.claim = [[{ text: "another claim", kind: "text", rtl: false }]];
    await fireEvent.click(inCard(1, "no-secret")!);
    await pass(50);
    expect(id("toast").textContent).toContain("This is not the sheet that is on screen.");
    expect(document.body.textContent).toContain("another claim");
    expect(text()).not.toContain("glpat");
    expect(document.body.textContent).not.toContain("Mask again");
  });
  test("what is seen can be said to be no secret where it goes, and what is not seen cannot", async () => {
    const { fake } = await settle([secret()]);
    key("n");
    await pass(50);
    expect(inCard(1, "no-secret")).toBeNull();
    key("x");
    await pass(50);
    expect(inCard(2, "no-secret")).toBeNull();
    await fireEvent.click(inCard(1, "no-secret")!);
    await pass(50);
    expect(card(1).dataset["severity"]).toBe("note");
    expect(card(1).textContent).toContain("you said: not a secret here");
    expect(text()).toContain("glpat-EXAMPLE-not-a-key-000");
    expect(text()).not.toContain("correct horse!");
    expect(document.body.textContent).toContain("Anywhere else it counts as one.");
    expect(fake.marking.settings.no_secrets.length).toBe(1);
    expect(document.activeElement?.closest("[data-testid=finding]")).toBe(card(1));
    expect(card(1)).toHaveAttribute("aria-current", "true");
    // It is another sheet, which is not masked again by what was revealed on the one before it.
    await pass(21_000);
    expect(text()).toContain("glpat-EXAMPLE-not-a-key-000");
    expect(fake.calls.filter((it) => it === "shown").length).toBe(2);
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
