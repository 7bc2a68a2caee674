// Cuts the segments of a row where hits begin and end. Rust counted the UTF-16
// units and parts no letters that are drawn together.

import type { HitMark } from "./wire/HitMark";
import type { Segment } from "./wire/Segment";

export type Piece = { segments: Segment[]; mark: HitMark | null };

/** `marks` are those of this text, in order and apart. */
export function cut(segments: Segment[], marks: HitMark[]): Piece[] {
  const pieces: Piece[] = [];
  const put = (segment: Segment, mark: HitMark | null) => {
    const last = pieces.at(-1);
    if (last && last.mark === mark) last.segments.push(segment);
    else pieces.push({ segments: [segment], mark });
  };
  let begin = 0;
  for (const segment of segments) {
    const end = begin + segment.text.length;
    let at = begin;
    for (const mark of marks) {
      const from = Math.max(at, mark.from);
      const to = Math.min(end, mark.to);
      if (from >= to) continue;
      if (from > at) put({ ...segment, text: segment.text.slice(at - begin, from - begin) }, null);
      put({ ...segment, text: segment.text.slice(from - begin, to - begin) }, mark);
      at = to;
    }
    if (at < end || segment.text === "") put(at === begin ? segment : { ...segment, text: segment.text.slice(at - begin) }, null);
    begin = end;
  }
  return pieces;
}
