/** Longer than two frames take. Where nothing is drawn, as in a hidden window, there are none. */
const WITHOUT = 100;

/** Resolves once what is there now was on the screen. */
export function painted(): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, WITHOUT);
    // The second frame begins after the first was drawn.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        clearTimeout(timer);
        done();
      }),
    );
  });
}
