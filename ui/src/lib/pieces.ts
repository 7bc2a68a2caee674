// Text cut in Rust, always as text nodes: whatever it says, it is shown and nothing more.
//
// Drawn by hand and not as a component for each piece: of a coloured line a component made some fifty nodes more
// that nobody sees, and a frame of scrolling draws a dozen lines.

import "./pieces.css";
import type { Found, Look } from "./found";
import { cut } from "./marks";
import { codes } from "./segments";
import type { HitMark } from "./wire/HitMark";
import type { Segment } from "./wire/Segment";

type Looks = {
  /** For places where the app's words stand beside somebody else's, which then get a ground of their own. */
  own?: boolean;
  /** Whether a screen reader says so, too: it reads no ground. */
  told?: boolean;
  /** What was found; nothing where no sheet is around it. */
  found?: Found | undefined;
  /** What was sought in this text, in order and apart. */
  hits?: HitMark[];
  /** Which hit one is at. */
  at?: () => number | null;
};

/** Puts `segments` into an element, in the place of what is there. What would look the same is left alone. */
export function fill(into: HTMLElement, segments: Segment[], { own = false, told = false, found, hits = [], at }: Looks = {}): void {
  into.classList.add("segs");
  const says = told ? turns() : undefined;
  if (hits.length === 0) return put(into, pieces(segments, own, found, says));
  const here = at?.() ?? null;
  put(
    into,
    cut(segments, hits).flatMap(({ segments, mark }) => {
      const drawn = pieces(segments, own, found, says);
      if (!mark) return drawn;
      const it = element("mark", "hit", drawn);
      it.classList.toggle("here", here !== null && mark.first <= here && here < mark.last);
      it.dataset.testid = "hit";
      return [it];
    }),
  );
}

/** What is read anew is mostly what was read before: a selection in it stays, and a list does not lose its place while
    its rows are empty for a moment. */
function put(into: HTMLElement, nodes: (Node | string)[]): void {
  const same = (it: Node | string, i: number) => {
    const old = into.childNodes[i];
    return typeof it === "string" ? old?.nodeType === Node.TEXT_NODE && old.nodeValue === it : it.isEqualNode(old ?? null);
  };
  if (into.childNodes.length !== nodes.length || !nodes.every(same)) into.replaceChildren(...nodes);
}

function pieces(segments: Segment[], own: boolean, found: Found | undefined, says?: (it: Segment) => string): (Node | string)[] {
  const looks = segments.map(({ findings }) => (findings && found?.look(findings)) ?? null);
  return segments.flatMap((it, i) => {
    const drawn = piece(it, own);
    const look = looks[i];
    const turn = says?.(it);
    // The number stands once, where the finding ends.
    const whole = look ? marked(drawn, look, it.findings ?? [], looks[i + 1]?.number !== look.number) : drawn;
    return turn ? [element("span", "said", [turn]), whole] : [whole];
  });
}

/** What is said before a piece: that words of somebody else begin, or ours go on after them. Punctuation needs no word. */
function turns(): (it: Segment) => string {
  let theirs = false;
  let parted = false;
  return ({ kind, text }) => {
    const was = theirs;
    if (kind === "words" && !/[\p{L}\p{N}]/u.test(text)) {
      parted = true;
      return "";
    }
    theirs = kind !== "words";
    const begins = theirs && (!was || parted);
    parted = false;
    return begins ? "quoted: " : was && !theirs ? " unquoted: " : "";
  };
}

function marked(drawn: Node | string, { severity, done, current, number }: Look, findings: number[], ends: boolean): Node {
  const it = element("mark", `found ${severity}`, [drawn]);
  it.classList.toggle("done", done);
  it.classList.toggle("current", current);
  it.setAttribute("aria-describedby", `finding-${number}`);
  // One is drawn, and all that have a part of it are displayed with it.
  it.dataset.findings = findings.join(" ");
  if (ends) it.dataset.number = String(number);
  return it;
}

function piece({ text, kind, rtl, syntax }: Segment, own: boolean): Node | string {
  const right = rtl ? "right" : "";
  const foreign = own ? "foreign" : "";
  switch (kind) {
    case "words":
      return text;
    case "text": {
      if (own || rtl) return element("bdi", `${foreign} ${right}`, [text]);
      if (!syntax) return text;
      const it = element("span", "", [text]);
      it.dataset.syntax = syntax;
      return it;
    }
    case "changed":
      return element("bdi", `changed ${foreign} ${right}`, [text]);
    case "joined":
    case "joined_changed": {
      const it = element("bdi", `joined ${foreign} ${kind === "joined" ? "" : "changed"}`, [text]);
      it.title = codes(text);
      return it;
    }
    case "mask": {
      const it = element("span", "mask", [text]);
      it.title = "Masked";
      return it;
    }
    default:
      return element("span", kind === "chip_red" ? "chip red" : kind === "bytes" ? "chip bytes" : "chip", [text]);
  }
}

function element(name: string, looks: string, inside: (Node | string)[]): HTMLElement {
  const it = document.createElement(name);
  if (looks.trim() !== "") it.className = looks.trim().replace(/ +/g, " ");
  it.append(...inside);
  return it;
}
