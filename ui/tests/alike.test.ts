// What somebody could write so that it looks exactly like words of the app.

import { fireEvent, render } from "@testing-library/svelte";
import { describe, expect, test } from "vitest";
import type { Mark } from "../src/lib/wire/Mark";
import type { Row } from "../src/lib/wire/Row";
import type { Segment } from "../src/lib/wire/Segment";
import type { View } from "../src/lib/wire/View";
import { post } from "../dev/samples";
import RowView from "../src/review/RowView.svelte";
import { shownText } from "../src/review/selection";
import { id, settle } from "./open";

const t = (text: string, kind: Segment["kind"] = "text"): Segment => ({ text, kind, rtl: false });
const w = (text: string) => t(text, "words");
const NOTE = "11,200 bytes more, not shown";

/** A row as it is drawn, and as a screen reader reads it. */
type Drawn = { looks: string; reads: string };
const reads = (it: Element): string =>
  [...it.childNodes].map((part) => (part instanceof Element ? (part.ariaHidden === "true" || part.getAttribute("aria-hidden") === "true" ? "" : reads(part)) : part.textContent)).join("");
const element = (row: Row, view: View = "argv") => render(RowView, { row, view, tinted: true }).container.querySelector<HTMLElement>("[data-testid=row]")!;
function drawn(...rows: Row[]): Drawn {
  const all = rows.map((it) => element(it));
  return { looks: all.map((it) => it.innerHTML).join("\n"), reads: all.map((it) => [...it.children].map(reads).join(" ").replace(/\s+/g, " ").trim()).join(" ") };
}
function differ(one: Drawn, other: Drawn) {
  expect(one.looks).not.toBe(other.looks);
  expect(one.reads).not.toBe(other.reads);
}
const field = (label: Segment[], segments: Segment[], continued = false): Row => ({ kind: "field", label, segments, continued });
const grant = (before: Segment[], after: Segment[], name = "Mara", tag: Mark | null = null, continued = false): Row => ({ kind: "grant", change: "gained", principal: "person", name: [t(name)], tag, before, after, continued });
const entry = (after: Segment[], continued = false): Row => ({ kind: "entry", change: "added", path: [t("a")], before: [], after, continued });
const object = (columns: Segment[][], { size = "", sha256 = "", continued = false } = {}): Row => ({
  kind: "object", columns, size: size === "" ? [] : [w(size)], sha256: sha256 === "" ? [] : [w(sha256)], continued: continued || sha256 !== "",
});
const DIGEST = `SHA-256 ${"2d".repeat(32)}`;

describe("rows", () => {
  test("a label of somebody else's is not drawn or read like ours, whatever it is made of", () => {
    for (const kind of ["text", "changed", "joined", "joined_changed", "chip", "chip_red", "bytes"] as const) {
      differ(drawn(field([t("user", kind)], [t("mara")])), drawn(field([w("user")], [t("mara")])));
    }
    differ(drawn(field([w("SHA-256")], [t("0".repeat(64))])), drawn(field([w("SHA-256")], [w("0".repeat(64))])));
  });
  test("a right that is called none is not the lack of one", () => {
    expect(drawn(grant([], [])).looks.match(/foreign/g)).toHaveLength(1);
    expect(drawn(grant([t("none")], [t("none")])).looks.match(/foreign/g)).toHaveLength(3);
    differ(drawn(grant([], [])), drawn(grant([t("none")], [t("none")])));
  });
  test("words of ours in a cell or a value stand beside text on a ground", () => {
    differ(drawn(object([[t("From"), w(": "), t("a")]])), drawn(object([[t("From: a")]])));
    differ(drawn(entry([t("x"), w(" and 9 bytes more")])), drawn(entry([t("x and 9 bytes more")])));
    expect(drawn(entry([t("x"), w(" and 9 bytes more")])).looks).toMatch(/foreign[^>]*>x</);
    // Also where nothing else stands in it, as in the rows on which a mixed one goes on.
    differ(drawn(entry([w(" and 9 bytes more")], true)), drawn(entry([t(" and 9 bytes more")], true)));
    differ(drawn(object([[w("9 bytes")]])), drawn(object([[t("9 bytes")]])));
  });
  test("what is sought and found in them does not part words that belong together", () => {
    const it = render(RowView, { row: entry([t("pass"), t("ZWSP", "chip"), t("word"), w(" and more")]), view: "argv", tinted: true, hits: [{ row: 0, column: 2, from: 2, to: 6, first: 0, last: 1 }] }).container;
    expect(reads(it.querySelector(".end")!)).toBe("quoted: passZWSPword unquoted:  and more");
  });
  test("of a name or value that goes on every row says so, with a sign in the margin", () => {
    const mark = { text: "external", tone: "amber" } as const;
    const all: ((continued: boolean) => Row)[] = [
      (continued) => ({ kind: "line", before: continued ? null : 1, after: continued ? null : 1, change: "added", continued, segments: [t("a")] }),
      (continued) => field([], [t("a")], continued),
      (continued) => ({ kind: "argument", index: 1, segments: [t("a")], continued }),
      (continued) => grant([t("a")], [t("b")], "Mara", continued ? null : mark, continued),
      (continued) => entry([t("a")], continued),
      (continued) => object([[t("a")], [t("b")]], { continued }),
      (continued) => ({ kind: "note", segments: [t("a")], tone: "red", continued }),
    ];
    for (const make of all) {
      const [first, next] = [false, true].map((continued) => element(make(continued)));
      expect([reads(first!), reads(next!)].map((it) => it.includes("goes on: "))).toEqual([false, true]);
      // It is no part of what is copied.
      getSelection()?.setBaseAndExtent(next!, 0, next!, next!.childNodes.length);
      expect(shownText(getSelection(), next!.parentElement!)).not.toMatch(/↳|goes on|quoted/);
      // Lines have numbers there.
      if (make(true).kind !== "line") expect([first, next].map((it) => it?.querySelector(".on")?.textContent)).toEqual([undefined, "↳"]);
    }
  });
});

