// Promises that are absences in the source.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..", "src");
const files = readdirSync(root, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.(ts|svelte)$/.test(name) && !name.startsWith("lib/wire/"))
  .map((name) => ({ name, text: readFileSync(join(root, name), "utf8") }));
const where = (pattern: RegExp) => files.filter(({ text }) => pattern.test(text)).map(({ name }) => name);

test("text never becomes markup", () => {
  expect(files.length).toBeGreaterThan(20);
  expect(where(/\{@html|innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser/)).toEqual([]);
  // A page that Rust makes, in the one frame, which may do nothing.
  expect(where(/srcdoc|<iframe|createElement\("iframe/)).toEqual(["review/Rendered.svelte"]);
  const frames = files.flatMap(({ text }) => text.match(/<iframe[^>]*>/g) ?? []);
  expect(frames).toHaveLength(1);
  expect(frames[0]).toMatch(/ sandbox="" .*srcdoc=\{page\}/);
});
test("no code from text", () => {
  expect(where(/\beval\(|new Function\(|javascript:/)).toEqual([]);
});
test("no style attribute: the content policy takes style from files only", () => {
  expect(where(/[\s<]style="/)).toEqual([]);
});
test("nothing is remembered by the browser", () => {
  expect(where(/localStorage|sessionStorage|indexedDB|document\.cookie/)).toEqual([]);
});
test("one file knows Tauri", () => {
  expect(where(/@tauri-apps/)).toEqual(["lib/ipc.ts"]);
});
test("no remote address and no network of its own", () => {
  expect(where(/https?:\/\/|\bfetch\(|XMLHttpRequest|WebSocket/)).toEqual([]);
});
test("the gallery and its stand-in stay out of the build", () => {
  expect(where(/\/dev\//)).toEqual([]);
  expect(readFileSync(join(root, "..", "index.html"), "utf8")).not.toMatch(/dev\/|style/);
});
