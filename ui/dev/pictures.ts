// Pictures for the stand-in, drawn here: a disc in a square, whose colour would change.

import type { Crossed } from "../src/lib/ipc";
import type { AboutPicture } from "../src/lib/wire/AboutPicture";
import type { Pictured } from "../src/lib/wire/Pictured";

const SIDE = 64;

function pixels(pixel: (x: number, y: number) => number[]) {
  const all = new Uint8ClampedArray(SIDE * SIDE * 4);
  for (let y = 0; y < SIDE; y += 1) for (let x = 0; x < SIDE; x += 1) all.set(pixel(x, y), (y * SIDE + x) * 4);
  return all;
}
const inDisc = (x: number, y: number) => (x - 31.5) ** 2 + (y - 31.5) ** 2 < 26 ** 2;
const inDot = (x: number, y: number) => (x - 44) ** 2 + (y - 22) ** 2 < 64;
const logo = (dot: number[]) => pixels((x, y) => (inDot(x, y) ? dot : inDisc(x, y) ? [43, 68, 180, 255] : [0, 0, 0, 0]));
const about = (size: number, remarks: string[]): AboutPicture => ({ format: "PNG", size, says: `${SIDE} by ${SIDE} pixels, 8 bits each of red, green, blue and transparency`, remarks });
const whole = { width: SIDE, height: SIDE, across: SIDE, down: SIDE };

export function drawn(which: Pictured): Crossed {
  if (which === "difference") {
    const pale = (x: number, y: number) => (inDisc(x, y) ? [196, 196, 196, 255] : [255, 255, 255, 255]);
    const edge = (x: number, y: number) => x >= 35 && x <= 53 && y >= 13 && y <= 31 && (x === 35 || x === 53 || y === 13 || y === 31);
    const marked = pixels((x, y) => (inDot(x, y) ? [196, 0, 96, 255] : edge(x, y) ? [43, 68, 180, 255] : pale(x, y)));
    return { picture: { about: null, seen: { kind: "differ", ...whole, changed: 193, unseen: 0, area: [37, 15, 15, 15] } }, pixels: marked };
  }
  const after = which === "after";
  const remarks = after ? ["carries texts (24 bytes)", "1,204 bytes after the end of the picture"] : [];
  return { picture: { about: about(after ? 17_612 : 16_384, remarks), seen: { kind: "drawn", ...whole } }, pixels: logo(after ? [176, 36, 28, 255] : [255, 255, 255, 255]) };
}

/** One side that takes too much, one that is there. */
export function refused(which: Pictured): Crossed {
  if (which !== "after") return drawn(which);
  const says = "50,000 by 50,000 pixels, 8 bits each of red, green and blue";
  return { picture: { about: { ...about(9_812, []), says }, seen: { kind: "not", why: "Not drawn: it has too many pixels. Its exact rows are below." } }, pixels: new Uint8ClampedArray(0) };
}
