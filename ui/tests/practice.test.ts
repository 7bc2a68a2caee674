import { screen } from "@testing-library/svelte";
import { describe, expect, test, vi } from "vitest";
import { error, PASS } from "../dev/fake";
import { post, state } from "../dev/samples";
import { strength } from "../src/start/strength";
import { id, key, none, open, pass, pointer, type } from "./open";


const begun = async () => {
  const all = await open([], { stage: "no_gate", gates: [] });
  await type("setup-gate-pass", PASS);
  id("setup-gate").click();
  await pass(50);
  return all;
};

describe("practice", () => {
  test("follows the first start, watches what one does, and ends with how agents ask", async () => {
    const { fake } = await begun();
    expect(id("coach")).toHaveTextContent("Try it on two harmless proposals");
    id("practice-begin").click();
    await pass(1500);
    expect(fake.rest.practised).toEqual(["to_refuse"]);
    expect(id("coach")).toHaveTextContent("1 of 2: refuse it");
    key("d");
    await pass(20);
    id("comment-send").click();
    await pass(300);
    expect(id("coach")).toHaveTextContent("Refused. Nothing was deleted.");
    id("practice-next").click();
    await pass(1800);
    expect(id("coach")).toHaveTextContent("2 of 2: read it, sign it. Compare Asked with Would do; every row was on screen.");
    // Nothing was pressed for the person.
    expect(fake.decided).toHaveLength(1);
    pointer("pointerdown", id("approve"));
    await pass(1000);
    expect(fake.decided.at(-1)?.answer).toEqual({ kind: "approve", not_shown: null });
    expect(id("coach")).toHaveTextContent("Signed. The gate checks it once more");
    const signed = fake.items[0];
    if (!signed) throw new Error("missing");
    signed.opened.state = { kind: "executed", at: 0, exit: null };
    fake.emit({ kind: "item", digest: signed.opened.digest });
    await pass(300);
    expect(id("coach")).toHaveTextContent("here is the receipt");
    id("practice-next").click();
    await pass(20);
    expect(id("coach")).toHaveTextContent("That is all of it.");
    expect(id("coach")).toHaveTextContent("countersign run --asked");
    expect(id("coach")).toHaveTextContent("countersign hook claude-code --print-settings");
    id("practice-end").click();
    await pass(20);
    expect(none("coach")).toBe(true);
  });
  test("can be skipped, and left", async () => {
    const { fake } = await begun();
    id("practice-end").click();
    await pass(20);
    expect(none("coach")).toBe(true);
    expect(fake.rest.practised).toEqual([]);
  });
  test("waits while another proposal is looked at", async () => {
    const { fake } = await begun();
    id("practice-begin").click();
    await pass(300);
    const other = post();
    fake.items.push(other);
    fake.emit({ kind: "open_item", digest: other.opened.digest });
    await pass(300);
    expect(id("coach")).toHaveTextContent("Practice waits.");
    id("practice-back").click();
    await pass(300);
    expect(id("coach")).toHaveTextContent("1 of 2");
  });
  test("says what signing the bad one did, and offers it once more", async () => {
    const { fake } = await begun();
    id("practice-begin").click();
    await pass(1800);
    pointer("pointerdown", id("approve"));
    await pass(1000);
    expect(fake.decided).toHaveLength(1);
    expect(id("coach")).toHaveTextContent("You signed it, so it happens.");
    id("practice-repeat").click();
    await pass(300);
    expect(fake.rest.practised).toEqual(["to_refuse", "to_refuse"]);
  });
  test("a gate that makes none says so, and nothing else happens", async () => {
    const { fake } = await begun();
    fake.ipc.practice = () => Promise.reject(error("gate_failed", "The practice proposal was not made.", "Nothing was proposed."));
    id("practice-begin").click();
    await pass(50);
    expect(id("toast")).toHaveTextContent("Nothing was proposed.");
    expect(id("coach")).toHaveTextContent("Try it");
  });
});

describe("a key", () => {
  const start = { stage: "no_key" as const, gates: [], person: null, device: null, key: { ...state().key, state: "none" as const, backed_up: null } };
  test("begins with the names that the system knows, and goes where it was said to", async () => {
    const { fake } = await open([], { ...start, places: [{ place: "keyring", available: false, says: "No keyring answers here." }, { place: "file", available: true, says: "Only your user can read it." }] });
    const made = vi.spyOn(fake.ipc, "setUp");
    expect(id("setup-name")).toHaveValue("Mara Lindt");
    expect(id("setup-place-keyring")).toBeDisabled();
    expect(id("setup-place-file")).toBeChecked();
    expect(id("setup-places")).toHaveTextContent("No keyring answers here.");
    for (const [field, value] of [["setup-pass", PASS], ["setup-pass2", PASS], ["setup-understood", "nobody can recover it"]] as const) await type(field, value);
    id("setup-make").click();
    await pass(20);
    expect(made).toHaveBeenCalledWith(expect.objectContaining({ person: "Mara Lindt", device: "laptop", place: "file" }));
  });
  test("says what is missing, one thing at a time", async () => {
    await open([], start);
    expect(screen.getByText("A passphrase is missing.")).toBeVisible();
    await type("setup-pass", PASS);
    expect(screen.getByText("The passphrase has to be typed twice.")).toBeVisible();
  });
  test("a gate that is being made says what happens, and that it takes a while", async () => {
    const { fake } = await open([], { stage: "no_gate", gates: [] });
    const make = fake.ipc.createGate;
    fake.ipc.createGate = async (pass) => {
      await new Promise((done) => setTimeout(done, 6000));
      return make(pass);
    };
    await type("setup-gate-pass", PASS);
    id("setup-gate").click();
    await pass(5000);
    expect(screen.getByText(/you sign who may approve, and it starts\./)).toHaveTextContent(/[45] s so far/);
    await pass(2000);
    expect(none("setup-gate")).toBe(true);
  });
});

test("a passphrase is judged by length and variety, and never praised for nothing", () => {
  expect(strength("").level).toBe(0);
  expect(strength("kurz").says).toBe("Too short by 8 characters.");
  expect(strength("aaaaaaaaaaaaaaaa").level).toBe(0);
  expect(strength("abcdefghijklmnop").level).toBe(1);
  expect(strength("qwertzuiopasdf").level).toBe(1);
  expect(strength("correct horse").level).toBe(1);
  expect(strength("correct horse battery staple").level).toBeGreaterThanOrEqual(2);
  expect(strength("lamp river seven copper tundra").level).toBe(3);
  for (const typed of ["aaaaaaaaaaaa", "abcdefghijklmnop", "lamp river seven copper tundra"]) expect(strength(typed).says).toMatch(/\.$/);
});
