import type { Segment } from "./wire/Segment";

/** The text of segments, where only text can stand. */
export const plain = (segments: Segment[]): string => segments.map((it) => it.text).join("");

/** The code points of the words of `text` in which something is drawn as nothing: `U+0645 U+06CC U+200C U+062E`. */
export const codes = (text: string): string =>
  text
    .split(" ")
    .filter((word) => /[\u200c\u200d\ufe0f\u{e0020}-\u{e007f}]/u.test(word) || !text.includes(" "))
    .map((word) => Array.from(word, (it) => `U+${(it.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`).join(" "))
    .join(", ");

/** Lines that somebody said, and what our own words below them say of the rest. */
export function parted(lines: Segment[][]): { said: Segment[][]; rest: Segment[] | undefined } {
  const rest = lines.at(-1);
  return rest?.[0]?.kind === "words" ? { said: lines.slice(0, -1), rest } : { said: lines, rest: undefined };
}

/** At the beginning of a sentence our own words get a capital; what somebody else wrote stays as it is. */
export const begins = (segments: Segment[]): Segment[] =>
  segments.map((it, i) => (i === 0 && it.kind === "words" ? { ...it, text: it.text.charAt(0).toUpperCase() + it.text.slice(1) } : it));
