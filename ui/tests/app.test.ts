import { fireEvent, screen } from "@testing-library/svelte";
import axe from "axe-core";
import { describe, expect, test, vi } from "vitest";
import { error, PASS } from "../dev/fake";
import { access, command, inEachState, now, post, removal, state, t, w } from "../dev/samples";
import { id, none, open, pass, settle, type } from "./open";

const start = { stage: "no_key" as const, gates: [], person: null, device: null, key: { ...state().key, state: "none" as const, backed_up: null } };

describe("first start", () => {
  test("a key, a backup, a gate", async () => {
    const { fake } = await open([], start);
    expect(screen.getByText(/Nobody can recover/)).toBeVisible();
    await type("setup-name", "Mara Lindt");
    await type("setup-device", "laptop");
    await type("setup-pass", PASS);
    await type("setup-pass2", PASS);
    expect(id("setup-make")).toBeDisabled();
    await type("setup-understood", "nobody can recover it");
    expect(id("setup-make")).toBeEnabled();
    await type("setup-pass2", "other");
    expect(id("setup-make")).toBeDisabled();
    expect(screen.getByText("The two differ.")).toBeVisible();
    await type("setup-pass2", PASS);
    id("setup-make").click();
    await pass(20);
    expect(fake.state.person).toBe("Mara Lindt");
    // Saved with the key: it says where, and asks for nothing.
    expect(id("backup-path")).toHaveTextContent("countersign-key");
    expect(document.activeElement).toBe(id("setup-skip-backup"));
    id("setup-skip-backup").click();
    await pass(20);
    await type("setup-gate-pass", PASS);
    id("setup-gate").click();
    await pass(20);
    expect(id("nothing-waits")).toHaveTextContent("Nothing waits for you.");
  });
  test("an error keeps the page and says what did not happen", async () => {
    const { fake } = await open([], start);
    fake.ipc.setUp = () => Promise.reject(error("bad_passphrase", "The passphrase is too short.", "No key was made. Use at least 10 characters."));
    for (const [field, value] of [["setup-name", "M"], ["setup-device", "l"], ["setup-pass", "x"], ["setup-pass2", "x"], ["setup-understood", "nobody can recover it"]] as const) await type(field, value);
    id("setup-make").click();
    await pass(20);
    expect(screen.getByRole("alert")).toHaveTextContent("No key was made.");
    expect(id("setup-pass")).toHaveValue("");
  });
});

describe("gates", () => {
  test("one that does not run can be started", async () => {
    const { fake } = await open([post()], { gates: [{ id: "home", alive: false, fingerprint: "aa", own: true, not_started: null }], outbox: 2 });
    expect(id("outbox")).toHaveTextContent("2 not yet delivered");
    id("gate-start").click();
    await pass(20);
    expect(fake.state.gates[0]?.alive).toBe(true);
    expect(none("gate-start")).toBe(true);
  });
  test("a halt says why and is lifted with the passphrase", async () => {
    await open([post()], { halts: [{ digest: "ab".repeat(32), at: now(), what: [w("the gate home")], scope: { kind: "gate", gate: "home" }, own: false, by: [], obeyed: true, voided: 0, why: [w("It lost its memory: "), t("<b>x</b>")], lifting: false }] });
    expect(screen.getByText(/Nothing runs until you lift it/)).toHaveTextContent("<b>x</b>");
    id("lift-open").click();
    await pass(10);
    await type("lift-pass", "wrong");
    await fireEvent.submit(id("lift-pass").closest("form") as HTMLFormElement);
    await pass(10);
    expect(screen.getByRole("alert")).toHaveTextContent("Nothing was lifted.");
    await type("lift-pass", PASS);
    await fireEvent.submit(id("lift-pass").closest("form") as HTMLFormElement);
    await pass(10);
    expect(id("toast")).toHaveTextContent("The halt is lifted.");
  });
});

