// What comes in pages, and is kept while it is near.

export type Paged<T> = Map<string, T | "asked">;

/** Asks for a page that is not here and was not asked for, and keeps the latest `keep`. */
export function fetchPage<T>(
  pages: Paged<T>,
  key: string,
  keep: number,
  ask: () => Promise<T>,
  came: () => void,
  fail: (e: unknown) => void,
): void {
  if (pages.has(key)) return;
  pages.set(key, "asked");
  ask().then(
    (page) => {
      pages.set(key, page);
      for (const old of pages.keys()) {
        if (pages.size <= keep) break;
        if (old !== key) pages.delete(old);
      }
      came();
    },
    (e: unknown) => {
      // Stays unread and uncounted; the next scroll asks again.
      pages.delete(key);
      fail(e);
    },
  );
}
