// Marks above the rows and in the heads of documents: which of them are drawn. What is cut off, scrolled away or covered
// is not.

import { UNIT } from "./layout";
import { pieces } from "./letters";

type Box = { top: number; bottom: number; left: number; right: number };

/** All of them, in order. What stands beside the sheet, such as an earlier version, is none of it. */
const marks = (scroller: HTMLElement) => [...scroller.querySelectorAll<HTMLElement>("[data-head] mark[data-findings]")];
const numbers = (mark: HTMLElement) => (mark.dataset.findings ?? "").split(" ").map(Number);

/** Findings that a text has a part of. */
export const findingsIn = (text: unknown): ReadonlySet<number> => new Set(pieces(text).flatMap((it) => it.findings ?? []));

/** The first mark of a finding, drawn or not. */
export const markOf = (scroller: HTMLElement, finding: number): HTMLElement | undefined =>
  marks(scroller).find((it) => numbers(it).includes(finding));

/** A run of a thousand characters is a thousand marks: those with which it begins are measured. */
const ENOUGH = 20;

/** Of the findings that are `wanted` those with a mark whole in the window: below the headline, unless it is a part of
    that, and above `covered` pixels. */
export function displayed(scroller: HTMLElement, headline: HTMLElement | undefined, covered: number, wanted: ReadonlySet<number>): number[] {
  const all = wanted.size === 0 ? [] : marks(scroller);
  if (all.length === 0) return [];
  const { top, left } = scroller.getBoundingClientRect();
  const window = { top, left, right: left + scroller.clientWidth, bottom: top + scroller.clientHeight - covered };
  const below = { ...window, top: Math.max(top, headline?.getBoundingClientRect().bottom ?? top) };
  const out = new Set<number>();
  const missed = new Map<number, number>();
  for (const mark of all) {
    const own = numbers(mark).filter((it) => wanted.has(it) && !out.has(it) && (missed.get(it) ?? 0) < ENOUGH);
    if (own.length === 0) continue;
    if (whole(mark, headline?.contains(mark) ? window : below, scroller)) for (const it of own) out.add(it);
    else for (const it of own) missed.set(it, (missed.get(it) ?? 0) + 1);
  }
  return [...out];
}

function whole(mark: HTMLElement, room: Box, scroller: HTMLElement): boolean {
  const box = mark.getBoundingClientRect();
  if (box.width === 0 || box.height === 0) return false;
  // What is higher or wider than the window counts by where it begins.
  const bottom = box.height > room.bottom - room.top ? box.top + UNIT : box.bottom;
  const right = box.width > room.right - room.left ? box.left + UNIT : box.right;
  const it = { top: box.top, left: box.left, bottom, right };
  if (!within(it, room) || !beside(it, room)) return false;
  for (let around = mark.parentElement; around && around !== scroller; around = around.parentElement) {
    const { overflowX, overflowY } = getComputedStyle(around);
    if (cuts(overflowY) && !within(it, around.getBoundingClientRect())) return false;
    if (cuts(overflowX) && !beside(it, around.getBoundingClientRect())) return false;
  }
  return true;
}

const cuts = (overflow: string) => overflow !== "" && overflow !== "visible";
/** Sizes are no whole pixels everywhere. */
const within = (it: Pick<Box, "top" | "bottom">, room: Pick<Box, "top" | "bottom">) => it.top >= room.top - 1 && it.bottom <= room.bottom + 1;
const beside = (it: Pick<Box, "left" | "right">, room: Pick<Box, "left" | "right">) => it.left >= room.left - 1 && it.right <= room.right + 1;
