import { describe, expect, test } from "vitest";
import { assign, COMMANDS, find, keymap, possible, type CommandId } from "../src/lib/keymap";

const usual = Object.fromEntries(COMMANDS.map((it) => [it.id, it.usual]));

describe("the keys in force", () => {
  test("are the usual ones when nothing was changed", () => {
    expect(keymap({})).toEqual(usual);
  });
  test("nothing that signs is among them", () => {
    expect(COMMANDS.map((it) => it.id).filter((it) => /approve|sign/.test(it))).toEqual([]);
    expect(find(keymap({ approve: "z", sign: "z" }), "z", null)).toBeNull();
  });
  test.each([" ", "Enter", "Escape", "Tab", "F1", "ArrowDown", "Shift", "", "ab", "\t", "\u202e", "\u200b"])("%j is nobody’s", (key) => {
    expect(possible(key)).toBe(false);
    if (key !== "") expect(keymap({ deny: key }).deny).toBe("d");
  });
  test("a key that two want goes to one of them", () => {
    const keys = keymap({ deny: "z", request_changes: "z" });
    expect(Object.values(keys).filter((it) => it === "z")).toHaveLength(1);
    // What a person chose goes before what is usual.
    expect(keymap({ snooze: "d" })).toMatchObject({ snooze: "d", deny: null });
  });
  test("one key never does two things, whatever stands in the file", () => {
    const letters = ["d", "r", "s", "z", "", " ", "Enter", "g"];
    for (let round = 0; round < 500; round += 1) {
      const changed = Object.fromEntries(COMMANDS.map((it, i) => [it.id, letters[(round * 7 + i * round) % letters.length] ?? ""]));
      const keys = keymap(changed);
      for (const after of [null, "go"] as const) {
        const all = COMMANDS.filter((it) => it.after === after).map((it) => keys[it.id]).filter((it) => it !== null);
        expect(new Set(all).size).toBe(all.length);
        expect(all.every(possible)).toBe(true);
      }
    }
  });
  test("names that every object has are nothing special", () => {
    expect(keymap(JSON.parse('{"__proto__": "z", "constructor": "y"}') as Record<string, string>)).toEqual(usual);
  });
});

describe("giving a key", () => {
  const give = (id: CommandId, key: string, changed: Record<string, string> = {}) => assign(changed, id, key);
  test("keeps only what differs from the usual", () => {
    expect(give("deny", "z")).toEqual({ keys: { deny: "z" } });
    expect(give("deny", "d", { deny: "z", next: "n" })).toEqual({ keys: { next: "n" } });
  });
  test("is refused with the name of who has it", () => {
    expect(give("deny", "r")).toEqual({ refused: expect.stringContaining("r is already “Request changes”") as string });
  });
  test("is refused for keys that always do the same", () => {
    for (const key of ["Enter", " ", "Tab", "Escape", "ArrowUp", "F1"]) expect(give("deny", key)).toHaveProperty("refused");
  });
  test("the same letter may stand after the key that goes", () => {
    expect(give("go_queue", "d")).toEqual({ keys: { go_queue: "d" } });
    expect(find(keymap({ go_queue: "d" }), "d", "go")).toBe("go_queue");
    expect(find(keymap({ go_queue: "d" }), "d", null)).toBe("deny");
  });
  test("an empty one takes it away", () => {
    expect(give("deny", "")).toEqual({ keys: { deny: "" } });
    expect(find(keymap({ deny: "" }), "d", null)).toBeNull();
  });
});
