import { fireEvent } from "@testing-library/svelte";
import { describe, expect, test } from "vitest";
import { secret } from "../dev/found";
import { post } from "../dev/samples";
import { error } from "../dev/fake";
import { card, hold, id, inCard, key, none, pass, settle } from "./open";

/** As `secret`, and what is masked is in the headline too. */
function inTitle() {
  const it = secret();
  const mask = { text: "\u2022\u2022 3f9a \u2022\u2022", kind: "mask" as const, rtl: false, findings: [0] };
  it.opened.sheet!.headline = [[{ segments: [mask], tone: "plain" }]];
  return it;
}

describe("masks", () => {
  const text = () => document.querySelector("[data-testid=document]")!.textContent!;
  const allMasked = () => {
    expect(text()).not.toContain("glpat");
    expect(text()).not.toContain("correct horse!");
    expect(document.body.textContent).not.toContain("Mask again");
  };
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
    allMasked();
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
    allMasked();
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
