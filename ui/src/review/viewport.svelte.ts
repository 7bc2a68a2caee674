// What the window shows of a sheet: how its documents lie, which part of them is on screen, and ways to other parts.

import { tick } from "svelte";
import type { Session } from "../lib/session.svelte";
import type { DocumentHead } from "../lib/wire/DocumentHead";
import { type Besides, high } from "./besides.svelte";
import { BAR, type Body, foldKey, type Half, LAP, Layout, PART, type Place, UNIT } from "./layout";
import type { Sides } from "./sides.svelte";
import type { Wraps } from "./wraps.svelte";

/** Pixels drawn beyond the edges, so that scrolling meets text. */
const BEYOND = 120;

/** Pixels beyond the edges whose rows are fetched, so that scrolling draws what is there already. */
const AHEAD = 800;

/** What else decides how rows lie. */
type Beside = { sides: Sides; wraps: Wraps; besides: Besides };

export class Viewport {
  scroller = $state<HTMLElement>();
  list = $state<HTMLElement>();
  headline = $state<HTMLElement>();
  top = $state<HTMLElement>();
  /** Where the part on screen begins; only sheets higher than PART have several. */
  part = $state(0);
  /** Pixels, as they were measured last. */
  view = $state.raw({ top: 0, height: 0, width: 0, listTop: 0, headline: 0, headlineTop: 0, consequence: 0 });
  /** Width of the widest row that was drawn, where that is more than the window's: grounds and heads reach as far. */
  wide = $state(0);
  /** What the widest row of one side needs. */
  #half = $state(0);
  #unfolded = $state.raw<ReadonlySet<string>>(new Set());
  /** How high heads are, and how high without what a person opened in them. */
  #heads = $state.raw<ReadonlyMap<number, { high: number; own: number }>>(new Map());
  #frame = 0;

