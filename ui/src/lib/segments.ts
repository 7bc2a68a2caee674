import type { Segment } from "./wire/Segment";

/** The text of segments, where only text can stand. */
export const plain = (segments: Segment[]): string => segments.map((it) => it.text).join("");

/** At the beginning of a sentence our own words get a capital; what somebody else wrote stays as it is. */
export const begins = (segments: Segment[]): Segment[] =>
  segments.map((it, i) => (i === 0 && it.kind === "words" ? { ...it, text: it.text.charAt(0).toUpperCase() + it.text.slice(1) } : it));
