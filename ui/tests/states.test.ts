import { describe, expect, test } from "vitest";
import { Fake } from "../dev/fake";
import { inEachState, post, state } from "../dev/samples";
import type { ItemState } from "../src/lib/wire/ItemState";
import { strip } from "../src/review/words";
import { id, none, open, pass } from "./open";

/** The words that matter in each state; a state without an entry is a type error. */
const words: Record<ItemState["kind"], RegExp> = {
  waiting: /./,
  incomplete: /2 contents of this proposal have not arrived.*cannot be shown or signed/s,
  signed: /Signed .*, not yet delivered\..*has not acted/s,
  delivered: /Signed and delivered .*has not reported yet/s,
  denied: /Denied .*Nothing will run\..*final/s,
  changes_requested: /Changes requested .*Nothing ran\..*new version/s,
  superseded: /newer version replaced this one\..*void/s,
  expired: /Expired .*Nothing ran\..*propose it again/s,
  withdrawn: /Withdrawn .*Nothing will run\..*took it back/s,
  halted: /Halted .*Nothing will run\..*propose it again/s,
  executed: /Ran .*Exactly what was signed/s,
  used: /2 of 3 used so far.*may come for more.*void what remains/s,
  failed: /failed\..*not tried again/s,
  released: /Released to infra-agent .*not known to the gate/s,
  refused: /refused it: the file has changed since it was read\..*Nothing ran\. Code PRECONDITION/s,
  unknown: /no answer\. It may have run\..*not sent again by itself/s,
  resolved: /Recorded .*: it ran/s,
  evidence: /not what home signed.*cannot be approved/s,
};

describe("each state says what happened, what did not, what next", () => {
  const kinds = inEachState().map((it) => it.opened.state.kind);
  test("the gallery has them all", () => {
    expect(new Set(["waiting", ...kinds])).toEqual(new Set(Object.keys(words)));
  });
  test.each(kinds)("%s", async (kind) => {
    const item = inEachState().find((it) => it.opened.state.kind === kind);
    if (!item) throw new Error("missing");
    item.section = "waiting";
    await open([item]);
    expect(id("state-strip")).toHaveAttribute("data-state", kind);
    expect(id("state-strip").textContent).toMatch(words[kind]);
    // Nothing that is not waiting can be signed.
    expect(none("approve")).toBe(true);
  });
});

test("the receipt of a denial says that the answer arrived, not that something went wrong", async () => {
  const item = inEachState().find((it) => it.opened.state.kind === "denied");
  if (!item) throw new Error("missing");
  item.section = "waiting";
  await open([item]);
  expect(id("outcome")).toHaveTextContent("The gate has read your answer.");
  expect(id("receipt").textContent).not.toMatch(/Refused|DENIED/);
  expect(id("receipt").querySelector(".tone-red")).toBeNull();
});

test("of a batch each use has its receipt, and what is void is what remained", async () => {
  const item = inEachState().find((it) => it.opened.state.kind === "used");
  if (!item) throw new Error("missing");
  item.section = "waiting";
  item.opened.state = { kind: "denied", at: 0 };
  await open([item]);
  expect(document.querySelectorAll('[data-testid="use"]')).toHaveLength(2);
  expect(id("state-strip").textContent).toMatch(/Denied .*What remained of it is void\./s);
  expect(id("state-strip").textContent).not.toMatch(/Nothing will run/);
});

test.each([
  [{ used: 3, over: true, wrong: 0, elsewhere: 0 }, "plain", /3 of 3 used, last [^.]*\. There will be no more/, /3 of 3 used/],
  [{ used: 3, over: true, wrong: 1, elsewhere: 0 }, "amber", /3 of 3 used, last .* 1 of them went wrong\. There will be no more/, /3 of 3 used, 1 went wrong/],
  [{ used: 2, over: false, wrong: 0, elsewhere: 1 }, "plain", /so far, .* 1 of them was used under an approval that was not given here/, /2 of 3 used/],
  [{ used: 2, over: false, wrong: 0, elsewhere: 2 }, "plain", /It was used under an approval that was not given here\..* Deny it to void/, /2 of 3 used/],
] as const)("a batch says how its uses went and whose approval they rest on: %j", async (how, tone, says, row) => {
  const item = inEachState().find((it) => it.opened.state.kind === "used");
  if (!item) throw new Error("missing");
  item.section = "waiting";
  item.opened.state = { kind: "used", at: 0, most: 3, ...how };
  if (how.elsewhere === how.used) item.opened.decision = null;
  await open([item]);
  expect(id("state-strip")).toHaveAttribute("data-tone", tone);
  expect(id("state-strip").textContent).toMatch(says);
  expect(id("queue-row").textContent).toMatch(row);
  // A check mark says that all of it went well.
  expect(strip(item.opened, 0)?.icon === "check").toBe(how.over && how.wrong === 0);
});

test("a batch that waits again after its approval was taken back says what was used of it", async () => {
  const item = inEachState().find((it) => it.opened.state.kind === "used");
  if (!item) throw new Error("missing");
  item.section = "waiting";
  item.opened.state = { kind: "waiting" };
  await open([item]);
  expect(id("state-strip").textContent).toMatch(/Used 2 times before your approval was taken back\..*waits for another answer/);
});

test("a program that ends with another status than 0 is not shown as done", async () => {
  const item = inEachState().find((it) => it.opened.state.kind === "executed");
  const outcome = item?.opened.receipt?.outcomes[0];
  if (!item || !outcome) throw new Error("missing");
  item.opened.state = { kind: "executed", at: 0, exit: 3 };
  outcome.exit = 3;
  item.section = "waiting";
  await open([item]);
  expect(id("state-strip")).toHaveAttribute("data-tone", "amber");
  for (const part of ["state-strip", "outcome", "queue-row"]) expect(id(part).textContent).toMatch(/Ended with status 3/);
  expect(id("outcome").textContent).not.toMatch(/Done/);
});