  readonly pairs = $derived.by(() => this.beside.sides.pairs(this.view.width));
  readonly layout = $derived.by(
    () => new Layout(this.documents(), (document) => this.head(document), this.#unfolded, (document) => this.#above(document), this.pairs, this.beside.wraps.fitting.tall),
  );
  /** Width of one side: half of the window's, or what its widest row needs. */
  readonly side = $derived.by(() => Math.max(this.#half, Math.floor(this.view.width / 2)));
  readonly height = $derived.by(() => Math.min(PART + LAP, this.layout.height - this.part));
  /** How much of the headline stays: all of it, or of a long one its consequence, or nothing. */
  readonly stick = $derived.by(() => {
    const { headline, consequence, height } = this.view;
    return [headline, consequence].find((it) => it > 0 && it <= 132 && it <= height / 3) ?? 0;
  });
  readonly stuck = $derived.by(() => this.stick > 0 && this.view.top > this.view.headlineTop + this.view.headline - this.stick);
  /** What is drawn now below the heads, by document. */
  readonly drawn = $derived.by(() => {
    const out = new Map<number, Body[]>();
    for (const line of this.layout.lines(this.within(-BEYOND), this.within(this.view.height + BEYOND))) {
      const lines = out.get(line.document) ?? [];
      if (line.kind !== "head") lines.push(line);
      out.set(line.document, lines);
    }
    return out;
  });
  /** Rows that are drawn, or soon. */
  near(): Place[] {
    const lines = this.layout.lines(this.within(-AHEAD), this.within(this.view.height + AHEAD));
    return lines.filter((it) => it.kind === "row");
  }
  /** Rows below the window. */
  readonly below = $derived.by(() => {
    const bottom = this.within(this.#end - UNIT / 2);
    const at = this.layout.at(bottom);
    if (!at) return 0;
    return this.documents().reduce((sum, { rows }, d) => sum + (d > at.document ? rows : d === at.document ? this.layout.below(bottom) : 0), 0);
  });

  /** `measured` is called whenever the window was measured. */
  constructor(
    readonly documents: () => DocumentHead[],
    readonly beside: Beside,
    readonly session: Pick<Session, "covered">,
    readonly measured: () => void,
  ) {}

  head(document: number): number {
    return this.#heads.get(document)?.high ?? BAR;
  }
  /** Whether the head of a document stays while its rows scroll. One that would leave them little room goes with them:
      under it none could ever be displayed. Nor may it cover what only a later part can show. */
  sticks(document: number): boolean {
    return (this.#heads.get(document)?.own ?? BAR) <= Math.min(this.view.height / 3, LAP);
  }
  /** What stays above the rows of a document while they scroll. */
  docked(document: number): number {
    return this.stick + (this.sticks(document) ? this.head(document) : 0);
  }
  /** How far before the part on screen the head of a document begins, where it does not stick. */
  past(document: number): number {
    return this.sticks(document) ? 0 : Math.max(0, this.part - this.layout.bounds(document)[0]);
  }
  /** The height of a view above the rows of a document. */
  #above(document: number): number {
    return this.beside.besides.open(document) ? high(this.documents()[document]?.also ?? null) : 0;
  }
  /** Where the window ends, for what lies over it. */
  get #end(): number {
    return this.view.height - this.session.covered;
  }
  /** The height in the layout of something that is so far from the top of the window. */
  within(top: number): number {
    return this.part + Math.max(0, Math.min(this.view.top + top - this.view.listTop, this.height));
  }
  /** How far below the top of the window rows of a document come out from under the headline and their head. */
  under(document: number): number {
    const start = Math.max(this.layout.bounds(document)[0], this.part) - this.past(document) - this.part + this.view.listTop - this.view.top;
    return Math.max(this.docked(document), start + this.head(document));
  }
  /** The first row in view, below everything that sticks. */
  first(): Place {
    const at = this.layout.at(this.within(this.stick));
    const below = at && this.layout.at(this.within(this.under(at.document)));
    if (!below) return { document: 0, row: 0 };
    return { document: below.document, row: below.kind === "row" ? below.row : below.kind === "fold" ? below.from : 0 };
  }
  /** How far below the top of the window a row begins. */
  from(place: Place): number {
    return this.layout.top(place) - this.part + this.view.listTop - this.view.top;
  }

  measure(): void {
    const { scroller, list, headline } = this;
    if (!scroller || !list) return;
    if (scroller.clientWidth !== this.view.width) this.wide = this.#half = 0;
    const last = headline?.querySelector<HTMLElement>("h1 > :last-child");
    const height = headline?.offsetHeight ?? 0;
    this.view = {
      top: scroller.scrollTop,
      height: scroller.clientHeight,
      width: scroller.clientWidth,
      listTop: list.offsetTop,
      headline: height,
      headlineTop: this.top?.offsetHeight ?? 0,
      consequence: last ? height - last.offsetTop - 2 : 0,
    };
    this.measured();
  }
  /** Looks at what was drawn: grounds and sides are as wide as that. */
  widen(): void {
    const { scroller, list } = this;
    if (scroller && scroller.scrollWidth > Math.max(this.wide, scroller.clientWidth) + 1) this.wide = scroller.scrollWidth;
    for (const it of list?.querySelectorAll(".half") ?? []) {
      const text = it.querySelector(".end")?.getBoundingClientRect();
      if (text) this.#half = Math.max(this.#half, Math.ceil(text.right - it.getBoundingClientRect().left) + 8);
    }
  }
  /** Measures as often as is drawn, and no oftener. */
  readonly scrolled = (): void => {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.measure());
  };
  /** Measures whenever its size changes, until the returned function is called. */
  watch(): () => void {
    const resized = new ResizeObserver(() => this.measure());
    if (this.scroller) resized.observe(this.scroller);
    for (const part of this.scroller?.children ?? []) resized.observe(part);
    this.measure();
    return () => {
      resized.disconnect();
      cancelAnimationFrame(this.#frame);
    };
  }

  scroll(by: number | "page" | "-page" | "start" | "end" | "left" | "right"): void {
    const { scroller } = this;
    if (!scroller) return;
    if (by === "left" || by === "right") {
      scroller.scrollLeft += (by === "left" ? -4 : 4) * UNIT;
      return;
    }
    const page = Math.max(UNIT * 3, this.#end - this.stick - 4 * UNIT);
    if (by === "start") scroller.scrollTop = 0;
    else if (by === "end") scroller.scrollTop = scroller.scrollHeight;
    else scroller.scrollTop += by === "page" ? page : by === "-page" ? -page : by * UNIT;
  }
  /** Brings a row into view, below everything that sticks. `begun` says whether its beginning was in view. */
  go(place: Place, begun: (place: Place, half?: Half | "high") => boolean, tries = 3): void {
    const fold = this.documents()[place.document]?.folds.find((f) => f.from <= place.row && place.row < f.to);
    if (fold) this.unfold(place.document, fold.from);
    const at = this.layout.top(place);
    this.#turnTo(at);
    requestAnimationFrame(() => {
      const { scroller, list } = this;
      if (!scroller || !list) return;
      const top = list.offsetTop + at - this.part;
      const covered = this.docked(place.document);
      // What is in view already stays where it is, so that asking twice does not start it anew.
      const shown = top >= scroller.scrollTop + covered && top + UNIT <= scroller.scrollTop + this.#end;
      const high = this.layout.at(at)?.height ?? UNIT;
      if (high > this.#end - covered && begun(place, "high")) scroller.scrollTop = top + high - this.#end;
      else if (!shown) scroller.scrollTop = top - covered - UNIT;
      this.measure();
      // A row wider than the window counts when its end was in view after its beginning.
      requestAnimationFrame(() => {
        // A head that was drawn only now may be higher than was thought.
        if (this.layout.top(place) !== at && tries > 0) return this.go(place, begun, tries - 1);
        const line = list.querySelector<HTMLElement>(`[data-top="${at}"][data-row="${place.row}"]`);
        const end = line?.querySelector(".end")?.getBoundingClientRect().right;
        if (end === undefined) return;
        const edge = scroller.getBoundingClientRect().right;
        if (!begun(place, line?.dataset.half as Half | undefined)) scroller.scrollLeft = 0;
        else if (end > edge) scroller.scrollLeft += end - edge + UNIT;
      });
    });
  }
  /** Turns to the part that shows a height of the layout. */
  #turnTo(at: number): void {
    const begins = this.part === 0 ? 0 : this.part + LAP;
    if (at < begins || at >= this.part + PART + LAP) this.part = Math.max(0, Math.floor((at - LAP) / PART) * PART);
  }
  /** Has the head of a document drawn, wherever it is. */
  async approach(document: number): Promise<void> {
    const [at] = this.layout.bounds(document);
    this.#turnTo(at);
    await tick();
    const { scroller, list } = this;
    if (!scroller || !list) return;
    scroller.scrollTop = list.offsetTop + at - this.part - this.stick;
    this.measure();
    await tick();
  }
  /** Brings a mark above the rows or in a head into view, below the headline unless it is a part of that. */
  reveal(it: HTMLElement): void {
    const { scroller, headline } = this;
    if (!scroller) return;
    const own = headline?.contains(it) ?? false;
    // A long headline lets only its end stand while one scrolls.
    if (own) scroller.scrollTop = 0;
    const window = scroller.getBoundingClientRect().top;
    const under = own ? window : Math.max(window, headline?.getBoundingClientRect().bottom ?? window);
    const box = it.getBoundingClientRect();
    const shown = box.top >= under && box.bottom <= window + this.#end;
    const stick = own ? 0 : this.stick;
    // What just has room there begins where that does.
    const beneath = Math.max(0, Math.min(UNIT, this.#end - stick - box.height));
    if (!shown) scroller.scrollTop += box.top - window - stick - beneath;
    this.#beside(box, scroller, 0);
    this.measure();
  }
  /** Scrolls sideways to what it names, where that is drawn. */
  aside(name: string): boolean {
    const { scroller } = this;
    const it = this.list?.querySelector(name)?.getBoundingClientRect();
    if (!it || !scroller) return false;
    this.#beside(it, scroller, 24);
    return true;
  }
  #beside(it: DOMRect, scroller: HTMLElement, margin: number): void {
    const { left } = scroller.getBoundingClientRect();
    const { clientWidth: width } = scroller;
    if (it.left < left + margin || it.right > left + width - margin) scroller.scrollLeft += it.left - left - width / 3;
  }
  /** Lets rows lie otherwise, and what was first in view stay there. */
  async keep(change: () => void | Promise<void>): Promise<void> {
    const at = this.first();
    const was = this.layout.top(at);
    await change();
    await tick();
    // The sheet may have been left meanwhile.
    if (!this.scroller) return;
    const moved = this.layout.top(at) - was;
    if (moved !== 0) this.scroller.scrollTop += moved;
    this.measure();
  }
  unfold(document: number, from: number): void {
    this.#unfolded = new Set([...this.#unfolded, foldKey(document, from)]);
  }
  /** To another part of a sheet that is too high for one. */
  turn(to: number): void {
    this.part = to;
    if (this.scroller && this.list) this.scroller.scrollTop = this.list.offsetTop - this.view.headline;
  }
  /** The head of a document needs so many pixels, some of them perhaps for what a person opened in it: that closes again,
      and moves nothing away from under the pointer. */
  grew(document: number, pixels: number, opened = false): void {
    const high = Math.max(BAR, Math.ceil(pixels));
    const before = this.#heads.get(document);
    const own = opened ? Math.min(high, before?.own ?? BAR) : high;
    if (high !== before?.high || own !== before.own) this.#heads = new Map([...this.#heads, [document, { high, own }]]);
  }
}
