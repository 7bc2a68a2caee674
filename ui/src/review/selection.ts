// Selected rows as text: what is displayed, row by row, without line numbers and
// signs. A chip is its label in brackets; texts of one row are parted by a tab.

const LEFT_OUT = ".no, .glyph, .on, .said, .icon";

/** `null` where no row is selected. */
export function shownText(selection: Selection | null, list: HTMLElement): string | null {
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  const rows = [...list.querySelectorAll("[data-testid=row]")].filter((it) => range.intersectsNode(it) && !it.closest("[aria-hidden]"));
  return rows.length === 0 ? null : rows.map((it) => text(it, range)).join("\n");
}

function text(row: Element, range: Range): string {
  const texts = document.createTreeWalker(row, NodeFilter.SHOW_TEXT);
  const parts = new Map<Element, string>();
  const chips = new Set<Element>();
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const parent = node.parentElement;
    if (!parent || parent.closest(LEFT_OUT) || !range.intersectsNode(node)) continue;
    const whole = node.textContent ?? "";
    const from = node === range.startContainer ? range.startOffset : 0;
    const to = node === range.endContainer ? range.endOffset : whole.length;
    if (from >= to) continue;
    const part = [...row.children].find((it) => it.contains(node));
    if (!part) continue;
    const chip = parent.closest(".chip");
    // Half a chip means nothing.
    const shown = chip ? (chips.has(chip) ? "" : `[${chip.textContent ?? ""}]`) : whole.slice(from, to);
    if (chip) chips.add(chip);
    parts.set(part, (parts.get(part) ?? "") + shown);
  }
  return [...parts.values()].join("\t");
}
