import { cleanup, fireEvent, screen } from "@testing-library/svelte";
import { describe, expect, test } from "vitest";
import { PASS } from "../dev/fake";
import { command, post, removal, state } from "../dev/samples";
import { id, key, none, open, pass, pointer, ready, settle, type } from "./open";

describe("holding", () => {
  test("signs when it was held to the end", async () => {
    const { fake } = await ready();
    pointer("pointerdown", id("approve"));
    await pass(1400);
    expect(id("approve")).toHaveAttribute("data-state", "holding");
    expect(fake.decided).toEqual([]);
    await pass(200);
    expect(fake.decided).toHaveLength(1);
    expect(fake.decided[0]?.answer).toEqual({ kind: "approve", not_shown: null });
  });
  test.each(["pointerup", "pointerleave", "pointercancel", "blur"])("%s cancels", async (what) => {
    const { fake } = await ready();
    pointer("pointerdown", id("approve"));
    await pass(1000);
    if (what === "blur") window.dispatchEvent(new Event("blur"));
    else if (what === "pointerleave") pointer(what, id("approve"));
    else pointer(what, window);
    await pass(3000);
    expect(fake.decided).toEqual([]);
    expect(id("approve")).toHaveAttribute("data-state", "ready");
  });
  test("a click is not a hold", async () => {
    const { fake } = await ready();
    id("approve").click();
    await pass(3000);
    expect(fake.decided).toEqual([]);
  });
  test("something new under the pointer ends the hold", async () => {
    const { fake } = await ready();
    pointer("pointerdown", id("approve"));
    await pass(700);
    window.dispatchEvent(new Event("focus"));
    await pass(3000);
    expect(fake.decided).toEqual([]);
  });
  test("keys hold too, and repeats do not start anew", async () => {
    const { fake } = await ready();
    key("Enter", {}, id("approve"));
    await pass(700);
    await fireEvent.keyUp(id("approve"), { key: "Enter" });
    key("Enter", { repeat: true }, id("approve"));
    await pass(3000);
    expect(fake.decided).toEqual([]);
    key(" ", {}, id("approve"));
    await pass(1600);
    expect(fake.decided).toHaveLength(1);
  });
});

describe("keys", () => {
  test("nothing is heard while arming", async () => {
    const { fake } = await open([post()]);
    await pass(500);
    key("d");
    key("r");
    key("Control", { ctrlKey: true });
    key("Enter", { ctrlKey: true });
    id("deny").click();
    await pass(50);
    expect(none("comment")).toBe(true);
    expect(fake.decided).toEqual([]);
  });
  test("a Ctrl that was down before arming ended does not sign", async () => {
    const { fake } = await open([post()]);
    key("Control", { ctrlKey: true });
    await pass(1500);
    key("Enter", { ctrlKey: true });
    await pass(50);
    expect(fake.decided).toEqual([]);
    await fireEvent.keyUp(document.body, { key: "Control" });
    key("Control", { ctrlKey: true });
    key("Enter", { ctrlKey: true });
    await pass(50);
    expect(fake.decided).toHaveLength(1);
  });
  test("Ctrl+Enter with a locked key asks for the passphrase, and signs nothing", async () => {
    const { fake } = await settle([post()], { key: { ...state().key, state: "locked" } });
    key("Control");
    key("Enter", { ctrlKey: true });
    await pass(20);
    expect(id("unlock-pass")).toHaveFocus();
    await pass(3000);
    expect(fake.decided).toEqual([]);
  });
  test("Ctrl+Enter does not sign what cannot be signed", async () => {
    const { fake } = await settle([removal(300)]);
    key("Control", { ctrlKey: true });
    key("Enter", { ctrlKey: true });
    await pass(50);
    expect(id("approve")).toHaveAttribute("data-state", "off");
    expect(fake.decided).toEqual([]);
  });
  test("d opens the reason; letters in it are letters", async () => {
    const { fake } = await ready();
    key("d");
    await pass(10);
    const field = id("comment") as HTMLTextAreaElement;
    expect(field).toHaveFocus();
    key("r", {}, field);
    key("j", {}, field);
    await pass(10);
    expect(fake.decided).toEqual([]);
    await fireEvent.input(field, { target: { value: "no source" } });
    id("comment-send").click();
    await pass(10);
    expect(fake.decided).toMatchObject([{ answer: { kind: "deny" }, comment: "no source" }]);
  });
  test("a change of what is asked has to say which", async () => {
    const { fake } = await ready();
    key("r");
    await pass(10);
    expect(id("comment-send")).toBeDisabled();
    await type("comment", "name the source");
    key("Enter", { ctrlKey: true }, id("comment"));
    await pass(10);
    expect(fake.decided).toMatchObject([{ answer: { kind: "request_changes" }, comment: "name the source" }]);
  });
  test("Ctrl+D is not d", async () => {
    await ready();
    key("d", { ctrlKey: true });
    key("d", { repeat: true });
    await pass(10);
    expect(none("comment")).toBe(true);
  });
  test("j and k walk the queue, and every opening arms anew", async () => {
    const { fake } = await settle();
    key("j");
    await pass(20);
    expect(id("sheet-headline")).toHaveTextContent("gateway.yaml");
    expect(fake.calls.filter((it) => it === "shown")).toHaveLength(2);
    expect(["arming", "off"]).toContain(id("approve").dataset.state);
    key("k");
    await pass(20);
    expect(id("sheet-headline")).toHaveTextContent("#infra-help");
  });
});