describe("the queue", () => {
  test("sections by whose turn it is, with their counts", async () => {
    await open([post(), access(), ...inEachState()]);
    expect(id("section-waiting")).toHaveTextContent("Waiting for you3");
    expect(id("section-unknown")).toHaveTextContent("Outcome unknown");
    expect(id("section-evidence")).toHaveTextContent("This is not what home signed. Refused");
  });
  test("a new proposal is announced and takes neither focus nor place", async () => {
    const { fake } = await settle([post()]);
    const focus = document.activeElement;
    expect(focus).toBe(id("deny"));
    fake.items.push(removal(3));
    fake.emit({ kind: "queue" });
    await pass(20);
    expect(document.querySelector("[aria-live=polite].said")).toHaveTextContent("New proposal: mail-tidy");
    expect(document.activeElement).toBe(focus);
    expect(id("sheet-headline")).toHaveTextContent("#infra-help");
  });
  test("it is asked for beside the state, and once more when events are heard", async () => {
    let hear = () => {};
    const asked: string[] = [];
    const { fake } = await open([post()], {}, (fake) => {
      const { state, queue, onEvent } = fake.ipc;
      fake.ipc.state = async () => {
        asked.push("state");
        await new Promise((resolve) => setTimeout(resolve, 20));
        return state();
      };
      fake.ipc.queue = () => {
        asked.push("queue");
        return queue();
      };
      fake.ipc.onEvent = (handle) => new Promise((resolve) => (hear = () => resolve(onEvent(handle))));
    });
    expect(asked.slice(0, 2).sort()).toEqual(["queue", "state"]);
    expect(id("section-waiting")).toHaveTextContent("Waiting for you1");
    // Before it is heard: no event tells of it.
    fake.items.push(removal(3));
    hear();
    await pass(500);
    expect(id("section-waiting")).toHaveTextContent("Waiting for you2");
  });
  test("a notification opens its item", async () => {
    const { fake } = await open([post(), access()]);
    fake.emit({ kind: "open_item", digest: fake.items[1]?.opened.digest ?? "" });
    await pass(20);
    expect(id("sheet-headline")).toHaveTextContent("Payroll 2026");
  });
});

test("an item that changes underneath is shown anew and arms anew", async () => {
  const { fake } = await settle([post()]);
  expect(id("approve")).toHaveAttribute("data-state", "ready");
  const item = fake.items[0];
  if (!item) throw new Error("missing");
  item.opened = { ...item.opened, state: { kind: "superseded", by: null } };
  fake.emit({ kind: "item", digest: item.opened.digest });
  await pass(20);
  expect(id("state-strip")).toHaveAttribute("data-state", "superseded");
  expect(none("approve")).toBe(true);
});

test("what Rust refuses is said, and stays until it is read", async () => {
  const { fake } = await settle([post()]);
  fake.ipc.decide = () => Promise.reject(error("disk_full", "The disk is full.", "Nothing was signed or sent. Free some space, then try again."));
  id("deny").click();
  await pass(10);
  id("comment-send").click();
  await pass(20_000);
  expect(id("toast")).toHaveTextContent("Nothing was signed or sent.");
  screen.getByLabelText("Dismiss").click();
  await pass(10);
  expect(none("toast")).toBe(true);
});

test("the theme turns", async () => {
  await open([post()], { theme: "light" });
  expect(document.documentElement.dataset.theme).toBe("light");
  id("theme").click();
  await pass(20);
  expect(document.documentElement.dataset.theme).toBe("dark");
});

test.each([
  ["first start", [], start],
  ["a sheet", [post(), access()], {}],
  ["a command", [command()], { key: { ...state().key, state: "locked" as const } }],
  ["every state", inEachState(), {}],
])("names and roles: %s", async (_, items, more) => {
  const { container } = await settle(items, more);
  vi.useRealTimers();
  // Colours need a browser; they are looked at in pictures.
  const found = await axe.run(container, { rules: { "color-contrast": { enabled: false }, region: { enabled: false } } });
  expect(found.violations.map((it) => `${it.id}: ${it.nodes[0]?.html}`)).toEqual([]);
});
