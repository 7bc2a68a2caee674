// A piece in which something is drawn as nothing says so, and says what.

import { render } from "@testing-library/svelte";
import { expect, test } from "vitest";
import Segs from "../src/lib/Segs.svelte";
import { codes } from "../src/lib/segments";
import type { Segment } from "../src/lib/wire/Segment";

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
