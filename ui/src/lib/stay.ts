// A list whose rows turn out higher than thought once they are drawn.

/** How long what was just focused is held in sight, in milliseconds. */
const WHILE = 500;

/** Keeps in sight what was just focused, while the rows above it are being drawn. */
export function stay(e: FocusEvent): void {
  const at = e.currentTarget as HTMLElement;
  const end = performance.now() + WHILE;
  const hold = () => {
    if (document.activeElement !== at || performance.now() > end) return;
    at.scrollIntoView?.({ block: "nearest" });
    requestAnimationFrame(hold);
  };
  hold();
}
