// What is known of a picture, in words. None of them comes out of its file.

import { count } from "../lib/time";
import type { AboutPicture } from "../lib/wire/AboutPicture";
import type { Picture } from "../lib/wire/Picture";

const number = (n: number) => n.toLocaleString("en-US");
const pixels = (width: number, height: number) => `${number(width)} × ${number(height)} pixels`;

/** Where and how much, or why not. */
export function said({ about, seen }: Picture): string {
  switch (seen.kind) {
    case "absent":
      return "Not there";
    case "drawn": {
      const smaller = seen.across < seen.width || seen.down < seen.height;
      const of = about ? `${about.format}, ${about.says}, ${count(about.size, "byte")}` : pixels(seen.width, seen.height);
      // What the file says is one thing, what came out of it another.
      const other = about && !about.says.startsWith(`${number(seen.width)} by ${number(seen.height)} pixels`) ? `, drawn as ${pixels(seen.width, seen.height)}` : "";
      return `${of}${other}${smaller ? `, drawn smaller: ${pixels(seen.across, seen.down)}` : ""}`;
    }
    case "same":
      return "Every pixel of the first picture is the same. Only what else is in the file differs, or how it is packed.";
    case "sizes":
      return `The sizes differ: ${pixels(...seen.before)} before, ${pixels(...seen.after)} after. Their pixels were not compared.`;
    case "differ": {
      const [left, top, width, height] = seen.area;
      const all = seen.width * seen.height;
      const share = (seen.changed / all) * 100;
      const part = share < 0.1 ? "less than 0.1 %" : `${share.toFixed(1)} %`;
      const unseen = seen.unseen > 0 ? ` ${number(seen.unseen)} of them are wholly transparent on both sides.` : "";
      return `${count(seen.changed, "pixel")} of ${number(all)} ${seen.changed === 1 ? "differs" : "differ"} (${part}), within ${pixels(width, height)} from ${number(left)}, ${number(top)}.${unseen}`;
    }
    case "not":
      return about ? `${about.format}, ${about.says}, ${count(about.size, "byte")}` : "";
  }
}

/** What a person who cannot see it would miss. */
export const measure = (about: AboutPicture) => (about.remarks.length > 0 ? about.remarks.join(", ") : "nothing but pixels in the file");