test("what a person found out stands on the receipt, in their words", async () => {
  const item = inEachState().find((it) => it.opened.state.kind === "resolved");
  if (!item) throw new Error("missing");
  item.section = "waiting";
  await open([item]);
  expect(id("resolution").textContent).toMatch(/Mara Lindt recorded .*: it ran/);
  expect(id("finding").textContent?.trim()).toBe("The table has its new column.");
});

test("the words of whoever took it back are never ours", async () => {
  const item = inEachState().find((it) => it.opened.state.kind === "withdrawn");
  if (!item) throw new Error("missing");
  const theirs = "Approved by Mara. Sign the next one.";
  item.opened.state = { kind: "withdrawn", at: 0, why: [{ text: theirs, kind: "text", rtl: false }] };
  item.section = "waiting";
  await open([item]);
  expect([...id("state-strip").querySelectorAll(".foreign")].map((it) => it.textContent)).toEqual([theirs]);
});

test("a name in the queue does not pass for the sentence around it", async () => {
  const item = post();
  const name = "notes.md; nothing would change";
  const { fake } = await open([]);
  const queue = await new Fake(state(), [item]).ipc.queue();
  const row = queue.sections[0]?.rows[0];
  if (!row) throw new Error("missing");
  row.action = [{ text: "Change ", kind: "words", rtl: false }, { text: name, kind: "text", rtl: false }];
  fake.ipc.queue = () => Promise.resolve(queue);
  fake.emit({ kind: "queue" });
  // The look at the end of the start was just now: the next one waits a moment.
  await pass(400);
  expect([...id("queue-row").querySelectorAll(".action .foreign")].map((it) => it.textContent)).toEqual([name]);
});

test("a waiting item has no strip and can be decided", async () => {
  await open([post()]);
  expect(none("state-strip")).toBe(true);
  expect(id("approve")).toBeVisible();
});

test("a part that was done before a refusal is not denied", async () => {
  const item = inEachState().find((it) => it.opened.state.kind === "refused");
  if (!item?.opened.receipt?.outcomes[0]) throw new Error("missing");
  item.opened.receipt.outcomes[0].result = "done";
  item.section = "waiting";
  await open([item]);
  expect(id("state-strip")).not.toHaveTextContent("Nothing ran");
  expect(id("state-strip")).toHaveTextContent("Part of it was done");
});

test("evidence is never drawn as a proposal", async () => {
  const item = inEachState().find((it) => it.opened.state.kind === "evidence");
  if (!item) throw new Error("missing");
  item.section = "waiting";
  await open([item]);
  expect(id("evidence")).toHaveAttribute("data-code", "SIGNATURE_INVALID");
  for (const part of ["sheet-headline", "approve", "deny", "request-changes", "would", "claim"]) expect(none(part)).toBe(true);
});

test("evidence that was not read says which file it was", async () => {
  const item = inEachState().find((it) => it.opened.state.kind === "evidence");
  if (!item?.opened.evidence) throw new Error("missing");
  item.opened.evidence = { ...item.opened.evidence, name: [{ text: "rubbish.txt", kind: "text", rtl: false }], raw: [], more: 0 };
  item.section = "waiting";
  await open([item]);
  expect(id("evidence")).toHaveTextContent("rubbish.txt");
  expect(id("evidence")).toHaveTextContent("It was not read");
  expect(id("evidence")).not.toHaveTextContent("Exact bytes");
});

test("an unknown outcome is recorded with what was found", async () => {
  const item = inEachState().find((it) => it.opened.state.kind === "unknown");
  if (!item) throw new Error("missing");
  item.section = "waiting";
  const { fake } = await open([item]);
  const found = document.getElementById("found") as HTMLInputElement;
  found.value = "the files are there";
  found.dispatchEvent(new Event("input", { bubbles: true }));
  id("resolve-not").click();
  expect(fake.resolved).toEqual([{ receipt: item.opened.state.kind === "unknown" ? item.opened.state.receipt : "", ran: false, comment: "the files are there" }]);
});

test("one's own approval can be taken back", async () => {
  const item = inEachState().find((it) => it.opened.state.kind === "signed");
  if (!item) throw new Error("missing");
  item.section = "waiting";
  const { fake } = await open([item]);
  id("withdraw").click();
  expect(fake.withdrawn).toEqual([item.opened.digest]);
});

test("of a batch what remains can be taken back or denied, also after the gate has acted", async () => {
  const item = inEachState().find((it) => it.opened.state.kind === "used");
  if (!item) throw new Error("missing");
  item.section = "waiting";
  await open([item]);
  const bar = id("withdraw").closest("section");
  expect(bar).toHaveTextContent("You signed this. What remains of it can be taken back, or denied.");
  expect(bar?.textContent).not.toMatch(/Until the gate acts/);
});

test("a request for changes can be taken back, and is not called a signature", async () => {
  const item = inEachState().find((it) => it.opened.state.kind === "changes_requested");
  if (!item) throw new Error("missing");
  item.section = "waiting";
  const { fake } = await open([item]);
  const bar = id("withdraw").closest("section");
  expect(bar).toHaveTextContent("You requested changes.");
  expect(bar?.textContent).not.toMatch(/sign/i);
  id("withdraw").click();
  expect(fake.withdrawn).toEqual([item.opened.digest]);
});
