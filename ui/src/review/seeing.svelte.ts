// Which rows of a sheet, and which marks above them, are in view as they have to be, and for how long: that is reported,
// and Rust keeps the tally.

import type { Session } from "../lib/session.svelte";
import type { SheetHead } from "../lib/wire/SheetHead";
import { displayed, findingsIn } from "./heads";
import type { Half, Place } from "./layout";
import type { Pages } from "./pages.svelte";
import { ranges, rowTally, Tally } from "./tally";
import type { Viewport } from "./viewport.svelte";

/** Milliseconds that reports wait for each other: one question for many rows. */
const GATHER = 60;

export class Seeing {
  readonly #rows = rowTally();
  readonly #marks = new Tally<number>(String);
  /** Rows whose beginning was in view, by their number: what opens above them moves them. */
  #begun = new Set<string>();
  /** How rows were cut and how wide the window was, when their beginnings were. */
  #cut: readonly unknown[] = [];
  #pending: { rows: Place[]; marks: number[] } = { rows: [], marks: [] };
  #again: ReturnType<typeof setTimeout> | undefined;
  #report: ReturnType<typeof setTimeout> | undefined;
  #looking = 0;
  readonly sheet: string | undefined;
  /** Findings with a mark above the rows or in the head of a document. */
  readonly #found: readonly number[];

  constructor(
    sheet: SheetHead | null,
    readonly viewport: Viewport,
    readonly pages: Pick<Pages, "lines">,
    readonly session: Session,
  ) {
    this.sheet = sheet?.digest;
    this.#found = [...findingsIn(sheet)];
  }

  /** A row counts from a frame in which it was drawn; a window that draws none counts none. */
  readonly soon = (): void => {
    cancelAnimationFrame(this.#looking);
    this.#looking = requestAnimationFrame(() => this.#look());
  };
  /** A report may have been lost on the way: what is in view is reported again. */
  forget(): void {
    this.#rows.forget();
    this.#marks.forget();
  }
  end(): void {
    cancelAnimationFrame(this.#looking);
    clearTimeout(this.#again);
    clearTimeout(this.#report);
  }
  readonly begun = (place: Place, half?: Half | "high"): boolean => this.#begun.has(key(place, half));

  /** Counts what is in view now, and comes back when something becomes due. */
  #look(): void {
    clearTimeout(this.#again);
    const { sheet, viewport } = this;
    if (sheet === undefined) return;
    const cut = [viewport.view.width, viewport.beside.wraps.fitting, viewport.pairs];
    if (cut.some((it, i) => it !== this.#cut[i])) this.#begun = new Set();
    this.#cut = cut;
    viewport.widen();
    const now = performance.now();
    const [rows, marks] = [this.#rows.look(this.#inView(), now), this.#marks.look(this.#above(), now)];
    this.#pending.rows.push(...rows.due);
    this.#pending.marks.push(...marks.due);
    const again = Math.min(rows.again ?? Infinity, marks.again ?? Infinity);
    if (again < Infinity) this.#again = setTimeout(this.soon, again + 5);
    if (this.#pending.rows.length + this.#pending.marks.length > 0 && this.#report === undefined) {
      this.#report = setTimeout(() => {
        this.#report = undefined;
        const { rows, marks } = this.#pending;
        this.#pending = { rows: [], marks: [] };
        void this.session.seen(sheet, ranges(rows), marks);
      }, GATHER);
    }
  }

  /** Nothing lies over the sheet, as far as the page knows. */
  #uncovered(): boolean {
    const s = this.session;
    return document.visibilityState === "visible" && !s.asking && !s.veils.menu && !s.veils.drawer;
  }

  /** Findings of which a mark above the rows is drawn. */
  #above(): number[] {
    const { scroller, headline } = this.viewport;
    if (!scroller || !this.#uncovered()) return [];
    // A long text may have thousands of marks, and this is looked at in each frame.
    const left = this.session.bar.not_displayed;
    const wanted = this.#found.filter((it) => left.includes(it) && !this.#marks.has(it));
    return displayed(scroller, headline, this.session.covered, new Set(wanted));
  }

  /** Rows with at least half their height in view, uncovered, loaded, and whole in width. */
  #inView(): Place[] {
    const s = this.session;
    const { scroller, list, view, drawn, part } = this.viewport;
    if (!this.#uncovered() || !this.viewport.beside.wraps.known) return [];
    const places: Place[] = [];
    // What is to be drawn counts when it was.
    const there = new Map<string, HTMLElement>();
    for (const it of list?.querySelectorAll("[data-testid=row]") ?? []) {
      const line = it.closest<HTMLElement>("[data-top]");
      if (line) there.set(`${line.dataset.top}${line.dataset.half ?? ""}`, line);
    }
    const bottom = view.height - s.covered;
    const sideways = scroller && scroller.scrollWidth > scroller.clientWidth + 1;
    for (const [document, lines] of drawn) {
      const top = this.viewport.under(document);
      for (const line of lines) {
        if (line.kind !== "row") continue;
        const parts = this.pages.lines(document, line.row)?.length;
        const it = there.get(`${line.top}${line.half ?? ""}`);
        if (!parts || !it) continue;
        // The middles of its first and its last line.
        const first = view.listTop + line.top - part + line.height / parts / 2 - view.top;
        const last = first + line.height - line.height / parts;
        // One that is higher than the room for it counts when its end is in view, and its beginning is or was.
        const high = last - first > bottom - top;
        const starts = first >= top && first <= bottom;
        if (high && starts) this.#begun.add(key(line, "high"));
        if (last < top || last > bottom || !(starts || (high && this.begun(line, "high")))) continue;
        if ((sideways || line.half) && !this.#wholeInWidth(it, line, line.half)) continue;
        places.push({ document, row: line.row });
      }
    }
    return places;
  }

  /** Where the sheet scrolls sideways a row counts when its end is in view, and its beginning is or was. */
  #wholeInWidth(line: HTMLElement, place: Place, half?: Half): boolean {
    const { scroller } = this.viewport;
    const row = line.querySelector("[data-testid=row]");
    const texts = [...line.querySelectorAll(".end")];
    if (!row || texts.length === 0 || !scroller) return false;
    const window = scroller.getBoundingClientRect();
    const end = Math.max(...texts.map((it) => it.getBoundingClientRect().right));
    // The other side stands over what reaches beyond its own.
    if (half && end > line.getBoundingClientRect().right) return false;
    const start = row.getBoundingClientRect().left;
    // The first 24 pixels of a row are margin.
    const starts = start + 24 >= window.left;
    if (starts) this.#begun.add(key(place, half));
    return end <= window.right + 1 && (starts || (end - start > window.width && this.begun(place, half)));
  }
}

const key = ({ document, row }: Place, half?: Half | "high") => `${document}:${row}:${half ?? ""}`;
