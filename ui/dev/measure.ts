// What can only be measured where things have sizes: in the real engine.
//
// Each check answers with what is wrong, one line each, as `rule: element`.
// The walk with Tab is steered from outside, by real keys: `stop` looks at
// where the focus is, `missed` says what it never came to.

import axe from "axe-core";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const INTERACTIVE = "a[href], button, input, select, textarea, summary, [tabindex], [role=button], [role=link], [role=option], [role=menuitem], [role=tab], [role=switch]";
/** Groups that the arrow keys walk: one member is in the order of Tab. */
const ROVING = "[role=listbox], [role=menu], [role=radiogroup], [role=tablist], [role=toolbar], [role=grid], [role=tree], [data-roving]";

export function name(it: Element): string {
  const id = it.getAttribute("data-testid") ?? it.id;
  const kind = it.tagName.toLowerCase() + (id ? `#${id}` : "") + [...it.classList].filter((c) => !c.startsWith("svelte-") && !c.startsWith("s-")).map((c) => `.${c}`).join("");
  const text = (it.getAttribute("aria-label") ?? it.textContent).trim().replace(/\s+/g, " ").slice(0, 50);
  return text ? `${kind} “${text}”` : kind;
}
const path = (it: Element) => (it.parentElement ? `${name(it.parentElement).split(" “")[0]} > ${name(it)}` : name(it));

const box = (it: Element) => it.getBoundingClientRect();
function drawn(it: Element): boolean {
  if (!it.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })) return false;
  const { width, height } = box(it);
  return width > 0 && height > 0 && it.closest("[inert], [hidden]") === null && !onlySaid(it);
}
/** For those who listen: cut to nothing on purpose. */
function onlySaid(it: Element | null): boolean {
  return it !== null && (getComputedStyle(it).clipPath === "inset(50%)" || onlySaid(it.parentElement));
}
/** Behind an open dialog nothing is used. */
function usable(it: Element): boolean {
  const modals = document.querySelectorAll(":modal");
  const modal = modals[modals.length - 1];
  return drawn(it) && (!modal || modal.contains(it)) && !it.matches(":disabled");
}
const interactive = () => [...document.querySelectorAll<HTMLElement>(INTERACTIVE)].filter((it) => usable(it) && (it.tabIndex >= 0 || !it.hasAttribute("tabindex") || it.matches("button, a, input, [role]")));

export async function accessible(): Promise<string[]> {
  const found = await axe.run(document, { runOnly: TAGS, resultTypes: ["violations"], elementRef: true });
  return found.violations.flatMap((it) => it.nodes.filter((node) => it.id !== "target-size" || !node.element || !underMenu(node.element)).map((node) => `axe ${it.id}: ${node.element ? path(node.element) : String(node.target)} (${(node.any[0] ?? node.all[0] ?? node.none[0])?.message ?? it.help})`));
}

/** What an open menu lies over is no target until it closes. */
function underMenu(it: Element): boolean {
  const menu = document.querySelector("[data-menu]");
  if (!menu || menu.contains(it)) return false;
  const [a, b] = [box(menu), box(it)];
  return a.left < b.right + 24 && b.left < a.right + 24 && a.top < b.bottom + 24 && b.top < a.bottom + 24;
}

/** Nothing is wider than its place. */
function sideways(): string[] {
  const found: string[] = [];
  if (document.documentElement.scrollWidth > innerWidth) found.push(`scrolls sideways: the page, ${document.documentElement.scrollWidth} px in ${innerWidth}`);
  for (const it of document.querySelectorAll("body *")) {
    if (it instanceof SVGElement || it.scrollWidth <= it.clientWidth + 1 || !drawn(it)) continue;
    const flow = getComputedStyle(it).overflowX;
    if (flow === "auto" || flow === "scroll") found.push(`scrolls sideways: ${path(it)}, ${it.scrollWidth} px in ${it.clientWidth}`);
  }
  return found;
}

