import { fireEvent } from "@testing-library/svelte";
import { afterEach, describe, expect, test, vi } from "vitest";
import { claimed } from "../dev/found";
import { displayed } from "../src/review/heads";
import { id, none, open, pass } from "./open";

afterEach(() => {
  vi.restoreAllMocks();
  document.body.replaceChildren();
});

/** Everything is where its `data-box` says, from the top to the bottom, and where that is of interest from left to right. */
function boxes() {
  vi.spyOn(Element.prototype, "getBoundingClientRect").mockImplementation(function (this: Element) {
    const [top = 0, bottom = 0, left = 100, right = 200] = (this.getAttribute("data-box") ?? "").split(" ").map(Number);
    return { top, bottom, left, right, width: right - left, height: bottom - top } as DOMRect;
  });
}
/** A window from 50 to 650, and as wide as from 100 to 1100, whose headline ends at 100. */
function sheet(inside: string, headline = "") {
  boxes();
  document.body.innerHTML = `<div class="scroller" data-box="50 650"><div class="headline" data-head data-box="50 100">${headline}</div>${inside}</div>`;
  return (covered = 0, wanted = new Set([0, 2, 5])) => displayed(document.querySelector(".scroller")!, document.querySelector<HTMLElement>(".headline")!, covered, wanted);
}
const mark = (top: number, bottom: number, findings = "0", across = "") => `<mark data-findings="${findings}" data-box="${`${top} ${bottom} ${across}`.trim()}">x</mark>`;
const head = (inside: string) => `<section data-head>${inside}</section>`;

describe("a mark above the rows is displayed", () => {
  test("where it is whole in the window, with all that have a part of it", () => {
    expect(sheet(head(mark(300, 320, "2 5")))()).toEqual([2, 5]);
    expect(sheet(head(mark(640, 660)))()).toEqual([]);
    expect(sheet(head(mark(900, 920)))()).toEqual([]);
    // One of several is enough.
    expect(sheet(head(mark(900, 920) + mark(400, 420)))()).toEqual([0]);
    expect(sheet(head(mark(300, 320, "2 5")))(0, new Set([0, 5]))).toEqual([5]);
  });
  test("below the headline, unless it is a part of that", () => {
    expect(sheet(head(mark(90, 110)))()).toEqual([]);
    expect(sheet(head(mark(60, 80)))()).toEqual([]);
    expect(sheet("", mark(60, 80))()).toEqual([0]);
    expect(sheet("", mark(20, 40))()).toEqual([]);
  });
  test("above what covers the end of the window", () => {
    const covered = sheet(head(mark(600, 620)));
    expect(covered(0)).toEqual([0]);
    expect(covered(40)).toEqual([]);
  });
  test("where nothing around it cuts it off", () => {
    const clip = (overflow: string, bottom: number) => sheet(head(`<div style="overflow-y: ${overflow}" data-box="200 ${bottom}"><p data-box="200 900">${mark(260, 280)}</p></div>`))();
    for (const overflow of ["hidden", "clip", "auto"]) {
      expect(clip(overflow, 240), overflow).toEqual([]);
      expect(clip(overflow, 270), overflow).toEqual([]);
      expect(clip(overflow, 300), overflow).toEqual([0]);
    }
    expect(clip("visible", 240)).toEqual([0]);
  });
  test("where all of its width is in the window", () => {
    const at = (left: number, right: number) => sheet(head(mark(300, 320, "0", `${left} ${right}`)))();
    expect(at(100, 1100)).toEqual([0]);
    expect(at(90, 190)).toEqual([]);
    expect(at(1050, 1150)).toEqual([]);
    expect(at(1200, 1300)).toEqual([]);
    // What is wider than that counts by where it begins.
    expect(at(200, 2200)).toEqual([0]);
    expect(at(1095, 3000)).toEqual([]);
    expect(at(-900, 1000)).toEqual([]);
  });
  test("where nothing around it cuts it off at its side", () => {
    const clip = (overflow: string, right: number) => sheet(head(`<div style="overflow-x: ${overflow}" data-box="200 400 100 ${right}">${mark(260, 280, "0", "300 400")}</div>`))();
    for (const overflow of ["hidden", "clip", "auto"]) {
      expect(clip(overflow, 250), overflow).toEqual([]);
      expect(clip(overflow, 350), overflow).toEqual([]);
      expect(clip(overflow, 400), overflow).toEqual([0]);
    }
    expect(clip("visible", 250)).toEqual([0]);
  });
  test("not where nothing of it is drawn", () => {
    expect(sheet(head(mark(300, 320)))()).toEqual([0]);
    expect(sheet(head(mark(300, 300)))()).toEqual([]);
    expect(sheet(head(mark(300, 320, "0", "200 200")))()).toEqual([]);
  });
  test("not in rows, or in what stands beside the sheet", () => {
    expect(sheet(mark(300, 320))()).toEqual([]);
    expect(sheet(`<aside>${mark(300, 320)}</aside>`)()).toEqual([]);
  });
  test("where it begins, when it is one of very many", () => {
    const run = (first: number) => sheet(head(Array.from({ length: 1000 }, (_, i) => mark(first + 20 * i, first + 20 + 20 * i)).join("")))();
    expect(run(300)).toEqual([0]);
    expect(run(-9000)).toEqual([]);
  });
  test("where it begins, when it is higher than the window", () => {
    expect(sheet(head(mark(200, 1200)))()).toEqual([0]);
    expect(sheet(head(mark(640, 1640)))()).toEqual([]);
    expect(sheet(head(mark(-400, 1200)))()).toEqual([]);
    // Also in what goes on in the part before, and is cut there.
    const cut = (top: number) => sheet(head(`<div style="overflow-y: clip" data-box="${top} 640">${mark(300, 1200)}</div>`))();
    expect(cut(290)).toEqual([0]);
    expect(cut(310)).toEqual([]);
  });
  test("and nothing is looked for when none is wanted", () => {
    const look = sheet(head(mark(300, 320).repeat(1000)));
    const boxes = vi.mocked(Element.prototype.getBoundingClientRect);
    const all = vi.spyOn(Element.prototype, "querySelectorAll");
    expect(look(0, new Set())).toEqual([]);
    expect(all).not.toHaveBeenCalled();
    expect(boxes).not.toHaveBeenCalled();
  });
});