describe("rows not displayed", () => {
  test("turn approving off until the person says the number", async () => {
    const { fake } = await open([removal(300)]);
    await pass(2000);
    expect(id("approve")).toHaveAttribute("data-state", "off");
    const box = id("unseen-sign") as HTMLInputElement;
    const number = Number(/Sign (\d+) rows/.exec(box.closest("label")?.textContent ?? "")?.[1]);
    expect(number).toBeGreaterThan(200);
    await fireEvent.click(box);
    expect(id("approve")).toHaveAttribute("data-state", "ready");
    pointer("pointerdown", id("approve"));
    await pass(3200);
    expect(fake.decided[0]?.answer).toEqual({ kind: "approve", not_shown: number });
  });
  test("another number needs another word", async () => {
    await open([removal(300)]);
    await pass(2000);
    await fireEvent.click(id("unseen-sign"));
    const scroller = document.querySelector<HTMLElement>(".scroller");
    if (!scroller) throw new Error("missing");
    scroller.scrollTop = 2000;
    await fireEvent.scroll(scroller);
    await pass(1000);
    expect(id("unseen-sign")).not.toBeChecked();
    expect(id("approve")).toHaveAttribute("data-state", "off");
  });
});

describe("a locked key", () => {
  const locked = { ...state().key, state: "locked" as const };
  test("is unlocked from the bar, and arming starts again", async () => {
    const { fake } = await open([post()], { key: locked });
    await pass(2000);
    expect(none("approve")).toBe(true);
    id("unlock-open").click();
    await pass(10);
    await type("unlock-pass", PASS);
    const before = fake.calls.filter((it) => it === "shown").length;
    await fireEvent.submit(id("unlock-pass").closest("form") as HTMLFormElement);
    await pass(20);
    expect(none("unlock-pass")).toBe(true);
    expect(fake.calls.filter((it) => it === "shown").length).toBe(before + 1);
    expect(id("approve")).toHaveAttribute("data-state", "arming");
    await pass(1200);
    expect(id("approve")).toHaveAttribute("data-state", "ready");
  });
  test("counts down after a wrong passphrase, and keeps none of it", async () => {
    await open([post()], { key: locked });
    await pass(2000);
    id("unlock-open").click();
    await pass(10);
    await type("unlock-pass", "guess");
    await fireEvent.submit(id("unlock-pass").closest("form") as HTMLFormElement);
    await pass(20);
    expect(screen.getByRole("alert")).toHaveTextContent("The passphrase is wrong.");
    expect(id("unlock-pass")).toHaveValue("");
    expect(id("unlock-go")).toBeDisabled();
    await pass(4500);
    expect(id("unlock-go")).toBeEnabled();
  });
  test("an unlocked one is asked for again before what cannot be taken back", async () => {
    const { fake } = await open([post()]);
    const bar = fake.ipc.bar;
    const again = { kind: "unlock_again" as const };
    fake.ipc.bar = async (...args) => ({ ...(await bar(...args)), approve: again });
    await pass(1500);
    fake.emit({ kind: "arming" });
    await pass(20);
    expect(none("approve")).toBe(true);
    id("unlock-open").click();
    await pass(10);
    expect(screen.getByRole("heading", { name: "Your passphrase, once more" })).toBeInTheDocument();
  });
  test("can still deny", async () => {
    const { fake } = await settle([post()], { key: locked });
    key("d");
    await pass(10);
    id("comment-send").click();
    await pass(10);
    expect(fake.decided).toMatchObject([{ answer: { kind: "deny" }, comment: null }]);
  });
});

describe("without a key", () => {
  const gone = { ...state().key, state: "none" as const, fingerprint: null };
  test("the bar leads to where one is made, by a button and by the keys that sign", async () => {
    await open([post()], { key: gone });
    await pass(2000);
    expect(none("approve")).toBe(true);
    id("keys-open").click();
    await pass(20);
    expect(screen.getByRole("heading", { name: "Keys" })).toBeInTheDocument();
    cleanup();
    await open([post()], { key: gone });
    await pass(2000);
    key("Enter", { ctrlKey: true });
    await pass(20);
    expect(screen.getByRole("heading", { name: "Keys" })).toBeInTheDocument();
  });
});

test("three seconds for what cannot be undone", async () => {
  const { fake } = await open([command()]);
  await pass(2000);
  await fireEvent.click(id("unseen-sign"));
  pointer("pointerdown", id("approve"));
  await pass(2900);
  expect(fake.decided).toEqual([]);
  await pass(200);
  expect(fake.decided).toHaveLength(1);
});
