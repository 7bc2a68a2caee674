// What somebody could write so that it looks exactly like words of the app.

import { fireEvent, render } from "@testing-library/svelte";
import { describe, expect, test } from "vitest";
import type { Row } from "../src/lib/wire/Row";
import type { Segment } from "../src/lib/wire/Segment";
import { post } from "../dev/samples";
import RowView from "../src/review/RowView.svelte";
import { id, settle } from "./open";

const t = (text: string, kind: Segment["kind"] = "text"): Segment => ({ text, kind, rtl: false });
const w = (text: string) => t(text, "words");
const NOTE = "11,200 bytes more, not shown";

const row = (row: Row) => render(RowView, { row, view: "argv", tinted: true }).container.querySelector("[data-testid=row]")!.innerHTML;
const field = (label: Segment[], segments: Segment[]) => row({ kind: "field", label, segments, continued: false });

describe("rows", () => {
  test("a label of somebody else's is not drawn like ours, whatever it is made of", () => {
    for (const kind of ["text", "changed", "joined", "joined_changed", "chip", "chip_red", "bytes"] as const) {
      expect(field([t("user", kind)], [t("mara")])).not.toBe(field([w("user")], [t("mara")]));
    }
    expect(field([w("SHA-256")], [t("0".repeat(64))])).not.toBe(field([w("SHA-256")], [w("0".repeat(64))]));
  });
  test("a right that is called none is not the lack of one", () => {
    const grant = (before: Segment[], after: Segment[]) =>
      row({ kind: "grant", change: "gained", principal: "person", name: [t("Mara")], tag: null, before, after, continued: false });
    expect(grant([], []).match(/foreign/g)).toBeNull();
    expect(grant([t("none")], [t("none")]).match(/foreign/g)).toHaveLength(2);
  });
  test("words of ours in a cell or a value stand beside text on a ground", () => {
    const object = (cell: Segment[]) => row({ kind: "object", columns: [cell], size: [], sha256: [], continued: false });
    expect(object([t("From"), w(": "), t("a")])).not.toBe(object([t("From: a")]));
    const entry = (after: Segment[]) => row({ kind: "entry", change: "added", path: [t("a")], before: [], after, continued: false });
    expect(entry([t("x"), w(" and 9 bytes more")])).toMatch(/foreign[^>]*>x</);
  });
});

test("two lists that differ in one byte or one digit do not look the same, and no digest is cut", () => {
  const object = (size: string, sha256: Segment[], name = [t("a")]) =>
    render(RowView, { row: { kind: "object", columns: [name], size: size === "" ? [] : [w(size)], sha256, continued: sha256.length > 0 }, view: "removal", tinted: true }).container;
  const text = (it: HTMLElement) => it.querySelector("[data-testid=row]")!.textContent;
  expect(text(object("1,000,001 bytes", []))).toMatch(/a\s*1,000,001 bytes$/);
  const digest = `SHA-256 ${"e3".repeat(32)}`;
  const shown = object("", [w(digest)], []);
  expect(text(shown)?.trim()).toBe(digest);
  // What counts as displayed ends where the last of a row ends.
  expect(shown.querySelector(".end")?.textContent).toBe(digest);
  expect(object("9 bytes", []).querySelector(".end")?.textContent).toBe("9 bytes");
  expect(object("", [], [t("a")]).querySelector(".end")?.textContent).toBe("a");
  // A name that says so on a row of its own has another look.
  expect(object("", [], [t(digest)]).innerHTML).not.toBe(shown.innerHTML);
});

test("that a request or a claim goes on is said where none of its lines can be", async () => {
  const drawn = async (last: Segment) => {
    const item = post();
    const sheet = item.opened.sheet!;
    sheet.claim = [[t("one")], [t("two")], [last]];
    sheet.asked = { by: null, at: null, origin: [w("from somewhere")], verified: false, text: sheet.claim };
    await settle([item]);
    await fireEvent.click(id("claim").querySelector(".toggle")!);
    return ["asked", "claim"].map((name) => {
      const rest = id(name).querySelector("[data-testid=rest]");
      const quoted = [...id(name).querySelectorAll("p:not([data-testid=rest])")].map((it) => it.textContent);
      return { rest: rest?.textContent, sign: rest?.querySelector("svg") != null, quoted };
    });
  };
  for (const { rest, quoted } of await drawn(t(NOTE))) {
    expect(rest).toBeUndefined();
    expect(quoted.join("\n")).toContain(NOTE);
  }
  document.body.replaceChildren();
  for (const { rest, sign, quoted } of await drawn(w(NOTE))) {
    expect([rest, sign]).toEqual([NOTE, true]);
    expect(quoted.join("\n")).not.toContain(NOTE);
  }
});

describe("a request or a claim that goes on beyond what is here", () => {
  const gone = [w(NOTE)];
  const drawn = async (lines: Segment[][], tall = 20) => {
    const usual = Object.getOwnPropertyDescriptor(HTMLElement.prototype, "clientHeight")!;
    Object.defineProperty(HTMLElement.prototype, "clientHeight", { configurable: true, get(this: HTMLElement) { return this.closest(".clip, .claim") ? tall : (usual.get?.call(this) as number); } });
    try {
      const item = post();
      item.opened.sheet!.claim = lines;
      item.opened.sheet!.asked = { by: null, at: null, origin: [w("here")], verified: true, text: lines };
      await settle([item]);
    } finally {
      Object.defineProperty(HTMLElement.prototype, "clientHeight", usual);
    }
    return ["asked", "claim"].map((name) => ({ rest: id(name).querySelector("[data-testid=rest]")?.textContent, button: id(name).querySelector("button")?.textContent.trim() }));
  };
  const ok = [t("ok "), t("SP x32766", "chip")];

  test("is said without a click where all that is here is drawn", async () => {
    expect(await drawn([ok, gone])).toEqual(Array(2).fill({ rest: NOTE, button: undefined }));
  });
  test("is said below all that is here, and no button promises all of it", async () => {
    expect(await drawn([ok, ok, gone], 60)).toEqual(Array(2).fill({ rest: undefined, button: "Show 2 lines" }));
    await fireEvent.click(id("claim").querySelector(".toggle")!);
    await fireEvent.click(id("asked").querySelector("button")!);
    for (const name of ["asked", "claim"]) expect(id(name).querySelector("[data-testid=rest]")).toHaveTextContent(NOTE);
  });
  test("is told from one long line that is whole", async () => {
    expect((await drawn([ok, gone], 60)).map((it) => it.button)).toEqual(["Show more of the line", "Show more of the line"]);
    document.body.replaceChildren();
    expect((await drawn([ok, ok], 60)).map((it) => it.button)).toEqual(["Show all 2 lines", "Show all 2 lines"]);
  });
});
