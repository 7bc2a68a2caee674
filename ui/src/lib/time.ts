// Times for people. Everything here takes Unix seconds.

const two = (n: number) => String(n).padStart(2, "0");

/** `14:02`, or with the day when it is another one. */
export function clock(at: number, now: number): string {
  const d = new Date(at * 1000);
  const time = `${two(d.getHours())}:${two(d.getMinutes())}`;
  if (d.toDateString() === new Date(now * 1000).toDateString()) return time;
  const day = d.toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" });
  return `${day}, ${time}`;
}

/** `14:02:09`, for a receipt. */
export function seconds(at: number, now: number): string {
  return `${clock(at, now)}:${two(new Date(at * 1000).getSeconds())}`;
}

/** The day alone when it is not today, for narrow places. */
export function brief(at: number, now: number): string {
  const d = new Date(at * 1000);
  if (d.toDateString() === new Date(now * 1000).toDateString()) return clock(at, now);
  return d.toLocaleDateString("en-GB", { day: "numeric", month: "short" });
}

/** `0:43`, `12:04`, `41 min`, `1 h 20`, `3 d`. */
export function left(until: number, now: number): string {
  const s = Math.max(0, Math.floor(until - now));
  if (s < 15 * 60) return `${Math.floor(s / 60)}:${two(s % 60)}`;
  if (s < 3600) return `${Math.floor(s / 60)} min`;
  if (s < 86400) {
    const minutes = Math.floor((s % 3600) / 60);
    return minutes ? `${Math.floor(s / 3600)} h ${two(minutes)}` : `${s / 3600 | 0} h`;
  }
  return `${Math.floor(s / 86400)} d`;
}

/** Under fifteen minutes is worth a look. */
export const soon = (until: number, now: number) => until - now < 15 * 60;

/** `1 row`, `12 rows`, `4,312 rows`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString("en-US")} ${n === 1 ? one : many}`;
}

/** `9f2c 41aa`, the beginning of a digest. */
export const short = (digest: string) => `${digest.slice(0, 4)} ${digest.slice(4, 8)}`;

/** `412 bytes`, `1.8 kB`, `48.2 MB`. */
export function bytes(n: number): string {
  if (n < 1000) return count(n, "byte");
  const power = Math.min(4, Math.floor(Math.log10(n) / 3));
  return `${(n / 1000 ** power).toFixed(1)} ${["", "kB", "MB", "GB", "TB"][power]}`;
}

/** `40 s`, `12 min`, `2 h 10 min`, `3 days`: a length of time, in whole seconds. */
export function span(seconds: number): string {
  const s = Math.abs(seconds);
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.round(s / 60)} min`;
  if (s < 172_800) return Math.round((s % 3600) / 60) > 0 ? `${Math.floor(s / 3600)} h ${Math.round((s % 3600) / 60)} min` : `${Math.floor(s / 3600)} h`;
  return count(Math.round(s / 86_400), "day");
}

/** `14:02`, whatever the day. */
export function time(at: number): string {
  const d = new Date(at * 1000);
  return `${two(d.getHours())}:${two(d.getMinutes())}`;
}

/** `Today`, `Yesterday`, `Saturday, 14 November`, and the year when it is another one. */
export function day(at: number, now: number): string {
  const d = new Date(at * 1000);
  const today = new Date(now * 1000);
  const before = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  if (d.toDateString() === today.toDateString()) return "Today";
  if (d.toDateString() === before.toDateString()) return "Yesterday";
  const year = d.getFullYear() === today.getFullYear() ? {} : ({ year: "numeric" } as const);
  return d.toLocaleDateString("en-GB", { weekday: "long", day: "numeric", month: "long", ...year });
}
