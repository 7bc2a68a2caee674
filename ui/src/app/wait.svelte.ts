// A countdown from a number of seconds that Rust gave.

/** Counts down from the value of `from`, anew whenever it changes. */
export function deadline(from: () => number | null): { readonly seconds: number } {
  let until = $state(0);
  let now = $state(Date.now());
  $effect(() => {
    const wait = from();
    until = wait === null ? 0 : Date.now() + wait * 1000;
    now = Date.now();
    if (wait === null || wait === 0) return;
    const tick = setInterval(() => {
      now = Date.now();
      if (now >= until) clearInterval(tick);
    }, 250);
    return () => clearInterval(tick);
  });
  return {
    get seconds() {
      return Math.max(0, Math.ceil((until - now) / 1000));
    },
  };
}
