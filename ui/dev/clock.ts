// The gallery's clock. It begins at the same moment for every scene, so that
// two pictures of one scene differ only where the page does; and it can run
// faster, so that nobody waits out delays that are meant for people.
// Imported before all else.

const START = Date.parse("2026-11-21T14:02:00");
const real = { Date, setTimeout: window.setTimeout.bind(window), setInterval: window.setInterval.bind(window), now: performance.now.bind(performance) };

let speed = 1;
/** What the clock said, and what the machine's said, when the speed last changed. */
let at = { shown: 0, real: real.now() };
let begun = 0;

const shown = () => at.shown + (real.now() - at.real) * speed;

/** From now on an hour takes 1/`faster` of an hour. */
export function run(faster: number): void {
  at = { shown: shown(), real: real.now() };
  speed = faster;
}
/** Back to the beginning. */
export function reset(): void {
  begun = shown();
}
/** Milliseconds of the machine's own clock. */
export const wait = (ms: number) => new Promise<void>((done) => real.setTimeout(done, ms));

const now = () => Math.round(START + shown() - begun);
// `new Date(…)` with arguments is left as it is.
window.Date = new Proxy(real.Date, {
  construct: (target, given: unknown[], self) => Reflect.construct(target, given.length === 0 ? [now()] : given, self) as object,
  get: (target, name, self) => (name === "now" ? now : Reflect.get(target, name, self)),
});
performance.now = shown;
window.setTimeout = ((what: TimerHandler, ms = 0, ...rest: unknown[]) => real.setTimeout(what, ms / speed, ...rest)) as typeof window.setTimeout;
window.setInterval = ((what: TimerHandler, ms = 0, ...rest: unknown[]) => real.setInterval(what, ms / speed, ...rest)) as typeof window.setInterval;
