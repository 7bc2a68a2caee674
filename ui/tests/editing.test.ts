import { screen } from "@testing-library/svelte";
import { describe, expect, test } from "vitest";
import { access, command, config, post } from "../dev/samples";
import { id, key, none, pass, ready, settle, type } from "./open";

const titles = () => screen.getAllByTestId("document").map((it) => it.textContent ?? "");
const field = () => id("edit-text") as HTMLTextAreaElement;

/** Opens the editor by its key. */
async function editing(items = [post(), config()]) {
  const all = await ready(items);
  key("e");
  await pass(20);
  return all;
}

describe("editing", () => {
  test("e opens the text as the agent wrote it, and letters in it are letters", async () => {
    const { fake } = await editing();
    expect(field()).toHaveFocus();
    expect(field().value).toBe("first\nsecond\n");
    for (const letter of ["d", "r", "j", "e"]) key(letter, {}, field());
    await pass(20);
    expect(fake.decided).toEqual([]);
    expect(id("sheet-headline")).toHaveTextContent("#infra-help");
  });
  test("what comes of it is the sheet, and arming begins anew after each change", async () => {
    const { fake } = await editing();
    await type("edit-text", "first\nmine\n");
    // Not yet the sheet of what stands in the field: nothing is answered meanwhile.
    key("Control");
    key("Enter", { ctrlKey: true });
    await pass(100);
    expect(fake.editing.sent).toEqual([]);
    await pass(400);
    expect(fake.editing.sent).toEqual([[{ action: 0, field: "body", text: "first\nmine\n" }]]);
    expect(titles()[0]).toContain("What you changed");
    key("Enter", { ctrlKey: true }, field());
    await pass(50);
    expect(none("editor")).toBe(true);
    expect(["arming", "off"]).toContain(id("approve").dataset.state);
    expect(fake.decided).toEqual([]);
    await pass(1500);
    expect(id("with-changes")).toHaveTextContent("With your changes.");
    expect(id("approve")).toHaveAttribute("data-state", "ready");
    key("Control");
    key("Enter", { ctrlKey: true });
    await pass(50);
    expect(fake.decided).toHaveLength(1);
    // It is the changed sheet that is named, and not the agent's.
    expect(fake.decided[0]?.sheet).toBe(fake.items[0]?.opened.sheet?.digest);
  });
  test("the editor stays as long as what was sent is not on the sheet", async () => {
    const { fake } = await editing();
    const edit = fake.editing.ipc.edit;
    let arrives = () => {};
    const late = new Promise<void>((done) => (arrives = done));
    fake.ipc.edit = async (...said) => late.then(() => edit(...said));
    await type("edit-text", "x\n");
    await pass(400);
    key("Escape", {}, field());
    await pass(100);
    expect(none("editor")).toBe(false);
    arrives();
    await pass(50);
    expect(none("editor")).toBe(true);
    expect(titles()[0]).toContain("What you changed");
  });
  test("the last letters are on the sheet before the editor closes", async () => {
    const { fake } = await editing();
    await type("edit-text", "x\n");
    key("Escape", {}, field());
    await pass(20);
    expect(none("editor")).toBe(true);
    expect(fake.editing.sent).toHaveLength(1);
    expect(titles()[0]).toContain("What you changed");
  });
  test("back to the agent's version, from the editor and from the bar", async () => {
    const { fake } = await editing();
    expect(none("edit-back")).toBe(true);
    await type("edit-text", "x\n");
    await pass(400);
    id("edit-back").click();
    await pass(50);
    expect(field().value).toBe("first\nsecond\n");
    expect(titles()[0]).not.toContain("What you changed");
    await type("edit-text", "y\n");
    key("Escape", {}, field());
    await pass(50);
    id("drop-changes").click();
    await pass(50);
    expect(none("with-changes")).toBe(true);
    expect(fake.editing.sent.at(-1)).toEqual([]);
    expect(["arming", "off"]).toContain(id("approve").dataset.state);
  });
  test("what cannot be sent stays in the field, and is said", async () => {
    const { fake } = await editing();
    await type("edit-text", "a\u0000b");
    key("Enter", { ctrlKey: true }, field());
    await pass(50);
    expect(field().value).toBe("a\u0000b");
    expect(screen.getByText(/It has a control character/)).toBeInTheDocument();
    expect(fake.editing.sent).toEqual([]);
  });
  test("of several texts one is chosen", async () => {
    const { fake } = await settle([post()]);
    const one = { action: 0, field: "body", target: [], agent: "a\n", text: "a\n", off: null };
    fake.editing.texts.set(fake.items[0]!.opened.digest, [{ ...one, off: "Its bytes are no text." }, { ...one, action: 1, field: "after", agent: "b\n", text: "b\n" }]);
    key("e");
    await pass(20);
    expect(field().value).toBe("b\n");
    const which = id("edit-which") as HTMLSelectElement;
    which.value = which.options[0]!.value;
    which.dispatchEvent(new Event("change", { bubbles: true }));
    await pass(20);
    expect(id("edit-off")).toHaveTextContent("Its bytes are no text.");
  });
  test("where it cannot be promised, the reason stands in words", async () => {
    const it = config();
    it.opened.editable = { kind: "off", why: "The agent does it itself." };
    await settle([it]);
    id("edit").click();
    await pass(20);
    expect(id("edit-off")).toHaveTextContent("The agent does it itself.");
    expect(none("edit-text")).toBe(true);
    expect(id("edit-done")).toHaveFocus();
    key("Escape", {}, id("edit-done"));
    await pass(20);
    expect(none("editor")).toBe(true);
  });
  test("what has no text has no button, and its key does nothing", async () => {
    const it = command();
    it.opened.editable = { kind: "nothing" };
    await settle([it]);
    expect(none("edit")).toBe(true);
    key("e");
    await pass(20);
    expect(none("editor")).toBe(true);
  });
});

describe("leaving", () => {
  test("with changes asks, and staying keeps them", async () => {
    await editing([post(), access()]);
    await type("edit-text", "x\n");
    key("Escape", {}, field());
    await pass(50);
    key("j");
    await pass(50);
    expect(id("leave-stay")).toHaveFocus();
    id("leave-stay").click();
    await pass(50);
    expect(id("with-changes")).toBeInTheDocument();
    expect(id("sheet-headline")).toHaveTextContent("#infra-help");
  });
  test("without them does not, and going drops them", async () => {
    const { fake } = await editing([post(), access()]);
    await type("edit-text", "x\n");
    key("Escape", {}, field());
    await pass(50);
    key("j");
    await pass(50);
    id("leave-go").click();
    await pass(100);
    expect(fake.editing.sent.at(-1)).toEqual([]);
    expect(none("leave-dialog")).toBe(true);
    expect(id("sheet-headline")).not.toHaveTextContent("#infra-help");
    key("k");
    await pass(100);
    expect(none("leave-dialog")).toBe(true);
    expect(none("with-changes")).toBe(true);
  });
});
