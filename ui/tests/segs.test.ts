// A piece in which something is drawn as nothing says so, and says what.

import { render } from "@testing-library/svelte";
import { expect, test } from "vitest";
import Segs from "../src/lib/Segs.svelte";
import { codes } from "../src/lib/segments";
import type { Row } from "../src/lib/wire/Row";
import type { Segment } from "../src/lib/wire/Segment";
import RowView from "../src/review/RowView.svelte";

const joined = (text: string, kind: "joined" | "joined_changed", rtl = false) => ({ text, kind, rtl, findings: [] }) as Segment;

test("the code points are those of the words that have something unseen in them", () => {
  expect(codes("\u{1f469}\u200d\u{1f4bb}")).toBe("U+1F469 U+200D U+1F4BB");
  expect(codes("\u0628\u0647 \u0645\u06cc\u200c\u062f \u0648")).toBe("U+0645 U+06CC U+200C U+062F");
});

test("a joined piece is marked, whole, and in a box of its own", () => {
  const { container } = render(Segs, { segments: [joined("1\ufe0f\u20e3", "joined"), joined("\u0645\u06cc\u200c\u062f", "joined_changed", true)] });
  const [one, other] = container.querySelectorAll("bdi.joined");
  expect(one?.textContent).toBe("1\ufe0f\u20e3");
  expect(one).toHaveAttribute("title", "U+0031 U+FE0F U+20E3");
  expect(other).toHaveClass("changed");
  expect(container.textContent).toBe("1\ufe0f\u20e3\u0645\u06cc\u200c\u062f");
});

test("a line is drawn with two nodes a piece at most, and few around them", () => {
  const syntax = ["keyword", "string", "comment", "literal"] as const;
  const segments = Array.from({ length: 40 }, (_, i) => ({ text: `it${i} `, kind: "text", rtl: false, syntax: syntax[i % 4] }) as Segment);
  const row: Row = { kind: "line", before: 7, after: 8, change: "same", continued: false, segments };
  const { container } = render(RowView, { row, view: "diff", tinted: true });
  expect(container.querySelector(".tx")?.textContent).toBe(segments.map((it) => it.text).join(""));
  expect([...container.querySelectorAll(".no")].map((it) => it.textContent)).toEqual(["7", "8"]);
  const walker = document.createTreeWalker(container, NodeFilter.SHOW_ALL);
  let nodes = 0;
  while (walker.nextNode()) nodes += 1;
  expect(nodes).toBeLessThanOrEqual(2 * segments.length + 11);
});

test("what is read anew and looks the same is left alone, so that a selection in it stays", async () => {
  const text = (last: string, findings: number[] = []): Segment[] => [{ text: "to ", kind: "words", rtl: false }, joined("1\ufe0f\u20e3", "joined"), { text: last, kind: "text", rtl: false, findings }];
  const { container, rerender } = render(Segs, { segments: text("all"), own: true });
  const nodes = () => [...(container.querySelector(".segs")?.childNodes ?? [])];
  const before = nodes();
  await rerender({ segments: text("all") });
  expect(nodes().map((it, i) => it === before[i])).toEqual([true, true, true]);
  await rerender({ segments: text("none") });
  expect(container.textContent).toBe("to 1\ufe0f\u20e3none");
  await rerender({ segments: text("none").slice(0, 2) });
  expect(container.textContent).toBe("to 1\ufe0f\u20e3");
});
