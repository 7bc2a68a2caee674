// Many reasons to look again, few looks.

/** As often as people can tell apart. */
const PAUSE = 250;

/** Runs `what` at once, then at most four times a second, and never twice at the same time; the last call is never lost. */
export function coalesce(what: () => Promise<void>, pause = PAUSE): () => Promise<void> {
  let running: Promise<void> | null = null;
  let waiting: Promise<void> | null = null;
  let last = -Infinity;
  const run = () => {
    last = performance.now();
    running = what().finally(() => (running = null));
    return running;
  };
  return () => {
    if (waiting) return waiting;
    const rest = last + pause - performance.now();
    if (!running && rest <= 0) return run();
    // What went wrong was told to who asked for it; the next look is another.
    const before = running?.catch(() => {}) ?? Promise.resolve();
    waiting = before
      .then(() => new Promise<void>((done) => setTimeout(done, Math.max(0, last + pause - performance.now()))))
      .then(() => {
        waiting = null;
        return run();
      });
    return waiting;
  };
}