/** Where a scroller cuts, one can scroll; where something hidden cuts, text is lost. */
function cut(): string[] {
  const found = new Set<string>();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const own = node.parentElement;
    if (!own || !node.nodeValue?.trim() || !drawn(own) || own.closest("script, style, select, [data-clipped]")) continue;
    range.selectNodeContents(node);
    for (const text of range.getClientRects()) {
      if (text.width < 1) continue;
      const by = cutter(own, text);
      if (by) found.add(`text is cut: ${path(own)} by ${by}`);
    }
  }
  return [...found];
}
function cutter(own: Element, text: DOMRect): string | null {
  for (let it: Element | null = own; it && it !== document.body; it = it.parentElement) {
    const { overflowX, overflowY, position } = getComputedStyle(it);
    const edge = box(it);
    const hides = (flow: string) => flow === "hidden" || flow === "clip";
    // A scroller brings to sight what it cuts, but only along its own way.
    if (!hides(overflowX) && overflowX !== "visible") return null;
    if (!hides(overflowY) && overflowY !== "visible") return hides(overflowX) && (text.right > edge.right + 1.5 || text.left < edge.left - 1.5) ? name(it) : null;
    if (hides(overflowX) && (text.right > edge.right + 1.5 || text.left < edge.left - 1.5)) return name(it);
    if (hides(overflowY) && (text.bottom > edge.bottom + 6 || text.top < edge.top - 6)) return name(it);
    if (position === "fixed") break;
  }
  return text.right > innerWidth + 1.5 || text.left < -1.5 ? "the window" : null;
}

/** No target of a pointer is narrower or lower than 24 px; a label belongs to its field. */
function small(): string[] {
  return interactive().flatMap((it) => {
    const around = it.closest("label") ?? it;
    const { width, height } = box(around);
    return width < 23.5 || height < 23.5 ? [`small: ${path(it)}, ${Math.round(width)} × ${Math.round(height)} px`] : [];
  });
}

/** Two texts at one place: neither can be read. */
function overlapping(): string[] {
  const found = new Set<string>();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const own = node.parentElement;
    if (!own || !node.nodeValue?.trim() || !usable(own) || own.closest("script, style, select")) continue;
    range.selectNodeContents(node);
    const text = [...range.getClientRects()].find((it) => it.width > 1);
    if (!text) continue;
    const [x, y] = [text.left + Math.min(text.width, 24) / 2, text.top + text.height / 2];
    const top = document.elementFromPoint(x, y);
    if (!top || top === own || own.contains(top) || top.contains(own)) continue;
    // Something that floats above may cover; something in the same flow may not.
    const floats = (it: Element | null): boolean => it !== null && (["fixed", "absolute", "sticky"].includes(getComputedStyle(it).position) || it.matches(":modal") || floats(it.parentElement));
    if (!floats(top) && !beyond(own, x, y)) found.add(`overlaps: ${path(own)} is under ${name(top)}`);
  }
  return [...found];
}
/** Scrolled out of sight. */
function beyond(own: Element, x: number, y: number): boolean {
  for (let it = own.parentElement; it; it = it.parentElement) {
    if (getComputedStyle(it).overflowY === "visible") continue;
    const edge = box(it);
    // A point on the edge itself belongs to either side.
    if (y < edge.top + 1 || y > edge.bottom - 1 || x < edge.left || x > edge.right) return true;
  }
  return false;
}

/** What of the texts on screen is not in the picture of it, a PNG in base64: an engine can leave out what is there. */
export async function painted(png: string): Promise<string[]> {
  const picture = new Image();
  picture.src = `data:image/png;base64,${png}`;
  await picture.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [picture.width, picture.height];
  const pixels = canvas.getContext("2d", { willReadFrequently: true })!;
  pixels.drawImage(picture, 0, 0);
  const scale = picture.width / innerWidth;
  const found: string[] = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { parentElement: of, textContent: text } = texts.currentNode;
    if (!of || !text?.trim() || !drawn(of)) continue;
    const range = document.createRange();
    range.selectNodeContents(texts.currentNode);
    const boxes = [...range.getClientRects()];
    // Of a text in several boxes a narrow one can be a space.
    for (const { left, top, width, height } of boxes.filter((it) => boxes.length === 1 || it.width >= 24)) {
      const [x, y] = [left + width / 2, top + height / 2];
      const inside = left >= 0 && top >= 0 && left + width <= innerWidth && top + height <= innerHeight && width >= 4 && height >= 4;
      const over = inside ? document.elementFromPoint(x, y) : null;
      // Its whole height has to be on screen, and nothing over it.
      if (!over || !of.contains(over) || [top + 1, top + height - 1].some((y) => !of.contains(document.elementFromPoint(x, y)))) continue;
      const { data } = pixels.getImageData(Math.ceil(left * scale), Math.ceil(top * scale), Math.floor(width * scale), Math.floor(height * scale));
      const colours = new Uint32Array(data.buffer);
      if (colours.every((it) => it === colours[0])) {
        found.push(`not painted: ${path(of)}`);
        break;
      }
    }
  }
  return found;
}

