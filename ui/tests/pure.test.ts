import { describe, expect, test } from "vitest";
import { BAR, foldKey, Layout, TALL, UNIT } from "../src/review/layout";
import { ranges, rowTally } from "../src/review/tally";
import { clock, count, left } from "../src/lib/time";

describe("layout", () => {
  const docs = [
    { rows: 30, folds: [{ from: 0, to: 12 }, { from: 20, to: 25 }], view: "diff" as const },
    { rows: 3, folds: [], view: "removal" as const },
  ];
  const closed = new Layout(docs, () => BAR, new Set());

  test("a closed fold has the height of a target, whatever it holds; so has a thing to be removed", () => {
    const second = BAR + TALL + 8 * UNIT + TALL + 5 * UNIT;
    expect(closed.height).toBe(second + BAR + 3 * TALL);
    expect(closed.bounds(1)).toEqual([second, closed.height]);
    expect(closed.at(0)).toEqual({ kind: "head", document: 0, top: 0, height: BAR });
    expect(closed.at(BAR)).toEqual({ kind: "fold", document: 0, from: 0, to: 12, top: BAR, height: TALL });
    expect(closed.at(BAR + TALL + 1)).toEqual({ kind: "row", document: 0, row: 12, top: BAR + TALL, height: UNIT });
    expect(closed.at(closed.height - 1)).toMatchObject({ kind: "row", document: 1, row: 2, height: TALL });
    expect(closed.at(closed.height)).toBeUndefined();
    expect(TALL).toBeGreaterThanOrEqual(24);
  });
  test("what reaches into a range, each once and in order", () => {
    const all = closed.lines(0, closed.height);
    expect(all).toHaveLength(1 + 1 + 8 + 1 + 5 + 1 + 3);
    let top = 0;
    for (const line of all) {
      expect(line.top).toBe(top);
      top += line.height;
    }
    expect(closed.lines(BAR + 5, BAR + TALL + UNIT + 5).map((it) => it.kind)).toEqual(["fold", "row", "row"]);
    expect(closed.lines(closed.height, closed.height + 100)).toEqual([]);
  });
  test("every row has its place, and back", () => {
    const open = new Layout(docs, (d) => (d === 0 ? 61 : BAR), new Set([foldKey(0, 0), foldKey(0, 20)]));
    for (const [document, doc] of docs.entries()) {
      for (let row = 0; row < doc.rows; row += 1) {
        expect(open.at(open.top({ document, row }))).toMatchObject({ kind: "row", document, row });
      }
    }
    expect(closed.at(closed.top({ document: 0, row: 22 }))).toMatchObject({ kind: "fold", from: 20 });
  });
  test("a fold that makes no sense hides no row", () => {
    const odd = new Layout([{ rows: 5, folds: [{ from: 3, to: 2 }, { from: 4, to: 9 }, { from: -1, to: 3 }], view: "diff" }], () => BAR, new Set());
    expect(odd.height).toBe(BAR + 5 * UNIT);
  });
});

