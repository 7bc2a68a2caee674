// What stands before the text of a line: its numbers on both sides, where it moved to or from, and its sign. Drawn by
// hand, as its text is: a frame of scrolling draws a dozen of them.

import type { Moved } from "../lib/wire/Moved";
import type { Row } from "../lib/wire/Row";
import type { Half } from "./layout";

type LineRow = Extract<Row, { kind: "line" }>;
type Around = { diff: boolean; half: Half | undefined; index: number; go: ((row: number) => void) | undefined };

const GLYPH = { same: "", added: "+", removed: "−" } as const;
const SAID = { same: "", added: "added: ", removed: "removed: " } as const;

/** Fills the two numbers and the sign, which are the first things in a row. `index` is the row's place. */
export function margin(into: HTMLElement, row: LineRow, { diff, half, index, go }: Around): void {
  const [first, second, sign] = into.children;
  const moved = row.moved && elsewhere(row.moved, half === "left" || (!half && row.change === "removed") ? "to" : "from", index, go);
  const before = row.before ?? "";
  const after = row.after ?? "";
  if (half) {
    put(first, half === "left" ? before : after);
    put(second, "", moved);
  } else if (diff) {
    put(first, before, row.change === "added" ? moved : undefined);
    put(second, after, row.change === "removed" ? moved : undefined);
  } else {
    put(first, "");
    put(second, after === "" ? before : after);
  }
  if (row.continued || row.change === "same") sign?.replaceChildren();
  else sign?.replaceChildren(drawn(GLYPH[row.change]), said(SAID[row.change]));
}

function put(into: Element | undefined, number: number | "", beside?: HTMLElement): void {
  into?.replaceChildren(...(number === "" ? [] : [String(number)]), ...(beside ? [beside] : []));
}

/** The first line of a block that moved goes to its other end. */
function elsewhere({ line, row, first }: Moved, way: "to" | "from", index: number, go: Around["go"]): HTMLElement {
  const says = `Moved ${way} line ${line}`;
  const goes = first && row !== null && go;
  const it = document.createElement(goes ? "button" : "span");
  it.className = goes ? "link moved" : "moved";
  it.title = says;
  it.append(drawn(`${row === null ? "↕" : row > index ? "↓" : "↑"}${line}`), said(says));
  if (goes) {
    it.dataset.testid = "moved";
    it.addEventListener("click", () => go(row));
  }
  return it;
}

/** What is seen and not read out. */
function drawn(text: string): HTMLElement {
  const it = document.createElement("span");
  it.ariaHidden = "true";
  it.textContent = text;
  return it;
}

/** What is read out and not seen. */
function said(text: string): HTMLElement {
  const it = document.createElement("span");
  it.className = "said";
  it.textContent = text;
  return it;
}