describe("two lists of what would be removed", () => {
  test("do not look the same where they differ in one byte or one digit, and no digest is cut", () => {
    const shown = element(object([[]], { sha256: DIGEST }), "removal");
    expect(shown.textContent?.trim()).toBe(DIGEST);
    // What counts as displayed ends where the last of a row ends.
    expect(shown.querySelector(".end")?.textContent).toBe(DIGEST);
    expect(element(object([[t("a")]], { size: "1,000,001 bytes" }), "removal").textContent).toMatch(/a\s*1,000,001 bytes$/);
    expect(element(object([[t("a")]], { size: "9 bytes" })).querySelector(".end")?.textContent).toBe("9 bytes");
    expect(element(object([[t("a")]])).querySelector(".end .foreign")?.textContent).toBe("a");
  });
  test("do not look or sound the same where one has a digest and one a name that goes on with it", () => {
    const name = object([[t("a".repeat(88))]]);
    const one = drawn(name, object([[t(DIGEST)]], { continued: true }));
    const other = drawn(name, object([[]], { sha256: DIGEST }));
    differ(one, other);
    expect(one.reads).toMatch(/goes on: quoted: SHA-256/);
    expect(other.reads).not.toMatch(/goes on|quoted: SHA-256/);
    expect(one.looks).toMatch(/foreign[^>]*>SHA-256/);
    expect(other.looks).not.toMatch(/foreign[^>]*>SHA-256/);
  });
});

test("that a request or a claim goes on is said where none of its lines can be", async () => {
  const opened = async (last: Segment) => {
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
  for (const { rest, quoted } of await opened(t(NOTE))) {
    expect(rest).toBeUndefined();
    expect(quoted.join("\n")).toContain(NOTE);
  }
  document.body.replaceChildren();
  for (const { rest, sign, quoted } of await opened(w(NOTE))) {
    expect([rest, sign]).toEqual([NOTE, true]);
    expect(quoted.join("\n")).not.toContain(NOTE);
  }
});

describe("a request or a claim that goes on beyond what is here", () => {
  const gone = [w(NOTE)];
  const opened = async (lines: Segment[][], tall = 20) => {
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
    expect(await opened([ok, gone])).toEqual(Array(2).fill({ rest: NOTE, button: undefined }));
  });
  test("is said below all that is here, and no button promises all of it", async () => {
    expect(await opened([ok, ok, gone], 60)).toEqual(Array(2).fill({ rest: undefined, button: "Show 2 lines" }));
    await fireEvent.click(id("claim").querySelector(".toggle")!);
    await fireEvent.click(id("asked").querySelector("button")!);
    for (const name of ["asked", "claim"]) expect(id(name).querySelector("[data-testid=rest]")).toHaveTextContent(NOTE);
  });
  test("is told from one long line that is whole", async () => {
    expect((await opened([ok, gone], 60)).map((it) => it.button)).toEqual(["Show more of the line", "Show more of the line"]);
    document.body.replaceChildren();
    expect((await opened([ok, ok], 60)).map((it) => it.button)).toEqual(["Show all 2 lines", "Show all 2 lines"]);
  });
});