describe("what hides in the last line of a long claim", () => {
  const FAR = 2000;
  function hiding() {
    const item = claimed(300);
    // The marks of the claim are far below the window, and move with it.
    vi.spyOn(Element.prototype, "getBoundingClientRect").mockImplementation(function (this: Element) {
      const box = (top: number, bottom: number) => ({ top, bottom, left: 0, right: 100, width: 100, height: bottom - top }) as DOMRect;
      if (this.matches(".scroller")) return box(0, 600);
      if (!this.matches("mark")) return box(0, 0);
      const top = FAR - document.querySelector(".scroller")!.scrollTop;
      return box(top, top + 20);
    });
    return item;
  }
  const less = () => [...id("claim").querySelectorAll("button")].find((it) => it.textContent?.includes("Show less"))!;

  test("is not displayed because the sheet is, and cannot be folded away", async () => {
    const { fake } = await open([hiding()]);
    await pass(5000);
    expect(fake.marks).toEqual([]);
    expect(none("acknowledge")).toBe(true);
    expect(id("approve")).toHaveAttribute("data-state", "off");
    expect(id("claim").querySelectorAll("p").length).toBe(300);
    expect(less()).toBeDisabled();
    await fireEvent.click(less());
    expect(id("claim").querySelectorAll("p").length).toBe(300);
  });
  test("is where one is led, and counts after a while there", async () => {
    const { fake } = await open([hiding()]);
    await pass(1500);
    await fireEvent.click(id("finding-see"));
    await pass(250);
    expect(document.querySelector(".scroller")!.scrollTop).toBeGreaterThan(FAR - 600);
    expect(fake.marks).toEqual([]);
    await pass(500);
    expect(fake.marks).toEqual([0]);
    expect(id("acknowledge")).toBeEnabled();
    // Folded by a person it opens again for whoever goes there.
    await fireEvent.click(less());
    expect(id("claim").querySelectorAll("p").length).toBe(1);
    for (let again = 0; again < 2; again += 1) {
      await fireEvent.click(document.querySelector("#finding-1 .place")!);
      await pass(50);
      expect(id("claim").querySelectorAll("p").length).toBe(300);
      await fireEvent.click(less());
    }
  });
  test("that only flew by does not count", async () => {
    const { fake } = await open([hiding()]);
    await pass(1500);
    const scroller = document.querySelector(".scroller")!;
    for (const top of [FAR - 300, 0]) {
      scroller.scrollTop = top;
      await fireEvent.scroll(scroller);
      await pass(200);
    }
    await pass(2000);
    expect(fake.marks).toEqual([]);
  });
});