describe("sides beside each other", () => {
  const docs = [{ rows: 20, folds: [{ from: 12, to: 18 }], view: "diff" as const }, { rows: 2, folds: [], view: "text" as const }];
  // Three went and one came; two came; one went at the end.
  const pairs = [{ from: 2, middle: 5, to: 6 }, { from: 8, middle: 8, to: 10 }, { from: 19, middle: 20, to: 20 }];
  const split = new Layout(docs, () => BAR, new Set(), () => 0, new Map([[0, pairs]]));
  const rows = (layout: Layout) => layout.lines(0, layout.height).flatMap((it) => (it.kind === "row" && it.document === 0 ? [`${it.row}${it.half ?? ""} ${it.top}`] : []));
  const at = (n: number) => BAR + n * UNIT;

  test("what went stands left of what came, what stays on both sides", () => {
    expect(rows(split).slice(0, 12)).toEqual([
      `0left ${at(0)}`, `0right ${at(0)}`, `1left ${at(1)}`, `1right ${at(1)}`,
      `2left ${at(2)}`, `5right ${at(2)}`, `3left ${at(3)}`, `4left ${at(4)}`,
      `6left ${at(5)}`, `6right ${at(5)}`, `7left ${at(6)}`, `7right ${at(6)}`,
    ]);
    expect(split.lines(0, split.height).filter((it) => it.document === 1 && it.kind === "row")).toHaveLength(2);
  });
  test("every row is drawn, has its place, and is counted below until it was", () => {
    const drawn = new Set(rows(split).map((it) => Number.parseInt(it, 10)));
    expect(drawn.size).toBe(20 - 6);
    for (const row of drawn) expect(split.lines(split.top({ document: 0, row }), split.top({ document: 0, row }) + 1).some((it) => it.kind === "row" && it.row === row)).toBe(true);
    expect(split.below(at(0))).toBe(19);
    expect(split.below(at(2))).toBe(20 - 2 - 2);
    expect(split.below(at(4))).toBe(14);
    expect(split.below(0)).toBe(20);
  });
  test("pairs that make no sense hide no row", () => {
    const odd = [{ from: 9, middle: 10, to: 14 }, { from: 3, middle: 2, to: 4 }, { from: 4, middle: 9, to: 6 }, { from: 18, middle: 19, to: 99 }];
    const layout = new Layout(docs, () => BAR, new Set(), () => 0, new Map([[0, odd]]));
    expect(new Set(rows(layout).map((it) => Number.parseInt(it, 10))).size).toBe(14);
  });
});

describe("tally", () => {
  const at = (...rows: number[]) => rows.map((row) => ({ document: 0, row }));

  test("a row counts after 300 ms in view, once", () => {
    const tally = rowTally();
    expect(tally.look(at(1, 2, 3), 0).due).toEqual([]);
    expect(tally.look(at(1, 2, 3), 299).due).toEqual([]);
    expect(tally.look(at(1, 2, 3), 300).due).toEqual(at(1, 2, 3));
    expect(tally.look(at(1, 2, 3), 900)).toEqual({ due: [], again: null });
  });
  test("leaving the view starts again from nothing", () => {
    const tally = rowTally();
    tally.look(at(7), 0);
    tally.look(at(), 200);
    tally.look(at(7), 250);
    expect(tally.look(at(7), 400).due).toEqual([]);
    expect(tally.look(at(7), 550).due).toEqual(at(7));
  });
  test("asking again and again does not start the wait anew", () => {
    const tally = rowTally();
    const due = [];
    for (let at = 0; at <= 600; at += 50) {
      tally.forget();
      due.push(...tally.look([{ document: 0, row: 4 }], at).due);
    }
    expect(due.length).toBeGreaterThan(0);
  });
  test("ranges join neighbours only within a document", () => {
    expect(ranges([{ document: 1, row: 0 }, { document: 0, row: 5 }, { document: 0, row: 4 }, { document: 0, row: 9 }])).toEqual([
      { document: 0, from: 4, to: 6 },
      { document: 0, from: 9, to: 10 },
      { document: 1, from: 0, to: 1 },
    ]);
  });
});

test("times for people", () => {
  expect(left(724, 0)).toBe("12:04");
  expect(left(41 * 60, 0)).toBe("41 min");
  expect(left(80 * 60, 0)).toBe("1 h 20");
  expect(left(3 * 3600, 0)).toBe("3 h");
  expect(left(3 * 86400, 0)).toBe("3 d");
  expect(left(0, 10)).toBe("0:00");
  expect(count(1, "row")).toBe("1 row");
  expect(count(4312, "row")).toBe("4,312 rows");
  const noon = new Date(2026, 2, 4, 12, 5).getTime() / 1000;
  expect(clock(noon, noon)).toBe("12:05");
  expect(clock(noon, noon + 86400)).toBe("4 Mar 2026, 12:05");
});
