// Cuts rows for a narrow window, roughly as Rust does.

import type { Row } from "../src/lib/wire/Row";
import type { Segment } from "../src/lib/wire/Segment";

function wrap(segments: Segment[], width: number): Segment[][] {
  const lines: Segment[][] = [[]];
  let used = 0;
  for (const segment of segments) {
    const chip = segment.kind.startsWith("chip");
    let left = segment.text;
    while (left !== "") {
      const room = width - used;
      const whole = chip || segment.kind.startsWith("joined");
      const columns = whole ? left.length + 2 : left.length;
      if (columns > room && used > 0 && (whole || room < 8)) {
        lines.push([]);
        used = 0;
        continue;
      }
      const space = left.lastIndexOf(" ", room);
      const fits = whole || left.length <= room ? left.length : space > room / 2 ? space : room;
      lines.at(-1)?.push({ ...segment, text: left.slice(0, fits) });
      left = left.slice(fits);
      used += whole ? columns : fits;
      if (left !== "") {
        lines.push([]);
        used = 0;
      }
    }
  }
  return lines;
}

/** A row as the lines that it needs. */
export function narrow(row: Row, columns: number): Row[] {
  const part = (of: number) => Math.max(4, Math.min(of, Math.floor((columns * of) / 88)));
  const cut = (texts: Segment[][], widths: number[]) => {
    const all = texts.map((text, i) => wrap(text, widths[i] ?? 16));
    return Array.from({ length: Math.max(...all.map((it) => it.length)) }, (_, i) => all.map((it) => it[i] ?? []));
  };
  const make = (texts: Segment[][], widths: number[], put: (texts: Segment[][], below: boolean) => Row) => cut(texts, widths).map((it, i) => put(it, i > 0));
  const [a, b, c] = [[], [], []] as Segment[][];
  switch (row.kind) {
    case "line":
      return make([row.segments], [columns], ([segments = a ?? []], below) => ({ ...row, segments, ...(below ? { before: null, after: null, continued: true, moved: undefined } : {}) }) as Row);
    case "argument":
    case "note":
      return make([row.segments], [columns], ([segments = a ?? []], below) => ({ ...row, segments, continued: row.continued || below }));
    case "field":
      return make([row.label, row.segments], [Math.max(8, Math.min(24, Math.floor((columns + 10) * 0.21))), Math.max(8, Math.floor((columns + 10) * 0.78))], ([label = a ?? [], segments = b ?? []], below) => ({ ...row, label, segments, continued: row.continued || below }));
    case "grant":
      return make([row.name, row.before, row.after], [part(44), part(22), part(22)], ([name = a ?? [], before = b ?? [], after = c ?? []], below) => ({ ...row, name, before, after, tag: below ? null : row.tag, continued: row.continued || below }));
    case "entry":
      return make([row.path, row.before, row.after], [part(32), part(28), part(28)], ([path = a ?? [], before = b ?? [], after = c ?? []], below) => ({ ...row, path, before, after, continued: row.continued || below }));
    case "object": {
      if (row.sha256.length > 0) return make([row.sha256], [Math.floor((columns * 12) / 11)], ([sha256 = a ?? []]) => ({ ...row, sha256 }));
      const one = Math.max(4, Math.floor(Math.min(88, Math.max(16, columns - 19)) / row.columns.length));
      return make(row.columns, row.columns.map(() => one), (texts, below) => ({ ...row, columns: texts, ...(below ? { size: [], continued: true } : {}) }));
    }
    default:
      return [row];
  }
}
