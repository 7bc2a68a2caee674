// A sheet for each kind of finding. Rust made them, and a test of its keeps them as they are.

import type { Row } from "../src/lib/wire/Row";
import type { SheetHead } from "../src/lib/wire/SheetHead";
import type { Item } from "./fake";
import made from "./kinds.json";
import { item } from "./samples";

const all = made as unknown as readonly { name: string; sheet: SheetHead; rows: Row[][] }[];

export const KINDS: readonly string[] = all.map((it) => it.name);

export function kind(name: string): Item {
  const of = all.find((it) => it.name === name);
  if (!of) throw new Error(`no sheet of kind ${name}`);
  const { sheet, rows } = structuredClone(of);
  const act = sheet.headline[0]?.[0]?.segments[0]?.text.includes("post") ? "post" : sheet.headline[0]?.[0]?.segments[0]?.text.includes("run") ? "run" : "change";
  const base = item(act, "forum-helper", "Look at |what was found|", []);
  return { ...base, opened: { ...base.opened, sheet: { ...base.opened.sheet, ...sheet } }, rows };
}