export const measured = () => [...sideways(), ...cut(), ...small(), ...overlapping()];

const reached = new Set<Element>();

/** Begins the walk where the page begins, or its dialog. */
export function begin(): void {
  reached.clear();
  const modals = document.querySelectorAll(":modal");
  // The next Tab goes on from where something focused has been removed.
  const from = document.createElement("span");
  from.tabIndex = -1;
  (modals[modals.length - 1] ?? document.body).prepend(from);
  from.focus({ preventScroll: true });
  from.remove();
}
/** Where the focus is now: what is wrong there; nothing when the walk is over. */
export async function stop(): Promise<string[] | null> {
  const at = document.activeElement;
  if (!at || at === document.body || reached.has(at)) return null;
  reached.add(at);
  const found = focused(at);
  if (found.length === 0) return found;
  // A list that was not drawn yet corrects itself.
  await new Promise((done) => setTimeout(done, 800));
  return focused(at);
}
function focused(at: Element): string[] {
  const found: string[] = [];
  // A field drawn by other means may show its focus on what stands for it.
  const label = at.closest("label");
  const stands = label ? [...label.querySelectorAll("*")] : [];
  const around = [at, label, at.parentElement, at.parentElement?.parentElement ?? null, ...stands];
  // A field may show it as a line beneath, as wide as the ring.
  const line = at instanceof HTMLInputElement && at.parentElement !== null && /-2px.*inset|inset.*-2px/.test(getComputedStyle(at.parentElement).boxShadow);
  const ring = line || around.some((it) => it && getComputedStyle(it).outlineStyle !== "none" && parseFloat(getComputedStyle(it).outlineWidth) >= 2);
  if (!ring) found.push(`no focus ring: ${path(at)}`);
  const { left, right, top, bottom } = box(at);
  const points = [[(left + right) / 2, (top + bottom) / 2], [left + 3, top + 3], [right - 3, top + 3], [left + 3, bottom - 3], [right - 3, bottom - 3]] as const;
  // Rounded corners belong to what is behind; what lies over them does not.
  const covered = points.filter(([x, y]) => {
    const over = document.elementFromPoint(x, y);
    return !over || !(at.contains(over) || over.contains(at) || label?.contains(over));
  });
  // Larger than what it is scrolled in: its middle need not be in sight. So with a frame, which is a window of its own.
  const scrolls = (it: Element | null): Element | null => (it && !/auto|scroll/.test(getComputedStyle(it).overflowY) ? scrolls(it.parentElement) : it);
  const room = Math.min(innerHeight, scrolls(at.parentElement)?.clientHeight ?? innerHeight);
  if (covered.length > 0 && !(at instanceof HTMLIFrameElement) && bottom - top < room && right - left < innerWidth) {
    const [x, y] = covered[0] ?? [0, 0];
    const over = document.elementFromPoint(x, y);
    found.push(`focus is covered: ${path(at)} by ${over ? name(over) : "the edge of the window"}`);
  }
  return found;
}
/** What Tab never came to, and no arrow key would. */
export function missed(): string[] {
  // A field whose arrow keys walk a list elsewhere names it.
  const led = [...reached].flatMap((it) => (it.getAttribute("aria-controls") ?? "").split(" ").map((id) => document.getElementById(id)));
  const groups = new Set([...[...reached].map((it) => it.closest(ROVING)), ...led].filter((it) => it !== null));
  const radios = new Set([...reached].filter((it) => it instanceof HTMLInputElement && it.type === "radio").map((it) => (it as HTMLInputElement).name));
  return interactive()
    .filter((it) => !reached.has(it) && ![...groups].some((group) => group.contains(it)) && !(it instanceof HTMLInputElement && it.type === "radio" && radios.has(it.name)))
    .map((it) => `not reached by Tab: ${path(it)}`);
}
