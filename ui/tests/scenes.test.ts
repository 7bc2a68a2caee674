// The gallery leaves nothing out: what Rust can send and what can be opened has its scene.

import { describe, expect, test } from "vitest";
import { needed, said, scenes } from "../dev/scenes";

const shown = new Set<string>(scenes.flatMap((it) => it.shows));
const named = (kind: string, names: string[]) => names.map((name) => `${kind}:${name}`);

describe("every one has a scene", () => {
  test.each(named("state", needed.states))("%s", (it) => expect(shown).toContain(it));
  test.each(named("kind", needed.kinds))("%s", (it) => expect(shown).toContain(it));
  test.each(named("error", needed.errors))("%s", (it) => expect(shown).toContain(it));
  test.each(named("screen", needed.screens))("%s", (it) => expect(shown).toContain(it));
  test.each(named("dialog", needed.dialogs))("%s", (it) => {
    // One dialog may be shown in several scenes, each with a name of its own.
    expect([...shown].some((name) => name === it || name.startsWith(`${it}-`))).toBe(true);
  });
});

test("every error that Rust has words for is shown, and says what did not happen", () => {
  const codes = new Set<string>(said.map((it) => it.code));
  expect([...codes].filter((code) => !shown.has(`error:${code}`))).toEqual([]);
  for (const { title, hint } of said) {
    expect(title).toMatch(/\.$/);
    expect(hint.length).toBeGreaterThan(20);
    expect(`${title} ${hint}`).not.toMatch(/oops|please|successful|are you sure|invalid input/i);
  }
});

test("names are names of files, each once", () => {
  const names = scenes.map((it) => it.name);
  expect(names.filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name))).toEqual([]);
  expect(new Set(names).size).toBe(names.length);
});
