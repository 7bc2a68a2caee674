import { expect, test } from "vitest";
import { alike } from "../dev/alike";
import { post } from "../dev/samples";
import { id, key, none, open, pass, settle } from "./open";
import { screen } from "@testing-library/svelte";

/** Opens the group as a person would, and waits until it is armed and seen. */
async function group(count = 3) {
  const all = await settle(alike(count));
  id("together").click();
  await pass(2500);
  return all;
}
const approve = async () => {
  key("Control");
  key("Enter", { ctrlKey: true });
  await pass(100);
};

test("an item that is like no other offers nothing", async () => {
  await open([post()]);
  expect(none("together")).toBe(true);
  expect(none("group")).toBe(true);
});

test("all of each stands below one another, and one gesture signs them", async () => {
  const { fake } = await group(2);
  expect(id("group")).toHaveTextContent("2 proposals");
  expect(id("group-count")).toHaveTextContent("2 together");
  expect(screen.getAllByTestId("document")).toHaveLength(4);
  expect(screen.getAllByTestId("leave-out")).toHaveLength(2);
  expect(id("approve")).toHaveTextContent("sign 2 decisions");
  expect(id("approve")).toHaveAttribute("data-state", "ready");
  expect(none("request-changes")).toBe(true);
  expect(none("edit")).toBe(true);
  expect(none("snooze")).toBe(true);
  await approve();
  expect(fake.decided).toHaveLength(1);
  expect(fake.items.map((it) => it.opened.state.kind)).toEqual(["signed", "signed"]);
  expect(document.body).toHaveTextContent("2 decisions signed.");
  // What is open is the one again from which it began, on its way.
  expect(none("group")).toBe(true);
  expect(id("state-strip")).toHaveAttribute("data-state", "signed");
});

test("leaving one out begins anew, and it can be put back", async () => {
  const { fake } = await group();
  screen.getAllByTestId("leave-out")[1]?.click();
  await pass(300);
  expect(id("group-count")).toHaveTextContent("2 together");
  await approve();
  expect(fake.decided).toHaveLength(0);
  await pass(2500);
  expect(id("approve")).toHaveTextContent("sign 2 decisions");
  id("put-back").click();
  await pass(2500);
  expect(id("approve")).toHaveTextContent("sign 3 decisions");
  screen.getAllByTestId("leave-out")[1]?.click();
  await pass(2500);
  await approve();
  expect(fake.items.map((it) => it.opened.state.kind)).toEqual(["signed", "waiting", "signed"]);
});

test("one that comes or goes makes another list, which is not the one that was read", async () => {
  const { fake } = await group();
  const gone = fake.items.pop();
  fake.emit({ kind: "queue" });
  await pass(400);
  expect(id("group-count")).toHaveTextContent("2 together");
  expect(id("approve")).not.toHaveAttribute("data-state", "ready");
  await approve();
  expect(fake.decided).toHaveLength(0);
  if (gone) fake.items.push(gone);
  fake.emit({ kind: "queue" });
  await pass(400);
  expect(id("group-count")).toHaveTextContent("3 together");
});

test("when the others are gone, what is open is the one", async () => {
  const { fake } = await group(2);
  fake.items.pop();
  fake.emit({ kind: "queue" });
  await pass(400);
  expect(none("group")).toBe(true);
  expect(id("approve")).not.toHaveTextContent("decisions");
});

test("all are denied with one reason", async () => {
  const { fake } = await group();
  key("d");
  await pass(50);
  expect(id("comment-send")).toHaveTextContent("Deny 3");
  id("comment-send").click();
  await pass(100);
  expect(fake.decided[0]?.answer.kind).toBe("deny");
  expect(fake.items.map((it) => it.opened.state.kind)).toEqual(["denied", "denied", "denied"]);
});

test("there is a way back to the one", async () => {
  await group();
  id("alone").click();
  await pass(300);
  expect(none("group")).toBe(true);
  expect(id("together")).toHaveTextContent("Review together");
});
