// What Rust is told of what is on screen, and in which order.

import { fireEvent, screen } from "@testing-library/svelte";
import { describe, expect, test, vi } from "vitest";
import { error, PASS } from "../dev/fake";
import { post, state } from "../dev/samples";
import { begin, hold, id, none, open, pass, type } from "./open";

const order = (fake: { calls: string[] }) => fake.calls.filter((it) => it === "shown" || it === "hidden");

describe("what is on screen", () => {
  test("is told to have gone after it was told to be there", async () => {
    const { fake, session } = await begin();
    session.close();
    await Promise.resolve();
    fake.calls.length = 0;
    const held = hold(fake.ipc, "shown");
    const opening = session.open(fake.items[0]?.opened.digest ?? "");
    await expect.poll(() => order(fake)).toEqual(["shown"]);
    session.close();
    await new Promise((done) => setTimeout(done, 20));
    expect(order(fake)).toEqual(["shown"]);
    held.go[0]?.();
    await opening;
    await expect.poll(() => order(fake)).toEqual(["shown", "hidden"]);
  });
  test("is told to have gone when it cannot be asked for any more", async () => {
    const { fake, session } = await begin();
    fake.calls.length = 0;
    fake.ipc.open = () => Promise.reject(error("broken", "It could not be read.", "Nothing was signed."));
    await session.reopen();
    expect(session.opened).toBeNull();
    await expect.poll(() => order(fake)).toEqual(["hidden"]);
  });
});

describe("an unlocking that is under way", () => {
  const begun = async () => {
    const { fake } = await open([post()], { key: { ...state().key, state: "locked" } });
    await pass(2000);
    id("unlock-open").click();
    await pass(50);
    const held = hold(fake.ipc, "unlock");
    await type("unlock-pass", PASS);
    await fireEvent.submit(id("unlock-pass").closest("form") as HTMLFormElement);
    const lock = vi.spyOn(fake.ipc, "lock");
    return { lock, held };
  };
  test("is not wanted any more when its dialog is closed", async () => {
    const { lock, held } = await begun();
    screen.getByRole("button", { name: "Cancel" }).click();
    await pass(50);
    expect(none("unlock-pass")).toBe(true);
    expect(lock).toHaveBeenCalledOnce();
    held.go[0]?.();
    await pass(50);
  });
  test("stays when its dialog closes because it went through", async () => {
    const { lock, held } = await begun();
    held.go[0]?.();
    await pass(300);
    expect(none("unlock-pass")).toBe(true);
    expect(lock).not.toHaveBeenCalled();
  });
});
