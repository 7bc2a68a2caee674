import { describe, expect, test } from "vitest";
import { foldKey, Layout } from "../src/review/layout";
import { ranges, Tally } from "../src/review/tally";
import { clock, count, left } from "../src/lib/time";

describe("layout", () => {
  const docs = [
    { rows: 30, folds: [{ from: 0, to: 12 }, { from: 20, to: 25 }] },
    { rows: 3, folds: [] },
  ];
  const closed = new Layout(docs, () => 2, new Set());

  test("a closed fold takes one unit", () => {
    expect(closed.units).toBe(2 + 1 + 8 + 1 + 5 + 2 + 3);
    expect(closed.at(0)).toEqual({ kind: "head", document: 0 });
    expect(closed.at(2)).toEqual({ kind: "fold", document: 0, from: 0, to: 12 });
    expect(closed.at(3)).toEqual({ kind: "row", document: 0, row: 12 });
    expect(closed.at(11)).toEqual({ kind: "fold", document: 0, from: 20, to: 25 });
    expect(closed.at(closed.units - 1)).toEqual({ kind: "row", document: 1, row: 2 });
    expect(closed.at(closed.units)).toBeUndefined();
  });
  test("every row has its unit, and back", () => {
    const open = new Layout(docs, (d) => (d === 0 ? 3 : 2), new Set([foldKey(0, 0), foldKey(0, 20)]));
    for (const [document, doc] of docs.entries()) {
      for (let row = 0; row < doc.rows; row += 1) {
        expect(open.at(open.unit({ document, row }))).toEqual({ kind: "row", document, row });
      }
    }
    expect(closed.at(closed.unit({ document: 0, row: 22 }))).toMatchObject({ kind: "fold", from: 20 });
  });
  test("a fold that makes no sense hides no row", () => {
    const odd = new Layout([{ rows: 5, folds: [{ from: 3, to: 2 }, { from: 4, to: 9 }, { from: -1, to: 3 }] }], () => 2, new Set());
    expect(odd.units).toBe(7);
  });
});

describe("tally", () => {
  const at = (...rows: number[]) => rows.map((row) => ({ document: 0, row }));

  test("a row counts after 300 ms in view, once", () => {
    const tally = new Tally();
    expect(tally.look(at(1, 2, 3), 0).due).toEqual([]);
    expect(tally.look(at(1, 2, 3), 299).due).toEqual([]);
    expect(tally.look(at(1, 2, 3), 300).due).toEqual([{ document: 0, from: 1, to: 4 }]);
    expect(tally.look(at(1, 2, 3), 900)).toEqual({ due: [], again: null });
  });
  test("leaving the view starts again from nothing", () => {
    const tally = new Tally();
    tally.look(at(7), 0);
    tally.look(at(), 200);
    tally.look(at(7), 250);
    expect(tally.look(at(7), 400).due).toEqual([]);
    expect(tally.look(at(7), 550).due).toEqual([{ document: 0, from: 7, to: 8 }]);
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
