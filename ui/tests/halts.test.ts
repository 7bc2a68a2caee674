import { expect, test } from "vitest";
import { now, post, t, w } from "../dev/samples";
import type { Halt } from "../src/lib/wire/Halt";
import { id, none, open, pass } from "./open";

const elsewhere: Halt = {
  digest: "1".repeat(64), at: now() - 60, what: [w("everything")], scope: { kind: "everything" }, own: false, by: [t("Ines"), w(" on "), t("<b>laptop")],
  obeyed: true, why: [], lifting: false, voided: 0,
};

test("a halt from elsewhere says who signed it, above everything and in its list, and can be lifted", async () => {
  await open([post()], { halts: [elsewhere] });
  expect(id("halt-strip")).toHaveTextContent(/^Halted at .*: everything\. Signed by Ines on <b>laptop\. Nothing runs until you lift it\./);
  expect(id("halt-strip")).not.toHaveTextContent("You halted");
  expect(id("lift-open")).toBeVisible();
  id("nav-agents").click();
  await pass(100);
  expect(id("halt")).toHaveTextContent(/Halted at .*: everything\. Signed by Ines on <b>laptop\./);
  expect(id("halt")).not.toHaveTextContent("by itself");
});

test("one of a gate is its own", async () => {
  await open([post()], { halts: [{ ...elsewhere, by: [], what: [w("the gate home")], scope: { kind: "gate", gate: "home" } }] });
  expect(id("halt-strip")).toHaveTextContent(/^Halted by itself at /);
  expect(id("halt-strip")).not.toHaveTextContent("Signed by");
});

test("why a gate did not start is said where it is said that it does not run", async () => {
  const gate = { id: "home", alive: false, fingerprint: "aa", own: true, not_started: "It was to be started, and did not come up: no such file. Nothing runs until it does. Put that right, then start it again." };
  const { fake } = await open([post()], { gates: [gate] });
  const strip = id("gate-start").closest("section");
  expect(strip).toHaveTextContent(/home is not running\. It was to be started.*no such file.*start it again\. What you decide is kept here/);
  id("nav-keys").click();
  await pass(100);
  expect(id("not-started")).toHaveTextContent("no such file");
  fake.state = { ...fake.state, gates: [{ ...gate, alive: true }] };
  fake.emit({ kind: "state" });
  await pass(50);
  expect(none("not-started")).toBe(true);
  expect(none("gate-start")).toBe(true);
});

test("the dialog says where halting ends", async () => {
  await open([post()]);
  id("halt-open").click();
  await pass(20);
  expect(id("halt-dialog")).toHaveTextContent("A program that runs already is not ended: it goes on to its end.");
});

test("a low window has one line for all that holds it up, and says how much more there is", async () => {
  window.innerHeight = 400;
  try {
    await open([post()], { halts: [{ ...elsewhere, obeyed: false }], gates: [], clock_jump: { seconds: 7200, at: now() } });
    const strips = () => document.querySelector(".strips");
    expect(strips()).toHaveClass("closed");
    expect(id("halt-strip")).toHaveTextContent("Not confirmed yet.");
    expect(id("strips-whole")).toHaveTextContent("1 more");
    id("strips-whole").click();
    await pass(10);
    expect(strips()).not.toHaveClass("closed");
    expect(id("halt-strip")).toHaveTextContent("Signed by Ines on <b>laptop.");
    expect(id("strips-whole")).toHaveAttribute("aria-expanded", "true");
  } finally {
    window.innerHeight = 768;
  }
});
