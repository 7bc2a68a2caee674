// The gallery's clock: it goes on from the same moment each time, so that two
// pictures of one scene differ only where the page does. Imported before all else.

const START = Date.parse("2026-11-21T14:02:00");
const REAL = Date;
const begun = REAL.now();
const now = () => START + (REAL.now() - begun);

// `new Date(…)` with arguments is left as it is.
window.Date = new Proxy(REAL, {
  construct: (target, given: unknown[], self) => Reflect.construct(target, given.length === 0 ? [now()] : given, self) as object,
  get: (target, name, self) => (name === "now" ? now : Reflect.get(target, name, self)),
});
